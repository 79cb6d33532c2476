"""
A leader's portfolio on her page: choosing, looking, and only then making. What is chosen travels in the form and is kept
nowhere.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from http import HTTPStatus

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response

from dashboard.leader_view import own_page, show
from dashboard.parts import parts_of
from dashboard.places import Place, Visitor, Who
from dashboard.rendering import gone
from dialogues import statements
from dialogues.errors import PrintingFailed
from dialogues.portfolio import Portfolio, compose, themes
from dialogues.portfolio_words import portfolio_words, scan_title
from dialogues.ports import Page

FILES = {"pdf": ("portfolio.pdf", "application/pdf"), "md": ("portfolio.md", "text/markdown; charset=utf-8")}
"""The names and types of what can be made."""


async def choose(request: Request, visitor: Visitor) -> Response:
    """Show all themes and pieces; what is proposed is ticked."""
    page = await own_page(request, visitor)
    return _choosing(request, visitor, page) if page else gone(request)


async def choose_again(request: Request, visitor: Visitor) -> Response:
    """Show all themes and pieces, ticked as they were."""
    page, form = await own_page(request, visitor), await request.form()
    return _choosing(request, visitor, page, _chosen(page, form)) if page else gone(request)


async def look(request: Request, visitor: Visitor) -> Response:
    """Show exactly what goes in. Nothing is made yet."""
    page, form = await own_page(request, visitor), await request.form()
    if page is None:
        return gone(request)
    chosen = _chosen(page, form)
    if not chosen:
        return _choosing(request, visitor, page, chosen, HTTPStatus.UNPROCESSABLE_ENTITY, trouble="nothing")
    return _looking(request, visitor, page, chosen)


async def make(request: Request, visitor: Visitor) -> Response:
    """Return what was chosen as a file."""
    page, form, parts = await own_page(request, visitor), await request.form(), parts_of(request)
    kind = str(form.get("file", ""))
    chosen = _chosen(page, form) if page else {}
    if page is None or not chosen or kind not in FILES:
        return gone(request)
    portfolio = compose(page, chosen, parts.now())
    try:
        body = await asyncio.to_thread(_printed, request, visitor, portfolio, kind)
    except PrintingFailed:
        return _looking(request, visitor, page, chosen, HTTPStatus.INTERNAL_SERVER_ERROR, trouble="not_printed")
    name, type_ = FILES[kind]
    return Response(body, media_type=type_, headers={"Content-Disposition": f'attachment; filename="{name}"'})


async def answer(request: Request, visitor: Visitor) -> Response:
    """Say yes or no to what a coach stated; only with a yes it goes in."""
    form, parts = await request.form(), parts_of(request)
    id_, accepted = str(form.get("statement", "")), form.get("answer") == "yes"
    page, now = await own_page(request, visitor), parts.now()
    if page is None or visitor.person is None or all(one.id != id_ for one in statements.waiting(page.conversation)):
        return gone(request)
    await parts.guide.change(
        visitor.person, lambda kept: statements.answered(kept.conversation, id_, now, accepted=accepted), now
    )
    after = await own_page(request, visitor)
    done = "accepted" if accepted else "refused"
    return _choosing(request, visitor, after, done=done) if after else gone(request)


def _printed(request: Request, visitor: Visitor, portfolio: Portfolio, kind: str) -> bytes:
    publisher = parts_of(request).publisher
    if kind == "pdf":
        return publisher.pdf(portfolio, visitor.language)
    return publisher.markdown(portfolio, visitor.language).encode("utf-8", "replace")


def _chosen(page: Page | None, form: FormData) -> dict[str, tuple[str, ...]]:
    """Return what the form holds: the ticked themes that exist, each with the ticked pieces."""
    ticked = frozenset(str(value) for value in form.getlist("piece"))
    wanted = frozenset(str(value) for value in form.getlist("theme"))
    return {
        theme.id: tuple(piece.id for piece in theme.pieces if piece.id in ticked)
        for theme in (themes(page) if page else ())
        if theme.id in wanted
    }


def _choosing(
    request: Request,
    visitor: Visitor,
    page: Page,
    chosen: Mapping[str, tuple[str, ...]] | None = None,
    status: int = HTTPStatus.OK,
    *,
    trouble: str = "",
    done: str = "",
) -> Response:
    found = themes(page)
    fresh = chosen is None
    ticked = {piece for theme in found for piece in (theme.usual if chosen is None else chosen.get(theme.id, ()))}
    coaches = {link.coach: link for link in page.conversation.links}
    return show(
        request,
        visitor,
        "portfolio.html",
        page,
        status,
        themes=found,
        scan_title=scan_title,
        wanted=frozenset() if fresh or chosen is None else frozenset(chosen),
        ticked=ticked,
        waiting=[(one, coaches[one.coach]) for one in statements.waiting(page.conversation)],
        trouble=trouble,
        done=done,
    )


def _looking(
    request: Request,
    visitor: Visitor,
    page: Page,
    chosen: Mapping[str, tuple[str, ...]],
    status: int = HTTPStatus.OK,
    trouble: str = "",
) -> Response:
    parts = parts_of(request)
    portfolio = compose(page, chosen, parts.now())
    told = portfolio_words(portfolio, parts.repertoire)
    return show(request, visitor, "portfolio_look.html", page, status, told=told, chosen=chosen, trouble=trouble)


PLACES = (
    Place("portfolio", "/journey/portfolio", Who.LEADER, choose),
    Place("portfolio_again", "/journey/portfolio", Who.LEADER, choose_again, "POST"),
    Place("portfolio_look", "/journey/portfolio/look", Who.LEADER, look, "POST"),
    Place("portfolio_make", "/journey/portfolio/make", Who.LEADER, make, "POST"),
    Place("portfolio_answer", "/journey/portfolio/statement", Who.LEADER, answer, "POST", changes=True),
)
