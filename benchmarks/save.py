"""
What it costs to keep one reflection durably, as one leader's journal grows and as other leaders come.

Through the keeper itself, from the event loop, as the guide calls it: the file is on the disk when the clock stops.
"""

from __future__ import annotations

import asyncio
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory

from benchmarks.figures import Table, number, spread
from benchmarks.leaders import FIRST_PERSON, STORE, entry_of, fill, hold_opening, with_journal
from dialogues.conversation import Kind, Reflection
from dialogues.ports import Entry, Page
from storage.in_tinydb import TinyDbKeeper

SAVES = 40
"""Reflections saved per measurement, by a leader whose page is in memory; the first save, from disk, stands apart."""

_COLUMNS = ("leaders in the store", "reflections of this leader", "p50 ms", "p95 ms", "first save ms")
_LEADERS, _QUICK_LEADERS = (0, 1_000, 10_000), (0, 1_000)
_JOURNALS = (10, 100, 500, 2_000)
_USUAL = 500
_OTHERS_HAVE = 5

_Times = dict[tuple[int, int], list[list[float]]]


def measure(rounds: int, step: Callable[[str], None], *, quick: bool) -> list[Table]:
    """Return one table. *step* is called with what was done."""
    times = asyncio.run(_measured(rounds, step, _QUICK_LEADERS if quick else _LEADERS))
    rows = [
        (
            f"{leaders:,}",
            f"{journal:,}",
            spread([median(run[1:]) for run in runs], 1e3),
            spread([quantiles(run[1:], n=20, method="inclusive")[18] for run in runs], 1e3),
            spread([run[0] for run in runs], 1e3),
        )
        for (leaders, journal), runs in times.items()
    ]
    grown = [number(median(median(run[1:]) for run in runs) * 1e3) for (_, j), runs in times.items() if j == _USUAL]
    note = (
        f"{rounds} rounds of {SAVES} saves, median [lowest..highest] over rounds; at {_USUAL} reflections the median "
        f"goes {' → '.join(grown)} ms as leaders come."
    )
    return [Table("save", _COLUMNS, rows, note)]


def steps(rounds: int, *, quick: bool) -> int:
    """Return how often *step* will be called."""
    return len(_QUICK_LEADERS if quick else _LEADERS) * (1 + rounds)


async def _measured(rounds: int, step: Callable[[str], None], sizes: tuple[int, ...]) -> _Times:
    times: _Times = {}
    with TemporaryDirectory() as folder:
        page = await hold_opening(_OTHERS_HAVE)
        for size in sizes:
            await _prepare(Path(folder) / str(size), page, size, rounds)
            step(f"{size} leaders kept")
        kept = defaultdict[tuple[int, int], list[list[float]]](list)
        for turn in range(rounds):
            for size in sizes:
                for journal, run in (await _round(Path(folder) / str(size), page, turn)).items():
                    kept[size, journal].append(run)
                step(f"round {turn + 1}: {size} leaders")
        times.update(sorted(kept.items()))
    return times


async def _prepare(folder: Path, page: Page, leaders: int, rounds: int) -> None:
    keeper = TinyDbKeeper(folder / STORE)
    try:
        await fill(keeper, page, range(FIRST_PERSON, FIRST_PERSON + leaders))
        for journal in _JOURNALS:
            for turn in range(rounds):
                await keeper.write(entry_of(with_journal(page, journal), _writer(journal, turn)))
    finally:
        await keeper.close()


def _writer(journal: int, turn: int) -> int:
    """Return who writes in this round: somebody whose journal no earlier round made longer."""
    return journal * 10 + turn


async def _round(folder: Path, page: Page, turn: int) -> dict[int, list[float]]:
    """Return the seconds of each save, per size of journal."""
    keeper = TinyDbKeeper(folder / STORE)
    try:
        return {journal: await _saves(keeper, page, journal, turn) for journal in _JOURNALS}
    finally:
        await keeper.close()


async def _saves(keeper: TinyDbKeeper, page: Page, journal: int, turn: int) -> list[float]:
    conversation = entry_of(with_journal(page, journal), _writer(journal, turn)).conversation
    took = []
    for save in range(SAVES + 1):
        now = datetime.now(UTC)
        text = f"Reflection {turn}-{save}. " + page.journal[0].text
        reflection = Reflection(f"r{journal + 1 + save}", Kind.ANSWER, text, now, source=str(save))
        entry = Entry(replace(conversation, heard=now), (reflection,), update=f"{turn}:{save}", at=now)
        begun = time.perf_counter()
        await keeper.write(entry)
        took.append(time.perf_counter() - begun)
    return took
