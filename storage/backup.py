"""
A backup: one tar file of a store, taken while the bot is at work.

In it stand the sealed files of all leaders, the book of coaches and, at the end, a manifest with the checksum of each,
proven with the keys of the store. The keys are not in it, so that a key that is destroyed closes every backup too; see
decision 9. How a backup is put back stands in `storage/restoring.py`.
"""

from __future__ import annotations

import io
import json
import os
import tarfile
import time
from collections.abc import Callable, Collection
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from dialogues.errors import KeeperUnavailable, PageUnreadable
from storage import coach_book, disk, main_file, team_file
from storage.atomic_file import UNFINISHED, Folder
from storage.data_folder import LEADERS
from storage.keys import KeyFolder, keys_of
from storage.leader_file import files_by_leader, glance_at
from storage.master_keys import KeySource

VERSION = 2
"""
The version of backups. In version 1 every change in a tail said the whole conversation: a program that knows only those
would take the newest changes for damage.
"""

MANIFEST, PROOF = "manifest.json", "manifest.proof"
_TRIES, _PAUSE_SECONDS = 100, 0.02

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup holds: the *keys* it needs, by the id of their store, and its *files* with their SHA-256."""

    keys: str
    files: dict[str, str]

    def content(self) -> bytes:
        """Return the manifest as it stands in a backup."""
        return json.dumps({"backup": VERSION, "keys": self.keys, "files": self.files}, sort_keys=True).encode()


def back_up(folder: Path, source: KeySource, target: Path, progress: Progress) -> int:
    """
    Write a backup of the store in *folder* to *target* and return how many leaders are in it.

    It may run beside the bot: of each leader it holds one moment, of different leaders different ones.

    Args:
        progress: told how many leaders are done, and of how many.

    Raises:
        KeeperUnavailable: it could not be done, and what was at *target* still stands.
    """
    store, keys = keys_of(folder, source)
    unfinished = target.with_name(target.name + UNFINISHED)
    try:
        with open(unfinished, "wb", opener=_private) as file:
            with tarfile.open(fileobj=file, mode="w") as archive:
                count, files = _add_leaders(archive, Folder(folder / LEADERS), keys, progress)
                files |= _add_book(archive, Folder(folder))
                manifest = Manifest(store, files).content()
                _add(archive, MANIFEST, manifest)
                _add(archive, PROOF, keys.token(manifest).encode())
            file.flush()
            os.fsync(file.fileno())
        disk.rename(unfinished, target)
        disk.flush_folder(target.parent)
    except OSError as error:
        raise KeeperUnavailable(f"The backup {target} cannot be written: {error.strerror}.") from error
    finally:
        with suppress(OSError):
            unfinished.unlink(missing_ok=True)
    return count


def _add_leaders(
    archive: tarfile.TarFile, folder: Folder, keys: KeyFolder, progress: Progress
) -> tuple[int, dict[str, str]]:
    leaders = files_by_leader(folder)
    checksums: dict[str, str] = {}
    count = 0
    for file in folder.names(team_file.ENDING):
        if (content := folder.read(file)) is not None:  # erased meanwhile
            _add(archive, file, content)
            checksums[file] = sha256(content).hexdigest()
    for done, (name, listed) in enumerate(sorted(leaders.items()), 1):
        files = _one_moment(folder, keys, name, listed)
        for file, content in files.items():
            _add(archive, file, content)
            checksums[file] = sha256(content).hexdigest()
        count += bool(files)
        progress(done, len(leaders))
    return count, checksums


def _add_book(archive: tarfile.TarFile, folder: Folder) -> dict[str, str]:
    """Add the book of coaches, when there is one."""
    content = folder.read(coach_book.FILE)
    if content is None:
        return {}
    _add(archive, coach_book.FILE, content)
    return {coach_book.FILE: sha256(content).hexdigest()}


def _one_moment(folder: Folder, keys: KeyFolder, name: str, listed: set[str]) -> dict[str, bytes]:
    """
    Return the files of leader *name* as they were together, or those *listed* when the page is damaged.

    Segments never change, a tail only grows, and what a main file names is removed only after that was replaced. So one
    main file with all that it names is one moment; when it was replaced meanwhile, its successor is read. A change that
    was added while the tail was read may stand there in part, as after a crash.
    """
    main = name + main_file.ENDING
    for _ in range(_TRIES):
        before = folder.read(main)
        try:
            seen = glance_at(folder, keys, name)
            named: Collection[str] = {*seen.segments, seen.tail}
        except PageUnreadable:
            named = listed - {main}
        parts = {part: folder.read(part) for part in sorted(named)}
        if folder.read(main) == before:
            return {file: content for file, content in {main: before, **parts}.items() if content is not None}
        time.sleep(_PAUSE_SECONDS)
    raise KeeperUnavailable(f"The page {name[:8]} changes all the time. Try again at a quieter moment.")


def _add(archive: tarfile.TarFile, name: str, content: bytes) -> None:
    member = tarfile.TarInfo(name)
    member.size, member.mode = len(content), 0o600
    archive.addfile(member, io.BytesIO(content))


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, mode=0o600)
