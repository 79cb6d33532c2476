"""Where somebody is logged in: the list of sessions, each of which can be ended from here."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from dashboard.parts import parts_of
from dashboard.places import Place, Visitor, Who
from dashboard.rendering import go_to, render


async def sessions(request: Request, visitor: Visitor) -> Response:
    """Show where this person is logged in, in this role."""
    parts = parts_of(request)
    known = parts.sessions.of(visitor.role, visitor.person, parts.now()) if visitor.role and visitor.person else []
    return render(request, "sessions.html", sessions=known)


async def end_session(request: Request, visitor: Visitor) -> Response:
    """End one session, or all of them for an empty name."""
    parts, name = parts_of(request), str((await request.form()).get("name", ""))
    if visitor.role and visitor.person and name:
        parts.sessions.end_one(visitor.role, visitor.person, name)
    elif visitor.role and visitor.person:
        parts.sessions.end_all(visitor.role, visitor.person)
    return go_to(request, "sessions")


PLACES = (
    Place("sessions", "/sessions", Who.EITHER, sessions),
    Place("end_session", "/sessions/end", Who.EITHER, end_session, "POST", changes=True),
)
