"""
One leader's page in one TinyDB file: which tables there are, and how an entry changes them.

Tables: `format` (one document with the number of the format), `conversation` (one), `reflections` (numbered in order
of first writing), `letters` (by their own number) and `updates` (one document, times by id). Blocking: whoever calls
this sees to threads and to one call at a time. How values become documents stands in `storage/journal.py`.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from tinydb import TinyDB
from tinydb.table import Document as Numbered

from dialogues.conversation import Conversation, LeaderId, Reflection
from dialogues.errors import PageUnreadable
from dialogues.ports import Entry, Letter, Page
from storage.codec import Document, document_of, value_of
from storage.journal import current_format, glance, read_page, with_entry, without_letter, write_updates
from storage.sealed_storage import SealedStorage

_TABLES = {"format", "conversation", "reflections", "letters", "updates"}


def glance_at(path: Path) -> tuple[Conversation, bool]:
    """Return the conversation in the file at *path*, and whether letters wait. Raises as LeaderFile does."""
    return glance(_document(TinyDB(storage=lambda: SealedStorage(path))))


class LeaderFile:
    """
    An opened page. *page* is what is on disk, or None when nothing is.

    Args:
        expected: whether there was a file before, so that a missing one is a loss and no beginning.

    Raises:
        PageUnreadable: the file is damaged, gone, or holds the page of somebody else; it was left as it is.
        KeeperUnavailable: the file cannot be read.
    """

    def __init__(self, path: Path, leader: LeaderId, *, expected: bool) -> None:
        self._storage = SealedStorage(path)
        self._tables = TinyDB(storage=lambda: self._storage)
        self.page: Page | None = None
        self._current = False
        if self._tables.tables():
            document = _document(self._tables)
            self.page = read_page(document)
            self._current = document["format"] == current_format()
            if self.page.conversation.leader != leader:
                raise PageUnreadable("the file holds the page of somebody else")
        elif expected:
            raise PageUnreadable("the file is gone")

    @property
    def size(self) -> int:
        """How large the file is, in bytes."""
        return self._storage.size

    def write(self, entry: Entry) -> None:
        """Bring *entry* to the disk, all of it or nothing. Raises KeeperUnavailable; ValueError or TypeError if bad."""
        # What is remembered is what would be read back, so that a page in memory and one on disk never differ.
        entry = value_of(Entry, document_of(entry))
        page = with_entry(self.page, entry)
        changed = {reflection.id for reflection in entry.reflections}
        with self._storage.together():
            self._prepare()
            self._put("conversation", {1: document_of(page.conversation)})
            self._put_some("reflections", {n: r for n, r in enumerate(page.journal, 1) if r.id in changed})
            self._put_some("letters", {letter.number: letter for letter in entry.letters})
            self._put("updates", {1: write_updates(page.updates)})
        self.page, self._current = page, True

    def delivered(self, number: int) -> None:
        """Take letter *number* off. Raises KeeperUnavailable."""
        if self.page is None or all(letter.number != number for letter in self.page.letters):
            return
        with self._storage.together():
            self._prepare()
            self._tables.table("letters").remove(doc_ids=[number])
        self.page, self._current = without_letter(self.page, number), True

    def _prepare(self) -> None:
        """See that all tables are there, and hold documents of the current format."""
        if self._current:
            return
        self._tables.drop_tables()
        self._put("format", {1: {"number": current_format()}})
        self._put("reflections", {})
        self._put("letters", {})
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
        table.remove(doc_ids=documents)
        table.insert_multiple(Numbered(document, number) for number, document in documents.items())


def _document(tables: TinyDB) -> Document:
    """Return the page document in *tables*. Raises PageUnreadable."""
    if tables.tables() != _TABLES:
        raise PageUnreadable("the file has other tables than a page has")
    try:
        [number], [conversation], [updates] = (
            list(tables.table(name)) for name in ("format", "conversation", "updates")
        )
        reflections, letters = (sorted(tables.table(name), key=_number) for name in ("reflections", "letters"))
    except (TypeError, ValueError):
        raise PageUnreadable("a table has other documents than it should") from None
    if [_number(reflection) for reflection in reflections] != list(range(1, len(reflections) + 1)):
        raise PageUnreadable("the reflections are not numbered from one")
    return {
        "format": number.get("number"),
        "conversation": dict(conversation),
        "journal": [dict(reflection) for reflection in reflections],
        "letters": [dict(letter) for letter in letters],
        "updates": dict(updates),
    }


def _number(document: Numbered) -> int:
    return document.doc_id
