"""
When a team meets: one session in every ISO week, at a fixed local time, on school days alone.

Local wall time decides, by `plans.at_local`, so that a clock change moves nothing: an hour that comes twice counts the
first time, and in an hour that is skipped it is the moment the clock jumps. What was dealt with moves `Team.since` past
its week, and what was sent leaves its key behind; so nothing comes twice, whatever happened in between.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from enum import StrEnum
from typing import Protocol

from dialogues import plans
from dialogues.plans import EARLIEST, LATEST
from dialogues.team.values import Session, Team

GRACE = timedelta(minutes=10)
"""How late a session may be offered as if nothing happened."""

LEFT_OPEN = timedelta(hours=2)
"""How long a session stays open at least that a team begins by itself, perhaps in the evening."""

AGENDA_AT = "15:00"
LONG_GAP = 4
"""Days off before a session after which its agenda comes the same morning, not before the days off."""

LOOK_AHEAD = 30
"""Weeks in which the next session is looked for; a summer has seven."""

_DAY, _WEEK = timedelta(days=1), timedelta(days=7)


class Days(Protocol):
    """Knows which days are free."""

    def frees(self, day: date) -> bool:
        """Return whether *day* is free."""
        ...


class Slot(StrEnum):
    """What can come due."""

    AGENDA = "agenda"
    SESSION = "session"
    LATE = "late"
    SKIPPED = "skipped"
    CLOSE = "close"


@dataclass(frozen=True, slots=True)
class Due:
    """Something that comes due: *slot* of the session of *week*, which is or was on *day*."""

    slot: Slot
    week: str
    day: date


def week_of(day: date) -> str:
    """Return the ISO week of *day*, such as "2026-W53"."""
    found = day.isocalendar()
    return f"{found.year}-W{found.week:02}"


def monday_of(day: date) -> date:
    """Return the Monday of the week of *day*."""
    return day - timedelta(days=day.weekday())


def opens(team: Team, day: date, zone: tzinfo) -> datetime:
    """Return when a session on *day* begins, in UTC."""
    return plans.at_local(day, team.settings.clock, zone)


def coming_days(team: Team, first: date, days: Days) -> Iterator[date]:
    """Yield the days of the sessions that are still to come from *first* on, one a week, of some weeks ahead."""
    if team.since is None:
        return
    since = max(team.since, monday_of(first))
    monday = monday_of(since)
    for week in range(LOOK_AHEAD):
        day = monday + week * _WEEK + timedelta(days=team.settings.weekday)
        if day >= max(since, first) and not days.frees(day):
            yield day


def next_session(team: Team, now: datetime, zone: tzinfo, days: Days) -> date | None:
    """Return the day of the next session that has not begun, or None when none is known."""
    today = now.astimezone(zone).date()
    found = [day for day in team.moved.values() if opens(team, day, zone) > now]
    found += [day for day in coming_days(team, today, days) if opens(team, day, zone) > now][:1]
    return min(found, default=None)


def tomorrow(team: Team, day: date, days: Days) -> date | None:
    """Return the day after *day*, when school is open on it and it is in the same week; else None."""
    after = day + _DAY
    return after if week_of(after) == week_of(day) and not days.frees(after) and team.since else None


def due(team: Team, now: datetime, zone: tzinfo, days: Days) -> Due | None:
    """
    Return what is due at *now*, the first thing when there are several; what is not sent any more is passed over.

    A session is offered on time, or later on its day before 18.00; after that it is skipped, which is said at the first
    moment at which the guide may write.
    """
    if team.since is None or team.paused:
        return None
    local = now.astimezone(zone)
    session = team.session
    if session and session.state not in FINISHED and now >= _closes(session, zone):
        return Due(Slot.CLOSE, session.week, session.day)
    for week, day in team.moved.items():
        found = _at_its_hour(team, week, day, now, zone)
        if found and (found.slot is not Slot.SKIPPED or may_write(now, zone, days)):
            return found
    missed = _missed(team, now, zone, days)
    if missed:
        if may_write(now, zone, days):
            return Due(Slot.SKIPPED, week_of(missed[-1]), missed[-1])
    else:
        today = next(coming_days(team, local.date(), days), None)
        found = _at_its_hour(team, week_of(today), today, now, zone) if today else None
        if found and found.slot is not Slot.SKIPPED:
            return found
    ahead = next_session(team, now, zone, days)
    if ahead and now >= agenda_at(team, ahead, zone, days) and may_write(now, zone, days):
        week = week_of(ahead)
        if f"{week}.{Slot.AGENDA}" not in team.sent and week not in team.moved:
            return Due(Slot.AGENDA, week, ahead)
    return None


def next_look(team: Team, now: datetime, zone: tzinfo, days: Days) -> datetime | None:
    """Return when something may come due next, given that everything due at *now* was dealt with; None for never."""
    if team.since is None or team.paused:
        return None
    times: list[datetime] = []
    if team.session and team.session.state not in FINISHED:
        times.append(_closes(team.session, zone))
    times += [opens(team, day, zone) for day in team.moved.values()]
    ahead = next_session(team, now, zone, days)
    if ahead and week_of(ahead) not in team.moved:
        times += [opens(team, ahead, zone), agenda_at(team, ahead, zone, days)]
    if not times or _missed(team, now, zone, days) or min(times) <= now:
        times.append(_next_writing(now, zone, days))
    return min(at for at in times if at > now)


def may_write(now: datetime, zone: tzinfo, days: Days) -> bool:
    """Return whether the guide may write unasked: on a school day between 7.30 and 18.00."""
    local = now.astimezone(zone)
    return EARLIEST <= local.time() < LATEST and not days.frees(local.date())


def agenda_at(team: Team, day: date, zone: tzinfo, days: Days) -> datetime:
    """Return when the agenda of the session on *day* goes out: the school day before, after a longer break that morning."""
    before = day - _DAY
    while days.frees(before) and day - before <= timedelta(days=LONG_GAP):
        before -= _DAY
    if day - before > timedelta(days=LONG_GAP):
        return plans.at_local(day, f"{EARLIEST:%H:%M}", zone)
    return min(plans.at_local(before, AGENDA_AT, zone), opens(team, day, zone))


def _missed(team: Team, now: datetime, zone: tzinfo, days: Days) -> list[date]:
    """Return the days of the sessions that can no longer be offered, earliest first."""
    if team.since is None:
        return []
    today = now.astimezone(zone).date()
    monday, found = monday_of(team.since), []
    while monday <= today:
        day = monday + timedelta(days=team.settings.weekday)
        if team.since <= day <= today and not days.frees(day) and _is_over(team, day, now, zone):
            found.append(day)
        monday += _WEEK
    return found


def _at_its_hour(team: Team, week: str, day: date, now: datetime, zone: tzinfo) -> Due | None:
    begins = opens(team, day, zone)
    if now < begins:
        return None
    if now < begins + GRACE:
        return Due(Slot.SESSION, week, day)
    return Due(Slot.SKIPPED if _is_over(team, day, now, zone) else Slot.LATE, week, day)


def _is_over(team: Team, day: date, now: datetime, zone: tzinfo) -> bool:
    """Return whether a session on *day* cannot be offered any more: it is late, and evening or another day."""
    local = now.astimezone(zone)
    late = now >= opens(team, day, zone) + GRACE
    return late and (local.date() != day or local.time() >= LATEST)


def _closes(session: Session, zone: tzinfo) -> datetime:
    """Return when a session that nobody rounds off closes by itself: in the evening, and never soon after it began."""
    return max(plans.at_local(session.day, f"{LATEST:%H:%M}", zone), session.opened + LEFT_OPEN)


def _next_writing(now: datetime, zone: tzinfo, days: Days) -> datetime:
    """Return the next moment after *now* at which a time for writing begins; a fortnight on when there is none."""
    day = now.astimezone(zone).date()
    for ahead in range(15):
        at = plans.at_local(day + ahead * _DAY, f"{EARLIEST:%H:%M}", zone)
        if at > now and not days.frees(day + ahead * _DAY):
            return at
    return now + timedelta(days=14)


FINISHED = frozenset({"closed", "moved", "cancelled"})
"""States of a session that ask nothing any more."""


def read_time(text: str) -> str:
    """Return the time of day that *text* names, as settings hold it, "" when none or not between 7.30 and 17.00."""
    clock = plans.read_clock(text)
    return f"{clock:%H:%M}" if clock and EARLIEST <= clock <= time(17, 0) else ""
