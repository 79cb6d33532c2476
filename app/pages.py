"""Puts the pages together: the site that is served beside the webhook, or by itself in a demonstration."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING, Any, cast

from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from app.coaches import Coaches
from content.catalogue import Catalogue
from content.cues import cues
from content.drawing import SvgPainter
from content.exporting import PageExporter
from content.matching import StemMatcher
from content.publishing import PortfolioPublisher
from content.searching import Index
from dashboard.parts import Demo, Parts
from dashboard.site import site
from dialogues.guide import Guide
from dialogues.ports import CoachBook, Keeper
from dialogues.review import Review
from storage.journal import current_format

if TYPE_CHECKING:
    from starlette.types import ASGIApp
    from uvicorn._types import ASGI3Application


def review(guide: Guide, keeper: Keeper, catalogue: Catalogue, book: CoachBook) -> Review[Index]:
    """Return the door through which coaches read."""
    return Review(guide=guide, keeper=keeper, book=book, searcher=StemMatcher(catalogue))


def pages(  # noqa: PLR0913 - the parts, all by name
    *,
    catalogue: Catalogue,
    keeper: Keeper,
    guide: Guide,
    known: Coaches,
    reading: Review[Index],
    zone: tzinfo,
    now: Callable[[], datetime],
    language: str,
    trusted: str = "",
    demo: Demo | None = None,
) -> ASGIApp:
    """
    Return the site.

    Args:
        trusted: addresses of the proxy in front, which says in X-Forwarded-For who calls; "" for none.
        demo: whom a visitor may be without logging in.
    """
    parts = Parts(
        review=reading,
        guide=guide,
        keeper=keeper,
        book=known.book,
        words=catalogue,
        repertoire=catalogue.repertoire,
        cues=cues(catalogue),
        matcher=StemMatcher(catalogue),
        exporter=PageExporter(catalogue, current_format()),
        publisher=PortfolioPublisher(catalogue, SvgPainter(catalogue)),
        where=known.where,
        front=known.front,
        now=now,
        zone=zone,
        language=language or "nl",
        demo=demo,
    )
    made = site(parts)
    # What the proxy writes is believed; anybody else's word about who they are is not.
    stands: ASGI3Application = cast("Any", made)
    return cast("ASGIApp", ProxyHeadersMiddleware(stands, trusted)) if trusted else made
