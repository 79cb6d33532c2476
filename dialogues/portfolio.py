"""
The portfolio: what a leader takes out of what she wrote to show to others, theme by theme.

A theme is a topic: one journey, or several about the same thing. What belongs to no journey makes three more: her vision,
her self-scans, and loose thoughts. Which themes and which pieces go in, she chooses; what is proposed holds nothing that is
likely to be sensitive. What may be told in a portfolio (where it began, what was tried, what
came of it, what it means, what is seen of it in school, with dates) follows what the Dutch registers asked for a reflection
document (Schoolleidersregister PO, 2017; AVS, 2020; not verified after 2023).

Signals of crisis never go in. Everything is hers, verbatim; nothing is added or shortened.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from dialogues import names
from dialogues.coaching import Statement
from dialogues.conversation import Conversation, Journey, Kind, Mark, Phrase, Plan, Reflection, Scan, Whose, Wording
from dialogues.paths import Stretch, path_of
from dialogues.ports import Page

NEVER = frozenset({Kind.CARE, Kind.RULER, Kind.PHASE, Kind.PLAN})
"""Kinds of reflections that are no piece: signals of crisis, and what the path and the plans tell already."""

ON_ONE_PAGE = 2200
"""Characters of pieces with which a theme still fits on about one A4."""


class Part(StrEnum):
    """Under which heading of a theme a piece stands."""

    VISION = "vision"
    SCAN = "scan"
    REASON = "reason"
    TRIED = "tried"
    CAME = "came"
    MEANING = "meaning"
    EFFECT = "effect"


@dataclass(frozen=True, slots=True)
class Piece:
    """
    One thing that can go in: a plan, a reflection or a scan that was finished, by its *id*. *usual* says that it is
    proposed; *named* that it seems to hold a full name. *asked* is the question that it answers, where the text needs it.
    A scan has no text of hers.
    """

    id: str
    part: Part
    text: str
    on: datetime
    journey: str
    usual: bool
    named: bool
    plan: Plan | None = None
    asked: str = ""
    scan: Scan | None = None


@dataclass(frozen=True, slots=True)
class Theme:
    """
    What can go under one heading: *journeys* about one *topic*, the oldest first, and the *pieces* to choose from, in order
    of time. What belongs to no journey has none. *others* says that it is about a colleague or a team, too.
    """

    id: str
    topic: Wording
    journeys: tuple[Journey, ...]
    pieces: tuple[Piece, ...]

    @property
    def others(self) -> bool:
        """Whether it is about somebody else's thinking, so that names have to be looked for."""
        return any(journey.whose != Whose.OWN for journey in self.journeys)

    @property
    def usual(self) -> tuple[str, ...]:
        """The ids of the pieces that are proposed."""
        return tuple(piece.id for piece in self.pieces if piece.usual)


@dataclass(frozen=True, slots=True)
class Way:
    """The *path* of one journey."""

    journey: Journey
    stops: tuple[Stretch, ...]


@dataclass(frozen=True, slots=True)
class Agreed:
    """A statement of a coach that the leader accepted, and who that is."""

    statement: Statement
    name: str
    organisation: str


@dataclass(frozen=True, slots=True)
class Chapter:
    """One theme as it goes in: from *first* to *last*, the ways of its journeys, and the chosen pieces by heading."""

    id: str
    topic: Wording
    first: datetime
    last: datetime
    ways: tuple[Way, ...]
    parts: Mapping[Part, tuple[Piece, ...]]
    agreed: tuple[Agreed, ...]
    others: bool

    @property
    def long(self) -> bool:
        """Whether it will take more than about one A4."""
        return (
            sum(len(piece.asked) + len(piece.text) for pieces in self.parts.values() for piece in pieces) > ON_ONE_PAGE
        )


@dataclass(frozen=True, slots=True)
class Portfolio:
    """What is made: the chapters, on the day it is *made*."""

    made: datetime
    chapters: tuple[Chapter, ...]


def themes(page: Page) -> tuple[Theme, ...]:
    """Return the themes of *page*: journeys, the one that was worked on last first, then what belongs to none of them."""
    found: dict[object, list[Journey]] = {}
    for journey in sorted(page.conversation.journeys, key=lambda journey: journey.begun):
        found.setdefault(_same(journey), []).append(journey)
    written: dict[str, list[Reflection]] = {}
    for kept in page.journal:
        written.setdefault(kept.journey, []).append(kept)
    made = [_theme(tuple(journeys), page.conversation.plans, written) for journeys in found.values()]
    made.sort(key=lambda theme: max(_last(one) for one in theme.journeys), reverse=True)
    return (*made, *_apart(page))


def compose(page: Page, chosen: Mapping[str, Iterable[str]], now: datetime) -> Portfolio:
    """Return the portfolio of the themes in *chosen*, with the pieces chosen of each; unknown ids are passed over."""
    chapters = tuple(
        _chapter(theme, frozenset(chosen[theme.id]), page, now) for theme in themes(page) if theme.id in chosen
    )
    return Portfolio(now, chapters)


def _same(journey: Journey) -> object:
    """Return what journeys about the same topic have in common."""
    topic = journey.topic
    return topic.key if isinstance(topic, Phrase) else (" ".join(topic.casefold().split()) or journey.id,)


def _last(journey: Journey) -> datetime:
    return journey.changed or journey.begun


def _theme(journeys: tuple[Journey, ...], plans: Sequence[Plan], written: Mapping[str, Sequence[Reflection]]) -> Theme:
    newest = journeys[-1]
    pieces = [piece for journey in journeys for piece in _pieces(journey, plans, written.get(journey.id, ()))]
    return Theme(journeys[0].id, newest.topic or newest.to, journeys, tuple(sorted(pieces, key=lambda piece: piece.on)))


