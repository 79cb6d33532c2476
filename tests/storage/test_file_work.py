"""Work on files in threads: everything is done once and told to whoever asked, also where the disk is slow."""

import asyncio
import threading

import pytest

from dialogues.errors import KeeperUnavailable
from storage import file_work
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


async def test_little_work_takes_one_thread_and_much_takes_more(files):
    go_on = threading.Event()
    try:
        waiting = [asyncio.create_task(files.do(lambda: go_on.wait(10))) for _ in range(EACH)]
        await asyncio.sleep(0)
        assert files._at_work == 1
        waiting += [asyncio.create_task(files.do(lambda: go_on.wait(10))) for _ in range(20 * EACH)]
        await asyncio.sleep(0)
        assert files._at_work == 4
    finally:
        go_on.set()
    await asyncio.gather(*waiting)


async def test_where_a_piece_took_long_the_others_wait_for_the_disk_together(files, monkeypatch):
    monkeypatch.setattr(file_work, "TELL", 0)
    monkeypatch.setattr(file_work, "SLOW", 0)
    together = threading.Barrier(4)
    await files.do(lambda: "slow")
    await asyncio.gather(*(files.do(lambda: together.wait(10)) for _ in range(4)))


async def test_what_waited_behind_a_slow_piece_gets_threads_when_that_is_done(files, monkeypatch):
    monkeypatch.setattr(file_work, "TELL", 0)
    monkeypatch.setattr(file_work, "SLOW", 0)
    go_on, together = threading.Event(), threading.Barrier(4)
    slow = asyncio.create_task(files.do(lambda: go_on.wait(10)))
    others = [asyncio.create_task(files.do(lambda: together.wait(10))) for _ in range(4)]
    await asyncio.sleep(0)
    go_on.set()
    await asyncio.gather(slow, *others)


async def test_what_waits_behind_a_piece_that_hangs_gets_a_thread(files):
    go_on = threading.Event()
    hanging = asyncio.create_task(files.do(lambda: go_on.wait(30)))
    try:
        assert await asyncio.wait_for(files.do(lambda: "well"), 20) == "well"
    finally:
        go_on.set()
    await hanging


async def test_without_a_thread_whoever_asks_is_refused_and_nothing_is_done_or_counted_later(files, monkeypatch):
    def refuse(_thread):
        raise RuntimeError("can't start new thread")

    done = []
    with monkeypatch.context() as here:
        here.setattr(threading.Thread, "start", refuse)
        with pytest.raises(KeeperUnavailable):
            await files.do(lambda: done.append("refused"))
    for _ in range(3):
        await files.do(lambda: done.append("later"))
    assert done == ["later"] * 3
    files.close()
    await asyncio.sleep(0)
    assert files._at_work == 0


async def test_a_fault_that_no_future_takes_is_told_as_another(files):
    with pytest.raises(RuntimeError):
        await files.do(lambda: next(iter(())))
    assert await files.do(lambda: "well") == "well"


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
