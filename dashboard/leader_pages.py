"""
A leader's own page: her path, her journeys and plans, and everything she wrote. Only she comes here, and nothing is shown
that is not hers.

What she shares stands in `leader_sharing.py`, the portfolio in `leader_portfolio.py`, her data in `leader_data.py`.
"""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from dashboard import leader_data, leader_portfolio, leader_sharing
from dashboard.leader_view import own_page, sheet, show
from dashboard.parts import parts_of
from dashboard.path_chart import chart
from dashboard.places import Place, Visitor, Who
from dashboard.rendering import gone
from dialogues import sharing, statements
from dialogues.conversation import Kind, Reflection, Status
from dialogues.paths import path_of
from dialogues.ports import Page

LONGEST_QUERY = 200

_NOT_LISTED = frozenset({Kind.RULER, Kind.PHASE})
"""What the path tells already; it can be opened, and is in the export."""


async def journey(request: Request, visitor: Visitor) -> Response:
    """Show where she is, and all her journeys."""
    page = await own_page(request, visitor)
    if page is None:
        return gone(request)
    conversation = page.conversation
    newest = sorted(conversation.journeys, key=lambda one: one.changed or one.begun, reverse=True)
    current = next((one for one in newest if one.id == conversation.current), None)
    current = current or next((one for one in newest if one.status is Status.OPEN), None)
    stretches = path_of(current, page.journal) if current else ()
    return show(
        request,
        visitor,
        "journey.html",
        page,
        journeys=newest,
        current=current,
        stretches=stretches,
        chart=chart(stretches, parts_of(request).now()),
        loose=[plan for plan in reversed(conversation.plans) if not plan.journey],
        waiting=statements.waiting(conversation),
    )


async def one_journey(request: Request, visitor: Visitor) -> Response:
    """Show one of her journeys: its path, its plans and what became of them, and what she wrote in it."""
    page, id_ = await own_page(request, visitor), str(request.path_params["journey"])
    found = next((one for one in page.conversation.journeys if one.id == id_), None) if page else None
    if page is None or found is None:
        return gone(request)
    stretches = path_of(found, page.journal)
    until = parts_of(request).now() if found.status is Status.OPEN else (found.changed or found.begun)
    written = [kept for kept in _listed(page) if kept.journey == id_]
    return show(
        request,
        visitor,
        "own_journey.html",
        page,
        journey=found,
        stretches=stretches,
        chart=chart(stretches, until),
        plans=[plan for plan in reversed(page.conversation.plans) if plan.journey == id_],
        sheet=sheet(written, request.query_params.get("page", "")),
    )


async def reflections(request: Request, visitor: Visitor) -> Response:
    """Show everything she wrote, by twenty."""
    page = await own_page(request, visitor)
    if page is None:
        return gone(request)
    shown = sheet(_listed(page), request.query_params.get("page", ""))
    return show(request, visitor, "reflections.html", page, sheet=shown, query="", hits=None, too_long=False)


async def look_for(request: Request, visitor: Visitor) -> Response:
    """Show what was found in what she wrote. The words are posted, so that they stand in no address."""
    page, parts = await own_page(request, visitor), parts_of(request)
    if page is None:
        return gone(request)
    query = str((await request.form()).get("text", "")).strip()
    too_long = len(query) > LONGEST_QUERY
    journal = {kept.id: kept for kept in page.journal if kept.text}
    texts = [(kept.id, kept.text) for kept in journal.values()]
    ids = parts.matcher.find(texts, query, visitor.language) if query and not too_long else ()
    return show(
        request,
        visitor,
        "reflections.html",
        page,
        sheet=sheet(_listed(page), ""),
        query=query,
        hits=[journal[id_] for id_ in ids] if query and not too_long else None,
        too_long=too_long,
        longest=LONGEST_QUERY,
    )


async def reflection(request: Request, visitor: Visitor) -> Response:
    """Show one thing she wrote, what it said before, with whom it is shared and who opened it."""
    page, id_ = await own_page(request, visitor), str(request.path_params["reflection"])
    found = next((kept for kept in page.journal if kept.id == id_), None) if page else None
    if page is None or found is None:
        return gone(request)
    now = parts_of(request).now()
    shared = [
        (link, piece)
        for link in sharing.links(page.conversation)
        if (shown := sharing.shown(page, link.coach, now)) and (piece := shown.piece(id_))
    ]
    seen = [one for one in sharing.seen(page, now) if one.look.about == id_]
    return show(request, visitor, "reflection.html", page, kept=found, shared=shared, seen=seen)


def _listed(page: Page) -> list[Reflection]:
    return [kept for kept in page.journal if kept.text.strip() and kept.kind not in _NOT_LISTED]


PLACES = (
    Place("journey", "/journey", Who.LEADER, journey),
    Place("own_journey", "/journey/one/{journey}", Who.LEADER, one_journey),
    Place("reflections", "/journey/reflections", Who.LEADER, reflections),
    Place("look_for", "/journey/reflections", Who.LEADER, look_for, "POST"),
    Place("reflection", "/journey/reflections/{reflection}", Who.LEADER, reflection),
    *leader_sharing.PLACES,
    *leader_portfolio.PLACES,
    *leader_data.PLACES,
)
