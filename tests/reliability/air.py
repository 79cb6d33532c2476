"""
The fake Bot API reached through the air: a request is a function call, in virtual time, with weather in between.

What the API takes and refuses is that of `tests/bot/fake_bot_api.py`. Weather is what may happen to one request: an
answer of somebody else, trouble before the call takes effect, or trouble after it did.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

import pytest
from telegram.error import NetworkError
from telegram.request import BaseRequest, RequestData

from bot.request import PooledRequest
from tests.bot.fake_bot_api import PARAMETERS, TOKEN, Call, Document, FakeBotApi, Refused


@dataclass(frozen=True)
class Weather:
    """
    What happens to one request. *before* is raised instead of making the call, *after* once it was made; *answer* is a
    status and a body in place of the call. *slow* is how many seconds it takes.
    """

    before: Exception | None = None
    after: Exception | None = None
    answer: tuple[int, bytes] | None = None
    slow: float = 0.0


FAIR = Weather()


def refusal(code: int, description: str, retry_after: int | None = None) -> Weather:
    """Return the weather in which Telegram refuses a call."""
    return Weather(answer=(code, json.dumps(Refused(code, description, retry_after).answer).encode()))


def too_many(seconds: int) -> Weather:
    return refusal(429, "Too Many Requests: retry later", seconds)


BLOCKED = refusal(403, "Forbidden: bot was blocked by the user")
RESET = NetworkError("aiohttp: ServerDisconnectedError")


async def _fair(_method: str, _given: dict[str, Any]) -> Weather:
    return FAIR


@dataclass
class Air(FakeBotApi):
    """*weather* decides about each request. *made* are all requests, as (second, method, chat)."""

    weather: Callable[[str, dict[str, Any]], Awaitable[Weather]] = _fair
    made: list[tuple[float, str, int]] = field(default_factory=list)

    async def request(self, url: str, request_data: RequestData | None, read_timeout: object) -> tuple[int, bytes]:
        """Answer one request, as `do_request` of a request class does."""
        path, _, query = url.partition("?")
        place, method = path.rsplit("/", 2)[-2:]
        assert place == f"bot{TOKEN}"
        method = method.lower()
        assert method in PARAMETERS, method
        given = dict(parse_qsl(query)) | (_parameters(request_data) if request_data else {})
        loop = asyncio.get_running_loop()
        self.made.append((loop.time(), method, int(given.get("chat_id", 0))))
        weather = await self.weather(method, given)
        if weather.slow:
            await asyncio.sleep(weather.slow)
        if weather.before:
            raise weather.before
        if weather.answer:
            return weather.answer
        try:
            values = self._checked(method, given)
            result = await getattr(self, f"_{method}", self._accept)(values)
        except Refused as refused:
            return refused.answer["error_code"], json.dumps(refused.answer).encode()
        if method != "getupdates":
            self.calls.append(Call(method, {**values, "at": loop.time()}))
            await self._tell()
        if weather.after:
            raise weather.after
        return 200, json.dumps({"ok": True, "result": result}).encode()

    def reached(self, monkeypatch: pytest.MonkeyPatch) -> Air:
        """Have every line of the bot lead here."""

        async def do_request(_self, url, method, request_data=None, read_timeout=None, **_more):
            return await self.request(url, request_data, read_timeout)

        monkeypatch.setattr(PooledRequest, "do_request", do_request)
        return self


def _parameters(request_data: RequestData) -> dict[str, Any]:
    files = {name: Document(part[0], part[1]) for name, part in request_data.multipart_data.items()}
    return {**request_data.json_parameters, **files}


class StockRequest(BaseRequest):
    """A request class with nothing of ours in it, for the variants that are known to fail."""

    def __init__(self, air: Air) -> None:
        self._air = air

    @property
    def read_timeout(self) -> float:
        return 5.0

    async def initialize(self) -> None:
        pass

    async def shutdown(self) -> None:
        pass

    async def do_request(self, url, method, request_data=None, read_timeout=None, **_more):
        return await self._air.request(url, request_data, read_timeout)
