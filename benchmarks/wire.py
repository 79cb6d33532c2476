"""
Both sides of HTTP that a bot sees, as cheap as they can be made: a Bot API that agrees, and a Telegram that posts.

They cost the measuring side a small part of what they cost the bot, so that the bot is what is measured. Whether calls
are well formed is not looked at; that is what the tests of the bot are for.
"""

from __future__ import annotations

import asyncio
import re
from collections import defaultdict, deque
from collections.abc import Callable

from bot.doors import open_door

TOKEN = "987654321:benchmark-token-that-opens-nothing-0"  # noqa: S105 (opens nothing)
SECRET = "benchmark"  # noqa: S105 (same)
LOOPBACK = "127.0.0.1"

_LENGTH = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)
_CHAT = re.compile(rb'(?:^|[&"])chat_id(?:=|": ?)(\d+)')
_BOT = b'{"id":987654321,"is_bot":true,"first_name":"Gids","username":"gids_bot"}'
_NOTHING = {b"getMyCommands": b"[]", b"getMe": _BOT}


class FakeApi:
    """The Bot API: says yes to everything, and tells who waits for it that a message was sent. *calls* counts."""

    def __init__(self) -> None:
        self.calls = 0
        self.address = ""
        self._server: asyncio.Server | None = None
        self._awaited: defaultdict[int, deque[asyncio.Future[None]]] = defaultdict(deque)
        self._message = 0

    async def open(self) -> None:
        """Begin to answer, on a free port of this machine only."""
        door = open_door(LOOPBACK, 0)
        self.address = f"http://{LOOPBACK}:{door.getsockname()[1]}"
        self._server = await asyncio.get_running_loop().create_server(lambda: _Heard(self._answer), sock=door)

    def close(self) -> None:
        """Stop answering."""
        if self._server:
            self._server.close()

    def awaited(self, person: int) -> asyncio.Future[None]:
        """Return what is done when the next message to *person* is sent."""
        future = asyncio.get_running_loop().create_future()
        self._awaited[person].append(future)
        return future

    def _answer(self, first: bytes, body: bytes) -> bytes:
        self.calls += 1
        method = first.split(b" ", 2)[1].rpartition(b"/")[2]
        result = self._sent(body) if method == b"sendMessage" else _NOTHING.get(method, b"true")
        content = b'{"ok":true,"result":' + result + b"}"
        return b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%b" % (
            len(content),
            content,
        )

    def _sent(self, body: bytes) -> bytes:
        found = _CHAT.search(body)
        chat = int(found[1]) if found else 0
        if self._awaited[chat]:
            future = self._awaited[chat].popleft()
            if not future.done():
                future.set_result(None)
        self._message += 1
        return b'{"message_id":%d,"date":1790000000,"chat":{"id":%d,"type":"private","first_name":"A"},"text":"."}' % (
            self._message,
            chat,
        )


class _Heard(asyncio.Protocol):
    """One connection on which requests come in, one after another."""

    def __init__(self, answer: Callable[[bytes, bytes], bytes]) -> None:
        self._answer = answer
        self._rest = b""
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Take hold of the connection."""
        if isinstance(transport, asyncio.Transport):
            self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Answer every request that is whole."""
        self._rest += data
        while found := _whole(self._rest):
            head, body, self._rest = found
            if self._transport:
                self._transport.write(self._answer(head, body))


class Poster(asyncio.Protocol):
    """One connection on which Telegram posts updates to the bot, one after another."""

    def __init__(self) -> None:
        self._rest = b""
        self._transport: asyncio.Transport | None = None
        self._answer: asyncio.Future[int] | None = None

    @classmethod
    async def to(cls, port: int) -> Poster:
        """Return an open connection to the bot at *port* of this machine."""
        _, poster = await asyncio.get_running_loop().create_connection(cls, LOOPBACK, port)
        return poster

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Take hold of the connection."""
        if isinstance(transport, asyncio.Transport):
            self._transport = transport

    def connection_lost(self, exc: Exception | None) -> None:
        """Tell who waits that there will be no answer."""
        self._transport = None
        if self._answer and not self._answer.done():
            self._answer.set_exception(exc or ConnectionError("the bot closed the connection"))

    def data_received(self, data: bytes) -> None:
        """Hand over the status when the answer is whole."""
        self._rest += data
        if found := _whole(self._rest):
            head, _, self._rest = found
            if self._answer and not self._answer.done():
                self._answer.set_result(int(head.split(b" ", 2)[1]))

    async def post(self, body: bytes) -> int:
        """Post an update, and return the status of the answer."""
        head = (
            f"POST /telegram HTTP/1.1\r\nHost: bench\r\nX-Telegram-Bot-Api-Secret-Token: {SECRET}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        return await self._ask(head.encode() + body)

    async def is_well(self) -> bool:
        """Return whether the bot says that it is well."""
        return await self._ask(b"GET /healthz HTTP/1.1\r\nHost: bench\r\n\r\n") == 200  # noqa: PLR2004 (OK)

    def close(self) -> None:
        """Let go of the connection."""
        if self._transport:
            self._transport.close()

    async def _ask(self, request: bytes) -> int:
        if self._transport is None:
            raise ConnectionError("not connected")
        self._answer = asyncio.get_running_loop().create_future()
        self._transport.write(request)
        return await self._answer


def _whole(received: bytes) -> tuple[bytes, bytes, bytes] | None:
    """Return head, body and what came behind it, or None when the message is not whole yet."""
    head, blank, rest = received.partition(b"\r\n\r\n")
    if not blank:
        return None
    length = _LENGTH.search(head)
    size = int(length[1]) if length else 0
    return (head, rest[:size], rest[size:]) if len(rest) >= size else None
