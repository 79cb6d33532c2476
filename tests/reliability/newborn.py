"""
The inside of the nursery: forks of this process are bots, born quickly since modules and words were read before.

    python -m tests.reliability.newborn

When it is ready it writes 0. Each line on standard input is a JSON list: the settings, the file for the log, and in
which way to be careless. Then a bot lives, as the command `bot` with these settings in its environment; the number of
its process is written, and its exit code when it is gone.
"""

from __future__ import annotations

import json
import os
import sys
from functools import cache

import click

import bot.run  # noqa: F401 (so that no fork has to read it)
from app import compose
from app.__main__ import main
from app.settings import Settings
from tests.reliability import careless


def live(place: dict[str, str], log: str, how: str) -> None:
    """Run the bot until it is ended."""
    for name in [name for name in os.environ if name.upper().startswith("MINDSHIFT_")]:
        del os.environ[name]
    os.environ.update(place)
    with open(log, "a") as written:  # noqa: PTH123 (nothing else of a path is needed)
        os.dup2(written.fileno(), 1)
        os.dup2(written.fileno(), 2)
    if how:
        careless.make(how)
    main(["bot"])


def nurse() -> None:
    # No kill can damage what was read before it, so all lives share it.
    compose.load = cache(compose.load)
    compose.load(zone=Settings.model_fields["timezone"].default)
    click.echo(0)
    for line in sys.stdin:
        number = os.fork()
        if not number:
            live(*json.loads(line))
        click.echo(number)
        _, status = os.waitpid(number, 0)
        click.echo(os.waitstatus_to_exitcode(status))


if __name__ == "__main__":
    nurse()
