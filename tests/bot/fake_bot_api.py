"""
A strict stand-in for the Bot API of Telegram, over real HTTP on this machine.

It knows the methods the bot uses, with their parameters and limits (Bot API 10.0), and refuses everything else; what it
refused for being malformed stands in `violations`, which the fixture expects to be empty. Faults can be laid ready per
method and chat: refusals, pages of a proxy, broken JSON, connections that break before or after the call took effect.
"""

from __future__ import annotations

import asyncio
import json
from collections import defaultdict
from collections.abc import Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from itertools import count
from typing import Any, Self
from urllib.parse import parse_qsl

import uvicorn

from bot.doors import open_door

TOKEN = "987654321:CANARYcanaryCANARYcanaryCANARY-_123"
BOT = {"id": 987654321, "is_bot": True, "first_name": "Gids", "username": "gids_bot"}

PARAMETERS = {
    "getme": ({}, {}),
    "getupdates": ({}, {"offset": int, "limit": int, "timeout": int, "allowed_updates": list}),
    "setwebhook": (
        {"url": str},
        {"secret_token": str, "allowed_updates": list, "drop_pending_updates": bool, "max_connections": int},
    ),
    "deletewebhook": ({}, {"drop_pending_updates": bool}),
    "sendmessage": (
        {"chat_id": int, "text": str},
        {"reply_markup": dict, "link_preview_options": dict},
    ),
    "editmessagetext": (
        {"text": str, "chat_id": int, "message_id": int},
        {"reply_markup": dict, "link_preview_options": dict},
    ),
    "editmessagereplymarkup": ({"chat_id": int, "message_id": int}, {"reply_markup": dict}),
    "senddocument": ({"chat_id": int, "document": bytes}, {"caption": str, "reply_markup": dict}),
    "getfile": ({"file_id": str}, {}),
    "sendphoto": ({"chat_id": int, "photo": bytes}, {"caption": str, "reply_markup": dict}),
    "answercallbackquery": ({"callback_query_id": str}, {"text": str}),
    "setmycommands": ({"commands": list}, {"language_code": str, "scope": dict}),
    "getmycommands": ({}, {"language_code": str, "scope": dict}),
    "setmydescription": ({}, {"description": str, "language_code": str}),
    "getmydescription": ({}, {"language_code": str}),
    "setmyshortdescription": ({}, {"short_description": str, "language_code": str}),
    "getmyshortdescription": ({}, {"language_code": str}),
}
"""Required and optional parameters per method; a parse mode is left out on purpose, so that using one is refused."""


class Refused(Exception):
    """The call is refused, as Telegram would."""

    def __init__(
        self, code: int, description: str, retry_after: int | None = None, moved_to: int | None = None
    ) -> None:
        super().__init__(description)
        self.answer: dict[str, Any] = {"ok": False, "error_code": code, "description": description}
        if retry_after is not None:
            self.answer["parameters"] = {"retry_after": retry_after}
        if moved_to is not None:
            self.answer["parameters"] = {"migrate_to_chat_id": moved_to}


@dataclass
class Fault:
    """Something that goes wrong with the next calls of *method* (about *chat*); *late* answers by that many seconds."""

    method: str
    chat: int | None = None
    times: int = 1
    code: int = 0
    description: str = ""
    retry_after: int | None = None
    page: bytes = b""
    reset: str = ""
    hold: asyncio.Event | None = None
    late: float = 0.0


@dataclass
class Call:
    """One accepted call."""

    method: str
    values: dict[str, Any]


