"""
Keeps pages in one TinyDB file per leader, in a folder that one process owns.

Here it is decided who waits for whom: calls about one leader run strictly one after another, calls about different
leaders at once, and all file work runs in worker threads so that the event loop goes on. What a file holds stands in
`storage/leader_file.py`, how it reaches the disk in `storage/atomic_file.py`, why in decision 3.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import TypeVar
from weakref import WeakValueDictionary

from dialogues.conversation import LeaderId, Moment
from dialogues.errors import KeeperUnavailable, PageUnreadable
from dialogues.ports import Entry, Page
from storage.agenda import Agenda
from storage.atomic_file import remove_file
from storage.data_folder import DataFolder
from storage.leader_file import LeaderFile, glance_at
from storage.recent import Recent

T = TypeVar("T")

_PAGES, _BYTES = 512, 16 * 1024 * 1024


class TinyDbKeeper:
    """
    A keeper on files. Making one blocks while it looks at every page once; `close` it when done.

    Args:
        folder: the data folder, made when it does not exist.

    Raises:
        KeeperBusy: another process owns the folder; the error names it.
        KeeperUnavailable: the folder cannot be used. The message is a sentence for the operator.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = DataFolder(folder)
        self._agenda = Agenda()
        self._recent = Recent(_PAGES, _BYTES)
        self._present: set[Path] = set()
        self._damaged: set[Path] = set()
        self._turns: WeakValueDictionary[LeaderId, asyncio.Lock] = WeakValueDictionary()
        self._under_way: set[asyncio.Task[object]] = set()
        self._closed = False
        try:
            self._look_at_all()
        except KeeperUnavailable:
            self._folder.close()
            raise

    async def read(self, leader: LeaderId) -> Page | None:
        """Return everything kept of *leader*, or None when nothing is."""
        return await self._in_turn(leader, lambda: self._read(leader))

    async def write(self, entry: Entry) -> None:
        """Keep *entry*, on disk and all at once, before returning."""
        leader = entry.conversation.leader
        await self._in_turn(leader, lambda: self._change(leader, lambda file: file.write(entry)))

    async def delivered(self, leader: LeaderId, number: int) -> None:
        """Take letter *number* of *leader* off the outbox."""
        await self._in_turn(leader, lambda: self._change(leader, lambda file: file.delivered(number)))

    async def erase(self, leader: LeaderId) -> None:
        """Forget *leader* wholly, also when the page is damaged."""
        await self._in_turn(leader, lambda: self._erase(leader))

    async def due(self, now: datetime) -> Sequence[tuple[LeaderId, Moment]]:
        """Return the moments at or before *now*, earliest first."""
        self._check_open()
        return self._agenda.due(now)

    async def waiting(self) -> Sequence[LeaderId]:
        """Return the leaders who have letters waiting."""
        self._check_open()
        return self._agenda.waiting()

    async def close(self) -> None:
        """Finish what is under way and let the next process in."""
        if not self._closed:
            self._closed = True
            await asyncio.gather(*self._under_way, return_exceptions=True)
            self._folder.close()

    def damaged(self) -> int:
        """Return how many pages were found unreadable and left as they are."""
        return len(self._damaged)

    async def _read(self, leader: LeaderId) -> Page | None:
        return (await self._opened(leader)).page

    async def _change(self, leader: LeaderId, change: Callable[[LeaderFile], None]) -> None:
        file = await self._opened(leader)
        # What a failed write left is read from the disk again, not guessed from memory.
        self._recent.drop(leader)
        await asyncio.to_thread(change, file)
        self._remember(leader, file)

    async def _erase(self, leader: LeaderId) -> None:
        path = self._folder.file_of(leader)
        self._recent.drop(leader)
        await asyncio.to_thread(remove_file, path)
        self._agenda.forget(leader)
        self._damaged.discard(path)
        self._present.discard(path)

    async def _opened(self, leader: LeaderId) -> LeaderFile:
        file = self._recent.get(leader)
        if file is None:
            path = self._folder.file_of(leader)
            try:
                file = await asyncio.to_thread(LeaderFile, path, leader, expected=path in self._present)
            except PageUnreadable:
                self._damaged.add(path)
                self._agenda.forget(leader)
                raise
            self._damaged.discard(path)
            self._remember(leader, file)
        return file

    def _remember(self, leader: LeaderId, file: LeaderFile) -> None:
        if file.page is not None:
            self._present.add(self._folder.file_of(leader))
            self._agenda.note(file.page.conversation, letters=bool(file.page.letters))
            self._recent.put(leader, file)

    def _look_at_all(self) -> None:
        for path in self._folder.files():
            self._present.add(path)
            try:
                conversation, letters = glance_at(path)
            except PageUnreadable:
                self._damaged.add(path)
                continue
            if self._folder.file_of(conversation.leader) == path:
                self._agenda.note(conversation, letters=letters)
            else:
                self._damaged.add(path)

    async def _in_turn(self, leader: LeaderId, work: Callable[[], Awaitable[T]]) -> T:
        """Do *work* when all earlier work for *leader* is done; once begun it is finished, whoever stops waiting."""
        self._check_open()

        async def alone() -> T:
            async with self._turns.setdefault(leader, asyncio.Lock()):
                return await work()

        task = asyncio.create_task(alone())
        self._under_way.add(task)
        task.add_done_callback(self._finished)
        return await asyncio.shield(task)

    def _finished(self, task: asyncio.Task[object]) -> None:
        self._under_way.discard(task)
        if not task.cancelled():
            # Taken here too, for the case that whoever waited for it was cancelled.
            task.exception()

    def _check_open(self) -> None:
        if self._closed:
            raise KeeperUnavailable("the keeper was closed")
