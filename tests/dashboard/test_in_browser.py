"""The pages of a coach in a real browser: without script, by keyboard, on a phone, on paper, and by the rules of WCAG."""

import pyotp
import pytest
from axe_playwright_python.async_playwright import Axe

from dialogues.ports import Entry
from tests.dashboard import full_sample, sample
from tests.dashboard.browser import DESKTOP, PHONE
from tests.dashboard.test_coach_pages import notes, piece, withdraw

NARROW = (320, 640)
"""The width at which text must still flow (WCAG 2.2, 1.4.10)."""

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


async def all_pages(running) -> list[str]:
    """Return the address of each page of a coach that can be opened, and of one that cannot."""
    page = full_sample.eva()
    await running.keeper.write(Entry(page.conversation, page.journal, at=running.clock()))
    handle = full_sample.EVAS_HANDLE
    leader = f"/coach/leaders/{handle}"
    return [
        "/coach",
        "/coach/search",
        leader,
        f"{leader}/journeys/{running.parts.handles.of(handle, 'j1')}",
        *(piece(running, id_, handle) for id_ in ("r12", "r14", "r60")),
        *(piece(running, id_) for id_ in ("r1", "r7")),
        "/coach/leaders/none",
    ]


@pytest.mark.asyncio
async def test_web_12_from_login_to_a_note_and_a_withdrawal_without_any_script(running, chrome):
    page = await chrome.page(PHONE, script=False)
    await page.goto(f"{running.address}/login/coach")
    code = await page.locator(".code").inner_text()
    said = await running.chat(sample.CATO.person, code)
    await page.goto(next(word for word in said.split() if word.startswith(running.address)))
    await page.locator("main button").click()
    await page.locator("main input[type=text]").fill(pyotp.TOTP(sample.SECRET).at(running.clock()))
    await page.locator("main button").click()
    await page.get_by_role("link", name="Anne").click()
    await page.get_by_role("link", name="Gedachte van 12 november 2026").first.click()
    assert await page.locator("blockquote").inner_text() == "Vandaag bleef ik stil. De leraar vond zelf het antwoord."
    await page.get_by_label("Jouw briefje").fill("Wat hielp je om stil te blijven?")
    await page.get_by_role("button", name="Versturen").click()
    assert "Je briefje is verstuurd." in await page.locator("main").inner_text()
    assert [note.text for note in await notes(running) if note.sent][-1] == "Wat hielp je om stil te blijven?"
    await page.get_by_role("link", name="Zoeken").click()
    await page.get_by_label("Woorden om te zoeken").fill("stil")
    await page.get_by_role("button", name="Zoeken").click()
    await page.get_by_role("link", name="Gedachte van 12 november 2026").click()
    assert "text=" not in page.url
    await withdraw(running, "g1")
    await page.get_by_label("Jouw briefje").fill("Dit schreef ik net.")
    await page.get_by_role("button", name="Versturen").click()
    assert "Vandaag bleef ik stil" not in await page.content()
    assert await page.locator("textarea").input_value() == "Dit schreef ik net."
    assert all(asked.startswith((running.address, "data:")) for asked in chrome.asked)


@pytest.mark.asyncio
async def test_a_note_is_written_with_the_keyboard_alone(running, chrome):
    page = await chrome.page()
    await chrome.let_in(page, await running.coach())
    await page.goto(running.address + piece(running, "r3"))

    async def tab_to(selector: str) -> None:
        for _ in range(60):
            await page.keyboard.press("Tab")
            if await page.evaluate("(selector) => document.activeElement.matches(selector)", selector):
                outline = await page.evaluate("() => getComputedStyle(document.activeElement).outlineStyle")
                assert outline != "none"
                return
        pytest.fail(f"{selector} cannot be reached with the keyboard")

    await page.keyboard.press("Tab")
    assert await page.evaluate("() => document.activeElement.className") == "skip"
    await tab_to("#text")
    await page.keyboard.type("Wat zag je toen?")
    await tab_to("button[value=send]")
    async with page.expect_navigation():
        await page.keyboard.press("Enter")
    assert [note.text for note in await notes(running)][-1] == "Wat zag je toen?"
    await tab_to("a[href='/coach']")


@pytest.mark.asyncio
@pytest.mark.parametrize("language", ["nl", pytest.param("en", marks=pytest.mark.long)])
async def test_no_page_breaks_a_rule_of_wcag_22_aa_in_light_or_dark(running, chrome, language):
    await running.book.change(lambda book: book.with_coach(sample.speaking(sample.CATO, language)))
    visitor = await running.coach()
    page = await chrome.page(DESKTOP, language=language)
    await chrome.let_in(page, visitor)
    for path in await all_pages(running):
        await page.goto(running.address + path)
        await check(page, path)
    await page.goto(running.address + "/coach")
    await page.locator("main form button").click()
    await check(page, "invited")
    await page.goto(running.address + "/coach/search")
    await page.fill("#text", "stil vragen")
    await page.locator("main form button").click()
    await check(page, "found")
    await page.goto(running.address + piece(running, "r1"))
    await page.fill("#text", "te lang " * 60)
    await page.locator("button[value=send]").click()
    await check(page, "too long")
    assert all(asked.startswith((running.address, "data:")) for asked in chrome.asked)
    # A 404 and a 422 are no errors of a page; a browser says so of each.
    assert not [said for said in chrome.said if "Failed to load resource" not in said]


async def check(page, name):
    """Hold the open page against all rules in light, and against those about colours in dark."""
    await page.evaluate("() => document.querySelectorAll('details').forEach(one => { one.open = true; })")
    for theme, rules in (("light", RULES), ("dark", {"runOnly": ["color-contrast"]})):
        await page.emulate_media(color_scheme=theme)
        found = await Axe().run(page, options=rules)
        assert found.violations_count == 0, f"{name}, {theme}\n{found.generate_report()}"
    await page.emulate_media(color_scheme="light")


@pytest.mark.asyncio
async def test_the_rules_would_notice_a_page_that_breaks_them(running, chrome):
    page = await chrome.page()
    await page.goto(f"{running.address}/login/coach")
    await page.evaluate("() => document.querySelectorAll('label').forEach(one => one.remove())")
    assert (await Axe().run(page, options=RULES)).violations_count > 0


@pytest.mark.asyncio
async def test_on_a_narrow_screen_nothing_runs_out_of_sight(running, chrome):
    page = await chrome.page(NARROW)
    await chrome.let_in(page, await running.coach())
    for path in await all_pages(running):
        await page.goto(running.address + path)
        wide = await page.evaluate("() => document.documentElement.scrollWidth")
        assert wide <= NARROW[0], path


@pytest.mark.asyncio
async def test_on_paper_stands_what_was_shared_and_no_button(running, chrome):
    page = await chrome.page()
    await chrome.let_in(page, await running.coach())
    await page.emulate_media(media="print")
    await page.goto(running.address + piece(running, "r3"))
    assert await page.locator("blockquote").is_visible()
    for hidden in ("nav", "button", "textarea"):
        assert await page.locator(f"{hidden} >> visible=true").count() == 0
