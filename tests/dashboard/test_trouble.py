"""What goes wrong behind a page: a kind word in the visitor's language, and a log that says neither who nor what."""

from __future__ import annotations

import io
import json
import logging

import pytest

from app import logs
from dashboard.places import Who
from dashboard.site import ROUTES
from tests.dashboard import sample

WITHOUT_STORE = {"invite", "search"}
"""Pages that need only the book of coaches, or nothing."""

INSIDE = [place for place in ROUTES if place.who in (Who.COACH, Who.LEADER)]


@pytest.fixture
def log(monkeypatch):
    """Everything that is logged meanwhile, as it would be on standard error, at DEBUG."""
    written, root = io.StringIO(), logging.getLogger()
    level, handlers = root.level, root.handlers[:]
    ours = {name: logging.getLogger(name).level for name in logs.OURS}
    monkeypatch.setattr("sys.stderr", written)
    logs.set_up("DEBUG")
    yield written
    root.setLevel(level)
    root.handlers[:] = handlers
    for name, before in ours.items():
        logging.getLogger(name).setLevel(before)


def lines(written: io.StringIO) -> list[dict]:
    return [json.loads(line) for line in written.getvalue().splitlines()]


@pytest.mark.asyncio
async def test_no_line_of_the_log_says_who_logged_in_or_with_what(running, log):
    browser = await running.browser()
    path, word = await browser.passage("leader", sample.ANNE)
    await browser.post("/login", code="0000-0000-0000")
    await browser.get(path)
    await browser.post(path)
    token = browser.client.cookies.get("session")
    await browser.client.post("/sessions/end", data={"text": "kanarie-tekst"})
    await browser.get("/sessions")
    await browser.post("/logout")
    coach = await running.coach()
    await coach.get("/coach")
    said = [line["event"] for line in lines(log)]
    assert {"a login failed", "a session began", "a session was ended"} <= set(said)
    assert any("was refused" in line for line in said)
    everything = log.getvalue()
    for secret in (
        path,
        path[4:],
        word,
        token,
        sample.ANNE,
        sample.CATO.person,
        sample.CATO.name,
        "kanarie",
        sample.SECRET,
    ):
        assert secret not in everything


@pytest.mark.asyncio
async def test_an_unexpected_fault_gets_a_kind_word_and_one_line_without_its_message(running, log, monkeypatch):
    async def broken(_):
        raise RuntimeError("kanarie in de fout")

    browser = await running.leader()
    monkeypatch.setattr(running.keeper, "read", broken)
    answer = await browser.get("/journey")
    assert (answer.status_code, "Er ging iets mis" in answer.text) == (500, True)
    assert "RuntimeError" in log.getvalue()
    assert not any("kanarie" in part for part in (answer.text, log.getvalue()))
    assert (await browser.get("/sessions")).status_code == 200


@pytest.mark.asyncio
@pytest.mark.parametrize("place", INSIDE, ids=lambda place: place.name)
async def test_when_the_store_is_away_every_page_says_so_and_nothing_else(running, place):
    browser = await (running.coach() if place.who is Who.COACH else running.leader())
    await browser.get("/sessions")
    running.keeper.away = True
    path = sample.path_of(place)
    answer = await (browser.get(path) if place.method == "GET" else browser.post(path, text="woorden", act="send"))
    assert answer.status_code in (404, 503) or place.name in WITHOUT_STORE
    assert "<h1>" in answer.text
    assert not any(word in answer.text for word in ("Anne", sample.PRIVATE, "KeeperUnavailable"))
    running.keeper.away = False
    assert (await browser.get("/sessions")).status_code == 200


@pytest.mark.asyncio
async def test_a_fault_is_told_in_the_language_the_browser_asks_for(running):
    dutch, english = (
        await running.browser(**{"accept-language": "fy, nl-BE;q=0.9"}),
        await running.browser(**{"accept-language": "en-GB"}),
    )
    other = await running.browser(**{"accept-language": "fr"})
    said = [(await browser.get("/nergens")).text for browser in (dutch, english, other)]
    assert ["Niets te zien" in said[0], "Nothing to see" in said[1], "Niets te zien" in said[2]] == [True] * 3
