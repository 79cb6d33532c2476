"""
The values between a leader and a coach: who may read what, who read it, and what was written back. Frozen.

Terminology:
    coach       reads what a leader chose to share, and writes back. Coaches are made by the operator.
    invitation  a link for one leader, used once, valid for three days at most.
    link        a leader accepted a coach; it ends as easily as it began.
    grant       one permission: this coach, this piece, at this level. Nothing is shared without one.
    look        that a coach opened a piece, and when.
    note        what a coach wrote back about a piece; a draft until it is sent.
    statement   what a coach states about a journey, for the leader's portfolio; hers to accept or not.

All of it but the coach and the invitation stands on the leader's own page, so that it is read, exported and erased with
it. What a coach may see is decided in one place: `dialogues/sharing.py`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import IntEnum, StrEnum
from hashlib import sha256
from typing import NewType

from dialogues.changing import replace

CoachId = NewType("CoachId", str)


INVITATION_LASTS = timedelta(hours=72)
"""How long an invitation can be accepted."""


HANDLE_LENGTH = 32
"""Hexadecimal digits of a handle: 128 bits."""


def digest_of(token: str) -> str:
    """Return what is kept of an invitation's *token*: SHA-256 of 256 random bits needs no salt."""
    return sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


class Level(IntEnum):
    """How much of a piece is shared: nothing, a summary without text, one sentence, the reflection, a whole journey."""

    ONLY_ME = 0
    SUMMARY = 1
    PIECE = 2
    JOURNEY = 3


@dataclass(frozen=True, slots=True)
class Link:
    """
    A coach whom the leader accepted. *handle* names the leader to this coach, in addresses and nowhere else: 128 random
    bits. *known_as* is what the leader lets this coach call her. *inside* says that the coach works in the same
    organisation.
    """

    coach: CoachId
    handle: str
    name: str
    organisation: str
    inside: bool
    since: datetime
    known_as: str = ""
    ended: datetime | None = None


@dataclass(frozen=True, slots=True)
class Grant:
    """
    One permission. *about* is a reflection, or at level JOURNEY a journey; *sentence* the one sentence that is shared of a
    reflection, or "" for all of it. It holds until *until*, or until it is *withdrawn*. *wording* is the version of the
    words that the leader agreed to.
    """

    id: str
    coach: CoachId
    level: Level
    about: str
    since: datetime
    wording: str
    sentence: str = ""
    until: datetime | None = None
    withdrawn: datetime | None = None


@dataclass(frozen=True, slots=True)
class Look:
    """That *coach* opened the piece *about*: the first time, the last time, and how often."""

    coach: CoachId
    about: str
    first: datetime
    last: datetime
    times: int = 1


@dataclass(frozen=True, slots=True)
class Note:
    """
    What a coach wrote about the reflection *about*, at most 400 characters. A draft has not been *sent*. *offered* is when
    the leader was told, *read* when she read it; *answer* the reflection in which she answered.
    """

    id: str
    coach: CoachId
    about: str
    text: str
    written: datetime
    sent: datetime | None = None
    offered: datetime | None = None
    read: datetime | None = None
    saved: bool = False
    answer: str = ""


@dataclass(frozen=True, slots=True)
class Statement:
    """
    What *coach* states about the journey *about*, for the portfolio of the leader. It goes in when she accepted it:
    *answered* is when she said yes or no, None while it waits; *told* when she heard that it is there.
    """

    id: str
    coach: CoachId
    about: str
    text: str
    written: datetime
    told: datetime | None = None
    answered: datetime | None = None
    accepted: bool = False


class Tell(StrEnum):
    """What a coach has to be told in the chat, at the first moment: a key in the words of the coach's chat."""

    NOTHING = ""
    RESET = "reset"
    CLOSED = "closed"
    OPENED = "opened"


@dataclass(frozen=True, slots=True)
class Weekly:
    """A moment of every week: the weekday, 1 for Monday, and the hour, as the clocks of the guide show it."""

    day: int
    hour: int


