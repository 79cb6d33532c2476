"""Kills and full disks: what was acknowledged is there afterwards, and the rest is as if it had not been tried."""

import json
import random
import subprocess
import sys
from pathlib import Path

import pytest
from tinydb import TinyDB

from dialogues.errors import KeeperUnavailable
from dialogues.ports import Entry
from storage.in_tinydb import TinyDbKeeper
from tests.storage.examples import LEADER, OTHER, conversation, reflection

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


@pytest.mark.parametrize("seed", [1, 2, 3, 4])
async def test_after_a_kill_every_acknowledged_write_is_there(tmp_path, seed):
    chance = random.Random(seed)
    acknowledged = 0
    for _ in range(5):
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


async def test_a_full_disk_is_said_and_forgotten_once_there_is_room(small_disk):
    keeper = TinyDbKeeper(small_disk.folder / "data")
    await keeper.write(Entry(conversation(OTHER), (reflection(1),)))
    ballast = small_disk.folder / "ballast"
    ballast.write_bytes(b"x" * 100_000)

    async def fill():
        for number in range(1000):
            await keeper.write(Entry(conversation(), (reflection(number, "woorden " * 200),)))

    with pytest.raises(KeeperUnavailable, match="No space left on device"):
        await fill()
    kept = len((await keeper.read(LEADER)).journal)
    assert kept > 10
    for _ in range(3):
        with pytest.raises(KeeperUnavailable):
            await keeper.write(Entry(conversation(language="en"), (reflection(kept, "woorden " * 200),)))
    page = await keeper.read(LEADER)
    assert page.conversation == conversation()
    assert len(page.journal) == kept
    assert (await keeper.read(OTHER)).journal == (reflection(1),)
    ballast.unlink()
    await keeper.write(Entry(conversation(), (reflection(kept),)))
    await keeper.close()
    assert await journal_in(small_disk.folder / "data") == [f"r{number}" for number in range(kept + 1)]
