"""
A real board that was typed over in one message: first what was understood is said, and only after a yes it goes up.

Until then the message waits in `Team.typed`; a no, another board and the end of the session throw it away.
"""

from __future__ import annotations

from dialogues.changing import replace
from dialogues.conversation import Say
from dialogues.team import board, entries
from dialogues.team.desk import Post, TeamDesk
from dialogues.team.typed_board import ANSWERS, Piece, Sort, parts_of, read_board, told
from dialogues.team.values import MOST_GOALS, Kind
from dialogues.team.weeks import FINISHED

PREFIX = "typed"
"""What the number of the buttons under the question begins with."""


def propose(desk: TeamDesk, text: str) -> None:
    """Say how *text* is understood, and ask whether that may go up."""
    found = read_board(text, desk.words, _names(desk))
    say = told(found, _names(desk))
    if not found.pieces:
        desk.posts.append(Post(say))
        return
    nonce = desk.number(PREFIX)
    desk.change(typed=text)
    desk.posts.append(Post(replace(say, nonce=nonce), slot=nonce))


def tapped(desk: TeamDesk, nonce: str, choice: str) -> None:
    """Take the answer to the newest question; it is given once."""
    newest = f"{PREFIX}{desk.team.numbers.get(PREFIX, 0)}"
    if nonce != newest or not desk.team.typed or choice not in ANSWERS:
        desk.tell("team.old_button")
        return
    pieces = read_board(desk.team.typed, desk.words, _names(desk)).pieces
    if choice == "no":
        desk.change(typed="")
        desk.posts.append(Post(Say("team.not_typed_over"), slot=nonce))
        return
    if entries.promises_first(desk) and any(piece.sort is Sort.ACTION for piece in pieces):
        desk.post("team.promises_first")
        return
    desk.change(typed="")
    stands = [_put(desk, piece) for piece in pieces]
    values = {"count": sum(stands), "left": len(stands) - sum(stands), "most": desk.settings.most, "goals": MOST_GOALS}
    desk.posts.append(Post(Say("team.typed_over", values), slot=nonce))
    board.put_up(desk)


def _put(desk: TeamDesk, piece: Piece) -> bool:
    """Put *piece* on the board, and return whether it stands there now."""
    if piece.sort is Sort.LEAD:
        return _leads(desk, piece.text)
    if piece.sort is Sort.ACTION:
        return entries.put_action(desk, *parts_of(piece.text, _names(desk)), done=piece.done)
    if piece.sort is Sort.GOAL:
        return entries.put_goal(desk, piece.text, reached=piece.done)
    # Whoever typed it over is not who brought it, so no name stands with it.
    entries.put_line(desk, entries.line_of(desk, Kind(piece.sort.value), piece.text, None))
    return True


def _leads(desk: TeamDesk, name: str) -> bool:
    """Let the member called *name* lead the following session, and return whether there is one."""
    member = entries.member_called(desk, name)
    if member is None:
        return False
    session = desk.team.session
    if session and session.state not in FINISHED:
        desk.change_session(next_lead=member.id)
    else:
        desk.change(lead=member.id)
    return True


def _names(desk: TeamDesk) -> tuple[str, ...]:
    return tuple(member.name for member in desk.team.members)
