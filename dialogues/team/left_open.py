"""
Sessions that nobody rounds off: after three in a row that closed by themselves the team is asked, once, what would suit it
better.

It is asked when the next agenda goes out, so never in the evening in which a session closed. A session that somebody rounds
off or cancels begins the count anew, and only then can it be asked again.
"""

from __future__ import annotations

from datetime import timedelta

from dialogues.conversation import Say
from dialogues.team import session, setting_up
from dialogues.team.desk import Post, TeamDesk, ask

IN_A_ROW = 3
"""Sessions that closed by themselves, one after another, before the team is asked."""

CHOICES = ("moment", "brief", "rest", "stay")

REST = timedelta(weeks=4)
"""How long a team can have no sessions; it can always begin one itself."""


def ask_once(desk: TeamDesk) -> None:
    """Ask what would suit the team better, when it is time for that and it was not asked yet."""
    if desk.team.unfinished < IN_A_ROW or session.LEFT_OPEN in desk.team.told:
        return
    desk.change(told=(*desk.team.told, session.LEFT_OPEN))
    nonce = desk.number(session.LEFT_OPEN)
    say = ask("team.left_open", {"count": IN_A_ROW}, CHOICES, nonce)
    desk.posts.append(Post(say, slot=nonce))


def is_asked(nonce: str) -> bool:
    """Return whether *nonce* is that of this question."""
    return nonce.startswith(session.LEFT_OPEN)


def tapped(desk: TeamDesk, nonce: str, choice: str) -> None:
    """Take the answer; it is given once."""
    if nonce != f"{session.LEFT_OPEN}{desk.team.numbers.get(session.LEFT_OPEN, 0)}" or choice not in CHOICES:
        desk.tell("team.old_button")
        return
    desk.number(session.LEFT_OPEN)
    if choice == "brief":
        desk.change(brief=True)
    elif choice == "rest":
        first = desk.today + REST
        desk.change(since=max(first, desk.team.since or first), moved={})
    desk.posts.append(Post(Say(f"team.left_open_answered.{choice}", session.coming(desk)), slot=nonce))
    if choice == "moment":
        setting_up.begin_menu(desk, "day")
