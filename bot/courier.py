"""
Delivers the notes of teams: to each group in order, at the pace Telegram allows a group, and groups independent of each
other.

Notes wait in the outbox of the keeper until Telegram accepted them. The outbox is read again before each call, so that of
several changes to one message only the newest is sent. A group that moved is followed; one that is closed pauses its team;
a private chat that is closed costs only the note for it.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass

from aiolimiter import AsyncLimiter
from structlog.contextvars import clear_contextvars
from telegram import Bot

from bot.letters import Fate, Outcome, carry, parcels
from bot.patience import once_kept, pause
from bot.people import address_of
from bot.ports import Clock, Sleep
from dialogues.conversation import LeaderId
from dialogues.errors import PageUnreadable
from dialogues.ports import Letter
from dialogues.team.guide import TeamGuide
from dialogues.team.heard import MovedTo, Who
from dialogues.team.ports import TeamKeeper, TeamLetter, TeamPage
from dialogues.team.values import TeamId

log = logging.getLogger(__name__)

BURST, MINUTE = 10, 60.0
"""Calls about one group at once, and in how many seconds as many more: twenty in any minute, which is Telegram's limit."""

TRIES = 8
"""How often a note that is not stored is tried."""

_NOBODY = Who(LeaderId(""))


@dataclass(frozen=True, slots=True)
class _Sent:
    """What came of a note."""

    fate: Fate
    message: int = 0
    moved: int = 0


