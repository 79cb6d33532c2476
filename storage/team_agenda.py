"""What is known of all teams at once, in memory: where they are, who is in them, what is due and what waits to be sent."""

from __future__ import annotations

from datetime import datetime

from dialogues.conversation import LeaderId
from dialogues.team.ports import TeamPage
from dialogues.team.values import Team, TeamId


class TeamAgenda:
    """An index over the pages of teams, filled by the keeper that owns it. Not for more than one thread."""

    def __init__(self) -> None:
        """Begin with no team."""
        self._teams: dict[TeamId, Team] = {}
        self._addresses: dict[str, TeamId] = {}
        self._members: dict[LeaderId, dict[TeamId, None]] = {}
        self._waiting: dict[TeamId, None] = {}

    def note(self, page: TeamPage) -> None:
        """Remember what *page* says, in place of what it said before."""
        team = page.team
        self.forget(team.id)
        self._teams[team.id] = team
        self._addresses[team.address] = team.id
        for member in team.members:
            self._members.setdefault(member.id, {})[team.id] = None
        if page.notes:
            self._waiting[team.id] = None

    def forget(self, team: TeamId) -> None:
        """Drop everything about *team*, if there is anything."""
        known = self._teams.pop(team, None)
        self._waiting.pop(team, None)
        if known is None:
            return
        if self._addresses.get(known.address) == team:
            del self._addresses[known.address]
        for member in known.members:
            teams = self._members.get(member.id, {})
            teams.pop(team, None)
            if not teams:
                self._members.pop(member.id, None)

    def all(self) -> list[TeamId]:
        """Return every team, in no order that means anything."""
        return list(self._teams)

    def at(self, address: str) -> TeamId | None:
        """Return the team whose group has *address*."""
        return self._addresses.get(address)

    def of(self, member: LeaderId) -> list[TeamId]:
        """Return the teams of *member*, oldest first."""
        return sorted(self._members.get(member, ()), key=lambda team: (self._teams[team].begun, team))

    def due(self, now: datetime) -> list[TeamId]:
        """Return the teams to look at by *now*, longest waiting first."""
        found = [(team.due, id_) for id_, team in self._teams.items() if team.due and team.due <= now]
        return [id_ for _, id_ in sorted(found)]

    def waiting(self) -> list[TeamId]:
        """Return the teams that have notes waiting, longest untouched first."""
        return list(self._waiting)

    def writing(self, member: LeaderId) -> tuple[TeamId, datetime] | None:
        """Return the team for which *member* was asked last to write something privately, and when."""
        found = [
            (one.asked, team)
            for team in self._members.get(member, ())
            for one in self._teams[team].members
            if one.id == member and one.writing and one.asked
        ]
        asked = max(found, default=None)
        return (asked[1], asked[0]) if asked else None
