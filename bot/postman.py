"""
Delivers letters: per chat in order, and chats independent of each other.

Stored letters wait in the outbox of the keeper until Telegram accepted them, so a restart loses none. Letters that
could not be stored exist only here; they go first, are tried for a while, and are then given up. Being told to slow
down holds up that chat alone (python-telegram-bot's own rate limiter would hold up everybody). A process that is killed
between a delivery and its note delivers that letter once more; nothing can prevent that from this side.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

from aiolimiter import AsyncLimiter
from structlog.contextvars import clear_contextvars
from telegram import Bot
from telegram.error import BadRequest, Forbidden, TelegramError

from bot.letters import Fate, Parcel, carry, is_ours, parcels
from bot.metrics import Metrics
from bot.patience import once_kept, pause
from bot.ports import Clock, Guide, Sleep
from bot.pulse import Pulse
from dialogues.conversation import LeaderId
from dialogues.ports import Keeper, Letter

log = logging.getLogger(__name__)

TRIES = 8
"""How often a letter that is not stored is tried, with growing pauses."""

BURST = 20
"""Letters that may go at once in one chat; after those one a second, which is what Telegram asks for."""

AT_ONCE, EVERY = 5, 0.2
"""Letters to all chats together, per seconds: at most 30 in any second. A bucket of 25 would let through 50."""

MOMENT = 1.0
"""Seconds to wait for a call under way, to know whether a letter was read before something was written."""

TOAST = 200
"""Characters Telegram shows under a tapped button."""


def _set_event() -> asyncio.Event:
    event = asyncio.Event()
    event.set()
    return event


@dataclass(slots=True)
class _Round:
    """
    The postman's round along one chat.

    *leader* is None for a chat that is nobody's, such as a group. *door* is held while a letter is handed over, and
    *at_rest* is set when no call is under way. *look* asks to look into the outbox; *busy* says that a letter of it is
    on its way or not yet noted as delivered; *sent* holds letters that arrived and still stand in it, *unseen* those
    that did not arrive. There are two walks, since letters that could not be stored must not wait for the store.
    """

    leader: LeaderId | None
    gate: AsyncLimiter
    door: asyncio.Lock = field(default_factory=asyncio.Lock)
    at_rest: asyncio.Event = field(default_factory=_set_event)
    unstored: deque[Letter] = field(default_factory=deque)
    stored: deque[Letter] = field(default_factory=deque)
    sent: set[int] = field(default_factory=set)
    unseen: set[int] = field(default_factory=set)
    last: int = 0
    look: bool = False
    busy: bool = False
    hasty: asyncio.Task[None] | None = None
    walk: asyncio.Task[None] | None = None

    def follow(self, letters: tuple[Letter, ...]) -> bool:
        """
        Take *letters* along, and return whether that could be done: only when they come right after the last one, so
        that none that was laid in the outbox by another way is passed by.
        """
        numbers = [letter.number for letter in letters]
        if not self.last or self.look or numbers != list(range(self.last + 1, self.last + 1 + len(numbers))):
            return False
        if not all(map(is_ours, letters)):
            return False
        self.stored.extend(letters)
        self.last += len(letters)
        return True

    @property
    def over(self) -> bool:
        """Whether nobody needs this round any more, not even to remember how much was just sent."""
        resting = _ended(self.walk) and _ended(self.hasty)
        return resting and not self.sent and self.gate.has_capacity(self.gate.max_rate)


class Postman:
    """
    Delivers letters to Telegram.

    Args:
        sleep: waits for a number of seconds between two tries.
        limit: how many calls may be made in all chats together, when others keep to it too.
    """

    def __init__(
        self,
        bot: Bot,
        keeper: Keeper,
        guide: Guide,
        now: Clock,
        sleep: Sleep = asyncio.sleep,
        metrics: Metrics | None = None,
        limit: AsyncLimiter | None = None,
    ) -> None:
        self._bot = bot
        self._keeper = keeper
        self._guide = guide
        self._now = now
        self._sleep = sleep
        self._metrics = metrics or Metrics(Pulse())
        self._rounds: dict[str, _Round] = {}
        self._newest: dict[LeaderId, int] = {}
        self._toasts: set[asyncio.Task[None]] = set()
        self._limit = limit or AsyncLimiter(AT_ONCE, EVERY)
        self._closing = False

    def wake(self, leader: LeaderId, letters: Iterable[Letter] = ()) -> None:
        """Have what waits in the outbox of *leader*, where *letters* are new, delivered. Returns at once."""
        one = self._round(leader, leader)
        letters = tuple(letters)
        if not letters or not one.follow(letters):
            one.look = True
        one.unseen.update(letter.number for letter in letters)
        if _ended(one.walk) and not self._closing:
            one.walk = asyncio.create_task(self._walk(one, leader))

    async def unseen(self, leader: LeaderId, message: int) -> bool:
        """
        Return whether *leader* wrote *message* before all that the guide said could be read.

        Some of it did not arrive yet, or it arrived later and so has a higher number. A call under way is waited for, a
        second at most.
        """
        one = self._rounds.get(leader)
        if one and not one.at_rest.is_set():
            with suppress(TimeoutError):
                await asyncio.wait_for(one.at_rest.wait(), MOMENT)
        return bool(one and one.unseen) or message < self._newest.get(leader, 0)

    async def wake_waiting(self) -> None:
        """Have every outbox with waiting letters looked into. Raises KeeperUnavailable."""
        self._rounds = {key: one for key, one in self._rounds.items() if not one.over}
        for leader in await self._keeper.waiting():
            self.wake(leader)

    def send(self, letters: Iterable[Letter], leader: LeaderId | None) -> set[asyncio.Task[None]]:
        """
        Deliver *letters* that stand in no outbox, without asking the store anything. Returns at once, with what ends
        when they are delivered or given up.
        """
        under_way: set[asyncio.Task[None]] = set()
        for letter in letters:
            one = self._round(leader or letter.address, leader)
            one.unstored.append(letter)
            if one.hasty is None or one.hasty.done():
                one.hasty = asyncio.create_task(self._hasten(one))
            under_way.add(one.hasty)
        return under_way

    def toast(self, query: str, text: str) -> asyncio.Task[None]:
        """
        Answer a tapped button, with a short word or without, so that the phone stops waiting. Returns at once, with
        what ends when it is answered or given up.
        """
        task = asyncio.create_task(self._toast(query, text))
        self._toasts.add(task)
        task.add_done_callback(self._toasts.discard)
        return task

    async def close(self, grace: float) -> None:
        """Let calls under way finish, for at most *grace* seconds, and stop. What waits in an outbox stays there."""
        self._closing = True
        rounds = self._rounds.values()
        finishing = {one.walk for one in rounds if one.walk and one.busy}
        finishing.update(one.hasty for one in rounds if one.hasty)
        finishing.update(self._toasts)
        if finishing:
            await asyncio.wait(finishing, timeout=grace)
        rest = finishing.union(one.walk for one in rounds if one.walk)
        for task in rest:
            task.cancel()
        await asyncio.gather(*rest, return_exceptions=True)

    def _round(self, key: str, leader: LeaderId | None) -> _Round:
        if key not in self._rounds:
            self._rounds[key] = _Round(leader, AsyncLimiter(BURST, float(BURST)))
        return self._rounds[key]

    async def _hasten(self, one: _Round) -> None:
        while one.unstored:
            with _set_aside(one):
                fate = await self._deliver(one, one.unstored.popleft(), TRIES)
                if fate is Fate.CLOSED and one.leader:
                    await self._give_up(one, one.leader)

    async def _walk(self, one: _Round, leader: LeaderId) -> None:
        clear_contextvars()  # it goes on for turns after the one that began it
        while (one.stored or one.look) and not self._closing:
            with _set_aside(one):
                if one.stored:
                    await self._hand_over(one, leader, one.stored.popleft())
                else:
                    await self._look(one, leader)

    async def _look(self, one: _Round, leader: LeaderId) -> None:
        """Take along what waits in the outbox, once all that was taken along before is handed over."""
        one.look, one.last = False, 0
        known = set(one.unseen)
        one.stored.extend(await self._outbox(leader))
        waiting = {letter.number for letter in one.stored}
        one.unseen = (one.unseen - known) | (waiting - one.sent)
        one.last = max(waiting, default=0)

    async def _hand_over(self, one: _Round, leader: LeaderId, letter: Letter) -> None:
        one.busy = True
        try:
            fate = None if letter.number in one.sent else await self._deliver(one, letter, None)
            if fate is Fate.LATER:
                return
            one.sent.add(letter.number)
            one.unseen.discard(letter.number)
            await self._take_off(leader, letter.number)
            one.sent.discard(letter.number)
            if fate is Fate.CLOSED:
                await self._give_up(one, leader)
        finally:
            one.busy = False

    async def _give_up(self, one: _Round, leader: LeaderId) -> None:
        """Drop the letters of somebody who cannot be reached, and have the conversation paused."""
        one.unstored.clear()
        one.stored.clear()
        one.unseen.clear()
        for letter in await self._outbox(leader):
            await self._take_off(leader, letter.number)
        await once_kept(lambda: self._guide.left(leader, self._now()), self._sleep)

    async def _take_off(self, leader: LeaderId, number: int) -> None:
        await once_kept(lambda: self._keeper.delivered(leader, number), self._sleep)

    async def _outbox(self, leader: LeaderId) -> list[Letter]:
        page = await once_kept(lambda: self._keeper.read(leader), self._sleep)
        return sorted(filter(is_ours, page.letters if page else ()), key=lambda letter: letter.number)

    async def _deliver(self, one: _Round, letter: Letter, most: int | None) -> Fate:
        """
        Deliver every part of *letter*, and return what came of it: LATER after *most* tries of one part, or when the
        postman stops meanwhile.
        """
        left = deque(parcels(letter))
        async with one.door:
            while left:
                parcel = left.popleft()
                fate = await self._try(one, parcel, most)
                if fate is Fate.REFUSED and parcel.instead:
                    left.extendleft(reversed(parcel.instead))
                elif fate is not Fate.DELIVERED:
                    if not self._closing:
                        log.warning("A letter was dropped: %s", fate.name)
                    return fate
        return Fate.DELIVERED

    async def _try(self, one: _Round, parcel: Parcel, most: int | None) -> Fate:
        await one.gate.acquire()
        tries = 0
        while True:
            tries += 1
            await self._limit.acquire()
            one.at_rest.clear()
            outcome = await carry(self._bot, parcel)
            one.at_rest.set()
            self._metrics.calls.labels(outcome.fate.name.lower()).inc()
            if one.leader and outcome.message:
                self._newest[one.leader] = max(outcome.message, self._newest.get(one.leader, 0))
            if outcome.fate is not Fate.LATER or tries == most or self._closing:
                return outcome.fate
            await self._sleep(outcome.wait or pause(tries))

    async def _toast(self, query: str, text: str) -> None:
        for tries in range(1, 4):
            try:
                await self._bot.answer_callback_query(query, text[:TOAST] or None)
            except (BadRequest, Forbidden):
                return
            except TelegramError:
                await self._sleep(pause(tries))
            else:
                return


def _ended(task: asyncio.Task[None] | None) -> bool:
    return task is None or task.done()


@contextmanager
def _set_aside(one: _Round) -> Iterator[None]:
    """
    Let one letter's fault, or an unreadable outbox, end there and not the deliveries in this chat for good. What is set
    aside stands in the outbox still, so that is looked into before the next letter.
    """
    try:
        yield
    except Exception as fault:  # noqa: BLE001 (whatever it is)
        one.last = 0
        log.error("A letter was set aside: %s", type(fault).__name__)  # noqa: TRY400 (content-free)
