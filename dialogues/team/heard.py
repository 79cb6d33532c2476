"""What can be heard of a team: in its group, in the private chat of a member, and about the group itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from dialogues.conversation import LeaderId
from dialogues.team.own_calendar import OwnCalendar


@dataclass(frozen=True, slots=True)
class Who:
    """Who did something: *id* is "" when that cannot be told (an anonymous administrator); *first* a first name."""

    id: LeaderId
    first: str = ""


@dataclass(frozen=True, slots=True)
class Added:
    """The guide came into the group, perhaps with the rights of an administrator."""

    admin: bool = False


@dataclass(frozen=True, slots=True)
class Removed:
    """The guide is no longer in the group."""


@dataclass(frozen=True, slots=True)
class MadeAdmin:
    """The guide was given the rights of an administrator."""


@dataclass(frozen=True, slots=True)
class MovedTo:
    """The group lives on under another address."""

    address: str


@dataclass(frozen=True, slots=True)
class Gone:
    """Somebody left the group, or was taken out of it."""

    member: LeaderId


@dataclass(frozen=True, slots=True)
class Replied:
    """A text in answer to a message of the guide: to *message*, which holds *slot* when that is known."""

    text: str
    message: str = ""
    slot: str = ""


@dataclass(frozen=True, slots=True)
class Commanded:
    """A command by its id (``action``, ``goal``, ``board`` …) and what was typed behind it."""

    command: str
    argument: str = ""


@dataclass(frozen=True, slots=True)
class Tapped:
    """A button under a message of the guide."""

    nonce: str
    choice: str


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A photo, a voice message or something else that holds no text, in answer to the guide."""


@dataclass(frozen=True, slots=True)
class Wrote:
    """A text in the private chat, of somebody who was asked for one about the board."""

    text: str


@dataclass(frozen=True, slots=True)
class Shared:
    """The calendar of a school, sent in the private chat."""

    calendar: OwnCalendar


InGroup: TypeAlias = Added | Removed | MadeAdmin | MovedTo | Gone | Replied | Commanded | Tapped | Unreadable
InPrivate: TypeAlias = Commanded | Tapped | Wrote | Shared
