"""
WEB-11: no answer, and no time that one takes, tells who has an account or which code and link are real.

Beside each measurement stands a careless variant that fails it. Time is that of the processor, known and unknown are
asked in turns, and what counts is how their medians relate, so that a busy machine changes nothing.
"""

from __future__ import annotations

import hashlib
import re
import secrets
import time
from statistics import median

import pytest

from dashboard.codes import ASKING_CODE, new_code
from dashboard.front_door import FrontDoor
from dashboard.sessions import Role
from dialogues.coach_chat import CoachChat, Whereabouts
from dialogues.conversation import Say
from storage.in_memory import InMemoryCoachBook
from tests.dashboard import sample

TRIES = 2000
AT_ONCE = 20
"""Tries that are timed together, so that looking at the clock is little of it."""

AS_LONG = 1.5
"""How many times as long the median of the one may take as that of the other."""

PEOPLE = [sample.ANNE, "telegram-niemand", sample.CLOSED_COACH.person]
"""A leader who is no coach, somebody we do not know, and a coach whose account was closed."""


# -- the words -----------------------------------------------------------------------------------------------------


async def said(running, person: str) -> set[str]:
    """Return what *person*, who is no coach, hears about a code that stands on a page of coaches, and about none."""
    await running.chat(person, "/start")
    browser = await running.browser()
    real = await running.chat(person, f"/inloggen {await browser.code('coach')}")
    assert "/in/" not in real
    return {real, await running.chat(person, "/inloggen 0000-0000")}


async def said_to_all(running) -> set[str]:
    """Return what those and a coach hear about a code that is none."""
    return {await running.chat(person, "/inloggen 0000-0000") for person in (*PEOPLE, sample.CATO.person)}


@pytest.mark.asyncio
@pytest.mark.parametrize("person", PEOPLE)
async def test_web_11_the_chat_says_the_same_about_a_real_code_and_about_none(running, person):
    assert len(await said(running, person)) == 1


@pytest.mark.asyncio
async def test_web_11_the_chat_says_the_same_to_a_coach_and_to_who_is_none(running):
    for person in PEOPLE:
        await running.chat(person, "/start")
    assert len(await said_to_all(running)) == 1


@pytest.mark.asyncio
async def test_web_11_a_chat_that_says_who_is_no_coach_would_be_noticed(running, monkeypatch):
    honest = CoachChat._login

    async def telling(self, person, code, now):
        known = (await self._book.read()).of(person)
        return await honest(self, person, code, now) if known else (Say("coach_chat.not_a_coach"),)

    monkeypatch.setattr(CoachChat, "_login", telling)
    assert len(await said_to_all(running)) > 1


@pytest.mark.asyncio
async def test_web_11_a_chat_that_says_that_a_code_is_real_would_be_noticed(running, monkeypatch):
    honest = CoachChat._login

    async def telling(self, person, code, now):
        real = self._doors._by_code.get(code.replace("-", ""))
        return (Say("coach_chat.not_a_coach"),) if real else await honest(self, person, code, now)

    monkeypatch.setattr(CoachChat, "_login", telling)
    assert len(await said(running, sample.ANNE)) > 1


async def told_apart(running) -> list[str]:
    """Return by what a link of somebody else and one of nobody can be told apart."""
    asked, other = await running.browser(), await running.browser()
    path, _ = await asked.passage("coach", sample.CATO.person)
    await other.get("/login/coach")
    found = []
    for ask in (other.get, other.post):
        known, unknown = await ask(path), await ask("/in/" + secrets.token_urlsafe(32))
        found += ["status"] if (known.status_code, unknown.status_code) != (404, 404) else []
        found += ["body"] if known.text != unknown.text else []
        known, unknown = ({**answer.headers, "date": ""} for answer in (known, unknown))
        found += ["headers"] if known != unknown else []
    return found


@pytest.mark.asyncio
async def test_web_11_a_link_of_somebody_and_one_of_nobody_get_the_same_answer(running):
    assert await told_apart(running) == []


