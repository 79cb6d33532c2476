"""
Reading the files of the first format of the folder: one for each leader, sealed with a checksum only, in plain text.

Nothing here writes. What was read is taken over by `storage/shelf.py` when the folder is opened, and the old file is
then removed. A file that cannot be read is left as it is.
"""

from __future__ import annotations

import json
from hashlib import sha256

from dialogues.conversation import LeaderId
from dialogues.errors import PageUnreadable
from dialogues.ports import Page
from storage.journal import read_page
from storage.plain import Json

ENDING = ".json"
_SEAL = b"mindshift sealed sha256="


def name_of(leader: LeaderId) -> str:
    """Return the name of the file of *leader*."""
    return sha256(leader.encode("utf-8", "surrogatepass")).hexdigest()[:32] + ENDING


def read(name: str, sealed: bytes) -> Page:
    """Return the page in *sealed*, which is kept under *name*. Raises PageUnreadable."""
    line, _, content = sealed.partition(b"\n")
    if line != _SEAL + sha256(content).hexdigest().encode():
        raise PageUnreadable("the checksum does not fit the content")
    try:
        tables = json.loads(content)
        document = {
            "format": _single(tables["format"])["number"],
            "conversation": _single(tables["conversation"]),
            "journal": _in_order(tables["reflections"]),
            "letters": _in_order(tables["letters"]),
            "updates": _single(tables["updates"]),
        }
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        raise PageUnreadable("the file has other tables than a page has") from None
    page = read_page(document)
    if name_of(page.conversation.leader) != name:
        raise PageUnreadable("the file holds the page of somebody else")
    return page


def _single(table: dict[str, dict[str, Json]]) -> dict[str, Json]:
    [document] = table.values()
    return document


def _in_order(table: dict[str, Json]) -> list[Json]:
    return [table[number] for number in sorted(table, key=int)]
