"""WEB-4: whatever a leader or a coach writes is shown as text, in a real browser, with and without the second lock."""

import re
from dataclasses import replace

import pytest

from dashboard import rendering
from dialogues.coaching import Grant, Level, Link, Note
from dialogues.conversation import (
    Conversation,
    Correction,
    Frame,
    Journey,
    Kind,
    LeaderId,
    Phase,
    Plan,
    Reflection,
    Whose,
)
from dialogues.ports import Entry, Page
from tests.dashboard import sample
from tests.dashboard.payloads import MARK, payloads

TAGS = re.compile(r"<[^>]*>")
"""What nobody reads: the addresses in it are random, and may hold any number."""

TOGETHER = 50
"""So many payloads stand behind each other in every field; at full size each stands alone."""

SEARCHED = 3
"""So many groups of payloads are typed into the forms as well."""


def fields(number: int, bad: str) -> tuple[str, Page]:
    """Return a handle, and a page of a leader with *bad* in every field that a coach gets to see."""
    handle = f"{number:032x}"
    leader, at = LeaderId(f"telegram-bad-{number}"), sample.day(10)
    plan = Plan("p1", "j1", at, moment=bad, act=bad, sign=bad, happened=bad, meaning=bad)
    links = (Link(sample.CATO.id, handle, bad, bad, inside=False, since=at, known_as=bad),)
    notes = (Note("n1", sample.CATO.id, "r1", bad, at, sent=at), Note("n2", sample.CATO.id, "r1", bad, at))
    conversation = Conversation(
        leader,
        "1",
        "nl",
        Frame("home", "choose", "n1"),
        journeys=(Journey("j1", Whose.OWN, bad, bad, bad, at, phase=Phase.ACTING),),
        plans=(plan,),
        links=links,
        grants=(Grant("g1", sample.CATO.id, Level.JOURNEY, "j1", at, "1"),),
        notes=notes,
    )
    kept = Reflection("r1", Kind.THOUGHT, bad, at, bad, "j1", phase=Phase.ACTING, history=(Correction(bad, at),))
    return handle, Page(conversation, (kept,))


def unlocked(app):
    """Take the policy off every answer, so that only the escaping stands between a payload and the page."""

    async def without(scope, receive, send):
        async def bare(message):
            if message["type"] == "http.response.start":
                kept = [one for one in message["headers"] if one[0].lower() != b"content-security-policy"]
                message = {**message, "headers": kept}
            await send(message)

        await app(scope, receive, bare)

    return without


async def run(running, chrome, groups) -> tuple[list[str], int]:
    """Open every page with these payloads, and return what ran, and how many pages that were."""
    ran: list[str] = []
    await running.book.change(
        lambda book: book.with_coach(replace(sample.CATO, name=groups[0], organisation=groups[-1]))
    )
    handles = []
    for number, bad in enumerate(groups):
        handle, page = fields(number, bad)
        handles.append(handle)
        await running.keeper.write(Entry(page.conversation, page.journal))
    visitor = await running.coach()
    page = await chrome.page()
    page.on("dialog", lambda dialog: (ran.append(dialog.message), dialog.dismiss())[1])
    page.on("console", lambda message: ran.append(message.text) if message.text == MARK else None)
    await chrome.let_in(page, visitor)
    opened = 0

    async def look() -> None:
        nonlocal opened
        opened += 1
        # A click is over when the next page begins, which may have no root yet; a payload may go on to one more.
        await page.wait_for_load_state()
        if await page.evaluate(f"() => document.documentElement?.dataset.{MARK}"):
            ran.append(page.url)

    for handle in handles:
        leader = f"{running.address}/coach/leaders/{handle}"
        names = running.parts.handles
        for path in (f"/journeys/{names.of(handle, 'j1')}", f"/pieces/{names.of(handle, 'r1')}"):
            await page.goto(leader + path)
            await look()
    await page.goto(f"{running.address}/coach")
    await look()
    await page.locator("main form button").click()
    await look()
    for bad in groups[:: max(1, len(groups) // SEARCHED)]:
        await page.goto(f"{running.address}/coach/search")
        await page.fill("#text", bad.splitlines()[0])
        await page.locator("main form button").click()
        await look()
        await page.goto(f"{leader}/pieces/{names.of(handles[-1], 'r1')}")
        await page.fill("#text", bad * 20)
        await page.locator("button[value=send]").click()
        await look()
    return ran, opened


def together(size: int) -> list[str]:
    """Return the payloads, *size* behind each other."""
    every = payloads()
    return ["\n".join(every[at : at + size]) for at in range(0, len(every), size)]


@pytest.mark.asyncio
async def test_web_4_no_payload_runs_in_any_field_even_without_the_policy(serving, chrome):
    ran, opened = await run(await serving(wrapped=unlocked), chrome, together(TOGETHER))
    assert ran == []
    assert opened > 2 * len(payloads()) / TOGETHER


@pytest.mark.long
@pytest.mark.asyncio
async def test_web_4_at_full_size_no_payload_runs_when_it_stands_alone(serving, chrome):
    ran, opened = await run(await serving(wrapped=unlocked), chrome, together(1))
    print(f"WEB-4: {len(payloads())} payloads, {opened} pages, {len(ran)} executed")  # noqa: T201 - the figure
    assert ran == []


@pytest.mark.asyncio
async def test_web_4_pages_that_do_not_escape_would_be_noticed(serving, chrome, monkeypatch):
    careless = rendering.environment().overlay(autoescape=False)
    monkeypatch.setattr(rendering, "environment", lambda: careless)
    some = payloads()[20:400:120]
    ran, _ = await run(await serving(wrapped=unlocked), chrome, list(some))
    assert ran


@pytest.mark.asyncio
async def test_web_4_the_policy_alone_stops_them_too(serving, chrome, monkeypatch):
    careless = rendering.environment().overlay(autoescape=False)
    monkeypatch.setattr(rendering, "environment", lambda: careless)
    some = payloads()[20:400:120]
    ran, _ = await run(await serving(), chrome, list(some))
    assert ran == []


@pytest.mark.asyncio
async def test_fuz_2_templates_are_shown_as_they_were_typed(serving):
    running = await serving()
    handle, page = fields(1, " ".join(payloads()[:20]))
    await running.keeper.write(Entry(page.conversation, page.journal))
    browser = await running.coach()
    names = running.parts.handles
    for path in (f"/journeys/{names.of(handle, 'j1')}", f"/pieces/{names.of(handle, 'r1')}"):
        read = TAGS.sub(" ", (await browser.get(f"/coach/leaders/{handle}{path}")).text)
        assert "{{7*7}}" in read
        assert "49" not in read
