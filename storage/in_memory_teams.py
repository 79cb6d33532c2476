"""
Keeps the pages of teams in memory, for try-outs and tests.

How they are kept stands in `in_memory_texts.py`. Nothing here survives the process.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from dialogues.conversation import LeaderId
from dialogues.team.ports import TeamEntry, TeamLetter, TeamPage
from dialogues.team.values import TeamId
from storage.in_memory_texts import Texts
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
        self._pages = Texts(pages, read_page, write_page)
        self._agenda = TeamAgenda()
        for _, page in self._pages.readable():
            self._agenda.note(page)

    async def read(self, team: TeamId) -> TeamPage | None:
        """Return everything kept of *team*, or None when nothing is."""
        return self._pages.get(team)

    async def write(self, entry: TeamEntry) -> None:
        """Keep *entry*, all of it or nothing."""
        self._keep(with_entry(self._pages.get(entry.team.id), entry))

    async def delivered(self, team: TeamId, note: TeamLetter, message: int = 0) -> None:
        """Take *note* off the outbox."""
        page = self._pages.get(team)
        if page is not None:
            self._keep(without_note(page, note, message))

    async def erase(self, team: TeamId) -> None:
        """Forget *team* wholly."""
        self._pages.drop(team)
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
        self._pages.close()

    def _keep(self, page: TeamPage) -> None:
        self._pages.put(page.team.id, page)
        self._agenda.note(page)
