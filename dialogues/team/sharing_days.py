"""
A school's own calendar in the private chat of a member: what was found is shown, and what counts is kept after her yes.

Until then only the days wait in `Team.offered`, without a title, for the one member who sent them; a new file takes their
place.
"""

from __future__ import annotations

from dialogues.changing import replace
from dialogues.conversation import Shape
from dialogues.free_days import Holiday
from dialogues.team import own_calendar
from dialogues.team.desk import Post, TeamDesk
from dialogues.team.own_calendar import ANSWERS, Found, OwnCalendar
from dialogues.team.values import Member

CALENDAR = "calendar"
"""What the number of the buttons begins with, and as what a member is asked to type numbers."""


def ask(desk: TeamDesk, member: Member) -> None:
    """Ask *member* for the file."""
    desk.post("own_calendar.ask", to=member.address)


def received(desk: TeamDesk, member: Member, calendar: OwnCalendar, prefix: str) -> None:
    """Show *member* what her file held; *prefix* goes before the number of its buttons."""
    desk.change(offered=own_calendar.kept(calendar))
    nonce = f"{prefix}{desk.number(CALENDAR)}"
    for say in own_calendar.shown(calendar, desk.known.of(desk.settings.region)):
        asked = replace(say, nonce=nonce, shape=Shape.CHOICES) if say.choices else say
        desk.posts.append(Post(asked, to=member.address))


def answered(desk: TeamDesk, member: Member, about: str, choice: str) -> str:
    """Take her answer to the newest list, and return what she is asked to write now: numbers, or ""."""
    if about != f"{CALENDAR}{desk.team.numbers.get(CALENDAR, 0)}" or not desk.team.offered or choice not in ANSWERS:
        desk.tell("team.old_button")
    elif choice == "some":
        desk.post("own_calendar.which", to=member.address)
        return CALENDAR
    elif choice == "yes":
        _keep(desk, member, desk.team.offered)
    else:
        desk.change(offered=())
        desk.post("own_calendar.not_used", to=member.address)
    return ""


def numbered(desk: TeamDesk, member: Member, text: str) -> bool:
    """Keep all days but those whose numbers *text* names, and return whether it named any that are there."""
    offered = OwnCalendar(tuple(Found(one.name, one.begin, one.end, "") for one in desk.team.offered))
    left = own_calendar.without(offered, text)
    if left is None:
        desk.post("own_calendar.which_again", to=member.address)
        return False
    _keep(desk, member, own_calendar.kept(left))
    return True


def _keep(desk: TeamDesk, member: Member, days: tuple[Holiday, ...]) -> None:
    desk.change_settings(free=own_calendar.together(desk.settings.free, days, desk.today))
    desk.change(offered=())
    desk.post("own_calendar.kept", to=member.address, count=len(days))
