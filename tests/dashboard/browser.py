"""A real browser: Debian's Chromium, driven by Playwright, without a network beyond 127.0.0.1."""

from __future__ import annotations

import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import pytest
from playwright.async_api import Browser, Page, async_playwright

PHONE, DESKTOP = (360, 740), (1280, 900)
NAMES = ("chromium", "chromium-browser", "google-chrome")
_FLAGS = ["--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", "--disable-background-networking"]


def program() -> str:
    """Return where Chromium is, "" when it is not installed."""
    return next((found for name in NAMES if (found := shutil.which(name))), "")


def needed() -> str:
    """Return where Chromium is; without it skip the test, or fail it where everything is to be tried."""
    found = program()
    if found:
        return found
    if os.environ.get("CI") == "true":
        pytest.fail("the package chromium is not installed; .ci/run installs it with apt-get")
    pytest.skip("the package chromium is not installed")


@dataclass
class Chromium:
    """A browser that runs. *asked* holds the address of everything that its pages asked for, *said* what they said."""

    browser: Browser
    asked: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)

    async def page(
        self, size: tuple[int, int] = DESKTOP, theme: str = "light", language: str = "nl", *, script: bool = True
    ) -> Page:
        """Open a window of its own, with no cookies."""
        context = await self.browser.new_context(
            viewport={"width": size[0], "height": size[1]},
            color_scheme=theme,
            locale=language,
            java_script_enabled=script,
            device_scale_factor=1,
        )
        page = await context.new_page()
        page.on("request", lambda request: self.asked.append(request.url))
        page.on("console", lambda message: self.said.append(message.text))
        page.on("pageerror", lambda error: self.said.append(str(error)))
        return page

    async def let_in(self, page: Page, visitor) -> None:
        """Give *page* the cookies of *visitor*, who logged in over HTTP."""
        address = visitor.running.address
        cookies = [{"name": name, "value": value, "url": address} for name, value in visitor.client.cookies.items()]
        await page.context.add_cookies(cookies)


@asynccontextmanager
async def chromium(path: str) -> AsyncIterator[Chromium]:
    """Run the browser at *path*."""
    flags = [*_FLAGS, "--no-sandbox"] if os.geteuid() == 0 else _FLAGS
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=flags)
        try:
            yield Chromium(browser)
        finally:
            await browser.close()
