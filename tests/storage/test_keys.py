"""SEC-2, SEC-3 and SEC-6: nothing can be read without the keys, and what happens to keys happens to nothing else."""

import asyncio
import base64
import bz2
import gzip
import lzma
import os
import random
import shutil
import stat
import threading
import zlib

import pytest

from dialogues.conversation import LeaderId
from dialogues.errors import KeeperUnavailable, PageUnreadable
from dialogues.ports import Entry
from storage import disk, main_file
from storage.in_tinydb import TinyDbKeeper
from storage.master_keys import KeySource, decode
from storage.rotation import rotate
from storage.sealed_storage import Safe
from storage.sealing import Seal
from storage.shelf import Shelf
from tests.storage.canaries import canaries, entry_with, forms, found_in
from tests.storage.crash_sweep import memory_folder
from tests.storage.disk_model import Recorder, put, states
from tests.storage.examples import LEADER, NOW, OTHER, conversation, letter, reflection
from tests.storage.test_data_folder import picture

pytestmark = pytest.mark.asyncio

QUIET = {"progress": lambda done, total: None}


async def store(tiny, *entries):
    keeper = tiny.open()
    for entry in entries or (Entry(conversation(), (reflection(1),)),):
        await keeper.write(entry)
    await keeper.close()


async def test_the_search_finds_a_word_in_every_form(tmp_path):
    word = "kanarie0007-é"
    for number, form in enumerate(forms(f"ervoor {word} erna")):
        (tmp_path / "a").write_bytes(b"..." + form + b"...")
        assert found_in([tmp_path], [word]) == [word], number
    for pack in (gzip.compress, zlib.compress, bz2.compress, lzma.compress):
        (tmp_path / "a").write_bytes(pack(word.encode()))
        assert found_in([tmp_path], [word]) == [word]
    (tmp_path / "a").write_bytes(b"")
    assert found_in([tmp_path], [word]) == []


async def test_sec_2_no_word_of_a_page_stands_on_the_disk(tiny):
    words, leader = canaries(), LeaderId("telegram:9007199254740993")
    await store(tiny, entry_with(leader, words), entry_with(leader, words))
    assert len(tiny.parts(leader)) == 1
    assert found_in([tiny.folder, tiny.keys], [*words, leader, leader.partition(":")[2]]) == []


async def test_sec_2_the_search_would_find_them_in_an_unencrypted_store(tiny, monkeypatch):
    """The known-bad variant: the same store without a cipher."""
    monkeypatch.setattr(Seal, "close", lambda self, name, version, content: content)
    words = canaries()
    keeper = tiny.open()
    await keeper.write(entry_with(LEADER, words))
    await keeper.close()
    assert len(found_in([tiny.folder], words)) == len(words)


@pytest.mark.parametrize("how", ["no folder", "no store key", "no master key", "wrong master key", "other keys"])
async def test_sec_2_missing_or_wrong_keys_refuse_and_make_nothing(tiny, tmp_path, how):
    await store(tiny)
    whole = tmp_path / "whole"
    shutil.copytree(tiny.keys, whole)
    if how == "no folder":
        shutil.rmtree(tiny.keys)
    elif how == "no store key":
        next(tiny.keys.glob("store.*.key")).unlink()
    elif how == "no master key":
        (tiny.keys / "master.key").unlink()
    elif how == "wrong master key":
        (tiny.keys / "master.key").write_bytes(base64.b64encode(bytes(32)) + b"\n")
    else:
        shutil.rmtree(tiny.keys)
        await TinyDbKeeper(tmp_path / "another", KeySource(tiny.keys)).close()
    before = picture(tiny.folder), tiny.keys.exists() and picture(tiny.keys)
    for _ in range(2):
        with pytest.raises(KeeperUnavailable, match="key"):
            tiny.open()
    assert (picture(tiny.folder), tiny.keys.exists() and picture(tiny.keys)) == before
    shutil.rmtree(tiny.keys, ignore_errors=True)
    whole.rename(tiny.keys)
    keeper = tiny.open()
    assert (await keeper.read(LEADER)).journal == (reflection(1),)
    await keeper.close()


async def test_keys_without_their_store_do_not_start_an_empty_one(tiny):
    await store(tiny)
    shutil.rmtree(tiny.folder)
    with pytest.raises(KeeperUnavailable, match="Restore a backup"):
        tiny.open()
    assert not tiny.folder.exists()


async def test_a_start_that_was_broken_off_after_the_keys_goes_on(tiny):
    await tiny.open().close()
    (tiny.folder / "store.json").unlink()
    await store(tiny)


