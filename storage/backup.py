"""
A backup: one tar file of a store as it was, taken while the bot is at work, and put back whole or not at all.

In it stand the sealed files of all leaders, `store.json`, and at the end a manifest with the checksum of each, proven
with the keys of the store. The keys are not in it, so that a key that is destroyed closes every backup too; see
decision 9. Putting back leaves out whoever was erased since.
"""

from __future__ import annotations

import hmac
import io
import json
import os
import tarfile
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from dialogues.errors import KeeperUnavailable, PageUnreadable
from storage import disk, leader_file, segments
from storage.atomic_file import UNFINISHED, Folder
from storage.data_folder import FORMAT, LEADERS, MARK, DataFolder, Mark, mark_in
from storage.in_tinydb import TinyDbKeeper
from storage.keys import KeyFolder
from storage.master_keys import KeySource
from storage.sealing import key_id_of

_MANIFEST = "manifest.json"
_TRIES, _PAUSE_SECONDS = 50, 0.02

Progress = Callable[[int, int], None]
Reapply = Callable[[TinyDbKeeper], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Restored:
    """How many *leaders* were put back, how many were left out as *erased*, and how many have no *key* here."""

    leaders: int
    erased: int
    keyless: int


def back_up(folder: Path, source: KeySource, target: Path, progress: Progress) -> int:
    """
    Write a backup of the store in *folder* to *target* and return how many leaders are in it.

    It may run beside the bot: of each leader it holds one moment, of different leaders different ones.

    Raises:
        KeeperUnavailable: it could not be done, and what was at *target* still stands.
    """
    mark, keys = _store(folder, source)
    unfinished = target.with_name(target.name + UNFINISHED)
    try:
        with open(unfinished, "wb", opener=_private) as file:
            count = _write(file, Folder(folder / LEADERS), keys, _mark(mark.keys), progress)
            file.flush()
            os.fsync(file.fileno())
        disk.rename(unfinished, target)
        disk.flush_folder(target.parent)
    except OSError as error:
        unfinished.unlink(missing_ok=True)
        raise KeeperUnavailable(f"The backup {target} cannot be written: {error.strerror}.") from error
    return count


def restore(source: Path, folder: Path, keys_at: KeySource, progress: Progress, reapply: Sequence[Reapply]) -> Restored:
    """
    Put the backup *source* back in *folder*, which is empty or not there yet.

    Everything is checked before anything is written. Until the last step nobody can open the folder.

    Args:
        reapply: what was decided since the backup and has to be done again before anybody is served.

    Raises:
        KeeperUnavailable: the backup is incomplete or altered, its keys are not here, or the folder is not empty.
    """
    try:
        with tarfile.open(source) as archive:
            files = _checked(archive, keys_at)
            if folder.exists() and any(folder.iterdir()):
                raise KeeperUnavailable(f"{folder} is not empty. Restore into an empty folder.")
            return _put_back(archive, files, folder, keys_at, progress, reapply)
    except (OSError, tarfile.TarError, EOFError) as error:
        raise KeeperUnavailable(f"The backup {source} cannot be read: {type(error).__name__}.") from error
