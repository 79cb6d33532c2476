"""
One update of a group, or of a private chat about a board, on its whole way: heard by the guide of teams, kept, and its
notes handed to the courier. How an update is fetched, tried again and confirmed stands in `reception.py`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from bot.courier import Courier
from bot.hear import Spoken
from bot.hear_groups import Grouped
from bot.ports import Clock
from dialogues.conversation import Heard, LeaderId, Say
from dialogues.ports import Letter
from dialogues.team.guide import TeamGuide
from dialogues.team.heard import InPrivate
from dialogues.team.turns import TeamReply


@dataclass(frozen=True, slots=True)
class Toast:
    """The reply of a turn whose notes are on their way already: only a *toast* is left to show."""

    toast: str
    letters: tuple[Letter, ...] = ()
    kept: bool = True


@dataclass(frozen=True, slots=True)
class Groups:
    """Takes in what is about teams."""

    guide: TeamGuide
    courier: Courier
    now: Clock

    async def take(self, found: Grouped, update: str) -> str:
        """Take one turn in a group and return what to show under the button. Raises KeeperUnavailable."""
        reply = await self.guide.hear(
            found.address,
            found.heard,
            found.who,
            self.now(),
            update=update,
            language=found.language,
            title=found.title,
        )
        return self._passed_on((reply,))

    def meant(self, leader: LeaderId, heard: Heard) -> InPrivate | None:
        """Return what *heard* in a private chat means for a board, None when it is not about one."""
        return self.guide.meant(leader, heard, self.now())

    async def take_privately(self, spoken: Spoken, meant: InPrivate, update: str) -> Toast:
        """Take one turn about boards in a private chat, and return what to show. Raises KeeperUnavailable."""
        replies = await self.guide.hear_privately(
            spoken.leader, spoken.address, meant, self.now(), update=update, language=spoken.language
        )
        return Toast(self._passed_on(replies))

    async def take_calendar(self, spoken: Spoken, data: bytes | None, update: str) -> Toast:
        """Take a calendar that was sent in a private chat, None for one that is too large. Raises KeeperUnavailable."""
        replies = await self.guide.receive(
            spoken.leader, spoken.address, data, self.now(), update=update, language=spoken.language
        )
        return Toast(self._passed_on(replies))

    async def went_on(self, leader: LeaderId) -> None:
        """Note that *leader* does something else in her private chat. Raises KeeperUnavailable."""
        await self.guide.went_on(leader, self.now())

    async def say_sorry(self, found: Grouped, error: Say) -> None:
        """Say a kind word about something that could not be handled."""
        self._passed_on((await self.guide.sorry(found.address, error, found.language, self.now()),))

    async def look(self) -> None:
        """Do what is due, and have what waits delivered."""
        try:
            for team in await self.guide.come_due(self.now()):
                self.courier.wake(team)
        finally:
            self.courier.wake_waiting()

    def _passed_on(self, replies: Iterable[TeamReply]) -> str:
        toast = ""
        for reply in replies:
            toast = reply.toast or toast
            if not reply.kept:
                self.courier.send(reply.notes)
            elif reply.team and reply.notes:
                self.courier.wake(reply.team)
        return toast
