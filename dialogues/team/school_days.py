"""
When a team has its next session: its own weekday, unless school is closed.

A day is free by a weekend, a public holiday, a school holiday of the region, or a day of the school itself. Where the
government only advises (autumn, spring, the second week in May), what the school takes instead goes first: its own holiday
within three weeks of the advised one replaces it. Christmas, May and summer are fixed by law (OCW) and always count.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from dialogues.conversation import Choice, Phrase, Say, Shape
from dialogues.free_days import FreeDays, Holiday, SchoolYear, is_weekend, public_name

OWN_HOLIDAY, STUDY_DAY, FREE_DAY = "own_holiday", "study_day", "free_day"
"""What the days of a school itself are called. What stood in its calendar is never kept: it may name somebody."""

NAMES = (
    *("weekend", "new_year", "good_friday", "easter_monday", "kings_day", "liberation", "ascension", "whit_monday"),
    *("christmas_day", "boxing_day", "autumn", "christmas", "spring", "may", "may_advice", "summer"),
    *(OWN_HOLIDAY, STUDY_DAY, FREE_DAY),
)
"""Every reason for a free day that has words of its own."""

ANSWERS = ("yes", "no", "later")
"""What can be answered to the question whether the school is closed in a week."""

ADVISED = ("autumn", "spring", "may_advice")
NEAR = timedelta(days=21)
AHEAD = timedelta(days=56)
"""How long before a week without an official date a team is asked about it: long enough to look it up."""

_WEEK = timedelta(days=7)
_MOST_WEEKS = 53


@dataclass(frozen=True, slots=True)
class Skipped:
    """A *day* on which there is no session, and *why*, as `why_free` says it."""

    day: date
    why: str


@dataclass(frozen=True, slots=True)
class NextSession:
    """The *day* of the coming session, and the days that were *skipped* to get there, in order."""

    day: date
    skipped: tuple[Skipped, ...] = ()


def days_of(year: SchoolYear, region: str, own: Sequence[Holiday] = ()) -> FreeDays:
    """
    Return the free days of a school in *region* with *own* days, from a list or from its calendar.

    Args:
        region: one of `free_days.REGIONS`; with another, only weekends, public holidays and *own* count.
    """
    kept = (holiday for holiday in year.of(region).holidays if not replaced_by(holiday, own))
    return FreeDays(tuple(sorted((*kept, *own), key=lambda holiday: holiday.begin)))


def replaced_by(advised: Holiday, own: Sequence[Holiday]) -> Holiday | None:
    """Return the holiday of the school itself that comes instead of an *advised* one, or None."""
    if advised.name not in ADVISED:
        return None
    near = (
        holiday
        for holiday in own
        if holiday.name == OWN_HOLIDAY
        and holiday.begin <= advised.end + NEAR
        and holiday.end >= advised.begin - NEAR
        and holiday.end - holiday.begin >= timedelta(days=3)
    )
    return min(near, key=lambda holiday: abs(holiday.begin - advised.begin), default=None)


def why_free(free: FreeDays, day: date) -> str:
    """Return why *day* is free, as one of `NAMES` or as the team called it; "" when it is a school day."""
    if is_weekend(day):
        return "weekend"
    return public_name(day) or next((holiday.name for holiday in free.holidays if holiday.has(day)), "")


def next_session(free: FreeDays, weekday: int, day: date) -> NextSession | None:
    """
    Return the first session on or after *day*, or None when no such weekday is a school day for a year.

    Args:
        weekday: 0 for Monday to 4 for Friday. A week in which that day is free has no session; it never moves by itself.
    """
    day += timedelta(days=(weekday - day.weekday()) % 7)
    skipped: list[Skipped] = []
    for _ in range(_MOST_WEEKS):
        why = why_free(free, day)
        if not why:
            return NextSession(day, tuple(skipped))
        skipped.append(Skipped(day, why))
        day += _WEEK
    return None


def to_ask(year: SchoolYear, own: Sequence[Holiday], answered: Collection[str], today: date) -> Holiday | None:
    """
    Return the coming week without an official date that the team has not been asked about, or None.

    A week in which the school's own calendar already has a holiday is not asked about.

    Args:
        answered: keys of the weeks that were answered, as `key_of` gives them; a no is only kept there, a yes also
            becomes one of the *own* days.
    """
    return next(
        (
            week
            for week in year.asked
            if today <= week.begin <= today + AHEAD
            and key_of(week) not in answered
            and not any(holiday.begin <= week.end and holiday.end >= week.begin for holiday in own)
        ),
        None,
    )


def asking(week: Holiday, today: date) -> Say:
    """Return the question whether the school is closed in a *week* without an official date; its number is `key_of` it."""
    choices = tuple(Choice(answer, answer) for answer in ANSWERS)
    values = {"begin": week.begin, "end": week.end, "today": today}
    return Say("school_days.asked", values, choices, Shape.CHOICES, key_of(week))


def key_of(week: Holiday) -> str:
    """Return what an answer about *week* is kept under."""
    return f"asked.{week.begin.isoformat()}"


def name_of(why: str) -> Phrase:
    """Return the words for why a day is free; any other name is one that a team gave to a day of its own."""
    return Phrase(f"school_days.names.{why if why in NAMES else FREE_DAY}")


def none_in_sight() -> Say:
    """Return what a team hears when `next_session` finds none."""
    return Say("school_days.none_in_sight")


def unknown_ahead(day: date, today: date) -> Say:
    """Return what a team hears once when its session on *day* `runs_out` of known holidays."""
    return Say("school_days.runs_out", {"day": day, "today": today})


def skipping(coming: NextSession, today: date) -> Say:
    """Return what a team hears about the days that are *skipped* before its *coming* session; there is at least one."""
    first, *others = coming.skipped
    return Say(
        "school_days.skipped",
        {
            "first": Phrase("school_days.day", {"day": first.day, "today": today}),
            "why": name_of(first.why),
            "others": tuple(Phrase("school_days.day", {"day": one.day, "today": today}) for one in others),
            "next": coming.day,
            "today": today,
        },
    )


def runs_out(year: SchoolYear, day: date) -> bool:
    """Return whether *day* lies beyond the school holidays that are known; a team is then told once."""
    return year.until is None or day > year.until
