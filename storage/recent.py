"""The pages in use lately, so that they need not be read again. What falls out is only forgotten, never lost."""

from __future__ import annotations

from collections import OrderedDict

from dialogues.conversation import LeaderId
from storage.leader_file import LeaderFile


class Recent:
    """
    Opened files, the longest unused leaving first. Not for more than one thread.

    Args:
        pages: how many to keep at most.
        size: how large their files may be together, in bytes. In memory a page takes some six times its file.
    """

    def __init__(self, pages: int, size: int) -> None:
        self._pages = pages
        self._room = size
        self._files: OrderedDict[LeaderId, LeaderFile] = OrderedDict()
        self._sizes: dict[LeaderId, int] = {}

    def get(self, leader: LeaderId) -> LeaderFile | None:
        """Return the opened file of *leader*, if it is here."""
        if leader in self._files:
            self._files.move_to_end(leader)
        return self._files.get(leader)

    def put(self, leader: LeaderId, file: LeaderFile) -> dict[LeaderId, LeaderFile]:
        """Remember *file*, forget others when there is no room, and return those."""
        self.drop(leader)
        self._files[leader] = file
        self._sizes[leader] = size = file.size
        self._room -= size
        forgotten: dict[LeaderId, LeaderFile] = {}
        while len(self._files) > self._pages or (self._room < 0 and len(self._files) > 1):
            oldest = next(iter(self._files))
            forgotten[oldest] = self._files[oldest]
            self.drop(oldest)
        return forgotten

    def drop(self, leader: LeaderId) -> None:
        """Forget the file of *leader*, if it is here."""
        if self._files.pop(leader, None) is not None:
            self._room += self._sizes.pop(leader)

    def leaders(self) -> list[LeaderId]:
        """Return whose files are here."""
        return list(self._files)

    def clear(self) -> None:
        """Forget all files."""
        for leader in list(self._files):
            self.drop(leader)
