"""
Taking hold of a data folder: one process at a time, and never an empty store in place of one that cannot be read.

In the folder stand `store.json` (that it is ours, in which format, and which keys it needs), `owner.lock` (who has it
open) and `leaders/` (the files of all leaders). Errors here are sentences for the operator. What is in the leaders'
files is not looked at.
"""

from __future__ import annotations

import json
import os
import re
import socket
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock, Timeout

from dialogues.errors import KeeperBusy, KeeperUnavailable
from storage import disk
from storage.atomic_file import UNFINISHED, Folder

FORMAT = 4
"""
The format of the folder as a whole; pages have their own, in `storage/journal.py`. Format 1 was not encrypted, in format
2 no page had a tail, and in format 3 a change in it said the whole conversation: who knows only those would not see the
newest changes, or take them for damage.
"""

_ENCRYPTED = 2

MARK, LEADERS = "store.json", "leaders"
_LOCK = "owner.lock"
_HARMLESS = {_LOCK, LEADERS, MARK + UNFINISHED, "lost+found"}
_PATIENCE_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Mark:
    """What `store.json` says: the *format*, the id of the *keys* (None in format 1), and an unfinished restore."""

    format: int
    keys: str | None = None
    restoring: bool = False


class DataFolder:
    """
    A data folder this process owns until `close`. A process that died owns nothing: the kernel drops its lock.

    Args:
        folder: made when it does not exist. It must be empty or a data folder of ours, on a local disk.

    Raises:
        KeeperBusy: another process owns it; the error names that process.
        KeeperUnavailable: it cannot be used; nothing in it was changed.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = Folder(folder)
        self.leaders = Folder(folder / LEADERS)
        self._lock = FileLock(
            folder / _LOCK,
            timeout=_PATIENCE_SECONDS,
            mode=0o600,
            thread_local=False,
            fallback_to_soft=False,
            on_acquired=_name_holder,
        )
        try:
            disk.make_folder(folder)
            self._check()
            self._lock.acquire()
        except Timeout:
            raise KeeperBusy(f"The data folder {folder} is in use by {self._holder()}. Stop that one first.") from None
        except OSError as error:
            raise _unusable(folder, error) from error
        try:
            self._prepare()
        except OSError as error:
            self.close()
            raise _unusable(folder, error) from error
        except KeeperUnavailable:
            self.close()
            raise

    def mark(self) -> Mark | None:
        """Return what `store.json` says, or None in a new folder. Raises KeeperUnavailable."""
        return mark_in(self.folder.path)

    def claim(self, mark: Mark) -> None:
        """Put *mark* on the folder: from now on it is a store. Raises KeeperUnavailable."""
        document = {"store": "mindshift", "format": mark.format, "keys": mark.keys}
        if mark.restoring:
            document["restoring"] = True
        self.folder.replace(MARK, json.dumps(document).encode())

    def probe(self) -> None:
        """See whether the disk takes and confirms a file again. Raises KeeperUnavailable."""
        name = "probe" + UNFINISHED
        self.leaders.replace(name, b"probe")
        self.leaders.remove([name])
        if self.mark() is None:
            raise KeeperUnavailable(f"The data folder {self.folder.path} lost its {MARK}. Restore a backup.")

    def close(self) -> None:
        """Let the next process in."""
        self._lock.release()

    def _check(self) -> None:
        folder = self.folder.path
        names = {path.name for path in folder.iterdir()}
        if mark_in(folder) is not None:
            if LEADERS not in names:
                raise KeeperUnavailable(f'The data folder {folder} lacks its folder "leaders". Restore a backup.')
        elif names - _HARMLESS or _holds_pages(folder / LEADERS):
            raise KeeperUnavailable(
                f"{folder} holds other files and no {MARK}, so it is no data folder of Mindshift. "
                "Choose an empty folder, or restore a whole backup.",
            )

    def _prepare(self) -> None:
        """Check again, now that nobody else can change it; make what is missing and remove what a crash left."""
        self._check()
        disk.make_folder(self.leaders.path)
        for folder in (self.folder.path, self.leaders.path):
            if folder.stat().st_uid == os.geteuid():
                folder.chmod(0o700)
        for path in [*self.folder.path.glob("*" + UNFINISHED), *self.leaders.path.iterdir()]:
            if path.name.endswith(UNFINISHED):
                disk.unlink(path)
            else:
                path.chmod(0o600)
        probe = self.leaders.path / ("probe" + UNFINISHED)
        probe.touch(mode=0o600)
        probe.unlink()

    def _holder(self) -> str:
        try:
            holder = json.loads((self.folder.path / _LOCK).read_bytes())
            return f"process {holder['pid']} on {holder['host']} since {holder['since']}"
        except (OSError, ValueError, LookupError, TypeError):
            return "another process"


def holds_store(folder: Path) -> bool:
    """Return whether *folder* holds a store, or what is left of one. Raises KeeperUnavailable."""
    try:
        return mark_in(folder) is not None or _holds_pages(folder / LEADERS)
    except OSError as error:
        raise _unusable(folder, error) from error


def _holds_pages(leaders: Path) -> bool:
    return leaders.is_dir() and any(not path.name.endswith(UNFINISHED) for path in leaders.iterdir())


def mark_in(folder: Path) -> Mark | None:
    """
    Return what `store.json` in *folder* says, or None when it is not there.

    Raises:
        KeeperUnavailable: it is damaged, of somebody else, or of a newer program.
    """
    path = folder / MARK
    try:
        owner, content = path.stat().st_uid, path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise _unusable(folder, error) from error
    if owner != os.geteuid():
        raise KeeperUnavailable(
            f"{path} belongs to account {owner} and this is account {os.geteuid()}. Start as {owner}."
        )
    mark = _parsed(content)
    if mark is None:
        raise KeeperUnavailable(f"{path} is damaged. Restore it from a backup.")
    if mark.format > FORMAT:
        raise KeeperUnavailable(
            f"{path} was written by a newer Mindshift (format {mark.format}). Install that version."
        )
    return mark


def _parsed(content: bytes) -> Mark | None:
    try:
        document = json.loads(content)
        store, number, keys = document["store"], document["format"], document.get("keys")
    except (ValueError, LookupError, TypeError, AttributeError):
        return None
    known = keys is None or (isinstance(keys, str) and re.fullmatch("[0-9a-f]{32}", keys))
    if store != "mindshift" or type(number) is not int or not known or (number >= _ENCRYPTED and keys is None):
        return None
    return Mark(number, keys, restoring="restoring" in document)


def _name_holder(descriptor: int) -> None:
    """Write into the lock file who holds it, for whoever is refused."""
    holder = {"pid": os.getpid(), "host": socket.gethostname(), "since": datetime.now(UTC).isoformat("T", "seconds")}
    os.ftruncate(descriptor, 0)
    os.pwrite(descriptor, json.dumps(holder).encode(), 0)


def _unusable(folder: Path, error: OSError) -> KeeperUnavailable:
    return KeeperUnavailable(
        f"The data folder {folder} cannot be used: {error.strerror} ({error.filename or folder}). "
        "Give this account the right to read and write it, or set MINDSHIFT_DATA to another folder."
    )
