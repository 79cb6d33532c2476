"""
Does small pieces of work on files in threads: several pieces on one trip, more threads only where the disk is slow.

A piece of work for a thread costs the event loop two switches to it and back. Where many leaders answer at once, that is
more than the work itself; so a thread takes along all that waits, and the loop hears of everything done on a trip at
once. Pieces that wait for a slow disk wait together in several threads, as they would have in one thread each.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")

_Piece = tuple[Callable[[], object], asyncio.Future[object]]
_Outcome = tuple[asyncio.Future[object], object, BaseException | None]

EACH = 8
"""How many pieces wait for each thread that is at work, before one more thread begins."""

TRIP = 32
"""After how many pieces the loop hears of them, though more may wait."""


class FileWork:
    """Threads for work on files, for one event loop; `close` them when all work is done."""

    def __init__(self, threads: int) -> None:
        """Take how many *threads* there are at most. They mostly wait, so more than there are processors."""
        self._most = threads
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="files")
        self._waiting: deque[_Piece] = deque()
        self._at_work = 0

    async def do(self, work: Callable[[], T]) -> T:
        """Return what *work* returns, or raise what it raises, when a thread has done it."""
        loop = asyncio.get_running_loop()
        done: asyncio.Future[object] = loop.create_future()
        self._waiting.append((work, done))
        if len(self._waiting) > EACH * self._at_work:
            self._send(loop)
        return await done  # type: ignore[return-value]

    def close(self) -> None:
        """Wait until the threads have ended."""
        self._threads.shutdown()

    def _send(self, loop: asyncio.AbstractEventLoop) -> None:
        if self._at_work < self._most:
            self._at_work += 1
            self._threads.submit(self._trip, loop)

    def _trip(self, loop: asyncio.AbstractEventLoop) -> None:
        """Do what waits, in a thread, until nothing waits any more."""
        left = 1
        while left:
            outcomes = [_done(*piece) for piece in self._taken()]
            left = len(self._waiting)
            loop.call_soon_threadsafe(self._hear, outcomes, left, loop)

    def _taken(self) -> Iterator[_Piece]:
        for _ in range(TRIP):
            try:
                yield self._waiting.popleft()
            except IndexError:  # another thread took the last
                return

    def _hear(self, outcomes: list[_Outcome], left: int, loop: asyncio.AbstractEventLoop) -> None:
        """Tell whoever asked what came of it, in the loop; with nothing *left* that thread has ended."""
        for done, result, fault in outcomes:
            if done.done():  # nobody waits for it any more
                continue
            if fault is None:
                done.set_result(result)
            else:
                done.set_exception(fault)
        if not left:
            self._at_work -= 1
            if self._waiting:  # it came when that thread had just looked
                self._send(loop)


def _done(work: Callable[[], object], done: asyncio.Future[object]) -> _Outcome:
    try:
        return done, work(), None
    except BaseException as fault:  # noqa: BLE001 - whatever it is, whoever asked for it is told
        return done, None, fault
