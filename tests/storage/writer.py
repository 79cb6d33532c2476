"""
A process of its own that writes, for tests that kill or starve it: `python -m tests.storage.writer ROLE FOLDER …`.

It tells each write that was acknowledged, as one line on standard output, and ends with the name of what stopped it.
"""

import asyncio
import resource
import sys
from pathlib import Path

from tinydb import TinyDB

from dialogues.errors import KeeperUnavailable
from dialogues.ports import Entry
from storage.in_tinydb import TinyDbKeeper
from tests.storage.examples import conversation, reflection


def tell(line):
    print(line, flush=True)  # noqa: T201 - that is how the test hears


async def write_on(folder, first):
    """Write one reflection after another, until killed or refused."""
    keeper = TinyDbKeeper(folder)
    number = first
    while True:
        await keeper.write(Entry(conversation(), (reflection(number, "woorden " * 40),)))
        tell(number)
        number += 1


def write_on_stock(file):
    """The same on TinyDB's own storage: the known-bad variant."""
    table = TinyDB(file)
    number = 1
    while True:
        table.insert({"id": f"r{number}", "text": "woorden " * 40})
        tell(number)
        number += 1


async def hold(folder):
    """Own *folder* until standard input ends."""
    keeper = TinyDbKeeper(folder)
    tell("holding")
    await asyncio.to_thread(sys.stdin.read)
    await keeper.close()


def main(role, folder, *rest):
    try:
        if role == "hold":
            asyncio.run(hold(Path(folder)))
        elif role == "write":
            asyncio.run(write_on(Path(folder), int(rest[0])))
        else:
            most = int(rest[0])
            resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
            if role == "fill":
                asyncio.run(write_on(Path(folder), 1))
            write_on_stock(folder)
    except (KeeperUnavailable, OSError) as error:
        tell(type(error).__name__)


if __name__ == "__main__":
    main(*sys.argv[1:])
