"""Running it: a stuck loop is noticed within a minute, and health and figures tell nothing about anybody."""

from __future__ import annotations

import asyncio
import logging
import re
from contextlib import asynccontextmanager

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from bot.line import Line
from bot.metrics import Metrics
from bot.nudges import nudge
from bot.polling import Polling
from bot.postman import Postman
from bot.pulse import LOOK, STUCK, Pulse, watch
from bot.reception import Reception
from bot.webhook import figures, pages
from storage.in_memory import InMemoryKeeper
from tests.bot.fake_bot_api import TOKEN
from tests.bot.fake_guide import FakeGuide
from tests.reliability import virtual
from tests.reliability.air import FAIR, Weather
from tests.reliability.whole import ANNE, TO_CONTACT, working

CANARY = "canary-gedachte"


async def polls(air, pulse: Pulse) -> None:
    line, keeper = Line(TOKEN, "https://api.example.org"), InMemoryKeeper()
    await line.bot.get_me()
    guide = FakeGuide(keeper)
    postman = Postman(line.bot, keeper, guide, virtual.clock())
    await Polling(line, Reception(line.bot, guide, postman, str, virtual.clock()), pulse=pulse).run()


class Hanging(FakeGuide):
    """A guide that never comes back from looking what is due."""

    async def come_due(self, now) -> int:
        await asyncio.Event().wait()
        return 0


async def looks(air, pulse: Pulse, guide_of=FakeGuide) -> None:
    line, keeper = Line(TOKEN, "https://api.example.org"), InMemoryKeeper()
    guide = guide_of(keeper)
    postman = Postman(line.bot, keeper, guide, virtual.clock())
    await nudge(guide, postman, virtual.clock(), asyncio.sleep, pulse)


async def noticed(pulse: Pulse, loop, stick, within: float = 120.0) -> float | None:
    """Let *loop* run for a while, have *stick* stop it, and return after how many seconds that is noticed."""
    tasks = [asyncio.create_task(loop), asyncio.create_task(watch(pulse))]
    site = pages(lambda: well(pulse))
    client = httpx.AsyncClient(transport=httpx.ASGITransport(site), base_url="http://gids")
    try:
        await asyncio.sleep(100)
        assert (await client.get("/healthz")).status_code == 200
        stick()
        began = asyncio.get_running_loop().time()
        while asyncio.get_running_loop().time() < began + within:
            if (await client.get("/healthz")).status_code == 503:
                seconds = asyncio.get_running_loop().time() - began
                await asyncio.sleep(2 * LOOK)
                return seconds
            await asyncio.sleep(1)
        return None
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await client.aclose()


async def well(pulse: Pulse) -> bool:
    return not pulse.stuck()


def lines(caplog) -> list[str]:
    return [record.getMessage() for record in caplog.records if record.name == "bot.pulse"]


def test_ops_4_a_stuck_poll_loop_is_noticed_within_a_minute_with_one_line(air, caplog, measured):
    stuck = asyncio.Event()

    async def weather(method: str, _given: dict) -> Weather:
        if method == "getupdates" and stuck.is_set():
            await asyncio.Event().wait()
        return FAIR

    air.weather = weather

    async def scene() -> float | None:
        pulse = Pulse()
        return await noticed(pulse, polls(air, pulse), stuck.set)

    seconds = virtual.run(scene())
    assert seconds is not None
    assert seconds + LOOK <= 60
    assert lines(caplog) == ["The loop for updates is stuck"]
    measured("OPS-4", loop="updates", noticed_after=f"{seconds:.0f} s")


def test_ops_4_a_stuck_schedule_is_noticed_within_a_minute(air, measured):
    async def scene() -> float | None:
        pulse, guides = Pulse(), []

        def guide_of(keeper) -> FakeGuide:
            guides.append(FakeGuide(keeper))
            return guides[0]

        def stick() -> None:
            guides[0].come_due = Hanging(guides[0].keeper).come_due

        return await noticed(pulse, looks(air, pulse, guide_of), stick)

    seconds = virtual.run(scene())
    assert seconds is not None
    assert seconds <= 60
    measured("OPS-4", loop="moments", noticed_after=f"{seconds:.0f} s")


