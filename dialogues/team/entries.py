"""
Puts on the board what somebody types: an action, a goal, a success, what a pupil said; and takes it off again.

What does not fit is said plainly, and the message it was typed in stands in the chat still. Texts are kept as typed.
"""

from __future__ import annotations

import re
from datetime import timedelta

from dialogues.changing import replace
from dialogues.conversation import Value
from dialogues.replies import clean, has_words
from dialogues.team import board
from dialogues.team.desk import TeamDesk
from dialogues.team.values import MOST_GOALS, Action, Board, Fate, Goal, Kind, Line, Member
from dialogues.team.weeks import FINISHED, week_of

LONGEST = 300
"""Letters of one thing on the board."""

GOAL_LASTS = timedelta(weeks=6)
"""How long a goal lasts for which nobody names a day: four to six weeks is usual (stichting leerKRACHT)."""

_DASH = re.compile(r"\s+[–—-]+\s+|\s*;\s*")
_ITEM = re.compile(r"(\d+)\b[.:)]?\s*(.*)", re.DOTALL)
_NAME_MOST = 12
_THREE = 3


def add(desk: TeamDesk, kind: str, text: str) -> bool:
    """
    Put *text* on the board as *kind* (``action``, ``goal``, ``success``, ``voice``), and return whether it stands there.

    Several lines are several actions. When not all fit, the first ones are put up, and it is said how many were not.
    """
    text = clean(text)
    if not has_words(text):
        desk.post(f"team.how.{kind}")
        return False
    if kind == "goal":
        return _goal(desk, text)
    if kind == "action":
        return _actions(desk, text)
    return _fits(desk, text) and _line(desk, Kind(kind), text)


def promises_first(desk: TeamDesk) -> bool:
    """Return whether what was promised is still to be decided on: until then no new action goes up."""
    session = desk.team.session
    return session is not None and session.state in ("checkin", "promises", "smaller")


def put_action(desk: TeamDesk, who: str, what: str, when: str, *, done: bool) -> bool:
    """
    Put an action on the board of which *who* ("" for nobody), *what* and *when* are known, and return whether it fits.

    One that is *done* already takes no room.
    """
    if not has_words(what) or not (done or len(board.open_actions(desk.team)) < desk.settings.most):
        return False
    member = member_called(desk, who)
    name, fate = member.name if member else who, Fate.DONE if done else Fate.OPEN
    week, ended = week_of(desk.today), desk.now if done else None
    id_, owner = desk.number("a"), str(member.id) if member else ""
    action = Action(id_, what, name, week, desk.now, owner, when, fate, ended)
    desk.change(actions=(*desk.team.actions, action))
    return True


def put_goal(desk: TeamDesk, text: str, *, reached: bool) -> bool:
    """Put a goal on the board that somebody typed over, and return whether it fits; its last day may stand behind it."""
    if sum(goal.ended is None for goal in desk.team.goals) >= MOST_GOALS or not _new_goal(desk, text):
        return False
    if reached:
        end_goal(desk, desk.team.goals[-1], reached=True)
    return True


def member_called(desk: TeamDesk, name: str) -> Member | None:
    """Return the member who is called *name* on the board, with or without its full stop."""
    return next((one for one in desk.team.members if name.strip() and _same(one.name, name.strip())), None)


def remove(desk: TeamDesk, text: str) -> bool:
    """Take off the board what stands there under the number *text* names, and return whether it did."""
    items, found = numbered(desk), _ITEM.fullmatch(text.strip())
    place = int(found[1][:4]) if found else 0
    if not 1 <= place <= len(items):
        desk.post("team.how.remove")
        return False
    gone = items[place - 1]
    if isinstance(gone, Action):
        desk.change(actions=tuple(one for one in desk.team.actions if one.id != gone.id))
    elif isinstance(gone, Goal):
        desk.change(goals=tuple(one for one in desk.team.goals if one.id != gone.id))
    else:
        desk.change(waiting=tuple(one for one in desk.team.waiting if one.id != gone.id))
        desk.change(voices=tuple(one for one in desk.team.voices if one.id != gone.id))
        if desk.team.session:
            left = tuple(one for one in desk.session.lines if one.id != gone.id)
            desk.change_session(lines=left)
    return True


def standing_on(board_: Board) -> tuple[Goal | Action | Line, ...]:
    """Return everything that stands on a board."""
    return (*board_.goals, *board_.actions, *board_.lines)


def numbered(desk: TeamDesk) -> tuple[Goal | Action | Line, ...]:
    """Return everything on the board that can be taken off, in the order of its numbers."""
    now = board.current(desk)
    return (*now.goals, *(one for one in now.actions if one.fate is Fate.OPEN), *_own_lines(desk))


def numbered_values(desk: TeamDesk) -> tuple[Value, ...]:
    """Return the same, as a message shows it."""
    return tuple(item.text for item in numbered(desk))


def line_of(desk: TeamDesk, kind: Kind, text: str, member: Member | None) -> Line:
    """Return *text* as a line for the board, with the name of *member* where the team shows names for it."""
    name = member.name if member and kind.value in desk.settings.named else ""
    return Line(desk.number("l"), kind, text, desk.now, member.id if member and name else "", name)


