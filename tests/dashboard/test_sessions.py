"""WEB-5 and WEB-7: how a session begins, how long it lasts, and everything that ends it within one request."""

from __future__ import annotations

import re
from dataclasses import replace

import pyotp
import pytest

from dashboard import login, second_factor, sessions
from dashboard.places import Who
from dashboard.sessions import Role, Session
from dashboard.site import ROUTES
from tests.dashboard import sample

INSIDE = [place for place in ROUTES if place.who in (Who.COACH, Who.LEADER, Who.EITHER) and place.method == "GET"]
BEHIND = [place for place in ROUTES if place.who in (Who.COACH, Who.LEADER, Who.EITHER)]


def cookie(browser, name="session") -> str:
    return browser.client.cookies.get(name, "")


async def is_out(browser, path="/coach") -> bool:
    """Whether the next request of *browser* is that of a stranger."""
    answer = await browser.get(path)
    return (answer.status_code, answer.headers.get("location")) == (303, "/")


@pytest.mark.asyncio
async def test_web_5_every_step_of_logging_in_has_an_id_of_its_own_and_the_former_is_dead(running):
    browser = await running.browser()
    path, _ = await browser.passage("coach", sample.CATO.person)
    asking = cookie(browser, "asking")
    await browser.get(path)
    await browser.post(path)
    half = cookie(browser)
    await browser.get("/second")
    await browser.post("/second", code=pyotp.TOTP(sample.SECRET).at(running.clock()))
    whole = cookie(browser)
    assert len({asking, half, whole}) == 3
    assert all(len(token) == 43 for token in (asking, half, whole))
    for former in ({"session": half}, {"session": asking}, {"asking": asking}):
        other = await running.browser()
        other.client.cookies.update(former)
        assert await is_out(other)
    assert (await browser.get("/coach")).status_code == 200


@pytest.mark.asyncio
async def test_web_5_logging_in_again_ends_the_session_this_browser_had(running):
    browser = await running.leader()
    first = cookie(browser)
    await browser.get("/sessions")
    await browser.post("/logout")
    await browser.in_by_link("leader", sample.ANNE)
    other = await running.browser()
    other.client.cookies.set("session", first)
    assert await is_out(other, "/journey")
    assert len(running.parts.sessions._open) == 1


@pytest.mark.asyncio
async def test_web_5_an_id_that_somebody_else_chose_is_never_taken_on(running):
    browser = await running.browser()
    browser.client.cookies.set("session", "a" * 43)
    await browser.in_by_link("leader", sample.ANNE)
    tokens = {one.value for one in browser.client.cookies.jar if one.name == "session"}
    assert "a" * 43 not in {token for token in tokens if running.parts.sessions.find(token, running.clock())}


@pytest.mark.asyncio
@pytest.mark.parametrize(("idle", "out"), [(29, False), (31, True)])
async def test_web_5_after_half_an_hour_of_silence_a_session_is_over(running, idle, out):
    browser = await running.coach()
    running.clock.on(minutes=idle)
    assert await is_out(browser) is out


@pytest.mark.asyncio
async def test_web_5_after_twelve_hours_a_session_is_over_however_busy_it_was(running):
    browser = await running.coach()
    for _ in range(35):
        running.clock.on(minutes=20)
        assert not await is_out(browser)
    running.clock.on(minutes=20)
    assert await is_out(browser)


@pytest.mark.asyncio
@pytest.mark.parametrize(("limit", "minutes"), [("IDLE", 31), ("LONGEST", 12 * 60)])
async def test_web_5_a_session_without_that_end_would_be_found_out(running, monkeypatch, limit, minutes):
    browser = await running.coach()
    monkeypatch.setattr(sessions, "IDLE", sessions.LONGEST * 9)
    monkeypatch.setattr(sessions, "LONGEST", sessions.LONGEST * 9)
    running.clock.on(minutes=minutes)
    assert not await is_out(browser), limit


@pytest.mark.asyncio
async def test_web_5_after_logging_out_the_cookie_opens_nothing_and_the_browser_forgets(running):
    browser = await running.coach()
    kept = cookie(browser)
    await browser.get("/coach")
    out = await browser.post("/logout")
    assert out.headers["clear-site-data"] == '"cache", "cookies", "storage"'
    assert cookie(browser) == ""
    browser.client.cookies.set("session", kept)
    assert await is_out(browser)