@dataclass
class FakeBotApi:
    """Open it with `opened`; then `address` is where it answers."""

    address: str = ""
    updates: list[dict[str, Any]] = field(default_factory=list)
    calls: list[Call] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    violations: list[str] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    messages: dict[tuple[int, int], dict[str, Any]] = field(default_factory=dict)
    queries: set[str] = field(default_factory=set)
    shown: dict[str, dict[str, Any]] = field(default_factory=lambda: defaultdict(dict))
    webhook: dict[str, Any] = field(default_factory=dict)
    confirmed: list[int] = field(default_factory=list)
    numbers: Callable[[], int] = field(default_factory=lambda: count(500).__next__)
    ids: Callable[[], int] = field(default_factory=lambda: count(1).__next__)
    polls: int = 0
    closed: bool = False
    moved: dict[int, int] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)
    _changed: asyncio.Condition = field(default_factory=asyncio.Condition)

    # What people do.

    async def send(self, kind: str, content: Mapping[str, Any], number: int | None = None) -> int:
        """Have an update ready for the bot, and return its number."""
        number = self.numbers() if number is None else number
        self.updates.append({"update_id": number, kind: dict(content)})
        await self._tell()
        return number

    async def says(self, person: int, text: str, **more: Any) -> int:
        return await self.send("message", message(self.ids(), person, text=text, **more))

    async def taps(self, person: int, under: int, payload: str) -> str:
        query = f"query-{self.ids()}"
        self.queries.add(query)
        await self.send("callback_query", tap(query, person, under, payload))
        return query

    # What the bot did.

    def sent(self, chat: int | None = None) -> list[dict[str, Any]]:
        """Return the values of every message, document and picture sent (to *chat*), in order."""
        return [
            call.values
            for call in self.calls
            if call.method in ("sendmessage", "senddocument", "sendphoto") and chat in (None, call.values["chat_id"])
        ]

    def texts(self, chat: int | None = None) -> list[str]:
        return [values.get("text", "") for values in self.sent(chat)]

    def answered(self) -> dict[str, str]:
        return {
            call.values["callback_query_id"]: call.values.get("text", "")
            for call in self.calls
            if call.method == "answercallbackquery"
        }

    async def until(self, holds: Callable[[], object], within: float = 4.0) -> None:
        """Wait until *holds*, looking again after every call."""
        async with asyncio.timeout(within), self._changed:
            await self._changed.wait_for(holds)

    @asynccontextmanager
    async def opened(self):
        """Answer on a free port for as long as the context lasts."""
        door = open_door("127.0.0.1", 0)
        self.address = f"http://127.0.0.1:{door.getsockname()[1]}"
        config = uvicorn.Config(self, log_config=None, access_log=False, lifespan="off", timeout_graceful_shutdown=1)
        server = Server(config)
        serving = asyncio.create_task(server._serve(sockets=[door]))
        try:
            yield self
        finally:
            self.closed = server.force_exit = True
            server.ended.set()
            await self._tell()
            await serving
            door.close()

    # How it answers.

    async def __call__(self, scope, receive, send) -> None:
        body = b""
        while (part := await receive())["type"] == "http.request":
            body += part.get("body", b"")
            if not part.get("more_body"):
                break
        if part["type"] != "http.request":
            return  # whoever called is gone before the call was complete
        await self._answer(scope, body, send)
        await self._tell()

    async def _answer(self, scope, body: bytes, send) -> None:
        place, _, method = scope["path"].lstrip("/").partition("/")
        if place == "file":
            await respond(send, 200, self.files[method.rpartition("/")[2]], b"application/octet-stream")
            return
        method = method.lower()
        self.asked.append(method)
        await self._tell()
        try:
            _check_place(place, method)
            given = read_parameters(dict(scope["headers"]), scope["query_string"], body)
            fault = self._fault(method, given)
            if fault and fault.hold:
                await fault.hold.wait()
            if fault and fault.reset == "before":
                send.__self__.transport.abort()
                return
            if fault and fault.page:
                await respond(send, fault.code or 200, fault.page, b"text/html")
                return
            if fault and fault.code:
                raise Refused(fault.code, fault.description, fault.retry_after)
            if (new := self.moved.get(int(given.get("chat_id", 0)))) is not None:
                raise Refused(400, "Bad Request: group chat was upgraded to a supergroup chat", moved_to=new)
            values = self._checked(method, given)
            result = await getattr(self, f"_{method}", self._accept)(values)
            if method != "getupdates":
                self.calls.append(Call(method, values))
            if fault and fault.reset == "after":
                send.__self__.transport.abort()
                return
            await self._late(fault)
            await respond(send, 200, json.dumps({"ok": True, "result": result}).encode())
        except Refused as refusal:
            await respond(send, refusal.answer["error_code"], json.dumps(refusal.answer).encode())

    async def _late(self, fault: Fault | None) -> None:
        if fault and fault.late:
            await self._tell()
            await asyncio.sleep(fault.late)

    def _fault(self, method: str, given: Mapping[str, Any]) -> Fault | None:
        for fault in self.faults:
            if fault.method.lower() == method and fault.chat in (None, int(given.get("chat_id", 0))):
                fault.times -= 1
                if not fault.times:
                    self.faults.remove(fault)
                return fault
        return None

    def _checked(self, method: str, given: Mapping[str, Any]) -> dict[str, Any]:
        required, optional = PARAMETERS[method]
        known = {**required, **optional}
        for name in given:
            if name not in known:
                self._violation(f"{method}: parameter {name}")
        for name in required:
            if name not in given or given[name] == "":
                self._violation(f"{method}: {name} is missing")
        values = {name: self._typed(method, name, known[name], value) for name, value in given.items()}
        text = values.get("text", "")
        most = 200 if method == "answercallbackquery" else 4096
        if len(text.encode("utf-16-le")) // 2 > most:
            self._violation(f"{method}: text is too long")
        if method in ("sendmessage", "editmessagetext") and not text.strip():
            raise Refused(400, "Bad Request: message text is empty")
        if len(values.get("caption", "").encode("utf-16-le")) // 2 > 1024:
            self._violation(f"{method}: caption is too long")
        if "reply_markup" in values:
            self._check_keyboard(method, values["reply_markup"])
        return values

    def _typed(self, method: str, name: str, kind: type, value: Any) -> Any:
        try:
            typed = value if kind in (str, bytes) else json.loads(value)
        except ValueError:
            typed = None
        if not isinstance(typed, kind) or (kind is int and isinstance(typed, bool)):
            self._violation(f"{method}: {name} is no {kind.__name__}")
        return typed

    def _check_keyboard(self, method: str, markup: Mapping[str, Any]) -> None:
        for row in markup.get("inline_keyboard", ()):
            for button in row:
                if set(button) != {"text", "callback_data"} or not button["text"]:
                    self._violation(f"{method}: a button has the wrong fields")
                if not 1 <= len(button["callback_data"].encode()) <= 64:
                    self._violation(f"{method}: callback_data must have 1 to 64 bytes")

    def _violation(self, what: str) -> None:
        self.violations.append(what)
        raise Refused(400, f"Bad Request: {what}")

    async def _accept(self, values: Mapping[str, Any]) -> Any:
        return True

    async def _getfile(self, values: Mapping[str, Any]) -> Any:
        number = values["file_id"]
        return {"file_id": number, "file_unique_id": number, "file_path": f"documents/{number}"}

    async def _getme(self, values: Mapping[str, Any]) -> Any:
        return BOT

    async def _getupdates(self, values: Mapping[str, Any]) -> Any:
        if self.webhook.get("url"):
            raise Refused(409, "Conflict: can't use getUpdates method while webhook is active")
        offset = values.get("offset", 0)
        self.confirmed += [update["update_id"] for update in self.updates if update["update_id"] < offset]
        self.updates = [update for update in self.updates if update["update_id"] >= offset]
        self.polls += 1
        mine = self.polls
        try:
            async with asyncio.timeout(values.get("timeout", 0)), self._changed:
                await self._changed.wait_for(lambda: self.updates or self.closed or self.polls != mine)
        except TimeoutError:
            return []
        if self.polls != mine:
            raise Refused(409, "Conflict: terminated by other getUpdates request")
        return self.updates[: values.get("limit", 100)]

    async def _setwebhook(self, values: dict[str, Any]) -> Any:
        if values["url"] and not values["url"].startswith("https://"):
            raise Refused(400, "Bad Request: bad webhook: An HTTPS URL must be provided for webhook")
        self.webhook = values
        return True

    async def _deletewebhook(self, values: Mapping[str, Any]) -> Any:
        self.webhook = {}
        return True

    async def _sendmessage(self, values: dict[str, Any]) -> Any:
        number = self.ids()
        values["message_id"] = number
        self.messages[values["chat_id"], number] = values
        return {
            "message_id": number,
            "date": 1,
            "chat": {"id": values["chat_id"], "type": "private", "first_name": "L"}
            if values["chat_id"] > 0
            else {"id": values["chat_id"], "type": "supergroup", "title": "Canary-Title"},
            "text": values.get("text", ""),
        }

    async def _senddocument(self, values: dict[str, Any]) -> Any:
        return await self._sendmessage(values)

    async def _sendphoto(self, values: dict[str, Any]) -> Any:
        if not values["photo"].startswith(b"\x89PNG"):
            raise Refused(400, "Bad Request: IMAGE_PROCESS_FAILED")
        return await self._sendmessage(values)

    async def _editmessagetext(self, values: dict[str, Any]) -> Any:
        before = self.messages.get((values["chat_id"], values["message_id"]))
        if before is None:
            raise Refused(400, "Bad Request: message to edit not found")
        after = {**before, "text": values.get("text", before.get("text")), "reply_markup": values.get("reply_markup")}
        if after == {**before, "reply_markup": before.get("reply_markup")}:
            raise Refused(400, "Bad Request: message is not modified: specified new message content is the same")
        before.update(after)
        return True

    async def _editmessagereplymarkup(self, values: dict[str, Any]) -> Any:
        return await self._editmessagetext(values)

    async def _answercallbackquery(self, values: Mapping[str, Any]) -> Any:
        if values["callback_query_id"] not in self.queries:
            raise Refused(400, "Bad Request: query is too old and response timeout expired or query ID is invalid")
        self.queries.discard(values["callback_query_id"])
        return True

    async def _setmycommands(self, values: Mapping[str, Any]) -> Any:
        self.shown[values.get("language_code", "")][_scoped("commands", values)] = values["commands"]
        return True

    async def _getmycommands(self, values: Mapping[str, Any]) -> Any:
        return self.shown[values.get("language_code", "")].get(_scoped("commands", values), [])

    async def _setmydescription(self, values: Mapping[str, Any]) -> Any:
        self.shown[values.get("language_code", "")]["description"] = values.get("description", "")
        return True

    async def _getmydescription(self, values: Mapping[str, Any]) -> Any:
        return {"description": self.shown[values.get("language_code", "")].get("description", "")}

    async def _setmyshortdescription(self, values: Mapping[str, Any]) -> Any:
        self.shown[values.get("language_code", "")]["short"] = values.get("short_description", "")
        return True

    async def _getmyshortdescription(self, values: Mapping[str, Any]) -> Any:
        return {"short_description": self.shown[values.get("language_code", "")].get("short", "")}

    async def _tell(self) -> None:
        async with self._changed:
            self._changed.notify_all()


