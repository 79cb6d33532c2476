"""
The pages of a coach: which leaders share something, what they share, and searching in it. Writing back: `notes.py`.

Lists say of a piece what it is and when it was written, and never what the leader wrote: that stands on its own page, and
whoever opens that page is remembered with the leader.
"""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from dashboard import notes
from dashboard.coach_view import sheet, show, view_of
from dashboard.codes import new_token
from dashboard.parts import parts_of
from dashboard.path_chart import chart
from dashboard.places import Place, Visitor, Who
from dashboard.rendering import gone
from dialogues.coaching import invite as with_invitation
from dialogues.next_questions import next_questions
from dialogues.paths import path

NEW_AT_ONCE = 5
"""So many new pieces stand above everything else; the others are marked below."""

HITS = 50
"""So many pieces are shown of what a search found."""

LONGEST_QUERY = 200


async def leaders(request: Request, visitor: Visitor) -> Response:
    """Show the leaders who accepted this coach."""
    parts = parts_of(request)
    if visitor.coach is None:
        return gone(request)
    found = await parts.review.leaders(visitor.coach, parts.now())
    return show(request, visitor, "leaders.html", None, leaders=found)


async def invite(request: Request, visitor: Visitor) -> Response:
    """Make an invitation for one leader, and show it this once: only a digest of it is kept."""
    parts, coach = parts_of(request), visitor.coach
    if coach is None:
        return gone(request)
    token, now = new_token(), parts.now()
    await parts.book.change(lambda book: with_invitation(book, coach.id, token, now))
    return show(request, visitor, "invited.html", None, token=token, link=parts.where.deep_link(token))


async def leader(request: Request, visitor: Visitor) -> Response:
    """Show what one leader shares: what is new, her journeys, hints, and all pieces by twenty."""
    view = await view_of(request, visitor)
    if view is None:
        return gone(request)
    new = view.new()
    return show(
        request,
        visitor,
        "leader.html",
        view,
        hints=view.hints(),
        first=view.since is None,
        newest=[piece for piece in reversed(view.shown.pieces) if piece.id in new][:NEW_AT_ONCE],
        sheet=sheet(view.shown.pieces, request.query_params.get("page", "")),
    )


async def coach_journey(request: Request, visitor: Visitor) -> Response:
    """Show one journey that is shared whole: its path, its plans and what became of them, and its pieces."""
    view = await view_of(request, visitor)
    found = view.journey(str(request.path_params["journey"])) if view else None
    opened = (
        await view.parts.review.open_journey(view.coach.id, view.handle, found.id, view.parts.now())
        if view and found
        else None
    )
    if view is None or opened is None:
        return gone(request)
    shown, journey = opened
    pieces = [piece for piece in shown.pieces if piece.journey == journey.id]
    stretches = path((piece.said, piece.phase) for piece in pieces)
    return show(
        request,
        visitor,
        "coach_journey.html",
        view,
        journey=journey,
        stretches=stretches,
        chart=chart(stretches, max((piece.said for piece in pieces), default=journey.begun)),
        plans=sorted(journey.plans, key=lambda plan: plan.made, reverse=True),
        hints=[hint for hint in view.hints() if hint.journey == journey.id],
        questions=next_questions(view.parts.repertoire, journey.phase, journey.whose, len(pieces)),
        sheet=sheet(pieces, request.query_params.get("page", "")),
    )


async def search(request: Request, visitor: Visitor) -> Response:
    """Show the form to search with."""
    return show(request, visitor, "search.html", None, query="", hits=None, too_long=False)


async def find(request: Request, visitor: Visitor) -> Response:
    """Show what was found. The words are posted, so that they stand in no address."""
    parts, coach = parts_of(request), visitor.coach
    if coach is None:
        return gone(request)
    query = str((await request.form()).get("text", "")).strip()
    too_long = len(query) > LONGEST_QUERY
    hits = [] if too_long else await parts.review.search(coach.id, query, coach.language, parts.now())
    return show(
        request,
        visitor,
        "search.html",
        None,
        query=query,
        too_long=too_long,
        hits=hits if query and not too_long else None,
        most=HITS,
        longest=LONGEST_QUERY,
        name_in=parts.handles.of,
    )


PLACES = (
    Place("leaders", "/coach", Who.COACH, leaders),
    Place("invite", "/coach/invite", Who.COACH, invite, "POST", changes=True),
    Place("search", "/coach/search", Who.COACH, search),
    Place("find", "/coach/search", Who.COACH, find, "POST"),
    Place("leader", "/coach/leaders/{leader}", Who.COACH, leader),
    Place("coach_journey", "/coach/leaders/{leader}/journeys/{journey}", Who.COACH, coach_journey),
    Place("piece", "/coach/leaders/{leader}/pieces/{piece}", Who.COACH, notes.piece),
    Place("note", "/coach/leaders/{leader}/pieces/{piece}/note", Who.COACH, notes.write, "POST", changes=True),
)
