"""
What comes in: kept before it is confirmed, handled once, and heard again soon after any trouble on the line.

Kills happen to a process of its own on the real store; hours of bad weather pass in virtual time.
"""

from __future__ import annotations

import asyncio
import hmac
import json
import time
from asyncio.subprocess import DEVNULL
from collections import Counter
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from sys import executable

import httpx
import pytest
from starlette.applications import Starlette
from starlette.responses import Response
from starlette.routing import Route
from telegram.error import NetworkError, TimedOut
from telegram.ext import ExtBot, Updater

import bot.webhook
from bot.hear import leader_of
from bot.line import Line
from bot.polling import Polling
from bot.postman import Postman
from bot.reception import Reception
from bot.run import Webhook
from bot.webhook import SECRET_HEADER, pages
from storage.in_memory import InMemoryKeeper
from tests.bot.fake_bot_api import TOKEN, Fault, message
from tests.bot.fake_guide import FakeGuide, FakeReply
from tests.reliability import virtual
from tests.reliability.air import FAIR, RESET, Air, StockRequest, Weather, refusal, too_many

ROOT = Path(__file__).parents[2]
WAITING = 20
"""Updates that wait when the bot is killed."""


@asynccontextmanager
async def child(folder: Path, api: str, how: str = "ours"):
    """Run a bot in a process of its own; kill it at the end if it still runs."""
    command = (executable, "-m", "tests.reliability.child", str(folder), api, how)
    quiet = {"stdin": DEVNULL, "stdout": DEVNULL, "stderr": DEVNULL}
    process = await asyncio.create_subprocess_exec(*command, cwd=ROOT, **quiet)
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


# -- DEL-1: killed ---------------------------------------------------------------------------------------------------


async def say_all(scene, people: range) -> None:
    for person in people:
        await scene.api.says(person, f"van {person}")


async def killed(scene, folder: Path, how: str, dice: Random, people: range) -> None:
    """Start a bot with updates waiting, and kill it at a moment after it fetched them."""
    await say_all(scene, people)
    polls = scene.api.polls
    async with child(folder, scene.api.address, how) as process:
        await scene.api.until(lambda: scene.api.polls > polls, within=30)
        await asyncio.sleep(dice.uniform(0.01, 0.15))
        process.kill()
        await process.wait()


async def lost_by(scene, folder: Path, how: str, kills: int, seed: int, show=lambda *_: None) -> set[int]:
    """Return who was never answered, after *kills* kills and one start that was left alone."""
    dice, first = Random(seed), 1000
    for kill in range(kills):
        people = range(first + kill * WAITING, first + (kill + 1) * WAITING)
        await killed(scene, folder, how, dice, people)
        show(kill + 1, kills)
    everyone, polls = range(first, first + kills * WAITING), scene.api.polls
    async with child(folder, scene.api.address, how):
        await scene.api.until(lambda: scene.api.polls > polls, within=30)
        with suppress(TimeoutError):  # a bot that lost some has nothing left to do, and falls silent
            while not all(scene.api.texts(person) for person in everyone):
                sent = len(scene.api.sent())
                await scene.api.until(lambda sent=sent: len(scene.api.sent()) > sent, within=4)
    return {person for person in everyone if not scene.api.texts(person)}


@pytest.mark.asyncio
async def test_del_1_killed_with_twenty_updates_waiting_none_is_lost(scene, tmp_path, measured):
    assert await lost_by(scene, tmp_path / "store", "ours", kills=2, seed=7) == set()
    measured("DEL-1", kills=2, lost=0)


@pytest.mark.long
@pytest.mark.asyncio
async def test_del_1_at_full_size(scene, tmp_path, measured, progress):
    """Fifty kills; some one and a half minutes."""
    assert await lost_by(scene, tmp_path / "store", "ours", kills=50, seed=20261125, show=progress) == set()
    measured("DEL-1", kills=50, lost=0)


@pytest.mark.asyncio
async def test_del_1_known_bad_the_stock_poll_loop_loses_what_it_had_fetched(scene, tmp_path, measured):
    lost = await lost_by(scene, tmp_path / "store", "stock", kills=1, seed=7)
    assert lost
    measured("DEL-1 known bad", kills=1, lost=f"{len(lost)} of {WAITING}")


