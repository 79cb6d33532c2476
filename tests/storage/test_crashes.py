"""Kills and full disks: what was acknowledged is there afterwards, and the rest is as if it had not been tried."""

import contextlib
import json
import os
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest
from tinydb import TinyDB

from dialogues.errors import KeeperUnavailable
from dialogues.ports import Entry
from storage import main_file, tail
from storage.in_tinydb import TinyDbKeeper
from tests.storage.examples import LEADER, NOW, OTHER, conversation, reflection

pytestmark = pytest.mark.asyncio

ROOT = Path(__file__).parents[2]
LIMIT = 40_000


def writer(*arguments):
    command = [sys.executable, "-m", "tests.storage.writer", *map(str, arguments)]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)


async def journal_in(folder):
    keeper = TinyDbKeeper(folder)
    page = await keeper.read(LEADER)
    await keeper.close()
    return [] if page is None else [kept.id for kept in page.journal]


@pytest.mark.parametrize("seed", [1, 2, 3])
async def test_after_a_kill_every_acknowledged_write_is_there(tmp_path, seed):
    chance = random.Random(seed)
    acknowledged = 0
    for _ in range(3):
        with writer("write", tmp_path, acknowledged + 1) as process:
            for _ in range(chance.randrange(1, 40)):
                acknowledged = int(process.stdout.readline())
            process.kill()
            acknowledged = max([acknowledged, *map(int, process.stdout.read().split())])
        journal = await journal_in(tmp_path)
        assert journal[:acknowledged] == [f"r{number}" for number in range(1, acknowledged + 1)]
        assert len(journal) <= acknowledged + 1
        acknowledged = len(journal)


async def test_a_file_that_may_not_grow_costs_one_refusal_and_nothing_that_was_kept(tmp_path):
    with writer("fill", tmp_path, LIMIT) as process:
        *acknowledged, last = process.stdout.read().split()
    assert last == "KeeperUnavailable"
    assert len(acknowledged) > 20
    assert await journal_in(tmp_path) == [f"r{number}" for number in acknowledged]


async def test_the_same_limit_makes_a_stock_file_unreadable(tmp_path):
    with writer("fill_stock", tmp_path / "stock.json", LIMIT) as process:
        *acknowledged, last = process.stdout.read().split()
    assert last == "OSError"
    assert len(acknowledged) > 20
    with TinyDB(tmp_path / "stock.json") as stock, pytest.raises(json.JSONDecodeError):
        stock.all()


async def fill(keeper, acknowledged, chance):
    """Write until refused, noting what was acknowledged."""
    while True:
        number = len(acknowledged)
        text = "woorden " * chance.randrange(1, 400)
        await keeper.write(Entry(conversation(), (reflection(number, text),), update=f"u{number}", at=NOW))
        acknowledged.append(text)


async def write_all(keeper, texts, acknowledged):
    """Write what of *texts* was not yet acknowledged."""
    for number in range(len(acknowledged), len(texts)):
        await keeper.write(Entry(conversation(), (reflection(number, texts[number]),)))
        acknowledged.append(texts[number])


@pytest.mark.parametrize("point", range(25))
async def test_dur_3_a_full_disk_is_said_and_forgotten_once_there_is_room(small_disk, monkeypatch, point):
    monkeypatch.setattr(main_file, "MOST", 10)
    monkeypatch.setattr(main_file, "LEFT", 4)
    chance = random.Random(point)
    keeper = TinyDbKeeper(small_disk.folder / "data")
    await keeper.write(Entry(conversation(OTHER), (reflection(1),)))
    ballast = small_disk.folder / "ballast"
    ballast.write_bytes(bytes(chance.randrange(110_000, 180_000)))
    acknowledged: list[str] = []
    with pytest.raises(KeeperUnavailable, match="No space left on device"):
        await fill(keeper, acknowledged, chance)
    for _ in range(3):
        with contextlib.suppress(KeeperUnavailable):
            await fill(keeper, acknowledged, chance)
        page = await keeper.read(LEADER)
        assert [kept.text for kept in page.journal] == acknowledged
        assert (await keeper.read(OTHER)).journal == (reflection(1),)
    ballast.unlink()
    begun = time.monotonic()
    await keeper.write(Entry(conversation(), (reflection(len(acknowledged), "Er is weer plaats."),)))
    assert time.monotonic() - begun < 30
    await keeper.close()
    again = TinyDbKeeper(small_disk.folder / "data")
    assert [kept.text for kept in (await again.read(LEADER)).journal] == [*acknowledged, "Er is weer plaats."]
    assert again.damaged() == 0
    await again.close()


async def test_dur_3_when_a_segment_does_not_fit_the_page_waits_with_it_and_nobody_is_refused(small_disk, monkeypatch):
    # Without tails, so that each turn replaces the main file.
    monkeypatch.setattr(tail, "FULL", 0)
    keeper = TinyDbKeeper(small_disk.folder / "data")
    texts = [f"{number} " + "woorden " * 30 for number in range(main_file.MOST + 200)]
    first = main_file.MOST - 1
    await keeper.write(Entry(conversation(), tuple(reflection(number, texts[number]) for number in range(first))))
    for number in range(first, first + 60):
        await keeper.write(Entry(conversation(), (reflection(number, texts[number]),)))
    leaders = small_disk.folder / "data" / "leaders"
    [part] = leaders.glob("*.part")
    room = os.statvfs(small_disk.folder)
    ballast = small_disk.folder / "ballast"
    # Room for a main file of 110 beside itself, now that it holds 57; but by then not for a segment of 153.
    left = part.stat().st_size * (2 * 110 - 57) // 102
    ballast.write_bytes(bytes(room.f_bavail * room.f_bsize - left))
    acknowledged = texts[: first + 60]
    with pytest.raises(KeeperUnavailable, match=r"\.page cannot be written: No space left"):
        await write_all(keeper, texts, acknowledged)
    assert len(acknowledged) > 2 * main_file.MOST + 2
    assert list(leaders.glob("*.part")) == [part]
    ballast.unlink()
    await write_all(keeper, texts, acknowledged)
    assert list(leaders.glob("*.part")) != [part]
    await keeper.close()
    keeper = TinyDbKeeper(small_disk.folder / "data")
    assert [kept.text for kept in (await keeper.read(LEADER)).journal] == texts
    assert list(leaders.glob("*.tmp")) == []
    await keeper.close()
