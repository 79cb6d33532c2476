"""
The pages to come in and go out: the entrance, the code to confirm in the chat, the passage, and logging out.

How a passage is made and spent stands in `front_door.py`. Where a browser goes afterwards is never taken from what it
sent. Whether an account exists, no answer here tells.
"""

from __future__ import annotations

import asyncio
import logging
from dataclasses import replace
from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import Response

from dashboard.codes import grouped
from dashboard.front_door import LASTS
from dashboard.guard import Cookies, caller, is_secure
from dashboard.parts import Parts, parts_of
from dashboard.places import Place, Visitor, Who
from dashboard.rendering import go_to, gone, render
from dashboard.sessions import Role, Session
from dialogues.coach_chat import LOGIN_PREFIX
from dialogues.coaching import CoachId
from dialogues.conversation import LeaderId
from dialogues.errors import PageUnreadable

log = logging.getLogger(__name__)

HOMES = {Role.COACH: "leaders", Role.LEADER: "journey"}
"""The page on which somebody arrives."""

_ENTRANCE = "entrance.html"

_PREPARING: set[asyncio.Task[None]] = set()
"""Held here until they are done, as the loop itself holds no task; a stop does not wait for them."""


async def entrance(request: Request, visitor: Visitor) -> Response:
    """Show the two ways in; who is in already arrives at once. In the demonstration one button is enough, each time."""
    if parts_of(request).demo:
        ask_first = visitor.session is None
        return await _asking(request, visitor, Role.COACH, _ENTRANCE) if ask_first else render(request, _ENTRANCE)
    if visitor.role and visitor.session:
        return go_to(request, "second" if visitor.session.half else HOMES[visitor.role])
    return render(request, _ENTRANCE)


async def ask(request: Request, visitor: Visitor) -> Response:
    """Show the code to confirm in the chat, the same one until it is used or expires."""
    role = _role(request)
    if role is None:
        return gone(request)
    if visitor.session and visitor.role is role:
        return go_to(request, "second" if visitor.session.half else HOMES[role])
    return await _asking(request, visitor, role, "login.html")


async def typed(request: Request, visitor: Visitor) -> Response:
    """Let in who types the code that the chat gave; it works in the browser that asked alone."""
    parts, form = parts_of(request), await request.form()
    who = caller(request)
    if not await parts.limits.may_try(who):
        return too_often(request)
    role = visitor.asking.role if visitor.asking else None
    found = parts.front.spend_typed(_browser(request), str(form.get("code", "")), parts.now())
    if found:
        return await _let_in(request, *found)
    await parts.limits.wrong(who)
    log.warning("a login failed", extra={"step": "code"})
    if role is None or parts.front.asked(_browser(request), parts.now()) is None:
        return render(request, "passage_gone.html", HTTPStatus.NOT_FOUND)
    return await _asking(request, visitor, role, "login.html", wrong=True)


async def passage(request: Request, visitor: Visitor) -> Response:
    """Show the button behind the link from the chat, in the browser that asked; looking spends nothing."""
    parts, token = parts_of(request), str(request.path_params["token"])
    if visitor.asking is None or parts.front.fits(_browser(request), token, parts.now()) is None:
        return render(request, "passage_gone.html", HTTPStatus.NOT_FOUND)
    return render(request, "passage.html", token=token)


async def spend(request: Request, _: Visitor) -> Response:
    """Use the passage up, once, and let in."""
    parts, who = parts_of(request), caller(request)
    if not await parts.limits.may_try(who):
        return too_often(request)
    found = parts.front.spend(_browser(request), str(request.path_params["token"]), parts.now())
    if found:
        return await _let_in(request, *found)
    await parts.limits.wrong(who)
    log.warning("a login failed", extra={"step": "link"})
    return render(request, "passage_gone.html", HTTPStatus.NOT_FOUND)


async def demo(request: Request, _: Visitor) -> Response:
    """Let a visitor of the demonstration in, as the coach or as the leader of it."""
    parts, role = parts_of(request), _role(request)
    if parts.demo is None or role is None:
        return gone(request)
    found = (await parts.book.read()).find(parts.demo.coach)
    if role is Role.COACH and found:
        return await open_session(request, Role.COACH, LeaderId(found.person), proven=found.secret)
    return await open_session(request, Role.LEADER, parts.demo.leader)


