"""The ledger of who left a team: a backup that is older never brings her name back on its boards (decision 20)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from dialogues.team.ports import TeamEntry, TeamPage
from dialogues.team.rotation import forgotten
from dialogues.team.values import Member, Team
from storage.keys import KeyFolder
from storage.ledger import Ledger

FOLDER = "left"


class Leavings:
    """
    Who left which team, in a ledger beside *keys*. Whoever joins again later is another fact.

    Raises (every method):
        KeeperUnavailable: the ledger cannot be read or written.
    """

    def __init__(self, keys: KeyFolder) -> None:
        self._ledger = Ledger(keys, FOLDER)

    def note(self, before: TeamPage | None, entry: TeamEntry) -> None:
        """Write down who is on the page *before* and in *entry* no more, on disk before this returns."""
        if before is None:
            return
        stays = {(one.id, one.joined) for one in entry.team.members}
        self._ledger.note(_fact(before.team, one) for one in before.team.members if (one.id, one.joined) not in stays)

    def applied(self, page: TeamPage, now: datetime) -> TeamEntry | None:
        """Return what is to be written on *page*, so that everybody who left is forgotten; None when nobody is there."""
        team, boards = page.team, page.boards
        for member in page.team.members:
            if self._ledger.knows(_fact(page.team, member)):
                team, boards = forgotten(team, boards, member.id)
        if team is page.team:
            return None
        return TeamEntry(replace(team, turns=team.turns + 1), now, boards, anew=True)


def _fact(team: Team, member: Member) -> str:
    return f"left {team.id} {member.id} {member.joined.isoformat()}"
