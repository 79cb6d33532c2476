"""
How long to wait before trying again, and trying until it works.

What counts as delivered, or what is given up, is decided where it is tried.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from typing import TypeVar

from telegram.error import BadRequest, InvalidToken, TelegramError

from bot.errors import TokenRefused
from bot.line import SlowDown
from bot.ports import Sleep
from dialogues.errors import KeeperUnavailable

log = logging.getLogger(__name__)

Answer = TypeVar("Answer")

LONGEST = 10.0
"""The longest pause between two tries, in seconds, so that the bot is back soon after a long silence."""


def pause(tries: int) -> float:
    """Return how many seconds to wait after *tries* failed tries: half a second, doubling up to ten."""
    return min(LONGEST, 0.5 * 2.0 ** min(tries - 1, 8))


async def insist(call: Callable[[], Awaitable[Answer]], sleep: Sleep) -> Answer:
    """
    Return what *call* to the Bot API gives, trying until it answers.

    Raises:
        TokenRefused: the token is not valid.
        BadRequest: the call itself was refused; trying again would not help.
    """
    tries = 0
    while True:
        try:
            return await call()
        except InvalidToken:
            raise TokenRefused from None
        except BadRequest:
            raise
        except SlowDown as asked:
            await sleep(asked.seconds)
        except TelegramError as trouble:
            tries += 1
            log.warning("Telegram does not answer yet: %s", type(trouble).__name__)
            await sleep(pause(tries))


async def once_kept(call: Callable[[], Awaitable[Answer]], sleep: Sleep) -> Answer:
    """Return what *call* to the store gives, trying until the store answers."""
    tries = 0
    while True:
        tries += 1
        try:
            return await call()
        except KeeperUnavailable:
            await sleep(pause(tries))