async def test_a_file_only_opens_under_the_name_and_owner_it_was_sealed_for(tiny):
    many = tuple(reflection(number) for number in range(main_file.MOST))
    for leader in (LEADER, OTHER):
        await store(tiny, Entry(conversation(leader), many), Entry(conversation(leader), (reflection("r", leader),)))
    mine, theirs = tiny.file(LEADER), tiny.file(OTHER)
    [my_part], [their_part] = tiny.parts(LEADER), tiny.parts(OTHER)
    for target, foreign in ((mine, theirs), (my_part, their_part), (mine, my_part), (my_part, mine)):
        own = target.read_bytes()
        target.write_bytes(foreign.read_bytes())
        with pytest.raises(PageUnreadable):
            tiny.opened(LEADER)
        target.write_bytes(own)
    assert tiny.opened(LEADER).page.conversation.leader == LEADER


async def test_an_earlier_version_of_a_segment_does_not_pass_for_the_one_that_is_named(tiny):
    many = tuple(reflection(number) for number in range(main_file.MOST))
    await store(tiny, Entry(conversation(), many), Entry(conversation(), (reflection("r"),)))
    [old] = tiny.parts(LEADER)
    content = old.read_bytes()
    await store(tiny, Entry(conversation(), (reflection(0, "Beter."),)))
    [new] = tiny.parts(LEADER)
    assert new != old
    new.write_bytes(content)
    with pytest.raises(PageUnreadable):
        tiny.opened(LEADER)


async def test_a_segment_sealed_again_under_its_own_name_is_not_the_one_that_is_named(tiny):
    many = tuple(reflection(number) for number in range(main_file.MOST))
    await store(tiny, Entry(conversation(), many), Entry(conversation(), (reflection("r"),)))
    [part] = tiny.parts(LEADER)
    safe = Safe(tiny.open_keys(), tiny.file(LEADER).stem)
    version, content = safe.open(part.name, part.read_bytes())
    part.write_bytes(safe.close(part.name, version, content))
    with pytest.raises(PageUnreadable, match="another one"):
        tiny.opened(LEADER)


async def test_two_closings_of_the_same_content_differ(tiny):
    seal = Seal("0" * 32, bytes(32))
    closed = {seal.close("a", 1, b"dag") for _ in range(100)}
    assert len(closed) == 100
    assert {seal.open("a", one) for one in closed} == {(1, b"dag")}


async def test_sec_6_keys_are_private_and_a_readable_master_key_is_refused(tiny):
    before = os.umask(0)
    try:
        await store(tiny)
        keeper = tiny.open()
        await keeper.erase(LEADER)
        await keeper.close()
    finally:
        os.umask(before)
    for path in [tiny.keys, *tiny.keys.rglob("*")]:
        assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600)
    for mode in (0o604, 0o640, 0o602, 0o777):
        (tiny.keys / "master.key").chmod(mode)
        with pytest.raises(KeeperUnavailable, match="may be read by others"):
            tiny.open()
    (tiny.keys / "master.key").chmod(0o600)
    await tiny.open().close()


async def test_no_error_and_no_text_of_a_value_shows_a_key(tiny):
    await store(tiny)
    secret = (tiny.keys / "master.key").read_text().strip()
    source = KeySource(tiny.keys, decode(secret))
    assert secret not in repr(source)
    assert str(decode(secret)[0]) not in repr(source)
    with pytest.raises(ValueError, match="base64 of 32 bytes") as wrong:
        decode("GEHEIM")
    assert "GEHEIM" not in str(wrong.value)


async def crowd(tiny, leaders, each):
    keeper = tiny.open()
    texts = tuple(reflection(number) for number in range(each))
    await asyncio.gather(*(keeper.write(Entry(conversation(leader), texts)) for leader in leaders))
    return keeper


async def rotation_under_load(tiny, leaders, each):
    """Rotate while every leader is read and written, new ones come and some are erased; return what was done."""
    keeper = await crowd(tiny, leaders, each)
    done = threading.Event()

    def rotate_and_tell():
        try:
            return rotate(tiny.folder, KeySource(tiny.keys), **QUIET)
        finally:
            done.set()

    turning = asyncio.create_task(asyncio.to_thread(rotate_and_tell))
    number = 0
    present = list(leaders)
    # Every leader is fetched from disk: nothing is served from memory alone.
    while not done.is_set() or number < 20:
        leader = present[number % len(present)]
        keeper._recent.clear()
        keeper._shelf.keys._seals.clear()
        page = await keeper.read(leader)
        assert len(page.journal) >= min(each, 1)
        await keeper.write(Entry(conversation(leader), (reflection(f"n{number}"),)))
        new = LeaderId(f"new {number}")
        await keeper.write(Entry(conversation(new), (reflection(1),)))
        present.append(new)
        if number % 10 == 5:
            await keeper.erase(present.pop(0))
        number += 1
    count = await turning
    await keeper.close()
    keeper = tiny.open()
    assert keeper.damaged() == 0
    for leader in present:
        assert await keeper.read(leader) is not None
    await keeper.close()
    return count, number


