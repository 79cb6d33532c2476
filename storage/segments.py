"""
The older part of a long journal: sealed files of some hundreds of reflections, each written once and never changed.

A segment counts only when the main file names it with its tag. One that is corrected is written anew under a new name;
what no main file names is worth nothing and is removed when the folder is opened. When segments are made, and which
reflections go in, is decided in `storage/main_file.py`.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from tinydb import TinyDB
from tinydb.table import Document as Numbered

from dialogues.conversation import Reflection
from dialogues.errors import PageUnreadable
from storage.atomic_file import Folder
from storage.codec import document_of, value_of
from storage.plain import Document, Json
from storage.sealed_storage import Safe, SealedStorage

ENDING = ".part"
FULL = 500
"""How many reflections one segment holds at most."""

_TABLES = {"format", "reflections"}


@dataclass(frozen=True, slots=True)
class Segment:
    """One segment as the main file names it: reflections *first* up to and including *last*, in *size* bytes."""

    name: str
    tag: str
    first: int
    last: int
    size: int

    def document(self) -> Document:
        """Return the segment as it stands in the main file."""
        return document_of(self)


def segments_in(documents: Sequence[Mapping[str, Json]]) -> list[Segment]:
    """Return the segments that *documents* name, in order. Raises PageUnreadable when there is a gap."""
    segments = [value_of(Segment, dict(document)) for document in documents]
    expected = 1
    for segment in segments:
        if segment.first != expected or segment.last < segment.first:
            raise PageUnreadable("the segments do not follow each other")
        expected = segment.last + 1
    return segments


def divided(first: int, last: int) -> Iterator[tuple[int, int]]:
    """Divide reflections *first* up to and including *last* over segments."""
    for start in range(first, last + 1, FULL):
        yield start, min(start + FULL - 1, last)


def write_segment(folder: Folder, safe: Safe, number: int, first: int, reflections: Sequence[Reflection]) -> Segment:
    """
    Bring *reflections*, of which the earliest is number *first*, to the disk.

    Args:
        number: of the format the main file has.

    Raises:
        KeeperUnavailable: it could not be done; nothing names what was written of it.
    """
    name = f"{safe.name}.{secrets.token_hex(8)}{ENDING}"
    storage = SealedStorage(folder, name, safe)
    tables = TinyDB(storage=lambda: storage)
    with storage.together():
        tables.table("format").insert(Numbered({"number": number}, 1))
        tables.table("reflections").insert_multiple(
            Numbered(document_of(reflection), place) for place, reflection in enumerate(reflections, first)
        )
    return Segment(name, storage.tag, first, first + len(reflections) - 1, storage.size)


def read_segment(folder: Folder, safe: Safe, number: Json, segment: Segment) -> list[Document]:
    """
    Return the documents in *segment*, in order.

    Args:
        number: of the format the main file has.

    Raises:
        PageUnreadable: it is damaged, gone, or not the one that was named.
        KeeperUnavailable: it cannot be read.
    """
    storage = SealedStorage(folder, segment.name, safe)
    tables = TinyDB(storage=lambda: storage)
    if storage.tag != segment.tag:
        raise PageUnreadable("a segment is gone, or is another one")
    numbers = [document.get("number") for document in tables.table("format")] if tables.tables() == _TABLES else []
    reflections = sorted(tables.table("reflections"), key=lambda document: document.doc_id)
    expected = list(range(segment.first, segment.last + 1))
    if numbers != [number] or [document.doc_id for document in reflections] != expected:
        raise PageUnreadable("a segment holds something else than it should")
    return [dict(document) for document in reflections]
