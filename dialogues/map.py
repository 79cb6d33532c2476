"""
The whole map: every route, and what can be reached from anywhere.

Everything that can move a conversation stands here or in the tables of the routes: the arrows, the commands that begin
something (`FROM_ANYWHERE`), and the five moves that every open question understands (`EVERYWHERE`).
"""

from __future__ import annotations

from collections.abc import Mapping

from dialogues.conversation import Frame
from dialogues.machine import Machines
from dialogues.repertoire import Repertoire
from dialogues.routes import (
    checkin,
    coach,
    compass,
    contact,
    diagnosis,
    home,
    journey,
    journeys,
    mark,
    meeting,
    plan,
    portfolio,
    reflect,
    scan,
    thought,
    tie,
    vision,
    walk,
    wicked,
)
from dialogues.routes.settings import ERASE, LANGUAGE, REGION, RESUME
from dialogues.table import RETURN, Route, State

ROUTES: Mapping[str, Route] = {
    route.name: route
    for route in (
        meeting.ROUTE,
        home.ROUTE,
        journey.ROUTE,
        diagnosis.ROUTE,
        contact.ROUTE,
        plan.ROUTE,
        mark.ROUTE,
        checkin.ROUTE,
        wicked.ROUTE,
        thought.ROUTE,
        journeys.ROUTE,
        compass.ROUTE,
        scan.ROUTE,
        reflect.ROUTE,
        walk.ROUTE,
        coach.ROUTE,
        vision.ROUTE,
        portfolio.ROUTE,
        tie.ROUTE,
        LANGUAGE,
        REGION,
        ERASE,
        RESUME,
    )
}
MACHINES = Machines(ROUTES.values())

FROM_ANYWHERE: Mapping[str, str] = {
    "journey": "journey.whose",
    "wicked": "wicked.problem",
    "thought": "thought.write",
    "journeys": "journeys.list",
    "language": "language.choose",
    "region": "region.choose",
    "erase": "erase.confirm",
    "compass": "compass.factors",
    "find": "compass.found",
    "item": "compass.item",
    "question": "reflect.question",
    "vision": "vision.hall",
    "share": "coach.what",
    "share_one": "coach.level",
    "share_pick": "coach.which",
    "seen": "coach.list",
    "coach": "coach.coaches",
    "invited": "coach.meet",
    "note": "coach.note",
    "portfolio": "portfolio.themes",
    "statement": "portfolio.statement",
    "tie": "tie.which",
    "checkin": "checkin.result",
    "postpone": "checkin.later",
    "reminder": "resume.ask",
}
"""A command, or a moment that came due, and where it begins. The question that was open waits and returns."""

EVERYWHERE: Mapping[str, str] = {
    "back": "the question before, as far as the start of this contact",
    "skip": "the arrow of an empty answer, where the question allows it",
    "later": "home.menu; the question waits until the leader goes on",
    "stop": "home.menu; what was answered is kept",
    "help": "the same question",
}
"""What every open question understands, as a word, a button or a command."""

PASSING = frozenset(
    {"language", "region", "erase", "resume", "journeys", "mark", "compass", "coach", "portfolio", "tie"}
)
"""Routes that are not worth returning to when something else begins."""

RENEWED = frozenset({"vision", "reflect"})
"""Routes that pick up where they were by themselves: beginning one anew lets an older open question of it go."""

MOVED: Mapping[str, str] = {}
"""
A state that was renamed or split after the first release, and where a conversation left open there goes on, both as
``route.state``. A state that is gone without a successor needs no line.
"""

MENU = "home.menu"
FIRST = "meeting.language"


def state(route: str, name: str) -> State | None:
    """Return the state *name* of *route*, or None when the tables no longer hold it."""
    found = ROUTES.get(route)
    return found.states.get(name) if found else None


def open_at(frame: Frame, known: Repertoire) -> State | None:
    """Return the state where *frame* waits; None when the tables no longer hold it, or the content what it is about."""
    found = ROUTES.get(frame.route)
    if found is None or (found.stands and not found.stands(frame, known)):
        return None
    return found.states.get(frame.state)


def split(target: str, route: str) -> tuple[str, str]:
    """Return *target* of an arrow of *route* as (route, state)."""
    if target == RETURN:
        return route, RETURN
    there, _, name = target.rpartition(".")
    return there or route, name


def faults() -> list[str]:
    """Return every arrow, of any route or from anywhere, that leads to a state that does not exist."""
    targets = [(r.name, a.target, f"{r.name}.{a.source} {a.move}") for r in ROUTES.values() for a in r.arrows]
    targets += [("", target, command) for command, target in FROM_ANYWHERE.items()]
    targets += [("", target, f"what was {old}") for old, target in MOVED.items() if target not in MOVED]
    return [
        f"{where}: leads to {target}, which is no state"
        for route, target, where in targets
        if target != RETURN and state(*split(target, route)) is None
    ]
