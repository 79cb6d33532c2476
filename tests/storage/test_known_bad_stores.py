"""
Careless stores, each worse in one way that looks harmless, on which the test of a promise must fail.

What fails is the promise's own test, called with the careless variant in place: a test that passes here proves nothing.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from filelock import Timeout

from dialogues.errors import DialogueError, KeeperUnavailable
from dialogues.ports import Entry
from storage import disk, master_keys
from storage.atomic_file import UNFINISHED
from storage.backup import back_up
from storage.in_tinydb import TinyDbKeeper
from storage.master_keys import KeySource
from storage.restoring import restore
from tests.storage import (
    test_backup,
    test_crashes,
    test_data_folder,
    test_erasure,
    test_every_crash,
    test_in_tinydb,
    test_keys,
)
from tests.storage.conftest import Tiny
from tests.storage.examples import OTHER, conversation, reflection

NOTICED = (AssertionError, DialogueError, pytest.fail.Exception)
"""How a promise's test fails: what it asks does not hold, the store cannot be read, or a refusal did not come."""


# -- DUR-3: a full disk ----------------------------------------------------------------------------------------------


def write_in_place(monkeypatch):
    """Have new content written over the old, as is usual, instead of beside it."""
    write = disk.write
    monkeypatch.setattr(
        disk, "write", lambda path, content: write(path.with_name(path.name.removesuffix(UNFINISHED)), content)
    )
    monkeypatch.setattr(disk, "rename", lambda path, target: None)


@pytest.mark.parametrize("point", range(3))
def test_dur_3_known_bad_writing_over_the_old_page_is_noticed(small_disk, monkeypatch, point):
    write_in_place(monkeypatch)
    full = test_crashes.test_dur_3_a_full_disk_is_said_and_forgotten_once_there_is_room
    with pytest.raises(NOTICED):
        asyncio.run(full(small_disk, monkeypatch, point))


# -- DUR-5: a flush that fails ---------------------------------------------------------------------------------------


class Hopeful(TinyDbKeeper):
    """Takes it that the disk will have written it."""

    async def write(self, entry):
        with suppress(KeeperUnavailable):
            await super().write(entry)


class HopefulTiny(Tiny):
    def open(self):
        return Hopeful(self.folder)


@pytest.mark.parametrize("at", [1, 5, 10])
@pytest.mark.parametrize(
    "promise",
    [
        test_in_tinydb.test_dur_5_a_flush_that_fails_is_never_acknowledged_and_costs_nothing_kept,
        test_in_tinydb.test_dur_5_a_disk_that_keeps_failing_gets_nothing_acknowledged_and_loses_nothing,
    ],
    ids=["once", "for good"],
)
def test_dur_5_known_bad_acknowledging_what_the_disk_did_not_confirm_is_noticed(tmp_path, monkeypatch, promise, at):
    with pytest.raises(NOTICED):
        asyncio.run(promise(HopefulTiny(tmp_path / "data"), monkeypatch, at))


# -- DUR-6: one process ----------------------------------------------------------------------------------------------


class FileThatIsThere:
    """A lock that is no more than a file, and stays when its holder is killed."""

    def __init__(self, path, **_more):
        self._path = path

    def acquire(self):
        try:
            self._path.touch(exist_ok=False)
        except FileExistsError:
            raise Timeout(str(self._path)) from None

    def release(self):
        self._path.unlink(missing_ok=True)


class NoLock(FileThatIsThere):
    """Lets everybody in."""

    def acquire(self):
        pass


@pytest.mark.parametrize(
    ("lock", "promise"),
    [
        (NoLock, test_data_folder.test_dur_6_a_second_process_is_refused_quickly_and_told_who_holds_the_folder),
        (FileThatIsThere, test_data_folder.test_dur_6_the_lock_of_a_killed_process_is_taken_over_quickly),
    ],
    ids=["no lock", "a file as a lock"],
)
def test_dur_6_known_bad_a_lock_that_the_kernel_does_not_hold_is_noticed(tmp_path, monkeypatch, lock, promise):
    monkeypatch.setattr("storage.data_folder.FileLock", lock)

    async def made():
        keeper = TinyDbKeeper(tmp_path / "data")
        await keeper.write(Entry(conversation()))
        await keeper.close()

    asyncio.run(made())
    with pytest.raises(NOTICED):
        asyncio.run(promise(tmp_path / "data"))


# -- DUR-7: damage ---------------------------------------------------------------------------------------------------


class Unsigned:
    """A cipher that keeps a secret, and takes every change for what was written: AES in counter mode, without a tag."""

    def __init__(self, secret):
        self._secret = secret

    def encrypt(self, nonce, content, _bound):
        return self._run(nonce, content) + bytes(16)

    def decrypt(self, nonce, sealed, _bound):
        return self._run(nonce, sealed[:-16])

    def _run(self, nonce, content):
        run = Cipher(algorithms.AES(self._secret), modes.CTR(nonce + bytes(4))).encryptor()
        return run.update(content) + run.finalize()


