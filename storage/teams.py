"""
Keeps the pages of teams in sealed files, in the data folder that a keeper of leaders owns.

As there (`storage/in_tinydb.py`): calls about one team run strictly one after another, calls about different teams at once,
file work runs in threads, and after a flush that failed nothing in memory is believed.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from datetime import datetime
from typing import TypeVar
from weakref import WeakValueDictionary

from dialogues.conversation import LeaderId
from dialogues.errors import KeeperUnavailable, PageUnreadable
from dialogues.team.ports import TeamEntry, TeamLetter, TeamPage
from dialogues.team.values import TeamId
from storage.atomic_file import NotFlushed
from storage.file_work import FileWork
from storage.leavings import Leavings
from storage.sealing import key_id_of
from storage.shelf import Shelf
from storage.team_agenda import TeamAgenda
from storage.team_file import ENDING, TeamFile, owner_of

T = TypeVar("T")

_THREADS = 8
_OPEN = 512
"""Pages that are remembered; one that is not is read again."""


class SealedTeams:
    """
    A keeper of teams on files. Making one blocks while it reads every page once; `close` it before the *shelf*.

    Raises:
        KeeperUnavailable: the folder cannot be read.
    """

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf
        self._agenda = TeamAgenda()
        self._leavings = Leavings(shelf.keys)
        self._present: set[str] = set()
        self._files: dict[TeamId, TeamFile] = {}
        self._turns: WeakValueDictionary[TeamId, asyncio.Lock] = WeakValueDictionary()
        self._under_way: set[asyncio.Task[object]] = set()
        self._unsettled: set[TeamId] = set()
        self._doubted = False
        self._closed = False
        self.damaged = 0
        self._look()
        self._file_work = FileWork(_THREADS)

    async def read(self, team: TeamId) -> TeamPage | None:
        """Return everything kept of *team*, or None when nothing is."""
        return await self._in_turn(team, lambda: self._read(team))

    async def write(self, entry: TeamEntry) -> None:
        """Keep *entry*, on disk and all at once, before returning."""
        team = entry.team.id
        await self._in_turn(team, lambda: self._change(team, lambda file: self._put(file, entry)))

    async def delivered(self, team: TeamId, note: TeamLetter, message: int = 0) -> None:
        """Take *note* off the outbox."""
        await self._in_turn(team, lambda: self._change(team, lambda file: file.delivered(note, message)))

    async def erase(self, team: TeamId) -> None:
        """Forget *team* wholly, also when its page is damaged, and in every backup, since its key is destroyed."""
        await self._in_turn(team, lambda: self._erase(team))

    def at(self, address: str) -> TeamId | None:
        """Return the team whose group has *address*."""
        return self._agenda.at(address)

    def of(self, member: LeaderId) -> Sequence[TeamId]:
        """Return the teams *member* belongs to, oldest first."""
        return self._agenda.of(member)

    def due(self, now: datetime) -> Sequence[TeamId]:
        """Return the teams to look at by *now*."""
        return self._agenda.due(now)

    def waiting(self) -> Sequence[TeamId]:
        """Return the teams that have notes waiting."""
        return self._agenda.waiting()

    def writing(self, member: LeaderId) -> tuple[TeamId, datetime] | None:
        """Return the team for which *member* was asked to write something privately, and when."""
        return self._agenda.writing(member)

    async def take_back(self, now: datetime) -> None:
        """Forget again whoever left since what is here was written: a step of a restore."""
        for team in self._agenda.all():
            with suppress(PageUnreadable):
                page = await self.read(team)
                entry = self._leavings.applied(page, now) if page else None
                if entry:
                    await self.write(entry)

    async def close(self) -> None:
        """Finish what is under way."""
        if not self._closed:
            self._closed = True
            await asyncio.gather(*self._under_way, return_exceptions=True)
            self._file_work.close()

    def _look(self) -> None:
        """Remove what was erased and came back, and note what every readable page plans."""
        folder, keys = self._shelf.folder.leaders, self._shelf.keys
        for file in folder.names(ENDING):
            name = file.removesuffix(ENDING)
            try:
                if keys.erased(key_id_of(folder.read(file) or b"")):
                    folder.remove([file])
                    continue
                page = TeamFile(folder, keys, name, expected=True).page
            except PageUnreadable:
                self.damaged += 1
                self._present.add(name)
                continue
            self._present.add(name)
            if page:
                self._agenda.note(page)

    async def _read(self, team: TeamId) -> TeamPage | None:
        return (await self._opened(team)).page

    async def _change(self, team: TeamId, change: Callable[[TeamFile], None]) -> None:
        file = await self._opened(team)
        # What a failed write left is read from the disk again, not guessed from memory.
        self._files.pop(team, None)
        await self._apart(team, lambda: change(file))
        self._remember(team, file)

    def _put(self, file: TeamFile, entry: TeamEntry) -> None:
        self._leavings.note(file.page, entry)
        file.write(entry)

    async def _erase(self, team: TeamId) -> None:
        self._files.pop(team, None)
        self._agenda.forget(team)
        await self._apart(team, lambda: self._destroy(team))
        self._unsettled.discard(team)

    def _destroy(self, team: TeamId) -> None:
        folder, keys = self._shelf.folder.leaders, self._shelf.keys
        name = keys.name_of(owner_of(team))
        key_ids = keys.key_ids()[name]
        with suppress(PageUnreadable):
            key_ids.add(key_id_of(folder.read(name + ENDING) or b""))
        keys.destroy(name, key_ids)
        folder.remove([name + ENDING])
        self._present.discard(name)

    async def _opened(self, team: TeamId) -> TeamFile:
        file = self._files.get(team)
        if file is None:
            name = self._shelf.keys.name_of(owner_of(team))
            folder, keys, expected = self._shelf.folder.leaders, self._shelf.keys, name in self._present
            try:
                file = await self._apart(team, lambda: TeamFile(folder, keys, name, expected=expected))
            except PageUnreadable:
                self._agenda.forget(team)
                raise
            if team in self._unsettled:
                await self._apart(team, file.settle)
                self._unsettled.discard(team)
            self._remember(team, file)
        return file

    def _remember(self, team: TeamId, file: TeamFile) -> None:
        if file.page is not None:
            self._present.add(self._shelf.keys.name_of(owner_of(team)))
            self._agenda.note(file.page)
            self._files.pop(team, None)
            self._files[team] = file
            if len(self._files) > _OPEN:
                self._files.pop(next(iter(self._files)))

    async def _apart(self, team: TeamId, work: Callable[[], T]) -> T:
        """Do *work* in a thread; after a flush that failed, nothing in memory is believed."""
        try:
            return await self._file_work.do(work)
        except NotFlushed:
            self._unsettled.add(team)
            self._files.clear()
            self._doubted = True
            raise

    async def _in_turn(self, team: TeamId, work: Callable[[], Awaitable[T]]) -> T:
        """Do *work* when all earlier work for *team* is done; once begun it is finished, whoever stops waiting."""
        if self._closed:
            raise KeeperUnavailable("the keeper was closed")

        async def alone() -> T:
            async with self._turns.setdefault(team, asyncio.Lock()):
                if self._doubted:
                    await self._file_work.do(self._shelf.folder.probe)
                    self._doubted = False
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
