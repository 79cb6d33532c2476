"""The pages of a coach: which leaders share something, what they share, and writing back."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from dashboard.parts import parts_of
from dashboard.places import Place, Visitor, Who
from dashboard.rendering import gone, render


async def leaders(request: Request, visitor: Visitor) -> Response:
    """Show the leaders who accepted this coach."""
    parts = parts_of(request)
    if visitor.coach is None:
        return gone(request)
    return render(request, "leaders.html", leaders=await parts.review.leaders(visitor.coach, parts.now()))


PLACES = (Place("leaders", "/coach", Who.COACH, leaders),)
