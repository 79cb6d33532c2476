"""
What leaves: each letter once, in order, at the pace that Telegram asks for, and one chat's trouble stays its own.

In virtual time, with the real postman, lines and letters. What arrives is told in `test_incoming.py`.
"""

from __future__ import annotations

import asyncio
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import pairwise
from random import Random

import pytest
from aiolimiter import AsyncLimiter
from telegram.error import NetworkError, TelegramError, TimedOut
from telegram.ext import AIORateLimiter, ExtBot

from bot.hear import address_of, leader_of
from bot.line import Line
from bot.nudges import nudge
from bot.postman import Postman
from dialogues.conversation import LeaderId
from dialogues.ports import Entry
from storage.in_memory import InMemoryKeeper
from tests.bot.fake_bot_api import TOKEN
from tests.bot.fake_guide import FakeGuide, begin, letter
from tests.reliability import virtual
from tests.reliability.air import BLOCKED, FAIR, RESET, Air, StockRequest, Weather, refusal, too_many

GROUP = -500
QUICK, FULL = (12, 25), (50, 100)
"""Chats, and letters for each."""


@dataclass
class Post:
    """A postman at work; make one inside the loop."""

    air: Air
    sleep: object = asyncio.sleep
    keeper: InMemoryKeeper = field(default_factory=InMemoryKeeper)

    def __post_init__(self) -> None:
        self.guide = FakeGuide(self.keeper)
        self.line = Line(TOKEN, "https://api.example.org")
        self.postman = Postman(self.line.bot, self.keeper, self.guide, virtual.clock(), self.sleep)

    async def lay_ready(self, person: int, *texts: str) -> LeaderId:
        leader, address = leader_of(person), address_of(person)
        letters = tuple(letter(number, address, text) for number, text in enumerate(texts, 1))
        await self.keeper.write(Entry(begin(leader, address), letters=letters))
        return leader

    async def delivered(self) -> None:
        while await self.keeper.waiting():
            await self.postman.wake_waiting()
            await asyncio.sleep(1)


def wanted(chats: int, letters: int) -> dict[int, list[str]]:
    return {chat: [f"{chat}: {number}" for number in range(letters)] for chat in range(1, chats + 1)}


@dataclass
class Faults:
    """One call in five goes wrong, in a way drawn from *kinds*. *early* are the calls made before their time."""

    dice: Random
    kinds: tuple[str, ...]
    air: Air | None = None
    share: float = 0.2
    struck: Counter = field(default_factory=Counter)
    closed_until: dict[int, float] = field(default_factory=lambda: defaultdict(float))
    early: int = 0

    async def __call__(self, method: str, given: dict) -> Weather:
        if method != "sendmessage":
            return FAIR
        now, chat = asyncio.get_running_loop().time(), int(given["chat_id"])
        if now < self.closed_until[chat] - 1e-6:
            self.early += 1
        slow = self.dice.uniform(0.01, 0.2)
        if self.dice.random() >= self.share:
            return Weather(slow=slow)
        kind = self.dice.choice(self.kinds)
        self.struck[given["text"]] += 1
        if kind == "429":
            seconds = self.dice.randint(1, 30)
            self.closed_until[chat] = now + seconds
            return too_many(seconds)
        if kind == "page":
            return Weather(answer=(502, b"<html>Bad Gateway</html>"), slow=slow)
        if kind == "refused":
            return Weather(before=NetworkError("aiohttp: ClientConnectorError"))
        if kind == "tls":
            return Weather(before=NetworkError("aiohttp: ClientConnectorSSLError"), slow=slow)
        if kind == "unclear":
            error = self.dice.choice((RESET, TimedOut()))
            waited = 5.0 if isinstance(error, TimedOut) else slow
            taken = self.dice.random() < 0.5
            return Weather(after=error, slow=waited) if taken else Weather(before=error, slow=waited)
        return refusal(int(kind), "Internal Server Error")


CLEAR = ("429", "500", "503", "page", "refused", "tls")


async def deliver_all(air: Air, chats: int, letters: int) -> None:
    post = Post(air)
    for chat, texts in wanted(chats, letters).items():
        await post.lay_ready(chat, *texts)
    await post.delivered()
    await post.postman.close(5)


def clear_faults(air: Air, seed: int, chats: int, letters: int) -> Faults:
    air.weather = faults = Faults(Random(seed), CLEAR)
    virtual.run(deliver_all(air, chats, letters))
    assert {chat: air.texts(chat) for chat in wanted(chats, letters)} == wanted(chats, letters)
    assert faults.early == 0
    assert faults.struck.total() > chats * letters * 0.15
    assert not air.violations
    return faults


def test_del_3_through_clear_faults_every_reply_arrives_once_in_order_and_no_call_is_made_too_early(
    air, seed, measured
):
    faults = clear_faults(air, seed, *QUICK)
    measured("DEL-3", replies=QUICK[0] * QUICK[1], faults=faults.struck.total(), early=faults.early)


