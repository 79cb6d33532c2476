"""
How everything kept of one team is written as one document, and read back years later.

A document is plain JSON, as that of a leader (`storage/journal.py`)::

    {"format": 3, "team": {...}, "boards": [{...}], "notes": [{...}], "updates": {"<id>": "<time>"}, "placed": {...}}

When a value in `dialogues/team/values.py` or `dialogues/team/ports.py` gets, loses or renames a field, a function is added
to the end of UPGRADES, and pages of every earlier format stay readable.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from dialogues.errors import PageUnreadable
from dialogues.team.ports import TeamEntry, TeamLetter, TeamPage, TurnOvertaken
from dialogues.team.values import Board
from storage.codec import document_of, value_of
from storage.journal import UPDATES_KEPT
from storage.plain import Document


def with_more_kept(document: Document) -> Document:
    """Give a page what a team needs to hear of free days, to type a board over, and to get a question of the article."""
    new: Document = {"told": [], "typed": "", "given": {}, "theme": "", "series": None, "offered": []}
    return {**document, "team": {**document["team"], **new}}  # type: ignore[dict-item]


def with_silence(document: Document) -> Document:
    """Note how sessions end and when something was heard; a team nobody had to look at is looked at from now on."""
    team: Document = document["team"]  # type: ignore[assignment]
    new: Document = {"unfinished": 0, "brief": False, "heard": None, "expiry": None}
    return {**document, "team": {**team, **new, "due": team["due"] or team["begun"]}}


UPGRADES: list[Callable[[Document], Document]] = [with_more_kept, with_silence]
"""Step *n*, counted from zero, turns a document of format *n* + 1 into one of format *n* + 2."""

PLACES_KEPT = 40
"""Slots whose message is remembered; older ones are not redrawn any more."""


def current_format() -> int:
    """Return the format number that pages of teams are written with."""
    return len(UPGRADES) + 1


def write_page(page: TeamPage) -> Document:
    """Return *page* as a document of the current format. Raises TypeError for a value that breaks its type hint."""
    return {"format": current_format(), **document_of(page)}


def read_page(document: Document) -> TeamPage:
    """Return the page in *document*, which may be of an earlier format. Raises PageUnreadable."""
    number = document.get("format")
    if type(number) is not int or not 1 <= number <= current_format():
        raise PageUnreadable("no format number this program knows")
    for upgrade in UPGRADES[number - 1 :]:
        try:
            document = upgrade(document)
        except (AttributeError, LookupError, TypeError, ValueError) as error:
            raise PageUnreadable(f"the page does not fit upgrade {upgrade.__name__}: {type(error).__name__}") from None
    return value_of(TeamPage, {name: part for name, part in document.items() if name != "format"})


def with_entry(page: TeamPage | None, entry: TeamEntry) -> TeamPage:
    """
    Return the page that holds after *entry* was written on *page*. Updates older than 48 hours are dropped.

    Raises:
        TurnOvertaken: the entry does not follow on what is kept.
    """
    before = page or TeamPage(replace(entry.team, turns=0))
    if entry.team.turns != before.team.turns + 1:
        raise TurnOvertaken("the team was changed meanwhile")
    oldest = entry.at - UPDATES_KEPT
    updates = {update: at for update, at in before.updates.items() if at >= oldest}
    if entry.update:
        updates[entry.update] = entry.at
    return TeamPage(
        entry.team,
        entry.boards if entry.anew else _joined(before.boards, entry.boards),
        _laid_out(before.notes, entry.notes),
        updates,
        before.placed,
    )


def without_note(page: TeamPage, note: TeamLetter, message: int) -> TeamPage:
    """Return *page* once *note* arrived, as *message*: it is off the outbox unless a newer one took its place."""
    placed = dict(page.placed)
    if note.slot and message:
        placed.pop(note.slot, None)
        placed[note.slot] = str(message)
    kept = dict(list(placed.items())[-PLACES_KEPT:])
    return replace(page, notes=tuple(one for one in page.notes if one != note), placed=kept)


def _joined(boards: tuple[Board, ...], new: tuple[Board, ...]) -> tuple[Board, ...]:
    by_week = {board.week: board for board in boards}
    return tuple({**by_week, **{board.week: board for board in new}}.values())


def _laid_out(waiting: tuple[TeamLetter, ...], new: tuple[TeamLetter, ...]) -> tuple[TeamLetter, ...]:
    """Return the outbox with *new* in it; a note whose slot waits already takes that place, so that order is kept."""
    notes = {note.number: note for note in waiting}
    places = {(note.to, note.slot): note.number for note in waiting if note.slot}
    for note in new:
        number = places.get((note.to, note.slot), note.number) if note.slot else note.number
        notes[number] = replace(note, number=number)
        if note.slot:
            places[note.to, note.slot] = number
    return tuple(notes[number] for number in sorted(notes))
