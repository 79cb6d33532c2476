"""
The line to the Bot API: one pool of connections for calls, and one connection on which we wait for updates.

Everything else is python-telegram-bot's, over HTTP as `bot/request.py` does it. Answers are changed in three ways only:
one that is no answer of the Bot API (a page of a proxy, broken JSON) is trouble on the line and nothing worse, whatever
its status; being asked to slow down carries the seconds; and nothing of an answer is logged, since updates hold what
people wrote.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from telegram import Bot
from telegram.error import NetworkError, TelegramError

from bot.json_text import read_json
from bot.request import PooledRequest

ALLOWED_UPDATES = ("message", "edited_message", "callback_query", "my_chat_member")
"""The kinds of update the bot asks for."""

SLACK = 5.0
"""Seconds an answer may come later than the wait that was asked for."""


class SlowDown(TelegramError):
    """Telegram asks to wait *seconds* before the next call about this chat."""

    def __init__(self, seconds: float) -> None:
        super().__init__("Telegram asked to slow down.")
        self.seconds = seconds


class Wire(PooledRequest):
    """Requests whose answers have the three changes above."""

    async def do_request(self, *args: Any, **kwargs: Any) -> tuple[int, bytes]:  # noqa: ANN401 (passed on as it came)
        """Return status and body. Raises SlowDown; NetworkError when a refusal does not come from the Bot API."""
        status, payload = await super().do_request(*args, **kwargs)
        if not HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
            refusal = self.parse_json_payload(payload)
            if status == HTTPStatus.TOO_MANY_REQUESTS:
                raise SlowDown(_seconds(refusal))
        return status, payload

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """Return the answer as a mapping. Raises NetworkError when it is no answer of the Bot API."""
        try:
            answer = read_json(payload.decode("utf-8", "replace").encode())
        except (ValueError, RecursionError):
            raise NetworkError("The answer is not JSON.") from None
        if not isinstance(answer, dict) or not ("result" in answer or answer.get("ok") is False):
            raise NetworkError("The answer is not one of the Bot API.")
        return answer


def _seconds(refusal: dict[str, Any]) -> float:
    parameters = refusal.get("parameters")
    asked = parameters.get("retry_after") if isinstance(parameters, dict) else None
    return float(asked) if isinstance(asked, int | float) and asked > 0 else 1.0


class Line:
    """
    An open line to the Bot API.

    Args:
        token: of the bot.
        api: address of the Bot API server, such as ``https://api.telegram.org``.
    """

    def __init__(self, token: str, api: str) -> None:
        api = api.rstrip("/")
        self._calls = Wire(connection_pool_size=64, pool_timeout=SLACK)
        self._updates = Wire(connection_pool_size=2)
        self.bot = Bot(
            token,
            base_url=f"{api}/bot",
            base_file_url=f"{api}/file/bot",
            request=self._calls,
            get_updates_request=self._updates,
        )

    async def updates(self, offset: int, wait: int) -> Sequence[object]:
        """
        Return the updates from *offset* on, as they came, waiting at most *wait* seconds for the first.

        Asking for an offset confirms all updates before it: Telegram forgets them. They are not parsed here, because
        python-telegram-bot parses a batch as a whole, and one strange update would hold up all others.

        Raises:
            TelegramError: there was no answer.
        """
        asked = urlencode({"offset": offset, "timeout": wait, "allowed_updates": json.dumps(ALLOWED_UPDATES)})
        result: object = await self._updates.post(f"{self.bot.base_url}/getUpdates?{asked}", read_timeout=wait + SLACK)
        if not isinstance(result, list):
            raise NetworkError("The answer holds no list of updates.")
        return result

    async def close(self) -> None:
        """Let go of the connections."""
        await self._calls.shutdown()
        await self._updates.shutdown()
