"""WEB-2: headers and cookies, on every page of the table and on every fault."""

from __future__ import annotations

import re

import pytest
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from dashboard.guard import headers
from dashboard.site import ROUTES
from tests.dashboard import sample

PUBLIC = "https://gids.example.org"
POLICY = {
    "default-src": "'none'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
    "base-uri": "'none'",
}
EXPECTED = {
    "cache-control": "no-store",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
    "referrer-policy": "same-origin",
    "strict-transport-security": "max-age=63072000; includeSubDomains",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
}


def missing(answer) -> list[str]:
    """What is not as it should be in the headers of *answer*."""
    found = [name for name, value in EXPECTED.items() if answer.headers.get(name) != value]
    policy = dict(
        part.strip().split(" ", 1) for part in answer.headers.get("content-security-policy", "x y").split(";")
    )
    found += ["content-security-policy"] if policy != POLICY else []
    found += [name for name in ("server", "x-powered-by", "access-control-allow-origin") if name in answer.headers]
    if answer.content and "charset=utf-8" not in answer.headers.get("content-type", ""):
        found.append("content-type")
    return found


@pytest.mark.asyncio
async def test_web_2_every_page_and_every_fault_has_its_headers(serving):
    running = await serving(PUBLIC)
    browser = await running.browser()
    methods = ("GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "TRACE")
    tried = [(method, sample.path_of(place)) for place in ROUTES for method in methods]
    answers = [await browser.client.request(method, path) for method, path in tried]
    strange = ("/nergens", "/style.css/", "/coach/", "/%2e%2e/etc/passwd", "/\u202e", "/" + "x" * 4000)
    answers += [await browser.client.get(path) for path in strange]
    answers.append(await browser.client.post("/login", content=b"x" * 70_000, headers={"content-type": FORM}))
    answers.append(await browser.client.post("/login", json={"code": "x"}))
    answers.append(await browser.client.post("/login", data={"code": "x"}))
    running.keeper.away = True
    answers.append(await browser.client.get("/"))
    assert {answer.status_code for answer in answers} >= {200, 303, 403, 404, 405, 413, 415}
    assert {f"{a.request.method} {a.request.url.path}": missing(a) for a in answers if missing(a)} == {}


FORM = "application/x-www-form-urlencoded"


@pytest.mark.asyncio
async def test_web_2_the_stock_framework_without_our_frame_is_found_out(serving):
    async def page(_):
        return PlainTextResponse("x")

    running = await serving(PUBLIC, wrapped=lambda _: Starlette(routes=[Route("/", page)]))
    browser = await running.browser()
    assert set(missing(await browser.client.get("/"))) >= {*EXPECTED, "content-security-policy"}


@pytest.mark.asyncio
async def test_web_2_cookies_are_bound_to_the_host_and_out_of_reach_of_scripts_and_other_sites(serving):
    running = await serving(PUBLIC)
    browser = await running.browser()
    asked = await browser.client.get("/login/leader")
    (cookie,) = asked.headers.get_list("set-cookie")
    name, token = re.match(r"([\w-]+)=([\w-]+)", cookie).groups()
    assert name == "__Host-asking"
    assert len(token) == 43
    assert attributes(cookie) == {"path=/", "secure", "httponly", "samesite=lax", "max-age=600"}

    key = re.search(r'name="form_key" value="([^"]+)"', asked.text)[1]
    code = re.search(r"[0-9A-Z]{4}-[0-9A-Z]{4}", asked.text)[0]
    said = await running.chat(sample.ANNE, f"/inloggen {code}")
    path = re.search(rf"{PUBLIC}(/in/[\w-]+)", said)[1]
    mine = {"cookie": f"{name}={token}", "origin": PUBLIC}
    spent = await browser.client.post(path, data={"form_key": key}, headers=mine)
    assert spent.status_code == 303
    session, asking = spent.headers.get_list("set-cookie")
    assert re.match(r"__Host-session=[\w-]{43};", session)
    assert attributes(session) == {"path=/", "secure", "httponly", "samesite=strict"}
    assert asking.startswith('__Host-asking="";')
    assert "max-age=0" in attributes(asking)


def attributes(cookie: str) -> set[str]:
    return {part.strip().lower() for part in cookie.split(";")[1:]} - {""}


@pytest.mark.asyncio
async def test_web_2_without_https_on_this_machine_the_cookies_have_plain_names_and_nothing_else_is_given_up(running):
    browser = await running.browser()
    (cookie,) = (await browser.client.get("/login/leader")).headers.get_list("set-cookie")
    assert cookie.startswith("asking=")
    assert attributes(cookie) == {"path=/", "httponly", "samesite=lax", "max-age=600"}


def test_web_2_only_over_https_a_browser_is_told_to_stay_there():
    assert "Strict-Transport-Security" in headers(PUBLIC).headers
    assert "Strict-Transport-Security" not in headers("http://127.0.0.1:8080").headers