async def test_sec_3_a_rotation_under_load_loses_nothing_and_fails_no_read(tiny):
    leaders = [LeaderId(f"leader {number}") for number in range(100)]
    keeper = await crowd(tiny, leaders[:1], 1)
    await keeper.close()
    old = (tiny.keys / "master.key").read_bytes()
    await rotation_under_load(tiny, leaders, 10)
    assert old not in [path.read_bytes() for path in tiny.keys.iterdir() if path.is_file()]
    (tiny.keys / "master.key").write_bytes(old)
    with pytest.raises(KeeperUnavailable, match="does not fit"):
        tiny.open()


@pytest.mark.long
async def test_sec_3_a_rotation_of_ten_thousand_records_under_load(tiny, capsys):
    leaders = [LeaderId(f"leader {number}") for number in range(1_000)]
    count, number = await rotation_under_load(tiny, leaders, 10)
    with capsys.disabled():
        print(f"{count} keys of 10,000 records rotated during {number} rounds of reads and writes")  # noqa: T201
    assert count > 1_000


async def test_sec_3_a_rotation_killed_anywhere_loses_nothing_and_is_finished_by_the_next(tiny, monkeypatch):
    leaders = [LeaderId(f"leader {number}") for number in range(4)]
    await (await crowd(tiny, leaders, 2)).close()
    before = [("mkdir", "."), ("mkdir", "keys"), ("mkdir", "keys/erased")]
    for path in sorted(path for path in tiny.keys.iterdir() if path.is_file()):
        before += [("create", f"keys/{path.name}"), ("write", f"keys/{path.name}", 0, path.read_bytes())]
        before += [("flush", f"keys/{path.name}")]
    before += [("flush", "."), ("flush", "keys")]
    recorder = Recorder(tiny.keys.parent)
    recorder.name = lambda path: str(path).replace(str(tiny.keys), "keys")
    with monkeypatch.context() as here:
        here.setattr(disk, "os", recorder)
        rotate(tiny.folder, KeySource(tiny.keys), **QUIET)
    tried = 0
    with memory_folder() as memory:
        for place, (taken, files) in enumerate(states(before + recorder.steps)):
            if taken < len(before) or place % 3:
                continue
            crashed = memory / str(place)
            crashed.mkdir()
            put(files, crashed)
            source = KeySource(crashed / "keys")
            for _ in range(2):
                shelf = Shelf(tiny.folder, source)
                list(shelf.look())
                assert [len(shelf.open(leader).page.journal) for leader in leaders] == [2] * 4
                shelf.close()
                assert rotate(tiny.folder, source, **QUIET) == 5
            assert len((crashed / "keys" / "master.key").read_text().split()) == 1
            shutil.rmtree(crashed)
            tried += 1
    assert tried > 20


async def test_a_key_of_the_environment_takes_over_from_the_file_by_rotating(tiny):
    await store(tiny)
    new = bytes(range(32))
    rotate(tiny.folder, KeySource(tiny.keys, (new,)), **QUIET)
    assert not (tiny.keys / "master.key").exists()
    with pytest.raises(KeeperUnavailable, match="master key is missing"):
        tiny.open()
    keeper = TinyDbKeeper(tiny.folder, KeySource(tiny.keys, (new,)))
    assert (await keeper.read(LEADER)).journal == (reflection(1),)
    await keeper.close()


@pytest.mark.parametrize("seed", [1, 2, 3])
async def test_a_wrapped_key_that_was_changed_in_one_bit_opens_nothing(tiny, seed):
    await store(tiny, Entry(conversation(), (reflection(1),), (letter(1),), "u", NOW))
    [key] = tiny.keys.glob(f"{tiny.file(LEADER).stem}.*.key")
    whole = key.read_bytes()
    chance = random.Random(seed)
    for _ in range(100):
        place = chance.randrange(len(whole))
        key.write_bytes(whole[:place] + bytes([whole[place] ^ 1 << chance.randrange(8)]) + whole[place + 1 :])
        with pytest.raises((PageUnreadable, KeeperUnavailable)):
            tiny.opened(LEADER)
    key.write_bytes(whole)
    assert len(tiny.opened(LEADER).page.journal) == 1
