"""
Whether every loop of the bot still goes round, and the voice that says so when one does not.

A loop that hangs raises nothing, and reminders or answers that stop unnoticed are missed by nobody. So each loop beats
here on every round, and a watch looks at the beats. What a loop does is no business of this module.
"""

from __future__ import annotations

import asyncio
import logging

from bot.ports import Sleep

log = logging.getLogger(__name__)

STUCK = 45.0
"""Seconds without a round after which a loop counts as stuck; a poll that hears nothing may take half a minute."""

LOOK = 5.0
"""Seconds between two looks. Together with STUCK less than a minute, within which a stuck loop must be noticed."""


class Pulse:
    """When each loop last went round. One that never began is not missed."""

    def __init__(self) -> None:
        self._beats: dict[str, float] = {}

    def beat(self, loop: str) -> None:
        """Note that *loop* goes round."""
        self._beats[loop] = _now()

    def age(self, loop: str) -> float:
        """Return how many seconds ago *loop* went round, 0 when it never did."""
        return _now() - self._beats[loop] if loop in self._beats else 0.0

    def stuck(self) -> frozenset[str]:
        """Return the loops that no longer go round."""
        return frozenset(loop for loop in self._beats if self.age(loop) >= STUCK)


async def watch(pulse: Pulse, sleep: Sleep = asyncio.sleep) -> None:
    """Look for ever, and log a line when a loop is found stuck or goes round again."""
    before: frozenset[str] = frozenset()
    while True:
        now = pulse.stuck()
        for loop in sorted(now - before):
            log.error("The loop for %s is stuck", loop)
        for loop in sorted(before - now):
            log.info("The loop for %s goes round again", loop)
        before = now
        await sleep(LOOK)


def _now() -> float:
    return asyncio.get_running_loop().time()
