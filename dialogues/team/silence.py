"""
How long a board outlives the last sign of life of its team, and when the team is told that it will go.

As with leaders (`dialogues/retention.py`): after a number of months in which nothing was heard of it, a team is erased, and
thirty days ahead it is told in its group. Without a group there is nobody to tell it to any more; whoever led was told when
the guide was taken out, and that board goes after half a year.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from dialogues.retention import LOOK_EVERY, NOTICE_AHEAD, months_later
from dialogues.team import weeks
from dialogues.team.desk import TeamDesk
from dialogues.team.values import Team

WITHOUT_GROUP = 6
"""Calendar months a board is kept at most whose group the guide is not in."""

_NOTED_AGAIN = timedelta(
    days=1
)  # a sign of life is written down once a day, so that a tap that changes nothing stays one


def alive(desk: TeamDesk) -> None:
    """Note a sign of life; a notice that stands is withdrawn, and the team hears that."""
    team = desk.team
    if team.expiry:
        desk.change(expiry=None)
        desk.post("team.stays")
    if team.heard is None or team.expiry or desk.now - team.heard >= _NOTED_AGAIN:
        desk.change(heard=desk.now)


def ends(team: Team, months: int) -> datetime | None:
    """Return when this team is erased if nothing is heard of it; None for never. *months* of 0 are never."""
    if not months:
        return None
    end = months_later(team.heard or team.begun, min(months, WITHOUT_GROUP) if team.paused else months)
    return max(end, team.expiry) if team.expiry else end


def come_due(desk: TeamDesk, months: int, *, unsent: bool) -> None:
    """Tell or erase the team, when that is due; a notice that is *unsent* holds the erasure up."""
    team, end = desk.team, ends(desk.team, months)
    if end is None:
        desk.change(expiry=None)
    elif team.paused or team.expiry:
        desk.erase = desk.now >= end and (team.paused or not unsent)
    elif desk.now >= end - NOTICE_AHEAD and weeks.may_write(desk.now, desk.zone, desk.days):
        told = max(desk.now + NOTICE_AHEAD, end)
        desk.change(expiry=told)
        desk.post("team.silent", day=told)


def next_look(team: Team, now: datetime, months: int) -> datetime | None:
    """Return when this has to be looked at again, or None for never."""
    end = ends(team, months)
    if end is None:
        return None
    at = end if team.paused or team.expiry else end - NOTICE_AHEAD
    return at if at > now else now + LOOK_EVERY
