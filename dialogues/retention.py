"""
How long a page outlives the last word of its leader, and when she is told that it will go.

After a number of months of silence everything of a leader is erased. Thirty days ahead she gets one notice, at an hour
at which the guide may write; any sign of life withdraws it. Who never agreed gets no notice: of her nothing but an id
is kept. Here it is only decided what is to happen; the engine says it, the guide erases (storage limitation, AVG
article 5.1.e).

That she was told stands in her conversation as a moment of the kind EXPIRY, at the time of the erasure.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from dialogues.changing import replace
from dialogues.conversation import Conversation, Moment

SILENCE, EXPIRY = "silence", "expiry"
"""Kinds of moments: a look at a silence, which is never kept, and the erasure that was announced, which is."""

NOTICE_AHEAD = timedelta(days=30)
LOOK_EVERY = timedelta(hours=1)
_SHORTER_MONTHS = timedelta(days=3)  # counting months back from the 31st ends up to three days too early
_NO_TIME = datetime(9000, 1, 1, tzinfo=UTC)  # nothing is erased because a time is missing
_A_YEAR = 12


class Verdict(StrEnum):
    """What a silence asks for."""

    KEEP = "keep"
    TELL = "tell"
    ERASE = "erase"


def alive(conversation: Conversation, now: datetime) -> Conversation:
    """Return *conversation* after a sign of life of its leader: no notice stands, and reminders may go out again."""
    moments = tuple(moment for moment in conversation.moments if moment.kind != EXPIRY)
    return replace(conversation, heard=now, paused=False, moments=moments)


def was_told(conversation: Conversation) -> bool:
    """Return whether a notice stands."""
    return any(moment.kind == EXPIRY for moment in conversation.moments)


def told(conversation: Conversation, now: datetime, months: int) -> Conversation:
    """Return *conversation* with a notice given *now*."""
    at = max(now + NOTICE_AHEAD, _end(conversation, months))
    return replace(conversation, moments=(*conversation.moments, Moment(EXPIRY, at, "")))


def settled(conversation: Conversation, months: int) -> Conversation:
    """
    Return *conversation* with its notice, if one stands, in line with *months*, which the operator may have changed.

    A date that was told is never brought forward. With 0 months the notice is withdrawn.
    """
    notice = next((moment for moment in conversation.moments if moment.kind == EXPIRY), None)
    if notice is None:
        return conversation
    others = tuple(moment for moment in conversation.moments if moment.kind != EXPIRY)
    if months:
        others = (*others, replace(notice, at=max(notice.at, _end(conversation, months))))
    return replace(conversation, moments=others)


def judge(conversation: Conversation, now: datetime, months: int) -> Verdict:
    """
    Return what the silence in *conversation*, whose notice is settled, asks for.

    Args:
        now: aware, in UTC.
        months: calendar months of silence after which everything goes; 0 for never.
    """
    if not months:
        return Verdict.KEEP
    end = _end(conversation, months)
    notice = next((moment for moment in conversation.moments if moment.kind == EXPIRY), None)
    if notice or conversation.consent is None:
        return Verdict.ERASE if now >= (notice.at if notice else end) else Verdict.KEEP
    return Verdict.TELL if now >= end - NOTICE_AHEAD else Verdict.KEEP


def silent_since(now: datetime, months: int) -> datetime:
    """Return the latest last word that can ask for anything *now*; `judge` decides about each."""
    return months_later(now + NOTICE_AHEAD, -months) + _SHORTER_MONTHS


def _end(conversation: Conversation, months: int) -> datetime:
    return months_later(conversation.heard or conversation.consent or _NO_TIME, months)


def months_later(at: datetime, months: int) -> datetime:
    """Return *at* so many calendar months later; the 31st becomes the last day of a shorter month."""
    year, month = divmod(at.year * _A_YEAR + at.month - 1 + months, _A_YEAR)
    return at.replace(year=year, month=month + 1, day=min(at.day, monthrange(year, month + 1)[1]))
