"""
The main file of one leader, and the segments it names: all that is kept, but for the changes in its tail.

Tables of the main file: `format` (one document with the number of the format), `conversation` (one), `reflections` (the
newest, numbered in order of first writing), `letters` (by their own number), `updates` (one document, times by id) and
`segments` (where the older reflections are). What it does not name was not kept. It never grows with the journal, and
so neither does what it costs to replace it. How values become documents stands in `storage/journal.py`. Blocking.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from itertools import chain

from tinydb import TinyDB
from tinydb.table import Document as Numbered

from dialogues.conversation import Conversation
from dialogues.errors import KeeperUnavailable, PageUnreadable
from dialogues.ports import Page
from storage.atomic_file import Folder, NotFlushed
from storage.codec import document_of
from storage.journal import current_format, glance, read_page, write_updates
from storage.plain import Document
from storage.sealed_storage import Safe, SealedStorage
from storage.segments import FULL, Segment, divided, read_segment, segments_in, write_segment

ENDING = ".page"
MOST, LEFT = 100, 50
"""How many reflections the main file holds at most, and how many stay when the rest moves to a segment."""

_TABLES = ("format", "conversation", "reflections", "letters", "updates", "segments")


class MainFile:
    """
    The main file of the leader whose safe it is; it need not be there yet.

    Raises:
        PageUnreadable: it is damaged; it was left as it is.
        KeeperUnavailable: it cannot be read.
    """

    def __init__(self, folder: Folder, safe: Safe) -> None:
        self._folder, self._safe = folder, safe
        self._storage = SealedStorage(folder, safe.name + ENDING, safe)
        self._tables = TinyDB(storage=lambda: self._storage)
        self._segments: list[Segment] = []
        self._current = False

    @property
    def exists(self) -> bool:
        """Whether there is such a file."""
        return bool(self._tables.tables())

    @property
    def current(self) -> bool:
        """Whether it was read or written, and has the current format."""
        return self._current

    @property
    def tag(self) -> str:
        """What tells this content from any other; see `sealing.tag_of`."""
        return self._storage.tag

    @property
    def size(self) -> int:
        """How large the file and its segments are together, in bytes."""
        return self._storage.size + sum(segment.size for segment in self._segments)

    @property
    def segments(self) -> frozenset[str]:
        """The names of the segments, once it was read or glanced at."""
        return frozenset(segment.name for segment in self._segments)

    def glance(self) -> tuple[Conversation, bool]:
        """Return the conversation, and whether letters wait. Raises PageUnreadable."""
        document, _, self._segments = self._content()
        return glance(document)

    def read(self) -> Page:
        """Return the page with its segments. Raises PageUnreadable when one is damaged or gone."""
        document, newest, self._segments = self._content()
        number = document["format"]
        parts = [read_segment(self._folder, self._safe, number, segment) for segment in self._segments]
        page = read_page({**document, "journal": [*chain(*parts), *newest]})
        self._current = number == current_format()
        return page

    def conversation(self) -> Document:
        """Return the document of the conversation as the file has it, in the format of the file, which was read before."""
        return dict(next(iter(self._tables.table("conversation"))))

    def save(self, page: Page, changed: Collection[int]) -> None:
        """
        Bring *page* to the disk, all of it or nothing.

        Args:
            changed: the numbers of the reflections that are new or other than in the file.

        Raises:
            KeeperUnavailable: it could not be done.
        """
        # A first page goes into the main file whole, so that a segment without a main file is always a loss.
        segments = self._filled(page, self._rewritten(page, changed)) if self._current else []
        archived = segments[-1].last if segments else 0
        with self._storage.together():
            if not self._current:
                self._begin()
                changed = range(1, len(page.journal) + 1)
            self._put("conversation", {1: document_of(page.conversation)})
            self._put("reflections", {n: document_of(page.journal[n - 1]) for n in sorted(changed) if n > archived})
            self._tables.table("letters").truncate()
            self._put("letters", {letter.number: document_of(letter) for letter in page.letters})
            self._put("updates", {1: write_updates(page.updates)})
            if segments != self._segments:
                self._put_segments(segments)
        left = {segment.name for segment in self._segments} - {segment.name for segment in segments}
        self._segments, self._current = segments, True
        # What stays after all is removed when the folder is opened.
        self._folder.discard(left)

    def remove(self) -> None:
        """Remove the file, off the disk before this returns. Raises KeeperUnavailable."""
        self._folder.remove([self._safe.name + ENDING])

    def _rewritten(self, page: Page, changed: Collection[int]) -> list[Segment]:
        """Return the segments, those in which a reflection was corrected written anew."""
        return [
            self._written(page, segment.first, segment.last)
            if any(segment.first <= number <= segment.last for number in changed)
            else segment
            for segment in self._segments
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

    def _begin(self) -> None:
        """Make every table anew, in the current format."""
        self._tables.drop_tables()
        for name in _TABLES:
            self._put(name, {})
        self._put("format", {1: {"number": current_format()}})

    def _put_segments(self, segments: list[Segment]) -> None:
        self._tables.table("segments").truncate()
        self._put("segments", {place: segment.document() for place, segment in enumerate(segments, 1)})
        archived = segments[-1].last if segments else 0
        kept = self._tables.table("reflections")
        kept.remove(doc_ids=[document.doc_id for document in kept if document.doc_id <= archived])

    def _put(self, name: str, documents: Mapping[int, Document]) -> None:
        """Put *documents* in place of those with the same numbers; as new ones, by which the storage sees a change."""
        table = self._tables.table(name)
        known = [number for number in documents if table.contains(doc_id=number)]
        if known:
            table.remove(doc_ids=known)
        table.insert_multiple(Numbered(document, number) for number, document in documents.items())

    def _content(self) -> tuple[Document, list[Document], list[Segment]]:
        """Return the page document without its journal, the newest reflections, and where the others are."""
        if self._tables.tables() != set(_TABLES):
            raise PageUnreadable("the file has other tables than a page has")
        try:
            [number], [conversation], [updates] = (
                list(self._tables.table(name)) for name in ("format", "conversation", "updates")
            )
            reflections, letters, segments = (
                _in_order(self._tables.table(name)) for name in ("reflections", "letters", "segments")
            )
        except (TypeError, ValueError):
            raise PageUnreadable("a table has other documents than it should") from None
        named = segments_in(segments)
        first = named[-1].last + 1 if named else 1
        if [reflection.doc_id for reflection in reflections] != list(range(first, first + len(reflections))):
            raise PageUnreadable("the reflections are not numbered in order")
        document: Document = {
            "format": number.get("number"),
            "conversation": dict(conversation),
            "letters": [dict(letter) for letter in letters],
            "updates": dict(updates),
        }
        return document, [dict(reflection) for reflection in reflections], named


def _in_order(documents: Iterable[Numbered]) -> list[Numbered]:
    return sorted(documents, key=lambda document: document.doc_id)
