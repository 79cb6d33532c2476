"""The bot as it runs, with a fake Bot API on one side and a fake guide with a real keeper on the other."""

from __future__ import annotations

import asyncio
import io
import logging
from collections.abc import Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime

import pytest
import pytest_asyncio

from bot.doors import open_door
from bot.hear import leader_of
from bot.nudges import EVERY
from bot.postman import AT_ONCE
from bot.redact import quieten
from bot.run import Parts, Teams, Webhook, run_bot
from storage.in_memory import InMemoryKeeper
from tests.bot.fake_bot_api import TOKEN, FakeBotApi
from tests.bot.fake_guide import FakeGuide, ShakyKeeper, clock
from tests.bot.group_scene import JAN, Group
from tests.bot.new_team import joined, set_up, settled
from tests.bot.team_parts import Clock, with_teams


@dataclass
class Naps:
    """
    Time, as far as the bot waits on purpose: a nap lasts an instant, unless its length is in *held*. The long pause
    between two looks for what is due lasts until `look_again`.
    """

    asked: list[float] = field(default_factory=list)
    held: dict[float, asyncio.Event] = field(default_factory=dict)
    looks: asyncio.Event = field(default_factory=asyncio.Event)
    rounds: int = 0

    async def __call__(self, seconds: float) -> None:
        if seconds == EVERY:
            self.rounds += 1
            await self.looks.wait()
            self.looks.clear()
            return
        self.asked.append(seconds)
        if seconds in self.held:
            await self.held[seconds].wait()
        await asyncio.sleep(0.001)

    def look_again(self) -> None:
        self.looks.set()


@dataclass
class Running:
    """A running bot: *address* of its pages, and its *task*."""

    address: str
    task: asyncio.Task[None]
    stop: asyncio.Event


@dataclass
class Scene:
    """Everything a test of the shell needs, in one hand."""

    api: FakeBotApi
    keeper: ShakyKeeper
    guide: FakeGuide
    naps: Naps
    menus: dict = field(default_factory=dict)
    teams: Teams | None = None
    now: Callable[[], datetime] = clock
    at_once: int = AT_ONCE

    @asynccontextmanager
    async def bot(self, *, webhook: Webhook | None = None, token: str = TOKEN, serve: bool = False):
        door = open_door("127.0.0.1", 0) if serve or webhook else None
        address = f"http://127.0.0.1:{door.getsockname()[1]}" if door else ""
        stop = asyncio.Event()
        more = {"door": door, "webhook": webhook, "stop": stop, "at_once": self.at_once}
        task = asyncio.create_task(run_bot(self.parts(), token=token, api=self.api.address, **more))
        try:
            yield Running(address, task, stop)
        finally:
            stop.set()
            async with asyncio.timeout(10):
                await asyncio.gather(task, return_exceptions=True)
            if door:
                door.close()

    def parts(self) -> Parts:
        return Parts(
            self.guide,
            self.keeper,
            self.now,
            lambda language: f"alleen privé ({language})",
            self.menus,
            self.is_well,
            self.naps,
            teams=self.teams,
        )

    async def is_well(self) -> bool:
        return not getattr(self.keeper, "down", False)

    async def waiting(self, person: int) -> list[int]:
        page = await self.keeper.read(leader_of(person))
        return [letter.number for letter in page.letters] if page else []


@pytest.fixture(autouse=True)
def nothing_leaks(request):
    """SEC-1: whatever a test of the shell does, at DEBUG, no line holds the token, a name or what somebody wrote."""
    written = io.StringIO()
    handler, root = logging.StreamHandler(written), logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    quieten()
    yield
    root.removeHandler(handler)
    root.setLevel(level)
    if "the_stock_way" in request.node.name:
        return  # it writes down whole updates, which is one more reason not to use it
    for secret in (
        TOKEN,
        TOKEN.partition(":")[2],
        "Canary-Name",
        "canary_name",
        "Canary-Title",
        "canary-text",
        "gehoord:",
    ):
        assert secret not in written.getvalue()


@pytest_asyncio.fixture
async def scene():
    api = FakeBotApi()
    async with api.opened():
        keeper = ShakyKeeper(InMemoryKeeper())
        yield Scene(api, keeper, FakeGuide(keeper), Naps())
    assert not api.violations


async def eventually(holds, within: float = 4.0) -> None:
    """Wait until *holds*, looking again every few milliseconds."""
    async with asyncio.timeout(within):
        while not (await result if asyncio.iscoroutine(result := holds()) else result):  # noqa: ASYNC110 (no event)
            await asyncio.sleep(0.002)


@pytest.fixture(name="eventually")
def _eventually():
    return eventually


@pytest.fixture
def team_clock():
    return Clock()


@pytest_asyncio.fixture
async def teams(scene, tmp_path, catalogue, matcher, monkeypatch, team_clock):
    """The scene with teams, in which nobody waits for Telegram's pace."""
    monkeypatch.setattr("bot.courier.BURST", 1000)
    async with with_teams(scene, tmp_path, catalogue, matcher, team_clock) as ready:
        yield ready


@pytest_asyncio.fixture
async def ready(teams):
    """A group that is set up, with Sanne and Jan in it, in a bot that runs."""
    group = Group(teams.api)
    async with teams.bot():
        await set_up(group)
        await joined(group, JAN)
        await settled(teams)
        yield group
