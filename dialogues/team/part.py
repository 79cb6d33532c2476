"""
What a part of the session is, and what all parts share: how a tap is taken, and the time a part lasts until.

A tap gives the move to take, "" to stay. Who taps first decides; the question has another number then, so that a second
tap changes nothing. Timers are shown as the time a part lasts until, and never spoken of again.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from dialogues.conversation import Say, Value
from dialogues.team.desk import TeamDesk
from dialogues.team.values import Kind

MINUTES = {"checkin": 2, "promises": 2, "successes": 2, "goals": 4, "actions": 2, "voice": 2, "lead": 1}
"""How long each part lasts, fifteen minutes together (stichting leerKRACHT)."""


LEARNING = 3
"""Sessions in which every part says how to go on."""


@dataclass(frozen=True, slots=True)
class Part:
    """
    One part of the session. *say* is what its message shows, *over* what that shows when the part is over; *tap* gives
    the move of a button, and *text* that of a text where one is taken. *place* is the part whose message it uses.
    *keys* names the messages it can say.
    """

    say: Callable[[TeamDesk], Say]
    tap: Callable[[TeamDesk, str], str]
    over: Callable[[TeamDesk], Say]
    keys: tuple[str, ...]
    text: Callable[[TeamDesk, str], str] | None = None
    place: str = ""


def known(desk: TeamDesk, choice: str, among: tuple[str, ...]) -> str:
    """Return *choice* when it is one of those shown, else "" and say that the button is an old one."""
    if choice in among:
        return choice
    desk.tell("team.old_button")
    return ""


def paced(desk: TeamDesk, choice: str) -> str:
    """Return the move of a button that goes on, shorter from now on when that was asked for."""
    move = known(desk, choice, ("next", "hurry"))
    if move == "hurry":
        desk.change_session(short=True)
    return "hurry" if move and desk.session.short else move


def pace(desk: TeamDesk) -> dict[str, Value]:
    """Return what a part shows of its pace: until when it lasts, and whether the team still learns how to go on."""
    return {**timer(desk), "new": is_new(desk)}


def is_new(desk: TeamDesk) -> bool:
    """Return whether this team still learns how a session goes: in its first three, each part says how to go on."""
    return len(desk.boards) < LEARNING


def timer(desk: TeamDesk) -> dict[str, Value]:
    """Return until when this part lasts, "" when this team shows no timer for it."""
    session = desk.session
    begun: datetime = session.part_begun or session.opened
    timed = session.state in desk.settings.timed
    return {"until": begun + timedelta(minutes=MINUTES[session.state]) if timed else ""}


def lines(desk: TeamDesk, kind: Kind) -> tuple[Value, ...]:
    """Return what this session put on the board of one kind, as a message shows it."""
    return tuple({"text": line.text, "name": line.name} for line in desk.session.lines if line.kind is kind)