def _apart(page: Page) -> Iterator[Theme]:
    """Yield the themes of what belongs to no journey, as far as there is something in them."""
    journeys = {journey.id for journey in page.conversation.journeys}
    written = [kept for kept in page.journal if kept.journey not in journeys and _can_go_in(kept)]
    plans = {plan.id: plan for plan in page.conversation.plans if plan.journey not in journeys}
    draft = page.conversation.vision.draft if page.conversation.vision else ""
    scans = [_scanned(scan) for scan in page.conversation.scans if scan.finished]
    own = {
        "vision": [
            _own_words(kept, Part.VISION, usual=kept.id == draft) for kept in written if kept.kind is Kind.VISION
        ],
        "scans": scans + [_own_words(kept, Part.MEANING) for kept in written if kept.kind is Kind.SCAN],
        "loose": [_tried(plan, "") for plan in plans.values()]
        + [_own_words(kept, _part(kept, plans.get(kept.plan))) for kept in written if kept.kind not in _APART],
    }
    for id_, pieces in own.items():
        if pieces:
            in_time = tuple(sorted(pieces, key=lambda piece: piece.on))
            yield Theme(id_, Phrase(f"portfolio.apart.{id_}"), (), in_time)


_APART = frozenset({Kind.VISION, Kind.SCAN})
"""Kinds of reflections outside all journeys that have a theme of their own."""


def _own_words(kept: Reflection, part: Part, *, usual: bool = False) -> Piece:
    """Return a reflection that belongs to no journey as a piece; without its question it would often say nothing."""
    needed = part in (Part.VISION, Part.MEANING) and kept.kind is not Kind.THOUGHT and not usual
    asked = (kept.question.strip().splitlines() or [""])[-1] if needed else ""
    named = names.looks_full(kept.text)
    return Piece(kept.id, part, kept.text, kept.said, "", usual and not named, named, asked=asked)


def _scanned(scan: Scan) -> Piece:
    on = scan.finished or scan.begun
    return Piece(scan.id, Part.SCAN, "", on, "", usual=False, named=False, scan=scan)


def _tried(plan: Plan, journey: str) -> Piece:
    text = " ".join(part for part in (plan.moment, plan.act) if part)
    named = names.looks_full(text)
    usual = bool(journey) and plan.result is not None and not named
    return Piece(plan.id, Part.TRIED, text, plan.made, journey, usual, named, plan)


def _can_go_in(kept: Reflection) -> bool:
    return kept.kind not in NEVER and bool(kept.text.strip())


def _pieces(journey: Journey, plans: Sequence[Plan], written: Sequence[Reflection]) -> Iterable[Piece]:
    own = {plan.id: plan for plan in plans if plan.journey == journey.id}
    yield from (_tried(plan, journey.id) for plan in own.values())
    wording = {str(part) for part in (journey.topic, journey.from_, journey.to) if isinstance(part, str)}
    for kept in written:
        if _can_go_in(kept) and kept.text not in wording:
            yield _piece(kept, journey, own.get(kept.plan))


def _piece(kept: Reflection, journey: Journey, plan: Plan | None) -> Piece:
    part = _part(kept, plan)
    named = names.looks_full(kept.text)
    about_her_work = part is Part.EFFECT or (part is not Part.REASON and _looked_back(kept, journey))
    # What she wrote about a colleague may say more of that colleague than was meant for others to read.
    usual = about_her_work and not named and (journey.whose != Whose.COLLEAGUE or kept.kind is Kind.EFFECT)
    return Piece(kept.id, part, kept.text, kept.said, journey.id, usual, named)


def _part(kept: Reflection, plan: Plan | None) -> Part:
    if kept.kind is Kind.EFFECT or kept.mark is Mark.PROOF:
        return Part.EFFECT
    if kept.mark in (Mark.REASON, Mark.WORRY):
        return Part.REASON
    if kept.kind is Kind.CHECKIN and plan and kept.text == plan.happened:
        return Part.CAME
    return Part.MEANING


def _looked_back(kept: Reflection, journey: Journey) -> bool:
    """Return whether *kept* looks back on a plan or on the whole journey."""
    return kept.kind is Kind.CHECKIN or (bool(journey.remember) and kept.text == journey.remember)


def _chapter(theme: Theme, chosen: frozenset[str], page: Page, now: datetime) -> Chapter:
    pieces = [piece for piece in theme.pieces if piece.id in chosen]
    ways = tuple(Way(journey, path_of(journey, page.journal)) for journey in theme.journeys)
    days = [piece.on for piece in pieces] + [stop.begun for way in ways for stop in way.stops]
    days += [journey.begun for journey in theme.journeys]
    return Chapter(
        id=theme.id,
        topic=theme.topic,
        first=min(days, default=now),
        last=max(days, default=now),
        ways=ways,
        parts={part: tuple(piece for piece in pieces if piece.part is part) for part in Part},
        agreed=_agreed(theme, page.conversation),
        others=theme.others,
    )


def _agreed(theme: Theme, conversation: Conversation) -> tuple[Agreed, ...]:
    about = {journey.id for journey in theme.journeys}
    coaches = {link.coach: link for link in conversation.links}
    return tuple(
        Agreed(statement, link.name, link.organisation)
        for statement in conversation.statements
        if statement.accepted and statement.about in about and (link := coaches.get(statement.coach))
    )
