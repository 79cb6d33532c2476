"""
What a bot that is measured tells about itself, on its standard output: CPU time, worst stall of its event loop, memory.

It also ends the process when the measuring side is gone, so that nothing stays behind.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections.abc import Coroutine
from contextlib import suppress
from pathlib import Path

TICK = 0.005
"""Seconds between two looks at the clock; a stall shorter than this can be missed."""

_KIB = 1024


class Gauge:
    """Answers each line on standard input with a line of JSON."""

    def __init__(self) -> None:
        self._stall = 0.0

    def ready(self, port: int) -> None:
        """Tell at which port the bot listens."""
        _tell({"port": port})

    async def over(self, work: Coroutine[object, object, None]) -> None:
        """Do *work* under this gauge until the measuring side closes standard input. Raises what *work* raises."""
        tasks = [asyncio.create_task(one) for one in (work, self._tick(), self._answer())]
        done, rest = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in rest:
            task.cancel()
        with suppress(asyncio.CancelledError):
            await asyncio.gather(*rest)
        for task in done:
            task.result()

    async def _tick(self) -> None:
        while True:
            before = time.perf_counter()
            await asyncio.sleep(TICK)
            self._stall = max(self._stall, time.perf_counter() - before - TICK)

    async def _answer(self) -> None:
        loop, lines = asyncio.get_running_loop(), asyncio.StreamReader()
        await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(lines), sys.stdin)
        while await lines.readline():
            _tell({"cpu": time.process_time(), "stall": self._stall, "memory": _peak()})
            self._stall = 0.0


def _peak() -> float:
    """Return the most MiB this program held. ``ru_maxrss`` would begin with the peak of whoever started it."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return int(next(line for line in lines if line.startswith("VmHWM")).split()[1]) / _KIB


def _tell(what: dict[str, float]) -> None:
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()
