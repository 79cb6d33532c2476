"""
The board as a drawing and as a document to print: what stands on it, in the order of a session.

How the members arrived is left out of both: a picture is passed on, and paper hangs in a room for weeks. Whatever does not
fit is counted, and stands in the chat and in the history.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from dialogues.conversation import Phrase, Picture, Value
from dialogues.team.values import MOST_GOALS, Action, Board, Course, Fate, Goal, Kind, Line

MOST_ACTIONS, MOST_LINES = 12, 6
"""What stands on a picture or on paper at most: actions, and lines of each kind."""

PLURALS: Mapping[Kind, str] = {Kind.SUCCESS: "successes", Kind.WORRY: "worries", Kind.VOICE: "voices"}
ROWS = 10
"""Rows for actions on paper at least, filled or blank."""

HEADS = ("goals", "actions", *PLURALS.values(), "who", "what", "when", "none")
"""Words that stand above something on the board, or in the place of it."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A board to print: arguments of `paper_of`."""

    board: Board
    team: str
    next_lead: str
    today: date


def picture_of(board: Board, team: str, next_lead: str, today: date) -> Picture:
    """Return the drawing of *board* for the chat; the message beside it says the same in words."""
    return Picture("board", values_of(board, team, next_lead, today))


def paper_of(board: Board, team: str, next_lead: str, today: date) -> dict[str, Value]:
    """
    Return what the document to print shows of *board*; for a board on which nothing stands, one to write on.

    The document is made by `content.boards.printed`. Arguments are those of `values_of`.
    """
    return values_of(board, team, next_lead, today) | {
        "courses": {course: Phrase(f"board.courses.{course}") for course in Course},
        "paper": {name: Phrase(f"board.paper.{name}") for name in ("course", "lead", "next", "order", "source")},
        "next_name": next_lead,
        "rows": ROWS,
    }


def values_of(board: Board, team: str, next_lead: str, today: date) -> dict[str, Value]:
    """
    Return everything a drawing or a document shows of *board*: texts as they were written, and names of words.

    Args:
        team: what the group is called, "" for no name.
        next_lead: who leads next time, by her name on the board; "" when nobody does yet.
        today: dates of another year are told with their year.
    """
    return {
        "title": Phrase("board.title", {"team": team}),
        "day": Phrase("board.day", {"day": board.day}),
        "goals": tuple(_goal(goal, today) for goal in board.goals[:MOST_GOALS]),
        "actions": tuple(_action(action) for action in board.actions[:MOST_ACTIONS]),
        "more_actions": _more(len(board.actions) - MOST_ACTIONS),
        **{plural: tuple(_line(line) for line in _lines(board, kind)[:MOST_LINES]) for kind, plural in PLURALS.items()},
        **{f"more_{plural}": _more(len(_lines(board, kind)) - MOST_LINES) for kind, plural in PLURALS.items()},
        "next_lead": Phrase("board.next_lead", {"name": next_lead}),
        "heads": {name: Phrase(f"board.heads.{name}") for name in HEADS},
    }


def _goal(goal: Goal, today: date) -> dict[str, Value]:
    course = "reached" if goal.reached else goal.course.value if goal.course else "unknown"
    until = Phrase("board.until", {"day": goal.until, "today": today}) if goal.until else ""
    return {"text": goal.text, "until": until, "course": course, "course_name": Phrase(f"board.courses.{course}")}


def _action(action: Action) -> dict[str, Value]:
    fate = "kept" if action.fate is Fate.OPEN and action.kept else action.fate.value
    return {
        "text": action.text,
        "name": action.name,
        "when": action.when,
        "fate": fate,
        "fate_name": Phrase(f"board.fates.{fate}"),
    }


def _line(line: Line) -> dict[str, Value]:
    return {"text": line.text, "name": line.name}


def _lines(board: Board, kind: Kind) -> Sequence[Line]:
    """Return the lines of one *kind*, the latest first."""
    return [line for line in reversed(board.lines) if line.kind is kind]


def _more(count: int) -> Value:
    return Phrase("board.more", {"count": count}) if count > 0 else ""
