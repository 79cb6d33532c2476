"""
Plays a story that is written down as text with the real guide, so that a demonstration has something to show.

A story stands in `content/demo/<language>.txt`. Every line that does not begin with # is one of

    coach Name, Organisation      who the coach is
    leader Name                   from here on this leader speaks; a new name is a new leader
    @ 2026-11-03 08:00            it is now that moment (local time); whatever came due is said
    > some words                  the leader types this
    > [Te spannend]               the leader taps that button, under the newest message with buttons
    coach> /uitnodigen            the coach types this; {token} in a later line is the invitation that came of it
    read r3                       the coach visits this leader on the pages, and opens a piece
    note r3 some words            … and sends a note about it

It has no words of its own, and raises `StoryBroken` at the first line that does not fit the guide any more.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo

from content.searching import Index
from dialogues.coaching import Coach, CoachId
from dialogues.conversation import LeaderId
from dialogues.guide import Guide
from dialogues.ports import CoachBook, Keeper, Letter
from dialogues.review import Review

COACH = LeaderId("demo-coach")
COACH_ID = CoachId("c0" * 16)

_TOKEN = re.compile(r"/\w+ ([\w-]{43})")
_TAP = re.compile(r"\[(.+)\]")
_LINE = re.compile(r"(@|>|coach>|coach|leader|read|note)\s+(.+)")


class StoryBroken(Exception):
    """A line of a story does not fit; the message is that line, which somebody wrote for everybody to see."""


@dataclass
class Story:
    """A story being played. *leaders* are those who speak in it, the first one first."""

    guide: Guide
    keeper: Keeper
    book: CoachBook
    review: Review[Index]
    zone: tzinfo
    language: str
    now: datetime = datetime(2026, 1, 1, tzinfo=UTC)
    leaders: list[LeaderId] = field(default_factory=list)
    _heard: list[Letter] = field(default_factory=list)
    _names: dict[str, LeaderId] = field(default_factory=dict)
    _speaking: LeaderId = COACH
    _token: str = ""

    async def play(self, text: str) -> None:
        """Play *text* to its end. Raises StoryBroken."""
        for line in text.splitlines():
            if line.strip() and not line.startswith("#"):
                found = _LINE.fullmatch(line.strip())
                if found is None:
                    raise StoryBroken(line)
                await self._go_on(found[1], found[2].replace("{token}", self._token), line)

    async def _go_on(self, what: str, words: str, line: str) -> None:
        if what == "@":
            self.now = datetime.fromisoformat(words).replace(tzinfo=self.zone).astimezone(UTC)
            await self.guide.come_due(self.now)
            await self._fetch()
        elif what == "coach":
            await self._meet(words)
        elif what == "leader":
            self._speaking = self._names.setdefault(words, LeaderId(f"demo-{len(self._names) + 1}"))
            self.leaders = list(self._names.values())
        elif what == "coach>":
            said = await self._hear(COACH, words)
            token = _TOKEN.search(said)
            self._token = token[1] if token else self._token
        elif what == ">":
            await self._say(words, line)
        else:
            await self._review(what, *words.partition(" ")[::2], line)

    async def _meet(self, words: str) -> None:
        name, _, organisation = words.partition(", ")
        coach = Coach(
            COACH_ID,
            name,
            organisation,
            inside=False,
            language=self.language,
            added=self.now,
            person=COACH,
            secret="none",  # noqa: S106 - nobody logs in as this coach
        )
        await self.book.change(lambda book: book.with_coach(coach))

    async def _say(self, words: str, line: str) -> None:
        tap = _TAP.fullmatch(words)
        if tap is None:
            await self._hear(self._speaking, words)
            return
        shown = [letter for letter in self._heard if letter.address == self._speaking and letter.message.rows]
        buttons = [button for row in shown[-1].message.rows for button in row] if shown else []
        meant = next((button for button in buttons if button.label == tap[1]), None)
        if meant is None:
            raise StoryBroken(line)
        heard = self.guide.tap(meant.data, str(shown[-1].number))
        reply = await self.guide.hear(self._speaking, self._speaking, heard, self.now, language=self.language)
        self._heard += reply.letters

    async def _hear(self, person: LeaderId, words: str) -> str:
        source = f"m{len(self._heard)}"
        reply = await self.guide.hear(person, person, self.guide.read(words, source), self.now, language=self.language)
        self._heard += reply.letters
        return "\n".join(letter.message.text for letter in reply.letters)

    async def _fetch(self) -> None:
        """Take in what the guide wrote by itself."""
        for person in await self.keeper.waiting():
            page = await self.keeper.read(person)
            self._heard += [letter for letter in page.letters if letter not in self._heard] if page else []

    async def _review(self, what: str, piece: str, words: str, line: str) -> None:
        handles = {linked.leader: handle for handle, linked in (await self.keeper.linked(COACH_ID)).items()}
        handle = handles.get(self._speaking, "")
        if what == "read":
            await self.review.visit(COACH_ID, handle, self.now)
            done = await self.review.open(COACH_ID, handle, piece, self.now) is not None
        else:
            done = await self.review.write(COACH_ID, handle, piece, words, self.now, send=True) is not None
        if not done:
            raise StoryBroken(line)
