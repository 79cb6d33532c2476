"""
DUR-2: the whole bot, as an operator starts it, killed again and again while fifty leaders write.

It is the real process over real HTTP, a strict fake Bot API, and a real store. Each update is a thought or a tap that
keeps one, and each is known by its words, so that a thought that was acknowledged and is gone, one that was never
answered, and one that stands there twice are told apart. States of the disk are those of DUR-1; this is about the
whole.
"""

from __future__ import annotations

import asyncio
import os
import re
import signal
from asyncio.subprocess import DEVNULL
from collections import Counter
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from socket import create_server
from sys import executable

import pytest

from bot.hear import address_of, leader_of
from storage.in_tinydb import TinyDbKeeper
from tests.bot.fake_bot_api import TOKEN, FakeBotApi
from tests.reliability.guides import guide_on

ROOT = Path(__file__).parents[2]
REAL = ("app", "bot")
PEOPLE = range(1001, 1051)
A_SECOND = 20
"""Updates a second, whatever the bot is doing or not doing."""


@dataclass
class Writer:
    """
    Somebody who writes a thought, and taps to keep it once it has come back to her. *waiting* is what was not answered
    yet: thoughts by their words, and a tap by those of the thought it keeps. *kept* is what was acknowledged as kept,
    by its number; *tapped* all that she asked to keep.
    """

    person: int
    said: int = 0
    waiting: set[str] = field(default_factory=set)
    tapped: list[str] = field(default_factory=list)
    kept: dict[str, str] = field(default_factory=dict)
    button: tuple[int, str, str] | None = None

    async def act(self, api: FakeBotApi) -> None:
        if self.button and not self.waiting:
            under, payload, words = self.button
            self.button = None
            self.tapped.append(words)
            self.waiting.add(f"bewaar {words}")
            await api.taps(self.person, under, payload)
            return
        self.said += 1
        self.button, words = None, f"lesbezoek {self.person} keer {self.said}"
        self.waiting.add(words)
        await api.says(self.person, f"/gedachte {words}")

    def reads(self, number: int, values: dict) -> None:
        words = re.search(rf"lesbezoek {self.person} keer \d+", values["text"])
        kept = re.search(r"\br\d+\b", values["text"])
        buttons = [button for row in values.get("reply_markup", {}).get("inline_keyboard", []) for button in row]
        keep = next((button["callback_data"] for button in buttons if button["text"] == "Bewaren"), None)
        if words and keep:
            self.waiting.discard(words[0])
            self.button = (number, keep, words[0])
        elif kept and kept[0] not in self.kept:
            self.kept[kept[0]] = self.tapped[-1]
            self.waiting.discard(f"bewaar {self.tapped[-1]}")


class Street(FakeBotApi):
    """The Bot API, and the people on the other side of it."""

    def __init__(self) -> None:
        super().__init__()
        self.writers = {person: Writer(person) for person in PEOPLE}

    async def _sendmessage(self, values):
        sent = await super()._sendmessage(values)
        self.writers[values["chat_id"]].reads(sent["message_id"], values)
        return sent

    @property
    def kept(self) -> int:
        """How many thoughts were acknowledged as kept."""
        return sum(len(writer.kept) for writer in self.writers.values())

    async def busy(self, stop: asyncio.Event) -> int:
        """Have twenty updates a second come in until *stop*; return how many came."""
        loop, came = asyncio.get_running_loop(), 0
        next_at = loop.time()
        writers = self.writers.values()
        while not stop.is_set():
            # Who has a thought before her keeps it first; else who waits for least writes the next.
            ready = (writer for writer in writers if writer.button and not writer.waiting)
            await next(ready, min(writers, key=lambda writer: (len(writer.waiting), writer.said))).act(self)
            came += 1
            next_at += 1 / A_SECOND
            with suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), next_at - loop.time())
        return came

    async def quiet(self, patience: float) -> None:
        """Wait until everybody is answered, or nothing was sent for *patience* seconds."""
        with suppress(TimeoutError):
            while any(writer.waiting for writer in self.writers.values()):
                calls = len(self.calls)
                await self.until(lambda calls=calls: len(self.calls) > calls, within=patience)


@dataclass(frozen=True)
class Outcome:
    """
    What became of the updates that *came*: how many thoughts were acknowledged as *kept*, and which were *unanswered*,
    *lost* or *doubled*, by the words they are known by.
    """

    came: int
    kept: int
    unanswered: list[str]
    lost: list[str]
    doubled: list[str]


async def met(folder: Path, catalogue, matcher) -> None:
    """Have everybody meet the guide, so that what they write is kept."""
    keeper = TinyDbKeeper(folder)
    guide, now = guide_on(keeper, catalogue, matcher), datetime.now(UTC)
    for person in PEOPLE:
        leader = leader_of(person)
        for text in ("hallo", "Nederlands", "akkoord"):
            await guide.hear(leader, address_of(person), guide.read(text, ""), now)
        page = await keeper.read(leader)
        assert page.conversation.consent
        for letter in page.letters:
            await keeper.delivered(leader, letter.number)
    await keeper.close()


