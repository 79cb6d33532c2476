"""
Does small pieces of work on files in threads: several pieces on one trip, a thread for each where the disk is slow.

A piece of work for a thread costs the event loop two switches to it and back. Where many leaders answer at once, that is
more than the work itself; so a thread takes along all that waits, and the loop hears of several pieces at once. Where a
piece took long, the others do not wait behind the next one: each gets a thread, and they wait for the disk together.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from time import monotonic
from typing import TypeVar

from dialogues.errors import KeeperUnavailable

T = TypeVar("T")

_Piece = tuple[Callable[[], object], asyncio.Future[object]]
_Outcome = tuple[asyncio.Future[object], object, BaseException | None]

EACH = 8
"""How many pieces wait for each thread that is at work, before one more thread begins; none after a slow piece."""

SLOW = 0.02
"""Seconds after which a piece was slow. The interpreter alone makes one wait for a few milliseconds."""

TELL = 0.01
"""Seconds after which the loop hears of what is done, though more may wait."""


class FileWork:
    """Threads for work on files, for one event loop; `close` them when all work is done."""

    def __init__(self, threads: int) -> None:
        """Take how many *threads* there are at most. They mostly wait, so more than there are processors."""
        self._most = threads
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="files")
        self._waiting: deque[_Piece] = deque()
        self._at_work = 0
        self._heard = 0
        self._watched = False
        self._slow = False

    async def do(self, work: Callable[[], T]) -> T:
        """
        Return what *work* returns, or raise what it raises, when a thread has done it.

        Raises:
            KeeperUnavailable: no thread can be had; nothing was done.
        """
        loop = asyncio.get_running_loop()
        done: asyncio.Future[object] = loop.create_future()
        self._waiting.append((work, done))
        self._begin(loop)
        return await done  # type: ignore[return-value]

    def close(self) -> None:
        """Wait until the threads have ended."""
        self._threads.shutdown()

    def _begin(self, loop: asyncio.AbstractEventLoop) -> None:
        """Begin as many trips as what waits asks for; in the loop."""
        wanted = len(self._waiting) if self._slow else int(len(self._waiting) > EACH * self._at_work)
        for _ in range(min(wanted, self._most - self._at_work)):
            self._at_work += 1
            called_off = Event()
            try:
                self._threads.submit(self._trip, loop, called_off)
            except RuntimeError:  # the system gives no more threads; those at work take what waits
                called_off.set()
                self._at_work -= 1
                break
        if self._at_work and not self._watched:
            self._watched = True
            loop.call_later(TELL + SLOW, self._watch, loop, self._heard)
        if not self._at_work:
            while self._waiting:
                self._waiting.popleft()[1].set_exception(KeeperUnavailable("no thread can be had for work on files"))

    def _watch(self, loop: asyncio.AbstractEventLoop, heard: int) -> None:
        """See whether anything was heard since: else what waits gets threads, and does not wait for one that hangs."""
        self._watched = False
        if self._at_work:
            self._slow = self._slow or heard == self._heard
            self._begin(loop)

    def _trip(self, loop: asyncio.AbstractEventLoop, called_off: Event) -> None:
        """Do what waits, in a thread, until nothing waits any more."""
        if called_off.is_set():  # it stayed in the queue of the pool, which had no thread for it then
            return
        left = 1
        while left:
            outcomes, begun, took = [], monotonic(), 0.0
            while took <= TELL and (piece := self._taken()):
                outcomes.append(_done(*piece))
                took = monotonic() - begun
            if outcomes:
                self._slow = took > TELL + SLOW  # then the last piece took longer than SLOW
            left = len(self._waiting)
            try:
                loop.call_soon_threadsafe(self._hear, outcomes, left, loop)
            except RuntimeError:  # the loop was closed, and nobody waits any more
                return

    def _taken(self) -> _Piece | None:
        try:
            return self._waiting.popleft()
        except IndexError:  # another thread took the last
            return None

    def _hear(self, outcomes: list[_Outcome], left: int, loop: asyncio.AbstractEventLoop) -> None:
        """Tell whoever asked what came of it, in the loop; with nothing *left* that thread has ended."""
        self._heard += 1
        if not left:
            self._at_work -= 1
        for done, result, fault in outcomes:
            if done.done():  # nobody waits for it any more
                continue
            if fault is None:
                done.set_result(result)
            else:
                done.set_exception(fault)
        if self._waiting:  # it came when that thread had just looked, or it waits behind a slow one
            self._begin(loop)


def _done(work: Callable[[], object], done: asyncio.Future[object]) -> _Outcome:
    try:
        return done, work(), None
    except StopIteration:  # which no future takes
        return done, None, RuntimeError("work on files ended in the middle")
    except BaseException as fault:  # noqa: BLE001 - whatever it is, whoever asked for it is told
        return done, None, fault
