"""What the pages of a coach have in common: who looks at whom, what is new, and how words are shown."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import TypeVar

from starlette.requests import Request
from starlette.responses import Response

from dashboard.parts import Parts, parts_of
from dashboard.places import Visitor
from dashboard.rendering import render
from dialogues.coaching import Coach
from dialogues.conversation import Phrase, Say, Wording
from dialogues.errors import KeeperUnavailable
from dialogues.lenses import Hint, hints
from dialogues.review import new_since
from dialogues.sharing import Piece, SharedJourney, Shown

PER_PAGE = 20
"""Pieces on one page."""

ItemT = TypeVar("ItemT")


@dataclass(frozen=True, slots=True)
class Sheet:
    """One page of a list: its *pieces*, the newest first, its *number* from 1, and how many pages there are."""

    pieces: tuple[Piece, ...]
    number: int
    count: int


def sheet(pieces: Sequence[Piece], asked: str) -> Sheet:
    """Return the page of *pieces* (oldest first) that *asked* names, the nearest one there is."""
    count = max(1, -(-len(pieces) // PER_PAGE))
    number = (
        min(max(1, int(asked)), count) if asked.isascii() and asked.isdecimal() and len(asked) < LONGEST_NUMBER else 1
    )
    newest = tuple(reversed(pieces))
    return Sheet(newest[(number - 1) * PER_PAGE : number * PER_PAGE], number, count)


LONGEST_NUMBER = 9


@dataclass(frozen=True, slots=True)
class View:
    """One leader as *coach* sees her now. *since* is the coach's visit before this session, None when there was none."""

    parts: Parts
    coach: Coach
    handle: str
    shown: Shown
    since: datetime | None

    def new(self) -> frozenset[str]:
        """Return the ids of the pieces that are new since that visit; none at a first one, when everything is."""
        return frozenset(piece.id for piece in new_since(self.shown, self.since)) if self.since else frozenset()

    def hints(self) -> tuple[Hint, ...]:
        """Return what the lenses say."""
        return hints(self.shown, self.parts.cues)

    def piece(self, name: str) -> Piece | None:
        """Return the piece that addresses call *name*, or None."""
        return self.parts.handles.find(self.handle, self.shown.pieces, name)

    def journey(self, name: str) -> SharedJourney | None:
        """Return the journey that addresses call *name*, or None."""
        return self.parts.handles.find(self.handle, self.shown.journeys, name)


async def view_of(request: Request, visitor: Visitor) -> View | None:
    """Return the leader whose handle stands in the address, as the visitor may see her now, or None."""
    parts, coach, session = parts_of(request), visitor.coach, visitor.session
    if coach is None or session is None:
        return None
    handle, now = str(request.path_params["leader"]), parts.now()
    shown = await parts.review.leader(coach.id, handle, now)
    if shown is None:
        return None
    first = handle not in session.since
    since = session.since.setdefault(handle, coach.visited.get(handle))
    if first or new_since(shown, coach.visited.get(handle)):
        with suppress(KeeperUnavailable):  # what can be read is shown; only "new" is then said once more
            await parts.review.visit(coach.id, handle, now)
    return View(parts, coach, handle, shown, since)


def show(
    request: Request, visitor: Visitor, template: str, view: View | None, status: int = HTTPStatus.OK, **values: object
) -> Response:
    """
    Return the page *template*. Besides the values, it is given `words(wording)`, and of a *view* what is shown of the
    leader, `name_of(id)` for addresses, which pieces are new, and which answer a note.
    """
    parts = parts_of(request)

    def words(wording: Wording) -> str:
        return said(parts, wording, visitor.language)

    if view is not None:
        handle = view.handle
        values |= {
            "shown": view.shown,
            "handle": handle,
            "new": view.new(),
            "answered": {note.answer for note in view.shown.notes if note.answer},
            "name_of": lambda id_: parts.handles.of(handle, id_),
            "journeys": {journey.id: journey for journey in view.shown.journeys},
            "called": view.shown.link.known_as or words(Phrase("coach_pages.unnamed")),
        }
    return render(request, template, status, words=words, **values)


def said(parts: Parts, wording: Wording, language: str) -> str:
    """Return *wording*: the leader's own words, or words of the content in *language*."""
    return (
        parts.words.render(Say(wording.key, wording.values), language).text if isinstance(wording, Phrase) else wording
    )
