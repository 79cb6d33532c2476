"""
One person's turns strictly one after another, different people at once, and not too many at a time.

The lanes live in memory: two processes on one token are stopped elsewhere (the store has one owner).
"""

from __future__ import annotations

import asyncio
from contextlib import AbstractAsyncContextManager


class Lanes:
    """
    Lanes by key; whoever comes first goes first.

    Args:
        at_once: how many turns may be under way together.
    """

    def __init__(self, at_once: int) -> None:
        self._lanes: dict[str, _Lane] = {}
        self._room = asyncio.Semaphore(at_once)

    def of(self, key: str) -> AbstractAsyncContextManager[AbstractAsyncContextManager[None]]:
        """
        Hold the lane of *key*, giving the room for one try. The room is taken for each try apart, so that somebody
        who waits for the store to come back takes the place of nobody else.
        """
        lane = self._lanes.get(key)
        if lane is None:
            lane = self._lanes[key] = _Lane(self._lanes, key, self._room)
        return lane


class _Lane:
    """One lane: as long as somebody is in it or waits for it, it is found among the *others* by its *key*."""

    __slots__ = ("_held", "_key", "_others", "_room", "_waiting")

    def __init__(self, others: dict[str, _Lane], key: str, room: asyncio.Semaphore) -> None:
        self._others = others
        self._key = key
        self._room = room
        self._held = asyncio.Lock()
        self._waiting = 0

    async def __aenter__(self) -> AbstractAsyncContextManager[None]:
        self._waiting += 1
        try:
            await self._held.acquire()
        except BaseException:
            self._leave()
            raise
        return self._room

    async def __aexit__(self, *_: object) -> None:
        self._held.release()
        self._leave()

    def _leave(self) -> None:
        self._waiting -= 1
        if not self._waiting:
            del self._others[self._key]
