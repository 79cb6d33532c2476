"""
Takes a picture of each page of a leader in light and dark, on a phone and on a desk: for people to look at.

    python -m tests.dashboard.leader_screenshots FOLDER [nl|en]
"""

from __future__ import annotations

import asyncio
import sys
from contextlib import AsyncExitStack
from dataclasses import replace
from pathlib import Path

from content.catalogue import load
from content.matching import StemMatcher
from dashboard.site import site
from dialogues import statements
from dialogues.ports import Entry
from tests.dashboard import sample
from tests.dashboard.browser import DESKTOP, PHONE, chromium, program
from tests.dashboard.conftest import Clock, Running, put_together, served
from tests.portfolio import sample as full

SIZES = {"phone": PHONE, "desktop": DESKTOP}
PAGES = {
    "journey": "/journey",
    "one-journey": "/journey/one/j1",
    "reflections": "/journey/reflections",
    "reflection": "/journey/reflections/r4",
    "sharing": "/journey/sharing",
    "portfolio": "/journey/portfolio",
    "data": "/journey/data",
}


def leader_page(language: str):
    """The page of the sample leader, with a statement that waits."""
    conversation, _ = statements.with_statement(
        full.PAGE.conversation, full.COACH, "j1", "Zij oefende eerst klein.", full.NOW
    )
    return replace(full.PAGE, conversation=replace(conversation, language=language))


async def take(folder: Path, language: str) -> None:
    """Write the pictures to *folder*."""
    catalogue = load()
    async with AsyncExitStack() as stack:
        clock = Clock()
        parts, keeper, book, guide = put_together(catalogue, StemMatcher(catalogue), clock, "")
        page = leader_page(language)
        await keeper.write(Entry(page.conversation, page.journal, at=sample.NOW))
        address = await stack.enter_async_context(served(site(parts)))
        parts.where.site = address
        running = Running(address, parts, keeper, book, guide, clock, stack)
        visitor = await running.leader(full.LEADER)
        browser = await stack.enter_async_context(chromium(program()))
        for size, pixels in SIZES.items():
            for theme in ("light", "dark"):
                window = await browser.page(pixels, theme, language)
                await browser.let_in(window, visitor)
                for name, path in PAGES.items():
                    await window.goto(address + path)
                    await window.screenshot(path=folder / f"{name}-{size}-{theme}.png", full_page=True)
                await window.goto(address + "/journey/portfolio")
                await window.check("#take-j1")
                await window.click("main .buttons:last-of-type button:not([name])")
                await window.screenshot(path=folder / f"portfolio-look-{size}-{theme}.png", full_page=True)
    print(f"{len(list(folder.glob('*.png')))} pictures in {folder}")  # noqa: T201 - a command


if __name__ == "__main__":
    where = Path(sys.argv[1])
    where.mkdir(parents=True, exist_ok=True)
    asyncio.run(take(where, sys.argv[2] if len(sys.argv) > 2 else "nl"))
