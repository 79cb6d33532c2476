"""What files ask of a keeper besides its promises: damage is noticed, erased is gone, and the loop goes on."""

import asyncio
import os
import random
import stat
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from dialogues.coaching import CoachId, Link
from dialogues.conversation import LeaderId
from dialogues.errors import KeeperUnavailable, PageUnreadable
from dialogues.ports import Entry, Page
from storage import disk as disk_steps
from storage import main_file, tail
from storage.atomic_file import UNFINISHED, Folder, NotFlushed
from storage.leader_file import LeaderFile
from storage.master_keys import KeySource
from storage.recent import Recent
from storage.verifying import Verdict, verify
from tests.storage.examples import LEADER, NOW, OTHER, conversation, letter, moment, reflection

pytestmark = pytest.mark.asyncio

CANARY = "kanarie-7f3a"


async def written(tiny, *entries):
    keeper = tiny.open()
    for entry in entries:
        await keeper.write(entry)
    await keeper.close()
    return tiny.file(LEADER)


def spoilt(content, chance, flips, cuts):
    """Bit flips, truncations, and junk behind."""
    for _ in range(flips):
        place = chance.randrange(len(content))
        yield content[:place] + bytes([content[place] ^ 1 << chance.randrange(8)]) + content[place + 1 :]
    for length in [0, 1, len(content) - 1, *(chance.randrange(len(content)) for _ in range(cuts - 3))]:
        yield content[:length]
    yield from (content + junk for junk in (b"\n", b"\0", b"}", content))


@pytest.mark.parametrize("seed", [1, 2, 3])
async def test_dur_7_every_flipped_bit_truncation_and_trailing_junk_is_noticed(tiny, seed):
    page = tuple(reflection(number) for number in range(main_file.MOST))
    file = await written(tiny, Entry(conversation(), page), Entry(conversation(), (reflection("r"),), (letter(1),)))
    [part] = tiny.parts(LEADER)
    keys = tiny.open_keys()
    leaders, name = Folder(file.parent), file.stem
    for path in (file, part):
        whole = path.read_bytes()
        for content in spoilt(whole, random.Random(seed), 250, 100):
            path.write_bytes(content)
            with pytest.raises(PageUnreadable):
                LeaderFile(leaders, keys, name, expected=True)
            assert path.read_bytes() == content
        path.write_bytes(whole)
    assert len(tiny.opened(LEADER).page.journal) == main_file.MOST + 1


@pytest.mark.parametrize("which", ["page", "part", "key"])
async def test_dur_7_damage_stays_with_one_leader_and_is_reported_by_its_hash(tiny, which):
    page = tuple(reflection(number) for number in range(main_file.MOST))
    file = await written(
        tiny, Entry(conversation(OTHER)), Entry(conversation(), page), Entry(conversation(), (reflection("r"),))
    )
    [part] = tiny.parts(LEADER)
    [key] = tiny.keys.glob(f"{file.stem}.*.key")
    path = {"page": file, "part": part, "key": key}[which]
    for content in spoilt(path.read_bytes(), random.Random(which), 20, 10):
        path.write_bytes(content)
        found = {finding.leader: finding.verdict for finding in verify(tiny.folder, KeySource(tiny.keys))}
        assert found.pop(file.stem[:8]) in {Verdict.DAMAGED, Verdict.UNKNOWN_KEY}
        assert list(found.values()) == [Verdict.OK]
    keeper = tiny.open()
    with pytest.raises(PageUnreadable):
        await keeper.read(LEADER)
    await keeper.write(Entry(conversation(OTHER), (reflection(1),)))
    await keeper.close()
    assert path.read_bytes() == content


async def test_a_damaged_page_is_counted_until_it_is_restored(tiny):
    file = await written(
        tiny, Entry(conversation(moments=(moment("p1"),)), (reflection(1),)), Entry(conversation(OTHER))
    )
    whole = file.read_bytes()
    file.write_bytes(whole[:-1])
    keeper = tiny.open()
    assert keeper.damaged() == 1
    with pytest.raises(PageUnreadable):
        await keeper.read(LEADER)
    assert keeper.damaged() == 1
    file.write_bytes(whole)
    assert (await keeper.read(LEADER)).journal == (reflection(1),)
    assert keeper.damaged() == 0
    assert await keeper.due(NOW) == [(LEADER, moment("p1"))]
    await keeper.close()


