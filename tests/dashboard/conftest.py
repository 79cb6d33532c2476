"""The site as it runs: real HTTP on 127.0.0.1, the real guide, words and search, and pages in memory."""

from __future__ import annotations

import asyncio
import re
import secrets
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from html import unescape
from zoneinfo import ZoneInfo

import httpx
import pyotp
import pytest
import pytest_asyncio

from bot.doors import open_door
from bot.run import _configured, _Server
from content.cues import cues
from content.drawing import SvgPainter
from content.exporting import PageExporter
from content.publishing import PortfolioPublisher
from dashboard.front_door import FrontDoor
from dashboard.parts import Parts
from dashboard.site import site
from dialogues.coach_chat import CoachChat, Whereabouts
from dialogues.conversation import LeaderId
from dialogues.guide import Guide
from dialogues.ports import CoachBook
from dialogues.review import Review
from storage.in_memory import InMemoryCoachBook, InMemoryKeeper
from tests.dashboard import sample
from tests.dashboard.browser import chromium, needed

ZONE = ZoneInfo("Europe/Amsterdam")


@dataclass
class Clock:
    """A clock that tests turn."""

    at: datetime = sample.NOW

    def __call__(self) -> datetime:
        return self.at

    def on(self, **passed: float) -> None:
        self.at += timedelta(**passed)


class AwayKeeper(InMemoryKeeper):
    """A keeper that a test can send away."""

    @property
    def away(self) -> bool:
        return self._pages.closed

    @away.setter
    def away(self, away: bool) -> None:
        self._pages.closed = away


@dataclass
class Running:
    """A running site, and everything behind it."""

    address: str
    parts: Parts
    keeper: AwayKeeper
    book: CoachBook
    guide: Guide
    clock: Clock
    stack: AsyncExitStack = field(repr=False)

    async def browser(self, **headers: str) -> Browser:
        """Open a new browser: no cookies, no redirects followed by itself."""
        client = httpx.AsyncClient(base_url=self.address, headers=headers, timeout=20)
        return Browser(await self.stack.enter_async_context(client), self)

    async def chat(self, person: str, text: str) -> str:
        """Say *text* to the guide as *person*, and return everything it answers."""
        reply = await self.guide.hear(LeaderId(person), person, self.guide.read(text, ""), self.clock())
        return "\n".join(letter.message.text for letter in reply.letters)

    async def coach(self, coach=sample.CATO, **headers: str) -> Browser:
        """Return a browser in which *coach* is logged in, in the way a coach does it."""
        browser = await self.browser(**headers)
        await browser.in_by_link("coach", coach.person)
        known = (await self.book.read()).find(coach.id)
        while int(self.clock().timestamp()) // 30 <= known.counter:
            self.clock.on(seconds=30)
        done = await browser.post("/second", code=pyotp.TOTP(known.secret).at(self.clock()))
        assert (done.status_code, done.headers["location"]) == (303, "/coach")
        return browser

    async def leader(self, person=sample.ANNE, **headers: str) -> Browser:
        """Return a browser in which the leader *person* is logged in."""
        browser = await self.browser(**headers)
        await browser.in_by_link("leader", person)
        return browser


