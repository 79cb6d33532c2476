"""
Keeps pages in a log of changes and sealed TinyDB files of each leader, in a folder that one process owns.

Here it is decided who waits for whom: calls about one leader run strictly one after another, calls about different
leaders at once, and all file work runs in threads so that the event loop goes on. A change is kept once it is in the log;
when a page is brought up to date is decided in `storage/settling.py`. What the files hold stands in
`storage/leader_file.py`, how they reach the disk in `storage/atomic_file.py`, why in decisions 3, 8 and 11.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from typing import TypeVar
from weakref import WeakValueDictionary

from dialogues.conversation import LeaderId, Moment
from dialogues.errors import KeeperUnavailable, PageUnreadable
from dialogues.ports import Entry, Page
from storage.agenda import Agenda
from storage.atomic_file import NotFlushed
from storage.changes import Arrived
from storage.group_commit import GroupCommit
from storage.leader_file import LeaderFile, Step
from storage.master_keys import KeySource
from storage.recent import Recent
from storage.settling import Settling
from storage.shelf import Shelf

T = TypeVar("T")

_PAGES, _BYTES = 2048, 16 * 1024 * 1024
_THREADS = 16
"""How many leaders' files wait for the disk together. They mostly wait, so more than there are processors."""

_MANY = 20
"""A turn that keeps more reflections than this is written down in a thread, so that the event loop goes on."""


