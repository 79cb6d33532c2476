"""Puts together what the chat and the pages both know of coaches: their book, the front door, and where we are found."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import tzinfo

from dashboard.front_door import FrontDoor
from dialogues.coach_chat import CoachChat, Whereabouts
from dialogues.ports import CoachBook


@dataclass(frozen=True, slots=True)
class Coaches:
    """The *book* of coaches, the *front* door of the pages, and *where* both are found."""

    book: CoachBook
    where: Whereabouts
    front: FrontDoor

    def chat(self, zone: tzinfo) -> CoachChat:
        """Return the coach's side of the chat."""
        return CoachChat(self.book, self.front, self.where, zone, lambda: secrets.token_urlsafe(32))


def coaches(book: CoachBook, public: str) -> Coaches:
    """Return what is needed of coaches; *public* is the address of the pages, "" when there are none."""
    where = Whereabouts(public)
    return Coaches(book, where, FrontDoor(book, where))
