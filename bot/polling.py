"""
Long polling, with one promise: Telegram forgets an update only after its turn is kept.

python-telegram-bot's own loop confirms updates before they are handled, and stops at one that it cannot parse; hence
this one. Asking for an offset confirms everything before it, so the offset never passes the oldest update whose turn is
not kept. What comes again meanwhile is skipped here; what comes again after a restart is known to the guide.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable, Mapping
from typing import Any

from telegram.error import Conflict, InvalidToken, TelegramError

from bot.errors import TokenRefused
from bot.line import Line, SlowDown
from bot.patience import insist, pause
from bot.ports import Sleep
from bot.pulse import Pulse
from bot.reception import Reception

log = logging.getLogger(__name__)

WAIT = 10
"""Seconds Telegram holds a poll open. Short, so that a line that died unnoticed is replaced within fifteen."""

PATIENCE = 0.5
"""Seconds a poll waits for the turns of the one before; also the shortest time between polls that bring nothing new."""


class Polling:
    """
    Fetches updates and has them taken in, until stopped.

    Args:
        sleep: waits for a number of seconds after trouble.
        pulse: is told of every round.
    """

    def __init__(
        self,
        line: Line,
        reception: Reception,
        sleep: Sleep = asyncio.sleep,
        wait: int = WAIT,
        pulse: Pulse | None = None,
    ) -> None:
        self._line = line
        self._reception = reception
        self._sleep = sleep
        self._wait = wait
        self._next = 0
        self._open: dict[int, asyncio.Task[None]] = {}
        self._done: set[int] = set()
        self._pulse = pulse or Pulse()

    async def run(self) -> None:
        """
        Poll for ever. Cancel it to stop; then `finish`.

        Raises:
            TokenRefused: Telegram does not know the token (any more).
        """
        await insist(lambda: self._line.bot.delete_webhook(drop_pending_updates=False), self._sleep)
        failures = 0
        while True:
            self._pulse.beat("updates")
            asked = asyncio.get_running_loop().time()
            try:
                came = await self._line.updates(self._offset, self._wait)
            except TelegramError as trouble:
                failures += 1
                spent = asyncio.get_running_loop().time() - asked
                await self._sleep(_after(trouble, failures, spent))
                continue
            failures = 0
            new = self._begin(came)
            if self._open:
                await asyncio.wait(self._open.values(), timeout=PATIENCE)
            elif came and not new:
                await self._sleep(PATIENCE)

    async def finish(self, grace: float) -> None:
        """Let turns under way finish, for at most *grace* seconds. The others are not confirmed and will come again."""
        if self._open:
            await asyncio.wait(self._open.values(), timeout=grace)
        unfinished = list(self._open.values())
        for turn in unfinished:
            turn.cancel()
        await asyncio.gather(*unfinished, return_exceptions=True)

    @property
    def _offset(self) -> int:
        return min(self._open, default=self._next)

    def _begin(self, came: Iterable[object]) -> bool:
        """Begin a turn for each update that is new, and return whether there was one."""
        self._done = {number for number in self._done if number >= self._offset}
        new = False
        for raw in came:
            number = raw.get("update_id") if isinstance(raw, dict) else None
            if not isinstance(raw, dict) or not isinstance(number, int):
                log.error("An update without a number was set aside")
            elif number not in self._open and number not in self._done:
                new = True
                self._next = max(self._next, number + 1)
                self._open[number] = asyncio.create_task(self._turn(number, raw))
        return new

    async def _turn(self, number: int, raw: Mapping[str, Any]) -> None:
        try:
            await self._reception.take(raw, insist=True)
        except Exception as fault:  # noqa: BLE001 (one update's fault must not stop the others)
            log.error("Update %s was set aside: %s", number, type(fault).__name__)  # noqa: TRY400 (content-free)
        self._done.add(number)
        del self._open[number]


def _after(trouble: TelegramError, failures: int, spent: float) -> float:
    """
    Return how many seconds to wait after *trouble*, on which *spent* seconds went already: a line that was silent for
    long has made us wait enough. Raises TokenRefused.
    """
    if isinstance(trouble, InvalidToken):
        raise TokenRefused from None
    if isinstance(trouble, SlowDown):
        return trouble.seconds
    if isinstance(trouble, Conflict):
        log.error("Another process fetches the updates of this bot, or it has a webhook elsewhere. Run it once.")
    else:
        log.warning("Telegram does not answer: %s", type(trouble).__name__)
    return max(0.0, pause(failures) - spent)
