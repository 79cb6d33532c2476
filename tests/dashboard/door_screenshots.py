"""
Takes a picture of each page of the front door in light and dark, on a phone and on a desk: for people to look at.

    python -m tests.dashboard.door_screenshots FOLDER [nl|en]
"""

from __future__ import annotations

import asyncio
import sys
from contextlib import AsyncExitStack
from functools import partial
from pathlib import Path

from content.catalogue import load
from content.matching import StemMatcher
from dashboard.parts import Demo
from dashboard.site import site
from dialogues.coaching import Book
from tests.dashboard import sample
from tests.dashboard.browser import DESKTOP, PHONE, chromium, program
from tests.dashboard.conftest import Clock, Running, put_together, served

SIZES = {"phone": PHONE, "desktop": DESKTOP}


async def visit(running: Running, page, photograph) -> None:
    """Log in as a new coach would, and as one who has been before, with a picture at every step."""
    await page.goto(running.address)
    await photograph("entrance")
    await page.goto(f"{running.address}/login/coach")
    await photograph("login")
    await page.fill("#code", "0000")
    await page.click("main form button")
    await photograph("login-wrong")
    await page.goto(f"{running.address}/in/{'x' * 43}")
    await photograph("passage-gone")
    for person, name in ((sample.NEW_COACH.person, "second-new"), (sample.CATO.person, "second")):
        await page.context.clear_cookies()
        await page.goto(f"{running.address}/login/coach")
        code = (await page.inner_text(".code")).split()[-1]
        passage = await running.parts.front.confirm(code, person, running.clock())
        await page.goto(passage.address)
        await photograph(f"passage-{name}")
        await page.click("main form button")
        await photograph(name)
        await page.fill("#code", "000000")
        await page.click("main form button")
        await photograph(f"{name}-wrong")


async def take(folder: Path, language: str) -> None:
    """Write the pictures to *folder*."""
    catalogue = load()
    for size, pixels in SIZES.items():
        for theme in ("light", "dark"):
            async with AsyncExitStack() as stack:
                browser = await stack.enter_async_context(chromium(program()))
                for demo in (None, Demo(sample.CATO.id, sample.ANNE)):
                    clock = Clock()
                    parts, keeper, book, guide = put_together(catalogue, StemMatcher(catalogue), clock, "", demo=demo)
                    await sample.fill(keeper)
                    for coach in (sample.NEW_COACH, sample.CATO):
                        await book.change(partial(Book.with_coach, coach=sample.speaking(coach, language)))
                    address = await stack.enter_async_context(served(site(parts)))
                    parts.where.site = address
                    page = await browser.page(pixels, theme, language)

                    kind = f"{size}-{theme}.png"

                    async def photograph(name: str, page=page, kind=kind, before="demo-" if demo else "") -> None:
                        await page.screenshot(path=folder / f"{before}{name}-{kind}", full_page=True)

                    if demo:
                        await page.goto(address)
                        await photograph("entrance")
                    else:
                        await visit(Running(address, parts, keeper, book, guide, clock, stack), page, photograph)
    print(f"{len(list(folder.glob('*.png')))} pictures in {folder}")  # noqa: T201 - a command


if __name__ == "__main__":
    to = Path(sys.argv[1])
    to.mkdir(parents=True, exist_ok=True)
    asyncio.run(take(to, sys.argv[2] if len(sys.argv) > 2 else "nl"))
