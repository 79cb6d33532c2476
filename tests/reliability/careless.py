"""
The command `bot`, made worse in one way, for the tests that must notice: `python -m tests.reliability.careless HOW`.

HOW is ``early``: updates are confirmed before their turns are kept; or ``behind``: a turn is answered first and reaches
the disk two seconds later. Everything else is the real thing, with its settings in the environment.
"""

from __future__ import annotations

import asyncio
import json
import sys

import bot.run
from app import compose
from app.__main__ import main
from bot.reception import Reception
from dialogues.conversation import LeaderId
from dialogues.ports import Entry, Page
from storage.in_memory import InMemoryKeeper
from storage.journal import write_page

LATE = 2.0


class Early(Reception):
    """Says that a turn is kept when it has yet to begin."""

    turns: set[asyncio.Task] = set()  # noqa: RUF012 (there is one)

    async def take(self, *given, **more) -> None:
        turn = asyncio.create_task(super().take(*given, **more))
        self.turns.add(turn)
        turn.add_done_callback(self.turns.discard)


class Behind:
    """Keeps in memory at once, and on the disk a little later."""

    def __init__(self, disk) -> None:
        self._disk = disk
        self._pages: dict[LeaderId, str] = {}
        self._memory = InMemoryKeeper(self._pages)
        self._later: set[asyncio.Task] = set()

    def __getattr__(self, name):
        return getattr(self._disk, name)

    async def read(self, leader: LeaderId) -> Page | None:
        if leader not in self._pages:
            page = await self._disk.read(leader)
            if page is None:
                return None
            self._pages[leader] = json.dumps(write_page(page))
        return await self._memory.read(leader)

    async def write(self, entry: Entry) -> None:
        await self.read(entry.conversation.leader)
        await self._memory.write(entry)
        self._put_off(self._disk.write(entry))

    async def delivered(self, leader: LeaderId, number: int) -> None:
        await self.read(leader)
        await self._memory.delivered(leader, number)
        self._put_off(self._disk.delivered(leader, number))

    def _put_off(self, work) -> None:
        async def wait_and_work() -> None:
            await asyncio.sleep(LATE)
            await work

        task = asyncio.create_task(wait_and_work())
        self._later.add(task)
        task.add_done_callback(self._later.discard)

    async def close(self) -> None:
        await asyncio.gather(*self._later)
        await self._disk.close()


if __name__ == "__main__":
    [how] = sys.argv[1:]
    if how == "early":
        bot.run.Reception = Early
    else:
        opened = compose.open_store
        compose.open_store = lambda *given: Behind(opened(*given))
    main(["bot"])
