"""Who leads: in the order in which people joined, over whoever left in between."""

from __future__ import annotations

from typing import TypeVar

from dialogues.changing import replace
from dialogues.conversation import LeaderId
from dialogues.team.desk import TeamDesk
from dialogues.team.heard import Who
from dialogues.team.values import Action, Board, Line, Member, Session, Team

Item = TypeVar("Item", Action, Line)

NAME_LENGTH = 12
"""Letters of a name on the board."""


def next_in_line(team: Team, after: LeaderId | None) -> LeaderId | None:
    """Return who leads after *after*: the next member, the first one after the last; None in an empty team."""
    ids = [member.id for member in team.members]
    if not ids:
        return None
    return ids[(ids.index(after) + 1) % len(ids)] if after in ids else ids[0]


def lead_of(team: Team) -> LeaderId | None:
    """Return who leads the coming session: the one agreed, or when she left, the first in line."""
    ids = {member.id for member in team.members}
    return team.lead if team.lead in ids else next_in_line(team, None)


def join(desk: TeamDesk, who: Who, name: str = "") -> Member:
    """Make *who* a member, or give her another *name*; without one it is her initial, made longer until it is free."""
    wanted = " ".join(name.split())[:NAME_LENGTH]
    taken = {one.name.casefold() for one in desk.team.members if one.id != who.id}
    known = desk.find(who.id)
    if known and not wanted:
        desk.member = known
        return known
    name = next(found for found in _names(wanted, who.first, len(desk.team.members)) if found.casefold() not in taken)
    if known:
        member = replace(known, name=name)
        others = tuple(member if one.id == known.id else one for one in desk.team.members)
        actions = tuple(replace(one, name=name) if one.member == known.id else one for one in desk.team.actions)
        desk.change(members=others, actions=actions)
    else:
        member = Member(who.id, name, desk.now)
        desk.change(members=(*desk.team.members, member))
    desk.member = member
    return member


def forget(desk: TeamDesk, member: LeaderId) -> None:
    """Take *member* out of the team, her name off every board, and what she wrote privately away."""
    desk.team, desk.boards = forgotten(desk.team, desk.boards, member)
    desk.closed, desk.anew = list(desk.boards), True


def forgotten(team: Team, boards: tuple[Board, ...], member: LeaderId) -> tuple[Team, tuple[Board, ...]]:
    """Return *team* and its closed *boards* without *member*, her name and what she wrote privately."""
    line = next_in_line(team, member)
    name = next((one.name for one in team.members if one.id == member), "")
    team = replace(
        team,
        members=tuple(one for one in team.members if one.id != member),
        lead=(line if line != member else None) if team.lead == member else team.lead,
        actions=_nameless(team.actions, member),
        privates=tuple(one for one in team.privates if one.member != member),
        waiting=_nameless(team.waiting, member),
        voices=_nameless(team.voices, member),
        typed="",
        session=_left(team.session, member, name) if team.session else None,
    )
    return team, tuple(_without(board, member, name) for board in boards)


def _left(session: Session, member: LeaderId, name: str) -> Session:
    """Return *session* on which *member*, called *name*, is no more."""
    return replace(
        session,
        moods={one: mood for one, mood in session.moods.items() if one != member},
        shown={one: mood for one, mood in session.shown.items() if one != name},
        lines=_nameless(session.lines, member),
        lead=None if session.lead == member else session.lead,
        next_lead=None if session.next_lead == member else session.next_lead,
    )


def _without(board: Board, member: LeaderId, name: str) -> Board:
    """Return *board* on which *member*, called *name*, stands no more."""
    return replace(
        board,
        lead="" if board.lead == name else board.lead,
        shown={one: mood for one, mood in board.shown.items() if one != name},
        actions=_nameless(board.actions, member),
        lines=_nameless(board.lines, member),
    )


def _nameless(items: tuple[Item, ...], member: LeaderId) -> tuple[Item, ...]:
    return tuple(replace(one, member="", name="") if one.member == member else one for one in items)


def _names(wanted: str, first: str, count: int) -> list[str]:
    """Return names to try, the best first; with a number behind it one of them is always free."""
    letters = [letter for letter in first if letter.isalpha()]
    base = wanted or "".join(letters[:1]).upper()
    starts = [] if wanted or not letters else [f"{first[:length]}." for length in (2, 3)]
    numbered = [f"{(base or '?')[: NAME_LENGTH - 3]}{number}" for number in range(2, count + 4)]
    return [*([wanted] if wanted else [f"{base}."] if base else []), *starts, *numbered]
