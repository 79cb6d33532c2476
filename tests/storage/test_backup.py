"""OPS-3: a backup taken while people write is whole, and is put back whole or not at all."""

import asyncio
import io
import json
import random
import shutil
import tarfile
import threading

import pytest

from dialogues.conversation import LeaderId
from dialogues.errors import KeeperUnavailable
from dialogues.ports import Entry
from storage import backup, leader_file, main_file
from storage.backup import MANIFEST, PROOF, back_up
from storage.in_tinydb import TinyDbKeeper
from storage.leader_file import LeaderFile
from storage.master_keys import KeySource
from storage.restoring import Restored, restore
from storage.verifying import Verdict, verify
from tests.storage.examples import LEADER, OTHER, conversation, reflection
from tests.storage.test_data_folder import picture

LEADERS = [LeaderId(f"leader {number}") for number in range(12)]


def quiet(done, total):
    """Show nothing."""


async def write(tiny, *entries):
    keeper = tiny.open()
    for entry in entries:
        await keeper.write(entry)
    await keeper.close()


async def pages(folder, source, leaders):
    keeper = TinyDbKeeper(folder, source)
    found = [await keeper.read(leader) for leader in leaders]
    await keeper.close()
    return found


@pytest.fixture
def backed_up(tiny, tmp_path):
    """A store with a short and a long page, and a backup of it."""
    many = tuple(reflection(number) for number in range(main_file.MOST))
    asyncio.run(
        write(
            tiny,
            Entry(conversation(OTHER), (reflection(1),)),
            Entry(conversation(), many),
            Entry(conversation(), (reflection("r"),)),
        )
    )
    back_up(tiny.folder, KeySource(tiny.keys), tmp_path / "b.tar", quiet)
    return tmp_path / "b.tar"


def test_ops_3_everything_is_put_back_on_an_empty_machine(tiny, backed_up, tmp_path):
    source = KeySource(tmp_path / "machine" / "keys")
    shutil.copytree(tiny.keys, source.folder)
    shown = []
    restored = restore(backed_up, tmp_path / "machine" / "data", source, lambda *done: shown.append(done))
    assert restored == Restored(leaders=2, erased=0, unreadable=0)
    assert shown[-1] == (3, 3)
    assert picture(tmp_path / "machine" / "data" / "leaders") == picture(tiny.folder / "leaders")
    before = asyncio.run(pages(tiny.folder, KeySource(tiny.keys), [LEADER, OTHER]))
    assert asyncio.run(pages(tmp_path / "machine" / "data", source, [LEADER, OTHER])) == before
    assert {finding.verdict for finding in verify(tmp_path / "machine" / "data", source)} == {Verdict.OK}


@pytest.mark.parametrize(("version", "known"), [(1, True), (backup.VERSION, True), (backup.VERSION + 1, False)])
def test_ops_3_backups_of_every_earlier_version_are_restored_and_newer_ones_refused(
    tiny, backed_up, tmp_path, monkeypatch, version, known
):
    monkeypatch.setattr(backup, "VERSION", version)
    source = KeySource(tiny.keys)
    back_up(tiny.folder, source, tmp_path / "versioned.tar", quiet)
    if known:
        restored = restore(tmp_path / "versioned.tar", tmp_path / "new", source, quiet)
        assert restored == Restored(leaders=2, erased=0, unreadable=0)
        return
    with pytest.raises(KeeperUnavailable, match="no manifest that this version knows"):
        restore(tmp_path / "versioned.tar", tmp_path / "new", source, quiet)
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_ops_3_a_backup_while_people_write_holds_one_moment_of_each(tiny, tmp_path, monkeypatch, seed):
    monkeypatch.setattr(main_file, "MOST", 6)
    monkeypatch.setattr(main_file, "LEFT", 3)
    chance = random.Random(seed)
    stop = threading.Event()
    before: dict[str, int] = {}
    written: dict[str, int] = dict.fromkeys(LEADERS, 0)

    async def keep_writing():
        keeper = tiny.open()
        for leader in LEADERS:
            await keeper.write(Entry(conversation(leader, counted={"n": 0})))
        ready.set()
        while not stop.is_set():
            leader = chance.choice(LEADERS)
            number = written[leader] + 1
            # A new one, and an old one that says the same number: one moment has both or neither.
            old = reflection(chance.randrange(number), str(number))
            entry = Entry(conversation(leader, counted={"n": number}), (reflection(number, str(number)), old))
            await keeper.write(entry)
            written[leader] = number
        await keeper.close()

    ready = threading.Event()
    writer = threading.Thread(target=asyncio.run, args=(keep_writing(),))
    writer.start()
    try:
        assert ready.wait(10)
        for number in range(5):
            before = dict(written)
            back_up(tiny.folder, KeySource(tiny.keys), tmp_path / f"{number}.tar", quiet)
    finally:
        stop.set()
        writer.join()
    assert sum(written.values()) > sum(before.values()) > 0
    restored = restore(tmp_path / "4.tar", tmp_path / "new", KeySource(tiny.keys), quiet)
    assert restored == Restored(len(LEADERS), 0, 0)
    for leader, page in zip(LEADERS, asyncio.run(pages(tmp_path / "new", KeySource(tiny.keys), LEADERS)), strict=True):
        number = page.conversation.counted["n"]
        assert before[leader] <= number <= written[leader]
        assert number == 0 or [kept.text for kept in page.journal].count(str(number)) == 2


