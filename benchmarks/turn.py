"""
What a turn itself costs, without Telegram and without a disk, and what a start is made of.

A turn here is everything the guide does: noticing signals, finding out what the words name, the engine, matching, and
rendering the answer. The page is kept in a dictionary.
"""

from __future__ import annotations

import asyncio
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from statistics import quantiles

from benchmarks.figures import Table, spread
from benchmarks.leaders import FIRST_PERSON, ZONE, entry_of, guide_on, hold_opening, script
from bot.people import address_of, leader_of
from content.catalogue import load
from dialogues.coaching import CoachId
from dialogues.conversation import LeaderId, Moment
from dialogues.ports import Entry, Linked, Page
from storage.journal import with_entry, without_letter

_ROOT = Path(__file__).parents[1]
_LEADERS, _QUICK_LEADERS = 100, 20
_REFLECTIONS = 20
_IMPORTS = {
    "python alone": "pass",
    "import of telegram": "import telegram",
    "import of the whole bot": "import app.compose, bot.run",
}


def measure(rounds: int, step: Callable[[str], None], *, quick: bool) -> list[Table]:
    """Return one table for turns and one for a start. *step* is called with what was done."""
    turns, loads = list[list[float]](), list[float]()
    starts: dict[str, list[float]] = {name: [] for name in _IMPORTS}
    for number in range(rounds):
        turns.append(asyncio.run(_turns(_QUICK_LEADERS if quick else _LEADERS)))
        loads.append(_seconds(lambda: load(zone=ZONE)))
        for name, program in _IMPORTS.items():
            starts[name].append(_seconds(lambda program=program: _run(program)))  # type: ignore[misc]
        step(f"round {number + 1}: turns, content and start")
    cuts = [quantiles(took, n=100, method="inclusive") for took in turns]
    row = (spread([cut[49] for cut in cuts], 1e6), spread([cut[98] for cut in cuts], 1e6))
    note = f"{rounds} rounds, median [lowest..highest]."
    started = [(name, spread(took, 1e3)) for name, took in starts.items()]
    return [
        Table(
            "turn", ("p50 µs", "p99 µs"), [row], f"{note} {len(turns[0])} turns a round, {len(script().answers)} kinds."
        ),
        Table("start", ("part", "ms"), [*started, ("reading all words", spread(loads, 1e3))], note),
    ]


def steps(rounds: int, *, quick: bool) -> int:
    """Return how often *step* will be called."""
    del quick
    return rounds


async def _turns(leaders: int) -> list[float]:
    """Return the seconds of every turn."""
    page = await hold_opening(_REFLECTIONS)
    keeper = _Dictionary()
    guide = guide_on(keeper)
    took, now = list[float](), datetime.now(UTC)
    persons = range(FIRST_PERSON, FIRST_PERSON + leaders)
    for person in persons:
        await keeper.write(entry_of(page, person))
    for number, text in enumerate(script().answers):
        for person in persons:
            leader, source = leader_of(person), str(number)
            begun = time.perf_counter()
            reply = await guide.hear(leader, address_of(person), guide.read(text, source), now, f"{number}")
            took.append(time.perf_counter() - begun)
            for letter in reply.letters:
                await keeper.delivered(leader, letter.number)
    return took


class _Dictionary:
    """Keeps pages as they are, in no time."""

    def __init__(self) -> None:
        self._pages: dict[LeaderId, Page] = {}

    async def read(self, leader: LeaderId) -> Page | None:
        return self._pages.get(leader)

    async def write(self, entry: Entry) -> None:
        leader = entry.conversation.leader
        self._pages[leader] = with_entry(self._pages.get(leader), entry)

    async def delivered(self, leader: LeaderId, number: int) -> None:
        self._pages[leader] = without_letter(self._pages[leader], number)

    async def erase(self, leader: LeaderId) -> None:
        self._pages.pop(leader, None)

    async def due(self, _now: datetime) -> Sequence[tuple[LeaderId, Moment]]:
        return ()

    async def silent(self, _since: datetime) -> Sequence[LeaderId]:
        return ()

    async def waiting(self) -> Sequence[LeaderId]:
        return ()

    async def linked(self, _coach: CoachId) -> Mapping[str, Linked]:
        return {}

    async def close(self) -> None:
        self._pages.clear()


def _seconds(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def _run(program: str) -> None:
    subprocess.run([sys.executable, "-c", program], cwd=_ROOT, check=True)  # noqa: S603 (our own words)
