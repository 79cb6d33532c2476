"""DUR-1 and DUR-9: whatever moment the machine stops at, what was acknowledged is there, and what was erased is not."""

import os
import random
from itertools import pairwise

import pytest
import tinydb.storages
from tinydb import TinyDB, where

from dialogues.conversation import LeaderId
from dialogues.errors import DialogueError
from dialogues.ports import Entry, Page
from storage import disk, format_one, main_file, segments, tail
from storage.data_folder import mark_in
from storage.in_tinydb import TinyDbKeeper
from storage.journal import with_entry, without_letter
from storage.recent import Recent
from storage.rotation import rotate
from storage.shelf import Shelf
from tests.storage import crash_sweep
from tests.storage.crash_sweep import (
    Life,
    every_nth_of,
    every_state_recovered,
    memory_folder,
    recovered,
    source,
    without,
)
from tests.storage.disk_model import RecordedFile, Recorder, put, states
from tests.storage.examples import NOW, conversation, letter, reflection
from tests.storage.test_upgrade import write_format_one

LEADERS = [LeaderId(f"telegram:{number}") for number in (1, 2, 3)]
STEPS, SOME_STEPS = 200, 60
QUICK = 300


@pytest.fixture(autouse=True)
def _small_segments(monkeypatch):
    """Pages that move to segments after six reflections, and short tails, so that a short life has many of both."""
    monkeypatch.setattr(main_file, "MOST", 6)
    monkeypatch.setattr(main_file, "LEFT", 3)
    for module in (main_file, segments):
        monkeypatch.setattr(module, "FULL", 5)
    monkeypatch.setattr(tail, "FULL", 20_000)


async def act(keeper, root, chance, pages):
    """Do one thing to the store and return (the keeper, the pages it should hold now, of whom that is promised)."""
    leader = chance.choice(LEADERS)
    page = pages[leader]
    kind = chance.choices(["insert", "edit", "delete", "erase", "rotate", "restart"], [55, 20, 12, 5, 3, 5])[0]
    if kind == "restart":
        await keeper.close()
        return keeper_of(root), pages, None
    if kind == "rotate":
        rotate(root / "data", source(root), lambda *_: None)
        return keeper, pages, None
    if kind == "erase":
        await keeper.erase(leader)
        return keeper, {**pages, leader: None}, leader
    if kind == "delete" and page and page.letters:
        # A letter with a long body leaves, and the file shrinks.
        await keeper.delivered(leader, page.letters[0].number)
        return keeper, {**pages, leader: without_letter(page, page.letters[0].number)}, None
    count = len(page.journal) if page else 0
    number = chance.randrange(count) if kind == "edit" and count else count
    text = chance.choice(["Kort.", "woorden " * 700, "langer dan eerst " * 60])
    entry = Entry(
        conversation(leader, counted={"turns": chance.randrange(10**6)}),
        (reflection(number, text),),
        (letter(chance.randrange(4), "brief " * chance.choice([1, 900])),),
        f"u{chance.randrange(50)}",
        NOW,
    )
    await keeper.write(entry)
    return keeper, {**pages, leader: with_entry(page, entry)}, leader


def keeper_of(root):
    """A keeper that remembers two pages, so that pages leave memory all the time."""
    keeper = TinyDbKeeper(root / "data", source(root))
    keeper._recent = Recent(2, 10**6)
    return keeper


def opened(root):
    shelf = Shelf(root / "data", source(root))
    list(shelf.look())
    return shelf


def lived(root, seed, monkeypatch, acts=STEPS):
    return crash_sweep.lived(root, seed, monkeypatch, LEADERS, keeper_of, act, acts)


def fault_in(root, life, taken):
    """Open what is under *root* after *taken* steps of *life*, and return what is wrong with it, or None."""
    try:
        shelf = opened(root)
        try:
            found = {leader: shelf.open(leader).page for leader in LEADERS}
            if any(page not in life.may_be(taken, leader) for leader, page in found.items()):
                return "lost or come back"
            if any(shelf.keys.erased(name.split(".")[1]) for name in shelf.keys.wrapped_names()):
                return "a destroyed key came back"
            left = {path.name for path in (root / "data" / "leaders").iterdir()}
            for leader in (leader for leader, page in found.items() if page):
                seen = shelf.open(leader).glance()
                left -= {shelf.keys.name_of(leader) + main_file.ENDING, seen.tail, *seen.segments}
            return "left over" if left else None
        finally:
            shelf.close()
    except DialogueError as error:
        return type(error).__name__


