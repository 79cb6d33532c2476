"""
What a team hears about the free days to come, when its session closes and when it is set up.

Why there is no session for a while, that the known holidays end, and once whether the school is closed in a week without an
official date. What was said or asked leaves its key in `Team.told`, so that nothing is said twice.
"""

from __future__ import annotations

from datetime import date, timedelta

from dialogues.conversation import Say
from dialogues.free_days import REGIONS, Holiday
from dialogues.team import school_days
from dialogues.team.desk import Post, TeamDesk

KEYS_KEPT = 40
"""Keys that are remembered: a school year has a week to ask about or two, and one end of what is known."""

_LONG = timedelta(days=3)


def say(desk: TeamDesk, first: date) -> None:
    """Say what there is to say about the days from *first* on."""
    coming = school_days.next_session(desk.days, desk.settings.weekday, first)
    if coming is None:
        desk.posts.append(Post(school_days.none_in_sight()))
    elif coming.skipped:
        desk.posts.append(Post(school_days.skipping(coming, desk.today)))
    if coming and desk.settings.region in REGIONS and school_days.runs_out(desk.known, coming.day):
        key = f"runs_out.{desk.known.until or ''}"
        if key not in desk.team.told:
            _note(desk, key)
            desk.posts.append(Post(school_days.unknown_ahead(coming.day, desk.today)))
    week = school_days.to_ask(desk.known, desk.settings.free, desk.team.told, desk.today)
    if week:
        key = school_days.key_of(week)
        _note(desk, key)
        desk.posts.append(Post(school_days.asking(week, desk.today), slot=key))


def is_asked(desk: TeamDesk, nonce: str) -> bool:
    """Return whether *nonce* is that of a question about a week."""
    return _week_of(desk, nonce) is not None


def tapped(desk: TeamDesk, nonce: str, choice: str) -> None:
    """Take the answer whether the school is closed in the week of *nonce*; it is given once."""
    week, done = _week_of(desk, nonce), f"{nonce}.answered"
    if week is None or nonce not in desk.team.told or done in desk.team.told or choice not in school_days.ANSWERS:
        desk.tell("team.old_button")
        return
    if choice == "yes":
        own = Holiday(school_days.OWN_HOLIDAY, week.begin, week.end)
        desk.change_settings(free=(*desk.settings.free, own))
    _note(desk, done)
    values = {"begin": week.begin, "end": week.end, "today": desk.today}
    desk.posts.append(Post(Say(f"school_days.answered.{choice}", values), slot=nonce))


def named(begin: date, end: date) -> Holiday:
    """Return days that a team typed: a holiday of its own when they are as long as one, else a free day."""
    return Holiday(school_days.OWN_HOLIDAY if end - begin >= _LONG else school_days.FREE_DAY, begin, end)


def _week_of(desk: TeamDesk, nonce: str) -> Holiday | None:
    return next((week for week in desk.known.asked if school_days.key_of(week) == nonce), None)


def _note(desk: TeamDesk, key: str) -> None:
    desk.change(told=(*desk.team.told, key)[-KEYS_KEPT:])