def test_ops_3_a_page_that_changes_while_it_is_copied_is_copied_anew(tiny, backed_up, tmp_path, monkeypatch):
    glances = []

    def glance_in_between(folder, keys, name):
        if not glances and tiny.file(LEADER).stem == name:
            glances.append(name)
            # A correction replaces the main file and the segment, and the old segment is gone.
            file = LeaderFile(folder, keys, name, expected=True)
            file.write(Entry(conversation(), (reflection(0, "Beter."),)))
        return leader_file.glance_at(folder, keys, name)

    monkeypatch.setattr(backup, "glance_at", glance_in_between)
    back_up(tiny.folder, KeySource(tiny.keys), tmp_path / "changing.tar", quiet)
    assert len(glances) == 1
    restored = restore(tmp_path / "changing.tar", tmp_path / "new", KeySource(tiny.keys), quiet)
    assert restored == Restored(2, 0, 0)
    [page] = asyncio.run(pages(tmp_path / "new", KeySource(tiny.keys), [LEADER]))
    assert page.journal[0].text == "Beter."


def changed(whole, tmp_path, change):
    """A copy of the backup *whole* of which the members were given to *change*."""
    with tarfile.open(whole) as archive:
        members = {member.name: archive.extractfile(member).read() for member in archive}
    change(members)
    path = tmp_path / "changed.tar"
    with tarfile.open(path, "w") as archive:
        for name, content in members.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return path


def without_a_page(members):
    members.pop(next(name for name in members if name.endswith(".page")))


def without_a_page_and_its_line(members):
    name = next(name for name in members if name.endswith(".page"))
    members.pop(name)
    manifest = json.loads(members[MANIFEST])
    del manifest["files"][name]
    members[MANIFEST] = json.dumps(manifest, sort_keys=True).encode()


def with_a_changed_page(members):
    name = next(name for name in members if name.endswith(".page"))
    page = members[name]
    members[name] = page[:-1] + bytes([page[-1] ^ 1])  # a sealed page ends in any byte: a fixed one may stand there


def with_one_more_file(members):
    proof, manifest = members.pop(PROOF), members.pop(MANIFEST)
    members["../escaped"] = b"x"
    members[MANIFEST], members[PROOF] = manifest, proof


def without_proof(members):
    del members[PROOF]


def with_another_manifest(members):
    members[MANIFEST] = b"[]"


@pytest.mark.parametrize(
    "change",
    [
        without_a_page,
        without_a_page_and_its_line,
        with_a_changed_page,
        with_one_more_file,
        without_proof,
        with_another_manifest,
    ],
)
def test_ops_3_an_altered_backup_is_refused_and_nothing_is_made(tiny, backed_up, tmp_path, change):
    altered = changed(backed_up, tmp_path, change)
    with pytest.raises(KeeperUnavailable, match="Nothing was restored"):
        restore(altered, tmp_path / "new", KeySource(tiny.keys), quiet)
    assert not (tmp_path / "new").exists()
    assert not (tmp_path / "escaped").exists()