@dataclass
class Browser:
    """A browser without script: it keeps cookies, and sends the key of the form on the page it last got."""

    client: httpx.AsyncClient
    running: Running
    key: str = ""

    async def get(self, path: str, **kwargs) -> httpx.Response:
        """Ask for a page."""
        return self._seen(await self.client.get(path, **kwargs))

    async def post(self, path: str, **fields: str) -> httpx.Response:
        """Send a form, with the key of the page on which it stood."""
        return self._seen(await self.client.post(path, data={"form_key": self.key, **fields}))

    async def code(self, role: str) -> str:
        """Return the code on the login page."""
        page = await self.get(f"/login/{role}")
        return re.search(r"([0-9A-Z]{4}-[0-9A-Z]{4})", page.text)[1]

    async def passage(self, role: str, person: str) -> tuple[str, str]:
        """Confirm the code on the login page in the chat, and return the path and the code of the passage."""
        said = await self.running.chat(person, f"/inloggen {await self.code(role)}")
        found = re.search(r"/in/[\w-]{43}", said), re.search(r"[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}", said)
        assert all(found), said
        return found[0][0], found[1][0]

    async def in_by_link(self, role: str, person: str) -> httpx.Response:
        """Log in by the link of the chat, and arrive at what comes next."""
        path, _ = await self.passage(role, person)
        await self.get(path)
        spent = await self.post(path)
        assert spent.status_code == 303, spent.text
        return await self.get(spent.headers["location"])

    def _seen(self, answer: httpx.Response) -> httpx.Response:
        found = re.search(r'name="form_key" value="([^"]+)"', answer.text)
        if found:
            self.key = unescape(found[1])
        return answer


@asynccontextmanager
async def served(app):
    """Serve *app* on a free port of 127.0.0.1 and give its address."""
    with open_door("127.0.0.1", 0) as door:
        server = _Server(_configured(app))
        serving = asyncio.create_task(server.serve(sockets=[door]))
        while not server.started:  # noqa: ASYNC110 (no event)
            await asyncio.sleep(0.002)
        try:
            yield f"http://127.0.0.1:{door.getsockname()[1]}"
        finally:
            server.should_exit = True
            await serving


def put_together(
    catalogue, matcher, clock: Clock, public: str, *, book: CoachBook | None = None, language: str = "nl", **more
) -> tuple[Parts, AwayKeeper, CoachBook, Guide]:
    """Return parts as `app` puts them together, on pages in memory; without a *book* with the coaches of the sample."""
    keeper, book = AwayKeeper(), book or InMemoryCoachBook(sample.book())
    where = Whereabouts(public, "mindshift_bot")
    front = FrontDoor(book, where)
    guide = Guide(
        repertoire=catalogue.repertoire,
        care=catalogue.care,
        keeper=keeper,
        words=catalogue,
        matcher=matcher,
        exporter=PageExporter(catalogue),
        zone=ZONE,
        language=language,
        coaches=CoachChat(book, front, where, ZONE, lambda: secrets.token_urlsafe(32)),
    )
    review = Review(guide=guide, keeper=keeper, book=book, searcher=matcher)
    parts = Parts(
        review=review,
        guide=guide,
        keeper=keeper,
        book=book,
        words=catalogue,
        repertoire=catalogue.repertoire,
        cues=cues(catalogue),
        matcher=matcher,
        exporter=PageExporter(catalogue),
        publisher=PortfolioPublisher(catalogue, SvgPainter(catalogue)),
        where=where,
        front=front,
        now=clock,
        zone=ZONE,
        language=language,
    )
    return replace(parts, **more), keeper, book, guide


@pytest_asyncio.fixture
async def serving(catalogue, matcher):
    """Return a function that starts a site; *public* is the address that it is told to have, "" for its own."""
    async with AsyncExitStack() as stack:

        async def start(public: str = "", wrapped=lambda app: app, **more) -> Running:
            clock = Clock()
            parts, keeper, book, guide = put_together(catalogue, matcher, clock, public, **more)
            await sample.fill(keeper)
            address = await stack.enter_async_context(served(wrapped(site(parts))))
            if not public:
                parts.where.site = address
            return Running(address, parts, keeper, book, guide, clock, stack)

        yield start


@pytest_asyncio.fixture
async def running(serving) -> Running:
    """A running site with the sample."""
    return await serving()


@pytest.fixture
def anyone() -> list[str]:
    """Everybody in the sample, by id."""
    return [sample.ANNE, sample.BERT, *(coach.person for coach in sample.book().coaches)]


@pytest_asyncio.fixture
async def chrome():
    """A real browser; its package is named when it is not there."""
    async with chromium(needed()) as browser:
        yield browser