@asynccontextmanager
async def running(folder: Path, api: Street, command: tuple[str, ...], port: int):
    """Run *command* in a process of its own; kill it at the end if it still runs."""
    place = {name: value for name, value in os.environ.items() if not name.upper().startswith("MINDSHIFT_")} | {
        "PYTHONPATH": str(ROOT),
        "MINDSHIFT_DATA": str(folder),
        "MINDSHIFT_TELEGRAM_TOKEN": TOKEN,
        "MINDSHIFT_TELEGRAM_API": api.address,
        "MINDSHIFT_LISTEN": f"127.0.0.1:{port}",
    }
    process = await asyncio.create_subprocess_exec(
        executable, "-m", *command, env=place, cwd=folder.parent, stdin=DEVNULL, stdout=DEVNULL, stderr=DEVNULL
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def kill_at_random(process, api: Street, dice: Random, when: str) -> None:
    """Kill *process* while it starts, right after it fetched what waited, or somewhere after it kept some."""
    polls, kept = api.polls, api.kept + dice.randint(1, 20)
    if when == "starting":
        await asyncio.sleep(dice.uniform(0, 2))
    else:
        await api.until(lambda: api.polls > polls, within=60)
        if when == "later":
            await api.until(lambda: api.kept >= kept, within=60)
        await asyncio.sleep(dice.uniform(0, 0.3))
    assert process.returncode is None, "it ended by itself"
    process.send_signal(signal.SIGKILL)
    await process.wait()


async def killed_again_and_again(
    folder: Path, words, moments, *, seed: int, command=REAL, patience=15.0, show=lambda *_: None
) -> Outcome:
    """Kill *command* under load at each of *moments*, leave it alone once, and look at what became of it all."""
    await met(folder, *words)
    dice, stop, api = Random(seed), asyncio.Event(), Street()
    with create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    async with api.opened():
        coming = asyncio.create_task(api.busy(stop))
        for kill, when in enumerate(moments, 1):
            async with running(folder, api, command, port) as process:
                await kill_at_random(process, api, dice, when)
            show(kill, len(moments))
        stop.set()
        polls = api.polls
        async with running(folder, api, command, port) as process:
            await api.until(lambda: api.polls > polls, within=60)
            await api.quiet(patience)
            process.terminate()
            assert await asyncio.wait_for(process.wait(), 15) == 0
    assert not api.violations
    return await outcome(folder, api, await coming)


async def outcome(folder: Path, api: Street, came: int) -> Outcome:
    keeper, lost, doubled = TinyDbKeeper(folder), [], []
    for writer in api.writers.values():
        page = await keeper.read(leader_of(writer.person))
        journal = {kept.id: kept.text for kept in page.journal}
        lost += [f"{name} {words}" for name, words in writer.kept.items() if journal.get(name) != words]
        doubled += [words for words, times in Counter(journal.values()).items() if times > 1]
    await keeper.close()
    unanswered = [words for writer in api.writers.values() for words in sorted(writer.waiting)]
    return Outcome(came, api.kept, unanswered, lost, doubled)


@pytest.mark.asyncio
async def test_dur_2_killed_under_load_nothing_is_lost_and_everybody_is_answered(
    tmp_path, catalogue, matcher, measured
):
    moments = ("fetched", "later", "starting")
    found = await killed_again_and_again(tmp_path / "store", (catalogue, matcher), moments, seed=20261125)
    assert (found.lost, found.unanswered, found.doubled) == ([], [], [])
    assert found.came > A_SECOND
    assert found.kept > 0
    measured("DUR-2", kills=len(moments), updates=found.came, kept=found.kept, lost=0, unanswered=0)


@pytest.mark.long
@pytest.mark.asyncio
async def test_dur_2_at_full_size(tmp_path, catalogue, matcher, measured, progress, seed):
    """A hundred kills for each of three seeds; some seven minutes each."""
    moments = Random(seed).choices(["starting", "fetched", "later"], [1, 2, 2], k=100)
    words = (catalogue, matcher)
    found = await killed_again_and_again(tmp_path / "store", words, moments, seed=seed, show=progress)
    assert (found.lost, found.unanswered, found.doubled) == ([], [], [])
    assert found.kept > 100
    measured("DUR-2", kills=len(moments), updates=found.came, kept=found.kept, lost=0, unanswered=0)


@pytest.mark.parametrize(
    ("how", "moments", "what"), [("early", ("fetched",) * 2, "unanswered"), ("behind", ("later",), "lost")]
)
@pytest.mark.asyncio
async def test_dur_2_known_bad_confirming_or_answering_before_keeping_is_noticed(
    tmp_path, catalogue, matcher, measured, how, moments, what
):
    command = ("tests.reliability.careless", how)
    words = (catalogue, matcher)
    found = await killed_again_and_again(tmp_path / "store", words, moments, seed=7, command=command, patience=4.0)
    faults = getattr(found, what)
    assert faults
    measured("DUR-2 known bad", how=how, kills=len(moments), updates=found.came, **{what: len(faults)})
