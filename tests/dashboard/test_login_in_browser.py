"""The front door in a real browser, without script: from nothing to the second factor, by what the screens say."""

from __future__ import annotations

import pyotp
import pytest

from tests.dashboard import sample
from tests.dashboard.browser import PHONE
from tests.dashboard.test_in_browser import check


async def passage(running, page, person: str):
    """Confirm the code on *page* in the chat, as its deep link would."""
    link = await page.get_attribute("a[href^='https://t.me/']", "href")
    return await running.parts.front.confirm(link.partition("start=in_")[2], person, running.clock())


@pytest.mark.asyncio
async def test_web_6_a_new_coach_comes_in_by_what_the_screens_say(running, chrome):
    page = await chrome.page(PHONE, language="en", script=False)
    await page.goto(running.address)
    await page.click("text=I am a coach")
    let_in = await passage(running, page, sample.NEW_COACH.person)
    await page.goto(let_in.address)
    await page.click("main form button")
    secret = (await page.inner_text(".code")).replace(" ", "").strip()
    assert await page.locator(".picture svg").bounding_box()
    await page.fill("#code", pyotp.TOTP(secret).at(running.clock()))
    await page.click("main form button")
    await page.wait_for_url("**/coach")
    assert page.url == f"{running.address}/coach"
    cookies = {cookie["name"]: cookie for cookie in await page.context.cookies()}
    assert set(cookies) == {"session"}
    assert (cookies["session"]["httpOnly"], cookies["session"]["sameSite"]) == (True, "Strict")
    await page.click("header form button")
    await page.wait_for_url(f"{running.address}/")
    assert await page.context.cookies() == []
    await page.goto(f"{running.address}/coach")
    assert page.url == f"{running.address}/"
    assert all(asked.startswith((running.address, "data:")) for asked in chrome.asked)


@pytest.mark.asyncio
async def test_web_6_a_leader_with_telegram_elsewhere_types_the_code(running, chrome):
    page = await chrome.page(script=False)
    await page.goto(running.address)
    await page.click("text=Mijn reis")
    let_in = await passage(running, page, sample.ANNE)
    other = await chrome.page(PHONE, script=False)
    await other.goto(let_in.address)
    assert await other.inner_text("h1") == "Deze link werkt hier niet"
    await page.fill("#code", let_in.code.lower())
    await page.keyboard.press("Enter")
    await page.wait_for_url("**/journey")


@pytest.mark.asyncio
async def test_web_3_a_form_on_another_site_changes_nothing_in_a_real_browser(running, serving, chrome):
    browser = await running.leader()
    await browser.get("/sessions")
    page = await chrome.page()
    await chrome.let_in(page, browser)
    await page.goto("about:blank")
    await page.set_content(
        f'<form method="post" action="{running.address}/logout">'
        f'<input name="form_key" value="{browser.key}"><button>x</button></form>'
    )
    await page.click("button")
    await page.wait_for_url(f"{running.address}/logout")
    assert await page.inner_text("h1") in ("Je bent uitgelogd", "Dit is niet uitgevoerd")
    assert (await browser.get("/journey")).status_code == 200


@pytest.mark.asyncio
async def test_the_real_forms_pass_both_locks_in_a_real_browser(running, chrome):
    browser = await running.leader()
    page = await chrome.page()
    await chrome.let_in(page, browser)
    await page.goto(f"{running.address}/sessions")
    await page.click("text=Overal uitloggen")
    await page.wait_for_url(f"{running.address}/")


@pytest.mark.asyncio
@pytest.mark.parametrize("theme", ["light", "dark"])
async def test_no_page_of_the_front_door_breaks_a_rule_of_wcag_22_aa(running, chrome, theme):
    page = await chrome.page(PHONE, theme)
    for name, path in (
        ("entrance", "/"),
        ("passage gone", "/in/x"),
        ("missing", "/nergens"),
        ("login", "/login/coach"),
    ):
        await page.goto(running.address + path)
        await check(page, name)
    await page.fill("#code", "0000")
    await page.click("main form button")
    await check(page, "a wrong code")
    let_in = await passage(running, page, sample.NEW_COACH.person)
    await page.goto(let_in.address)
    await check(page, "passage")
    await page.click("main form button")
    await check(page, "second factor, new")
