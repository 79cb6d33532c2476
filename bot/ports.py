"""
What the Telegram shell needs from the guide, in as few words as possible.

`dialogues.guide.Guide` fits these shapes; the guide of teams is used as it is. What is kept, and how, is no business of the
shell: it needs only the `Keeper` of `dialogues.ports`, for the letters that wait.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Protocol, TypeAlias

from dialogues.coach_chat import Count
from dialogues.conversation import Heard, LeaderId, Say
from dialogues.errors import DialogueError
from dialogues.ports import Letter

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

    async def beside_boards(self, leader: LeaderId, now: datetime, update: str = "") -> Reply:
        """Tell somebody who looks at her boards what is tied there to her journeys. Raises KeeperUnavailable."""
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
