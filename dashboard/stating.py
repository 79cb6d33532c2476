"""What a coach states about a journey that is shared whole, for the leader's portfolio: written here, hers to accept."""

from __future__ import annotations

from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import Response

from dashboard.coach_view import View, show, view_of
from dashboard.places import Place, Visitor, Who
from dashboard.rendering import gone
from dialogues.errors import KeeperUnavailable
from dialogues.sharing import SharedJourney, Shown
from dialogues.statements import STATEMENT_LENGTH


async def statement(request: Request, visitor: Visitor) -> Response:
    """Show the form, and what was stated before and what the leader answered."""
    view = await view_of(request, visitor)
    found = view.journey(str(request.path_params["journey"])) if view else None
    return _shown(request, visitor, view, view.shown, found) if view and found else gone(request)


async def state(request: Request, visitor: Visitor) -> Response:
    """Put a statement to the leader; what is too long or cannot be kept comes back."""
    given = (await request.form()).get("text")
    text = given.replace("\r\n", "\n") if isinstance(given, str) else ""
    view = await view_of(request, visitor)
    found = view.journey(str(request.path_params["journey"])) if view else None
    if view is None or found is None:
        return gone(request, text)
    try:
        stated = await view.parts.review.state(view.coach.id, view.handle, found.id, text, view.parts.now())
    except ValueError:
        trouble = "too_long" if text.strip() else "empty"
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        return _shown(request, visitor, view, view.shown, found, status, trouble=trouble, typed=text)
    except KeeperUnavailable:
        status = HTTPStatus.SERVICE_UNAVAILABLE
        return _shown(request, visitor, view, view.shown, found, status, trouble="away", typed=text)
    shown = await view.parts.review.leader(view.coach.id, view.handle, view.parts.now()) if stated else None
    return _shown(request, visitor, view, shown, found) if shown else gone(request, text)


def _shown(  # noqa: PLR0913 - what the page says besides
    request: Request,
    visitor: Visitor,
    view: View,
    shown: Shown,
    journey: SharedJourney,
    status: int = HTTPStatus.OK,
    *,
    trouble: str = "",
    typed: str = "",
) -> Response:
    return show(
        request,
        visitor,
        "stating.html",
        view,
        status,
        journey=journey,
        stated=[one for one in shown.statements if one.about == journey.id],
        trouble=trouble,
        typed=typed,
        excess=max(0, len(typed.strip()) - STATEMENT_LENGTH),
        most=STATEMENT_LENGTH,
    )


PLACES = (
    Place("statement", "/coach/leaders/{leader}/journeys/{journey}/statement", Who.COACH, statement),
    Place("state", "/coach/leaders/{leader}/journeys/{journey}/statement", Who.COACH, state, "POST", changes=True),
)
