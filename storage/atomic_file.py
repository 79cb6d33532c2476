"""
Folders in which a file that is replaced is either wholly the old or wholly the new.

A file is replaced by writing a new one beside it, flushing that to the disk, renaming it over the old one and flushing
the folder, so that a kill or a power cut leaves one of the two. What is added to a file may stand in part after a crash:
whoever adds has to be able to tell. Threads that need the same folder flushed share one flush. Nothing here knows what
the content means.
"""

from __future__ import annotations

import errno
import threading
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path

from dialogues.errors import KeeperUnavailable, PageUnreadable
from storage import disk

UNFINISHED = ".tmp"
"""What a name ends on while its content is being written. Such a file is worth nothing once its writer is gone."""


class NotFlushed(KeeperUnavailable):
    """The disk did not confirm a change: old or new may stand, and either may be lost. Write again before trusting."""


class Folder:
    """
    The files of one folder. For any number of threads, as long as no two change the same file.

    Raises (every method):
        KeeperUnavailable: it could not be done, and the old content still stands.
        NotFlushed: the disk did not confirm it.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._flush = _SharedFlush(path)

    def make(self) -> None:
        """Make the folder when it does not exist, with those above it, readable by the owner only."""
        try:
            disk.make_folder(self.path)
        except OSError as error:
            raise _failure(error, f"{self.path} cannot be made: {error.strerror}") from error

    def read(self, name: str) -> bytes | None:
        """Return what is in *name*, or None when there is no such file. Raises PageUnreadable when the disk fails."""
        try:
            return disk.read(self.path / name)
        except FileNotFoundError as error:
            if self.path.is_dir():
                return None
            raise KeeperUnavailable(f"{self.path} is gone") from error
        except OSError as error:
            if error.errno == errno.EIO:
                raise PageUnreadable("the disk cannot read the file") from error
            raise KeeperUnavailable(unreadable(self.path / name, error)) from error

    def replace(self, name: str, content: bytes) -> None:
        """Put *content* in *name*, on the disk before this returns, readable by the owner only."""
        self.replace_each({name: content})

    def replace_each(self, files: Mapping[str, bytes]) -> None:
        """Put each of *files* in place as `replace` does, with one flush of the folder for all."""
        for name, content in files.items():
            unfinished = self.path / (name + UNFINISHED)
            try:
                disk.write(unfinished, content)
                disk.rename(unfinished, self.path / name)
            except OSError as error:
                with suppress(OSError):
                    disk.unlink(unfinished)
                raise _failure(error, f"{self.path / name} cannot be written: {error.strerror}") from error
        self._flushed()

    def add(self, name: str, content: bytes, *, confirm: bool, name_it: bool) -> None:
        """
        Add *content* to what is in *name*, which need not be there yet. What is added may stand in part when this fails.

        Args:
            confirm: whether it, and all that was added before, is on the disk before this returns.
            name_it: whether the disk has to confirm the name of the file as well.
        """
        try:
            disk.append(self.path / name, content, confirm=confirm)
        except OSError as error:
            raise _failure(error, f"{self.path / name} cannot be written: {error.strerror}") from error
        if name_it:
            self._flushed()

    def remove(self, names: Iterable[str]) -> None:
        """Remove the files called *names*, off the disk before this returns. A missing file is no error."""
        try:
            for name in names:
                disk.unlink(self.path / name)
        except OSError as error:
            raise _failure(error, f"a file in {self.path} cannot be removed: {error.strerror}") from error
        self._flushed()

    def discard(self, names: Iterable[str]) -> None:
        """Remove the files called *names*, which nothing names any more. One that stays for now does no harm."""
        for name in names:
            with suppress(OSError):
                disk.unlink(self.path / name)

    def shred(self, names: Iterable[str]) -> None:
        """Write over the files called *names*, then remove them, off the disk before this returns."""
        try:
            for name in names:
                path = self.path / name
                with suppress(FileNotFoundError):
                    disk.overwrite(path, bytes(path.stat().st_size))
        except OSError as error:
            raise _failure(error, f"a file in {self.path} cannot be written: {error.strerror}") from error
        self.remove(names)

    def names(self, ending: str = "") -> list[str]:
        """Return the names that end on *ending*, in order."""
        try:
            return sorted(path.name for path in self.path.iterdir() if path.name.endswith(ending))
        except OSError as error:
            raise KeeperUnavailable(unreadable(self.path, error)) from error

    def _flushed(self) -> None:
        try:
            self._flush()
        except OSError as error:
            raise _failure(error, f"{self.path} cannot be flushed: {error.strerror}") from error


class _SharedFlush:
    """Flushes one folder for all threads that ask while a flush is under way, at once. A failure is everyone's."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._count = threading.Lock()
        self._turn = threading.Lock()
        self._asked = self._done = self._failed = 0

    def __call__(self) -> None:
        with self._count:
            self._asked += 1
            mine = self._asked
        with self._turn:
            if self._failed >= mine:
                raise disk.FlushFailed(errno.EIO, "a shared flush failed")
            if self._done >= mine:
                return
            with self._count:
                covered = self._asked
            try:
                disk.flush_folder(self._folder)
            except OSError:
                self._failed = covered
                raise
            self._done = covered


def _failure(error: OSError, said: str) -> KeeperUnavailable:
    return NotFlushed(said) if isinstance(error, disk.FlushFailed) else KeeperUnavailable(said)


def unreadable(path: Path, error: OSError) -> str:
    """Return what an operator is told about *path* that cannot be read, with what to do about it."""
    return f"{path} cannot be read: {error.strerror}. Give this account the right to read it, or put it back."
