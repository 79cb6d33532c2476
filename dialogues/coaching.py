"""
The values between a leader and a coach: who may read what, who read it, and what was written back. Frozen.

Terminology:
    coach       reads what a leader chose to share, and writes back. Coaches are made by the operator.
    invitation  a link for one leader, used once, valid for three days at most.
    link        a leader accepted a coach; it ends as easily as it began.
    grant       one permission: this coach, this piece, at this level. Nothing is shared without one.
    look        that a coach opened a piece, and when.
    note        what a coach wrote back about a piece; a draft until it is sent.

All of it but the coach and the invitation stands on the leader's own page, so that it is read, exported and erased with
it. What a coach may see is decided in one place: `dialogues/sharing.py`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum
from hashlib import sha256
from typing import NewType

CoachId = NewType("CoachId", str)


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
class Coach:
    """
    A coach. *secret* is that of the second factor (RFC 6238), "" until it was set up; *address* where the chat is, or "".
    *visited* is when this coach last looked at each leader, by handle. An account that is not *active* opens nothing.
    """

    id: CoachId
    name: str
    organisation: str
    inside: bool
    language: str
    added: datetime
    active: bool = True
    secret: str = ""
    address: str = ""
    digest_day: int = 0
    visited: tuple[tuple[str, datetime], ...] = ()


@dataclass(frozen=True, slots=True)
class Invitation:
    """
    An invitation as it is kept: of its token only a digest. *handle* is the one that the link will have; *spent* when it
    was used, by whom is not kept here.
    """

    digest: str
    coach: CoachId
    handle: str
    made: datetime
    expires: datetime
    spent: datetime | None = None
