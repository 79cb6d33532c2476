"""
What a page of a coach costs who has 200 leaders, each of whom shares 500 reflections, beside an empty page.

Over real HTTP on 127.0.0.1, with the store on the disk, the real words and the real search, in one process as the product
runs. The empty page is one of the same framework that says nothing. Each page is asked for again and again. The very first
list and the first search after a start, when no page of a leader was read yet, stand in rows of their own; who logs in
hardly meets them, since both are prepared while the second factor is typed.
"""

from __future__ import annotations

import asyncio
import random
import re
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import httpx
import uvicorn
from starlette.applications import Starlette
from starlette.responses import HTMLResponse
from starlette.routing import Mount, Route

from app.pages import review
from benchmarks.figures import Table, ratio, spread
from benchmarks.leaders import STORE, ZONE, guide_on
from bot.collector import collect_rarely
from bot.doors import open_door
from content.catalogue import Catalogue, load
from content.cues import cues
from content.drawing import SvgPainter
from content.exporting import PageExporter
from content.matching import StemMatcher
from content.publishing import PortfolioPublisher
from dashboard.front_door import FrontDoor
from dashboard.parts import Parts
from dashboard.sessions import Role, Session
from dashboard.site import site
from dialogues.coach_chat import Whereabouts
from dialogues.coaching import Coach, CoachId, Grant, Level, Link
from dialogues.conversation import Conversation, Frame, Journey, Kind, LeaderId, Phase, Plan, Reflection, Result, Whose
from dialogues.ports import Entry
from storage.coach_book import SealedCoachBook
from storage.in_tinydb import TinyDbKeeper
from storage.keys import keys_of
from storage.master_keys import KeySource, beside

LEADERS, SHARED, TIMES = 200, 500, 20
QUICK_LEADERS, QUICK_SHARED, QUICK_TIMES = 10, 50, 3
TARGET = 0.150
"""Seconds at the median that no page should take."""

_COLUMNS = ("page", "median ms", "beside an empty page", "CPU ms")
_COACH = CoachId("c" * 32)
_BEGUN = datetime(2026, 1, 5, 9, tzinfo=UTC)
_LETTERS = re.compile(r"[a-z]{3,}")


@dataclass(frozen=True, slots=True)
class Cost:
    """What one answer cost: *seconds* until it was there, and how long a *processor* worked, on both sides."""

    seconds: float
    processor: float


@dataclass(frozen=True, slots=True)
class _Open:
    """A site that is served, and a browser in which a coach is logged in."""

    client: httpx.AsyncClient
    parts: Parts


def measure(rounds: int, step: Callable[[str], None], *, quick: bool) -> list[Table]:
    """Return one table. *step* is called with what was done."""
    leaders, shared, times = (QUICK_LEADERS, QUICK_SHARED, QUICK_TIMES) if quick else (LEADERS, SHARED, TIMES)
    took = asyncio.run(_measured(rounds, step, (leaders, shared, times)))
    empty = [run.seconds for run in took["empty page"]]
    rows = [
        (
            name,
            spread([run.seconds for run in runs], 1e3),
            ratio([run.seconds for run in runs], empty),
            spread([run.processor for run in runs], 1e3),
        )
        for name, runs in took.items()
    ]
    slow = [name for name, runs in took.items() if median(run.seconds for run in runs) >= TARGET]
    note = (
        f"{leaders} leaders who each share {shared} reflections; {rounds} rounds of {times} requests for each page, median "
        f"[lowest..highest] over rounds. At {TARGET * 1e3:.0f} ms or more: {', '.join(slow) or 'none'}."
    )
    return [Table("dashboard", _COLUMNS, rows, note)]


def steps(rounds: int, *, quick: bool) -> int:
    """Return how often *step* will be called."""
    _ = quick
    return 1 + rounds


