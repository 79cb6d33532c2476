"""
The log of changes: one file to which every leader's latest changes are added, and flushed, together.

A log is a row of batches, each written and flushed before the next is begun. A batch has a head (that it is one, its
number, how many changes, how many bytes, and checksums), a directory that tells of each change whose key closed it,
which of that leader's changes it is and how long, and then the sealed changes. So whose a damaged change was stands
twice, in the directory and in its own first line. What a change means stands in `storage/changes.py`; which changes
are still to be carried into the pages, in `storage/replaying.py`; why there is a log, in decision 11. Blocking.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from zlib import crc32

from dialogues.errors import KeeperUnavailable
from storage import disk
from storage.atomic_file import Folder, NotFlushed
from storage.sealing import SEALED

PATTERN = re.compile(r"changes\.([0-9]{8})\.log")
_MAGIC = b"mslg"
_HEAD = struct.Struct(">4sQIIII")
"""That it is one, number, how many changes, bytes of all changes, checksum of directory, checksum of changes."""

_CHECK = struct.Struct(">I")
_ROW = struct.Struct(">16sQI")
_START = _HEAD.size + _CHECK.size
_SECTOR = 512
"""What a disk writes wholly or not at all; a part that it did not write of a new file reads as zeros."""


@dataclass(frozen=True, slots=True)
class Sealed:
    """One change as it stands in a log: change number *version* of the page that the key *key_id* closes."""

    key_id: str
    version: int
    content: bytes


class ChangeLog:
    """
    Writes the logs in *folder*, the newest of which has number *last*. For one thread at a time.

    *size* is how many bytes the log being written has, *number* which one that is.

    Raises (every method):
        KeeperUnavailable: it could not be done. Nothing may be added any more until `begin`.
        NotFlushed: the disk did not confirm it.
    """

    def __init__(self, folder: Folder, last: int) -> None:
        self._folder = folder
        self.number = last + 1
        self.size = 0
        self._batches = 0
        self._descriptor: int | None = None
        self._written: list[str] = []

    def append(self, changes: Sequence[Sealed]) -> None:
        """Add *changes*, on the disk before this returns."""
        name = name_of(self.number)
        path = self._folder.path / name
        content = batch(self._batches + 1, changes)
        try:
            if self._descriptor is None:
                self._descriptor = disk.begin(path)
                self._written.append(name)
                disk.append(self._descriptor, content)
                disk.flush_folder(self._folder.path)
            else:
                disk.append(self._descriptor, content)
        except disk.FlushFailed as error:
            raise NotFlushed(f"{path} cannot be flushed: {error.strerror}") from error
        except OSError as error:
            raise KeeperUnavailable(f"{path} cannot be written: {error.strerror}") from error
        self._batches += 1
        self.size += len(content)

    def begin(self) -> None:
        """Go on in a new log, at the next change."""
        self.close()
        self.number += 1
        self.size = self._batches = 0

    def remove_before(self, number: int) -> None:
        """Remove the logs written here with a number below *number*: all in them stands in the pages."""
        done = [name for name in self._written if name < name_of(number)]
        if done:
            self._folder.remove(done)
            self._written = [name for name in self._written if name not in done]

    def close(self) -> None:
        """Let go of the log being written."""
        if self._descriptor is not None:
            with suppress(OSError):
                disk.close(self._descriptor)
            self._descriptor = None


def name_of(number: int) -> str:
    """Return the name of log *number*; names sort as numbers do."""
    return f"changes.{number:08}.log"


def names_in(folder: Folder) -> list[str]:
    """Return the names of the logs in *folder*, oldest first. Raises KeeperUnavailable."""
    return [name for name in folder.names(".log") if PATTERN.fullmatch(name)]


def last_in(names: Iterable[str]) -> int:
    """Return the highest number among *names*, or 0."""
    return max((int(found[1]) for found in map(PATTERN.fullmatch, names) if found), default=0)


def batch(number: int, changes: Sequence[Sealed]) -> bytes:
    """Return *changes* as batch *number* of a log."""
    directory = b"".join(
        _ROW.pack(bytes.fromhex(change.key_id), change.version, len(change.content)) for change in changes
    )
    body = b"".join(change.content for change in changes)
    head = _HEAD.pack(_MAGIC, number, len(changes), len(body), crc32(directory), crc32(body))
    return b"".join((head, _CHECK.pack(crc32(head)), directory, body))


def read_log(content: bytes) -> Iterator[Sealed | None]:
    """
    Yield the changes in *content*, in order, and None where one is damaged so that nobody can tell whose it was.

    A change that is yielded may be damaged; opening it tells. What a crash left of the last batch was never confirmed to
    anybody, and is passed over.
    """
    expected = 1
    for piece in _pieces_kept(content):
        if piece.rows is None:
            yield from _traced(content, piece)
        else:
            if piece.number != expected:
                yield None
            yield from _listed(content, piece.rows, piece.end)
            expected = piece.number + 1


def confirmed(content: bytes) -> bytes:
    """Return *content* without what a crash, or reading while it was written, left of its last batch."""
    pieces = _pieces_kept(content)
    return content[: pieces[-1].end] if pieces else b""


@dataclass(frozen=True, slots=True)
class _Piece:
    """A batch with a whole directory, its *rows*; or, when that is None, a stretch in which no batch can be made out."""

    start: int
    end: int
    number: int
    rows: tuple[tuple[bytes, int, int], ...] | None
    whole: bool


def _pieces_kept(content: bytes) -> list[_Piece]:
    """Return what *content* consists of, without what a crash left at its end."""
    pieces: list[_Piece] = []
    at, least = 0, 1
    while at < len(content):
        piece = _batch_at(content, at, least)
        if piece is None:
            following = _next_batch(content, at + 1, least)
            piece = _Piece(at, following, least, None, whole=False)
        pieces.append(piece)
        at, least = piece.end, piece.number + (piece.rows is not None)
    if pieces and not pieces[-1].whole and _left_by_a_crash(content, pieces[-1]):
        pieces.pop()
    return pieces


def _batch_at(content: bytes, at: int, least: int) -> _Piece | None:
    """Return the batch at *at*, when its directory is whole and it has number *least* or a later one."""
    head = _head_at(content, at)
    if head is None or head[0] < least:
        return None
    number, count, length, directory_sum, body_sum = head
    body = at + _START + count * _ROW.size
    directory = content[at + _START : body]
    if len(directory) < count * _ROW.size or crc32(directory) != directory_sum:
        return None
    end = body + length
    whole = end <= len(content) and crc32(content[body:end]) == body_sum
    return _Piece(at, end, number, tuple(_ROW.iter_unpack(directory)), whole)


def _head_at(content: bytes, at: int) -> tuple[int, int, int, int, int] | None:
    """Return number, count, length and both checksums of the batch at *at*, when its head is whole."""
    head, check = content[at : at + _HEAD.size], content[at + _HEAD.size : at + _START]
    if not head.startswith(_MAGIC) or len(check) < _CHECK.size or _CHECK.unpack(check) != (crc32(head),):
        return None
    _, number, count, length, directory_sum, body_sum = _HEAD.unpack(head)
    return number, count, length, directory_sum, body_sum


def _next_batch(content: bytes, at: int, least: int) -> int:
    """Return where after *at* the next batch begins that can be made out, or the end."""
    at = content.find(_MAGIC, at)
    while at >= 0:
        if _batch_at(content, at, least):
            return at
        at = content.find(_MAGIC, at + 1)
    return len(content)


def _left_by_a_crash(content: bytes, piece: _Piece) -> bool:
    """Return whether *piece*, the last one, is what a write leaves that was broken off: cut short, or with gaps."""
    rest = content[piece.start :]
    head = _head_at(content, piece.start)
    if head is not None:
        short = piece.start + _START + head[1] * _ROW.size + head[2] > len(content)
    else:
        short = len(rest) < _START and rest[: len(_MAGIC)] == _MAGIC[: len(rest)]
    first = piece.start // _SECTOR * _SECTOR
    sectors = (content[max(at, piece.start) : at + _SECTOR] for at in range(first, len(content), _SECTOR))
    return short or any(not any(sector) for sector in sectors)


def _listed(content: bytes, rows: Sequence[tuple[bytes, int, int]], end: int) -> Iterator[Sealed]:
    at = end - sum(length for _, _, length in rows)
    for key_id, version, length in rows:
        yield Sealed(key_id.hex(), version, content[at : at + length])
        at += length


def _traced(content: bytes, piece: _Piece) -> Iterator[Sealed | None]:
    """Yield the changes in *piece* by their own first lines, and None when there should be more."""
    lines = list(SEALED.finditer(content, piece.start, piece.end))
    ends = [line.start() for line in lines[1:]] + [piece.end]
    for line, end in zip(lines, ends, strict=False):
        yield Sealed(line[1].decode(), int(line[2]), content[line.start() : end])
    head = _head_at(content, piece.start)
    if not lines or (head is not None and head[1] != len(lines)):
        yield None
