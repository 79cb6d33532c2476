"""
Fifty leaders who write to the bot by a strict fake Bot API, and know what they wait for.

Each update is a thought, a tap that keeps one, or a tap on a button that was used before. A thought is answered when it
is shown with its button, a tap that keeps when a number comes, an old button when a word appears under it; every tap
must be answered to the phone as well. So what was lost, never answered or kept twice is told apart, by its words.
"""

from __future__ import annotations

import asyncio
import re
from contextlib import suppress
from dataclasses import dataclass, field
from random import Random

from tests.bot.fake_bot_api import FakeBotApi

PEOPLE = range(1001, 1051)
A_SECOND = 20
"""Updates a second, whatever the bot is doing or not doing."""

PATIENCE = 3
"""Who waits for so many answers does nothing more."""

HANGING = 300.0
"""Seconds after which a test that waits for something is taken to hang for ever."""


@dataclass
class Person:
    """
    Somebody who writes. *waiting* is what was not answered yet: thoughts by their words, what is to be kept by its words
    with KEEP before them, taps by their query. *offer* is the button that keeps her newest thought, with its words,
    *keeping* the words of the tap that is under way, and *old* a button that was used. *kept* is what was acknowledged
    as kept, by its number.
    """

    number: int
    said: int = 0
    waiting: set[str] = field(default_factory=set)
    offer: tuple[int, str, str] | None = None
    keeping: str = ""
    old: tuple[int, str] | None = None
    old_taps: set[str] = field(default_factory=set)
    kept: dict[str, str] = field(default_factory=dict)

    @property
    def free(self) -> bool:
        """Whether she has something to do but wait."""
        return len(self.waiting) < PATIENCE and bool(self.offer or self.old or self.newest not in self.waiting)

    async def act(self, api: FakeBotApi, dice: Random) -> None:
        """Keep a thought that came back; while waiting for that, or now and then, tap an old button; or write a thought."""
        if self.offer:
            under, payload, self.keeping = self.offer
            self.offer = None
            self.waiting |= {f"bewaar {self.keeping}", await api.taps(self.number, under, payload)}
            self.old = (under, payload)
        elif self.old and (self.keeping or self.newest in self.waiting or dice.random() < 0.3):
            query = await api.taps(self.number, *self.old)
            self.old_taps.add(query)
            self.waiting.add(query)
        else:
            await self.thinks(api)

    async def thinks(self, api: FakeBotApi) -> None:
        """Write a thought."""
        self.said += 1
        self.offer = None
        self.waiting.add(self.newest)
        await api.says(self.number, f"/gedachte {self.newest}")

    @property
    def newest(self) -> str:
        return f"lesbezoek {self.number} keer {self.said}"

    def reads(self, values: dict) -> None:
        """Read a message."""
        shown = re.search(rf"lesbezoek {self.number} keer \d+", values["text"])
        kept = re.search(r"Bewaard als (r\d+)", values["text"])
        buttons = [button for row in values.get("reply_markup", {}).get("inline_keyboard", []) for button in row]
        keep = next((button["callback_data"] for button in buttons if button["text"] == "Bewaren"), None)
        if kept and kept[1] not in self.kept:
            self.kept[kept[1]] = self.keeping
            self.waiting.discard(f"bewaar {self.keeping}")
            self.keeping = ""
        elif shown and keep:
            new = shown[0] in self.waiting
            self.waiting.discard(shown[0])
            # A copy of an offer that she took is no new offer.
            if new and shown[0] == self.newest:
                self.offer = (values["message_id"], keep, shown[0])

    def notices(self, query: str, word: str) -> None:
        """See that the phone no longer waits for a tap, with a word or without; an old button needs one."""
        if word or query not in self.old_taps:
            self.waiting.discard(query)


class Street(FakeBotApi):
    """
    The Bot API, and the people on the other side of it.

    The call with the number *fatal*, counted from `expect_death`, is the last of a bot: *struck* is set before it takes
    effect, after it took effect but before the bot hears of it, or when it was answered. In the first two cases there is
    no answer, and the line breaks at the next `expect_death`, when nobody is there to notice.
    """

    def __init__(self, seed: int) -> None:
        super().__init__()
        self.people = {number: Person(number) for number in PEOPLE}
        self.came = 0
        self._dice = Random(seed)
        self._buried = asyncio.Event()
        self.expect_death(0, "")

    def expect_death(self, fatal: int, when: str) -> asyncio.Event:
        """Return the event that is set at the call with the number *fatal* from now; 0 for never."""
        self._buried.set()
        self._left, self._when, self._struck, self._buried = fatal, when, asyncio.Event(), asyncio.Event()
        return self._struck

    async def _answer(self, scope, body, send) -> None:
        self._left -= 1
        if self._left != 0:
            await super()._answer(scope, body, send)
            return
        struck, buried = self._struck, self._buried
        if self._when == "later":
            await super()._answer(scope, body, send)
            struck.set()
            return
        if self._when == "after":
            await super()._answer(scope, body, _unsent)
        struck.set()
        await buried.wait()
        send.__self__.transport.abort()

    async def _sendmessage(self, values):
        sent = await super()._sendmessage(values)
        self.people[values["chat_id"]].reads(values)
        return sent

    async def _answercallbackquery(self, values):
        done = await super()._answercallbackquery(values)
        for person in self.people.values():
            person.notices(values["callback_query_id"], values.get("text", ""))
        return done

    async def busy(self, stop: asyncio.Event) -> None:
        """Have twenty updates a second come in until *stop*; then have everybody write one last thought."""
        loop = asyncio.get_running_loop()
        next_at = loop.time()
        while not stop.is_set():
            free = [person for person in self.people.values() if person.free]
            ready = [person for person in free if person.offer]
            if free:
                await self._dice.choice(ready or free).act(self, self._dice)
                self.came += 1
            next_at += 1 / A_SECOND
            with suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), next_at - loop.time())
        for person in self.people.values():
            await person.thinks(self)
            self.came += 1

    async def all_answered(self) -> None:
        """
        Wait until nothing more can come: every update was confirmed, and everybody sees her last thought. The letters
        of one person come in order, so what she then still waits for never comes.
        """
        await self.until(self._at_rest, within=HANGING)

    def _at_rest(self) -> bool:
        return not self.updates and not any(person.newest in person.waiting for person in self.people.values())


async def _unsent(_part) -> None:
    """Take part of an answer that nobody gets."""
