"""
One leader's page on disk: a main file with its segments, and a tail with the changes since.

A change goes into the tail, as long as there is room in it; else the main file is replaced, and its tail is done with.
Who opens a page reads the main file and takes the changes of its tail again. Blocking: whoever calls this sees to
threads and to one call at a time. What the main file holds stands in `storage/main_file.py`, how changes stand in the
tail in `storage/tail.py`.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from pathlib import PurePath

from dialogues.conversation import Conversation
from dialogues.errors import PageUnreadable
from dialogues.ports import Entry, Page
from storage import main_file, segments, tail
from storage.atomic_file import Folder
from storage.changes import Arrived, Change, after, read_changes, write_change
from storage.journal import places_in
from storage.keys import KeyFolder
from storage.main_file import MainFile
from storage.sealed_storage import Safe
from storage.tail import Tail

_ENDINGS = {main_file.ENDING, segments.ENDING, tail.ENDING}


@dataclass(frozen=True, slots=True)
class Glance:
    """
    What is seen of a page: the conversation, whether letters wait, the name of its *tail*, which need not be there, and
    those of its *segments*. *opened* is the page itself, when it had to be opened; else only the main file was read.
    """

    conversation: Conversation
    letters: bool
    tail: str
    segments: frozenset[str]
    opened: LeaderFile | None = None


def files_by_leader(folder: Folder) -> dict[str, set[str]]:
    """Return the names of the sealed files in *folder*, by the name of the leader. Raises KeeperUnavailable."""
    files: dict[str, set[str]] = defaultdict(set)
    for file in folder.names():
        if PurePath(file).suffix in _ENDINGS:
            files[file.partition(".")[0]].add(file)
    return files


def glance_at(folder: Folder, keys: KeyFolder, name: str) -> Glance:
    """Return what the main file of *name* shows. Raises as LeaderFile does, except for what concerns segments."""
    main = MainFile(folder, Safe(keys, name))
    conversation, letters = main.glance()
    if keys.name_of(conversation.leader) != name:
        raise PageUnreadable("the file holds the page of somebody else")
    return Glance(conversation, letters, tail.name_of(name, main.tag), main.segments)


class LeaderFile:
    """
    An opened page. *page* is what is on disk, or None when nothing is; *size* its files together, in bytes.

    Args:
        name: the name that stands for the leader on disk.
        expected: whether there was a file before, so that a missing one is a loss and no beginning.

    Raises:
        PageUnreadable: a file is damaged, gone, or holds the page of somebody else; all were left as they are.
        KeeperUnavailable: a file cannot be read.
    """

    def __init__(self, folder: Folder, keys: KeyFolder, name: str, *, expected: bool) -> None:
        self._folder, self._keys, self._safe = folder, keys, Safe(keys, name)
        self._main = MainFile(folder, self._safe)
        self._tail = Tail(folder, self._safe, self._main.tag)
        self.page: Page | None = None
        self._places: dict[str, int] = {}
        self._changed: frozenset[int] = frozenset()
        if self._main.exists:
            self._load()
        elif expected:
            raise PageUnreadable("the file is gone")

    @property
    def name(self) -> str:
        """The name that stands for the leader on disk."""
        return self._safe.name

    @property
    def size(self) -> int:
        """How large the files are together, in bytes."""
        return self._main.size + self._tail.size

    @property
    def settled(self) -> bool:
        """Whether the main file holds everything, and the tail nothing."""
        return self._tail.empty

    def glance(self) -> Glance:
        """Return what is seen of the page, with what stands in its tail. Raises PageUnreadable when there is none."""
        if self.page is None:
            raise PageUnreadable("there is no page")
        return Glance(self.page.conversation, bool(self.page.letters), self._tail.name, self._main.segments, self)

    def write(self, entry: Entry) -> None:
        """Bring *entry* to the disk, all of it or nothing. Raises KeeperUnavailable; ValueError or TypeError if bad."""
        self._keep(entry)

    def delivered(self, number: int) -> None:
        """Take letter *number* off. A power cut soon after may bring it back. Raises KeeperUnavailable."""
        if self.page is not None and any(letter.number == number for letter in self.page.letters):
            self._keep(Arrived(number))

    def take_over(self, page: Page) -> None:
        """Bring *page*, which was kept in another way, to the disk as the first one here. Raises KeeperUnavailable."""
        self._replace(page, frozenset())

    def settle(self) -> None:
        """Bring what the tail holds into the main file. Raises KeeperUnavailable."""
        if self.page is not None and not self.settled:
            self._replace(self.page, self._changed)

    def undo(self) -> None:
        """
        Bring the page as it stands here to the disk again, after a flush that failed: nobody knows what the disk holds
        by now, and a change that was refused must not be among it. Raises KeeperUnavailable.
        """
        if self.page is None:
            self._main.remove()
        else:
            self._replace(self.page, self._changed)

    def _load(self) -> None:
        self.page = self._main.read()
        self._places = places_in(self.page.journal)
        self._check_whose(self.page)
        for change in read_changes(self._tail.read(), self._main.conversation()):
            page = after(self.page, change, self._places)
            self._turn_to(page, self._changed | self._numbers(change, page))
        self._check_whose(self.page)

    def _check_whose(self, page: Page) -> None:
        if self._keys.name_of(page.conversation.leader) != self._safe.name:
            raise PageUnreadable("the file holds the page of somebody else")

    def _keep(self, change: Change) -> None:
        page = after(self.page, change, self._places)
        changed = self._changed | self._numbers(change, page)
        content = write_change(change, self.page.conversation) if self.page and self._main.current else None
        if content is not None and self._tail.takes(content):
            # That a letter arrived goes along with what follows: a power cut in between only sends it again.
            self._tail.add(content, confirm=isinstance(change, Entry))
            self._turn_to(page, changed)
        else:
            self._replace(page, changed)

    def _replace(self, page: Page, changed: frozenset[int]) -> None:
        """Bring *page* to the main file, and begin a new tail."""
        self._main.save(page, changed)
        self._tail.discard()
        self._tail = Tail(self._folder, self._safe, self._main.tag)
        self._turn_to(page, frozenset())

    def _turn_to(self, page: Page, changed: frozenset[int]) -> None:
        """Let the page be *page*, in which the reflections with the numbers *changed* are other than in the main file."""
        known = len(self.page.journal) if self.page else 0
        self._places.update({page.journal[place].id: place for place in range(known, len(page.journal))})
        self.page, self._changed = page, changed

    def _numbers(self, change: Change, page: Page) -> frozenset[int]:
        """Return the numbers of the reflections in *page* that are other, after *change*, than they are here."""
        if isinstance(change, Arrived):
            return frozenset()
        corrected = {self._places[kept.id] + 1 for kept in change.reflections if kept.id in self._places}
        known = len(self.page.journal) if self.page else 0
        return frozenset(corrected.union(range(known + 1, len(page.journal) + 1)))
