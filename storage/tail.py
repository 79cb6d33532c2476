"""
The tail of a main file: the changes since it was written, each a sealed record, added one behind the other.

To add a record takes one short write and one flush, where replacing the main file takes a new file, a flush, a rename
and a flush of the folder. A tail carries the tag of its main file in its name: once that was replaced, its tail is
nobody's any more, so no change is ever taken twice. What a crash left of a last record was confirmed to nobody and is
passed over; anything else that does not open is damage. What a change says stands in `storage/changes.py`; when the
main file is written instead, in `storage/leader_file.py`; why there is a tail, in decision 11. Blocking.
"""

from __future__ import annotations

from dialogues.errors import PageUnreadable
from storage.atomic_file import Folder
from storage.sealed_storage import Safe
from storage.sealing import CHANGE_LINE, bounds_at

ENDING = ".tail"
FULL = 64 * 1024
"""How many bytes a tail has at most. More are read and taken again at an opening, fewer replace main files more often."""

_BEGINNING = b"mindshift change "
_SECTOR = 512
"""What a disk writes wholly or not at all. Where it did not get to a sector of a file that grew, zeros are read."""


class Tail:
    """
    The changes behind the main file that has *tag*. *size* is how many bytes they take.

    Args:
        tag: that of the main file; see `sealing.tag_of`.
    """

    def __init__(self, folder: Folder, safe: Safe, tag: str) -> None:
        self._folder, self._safe = folder, safe
        self.name = name_of(safe.name, tag)
        self.size = 0
        self._count = 0
        self._named = False
        self._whole = True

    @property
    def empty(self) -> bool:
        """Whether nothing stands in it, not even a part of a change."""
        return self._whole and self.size == 0

    def read(self) -> list[bytes]:
        """
        Return the content of each change, in order.

        Raises:
            PageUnreadable: a change is damaged or missing.
            KeeperUnavailable: the tail cannot be read.
        """
        content = self._folder.read(self.name)
        changes: list[bytes] = []
        if not content:
            self._whole = content is None
            return changes
        while self.size < len(content):
            bounds = bounds_at(content, self.size)
            end = len(content) if bounds is None else bounds.end
            try:
                changes.append(self._safe.open_change(self.name, content[self.size : end]))
            except PageUnreadable:
                if not _left_by_a_crash(content, self.size):
                    raise
                self._whole = False
                break
            if bounds is None or bounds.number != len(changes):
                raise PageUnreadable("a change is missing")
            self.size = end
        self._count = len(changes)
        return changes

    def takes(self, content: bytes) -> bool:
        """Return whether *content* may be added: there is room, and nothing stands behind the last whole change."""
        return self._whole and self.size + CHANGE_LINE + len(content) <= FULL

    def add(self, content: bytes, *, confirm: bool) -> None:
        """
        Add *content* as the next change, with *confirm* on the disk before this returns.

        Raises:
            KeeperUnavailable: it could not be done, and nothing more may be added. NotFlushed is among them.
        """
        sealed = self._safe.close_change(self.name, self._count + 1, content)
        self._whole = False
        self._folder.add(self.name, sealed, confirm=confirm, name_it=confirm and not self._named)
        self._named = self._named or confirm
        self._whole = True
        self._count += 1
        self.size += len(sealed)

    def discard(self) -> None:
        """Remove the tail, which belongs to no main file any more."""
        self._folder.discard([self.name])


def name_of(name: str, tag: str) -> str:
    """Return the name of the tail of the main file of leader *name* that has *tag*."""
    return f"{name}.{tag}{ENDING}"


def _left_by_a_crash(content: bytes, start: int) -> bool:
    """Return whether what stands from *start* on is what a write leaves that was broken off: cut short, or with gaps."""
    bounds = bounds_at(content, start)
    if bounds is not None:
        short = bounds.end > len(content)
    else:
        rest = content[start : start + CHANGE_LINE]
        short = len(rest) < CHANGE_LINE and rest[: len(_BEGINNING)] == _BEGINNING[: len(rest)]
    first = start // _SECTOR * _SECTOR
    sectors = (content[max(at, start) : at + _SECTOR] for at in range(first, len(content), _SECTOR))
    return short or not all(any(sector) for sector in sectors)
