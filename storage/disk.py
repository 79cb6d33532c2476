"""
Every change that storage makes to a disk, in a handful of steps and nowhere else.

The steps are those a crash can come between: tests record them and play every crash. Each raises OSError; which error
that is to a caller, and in which order the steps make a change safe, stands in `storage/atomic_file.py`.
"""

from __future__ import annotations

import os
from pathlib import Path

_PRIVATE_FILE, _PRIVATE_FOLDER = 0o600, 0o700


class FlushFailed(OSError):
    """The disk did not confirm what it was given. What it holds now is anybody's guess."""


def read(path: Path) -> bytes:
    """Return what is in *path*."""
    return path.read_bytes()


def write(path: Path, content: bytes) -> None:
    """Put *content* in *path*, new or emptied, readable by the owner only, and have the disk confirm it."""
    _write(path, content, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)


def overwrite(path: Path, content: bytes) -> None:
    """Put *content* over the first bytes of *path*, in the same place on the disk as far as the file system allows."""
    _write(path, content, os.O_WRONLY)


def append(path: Path, content: bytes, *, confirm: bool) -> None:
    """Add *content* to *path*, made when it is not there, readable by the owner only; the disk may be told to *confirm*."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, _PRIVATE_FILE)
    try:
        _write_all(descriptor, content)
        if confirm:
            _flush(descriptor)
    finally:
        os.close(descriptor)


def rename(path: Path, target: Path) -> None:
    """Give *path* the name *target*, in place of whatever had it."""
    os.replace(path, target)  # noqa: PTH105 - tests stand in for os here


def unlink(path: Path) -> None:
    """Remove *path*. A missing file is no error."""
    try:
        os.unlink(path)  # noqa: PTH108 - as above
    except FileNotFoundError:
        return


def make_folder(path: Path) -> None:
    """Make the folder *path* and those above it, readable by the owner only, and have the disk confirm their names."""
    if not path.is_dir():
        make_folder(path.parent)
        os.mkdir(path, _PRIVATE_FOLDER)  # noqa: PTH102 - as above
        flush_folder(path.parent)


def flush_folder(folder: Path) -> None:
    """Have the disk confirm which names *folder* holds."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        _flush(descriptor)
    finally:
        os.close(descriptor)


def _write(path: Path, content: bytes, flags: int) -> None:
    descriptor = os.open(path, flags, _PRIVATE_FILE)
    try:
        _write_all(descriptor, content)
        _flush(descriptor)
    finally:
        os.close(descriptor)


def _write_all(descriptor: int, content: bytes) -> None:
    rest = memoryview(content)
    while rest:
        rest = rest[os.write(descriptor, rest) :]


def _flush(descriptor: int) -> None:
    try:
        os.fsync(descriptor)
    except OSError as error:
        raise FlushFailed(error.errno, error.strerror) from error