# -- DEL-2: delivered again ------------------------------------------------------------------------------------------


@dataclass
class Forgetful(FakeGuide):
    """The variant known to fail: it does not look whether an update was heard before."""

    async def hear(self, leader, address, heard, now, update="", language="") -> FakeReply:
        return await super().hear(leader, address, heard, now, f"{update}-{len(self.heard)}", language)


@dataclass
class HighWater(FakeGuide):
    """The other one: it takes whatever is numbered below the newest for heard."""

    newest: int = 0

    async def hear(self, leader, address, heard, now, update="", language="") -> FakeReply:
        number = int(update.partition(":")[2])
        if number <= self.newest:
            return FakeReply()
        self.newest = number
        return await super().hear(leader, address, heard, now, update, language)


async def again_and_again(scene, updates: int, seed: int) -> Counter[str]:
    """Bring each update two to five times: at once, later, after a restart and by polling. Return what was heard."""
    dice = Random(seed)
    raw = [
        {"update_id": 9000 + number, "message": message(5000 + number, 100 + number % 9, text=f"tekst {number}")}
        for number in range(updates)
    ]
    brought = [update for update in raw for _ in range(dice.randint(1, 3))]
    dice.shuffle(brought)
    hook = Webhook("https://gids.example.org", "geheim")
    for part in (brought[::2], brought[1::2]):  # a restart in between
        async with scene.bot(webhook=hook) as running, httpx.AsyncClient(headers={SECRET_HEADER: "geheim"}) as telegram:
            answers = await asyncio.gather(*(telegram.post(f"{running.address}/telegram", json=one) for one in part))
        assert {answer.status_code for answer in answers} == {200}
    scene.api.updates += raw + raw[: updates // 2]
    async with scene.bot():
        await scene.api.until(lambda: not scene.api.updates, within=30)
    return Counter(heard.text for _, heard in scene.guide.heard)


@pytest.mark.asyncio
async def test_del_2_an_update_brought_two_to_five_times_in_every_way_is_handled_once(scene, measured):
    heard = await again_and_again(scene, 60, seed=113)
    assert heard == Counter(f"tekst {number}" for number in range(60))
    measured("DEL-2", updates=60, handled_twice=0)


@pytest.mark.parametrize("guide", [Forgetful, HighWater])
@pytest.mark.asyncio
async def test_del_2_known_bad_without_memory_or_with_a_high_water_mark_it_is_not_once(scene, guide):
    scene.guide = guide(scene.keeper)
    assert await again_and_again(scene, 30, seed=113) != Counter(f"tekst {number}" for number in range(30))


# -- DEL-8: asked to stop --------------------------------------------------------------------------------------------


async def stopped_under_load(scene, folder: Path, how: str) -> tuple[float, Counter[str]]:
    """Stop a bot with SIGTERM while twenty updates a second come in; return how long it took, and all that arrived."""
    people, first = range(100, 140), asyncio.Event()
    # Telegram takes each message at once, and is slow to say so.
    scene.api.faults.append(Fault("sendMessage", times=10_000, late=0.2))

    async def load() -> None:
        for person in people:
            await scene.api.says(person, f"van {person}")
            await asyncio.sleep(0.05)
            if person == people[15]:
                first.set()

    async with child(folder, scene.api.address, how) as process:
        await scene.api.until(lambda: scene.api.polls, within=30)
        loading = asyncio.create_task(load())
        await first.wait()
        began = time.monotonic()
        process.terminate()
        assert await asyncio.wait_for(process.wait(), 15) == 0
        took = time.monotonic() - began
    await loading
    async with child(folder, scene.api.address):
        await scene.api.until(lambda: all(scene.api.texts(person) for person in people), within=30)
        await asyncio.sleep(0.3)
    return took, Counter(text for person in people for text in scene.api.texts(person))


@pytest.mark.asyncio
async def test_del_8_asked_to_stop_under_load_it_is_gone_in_time_and_each_is_answered_once(scene, tmp_path, measured):
    took, arrived = await stopped_under_load(scene, tmp_path / "store", "ours")
    assert took <= 10
    assert arrived == Counter(f"gehoord: van {person}" for person in range(100, 140))
    measured("DEL-8", stopped_in=f"{took:.1f} s", lost=0, double=0)


@pytest.mark.asyncio
async def test_del_8_known_bad_stopping_without_patience_answers_some_twice(scene, tmp_path):
    _, arrived = await stopped_under_load(scene, tmp_path / "store", "abrupt")
    assert max(arrived.values()) > 1


# -- DEL-9: half an hour of bad weather ------------------------------------------------------------------------------

KINDS = ("reset", "silence", "page", "json", "429", "500", "dns", "409")
HALF_AN_HOUR = 1800.0


@dataclass
class Storm:
    """
    Bad weather on the line by which updates come: spells of trouble, with an update that waits at the end of each.
    *polls* are the moments of those that met trouble; others may follow each other as fast as updates come.
    """

    dice: Random
    air: Air
    kind: str = ""
    polls: list[float] = field(default_factory=list)

    async def __call__(self, method: str, given: dict) -> Weather:
        if method != "getupdates":
            return FAIR
        if not self.kind:
            return FAIR
        self.polls.append(asyncio.get_running_loop().time())
        if self.kind == "silence":
            return Weather(before=TimedOut(), slow=15.0)
        return {
            "reset": Weather(before=RESET, slow=self.dice.uniform(0, 2)),
            "dns": Weather(before=NetworkError("aiohttp: ClientConnectorDNSError")),
            "page": Weather(answer=(502, b"<html>Bad Gateway</html>")),
            "json": Weather(answer=(200, b'{"ok":true,"result":[{"update_id":')),
            "429": too_many(3),
            "500": refusal(500, "Internal Server Error"),
            "409": refusal(409, "Conflict: terminated by other getUpdates request"),
        }[self.kind]

    async def rage(self, arrived: dict[int, float]) -> list[float]:
        """Let spells pass until half an hour is over; return how long each waiting update waited after its spell."""
        loop, waits = asyncio.get_running_loop(), []
        while loop.time() < HALF_AN_HOUR:
            await asyncio.sleep(self.dice.uniform(1, 30))
            self.kind = self.dice.choice(KINDS)
            await asyncio.sleep(self.dice.uniform(5, 120))
            self.kind, over = "", loop.time()
            number = await self.air.send("message", message(self.air.ids(), 101, text="nog steeds hier"))
            while number not in arrived and loop.time() < over + 120:  # noqa: ASYNC110 (no event)
                await asyncio.sleep(0.1)
            waits.append(arrived.get(number, loop.time()) - over)
        return waits


def most_in_a_second(times: list[float]) -> int:
    return max(sum(at <= later < at + 1 for later in times) for at in times)


def test_del_9_after_half_an_hour_of_resets_silence_pages_and_broken_answers_it_is_back_in_time(air, seed, measured):
    arrived: dict[int, float] = {}
    air.weather = storm = Storm(Random(seed), air)

    async def scene() -> list[float]:
        line, keeper = Line(TOKEN, "https://api.example.org"), InMemoryKeeper()
        await line.bot.get_me()
        guide = FakeGuide(keeper)
        postman = Postman(line.bot, keeper, guide, virtual.clock())
        reception = Reception(line.bot, guide, postman, str, virtual.clock())
        taken = reception.take

        async def take(raw, *, insist):
            await taken(raw, insist=insist)
            arrived[raw["update_id"]] = asyncio.get_running_loop().time()

        reception.take = take
        polling = asyncio.create_task(Polling(line, reception).run())
        waits = await storm.rage(arrived)
        assert not polling.done()
        polling.cancel()
        await asyncio.gather(polling, return_exceptions=True)
        await postman.close(1)
        return waits

    waits = virtual.run(scene())
    assert max(waits) <= 15
    assert most_in_a_second(storm.polls) <= 2
    measured(
        "DEL-9", spells=len(waits), back_within=f"{max(waits):.1f} s", polls_a_second=most_in_a_second(storm.polls)
    )


def test_del_9_known_bad_the_stock_poll_loop_is_back_too_late(air, monkeypatch):
    monkeypatch.setenv("PTB_TIMEDELTA", "1")
    arrived: dict[int, float] = {}
    air.weather = storm = Storm(Random(7), air)

    async def scene() -> list[float]:
        queue: asyncio.Queue = asyncio.Queue()
        stock = ExtBot(TOKEN, request=StockRequest(air), get_updates_request=StockRequest(air))
        async with stock, Updater(stock, queue) as updater:
            await updater.start_polling(timeout=10, error_callback=lambda _error: None)

            async def take() -> None:
                while True:
                    update = await queue.get()
                    arrived[update.update_id] = asyncio.get_running_loop().time()

            taking = asyncio.create_task(take())
            waits = await storm.rage(arrived)
            taking.cancel()
            await updater.stop()
        return waits

    assert max(virtual.run(scene())) > 15


# -- DEL-10: the webhook ---------------------------------------------------------------------------------------------


def update(number: int, text: str = "canary-text") -> dict:
    return {"update_id": number, "message": message(number, 101, text=text)}


@asynccontextmanager
async def hooked(scene):
    async with (
        scene.bot(webhook=Webhook("https://gids.example.org", "geheim")) as running,
        httpx.AsyncClient(base_url=running.address) as telegram,
    ):
        yield telegram


@pytest.mark.asyncio
async def test_del_10_with_the_store_down_an_update_is_to_come_again_and_then_counts_once(scene, caplog):
    async with hooked(scene) as telegram:
        scene.keeper.down = True
        assert (await telegram.post("/telegram", json=update(1), headers={SECRET_HEADER: "geheim"})).status_code == 503
        scene.keeper.down = False
        for _ in range(2):
            answer = await telegram.post("/telegram", json=update(1), headers={SECRET_HEADER: "geheim"})
            assert answer.status_code == 200
    assert len(scene.guide.heard) == 1
    assert "canary" not in caplog.text


@pytest.mark.asyncio
async def test_del_10_without_the_secret_nothing_is_read_and_every_guess_is_compared_in_constant_time(
    scene, monkeypatch, caplog
):
    compared: list[tuple[bytes, bytes]] = []

    def compare(given: bytes, wanted: bytes) -> bool:
        compared.append((given, wanted))
        return hmac.compare_digest(given, wanted)

    monkeypatch.setattr(bot.webhook, "hmac", type("spy", (), {"compare_digest": staticmethod(compare)}))
    guesses = ["", "g", "geheim!", "Geheim", "x" * 256]
    async with hooked(scene) as telegram:
        caplog.clear()
        for guess in guesses:
            answer = await telegram.post("/telegram", content=b"{" * 999, headers={SECRET_HEADER: guess})
            assert (answer.status_code, answer.content) == (403, b"")
        assert (await telegram.post("/telegram", json=update(1))).status_code == 403
        assert caplog.text == ""
    assert [given.decode() for given, _ in compared] == [*guesses, ""]
    assert not scene.guide.begun


async def received_before_kept(site: Starlette, scene) -> bool:
    """Return whether the site says "received" while the turn is still on its way to the store."""
    scene.guide.holds["canary-text"] = asyncio.Event()
    client = httpx.AsyncClient(transport=httpx.ASGITransport(site), base_url="http://gids")
    posting = asyncio.create_task(client.post("/telegram", json=update(1), headers={SECRET_HEADER: "geheim"}))
    await asyncio.sleep(0.05)
    early = posting.done()
    scene.guide.holds["canary-text"].set()
    assert (await posting).status_code == 200
    await client.aclose()
    return early


@asynccontextmanager
async def reception_of(scene):
    line = Line(TOKEN, scene.api.address)
    await line.bot.get_me()
    postman = Postman(line.bot, scene.keeper, scene.guide, scene.now)
    yield Reception(line.bot, scene.guide, postman, str, scene.now)
    await postman.close(1)
    await line.close()


@pytest.mark.asyncio
async def test_del_10_received_is_said_only_after_the_turn_is_kept(scene):
    async def well() -> bool:
        return True

    async with reception_of(scene) as reception:
        assert not await received_before_kept(pages(well, reception, "geheim"), scene)
        assert await scene.keeper.read(leader_of(101))


@pytest.mark.asyncio
async def test_del_10_known_bad_a_hook_that_hands_on_and_answers_says_received_too_early(scene):
    turns: list[asyncio.Task] = []
    async with reception_of(scene) as reception:

        async def bring(request) -> Response:
            turns.append(asyncio.create_task(reception.take(json.loads(await request.body()), insist=True)))
            return Response()

        assert await received_before_kept(Starlette(routes=[Route("/telegram", bring, methods=["POST"])]), scene)
        await asyncio.gather(*turns)
