"""
Keeps the pages of teams in memory, for try-outs and tests: as JSON texts, so that each of them can be written and read.

Nothing here survives the process.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime

from dialogues.conversation import LeaderId
from dialogues.errors import KeeperUnavailable, PageUnreadable
from dialogues.team.ports import TeamEntry, TeamLetter, TeamPage
from dialogues.team.values import TeamId
from storage.team_agenda import TeamAgenda
from storage.team_page import read_page, with_entry, without_note, write_page


class InMemoryTeams:
    """
    A keeper of teams that keeps its promises for as long as the process lives.

    Args:
        pages: where the texts are kept, by team. Hand the same one to a next keeper to play a restart.
    """

    def __init__(self, pages: dict[TeamId, str] | None = None) -> None:
        """Take over what stands in *pages*. A page that cannot be read plans nothing."""
        self._pages = {} if pages is None else pages
        self._agenda = TeamAgenda()
        self._closed = False
        for team in self._pages:
            try:
                page = self._page(team)
            except PageUnreadable:
                continue
            if page:
                self._agenda.note(page)

    async def read(self, team: TeamId) -> TeamPage | None:
        """Return everything kept of *team*, or None when nothing is."""
        self._check_open()
        return self._page(team)

    async def write(self, entry: TeamEntry) -> None:
        """Keep *entry*, all of it or nothing."""
        self._check_open()
        self._keep(with_entry(self._page(entry.team.id), entry))

    async def delivered(self, team: TeamId, note: TeamLetter, message: int = 0) -> None:
        """Take *note* off the outbox."""
        self._check_open()
        page = self._page(team)
        if page is not None:
            self._keep(without_note(page, note, message))

    async def erase(self, team: TeamId) -> None:
        """Forget *team* wholly."""
        self._check_open()
        self._pages.pop(team, None)
        self._agenda.forget(team)

    def at(self, address: str) -> TeamId | None:
        """Return the team whose group has *address*."""
        return self._agenda.at(address)

    def of(self, member: LeaderId) -> Sequence[TeamId]:
        """Return the teams *member* belongs to, oldest first."""
        return self._agenda.of(member)

    def due(self, now: datetime) -> Sequence[TeamId]:
        """Return the teams to look at by *now*."""
        return self._agenda.due(now)

    def waiting(self) -> Sequence[TeamId]:
        """Return the teams that have notes waiting."""
        return self._agenda.waiting()

    def writing(self, member: LeaderId) -> tuple[TeamId, datetime] | None:
        """Return the team for which *member* was asked to write something privately, and when."""
        return self._agenda.writing(member)

    async def close(self) -> None:
        """Let go. The texts stay with whoever handed them in."""
        self._closed = True

    def _page(self, team: TeamId) -> TeamPage | None:
        text = self._pages.get(team)
        if text is None:
            return None
        try:
            document = json.loads(text)
        except ValueError:
            raise PageUnreadable("the page is no JSON") from None
        if not isinstance(document, dict):
            raise PageUnreadable("the page is no document")
        return read_page(document)

    def _keep(self, page: TeamPage) -> None:
        self._pages[page.team.id] = json.dumps(write_page(page), ensure_ascii=False)
        self._agenda.note(page)

    def _check_open(self) -> None:
        if self._closed:
            raise KeeperUnavailable("the keeper was closed")
