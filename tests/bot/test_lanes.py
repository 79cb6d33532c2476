"""Lanes: one after another per person, others at the same time, and nobody left behind."""

from __future__ import annotations

import asyncio

import pytest

from bot.lanes import Lanes


@pytest.mark.asyncio
async def test_in_one_lane_whoever_comes_first_goes_first_and_nobody_goes_together():
    lanes, done, within = Lanes(8), [], []

    async def turn(number: int) -> None:
        async with lanes.of("anne"):
            within.append(number)
            assert len(within) == 1
            await asyncio.sleep(0)
            within.clear()
            done.append(number)

    await asyncio.gather(*map(turn, range(20)))
    assert done == list(range(20))


@pytest.mark.asyncio
async def test_other_lanes_go_on_meanwhile_as_long_as_there_is_room():
    lanes, gate, within = Lanes(2), asyncio.Event(), []

    async def turn(who: str) -> None:
        async with lanes.of(who) as room, room:
            within.append(who)
            await gate.wait()

    turns = [asyncio.create_task(turn(who)) for who in ("anne", "bob", "cas")]
    await asyncio.sleep(0.01)
    assert within == ["anne", "bob"]
    gate.set()
    await asyncio.gather(*turns)
    assert within == ["anne", "bob", "cas"]


@pytest.mark.asyncio
async def test_who_stops_waiting_or_fails_holds_up_nobody_and_an_empty_lane_is_forgotten():
    lanes, gate, done = Lanes(8), asyncio.Event(), []

    async def turn(number: int) -> None:
        async with lanes.of("anne"):
            await gate.wait()
            done.append(number)
            if number == 2:
                raise RuntimeError

    turns = [asyncio.create_task(turn(number)) for number in range(4)]
    await asyncio.sleep(0.01)
    turns[1].cancel()
    gate.set()
    outcomes = await asyncio.gather(*turns, return_exceptions=True)
    assert [type(outcome) for outcome in outcomes] == [type(None), asyncio.CancelledError, RuntimeError, type(None)]
    assert done == [0, 2, 3]
    assert lanes._lanes == {}
