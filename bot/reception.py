"""
One update's whole way: understood, heard by the guide, kept, and its letters handed to the postman.

Polling and webhook both come here. How an update is fetched and confirmed stands with them; nothing of what somebody
wrote is logged, an update is known by its number alone.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from secrets import token_hex
from time import perf_counter
from typing import Any, TypeVar

from structlog.contextvars import bound_contextvars
from telegram import Bot, Update

from bot.documents import fetched
from bot.groups import Groups
from bot.hear import Elsewhere, Gone, Meaning, Spoken, Tap, Unreadable, at_once, meaning, unreadable
from bot.hear_groups import Grouped
from bot.lanes import Lanes
from bot.metrics import Metrics
from bot.patience import pause
from bot.ports import Clock, Guide, Reply, Sleep
from bot.postman import Postman
from bot.pulse import Pulse
from dialogues.conversation import Edited, Heard, LeaderId, Said, Say
from dialogues.errors import DialogueError, KeeperUnavailable
from dialogues.ports import Letter, Message
from dialogues.team.heard import Commanded
from dialogues.team.own_calendar import MOST_BYTES

log = logging.getLogger(__name__)

Given = TypeVar("Given")

AT_ONCE = 32
"""Turns under way together."""

TRIES = 3
"""How often a turn is tried that fails for a reason nobody foresaw."""

BLIP = 2
"""Tries after which somebody hears that the store does not answer; one that is back at once troubles nobody."""

GROUP_REST = timedelta(hours=1)
"""How long a group is left in peace after the line that the bot works in private."""

WAITING_REST = timedelta(minutes=10)
"""How long somebody is left in peace after the line that a message is not kept yet."""

LOOSE = 2.0
"""
Seconds that the end of a turn waits for what it gave and no outbox holds: Telegram forgets the update afterwards, and a
process that is killed forgets the rest. No longer, so that one chat that is held up holds up nothing else.
"""

NOT_YET = Say("errors.not_kept_yet")
"""Said when the store does not answer: the message is not kept yet, will be, and need not be sent again."""


class Reception:
    """
    Takes updates in.

    Args:
        elsewhere: gives, for a language code, the line that says in a group that the bot works in private.
        sleep: waits for a number of seconds between two tries.
    """

    def __init__(  # noqa: PLR0913 - the parts it works with
        self,
        bot: Bot,
        guide: Guide,
        postman: Postman,
        elsewhere: Callable[[str], str],
        now: Clock,
        sleep: Sleep = asyncio.sleep,
        metrics: Metrics | None = None,
        *,
        groups: Groups | None = None,
    ) -> None:
        self._bot = bot
        self._groups = groups
        self._guide = guide
        self._postman = postman
        self._elsewhere = elsewhere
        self._now = now
        self._sleep = sleep
        self._metrics = metrics or Metrics(Pulse())
        self._lanes = Lanes(AT_ONCE)
        self._told: dict[str, datetime] = {}
        self._start = token_hex(3)
        self._count = 0

    async def take(self, raw: Mapping[str, Any], *, insist: bool) -> None:
        """
        Return when the turn of *raw*, an update as it came, is kept, or when the update is set aside; and when what it
        gave and no outbox holds was delivered too, or could not be in two seconds.

        With *insist* it waits here, holding this person's lane, until the store answers again.

        Raises:
            KeeperUnavailable: the turn is not kept; only without *insist*.
        """
        # Every line that is logged on the way carries the same id, which says nothing about anybody.
        self._count += 1
        begun = perf_counter()
        loose = _Loose(self._postman)
        with bound_contextvars(turn=f"{self._start}{self._count:06x}"):
            try:
                await self._take(raw, loose, insist=insist)
            finally:
                self._metrics.turns.observe(perf_counter() - begun)
            await loose.delivered()

    async def _take(self, raw: Mapping[str, Any], loose: _Loose, *, insist: bool) -> None:
        found = self._understood(raw)
        if isinstance(found, Tap):
            loose.toast(found.query, "")
        elif isinstance(found, Elsewhere):
            self._say_elsewhere(found, loose)
        elif isinstance(found, Grouped):
            async with self._lanes.of(found.address) as room:
                await self._hear_group(found, _Attempt(raw, room, loose, insist=insist))
        elif isinstance(found, Unreadable):
            await self._say_sorry(found.leader, found.address, DialogueError.say, loose)
        elif found:
            async with self._lanes.of(found.leader) as room:
                attempt = _Attempt(raw, room, loose, insist=insist)
                await (self._hear(found, attempt) if isinstance(found, Spoken) else self._leave(found, attempt))

    async def _heard(self, spoken: Spoken) -> Heard:
        """Return what was heard, marked when it was written before the question that is open now could be read."""
        heard = spoken.heard
        if isinstance(heard, Said) and await self._postman.unseen(spoken.leader, int(heard.source)):
            return replace(heard, early=True)
        return heard

    def _understood(self, raw: Mapping[str, Any]) -> Meaning:
        try:
            found = at_once(raw, self._guide)
            teams = self._groups.guide if self._groups else None
            return found or meaning(Update.de_json(dict(raw), self._bot), self._guide, self._bot.username, teams)
        except Exception as fault:  # noqa: BLE001 (whatever is strange about one update must not stop the others)
            self._set_aside(raw, fault)
            return unreadable(raw)

    async def _hear(self, spoken: Spoken, attempt: _Attempt) -> None:
        tapped = _Tapped(attempt.loose, spoken.query)
        update = f"{self._bot.id}:{attempt.raw['update_id']}"
        heard = await self._heard(spoken)

        async def turn() -> Reply:
            if self._groups and spoken.file and self._groups.guide.shares(spoken.leader):
                data = await fetched(self._bot, spoken.file, MOST_BYTES)
                return await self._groups.take_calendar(spoken, data, update)
            if self._groups:
                meant = self._groups.meant(spoken.leader, heard)
                if meant is not None:
                    shown = await self._groups.take_privately(spoken, meant, update)
                    looks = isinstance(meant, Commanded) and not meant.argument
                    return await self._guide.beside_boards(spoken.leader, self._now(), update) if looks else shown
                if not isinstance(heard, Edited):
                    await self._groups.went_on(spoken.leader)
            return await self._guide.hear(spoken.leader, spoken.address, heard, self._now(), update, spoken.language)

        async def waiting() -> None:
            tapped.answer("")
            await self._say_it_waits(spoken, attempt.loose)

        toast = ""
        try:
            reply = await self._tried(turn, attempt, waiting)
            toast = reply.toast
            self._metrics.updates.labels("kept").inc()
            self._pass_on(spoken.leader, reply, attempt.loose)
        except KeeperUnavailable:
            self._metrics.updates.labels("again").inc()
            raise
        except Exception as fault:  # noqa: BLE001 (one update's fault must not stop the others)
            self._set_aside(attempt.raw, fault)
            error = fault.say if isinstance(fault, DialogueError) else DialogueError.say
            await self._say_sorry(spoken.leader, spoken.address, error, attempt.loose)
        finally:
            tapped.answer(toast)

    async def _hear_group(self, found: Grouped, attempt: _Attempt) -> None:
        tapped = _Tapped(attempt.loose, found.query)
        update = f"{self._bot.id}:{attempt.raw['update_id']}"
        groups, toast = self._groups, ""
        if groups is None:
            return

        async def waiting() -> None:
            tapped.answer("")

        try:
            toast = await self._tried(lambda: groups.take(found, update), attempt, waiting)
            self._metrics.updates.labels("kept").inc()
        except KeeperUnavailable:
            self._metrics.updates.labels("again").inc()
            raise
        except Exception as fault:  # noqa: BLE001 (one update's fault must not stop the others)
            self._set_aside(attempt.raw, fault)
            if self._is_first(found.address, WAITING_REST):
                await groups.say_sorry(found, fault.say if isinstance(fault, DialogueError) else DialogueError.say)
        finally:
            tapped.answer(toast)

    async def _leave(self, gone: Gone, attempt: _Attempt) -> None:
        try:
            await self._tried(lambda: self._guide.left(gone.leader, self._now()), attempt, _nothing)
        except KeeperUnavailable:
            raise
        except Exception as fault:  # noqa: BLE001 (one update's fault must not stop the others)
            self._set_aside(attempt.raw, fault)

    async def _tried(
        self, call: Callable[[], Awaitable[Given]], attempt: _Attempt, waiting: Callable[[], Awaitable[None]]
    ) -> Given:
        """
        Return what *call* gives; *waiting* is called once, when the store does not answer.

        Raises:
            KeeperUnavailable: the store does not answer, and nobody insists.
            Exception: the last of three faults that nobody foresaw.
        """
        waits = faults = 0
        while True:
            try:
                async with attempt.room:
                    return await call()
            except KeeperUnavailable:
                waits += 1
                log.warning("The store does not answer; update %s waits", attempt.raw["update_id"])
                if waits == BLIP or not attempt.insist:
                    await waiting()
                if not attempt.insist:
                    raise
                await self._sleep(pause(waits))
            except Exception:
                faults += 1
                if faults == TRIES:
                    raise

    async def _say_it_waits(self, spoken: Spoken, loose: _Loose) -> None:
        """Say once in a while that a message is not kept yet and will be."""
        if self._is_first(spoken.leader, WAITING_REST):
            await self._say_sorry(spoken.leader, spoken.address, NOT_YET, loose)

    async def _say_sorry(self, leader: LeaderId, address: str, error: Say, loose: _Loose) -> None:
        try:
            self._pass_on(leader, await self._guide.sorry(leader, address, error), loose)
        except Exception as fault:  # noqa: BLE001 (the apology is a courtesy; its own fault ends here)
            log.error("There was no way to say sorry: %s", type(fault).__name__)  # noqa: TRY400 (content-free)

    def _pass_on(self, leader: LeaderId, reply: Reply, loose: _Loose) -> None:
        if not reply.kept:
            loose.send(reply.letters, leader)
        self._postman.wake(leader, reply.letters if reply.kept else ())

    def _say_elsewhere(self, place: Elsewhere, loose: _Loose) -> None:
        if self._is_first(place.address, GROUP_REST):
            line = Message(self._elsewhere(place.language))
            loose.send((Letter(0, place.address, line, self._now()),), None)

    def _set_aside(self, raw: Mapping[str, Any], fault: Exception) -> None:
        """Note that an update is given up: its number and the sort of fault, never what was in it."""
        self._metrics.updates.labels("set_aside").inc()
        log.error("Update %s was set aside: %s", raw.get("update_id"), type(fault).__name__)

    def _is_first(self, who: str, rest: timedelta) -> bool:
        """Return whether *who* was told nothing of this sort for the length of *rest*, and note that they are now."""
        now = self._now()
        self._told = {key: until for key, until in self._told.items() if until > now}
        first = who not in self._told
        self._told.setdefault(who, now + rest)
        return first


async def _nothing() -> None:
    """Tell nobody."""


class _Loose:
    """What one turn gives that no outbox holds: words under a button, and letters that could not be kept."""

    def __init__(self, postman: Postman) -> None:
        self._postman = postman
        self._under_way: set[asyncio.Task[None]] = set()

    def send(self, letters: Iterable[Letter], leader: LeaderId | None) -> None:
        """Have *letters* delivered."""
        self._under_way |= self._postman.send(letters, leader)

    def toast(self, query: str, text: str) -> None:
        """Have a tapped button answered."""
        self._under_way.add(self._postman.toast(query, text))

    async def delivered(self) -> None:
        """Wait until all is delivered or given up, for two seconds at most."""
        if self._under_way:
            await asyncio.wait(self._under_way, timeout=LOOSE)


@dataclass(frozen=True, slots=True)
class _Attempt:
    """An update being handled in its person's lane; each try takes the *room* for itself."""

    raw: Mapping[str, Any]
    room: AbstractAsyncContextManager[None]
    loose: _Loose
    insist: bool


class _Tapped:
    """A tap that is answered once, whatever happens; nothing for an update that is no tap."""

    def __init__(self, loose: _Loose, query: str) -> None:
        self._loose = loose
        self._query = query

    def answer(self, toast: str) -> None:
        """Answer the tap, unless that was done."""
        if self._query:
            self._loose.toast(self._query, toast)
        self._query = ""