async def _measured(rounds: int, step: Callable[[str], None], sizes: tuple[int, int, int]) -> dict[str, list[Cost]]:
    leaders, shared, _ = sizes
    catalogue = load(zone=ZONE)
    took: dict[str, list[Cost]] = {}
    with TemporaryDirectory() as folder:
        place = Path(folder) / STORE
        await _fill(place, leaders, shared, _vocabulary(catalogue))
        step(f"{leaders} leaders kept")
        for turn in range(rounds):
            async with _served(place, catalogue) as opened:
                for name, cost in (await _round(opened, sizes, _vocabulary(catalogue)[0])).items():
                    took.setdefault(name, []).append(cost)
            step(f"round {turn + 1}")
    return took


async def _round(opened: _Open, sizes: tuple[int, int, int], words: Sequence[str]) -> dict[str, Cost]:
    """Return what each page costs: the first list and the first search once, the others as the median of several."""
    leaders, shared, times = sizes
    client, handles, seed = opened.client, opened.parts.handles, random.Random(shared)  # noqa: S311 - made-up reading
    found = {"first list after a start": await _timed(lambda: client.get("/coach"))}
    key = opened.parts.sessions.of(Role.COACH, LeaderId("coach"), datetime.now(UTC))[0].form_key

    def leader() -> str:
        return _handle(seed.randrange(leaders))

    def piece() -> str:
        handle = leader()
        return f"/coach/leaders/{handle}/pieces/{handles.of(handle, f'r{seed.randrange(1, shared)}')}"

    def journey() -> str:
        handle = leader()
        return f"/coach/leaders/{handle}/journeys/{handles.of(handle, 'j1')}"

    def posted(path: str, **fields: str) -> Awaitable[httpx.Response]:
        return client.post(path, data={"form_key": key, **fields})

    pages: dict[str, Callable[[], Awaitable[httpx.Response]]] = {
        "empty page": lambda: client.get("/empty"),
        "my leaders": lambda: client.get("/coach"),
        "one leader": lambda: client.get(f"/coach/leaders/{leader()}"),
        "one leader, another page": lambda: client.get(f"/coach/leaders/{leader()}?page=9"),
        "one journey": lambda: client.get(journey()),
        "one reflection": lambda: client.get(piece()),
        "search": lambda: posted("/coach/search", text=" ".join(seed.sample(words, 2))),
        "a note kept": lambda: posted(f"{piece()}/note", text="Wat zag je daar?", over="", act="draft"),
        "my leaders, after those": lambda: client.get("/coach"),
    }
    found["first search after a start"] = await _timed(lambda: posted("/coach/search", text="leraar"))
    for name, ask in pages.items():
        costs = [await _timed(ask) for _ in range(times)]
        found[name] = Cost(median(one.seconds for one in costs), median(one.processor for one in costs))
    return found


async def _timed(ask: Callable[[], Awaitable[httpx.Response]]) -> Cost:
    begun, used = time.perf_counter(), time.process_time()
    answer = await ask()
    took = Cost(time.perf_counter() - begun, time.process_time() - used)
    if answer.status_code not in (200, 303):
        raise RuntimeError(f"{answer.request.url.path} was answered with {answer.status_code}")
    return took


# -- what is shared ----------------------------------------------------------------------------------------------


def _vocabulary(catalogue: Catalogue) -> tuple[list[str], list[float]]:
    """Return the Dutch words of the product, and how often each is used: a few much, most hardly ever (Zipf, 1935)."""
    texts = (leaf.text.lower() for leaf in catalogue.books["nl"].texts.values())
    words = list(dict.fromkeys(word for text in texts for word in _LETTERS.findall(text)))
    return words, [1 / place for place in range(1, len(words) + 1)]


def _handle(number: int) -> str:
    return f"{number:032x}"


