"""
What on a board is one member's own, for her private chat and for her export.

A line without a name does not know whose it is, so it is nobody's here either.
"""

from __future__ import annotations

from dialogues.boards import BoardAction, BoardLine, Hers
from dialogues.conversation import LeaderId
from dialogues.team.values import Action, Board, Fate, Line, Team


def hers(team: Team, boards: tuple[Board, ...], member: LeaderId) -> Hers | None:
    """Return what of *team*, and of its closed *boards*, is *member*'s own; None when she is no member."""
    found = next((one for one in team.members if one.id == member), None)
    if found is None:
        return None
    return Hers(
        team.id, team.title, found.name, found.joined, _actions(team, boards, member), _lines(team, boards, member)
    )


def _actions(team: Team, boards: tuple[Board, ...], member: LeaderId) -> tuple[BoardAction, ...]:
    """Return her actions, oldest first; one that was cut smaller is one with what it was cut into."""
    known = {action.id: action for board in boards for action in board.actions}
    known |= {action.id: action for action in team.actions}
    cut = {action.cut for action in known.values()}
    standing = {action.id for action in team.actions}
    found = []
    for action in known.values():
        if action.member != member or action.id in cut:
            continue
        before = [action]
        while before[0].cut in known:
            before.insert(0, known[before[0].cut])
        found.append(
            BoardAction(
                team.id,
                tuple(one.id for one in before),
                action.text,
                before[0].made,
                action.when,
                _became(action, stands=action.id in standing),
                before[0].text if len(before) > 1 else "",
            )
        )
    return tuple(found)


def _became(action: Action, *, stands: bool) -> str:
    if action.fate is not Fate.OPEN:
        return action.fate.value
    if not stands:
        return "removed"
    return "kept" if action.kept else "open"


def _lines(team: Team, boards: tuple[Board, ...], member: LeaderId) -> tuple[BoardLine, ...]:
    session = team.session.lines if team.session else ()
    every: list[Line] = [line for board in boards for line in board.lines]
    every += [*session, *team.voices, *team.waiting]
    own = {line.id: BoardLine(line.kind.value, line.text, line.at) for line in every if line.member == member}
    private = [
        BoardLine(one.kind.value, one.text, one.at, private=True) for one in team.privates if one.member == member
    ]
    return (*own.values(), *private)
