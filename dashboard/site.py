"""
The site: one table of all pages, and what happens around each of them.

For every request it is found out anew who sends it; an account that was closed, or a second factor that was taken back,
ends the session there and then. Who may not come to a page gets the same answer as for a page that is not there.
"""

from __future__ import annotations

import logging
from dataclasses import replace
from http import HTTPStatus
from pathlib import Path

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp

from dashboard import account, coach_pages, guard, leader_pages, login, second_factor, stating
from dashboard.guard import Refused
from dashboard.login import cookies_of
from dashboard.parts import Parts, parts_of
from dashboard.places import Handler, Place, Visitor, Who
from dashboard.rendering import FORM_KEY, go_to, gone, render, visitor_of
from dashboard.sessions import Role, Session
from dialogues.coaching import Coach
from dialogues.errors import KeeperUnavailable

log = logging.getLogger(__name__)

WRITTEN = "text"
"""The field in which somebody writes: what stands in it is given back when it could not be taken in."""

LANGUAGES = ("nl", "en")

_WORDS = {
    HTTPStatus.BAD_REQUEST: "refused",
    HTTPStatus.FORBIDDEN: "refused",
    HTTPStatus.METHOD_NOT_ALLOWED: "missing",
    HTTPStatus.REQUEST_TIMEOUT: "slow",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "too_large",
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE: "refused",
    HTTPStatus.SERVICE_UNAVAILABLE: "store",
}
_UNREAD = frozenset({HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.REQUEST_ENTITY_TOO_LARGE, HTTPStatus.FORBIDDEN})
"""After these the rest of the request may still be on its way; nobody waits for it."""

_STYLE = (Path(__file__).parent / "static" / "style.css").read_text(encoding="utf-8")


async def style(_request: Request, _visitor: Visitor) -> Response:
    """Return how the pages look."""
    return Response(_STYLE, media_type="text/css")


ROUTES: tuple[Place, ...] = (
    Place("style", "/style.css", Who.ANYONE, style),
    *login.PLACES,
    *second_factor.PLACES,
    *account.PLACES,
    *coach_pages.PLACES,
    *stating.PLACES,
    *leader_pages.PLACES,
)
"""Every page there is. The tests of who sees what, of headers and of forms are made from this table."""


def site(parts: Parts) -> ASGIApp:
    """Return the pages, to be served at the address that *parts* names."""
    routes = [_route(place) for place in ROUTES if place.who is not Who.DEMO or parts.demo]
    pages = Starlette(routes=routes, exception_handlers={HTTPException: _not_there})
    pages.router.redirect_slashes = False  # it would send browsers to whatever host they named themselves
    pages.state.parts = parts
    return guard.with_headers(pages, parts.where.site)


def _route(place: Place) -> Route:
    async def answer(request: Request) -> Response:
        return await _answered(request, place)

    return Route(place.path, answer, name=place.name, methods=[place.method])


async def _answered(request: Request, place: Place) -> Response:
    """Return the page *place*, or a kind word about what stands in its way, for who sends *request*."""
    request.state.written = ""
    try:
        return await _page(request, place)
    except Refused as refused:
        log.warning("A form for the page %s was refused: %s", place.name, refused.status.phrase)
        return _sorry(request, refused.status)
    except HTTPException as refused:
        return _sorry(request, HTTPStatus(refused.status_code))
    except KeeperUnavailable:
        log.warning("The store does not answer; the page %s was not shown", place.name)
        return _sorry(request, HTTPStatus.SERVICE_UNAVAILABLE)
    except Exception as fault:  # noqa: BLE001 - what went wrong may carry what somebody wrote
        log.error("The page %s could not be shown: %s", place.name, type(fault).__name__)  # noqa: TRY400 (content-free)
        return _sorry(request, HTTPStatus.INTERNAL_SERVER_ERROR)


