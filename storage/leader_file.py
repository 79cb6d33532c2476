"""
One leader's page on disk: a small main file, and segments with the older reflections. Both are TinyDB files.

Tables of the main file: `format` (one document with the number of the format), `conversation` (one), `reflections` (the
newest, numbered in order of first writing), `letters` (by their own number), `updates` (one document, times by id) and
`segments` (where the older reflections are). The main file is the commit point: what it does not name was not kept. It
never grows with the journal, and so neither does what a turn costs. Blocking: whoever calls this sees to threads and to
one call at a time. How values become documents stands in `storage/journal.py`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import chain

from tinydb import TinyDB
from tinydb.table import Document as Numbered

from dialogues.conversation import Conversation, LeaderId, Reflection
from dialogues.errors import KeeperUnavailable, PageUnreadable
from dialogues.ports import Entry, Letter, Page
from storage import segments
from storage.atomic_file import Folder, NotFlushed
from storage.change_log import Sealed
from storage.changes import Change, closed, opened
from storage.codec import Document, document_of
from storage.journal import current_format, glance, places_in, read_page, with_entry, without_letter, write_updates
from storage.keys import KeyFolder
from storage.sealed_storage import Safe, SealedStorage
from storage.segments import FULL, Segment, divided, read_segment, segments_in, write_segment

ENDING = ".page"
MOST, LEFT = 100, 50
"""How many reflections the main file holds at most, and how many stay when the rest moves to a segment."""

_TABLES = {"format", "conversation", "reflections", "letters", "updates", "segments"}


@dataclass(frozen=True, slots=True)
class Glance:
    """What is seen of a page without its journal: the conversation, whether letters wait, and the segments it names."""

    conversation: Conversation
    letters: bool
    segments: frozenset[str]


def files_by_leader(folder: Folder) -> dict[str, set[str]]:
    """Return the names of the sealed files in *folder*, by the name of the leader. Raises KeeperUnavailable."""
    files: dict[str, set[str]] = defaultdict(set)
    for file in folder.names():
        if file.endswith((ENDING, segments.ENDING)):
            files[file.partition(".")[0]].add(file)
    return files


def glance_at(folder: Folder, keys: KeyFolder, name: str) -> Glance:
    """Return what the main file of *name* shows. Raises as LeaderFile does, except for what concerns segments."""
    tables = TinyDB(storage=lambda: SealedStorage(folder, name + ENDING, Safe(keys, name)))
    document, _, segments = _main(tables)
    conversation, letters = glance(document)
    if keys.name_of(conversation.leader) != name:
        raise PageUnreadable("the file holds the page of somebody else")
    return Glance(conversation, letters, frozenset(segment.name for segment in segments))


@dataclass(frozen=True, slots=True)
class Step:
    """A *change*, the *page* after it, and the change *sealed* for the log."""

    change: Change
    page: Page
    sealed: Sealed


class LeaderFile:
    """
    An opened page. *page* is how it stands, or None when nothing is kept, and *version* counts its changes. What is in
    the files may be some changes behind, which then stand in the log; *size* is that of the files together, in bytes.

    Args:
        name: the name that stands for the leader on disk.
        expected: whether there was a file before, so that a missing one is a loss and no beginning.

    Raises:
        PageUnreadable: a file is damaged, gone, or holds the page of somebody else; all were left as they are.
        KeeperUnavailable: a file cannot be read.
    """

    def __init__(self, folder: Folder, keys: KeyFolder, name: str, *, expected: bool) -> None:
        self._folder, self._keys, self._safe = folder, keys, Safe(keys, name)
        self._storage = SealedStorage(folder, name + ENDING, self._safe)
        self._tables = TinyDB(storage=lambda: self._storage)
        self.page: Page | None = None
        self.version = 0
        self._segments: list[Segment] = []
        self._places: dict[str, int] = {}
        self._changed: set[int] = set()
        self._current = False
        if self._tables.tables():
            self._load()
        elif expected:
            raise PageUnreadable("the file is gone")

    @property
    def size(self) -> int:
        """How large the files are together, in bytes."""
        return self._storage.size + sum(segment.size for segment in self._segments)

    @property
    def leader(self) -> LeaderId | None:
        """Whose page it is, or None when nothing is kept."""
        return None if self.page is None else self.page.conversation.leader

    @property
    def settled(self) -> bool:
        """Whether every change that was taken stands in the files."""
        return self.version == self._storage.version

    @property
    def erased(self) -> bool:
        """Whether the key stands in the ledger of those that are destroyed."""
        return self._safe.erased

    def make_key(self) -> None:
        """See that there is a key to seal changes with; a leader's first one is made. Raises KeeperUnavailable."""
        self._safe.make_key()

    def next(self, change: Change) -> Step:
        """
        Return what *change* would make of the page, and the change sealed for the log. The page is as it was.

        Raises:
            ValueError, TypeError: the change is no good.
        """
        # What is remembered is what would be read back, so that a page in memory and one on disk never differ.
        change, content = closed(change)
        version = self.version + 1
        return Step(change, self._after(change), self._safe.close_change(version, content))

    def take(self, step: Step) -> None:
        """Let the page be as after *step*, which stands in the log, or will before anything that follows it."""
        before = len(self.page.journal) if self.page else 0
        self.page, self.version = step.page, step.sealed.version
        if isinstance(step.change, Entry):
            changed = {self._places[kept.id] for kept in step.change.reflections if kept.id in self._places}
            new = range(before, len(step.page.journal))
            self._changed.update(place + 1 for place in (*changed, *new))
            self._places.update({step.page.journal[place].id: place for place in new})

    def follow(self, changes: Iterable[Sealed]) -> None:
        """
        Take those of *changes*, which stood in the logs, that the files do not hold yet. The files stay as they are.

        Raises:
            PageUnreadable: one is damaged or missing.
        """
        for sealed in changes:
            if sealed.version <= self.version:
                continue
            if sealed.version != self.version + 1:
                raise PageUnreadable("a change is missing in the log")
            change = opened(self._safe.open_change(sealed))
            self.take(Step(change, self._after(change), sealed))
        self._check_whose()

    def settle(self) -> None:
        """Bring the page to the disk as it is now, all of it or nothing. Raises KeeperUnavailable."""
        if self.page is not None and not self.settled:
            self._save(self.page)

    def take_over(self, page: Page) -> None:
        """Bring *page*, which was kept in another way, to the disk as the first one here. Raises KeeperUnavailable."""
        self.page, self._places = page, places_in(page.journal)
        self.version = self._storage.version + 1
        with self._storage.together(self.version):
            self._prepare()
        self._current = True

    def _after(self, change: Change) -> Page:
        if isinstance(change, Entry):
            return with_entry(self.page, change, self._places)
        if self.page is None:
            raise PageUnreadable("a letter arrived of which no page knows")
        return without_letter(self.page, change.number)

    def _load(self) -> None:
        document, newest, self._segments = _main(self._tables)
        number = document["format"]
        parts = [read_segment(self._folder, self._safe, number, segment) for segment in self._segments]
        self.page = read_page({**document, "journal": [*chain(*parts), *newest]})
        self.version = self._storage.version
        self._current = number == current_format()
        self._places = places_in(self.page.journal)
        self._check_whose()

    def _check_whose(self) -> None:
        if self.leader is not None and self._keys.name_of(self.leader) != self._safe.name:
            raise PageUnreadable("the file holds the page of somebody else")

    def _save(self, page: Page) -> None:
        """Bring *page* to the disk: its conversation, its letters, and the reflections that changed."""
        version, changed = self.version, set(self._changed)
        segments = self._segments if self._current else []
        # A first page goes into the main file whole, so that a segment without a main file is always a loss.
        if self._current:
            segments = self._rewritten(page, segments, changed)
            segments = self._filled(page, segments)
        archived = segments[-1].last if segments else 0
        with self._storage.together(version):
            self._prepare()
            self._put("conversation", {1: document_of(page.conversation)})
            self._put_some("reflections", {n: page.journal[n - 1] for n in sorted(changed) if n > archived})
            self._tables.table("letters").truncate()
            self._put_some("letters", {letter.number: letter for letter in page.letters})
            self._put("updates", {1: write_updates(page.updates)})
            if segments != self._segments:
                self._put_segments(segments)
        left = {segment.name for segment in self._segments} - {segment.name for segment in segments}
        self._segments, self._current = segments, True
        self._changed -= changed
        # What stays after all is removed when the folder is opened.
        self._folder.discard(left)

    def _rewritten(self, page: Page, segments: list[Segment], changed: set[int]) -> list[Segment]:
        """Return *segments*, those in which a reflection was corrected written anew."""
        return [
            self._written(page, segment.first, segment.last)
            if any(segment.first <= number <= segment.last for number in changed)
            else segment
            for segment in segments
        ]

    def _filled(self, page: Page, segments: list[Segment]) -> list[Segment]:
        """Return *segments*, with all but the newest reflections in them when the main file has too many."""
        archived = segments[-1].last if segments else 0
        if len(page.journal) - archived <= MOST:
            return segments
        full = [segment for segment in segments if segment.last - segment.first + 1 >= FULL]
        first = full[-1].last + 1 if full else 1
        try:
            return full + [self._written(page, *part) for part in divided(first, len(page.journal) - LEFT)]
        except NotFlushed:
            raise
        except KeeperUnavailable:
            # There is no room to move them now. The main file is larger for it, and may still fit.
            return segments

    def _written(self, page: Page, first: int, last: int) -> Segment:
        return write_segment(self._folder, self._safe, current_format(), first, page.journal[first - 1 : last])

    def _put_segments(self, segments: list[Segment]) -> None:
        self._tables.table("segments").truncate()
        self._put("segments", {place: segment.document() for place, segment in enumerate(segments, 1)})
        archived = segments[-1].last if segments else 0
        kept = self._tables.table("reflections")
        kept.remove(doc_ids=[document.doc_id for document in kept if document.doc_id <= archived])

    def _prepare(self) -> None:
        """See that all tables are there, and hold documents of the current format."""
        if self._current:
            return
        self._tables.drop_tables()
        self._segments = []
        self._put("format", {1: {"number": current_format()}})
        for name in ("reflections", "letters", "segments"):
            self._put(name, {})
        if self.page is not None:
            self._put("conversation", {1: document_of(self.page.conversation)})
            self._put_some("reflections", dict(enumerate(self.page.journal, 1)))
            self._put_some("letters", {letter.number: letter for letter in self.page.letters})
            self._put("updates", {1: write_updates(self.page.updates)})

    def _put_some(self, name: str, values: Mapping[int, Reflection | Letter]) -> None:
        if values:
            self._put(name, {number: document_of(value) for number, value in values.items()})

    def _put(self, name: str, documents: Mapping[int, Document]) -> None:
        """Put *documents* in place of those with the same numbers; as new ones, by which the storage sees a change."""
        table = self._tables.table(name)
        known = [number for number in documents if table.contains(doc_id=number)]
        if known:
            table.remove(doc_ids=known)
        table.insert_multiple(Numbered(document, number) for number, document in documents.items())


def _main(tables: TinyDB) -> tuple[Document, list[Document], list[Segment]]:
    """Return the page document in *tables* without its journal, the newest reflections, and where the others are."""
    if tables.tables() != _TABLES:
        raise PageUnreadable("the file has other tables than a page has")
    try:
        [number], [conversation], [updates] = (
            list(tables.table(name)) for name in ("format", "conversation", "updates")
        )
        reflections, letters, segments = (
            sorted(tables.table(name), key=_number) for name in ("reflections", "letters", "segments")
        )
    except (TypeError, ValueError):
        raise PageUnreadable("a table has other documents than it should") from None
    named = segments_in(segments)
    first = named[-1].last + 1 if named else 1
    if [_number(reflection) for reflection in reflections] != list(range(first, first + len(reflections))):
        raise PageUnreadable("the reflections are not numbered in order")
    document: Document = {
        "format": number.get("number"),
        "conversation": dict(conversation),
        "letters": [dict(letter) for letter in letters],
        "updates": dict(updates),
    }
    return document, [dict(reflection) for reflection in reflections], named


def _number(document: Numbered) -> int:
    return document.doc_id
