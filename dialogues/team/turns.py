"""
One turn of a team after another: read its page, take the turn, keep everything it changed in one write, and return what it
gave. A write that does not follow on what is kept is taken again.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from weakref import WeakValueDictionary

from dialogues.changing import replace
from dialogues.team.desk import TeamTurn
from dialogues.team.notes import NoteMaker
from dialogues.team.ports import TeamEntry, TeamKeeper, TeamLetter, TeamPage, TeamWords, TurnOvertaken
from dialogues.team.values import Team, TeamId

TRIES = 3


@dataclass(frozen=True, slots=True)
class TeamReply:
    """
    What a turn gave. *notes* stand in the outbox of *team* when *kept* is true; otherwise they exist only here, each with
    its address. *toast* is a short word under the tapped button.
    """

    team: TeamId | None = None
    notes: tuple[TeamLetter, ...] = ()
    toast: str = ""
    kept: bool = True


class TeamTurns:
    """
    Takes turns of teams and keeps them.

    Args:
        witness: is shown every turn that was kept.
    """

    def __init__(
        self, keeper: TeamKeeper, words: TeamWords, notes: NoteMaker, witness: Callable[[TeamTurn], None]
    ) -> None:
        self._keeper = keeper
        self._words = words
        self._notes = notes
        self._witness = witness
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    def alone(self, key: str) -> asyncio.Lock:
        """Return what is held while something is done to the team, or at the address, called *key*."""
        lock = self._locks.get(key)
        if lock is None:
            lock = self._locks[key] = asyncio.Lock()
        return lock

    async def take(self, team: TeamId, turn: Callable[[TeamPage], TeamTurn], now: datetime, update: str) -> TeamReply:
        """Take *turn* of the page of *team*; nothing when there is none, or when *update* was heard before."""
        async with self.alone(team):
            for _ in range(TRIES):
                page = await self._keeper.read(team)
                if page is None or (update and update in page.updates):
                    return TeamReply(team)
                try:
                    return await self.keep(page, turn(page), now, update)
                except TurnOvertaken:
                    continue
        raise TurnOvertaken("another process takes turns of this team")

    async def keep(self, page: TeamPage, turn: TeamTurn, now: datetime, update: str) -> TeamReply:
        """Keep *turn*, which was taken of *page*, and return what it gave."""
        language = turn.team.settings.language
        toast = self._words.render(turn.toast, language).text if turn.toast else ""
        if not turn.posts and not turn.boards and _same(page.team, turn.team):
            return TeamReply(page.team.id, toast=toast)
        notes = await self._notes.of(turn, now)
        if turn.erase:
            await self._keeper.erase(turn.team.id)
            loose = tuple(replace(note, to=note.to or turn.team.address, slot="") for note in notes)
            return TeamReply(None, loose, toast, kept=False)
        numbers = {**turn.team.numbers, "note": turn.team.numbers.get("note", 0) + len(notes)}
        team = replace(turn.team, numbers=numbers)
        await self._keeper.write(TeamEntry(team, now, turn.boards, notes, update, anew=turn.anew))
        self._witness(turn)
        return TeamReply(team.id, notes, toast)


def _same(before: Team, after: Team) -> bool:
    """Return whether a turn changed nothing that has to be kept."""
    return replace(after, turns=before.turns) == before