@pytest.mark.asyncio
async def test_web_11_a_door_that_shows_the_button_to_everybody_would_be_noticed(running, monkeypatch):
    def unbound(self, _browser, token, _now):
        return next(
            (one for one in self._asking.values() if one.token == hashlib.sha256(token.encode()).hexdigest()), None
        )

    monkeypatch.setattr(FrontDoor, "fits", unbound)
    assert {"status", "body"} <= set(await told_apart(running))


@pytest.mark.asyncio
async def test_web_11_the_login_page_is_the_same_whoever_has_an_account(serving):
    pages = []
    for book in (sample.book(), type(sample.book())()):
        running = await serving()
        await running.book.change(lambda _, book=book: book)
        page = await (await running.browser()).get("/login/coach")
        pages.append(re.sub(r"[0-9A-Z]{4}-?[0-9A-Z]{4}|value=\"[^\"]+\"", "", page.text))
    assert pages[0] == pages[1]


# -- the time --------------------------------------------------------------------------------------------------------


async def times_as_long(known, unknown) -> float:
    """Return how many times as long the slower of two tries takes, at the median over `TRIES` of each in turns."""
    took = {known: [], unknown: []}
    for _ in range(TRIES // AT_ONCE):
        for attempt, times in took.items():
            begun = time.process_time()
            for _ in range(AT_ONCE):
                assert await attempt() is None
            times.append(time.process_time() - begun)
    one, other = median(took[known]), median(took[unknown])
    return max(one, other) / min(one, other)


async def by_account(door: FrontDoor) -> float:
    """Compare a code that is none, given by a coach, with one given by somebody we do not know."""
    return await times_as_long(
        lambda: door.confirm(new_code(ASKING_CODE), sample.CATO.person, sample.NOW),
        lambda: door.confirm(new_code(ASKING_CODE), "telegram-niemand", sample.NOW),
    )


async def by_link(door: FrontDoor) -> float:
    """Compare a link of somebody else with one of nobody, as they are tried in another browser."""
    _, asking = door.ask(Role.COACH, sample.NOW)
    passage = await door.confirm(asking.code, sample.CATO.person, sample.NOW)
    other, _ = door.ask(Role.COACH, sample.NOW)

    async def attempt(token: str) -> object:
        return door.fits(other, token, sample.NOW)

    return await times_as_long(lambda: attempt(passage.address[-43:]), lambda: attempt("x" * 43))


def made(kind: type[FrontDoor]) -> FrontDoor:
    """Return a door of *kind* with the coaches of the sample."""
    return kind(InMemoryCoachBook(sample.book()), Whereabouts("https://gids.example.org"))


@pytest.mark.asyncio
@pytest.mark.parametrize("measured", [by_account, by_link])
async def test_web_11_two_thousand_tries_take_as_long_for_known_as_for_unknown(measured, record_property):
    ratio = await measured(made(FrontDoor))
    record_property(
        "measured", f"WEB-11, {measured.__name__}: the slower takes {ratio:.2f} times as long at the median"
    )
    assert ratio <= AS_LONG


def slow(secret: str) -> None:
    """Do what a careless door does for whom it knows alone: a hash that is slow on purpose, if a quick one of its kind."""
    hashlib.pbkdf2_hmac("sha256", secret.encode(), b"mindshift", 100)


class HashingKnownAccounts(FrontDoor):
    """Known-bad: a code is looked at with care only when it comes from somebody who has an account."""

    async def confirm(self, code, person, now):
        if (await self._book.read()).of(person):
            slow(code)
        return await super().confirm(code, person, now)


class HashingKnownLinks(FrontDoor):
    """Known-bad: a link is looked at with care only when it is one."""

    def fits(self, browser, token, now):
        if any(one.token == hashlib.sha256(token.encode()).hexdigest() for one in self._asking.values()):
            slow(token)
        return super().fits(browser, token, now)


@pytest.mark.asyncio
@pytest.mark.parametrize(("careless", "measured"), [(HashingKnownAccounts, by_account), (HashingKnownLinks, by_link)])
async def test_web_11_a_login_that_hashes_only_for_known_accounts_would_be_noticed(careless, measured):
    assert await measured(made(careless)) > AS_LONG
