"""
Who is logged in, in memory alone: a restart logs everybody out, and nothing about it is on disk.

A session is known by 256 random bits in a cookie; here only a digest of them is kept. It ends after half an hour
without a request, after twelve hours, by logging out, or when somebody ends it from another browser.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from dashboard.codes import digest, new_name, new_token
from dialogues.coaching import CoachId
from dialogues.conversation import LeaderId

IDLE = timedelta(minutes=30)
"""How long a session lasts without a request."""

LONGEST = timedelta(hours=12)
"""How long a session lasts at most."""

MOST = 10
"""Sessions of one person in one role; a further one ends the oldest."""


class Role(StrEnum):
    """As what somebody is logged in. One person can be both, in two sessions."""

    COACH = "coach"
    LEADER = "leader"


@dataclass(slots=True)
class Session:
    """
    One browser that is logged in. *name* is what a list of sessions calls it; *form_key* what every form has to carry.
    *half* says that the second factor is still to come, and *proposed* is the secret of one that is being set up;
    *proven* the secret that was shown to be known, so that a session ends when that is taken back. *since* is when a coach
    had visited each leader, by handle, before this session did.
    """

    role: Role
    person: LeaderId
    language: str
    begun: datetime
    seen: datetime
    coach: CoachId | None = None
    half: bool = False
    proposed: str = ""
    proven: str = ""
    wrong: int = 0
    since: dict[str, datetime | None] = field(default_factory=dict)
    name: str = field(default_factory=new_name)
    form_key: str = field(default_factory=new_token)

    def over(self, now: datetime) -> bool:
        """Return whether this session has ended by itself."""
        return now - self.seen >= IDLE or now - self.begun >= LONGEST


class Sessions:
    """All sessions there are, by a digest of what the cookie holds."""

    def __init__(self) -> None:
        self._open: dict[str, Session] = {}

    def open(self, session: Session) -> str:
        """Begin *session* and return what goes into the cookie."""
        self._forget_old(session.begun)
        for key in self._of(session.role, session.person)[: -MOST + 1]:
            del self._open[key]
        token = new_token()
        self._open[digest(token)] = session
        return token

    def find(self, token: str, now: datetime) -> Session | None:
        """Return the session of *token*, which was now seen, or None when there is none any more."""
        session = self._open.get(digest(token))
        if session is None or session.over(now):
            self.end(token)
            return None
        session.seen = now
        return session

    def end(self, token: str) -> None:
        """End the session of *token*, if there is one."""
        self._open.pop(digest(token), None)

    def of(self, role: Role, person: LeaderId, now: datetime) -> list[Session]:
        """Return the sessions of *person* as *role*, the newest first."""
        found = [self._open[key] for key in self._of(role, person)]
        return [session for session in reversed(found) if not session.over(now)]

    def end_one(self, role: Role, person: LeaderId, name: str) -> None:
        """End the session of *person* that a list calls *name*; somebody else's is left alone."""
        for key in self._of(role, person):
            if self._open[key].name == name:
                del self._open[key]

    def end_all(self, role: Role, person: LeaderId) -> None:
        """End all sessions of *person* as *role*."""
        for key in self._of(role, person):
            del self._open[key]

    def _of(self, role: Role, person: LeaderId) -> list[str]:
        return [key for key, one in self._open.items() if (one.role, one.person) == (role, person)]

    def _forget_old(self, now: datetime) -> None:
        for key in list(self._over(now)):
            del self._open[key]

    def _over(self, now: datetime) -> Iterator[str]:
        return (key for key, session in self._open.items() if session.over(now))
