"""What the pages of a leader have in common: her own page as it is kept now, lists by twenty, and how words are shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Generic, TypeVar

from starlette.requests import Request
from starlette.responses import Response

from dashboard.parts import Parts, parts_of
from dashboard.places import Visitor
from dashboard.rendering import render
from dialogues.coaching import Grant, Level, Look
from dialogues.conversation import Phrase, Say, Wording
from dialogues.ports import Page
from dialogues.sharing import Seen

PER_PAGE = 20
"""Things on one page of a list."""

LONGEST_NUMBER = 9
"""Digits of a page number that are looked at."""

ItemT = TypeVar("ItemT")

_LEVELS = {Level.SUMMARY: "summary", Level.PIECE: "piece", Level.JOURNEY: "journey", Level.ONLY_ME: "nothing"}


@dataclass(frozen=True, slots=True)
class Sheet(Generic[ItemT]):
    """One page of a list: its *items*, the newest first, its *number* from 1, and how many pages there are."""

    items: tuple[ItemT, ...]
    number: int
    count: int


def sheet(items: Sequence[ItemT], asked: str) -> Sheet[ItemT]:
    """Return the page of *items* (oldest first) that *asked* names, the nearest one there is."""
    count = max(1, -(-len(items) // PER_PAGE))
    known = asked.isascii() and asked.isdecimal() and len(asked) <= LONGEST_NUMBER
    number = min(max(1, int(asked)), count) if known else 1
    newest = tuple(reversed(items))
    return Sheet(newest[(number - 1) * PER_PAGE : number * PER_PAGE], number, count)


async def own_page(request: Request, visitor: Visitor) -> Page | None:
    """Return everything kept of the leader who visits, or None when nothing is. Raises as `Keeper.read` does."""
    return await parts_of(request).keeper.read(visitor.person) if visitor.person else None


def show(
    request: Request, visitor: Visitor, template: str, page: Page, status: int = HTTPStatus.OK, **values: object
) -> Response:
    """
    Return the page *template*. Besides the values it is given her conversation as ``mine``, `words(wording)`, and
    `journey_of(id)` and `level_of(grant)`.
    """
    parts = parts_of(request)
    journeys = {journey.id: journey for journey in page.conversation.journeys}

    def words(wording: Wording) -> str:
        return said(parts, wording, visitor.language)

    return render(
        request,
        template,
        status,
        mine=page.conversation,
        words=words,
        journey_of=journeys.get,
        level_of=level_of,
        **values,
    )


def said(parts: Parts, wording: Wording, language: str) -> str:
    """Return *wording*: her own words, or words of the content in *language*."""
    if isinstance(wording, str):
        return wording
    return parts.words.render(Say(wording.key, wording.values), language).text


def level_of(grant: Grant) -> Phrase:
    """Return the words for how much *grant* gives."""
    return Phrase(f"coach.levels.{'sentence' if grant.sentence else _LEVELS[grant.level]}")


def looks_at(seen: Sequence[Seen], grant: Grant, pieces: frozenset[str]) -> tuple[Look, ...]:
    """Return the looks of the coach of *grant* at what it gives: the ids in *pieces*."""
    return tuple(
        one.look
        for one in seen
        if one.look.coach == grant.coach and one.look.about in pieces and one.look.last >= grant.since
    )
