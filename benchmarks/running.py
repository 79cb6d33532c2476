"""
A bot under measurement, seen from outside: started in a process of its own, on a core of its own where there are two.

What runs inside stands in `contestants.py`; what it is given to do, in `load.py`.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from benchmarks.wire import FakeApi, Poster

_ROOT = Path(__file__).parents[1]
_CAN_PIN = hasattr(os, "sched_setaffinity")
_MEASURING, _MEASURED = 0, 1
_PATIENCE = 120.0
_QUIET = 0.02
"""CPU seconds in a tenth of a second under which a bot counts as at rest; its gauge alone takes some on a slow machine."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What the gauge says: CPU seconds since the start, worst stall since the last reading (s), memory (MiB)."""

    cpu: float
    stall: float
    memory: float


@dataclass(frozen=True, slots=True)
class Running:
    """A bot that runs: the fake Bot API it talks to, its *port*, and the seconds it took until it was well."""

    api: FakeApi
    port: int
    started: float
    process: asyncio.subprocess.Process

    async def read(self) -> Reading:
        """Return what the gauge says now."""
        if self.process.stdin is None:
            raise RuntimeError("the bot has no standard input")
        self.process.stdin.write(b"\n")
        await self.process.stdin.drain()
        return Reading(**await _line(self.process))

    async def read_at_rest(self) -> Reading:
        """Return what the gauge says when the bot has nothing left to do, with the worst stall on the way there."""
        before, stall = await self.read(), 0.0
        while True:
            stall = max(stall, before.stall)
            await asyncio.sleep(0.1)
            now = await self.read()
            if now.cpu - before.cpu < _QUIET:
                return Reading(now.cpu, max(stall, now.stall), now.memory)
            before = now


@contextmanager
def measuring_side() -> Iterator[None]:
    """Keep this process on a core of its own for as long as the context lasts, where the system can do that."""
    if not _CAN_PIN:
        yield
        return
    before = os.sched_getaffinity(0)
    _pin(0, _MEASURING)
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def _pin(process: int, core: int) -> None:
    """Keep a process on one core. A machine that has no such core spreads figures more, and that is all."""
    with suppress(OSError):
        os.sched_setaffinity(process, {core})


@asynccontextmanager
async def running(name: str, folder: Path, *, paced: bool = False) -> AsyncIterator[Running]:
    """Give the bot called *name*, running on the store in *folder*, and end it afterwards."""
    api = FakeApi()
    await api.open()
    begun = time.perf_counter()
    words = [sys.executable, "-m", "benchmarks.contestants", name, api.address, str(folder), *["paced"] * paced]
    process = await asyncio.create_subprocess_exec(
        *words, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, cwd=_ROOT
    )
    try:
        if _CAN_PIN:
            _pin(process.pid, _MEASURED)
        port = int((await _line(process))["port"])
        poster = await Poster.to(port)
        async with asyncio.timeout(_PATIENCE):
            await poster.is_well()
        started = time.perf_counter() - begun
        poster.close()
        yield Running(api, port, started, process)
    finally:
        await _end(process)
        api.close()


async def _line(process: asyncio.subprocess.Process) -> dict[str, float]:
    """Return the next line of the gauge. Raises RuntimeError when the bot ended instead."""
    if process.stdout is None:
        raise RuntimeError("the bot has no standard output")
    async with asyncio.timeout(_PATIENCE):
        line = await process.stdout.readline()
    if not line:
        raise RuntimeError("the bot ended before it was measured; what it said stands above")
    found: dict[str, float] = json.loads(line)
    return found


async def _end(process: asyncio.subprocess.Process) -> None:
    if process.stdin:
        process.stdin.close()
    try:
        async with asyncio.timeout(15):
            await process.wait()
    except TimeoutError:
        process.kill()
        await process.wait()
