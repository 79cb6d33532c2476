"""A leader's own page: her path, what she wrote, what she shares, and who read it."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from dashboard.parts import parts_of
from dashboard.places import Place, Visitor, Who
from dashboard.rendering import gone, render


async def journey(request: Request, visitor: Visitor) -> Response:
    """Show the leader's own page."""
    page = await parts_of(request).keeper.read(visitor.person) if visitor.person else None
    return render(request, "journey.html", page=page) if page else gone(request)


PLACES = (Place("journey", "/journey", Who.LEADER, journey),)
