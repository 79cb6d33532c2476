"""WEB-6: the link from the chat works once, within ten minutes, and in the browser that asked alone."""

from __future__ import annotations

import asyncio
import re

import pytest

from bot.letters import _NO_PREVIEW
from dashboard import front_door
from dashboard.codes import ASKING_CODE, PASSAGE_CODE, SIGNS, new_code, read_code
from dashboard.front_door import FrontDoor
from dashboard.sessions import Role
from dialogues.coach_chat import Whereabouts
from dialogues.errors import KeeperUnavailable
from storage.in_memory import InMemoryCoachBook
from tests.dashboard import sample

WRONG_BROWSER = "Deze link werkt hier niet"


@pytest.mark.asyncio
async def test_web_6_a_hundred_looks_by_robots_and_by_the_person_spend_nothing(running):
    browser, robot = await running.browser(), await running.browser()
    path, _ = await browser.passage("leader", sample.ANNE)
    for _ in range(50):
        assert WRONG_BROWSER in (await robot.client.get(path)).text
        assert (await robot.client.head(path)).status_code == 404
        assert (await browser.client.get(path)).status_code == 200
        assert (await browser.client.head(path)).status_code == 200
    await browser.get(path)
    spent = await browser.post(path)
    assert (spent.status_code, spent.headers["location"]) == (303, "/journey")


@pytest.mark.asyncio
async def test_web_6_a_door_that_spends_by_looking_would_lock_the_person_out(running, monkeypatch):
    def spend_by_looking(door, browser, token, now):
        found = [one for one in door._asking.values() if one.token and one.token == front_door.digest(token)]
        for one in found:
            one.token = "spent"

    browser, robot = await running.browser(), await running.browser()
    path, _ = await browser.passage("leader", sample.ANNE)
    await browser.get(path)
    await robot.get("/login/leader")
    with monkeypatch.context() as patched:
        patched.setattr(FrontDoor, "fits", spend_by_looking)
        await robot.client.get(path)
    assert (await browser.post(path)).status_code == 404


@pytest.mark.asyncio
async def test_web_6_the_second_use_is_refused(running):
    browser = await running.browser()
    path, word = await browser.passage("leader", sample.ANNE)
    await browser.get(path)
    asking = browser.client.cookies.get("asking")
    key = browser.key
    assert (await browser.post(path)).status_code == 303
    thief = await running.browser()
    thief.client.cookies.set("asking", asking)
    assert (await thief.client.post(path, data={"form_key": key})).status_code == 403
    fresh = await running.browser()
    await fresh.get("/login/leader")
    assert (await fresh.post(path)).status_code == 404
    assert (await fresh.post("/login", code=word)).status_code == 200
    assert "session" not in fresh.client.cookies


@pytest.mark.asyncio
async def test_what_a_coach_may_see_is_read_while_the_second_factor_is_typed(running, monkeypatch):
    prepared = asyncio.Queue()

    async def noted(coach, now):
        await prepared.put(coach)
        raise KeeperUnavailable("away")  # and nobody is stopped by a store that is away just then

    monkeypatch.setattr(running.parts.review, "prepare", noted)
    browser = await running.browser()
    assert (await browser.in_by_link("coach", sample.CATO.person)).status_code == 200
    assert await asyncio.wait_for(prepared.get(), 5) == sample.CATO.id
    assert (await browser.get("/second")).status_code == 200


@pytest.mark.asyncio
@pytest.mark.parametrize(("minutes", "works"), [(9, True), (11, False)])
async def test_web_6_the_link_and_the_code_work_for_ten_minutes(running, minutes, works):
    by_link, by_code = await running.browser(), await running.browser()
    path, _ = await by_link.passage("leader", sample.ANNE)
    _, word = await by_code.passage("leader", sample.ANNE)
    await by_link.get(path)
    running.clock.on(minutes=minutes)
    assert ((await by_link.post(path)).status_code == 303) is works
    assert ((await by_code.post("/login", code=word)).status_code == 303) is works


@pytest.mark.asyncio
async def test_web_6_in_another_browser_the_link_is_like_one_that_never_was(running):
    asked, other = await running.browser(), await running.browser()
    path, word = await asked.passage("coach", sample.CATO.person)
    await other.get("/login/coach")
    assert (await other.get(path)).text == (await other.get("/in/" + "x" * 43)).text
    assert (await other.post(path)).status_code == 404
    assert (await other.post("/login", code=word)).status_code == 200
    assert "session" not in other.client.cookies
    await asked.get(path)
    assert (await asked.post(path)).status_code == 303