class TinyDbKeeper:
    """
    A keeper on files. Making one blocks while it looks at every page once; `close` it when done.

    Args:
        folder: the data folder, made when it does not exist.
        keys: where the keys are; None for a folder beside it, whose name ends on "-keys".
        restoring: whether this is the restore that is under way in the folder.

    Raises:
        KeeperBusy: another process owns the folder; the error names it.
        KeeperUnavailable: the folder or the keys cannot be used. The message is a sentence for the operator.
    """

    def __init__(self, folder: Path, keys: KeySource | None = None, *, restoring: bool = False) -> None:
        self._shelf = Shelf(folder, keys, restoring=restoring)
        self._agenda = Agenda()
        self._recent = Recent(_PAGES, _BYTES)
        self._turns: WeakValueDictionary[LeaderId, asyncio.Lock] = WeakValueDictionary()
        self._under_way: set[asyncio.Task[object]] = set()
        self._commits = GroupCommit(self._shelf.log, self._failed)
        self._settling = Settling(self._commits, self._turn, self._apart)
        self._doubted = False
        self._doubts = asyncio.Lock()
        self._closed = False
        try:
            for seen in self._shelf.look():
                self._agenda.note(seen.conversation, letters=seen.letters)
        except KeeperUnavailable:
            self._shelf.close()
            raise
        self._threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="keeper")

    async def read(self, leader: LeaderId) -> Page | None:
        """Return everything kept of *leader*, or None when nothing is."""
        return await self._in_turn(leader, lambda: self._read(leader))

    async def write(self, entry: Entry) -> None:
        """Keep *entry*, on disk and all at once, before returning."""
        leader = entry.conversation.leader
        await self._in_turn(leader, lambda: self._write(leader, entry), changes=True)

    async def delivered(self, leader: LeaderId, number: int) -> None:
        """
        Take letter *number* of *leader* off the outbox. It is on disk some milliseconds later: after a crash in between
        the letter is there once more.
        """
        await self._in_turn(leader, lambda: self._delivered(leader, number), changes=True)

    async def erase(self, leader: LeaderId) -> None:
        """Forget *leader* wholly, also when the page is damaged, and in every backup, since the key is destroyed."""
        await self._in_turn(leader, lambda: self._erase(leader), changes=True)

    async def due(self, now: datetime) -> Sequence[tuple[LeaderId, Moment]]:
        """Return the moments at or before *now*, earliest first."""
        self._check_open()
        return self._agenda.due(now)

    async def silent(self, since: datetime) -> Sequence[LeaderId]:
        """Return the leaders of whom nothing was heard after *since*, longest silent first; paused ones too."""
        self._check_open()
        return self._agenda.silent(since)

    async def waiting(self) -> Sequence[LeaderId]:
        """Return the leaders who have letters waiting."""
        self._check_open()
        return self._agenda.waiting()

    async def close(self) -> None:
        """Finish what is under way, bring every page up to date, and let the next process in."""
        if not self._closed:
            self._closed = True
            await asyncio.gather(*self._under_way, return_exceptions=True)
            await self._settling.close()
            self._threads.shutdown()
            self._shelf.close()

    def damaged(self) -> int:
        """Return how many pages were found unreadable and left as they are."""
        return len(self._shelf.damaged)

    def release(self) -> None:
        """End a restore: from now on any keeper may open the folder."""
        self._shelf.release()

    @property
    def keys_made(self) -> bool:
        """Whether keys were made just now, so that somebody has to be told to keep a copy."""
        return self._shelf.keys.made

    async def _read(self, leader: LeaderId) -> Page | None:
        return (await self._opened(leader)).page

    async def _write(self, leader: LeaderId, entry: Entry) -> None:
        file = await self._opened(leader)
        if file.page is None:
            await self._apart(file.make_key)
        step = await self._next(file, entry)
        first = file.page is None
        self._settling.owe(leader, file)
        await self._commits.add(step.sealed)
        self._take(leader, file, step)
        if first:
            # So that everybody has a file, by which a loss can be told from a beginning.
            self._settling.settle_soon(leader)

    async def _delivered(self, leader: LeaderId, number: int) -> None:
        file = await self._opened(leader)
        if file.page is not None and any(letter.number == number for letter in file.page.letters):
            step = file.next(Arrived(number))
            self._settling.owe(leader, file)
            self._commits.send_along(step.sealed)
            self._take(leader, file, step)

    async def _next(self, file: LeaderFile, entry: Entry) -> Step:
        if len(entry.reflections) > _MANY:
            return await self._apart(lambda: file.next(entry))
        return file.next(entry)

    def _take(self, leader: LeaderId, file: LeaderFile, step: Step) -> None:
        file.take(step)
        self._remember(leader, file)

    async def _erase(self, leader: LeaderId) -> None:
        await self._commits.settled()
        try:
            await self._apart(lambda: self._shelf.erase(leader))
        finally:
            # An erasure that failed before it began leaves the page as it is; its files may be behind.
            behind = self._settling.owed(leader)
            if behind is None or behind.erased:
                self._settling.forget(leader)
                self._recent.drop(leader)
        self._agenda.forget(leader)
        self._settling.turn_over()

    async def _opened(self, leader: LeaderId) -> LeaderFile:
        file = self._recent.get(leader) or self._settling.owed(leader)
        if file is None:
            try:
                file = await self._apart(lambda: self._shelf.open(leader))
            except PageUnreadable:
                self._agenda.forget(leader)
                raise
            self._remember(leader, file)
        return file

    def _remember(self, leader: LeaderId, file: LeaderFile) -> None:
        if file.page is not None:
            self._shelf.kept(leader)
            self._agenda.note(file.page.conversation, letters=bool(file.page.letters))
            for forgotten in self._recent.put(leader, file):
                self._settling.settle_soon(forgotten)

    async def _apart(self, work: Callable[[], T]) -> T:
        """Do *work* on files in a thread; after a flush that failed, nothing is believed until the disk is tried."""
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, work)
        except NotFlushed as error:
            self._failed(error)
            raise

    def _failed(self, error: KeeperUnavailable) -> None:
        self._commits.broken = True
        if isinstance(error, NotFlushed):
            self._doubted = True
            # What waits to be settled stays: the disk may hold less, and never holds more that was acknowledged.
            self._recent.clear()

    async def _regain(self) -> None:
        """
        See whether the disk can be trusted again, and begin anew: every page that is behind is written, and what stands
        in a log of which nobody knows how far it reaches is not needed any more. Raises KeeperUnavailable.
        """
        async with self._doubts:
            if self._commits.broken:
                if self._doubted:
                    await self._apart(self._shelf.folder.probe)
                await self._settling.begin_anew()
                self._commits.renew()
                self._doubted = False

    async def _in_turn(self, leader: LeaderId, work: Callable[[], Awaitable[T]], *, changes: bool = False) -> T:
        """Do *work* when all earlier work for *leader* is done; once begun it is finished, whoever stops waiting."""
        self._check_open()

        async def alone() -> T:
            # Before it is this leader's turn: beginning anew takes the turn of everybody whose page is behind.
            if self._doubted or (changes and self._commits.broken):
                await self._regain()
            async with self._turn(leader):
                return await work()

        task = asyncio.create_task(alone())
        self._under_way.add(task)
        task.add_done_callback(self._finished)
        return await asyncio.shield(task)

    def _turn(self, leader: LeaderId) -> asyncio.Lock:
        return self._turns.setdefault(leader, asyncio.Lock())

    def _finished(self, task: asyncio.Task[object]) -> None:
        self._under_way.discard(task)
        if not task.cancelled():
            # Taken here too, for the case that whoever waited for it was cancelled.
            task.exception()

    def _check_open(self) -> None:
        if self._closed:
            raise KeeperUnavailable("the keeper was closed")