def put_line(desk: TeamDesk, line: Line) -> None:
    """Have *line* stand on the board: of the session under way, or of the next one."""
    session = desk.team.session
    if session and session.state not in FINISHED:
        desk.change_session(lines=(*session.lines, line))
    else:
        desk.change(waiting=(*desk.team.waiting, line))


def cut_smaller(desk: TeamDesk, action: Action, text: str) -> bool:
    """Put a smaller action in the place of *action*, and return whether that was done."""
    text = clean(text)
    if not has_words(text) or not _fits(desk, text):
        return False
    name, _, what, when = _parts(desk, text)
    own = replace(
        action,
        id=desk.number("a"),
        text=what,
        when=when,
        week=week_of(desk.today),
        made=desk.now,
        kept=False,
        cut=action.id,
    )
    settle(desk, action, Fate.SMALLER)
    desk.change(actions=(*desk.team.actions, own if not name else replace(own, name=action.name)))
    return True


def settle(desk: TeamDesk, action: Action, fate: Fate) -> None:
    """Write down what became of *action*; one that stays open is kept once."""
    ended = None if fate is Fate.OPEN else desk.now
    new = replace(action, fate=fate, ended=ended, kept=action.kept or fate is Fate.OPEN)
    desk.change(actions=tuple(new if one.id == action.id else one for one in desk.team.actions))


def _actions(desk: TeamDesk, text: str) -> bool:
    lines = [line for line in text.splitlines() if has_words(line)]
    room = desk.settings.most - len(board.open_actions(desk.team))
    added = 0
    for line in lines[: max(room, 0)]:
        if not _fits(desk, line):
            continue
        name, member, what, when = _parts(desk, line)
        week = week_of(desk.today)
        action = Action(desk.number("a"), what, name, week, desk.now, member, when)
        desk.change(actions=(*desk.team.actions, action))
        added += 1
    if len(lines) > room:
        desk.post("team.no_room", most=desk.settings.most, left=len(lines) - max(room, 0))
    return bool(added)


def _parts(desk: TeamDesk, line: str) -> tuple[str, str, str, str]:
    """Return who (name and member), what and when, as "R. – ask three pupils – Thursday" names them."""
    parts = [part.strip() for part in _DASH.split(line.strip()) if part.strip()]
    who = member_called(desk, parts[0]) if parts else None
    own = desk.member
    named = len(parts) >= _THREE and len(parts[0]) <= _NAME_MOST
    if len(parts) > 1 and (who or named):
        name, member = (who.name, str(who.id)) if who else (parts[0], "")
        parts = parts[1:]
    else:
        name, member = (own.name, str(own.id)) if own else ("", "")
    what, when = (" – ".join(parts[:-1]), parts[-1]) if len(parts) > 1 else (" – ".join(parts), "")
    return name, member, what, when


def _goal(desk: TeamDesk, text: str) -> bool:
    found = _ITEM.fullmatch(text)
    word = desk.words.kind_of(found[2]) if found else ""
    place = int(found[1][:4]) if found else 0
    if word in ("reached", "remove") and 1 <= place <= len(desk.team.goals):
        goal = desk.team.goals[place - 1]
        end_goal(desk, goal, reached=word == "reached")
        return True
    if word in ("reached", "remove"):
        desk.post("team.how.goal")
        return False
    if sum(goal.ended is None for goal in desk.team.goals) >= MOST_GOALS:
        desk.post("team.goals_full", goals=tuple(goal.text for goal in desk.team.goals))
        return False
    return _new_goal(desk, text)


def _new_goal(desk: TeamDesk, text: str) -> bool:
    until, what = desk.words.day_in(text, desk.today)
    if not has_words(what):
        desk.post("team.how.goal")
        return False
    if not _fits(desk, what):
        return False
    goal = Goal(desk.number("g"), what, until or desk.today + GOAL_LASTS, desk.now)
    desk.change(goals=(*desk.team.goals, goal))
    return True


def end_goal(desk: TeamDesk, goal: Goal, *, reached: bool) -> None:
    """Close *goal*; one that is reached stays on the board until the session closes."""
    if reached:
        done = replace(goal, ended=desk.now, reached=True)
        desk.change(goals=tuple(done if one.id == goal.id else one for one in desk.team.goals))
    else:
        desk.change(goals=tuple(one for one in desk.team.goals if one.id != goal.id))


def _line(desk: TeamDesk, kind: Kind, text: str) -> bool:
    put_line(desk, line_of(desk, kind, text, desk.member))
    return True


def _own_lines(desk: TeamDesk) -> tuple[Line, ...]:
    session = desk.team.session
    if session and session.state not in FINISHED:
        return session.lines
    return desk.team.waiting


def _fits(desk: TeamDesk, text: str) -> bool:
    if len(text) > LONGEST:
        desk.post("team.too_long", most=LONGEST)
        return False
    return True


def _same(name: str, typed: str) -> bool:
    return name.rstrip(".").casefold() == typed.rstrip(".:").casefold()
