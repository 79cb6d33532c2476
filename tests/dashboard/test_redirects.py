"""WEB-9: whatever a browser sends along, no answer leads to another site."""

from __future__ import annotations

from itertools import product

import pytest
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Mount, Route

from dashboard.site import ROUTES
from tests.dashboard import sample

PLACES = ["/", "/journey", "/coach", "/second", "/sessions", "/login/leader"]
NAMES = ["next", "url", "redirect", "return_to", "continue", "to", "goto", "dest"]
FORMS = [
    "https://kwaad.example",
    "//kwaad.example",
    "///kwaad.example",
    "/\\kwaad.example",
    "\\\\kwaad.example",
    "https:kwaad.example",
    "javascript:alert(1)",
    "data:text/html,x",
    "https://127.0.0.1@kwaad.example",
    "https://kwaad.example#127.0.0.1",
    "/%2f%2fkwaad.example",
    "%68ttps://kwaad.example",
    "//kwaad.example/%2e%2e",
    "%09https://kwaad.example",
    "/%0d%0aLocation:%20https://kwaad.example",
    "https://kwaad。example",
    "//xn--kwaad-zta.example",
    "/.kwaad.example",
    "//kwaad%E3%80%82example",
    "http:///kwaad.example",
    "/%09/kwaad.example",
    "/;@kwaad.example",
    "//[::1]@kwaad.example",
    "ftp://kwaad.example",
    "https://kwaad.example/login/leader",
]
PAYLOADS = [f"?{name}={form}" for name, form in product(NAMES, FORMS)]
HEADERS = ["host", "x-forwarded-host", "x-forwarded-proto", "x-original-url", "x-rewrite-url", "referer", "forwarded"]


def own_addresses() -> set[str]:
    return {sample.path_of(place) for place in ROUTES}


async def led_to(browser, payloads=PAYLOADS) -> list[str]:
    """Send all *payloads*, in every way there is, and return where the answers lead."""
    answers = []
    for number, payload in enumerate(payloads):
        place = PLACES[number % len(PLACES)]
        answers.append(await browser.client.get(browser.running.address + place + payload))
    for form, name in product(FORMS, HEADERS):
        value = form.encode("ascii", "ignore").strip()
        answers.append(await browser.client.get("/journey", headers={name: value}))
    for form, place in product(FORMS, ("/journey/", "/coach/", "/sessions//", "/")):
        answers.append(
            await browser.client.get(browser.running.address + place + form, headers={"host": "kwaad.example"})
        )
        answers.append(await browser.client.get(place, headers={"host": "kwaad.example"}))
    return [answer.headers["location"] for answer in answers if "location" in answer.headers]


@pytest.mark.asyncio
@pytest.mark.parametrize("inside", [False, True])
async def test_web_9_two_hundred_addresses_in_every_place_lead_nowhere_else(running, inside):
    assert len(PAYLOADS) == 200
    browser = await (running.leader() if inside else running.browser())
    found = await led_to(browser)
    assert found
    assert set(found) <= own_addresses()


@pytest.mark.asyncio
async def test_web_9_fields_of_forms_do_not_say_where_to_go(running):
    browser = await running.browser()
    for form in FORMS:
        path, _ = await browser.passage("leader", sample.ANNE)
        await browser.get(path)
        spent = await browser.post(path, **dict.fromkeys(NAMES, form))
        assert spent.headers["location"] == "/journey"
        await browser.get("/sessions")
        assert (await browser.post("/logout", **dict.fromkeys(NAMES, form))).headers["location"] == "/"


@pytest.mark.asyncio
async def test_web_9_the_frameworks_own_redirect_of_a_trailing_slash_leads_off_the_site(serving):
    async def page(_):
        return PlainTextResponse("")

    stock = Starlette(routes=[Route("/journey", page), Mount("/x", routes=[])])
    running = await serving(wrapped=lambda _: stock)
    found = await led_to(await running.browser(), PAYLOADS[:20])
    assert any("kwaad.example" in place for place in found)
