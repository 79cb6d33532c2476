"""
Puts the Telegram shell together and runs it until it is told to stop.

Nothing is read from the environment here: `app` passes everything in, and closes the store afterwards. Asked to stop
(SIGTERM, SIGINT), the bot takes no new updates, finishes turns and deliveries under way, and is gone within ten
seconds; what was not confirmed comes again, what was not delivered waits in the outbox.
"""

from __future__ import annotations

import asyncio
import signal
import socket
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

import uvicorn
from aiolimiter import AsyncLimiter
from starlette.types import ASGIApp

from bot.collector import collect_rarely
from bot.courier import Courier
from bot.groups import Groups
from bot.line import Line
from bot.menu import Menu, set_menu
from bot.metrics import Metrics
from bot.nudges import nudge
from bot.patience import insist
from bot.polling import Polling
from bot.ports import Clock, Guide, Sleep
from bot.postman import AT_ONCE, EVERY, Postman
from bot.pulse import Pulse, watch
from bot.reception import Reception
from bot.redact import quieten
from bot.slow_clients import Prompt
from bot.webhook import ask_for_updates, figures, pages
from dialogues.coach_chat import Count, Whereabouts
from dialogues.ports import Keeper
from dialogues.team.guide import TeamGuide
from dialogues.team.ports import TeamKeeper

GRACE = 4.0
"""Seconds that turns may take to finish at the end, and letters after them."""


@dataclass(frozen=True, slots=True)
class Webhook:
    """The public address (https, scheme and host) where Telegram brings updates, and the secret it must know."""

    address: str
    secret: str


@dataclass(frozen=True, slots=True)
class Teams:
    """The guide of teams, where their pages are kept, and what the menu of groups shows, by language code."""

    guide: TeamGuide
    keeper: TeamKeeper
    menus: Mapping[str, Menu]


@dataclass(frozen=True, slots=True)
class Parts:
    """
    What the shell works with.

    *elsewhere* gives, for a language code, the line said in groups; *menus* what Telegram shows, by language code, ""
    for all others; *healthy* whether the store is well; *sleep* waits for a number of seconds. *site* are the pages for
    people, if there are any; *where* is told what the bot is called; *count* gives what is new to a coach; without *teams*
    nothing is talked about in groups.
    """

    guide: Guide
    keeper: Keeper
    now: Clock
    elsewhere: Callable[[str], str]
    menus: Mapping[str, Menu]
    healthy: Callable[[], Awaitable[bool]]
    sleep: Sleep = asyncio.sleep
    site: ASGIApp | None = None
    where: Whereabouts = field(default_factory=Whereabouts)
    count: Count | None = None
    teams: Teams | None = None


async def run_bot(  # noqa: PLR0913 - what differs between places
    parts: Parts,
    *,
    token: str,
    api: str,
    door: socket.socket | None = None,
    inner: socket.socket | None = None,
    webhook: Webhook | None = None,
    stop: asyncio.Event | None = None,
    at_once: int = AT_ONCE,
) -> None:
    """
    Run the bot until SIGTERM, SIGINT or *stop*.

    *api* is the address of the Bot API server, such as ``https://api.telegram.org``. *door* is a bound socket for the
    webhook, ``/healthz`` and the pages; without it none of them is served. *inner* is one for ``/metrics``, for nobody
    outside. With *webhook* Telegram brings updates, without it they are fetched by long polling. *at_once* is how many
    calls may be made in `EVERY` seconds, in all chats together.

    Raises:
        TokenRefused: Telegram does not know the token.
        WebhookRefused: Telegram does not accept the address of the webhook.
    """
    quieten()
    with _told_to_stop(stop or asyncio.Event()) as stopped:
        line = Line(token, api)
        try:
            await _until(stopped, _work(parts, line, webhook, AsyncLimiter(at_once, EVERY), door, inner))
        finally:
            await line.close()


