"""
Virtual time: an event loop whose clock jumps to the next thing that is planned, instead of waiting for it.

A day of retries passes in a second, and every run is the same. Only for code that waits on timers; work in threads or
on sockets takes no virtual time.
"""

from __future__ import annotations

import asyncio
import selectors
from collections.abc import Callable, Coroutine
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

Given = TypeVar("Given")

TUESDAY = datetime(2026, 12, 1, 8, 0, tzinfo=UTC)
"""Nine in the morning in Amsterdam, on a working day."""


_ROUND = 1e-6
"""Seconds that one round of the loop takes, so that code waiting for a rounding error to pass gets there."""


class _Jumping(selectors.DefaultSelector):
    """Waits for nothing that a timer will bring: it moves the clock there."""

    def __init__(self) -> None:
        super().__init__()
        self.clock = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        if timeout is None:
            return super().select(None)
        found = super().select(0)
        if not found:
            self.clock += max(_ROUND, timeout)
        return found


class VirtualLoop(asyncio.SelectorEventLoop):
    """An event loop in virtual time, which begins at zero."""

    def __init__(self) -> None:
        self._jumping = _Jumping()
        super().__init__(self._jumping)

    def time(self) -> float:
        return self._jumping.clock


def run(work: Coroutine[Any, Any, Given]) -> Given:
    """Run *work* in virtual time."""
    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        return runner.run(work)


def clock(start: datetime = TUESDAY) -> Callable[[], datetime]:
    """Return a clock for use inside `run`: *start* is the moment at which virtual time begins."""
    return lambda: start + timedelta(seconds=asyncio.get_running_loop().time())
