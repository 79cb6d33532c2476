"""
Takes a picture of each page of a coach in light and dark, on a phone and on a desk: for people to look at.

    python -m tests.dashboard.screenshots FOLDER [nl|en]
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
from dialogues.ports import Entry
from tests.dashboard import full_sample, sample
from tests.dashboard.browser import DESKTOP, PHONE, chromium, program
from tests.dashboard.conftest import Clock, Running, put_together, served

SIZES = {"phone": PHONE, "desktop": DESKTOP}


async def visits(running: Running) -> dict[str, str]:
    """Return the address of each page of the coach Cato, by name."""
    handles = running.parts.handles
    leader = f"/coach/leaders/{full_sample.EVAS_HANDLE}"
    return {
        "leaders": "/coach",
        "leader": leader,
        "leader-2": f"{leader}?page=2",
        "journey": f"{leader}/journeys/{handles.of(full_sample.EVAS_HANDLE, 'j1')}",
        "piece": f"{leader}/pieces/{handles.of(full_sample.EVAS_HANDLE, 'r14')}",
        "piece-hints": f"{leader}/pieces/{handles.of(full_sample.EVAS_HANDLE, 'r12')}",
        "piece-draft": f"/coach/leaders/{sample.ANNES_HANDLE}/pieces/{handles.of(sample.ANNES_HANDLE, 'r1')}",
        "search": "/coach/search",
        "sessions": "/sessions",
        "missing": "/coach/leaders/nobody",
    }


async def take(folder: Path, language: str) -> None:
    """Write the pictures to *folder*."""
    catalogue = load()
    async with AsyncExitStack() as stack:
        clock = Clock()
        parts, keeper, book, guide = put_together(catalogue, StemMatcher(catalogue), clock, "")
        await sample.fill(keeper)
        page = full_sample.eva()
        await keeper.write(Entry(page.conversation, page.journal, at=sample.NOW))
        await book.change(lambda known: known.with_coach(replace(sample.CATO, language=language)))
        address = await stack.enter_async_context(served(site(parts)))
        parts.where.site = address
        running = Running(address, parts, keeper, book, guide, clock, stack)
        visitor = await running.coach()
        browser = await stack.enter_async_context(chromium(program()))
        for size, pixels in SIZES.items():
            for theme in ("light", "dark"):
                page = await browser.page(pixels, theme, language)
                await browser.let_in(page, visitor)
                for name, path in (await visits(running)).items():
                    await page.goto(address + path)
                    await page.screenshot(path=folder / f"{name}-{size}-{theme}.png", full_page=True)
                await page.goto(address + "/coach/search")
                await page.fill("#text", "vragen")
                await page.click("main form button")
                await page.screenshot(path=folder / f"found-{size}-{theme}.png", full_page=True)
                await page.goto(address + "/coach")
                await page.click("main form button")
                await page.screenshot(path=folder / f"invited-{size}-{theme}.png", full_page=True)
                await page.goto(address + (await visits(running))["piece"])
                await page.fill("#text", "Ik lees dat je wachtte. " * 20)
                await page.click("button[value=send]")
                await page.screenshot(path=folder / f"too-long-{size}-{theme}.png", full_page=True)
    print(f"{len(list(folder.glob('*.png')))} pictures in {folder}")  # noqa: T201 - a command


if __name__ == "__main__":
    to = Path(sys.argv[1])
    to.mkdir(parents=True, exist_ok=True)
    asyncio.run(take(to, sys.argv[2] if len(sys.argv) > 2 else "nl"))
