"""AVG-1 and AVG-2: who is erased leaves no byte, also after a crash halfway, and comes back from no backup."""

import asyncio
import logging
import shutil
import tempfile
import time

import pytest

from dialogues.conversation import LeaderId
from dialogues.errors import PageUnreadable
from dialogues.ports import Entry
from storage import disk, main_file
from storage.backup import back_up
from storage.master_keys import KeySource
from storage.restoring import restore
from storage.sealing import key_id_of
from storage.shelf import Shelf
from tests.storage.canaries import canaries, entry_with, found_in
from tests.storage.disk_model import Recorder, put, states
from tests.storage.examples import LEADER, OTHER, conversation, reflection

ERASED = LeaderId("telegram:9007199254740993")
MANY = tuple(reflection(number) for number in range(main_file.MOST))


def quiet(done, total):
    """Show nothing."""


async def canary_store(tiny, words):
    keeper = tiny.open()
    await keeper.write(Entry(conversation(OTHER), (reflection(1),)))
    await keeper.write(entry_with(ERASED, words))
    await keeper.write(entry_with(ERASED, words))
    assert await keeper.read(ERASED) is not None
    return keeper


@pytest.mark.asyncio
async def test_avg_1_of_a_thousand_words_of_an_erased_leader_none_is_left_anywhere(tiny, tmp_path, monkeypatch, caplog):
    caplog.set_level(logging.DEBUG)
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    words = canaries()
    keeper = await canary_store(tiny, words)
    name = tiny.file(ERASED).stem
    begun = time.monotonic()
    await keeper.erase(ERASED)
    assert time.monotonic() - begun < 60
    for _ in range(2):
        assert await keeper.read(ERASED) is None
        assert found_in([tiny.folder, tiny.keys, temporary], [*words, ERASED, name]) == []
        await keeper.close()
        keeper = tiny.open()
    assert (await keeper.read(OTHER)).journal == (reflection(1),)
    await keeper.close()
    assert not any(word in caplog.text for word in [*words, ERASED])


@pytest.mark.asyncio
async def test_avg_1_a_copy_of_the_files_is_unreadable_once_the_key_is_destroyed(tiny, tmp_path):
    keeper = await canary_store(tiny, canaries(100))
    name = tiny.file(ERASED).stem
    shutil.copytree(tiny.folder / "leaders", tmp_path / "copy")
    await keeper.erase(ERASED)
    await keeper.close()
    for path in (tmp_path / "copy").glob(f"{name}.*"):
        shutil.copy(path, tiny.folder / "leaders")
    with pytest.raises(PageUnreadable):
        tiny.opened(ERASED)
    # The keeper does not even keep them: they are in the ledger.
    keeper = tiny.open()
    assert await keeper.read(ERASED) is None
    assert not list((tiny.folder / "leaders").glob(f"{name}.*"))
    await keeper.close()


@pytest.mark.asyncio
async def test_avg_1_an_older_copy_of_the_keys_opens_no_erased_page_while_the_ledger_is_there(tiny, tmp_path):
    """Whoever puts back keys and files from before, and leaves the ledger, finds the erasure done again."""
    keeper = await canary_store(tiny, canaries(100))
    name = tiny.file(ERASED).stem
    shutil.copytree(tiny.folder / "leaders", tmp_path / "copy")
    [key] = tiny.keys.glob(f"{name}.*.key")
    shutil.copy(key, tmp_path)
    await keeper.erase(ERASED)
    await keeper.close()
    shutil.copy(tmp_path / key.name, tiny.keys)
    for path in (tmp_path / "copy").glob(f"{name}.*"):
        shutil.copy(path, tiny.folder / "leaders")
    keeper = tiny.open()
    assert await keeper.read(ERASED) is None
    assert not key.exists()
    await keeper.close()


