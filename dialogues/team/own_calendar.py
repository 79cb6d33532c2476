"""
A school's own calendar: what was found in the file, what a member sees of it, and what counts after her yes.

Nothing counts before that yes, and it is asked in the private chat: a title in a calendar may name somebody. What is kept
are days and their sort, never a title. Reading the file is the business of `content/calendar_files.py`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from dialogues.changing import replace
from dialogues.conversation import Choice, Say, Value
from dialogues.free_days import FreeDays, Holiday
from dialogues.team.school_days import replaced_by

MOST_BYTES = 3_000_000
"""A calendar of some years with all lessons in it; a school's holidays take some kilobytes."""

SHOWN_AT_ONCE = 12
ANSWERS = ("yes", "some", "no")
"""What can be answered to the list: all of it, all but some numbers, or none of it."""

_NUMBERS = re.compile(r"\d+(?:\s*(?:-|–|t/m|tot en met|to)\s*\d+)?", re.IGNORECASE)
_DIGITS = re.compile(r"\d+")
_LONGEST = 4


class Unread(StrEnum):
    """Why nothing came of a file; each has words under ``own_calendar.unread``."""

    TOO_LARGE = "too_large"
    NO_CALENDAR = "no_calendar"
    NOTHING_FREE = "nothing_free"


@dataclass(frozen=True, slots=True)
class Found:
    """One entry that looks like free days: its *sort*, from `school_days`, its days, and its title as it was written."""

    sort: str
    begin: date
    end: date
    title: str


@dataclass(frozen=True, slots=True)
class OwnCalendar:
    """
    What a file held: the entries *found*, by day. *repeating* ones were found by their first time only; *unclear* ones
    could not be read; *beyond* is how many more there were than can be shown. *unread* says why there is nothing.
    """

    found: tuple[Found, ...] = ()
    repeating: int = 0
    unclear: int = 0
    beyond: int = 0
    unread: Unread | None = None


def shown(calendar: OwnCalendar, region: FreeDays) -> tuple[Say, ...]:
    """
    Return what a member sees of *calendar*: the entries in pieces of twelve, the last with the question, or one sentence
    about what to do when there is nothing to show.

    Args:
        region: the free days of the team's region, to say which advised holiday an entry replaces.
    """
    if calendar.unread is not None:
        return (Say(f"own_calendar.unread.{calendar.unread}"),)
    days = kept(calendar)
    instead = {
        own.begin: advised for advised in region.holidays if (own := replaced_by(advised, days)) and own != advised
    }
    lines: list[dict[str, Value]] = []
    for number, one in enumerate(calendar.found, 1):
        advised = instead.get(one.begin)
        differs = advised is not None and (advised.begin, advised.end) != (one.begin, one.end)
        lines.append(
            {
                "number": number,
                "title": one.title,
                "begin": one.begin,
                "end": one.end,
                "long": one.end != one.begin,
                "instead_begin": advised.begin if advised and differs else "",
                "instead_end": advised.end if advised and differs else "",
            }
        )
    pieces = [tuple(lines[place : place + SHOWN_AT_ONCE]) for place in range(0, len(lines), SHOWN_AT_ONCE)]
    *first, last = pieces
    notes = {"repeating": calendar.repeating, "unclear": calendar.unclear, "beyond": calendar.beyond}
    choices = tuple(Choice(answer, answer) for answer in ANSWERS)
    return (
        *(Say("own_calendar.found_more", {"lines": piece}) for piece in first),
        Say("own_calendar.found", {"lines": last, "count": len(lines), **notes}, choices),
    )


def without(calendar: OwnCalendar, text: str) -> OwnCalendar | None:
    """
    Return *calendar* without the entries whose numbers *text* names ("2, 5", "3-6", "3 t/m 6"); None when it names none, or
    one that is not there. When all are named there is nothing left, and nothing counts.
    """
    numbers: set[int] = set()
    for part in _NUMBERS.findall(text):
        ends = [int(digits[:_LONGEST]) for digits in _DIGITS.findall(part)]
        if not 1 <= ends[0] <= ends[-1] <= len(calendar.found):
            return None
        numbers |= set(range(ends[0], ends[-1] + 1))
    if not numbers:
        return None
    return replace(calendar, found=tuple(one for n, one in enumerate(calendar.found, 1) if n not in numbers))


def kept(calendar: OwnCalendar) -> tuple[Holiday, ...]:
    """Return the days that count after a yes: their sort, and no title."""
    return tuple(Holiday(one.sort, one.begin, one.end) for one in calendar.found)


def together(before: Sequence[Holiday], now: Sequence[Holiday], today: date) -> tuple[Holiday, ...]:
    """
    Return the days *before* and those of a calendar confirmed *now*, without doubles, by day, and without days that passed.

    A calendar never takes a day away that somebody named: sending it again, or half of it, loses nothing.
    """
    both = {(holiday.begin, holiday.end): holiday for holiday in (*before, *now) if holiday.end >= today}
    return tuple(both[days] for days in sorted(both))
