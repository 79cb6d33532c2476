"""
Taking hold of a data folder: one process at a time, and never an empty store in place of one that cannot be read.

In the folder stand `store.json` (that it is ours, and in which format), `owner.lock` (who has it open) and `leaders/`
(one file per leader). Errors here are sentences for the operator. What is in the leaders' files is not looked at.
"""

from __future__ import annotations

import json
import os
import socket
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

from filelock import FileLock, Timeout

from dialogues.conversation import LeaderId
from dialogues.errors import KeeperBusy, KeeperUnavailable
from storage.atomic_file import UNFINISHED, flush_folder, replace_file

FORMAT = 1
"""The format of the folder as a whole; pages have their own, in `storage/journal.py`."""

_MARK, _LOCK, _LEADERS = "store.json", "owner.lock", "leaders"
_HARMLESS = {_LOCK, _LEADERS, _MARK + UNFINISHED, "lost+found"}
_PATIENCE_SECONDS = 1.0


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
        self._folder = folder
        self._lock = FileLock(
            folder / _LOCK,
            timeout=_PATIENCE_SECONDS,
            mode=0o600,
            thread_local=False,
            fallback_to_soft=False,
            on_acquired=_name_holder,
        )
        try:
            if not folder.exists():
                folder.mkdir(mode=0o700, parents=True)
                flush_folder(folder.parent)
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

    def file_of(self, leader: LeaderId) -> Path:
        """Return where the page of *leader* is, or would be. The name does not show who it is."""
        name = sha256(leader.encode("utf-8", "surrogatepass")).hexdigest()[:32]
        return self._folder / _LEADERS / f"{name}.json"

    def files(self) -> list[Path]:
        """Return the files of all leaders, made private if they were not. Raises KeeperUnavailable."""
        try:
            found = sorted((self._folder / _LEADERS).glob("*.json"))
            for path in found:
                path.chmod(0o600)
        except OSError as error:
            raise _unusable(self._folder, error) from error
        return found

    def close(self) -> None:
        """Let the next process in."""
        self._lock.release()

    def _check(self) -> None:
        names = {path.name for path in self._folder.iterdir()}
        if _MARK in names:
            _check_mark(self._folder / _MARK)
            if _LEADERS not in names:
                raise KeeperUnavailable(f'The data folder {self._folder} lacks its folder "leaders". Restore a backup.')
        elif names - _HARMLESS or (_LEADERS in names and any((self._folder / _LEADERS).glob("*.json"))):
            raise KeeperUnavailable(
                f"{self._folder} holds other files and no {_MARK}, so it is no data folder of Mindshift. "
                "Choose an empty folder, or restore a whole backup.",
            )

    def _prepare(self) -> None:
        """Check again, now that nobody else can change it; make what is missing and remove what a crash left."""
        self._check()
        leaders = self._folder / _LEADERS
        leaders.mkdir(mode=0o700, exist_ok=True)
        for folder in (self._folder, leaders):
            if folder.stat().st_uid == os.geteuid():
                folder.chmod(0o700)
            for path in folder.glob("*" + UNFINISHED):
                path.unlink()
        if not (self._folder / _MARK).exists():
            flush_folder(self._folder)
            replace_file(self._folder / _MARK, json.dumps({"store": "mindshift", "format": FORMAT}).encode())
        probe = leaders / ("probe" + UNFINISHED)
        probe.touch(mode=0o600)
        probe.unlink()

    def _holder(self) -> str:
        try:
            holder = json.loads((self._folder / _LOCK).read_bytes())
            return f"process {holder['pid']} on {holder['host']} since {holder['since']}"
        except (OSError, ValueError, LookupError, TypeError):
            return "another process"


def _name_holder(descriptor: int) -> None:
    """Write into the lock file who holds it, for whoever is refused."""
    holder = {"pid": os.getpid(), "host": socket.gethostname(), "since": datetime.now(UTC).isoformat("T", "seconds")}
    os.ftruncate(descriptor, 0)
    os.pwrite(descriptor, json.dumps(holder).encode(), 0)


def _check_mark(path: Path) -> None:
    owner = path.stat().st_uid
    if owner != os.geteuid():
        raise KeeperUnavailable(
            f"{path} belongs to account {owner} and this is account {os.geteuid()}. Start as {owner}."
        )
    try:
        mark = json.loads(path.read_bytes())
        number = mark["format"] if mark["store"] == "mindshift" else None
    except (ValueError, LookupError, TypeError):
        number = None
    if type(number) is not int:
        raise KeeperUnavailable(f"{path} is damaged. Restore it from a backup.")
    if number > FORMAT:
        raise KeeperUnavailable(f"{path} was written by a newer Mindshift (format {number}). Install that version.")


def _unusable(folder: Path, error: OSError) -> KeeperUnavailable:
    return KeeperUnavailable(f"The data folder {folder} cannot be used: {error.strerror} ({error.filename or folder}).")
