"""
The second step of a coach: a code of six digits from an app on the phone (RFC 6238), set up the first time.

A code counts in its own half minute and in the one before and after, and once: the last time step that was used stands
with the account. What a new secret is, is kept with it only after a code proved that the app has it.
"""

from __future__ import annotations

import logging
import re
from dataclasses import replace
from datetime import datetime

import pyotp
import segno
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response

from dashboard.guard import caller
from dashboard.login import cookies_of, open_session, too_often
from dashboard.parts import parts_of
from dashboard.places import Place, Visitor, Who
from dashboard.rendering import go_to, render
from dashboard.sessions import Role, Session
from dialogues.coaching import Book, Coach
from dialogues.ports import CoachBook

log = logging.getLogger(__name__)

STEP = 30
"""Seconds that a code is shown."""

WRONG = 5
"""Wrong codes after which the login starts anew."""

ISSUER = "Mindshift"

_CODE = re.compile(r"[0-9]{6}")
_GROUP = 4


class CodeUsed(Exception):
    """The code was right, and was used meanwhile."""


def step_of(secret: str, code: str, now: datetime) -> int | None:
    """Return the time step in which *code* is the one of *secret*: this one, or the one before or after; else None."""
    typed = re.sub(r"\s", "", code)
    if not secret or not _CODE.fullmatch(typed):
        return None
    current, codes = int(now.timestamp()) // STEP, pyotp.TOTP(secret, interval=STEP)
    right = [
        step
        for step in (current - 1, current, current + 1)
        if pyotp.utils.strings_equal(codes.generate_otp(step), typed)
    ]
    return right[-1] if right else None


def used(book: Book, coach: Coach, secret: str, step: int) -> Book:
    """
    Return *book* with the code of time *step* used by *coach*, who has this *secret*, perhaps from now on.

    Raises:
        CodeUsed: that step, or a later one, was used before; or another secret was set up meanwhile.
    """
    known = book.find(coach.id)
    if known is None or known.secret not in ("", secret) or (known.secret and step <= known.counter):
        raise CodeUsed
    return book.with_coach(replace(known, secret=secret, counter=step))


async def show(request: Request, visitor: Visitor) -> Response:
    """Ask for the code; the first time with the secret, as a picture and to type over."""
    return _page(request, visitor)


async def check(request: Request, visitor: Visitor) -> Response:
    """Let the coach in when the code is right, under a new id; after five wrong ones the login starts anew."""
    parts, session, coach = parts_of(request), visitor.session, visitor.coach
    if session is None or coach is None:
        return go_to(request, "entrance")
    whose = (caller(request), f"person {session.person}")
    if not await parts.limits.may_try(*whose):
        return too_often(request)
    secret = coach.secret or session.proposed
    step = step_of(secret, str((await request.form()).get("code", "")), parts.now())
    if step is None or not await _first_use(parts.book, coach, secret, step):
        await parts.limits.wrong(*whose)
        log.warning("a login failed", extra={"step": "second"})
        return _wrong(request, visitor, session)
    return await open_session(request, Role.COACH, session.person, proven=secret)


async def _first_use(book: CoachBook, coach: Coach, secret: str, step: int) -> bool:
    """Keep that the code of time *step* was used, and return whether it was the first time."""
    try:
        await book.change(lambda found: used(found, coach, secret, step))
    except CodeUsed:
        return False
    return True


def _wrong(request: Request, visitor: Visitor, session: Session) -> Response:
    session.wrong += 1
    if session.wrong < WRONG:
        return _page(request, visitor, wrong=True)
    parts = parts_of(request)
    parts.sessions.end(request.cookies.get(cookies_of(parts).session, ""))
    return go_to(request, "entrance")


def _page(request: Request, visitor: Visitor, *, wrong: bool = False) -> Response:
    session, coach = visitor.session, visitor.coach
    if session is None or coach is None:
        return go_to(request, "entrance")
    if coach.secret:
        return render(request, "second.html", wrong=wrong)
    session.proposed = session.proposed or pyotp.random_base32()
    address = pyotp.TOTP(session.proposed, interval=STEP).provisioning_uri(name=coach.name, issuer_name=ISSUER)
    secret = " ".join(re.findall(f".{{1,{_GROUP}}}", session.proposed))
    picture = Markup(segno.make(address, error="m").svg_inline(scale=5, border=4, svgclass="qr", lineclass=None))  # noqa: S704
    return render(request, "second_new.html", wrong=wrong, secret=secret, address=address, picture=picture)


PLACES = (
    Place("second", "/second", Who.HALF, show),
    Place("second_check", "/second", Who.HALF, check, "POST", changes=True),
)