@dataclass(frozen=True, slots=True)
class Coach:
    """
    A coach. *person* is who that is in Telegram, under the same id as a leader has, or "" until the coach opened the
    invitation of the operator. *secret* is that of the second factor (RFC 6238), "" until it was set up; *counter* the
    last time step of it that was used, so that a code counts once. An account that is not *active* opens nothing.
    *digest* is when the weekly count is sent, or None; *told* when it was last sent. *visited*
    is when this coach last looked at each leader, by handle. *tell* waits to be said in the chat.
    """

    id: CoachId
    name: str
    organisation: str
    inside: bool
    language: str
    added: datetime
    person: str = ""
    active: bool = True
    secret: str = ""
    counter: int = 0
    digest: Weekly | None = None
    told: datetime | None = None
    visited: Mapping[str, datetime] = field(default_factory=dict)
    tell: Tell = Tell.NOTHING


@dataclass(frozen=True, slots=True)
class Invitation:
    """
    An invitation as it is kept: of its token only a digest. *handle* is the one that the link with a leader will have, or
    "" when it is the operator's, by which the coach takes the account. *spent* is when it was used; by whom is not kept.
    """

    digest: str
    coach: CoachId
    handle: str
    made: datetime
    expires: datetime
    spent: datetime | None = None


@dataclass(frozen=True, slots=True)
class Book:
    """All coaches and invitations, the oldest first. Nothing in it says anything about a leader."""

    coaches: tuple[Coach, ...] = ()
    invitations: tuple[Invitation, ...] = ()

    def find(self, coach: str) -> Coach | None:
        """Return the coach with the id *coach*, or None."""
        return next((one for one in self.coaches if one.id == coach), None)

    def of(self, person: str) -> Coach | None:
        """Return the coach who is *person* in Telegram, or None."""
        return next((one for one in self.coaches if one.person == person), None) if person else None

    def with_coach(self, coach: Coach) -> Book:
        """Return the book with *coach*, in the place of an older version."""
        known = any(one.id == coach.id for one in self.coaches)
        coaches = tuple(coach if one.id == coach.id else one for one in self.coaches)
        return replace(self, coaches=coaches if known else (*coaches, coach))

    def without(self, coach: CoachId) -> Book:
        """Return the book without *coach* and all invitations of that coach."""
        return Book(
            tuple(one for one in self.coaches if one.id != coach),
            tuple(one for one in self.invitations if one.coach != coach),
        )

    def inviting(self, invitation: Invitation) -> Book:
        """Return the book with *invitation*, and without those that expired before it was made."""
        current = tuple(one for one in self.invitations if one.expires > invitation.made)
        return replace(self, invitations=(*current, invitation))

    def invitation(self, token: str, now: datetime) -> tuple[Invitation, Coach] | None:
        """Return the invitation of which *token* is the secret, and its coach; None when it does not hold at *now*."""
        digest = digest_of(token)
        found = next((one for one in self.invitations if one.digest == digest), None)
        coach = self.find(found.coach) if found else None
        if found is None or coach is None or not coach.active or found.spent or now >= found.expires:
            return None
        return found, coach

    def spending(self, digest: str, now: datetime) -> Book:
        """Return the book with the invitation *digest* used up. Raises AlreadySpent when it is not there or was used."""
        found = next((one for one in self.invitations if one.digest == digest), None)
        if found is None or found.spent or now >= found.expires:
            raise AlreadySpent
        spent = tuple(replace(one, spent=now) if one is found else one for one in self.invitations)
        return replace(self, invitations=spent)

    def unspent(self, digest: str) -> Book:
        """Return the book with the invitation *digest* not used."""
        given_back = tuple(replace(one, spent=None) if one.digest == digest else one for one in self.invitations)
        return replace(self, invitations=given_back)

    def was_for(self, token: str, coach: CoachId) -> bool:
        """Return whether *token* is that of the invitation by which *coach* took the account."""
        digest = digest_of(token)
        return any(one.digest == digest and one.coach == coach and not one.handle for one in self.invitations)


class AlreadySpent(Exception):
    """The invitation was used meanwhile, or never was one."""


def invite(book: Book, coach: CoachId, token: str, now: datetime, *, operator: bool = False) -> Book:
    """
    Return *book* with a new invitation by *coach*.

    Args:
        token: what is given away and kept nowhere: 256 random bits, in letters that Telegram takes in a link.
        operator: whether it is the one by which the coach takes the account, instead of one for a leader.
    """
    digest = digest_of(token)
    # A hash of the digest is as hard to guess as the token, and says nothing about it.
    handle = "" if operator else digest_of(digest)[:HANDLE_LENGTH]
    return book.inviting(Invitation(digest, coach, handle, now, now + INVITATION_LASTS))
