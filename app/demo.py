"""The demonstration: a made-up coach and leaders in memory, on pages at this machine, with no token and nothing kept."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

import uvicorn
from starlette.types import ASGIApp

from app.coaches import coaches
from app.pages import pages, review
from app.playing import COACH_ID, Story
from bot.doors import open_door
from content.catalogue import FOLDER, load
from content.exporting import PageExporter
from content.matching import StemMatcher
from dashboard.parts import Demo
from dialogues.guide import Guide
from storage.in_memory import InMemoryCoachBook, InMemoryKeeper
from storage.journal import current_format

STORIES = FOLDER / "demo"
A_WHILE = timedelta(hours=1)
"""How long after the end of the story the demonstration begins."""


async def demonstration(address: str, zone: tzinfo, language: str) -> ASGIApp:
    """
    Return the site with the story in *language* on it, to be served at *address*.

    Its clock begins where the story ends and goes on from there.

    Raises:
        StoryBroken: the story does not fit the guide any more.
        WordsMissing: the content cannot be read.
    """
    catalogue, keeper, book = load(), InMemoryKeeper(), InMemoryCoachBook()
    known = coaches(book, address)
    guide = Guide(
        repertoire=catalogue.repertoire,
        care=catalogue.care,
        keeper=keeper,
        words=catalogue,
        matcher=StemMatcher(catalogue),
        exporter=PageExporter(catalogue, current_format()),
        zone=zone,
        language=language,
        coaches=known.chat(zone),
    )
    reading = review(guide, keeper, catalogue, book)
    story = Story(guide, keeper, book, reading, zone, language)
    await story.play((STORIES / f"{language}.txt").read_text(encoding="utf-8"))
    begun = datetime.now(UTC)
    return pages(
        catalogue=catalogue,
        keeper=keeper,
        guide=guide,
        known=known,
        reading=reading,
        zone=zone,
        now=lambda: story.now + A_WHILE + (datetime.now(UTC) - begun),
        language=language,
        demo=Demo(COACH_ID, story.leaders[0]),
    )


def show(port: int, language: str, tell: Callable[[str], None]) -> None:
    """
    Serve the demonstration at this machine until it is told to stop; *tell* is told where, once it is there.

    Raises:
        OSError: the port cannot be had.
    """
    with open_door("127.0.0.1", port) as door, suppress(KeyboardInterrupt):
        asyncio.run(_serve(door, language, tell))


async def _serve(door: socket.socket, language: str, tell: Callable[[str], None]) -> None:
    address = f"http://127.0.0.1:{door.getsockname()[1]}"
    made = await demonstration(address, ZoneInfo("Europe/Amsterdam"), language)
    config = uvicorn.Config(made, log_config=None, access_log=False, lifespan="off", server_header=False)
    tell(f"The demonstration is at {address}/ until you press Ctrl+C. Nothing in it is kept.")
    await uvicorn.Server(config).serve(sockets=[door])


def free_port() -> int:
    """Return a port that is not in use."""
    with open_door("127.0.0.1", 0) as door:
        found: int = door.getsockname()[1]
    return found