def _scoped(what: str, values: Mapping[str, Any]) -> str:
    scope = values.get("scope", {}).get("type", "default")
    return what if scope == "default" else f"{what} in {scope}"


def _check_place(place: str, method: str) -> None:
    if place != f"bot{TOKEN}":
        raise Refused(401, "Unauthorized")
    if method not in PARAMETERS:
        raise Refused(404, "Not Found: method not found")


class Server(uvicorn.Server):
    """A server that ends at once when told to, where the stock one looks ten times a second."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.ended = asyncio.Event()

    async def main_loop(self) -> None:
        await self.ended.wait()


async def respond(send, status: int, body: bytes, kind: bytes = b"application/json") -> None:
    headers = [(b"content-type", kind), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def read_parameters(headers: Mapping[bytes, bytes], query: bytes, body: bytes) -> dict[str, Any]:
    """Return the parameters of a call, from its address, its form or its parts."""
    given: dict[str, Any] = dict(parse_qsl(query.decode(), keep_blank_values=True))
    kind = headers.get(b"content-type", b"")
    if kind.startswith(b"multipart/"):
        whole = message_from_bytes(b"Content-Type: " + kind + b"\r\n\r\n" + body)
        for part in whole.get_payload():
            content = part.get_payload(decode=True)
            name = part.get_param("name", header="content-disposition")
            given[name] = content if part.get_filename() else content.decode()
            if part.get_filename():
                given[name] = Document(part.get_filename(), content)
    elif kind == b"application/json":
        written = {
            name: value if isinstance(value, str) else json.dumps(value) for name, value in json.loads(body).items()
        }
        given.update(written)
    else:
        given.update(parse_qsl(body.decode(), keep_blank_values=True))
    return given


class Document(bytes):
    """The content of a file that was sent, with its name."""

    name: str

    def __new__(cls, name: str, content: bytes) -> Self:
        self = super().__new__(cls, content)
        self.name = name
        return self


def person_of(number: int, language: str = "nl") -> dict[str, Any]:
    return {
        "id": number,
        "is_bot": False,
        "first_name": "Canary-Name",
        "username": "canary_name",
        "language_code": language,
    }


def message(number: int, person: int, chat: Mapping[str, Any] | None = None, **content: Any) -> dict[str, Any]:
    private = {"id": person, "type": "private", "first_name": "Canary-Name"}
    return {"message_id": number, "date": 1_790_000_000, "chat": chat or private, "from": person_of(person), **content}


def tap(query: str, person: int, under: int, payload: str, chat: Mapping[str, Any] | None = None) -> dict[str, Any]:
    return {
        "id": query,
        "from": person_of(person),
        "chat_instance": "1",
        "data": payload,
        "message": {**message(under, person, chat, text="?"), "from": BOT},
    }


def membership(person: int, before: str, after: str, chat: Mapping[str, Any] | None = None) -> dict[str, Any]:
    def member(status: str) -> dict[str, Any]:
        return {"user": BOT, "status": status, **({"until_date": 0} if status == "kicked" else {})}

    place = chat or {"id": person, "type": "private", "first_name": "Canary-Name"}
    return {
        "chat": place,
        "from": person_of(person),
        "date": 1_790_000_000,
        "old_chat_member": member(before),
        "new_chat_member": member(after),
    }
