"""
Gives a running bot something to do, and times it: a closed loop, or a steady pace.

An update is done when the bot confirmed it and its reply reached the Bot API; ours confirms only what is on disk.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable
from dataclasses import dataclass
from statistics import quantiles

from benchmarks.leaders import Update
from benchmarks.running import Running
from benchmarks.wire import FakeApi, Poster

_PATIENCE = 60.0
_IDLE = 2.0
_OK = 200


@dataclass(frozen=True, slots=True)
class Outcome:
    """
    What a run gave: updates a second, CPU per update and latencies in seconds, the worst stall of the event loop in
    seconds, and calls to the Bot API per update.
    """

    rate: float
    cpu: float
    p50: float
    p99: float
    stall: float
    calls: float


async def closed_loop(bot: Running, updates: Iterable[Update], in_flight: int) -> Outcome:
    """Bring *updates* as fast as the bot takes them, always *in_flight* at once."""
    waiting, took = iter(updates), list[float]()

    async def bring(poster: Poster) -> None:
        for update in waiting:
            took.append(await _brought(bot.api, poster, update))

    before, calls = await bot.read_at_rest(), bot.api.calls
    # Only now: a connection that says nothing for a while is ended by the bot.
    posters = [await Poster.to(bot.port) for _ in range(in_flight)]
    begun = time.perf_counter()
    await asyncio.gather(*(bring(poster) for poster in posters))
    elapsed = time.perf_counter() - begun
    after = await bot.read_at_rest()
    for poster in posters:
        poster.close()
    return _outcome(took, elapsed, after.cpu - before.cpu, after.stall, bot.api.calls - calls)


async def steady(bot: Running, updates: Iterable[Update], per_second: float) -> Outcome:
    """Bring *updates* at a steady pace, whether the bot keeps up or not."""
    spare, took, under_way = list[tuple[float, Poster]](), list[float](), list[asyncio.Task[None]]()

    async def bring(update: Update) -> None:
        poster = _fresh(spare) or await Poster.to(bot.port)
        took.append(await _brought(bot.api, poster, update))
        spare.append((time.perf_counter(), poster))

    before, calls = await bot.read_at_rest(), bot.api.calls
    begun = time.perf_counter()
    for number, update in enumerate(updates):
        await asyncio.sleep(begun + number / per_second - time.perf_counter())
        under_way.append(asyncio.create_task(bring(update)))
    await asyncio.gather(*under_way)
    elapsed = time.perf_counter() - begun
    after = await bot.read_at_rest()
    for _, poster in spare:
        poster.close()
    return _outcome(took, elapsed, after.cpu - before.cpu, after.stall, bot.api.calls - calls)


def _fresh(spare: list[tuple[float, Poster]]) -> Poster | None:
    """Return a connection used lately, and let go of the others: a web server closes what is idle."""
    now = time.perf_counter()
    while spare:
        used, poster = spare.pop()
        if now - used < _IDLE:
            return poster
        poster.close()
    return None


async def _brought(api: FakeApi, poster: Poster, update: Update) -> float:
    """Bring one update, and return the seconds until it was confirmed and answered. Raises RuntimeError."""
    answered = api.awaited(update.person)
    begun = time.perf_counter()
    async with asyncio.timeout(_PATIENCE):
        status = await poster.post(update.body)
        if status != _OK:
            raise RuntimeError(f"the bot answered an update with {status}")
        await answered
    return time.perf_counter() - begun


def _outcome(took: list[float], elapsed: float, cpu: float, stall: float, calls: int) -> Outcome:
    cuts = quantiles(took, n=100, method="inclusive")
    count = len(took)
    return Outcome(count / elapsed, cpu / count, cuts[49], cuts[98], stall, calls / count)