@pytest.mark.asyncio
@pytest.mark.parametrize(
    "change",
    [
        lambda coach: replace(coach, active=False),
        lambda coach: replace(coach, secret=""),
        lambda coach: replace(coach, secret="K" * 32),
        lambda coach: replace(coach, person="telegram-ander"),
    ],
    ids=["closed", "second factor taken back", "second factor replaced", "somebody else's"],
)
async def test_web_5_what_the_operator_changes_ends_the_session_at_the_next_request(running, change):
    browser, half = await running.coach(), await running.browser()
    await half.in_by_link("coach", sample.CATO.person)
    book = await running.book.read()
    await running.book.change(lambda _: book.with_coach(change(book.find(sample.CATO.id))))
    assert await is_out(browser)
    closed = not (await running.book.read()).of(sample.CATO.person)
    assert await is_out(half) or not closed
    await running.book.change(lambda _: book)
    assert await is_out(browser)


@pytest.mark.asyncio
async def test_web_5_a_coach_who_was_removed_is_out_at_the_next_request(running):
    browser = await running.coach()
    await running.book.change(lambda book: book.without(sample.CATO.id))
    assert await is_out(browser)


@pytest.mark.asyncio
async def test_web_5_sessions_are_listed_and_one_can_be_ended_from_another(running):
    phone, desk = await running.coach(), await running.coach()
    listed = await desk.get("/sessions")
    names = re.findall(r'name="name" value="([0-9a-f]{32})"', listed.text)
    assert len(names) == 2
    assert listed.text.count("Dit is deze browser") == 1
    assert not any(token in listed.text for token in (cookie(phone), cookie(desk)))
    mine = re.search(r"deze browser.*?value=\"([0-9a-f]{32})\"", listed.text, re.DOTALL)[1]
    (other,) = set(names) - {mine}
    await desk.post("/sessions/end", name=other)
    assert await is_out(phone)
    assert not await is_out(desk)


@pytest.mark.asyncio
async def test_web_5_all_sessions_end_at_once_and_those_of_others_and_of_the_other_role_stay(running):
    one, two, bert = await running.leader(), await running.leader(), await running.leader(sample.BERT)
    await one.get("/sessions")
    await one.post("/sessions/end")
    assert await is_out(one, "/journey")
    assert await is_out(two, "/journey")
    assert not await is_out(bert, "/journey")


@pytest.mark.asyncio
async def test_web_5_nobody_ends_the_session_of_somebody_else(running):
    anne, bert = await running.leader(), await running.leader(sample.BERT)
    name = next(one.name for one in running.parts.sessions._open.values() if one.person == sample.ANNE)
    await bert.get("/sessions")
    await bert.post("/sessions/end", name=name)
    assert not await is_out(anne, "/journey")


def test_of_more_than_ten_sessions_the_oldest_ends():
    kept = sessions.Sessions()
    tokens = [
        kept.open(Session(Role.LEADER, sample.ANNE, "nl", sample.NOW, sample.NOW)) for _ in range(sessions.MOST + 3)
    ]
    found = [kept.find(token, sample.NOW) is not None for token in tokens]
    assert found == [False] * 3 + [True] * sessions.MOST


def test_nothing_that_a_browser_holds_stands_in_memory():
    kept = sessions.Sessions()
    token = kept.open(Session(Role.LEADER, sample.ANNE, "nl", sample.NOW, sample.NOW))
    assert token not in repr(kept._open)


@pytest.mark.asyncio
@pytest.mark.parametrize("place", BEHIND, ids=lambda place: place.name)
async def test_web_7_before_the_second_factor_a_coach_gets_nothing_of_any_page(running, place):
    browser = await running.browser()
    await browser.in_by_link("coach", sample.CATO.person)
    path = sample.path_of(place)
    answer = await (browser.get(path) if place.method == "GET" else browser.post(path))
    assert (answer.status_code, answer.headers["location"], answer.text) == (303, "/second", "")


@pytest.mark.asyncio
async def test_web_7_a_login_that_forgets_the_second_factor_is_found_out(running, monkeypatch):
    open_session = login.open_session

    async def forgetful(request, role, person, *, half=False, proven=""):
        return await open_session(request, role, person, half=False, proven=proven or sample.SECRET)

    monkeypatch.setattr(login, "open_session", forgetful)
    browser = await running.browser()
    arrived = await browser.in_by_link("coach", sample.CATO.person)
    assert (arrived.status_code, arrived.request.url.path) == (200, "/coach")


@pytest.mark.asyncio
@pytest.mark.parametrize("place", INSIDE, ids=lambda place: place.name)
async def test_who_is_not_logged_in_gets_nothing_of_any_page(running, place):
    answer = await (await running.browser()).get(sample.path_of(place))
    assert (answer.status_code, answer.headers["location"], answer.text) == (303, "/", "")


