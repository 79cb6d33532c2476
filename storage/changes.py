"""
What one change to a page is, and how it is written down.

A change is an entry that was written, or a letter that arrived. Of the conversation in an entry only what became other
is written. With it stands the number of the format that pages had, and it is read by what upgrades pages, so that old
changes stay readable as long as old pages do. Where changes stand is the business of `storage/tail.py`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from dialogues.conversation import Conversation, Reflection
from dialogues.errors import PageUnreadable
from dialogues.ports import Entry, Letter, Page
from storage.codec import difference_of, document_of, value_of
from storage.difference import put_back
from storage.journal import current_format, upgraded, with_entry, without_letter
from storage.json_bytes import read_json, write_json
from storage.plain import Document, Json


@dataclass(frozen=True, slots=True)
class Arrived:
    """Letter *number* arrived and is taken off the outbox."""

    number: int


Change: TypeAlias = Entry | Arrived


@dataclass(frozen=True, slots=True)
class _Beside:
    """What an entry holds beside the conversation; before anything is in it, nothing."""

    reflections: tuple[Reflection, ...] = ()
    letters: tuple[Letter, ...] = ()
    update: str = ""
    at: datetime | None = None

    def entry(self, conversation: Conversation) -> Entry:
        return Entry(conversation, self.reflections, self.letters, self.update, self.at)


_NOTHING = document_of(_Beside())


def write_change(change: Change, before: Conversation) -> bytes:
    """
    Return *change* as it is written down behind a page with the conversation *before*.

    Raises:
        TypeError: a value breaks its type hint.
    """
    if isinstance(change, Arrived):
        content: Document = {"arrived": document_of(change)}
    else:
        content = {"format": current_format(), "difference": difference_of(change, Entry(before))}
    return write_json(content)


def read_changes(contents: Iterable[bytes], conversation: Document) -> list[Change]:
    """
    Return the changes in *contents*, which may be of an earlier format of pages.

    Each entry has the conversation as it is after the last: nobody looks at those between, and making a value of each
    would be most of the work of opening a page.

    Args:
        conversation: the document of the conversation before the first of them, in the format they have.

    Raises:
        PageUnreadable: one of them is none, or does not fit what stood there before.
    """
    found: list[Arrived | _Beside] = []
    last: Json = None
    for content in contents:
        match read_json(content):
            case {"arrived": dict(arrived), **rest} if not rest:
                found.append(value_of(Arrived, arrived))
                continue
            case {"format": int(number), "difference": difference, **rest} if not rest:
                entry = _table(put_back({"conversation": conversation, **_NOTHING}, difference))
            case {"format": int(number), "entry": dict(entry), **rest} if not rest:
                pass  # in format 3 of the data folder each change said the whole
            case _:
                raise PageUnreadable("the change is of no known kind")
        conversation = _table(entry.get("conversation"))
        now = _upgraded(number, entry)
        last = now.pop("conversation")
        found.append(value_of(_Beside, now))
    if last is None:
        return [one for one in found if isinstance(one, Arrived)]
    after_all = value_of(Conversation, _table(last))
    return [one if isinstance(one, Arrived) else one.entry(after_all) for one in found]


def _table(document: Json) -> Document:
    if not isinstance(document, dict):
        raise PageUnreadable("a part of the change is no table")
    return document


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
