"""What the team's dialogue needs from outside, in its own words. Promises: `tests/storage/test_team_promises.py`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Protocol

from dialogues.conversation import LeaderId, Picture, Say
from dialogues.errors import KeeperUnavailable
from dialogues.ports import Message
from dialogues.team.own_calendar import OwnCalendar
from dialogues.team.showing import Sheet
from dialogues.team.typed_board import Heads
from dialogues.team.values import Board, Team, TeamId


class TurnOvertaken(KeeperUnavailable):
    """Another turn of this team was kept meanwhile. Nothing of this one was; take it again from what stands now."""


@dataclass(frozen=True, slots=True)
class TeamLetter:
    """
    A message on its way to the group, or with *to* to the private chat of one member.

    *number* rises per team, so order is kept. Of notes with the same *slot* the newest alone waits, in the place of the
    first; it redraws the message in which that slot already stands. *picture* is a PNG and *body* a document called *file*,
    both in base64.
    """

    number: int
    message: Message
    written: datetime
    to: str = ""
    slot: str = ""
    picture: str = ""
    file: str = ""
    body: str = ""


@dataclass(frozen=True, slots=True)
class TeamPage:
    """
    Everything kept of one team. *boards* are those of closed sessions, oldest first; *placed* says which message holds
    which slot, so that it can be redrawn.
    """

    team: Team
    boards: tuple[Board, ...] = ()
    notes: tuple[TeamLetter, ...] = ()
    updates: Mapping[str, datetime] = field(default_factory=dict)
    placed: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class TeamEntry:
    """
    What one turn writes, all of it or nothing: the team, boards that are new or changed (by week), notes to send, and the
    update that caused it. With *anew* all boards are replaced, as when somebody is forgotten in them.
    """

    team: Team
    at: datetime
    boards: tuple[Board, ...] = ()
    notes: tuple[TeamLetter, ...] = ()
    update: str = ""
    anew: bool = False


class TeamKeeper(Protocol):
    """
    Keeps the pages of teams, with the promises of `dialogues.ports.Keeper`.

    Raises (every asynchronous method):
        KeeperUnavailable: the store could not be read or written; nothing was changed.
        PageUnreadable: this team's page is damaged; it was left as it is.
    """

    async def read(self, team: TeamId) -> TeamPage | None:
        """Return everything kept of *team*, or None when nothing is."""
        ...

    async def write(self, entry: TeamEntry) -> None:
        """Keep *entry*, durably and all at once. Raises TurnOvertaken when it does not follow on what is kept."""
        ...

    async def delivered(self, team: TeamId, note: TeamLetter, message: int = 0) -> None:
        """
        Take *note* off the outbox; its slot, if it has one, now stands in *message* (0 when that is not known).

        A newer note of the same slot, which took its place meanwhile, stays.
        """
        ...

    async def erase(self, team: TeamId) -> None:
        """Forget *team* wholly. Forgetting an unknown one is no error."""
        ...

    def at(self, address: str) -> TeamId | None:
        """Return the team whose group has *address*."""
        ...

    def of(self, member: LeaderId) -> Sequence[TeamId]:
        """Return the teams *member* belongs to, oldest first."""
        ...

    def due(self, now: datetime) -> Sequence[TeamId]:
        """Return the teams to look at by *now*, longest waiting first."""
        ...

    def waiting(self) -> Sequence[TeamId]:
        """Return the teams that have notes waiting."""
        ...

    def writing(self, member: LeaderId) -> tuple[TeamId, datetime] | None:
        """Return the team for which *member* was asked to write something privately, and when."""
        ...


class TeamWords(Heads, Protocol):
    """The words of a team, rendered."""

    def render(self, say: Say, language: str) -> Message:
        """Return *say* as a finished message. Raises WordsMissing."""
        ...

    def team_command(self, text: str) -> tuple[str, str] | None:
        """Return (command id, argument) when *text* is a command for the group; ("unknown", name) for another one."""
        ...

    def kind_of(self, word: str) -> str:
        """Return what *word* names, in any language: one of the sorts under ``team_typed`` in the content; or ""."""
        ...

    def days_in(self, text: str, today: date) -> tuple[tuple[date, date], ...]:
        """Return the periods that *text* names, one a line or between commas; empty when one cannot be read."""
        ...

    def find(self, texts: Sequence[tuple[str, str]], query: str, language: str) -> tuple[str, ...]:
        """Return the ids of the *texts*, (id, text) pairs, that hold at least half of the words of *query*, best first."""
        ...

    def day_in(self, text: str, today: date) -> tuple[date | None, str]:
        """Return the day that *text* ends on, such as "18 december", none in the past, and the text before it."""
        ...


class BoardPainter(Protocol):
    """Draws a board for the chat."""

    def paint(self, picture: Picture, language: str) -> bytes:
        """Return *picture* as a PNG. Blocks for some tens of milliseconds. Raises WordsMissing, DrawingFailed."""
        ...


class BoardPrinter(Protocol):
    """Makes a board to print."""

    def sheet(self, sheet: Sheet, language: str) -> bytes:
        """Return *sheet* as a PDF. Blocks for some tens of milliseconds. Raises WordsMissing, PrintingFailed."""
        ...


class ReadCalendar(Protocol):
    """Reads the calendar file of a school."""

    def __call__(self, data: bytes, today: date) -> OwnCalendar:
        """Return the free days in *data* from *today* on. Blocks for up to some seconds. Never raises."""
        ...


class Reach(Protocol):
    """How a member can be written to privately, when she talks with the guide herself."""

    async def __call__(self, member: LeaderId) -> str:
        """Return the address of the private chat of *member*, "" when there is none or she blocked the guide."""
        ...
