"""A leader's own page in a real browser: without script, on a phone, by the rules of WCAG, and with hostile texts in it."""

from __future__ import annotations

from dataclasses import replace
from itertools import cycle, islice

import pytest
import pytest_asyncio
from axe_playwright_python.async_playwright import Axe

from dialogues.coaching import Level
from dialogues.conversation import Kind, Reflection
from dialogues.ports import Entry
from tests.dashboard.browser import DESKTOP, PHONE, chromium, needed
from tests.dashboard.leader_screenshots import PAGES, leader_page
from tests.portfolio import sample as full
from tests.portfolio.test_publishing import MARKDOWN, TYPST
from tests.reliability.hostile import TEXTS

pytestmark = pytest.mark.asyncio

NARROW = (320, 640)
"""The width at which text must still flow (WCAG 2.2, 1.4.10)."""

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
SCRIPTS = (
    "<script>window.hit=1</script>",
    '"><img src=x onerror="window.hit=1">',
    "'><svg onload=window.hit=1>",
    "</textarea><script>window.hit=1</script>",
    '" autofocus onfocus="window.hit=1',
    "javascript:window.hit=1",
    "{{ constructor.constructor('window.hit=1')() }}",
    "</title><script>window.hit=1</script>",
    "<iframe srcdoc='<script>parent.hit=1</script>'>",
    "<a href='javascript:window.hit=1'>klik</a>",
    "<style>@import 'javascript:window.hit=1';</style>",
    "<details open ontoggle=window.hit=1>",
)
HOSTILE = tuple(islice(cycle((*SCRIPTS, *(text for text in TEXTS if len(text) < 2000), *TYPST, *MARKDOWN)), 500))


@pytest_asyncio.fixture
async def window():
    async with chromium(needed()) as browser:
        yield browser


async def known(running, page):
    await running.keeper.write(Entry(page.conversation, page.journal, at=running.clock()))
    return await running.leader(full.LEADER)


async def check(page, name):
    """Hold the open page against all rules in light, and against those about colours in dark."""
    for theme, rules in (("light", RULES), ("dark", {"runOnly": ["color-contrast"]})):
        await page.emulate_media(color_scheme=theme)
        found = await Axe().run(page, options=rules)
        assert found.violations_count == 0, f"{name} in {theme}: {found.generate_report()}"


@pytest.mark.parametrize("language", ["nl", pytest.param("en", marks=pytest.mark.long)])
async def test_no_page_of_a_leader_breaks_a_rule_of_wcag_22_aa_in_light_or_dark(running, window, language):
    visitor = await known(running, leader_page(language))
    page = await window.page(DESKTOP, language=language)
    await window.let_in(page, visitor)
    for path in PAGES.values():
        await page.goto(running.address + path)
        await check(page, path)
    await page.goto(running.address + "/journey/portfolio")
    await page.locator("form[action$=look] button").click()
    await check(page, "no theme chosen")
    await page.check("#take-j2")
    await page.locator("form[action$=look] button").click()
    await check(page, "a look at the portfolio")
    await page.goto(running.address + "/journey/reflections")
    await page.fill("#text", "vraag")
    await page.locator("form[role=search] button").click()
    await check(page, "found")
    await page.goto(running.address + "/journey/sharing")
    await page.locator("form[action$='sharing/end'] button").click()
    await check(page, "end a link")
    await page.goto(running.address + "/journey/data")
    await page.fill("#word", "nee")
    await page.locator("form[action$=erase] button").click()
    await check(page, "mistyped")
    assert all(asked.startswith((running.address, "data:")) for asked in window.asked)


async def test_every_page_flows_on_a_narrow_screen(running, window):
    visitor = await known(running, leader_page("nl"))
    page = await window.page(NARROW)
    await window.let_in(page, visitor)
    for path in PAGES.values():
        await page.goto(running.address + path)
        wide = await page.evaluate("() => document.documentElement.scrollWidth")
        assert wide <= NARROW[0], path


