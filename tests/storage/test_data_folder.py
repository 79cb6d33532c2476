"""One process per folder, and never an empty store in place of one that cannot be read."""

import json
import os
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import pytest
import pytest_asyncio

from dialogues.errors import KeeperBusy, KeeperUnavailable
from dialogues.ports import Entry, Page
from storage.in_tinydb import TinyDbKeeper
from tests.storage.examples import LEADER, conversation

pytestmark = pytest.mark.asyncio

ROOT = Path(__file__).parents[2]


def picture(folder):
    """Everything there is, with what is in it, except who holds the lock."""
    return {
        path.relative_to(folder): path.is_file() and path.name != "owner.lock" and path.read_bytes()
        for path in sorted(folder.rglob("*"))
    }


@contextmanager
def another_process(*arguments):
    command = [sys.executable, "-m", "tests.storage.writer", *map(str, arguments)]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield process
        finally:
            process.kill()


@pytest_asyncio.fixture
async def folder(tmp_path):
    """A data folder with one page in it."""
    keeper = TinyDbKeeper(tmp_path / "data")
    await keeper.write(Entry(conversation()))
    await keeper.close()
    return tmp_path / "data"


async def test_a_folder_is_made_when_there_is_none(tmp_path):
    keeper = TinyDbKeeper(tmp_path / "a" / "b")
    assert await keeper.read(LEADER) is None
    mark = json.loads((tmp_path / "a" / "b" / "store.json").read_text())
    assert (mark["store"], mark["format"]) == ("mindshift", 4)
    await keeper.close()


async def test_a_start_that_was_broken_off_is_no_obstacle(tmp_path):
    (tmp_path / "leaders").mkdir()
    (tmp_path / "owner.lock").touch()
    (tmp_path / "store.json.tmp").write_text("{")
    keeper = TinyDbKeeper(tmp_path)
    assert await keeper.read(LEADER) is None
    await keeper.close()


async def test_dur_6_a_second_process_is_refused_quickly_and_told_who_holds_the_folder(folder):
    with another_process("hold", folder) as holder:
        assert holder.stdout.readline() == "holding\n"
        before = picture(folder)
        begun = time.monotonic()
        with pytest.raises(KeeperBusy, match=rf"\bprocess {holder.pid} on \S+ since \d{{4}}-"):
            TinyDbKeeper(folder)
        assert time.monotonic() - begun < 3
        assert picture(folder) == before
        holder.stdin.close()
        assert holder.wait(5) == 0
    keeper = TinyDbKeeper(folder)
    assert await keeper.read(LEADER) == Page(conversation())
    await keeper.close()


async def test_dur_6_the_lock_of_a_killed_process_is_taken_over_quickly(folder):
    with another_process("hold", folder) as holder:
        assert holder.stdout.readline() == "holding\n"
        holder.kill()
        holder.wait(5)
        begun = time.monotonic()
        keeper = TinyDbKeeper(folder)
        assert time.monotonic() - begun < 3
        assert json.loads((folder / "owner.lock").read_text())["pid"] == os.getpid()
        await keeper.close()


async def test_dur_6_a_second_keeper_in_the_same_process_is_refused_and_the_first_goes_on(folder):
    first = TinyDbKeeper(folder)
    with pytest.raises(KeeperBusy, match=f"process {os.getpid()} "):
        TinyDbKeeper(folder)
    await first.write(Entry(conversation(language="en")))
    await first.close()


async def test_a_folder_of_somebody_else_is_left_alone(tmp_path):
    (tmp_path / "thesis.odt").write_text("x")
    before = picture(tmp_path)
    with pytest.raises(KeeperUnavailable, match="no data folder of Mindshift"):
        TinyDbKeeper(tmp_path)
    assert picture(tmp_path) == before


async def test_pages_without_the_mark_of_the_store_are_not_taken_for_an_empty_folder(folder):
    (folder / "store.json").unlink()
    before = picture(folder)
    with pytest.raises(KeeperUnavailable, match="restore a whole backup"):
        TinyDbKeeper(folder)
    assert picture(folder) == before


async def test_a_mark_without_pages_is_not_taken_for_an_empty_folder(folder):
    (folder / "leaders").rename(folder.parent / "leaders")
    with pytest.raises(KeeperUnavailable, match="Restore a backup"):
        TinyDbKeeper(folder)
    assert not (folder / "leaders").exists()


async def test_a_file_in_place_of_the_folder_is_refused(tmp_path):
    (tmp_path / "data").write_text("x")
    for path in (tmp_path / "data", tmp_path / "data" / "deeper"):
        with pytest.raises(KeeperUnavailable, match="cannot be used"):
            TinyDbKeeper(path)
    assert (tmp_path / "data").read_text() == "x"


@pytest.mark.parametrize(
    "mark",
    [
        b"",
        b"{",
        b"[]",
        b'{"store": "other", "format": 1}',
        b'{"store": "mindshift"}',
        b'{"store": "mindshift", "format": 2}',
        b'{"store": "mindshift", "format": 3}',
        b"\xff",
    ],
)
async def test_a_mark_that_cannot_be_read_is_refused(folder, mark):
    (folder / "store.json").write_bytes(mark)
    before = picture(folder)
    with pytest.raises(KeeperUnavailable, match=r"store\.json is damaged"):
        TinyDbKeeper(folder)
    assert picture(folder) == before


async def test_a_store_of_a_newer_version_is_refused(folder):
    (folder / "store.json").write_text('{"store": "mindshift", "format": 5}')
    with pytest.raises(KeeperUnavailable, match="newer"):
        TinyDbKeeper(folder)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file to another account")
async def test_dur_4_a_store_of_another_account_is_refused(folder):
    os.chown(folder / "store.json", 65534, 65534)
    with pytest.raises(KeeperUnavailable, match="belongs to account 65534"):
        TinyDbKeeper(folder)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write whatever the mode says; see the mounted one")
async def test_dur_4_a_folder_that_may_not_be_written_is_refused(folder):
    (folder / "leaders").chmod(0o500)
    (folder / "store.json").chmod(0o400)
    folder.chmod(0o500)
    (folder / "owner.lock").chmod(0o400)
    with pytest.raises(KeeperUnavailable, match="cannot be used"):
        TinyDbKeeper(folder)


async def test_a_refused_folder_is_let_go_of(folder):
    mark = (folder / "store.json").read_bytes()
    (folder / "store.json").write_text("{")
    with pytest.raises(KeeperUnavailable):
        TinyDbKeeper(folder)
    (folder / "store.json").write_bytes(mark)
    await TinyDbKeeper(folder).close()


async def test_dur_4_a_read_only_disk_is_refused_and_nothing_is_created(small_disk):
    keeper = TinyDbKeeper(small_disk.folder / "data")
    await keeper.write(Entry(conversation()))
    await keeper.close()
    before = picture(small_disk.folder)
    small_disk.make_read_only()
    for folder in (small_disk.folder / "data", small_disk.folder / "new"):
        with pytest.raises(KeeperUnavailable, match="Read-only file system"):
            TinyDbKeeper(folder)
    assert picture(small_disk.folder) == before
