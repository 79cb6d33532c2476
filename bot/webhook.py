"""
Updates that Telegram brings, and the health page.

Telegram is told "received" only after the turn is kept; otherwise it brings the update again. Who does not know the
secret learns nothing, and is refused before anything is read. Every update passes here, so it is spoken to the web
server directly (ASGI); the pages for people and machines that look now and then are Starlette's.
"""

from __future__ import annotations

import asyncio
import hmac
import logging
from collections.abc import Awaitable, Callable

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Mount, Route
from starlette.types import ASGIApp, Receive, Scope, Send
from telegram import Bot
from telegram.error import BadRequest

from bot.errors import WebhookRefused
from bot.json_text import read_json
from bot.line import ALLOWED_UPDATES
from bot.metrics import KIND, Metrics
from bot.patience import insist
from bot.ports import Sleep
from bot.reception import Reception
from dialogues.errors import KeeperUnavailable

log = logging.getLogger(__name__)

PATH = "/telegram"
"""Where Telegram brings updates. No secret in it: addresses end up in logs of proxies."""

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 (the name of the header, no secret)
_SECRET_HEADER = SECRET_HEADER.lower().encode()

LARGEST = 1024 * 1024
"""Bytes of the largest update taken in; those of Telegram are far smaller."""

_NOT_ALLOWED, _TOO_LARGE = 405, 413


def pages(
    healthy: Callable[[], Awaitable[bool]],
    reception: Reception | None = None,
    secret: str = "",
    others: ASGIApp | None = None,
) -> ASGIApp:
    """
    Return the web pages of the bot: ``/healthz``, with a *reception* also the webhook, for who knows *secret*, and under
    every other address the pages *others*.

    Raises:
        ValueError: a webhook without a secret.
    """
    if reception and not secret:
        raise ValueError("A webhook needs a secret.")

    async def health(_: Request) -> Response:
        well = await healthy()
        return PlainTextResponse("ok" if well else "not ok", 200 if well else 503)

    site = Starlette(routes=[Route("/healthz", health), *([Mount("", others)] if others else [])])
    site.router.redirect_slashes = False  # it would send visitors to whatever host they named themselves
    if reception is None:
        return site
    door, known = reception, secret.encode()

    async def bring(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] != PATH:
            await site(scope, receive, send)
            return
        status = await _status(scope, receive, door, known)
        headers = [(b"content-length", b"0"), *([(b"allow", b"POST")] if status == _NOT_ALLOWED else [])]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": b""})

    return bring


def figures(metrics: Metrics) -> Starlette:
    """Return the page ``/metrics``, for an address that only the operator can reach."""

    async def page(_: Request) -> Response:
        return Response(metrics.page(), media_type=KIND)

    return Starlette(routes=[Route("/metrics", page)])


async def _status(scope: Scope, receive: Receive, reception: Reception, secret: bytes) -> int:
    """Return the status to answer a visit to the webhook with."""
    if scope["method"] != "POST":
        return _NOT_ALLOWED
    given = next((value for name, value in scope["headers"] if name == _SECRET_HEADER), b"")
    if not hmac.compare_digest(given, secret):
        return 403
    body = await _body(receive)
    return _TOO_LARGE if body is None else await _received(reception, body)


async def _body(receive: Receive) -> bytes | None:
    """Return what was brought, as far as it came; None when it is larger than any update, whatever it says it is."""
    body, more = b"", True
    while more:
        part = await receive()
        body += part.get("body", b"")
        more = part.get("more_body", False)
        if len(body) > LARGEST:
            return None
    return body


async def _received(reception: Reception, body: bytes) -> int:
    """Return the status to answer: 200 kept or set aside, 400 no update, 503 bring it again."""
    try:
        raw = read_json(body)
    except (ValueError, RecursionError):
        return 400
    if not isinstance(raw, dict) or not isinstance(raw.get("update_id"), int):
        return 400
    try:
        await reception.take(raw, insist=False)
    except KeeperUnavailable:
        log.warning("The store does not answer; update %s is to come again", raw["update_id"])
        return 503
    return 200


async def ask_for_updates(bot: Bot, address: str, secret: str, sleep: Sleep = asyncio.sleep) -> None:
    """
    Have Telegram bring updates to the public *address* of this bot (scheme and host; the path is ours).

    Raises:
        TokenRefused: the token is not valid.
        WebhookRefused: Telegram does not accept the address or the secret.
    """
    url = address.rstrip("/") + PATH
    try:
        await insist(
            lambda: bot.set_webhook(
                url, secret_token=secret, allowed_updates=ALLOWED_UPDATES, drop_pending_updates=False
            ),
            sleep,
        )
    except BadRequest:
        raise WebhookRefused from None