async def _work(
    parts: Parts,
    line: Line,
    webhook: Webhook | None,
    limit: AsyncLimiter,
    door: socket.socket | None,
    inner: socket.socket | None,
) -> None:
    """Run until cancelled, then stop in order."""
    me = await insist(line.bot.get_me, parts.sleep)
    parts.where.bot = me.username or ""
    pulse = Pulse()
    collect_rarely()
    metrics = Metrics(pulse)
    postman = Postman(line.bot, parts.keeper, parts.guide, parts.now, parts.sleep, metrics, limit)
    groups = _groups(parts, line, limit)
    reception = Reception(
        line.bot, parts.guide, postman, parts.elsewhere, parts.now, parts.sleep, metrics, groups=groups
    )
    polling = None if webhook else Polling(line, reception, parts.sleep, pulse=pulse)

    async def well() -> bool:
        return not pulse.stuck() and await parts.healthy()

    site = pages(well, reception if webhook else None, webhook.secret if webhook else "", parts.site)
    servers = [(_Server(_configured(page)), at) for page, at in ((site, door), (figures(metrics), inner)) if at]
    serving = [asyncio.create_task(server.serve(sockets=[at])) for server, at in servers]
    loops = [
        asyncio.create_task(nudge(parts.guide, postman, parts.now, parts.sleep, pulse, parts.count, groups)),
        asyncio.create_task(set_menu(line.bot, parts.menus, parts.sleep)),
        asyncio.create_task(watch(pulse)),
    ]
    if parts.teams:
        loops.append(asyncio.create_task(set_menu(line.bot, parts.teams.menus, parts.sleep, groups=True)))
    if polling:
        loops.append(asyncio.create_task(polling.run()))
    elif webhook:
        loops.append(asyncio.create_task(ask_for_updates(line.bot, webhook.address, webhook.secret, parts.sleep)))
    try:
        ended, _ = await asyncio.wait(loops, return_when=asyncio.FIRST_EXCEPTION)
        for loop in ended:
            loop.result()
    finally:
        await _cancel(loops)
        for server, _ in servers:
            server.should_exit = True
        await asyncio.gather(*serving, *([polling.finish(GRACE)] if polling else []))
        await asyncio.gather(postman.close(GRACE), *([groups.courier.close(GRACE)] if groups else []))


def _groups(parts: Parts, line: Line, limit: AsyncLimiter) -> Groups | None:
    if parts.teams is None:
        return None
    courier = Courier(line.bot, parts.teams.keeper, parts.teams.guide, parts.now, limit, parts.sleep)
    return Groups(parts.teams.guide, courier, parts.now)


async def _until(stopped: asyncio.Event, work: Coroutine[object, object, None]) -> None:
    """Let *work* run until it ends or *stopped* is set, and let it put itself in order."""
    running = asyncio.create_task(work)
    ending = asyncio.create_task(stopped.wait())
    try:
        await asyncio.wait({running, ending}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        ending.cancel()
        running.cancel()
        (outcome,) = await asyncio.gather(running, return_exceptions=True)
    if isinstance(outcome, Exception):
        raise outcome


async def _cancel(tasks: Iterable[asyncio.Task[None]]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


@contextmanager
def _told_to_stop(stop: asyncio.Event) -> Iterator[asyncio.Event]:
    """Give *stop*, which a signal to end the process now sets."""
    loop = asyncio.get_running_loop()
    heard: list[signal.Signals] = []
    for number in (signal.SIGTERM, signal.SIGINT):
        with suppress(NotImplementedError, RuntimeError, ValueError):  # not every system or thread hears signals
            loop.add_signal_handler(number, stop.set)
            heard.append(number)
    try:
        yield stop
    finally:
        for number in heard:
            loop.remove_signal_handler(number)


def _configured(site: ASGIApp) -> uvicorn.Config:
    return uvicorn.Config(
        site,
        http=Prompt,
        interface="asgi3",
        log_config=None,
        access_log=False,
        lifespan="off",
        proxy_headers=False,  # who needs to know who calls, looks at them there
        server_header=False,
        timeout_graceful_shutdown=int(GRACE),
    )


class _Server(uvicorn.Server):
    """A web server that leaves signals to us."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Capture none."""
        yield
