"""What a leader shares and who read it: complete, also of what was taken back. Taking back is one button, here as well."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from dashboard.leader_view import looks_at, own_page, show
from dashboard.parts import parts_of
from dashboard.places import Place, Visitor, Who
from dashboard.rendering import gone
from dialogues import sharing
from dialogues.coaching import Grant, Level, Link, Look
from dialogues.conversation import Conversation, Journey, Reflection
from dialogues.ports import Page


@dataclass(frozen=True, slots=True)
class Given:
    """A grant that holds: with whom, about what, and the *looks* at it."""

    grant: Grant
    link: Link
    reflection: Reflection | None
    journey: Journey | None
    looks: tuple[Look, ...]


async def shares(request: Request, visitor: Visitor) -> Response:
    """Show her coaches, what each can read now, and everything that was ever opened."""
    page = await own_page(request, visitor)
    return _shown(request, visitor, page) if page else gone(request)


async def withdraw(request: Request, visitor: Visitor) -> Response:
    """Take one grant back."""
    id_ = str((await request.form()).get("grant", ""))
    page, now = await own_page(request, visitor), parts_of(request).now()
    if page is None or visitor.person is None or all(one.id != id_ for one in page.conversation.grants):
        return gone(request)
    await parts_of(request).guide.change(
        visitor.person, lambda kept: sharing.withdrawn(kept.conversation, id_, now), now
    )
    after = await own_page(request, visitor)
    return _shown(request, visitor, after, withdrawn=id_) if after else gone(request)


async def ask_end(request: Request, visitor: Visitor) -> Response:
    """Ask whether she wants to end a link."""
    page = await own_page(request, visitor)
    link = _link(page.conversation, str((await request.form()).get("link", ""))) if page else None
    return show(request, visitor, "end_link.html", page, link=link) if page and link else gone(request)


async def end(request: Request, visitor: Visitor) -> Response:
    """End a link: that coach sees nothing of hers from the next request on."""
    page, now = await own_page(request, visitor), parts_of(request).now()
    link = _link(page.conversation, str((await request.form()).get("link", ""))) if page else None
    if link is None or visitor.person is None:
        return gone(request)
    coach = link.coach
    await parts_of(request).guide.change(visitor.person, lambda kept: sharing.ended(kept.conversation, coach, now), now)
    after = await own_page(request, visitor)
    return _shown(request, visitor, after, stopped=True) if after else gone(request)


def _link(conversation: Conversation, handle: str) -> Link | None:
    return next((link for link in sharing.links(conversation) if link.handle == handle), None)


def _shown(request: Request, visitor: Visitor, page: Page, *, withdrawn: str = "", stopped: bool = False) -> Response:
    now = parts_of(request).now()
    return show(
        request,
        visitor,
        "sharing.html",
        page,
        given=_given(page, request),
        links=sharing.links(page.conversation),
        ended=[link for link in page.conversation.links if link.ended],
        seen=sharing.seen(page, now),
        withdrawn=withdrawn,
        stopped=stopped,
    )


def _given(page: Page, request: Request) -> list[Given]:
    conversation, now = page.conversation, parts_of(request).now()
    journal = {kept.id: kept for kept in page.journal}
    journeys = {journey.id: journey for journey in conversation.journeys}
    seen = sharing.seen(page, now)
    found = []
    for grant in sharing.given(conversation, now):
        link = sharing.link_of(conversation, grant.coach)
        pieces = {grant.about}
        if grant.level is Level.JOURNEY:
            pieces |= {kept.id for kept in page.journal if kept.journey == grant.about}
        if link:
            looks = looks_at(seen, grant, frozenset(pieces))
            found.append(Given(grant, link, journal.get(grant.about), journeys.get(grant.about), looks))
    return found


PLACES = (
    Place("sharing", "/journey/sharing", Who.LEADER, shares),
    Place("withdraw", "/journey/sharing/withdraw", Who.LEADER, withdraw, "POST", changes=True),
    Place("ask_end", "/journey/sharing/end", Who.LEADER, ask_end, "POST"),
    Place("end_link", "/journey/sharing/ended", Who.LEADER, end, "POST", changes=True),
)