def _entry(number: int, shared: int, words: tuple[list[str], list[float]]) -> Entry:
    """Return what makes the page of one leader: a journey that is shared whole, with its plans."""
    seed = random.Random(number)  # noqa: S311 - made-up texts
    leader = LeaderId(f"telegram:{number + 1}")
    journal = tuple(
        Reflection(
            f"r{n}",
            (Kind.ANSWER, Kind.CHECKIN, Kind.THOUGHT)[n % 3],
            " ".join(seed.choices(*words, k=60)),
            _BEGUN + timedelta(hours=12 * n),
            "Wat gebeurde er, en wat was hierin het belangrijkste?",
            "j1",
            n // 5,
            Phase(1 + n // 80 % 7),
        )
        for n in range(1, shared + 1)
    )
    plans = tuple(
        Plan(f"p{n}", "j1", _BEGUN + timedelta(days=7 * n), "goals", act="eerst vragen", result=Result.DONE)
        for n in range(1, 21)
    )
    conversation = Conversation(
        leader,
        str(number + 1),
        "nl",
        Frame("home", "menu", "1"),
        consent=_BEGUN,
        heard=datetime.now(UTC),
        journeys=(Journey("j1", Whose.OWN, "vragen", "uitleggen", "eerst vragen", _BEGUN, phase=Phase.ACTING),),
        plans=plans,
        counted={"r": shared, "j": 1, "p": 20},
        links=(Link(_COACH, _handle(number), "Coach", "Bureau", inside=False, since=_BEGUN, known_as=f"L{number}"),),
        grants=(Grant("g1", _COACH, Level.JOURNEY, "j1", _BEGUN, "1"),),
    )
    return Entry(conversation, journal, at=datetime.now(UTC))


async def _fill(place: Path, leaders: int, shared: int, words: tuple[list[str], list[float]]) -> None:
    keeper = TinyDbKeeper(place)
    try:
        for number in range(leaders):
            await keeper.write(_entry(number, shared, words))
    finally:
        await keeper.close()
    coach = Coach(_COACH, "Coach", "Bureau", inside=False, language="nl", added=_BEGUN, person="coach", secret="s")  # noqa: S106
    await SealedCoachBook(place, keys_of(place, KeySource(beside(place)))[1]).change(
        lambda book: book.with_coach(coach)
    )


@asynccontextmanager
async def _served(place: Path, catalogue: Catalogue) -> AsyncIterator[_Open]:
    """Serve the site on *place*, anew, so that nothing of it was read yet."""
    keeper = TinyDbKeeper(place)
    book, where = SealedCoachBook(place, keys_of(place, KeySource(beside(place)))[1]), Whereabouts("http://127.0.0.1")
    guide = guide_on(keeper, catalogue)
    parts = Parts(
        review=review(guide, keeper, catalogue, book),
        guide=guide,
        keeper=keeper,
        book=book,
        words=catalogue,
        repertoire=catalogue.repertoire,
        cues=cues(catalogue),
        matcher=StemMatcher(catalogue),
        exporter=PageExporter(catalogue),
        publisher=PortfolioPublisher(catalogue, SvgPainter(catalogue)),
        where=where,
        front=FrontDoor(book, where),
        now=lambda: datetime.now(UTC),
        zone=ZONE,
    )
    now = datetime.now(UTC)
    token = parts.sessions.open(Session(Role.COACH, LeaderId("coach"), "nl", now, now, coach=_COACH, proven="s"))

    async def empty(_request: object) -> HTMLResponse:
        return HTMLResponse("<!doctype html><title>.</title>")

    app = Starlette(routes=[Route("/empty", empty), Mount("/", site(parts))])
    with open_door("127.0.0.1", 0) as door:
        collect_rarely()  # as the bot has it, which serves these pages
        server = uvicorn.Server(uvicorn.Config(app, log_config=None, access_log=False, lifespan="off"))
        serving = asyncio.create_task(server.serve(sockets=[door]))
        address = f"http://127.0.0.1:{door.getsockname()[1]}"
        try:
            async with httpx.AsyncClient(base_url=address, cookies={"session": token}, timeout=600) as client:
                yield _Open(client, parts)
        finally:
            server.should_exit = True
            await serving
            await keeper.close()