async def test_a_page_that_vanished_is_a_loss_and_no_new_beginning(tiny):
    file = await written(tiny, Entry(conversation(), (reflection(1),)))
    keeper = tiny.open()
    file.unlink()
    with pytest.raises(PageUnreadable):
        await keeper.read(LEADER)
    with pytest.raises(PageUnreadable):
        await keeper.write(Entry(conversation()))
    assert not file.exists()
    await keeper.close()


async def test_a_folder_that_vanished_is_no_empty_store(tiny):
    file = await written(tiny, Entry(conversation()))
    keeper = tiny.open()
    file.parent.rename(tiny.folder / "elsewhere")
    for call in (keeper.read(OTHER), keeper.write(Entry(conversation(OTHER)))):
        with pytest.raises(KeeperUnavailable):
            await call
    assert not file.parent.exists()
    await keeper.close()


async def test_a_page_under_the_name_of_somebody_else_is_not_shown_to_them(tiny):
    file = await written(tiny, Entry(conversation(moments=(moment("p1"),))))
    file.rename(tiny.file(OTHER))
    keeper = tiny.open()
    assert keeper.damaged() == 1
    assert await keeper.due(NOW) == []
    with pytest.raises(PageUnreadable):
        await keeper.read(OTHER)
    await keeper.close()


async def test_a_file_name_does_not_show_who_it_is(tiny):
    file = await written(tiny, Entry(conversation()))
    assert len(file.stem) == 32
    assert not any(part in str(file.relative_to(tiny.folder)) for part in ("telegram", "4711"))


async def test_everything_is_private_whatever_the_mask_was(tiny):
    before = os.umask(0)
    try:
        file = await written(tiny, Entry(conversation()))
        file.chmod(0o644)
        tiny.folder.chmod(0o755)
        keeper = tiny.open()
        await keeper.close()
    finally:
        os.umask(before)
    folders = (tiny.folder, tiny.keys)
    paths = [path for folder in folders for path in [folder, *folder.rglob("*")]]
    modes = {path: stat.S_IMODE(path.stat().st_mode) for path in paths}
    assert modes == {path: 0o700 if path.is_dir() else 0o600 for path in modes}


async def test_what_a_crash_left_half_written_is_removed_at_the_next_start(tiny):
    file = await written(tiny, Entry(conversation()))
    half = file.with_name(file.name + UNFINISHED)
    half.write_text(CANARY)
    keeper = tiny.open()
    assert not half.exists()
    assert await keeper.read(LEADER) == Page(conversation())
    await keeper.close()


async def test_a_segment_that_no_page_names_is_removed_at_the_next_start(tiny):
    many = tuple(reflection(number) for number in range(main_file.MOST))
    await written(tiny, Entry(conversation(), many), Entry(conversation(), (reflection("r"),)))
    [part] = tiny.parts(LEADER)
    orphan = part.with_name(part.name.replace(part.name.split(".")[1], "0" * 16))
    orphan.write_bytes(part.read_bytes())
    keeper = tiny.open()
    assert tiny.parts(LEADER) == [part]
    assert len((await keeper.read(LEADER)).journal) == main_file.MOST + 1
    await keeper.close()


async def test_segments_of_which_the_page_vanished_are_a_loss_and_no_beginning(tiny):
    many = tuple(reflection(number) for number in range(main_file.MOST))
    file = await written(tiny, Entry(conversation(), many), Entry(conversation(), (reflection("r"),)))
    file.unlink()
    keeper = tiny.open()
    assert keeper.damaged() == 1
    with pytest.raises(PageUnreadable):
        await keeper.write(Entry(conversation()))
    assert len(tiny.parts(LEADER)) == 1
    await keeper.close()


class Disk:
    """Stands between a keeper and the flush to disk: counts, fails once, or waits."""

    def __init__(self, monkeypatch):
        self.flushes = 0
        self.fails_at = 0
        self.fails_on = False
        self.entered = threading.Event()
        self.may_go = threading.Event()
        self.may_go.set()
        self._flush = os.fsync
        monkeypatch.setattr(disk_steps.os, "fsync", self)

    def __call__(self, descriptor):
        self.flushes += 1
        self.entered.set()
        assert self.may_go.wait(5)
        if self.flushes == self.fails_at or (self.fails_on and self.flushes > self.fails_at):
            raise OSError(5, "Input/output error")
        self._flush(descriptor)


