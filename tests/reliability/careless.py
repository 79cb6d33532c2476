"""
Bots made worse in one way, for the tests that must notice it; everything else in them is the real thing.

``early`` confirms an update before its turn is kept; ``behind`` keeps in memory, and on the disk when it is closed.
"""

from __future__ import annotations

import asyncio

import bot.run
from app import compose
from bot.reception import Reception
from storage.in_memory import InMemoryKeeper

QUEUED = 0.5
"""Seconds that an update waits in that queue: with twenty a second there is always one in it to lose."""


def make(how: str) -> None:
    """Make the bot of this process worse in the way *how*."""
    if how == "early":
        bot.run.Reception = Early
    else:
        opened = compose.open_store
        compose.open_store = lambda *given: Behind(opened(*given))


class Early(Reception):
    """Says that a turn is kept when it has yet to begin, as in a queue of which only memory knows."""

    turns: set[asyncio.Task] = set()  # noqa: RUF012 (there is one)

    async def take(self, *given, **more) -> None:
        async def later() -> None:
            await asyncio.sleep(QUEUED)
            await taken

        taken = super().take(*given, **more)
        turn = asyncio.create_task(later())
        self.turns.add(turn)
        turn.add_done_callback(self.turns.discard)


class Behind(InMemoryKeeper):
    """Acknowledges what only its memory holds; the disk follows when it is closed."""

    def __init__(self, disk) -> None:
        super().__init__()
        self._disk = disk
        self._later = []

    async def read(self, leader):
        if leader not in self._pages and (page := await self._disk.read(leader)):
            self._keep(leader, page)
        return await super().read(leader)

    async def write(self, entry) -> None:
        await self.read(entry.conversation.leader)
        await super().write(entry)
        self._later.append(lambda: self._disk.write(entry))

    async def delivered(self, leader, number) -> None:
        await super().delivered(leader, number)
        self._later.append(lambda: self._disk.delivered(leader, number))

    async def close(self) -> None:
        for work in self._later:
            await work()
        await self._disk.close()
