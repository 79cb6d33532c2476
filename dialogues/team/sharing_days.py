"""
A school's own calendar in the private chat of a member: what was found is shown, and what counts is kept after her yes.

The days of a school come from whoever set the board up, the first of its members (the next one when she left), or from
whoever leads the coming session. Anybody else is told whom to ask.

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
from dialogues.team.rotation import lead_of
from dialogues.team.values import Member, Team

CALENDAR = "calendar"
"""What the number of the buttons begins with, and as what a member is asked to type numbers."""


def is_hers(team: Team, member: Member) -> bool:
    """Return whether the calendar is *member*'s to send."""
    return member.id in (team.members[0].id, lead_of(team))


def _may_send(desk: TeamDesk, member: Member) -> bool:
    """Return whether the calendar is *member*'s to send; if not, she is told whose it is."""
    if is_hers(desk.team, member):
        return True
    names = tuple(dict.fromkeys((desk.team.members[0].name, desk.name(lead_of(desk.team)))))
    desk.post("own_calendar.not_yours", to=member.address, title=desk.team.title, names=names)
    return False


def ask(desk: TeamDesk, member: Member) -> None:
    """Ask *member* for the file, when it is hers to send."""
    if _may_send(desk, member):
        desk.post("own_calendar.ask", to=member.address)


def received(desk: TeamDesk, member: Member, calendar: OwnCalendar, prefix: str) -> None:
    """Show *member* what her file held, when it is hers to send; *prefix* goes before the number of its buttons."""
    if not _may_send(desk, member):
        return
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
