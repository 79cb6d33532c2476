"""WEB-12: large, slow and silent clients, pages without script, and nothing from anybody else."""

from __future__ import annotations

import asyncio
import re
import time
from contextlib import asynccontextmanager, closing, suppress
from statistics import quantiles
from urllib.parse import urlsplit

import pytest

from bot import slow_clients
from dashboard import guard
from dashboard.rendering import _FOLDER
from tests.dashboard import sample

FORM = "application/x-www-form-urlencoded"
HEAD = b"POST /login HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 900\r\n"


@asynccontextmanager
async def slow(running, count: int):
    """Open *count* connections: a third says nothing, a third half a head, a third half a form."""
    at = urlsplit(running.address)
    opened = []
    for number in range(count):
        reader, writer = await asyncio.open_connection(at.hostname, at.port)
        writer.write((b"", HEAD, HEAD + b"\r\nform_key=x")[number % 3])
        await writer.drain()
        opened.append((reader, writer))
    yield opened
    for _, writer in opened:
        writer.close()


@pytest.mark.asyncio
async def test_web_12_with_two_hundred_slow_clients_others_are_served_as_before(running):
    async with slow(running, 200):
        browser = await running.leader()
        assert [(await browser.get("/journey")).status_code for _ in range(20)] == [200] * 20


@pytest.mark.asyncio
async def test_web_12_slow_clients_are_let_go(running, monkeypatch):
    monkeypatch.setattr(slow_clients, "PATIENCE", 0.5)
    monkeypatch.setattr(guard, "PATIENCE", 0.05)
    async with slow(running, 200) as opened:
        answers = [await reader.read() for reader, _ in opened]
    assert [answer[:12] for answer in answers] == [b"", b"", b"HTTP/1.1 408"] * 66 + [b"", b""]
    assert "Het duurde te lang" in answers[2].decode()


@pytest.mark.asyncio
async def test_web_12_half_a_head_after_a_whole_request_is_let_go_too(running, monkeypatch):
    monkeypatch.setattr(slow_clients, "PATIENCE", 0.5)
    at = urlsplit(running.address)
    reader, writer = await asyncio.open_connection(at.hostname, at.port)
    with closing(writer):
        writer.write(f"GET /login HTTP/1.1\r\nHost: {at.netloc}\r\n\r\n".encode())
        head = await reader.readuntil(b"\r\n\r\n")
        await reader.readexactly(int(re.search(rb"content-length: (\d+)", head)[1]))
        writer.write(b"GET /login HTTP/1.1\r\nHo")
        async with asyncio.timeout(20):
            assert await reader.read() == b""


@pytest.mark.asyncio
async def test_web_12_known_bad_without_patience_of_our_own_all_of_them_stay(running, monkeypatch):
    monkeypatch.setattr(slow_clients, "PATIENCE", 0.05)
    monkeypatch.setattr(slow_clients.Prompt, "_wait", lambda protocol: None)
    monkeypatch.setattr(guard, "PATIENCE", 600)
    async with slow(running, 3) as opened:
        waiting = [asyncio.create_task(reader.read()) for reader, _ in opened]
        ended, _ = await asyncio.wait(waiting, timeout=0.5)
        assert not ended
        for one in waiting:
            one.cancel()


@pytest.mark.long
@pytest.mark.asyncio
async def test_web_12_with_two_hundred_slow_clients_others_wait_half_a_second_at_most(running, record_property):
    took = []
    browser = await running.leader()
    async with slow(running, 200):
        for _ in range(300):
            begun = time.perf_counter()
            assert (await browser.get("/journey")).status_code == 200
            took.append(time.perf_counter() - begun)
    late = quantiles(took, n=20)[-1] * 1000
    record_property("measured", f"WEB-12: p95 {late:.1f} ms with 200 slow clients")
    assert late <= 500


@pytest.mark.asyncio
@pytest.mark.parametrize(("size", "status"), [(guard.LARGEST, 403), (guard.LARGEST + 1, 413), (1_000_000, 413)])
async def test_web_12_a_form_that_is_too_large_is_refused_with_a_kind_word(running, size, status):
    answer = await sent(running, size)
    assert answer.status_code == status
    assert ("Dat is te veel tekst" in answer.text) is (status == 413)


async def sent(running, size: int):
    """Return the answer to a form of *size* bytes."""
    browser = await running.browser()
    return await browser.client.post("/login", content=b"x" * size, headers={"content-type": FORM})


@pytest.mark.asyncio
async def test_web_12_a_site_that_takes_in_whatever_comes_would_be_noticed(running, monkeypatch):
    monkeypatch.setattr(guard, "LARGEST", 10**9)
    monkeypatch.setattr(guard, "HEARD_OUT", 10**9)
    assert (await sent(running, 1_000_000)).status_code != 413


@pytest.mark.asyncio
async def test_web_12_a_form_without_an_end_is_refused_whatever_it_says_about_its_length(running):
    at = urlsplit(running.address)
    reader, writer = await asyncio.open_connection(at.hostname, at.port)
    writer.write(HEAD.replace(b"Content-Length: 900", b"Transfer-Encoding: chunked") + b"\r\n")
    with suppress(ConnectionError):
        while not reader.at_eof():
            writer.write(b"1000\r\n" + b"x" * 4096 + b"\r\n")
            await writer.drain()
            await asyncio.sleep(0)
    writer.close()
    assert not running.parts.sessions._open


@pytest.mark.asyncio
async def test_web_12_a_form_with_a_hundred_thousand_fields_is_no_trouble(running):
    browser = await running.browser()
    answer = await browser.client.post("/login", content=b"a&" * 32_000, headers={"content-type": FORM})
    assert answer.status_code in (400, 403)


async def pages_of(running) -> list[str]:
    """Return every page of the front door as it is sent."""
    browser = await running.browser()
    found = [
        (await browser.get(path)).text for path in ("/", "/login/coach", "/login/leader", "/nergens", "/style.css")
    ]
    path, _ = await browser.passage("coach", sample.NEW_COACH.person)
    found.append((await browser.get(path)).text)
    found.append((await browser.in_by_link("coach", sample.NEW_COACH.person)).text)
    inside = await running.coach()
    found += [(await inside.get(path)).text for path in ("/coach", "/sessions")]
    return [*found, (await (await running.leader()).get("/journey")).text]


@pytest.mark.asyncio
async def test_web_12_no_page_needs_a_script_or_loads_anything_from_elsewhere(running):
    for page in await pages_of(running):
        assert "<script" not in page
        assert not re.search(r"\son\w+=|javascript:", page)
        loaded = re.findall(
            r"(?:src|action)=[\"']([^\"']*)|<link[^>]*href=[\"']([^\"']*)|url\(([^)]*)\)|@import (\S+)", page
        )
        assert {part for found in loaded for part in found if part} <= {"data:,"} | {
            part for found in loaded for part in found if part.startswith("/") and not part.startswith("//")
        }
        assert not re.search(r"\sstyle=", page), "the policy of the pages forbids it"


def test_web_12_a_page_that_loads_something_from_elsewhere_would_be_found_out():
    page = '<img src="https://elders.example/x.png">'
    assert re.findall(r"(?:src|action)=[\"']([^\"']*)", page) == ["https://elders.example/x.png"]


def test_no_template_switches_off_what_makes_text_of_what_people_wrote():
    for template in _FOLDER.rglob("*"):
        if template.is_file():
            text = template.read_text(encoding="utf-8")
            assert not re.search(r"\|\s*safe\b|autoescape false|<script|\sstyle=|\son\w+=", text), template.name