def test_dur_1_some_states_of_a_life_are_all_recovered(tmp_path, monkeypatch):
    life = lived(tmp_path, 1, monkeypatch)
    count, faults = recovered(life, every_nth_of(life, QUICK), fault_in)
    assert count >= QUICK
    assert faults == {}


@pytest.mark.long
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_dur_1_every_state_of_a_life_is_recovered(tmp_path, monkeypatch, capsys, seed):
    life = lived(tmp_path, seed, monkeypatch)
    count, faults = every_state_recovered(life, fault_in, f"seed {seed}", capsys)
    assert count >= 2_000
    assert faults == {}


def is_flush_of_a_tail(step):
    return step[0] == "flush" and step[1].endswith(tail.ENDING)


def test_dur_1_known_bad_without_flushing_folders_the_same_states_lose_pages(tmp_path, monkeypatch):
    life = lived(tmp_path, 1, monkeypatch)
    careless = without(life, lambda step: step[0] == "flush" and (tmp_path / step[1]).is_dir())
    del careless.steps[150:]
    _, faults = recovered(careless, every_nth_of(careless, QUICK), fault_in)
    assert sum(faults.values()) > QUICK // 10


def test_dur_1_known_bad_without_flushing_tails_the_same_states_lose_changes(tmp_path, monkeypatch):
    life = lived(tmp_path, 1, monkeypatch, SOME_STEPS)
    careless = without(life, is_flush_of_a_tail)
    _, faults = recovered(careless, every_nth_of(careless, QUICK), fault_in)
    assert faults["lost or come back"] > QUICK // 10


def test_dur_1_known_bad_a_change_acknowledged_before_its_tail_is_flushed_is_lost(tmp_path, monkeypatch):
    life = lived(tmp_path, 1, monkeypatch, SOME_STEPS)
    early = [count - is_flush_of_a_tail(life.steps[count - 1]) for count in life.acknowledged]
    moments = {count for count, right in zip(early, life.acknowledged, strict=True) if count < right}
    life.acknowledged = early
    taken = [steps for steps, _ in states(life.steps)]
    _, faults = recovered(life, lambda place: taken[place] in moments, fault_in)
    assert faults["lost or come back"] > len(moments) // 2


def test_dur_1_known_bad_a_change_that_was_broken_off_taken_for_damage_sets_leaders_aside(tmp_path, monkeypatch):
    life = lived(tmp_path, 1, monkeypatch, SOME_STEPS)
    monkeypatch.setattr(tail, "_left_by_a_crash", lambda content, start: False)
    _, faults = recovered(life, every_nth_of(life, QUICK), fault_in)
    assert faults["PageUnreadable"] > QUICK // 50


def test_dur_1_known_bad_a_tail_that_fits_any_main_file_takes_changes_twice(tmp_path, monkeypatch):
    monkeypatch.setattr(tail, "name_of", lambda name, tag: f"{name}.{'0' * 32}{tail.ENDING}")
    life = lived(tmp_path, 1, monkeypatch, SOME_STEPS)
    _, faults = recovered(life, every_nth_of(life, QUICK), fault_in)
    assert faults["lost or come back"] > 2


class StockOs:
    """Stands in for `os` beside TinyDB's own storage."""

    def __init__(self, opened):
        self._opened = opened

    def __getattr__(self, name):
        return getattr(os, name)

    def fsync(self, descriptor):
        self._opened[descriptor].flushed()


