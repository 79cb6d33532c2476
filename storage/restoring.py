"""
Putting a backup back: whole, checked before anything is written, and never with what was erased, withdrawn or left since.

Until the last step the folder is marked as being restored and no keeper opens it. How a backup is made stands in
`storage/backup.py`.
"""

from __future__ import annotations

import asyncio
import hmac
import json
import re
import tarfile
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

from dialogues.errors import KeeperUnavailable, PageUnreadable
from storage import coach_book, main_file
from storage.backup import MANIFEST, PROOF, VERSION, Manifest, Progress
from storage.data_folder import FORMAT, DataFolder, Mark
from storage.in_tinydb import TinyDbKeeper
from storage.keys import KeyFolder
from storage.master_keys import KeySource
from storage.sealing import key_id_of
from storage.teams import SealedTeams

_FILE = re.compile(
    r"[0-9a-f]{32}(\.[0-9a-f]{16}\.part|\.[0-9a-f]{32}\.tail|\.page|\.team)|" + re.escape(coach_book.FILE)
)
_AT_ONCE = 64


@dataclass(frozen=True, slots=True)
class Restored:
    """How many *leaders* were put back, how many were left out as *erased*, and how many can *not* be *read* here."""

    leaders: int
    erased: int
    unreadable: int


def restore(backup: Path, folder: Path, source: KeySource, progress: Progress) -> Restored:
    """
    Put *backup* back in *folder*, which is empty or not there yet.

    Args:
        progress: told how many files are done, and of how many.

    Raises:
        KeeperUnavailable: the backup is incomplete or altered, its keys are not here, or the folder is not empty.
    """
    try:
        with tarfile.open(backup) as archive:
            manifest, keys = _checked(archive, source)
            if folder.exists() and {path.name for path in folder.iterdir()} - {"lost+found"}:
                raise KeeperUnavailable(f"{folder} is not empty. Restore into an empty folder.")
            erased = _put_back(archive, manifest, keys, folder, progress)
    except (OSError, tarfile.TarError, EOFError) as error:
        raise KeeperUnavailable(f"The backup {backup} cannot be read: it is incomplete or no backup.") from error
    unreadable = asyncio.run(_settle(folder, source))
    leaders = sum(name.endswith(main_file.ENDING) for name in manifest.files) - erased
    return Restored(leaders, erased, unreadable)


def _checked(archive: tarfile.TarFile, source: KeySource) -> tuple[Manifest, KeyFolder]:
    """Return the manifest, held against every file and against the keys. Raises KeeperUnavailable."""
    names = archive.getnames()
    if names[-2:] != [MANIFEST, PROOF]:
        raise KeeperUnavailable("The backup is incomplete. Nothing was restored.")
    content = _content(archive, MANIFEST)
    manifest = _manifest(content)
    keys = KeyFolder(source)
    keys.open(manifest.keys)
    genuine = hmac.compare_digest(keys.token(content).encode(), _content(archive, PROOF))
    if not genuine or sorted(manifest.files) != sorted(names[:-2]):
        raise KeeperUnavailable("The backup was altered. Nothing was restored.")
    for name, checksum in manifest.files.items():
        if not _FILE.fullmatch(name) or sha256(_content(archive, name)).hexdigest() != checksum:
            raise KeeperUnavailable("The backup was altered or damaged. Nothing was restored.")
    return manifest, keys


def _manifest(content: bytes) -> Manifest:
    try:
        match json.loads(content):
            case {"backup": int(version), "keys": str(keys), "files": dict(files)} if 1 <= version <= VERSION:
                return Manifest(keys, files)
    except ValueError:
        pass
    raise KeeperUnavailable("The backup has no manifest that this version knows. Nothing was restored.")


def _content(archive: tarfile.TarFile, name: str) -> bytes:
    file = archive.extractfile(name)
    return file.read() if file else b""


def _put_back(archive: tarfile.TarFile, manifest: Manifest, keys: KeyFolder, folder: Path, progress: Progress) -> int:
    """Write what was not erased since, and return how many leaders were."""
    data = DataFolder(folder)
    try:
        data.claim(Mark(FORMAT, manifest.keys, restoring=True))
        names, erased = list(manifest.files), 0
        for start in range(0, len(names), _AT_ONCE):
            files = {name: _content(archive, name) for name in names[start : start + _AT_ONCE]}
            gone = {name for name, content in files.items() if _is_erased(keys, content)}
            erased += sum(name.endswith(main_file.ENDING) for name in gone)
            book = files.pop(coach_book.FILE, None)
            data.leaders.replace_each({name: content for name, content in files.items() if name not in gone})
            if book is not None:
                data.folder.replace(coach_book.FILE, book)
            progress(min(start + _AT_ONCE, len(names)), len(names))
        return erased
    finally:
        data.close()


def _is_erased(keys: KeyFolder, content: bytes) -> bool:
    try:
        return keys.erased(key_id_of(content))
    except PageUnreadable:
        return False


async def _settle(folder: Path, source: KeySource) -> int:
    """Take back what was withdrawn and left since, then open the store for all; return how many pages cannot be read."""
    keeper = TinyDbKeeper(folder, source, restoring=True)
    try:
        await keeper.take_back(datetime.now(UTC))
        teams = SealedTeams(keeper.shelf)
        try:
            await teams.take_back(datetime.now(UTC))
        finally:
            await teams.close()
        keeper.release()
        return keeper.damaged()
    finally:
        await keeper.close()
