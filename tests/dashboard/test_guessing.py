"""WEB-8: guessing finds nothing, and locks out nobody else. What answers tell of accounts: `test_known_and_unknown.py`."""

from __future__ import annotations

import time

import pytest
import time_machine
from limits import RateLimitItemPerMinute
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from dashboard import login, second_factor
from dashboard.codes import ASKING_CODE, PASSAGE_CODE, new_code, new_token
from dashboard.front_door import FrontDoor
from dashboard.guard import caller
from dashboard.sessions import Role, Session, Sessions
from dialogues.coach_chat import Whereabouts
from storage.in_memory import InMemoryCoachBook
from tests.dashboard import sample

GUESSES = 100_000


@pytest.mark.asyncio
async def test_web_8_a_hundred_thousand_guesses_hit_nothing():
    door = FrontDoor(InMemoryCoachBook(sample.book()), Whereabouts("https://gids.example.org"))
    browsers = []
    for _ in range(100):
        browser, asking = door.ask(Role.LEADER, sample.NOW)
        assert await door.confirm(asking.code, sample.ANNE, sample.NOW)
        browsers.append(browser)
    kept = Sessions()
    kept.open(Session(Role.LEADER, sample.ANNE, "nl", sample.NOW, sample.NOW))
    hits = 0
    for number in range(GUESSES):
        hits += door.fits(browsers[number % 100], new_token(), sample.NOW) is not None
        hits += kept.find(new_token(), sample.NOW) is not None
        hits += door.asked(new_token(), sample.NOW) is not None
        hits += await door.confirm(new_code(ASKING_CODE), sample.BERT, sample.NOW) is not None
        hits += door.spend_typed(browsers[number % 100], new_code(PASSAGE_CODE), sample.NOW) is not None
    assert hits == 0


@pytest.mark.asyncio
async def test_web_8_codes_of_two_signs_would_be_found(monkeypatch):
    door = FrontDoor(InMemoryCoachBook(sample.book()), Whereabouts("https://gids.example.org"))
    monkeypatch.setattr("dashboard.front_door.new_code", lambda _: new_code(2))
    for _ in range(100):
        door.ask(Role.LEADER, sample.NOW)
    assert any([await door.confirm(new_code(2), sample.BERT, sample.NOW) for _ in range(1000)])


@pytest.mark.asyncio
async def test_web_8_after_twenty_wrong_tries_an_address_waits_a_quarter_of_an_hour(running):
    statuses = []
    for _ in range(6):
        browser = await running.browser()
        await browser.get("/login/leader")
        statuses += [(await browser.post("/login", code="0000-0000-0000")).status_code for _ in range(4)]
    assert statuses == [200] * 20 + [429] * 4
    late = await running.browser()
    path, word = await late.passage("leader", sample.ANNE)
    await late.get(path)
    assert (await late.post(path)).status_code == 429
    assert (await late.post("/login", code=word)).status_code == 429
    with time_machine.travel(time.time() + 15 * 60 + 1, tick=True):
        again = await running.browser()
        assert (await again.in_by_link("leader", sample.ANNE)).status_code == 200


@pytest.fixture
def behind_a_proxy():
    return {"wrapped": lambda app: ProxyHeadersMiddleware(app, trusted_hosts="127.0.0.1")}


async def attack(running) -> None:
    """Give wrong answers for Cato from one address, until it has to wait."""
    for _ in range(6):
        browser = await running.browser(**{"x-forwarded-for": "203.0.113.7"})
        await browser.passage("coach", sample.CATO.person)
        for _ in range(4):
            answer = await browser.post("/login", code="0000-0000-0000")
    assert answer.status_code == 429


@pytest.mark.asyncio
async def test_web_8_the_person_whose_account_is_attacked_is_not_locked_out(serving, behind_a_proxy):
    running = await serving(**behind_a_proxy)
    await attack(running)
    browser = await running.coach(**{"x-forwarded-for": "198.51.100.9"})
    assert (await browser.get("/coach")).status_code == 200


@pytest.mark.asyncio
async def test_web_8_a_limit_per_account_would_lock_the_person_out(serving, behind_a_proxy, monkeypatch):
    monkeypatch.setattr(login, "caller", lambda _: "the account of Cato")
    running = await serving(**behind_a_proxy)
    await attack(running)
    browser = await running.browser(**{"x-forwarded-for": "198.51.100.9"})
    path, _ = await browser.passage("coach", sample.CATO.person)
    await browser.get(path)
    assert (await browser.post(path)).status_code == 429


@pytest.mark.asyncio
async def test_web_8_who_sends_another_address_along_each_time_is_still_counted(running):
    statuses = []
    for number in range(24):
        browser = await running.browser(**{"x-forwarded-for": f"203.0.113.{number}"})
        await browser.get("/login/leader")
        statuses.append((await browser.post("/login", code="0000-0000-0000")).status_code)
    assert statuses == [200] * 20 + [429] * 4


@pytest.mark.asyncio
async def test_web_8_wrong_second_factors_are_counted_per_person_too(serving, behind_a_proxy):
    running = await serving(**behind_a_proxy)
    statuses = []
    for number in range(6):
        browser = await running.browser(**{"x-forwarded-for": f"203.0.113.{number}"})
        await browser.in_by_link("coach", sample.CATO.person)
        statuses += [(await browser.post("/second", code="000000")).status_code for _ in range(4)]
    assert statuses == [200] * 20 + [429] * 4


@pytest.mark.asyncio
async def test_new_login_pages_are_counted_too_and_the_same_page_again_is_not(running, monkeypatch):
    monkeypatch.setattr("dashboard.limiting.PAGES", RateLimitItemPerMinute(3, 15))
    browser = await running.browser()
    assert [(await browser.get("/login/leader")).status_code for _ in range(9)] == [200] * 9
    others = [await running.browser() for _ in range(4)]
    assert [(await other.get("/login/leader")).status_code for other in others] == [200, 200, 429, 429]


@pytest.mark.parametrize(
    ("host", "counted"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:aaaa::1", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:bbbb::9", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("", ""),
        ("geen adres", "geen adres"),
    ],
)
def test_of_a_newer_address_the_part_of_one_household_counts(host, counted):
    class Request:
        client = type("Client", (), {"host": host})()

    assert caller(Request()) == counted


def test_the_code_of_the_second_factor_is_compared_in_constant_time():
    assert second_factor.pyotp.utils.strings_equal("123456", "123456")
    assert not second_factor.pyotp.utils.strings_equal("123456", "123457")
