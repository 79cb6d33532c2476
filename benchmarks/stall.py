"""
How long the event loop ever stands still, and how long a start takes, with few and with many leaders in the store.

Twenty updates a second, about what Telegram lets a bot answer, at its real pace. While the loop stands still nobody is
answered, however fast the rest is.
"""

from __future__ import annotations

import asyncio
import shutil
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from benchmarks.figures import Table, spread
from benchmarks.leaders import FIRST_PERSON, Update, updates
from benchmarks.load import Outcome, steady
from benchmarks.path import REFLECTIONS, store_of
from benchmarks.running import measuring_side, running

PER_SECOND = 20.0

_COLUMNS = ("leaders", "worst stall ms", "p50 ms", "p99 ms", "CPU µs/update", "start s", "memory MiB")
_LEADERS, _QUICK_LEADERS = (100, 10_000), (100, 1_000)
_SECONDS, _QUICK_SECONDS = 60, 10
_ANSWERS = 3


def measure(rounds: int, step: Callable[[str], None], *, quick: bool) -> list[Table]:
    """Return one table. *step* is called with what was done."""
    seconds = _QUICK_SECONDS if quick else _SECONDS
    leaders = _QUICK_LEADERS if quick else _LEADERS
    with measuring_side():
        rows = asyncio.run(_measured(rounds, step, leaders, seconds))
    note = (
        f"{rounds} rounds of {seconds} s at {PER_SECOND:.0f} updates a second, median [lowest..highest]; each leader "
        f"with {REFLECTIONS} reflections; start is from an empty process until the first request is answered."
    )
    return [Table("stall", _COLUMNS, rows, note)]


def steps(rounds: int, *, quick: bool) -> int:
    """Return how often *step* will be called."""
    return len(_QUICK_LEADERS if quick else _LEADERS) * (1 + rounds)


async def _measured(
    rounds: int, step: Callable[[str], None], sizes: tuple[int, ...], seconds: int
) -> list[tuple[str, ...]]:
    outcomes = defaultdict[int, list[Outcome]](list)
    starts, memory = defaultdict[int, list[float]](list), defaultdict[int, list[float]](list)
    with TemporaryDirectory() as folder:
        for size in sizes:
            await store_of(Path(folder) / str(size), size, REFLECTIONS)
            step(f"{size} leaders kept")
        for number in range(rounds):
            for size in sizes:
                copy = Path(folder) / "copy"
                shutil.copytree(Path(folder) / str(size), copy)
                async with running("ours", copy, paced=True) as bot:
                    outcomes[size].append(await steady(bot, _answers(size, seconds, number), PER_SECOND))
                    memory[size].append((await bot.read()).memory)
                    starts[size].append(bot.started)
                shutil.rmtree(copy)
                step(f"round {number + 1}: {size} leaders")
    return [_row(size, outcomes[size], starts[size], memory[size]) for size in sizes]


def _answers(size: int, seconds: int, seed: int) -> Iterator[Update]:
    """Return answers of leaders all over the store, most of whom were not heard lately."""
    count = min(size, round(seconds * PER_SECOND / _ANSWERS))
    persons = Random(seed).sample(range(FIRST_PERSON, FIRST_PERSON + size), count)  # noqa: S311 (no secret)
    return updates(
        persons, (1 + seed) * 1_000_000, _ANSWERS
    )  # above the numbers of our own messages: no answer is early


def _row(size: int, runs: list[Outcome], starts: list[float], memory: list[float]) -> tuple[str, ...]:
    return (
        f"{size:,}",
        spread([run.stall for run in runs], 1e3),
        spread([run.p50 for run in runs], 1e3),
        spread([run.p99 for run in runs], 1e3),
        spread([run.cpu for run in runs], 1e6),
        spread(starts),
        spread(memory),
    )