async def test_from_login_to_a_portfolio_a_withdrawal_and_erasing_without_any_script(running, window, tmp_path):
    page = leader_page("nl")
    await running.keeper.write(Entry(page.conversation, page.journal, at=running.clock()))
    page = await window.page(PHONE, script=False)
    await page.goto(f"{running.address}/login/leader")
    said = await running.chat(full.LEADER, await page.locator(".code").inner_text())
    await page.goto(next(word for word in said.split() if word.startswith(running.address)))
    await page.locator("main button").click()
    assert await page.locator("h1").inner_text() == "Mijn reis"
    await page.get_by_role("link", name="Portfolio", exact=True).click()
    await page.get_by_role("button", name="Dit niet").click()
    assert "Deze verklaring blijft eruit." in await page.locator("main").inner_text()
    await page.check("#take-j1")
    await page.uncheck("#piece-r8")
    await page.get_by_role("button", name="Bekijk het eerst").click()
    told = await page.locator("main").inner_text()
    assert "Haast maakt dat ik terugval." in told
    assert "In de drukke week voor kerst" not in told
    async with page.expect_download() as loading:
        await page.get_by_role("button", name="Maak de PDF").click()
    download = await loading.value
    assert download.suggested_filename == "portfolio.pdf"
    await download.save_as(tmp_path / "portfolio.pdf")
    assert (tmp_path / "portfolio.pdf").read_bytes().startswith(b"%PDF")
    await page.get_by_role("link", name="Wat ik deel").click()
    await page.get_by_role("button", name="g1 intrekken").click()
    assert "g1 is ingetrokken." in await page.locator("main").inner_text()
    await page.get_by_role("link", name="Mijn gegevens").click()
    await page.get_by_label("Typ het woord wissen om alles te wissen").fill("wissen")
    await page.get_by_role("button", name="Wis alles").click()
    assert await page.locator("h1").inner_text() == "Alles is gewist"
    assert await running.keeper.read(full.LEADER) is None
    assert all(asked.startswith((running.address, "data:")) for asked in window.asked)


def hostile_page():
    """A page in which every field that a leader or a coach can fill holds a hostile text."""
    text = cycle(HOSTILE)
    base = full.PAGE.conversation
    journeys = tuple(
        replace(one, topic=next(text), from_=next(text), to=next(text), who=next(text), remember=next(text))
        for one in base.journeys
    )
    plans = tuple(
        replace(one, moment=next(text), act=next(text), sign=next(text), happened=next(text), meaning=next(text))
        for one in base.plans
    )
    links = tuple(replace(one, name=next(text), organisation=next(text), known_as=next(text)) for one in base.links)
    waits = replace(full.STATEMENT, id="s9", text=next(text), answered=None, accepted=False)
    agreed = replace(full.STATEMENT, text=next(text))
    grants = (*base.grants, replace(base.grants[0], id="g9", level=Level.PIECE, about="r4", sentence=next(text)))
    conversation = replace(base, journeys=journeys, plans=plans, links=links, statements=(agreed, waits), grants=grants)
    journal = tuple(
        Reflection(f"r{number}", Kind.CHECKIN, one, full.at(2026, 9, 3), question=next(text), journey="j1")
        for number, one in enumerate(HOSTILE, 1)
    )
    return replace(full.PAGE, conversation=conversation, journal=journal)


async def test_web_4_500_hostile_texts_in_every_field_of_a_leader_run_nothing(running, window):
    visitor = await known(running, hostile_page())
    page = await window.page(DESKTOP)
    dialogs = []
    page.on("dialog", lambda dialog: dialogs.append(dialog.message))
    await window.let_in(page, visitor)
    paths = [*PAGES.values(), *(f"/journey/reflections?page={number}" for number in range(2, 26))]
    for path in paths:
        await page.goto(running.address + path)
        assert await page.evaluate("() => window.hit === undefined"), path
        foreign = "script, iframe, object, embed, main style, main img[src='x'], a[href^='javascript']"
        assert await page.locator(foreign).count() == 0, path
    for text in SCRIPTS:
        await page.goto(running.address + "/journey/reflections")
        await page.fill("#text", text)
        await page.locator("form[role=search] button").click()
        assert await page.evaluate("() => window.hit === undefined"), text
    await page.goto(running.address + "/journey/portfolio")
    await page.evaluate(
        "() => document.querySelectorAll('input[type=checkbox]').forEach(box => { box.checked = true; })"
    )
    await page.locator("form[action$=look] button").click()
    assert await page.evaluate("() => window.hit === undefined")
    assert not dialogs
    assert all(asked.startswith((running.address, "data:")) for asked in window.asked)


async def test_web_4_bad_variant_a_page_without_escaping_would_be_seen(running, window):
    page = await window.page(DESKTOP)
    await page.set_content(f"<p>{SCRIPTS[1]}</p>")
    await page.wait_for_function("() => window.hit === 1")
