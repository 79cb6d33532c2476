"""What the pages work with. `app` puts it together; nothing here knows how pages are kept or where words stand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from typing import Any

from starlette.requests import Request

from dashboard.front_door import FrontDoor
from dashboard.handles import Handles
from dashboard.limiting import Limits
from dashboard.sessions import Sessions
from dialogues.coach_chat import Whereabouts
from dialogues.coaching import CoachId
from dialogues.conversation import LeaderId
from dialogues.guide import Guide
from dialogues.lenses import Cues
from dialogues.ports import CoachBook, Exporter, Keeper, Matcher, Publisher, Words
from dialogues.repertoire import Repertoire
from dialogues.review import Review


@dataclass(frozen=True, slots=True)
class Demo:
    """A demonstration: which coach and which leader a visitor may be, without logging in."""

    coach: CoachId
    leader: LeaderId


@dataclass(frozen=True, slots=True)
class Parts:
    """
    Everything the pages need. *front* is known to the chat as well; *cues* are what the lenses of a coach look for,
    *handles* what pieces are called in addresses; *where* holds our public address. *language* is spoken to who is not
    known yet and asks for no other. *demo* is set in a demonstration alone.
    """

    review: Review[Any]
    guide: Guide
    keeper: Keeper
    book: CoachBook
    words: Words
    repertoire: Repertoire
    cues: Cues
    matcher: Matcher
    exporter: Exporter
    publisher: Publisher
    where: Whereabouts
    front: FrontDoor
    now: Callable[[], datetime]
    zone: tzinfo
    language: str = "nl"
    demo: Demo | None = None
    sessions: Sessions = field(default_factory=Sessions)
    handles: Handles = field(default_factory=Handles)
    limits: Limits = field(default_factory=Limits)


def parts_of(request: Request) -> Parts:
    """Return what the site that *request* came to works with."""
    parts = request.app.state.parts
    if not isinstance(parts, Parts):
        raise TypeError("a site is made by dashboard.site.site")
    return parts
