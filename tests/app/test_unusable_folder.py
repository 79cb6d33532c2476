"""
DUR-4: data or keys that cannot be used end every command at the start, with one line, and nothing is made.

Permissions bind here also when root runs the tests: the commands run in a process without root's powers over files.
"""

from __future__ import annotations

import asyncio
import json
import os
import re
import resource
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from dialogues.ports import Entry
from storage.in_tinydb import TinyDbKeeper
from tests.bot.fake_bot_api import TOKEN
from tests.storage.examples import conversation, reflection

ROOT = Path(__file__).parents[2]
HELPER = [sys.executable, str(ROOT / "tests" / "app" / "without_powers.py")]
NOBODY = 65534
SOON = 5.0
"""Seconds within which a command has refused."""

WRITING = {"chat": ["chat"], "bot": ["bot"]}
READING = {"backup": ["backup", "b.tar"], "verify": ["verify"]}
COMMANDS = WRITING | READING
READ_BY = {
    "chat": "app.compose, terminal.chat",
    "bot": "app.compose, bot.run",
    "backup": "app.upkeep",
    "verify": "app.upkeep",
}
"""What of the program each command reads before it opens the store."""


def closed(*names, mode=0o000):
    def close(place):
        for name in names:
            (place / name).chmod(mode)

    return close


def not_to_be_written(name):
    def close(place):
        for path in [*(place / name).rglob("*"), place / name]:
            path.chmod(0o500 if path.is_dir() else 0o400)

    return close


def of_somebody_else(name):
    """Root gives everything away; who may not, has a file of root's in place of the first."""

    def close(place):
        if os.geteuid() == 0:
            for path in [place / name, *(place / name).rglob("*")]:
                path.chmod(0o755 if path.is_dir() else 0o644)
                os.chown(path, NOBODY, NOBODY)
            return
        first = next(path for path in (place / name).iterdir() if path.name in ("store.json", "master.key"))
        first.unlink()
        first.symlink_to("/etc/passwd")

    return close


def a_file_in_place_of(name):
    def close(place):
        shutil.rmtree(place / name)
        (place / name).write_text("x")

    return close


def nothing_there_and_no_right_to_make_it(place):
    shutil.rmtree(place / "store")
    shutil.rmtree(place / "store-keys")
    place.chmod(0o500)


def gone(name):
    return lambda place: shutil.rmtree(place / name)


UNUSABLE = {
    "data unreadable": closed("store"),
    "mark unreadable": closed("store/store.json"),
    "data of somebody else": of_somebody_else("store"),
    "a file in place of the data": a_file_in_place_of("store"),
    "a file in place of the pages": a_file_in_place_of("store/leaders"),
    "data gone": gone("store"),
    "keys unreadable": closed("store-keys"),
    "master key unreadable": closed("store-keys/master.key"),
    "ledger unreadable": closed("store-keys/erased"),
    "keys of somebody else": of_somebody_else("store-keys"),
    "a file in place of the keys": a_file_in_place_of("store-keys"),
    "keys gone": gone("store-keys"),
    "nothing there and no right to make it": nothing_there_and_no_right_to_make_it,
}
REMEDY = re.compile(
    r"Restore|restore|Put back|Start as|Run: |chmod|choose|Choose|set MINDSHIFT_|Set MINDSHIFT_|[Gg]ive "
)


class Process:
    """Commands in a process without root's powers; see `without_powers.py`."""

    def __init__(self, *how: str) -> None:
        place = {name: value for name, value in os.environ.items() if not name.upper().startswith("MINDSHIFT_")}
        self._process = subprocess.Popen(
            [*HELPER, *how], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT, env=place
        )

    def run(self, words, place: Path, **more) -> tuple[object, float, str, str]:
        """Run one command on the store in *place*; return its exit code, seconds, and what it showed and complained."""
        words = [str(place.parent / word) if word.endswith(".tar") else word for word in words]
        print(json.dumps({"words": words, "place": settings(place), **more}), file=self._process.stdin, flush=True)
        return json.loads(self._process.stdout.readline())

    def end(self) -> None:
        self._process.communicate(timeout=20)


def settings(place: Path) -> dict[str, str]:
    return {
        "MINDSHIFT_DATA": str(place / "store"),
        "MINDSHIFT_KEYS": str(place / "store-keys"),
        "MINDSHIFT_TELEGRAM_TOKEN": TOKEN,
        "MINDSHIFT_TELEGRAM_API": "http://127.0.0.1:9",
        "MINDSHIFT_LISTEN": "127.0.0.1:0",
    }


@pytest.fixture(scope="module")
def bound():
    process = Process("asked")
    yield process
    process.end()


