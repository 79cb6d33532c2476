"""
What the leaders' side may see of the boards of teams: what is hers there, and how she ties an action to a journey.

It goes one way. A tie stands on the leader's own page and names an action by its ids; of a journey, or of a tie, nothing is
ever given to a team (PRV-4). What became of an action is read from the board each time it is shown, and is kept nowhere
else.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Tie:
    """That a leader tied the *action* of that id, on the board of *team*, to a journey of hers."""

    team: str
    action: str
    since: datetime


@dataclass(frozen=True, slots=True)
class BoardAction:
    """
    An action of hers. *ids* are its own and, before that, those of the bigger ones it was cut from; *first* is how the
    biggest read, "" when it was never cut. *when* is by when, as it was typed. *became* is ``open``, ``kept``, ``done``,
    ``smaller``, ``dropped``, or ``removed`` from the board while it was open.
    """

    team: str
    ids: tuple[str, ...]
    text: str
    made: datetime
    when: str = ""
    became: str = "open"
    first: str = ""


@dataclass(frozen=True, slots=True)
class BoardLine:
    """A line that she wrote. *kind* is ``success``, ``worry`` or ``voice``; a *private* one nobody else sees yet."""

    kind: str
    text: str
    at: datetime
    private: bool = False


@dataclass(frozen=True, slots=True)
class Hers:
    """What on the board of one *team* is hers; *title* is what its group is called, *name* her short name there."""

    team: str
    title: str
    name: str
    joined: datetime
    actions: tuple[BoardAction, ...] = ()
    lines: tuple[BoardLine, ...] = ()
