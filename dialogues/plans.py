"""
Reading and dating plans: what stands in an answer to "when, where and with whom", and on which day the guide asks.

If-then plans (implementation intentions) raise goal attainment (Gollwitzer & Sheeran, 2006; Sheeran, Listrom & Gollwitzer,
2024). The leader's own words stay verbatim; only a leading "als"/"dan" that she typed along is left out.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta, tzinfo

MINUTE = timedelta(minutes=1)
SHORTEST, LONGEST, LONGEST_UPKEEP, LONGEST_WAIT = 2, 21, 42, 120
_DAYS = re.compile(r"\b(\d{1,3})\b(?!\s*[:.]\s*\d)")
_CLOCK = re.compile(r"\b([01]?\d|2[0-3])[:.]([0-5]\d)\b")
_IF = re.compile(r"^(?:als|if|when)\s+", re.IGNORECASE)
_THEN = re.compile(r"^(?:dan|then)\s+", re.IGNORECASE)


def without_if(text: str) -> str:
    """Return the moment *text* names, without a leading if and a final full stop."""
    return _IF.sub("", text.strip()).rstrip(". ")


def without_then(text: str) -> str:
    """Return the act *text* names, without a leading then and a final full stop."""
    return _THEN.sub("", text.strip()).rstrip(". ")


def default_day(today: date, *, upkeep: bool) -> date:
    """Return the day to ask what happened, free or not: a week from today, in upkeep four weeks."""
    return today + timedelta(days=28 if upkeep else 7)


def read_days(text: str, most: int) -> int | None:
    """Return the number of days *text* names, when it is one the guide can keep: from two to *most*."""
    found = _DAYS.search(_CLOCK.sub("", text))
    if not found:
        return None
    days = int(found.group(1))
    return days if SHORTEST <= days <= most else None


def read_clock(text: str) -> time | None:
    """Return the local time *text* names, such as 8:30 or 16.00."""
    found = _CLOCK.search(text)
    return time(int(found.group(1)), int(found.group(2))) if found else None


def workday(day: date) -> date:
    """Return *day*, or the Monday after it when it falls in a weekend."""
    return day + timedelta(days=max(0, 7 - day.weekday()) if day.weekday() >= 5 else 0)  # noqa: PLR2004 - Saturday


def at_local(day: date, clock: str, zone: tzinfo) -> datetime:
    """
    Return the moment it is *clock* on *day* where the leader lives, in UTC.

    An hour that comes twice counts the first time; in an hour that is skipped it is the moment the clock jumps.
    """
    hours, minutes = clock.split(":")
    wall = datetime.combine(day, time(int(hours), int(minutes)), tzinfo=zone)
    moment = wall.astimezone(UTC)
    if moment.astimezone(zone).time() != wall.time():
        after = moment.astimezone(zone).utcoffset()
        while (moment - MINUTE).astimezone(zone).utcoffset() == after:
            moment -= MINUTE
    return moment


EARLIEST, LATEST = time(7, 30), time(18, 0)


def in_hours(clock: time) -> bool:
    """Return whether the guide may write unasked at *clock*, local time."""
    return EARLIEST <= clock < LATEST
