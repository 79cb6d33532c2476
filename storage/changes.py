"""
What one change to a page is, and how it is written down.

A change is an entry that was written, or a letter that arrived. An entry is written with the number of the format that
pages had, and is read by what upgrades pages, so that old changes stay readable as long as old pages do. Where changes
stand is the business of `storage/tail.py`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

from dialogues.errors import PageUnreadable
from dialogues.ports import Entry, Page
from storage.codec import Document, document_of, value_of
from storage.journal import current_format, upgraded, with_entry, without_letter

_encode = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode


@dataclass(frozen=True, slots=True)
class Arrived:
    """Letter *number* arrived and is taken off the outbox."""

    number: int


Change: TypeAlias = Entry | Arrived


def write_change(change: Change) -> tuple[Change, bytes]:
    """
    Return *change* as it will be read back, and as it is written down.

    Raises:
        TypeError: a value breaks its type hint.
    """
    document = document_of(change)
    content = {"arrived": document} if isinstance(change, Arrived) else {"format": current_format(), "entry": document}
    # What is remembered is what would be read back, so that a page in memory and one on disk never differ.
    return value_of(type(change), document), _encode(content).encode()


def read_change(content: bytes) -> Change:
    """Return the change in *content*, which may be of an earlier format of pages. Raises PageUnreadable."""
    try:
        document = json.loads(content)
    except (ValueError, RecursionError):
        raise PageUnreadable("the change is no JSON") from None
    match document:
        case {"arrived": dict(arrived), **rest} if not rest:
            return value_of(Arrived, arrived)
        case {"format": int(number), "entry": dict(entry), **rest} if not rest:
            return value_of(Entry, _upgraded(number, entry))
    raise PageUnreadable("the change is of no known kind")


def after(page: Page | None, change: Change, places: Mapping[str, int]) -> Page:
    """
    Return *page* as it is after *change*.

    Args:
        places: where each reflection of *page* stands in its journal, by id.

    Raises:
        ValueError: an entry names an update but no time.
        PageUnreadable: a letter arrived, and there is no page.
    """
    if isinstance(change, Entry):
        return with_entry(page, change, places)
    if page is None:
        raise PageUnreadable("a letter arrived of which no page knows")
    return without_letter(page, change.number)


def _upgraded(number: int, entry: Document) -> Document:
    """Return *entry*, which has format *number*, in the current one: it has the names of a page, but for the journal."""
    page = upgraded({**entry, "format": number, "journal": entry.get("reflections")})
    return {name: page.get("journal" if name == "reflections" else name) for name in entry}
