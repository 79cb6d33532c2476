"""
One person's turns strictly one after another, different people at once, and not too many at a time.

The lanes live in memory: two processes on one token are stopped elsewhere (the store has one owner).
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager


class Lanes:
    """
    Lanes by key; whoever comes first goes first.

    Args:
        at_once: how many turns may be under way together.
    """

    def __init__(self, at_once: int) -> None:
        self._locks: dict[str, asyncio.Lock] = {}
        self._waiting: dict[str, int] = {}
        self._room = asyncio.Semaphore(at_once)

    @asynccontextmanager
    async def of(self, key: str) -> AsyncIterator[AbstractAsyncContextManager[None]]:
        """
        Hold the lane of *key*, giving the room for one try. The room is taken for each try apart, so that somebody
        who waits for the store to come back takes the place of nobody else.
        """
        lock = self._locks.setdefault(key, asyncio.Lock())
        self._waiting[key] = self._waiting.get(key, 0) + 1
        try:
            async with lock:
                yield self._room
        finally:
            self._waiting[key] -= 1
            if not self._waiting[key]:
                del self._waiting[key], self._locks[key]
