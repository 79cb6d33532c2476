"""
What is asked over all leaders: moments and letters that wait, how long each is silent, and who has which coach; in memory.

An agenda only says who. It is filled from the pages by the keeper that owns it and holds no text of anyone;
what happens at a moment, and how a letter leaves, is decided elsewhere.
"""

from __future__ import annotations

from datetime import datetime

from dialogues.coaching import CoachId
from dialogues.conversation import Conversation, LeaderId, Moment
from dialogues.ports import Linked


class Agenda:
    """The moments and waiting letters of all leaders. Not for more than one thread."""

    def __init__(self) -> None:
        """Begin with nothing planned."""
        self._moments: dict[LeaderId, tuple[Moment, ...]] = {}
        self._waiting: dict[LeaderId, None] = {}
        self._heard: dict[LeaderId, datetime] = {}
        self._linked: dict[CoachId, dict[str, Linked]] = {}
        self._version = 0
        self._links: dict[LeaderId, tuple[tuple[CoachId, str], ...]] = {}

    def note(self, conversation: Conversation, *, letters: bool, changed: bool = True) -> None:
        """
        Remember what *conversation* plans, in place of what it planned before, and whether letters wait.

        Args:
            changed: False for a page that was only read once more; whoever has seen it need not look again.
        """
        leader = conversation.leader
        before = self._version_of(leader)
        self.forget(leader)
        if conversation.moments and not conversation.paused:
            self._moments[leader] = conversation.moments
        if letters:
            self._waiting[leader] = None
        heard = conversation.heard or conversation.consent
        if heard:
            self._heard[leader] = heard
        links = tuple((link.coach, link.handle) for link in conversation.links if link.ended is None)
        if links:
            self._links[leader] = links
        self._version += 1
        version = self._version if changed or before is None else before
        for coach, handle in links:
            self._linked.setdefault(coach, {})[handle] = Linked(leader, version)

    def _version_of(self, leader: LeaderId) -> int | None:
        """Return the version of the page of *leader* as it was noted last, or None; it is the same for all her coaches."""
        return next((self._linked[coach][handle].version for coach, handle in self._links.get(leader, ())), None)

    def forget(self, leader: LeaderId) -> None:
        """Drop everything about *leader*, if there is anything."""
        self._moments.pop(leader, None)
        self._waiting.pop(leader, None)
        self._heard.pop(leader, None)
        for coach, handle in self._links.pop(leader, ()):
            self._linked[coach].pop(handle, None)

    def due(self, now: datetime) -> list[tuple[LeaderId, Moment]]:
        """Return the moments at or before *now*, earliest first, and in a fixed order when they are equally early."""
        found = [
            (leader, moment) for leader, moments in self._moments.items() for moment in moments if moment.at <= now
        ]
        return sorted(found, key=lambda pair: (pair[1].at, pair[0], pair[1].kind, pair[1].about))

    def silent(self, since: datetime) -> list[LeaderId]:
        """Return the leaders of whom nothing was heard after *since*, longest silent first."""
        found = [(heard, leader) for leader, heard in self._heard.items() if heard <= since]
        return [leader for _, leader in sorted(found)]

    def linked(self, coach: CoachId) -> dict[str, Linked]:
        """Return the leaders linked with *coach*, by the handle of the link."""
        return dict(self._linked.get(coach, {}))

    def linking(self) -> list[LeaderId]:
        """Return the leaders who have a coach."""
        return list(self._links)

    def waiting(self) -> list[LeaderId]:
        """Return the leaders who have letters waiting, longest untouched first."""
        return list(self._waiting)
