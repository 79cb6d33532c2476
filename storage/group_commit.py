"""
Bringing the changes of all leaders to the log together: whatever arrives while a flush is under way goes in the next.

One thread writes. Who waits is told in the event loop, all of one flush at once. After a write or a flush that failed,
nothing is taken any more until the keeper says that all is well again, since nobody knows how far the log reaches then.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from dialogues.errors import KeeperUnavailable
from storage.atomic_file import NotFlushed
from storage.change_log import ChangeLog, Sealed

T = TypeVar("T")

RIDE_SECONDS = 0.005
"""How long a change that nobody waits for may wait for others to go with."""


class GroupCommit:
    """
    The way into *log*, from one event loop.

    Args:
        failed: told, before anybody who waits, of every failure.

    *broken* is whether a write or flush failed since `renew`.
    """

    def __init__(self, log: ChangeLog, failed: Callable[[KeeperUnavailable], None]) -> None:
        self._log = log
        self._failed = failed
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="change-log")
        self._waiting: list[tuple[Sealed, asyncio.Future[None] | None]] = []
        self._flushing: asyncio.Task[None] | None = None
        self.broken = False

    @property
    def number(self) -> int:
        """Which log is being written."""
        return self._log.number

    @property
    def size(self) -> int:
        """How many bytes the log being written has."""
        return self._log.size

    async def add(self, change: Sealed) -> None:
        """Bring *change* to the disk before returning. Raises KeeperUnavailable, NotFlushed among them."""
        self._check()
        done = asyncio.get_running_loop().create_future()
        self._waiting.append((change, done))
        self._flush()
        await done

    def send_along(self, change: Sealed) -> None:
        """Bring *change* to the disk with the next that somebody waits for, or in a moment. Raises as above."""
        self._check()
        self._waiting.append((change, None))
        if self._flushing is None and len(self._waiting) == 1:
            asyncio.get_running_loop().call_later(RIDE_SECONDS, self._flush)

    async def settled(self) -> None:
        """Wait until everything added so far is on the disk, or failed."""
        self._flush()
        while self._flushing is not None:
            await asyncio.shield(self._flushing)

    async def begin(self) -> None:
        """Go on in a new log."""
        await self._apart(self._log.begin)

    async def remove_before(self, number: int) -> None:
        """Remove the logs with a number below *number*, in which nothing is needed any more. Raises as above."""
        await self._apart(lambda: self._log.remove_before(number))

    def renew(self) -> None:
        """Take changes again."""
        self.broken = False

    async def close(self) -> None:
        """Bring to the disk what still waits, and end the thread."""
        await self.settled()
        self._thread.shutdown()

    def _check(self) -> None:
        if self.broken:
            raise NotFlushed("the log of changes was not confirmed by the disk")

    def _flush(self) -> None:
        if self._waiting and self._flushing is None:
            self._flushing = asyncio.get_running_loop().create_task(self._flush_all())

    async def _flush_all(self) -> None:
        while self._waiting:
            together, self._waiting = self._waiting, []
            try:
                await self._apart(lambda: self._log.append([change for change, _ in together]))  # noqa: B023
            except KeeperUnavailable as error:
                self.broken = True
                self._failed(error)
                # What was made after the changes that failed builds on them.
                together, self._waiting = together + self._waiting, []
                for _, done in together:
                    if done is not None:
                        done.set_exception(error)
            else:
                for _, done in together:
                    if done is not None:
                        done.set_result(None)
        self._flushing = None

    async def _apart(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)
