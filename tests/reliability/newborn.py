"""
The inside of a bot from the nursery: the command `bot` as an operator types it, with its settings in the environment.

Importing this reads all modules and the words, so that each fork has them ready: no kill can damage those.
"""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path

import bot.run  # noqa: F401 (made ready)
from app import compose
from app.__main__ import main
from app.settings import Settings
from tests.reliability import careless

compose.load = cache(compose.load)
compose.load(zone=Settings.model_fields["timezone"].default)


def live(place: dict[str, str], log: Path, how: str) -> None:
    """Run the bot with the settings in *place* until it is ended, careless in the way *how* unless that is ""."""
    for name in [name for name in os.environ if name.upper().startswith("MINDSHIFT_")]:
        del os.environ[name]
    os.environ.update(place)
    os.chdir(log.parent)
    with log.open("a") as written:
        os.dup2(written.fileno(), 1)
        os.dup2(written.fileno(), 2)
    if how:
        careless.make(how)
    main(["bot"])
