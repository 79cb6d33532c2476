"""
What one change to a page is, and how it stands in the log as a document.

A change is an entry that was written, or a letter that arrived. An entry is written down in the form of a page that
holds nothing else, so that whatever upgrades old pages upgrades old changes too.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias, cast

from dialogues.errors import PageUnreadable
from dialogues.ports import Entry, Page
from storage.codec import Document, value_of
from storage.journal import upgraded, write_page
from storage.plain import read_text, read_time, write_text, write_time

_encode = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode


@dataclass(frozen=True, slots=True)
class Arrived:
    """Letter *number* arrived and is taken off the outbox."""

    number: int


Change: TypeAlias = Entry | Arrived


def closed(change: Change) -> tuple[Change, bytes]:
    """
    Return *change* as it would be read back, and the content that says so.

    Raises:
        TypeError: a value breaks its type hint.
    """
    if isinstance(change, Arrived):
        return change, _encode({"arrived": change.number}).encode()
    page = write_page(Page(change.conversation, change.reflections, change.letters))
    document: Document = {
        "entry": page,
        "update": write_text(change.update),
        "at": None if change.at is None else write_time(change.at),
    }
    return _entry(document, page), _encode(document).encode()


def opened(content: bytes) -> Change:
    """Return the change that *content* says, which may be of an earlier format of pages. Raises PageUnreadable."""
    try:
        document = json.loads(content)
    except (ValueError, RecursionError):
        raise PageUnreadable("the change is no JSON") from None
    match document:
        case {"arrived": int(number), **rest} if not rest:
            return Arrived(number)
        case {"entry": dict(page), "update": _, "at": _, **rest} if not rest:
            return _entry(document, upgraded(page))
    raise PageUnreadable("the change is of no known kind")


def _entry(document: Document, page: Document) -> Entry:
    """Return the entry in *document*, of which *page* is the part in the form of a page, in the current format."""
    kept = value_of(Page, {name: part for name, part in page.items() if name != "format"})
    at = None if document["at"] is None else cast("datetime", read_time(document["at"]))
    return Entry(kept.conversation, kept.journal, kept.letters, read_text(document["update"]), at)
