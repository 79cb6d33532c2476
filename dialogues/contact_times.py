"""
When the guide may write without being asked: never between 18.00 and 7.30, never on a free day, once a day and twice a
week at most.

Local wall time decides, so that a clock change moves nothing. Which days are free is known in `free_days.py`.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, tzinfo

from dialogues.free_days import FreeDays
from dialogues.plans import EARLIEST, LATEST

WEEK = timedelta(days=7)
PER_WEEK = 2


def next_allowed(at: datetime, zone: tzinfo, free: FreeDays) -> datetime:
    """Return *at*, or the first moment after it at which the guide may write, in UTC."""
    local = at.astimezone(zone)
    day = local.date()
    if local.timetz().replace(tzinfo=None) >= LATEST:
        day += timedelta(days=1)
    day = free.opens(day)
    if day != local.date() or local.time() < EARLIEST:
        return datetime.combine(day, EARLIEST, tzinfo=zone).astimezone(UTC)
    return at


def unasked_from(unasked: tuple[datetime, ...], now: datetime, zone: tzinfo, free: FreeDays) -> datetime:
    """Return the first moment from *now* on at which one more message is the first of a day, the second of a week."""
    recent = sorted(at for at in unasked if at > now - WEEK)
    earliest = now if len(recent) < PER_WEEK else recent[-PER_WEEK] + WEEK
    local = earliest.astimezone(zone)
    if any(at.astimezone(zone).date() == local.date() for at in recent):
        earliest = datetime.combine(local.date() + timedelta(days=1), local.time(), tzinfo=zone).astimezone(UTC)
    return next_allowed(earliest, zone, free)
