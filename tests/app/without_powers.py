"""
Commands, one after another, in a process that permissions bind, also when it is root that runs the tests.

    python tests/app/without_powers.py COMMAND …
    python tests/app/without_powers.py asked | obliging

It gives up the powers by which root passes every permission. Then it carries out the command, or reads one request a
line: the words of a command and its environment, as JSON. It answers each with the exit code, the seconds it took, what
was shown and what was complained about. With ``obliging`` the store is opened by the variant that is known to be bad: it
makes what it misses, and begins anew.
"""

from __future__ import annotations

import ctypes
import functools
import io
import json
import os
import signal
import sys
import time
from pathlib import Path

OVER_FILES = range(5)
"""The numbers of Linux's powers over files of others: chown, dac_override, dac_read_search, fowner, fsetid."""
DROP = 24
LONGEST = 20.0
"""Seconds after which a command is taken to go on for ever."""


class StillRunning(BaseException):
    """The command neither refused nor ended."""


def give_up_powers() -> None:
    """Start anew without the powers of root over files. For others there is nothing to give up."""
    if os.geteuid() == 0 and "BOUND" not in os.environ:
        kernel = ctypes.CDLL(None)
        for power in OVER_FILES:
            kernel.prctl(DROP, power, 0, 0, 0)
        os.execve(sys.executable, [sys.executable, *sys.argv], {**os.environ, "BOUND": "yes"})


def stop(*_signal) -> None:
    raise StillRunning


def run(words: list[str], longest: float) -> tuple[object, float, str, str]:
    from app.__main__ import main  # noqa: PLC0415 - after the powers are given up

    streams = [io.TextIOWrapper(io.BytesIO(), encoding="utf-8") for _ in range(3)]
    before, begun = (sys.stdin, sys.stdout, sys.stderr), time.monotonic()
    sys.stdin, sys.stdout, sys.stderr = streams
    code: object = None
    signal.setitimer(signal.ITIMER_REAL, longest)
    try:
        main(words)
    except SystemExit as ended:
        code = ended.code
    except StillRunning:
        code = "still running"
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        sys.stdin, sys.stdout, sys.stderr = before
    took = time.monotonic() - begun
    for stream in streams[1:]:
        stream.flush()
    shown, trouble = (stream.buffer.getvalue().decode() for stream in streams[1:])
    return code, took, shown, trouble


def be_obliging() -> None:
    """Have a new and empty store be made in place of every one that cannot be used."""
    from app import compose, upkeep  # noqa: PLC0415 - after the powers are given up
    from dialogues.errors import KeeperUnavailable  # noqa: PLC0415
    from storage.in_tinydb import TinyDbKeeper  # noqa: PLC0415

    opened = upkeep.open_store

    def open_anyhow(settings, *given):
        try:
            return opened(settings, *given)
        except KeeperUnavailable:
            return TinyDbKeeper(settings.data.with_name("begun-anew"))

    compose.open_store = open_anyhow


def answer_all(*, obliging: bool) -> None:
    import bot.run  # noqa: F401, PLC0415 - so that no command pays for it
    from app import compose  # noqa: PLC0415

    # The words are read once; this is about the store.
    compose.load = functools.cache(compose.load)
    compose.load(zone=compose.Settings.model_fields["timezone"].default)
    if obliging:
        be_obliging()
    signal.signal(signal.SIGALRM, stop)
    for line in sys.stdin:
        request = json.loads(line)
        os.environ.update(request["place"])
        sys.stdout.write(json.dumps(run(request["words"], request.get("longest", LONGEST))) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    give_up_powers()
    sys.path.insert(0, str(Path(__file__).parents[2]))
    if sys.argv[1:] in (["asked"], ["obliging"]):
        answer_all(obliging=sys.argv[1] == "obliging")
    else:
        from app.__main__ import main

        main(sys.argv[1:])
