"""A small guide for the tests of the shell: it echoes, keeps in the real keeper, and can be made to fail."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from dialogues.conversation import Commanded, Conversation, Edited, Frame, Heard, LeaderId, Said, Say, SentOther, Tapped
from dialogues.errors import DialogueError, KeeperUnavailable
from dialogues.ports import Button, Entry, Keeper, Letter, Message

NOW = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)


def clock() -> datetime:
    return NOW


@dataclass(frozen=True)
class FakeReply:
    letters: tuple[Letter, ...] = ()
    toast: str = ""
    kept: bool = True


@dataclass
class FakeGuide:
    """
    *holds* are turns that wait for an event, by what was said; *fails* the errors that the next turns about a text
    raise; *unkept* the texts answered without keeping.
    """

    keeper: Keeper
    heard: list[tuple[LeaderId, Heard]] = field(default_factory=list)
    begun: list[str] = field(default_factory=list)
    holds: dict[str, asyncio.Event] = field(default_factory=dict)
    fails: dict[str, list[Exception]] = field(default_factory=lambda: defaultdict(list))
    unkept: set[str] = field(default_factory=set)
    gone: list[LeaderId] = field(default_factory=list)
    after: dict[str, tuple[Letter, ...]] = field(default_factory=dict)
    due: list[tuple[LeaderId, str]] = field(default_factory=list)

    def read(self, text: str, source: str) -> Heard:
        if text.startswith("/"):
            command, _, argument = text[1:].partition(" ")
            return Commanded(command, argument, source)
        return Said(text, source)

    def tap(self, payload: str, message: str) -> Heard:
        nonce, _, choice = payload.partition(":")
        return Tapped(nonce, choice, message)

    async def hear(
        self, leader: LeaderId, address: str, heard: Heard, now: datetime, update: str = "", language: str = ""
    ) -> FakeReply:
        what = words(heard)
        self.begun.append(what)
        if what in self.holds:
            await self.holds[what].wait()
        if self.fails[what]:
            raise self.fails[what].pop(0)
        if what in self.unkept:
            return FakeReply((letter(0, address, f"niet bewaard: {what}"),), kept=False)
        page = await self.keeper.read(leader)
        if page and update in page.updates:
            return FakeReply()
        self.heard.append((leader, heard))
        before = page.conversation if page else begin(leader, address)
        answers = self.after.get(what) or (letter(0, address, f"gehoord: {what}", "1:ja"),)
        answers = await self._keep(before, answers, update)
        return FakeReply(answers, toast="even geduld" if isinstance(heard, Tapped) else "")

    async def come_due(self, now: datetime) -> int:
        due, self.due = self.due, []
        for leader, text in due:
            page = await self.keeper.read(leader)
            await self._keep(page.conversation, (letter(0, page.conversation.address, text),), "")
        return len(due)

    async def beside_boards(self, leader: LeaderId, now: datetime, update: str = "") -> FakeReply:
        page = await self.keeper.read(leader)
        if page is None or update in page.updates:
            return FakeReply()
        tied = letter(0, page.conversation.address, "verbonden: canary-journey")
        return FakeReply(await self._keep(page.conversation, (tied,), update))

    async def left(self, leader: LeaderId, now: datetime) -> None:
        self.gone.append(leader)
        page = await self.keeper.read(leader)
        if page:
            await self.keeper.write(Entry(replace(page.conversation, paused=True)))

    async def sorry(self, leader: LeaderId, address: str, error: Say = DialogueError.say) -> FakeReply:
        return FakeReply((letter(0, address, error.key),), kept=False)

    async def _keep(self, before: Conversation, answers: tuple[Letter, ...], update: str) -> tuple[Letter, ...]:
        first = before.counted.get("letters", 0) + 1
        numbered = tuple(replace(one, number=first + index) for index, one in enumerate(answers))
        counted = {"letters": first + len(answers) - 1}
        await self.keeper.write(Entry(replace(before, counted=counted), letters=numbered, update=update, at=NOW))
        return numbered


def begin(leader: LeaderId, address: str) -> Conversation:
    return Conversation(leader, address, "nl", Frame("meeting", "language", "1"))


def words(heard: Heard) -> str:
    match heard:
        case Said(text=text) | Edited(text=text):
            return text
        case Tapped(nonce=nonce, choice=choice):
            return f"{nonce}:{choice}"
        case Commanded(command=command):
            return f"/{command}"
        case SentOther(what=what):
            return what
    return ""


def letter(number: int, address: str, text: str, payload: str = "", **more: str) -> Letter:
    rows = ((Button("Ja", payload),),) if payload else ()
    return Letter(number, address, Message(text, rows), NOW, **more)


class ShakyKeeper:
    """The real keeper, behind a switch: while *down*, nothing can be read or written."""

    def __init__(self, keeper: Keeper) -> None:
        self._keeper = keeper
        self.down = False
        self.refused = asyncio.Event()

    def __getattr__(self, name: str):
        if self.down:
            return self._refuse
        return getattr(self._keeper, name)

    async def _refuse(self, *given: object) -> None:
        self.refused.set()
        raise KeeperUnavailable
