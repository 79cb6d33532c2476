"""
How often somebody may try: twenty wrong answers in a quarter of an hour, counted per address and not per account.

A stranger can so lock out nobody but himself. Only wrong answers to the second factor count per person too: to give
those one must already hold that person's Telegram account.
"""

from __future__ import annotations

from limits import RateLimitItemPerMinute
from limits.aio.storage import MemoryStorage
from limits.aio.strategies import MovingWindowRateLimiter

TRIES = RateLimitItemPerMinute(20, 15, namespace="tries")
"""Wrong answers per address, and wrong second factors per person."""

PAGES = RateLimitItemPerMinute(200, 15, namespace="pages")
"""New login pages per address: a whole school may sit behind one."""


class Limits:
    """Counts in memory; a restart forgets."""

    def __init__(self) -> None:
        self._limiter = MovingWindowRateLimiter(MemoryStorage())

    async def may_try(self, *whose: str) -> bool:
        """Return whether none of *whose* gave too many wrong answers."""
        return all([await self._limiter.test(TRIES, one) for one in whose])

    async def wrong(self, *whose: str) -> None:
        """Count one wrong answer for each of *whose*."""
        for one in whose:
            await self._limiter.hit(TRIES, one)

    async def may_ask(self, address: str) -> bool:
        """Count one new login page for *address*, and return whether that was not too many."""
        return await self._limiter.hit(PAGES, address)
