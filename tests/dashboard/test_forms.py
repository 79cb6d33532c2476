"""WEB-3: nothing is changed by looking, nor by a form that did not come from an open page of ours."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from dashboard import guard
from dashboard.parts import Demo
from dashboard.places import Place, Who
from dashboard.site import ROUTES
from tests.dashboard import sample

FORM = "application/x-www-form-urlencoded"
CHANGING = [place for place in ROUTES if place.changes]
POSTED = [place for place in ROUTES if place.method == "POST"]
ELSEWHERE = [
    {"sec-fetch-site": "cross-site"},
    {"sec-fetch-site": "same-site"},
    {"sec-fetch-site": "cross-site", "origin": "https://elders.example"},
    {"origin": "https://elders.example"},
    {"origin": "null"},
    {"origin": "http://127.0.0.1"},
]


async def who_may(running, place: Place):
    """Return a browser that may come to *place*, and stands on a page with a form."""
    if place.who is Who.HALF:
        browser = await running.browser()
        await browser.in_by_link("coach", sample.CATO.person)
    elif place.who is Who.LEADER:
        browser = await running.leader()
        await browser.get("/sessions")
    elif place.who in (Who.COACH, Who.EITHER):
        browser = await running.coach()
        await browser.get("/sessions")
    else:
        browser = await running.browser()
        await browser.get("/login/coach")
    assert browser.key
    return browser


async def everything(running) -> tuple:
    """Everything a form could change. That a coach looked, and when, is written down by looking, and is left out."""
    pages = [sample.changed(await running.keeper.read(leader), looks=()) for leader in (sample.ANNE, sample.BERT)]
    coaches = [replace(coach, visited={}) for coach in (await running.book.read()).coaches]
    open_now = [(s.name, s.half, s.wrong, s.proposed) for s in running.parts.sessions._open.values()]
    doors = [(asking.code, asking.person, asking.wrong) for asking in running.parts.front._asking.values()]
    return pages, coaches, (await running.book.read()).invitations, open_now, doors


@pytest.mark.asyncio
@pytest.mark.parametrize("place", POSTED, ids=lambda place: place.name)
async def test_web_3_a_form_without_its_key_or_from_elsewhere_changes_nothing(serving, place):
    running = await serving(demo=demo() if place.who is Who.DEMO else None)
    browser = await who_may(running, place)
    path, before = sample.path_of(place), await everything(running)
    tries = [
        browser.client.post(path),
        browser.client.post(path, data={"form_key": ""}),
        browser.client.post(path, data={"form_key": "x" * 43}),
        browser.client.post(path, content=b"form_key=%ff%00%c3%a9&form_key=\xff", headers={"content-type": FORM}),
        browser.client.post(path, headers={"x-csrftoken": browser.key}, data={"text": "x"}),
        browser.client.post(path, headers={"authorization": "Bearer x"}, data={"text": "x"}),
        browser.client.post(path, json={"form_key": browser.key}),
        browser.client.post(path, files={"form_key": (None, browser.key)}),
        browser.client.post(f"{path}?form_key={browser.key}", data={"text": "x"}),
        *(browser.client.post(path, data={"form_key": browser.key}, headers=where) for where in ELSEWHERE),
    ]
    answers = [await one for one in tries]
    assert {answer.status_code for answer in answers} <= {403, 415}
    assert not any("set-cookie" in answer.headers for answer in answers)
    assert await everything(running) == before


@pytest.mark.asyncio
@pytest.mark.parametrize("place", CHANGING, ids=lambda place: place.name)
async def test_web_3_looking_at_a_changing_page_changes_nothing(serving, place):
    running = await serving(demo=demo() if place.who is Who.DEMO else None)
    browser = await who_may(running, place)
    path, before = sample.path_of(place), await everything(running)
    same = {other.method for other in ROUTES if other.path == place.path}
    for method in ("GET", "HEAD", "OPTIONS", "PUT", "DELETE", "PATCH"):
        answer = await browser.client.request(method, path)
        assert answer.status_code in ((200, 303, 404) if "GET" in same and method in ("GET", "HEAD") else (404, 405))
    assert await everything(running) == before


@pytest.mark.asyncio
@pytest.mark.parametrize("hole", ["is_ours", "is_key"])
async def test_web_3_each_of_the_two_locks_is_missed_when_it_is_open(running, monkeypatch, hole):
    monkeypatch.setattr(guard, hole, lambda *_: True)
    browser = await running.leader()
    await browser.get("/sessions")
    forged = {"headers": {"origin": "https://elders.example"}} if hole == "is_ours" else {}
    key = browser.key if hole == "is_ours" else "anders"
    await browser.client.post("/logout", data={"form_key": key}, **forged)
    assert (await browser.get("/journey")).status_code == 303


@pytest.mark.asyncio
async def test_web_3_the_key_of_one_session_opens_no_form_of_another(running):
    one, other = await running.leader(), await running.leader(sample.BERT)
    await one.get("/sessions")
    await other.get("/sessions")
    assert (await one.client.post("/logout", data={"form_key": other.key})).status_code == 403
    assert (await one.get("/journey")).status_code == 200


def test_a_page_that_changes_something_can_only_be_posted():
    with pytest.raises(ValueError, match="posted"):
        Place("x", "/x", Who.ANYONE, ROUTES[0].handler, "GET", changes=True)


def test_every_page_of_the_table_has_a_name_and_an_address_of_its_own():
    assert len({place.name for place in ROUTES}) == len(ROUTES)
    assert len({(place.path, place.method) for place in ROUTES}) == len(ROUTES)
    for place in ROUTES:
        assert set(re.findall(r"{(\w+)}", place.path)) <= set(sample.IDS)
        assert place.changes <= (place.method == "POST")


@pytest.mark.asyncio
async def test_what_was_written_comes_back_when_the_session_ended_meanwhile(running):
    browser = await running.leader()
    await browser.get("/sessions")
    running.clock.on(minutes=31)
    answer = await browser.post("/sessions/end", text="Een lang briefje <b>dat</b> niet weg mag zijn")
    assert answer.status_code == 403
    assert "Je bent uitgelogd" in answer.text
    assert "Een lang briefje &lt;b&gt;dat&lt;/b&gt; niet weg mag zijn</textarea>" in answer.text


@pytest.mark.asyncio
async def test_what_another_site_sends_is_not_shown_on_our_page(running):
    browser = await running.leader()
    await browser.get("/sessions")
    answer = await browser.client.post(
        "/sessions/end", data={"text": "bel dit nummer", "form_key": "x"}, headers={"sec-fetch-site": "cross-site"}
    )
    assert (answer.status_code, "bel dit nummer" in answer.text) == (403, False)


def demo():
    return Demo(sample.CATO.id, sample.ANNE)