@pytest.fixture(scope="module")
def obliging():
    process = Process("obliging")
    yield process
    process.end()


@pytest.fixture
def place(tmp_path):
    """A folder that holds a store with a page in it, and its keys. What a test closed is opened at the end."""
    place = tmp_path / "place"
    place.mkdir()

    async def write() -> None:
        keeper = TinyDbKeeper(place / "store")
        await keeper.write(Entry(conversation(), (reflection(1),)))
        await keeper.close()

    asyncio.run(write())
    yield place
    open_up(place)


def open_up(place: Path) -> None:
    """Give this account back what was closed, from the top down."""
    if place.is_symlink():
        return
    place.chmod(0o700 if place.is_dir() else 0o600)
    for path in place.iterdir() if place.is_dir() else ():
        open_up(path)


def picture(path: Path) -> object:
    """Everything there is under *path*, with modes and content, except who holds a lock; and what cannot be seen."""
    kept = path.lstat()
    try:
        if path.is_dir() and not path.is_symlink():
            content: object = {inner.name: picture(inner) for inner in path.iterdir()}
        else:
            content = path.suffix != ".lock" and path.read_bytes()
    except PermissionError:
        content = "closed"
    return kept.st_mode, kept.st_uid, content


def faults(process: Process, place: Path, words, **more) -> list[str]:
    """Run a command on what is in *place*, which cannot be used, and return in what it does not end as it should."""
    before = picture(place.parent)
    code, took, shown, trouble = process.run(words, place, **more)
    found = {
        f"ended with {code}": code != 3,
        f"took {took:.1f} seconds": took > SOON,
        "showed something": shown != "",
        "not one line about the store": not re.fullmatch(r"The store cannot be used: [^\n]+\n", trouble),
        "does not say where": str(place) not in trouble,
        "made, changed or removed something": picture(place.parent) != before,
    }
    return [fault for fault, there in found.items() if there]


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("what", UNUSABLE)
def test_dur_4_what_cannot_be_used_ends_every_command_with_one_line_and_makes_nothing(bound, place, what, command):
    UNUSABLE[what](place)
    assert faults(bound, place, COMMANDS[command]) == []


@pytest.mark.parametrize("command", WRITING)
def test_dur_4_data_that_may_not_be_written_ends_whoever_has_to_write(bound, place, command):
    not_to_be_written("store")(place)
    assert faults(bound, place, COMMANDS[command]) == []


@pytest.mark.parametrize("command", WRITING)
def test_dur_4_keys_that_may_not_be_written_end_whoever_has_to_write(bound, place, command):
    not_to_be_written("store-keys")(place)
    assert faults(bound, place, COMMANDS[command], longest=2.0) == []


@pytest.mark.parametrize("command", READING)
@pytest.mark.parametrize("what", ["store", "store-keys"])
def test_dur_4_who_only_reads_may_do_so_where_nothing_can_be_written(bound, place, what, command):
    not_to_be_written(what)(place)
    before = picture(place)
    assert bound.run(COMMANDS[command], place)[0] == 0
    assert picture(place) == before


@pytest.mark.parametrize("command", COMMANDS)
def test_dur_4_the_process_itself_is_gone_in_time(place, command):
    """
    The whole of it, from the start of Python; counted in seconds of the processor, since others use this one too.

    Where Python alone needs longer than that to read the program, refusing takes little more.
    """
    UNUSABLE["mark unreadable"](place)
    done, refusing = spent(*HELPER, *COMMANDS[command], place=place)
    assert done.returncode == 3
    assert len(done.stderr.splitlines()) == 1
    assert refusing < SOON or refusing < 1.5 * spent(sys.executable, "-c", f"import {READ_BY[command]}", place=place)[1]


def spent(*command: str, place: Path) -> tuple[subprocess.CompletedProcess[str], float]:
    """Run *command* on the store in *place*; return how it ended and the seconds of the processor that it took."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(
        command, cwd=ROOT, env=os.environ | settings(place), text=True, capture_output=True, check=False
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return done, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("what", UNUSABLE)
def test_dur_4_the_line_names_what_to_do(bound, place, what, command):
    UNUSABLE[what](place)
    _, _, _, trouble = bound.run(COMMANDS[command], place)
    assert REMEDY.search(trouble), trouble


@pytest.mark.parametrize("what", UNUSABLE)
def test_dur_4_known_bad_a_start_that_makes_what_is_missing_is_noticed(obliging, place, what):
    UNUSABLE[what](place)
    if what.startswith("nothing there"):
        # There it has no right to make anything either.
        place.chmod(0o700)
    found = faults(obliging, place, COMMANDS["chat"])
    assert "made, changed or removed something" in found
    assert "ended with 0" in found