def test_dur_7_known_bad_a_cipher_without_a_tag_is_noticed(tiny, monkeypatch):
    monkeypatch.setattr("storage.sealing.AESGCM", Unsigned)
    with pytest.raises(NOTICED):
        asyncio.run(test_in_tinydb.test_dur_7_every_flipped_bit_truncation_and_trailing_junk_is_noticed(tiny, 1))


# -- DUR-9: an upgrade -----------------------------------------------------------------------------------------------


def test_dur_9_known_bad_an_upgrade_that_does_not_wait_for_the_names_is_noticed(tmp_path, monkeypatch):
    monkeypatch.setattr(disk, "flush_folder", lambda folder: None)
    look = test_every_crash.fault_in

    def stop_at_the_first(*given):
        assert look(*given) is None

    monkeypatch.setattr(test_every_crash, "fault_in", stop_at_the_first)
    with pytest.raises(NOTICED):
        test_every_crash.test_dur_9_an_upgrade_from_the_first_format_is_old_or_new_at_every_step(tmp_path, monkeypatch)


# -- SEC-3: a new master key -----------------------------------------------------------------------------------------


def test_sec_3_known_bad_a_rotation_that_lets_go_of_the_old_key_at_once_is_noticed(tiny, monkeypatch):
    keep_in = master_keys.keep_in
    monkeypatch.setattr(master_keys, "keep_in", lambda folder, keys: keep_in(folder, keys[:1]))
    killed = test_keys.test_sec_3_a_rotation_killed_anywhere_loses_nothing_and_is_finished_by_the_next
    with pytest.raises(NOTICED):
        asyncio.run(killed(tiny, monkeypatch))


# -- OPS-3: backup and restore ---------------------------------------------------------------------------------------


def test_ops_3_known_bad_a_backup_that_passes_a_page_by_is_noticed(tiny, tmp_path):
    entries = [Entry(conversation(), (reflection(1),)), Entry(conversation(OTHER), (reflection(2),))]
    asyncio.run(test_backup.write(tiny, *entries))
    page, aside = tiny.file(OTHER), tmp_path / "aside"
    page.rename(aside)
    back_up(tiny.folder, KeySource(tiny.keys), tmp_path / "b.tar", test_backup.quiet)
    aside.rename(page)
    with pytest.raises(NOTICED):
        test_backup.test_ops_3_everything_is_put_back_on_an_empty_machine(tiny, tmp_path / "b.tar", tmp_path)


def test_ops_3_known_bad_a_restore_that_believes_what_the_backup_says_of_itself_is_noticed(tiny, tmp_path, monkeypatch):
    asyncio.run(test_backup.write(tiny, Entry(conversation(), (reflection(1),)), Entry(conversation(OTHER))))
    back_up(tiny.folder, KeySource(tiny.keys), tmp_path / "b.tar", test_backup.quiet)
    monkeypatch.setattr("storage.restoring.hmac.compare_digest", lambda one, other: True)
    altered = test_backup.test_ops_3_an_altered_backup_is_refused_and_nothing_is_made
    with pytest.raises(NOTICED):
        altered(tiny, tmp_path / "b.tar", tmp_path, test_backup.without_a_page_and_its_line)


# -- AVG-1 and AVG-2: erased -----------------------------------------------------------------------------------------


class BinningTiny(Tiny):
    """Erases by throwing the files away, and keeps the key."""

    def open(self):
        keeper = super().open()

        async def erase(leader):
            for path in (self.folder / "leaders").glob(f"{self.file(leader).stem}.*"):
                path.unlink()

        keeper.erase = erase
        return keeper


def test_avg_1_known_bad_throwing_files_away_and_keeping_the_key_is_noticed(tmp_path):
    copied = test_erasure.test_avg_1_a_copy_of_the_files_is_unreadable_once_the_key_is_destroyed
    with pytest.raises(NOTICED):
        asyncio.run(copied(BinningTiny(tmp_path / "data"), tmp_path))


def test_avg_2_known_bad_a_restore_that_knows_of_no_erasures_is_noticed(tiny, tmp_path, monkeypatch):
    """The ledger stood in the data folder, so to speak, and went with it."""

    def without_ledger(backup, folder, source, progress):
        for line in (source.folder / "erased").iterdir():
            line.unlink()
        return restore(backup, folder, source, progress)

    monkeypatch.setattr(test_erasure, "restore", without_ledger)
    with pytest.raises(NOTICED):
        test_erasure.test_avg_2_a_backup_from_before_an_erasure_comes_back_without_who_was_erased(tiny, tmp_path)
