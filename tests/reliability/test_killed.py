"""
DUR-2: the whole bot killed again and again, while fifty leaders write twenty updates a second.

The moment of a kill is a call to the Bot API that the dice point out (before it takes effect, after that but before the
bot hears of it, or a moment later), or a moment of the start. Nothing waits for a clock: the fake Bot API knows when
everything is answered. States of the disk are those of DUR-1; this is about the whole.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import pytest
import pytest_asyncio

from bot.hear import address_of, leader_of
from storage.in_tinydb import TinyDbKeeper
from tests.bot.fake_bot_api import TOKEN
from tests.reliability.guides import guide_on
from tests.reliability.nursery import Life, Nursery
from tests.reliability.street import HANGING, PEOPLE, Street

MOMENTS = ("before", "after", "later", "starting")
CALLS = 150
"""Calls after which a bot is killed, at most."""


@dataclass(frozen=True)
class Outcome:
    """
    What became of the updates that *came*, at such a *rate* a second: how many thoughts were acknowledged as *kept*,
    and which were *unanswered*, *lost* or *doubled*, by the words or the query they are known by.
    """

    came: int
    rate: float
    kept: int
    unanswered: list[str]
    lost: list[str]
    doubled: list[str]


async def met(folder: Path, catalogue, matcher) -> None:
    """Have everybody meet the guide, so that what they write is kept."""
    keeper = TinyDbKeeper(folder)
    guide, now = guide_on(keeper, catalogue, matcher), datetime.now(UTC)
    for person in PEOPLE:
        leader = leader_of(person)
        for text in ("hallo", "Nederlands", "akkoord"):
            await guide.hear(leader, address_of(person), guide.read(text, ""), now)
        page = await keeper.read(leader)
        assert page.conversation.consent
        for letter in page.letters:
            await keeper.delivered(leader, letter.number)
    await keeper.close()


async def kill(lives: Life, api: Street, dice: Random, when: str) -> None:
    """Let a bot live until a random moment of the sort *when*, and kill it."""
    if when == "starting":
        await asyncio.sleep(dice.uniform(0, 1))
    else:
        struck = asyncio.create_task(api.expect_death(dice.randint(1, CALLS), when).wait())
        await asyncio.wait([struck, lives.code], timeout=HANGING, return_when=asyncio.FIRST_COMPLETED)
        assert struck.done(), "it fell silent, or it ended by itself"
        if when == "later":
            await asyncio.sleep(dice.uniform(0, 0.1))
    assert not lives.code.done(), "it ended by itself"
    await lives.end()


async def killed_again_and_again(
    nursery: Nursery, folder: Path, moments, *, seed: int, how: str = "", show=lambda *_: None
) -> Outcome:
    """Kill a bot under load at each of *moments*, leave it alone once, and look at what became of it all."""
    dice, stop, api = Random(seed), asyncio.Event(), Street(seed)
    async with api.opened():
        coming, loop = asyncio.create_task(api.busy(stop)), asyncio.get_running_loop()
        begun = loop.time()
        for count, when in enumerate(moments, 1):
            async with nursery.life(folder, api.address, how) as lives:
                await kill(lives, api, dice, when)
            show(count, len(moments))
        api.expect_death(0, "")
        stop.set()
        rate = api.came / (loop.time() - begun)
        await coming
        async with nursery.life(folder, api.address, how) as lives:
            await api.all_answered()
            assert await lives.end(kindly=True) == 0
    assert not api.violations
    log = (folder.parent / "log").read_text()
    assert "lesbezoek" not in log
    assert TOKEN not in log
    return await outcome(folder, api, rate)


async def outcome(folder: Path, api: Street, rate: float) -> Outcome:
    keeper, lost, doubled = TinyDbKeeper(folder), [], []
    for person in api.people.values():
        page = await keeper.read(leader_of(person.number))
        journal = {kept.id: kept.text for kept in page.journal}
        lost += [f"{name} {words}" for name, words in person.kept.items() if journal.get(name) != words]
        doubled += [words for words, times in Counter(journal.values()).items() if times > 1]
    await keeper.close()
    unanswered = [what for person in api.people.values() for what in sorted(person.waiting)]
    kept = sum(len(person.kept) for person in api.people.values())
    return Outcome(api.came, rate, kept, unanswered, lost, doubled)


def figures(found: Outcome) -> dict[str, object]:
    """Return what is worth noting of *found*, in which nothing was lost."""
    return {"updates": found.came, "a_second": round(found.rate), "kept": found.kept, "lost": 0, "unanswered": 0}


@pytest_asyncio.fixture
async def store(tmp_path, catalogue, matcher) -> Path:
    """A store in which everybody has met the guide."""
    await met(tmp_path / "store", catalogue, matcher)
    return tmp_path / "store"


@pytest.mark.asyncio
async def test_dur_2_killed_under_load_nothing_is_lost_and_everybody_is_answered(nursery, store, measured):
    found = await killed_again_and_again(nursery, store, MOMENTS, seed=20261125)
    assert (found.lost, found.unanswered, found.doubled) == ([], [], [])
    measured("DUR-2", kills=len(MOMENTS), **figures(found))


@pytest.mark.long
@pytest.mark.asyncio
async def test_dur_2_at_full_size(nursery, store, measured, progress, seed):
    """Three hundred kills."""
    moments = Random(seed).choices(MOMENTS, [2, 2, 2, 1], k=300)
    found = await killed_again_and_again(nursery, store, moments, seed=seed, show=progress)
    assert (found.lost, found.unanswered, found.doubled) == ([], [], [])
    measured("DUR-2", kills=len(moments), **figures(found))


# A bot that answers before the disk has it may also fall silent for good, which takes minutes to be sure of.
@pytest.mark.parametrize(
    ("how", "what"), [("early", "unanswered"), pytest.param("behind", "lost", marks=pytest.mark.long)]
)
@pytest.mark.asyncio
async def test_dur_2_known_bad_confirming_or_answering_before_keeping_is_noticed(nursery, store, measured, how, what):
    found = await killed_again_and_again(nursery, store, ["later"] * 2, seed=7, how=how)
    faults = getattr(found, what)
    assert faults
    measured("DUR-2 known bad", how=how, kills=2, updates=found.came, **{what: len(faults)})
