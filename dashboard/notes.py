"""
One reflection with what is around it, and the note a coach writes back: a draft, sent, read, answered.

Whatever goes wrong, what was typed comes back: it is too long, the store is away, another window kept another draft, or
the piece was withdrawn while it stood open.
"""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from dashboard.coach_view import View, show, view_of
from dashboard.places import Visitor
from dashboard.rendering import address, gone
from dialogues.errors import KeeperUnavailable
from dialogues.lenses import about
from dialogues.next_questions import next_questions
from dialogues.review import NOTE_LENGTH, DraftChanged, draft_of
from dialogues.sharing import Piece, Shown

DONE = {"sent": "coach_pages.note.sent_now", "draft": "coach_pages.note.drafted_now"}
"""What the page says after a note was kept."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why a note was not kept: the key of the words, the status to answer with, and what was *typed*."""

    words: str
    status: HTTPStatus
    typed: str


async def piece(request: Request, visitor: Visitor) -> Response:
    """Show one piece; that it was opened is remembered with the leader."""
    view = await view_of(request, visitor)
    found = view.piece(str(request.path_params["piece"])) if view else None
    opened = (
        await view.parts.review.open(view.coach.id, view.handle, found.id, view.parts.now()) if view and found else None
    )
    if view is None or opened is None:
        return gone(request)
    return _shown(request, visitor, view, *opened, done=DONE.get(request.query_params.get("done", ""), ""))


async def write(request: Request, visitor: Visitor) -> Response:
    """Keep a note as a draft, or send it."""
    form = await request.form()
    text = _lines(form.get("text"))
    try:
        view = await view_of(request, visitor)
        found = view.piece(str(request.path_params["piece"])) if view else None
        if view is None or found is None:
            return gone(request, text)
        return await _write(
            request, visitor, view, found, text, over=_lines(form.get("over")), send=form.get("act") == "send"
        )
    except KeeperUnavailable:
        return show(
            request,
            visitor,
            "note_away.html",
            None,
            HTTPStatus.SERVICE_UNAVAILABLE,
            typed=text,
            over=form.get("over", ""),
        )


async def _write(
    request: Request, visitor: Visitor, view: View, found: Piece, text: str, *, over: str, send: bool
) -> Response:
    try:
        note = await view.parts.review.write(
            view.coach.id, view.handle, found.id, text, view.parts.now(), send=send, over=over
        )
    except ValueError:
        words = "too_long" if text.strip() else "empty"
        trouble = Trouble(f"coach_pages.note.{words}", HTTPStatus.UNPROCESSABLE_ENTITY, text)
        return _shown(request, visitor, view, view.shown, found, trouble)
    except DraftChanged:
        newer = await view.parts.review.leader(view.coach.id, view.handle, view.parts.now())
        trouble = Trouble("coach_pages.note.changed", HTTPStatus.CONFLICT, text)
        return _shown(request, visitor, view, newer or view.shown, found, trouble)
    if note is None:
        return gone(request, text)
    done = "sent" if note.sent else "draft"
    back = address(request, "piece", leader=view.handle, piece=view.parts.handles.of(view.handle, found.id))
    return RedirectResponse(f"{back}?done={done}#note", HTTPStatus.SEE_OTHER)


def _shown(
    request: Request,
    visitor: Visitor,
    view: View,
    shown: Shown,
    found: Piece,
    trouble: Trouble | None = None,
    done: str = "",
) -> Response:
    """Return the page of the piece *found*; with a *trouble* what was typed stands in the form again."""
    at = next(place for place, one in enumerate(shown.pieces) if one.id == found.id)
    draft = draft_of(shown.notes, found.id)
    journey = shown.journey(found.journey)
    return show(
        request,
        visitor,
        "piece.html",
        view,
        trouble.status if trouble else HTTPStatus.OK,
        piece=found,
        journey=journey,
        older=shown.pieces[at - 1] if at else None,
        newer=shown.pieces[at + 1] if at + 1 < len(shown.pieces) else None,
        notes=[note for note in shown.notes if note.about == found.id and note.sent],
        hints=about(view.hints(), found.id),
        questions=next_questions(view.parts.repertoire, found.phase, journey.whose if journey else "", at),
        draft=draft,
        typed=trouble.typed if trouble else (draft.text if draft else ""),
        trouble=trouble,
        excess=len(trouble.typed.strip()) - NOTE_LENGTH if trouble else 0,
        most=NOTE_LENGTH,
        done=done,
    )


def _lines(given: object) -> str:
    """Return what a form holds, with ends of lines as the leader's own texts have them."""
    return given.replace("\r\n", "\n") if isinstance(given, str) else ""
