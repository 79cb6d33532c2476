"""
All pages of one data folder and the keys that open them: taking hold of both, finding, erasing, and clearing up.

Opening is where everything that a crash left undone is finished: erasures, pages of the first format, files that no
page names. Blocking, and for one call per leader at a time; who waits for whom is decided in `storage/in_tinydb.py`.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from dialogues.conversation import LeaderId
from dialogues.errors import KeeperUnavailable, PageUnreadable
from storage import format_one, main_file
from storage.data_folder import FORMAT, DataFolder, Mark, holds_store
from storage.keys import KeyFolder
from storage.leader_file import Glance, LeaderFile, files_by_leader, glance_at
from storage.master_keys import KeySource, beside
from storage.sealing import key_id_of


class Shelf:
    """
    The pages in *folder*, held by this process until `close`.

    Args:
        source: where the keys are; None for beside the folder.
        restoring: whether a restore that is under way may open the folder.

    Raises:
        KeeperBusy: another process owns the folder; the error names it.
        KeeperUnavailable: folder or keys cannot be used. The message is a sentence for the operator.
    """

    def __init__(self, folder: Path, source: KeySource | None = None, *, restoring: bool = False) -> None:
        source = source or KeySource(beside(folder))
        _check_apart(folder, source.folder)
        self.keys = KeyFolder(source)
        if not holds_store(folder):
            # Before anything is made: keys without their store mean that the store is somewhere else.
            self.keys.check_unused()
        self.folder = DataFolder(folder)
        try:
            self._take_hold(restoring=restoring)
        except KeeperUnavailable:
            self.folder.close()
            raise
        self.damaged: set[str] = set()
        self.present: set[str] = set()

    def close(self) -> None:
        """Let the next process in."""
        self.folder.close()

    def release(self) -> None:
        """Take the mark of a restore off the folder. Raises KeeperUnavailable."""
        mark = self.folder.mark()
        if mark is not None and mark.restoring:
            self.folder.claim(Mark(mark.format, mark.keys))

    def look(self) -> Iterator[Glance]:
        """Clear up what a crash left, then yield what every readable page shows. Damaged pages are counted."""
        self.keys.finish_erasures()
        self._remove_erased()
        self._take_over_first_format()
        for name, names in sorted(files_by_leader(self.folder.leaders).items()):
            self.present.add(name)
            try:
                seen = self._seen(name, names)
            except PageUnreadable:
                self.damaged.add(name)
                continue
            orphans = names - seen.segments - {name + main_file.ENDING, seen.tail}
            if orphans:
                self.folder.leaders.remove(orphans)
            yield seen

    def open(self, leader: LeaderId) -> LeaderFile:
        """Return the page of *leader*, opened. Raises PageUnreadable, KeeperUnavailable."""
        name = self.keys.name_of(leader)
        if format_one.name_of(leader) in self.damaged:
            raise PageUnreadable("the file of the first format is damaged")
        try:
            file = LeaderFile(self.folder.leaders, self.keys, name, expected=name in self.present)
        except PageUnreadable:
            self.damaged.add(name)
            raise
        self.damaged.discard(name)
        return file

    def kept(self, file: LeaderFile) -> None:
        """Note that something is kept in *file*, so that its absence is a loss from now on."""
        self.present.add(file.name)

    def erase(self, leader: LeaderId) -> None:
        """
        Destroy the key of *leader* and remove all files, off the disk before this returns. A stranger is no error.

        From the first step on, which is a line in the ledger, what is left undone is finished at the next opening.
        """
        name = self.keys.name_of(leader)
        folder = self.folder.leaders
        files = {file for file in folder.names() if file.startswith(f"{name}.")}
        key_ids = self.keys.key_ids()[name]
        for file in files:
            with suppress(PageUnreadable):
                key_ids.add(key_id_of(folder.read(file) or b""))
        self.keys.destroy(name, key_ids)
        first = format_one.name_of(leader)
        folder.remove([name + main_file.ENDING, *sorted(files), first])
        for gone in (name, first):
            self.present.discard(gone)
            self.damaged.discard(gone)

    def _take_hold(self, *, restoring: bool) -> None:
        mark = self.folder.mark()
        if mark is not None and mark.restoring != restoring:
            raise KeeperUnavailable(
                f"A restore into {self.folder.folder.path} was broken off. Empty that folder and restore again."
            )
        keys = self.keys.open(mark.keys if mark else None)
        self.keys.probe()
        if mark is None or mark.format < FORMAT:
            self.folder.claim(Mark(FORMAT, keys))

    def _seen(self, name: str, names: set[str]) -> Glance:
        """Return what the page of *name* shows, which has the files *names*. One with a tail has to be opened for that."""
        seen = glance_at(self.folder.leaders, self.keys, name)
        if seen.tail not in names:
            return seen
        return LeaderFile(self.folder.leaders, self.keys, name, expected=True).glance()

    def _remove_erased(self) -> None:
        known = self.keys.key_ids()
        # Whoever has a key came back after the erasure, and those files were all gone by then.
        keyless = [names for name, names in files_by_leader(self.folder.leaders).items() if name not in known]
        erased = [file for names in keyless for file in names if self._is_erased(file)]
        if erased:
            self.folder.leaders.remove(erased)

    def _is_erased(self, file: str) -> bool:
        try:
            return self.keys.erased(key_id_of(self.folder.leaders.read(file) or b""))
        except PageUnreadable:
            return False

    def _take_over_first_format(self) -> None:
        folder = self.folder.leaders
        for file in folder.names(format_one.ENDING):
            try:
                page = format_one.read(file, folder.read(file) or b"")
                name = self.keys.name_of(page.conversation.leader)
                current = LeaderFile(folder, self.keys, name, expected=False)
            except PageUnreadable:
                self.damaged.add(file)
                continue
            if current.page is None:
                current.take_over(page)
            folder.remove([file])


def _check_apart(folder: Path, keys: Path) -> None:
    one, other = folder.absolute(), keys.absolute()
    if one == other or one in other.parents or other in one.parents:
        raise KeeperUnavailable(f"The keys folder {keys} must be apart from the data folder {folder}.")
