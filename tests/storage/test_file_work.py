"""Work on files in threads: everything is done once, told to whoever asked, and never behind a disk that waits."""

import asyncio
import threading

import pytest

from storage.file_work import EACH, FileWork

pytestmark = pytest.mark.asyncio


@pytest.fixture
def files():
    files = FileWork(4)
    yield files
    files.close()


async def test_everything_is_done_once_and_whoever_asked_gets_what_it_gave(files):
    done = []

    async def ask(number):
        assert await files.do(lambda: done.append(number) or number) == number
        await asyncio.sleep(0)
        return await files.do(lambda: number * 2)

    assert await asyncio.gather(*map(ask, range(500))) == [number * 2 for number in range(500)]
    assert sorted(done) == list(range(500))


async def test_a_fault_reaches_whoever_asked_and_nobody_else(files):
    def broken():
        raise OSError("the disk is gone")

    asked = [files.do(broken if number % 3 == 0 else lambda: "well") for number in range(9)]
    found = await asyncio.gather(*asked, return_exceptions=True)
    assert [isinstance(one, OSError) for one in found] == [number % 3 == 0 for number in range(9)]
    assert found.count("well") == 6


async def test_whoever_no_longer_waits_stops_nobody(files):
    go_on = threading.Event()
    first = asyncio.create_task(files.do(go_on.wait))
    second = asyncio.create_task(files.do(lambda: "well"))
    await asyncio.sleep(0)
    first.cancel()
    go_on.set()
    assert await second == "well"
    assert await files.do(lambda: "well") == "well"


async def test_little_work_takes_one_thread_and_a_slow_disk_takes_more(files):
    go_on, threads = threading.Event(), set()

    def slow():
        threads.add(threading.get_ident())
        go_on.wait(10)

    waiting = [asyncio.create_task(files.do(slow)) for _ in range(EACH)]
    await asyncio.sleep(0)
    assert files._at_work == 1
    waiting += [asyncio.create_task(files.do(slow)) for _ in range(20 * EACH)]
    await asyncio.sleep(0)
    assert files._at_work == 4
    go_on.set()
    await asyncio.gather(*waiting)
    assert len(threads) == 4


async def test_what_comes_when_a_thread_has_just_looked_for_the_last_time_is_done_too(files, monkeypatch):
    hear, left = FileWork._hear, []

    def while_more_comes(self, outcomes, left_over, loop):
        assert not left_over
        monkeypatch.undo()
        left.extend(loop.create_task(files.do(lambda: "late")) for _ in range(EACH))
        loop.call_soon(hear, self, outcomes, left_over, loop)

    monkeypatch.setattr(FileWork, "_hear", while_more_comes)
    assert await files.do(lambda: "early") == "early"
    assert await asyncio.wait_for(asyncio.gather(*left), 10) == ["late"] * EACH