def life(keeper):
    """A short life in which every kind of file is written: key, page, tail, segment, ledger."""
    many = tuple(reflection(number) for number in range(main_file.MOST))
    return [
        lambda: keeper.write(Entry(conversation(), many, (letter(1),))),
        lambda: keeper.write(Entry(conversation(), (reflection("tail"),))),
        lambda: keeper.write(Entry(conversation(), (reflection(0, "Beter."),))),
        lambda: keeper.delivered(LEADER, 1),
        lambda: keeper.write(Entry(conversation(), (reflection(1, "Beter."),))),
        # More than fits in the tail: the main file is replaced, and the older reflections move to a segment.
        lambda: keeper.write(Entry(conversation(), (reflection("segment", MORE_THAN_A_TAIL),))),
        lambda: keeper.write(Entry(conversation(OTHER), (reflection(1),))),
        lambda: keeper.write(Entry(conversation(OTHER), (reflection(2),))),
        lambda: keeper.erase(OTHER),
        lambda: keeper.write(Entry(conversation(OTHER), (reflection(2, "Opnieuw."),))),
        lambda: keeper.write(Entry(conversation(OTHER), (reflection(3),))),
    ]


FLUSHES = 29
"""How often a short life asks the disk to confirm something."""

MORE_THAN_A_TAIL = "woorden " * (tail.FULL // 8)
LIFE_ENDS = (
    {
        **{f"r{number}": "Beter." if number < 2 else reflection(1).text for number in range(main_file.MOST)},
        "rtail": reflection(1).text,
        "rsegment": MORE_THAN_A_TAIL,
    },
    {"r2": "Opnieuw.", "r3": reflection(1).text},
)


async def texts(keeper, leader):
    page = await keeper.read(leader)
    return {} if page is None else {kept.id: kept.text for kept in page.journal}


async def test_dur_5_every_flush_of_a_short_life_is_tried(tiny, monkeypatch):
    keeper = tiny.open()
    disk = Disk(monkeypatch)
    for step in life(keeper):
        await step()
    assert disk.flushes == FLUSHES
    assert len(tiny.parts(LEADER)) == 1
    assert tiny.tail(OTHER).exists()
    await keeper.close()


@pytest.mark.parametrize("fails_at", range(1, FLUSHES + 1))
async def test_dur_5_a_flush_that_fails_is_never_acknowledged_and_costs_nothing_kept(tiny, monkeypatch, fails_at):
    keeper = tiny.open()
    disk = Disk(monkeypatch)
    disk.fails_at = fails_at
    refused = 0
    for step in life(keeper):
        before = await texts(keeper, LEADER)
        try:
            await step()
        except KeeperUnavailable:
            refused += 1
            await asyncio.gather(*keeper._under_way, return_exceptions=True)
            assert list(tiny.folder.rglob("*" + UNFINISHED)) == []
            # What was refused is not in the page, and not in any file either.
            assert await texts(keeper, LEADER) == before
            if before:
                assert before == {kept.id: kept.text for kept in tiny.opened(LEADER).page.journal}
            await step()
    assert refused == 1
    assert (await texts(keeper, LEADER), await texts(keeper, OTHER)) == LIFE_ENDS
    await keeper.close()
    again = tiny.open()
    assert (await texts(again, LEADER), await texts(again, OTHER)) == LIFE_ENDS
    await again.close()


@pytest.mark.parametrize("fails_from", range(1, FLUSHES + 1))
async def test_dur_5_a_disk_that_keeps_failing_gets_nothing_acknowledged_and_loses_nothing(
    tiny, monkeypatch, fails_from
):
    keeper = tiny.open()
    acknowledged = []
    with monkeypatch.context() as here:
        disk = Disk(here)
        disk.fails_at, disk.fails_on = fails_from, True
        for number, step in enumerate(life(keeper)):
            flushed = disk.flushes
            try:
                await step()
            except KeeperUnavailable:
                assert disk.flushes >= fails_from
            else:
                assert disk.flushes < fails_from or disk.flushes == flushed
                acknowledged.append(number)
        await keeper.close()
    again = tiny.open()
    assert again.damaged() == 0
    journal = await texts(again, LEADER)
    kept = {0: ("r2", reflection(1).text), 1: ("rtail", reflection(1).text), 2: ("r0", "Beter."), 4: ("r1", "Beter.")}
    for number, (name, text) in kept.items():
        if number in acknowledged:
            assert journal[name] == text
    for step in life(again)[len(acknowledged) :]:
        await step()
    assert (await texts(again, LEADER), await texts(again, OTHER)) == LIFE_ENDS
    await again.close()


@pytest.mark.parametrize("text", ["Kort.", MORE_THAN_A_TAIL], ids=["tail", "main file"])
@pytest.mark.parametrize("flush", [1, 2], ids=["content", "name"])
async def test_dur_5_what_was_refused_is_undone_at_once(tiny, monkeypatch, flush, text):
    keeper = tiny.open()
    await keeper.write(Entry(conversation(), (reflection(1),)))
    acknowledged = await keeper.read(LEADER)
    disk = Disk(monkeypatch)
    disk.fails_at = flush
    entry = Entry(conversation(), (reflection(2, text),), update="u2", at=NOW)
    with pytest.raises(KeeperUnavailable):
        await keeper.write(entry)
    await asyncio.gather(*keeper._under_way)
    # Without anybody having asked for it.
    assert tiny.opened(LEADER).page == acknowledged
    assert not list(tiny.file(LEADER).parent.glob("*" + tail.ENDING))
    assert await keeper.read(LEADER) == acknowledged
    await keeper.write(entry)
    assert [kept.id for kept in tiny.opened(LEADER).page.journal] == ["r1", "r2"]
    await keeper.close()


async def test_dur_5_what_could_not_be_undone_at_once_is_undone_before_it_is_read(tiny, monkeypatch):
    keeper = tiny.open()
    await keeper.write(Entry(conversation(), (reflection(1),)))
    acknowledged = await keeper.read(LEADER)
    with monkeypatch.context() as here:
        Disk(here).fails_on = True
        with pytest.raises(KeeperUnavailable):
            await keeper.write(Entry(conversation(), (reflection(2),)))
        await asyncio.gather(*keeper._under_way, return_exceptions=True)
        assert tiny.opened(LEADER).page != acknowledged
        with pytest.raises(KeeperUnavailable):
            await keeper.read(LEADER)
    assert await keeper.read(LEADER) == acknowledged == tiny.opened(LEADER).page
    await keeper.close()


@pytest.mark.parametrize("flush", range(1, 4))
async def test_dur_5_a_flush_that_fails_while_the_keeper_closes_costs_nothing(tiny, monkeypatch, flush):
    keeper = tiny.open()
    await keeper.write(Entry(conversation(), (reflection(1),)))
    await keeper.write(Entry(conversation(), (reflection(2),)))
    await keeper.delivered(LEADER, 1)
    with monkeypatch.context() as here:
        Disk(here).fails_at = flush
        await keeper.close()
    again = tiny.open()
    assert [kept.id for kept in (await again.read(LEADER)).journal] == ["r1", "r2"]
    await again.close()


async def test_dur_5_known_bad_without_undoing_it_a_refused_change_is_in_the_tail(tiny, monkeypatch):
    monkeypatch.setattr(LeaderFile, "undo", lambda file: None)
    keeper = tiny.open()
    await keeper.write(Entry(conversation(), (reflection(1),)))
    disk = Disk(monkeypatch)
    disk.fails_at = 1
    with pytest.raises(KeeperUnavailable):
        await keeper.write(Entry(conversation(), (reflection(2),)))
    await asyncio.gather(*keeper._under_way)
    assert [kept.id for kept in (await keeper.read(LEADER)).journal] == ["r1", "r2"]
    await keeper.close()


async def test_dur_5_a_shared_flush_that_fails_fails_for_everyone_who_shared_it(tmp_path, monkeypatch):
    folder = Folder(tmp_path)
    begun, may_go = threading.Event(), threading.Event()
    flushes = []

    def flush(path):
        flushes.append(path)
        begun.set()
        assert may_go.wait(5)
        if len(flushes) == 2:
            raise disk_steps.FlushFailed(5, "Input/output error")

    monkeypatch.setattr(disk_steps, "flush_folder", flush)
    with ThreadPoolExecutor(4) as threads:
        first = threads.submit(folder.remove, [])
        assert begun.wait(5)
        others = [threads.submit(folder.remove, []) for _ in range(3)]
        while folder._flush._asked < 4:  # noqa: ASYNC110 - threads tell no event
            await asyncio.sleep(0)
        may_go.set()
        assert first.exception(5) is None
        assert [type(other.exception(5)) for other in others] == [NotFlushed] * 3
    assert len(flushes) == 2
    folder.remove([])
    assert len(flushes) == 3


async def test_the_loop_and_other_leaders_go_on_while_a_write_waits_for_the_disk(tiny, monkeypatch):
    keeper = tiny.open()
    await keeper.write(Entry(conversation(OTHER)))
    disk = Disk(monkeypatch)
    disk.may_go.clear()
    write = asyncio.create_task(keeper.write(Entry(conversation(), (reflection(1),))))
    await asyncio.to_thread(disk.entered.wait, 5)
    assert await keeper.read(OTHER) == Page(conversation(OTHER))
    read = asyncio.create_task(keeper.read(LEADER))
    await keeper.waiting()
    assert not read.done()
    disk.may_go.set()
    await write
    assert (await read).journal == (reflection(1),)
    await keeper.close()


async def test_who_stops_waiting_for_a_write_does_not_break_it(tiny, monkeypatch):
    keeper = tiny.open()
    disk = Disk(monkeypatch)
    disk.may_go.clear()
    write = asyncio.create_task(keeper.write(Entry(conversation(), (reflection(1),))))
    await asyncio.to_thread(disk.entered.wait, 5)
    write.cancel()
    with pytest.raises(asyncio.CancelledError):
        await write
    following = asyncio.create_task(keeper.write(Entry(conversation(), (reflection(2),))))
    closing = asyncio.create_task(keeper.close())
    for _ in range(10):
        await asyncio.sleep(0)
    assert not closing.done()
    disk.may_go.set()
    await following
    await closing
    keeper = tiny.open()
    assert [kept.id for kept in (await keeper.read(LEADER)).journal] == ["r1", "r2"]
    await keeper.close()


async def test_a_page_in_memory_is_not_read_again(tiny):
    await written(tiny, Entry(conversation(), (reflection(1),)))
    keeper = tiny.open()
    first = await keeper.read(LEADER)
    assert await keeper.read(LEADER) is first
    await keeper.close()


async def test_what_falls_out_of_memory_is_read_from_disk(tiny):
    keeper = tiny.open()
    keeper._recent = Recent(2, 10**6)
    leaders = [LeaderId(f"leader {number}") for number in range(5)]
    for leader in leaders * 2:
        await keeper.write(Entry(conversation(leader), (reflection(1),)))
        assert len(keeper._recent._files) <= 2
    assert [(await keeper.read(leader)).conversation.leader for leader in leaders] == leaders
    await keeper.close()


async def test_the_page_that_was_not_used_for_longest_leaves_memory_first(tiny):
    keeper = tiny.open()
    keeper._recent = Recent(2, 10**6)
    await keeper.write(Entry(conversation(LEADER)))
    await keeper.write(Entry(conversation(OTHER)))
    await keeper.read(LEADER)
    await keeper.write(Entry(conversation(LeaderId("third"))))
    assert list(keeper._recent._files) == [LEADER, "third"]
    await keeper.close()


async def test_large_pages_leave_memory_before_there_are_many(tiny):
    keeper = tiny.open()
    keeper._recent = Recent(512, 24_000)
    for number in range(6):
        await keeper.write(Entry(conversation(LeaderId(f"leader {number}")), (reflection(1, "woord " * 1000),)))
    assert list(keeper._recent._files) == [f"leader {number}" for number in (3, 4, 5)]
    await keeper.close()


async def test_a_page_that_is_read_once_more_is_no_other_version_to_a_coach_and_a_changed_one_is(tiny):
    keeper = tiny.open()
    keeper._recent = Recent(1, 1_000_000)
    link = Link(CoachId("anna"), "handle", "Anna", "De Praktijk", inside=False, since=NOW)
    await keeper.write(Entry(conversation(links=(link,))))
    await keeper.write(Entry(conversation(OTHER)))  # there is room for one page in memory
    seen = await keeper.linked(link.coach)
    await keeper.read(LEADER)
    assert await keeper.linked(link.coach) == seen
    await keeper.write(Entry(conversation(links=(link,), language="en")))
    assert await keeper.linked(link.coach) != seen
    await keeper.close()


@pytest.mark.parametrize("size", [50, 500, 2000])
async def test_saving_stays_quick_with_years_of_reflections(tiny, size):
    keeper = tiny.open()
    await keeper.write(Entry(conversation(), tuple(reflection(number, "woorden " * 40) for number in range(size))))
    durations = []
    for number in range(21):
        begun = time.perf_counter()
        await keeper.write(Entry(conversation(), (reflection(f"new{number}"),), (letter(number),), f"u{number}", NOW))
        durations.append(time.perf_counter() - begun)
    assert sorted(durations)[10] < 0.050
    await keeper.close()
