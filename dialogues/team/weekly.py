"""What comes due by the clock: the agenda the day before, the session itself, and what is said of one that was missed."""

from __future__ import annotations

from datetime import date

from dialogues.conversation import Say, Value
from dialogues.team import board, left_open, session, weeks
from dialogues.team.desk import Post, TeamDesk, ask
from dialogues.team.rotation import lead_of
from dialogues.team.setting_up import JOIN
from dialogues.team.weeks import Due, Slot

KEYS_KEPT = 12
"""Keys of what was sent that are remembered; a week has three at most, and none of an earlier week can come again."""

_AT_MOST = 6
"""Things that can be due together."""


def come_due(desk: TeamDesk) -> None:
    """Do everything that is due."""
    for _ in range(_AT_MOST):
        found = weeks.due(desk.team, desk.now, desk.zone, desk.days)
        if found is None:
            return
        _do(desk, found)


def send_agenda(desk: TeamDesk, week: str) -> None:
    """Send this week's lead the agenda, privately; who has no private chat is told in the group how to have one."""
    lead = desk.find(lead_of(desk.team))
    if lead is None:
        return
    found = board.open_actions(desk.team)
    title: dict[str, Value] = {"title": desk.team.title, **session.coming(desk)}
    values: dict[str, Value] = {
        **title,
        "promises": tuple(board.action_values(one) for one in found),
        "goals": tuple(goal.text for goal in desk.team.goals),
        "voices": tuple(line.text for line in desk.team.voices),
    }
    say = ask("team_private.agenda", values, ("swap",), f"bord-{desk.team.id}-swap.{week}")
    instead = Say("team.agenda_public", {**title, "lead": lead.name})
    desk.posts.append(Post(say, to=lead.address, lead=lead.id, instead=instead))


def announce(desk: TeamDesk) -> None:
    """Say in the group who leads next, once: the agenda of a session that is to come could not be sent privately."""
    ahead = weeks.next_session(desk.team, desk.now, desk.zone, desk.days)
    lead = desk.find(lead_of(desk.team))
    key = f"{weeks.week_of(ahead)}.announced" if ahead else ""
    if ahead and lead and f"{weeks.week_of(ahead)}.{Slot.AGENDA}" in desk.team.sent and key not in desk.team.sent:
        _note(desk, key)
        desk.post("team.agenda_public", session.coming(desk), lead=lead.name, title=desk.team.title)


def _do(desk: TeamDesk, due: Due) -> None:
    if due.slot is Slot.CLOSE:
        session.close(desk, quietly=True)
    elif due.slot is Slot.AGENDA:
        _note(desk, f"{due.week}.{due.slot}")
        send_agenda(desk, due.week)
        left_open.ask_once(desk)
    elif due.slot is Slot.SKIPPED:
        session.hold(desk, due.week, due.day)
        desk.post("team.skipped", session.coming(desk), day=due.day)
    elif not desk.team.members:
        session.hold(desk, due.week, due.day)
        desk.posts.append(Post(ask("team.empty", {}, (JOIN,), JOIN)))
    else:
        begin(desk, due.week, due.day, late=due.slot is Slot.LATE)


def begin(desk: TeamDesk, week: str, day: date, *, late: bool = False) -> None:
    """Offer the session of *week*, the only one in that week."""
    session.hold(desk, week, day)
    session.offer(desk, week, day, late=late)


def _note(desk: TeamDesk, key: str) -> None:
    desk.change(sent=(*desk.team.sent, key)[-KEYS_KEPT:])