def test_avg_1_an_erasure_broken_off_at_any_step_is_finished_at_the_next_start(tmp_path, monkeypatch):
    root = tmp_path / "before"
    shelf = Shelf(root / "data", KeySource(root / "keys"))
    list(shelf.look())
    for entry in (Entry(conversation(), MANY), Entry(conversation(), (reflection("r"),)), Entry(conversation(OTHER))):
        shelf.open(entry.conversation.leader).write(entry)
    before = []
    for path in sorted(root.rglob("*")):
        name = str(path.relative_to(root))
        before += (
            [("mkdir", name)]
            if path.is_dir()
            else [("create", name), ("write", name, 0, path.read_bytes()), ("flush", name)]
        )
    before += [("flush", name) for name in (".", "data", "data/leaders", "keys", "keys/erased")]
    recorder = Recorder(root)
    with monkeypatch.context() as here:
        here.setattr(disk, "os", recorder)
        shelf.erase(LEADER)
    name = shelf.keys.name_of(LEADER)
    shelf.close()
    begun = finished = 0
    for place, (taken, files) in enumerate(states(before + recorder.steps)):
        if taken < len(before):
            continue
        crashed = tmp_path / f"crash{place}"
        crashed.mkdir()
        put(files, crashed)
        promised = any("/erased/" in file and not file.endswith(".tmp") for file in files)
        again = Shelf(crashed / "data", KeySource(crashed / "keys"))
        list(again.look())
        page = again.open(LEADER).page
        assert again.open(OTHER).page is not None
        again.close()
        left = [path for path in crashed.rglob("*") if path.name.startswith(name)]
        if promised:
            finished += 1
            assert (page, left) == (None, [])
        else:
            # Not even the ledger knows of it: nothing was erased, and nothing was acknowledged.
            begun += 1
            assert len(page.journal) == main_file.MOST + 1
            assert taken < len(before) + len(recorder.steps)
        shutil.rmtree(crashed)
    assert begun > 0
    assert finished > 10


@pytest.mark.asyncio
async def test_an_erased_leader_who_comes_back_gets_a_new_key_and_is_not_taken_for_erased(tiny):
    keeper = tiny.open()
    keys = set()
    for _ in range(3):
        await keeper.write(Entry(conversation(), (reflection(1),)))
        keys.add(key_id_of(tiny.file(LEADER).read_bytes()))
        await keeper.erase(LEADER)
    await keeper.write(Entry(conversation(), (reflection(2, "Opnieuw."),)))
    await keeper.close()
    keeper = tiny.open()
    assert (await keeper.read(LEADER)).journal == (reflection(2, "Opnieuw."),)
    assert len(keys) == 3
    assert len(list((tiny.keys / "erased").iterdir())) == 3
    await keeper.close()


@pytest.mark.asyncio
async def test_the_ledger_does_not_show_who_was_erased(tiny):
    keeper = tiny.open()
    await keeper.write(Entry(conversation(), (reflection(1),)))
    name, key_id = tiny.file(LEADER).stem, key_id_of(tiny.file(LEADER).read_bytes())
    await keeper.erase(LEADER)
    await keeper.close()
    [entry] = (tiny.keys / "erased").iterdir()
    assert entry.read_bytes() == b""
    assert entry.name not in (name, key_id)


@pytest.mark.asyncio
async def test_erasing_a_stranger_leaves_no_line_in_the_ledger(tiny):
    keeper = tiny.open()
    await keeper.erase(LEADER)
    await keeper.close()
    assert list((tiny.keys / "erased").iterdir()) == []


@pytest.mark.asyncio
async def test_a_page_of_which_the_key_is_lost_can_be_erased(tiny):
    keeper = tiny.open()
    await keeper.write(Entry(conversation(), (reflection(1),)))
    [key] = tiny.keys.glob(f"{tiny.file(LEADER).stem}.*.key")
    await keeper.close()
    key.unlink()
    keeper = tiny.open()
    with pytest.raises(PageUnreadable):
        await keeper.read(LEADER)
    await keeper.erase(LEADER)
    assert await keeper.read(LEADER) is None
    await keeper.close()


def test_avg_2_a_backup_from_before_an_erasure_comes_back_without_who_was_erased(tiny, tmp_path):
    async def before():
        await (await canary_store(tiny, canaries(100))).close()

    async def after():
        keeper = tiny.open()
        await keeper.erase(ERASED)
        await keeper.close()

    asyncio.run(before())
    source = KeySource(tiny.keys)
    assert back_up(tiny.folder, source, tmp_path / "b.tar", quiet) == 2
    asyncio.run(after())
    shutil.rmtree(tiny.folder)
    restored = restore(tmp_path / "b.tar", tiny.folder, source, quiet)
    assert (restored.leaders, restored.erased, restored.unreadable) == (1, 1, 0)
    assert found_in([tiny.folder], canaries(100)) == []

    async def served():
        keeper = tiny.open()
        pages = [await keeper.read(leader) for leader in (ERASED, OTHER)]
        await keeper.close()
        return pages

    gone, there = asyncio.run(served())
    assert gone is None
    assert there.journal == (reflection(1),)
