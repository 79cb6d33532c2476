"""
Reads an export back: the JSON that a leader got with /mijndata, or the operator with `./run export --format json`.

An export holds every stored field (`content/exporting.py`), so what is read here equals what was written out, but for
the leader and the address, which become those of whoever takes it over, the ids of handled updates, which mean nothing
elsewhere, and what is hers on boards of teams, which stays there. Exports of earlier formats stay readable as stored
pages do. The file is somebody's own but comes from outside: it is read as strictly as a stored page, or not at all.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import cast

from dialogues.conversation import LeaderId
from dialogues.errors import PageUnreadable
from dialogues.ports import Entry, Keeper, Page
from storage.journal import current_format, read_page, write_page
from storage.json_bytes import write_json
from storage.plain import Json, write_text

BOARDS = "boards"
"""What of an export is hers on the boards of her teams. It stays with those teams, and is passed over here."""

_PHRASE = {"key", "values", "words"}


class ImportRefused(Exception):
    """The file cannot be taken over; nothing was changed. The message is a sentence that holds nothing of the file."""


def read(text: str, leader: LeaderId, address: str) -> Page:
    """
    Return the page in the export *text*, as one of *leader* at *address*.

    Raises:
        ImportRefused: it is no export, or one of a form this program does not know.
    """
    try:
        parsed = json.loads(text)
        if not isinstance(parsed, dict) or type(parsed.get("format")) is not int:
            raise ImportRefused("This is no export of Mindshift: it takes the JSON that /mijndata or export gives.")
        if parsed["format"] > current_format():
            raise ImportRefused("This export was made by a newer Mindshift. Import it with that version.")
        page = read_page(_named({name: part for name, part in parsed.items() if name != BOARDS}))
        write_json(write_page(page))  # what cannot be written again is found here, and not halfway through keeping it
    except (TypeError, ValueError, RecursionError, PageUnreadable) as error:
        detail = f" ({error})" if isinstance(error, PageUnreadable) else ""
        raise ImportRefused(f"The export is damaged or was changed by hand{detail}.") from None
    return Page(
        conversation=replace(page.conversation, leader=leader, address=address),
        journal=page.journal,
        letters=tuple(replace(letter, address=address) for letter in page.letters),
    )


async def keep(page: Page, keeper: Keeper) -> None:
    """
    Keep *page*, all of it or nothing.

    Raises:
        ImportRefused: something is kept of this leader already. It is never mixed or replaced.
        KeeperUnavailable: it could not be kept.
    """
    if await keeper.read(page.conversation.leader) is not None:
        raise ImportRefused("Something is kept of this leader already. Export and erase that first.")
    await keeper.write(Entry(page.conversation, page.journal, page.letters))


def _stored(parsed: object) -> Json:
    """Return *parsed* as a page document has it: texts escaped, and words of the content by their key alone."""
    if isinstance(parsed, str):
        return write_text(parsed)
    if isinstance(parsed, list):
        return [_stored(item) for item in parsed]
    if not isinstance(parsed, dict):
        return cast("Json", parsed)  # a number, a truth value or nothing; whether it fits is seen when the page is read
    if parsed.keys() == _PHRASE and isinstance(parsed["values"], dict):
        return {"phrase": {"key": _stored(parsed["key"]), "values": _named(parsed["values"])}}
    if parsed.keys() == {"map"} and isinstance(parsed["map"], dict):
        return {"map": _named(parsed["map"])}
    return _named(parsed)


def _named(parsed: Mapping[str, object]) -> dict[str, Json]:
    return {write_text(name): _stored(item) for name, item in parsed.items()}
