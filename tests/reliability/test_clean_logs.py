"""
SEC-1: whatever happens, at DEBUG, nothing that is logged or printed holds a text, a name, a chat or the token.

The log is the one of `app/logs.py`, as the bot runs with it. `tests/bot` keeps the same eye on its own conversations.
"""

from __future__ import annotations

import io
import json
import logging
import sys

import pytest
import structlog

from app import logs
from app.compose import _note
from bot.hear import leader_of
from storage.in_memory import InMemoryKeeper
from tests.bot.fake_bot_api import TOKEN, Fault, message
from tests.reliability.guides import guide_on
from tests.reliability.whole import TO_CONTACT

PERSON = 77_665_544_332
CANARIES = (
    "canary-tekst over lesbezoek",
    "canary-tekst {{ 7*7 }} %s %(name)s {0.__class__}",
    "/zoek canary-tekst",
    "/onbekend canary-tekst",
    "canary-tekst ik wil niet meer leven",
)
SECRETS = (TOKEN, TOKEN.partition(":")[2], "canary", "Canary", str(PERSON), leader_of(PERSON), "lesbezoek", "uitleggen")


@pytest.fixture
def log(monkeypatch):
    """The log of the bot at DEBUG, as text."""
    root, raising = logging.getLogger(), logging.raiseExceptions
    handlers, level = root.handlers[:], root.level
    levels = {name: logging.getLogger(name).level for name in (*logs.OURS, "telegram", "httpx", "uvicorn", "asyncio")}
    written = io.StringIO()
    monkeypatch.setattr(sys, "stderr", written)
    logs.set_up("DEBUG", [TOKEN])
    root.setLevel(logging.DEBUG)
    yield written
    root.handlers[:] = handlers
    root.setLevel(level)
    logging.raiseExceptions = raising
    for name, before in levels.items():
        logging.getLogger(name).setLevel(before)
    structlog.reset_defaults()


class Breaking(InMemoryKeeper):
    """A store that now and then fails with an error that holds what was written."""

    async def write(self, entry) -> None:
        if any("canary-tekst over" in kept.text for kept in entry.reflections):
            raise RuntimeError(entry.reflections[0].text)
        await super().write(entry)


async def hold(scene, catalogue, matcher, keeper) -> None:
    scene.keeper = keeper
    scene.guide = guide_on(keeper, catalogue, matcher, witness=_note)
    for fault in (
        Fault("getUpdates", reset="before"),
        Fault("getUpdates", page=b'{"ok":true,"result":[{"canary-tekst":'),
        Fault("sendMessage", PERSON + 2, code=400, description="Bad Request: canary-tekst"),
        Fault("sendMessage", code=502, page=b"<html>canary-tekst"),
        Fault("sendMessage", code=429, description="Too Many Requests: canary-tekst", retry_after=1),
    ):
        scene.api.faults.append(fault)
    async with scene.bot(serve=True):
        for line in (*TO_CONTACT, *CANARIES):
            count = len(scene.api.sent(PERSON))
            await scene.api.says(PERSON, line.strip("[]"))
            await scene.api.until(lambda count=count: len(scene.api.sent(PERSON)) > count)
        strange = {**message(9, PERSON, text="canary-tekst"), "date": "canary-tekst"}
        await scene.api.send("message", strange)
        await scene.api.send("message", {"canary-tekst": PERSON})
        await scene.api.says(PERSON + 2, "canary-tekst")
        await scene.api.says(PERSON + 1, "klaar")
        await scene.api.until(lambda: scene.api.sent(PERSON + 1))


def hits(text: str) -> list[str]:
    return [secret for secret in SECRETS if secret in text]


@pytest.mark.asyncio
async def test_sec_1_a_whole_conversation_with_every_sort_of_trouble_leaves_no_trace(
    scene, log, capfd, catalogue, matcher, measured
):
    await hold(scene, catalogue, matcher, Breaking())
    written = log.getvalue() + "".join(capfd.readouterr())
    assert hits(written) == []
    found = [json.loads(line) for line in written.splitlines()]
    events = [line["event"] for line in found]
    assert any("was set aside: RuntimeError" in event for event in events)
    assert any("a turn was kept" in event for event in events)
    measured("SEC-1", lines=len(found), hits=0)


@pytest.mark.asyncio
async def test_sec_1_every_line_of_a_turn_carries_its_own_id_and_only_names_from_the_tables(
    scene, log, catalogue, matcher
):
    await hold(scene, catalogue, matcher, InMemoryKeeper())
    kept = [json.loads(line) for line in log.getvalue().splitlines() if "a turn was kept" in line]
    assert len(kept) > 10
    ids = [line["turn"] for line in kept]
    assert len(set(ids)) == len(ids)
    assert all(
        set(line) == {"event", "level", "logger", "timestamp", "turn", "route", "state", "moves"} for line in kept
    )


@pytest.mark.asyncio
async def test_sec_1_known_bad_the_stock_log_at_info_holds_the_token(capfd):
    import httpx  # noqa: PLC0415

    written = io.StringIO()
    handler, httpx_log = logging.StreamHandler(written), logging.getLogger("httpx")
    before = httpx_log.level
    httpx_log.addHandler(handler)
    httpx_log.setLevel(logging.INFO)
    try:
        transport = httpx.MockTransport(lambda _request: httpx.Response(200))
        async with httpx.AsyncClient(transport=transport) as client:
            await client.post(f"https://api.telegram.org/bot{TOKEN}/getMe")
    finally:
        httpx_log.removeHandler(handler)
        httpx_log.setLevel(before)
    assert TOKEN in written.getvalue()


@pytest.mark.asyncio
async def test_sec_1_known_bad_a_traceback_of_the_same_fault_holds_the_text(catalogue, matcher):
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    stock = logging.getLogger("stock")
    stock.addHandler(handler)
    stock.propagate = False
    try:
        raise RuntimeError("canary-tekst")
    except RuntimeError:
        stock.exception("an update failed")
    assert hits(written.getvalue())
