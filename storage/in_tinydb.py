"""
Keeps pages in sealed TinyDB files of each leader, in a folder that one process owns.

Here it is decided who waits for whom: calls about one leader run strictly one after another, calls about different
leaders at once, and all file work runs in threads so that the event loop goes on (`storage/file_work.py`). A page whose
newest changes stand in its tail is settled, which is to say written whole, when it leaves memory and when the keeper
closes. What the files hold stands in `storage/leader_file.py`, how they reach the disk in `storage/atomic_file.py`, why
in decisions 3, 8 and 11.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TypeVar
from weakref import WeakValueDictionary

from dialogues.coaching import CoachId
from dialogues.conversation import LeaderId, Moment
from dialogues.errors import KeeperUnavailable, PageUnreadable
from dialogues.ports import Entry, Linked, Page
from storage.agenda import Agenda
from storage.atomic_file import NotFlushed
from storage.file_work import FileWork
from storage.leader_file import LeaderFile
from storage.master_keys import KeySource
from storage.recent import Recent
from storage.shelf import Shelf
from storage.withdrawals import Withdrawals

T = TypeVar("T")

_PAGES, _BYTES = 512, 16 * 1024 * 1024
_THREADS = 16
"""How many leaders' writes wait for a slow disk together, at most."""


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
        self._withdrawals = Withdrawals(self._shelf.keys)
        self._agenda = Agenda()
        self._recent = Recent(_PAGES, _BYTES)
        self._turns: WeakValueDictionary[LeaderId, asyncio.Lock] = WeakValueDictionary()
        self._under_way: set[asyncio.Task[object]] = set()
        self._leaving: dict[LeaderId, LeaderFile] = {}
        self._unsure: dict[LeaderId, LeaderFile] = {}
        self._doubted = False
        self._doubts = asyncio.Lock()
        self._closed = False
        try:
            for seen in self._shelf.look():
                self._agenda.note(seen.conversation, letters=seen.letters)
                if seen.opened:
                    # A crash left it a tail, and here it will be settled. One that falls out keeps its tail.
                    self._recent.put(seen.conversation.leader, seen.opened)
        except KeeperUnavailable:
            self._shelf.close()
            raise
        self._file_work = FileWork(_THREADS)
        self.forgotten: Callable[[LeaderId], Awaitable[None]] | None = None

    async def read(self, leader: LeaderId) -> Page | None:
        """Return everything kept of *leader*, or None when nothing is."""
        file = self._recent.get(leader) if self._at_rest(leader) else None
        return file.page if file else await self._in_turn(leader, lambda: self._read(leader))

    async def write(self, entry: Entry) -> None:
        """Keep *entry*, on disk and all at once, before returning."""
        leader = entry.conversation.leader
        await self._in_turn(leader, lambda: self._change(leader, lambda file: self._put(file, entry)))

    async def delivered(self, leader: LeaderId, number: int) -> None:
        """Take letter *number* of *leader* off the outbox. A power cut before the next change may bring it back."""
        await self._in_turn(leader, lambda: self._change(leader, lambda file: file.delivered(number)))

    async def erase(self, leader: LeaderId) -> None:
        """
        Forget *leader* wholly, also when the page is damaged, and in every backup, since the key is destroyed. Whoever
        else keeps something of her (`forgotten`) lets go of it first.
        """
        if self.forgotten:
            await self.forgotten(leader)
        await self._in_turn(leader, lambda: self._erase(leader))

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

    async def linked(self, coach: CoachId) -> Mapping[str, Linked]:
        """Return the leaders linked with *coach*, by the handle of the link."""
        self._check_open()
        return self._agenda.linked(coach)

    async def close(self) -> None:
        """Finish what is under way, settle every page, and let the next process in."""
        if not self._closed:
            self._closed = True
            while self._under_way:
                await asyncio.gather(*self._under_way, return_exceptions=True)
            # What cannot be written now stands in its tail, for the next opening.
            behind = {*self._recent.leaders(), *self._unsure}
            await asyncio.gather(
                *(self._begin(leader, partial(self._settle, leader)) for leader in behind), return_exceptions=True
            )
            self._file_work.close()
            self._shelf.close()

    async def take_back(self, now: datetime) -> None:
        """Take back again what leaders withdrew since what is here was written: the last step of a restore but one."""
        for leader in self._agenda.linking():
            with suppress(PageUnreadable):
                page = await self.read(leader)
                if page and (back := self._withdrawals.applied(page.conversation, now)) != page.conversation:
                    await self.write(Entry(back, at=now))

    @property
    def shelf(self) -> Shelf:
        """What this keeper holds, for the keeper of teams, whose files lie among the leaders'."""
        return self._shelf

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

    async def _change(self, leader: LeaderId, change: Callable[[LeaderFile], None]) -> None:
        file = await self._opened(leader)
        # What a failed write left is read from the disk again, not guessed from memory.
        self._recent.drop(leader)
        await self._written(leader, file, lambda: change(file))
        self._remember(leader, file, changed=True)

    def _put(self, file: LeaderFile, entry: Entry) -> None:
        # First the ledger: a restore that takes back too much is noticed by her, one that takes back too little by nobody.
        self._withdrawals.note(entry.conversation)
        file.write(entry)

    async def _erase(self, leader: LeaderId) -> None:
        self._recent.drop(leader)
        self._leaving.pop(leader, None)
        await self._apart(lambda: self._shelf.erase(leader))
        self._agenda.forget(leader)
        self._unsure.pop(leader, None)

    async def _opened(self, leader: LeaderId) -> LeaderFile:
        file = self._recent.get(leader)
        if file is None:
            file = self._leaving.pop(leader, None) or await self._from_disk(leader)
            self._remember(leader, file, changed=False)
        return file

    async def _from_disk(self, leader: LeaderId) -> LeaderFile:
        await self._undo(leader)
        try:
            return await self._apart(lambda: self._shelf.open(leader))
        except PageUnreadable:
            self._agenda.forget(leader)
            raise

    def _remember(self, leader: LeaderId, file: LeaderFile, *, changed: bool) -> None:
        if file.page is not None:
            self._shelf.kept(file)
            self._agenda.note(file.page.conversation, letters=bool(file.page.letters), changed=changed)
            for other, forgotten in self._recent.put(leader, file).items():
                if not forgotten.settled:
                    self._leaving[other] = forgotten
                    self._begin(other, partial(self._settle, other))

    async def _settle(self, leader: LeaderId) -> None:
        """Write the page of *leader* whole, when it is here and its newest changes stand in the tail."""
        await self._undo(leader)
        file = self._leaving.pop(leader, None) or self._recent.get(leader)
        if file is not None:
            await self._written(leader, file, file.settle)

    async def _written(self, leader: LeaderId, file: LeaderFile, work: Callable[[], None]) -> None:
        """Do *work*, which writes. What is refused since nobody knows whether the disk has it, is undone."""
        try:
            await self._apart(work)
        except NotFlushed:
            self._unsure[leader] = file
            # At once, and when the disk does not take it yet, before the next call about this leader.
            self._begin(leader, partial(self._undo, leader))
            raise

    async def _undo(self, leader: LeaderId) -> None:
        if leader in self._unsure:
            await self._apart(self._unsure[leader].undo)
            del self._unsure[leader]

    async def _apart(self, work: Callable[[], T]) -> T:
        """Do *work* on files in a thread; after a flush that failed, nothing in memory is believed."""
        try:
            return await self._file_work.do(work)
        except NotFlushed:
            self._recent.clear()
            self._doubted = True
            raise

    async def _regain(self) -> None:
        """See, after a flush that failed, whether the disk can be trusted again. Raises KeeperUnavailable."""
        async with self._doubts:
            if self._doubted:
                await self._file_work.do(self._shelf.folder.probe)
                self._doubted = False

    async def _in_turn(self, leader: LeaderId, work: Callable[[], Awaitable[T]]) -> T:
        """Do *work* when all earlier work for *leader* is done; once begun it is finished, whoever stops waiting."""
        self._check_open()
        return await asyncio.shield(self._begin(leader, work))

    def _at_rest(self, leader: LeaderId) -> bool:
        """Return whether nothing is under way for *leader*, and what is in memory may be believed."""
        turn = self._turns.get(leader)
        return not (self._closed or self._doubted or (turn and turn.locked()))

    def _begin(self, leader: LeaderId, work: Callable[[], Awaitable[T]]) -> asyncio.Task[T]:
        async def alone() -> T:
            async with self._turns.setdefault(leader, asyncio.Lock()):
                if self._doubted:
                    await self._regain()
                return await work()

        task = asyncio.create_task(alone())
        self._under_way.add(task)
        task.add_done_callback(self._finished)
        return task

    def _finished(self, task: asyncio.Task[object]) -> None:
        self._under_way.discard(task)
        if not task.cancelled():
            # Taken here too, for the case that whoever waited for it was cancelled.
            task.exception()

    def _check_open(self) -> None:
        if self._closed:
            raise KeeperUnavailable("the keeper was closed")
