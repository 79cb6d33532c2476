"""The tail of a page: what stands in it counts, what is damaged there is noticed, and it goes when it can."""

import asyncio
import json
import os
import random
import shutil
from dataclasses import fields, replace
from pathlib import Path

import pytest

from dialogues.conversation import LeaderId
from dialogues.errors import KeeperUnavailable, PageUnreadable
from dialogues.ports import Entry, Page
from storage import disk, tail
from storage.backup import back_up
from storage.changes import Arrived, _Beside, read_changes, write_change
from storage.codec import document_of
from storage.in_tinydb import TinyDbKeeper
from storage.journal import read_page
from storage.master_keys import KeySource
from storage.recent import Recent
from storage.restoring import Restored, restore
from storage.verifying import Verdict, verify
from tests.storage.conftest import Tiny
from tests.storage.examples import LEADER, NOW, OTHER, conversation, filled, letter, reflection

pytestmark = pytest.mark.asyncio

PAGES = Path(__file__).parent / "pages"
MORE_THAN_A_TAIL = "woorden " * (tail.FULL // 8)


async def lived(tiny, count=6):
    """A keeper at work, and the pages of LEADER after each change, the newest *count* of which stand in the tail."""
    keeper = tiny.open()
    await keeper.write(Entry(conversation(OTHER), (reflection(1),)))
    await keeper.write(Entry(conversation(), (reflection(0),), (letter(1, "brief"),)))
    pages = [await keeper.read(LEADER)]
    changes = [
        lambda number: keeper.write(
            Entry(conversation(), (reflection(number),), (letter(number + 1),), f"u{number}", NOW)
        ),
        lambda number: keeper.delivered(LEADER, pages[-1].letters[0].number),
        lambda number: keeper.write(Entry(conversation(counted={"n": number}), (reflection(0, f"Beter {number}."),))),
    ]
    for number in range(1, count + 1):
        await changes[number % len(changes)](number)
        pages.append(await keeper.read(LEADER))
    return keeper, pages


def left_behind(tiny, folder):
    """What a process that was killed right now leaves, in *folder*."""
    for whole in (tiny.folder, tiny.keys):
        shutil.copytree(whole, folder / whole.name)
    return Tiny(folder / tiny.folder.name)


async def test_a_change_is_added_to_the_tail_and_the_main_file_stays(tiny):
    keeper, _ = await lived(tiny, 1)
    main, size = tiny.content(LEADER), tiny.tail(LEADER).stat().st_size
    await keeper.write(Entry(conversation(), (reflection(8),)))
    assert tiny.content(LEADER) == main
    assert tiny.tail(LEADER).stat().st_size > size
    await keeper.close()


async def test_a_turn_takes_one_flush_and_a_letter_that_arrived_none(tiny, monkeypatch):
    keeper, _ = await lived(tiny, 2)
    flushes = []
    monkeypatch.setattr(disk.os, "fsync", flushes.append)
    await keeper.write(Entry(conversation(), (reflection(8),)))
    assert len(flushes) == 1
    await keeper.delivered(LEADER, 1)
    assert len(flushes) == 1
    assert tiny.opened(LEADER).page == await keeper.read(LEADER)
    await keeper.close()


async def test_a_process_that_is_killed_leaves_everything_to_the_next_which_settles_it(tiny, tmp_path):
    keeper, pages = await lived(tiny)
    left = left_behind(tiny, tmp_path / "left")
    await keeper.close()
    again = left.open()
    assert LEADER in await again.waiting()
    assert await again.read(LEADER) == pages[-1]
    await again.close()
    assert not list(left.folder.rglob("*" + tail.ENDING))
    assert left.opened(LEADER).page == pages[-1]


async def test_a_start_after_a_kill_waits_for_no_disk(tiny, tmp_path, monkeypatch):
    keeper, _ = await lived(tiny)
    left = left_behind(tiny, tmp_path / "left")
    await keeper.close()
    flushes = []
    with monkeypatch.context() as here:
        here.setattr(disk.os, "fsync", flushes.append)
        again = left.open()
    assert flushes == []
    await again.close()


async def test_a_keeper_that_closes_leaves_no_tail(tiny):
    keeper, pages = await lived(tiny)
    await keeper.close()
    assert not list(tiny.folder.rglob("*" + tail.ENDING))
    assert tiny.opened(LEADER).page == pages[-1]


async def test_a_page_that_leaves_memory_is_settled_and_one_that_comes_back_first_is_not_read_again(tiny):
    keeper = tiny.open()
    keeper._recent = Recent(2, 10**6)
    leaders = [LeaderId(f"leader {number}") for number in range(4)]
    for number in range(3):
        for leader in leaders:
            await keeper.write(Entry(conversation(leader), (reflection(number),)))
    while keeper._under_way:
        await next(iter(keeper._under_way))
    assert not keeper._leaving
    assert len(list(tiny.folder.rglob("*" + tail.ENDING))) == 2
    for leader in leaders:
        assert len((await keeper.read(leader)).journal) == 3
    await keeper.close()


async def test_what_does_not_fit_in_the_tail_goes_into_the_main_file_with_all_that_stood_there(tiny):
    keeper, _ = await lived(tiny)
    old = tiny.tail(LEADER)
    await keeper.write(Entry(conversation(), (reflection("long", MORE_THAN_A_TAIL),)))
    assert not old.exists()
    assert tiny.opened(LEADER).page == await keeper.read(LEADER)
    await keeper.close()


async def test_a_tail_never_grows_beyond_its_measure(tiny):
    keeper = tiny.open()
    await keeper.write(Entry(conversation()))
    for number in range(100):
        await keeper.write(Entry(conversation(), (reflection(number, "woorden " * 300),)))
        assert sum(path.stat().st_size for path in tiny.folder.rglob("*" + tail.ENDING)) <= tail.FULL
    assert len(tiny.opened(LEADER).page.journal) == 100
    await keeper.close()


async def test_the_tail_of_an_earlier_main_file_is_not_taken_and_is_removed(tiny, tmp_path):
    keeper, _ = await lived(tiny)
    old = tiny.tail(LEADER)
    content = old.read_bytes()
    await keeper.write(Entry(conversation(counted={"n": 99}), (reflection("long", MORE_THAN_A_TAIL),)))
    page = await keeper.read(LEADER)
    await keeper.close()
    old.write_bytes(content)
    keeper = tiny.open()
    assert not old.exists()
    assert await keeper.read(LEADER) == page
    await keeper.close()


def spoilt(content, chance):
    for _ in range(250):
        place = chance.randrange(len(content))
        yield content[:place] + bytes([content[place] ^ 1 << chance.randrange(8)]) + content[place + 1 :]
    yield from (content + junk for junk in (b"\n", b"}", content, b"mindshaft", b"x" * 5000))
    yield content[1:]


async def flipped(tiny, seed):
    """Spoil the tail of LEADER in every way, and return how often that was not noticed."""
    path = tiny.tail(LEADER)
    whole = path.read_bytes()
    unnoticed = 0
    for content in spoilt(whole, random.Random(seed)):
        path.write_bytes(content)
        try:
            tiny.opened(LEADER)
            unnoticed += 1
        except PageUnreadable:
            assert path.read_bytes() == content
    path.write_bytes(whole)
    return unnoticed


@pytest.mark.parametrize("seed", [1, 2, 3])
async def test_dur_7_every_flipped_bit_and_junk_in_a_live_tail_is_noticed(tiny, seed):
    keeper, pages = await lived(tiny)
    assert await flipped(tiny, seed) == 0
    assert tiny.opened(LEADER).page == pages[-1]
    await keeper.close()


async def test_dur_7_known_bad_passing_over_whatever_does_not_open_hides_damage(tiny, monkeypatch):
    keeper, _ = await lived(tiny)
    monkeypatch.setattr(tail, "_left_by_a_crash", lambda content, start: True)
    assert await flipped(tiny, 1) > 200
    await keeper.close()


async def test_dur_7_a_tail_that_is_cut_costs_what_was_cut_off_and_nothing_before(tiny):
    """Behind a cut nobody can tell a loss from a write that was broken off: that is the price of adding."""
    keeper, pages = await lived(tiny)
    path = tiny.tail(LEADER)
    whole = path.read_bytes()
    starts = [at for at in range(len(whole)) if whole.startswith(b"mindshift change ", at)]
    for length in {*starts, *random.Random(1).sample(range(len(whole)), 200)}:
        path.write_bytes(whole[:length])
        assert tiny.opened(LEADER).page == pages[sum(end <= length for end in [*starts[1:], len(whole)])]
    path.write_bytes(whole)
    await keeper.close()


async def test_dur_7_changes_that_are_left_out_moved_doubled_or_of_somebody_else_are_noticed(tiny):
    keeper, _ = await lived(tiny)
    await keeper.write(Entry(conversation(OTHER), (reflection(2),)))
    path, theirs = tiny.tail(LEADER), tiny.tail(OTHER)
    whole = path.read_bytes()
    first, second, *rest = whole.split(b"mindshift change ")[1:]
    for parts in ([second, *rest], [second, first, *rest], [first, first, second, *rest], [first, *rest]):
        path.write_bytes(b"".join(b"mindshift change " + part for part in parts))
        with pytest.raises(PageUnreadable):
            tiny.opened(LEADER)
    path.write_bytes(theirs.read_bytes())
    with pytest.raises(PageUnreadable):
        tiny.opened(LEADER)
    path.write_bytes(whole)
    await keeper.close()


async def test_dur_7_damage_in_a_tail_stays_with_one_leader_is_reported_and_left_as_it_is(tiny, tmp_path):
    keeper, _ = await lived(tiny)
    left = left_behind(tiny, tmp_path / "left")
    await keeper.close()
    path = left.tail(LEADER)
    damaged = bytearray(path.read_bytes())
    damaged[len(damaged) // 2] ^= 1
    path.write_bytes(damaged)
    found = {finding.leader: finding.verdict for finding in verify(left.folder, KeySource(left.keys))}
    assert found == {left.file(LEADER).stem[:8]: Verdict.DAMAGED, left.file(OTHER).stem[:8]: Verdict.OK}
    again = left.open()
    assert again.damaged() == 1
    with pytest.raises(PageUnreadable):
        await again.write(Entry(conversation()))
    await again.write(Entry(conversation(OTHER), (reflection(2),)))
    await again.close()
    assert path.read_bytes() == damaged


async def test_ops_3_a_backup_beside_a_keeper_at_work_holds_what_only_the_tail_holds(tiny, tmp_path):
    keeper, pages = await lived(tiny)
    source = KeySource(tiny.keys)
    assert {finding.verdict for finding in verify(tiny.folder, source)} == {Verdict.OK}
    back_up(tiny.folder, source, tmp_path / "b.tar", lambda *_: None)
    await keeper.close()
    restored = await asyncio.to_thread(restore, tmp_path / "b.tar", tmp_path / "new", source, lambda *_: None)
    assert restored == Restored(leaders=2, erased=0, unreadable=0)
    again = TinyDbKeeper(tmp_path / "new", source)
    assert await again.read(LEADER) == pages[-1]
    await again.close()


async def test_avg_1_the_tail_of_who_is_erased_goes_at_once_and_does_not_come_back(tiny):
    keeper, _ = await lived(tiny)
    path = tiny.tail(LEADER)
    content = path.read_bytes()
    await keeper.erase(LEADER)
    assert not path.exists()
    await keeper.close()
    path.write_bytes(content)
    keeper = tiny.open()
    assert not path.exists()
    assert await keeper.read(LEADER) is None
    await keeper.write(Entry(conversation(), (reflection(9),)))
    await keeper.close()


async def test_dur_3_a_full_disk_at_the_start_leaves_changes_in_the_tail_and_serves_them(tiny, tmp_path, small_disk):
    keeper, pages = await lived(tiny)
    left = left_behind(tiny, small_disk.folder)
    await keeper.close()
    room = os.statvfs(small_disk.folder)
    ballast = small_disk.folder / "ballast"
    ballast.write_bytes(bytes(room.f_bavail * room.f_bsize))
    for _ in range(2):
        again = left.open()
        assert await again.read(LEADER) == pages[-1]
        assert LEADER in await again.waiting()
        with pytest.raises(KeeperUnavailable):
            await again.write(Entry(conversation(), (reflection("long", MORE_THAN_A_TAIL),)))
        assert await again.read(LEADER) == pages[-1]
        await again.close()
    ballast.unlink()
    again = left.open()
    assert await again.read(LEADER) == pages[-1]
    await again.close()
    assert not list(left.folder.rglob("*" + tail.ENDING))


@pytest.mark.parametrize("number", [1, 2, 3])
async def test_a_change_of_an_earlier_format_is_read_as_a_page_is(number):
    document = json.loads((PAGES / f"format_{number}.json").read_text())
    page = read_page(document)
    entry = {name: document[name] for name in ("conversation", "letters")}
    entry |= {"reflections": document["journal"], "update": "u1", "at": NOW.isoformat()}
    whole = json.dumps({"format": number, "entry": entry}).encode()
    changed = {"conversation": {"other": {"language": {"whole": "en"}}}, "update": {"whole": "u2"}}
    after = json.dumps({"format": number, "difference": {"other": changed}}).encode()
    now = replace(page.conversation, language="en")
    assert read_changes([whole, after], {}) == [
        Entry(now, page.journal, page.letters, "u1", NOW),
        Entry(now, update="u2"),
    ]


async def test_an_entry_without_its_conversation_has_all_its_other_fields():
    beside = {(part.name, part.type) for part in fields(_Beside)}
    assert beside == {(part.name, part.type) for part in fields(Entry)} - {("conversation", "Conversation")}


async def test_changes_come_back_as_they_were_written_with_the_conversation_after_the_last():
    page = filled(Page)
    changes = [
        Entry(page.conversation, page.journal, page.letters, "u1", NOW),
        Arrived(3),
        Entry(replace(page.conversation, language="en", current=""), at=NOW),
        Entry(conversation()),
    ]
    before, contents = conversation(), []
    for change in changes:
        contents.append(write_change(change, before))
        before = change.conversation if isinstance(change, Entry) else before
    last = [replace(change, conversation=conversation()) if isinstance(change, Entry) else change for change in changes]
    assert read_changes(contents, document_of(conversation())) == last
    assert read_changes(contents[1:2], document_of(conversation())) == [Arrived(3)]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[]",
        b"\xff",
        b"{}",
        b'{"arrived": 1}',
        b'{"arrived": {"number": 1}, "more": 1}',
        b'{"format": 3, "entry": {}}',
        b'{"format": 3, "entry": {"conversation": {}}}',
        b'{"format": 3, "difference": {"whole": 3}}',
        b'{"format": 3, "difference": {"whole": {"conversation": 3}}}',
        b'{"format": 3, "difference": {"other": {"colour": {"whole": "red"}}}}',
        b'{"format": 3, "difference": {"other": {}}, "more": 1}',
        b'{"format": 99, "entry": {"reflections": []}}',
        b'{"format": 3, "entry": {"reflections": 3}}',
    ],
)
async def test_a_change_that_says_something_else_is_unreadable(content):
    with pytest.raises(PageUnreadable):
        read_changes([content], document_of(conversation()))
