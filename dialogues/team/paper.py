"""The board as a picture in the chat, and as a sheet to print for a school with a real whiteboard, filled in or blank."""

from __future__ import annotations

from dialogues.conversation import Picture, Say
from dialogues.team import board
from dialogues.team.desk import Post, TeamDesk
from dialogues.team.rotation import lead_of
from dialogues.team.showing import Sheet, picture_of
from dialogues.team.values import Board

BLANK = "blank"


def picture(desk: TeamDesk, shown: Board) -> Picture:
    """Return the drawing of the board *shown*."""
    return picture_of(shown, desk.team.title, _next_lead(desk), desk.today)


def put_picture(desk: TeamDesk) -> None:
    """Show the board as it stands as a picture, with the same in words."""
    now = board.current(desk)
    desk.posts.append(Post(Say("team.board", board.board_values(now), picture=picture(desk, now))))


def hand_out(desk: TeamDesk, argument: str, to: str = "") -> None:
    """Send the sheet to print, to the group or to a private chat; a word for blank in *argument* leaves it empty."""
    blank = desk.words.kind_of(argument.strip()) == BLANK
    shown = Board("", desk.today, "") if blank else board.current(desk)
    sheet = Sheet(shown, desk.team.title, "" if blank else _next_lead(desk), desk.today)
    desk.posts.append(Post(Say("team.sheet", {"blank": blank}), to, sheet=sheet))


def _next_lead(desk: TeamDesk) -> str:
    lead = desk.find(lead_of(desk.team))
    return lead.name if lead else ""