@pytest.mark.asyncio
@pytest.mark.parametrize("place", BEHIND, ids=lambda place: place.name)
async def test_in_the_other_role_a_page_is_like_one_that_is_not_there(running, place):
    if place.who is Who.EITHER:
        return
    browser = await (running.leader() if place.who is Who.COACH else running.coach())
    await browser.get("/sessions")
    path = sample.path_of(place)
    answer = await (browser.get(path) if place.method == "GET" else browser.post(path))
    missing = await browser.get("/nergens")
    assert (answer.status_code, answer.text) == (404, missing.text)


# -- the second factor -------------------------------------------------------------------------------------------


def test_a_code_counts_in_its_own_half_minute_and_in_those_beside_it():
    codes, now = pyotp.TOTP(sample.SECRET), int(sample.NOW.timestamp())
    right = [
        later for later in range(-4, 5) if second_factor.step_of(sample.SECRET, codes.at(now + 30 * later), sample.NOW)
    ]
    assert right == [-1, 0, 1]


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "abcdef", "١٢٣٤٥٦", "１２３４５６", "12345\x00", "0" * 5000])
def test_what_is_no_code_of_six_digits_is_wrong(typed):
    assert second_factor.step_of(sample.SECRET, typed, sample.NOW) is None
    assert second_factor.step_of("", "123456", sample.NOW) is None


@pytest.mark.asyncio
async def test_web_7_a_code_works_once_also_in_another_browser_and_after_a_restart(running):
    one, two = await running.browser(), await running.browser()
    await one.in_by_link("coach", sample.CATO.person)
    await two.in_by_link("coach", sample.CATO.person)
    code = pyotp.TOTP(sample.SECRET).at(running.clock())
    assert (await one.post("/second", code=code)).headers["location"] == "/coach"
    again = await two.post("/second", code=code)
    assert (again.status_code, "Die code klopt niet, of is al gebruikt" in again.text) == (200, True)
    assert (await running.book.read()).find(sample.CATO.id).counter == int(running.clock().timestamp()) // 30


@pytest.mark.asyncio
async def test_web_7_a_code_that_was_shown_before_the_last_one_used_is_refused(running):
    one, two = await running.browser(), await running.browser()
    codes, before = pyotp.TOTP(sample.SECRET), running.clock()
    await one.in_by_link("coach", sample.CATO.person)
    await two.in_by_link("coach", sample.CATO.person)
    running.clock.on(seconds=30)
    assert (await one.post("/second", code=codes.at(running.clock()))).status_code == 303
    assert "klopt niet" in (await two.post("/second", code=codes.at(before))).text


@pytest.mark.asyncio
async def test_web_7_five_wrong_codes_and_the_login_begins_anew(running):
    browser = await running.browser()
    await browser.in_by_link("coach", sample.CATO.person)
    answers = [await browser.post("/second", code="000000") for _ in range(5)]
    assert [answer.status_code for answer in answers] == [200] * 4 + [303]
    assert (await browser.get("/second")).headers["location"] == "/"


@pytest.mark.asyncio
async def test_a_new_coach_sets_the_second_factor_up_and_its_secret_is_kept_only_when_it_works(running):
    browser = await running.browser(**{"accept-language": "en"})
    page = await browser.in_by_link("coach", sample.NEW_COACH.person)
    secret = re.search(r"((?:[A-Z2-7]{4} ){7}[A-Z2-7]{4})", page.text)[1].replace(" ", "")
    assert "Second step" in page.text
    assert f"secret={secret}" in page.text
    assert "<svg width=" in page.text or "<svg " in page.text
    assert secret in (await browser.get("/second")).text.replace(" ", "")
    await browser.post("/second", code="000000")
    assert (await running.book.read()).find(sample.NEW_COACH.id).secret == ""
    done = await browser.post("/second", code=pyotp.TOTP(secret).at(running.clock()))
    assert (done.status_code, done.headers["location"]) == (303, "/coach")
    assert (await running.book.read()).find(sample.NEW_COACH.id).secret == secret


@pytest.mark.asyncio
async def test_of_two_browsers_that_set_it_up_at_once_one_wins(running):
    one, two = await running.browser(), await running.browser()
    pages = [await browser.in_by_link("coach", sample.NEW_COACH.person) for browser in (one, two)]
    secrets = [re.search(r"secret=([A-Z2-7]{32})", page.text)[1] for page in pages]
    assert len(set(secrets)) == 2
    for browser, secret in zip((one, two), secrets, strict=True):
        await browser.post("/second", code=pyotp.TOTP(secret).at(running.clock()))
    assert (await running.book.read()).find(sample.NEW_COACH.id).secret == secrets[0]
    assert (await one.get("/coach")).status_code == 200
    assert (await two.get("/coach")).headers["location"] == "/second"