def test_ops_4_the_log_says_it_once_and_says_when_it_goes_round_again(caplog):
    caplog.set_level(logging.INFO)

    async def scene() -> list[float]:
        pulse, told = Pulse(), []
        watching = asyncio.create_task(watch(pulse))
        pulse.beat("updates")
        began = asyncio.get_running_loop().time()
        while not lines(caplog):  # noqa: ASYNC110 (no event)
            await asyncio.sleep(1)
        told.append(asyncio.get_running_loop().time() - began)
        await asyncio.sleep(300)
        pulse.beat("updates")
        await asyncio.sleep(2 * LOOK)
        watching.cancel()
        return told

    (seconds,) = virtual.run(scene())
    assert seconds <= STUCK + LOOK + 1 <= 60
    assert lines(caplog) == ["The loop for updates is stuck", "The loop for updates goes round again"]


def test_ops_4_known_bad_a_task_that_hangs_without_a_pulse_is_noticed_by_nobody(air):
    class Numb(Pulse):
        def stuck(self) -> frozenset[str]:
            return frozenset()

    async def scene() -> float | None:
        pulse = Numb()
        return await noticed(pulse, looks(air, pulse, Hanging), lambda: None)

    assert virtual.run(scene()) is None


def test_ops_4_a_long_spell_of_trouble_on_the_line_does_not_count_as_stuck(air):
    async def weather(method: str, _given: dict) -> Weather:
        return Weather(answer=(502, b"<html>"), slow=14.0) if method == "getupdates" else FAIR

    air.weather = weather

    async def scene() -> float | None:
        pulse = Pulse()
        return await noticed(pulse, polls(air, pulse), lambda: None, within=600)

    assert virtual.run(scene()) is None


# -- SEC-7: what the pages tell --------------------------------------------------------------------------------------


@asynccontextmanager
async def asked(site):
    async with httpx.AsyncClient(transport=httpx.ASGITransport(site), base_url="http://gids") as client:
        yield client


def figures_after(air, catalogue, matcher, people: int) -> str:
    """Return the figures after *people* held a conversation with a canary in it."""

    async def scene() -> str:
        async with working(air, InMemoryKeeper(), catalogue, matcher) as whole:
            metrics = Metrics(Pulse())
            whole.postman._metrics = whole.reception._metrics = metrics
            for person in range(ANNE, ANNE + people):
                await whole.held(*TO_CONTACT, CANARY, person=person)
            await whole.says("ik wil niet meer leven")
            return metrics.page().decode()

    return virtual.run(scene())


def test_sec_7_the_figures_are_totals_and_tell_nothing_about_anybody(air, catalogue, matcher, measured):
    page = figures_after(air, catalogue, matcher, 2)
    families = {family.name: family for family in text_string_to_metric_families(page)}
    ours = {name: family for name, family in families.items() if name.startswith("mindshift")}
    assert set(ours) == {
        "mindshift_updates",
        "mindshift_calls",
        "mindshift_turn_seconds",
        "mindshift_loop_age_seconds",
    }
    labels = {(name, value) for family in ours.values() for one in family.samples for name, value in one.labels.items()}
    allowed = {"outcome": {"kept", "again", "set_aside"}, "loop": {"updates", "moments"}}
    allowed["fate"] = {"delivered", "refused", "closed", "later"}
    assert all(name == "le" or value in allowed[name] for name, value in labels)
    for told in (CANARY, str(ANNE), "Canary", TOKEN, "contact", "care", "nl"):
        assert told not in re.sub(r"# .*", "", page)
    assert families["mindshift_updates"].samples[0].value == 2 * (len(TO_CONTACT) + 1) + 1
    measured("SEC-7", figures=len(ours), labels=len(labels), about_people=0)


def test_sec_7_known_bad_a_figure_with_a_label_per_route_tells_where_the_only_leader_is(air, catalogue, matcher):
    from prometheus_client import CollectorRegistry, Counter, generate_latest  # noqa: PLC0415

    registry = CollectorRegistry()
    turns = Counter("turns", "Turns by place", ["route", "state"], registry=registry)

    async def scene() -> None:
        async with working(air, InMemoryKeeper(), catalogue, matcher) as whole:
            await whole.held(*TO_CONTACT)
            turns.labels(*(await whole.at()).split(".")).inc()

    virtual.run(scene())
    assert "contact" in generate_latest(registry).decode()


@pytest.mark.asyncio
async def test_sec_7_health_says_one_word_and_the_other_paths_say_nothing():
    async def sick() -> bool:
        return False

    async with asked(pages(sick)) as web:
        answer = await web.get("/healthz")
        assert (answer.status_code, answer.text) == (503, "not ok")
        for path in ("/", "/telegram", "/metrics", "/docs", "/healthz/x"):
            answer = await web.get(path)
            assert (answer.status_code, answer.text) == (404, "Not Found")
    async with asked(figures(Metrics(Pulse()))) as web:
        assert (await web.get("/metrics")).status_code == 200
        assert (await web.get("/healthz")).status_code == 404