@pytest.mark.asyncio
async def test_web_6_a_door_that_is_not_bound_to_the_browser_would_let_the_other_one_in(running, monkeypatch):
    spend = FrontDoor.spend

    def from_anywhere(door, browser, token, now):
        asked = next(key for key, one in door._asking.items() if one.token == front_door.digest(token))
        with monkeypatch.context() as patched:
            patched.setattr(
                front_door, "digest", lambda text, digest=front_door.digest: asked if text == browser else digest(text)
            )
            return spend(door, browser, token, now)

    asked, other = await running.browser(), await running.browser()
    path, _ = await asked.passage("leader", sample.ANNE)
    await other.get("/login/leader")
    monkeypatch.setattr(FrontDoor, "spend", from_anywhere)
    assert (await other.post(path)).status_code == 303


@pytest.mark.asyncio
async def test_web_6_the_code_of_the_chat_works_on_the_page_that_asked_however_it_is_typed(running):
    browser = await running.browser()
    _, word = await browser.passage("leader", sample.ANNE)
    typed = word.lower().replace("0", "o").replace("1", "l").replace("-", " ")
    assert (await browser.post("/login", code=f" {typed} ")).headers["location"] == "/journey"


@pytest.mark.asyncio
async def test_a_wrong_code_is_said_and_the_right_one_still_works(running):
    browser = await running.browser()
    _, word = await browser.passage("leader", sample.ANNE)
    wrong = await browser.post("/login", code="0000-0000-0000")
    assert (wrong.status_code, "Die code klopt niet" in wrong.text) == (200, True)
    assert (await browser.post("/login", code=word)).status_code == 303


@pytest.mark.asyncio
async def test_a_confirmed_code_is_confirmed_for_nobody_else_and_again_for_the_same_person(running):
    browser = await running.browser()
    code = await browser.code("leader")
    first = re.search(r"/in/[\w-]{43}", await running.chat(sample.ANNE, f"/inloggen {code}"))[0]
    assert "Bij die code staat geen pagina open" in await running.chat(sample.BERT, f"/inloggen {code}")
    second = re.search(r"/in/[\w-]{43}", await running.chat(sample.ANNE, f"/start in_{code.replace('-', '')}"))[0]
    assert (await browser.get(first)).status_code == 404
    assert (await browser.get(second)).status_code == 200


@pytest.mark.asyncio
async def test_the_login_page_shows_the_same_code_until_it_is_used_and_offers_the_chat(running):
    browser = await running.browser()
    code = await browser.code("leader")
    again = await browser.get("/login/leader")
    assert code in again.text
    assert f"https://t.me/mindshift_bot?start=in_{code.replace('-', '')}" in again.text
    running.parts.where.bot = ""
    assert "t.me" not in (await browser.get("/login/leader")).text


def test_web_6_no_message_of_the_bot_has_a_preview():
    assert _NO_PREVIEW == {"is_disabled": True} or getattr(_NO_PREVIEW, "is_disabled", False)


def test_codes_have_their_bits_and_no_signs_that_look_alike():
    assert len(set(SIGNS)) == 32
    assert not set(SIGNS) & set("ILOU")
    assert (ASKING_CODE * 5, PASSAGE_CODE * 5) == (40, 60)
    codes = {new_code(PASSAGE_CODE) for _ in range(5000)}
    assert len(codes) == 5000
    assert set("".join(codes)) == set(SIGNS)
    assert read_code(" ilo-0\u202e1x ") == "11001X"


@pytest.mark.asyncio
async def test_of_too_many_login_pages_the_oldest_closes_and_what_expired_is_forgotten(monkeypatch):
    monkeypatch.setattr(front_door, "MOST", 3)
    door = FrontDoor(InMemoryCoachBook(sample.book()), Whereabouts("https://gids.example.org"))
    browsers = [door.ask(Role.LEADER, sample.NOW)[0] for _ in range(5)]
    assert [door.asked(browser, sample.NOW) is not None for browser in browsers] == [False, False, True, True, True]
    door.ask(Role.LEADER, sample.NOW + front_door.LASTS)
    assert (len(door._asking), len(door._by_code)) == (1, 1)


@pytest.mark.asyncio
async def test_nothing_that_opens_a_door_stands_in_memory_as_it_is():
    door = FrontDoor(InMemoryCoachBook(sample.book()), Whereabouts("https://gids.example.org"))
    browser, asking = door.ask(Role.LEADER, sample.NOW)
    passage = await door.confirm(asking.code, sample.ANNE, sample.NOW)
    held = repr(door._asking)
    assert not [
        secret for secret in (browser, passage.address[-43:], passage.code, read_code(passage.code)) if secret in held
    ]
