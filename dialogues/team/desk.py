"""
The team's desk: one turn in the making, pure from outside. It lives for one turn and is never stored.

What is said goes to the group, or privately to one member; nothing that was written privately gets into a message for
the group unless its writer put it up (`private.py`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, tzinfo

from dialogues.changing import replace
from dialogues.conversation import Choice, LeaderId, Phrase, Say, Shape, Value
from dialogues.free_days import FreeDays, SchoolYear
from dialogues.team.ports import TeamWords
from dialogues.team.prompts import Questions
from dialogues.team.showing import Sheet
from dialogues.team.values import Board, Member, Session, Settings, Team

NOBODY = Phrase("team.somebody")
"""What stands for somebody whose name is not on the board (any more)."""


@dataclass(frozen=True, slots=True)
class Post:
    """
    Something to say: to the group, or with *to* to a private address. With a *slot* it redraws the message that holds it.
    *lead* stands for the private chat of the member of that id, wherever it is; *instead* is said in the group when there
    is none. A *sheet* goes with it as a document to print.
    """

    say: Say
    to: str = ""
    slot: str = ""
    lead: LeaderId | None = None
    instead: Say | None = None
    sheet: Sheet | None = None


@dataclass(frozen=True, slots=True)
class TeamTurn:
    """What a turn gave: the team, what to say, a word under the tapped button, boards to keep; *erase* forgets all."""

    team: Team
    posts: tuple[Post, ...] = ()
    toast: Say | None = None
    boards: tuple[Board, ...] = ()
    anew: bool = False
    erase: bool = False
    walked: tuple[tuple[str, str, str], ...] = ()


@dataclass(slots=True)
class TeamDesk:
    """One turn in the making. *member* is who acts, None for somebody of outside or the clock."""

    team: Team
    boards: tuple[Board, ...]
    now: datetime
    zone: tzinfo
    days: FreeDays
    words: TeamWords
    known: SchoolYear = field(default_factory=SchoolYear)
    questions: Questions = field(default_factory=Questions)
    months: int = 0
    member: Member | None = None
    posts: list[Post] = field(default_factory=list)
    toast: Say | None = None
    closed: list[Board] = field(default_factory=list)
    anew: bool = False
    erase: bool = False
    walked: list[tuple[str, str, str]] = field(default_factory=list)

    @property
    def today(self) -> date:
        """The day it is for the team."""
        return self.now.astimezone(self.zone).date()

    @property
    def settings(self) -> Settings:
        """What the team agreed."""
        return self.team.settings

    @property
    def session(self) -> Session:
        """The session under way. Raises LookupError when there is none."""
        if self.team.session is None:
            raise LookupError("no session")
        return self.team.session

    def change(self, **fields: object) -> None:
        """Change fields of the team."""
        self.team = replace(self.team, **fields)  # type: ignore[arg-type]

    def change_session(self, **fields: object) -> None:
        """Change fields of the session."""
        self.change(session=replace(self.session, **fields))  # type: ignore[arg-type]

    def change_settings(self, **fields: object) -> None:
        """Change what was agreed."""
        self.change(settings=replace(self.settings, **fields))  # type: ignore[arg-type]

    def number(self, sort: str) -> str:
        """Return a new id of *sort*, such as "a12"; numbers are never used again."""
        numbers = {**self.team.numbers, sort: self.team.numbers.get(sort, 0) + 1}
        self.change(numbers=numbers)
        return f"{sort}{numbers[sort]}"

    def find(self, member: LeaderId | str | None) -> Member | None:
        """Return the member with this id."""
        return next((one for one in self.team.members if one.id == member), None)

    def name(self, member: LeaderId | None) -> str | Phrase:
        """Return how *member* stands on the board; a word for somebody when she left."""
        found = self.find(member)
        return found.name if found else NOBODY

    def post(
        self, key: str, values: Mapping[str, Value] | None = None, *, slot: str = "", to: str = "", **more: Value
    ) -> None:
        """Say a line, in the group or to one address."""
        self.posts.append(Post(Say(key, {**(values or {}), **more}), to, slot))

    def tell(self, key: str, **values: Value) -> None:
        """Show a short word under the tapped button."""
        self.toast = Say(key, values)

    def turn(self) -> TeamTurn:
        """Return what this turn gave."""
        return TeamTurn(
            self.team,
            tuple(self.posts),
            self.toast,
            tuple(self.closed),
            self.anew,
            self.erase,
            tuple(self.walked),
        )


def ask(
    key: str,
    values: Mapping[str, Value],
    choices: tuple[str | Choice, ...],
    nonce: str,
    shape: Shape = Shape.CHOICES,
    ticked: tuple[str, ...] = (),
) -> Say:
    """Return a question with buttons; a choice that is a name has its words with the message."""
    buttons = tuple(one if isinstance(one, Choice) else Choice(one, one) for one in choices)
    return Say(key, values, buttons, shape, nonce, ticked=ticked)
