"""
How everything kept of one leader is written as one document, and read back years later.

A page document is plain JSON::

    {"format": 1, "conversation": {...}, "journal": [{...}], "letters": [{...}], "updates": {"<id>": "<time>"}}

The journal stands in order of first writing, letters in order of their number. When a value in
`dialogues/conversation.py` or `dialogues/ports.py` gets, loses or renames a field, a function is added to the end
of UPGRADES, and pages of every earlier format stay readable. Where documents are stored is the keepers' business;
how single values are written is that of `storage/codec.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta

from dialogues.conversation import Conversation, Reflection
from dialogues.errors import PageUnreadable
from dialogues.ports import Entry, Page
from storage.codec import document_of, value_of
from storage.plain import Document, Json, write_text, write_time

UPDATES_KEPT = timedelta(hours=48)
"""How long the id of a handled update is remembered (Telegram itself keeps updates for a day)."""


def v1_never_asked_for_the_mirror(document: Document) -> Document:
    """Journeys did not know yet whether the leader was asked about her own thinking; nobody had been."""
    conversation = _table(document["conversation"])
    journeys: list[Json] = [{**_table(journey), "mirrored": False} for journey in _list(conversation["journeys"])]
    return {**document, "conversation": {**conversation, "journeys": journeys}}


def v2_knew_no_compass(document: Document) -> Document:
    """Scans, the vision dialogue, the compass and regions were not there yet, and letters had no pictures."""
    conversation = _table(document["conversation"])
    new: Document = {"scans": [], "vision": None, "saved": [], "given": {}, "preference": "", "region": ""}
    journeys: list[Json] = [{**_table(journey), "tied": []} for journey in _list(conversation["journeys"])]
    # Who only glances at a page leaves its journal out.
    lists: Document = {
        name: [{**_table(part), **fresh} for part in _list(document[name])]
        for name, fresh in (("journal", {"model": ""}), ("letters", {"picture": ""}))
        if name in document
    }
    return {**document, **lists, "conversation": {**conversation, **new, "journeys": journeys}}


def v3_knew_no_coach(document: Document) -> Document:
    """
    Nobody but the leader read anything yet, and all files were texts; a level of sharing stood with each reflection and was
    always 0.
    """
    new: Document = {"links": [], "grants": [], "looks": [], "notes": [], "statements": []}
    upgraded: Document = {**document, "conversation": {**_table(document["conversation"]), **new}}
    # Who only glances at a page leaves its journal out.
    if "journal" in document:
        upgraded["journal"] = [
            {name: part for name, part in _table(kept).items() if name != "share"}
            for kept in _list(document["journal"])
        ]
    if "letters" in document:
        upgraded["letters"] = [{**_table(letter), "binary": False} for letter in _list(document["letters"])]
    return upgraded


def v4_tied_nothing_to_a_board(document: Document) -> Document:
    """No action of a team's board could be tied to a journey yet."""
    conversation = _table(document["conversation"])
    journeys: list[Json] = [{**_table(journey), "ties": []} for journey in _list(conversation["journeys"])]
    return {**document, "conversation": {**conversation, "journeys": journeys}}


UPGRADES: list[Callable[[Document], Document]] = [
    v1_never_asked_for_the_mirror,
    v2_knew_no_compass,
    v3_knew_no_coach,
    v4_tied_nothing_to_a_board,
]
"""Step *n*, counted from zero, turns a page document of format *n* + 1 into one of format *n* + 2."""


def current_format() -> int:
    """Return the format number that pages are written with."""
    return len(UPGRADES) + 1


def write_page(page: Page) -> Document:
    """Return *page* as a document of the current format. Raises TypeError for a value that breaks its type hint."""
    return {"format": current_format(), **document_of(page)}


def read_page(document: Document) -> Page:
    """Return the page in *document*, which may be of an earlier format. Raises PageUnreadable."""
    return value_of(Page, {name: part for name, part in upgraded(document).items() if name != "format"})


def glance(document: Document) -> tuple[Conversation, bool]:
    """Return the conversation in *document* and whether letters wait, without reading the journal. Raises as above."""
    current = upgraded(document)
    return value_of(Conversation, current.get("conversation")), bool(current.get("letters"))


def write_updates(updates: Mapping[str, datetime]) -> Document:
    """Return *updates* as they stand in a page document."""
    return {write_text(update): write_time(at) for update, at in updates.items()}


def upgraded(document: Document) -> Document:
    """
    Return *document* in the current format.

    Raises:
        PageUnreadable: the document has no format number, one this program does not know yet, or does not fit the
            upgrades of the format it claims to have.
    """
    number = document.get("format")
    if type(number) is not int or not 1 <= number <= current_format():
        raise PageUnreadable("no format number this program knows")
    for upgrade in UPGRADES[number - 1 :]:
        try:
            document = upgrade(document)
        except (AttributeError, LookupError, TypeError, ValueError) as error:
            raise PageUnreadable(f"the page does not fit upgrade {upgrade.__name__}: {type(error).__name__}") from None
    return {**document, "format": current_format()}


def _table(part: Json) -> Document:
    if not isinstance(part, dict):
        raise TypeError
    return part


def _list(part: Json) -> list[Json]:
    if not isinstance(part, list):
        raise TypeError
    return part


def with_entry(page: Page | None, entry: Entry, places: Mapping[str, int] | None = None) -> Page:
    """
    Return the page that holds after *entry* was written on *page*.

    Args:
        places: where each reflection of *page* stands in its journal, by id, for who knows that already.

    A reflection or letter with an id or number that is already there takes its place; the journal keeps the order of
    first writing. Updates more than 48 hours older than the entry are dropped.

    Raises:
        ValueError: the entry names an update but no time.
    """
    before = page or Page(entry.conversation)
    places = places_in(before.journal) if places is None else places
    letters = {letter.number: letter for letter in before.letters + entry.letters}
    updates = before.updates
    if entry.at is not None:
        oldest = entry.at - UPDATES_KEPT
        updates = {update: at for update, at in updates.items() if at >= oldest}
    if entry.update:
        if entry.at is None:
            raise ValueError("an entry with an update needs a time")
        updates = {**updates, entry.update: entry.at}
    return Page(
        conversation=entry.conversation,
        journal=_joined(before.journal, entry.reflections, places),
        letters=tuple(letters[number] for number in sorted(letters)),
        updates=updates,
    )


def places_in(journal: Sequence[Reflection]) -> dict[str, int]:
    """Return where each reflection stands in *journal*, by id."""
    return {reflection.id: place for place, reflection in enumerate(journal)}


def _joined(
    journal: tuple[Reflection, ...], reflections: tuple[Reflection, ...], places: Mapping[str, int]
) -> tuple[Reflection, ...]:
    """Return *journal* with *reflections* in it. Copies references only, so that years of them cost next to nothing."""
    if not reflections:
        return journal
    joined = list(journal)
    new: dict[str, Reflection] = {}
    for reflection in reflections:
        place = places.get(reflection.id)
        if place is None:
            new[reflection.id] = reflection
        else:
            joined[place] = reflection
    return (*joined, *new.values())


def without_letter(page: Page, number: int) -> Page:
    """Return *page* without letter *number*, if it was there."""
    return Page(
        conversation=page.conversation,
        journal=page.journal,
        letters=tuple(letter for letter in page.letters if letter.number != number),
        updates=page.updates,
    )
