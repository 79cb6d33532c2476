"""
The bots that are measured, each in a process of its own: `python -m benchmarks.contestants NAME API FOLDER`.

``ours`` is put together as `app` does it, on the store in FOLDER, with every turn kept on disk before it is answered.
The others are python-telegram-bot behind its own webhook, with sniffio, which makes httpx faster: ``echo`` keeps
nothing, ``echo-at-once`` handles updates concurrently, ``conversation`` is a ConversationHandler of seven states with
PicklePersistence. ``echo-lean`` is echo behind the web server that ours has. All listen on a free port of this machine
only.
"""

from __future__ import annotations

import asyncio
import json
import socket
import sys
from collections.abc import Callable, Coroutine
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from telegram import Update
from telegram.ext import (
    Application,
    ContextTypes,
    ConversationHandler,
    MessageHandler,
    PicklePersistence,
    Updater,
    filters,
)

from benchmarks.gauge import Gauge
from benchmarks.leaders import STORE
from benchmarks.wire import LOOPBACK, SECRET, TOKEN
from bot.doors import open_door

NAMES = ("ours", "echo", "echo-lean", "echo-at-once", "conversation")
STATES = 7
_NEVER_REACHED = 1_000_000


async def run(name: str, api: str, folder: Path, *, paced: bool) -> None:
    """
    Run the bot called *name* until standard input ends.

    Args:
        paced: whether ours keeps to the pace that Telegram allows, about 25 messages a second over all chats.
    """
    gauge = Gauge()
    door = open_door(LOOPBACK, 0)
    if name == "ours":
        await gauge.over(_ours(gauge, door, api, folder, paced=paced))
    else:
        application = (
            _conversation(api, folder) if name == "conversation" else _echo(api, at_once=name == "echo-at-once")
        )
        serve = _served_lean if name == "echo-lean" else _served
        await gauge.over(serve(gauge, door, application))


async def _ours(gauge: Gauge, door: socket.socket, api: str, folder: Path, *, paced: bool) -> None:
    from app.compose import compose  # noqa: PLC0415 (the others do without)
    from app.settings import Settings  # noqa: PLC0415
    from bot import postman  # noqa: PLC0415
    from bot.run import Parts, Webhook, run_bot  # noqa: PLC0415

    if not paced:
        # The limiters stay in the path, at a height that nothing reaches: measured is what the program can do.
        postman.BURST = _NEVER_REACHED
    parts = compose(Settings(data=folder / STORE, language="nl"))
    shell = Parts(
        guide=parts.guide,
        keeper=parts.keeper,
        now=lambda: datetime.now(UTC),
        elsewhere=lambda _: "",
        menus={},
        healthy=_is_well,
    )
    gauge.ready(door.getsockname()[1])
    try:
        webhook = Webhook("https://bench.example.org", SECRET)
        at_once = postman.AT_ONCE if paced else _NEVER_REACHED
        await run_bot(shell, token=TOKEN, api=api, door=door, webhook=webhook, at_once=at_once)
    finally:
        await parts.keeper.close()


async def _is_well() -> bool:
    return True


def _echo(api: str, *, at_once: bool) -> Application[Any, Any, Any, Any, Any, Any]:
    builder = Application.builder().token(TOKEN).base_url(f"{api}/bot").updater(None).concurrent_updates(at_once)
    application = builder.build()

    async def echo(update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        if update.message and update.message.text:
            await update.message.reply_text(update.message.text)

    application.add_handler(MessageHandler(filters.TEXT, echo))
    return application


def _conversation(api: str, folder: Path) -> Application[Any, Any, Any, Any, Any, Any]:
    persistence: PicklePersistence[Any, Any, Any] = PicklePersistence(folder / "conversations.pickle")
    builder = Application.builder().token(TOKEN).base_url(f"{api}/bot").updater(None).persistence(persistence)
    application = builder.build()

    def asks(state: int) -> Callable[[Update, ContextTypes.DEFAULT_TYPE], Coroutine[Any, Any, int]]:
        async def ask(update: Update, context: ContextTypes.DEFAULT_TYPE) -> int:
            if update.message and context.user_data is not None:
                context.user_data[f"answer {state}"] = update.message.text
                await update.message.reply_text(f"Question {state}?")
            return state

        return ask

    application.add_handler(
        ConversationHandler(
            entry_points=[MessageHandler(filters.TEXT, asks(0))],
            states={n: [MessageHandler(filters.TEXT, asks((n + 1) % STATES))] for n in range(STATES)},
            fallbacks=[],
            name="conversation",
            persistent=True,
        )
    )
    return application


async def _served(gauge: Gauge, door: socket.socket, application: Application[Any, Any, Any, Any, Any, Any]) -> None:
    import sniffio  # noqa: F401, PLC0415 (without it httpx takes half as much again, and the match would not be fair)

    door.settimeout(0)  # as its loop wants it
    updater = Updater(application.bot, application.update_queue)
    async with application, updater:
        await application.start()
        await updater.start_webhook(
            unix=door,  # any socket that listens
            url_path="telegram",
            webhook_url="https://bench.example.org/telegram",
            secret_token=SECRET,
        )
        gauge.ready(door.getsockname()[1])
        try:
            await asyncio.Event().wait()
        finally:
            await updater.stop()
            await application.stop()


async def _served_lean(
    gauge: Gauge, door: socket.socket, application: Application[Any, Any, Any, Any, Any, Any]
) -> None:
    import sniffio  # noqa: F401, PLC0415 (as above)

    async def bring(request: Request) -> Response:
        await application.update_queue.put(Update.de_json(json.loads(await request.body()), application.bot))
        return Response()

    async def health(_: Request) -> Response:
        return PlainTextResponse("ok")

    site = Starlette(routes=[Route("/telegram", bring, methods=["POST"]), Route("/healthz", health)])
    server = uvicorn.Server(uvicorn.Config(site, log_config=None, access_log=False, lifespan="off"))
    async with application:
        await application.start()
        gauge.ready(door.getsockname()[1])
        try:
            await server.serve(sockets=[door])
        finally:
            await application.stop()


if __name__ == "__main__":
    asyncio.run(run(sys.argv[1], sys.argv[2], Path(sys.argv[3]), paced=sys.argv[4:] == ["paced"]))