class Courier:
    """
    Delivers notes of teams to Telegram.

    Args:
        limit: how many calls may be made in all chats together; shared with the postman.
        sleep: waits for a number of seconds between two tries.
    """

    def __init__(
        self,
        bot: Bot,
        keeper: TeamKeeper,
        guide: TeamGuide,
        now: Clock,
        limit: AsyncLimiter,
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        self._bot = bot
        self._keeper = keeper
        self._guide = guide
        self._now = now
        self._limit = limit
        self._sleep = sleep
        self._walks: dict[TeamId, asyncio.Task[None]] = {}
        self._looks: set[TeamId] = set()
        self._gates: dict[str, AsyncLimiter] = {}
        self._loose: set[asyncio.Task[None]] = set()
        self._closing = False

    def wake(self, team: TeamId) -> None:
        """Have what waits in the outbox of *team* delivered. Returns at once."""
        self._looks.add(team)
        walk = self._walks.get(team)
        if (walk is None or walk.done()) and not self._closing:
            self._walks[team] = asyncio.create_task(self._walk(team))

    def wake_waiting(self) -> None:
        """Have every outbox with waiting notes looked into."""
        self._walks = {team: walk for team, walk in self._walks.items() if not walk.done()}
        full = {address: gate for address, gate in self._gates.items() if not gate.has_capacity(gate.max_rate)}
        self._gates = full
        for team in self._keeper.waiting():
            self.wake(team)

    def send(self, notes: Iterable[TeamLetter]) -> None:
        """Deliver *notes* that stand in no outbox, each to its own address. Returns at once."""
        for note in notes:
            task = asyncio.create_task(self._send(note))
            self._loose.add(task)
            task.add_done_callback(self._loose.discard)

    async def close(self, grace: float) -> None:
        """Let calls under way finish, for at most *grace* seconds, and stop. What waits in an outbox stays there."""
        self._closing = True
        under_way = {*self._walks.values(), *self._loose}
        if under_way:
            await asyncio.wait(under_way, timeout=grace)
        for task in under_way:
            task.cancel()
        await asyncio.gather(*under_way, return_exceptions=True)

    async def _walk(self, team: TeamId) -> None:
        clear_contextvars()  # it goes on for turns after the one that began it
        try:
            while team in self._looks and not self._closing:
                self._looks.discard(team)
                while await self._next(team):
                    pass
        except PageUnreadable:
            log.warning("The page of a team cannot be read; its notes wait")
        except Exception as fault:  # noqa: BLE001 (one team's trouble ends here; it is looked at again soon)
            log.error("The notes of a team were set aside: %s", type(fault).__name__)  # noqa: TRY400 (content-free)

    async def _next(self, team: TeamId) -> bool:
        """Deliver the next note of *team*, and return whether there may be another."""
        page = await once_kept(lambda: self._keeper.read(team), self._sleep)
        if page is None or not page.notes or self._closing:
            return False
        note = page.notes[0]
        gate = self._gate(note.to or page.team.address)
        if not gate.has_capacity():
            # What is waited for may be replaced by something newer meanwhile, so the outbox is read again after that.
            await self._sleep(MINUTE / BURST)
            return True
        await gate.acquire()
        sent = await self._deliver(_letter(page, note), tries=1)
        if sent.fate is Fate.LATER:
            return not self._closing
        await self._settle(page, note, sent)
        return True

    async def _settle(self, page: TeamPage, note: TeamLetter, sent: _Sent) -> None:
        team = page.team.id
        if sent.moved and not note.to:
            await once_kept(
                lambda: self._guide.hear(page.team.address, MovedTo(address_of(sent.moved)), _NOBODY, self._now()),
                self._sleep,
            )
            after = await once_kept(lambda: self._keeper.read(team), self._sleep)
            if after is None or after.team.address != page.team.address:
                return
            # Another team lives there: this one has no group any more.
        await once_kept(lambda: self._keeper.delivered(team, note, sent.message), self._sleep)
        if sent.fate is not Fate.CLOSED:
            return
        if note.to:
            await once_kept(lambda: self._guide.unreached(team, note.to, self._now()), self._sleep)
        else:
            await once_kept(lambda: self._guide.closed(team, self._now()), self._sleep)
            await self._drop_for_the_group(team)

    async def _drop_for_the_group(self, team: TeamId) -> None:
        """Take everything off that was meant for a group which is closed."""
        page = await once_kept(lambda: self._keeper.read(team), self._sleep)
        for note in page.notes if page else ():
            if not note.to:
                await once_kept(lambda note=note: self._keeper.delivered(team, note), self._sleep)  # type: ignore[misc]

    async def _send(self, note: TeamLetter) -> None:
        clear_contextvars()
        await self._gate(note.to).acquire()
        await self._deliver(Letter(0, note.to, note.message, note.written), tries=TRIES)

    async def _deliver(self, letter: Letter, tries: int) -> _Sent:
        """Make the calls of *letter*; LATER when one of them did not work in so many *tries*."""
        left, message = deque(parcels(letter)), 0
        while left:
            parcel = left.popleft()
            for attempt in range(1, tries + 1):
                await self._limit.acquire()
                outcome = await carry(self._bot, parcel)
                if outcome.fate is not Fate.LATER or self._closing:
                    break
                await self._sleep(outcome.wait or pause(attempt))
            else:
                return _Sent(Fate.LATER)
            if outcome.fate is Fate.REFUSED and parcel.instead:
                left.extendleft(reversed(parcel.instead))
            elif outcome.fate is not Fate.DELIVERED:
                return self._said(outcome)
            message = outcome.message or message
        return _Sent(Fate.DELIVERED, message)

    def _said(self, outcome: Outcome) -> _Sent:
        if not self._closing and not outcome.moved:
            log.warning("A note was dropped: %s", outcome.fate.name)
        return _Sent(outcome.fate, moved=outcome.moved)

    def _gate(self, address: str) -> AsyncLimiter:
        gate = self._gates.get(address)
        if gate is None:
            gate = self._gates[address] = AsyncLimiter(BURST, MINUTE)
        return gate


def _letter(page: TeamPage, note: TeamLetter) -> Letter:
    """Return *note* as a letter: to the group where it is now, or redrawing the message that holds its slot."""
    edits = page.placed.get(note.slot, "") if note.slot else ""
    return Letter(
        note.number,
        note.to or page.team.address,
        note.message,
        note.written,
        edits,
        file=note.file,
        body=note.body,
        binary=True,
        picture=note.picture,
    )
