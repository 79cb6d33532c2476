"""
What a page of the site is: its name, its address, who may come there, and what makes its answer.

The table of all of them stands in `site.py`. Who is who is looked up anew for every request.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from starlette.requests import Request
from starlette.responses import Response

from dashboard.front_door import Asking
from dashboard.sessions import Role, Session
from dialogues.coaching import Coach
from dialogues.conversation import LeaderId


class Who(StrEnum):
    """
    Who may come to a page: anyone; a coach who has not shown the second factor yet; a coach; a leader; a coach or a
    leader; and, in the demonstration alone, anyone.
    """

    ANYONE = "anyone"
    HALF = "half"
    COACH = "coach"
    LEADER = "leader"
    EITHER = "either"
    DEMO = "demo"


@dataclass(frozen=True, slots=True)
class Visitor:
    """
    Who asks for a page. *coach* is the account as it stands in the book now, for the role of coach; *person* who it is in
    Telegram, for a leader also whose page it is. Both are None before somebody logged in, and so is *session*; *asking* is
    the login page that is open in this browser.
    """

    language: str
    role: Role | None = None
    coach: Coach | None = None
    person: LeaderId | None = None
    session: Session | None = None
    asking: Asking | None = None


Handler: TypeAlias = Callable[[Request, Visitor], Awaitable[Response]]


@dataclass(frozen=True, slots=True)
class Place:
    """
    A page. Everything that is sent by POST carries the key of the form; *changes* says whether something is different
    afterwards, which no GET may ever do.
    """

    name: str
    path: str
    who: Who
    handler: Handler
    method: str = "GET"
    changes: bool = False

    def __post_init__(self) -> None:
        """Raise ValueError for a page that would change something by looking."""
        if self.changes and self.method != "POST":
            raise ValueError(f"{self.name} changes something, so it has to be posted")