@pytest.mark.long
def test_del_3_at_full_size(air, seed, measured):
    """Five thousand replies; some five seconds a seed."""
    faults = clear_faults(air, seed, *FULL)
    measured("DEL-3", replies=FULL[0] * FULL[1], faults=faults.struck.total(), early=faults.early)


async def hasty(air: Air, chats: int, letters: int) -> None:
    """The variant known to fail: each reply a task of its own that tries again by itself."""
    bot = Line(TOKEN, "https://api.example.org").bot

    async def insist(chat: int, text: str) -> None:
        while True:
            try:
                return await bot.send_message(chat, text)
            except TelegramError:
                await asyncio.sleep(0.5)

    await asyncio.gather(*(insist(chat, text) for chat, texts in wanted(chats, letters).items() for text in texts))


def test_del_3_known_bad_a_task_per_reply_calls_too_early_and_mixes_the_order(air):
    air.weather = faults = Faults(Random(1), CLEAR)
    virtual.run(hasty(air, *QUICK))
    assert faults.early > 0
    assert {chat: air.texts(chat) for chat in wanted(*QUICK)} != wanted(*QUICK)


def unclear_faults(air: Air, seed: int, chats: int, letters: int) -> tuple[int, int]:
    """Return how many faults there were, and how many extra copies arrived."""
    air.weather = faults = Faults(Random(seed), ("unclear",))
    virtual.run(deliver_all(air, chats, letters))
    copies = Counter(text for chat in wanted(chats, letters) for text in air.texts(chat))
    every = {text for texts in wanted(chats, letters).values() for text in texts}
    assert set(copies) == every, "lost"
    assert all(copies[text] <= 1 + faults.struck[text] for text in every)
    for chat, texts in wanted(chats, letters).items():
        assert list(dict.fromkeys(air.texts(chat))) == texts
    return faults.struck.total(), copies.total() - len(every)


def test_del_4_through_unclear_faults_nothing_is_lost_and_a_fault_costs_one_copy_at_most(air, seed, measured):
    faults, extra = unclear_faults(air, seed, *QUICK)
    assert 0 < extra <= faults
    measured("DEL-4", replies=QUICK[0] * QUICK[1], faults=faults, extra_copies=extra, lost=0)


@pytest.mark.long
def test_del_4_at_full_size(air, seed, measured):
    """Five thousand replies; some five seconds a seed."""
    faults, extra = unclear_faults(air, seed, *FULL)
    assert 0 < extra <= faults
    measured("DEL-4", replies=FULL[0] * FULL[1], faults=faults, extra_copies=extra, lost=0)


def test_del_4_known_bad_a_call_that_is_not_tried_again_loses_replies(air):
    air.weather = Faults(Random(1), ("unclear",))

    async def once() -> None:
        bot = Line(TOKEN, "https://api.example.org").bot
        for chat, texts in wanted(*QUICK).items():
            for text in texts:
                await asyncio.gather(bot.send_message(chat, text), return_exceptions=True)

    virtual.run(once())
    assert {chat: air.texts(chat) for chat in wanted(*QUICK)} != wanted(*QUICK)


# -- DEL-5: one chat that must wait ----------------------------------------------------------------------------------


def closed_for_a_minute(air: Air) -> None:
    """Let the group be told to wait until a minute has passed."""

    async def weather(_method: str, given: dict) -> Weather:
        left = 60 - asyncio.get_running_loop().time()
        return too_many(max(1, round(left))) if int(given.get("chat_id", 0)) == GROUP and left > 0 else FAIR

    air.weather = weather


def longest_delay(air: Air, asked: dict[int, float]) -> float:
    arrived = {call.values["chat_id"]: call.values["at"] for call in air.calls if call.method == "sendmessage"}
    assert set(arrived) >= set(asked)
    return max(arrived[chat] - at for chat, at in asked.items())


def test_del_5_a_group_that_must_wait_a_minute_delays_nobody_else(air, measured):
    closed_for_a_minute(air)
    asked: dict[int, float] = {}

    async def scene() -> None:
        post = Post(air)
        post.postman.send([letter(0, address_of(GROUP), "alleen privé")], None)
        for chat in range(1, 101):
            await asyncio.sleep(0.6)
            asked[chat] = asyncio.get_running_loop().time()
            post.postman.wake(await post.lay_ready(chat, "antwoord"))
        await asyncio.sleep(10)
        await post.postman.close(5)

    virtual.run(scene())
    assert air.texts(GROUP) == ["alleen privé"]
    delay = longest_delay(air, asked)
    assert delay <= 2
    measured("DEL-5", chats=100, longest_delay=f"{delay:.2f} s")


def test_del_5_known_bad_the_stock_rate_limiter_holds_up_everybody(air, monkeypatch):
    monkeypatch.setenv("PTB_TIMEDELTA", "1")
    closed_for_a_minute(air)
    asked: dict[int, float] = {}

    async def scene() -> None:
        bot = ExtBot(TOKEN, request=StockRequest(air), rate_limiter=AIORateLimiter(max_retries=99))
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(bot.send_message(GROUP, "alleen privé"))
            for chat in range(1, 11):
                await asyncio.sleep(0.6)
                asked[chat] = asyncio.get_running_loop().time()
                tasks.create_task(bot.send_message(chat, "antwoord"))

    virtual.run(scene())
    assert longest_delay(air, asked) > 50


