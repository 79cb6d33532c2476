"""
What one document has other than the document before it, written down, and put back.

Most of a conversation is the same after a turn as before it, so a change says only what became other. A difference is
an object of one of three forms, which needs nothing but the document before to be put back, whatever format that has::

    {"whole": 3}                            it is this now
    {"other": {"phase": {"whole": 3}}}      an object as before, but for these members
    {"same": 2, "more": ["a", "b"]}         as many elements as before, and then these

Which of two values is written down how stands in `storage/codec.py`.
"""

from __future__ import annotations

from dialogues.errors import PageUnreadable
from storage.plain import Document, Json


def whole(document: Json) -> Document:
    """Return the difference after which *document* stands there, whatever stood there before."""
    return {"whole": document}


def other(members: Document) -> Document:
    """Return the difference of an object of which *members* are other, each a difference itself."""
    return {"other": members}


def more(same: int, elements: list[Json]) -> Document:
    """Return the difference of a list that begins with the *same* first elements, and goes on with *elements*."""
    return {"same": same, "more": elements}


def put_back(document: Json, difference: Json) -> Json:
    """Return what *document* became by *difference*. Raises PageUnreadable when it does not fit."""
    match difference, document:
        case {"whole": now, **rest}, _ if not rest:
            return now
        case {"other": dict(members), **rest}, dict() if not rest and members.keys() <= document.keys():
            return {**document, **{name: put_back(document[name], member) for name, member in members.items()}}
        case {"same": int(same), "more": list(elements), **rest}, list() if not rest and 0 <= same <= len(document):
            return [*document[:same], *elements]
    raise PageUnreadable("the difference does not fit what stood there")
