"""
How a route is written down: states, and every arrow between them, as a table that can be read aloud.

The engine, the checker, the diagrams and the tests all read these tables. A target without a dot is a state of the
same route; ``route.state`` lies elsewhere; ``return`` goes back to what was interrupted, or else to the menu.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

from dialogues.conversation import Choice, Say

if TYPE_CHECKING:
    from dialogues.conversation import Frame
    from dialogues.desk import Desk
    from dialogues.repertoire import Repertoire

RETURN = "return"


class Ask(StrEnum):
    """How a state is answered."""

    TEXT = "text"
    CHOICE = "choice"
    RULER = "ruler"
    TICKS = "ticks"
    DAYS = "days"


@dataclass(frozen=True, slots=True)
class Arrow:
    """From *source*, the *move* leads to *target*."""

    source: str
    move: str
    target: str


@dataclass(frozen=True)
class Reply:
    """An answer as the engine understood it: a choice, a text, a number or the ticked boxes; all empty when skipped."""

    text: str = ""
    choice: str = ""
    number: int | None = None
    ticks: tuple[str, ...] = ()
    source: str = ""
    asked: str = ""
    label: str = ""
    skipped: bool = False


Saying = Callable[["Desk"], Say]
Hearing = Callable[["Desk", Reply], str]
Choosing = Callable[["Desk"], tuple[Choice, ...]]


@dataclass(frozen=True, slots=True)
class State:
    """
    One place where the guide waits for an answer.

    *say* is what it asks; *hear* turns the answer into a move and keeps what must be kept. *choices* are the buttons
    whose words stand with the message. *offer* gives the buttons that depend on the conversation. With *skip* the
    question may be passed over; with *text* a state with buttons also takes free text as an answer. *later* offers
    to go on another time. *echo* puts the leader's last sentence before the question; it is off where the message quotes
    her already. *again* is a shorter message for asking once more. In a *row* short buttons stand side by side, with back
    and stop beneath them. *keys* names the messages this state can say, for the content checker.
    """

    ask: Ask
    say: Saying
    hear: Hearing
    keys: tuple[str, ...]
    choices: tuple[str, ...] = ()
    offer: Choosing | None = None
    skip: bool = False
    text: bool = False
    later: bool = True
    echo: bool = True
    again: str = ""
    row: bool = False


Standing = Callable[["Frame", "Repertoire"], bool]


@dataclass(frozen=True, slots=True)
class Route:
    """
    A route: its name, its states and its arrows. *stands* tells whether what a contact is about is still in the content,
    such as the model of a scan; without it a contact can always go on.
    """

    name: str
    states: Mapping[str, State]
    arrows: tuple[Arrow, ...]
    stands: Standing | None = None


class Tabled(Protocol):
    """Whatever has a name, states and arrows: what the machine and the drawings need of a route."""

    @property
    def name(self) -> str:
        """The name of the route."""
        ...

    @property
    def states(self) -> Mapping[str, object]:
        """Its states, by name."""
        ...

    @property
    def arrows(self) -> tuple[Arrow, ...]:
        """Its arrows."""
        ...


def table(text: str) -> tuple[Arrow, ...]:
    """
    Return the arrows written in *text*: one a line, as source, move and target; ``#`` begins a remark.

    Raises:
        ValueError: a line has not three words, or the same move leaves a state twice.
    """
    arrows: dict[tuple[str, str], Arrow] = {}
    for line in text.splitlines():
        words = line.split("#")[0].split()
        if not words:
            continue
        if len(words) != 3:  # noqa: PLR2004 - source, move, target
            message = f"an arrow has three words: {line.strip()}"
            raise ValueError(message)
        source, move, target = words
        if (source, move) in arrows:
            message = f"the move {move} leaves {source} twice"
            raise ValueError(message)
        arrows[source, move] = Arrow(source, move, target)
    return tuple(arrows.values())


def variants(key: str) -> tuple[str, ...]:
    """Return the three wordings of *key*: for the leader's own thinking, a colleague's and the team's."""
    return tuple(f"{key}.{whose}" for whose in ("own", "colleague", "team"))