# -- DEL-6: people who cannot be reached -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "away",
    [BLOCKED, refusal(403, "Forbidden: user is deactivated"), refusal(400, "Bad Request: chat not found")],
    ids=["blocked", "deactivated", "gone"],
)
def test_del_6_who_cannot_be_reached_costs_one_call_a_day_and_is_back_with_the_next_message(air, away, measured):
    people = range(1, 1001)
    reachable: set[int] = set()

    async def weather(method: str, given: dict) -> Weather:
        return away if method == "sendmessage" and int(given["chat_id"]) not in reachable else FAIR

    async def scene() -> None:
        post = Post(air)
        for person in people:
            await post.lay_ready(person, "een", "twee", "drie")
        looking = asyncio.create_task(nudge(post.guide, post.postman, virtual.clock(), asyncio.sleep))
        await asyncio.sleep(timedelta(days=1).total_seconds())
        assert {leader_of(person) for person in people} == set(post.guide.gone)
        reachable.add(7)
        reply = await post.guide.hear(
            leader_of(7), address_of(7), post.guide.read("terug", "9"), virtual.clock()(), "u1"
        )
        assert reply.kept
        post.postman.wake(leader_of(7))
        await asyncio.sleep(60)
        looking.cancel()
        await post.postman.close(1)

    air.weather = weather
    virtual.run(scene())
    calls = Counter(chat for _, method, chat in air.made if method == "sendmessage")
    assert all(calls[person] <= 2 for person in people if person != 7)
    assert air.texts(7) == ["gehoord: terug"]
    measured("DEL-6", people=len(people), most_calls=max(calls[person] for person in people if person != 7))


def test_del_6_known_bad_trying_again_every_look_calls_all_day(air):
    calls = 0

    async def weather(_method: str, _given: dict) -> Weather:
        nonlocal calls
        calls += 1
        return BLOCKED

    async def scene() -> None:
        bot = Line(TOKEN, "https://api.example.org").bot
        for _ in range(24):
            await asyncio.gather(bot.send_message(1, "een"), return_exceptions=True)
            await asyncio.sleep(3600)

    air.weather = weather
    virtual.run(scene())
    assert calls > 2


# -- DEL-7: the pace -------------------------------------------------------------------------------------------------


def strict_pace(air: Air) -> Counter:
    """Let Telegram refuse what goes beyond thirty in a second; return how often it did."""
    refused: Counter = Counter()
    sent: list[float] = []

    async def weather(method: str, _given: dict) -> Weather:
        now = asyncio.get_running_loop().time()
        if method == "sendmessage":
            sent[:] = [at for at in sent if at > now - 1]
            sent.append(now)
            if len(sent) > 30:
                refused["429"] += 1
                return too_many(1)
        return FAIR

    air.weather = weather
    return refused


def busiest_second(air: Air) -> int:
    times = sorted(at for at, method, _ in air.made if method == "sendmessage")
    return max(sum(at <= later < at + 1 for later in times[index : index + 60]) for index, at in enumerate(times))


def test_del_7_two_thousand_prompts_at_once_leave_at_the_pace_telegram_allows(air, measured):
    refused = strict_pace(air)

    async def scene() -> float:
        post = Post(air)
        for person in range(1, 2001):
            await post.lay_ready(person, "wat is er gebeurd?")
        await post.delivered()
        return asyncio.get_running_loop().time()

    seconds = virtual.run(scene())
    assert len(air.sent()) == 2000
    assert refused["429"] == 0
    assert busiest_second(air) <= 30
    assert seconds <= 600
    measured("DEL-7", letters=2000, busiest_second=busiest_second(air), done_in=f"{seconds:.0f} s")


def test_del_7_known_bad_a_bucket_of_thirty_lets_sixty_through(air):
    refused = strict_pace(air)

    async def scene() -> None:
        bot, limit = Line(TOKEN, "https://api.example.org").bot, AsyncLimiter(30, 1)

        async def send(person: int) -> None:
            async with limit:
                await asyncio.gather(bot.send_message(person, "?"), return_exceptions=True)

        await asyncio.gather(*(send(person) for person in range(1, 201)))

    virtual.run(scene())
    assert refused["429"] > 0


def test_del_7_in_one_chat_letters_leave_one_a_second_after_a_first_few(air):
    async def scene() -> None:
        post = Post(air)
        await post.lay_ready(1, *(str(number) for number in range(80)))
        await post.delivered()

    virtual.run(scene())
    times = [at for at, method, _ in air.made if method == "sendmessage"]
    assert len(times) == 80
    assert all(later - earlier >= 0.99 for earlier, later in pairwise(times[25:]))
