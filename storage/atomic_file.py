"""
Files that are either wholly the old or wholly the new, and that show it when a bit in them changed.

A sealed file has one line with a checksum, then its content. It is replaced by writing a new file beside it, flushing
that to the disk, renaming it over the old one and flushing the folder, so that a kill or a power cut leaves one of
the two. Nothing here knows what the content means.
"""

from __future__ import annotations

import errno
import os
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

from dialogues.errors import KeeperUnavailable, PageUnreadable

UNFINISHED = ".tmp"
"""What a name ends on while its content is being written. Such a file is worth nothing once its writer is gone."""

_PRIVATE = 0o600
_SEAL = b"mindshift sealed sha256="


def seal(content: bytes) -> bytes:
    """Return *content* with its checksum line before it."""
    return _SEAL + sha256(content).hexdigest().encode() + b"\n" + content


def unseal(sealed: bytes) -> bytes:
    """Return the content. Raises PageUnreadable when as much as one bit differs from what was sealed."""
    _, _, content = sealed.partition(b"\n")
    if seal(content) != sealed:
        raise PageUnreadable("the checksum does not fit the content")
    return content


def read_file(path: Path) -> bytes | None:
    """
    Return what is in *path*, or None when its folder has no such file.

    Raises:
        PageUnreadable: the disk cannot give the content back.
        KeeperUnavailable: the file cannot be read for another reason.
    """
    try:
        return path.read_bytes()
    except FileNotFoundError as error:
        if path.parent.is_dir():
            return None
        raise KeeperUnavailable(f"{path.parent} is gone") from error
    except OSError as error:
        if error.errno == errno.EIO:
            raise PageUnreadable("the disk cannot read the file") from error
        raise KeeperUnavailable(f"{path} cannot be read: {error.strerror}") from error


def replace_file(path: Path, content: bytes) -> None:
    """
    Put *content* in *path*, on the disk before this returns, readable by the owner only.

    Raises:
        KeeperUnavailable: it could not be done. The old content still stands, unless only the last step failed (the
            flush of the folder): then the new content stands, and may be lost again in a power cut. Read it back.
    """
    unfinished = path.with_name(path.name + UNFINISHED)
    try:
        _write_and_flush(unfinished, content)
        unfinished.replace(path)
        flush_folder(path.parent)
    except OSError as error:
        with suppress(OSError):
            unfinished.unlink(missing_ok=True)
        raise KeeperUnavailable(f"{path} cannot be written: {error.strerror}") from error


def remove_file(path: Path) -> None:
    """Remove *path*, on the disk before this returns. A missing file is no error. Raises KeeperUnavailable."""
    try:
        path.with_name(path.name + UNFINISHED).unlink(missing_ok=True)
        path.unlink(missing_ok=True)
        flush_folder(path.parent)
    except OSError as error:
        raise KeeperUnavailable(f"{path} cannot be removed: {error.strerror}") from error


def flush_folder(folder: Path) -> None:
    """Have the disk remember which names *folder* holds. Raises OSError."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _write_and_flush(path: Path, content: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, _PRIVATE)
    with os.fdopen(descriptor, "wb", buffering=0) as file:
        rest = memoryview(content)
        while rest:
            rest = rest[file.write(rest) :]
        os.fsync(descriptor)
