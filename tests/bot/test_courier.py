"""
DEL-7: the pace at which notes go to groups, in time that is only counted.

The loop jumps to the next moment at which something happens, so a broadcast of ten minutes takes a second. Telegram's far
side counts what comes in, and refuses whatever comes too fast, as Telegram does.
"""

from __future__ import annotations

import asyncio
import selectors
from collections import defaultdict, deque
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from aiolimiter import AsyncLimiter

from bot import courier as couriers
from bot.courier import Courier
from bot.line import SlowDown
from bot.postman import AT_ONCE, EVERY
from dialogues.ports import Message
from dialogues.team.ports import TeamEntry, TeamLetter
from dialogues.team.values import Team, TeamId
from storage.in_memory_teams import InMemoryTeams

NOW = datetime(2026, 10, 6, 6, 30, tzinfo=UTC)


class CountedTime(asyncio.SelectorEventLoop):
    """A loop that never waits: when nothing is ready, its clock jumps to what comes next."""

    def __init__(self) -> None:
        super().__init__(selectors.SelectSelector())
        self._counted = 0.0

    def time(self) -> float:
        return self._counted

    def _run_once(self) -> None:
        self._counted += 1e-6  # as in life, no two rounds are at the same moment
        if not self._ready and self._scheduled:
            self._counted = max(self._counted, self._scheduled[0]._when)
        super()._run_once()


def in_counted_time(work):
    loop = CountedTime()
    try:
        return loop.run_until_complete(work)
    finally:
        loop.close()


class FarSide:
    """Telegram's side: takes calls, with their moment, and refuses what comes too fast."""

    base_url = "bot"

    def __init__(self) -> None:
        self.calls: list[tuple[float, int, str]] = []
        self.refused = 0
        self.all: deque[float] = deque()
        self.of: dict[int, deque[float]] = defaultdict(deque)
        self.request = self

    async def post(self, url, data):
        now = asyncio.get_running_loop().time()
        parameters = data.json_parameters
        chat, text = int(parameters["chat_id"]), parameters["text"]
        await asyncio.sleep(0.05)
        for seen, window in ((self.all, 1.0), (self.of[chat], 60.0)):
            while seen and seen[0] <= now - window:
                seen.popleft()
        if len(self.all) >= 30 or len(self.of[chat]) >= 20:
            self.refused += 1
            raise SlowDown(5.0)
        self.all.append(now)
        self.of[chat].append(now)
        self.calls.append((now, chat, text))
        return {"message_id": len(self.calls)}


def note(number: int, text: str, slot: str = "") -> TeamLetter:
    return TeamLetter(number, Message(text), NOW, slot=slot)


async def of_teams(count: int, notes: int) -> InMemoryTeams:
    keeper = InMemoryTeams()
    for number in range(count):
        team = Team(TeamId(f"t{number}"), f"telegram:-{number + 1}", NOW, turns=1)
        await keeper.write(TeamEntry(team, NOW, notes=tuple(note(n, f"bericht {n}") for n in range(1, notes + 1))))
    return keeper


async def broadcast(count: int, notes: int) -> tuple[FarSide, float]:
    keeper, far = await of_teams(count, notes), FarSide()
    sender = Courier(far, keeper, None, lambda: NOW, AsyncLimiter(AT_ONCE, EVERY), asyncio.sleep)
    sender.wake_waiting()
    while keeper.waiting():  # noqa: ASYNC110 (time is only counted)
        await asyncio.sleep(1)
    took = asyncio.get_running_loop().time()
    await sender.close(1)
    return far, took


def most_in(calls, window: float) -> int:
    times, most = deque(), 0
    for moment in sorted(calls):
        times.append(moment)
        while times[0] <= moment - window:
            times.popleft()
        most = max(most, len(times))
    return most


def test_del_7_a_broadcast_to_two_thousand_teams_is_done_in_ten_minutes_and_never_refused():
    far, took = in_counted_time(broadcast(2000, 1))
    assert len(far.calls) == 2000
    assert far.refused == 0
    assert most_in([moment for moment, _, _ in far.calls], 1.0) <= 30
    assert took <= 600


def test_del_7_a_group_gets_at_most_twenty_messages_in_any_minute_and_all_of_them_in_order():
    far, _ = in_counted_time(broadcast(3, 50))
    assert far.refused == 0
    for chat in (-1, -2, -3):
        mine = [(moment, text) for moment, to, text in far.calls if to == chat]
        assert [text for _, text in mine] == [f"bericht {n}" for n in range(1, 51)]
        assert most_in([moment for moment, _ in mine], 60.0) <= 20


def test_del_7_known_bad_the_pace_of_a_private_chat_is_refused_in_a_group(monkeypatch):
    monkeypatch.setattr(couriers, "BURST", 20)
    monkeypatch.setattr(couriers, "MINUTE", 20.0)
    far, _ = in_counted_time(broadcast(1, 50))
    assert far.refused > 0


async def redrawn(changes: int) -> FarSide:
    """Change the board many times in a few seconds, as in a lively session."""
    keeper, far = await of_teams(1, 0), FarSide()
    sender = Courier(far, keeper, None, lambda: NOW, AsyncLimiter(AT_ONCE, EVERY), asyncio.sleep)
    for number in range(1, changes + 1):
        page = await keeper.read(TeamId("t0"))
        team = replace(page.team, turns=page.team.turns + 1)
        await keeper.write(TeamEntry(team, NOW, notes=(note(number, f"bord {number}", "board"),)))
        sender.wake(TeamId("t0"))
        await asyncio.sleep(0.2)
    while keeper.waiting():  # noqa: ASYNC110 (time is only counted)
        await asyncio.sleep(1)
    await sender.close(1)
    return far


def test_del_7_changes_to_the_board_are_taken_together_and_the_last_one_is_what_is_shown():
    far = in_counted_time(redrawn(200))
    assert far.refused == 0
    assert len(far.calls) < 40
    assert far.calls[-1][2] == "bord 200"


@pytest.mark.parametrize("held", [60.0])
def test_del_5_a_group_that_is_told_to_slow_down_holds_up_no_other(held):
    async def scene():
        keeper, far = await of_teams(5, 2), FarSide()
        real = far.post

        async def post(url, data):
            if data.json_parameters["chat_id"] == "-1" and asyncio.get_running_loop().time() < 1:
                raise SlowDown(held)
            return await real(url, data)

        far.post = post
        sender = Courier(far, keeper, None, lambda: NOW, AsyncLimiter(AT_ONCE, EVERY), asyncio.sleep)
        sender.wake_waiting()
        while keeper.waiting():  # noqa: ASYNC110 (time is only counted)
            await asyncio.sleep(1)
        await sender.close(1)
        return far

    far = in_counted_time(scene())
    assert max(moment for moment, chat, _ in far.calls if chat != -1) <= 2
    assert min(moment for moment, chat, _ in far.calls if chat == -1) >= held
