"""Boards to show: an ordinary one, an empty one, and one with a text everywhere somebody can write."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

from dialogues.team.values import Action, Board, Course, Fate, Goal, Kind, Line

TODAY = date(2026, 12, 1)
NOW = datetime(2026, 12, 1, 8, tzinfo=UTC)
EMPTY = Board("2026-W49", TODAY, "")
KINDS = (Kind.SUCCESS, Kind.WORRY, Kind.VOICE)


def goal(text: str, course: Course | None = None, *, reached: bool = False) -> Goal:
    """Return a goal for this term."""
    return Goal("g1", text, date(2026, 12, 18), NOW, course, None, reached)


def action(name: str, text: str, when: str, fate: Fate = Fate.OPEN, *, kept: bool = False) -> Action:
    """Return an action of this week."""
    return Action("a1", text, name, "2026-W49", NOW, "", when, fate, None, kept)


def line(kind: Kind, text: str, name: str = "") -> Line:
    """Return a line that was put up."""
    return Line("l1", kind, text, NOW, "", name)


BOARD = Board(
    "2026-W49",
    TODAY,
    "Sanne",
    counted={"good": 5, "mixed": 2, "low": 1},
    goals=(
        goal("Elke leerling kan zeggen wat hij nog moet leren", Course.AT_RISK),
        goal("In elke les geven leerlingen elkaar feedback met uitleg", Course.ON_COURSE),
        goal("Geen losse werkbladen meer in groep 3", reached=True),
    ),
    actions=(
        action("R.", "drie leerlingen vragen wat ze nog moeten leren", "donderdag"),
        action("Jet", "een lesvoorbeeld delen", "vrijdag", kept=True),
        action("Sanne", "succescriteria op het bord in groep 6", "elke dag", Fate.DONE),
        action("M.", "ouders bellen over de leesavond", "woensdag", Fate.SMALLER),
        action("", "de bibliotheek opruimen", "", Fate.DROPPED),
    ),
    lines=(
        line(Kind.SUCCESS, "Groep 6 gaf elkaar feedback met uitleg", "R."),
        line(Kind.SUCCESS, "Een stille leerling stelde zelf een vraag"),
        line(Kind.VOICE, "“Ik weet het pas als ik de toets terugkrijg.”", "M."),
    ),
)


def filled(*texts: str) -> Board:
    """Return a board on which *texts* stand, each in turn, in every place where somebody can write: 45 of them."""
    turns = [texts[place % len(texts)] for place in range(45)]
    said = iter(turns)
    return Board(
        "2026-W49",
        TODAY,
        turns[0],
        goals=tuple(goal(next(said), Course.STUCK) for _ in range(3)),
        actions=tuple(action(next(said), next(said), next(said)) for _ in range(12)),
        lines=tuple(line(kind, next(said), turns[0]) for kind in KINDS for _ in range(2)),
    )


def stated(*texts: str) -> Board:
    """Return a board on which *texts* stand where there is most room: 21 of them."""
    said = iter(texts)
    board = filled("x")
    return replace(
        board,
        goals=tuple(replace(goal, text=next(said, "x")) for goal in board.goals),
        actions=tuple(replace(one, text=next(said, "x")) for one in board.actions),
        lines=tuple(replace(line, text=next(said, "x")) for line in board.lines),
    )
