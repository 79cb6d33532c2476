"""
Bringing pages up to date with what the log holds: when, in which order, and when a log can go.

A page is settled when it leaves memory, when its log has grown full, after its first change, and when the keeper
closes. Until then it stays in memory. A log goes when every page with a change in it is
settled. For one event loop; how a page is written stands in `storage/leader_file.py`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from dialogues.conversation import LeaderId
from dialogues.errors import KeeperUnavailable
from storage.group_commit import GroupCommit
from storage.leader_file import LeaderFile

FULL = 8 * 1024 * 1024
"""How many bytes a log has when the next is begun. More are read at a start after a crash, fewer settle more often."""

_AT_ONCE = 4


@dataclass(frozen=True, slots=True)
class _Owed:
    """A page that is behind: *file* holds it as it is, and the log in which the first missing change stands is *since*."""

    file: LeaderFile
    since: int


class Settling:
    """
    The pages that are behind.

    Args:
        turn: gives the lock of a leader; who holds it may change that leader's page.
        apart: does work on files in a thread.
    """

    def __init__(
        self,
        commits: GroupCommit,
        turn: Callable[[LeaderId], asyncio.Lock],
        apart: Callable[[Callable[[], None]], Awaitable[None]],
    ) -> None:
        self._commits = commits
        self._turn = turn
        self._apart = apart
        self._owed: dict[LeaderId, _Owed] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._turning: asyncio.Task[None] | None = None

    def owed(self, leader: LeaderId) -> LeaderFile | None:
        """Return the page of *leader* when its files are behind."""
        owed = self._owed.get(leader)
        return None if owed is None else owed.file

    def owe(self, leader: LeaderId, file: LeaderFile) -> None:
        """Note, before a change goes to the log and in the turn of *leader*, that *file* will be behind with it."""
        # Before, since a log can go as soon as nobody owes anything that stands in it.
        if leader not in self._owed:
            self._owed[leader] = _Owed(file, self._commits.number)
        if self._commits.size > FULL:
            self.turn_over()

    def forget(self, leader: LeaderId) -> None:
        """Let go of the page of *leader*, who was erased."""
        self._owed.pop(leader, None)

    def settle_soon(self, leader: LeaderId) -> None:
        """Settle the page of *leader* when it is its turn, if it is behind."""
        if leader in self._owed:
            self._in_background(self._settle(leader))

    def turn_over(self) -> None:
        """Go on in a new log, settle the pages in the earlier ones, and remove those."""
        if self._turning is None or self._turning.done():
            self._turning = self._in_background(self._turn_over())

    async def begin_anew(self) -> None:
        """Settle every page, and go on in a new log without what was before it. Raises KeeperUnavailable."""
        await self._commits.settled()
        await self._settle_each(list(self._owed))
        await self._commits.begin()
        await self._commits.remove_before(self._commits.number)

    async def close(self) -> None:
        """Settle every page and remove the logs. What cannot be written stands in the log, for the next opening."""
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._commits.settled()
        with suppress(KeeperUnavailable):
            await self.begin_anew()
        await self._commits.close()

    async def _settle(self, leader: LeaderId) -> None:
        async with self._turn(leader):
            owed = self._owed.get(leader)
            if owed is not None:
                await self._apart(owed.file.settle)
                del self._owed[leader]

    async def _settle_each(self, leaders: list[LeaderId]) -> None:
        for start in range(0, len(leaders), _AT_ONCE):
            await asyncio.gather(*(self._settle(leader) for leader in leaders[start : start + _AT_ONCE]))

    async def _turn_over(self) -> None:
        await self._commits.begin()
        number = self._commits.number
        await self._settle_each([leader for leader, owed in self._owed.items() if owed.since < number])
        await self._commits.remove_before(number)

    def _in_background(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._finished)
        return task

    def _finished(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled():
            # A page that could not be written now stays owed, and its log stays.
            task.exception()