async def _page(request: Request, place: Place) -> Response:
    """Return the page *place*. Raises Refused for a form that is not ours, and whatever the page itself raises."""
    visitor = request.state.visitor = await identified(request)
    if place.method == "POST":
        if not guard.is_ours(request, parts_of(request).where.site):
            raise Refused(HTTPStatus.FORBIDDEN)
        request = await guard.with_form(request)
        form = await request.form()
        request.state.written = str(form.get(WRITTEN, ""))
        held = visitor.session or visitor.asking
        if not guard.is_key(form.get(FORM_KEY), held.form_key if held else ""):
            raise Refused(HTTPStatus.FORBIDDEN)
    return await (_way(place, visitor) or place.handler)(request, visitor)


def _way(place: Place, visitor: Visitor) -> Handler | None:
    """Return what is shown instead of *place* to who may not come there, or None for who may."""
    session = visitor.session
    if place.who in (Who.ANYONE, Who.DEMO):
        return None
    if session is None:
        return _to("entrance")
    if session.half:
        return None if place.who is Who.HALF else _to("second")
    if place.who is Who.HALF:
        return _to("entrance")
    allowed = {Who.EITHER: True, Who.COACH: session.role is Role.COACH, Who.LEADER: session.role is Role.LEADER}
    return None if allowed[place.who] else _missing


def _to(name: str) -> Handler:
    async def sent_on(request: Request, _visitor: Visitor) -> Response:
        return go_to(request, name)

    return sent_on


async def _missing(request: Request, _visitor: Visitor) -> Response:
    return gone(request)


async def identified(request: Request) -> Visitor:
    """
    Return who sends *request*, as the cookies and the book of coaches say at this moment.

    Raises:
        KeeperUnavailable: the book cannot be read.
    """
    parts, cookies = parts_of(request), cookies_of(parts_of(request))
    nobody = request.state.visitor = Visitor(_preferred(request, parts.language))
    asking = parts.front.asked(request.cookies.get(cookies.asking, ""), parts.now())
    token = request.cookies.get(cookies.session, "")
    session = parts.sessions.find(token, parts.now())
    if session is None:
        return replace(nobody, asking=asking)
    known = Visitor(session.language, session.role, None, session.person, session, asking)
    if session.role is Role.LEADER:
        return known
    coach = (await parts.book.read()).of(session.person)
    if coach is None or not coach.active or coach.id != session.coach or session.proven != _expected(coach, session):
        parts.sessions.end(token)
        return replace(nobody, asking=asking)
    return replace(known, coach=coach, language=coach.language)


def _expected(coach: Coach, session: Session) -> str:
    """Return the second factor that a whole session of *coach* was opened with."""
    return "" if session.half else coach.secret


def _preferred(request: Request, otherwise: str) -> str:
    """Return the first language that the browser asks for and we speak."""
    asked = [part.strip()[:2].lower() for part in request.headers.get("accept-language", "").split(",")]
    return next((language for language in asked if language in LANGUAGES), otherwise)


async def _not_there(request: Request, error: Exception) -> Response:
    """Answer for an address that is not in the table, or a method that its page does not know."""
    status = HTTPStatus(error.status_code) if isinstance(error, HTTPException) else HTTPStatus.NOT_FOUND
    try:
        request.state.visitor = await identified(request)
    except KeeperUnavailable:
        status = HTTPStatus.SERVICE_UNAVAILABLE
    allowed = error.headers if isinstance(error, HTTPException) else None
    request.state.written = ""
    response = _sorry(request, status)
    response.headers.update(allowed or {})
    return response


def _sorry(request: Request, status: HTTPStatus) -> Response:
    """Return a kind word about why the page is not shown, with what was written in it to copy."""
    if status is HTTPStatus.NOT_FOUND:
        return gone(request)
    words = _WORDS.get(status, "broken")
    if status is HTTPStatus.FORBIDDEN and visitor_of(request).session is None:
        words = "expired"
    written = str(request.state.written)
    kept = (written,) if written else ()
    response = render(request, "error.html", status, words=f"dashboard.errors.{words}", kept=kept)
    if status in _UNREAD:
        response.headers["Connection"] = "close"
    return response
