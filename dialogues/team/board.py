"""What stands on the board, as values and as what a message shows of it; and how evenly the actions lie."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from dialogues.changing import replace
from dialogues.conversation import Phrase, Say, Value
from dialogues.team.desk import NOBODY, Post, TeamDesk
from dialogues.team.values import FEWEST_SHOWN, Action, Board, Fate, Goal, Kind, Line, Mood, Session, Team
from dialogues.team.weeks import FINISHED, week_of

LINES_SHOWN = 8
"""Lines of one kind on the board message; a longer list is counted, and stands whole in the history."""

FAIR_FROM, FEW, LARGE_SHARE = 4, 2, 2 / 3
"""The fairness line comes from four open actions on, when two people of more have two thirds of them."""


def current(desk: TeamDesk) -> Board:
    """Return the board as it stands: of the session under way, or of the days since the last one."""
    session = desk.team.session
    if session and session.state not in FINISHED:
        return of_session(desk.team, session)
    week = week_of(desk.today)
    last = desk.boards[-1] if desk.boards else None
    if last and last.week == week:
        return replace(last, goals=desk.team.goals, actions=desk.team.actions, lines=(*last.lines, *desk.team.waiting))
    lines = (*desk.team.voices, *desk.team.waiting)
    return Board(week, desk.today, "", goals=desk.team.goals, actions=desk.team.actions, lines=lines)


def of_session(team: Team, session: Session) -> Board:
    """Return the board of *session*."""
    name = next((one.name for one in team.members if one.id == session.lead), "")
    return Board(
        session.week, session.day, name, session.counted, session.shown, team.goals, team.actions, session.lines
    )


def board_values(board: Board) -> dict[str, Value]:
    """Return what a message shows of *board*."""
    return {
        "day": board.day,
        "lead": board.lead,
        "counted": moods(board.counted),
        "shown": named_moods(board.shown),
        "goals": tuple(goal_values(goal) for goal in board.goals),
        "actions": tuple(action_values(action) for action in board.actions),
        **{name: _lines(board.lines, kind) for kind, name in _PLURAL.items()},
        "more": max(0, *(sum(line.kind is kind for line in board.lines) - LINES_SHOWN for kind in Kind)),
    }


def goal_values(goal: Goal) -> dict[str, Value]:
    """Return what a message shows of *goal*."""
    course = "reached" if goal.reached else goal.course.value if goal.course else ""
    return {
        "text": goal.text,
        "until": goal.until or "",
        "course": Phrase(f"team.courses.{course}") if course else "",
    }


def action_values(action: Action) -> dict[str, Value]:
    """Return what a message shows of *action*."""
    fate = "kept" if action.fate is Fate.OPEN and action.kept else action.fate.value
    return {
        "text": action.text,
        "name": action.name or NOBODY,
        "when": action.when,
        "fate": Phrase(f"team.fates.{fate}") if fate != Fate.OPEN else "",
    }


def moods(counted: Mapping[str, int]) -> Value:
    """Return the totals of a check-in, every mood with its number, or "" when they are not shown."""
    return {mood.value: counted.get(mood.value, 0) for mood in Mood} if counted else ""


def named_moods(shown: Mapping[str, Mood]) -> tuple[Value, ...]:
    """Return the check-ins of a team that shows names, as a message shows them."""
    return tuple({"name": name, "mood": Phrase(f"team.moods.{mood.value}")} for name, mood in shown.items())


def totals(session: Session) -> dict[str, int]:
    """Return the moods of *session* counted; nothing when fewer than five people gave theirs (PRV-4)."""
    if len(session.moods) < FEWEST_SHOWN:
        return {}
    return dict(Counter(mood.value for mood in session.moods.values()))


def open_actions(team: Team) -> tuple[Action, ...]:
    """Return the actions that are still open, oldest first."""
    return tuple(action for action in team.actions if action.fate is Fate.OPEN)


def fairness(team: Team) -> Value:
    """Return how many of the open actions lie with how few people, when that is a lot; "" when it is not."""
    owners = Counter(action.member or action.name for action in open_actions(team))
    count = owners.total()
    held = sum(number for _, number in owners.most_common(FEW))
    several = len(team.members) > FEW
    if count < FAIR_FROM or not several or held < count * LARGE_SHARE:
        return ""
    return {"held": held, "count": count, "people": min(FEW, len(owners))}


def redraw(desk: TeamDesk) -> None:
    """Have the board message show what stands on the board now; it is the same message again."""
    slot = f"board.{desk.team.numbers.get('board', 0)}"
    desk.posts = [post for post in desk.posts if post.slot != slot]
    desk.posts.append(Post(Say("team.board", board_values(current(desk))), slot=slot))


def put_up(desk: TeamDesk) -> None:
    """Show the board as a new message, which is the one that changes from now on."""
    desk.number("board")
    redraw(desk)


def _lines(lines: Iterable[Line], kind: Kind) -> tuple[Value, ...]:
    found = [line for line in lines if line.kind is kind]
    return tuple({"text": line.text, "name": line.name} for line in found[-LINES_SHOWN:])


_PLURAL = {Kind.SUCCESS: "successes", Kind.WORRY: "worries", Kind.VOICE: "voices"}
