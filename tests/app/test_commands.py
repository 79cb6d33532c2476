"""
The commands as somebody types them, on a real store with the real words.

Most run in this process, since starting one takes longer than what it does; what concerns processes runs in its own.
"""

import io
import json
import logging
import os
import re
import signal
import socket
import stat
import subprocess
import sys
from pathlib import Path

import pytest
import structlog

from app.__main__ import main
from app.logs import OURS

ROOT = Path(__file__).parents[2]
TOKEN = "123456789:AAcanary-canary-canary-canary-canary"
BEGIN = ["Nederlands", "akkoord"]
THOUGHT = "/gedachte Ik zie op tegen lesbezoek bij canary."
CHAT = [sys.executable, "-m", "app", "chat"]


@pytest.fixture
def place(tmp_path, monkeypatch):
    """Everything a command takes from where it is started."""
    for name in list(os.environ):
        if name.upper().startswith("MINDSHIFT_"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    monkeypatch.setenv("MINDSHIFT_DATA", str(tmp_path / "store"))
    monkeypatch.chdir(tmp_path)
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield monkeypatch
    root.handlers[:] = handlers
    root.setLevel(level)
    for name in OURS:
        logging.getLogger(name).setLevel(logging.NOTSET)
    logging.raiseExceptions = True
    structlog.reset_defaults()


def run(place, *words, said="", **more):
    """Type one command in this process; return its exit code, what it showed and what it complained about."""
    lines = said if isinstance(said, bytes) else said.encode()
    streams = [io.TextIOWrapper(io.BytesIO(given), encoding="utf-8") for given in (lines, b"", b"")]
    with place.context() as here:
        for name, value in more.items():
            here.setenv(name, value)
        for name, stream in zip(("stdin", "stdout", "stderr"), streams, strict=True):
            here.setattr(sys, name, stream)
        with pytest.raises(SystemExit) as ended:
            main(list(words))
    for stream in streams[1:]:
        stream.flush()
    shown, trouble = (stream.buffer.getvalue().decode() for stream in streams[1:])
    # The line of a first start has a test of its own, in test_upkeep.py.
    return ended.value.code, shown, re.sub(r"\A.*Keys were made in .*\n", "", trouble)


def talk(place, *said, words=()):
    code, shown, trouble = run(place, "chat", *words, said="".join(f"{line}\n" for line in said))
    assert (code, trouble) == (0, "")
    return shown


def test_help_names_every_command(place):
    code, shown, _ = run(place, "--help")
    assert code == 0
    for command in ("bot", "chat", "check", "erase", "export", "graph", "health"):
        assert re.search(rf"^  {command} ", shown, re.MULTILINE)


def test_an_unknown_command_and_an_unknown_language_are_asked_wrongly(place):
    assert run(place, "chatt")[0] == 2
    assert run(place, "--language", "fr")[0] == 2
    assert run(place, "chat", "--at", "tomorrow")[0] == 2


def test_a_process_of_its_own_says_the_same():
    done = subprocess.run([*CHAT[:-1], "--help"], cwd=ROOT, text=True, capture_output=True, timeout=20, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert "Usage: mindshift" in done.stdout


def test_wrong_settings_end_with_one_list_of_names_and_no_values(place):
    wrong = {"MINDSHIFT_LANGUAGE": "canary", "MINDSHIFT_LISTEN": "canary", "MINDSHIFT_TELEGRAM_TOKN": TOKEN}
    code, shown, trouble = run(place, "bot", **wrong)
    assert (code, shown) == (2, "")
    for name in (*wrong, "MINDSHIFT_TELEGRAM_TOKEN"):
        assert f"  {name} " in trouble
    assert "canary" not in trouble
    assert "Traceback" not in trouble


@pytest.mark.parametrize("command", ["chat", "export", "erase", "bot"])
def test_a_store_that_cannot_be_used_ends_with_one_line_and_its_own_code(place, tmp_path, command):
    (tmp_path / "store").write_text("not a folder")
    more = {"MINDSHIFT_TELEGRAM_TOKEN": TOKEN, "MINDSHIFT_LISTEN": "127.0.0.1:0"}
    code, shown, trouble = run(place, command, *(["--yes"] if command == "erase" else []), **more)
    assert (code, shown) == (3, "")
    assert trouble.startswith("The store cannot be used: ")
    assert len(trouble.splitlines()) == 1
    assert (tmp_path / "store").read_text() == "not a folder"


def test_an_address_that_is_taken_is_said_plainly(place):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        listen = f"127.0.0.1:{taken.getsockname()[1]}"
        code, shown, trouble = run(place, "bot", MINDSHIFT_TELEGRAM_TOKEN=TOKEN, MINDSHIFT_LISTEN=listen)
    assert (code, shown) == (1, "")
    assert trouble.startswith("Error: cannot listen at MINDSHIFT_LISTEN")


def test_a_damaged_page_ends_the_chat_and_is_left_as_it_is(place, tmp_path):
    talk(place, *BEGIN)
    (page,) = [file for file in (tmp_path / "store" / "leaders").iterdir() if file.is_file()]
    damaged = page.read_bytes()[:-20]
    page.write_bytes(damaged)
    code, _, trouble = run(place, "chat")
    assert (code, page.read_bytes()) == (3, damaged)
    assert len(trouble.splitlines()) == 1


def test_a_piped_conversation_is_plain_text_and_ends_with_the_input(place):
    shown = talk(place, *BEGIN)
    assert "[1] " in shown
    assert "\x1b" not in shown
    assert shown.endswith("\n\n")


def test_without_a_command_the_guide_talks(place):
    code, shown, _ = run(place, "--language", "nl")
    assert code == 0
    assert "[1] " in shown


def test_whatever_is_typed_the_conversation_goes_on(place):
    strange = b"\xff\xfe\n\x00\n" + b"x" * 40_000 + "\n😀\n\u202e\u200b\n{{ 7*7 }} <b>\n/nergens\n\n".encode()
    code, shown, trouble = run(place, "chat", said=b"Nederlands\nakkoord\n" + strange + b"/help\n")
    assert (code, trouble) == (0, "")
    assert "49" not in shown
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f]", shown)


def test_a_killed_chat_goes_on_at_the_same_step(place):
    talk(place, *BEGIN)
    with subprocess.Popen(CHAT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as chat:
        chat.stdin.write("/nieuw\n")
        chat.stdin.flush()
        first_buttons = (line for line in chat.stdout if line.startswith("[1] "))
        menu, question = next(first_buttons), next(first_buttons)
        chat.send_signal(signal.SIGKILL)
    assert menu != question
    assert question in talk(place)


def test_two_chats_in_one_store_do_not_mix(place):
    with subprocess.Popen(CHAT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as chat:
        chat.stdout.readline()
        code, shown, trouble = run(place, "chat", said="akkoord\n")
        assert (code, shown) == (3, "")
        assert str(chat.pid) in trouble
        assert len(trouble.splitlines()) == 1
        chat.stdin.close()


def test_what_was_written_is_exported_and_gone_after_erasing(place, tmp_path):
    talk(place, *BEGIN, THOUGHT, "Bewaren")
    code, shown, _ = run(place, "export", "--format", "json")
    assert code == 0
    assert any("canary" in reflection["text"] for reflection in json.loads(shown)["journal"])
    code, shown, _ = run(place, "export")
    assert "canary" in shown
    assert run(place, "export", "--to", "mine.md")[0] == 0
    assert stat.S_IMODE((tmp_path / "mine.md").stat().st_mode) == 0o600
    assert run(place, "erase", said="n\n")[0] == 1
    assert "canary" in run(place, "export")[1]
    assert run(place, "erase", "--yes")[:2] == (0, "erased\n")
    code, shown, trouble = run(place, "export")
    assert (code, shown, trouble) == (1, "", "Error: nothing is kept of this leader\n")
    assert not [file for file in (tmp_path / "store").rglob("*") if file.is_file() and b"canary" in file.read_bytes()]


def test_the_clock_can_be_set_for_one_conversation(place):
    talk(place, *BEGIN, THOUGHT, "Bewaren", words=["--at", "2026-12-01 08:00"])
    kept = json.loads(run(place, "export", "--format", "json")[1])
    assert [reflection["said"] for reflection in kept["journal"]] == ["2026-12-01T07:00:00+00:00"]


def test_the_words_have_no_faults_and_the_drawings_are_current(place):
    assert run(place, "check")[:2] == (0, "no faults in the content\n")
    assert run(place, "graph", "--check")[0] == 0