@pytest.mark.parametrize("part", range(0, 100, 5))
def test_ops_3_an_incomplete_backup_is_refused_and_nothing_is_made(tiny, backed_up, tmp_path, part):
    whole = backed_up.read_bytes()
    # What follows the last member are zeros of the tar format.
    backed_up.write_bytes(whole.rstrip(b"\0")[: len(whole.rstrip(b"\0")) * part // 100])
    with pytest.raises(KeeperUnavailable):
        restore(backed_up, tmp_path / "new", KeySource(tiny.keys), quiet)
    assert not (tmp_path / "new").exists()


def test_ops_3_a_backup_without_its_keys_is_refused(backed_up, tmp_path):
    with pytest.raises(KeeperUnavailable, match="keys of this store are not in"):
        restore(backed_up, tmp_path / "new", KeySource(tmp_path / "nothing"), quiet)
    assert not (tmp_path / "new").exists()


def test_ops_3_a_folder_that_is_not_empty_is_left_alone(tiny, backed_up):
    before = picture(tiny.folder)
    with pytest.raises(KeeperUnavailable, match="not empty"):
        restore(backed_up, tiny.folder, KeySource(tiny.keys), quiet)
    assert picture(tiny.folder) == before


def test_ops_3_what_was_withdrawn_since_is_taken_back_before_anybody_can_open_the_folder(
    tiny, backed_up, tmp_path, monkeypatch
):
    seen = []

    async def take_back(_keeper, _now):
        # Nobody else gets in, and the mark says why.
        seen.append(json.loads((tmp_path / "new" / "store.json").read_bytes())["restoring"])

    monkeypatch.setattr(TinyDbKeeper, "take_back", take_back)
    restore(backed_up, tmp_path / "new", KeySource(tiny.keys), quiet)
    assert seen == [True]
    assert "restoring" not in json.loads((tmp_path / "new" / "store.json").read_bytes())


def test_ops_3_a_restore_that_was_broken_off_serves_nobody(tiny, backed_up, tmp_path, monkeypatch):
    async def fails(_keeper, _now):
        raise InterruptedError

    whole = TinyDbKeeper.take_back
    monkeypatch.setattr(TinyDbKeeper, "take_back", fails)
    with pytest.raises(InterruptedError):
        restore(backed_up, tmp_path / "new", KeySource(tiny.keys), quiet)
    monkeypatch.setattr(TinyDbKeeper, "take_back", whole)
    with pytest.raises(KeeperUnavailable, match="broken off"):
        TinyDbKeeper(tmp_path / "new", KeySource(tiny.keys))
    shutil.rmtree(tmp_path / "new")
    assert restore(backed_up, tmp_path / "new", KeySource(tiny.keys), quiet).leaders == 2


def test_a_backup_that_fails_leaves_the_one_before(tiny, backed_up, small_disk):
    target = small_disk.folder / "b.tar"
    shutil.copy(backed_up, target)
    before = target.read_bytes()
    room = 256 * 1024 - len(before) - 8192
    (small_disk.folder / "ballast").write_bytes(bytes(room))
    with pytest.raises(KeeperUnavailable, match="No space left"):
        back_up(tiny.folder, KeySource(tiny.keys), target, quiet)
    assert target.read_bytes() == before
    assert sorted(path.name for path in small_disk.folder.iterdir()) == ["b.tar", "ballast"]


def test_a_damaged_page_is_in_the_backup_as_it_is(tiny, backed_up, tmp_path):
    page = next((tiny.folder / "leaders").glob("*.page"))
    page.write_bytes(page.read_bytes()[:-1])
    assert back_up(tiny.folder, KeySource(tiny.keys), tmp_path / "damaged.tar", quiet) == 2
    restored = restore(tmp_path / "damaged.tar", tmp_path / "new", KeySource(tiny.keys), quiet)
    assert restored == Restored(2, 0, 1)
