"""
What the Telegram shell needs from the guide, in as few words as possible.

`dialogues.guide.Guide` fits these shapes. What is kept, and how, is no business of the shell: it needs only the
`Keeper` of `dialogues.ports`, for the letters that wait.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import Protocol, TypeAlias

from dialogues.coach_chat import Count
from dialogues.conversation import Heard, LeaderId, Say
from dialogues.errors import DialogueError
from dialogues.ports import Letter
from dialogues.team.heard import Commanded, InGroup, InPrivate, Tapped, Who
from dialogues.team.ports import TeamLetter
from dialogues.team.values import TeamId

Clock: TypeAlias = Callable[[], datetime]
"""Gives the present moment: aware, in UTC."""

Sleep: TypeAlias = Callable[[float], Awaitable[object]]
"""Waits for a number of seconds, as `asyncio.sleep` does."""


class Reply(Protocol):
    """
    What a turn gave. *letters* wait in the outbox when *kept* is true; otherwise they exist only here. *toast* is a
    short word under the tapped button.
    """

    @property
    def letters(self) -> tuple[Letter, ...]:
        """What to send."""
        ...

    @property
    def toast(self) -> str:
        """What to show under the tapped button, "" for nothing."""
        ...

    @property
    def kept(self) -> bool:
        """Whether the letters stand in the outbox."""
        ...


class Guide(Protocol):
    """The guide, as a shell sees it."""

    def read(self, text: str, source: str) -> Heard:
        """Return a text message as a saying or a command."""
        ...

    def tap(self, payload: str, message: str) -> Heard:
        """Return what tapping the button with *payload* under *message* means."""
        ...

    async def hear(
        self, leader: LeaderId, address: str, heard: Heard, now: datetime, update: str = "", language: str = ""
    ) -> Reply:
        """
        Take one turn, keep it, and return what it gave; an *update* heard before gives an empty reply.

        Raises:
            KeeperUnavailable: nothing was kept; the same call may be made again later.
        """
        ...

    async def come_due(self, now: datetime) -> int:
        """Turn the moments that are due into letters, and return how many."""
        ...

    async def tell_coaches(self, count: Count, now: datetime) -> int:
        """Write to the coaches whose moment came, and return how many; *count* gives how many pieces are new to one."""
        ...

    async def left(self, leader: LeaderId, now: datetime) -> None:
        """Pause the conversation of somebody who can no longer be reached."""
        ...

    async def sorry(self, leader: LeaderId, address: str, error: Say = DialogueError.say) -> Reply:
        """Return a kind word about a message that could not be handled; it needs no store."""
        ...


class TeamReply(Protocol):
    """What a turn of a team gave; *notes* wait in the outbox of *team* when *kept* is true, else they exist only here."""

    @property
    def team(self) -> TeamId | None:
        """Whose outbox has something to send."""
        ...

    @property
    def notes(self) -> tuple[TeamLetter, ...]:
        """What to send."""
        ...

    @property
    def toast(self) -> str:
        """What to show under the tapped button, "" for nothing."""
        ...

    @property
    def kept(self) -> bool:
        """Whether the notes stand in the outbox."""
        ...


class TeamGuide(Protocol):
    """The guide of teams, as a shell sees it."""

    def read(self, text: str) -> Commanded | None:
        """Return a text as a command of groups, or None when it is none."""
        ...

    def tap(self, payload: str) -> Tapped:
        """Return what tapping the button with *payload* means."""
        ...

    def meant(self, member: LeaderId, heard: Heard, now: datetime) -> InPrivate | None:
        """Return what something heard in a private chat means for a board, None when it is not about one."""
        ...

    async def hear(
        self,
        address: str,
        heard: InGroup,
        who: Who,
        now: datetime,
        *,
        update: str = "",
        language: str = "",
        title: str = "",
    ) -> TeamReply:
        """
        Take one turn in a group, keep it, and return what it gave; an *update* heard before gives an empty reply.

        Raises:
            KeeperUnavailable: nothing was kept; the same call may be made again later.
        """
        ...

    async def hear_privately(
        self, member: LeaderId, address: str, heard: InPrivate, now: datetime, *, update: str = "", language: str = ""
    ) -> Sequence[TeamReply]:
        """Take one turn about boards in a private chat. Raises KeeperUnavailable."""
        ...

    def shares(self, member: LeaderId) -> bool:
        """Return whether a calendar that *member* sends is for a team of hers."""
        ...

    async def receive(
        self, member: LeaderId, address: str, data: bytes | None, now: datetime, *, update: str = "", language: str = ""
    ) -> Sequence[TeamReply]:
        """Take a calendar file that *member* sent, None for one that is too large. Raises KeeperUnavailable."""
        ...

    async def went_on(self, member: LeaderId, now: datetime) -> None:
        """Ask *member* for nothing about a board any more. Raises KeeperUnavailable."""
        ...

    async def come_due(self, now: datetime) -> Sequence[TeamId]:
        """Do what is due for every team, and return those that have something to send."""
        ...

    async def closed(self, team: TeamId, now: datetime) -> None:
        """Pause a team whose group the bot cannot write to any more. Raises KeeperUnavailable."""
        ...

    async def unreached(self, team: TeamId, to: str, now: datetime) -> None:
        """Note that the private chat *to* is closed to the guide. Raises KeeperUnavailable."""
        ...

    async def sorry(self, address: str, error: Say, language: str, now: datetime) -> TeamReply:
        """Return a kind word about something that could not be handled."""
        ...
