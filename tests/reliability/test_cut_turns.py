"""FSM-10: a turn that is cut at any point is whole or not there, and the next one works."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from dialogues.conversation import Arrived
from dialogues.ports import Page
from storage.in_memory import InMemoryKeeper
from storage.in_tinydb import TinyDbKeeper
from tests.dialogues.held import LEADER, TUESDAY
from tests.reliability.guides import guide_on
from tests.reliability.whole import place


class Steps(InMemoryKeeper):
    """A store in which every call has a before and an after, at which a turn can be cut."""

    async def read(self, leader):
        await asyncio.sleep(0)
        page = await super().read(leader)
        await asyncio.sleep(0)
        return page

    async def write(self, entry):
        await asyncio.sleep(0)
        await super().write(entry)
        await asyncio.sleep(0)


async def asked_whether_to_keep(guide, keeper) -> Page:
    """Come to the question whether a thought is to be kept, and return the page as it is then."""
    for heard in (
        Arrived(),
        guide.read("Nederlands", "1"),
        guide.read("akkoord", "2"),
        guide.read("Ik loop vast", "3"),
    ):
        await guide.hear(LEADER, "here", heard, TUESDAY)
    return await keeper.read(LEADER)


async def cut_after(guide, heard, rounds: int) -> bool:
    """Begin a turn, let the loop go round *rounds* times, cut it off, and return whether it was cut in time."""
    turn = asyncio.create_task(guide.hear(LEADER, "here", heard, TUESDAY))
    for _ in range(rounds):
        await asyncio.sleep(0)
    turn.cancel()
    outcome = await asyncio.gather(turn, return_exceptions=True)
    return isinstance(outcome[0], asyncio.CancelledError)


@pytest.mark.asyncio
async def test_fsm_10_cut_at_any_point_a_turn_is_whole_or_not_there_and_the_next_one_works(
    catalogue, matcher, measured
):
    cuts = 0
    for rounds in range(40):
        keeper = Steps()
        guide = guide_on(keeper, catalogue, matcher)
        before = await asked_whether_to_keep(guide, keeper)
        was_cut = await cut_after(guide, guide.read("Bewaren", "4"), rounds)
        after = await keeper.read(LEADER)
        cuts += was_cut
        moved = place(after.conversation) == "thought.kept"
        assert moved == (len(after.journal) == 1 == len(after.letters) - len(before.letters))
        assert moved or after == before
        reply = await guide.hear(LEADER, "here", guide.read("Bewaren" if not moved else "Nee, klaar", "5"), TUESDAY)
        assert reply.letters
        assert len((await keeper.read(LEADER)).journal) == 1
        if not was_cut:
            break
    assert cuts >= 4
    measured("FSM-10", cuts=cuts, half_turns=0)


@pytest.mark.asyncio
async def test_fsm_10_on_the_real_store_too(tmp_path, catalogue, matcher):
    keeper = TinyDbKeeper(tmp_path / "store")
    guide = guide_on(keeper, catalogue, matcher)
    for source, text in enumerate(("hallo", "Nederlands", "akkoord")):
        await guide.hear(LEADER, "here", guide.read(text, str(source)), TUESDAY)
    for attempt in range(12):
        turn = asyncio.create_task(
            guide.hear(LEADER, "here", guide.read(f"gedachte {attempt}", f"g{attempt}"), TUESDAY)
        )
        await asyncio.sleep(attempt * 0.0007)
        turn.cancel()
        await asyncio.gather(turn, return_exceptions=True)
    reply = await guide.hear(LEADER, "here", guide.read("nog een gedachte", "last"), TUESDAY)
    assert reply.letters
    await keeper.close()
    again = TinyDbKeeper(tmp_path / "store")
    assert place((await again.read(LEADER)).conversation) == "thought.offer"
    await again.close()


@pytest.mark.asyncio
async def test_fsm_10_known_bad_keeping_in_two_writes_leaves_half_a_turn(catalogue, matcher):
    class InTwo(Steps):
        async def write(self, entry):
            await super().write(replace(entry, letters=()))
            await super().write(entry)

    halves = 0
    for rounds in range(40):
        keeper = InTwo()
        guide = guide_on(keeper, catalogue, matcher)
        before = await asked_whether_to_keep(guide, keeper)
        await cut_after(guide, guide.read("Bewaren", "4"), rounds)
        after = await keeper.read(LEADER)
        halves += len(after.journal) == 1 and len(after.letters) == len(before.letters)
    assert halves