async def logout(request: Request, _: Visitor) -> Response:
    """End this session, and let the browser forget what it kept of us."""
    parts, cookies = parts_of(request), cookies_of(parts_of(request))
    parts.sessions.end(request.cookies.get(cookies.session, ""))
    log.info("a session was ended")
    response = go_to(request, "entrance")
    cookies.drop(response, cookies.session)
    response.headers["Clear-Site-Data"] = '"cache", "cookies", "storage"'
    return response


def cookies_of(parts: Parts) -> Cookies:
    """Return the cookies of this site."""
    return Cookies(is_secure(parts.where.site))


async def open_session(
    request: Request, role: Role, person: LeaderId, *, half: bool = False, proven: str = ""
) -> Response:
    """Begin a session under a new id, end the one this browser had, and go where it leads."""
    parts, now = parts_of(request), parts_of(request).now()
    cookies = cookies_of(parts)
    coach = (await parts.book.read()).of(person) if role is Role.COACH else None
    language = coach.language if coach else await _language(parts, person)
    session = Session(role, person, language, now, now, coach.id if coach else None, half=half, proven=proven)
    parts.sessions.end(request.cookies.get(cookies.session, ""))
    log.info("a session began", extra={"role": role, "half": half})
    response = go_to(request, "second" if half else HOMES[role])
    if coach:  # most coaches still have a second factor to type; the list is there when they have
        preparing = asyncio.create_task(_prepare(parts, coach.id))
        _PREPARING.add(preparing)
        preparing.add_done_callback(_PREPARING.discard)
    cookies.keep_session(response, parts.sessions.open(session))
    cookies.drop(response, cookies.asking)
    return response


async def _prepare(parts: Parts, coach: CoachId) -> None:
    try:
        await parts.review.prepare(coach, parts.now())
    except Exception as fault:  # noqa: BLE001 - whatever it is, whoever asks for the list is told then
        log.warning("what a coach may see could not be prepared: %s", type(fault).__name__)


async def _let_in(request: Request, role: Role, person: LeaderId) -> Response:
    """Begin the session of who came through the front door; of a coach the second factor is still to come."""
    return await open_session(request, role, person, half=role is Role.COACH)


async def _asking(request: Request, visitor: Visitor, role: Role, template: str, *, wrong: bool = False) -> Response:
    """Show *template* with the login page that is open in this browser, or a new one."""
    parts, asking, browser = parts_of(request), visitor.asking, ""
    if asking is None or asking.role is not role:
        if not await parts.limits.may_ask(caller(request)):
            return too_often(request)
        browser, asking = parts.front.ask(role, parts.now())
        request.state.visitor = replace(visitor, asking=asking)
    link = parts.where.deep_link(LOGIN_PREFIX + asking.code)
    response = render(request, template, role=role, code=grouped(asking.code), link=link, wrong=wrong)
    if browser:
        cookies_of(parts).keep_asking(response, browser, int(LASTS.total_seconds()))
    return response


async def _language(parts: Parts, person: LeaderId) -> str:
    try:
        page = await parts.keeper.read(person)
    except PageUnreadable:
        page = None
    return page.conversation.language if page else parts.language


def _browser(request: Request) -> str:
    return request.cookies.get(cookies_of(parts_of(request)).asking, "")


def _role(request: Request) -> Role | None:
    named = str(request.path_params["role"])
    return Role(named) if named in set(Role) else None


def too_often(request: Request) -> Response:
    """Return the answer for who tried too often."""
    log.warning("somebody has to wait before the next try to log in")
    return render(request, "error.html", HTTPStatus.TOO_MANY_REQUESTS, words="dashboard.errors.too_often", kept=())


PLACES = (
    Place("entrance", "/", Who.ANYONE, entrance),
    Place("login", "/login/{role}", Who.ANYONE, ask),
    Place("typed", "/login", Who.ANYONE, typed, "POST", changes=True),
    Place("passage", "/in/{token}", Who.ANYONE, passage),
    Place("spend", "/in/{token}", Who.ANYONE, spend, "POST", changes=True),
    Place("demo", "/demo/{role}", Who.DEMO, demo, "POST", changes=True),
    Place("logout", "/logout", Who.ANYONE, logout, "POST", changes=True),
)
