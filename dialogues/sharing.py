"""
What a coach may see of a leader, and nothing else: the one place that decides.

`shown` takes a page and a coach and gives the pieces that grants allow at this moment; everything a coach ever gets to see
goes through it, so a grant that was withdrawn, that expired or whose link ended holds from the next look on. There is no
way in for an employer, a board or an operator, and what is not shared leaves no trace here: no count, no gap, no time.

Crisis texts are never shared. A summary holds no word that the leader wrote.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from dialogues.changing import replace
from dialogues.coaching import CoachId, Grant, Level, Link, Look, Note, Statement
from dialogues.conversation import Conversation, Journey, Kind, Phase, Plan, Reflection, Wording
from dialogues.ports import Page

NEVER = frozenset({Kind.CARE})
"""Kinds of reflections that are not shared whatever a grant says."""


@dataclass(frozen=True, slots=True)
class Piece:
    """
    One reflection as a coach may see it. In a summary *question* and *text* are empty; *sentence* says that *text* is one
    sentence of more. *shared* is since when, *until* how long; *corrected* says that it was changed after it was written.
    """

    id: str
    level: Level
    kind: Kind
    said: datetime
    shared: datetime
    question: str = ""
    text: str = ""
    sentence: bool = False
    corrected: bool = False
    journey: str = ""
    phase: Phase | None = None
    card: str = ""
    label: str = ""
    number: int | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class SharedJourney:
    """A journey that is shared whole: its words, where it is, and its plans."""

    id: str
    whose: str
    topic: Wording
    from_: Wording
    to: Wording
    begun: datetime
    phase: Phase | None
    status: str
    plans: tuple[Plan, ...]


@dataclass(frozen=True, slots=True)
class Shown:
    """
    Everything of one leader that one coach may see now: pieces in the order they were written, journeys, own notes and
    statements.
    """

    link: Link
    pieces: tuple[Piece, ...] = ()
    journeys: tuple[SharedJourney, ...] = ()
    notes: tuple[Note, ...] = ()
    statements: tuple[Statement, ...] = ()

    def piece(self, id_: str) -> Piece | None:
        """Return the piece called *id_*, or None: not there and not shared are the same."""
        return next((piece for piece in self.pieces if piece.id == id_), None)

    def journey(self, id_: str) -> SharedJourney | None:
        """Return the journey called *id_* that is shared whole, or None, likewise."""
        return next((journey for journey in self.journeys if journey.id == id_), None)


def link_of(conversation: Conversation, coach: CoachId) -> Link | None:
    """Return the link with *coach* that has not ended, or None."""
    return next((link for link in conversation.links if link.coach == coach and link.ended is None), None)


def links(conversation: Conversation) -> tuple[Link, ...]:
    """Return the links that have not ended."""
    return tuple(link for link in conversation.links if link.ended is None)


def holds(grant: Grant, now: datetime) -> bool:
    """Return whether *grant* was neither withdrawn nor expired at *now*; its link is looked at apart."""
    return grant.withdrawn is None and (grant.until is None or now < grant.until)


def grants(conversation: Conversation, coach: CoachId, now: datetime) -> tuple[Grant, ...]:
    """Return the grants that give *coach* something at *now*; none when the link has ended."""
    if link_of(conversation, coach) is None:
        return ()
    return tuple(grant for grant in conversation.grants if grant.coach == coach and holds(grant, now))


def changes_at(conversation: Conversation, coach: CoachId, now: datetime) -> datetime | None:
    """Return when the first of the grants that *coach* has at *now* runs out by itself, or None."""
    ends = [grant.until for grant in grants(conversation, coach, now) if grant.until is not None]
    return min(ends, default=None)


def shown(page: Page, coach: CoachId, now: datetime) -> Shown | None:
    """Return what *coach* may see of *page* at *now*, or None when there is no link."""
    conversation = page.conversation
    link = link_of(conversation, coach)
    if link is None:
        return None
    held = grants(conversation, coach, now)
    whole = {grant.about for grant in held if grant.level is Level.JOURNEY}
    pieces = {piece.id: piece for piece in _pieces(page, held)}
    return Shown(
        link=link,
        pieces=tuple(pieces[kept.id] for kept in page.journal if kept.id in pieces),
        journeys=tuple(_journey(one, conversation) for one in conversation.journeys if one.id in whole),
        notes=tuple(note for note in conversation.notes if note.coach == coach and note.about in pieces),
        statements=tuple(one for one in conversation.statements if one.coach == coach and one.about in whole),
    )


def piece_of(kept: Reflection, grant: Grant) -> Piece:
    """Return *kept* as a coach sees it by *grant*; a leader sees the same before she shares it."""
    summary, sentence = grant.level is Level.SUMMARY, grant.sentence
    text = "" if summary else (sentence or kept.text)
    if sentence and sentence not in kept.text:
        text = ""  # it was corrected away; what was not shared does not take its place
    return Piece(
        id=kept.id,
        level=grant.level,
        kind=kept.kind,
        said=kept.said,
        shared=grant.since,
        question="" if summary else kept.question,
        text=text,
        sentence=bool(sentence),
        corrected=bool(kept.history),
        journey=kept.journey,
        phase=kept.phase,
        card=kept.card,
        label=kept.label,
        number=kept.number,
        until=grant.until,
    )


def _pieces(page: Page, held: tuple[Grant, ...]) -> Iterator[Piece]:
    """Yield a piece per grant, the least first, so that of two grants about one reflection the wider one counts."""
    journal = {kept.id: kept for kept in page.journal if kept.kind not in NEVER}
    for grant in sorted(held, key=lambda grant: (grant.level, not grant.sentence)):
        if grant.level is Level.JOURNEY:
            for kept in journal.values():
                if kept.journey == grant.about and grant.about:
                    yield piece_of(kept, grant)
        elif grant.about in journal and grant.level is not Level.ONLY_ME:
            yield piece_of(journal[grant.about], grant)


def _journey(journey: Journey, conversation: Conversation) -> SharedJourney:
    return SharedJourney(
        id=journey.id,
        whose=journey.whose,
        topic=journey.topic,
        from_=journey.from_,
        to=journey.to,
        begun=journey.begun,
        phase=journey.phase,
        status=journey.status,
        plans=tuple(plan for plan in conversation.plans if plan.journey == journey.id),
    )


@dataclass(frozen=True, slots=True)
class Seen:
    """
    That a coach opened something of hers: the *look* (when first, when last, how often), the latest *link* with that coach,
    and what it was: a *reflection*, or a *journey* with its plans. *readable* says that it still can be read.
    """

    look: Look
    link: Link | None
    reflection: Reflection | None
    journey: Journey | None
    readable: bool


def seen(page: Page, now: datetime) -> tuple[Seen, ...]:
    """
    Return everything that was ever opened by a coach, the latest first.

    All of it: also what was withdrawn or ran out since, and what was read by a coach who is hers no more. What has been
    read cannot be unread, and she has a right to know of it.
    """
    conversation = page.conversation
    journal = {kept.id: kept for kept in page.journal}
    journeys = {journey.id: journey for journey in conversation.journeys}
    latest = {link.coach: link for link in conversation.links}
    readable = {link.coach: _names(page, link.coach, now) for link in links(conversation)}
    return tuple(
        Seen(
            look,
            latest.get(look.coach),
            journal.get(look.about),
            journeys.get(look.about),
            look.about in readable.get(look.coach, frozenset()),
        )
        for look in sorted(conversation.looks, key=lambda look: look.last, reverse=True)
    )


def _names(page: Page, coach: CoachId, now: datetime) -> frozenset[str]:
    """Return the ids of everything that *coach* can read."""
    now_shown = shown(page, coach, now)
    if now_shown is None:
        return frozenset()
    return frozenset(piece.id for piece in now_shown.pieces) | {journey.id for journey in now_shown.journeys}


def given(conversation: Conversation, now: datetime) -> tuple[Grant, ...]:
    """Return the grants that hold at *now*, of coaches who still are hers, the newest first."""
    linked = {link.coach for link in links(conversation)}
    return tuple(grant for grant in reversed(conversation.grants) if grant.coach in linked and holds(grant, now))


def withdrawn(conversation: Conversation, id_: str, now: datetime) -> Conversation:
    """Return *conversation* with the grant *id_* taken back: it holds no more from the coach's next request on."""
    grants = tuple(
        replace(one, withdrawn=now) if one.id == id_ and one.withdrawn is None else one for one in conversation.grants
    )
    return replace(conversation, grants=grants)


def ended(conversation: Conversation, coach: CoachId, now: datetime) -> Conversation:
    """Return *conversation* without the link with *coach*; everything that was shared is taken back with it."""
    return replace(
        conversation,
        links=tuple(
            replace(link, ended=now) if link.coach == coach and link.ended is None else link
            for link in conversation.links
        ),
        grants=tuple(
            replace(one, withdrawn=now) if one.coach == coach and one.withdrawn is None else one
            for one in conversation.grants
        ),
    )