def test_dur_1_known_bad_stock_storage_loses_its_file_on_the_same_harness(tmp_path, monkeypatch):
    recorder, handles, chance = Recorder(tmp_path), {}, random.Random(1)

    def open_recorded(path, mode="r", **more):
        file = RecordedFile(recorder, path, mode, **more)
        handles[file.fileno()] = file
        return file

    history, acknowledged = [[]], []
    with monkeypatch.context() as here:
        here.setattr(tinydb.storages, "open", open_recorded, raising=False)
        here.setattr(tinydb.storages, "os", StockOs(handles))
        table = TinyDB(tmp_path / "stock.json")
        for number in range(60):
            text = chance.choice(["Kort.", "woorden " * 700])
            kind = chance.choice(["insert", "insert", "edit", "remove"])
            if kind == "insert":
                table.insert({"id": number, "text": text})
            elif kind == "edit":
                table.update({"text": text}, where("id") == chance.randrange(number + 1))
            else:
                table.remove(where("id") == chance.randrange(number + 1))
            history.append(table.all())
            acknowledged.append(len(recorder.steps))
        table.close()
    unreadable = lost = 0
    with memory_folder() as memory:
        for taken, files in states(recorder.steps):
            put(files, memory)
            done = sum(count <= taken for count in acknowledged)
            try:
                with TinyDB(memory / "stock.json") as found:
                    lost += found.all() not in history[done : done + 2]
            except ValueError:
                unreadable += 1
            (memory / "stock.json").unlink(missing_ok=True)
    assert unreadable > 20
    assert lost > 0


def found_on_disk(root):
    """The steps that bring about what is under *root*, all of it confirmed."""
    folders = sorted(path for path in root.rglob("*") if path.is_dir())
    steps = [("mkdir", str(path.relative_to(root))) for path in folders]
    for path in sorted(path for path in root.rglob("*") if path.is_file()):
        name = str(path.relative_to(root))
        steps += [("create", name), ("write", name, 0, path.read_bytes()), ("flush", name)]
    return [*steps, ("flush", "."), *(("flush", str(path.relative_to(root))) for path in folders)]


def faults_of_an_upgrade(root, pages, monkeypatch):
    """Open the store under *root*, and return (how many states a crash of that leaves, what goes wrong in them)."""
    before = found_on_disk(root)
    recorder = Recorder(root)
    with monkeypatch.context() as here:
        here.setattr(disk, "os", recorder)
        opened(root).close()
    life = Life([pages, pages], before + recorder.steps)
    return recovered(
        life,
        {place for place, (taken, _) in enumerate(states(life.steps)) if taken >= len(before)}.__contains__,
        fault_in,
    )


def long_pages():
    return {
        leader: Page(
            conversation(leader), tuple(reflection(n, "woorden " * 300) for n in range(8)), (letter(1),), {"u": NOW}
        )
        for leader in LEADERS
    }


def test_dur_9_an_upgrade_from_the_first_format_is_old_or_new_at_every_step(tmp_path, monkeypatch):
    pages = long_pages()
    write_format_one(tmp_path / "data", pages.values())
    count, faults = faults_of_an_upgrade(tmp_path, pages, monkeypatch)
    assert count > 60
    assert faults == {}
    assert not list((tmp_path / "data" / "leaders").glob("*" + format_one.ENDING))


@pytest.mark.parametrize("number", [2, 3])
def test_dur_9_an_upgrade_that_changes_the_mark_only_is_old_or_new_at_every_step(tmp_path, monkeypatch, number):
    pages = long_pages()
    shelf = opened(tmp_path)
    for leader, page in pages.items():
        shelf.open(leader).take_over(page)
    shelf.close()
    mark = tmp_path / "data" / "store.json"
    mark.write_bytes(mark.read_bytes().replace(b'"format": 4', b'"format": %d' % number))
    assert mark_in(tmp_path / "data").format == number
    count, faults = faults_of_an_upgrade(tmp_path, pages, monkeypatch)
    assert count >= 6
    assert faults == {}
    assert mark_in(tmp_path / "data").format == 4


def test_the_model_knows_that_unflushed_names_and_content_may_be_lost():
    steps = [("create", "a"), ("write", "a", 0, b"x" * 9000), ("flush", "a"), ("flush", ".")]
    found = [(taken, files.get("a")) for taken, files in states(steps)]
    assert (2, None) in found
    assert (2, b"x" * 9000) in found
    assert (2, b"") in found
    assert (1, b"x" * 8192) in found
    assert {content for taken, content in found if taken == 4} == {b"x" * 9000}
    assert all(earlier <= later for (earlier, _), (later, _) in pairwise(found))
