"""
The complete path of an update, ours against python-telegram-bot's own ways: `python -m benchmarks path`.

Webhook in, parse, one at a time per person, machine, words, durable store, reply sent. Ours stands in a store of
leaders who are all in the middle of a conversation, and each update is an answer that moves it; the journal of each
leader grows as it goes. The others get the same updates.
"""

from __future__ import annotations

import asyncio
import shutil
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.contestants import NAMES
from benchmarks.figures import Table, ratio, spread
from benchmarks.leaders import FIRST_PERSON, STORE, Update, fill, hold_opening, updates
from benchmarks.load import Outcome, closed_loop
from benchmarks.running import measuring_side, running
from storage.in_tinydb import TinyDbKeeper

MANY = 64
"""Updates in flight at the busy level; the quiet level has one."""

REFLECTIONS = 20
"""Reflections each leader has before."""

_BASE = "echo"
_COLUMNS = ("bot", "updates/s", "CPU µs/update", "p50 ms", "p99 ms", "worst stall ms", "rate, to echo", "CPU, to echo")


@dataclass(frozen=True, slots=True)
class Size:
    """How many leaders stand in the store, and how many answer while warming up, one by one, and many at once."""

    leaders: int
    warm_up: int
    alone: int
    together: int


FULL, QUICK = Size(1_000, 16, 40, 128), Size(150, 8, 8, 64)


def measure(rounds: int, step: Callable[[str], None], *, quick: bool) -> list[Table]:
    """Return a table for each level. *step* is called with what was done."""
    size = QUICK if quick else FULL
    with measuring_side():
        alone, together = asyncio.run(_measured(rounds, step, size))
    return [_table("path-1", alone, rounds, size), _table("path-64", together, rounds, size)]


def steps(rounds: int, *, quick: bool) -> int:
    """Return how often *step* will be called."""
    del quick
    return 1 + rounds * len(NAMES)


_Outcomes = dict[str, list[Outcome]]


async def _measured(rounds: int, step: Callable[[str], None], size: Size) -> tuple[_Outcomes, _Outcomes]:
    alone, together = defaultdict[str, list[Outcome]](list), defaultdict[str, list[Outcome]](list)
    with TemporaryDirectory() as folder:
        store = Path(folder) / "store"
        await store_of(store, size.leaders, REFLECTIONS)
        step(f"{size.leaders} leaders kept")
        for number in range(rounds):
            for name in _rotated(NAMES, number):
                copy = Path(folder) / f"{name}-{number}"
                shutil.copytree(store, copy)
                one, many = await _round(name, copy, size)
                alone[name].append(one)
                together[name].append(many)
                shutil.rmtree(copy)
                step(f"round {number + 1}: {name}")
    return alone, together


async def store_of(folder: Path, leaders: int, reflections: int) -> None:
    """Make a store in *folder* with so many leaders and reflections of each, all at the first question of a contact."""
    page = await hold_opening(reflections)
    keeper = TinyDbKeeper(folder / STORE)
    try:
        await fill(keeper, page, range(FIRST_PERSON, FIRST_PERSON + leaders))
    finally:
        await keeper.close()


async def _round(name: str, store: Path, size: Size) -> tuple[Outcome, Outcome]:
    persons = iter(range(FIRST_PERSON, FIRST_PERSON + size.leaders))
    numbers = 1

    def answers(count: int) -> Iterator[Update]:
        nonlocal numbers
        numbers += 1_000_000
        return updates([next(persons) for _ in range(count)], numbers)

    async with running(name, store) as bot:
        await closed_loop(bot, answers(size.warm_up), 4)
        one = await closed_loop(bot, answers(size.alone), 1)
        many = await closed_loop(bot, answers(size.together), MANY)
    return one, many


def _rotated(names: tuple[str, ...], by: int) -> tuple[str, ...]:
    """Return *names* beginning with another each round, so that nobody always runs first."""
    cut = by % len(names)
    return names[cut:] + names[:cut]


def _table(name: str, outcomes: _Outcomes, rounds: int, size: Size) -> Table:
    rows = [
        (
            bot,
            spread([run.rate for run in outcomes[bot]]),
            spread([run.cpu for run in outcomes[bot]], 1e6),
            spread([run.p50 for run in outcomes[bot]], 1e3),
            spread([run.p99 for run in outcomes[bot]], 1e3),
            spread([run.stall for run in outcomes[bot]], 1e3),
            ratio([run.rate for run in outcomes[bot]], [run.rate for run in outcomes[_BASE]]),
            ratio([run.cpu for run in outcomes[bot]], [run.cpu for run in outcomes[_BASE]]),
        )
        for bot in NAMES
    ]
    note = f"{rounds} rounds, median [lowest..highest]; {size.leaders:,} leaders with {REFLECTIONS} reflections each."
    return Table(name, _COLUMNS, rows, note)
