"""The bot as an operator starts it: its own process, the real guide, words and store, and a strict fake Bot API."""

import asyncio
import json
import os
import signal
import sys
from contextlib import asynccontextmanager
from pathlib import Path
from socket import create_server

import httpx
import pytest

from tests.bot.fake_bot_api import TOKEN, FakeBotApi, message

ROOT = Path(__file__).parents[2]
LEADER = 42
LONG = 300.0
"""Seconds after which something is taken never to come, also on a machine that is busy with much else."""

THOUGHT = "Ik zie op tegen lesbezoek bij canary."


@asynccontextmanager
async def bot(tmp_path, api, **more):
    with create_server(("127.0.0.1", 0)) as free:
        listen = f"127.0.0.1:{free.getsockname()[1]}"
    place = {name: value for name, value in os.environ.items() if not name.upper().startswith("MINDSHIFT_")} | {
        "PYTHONPATH": str(ROOT),
        "MINDSHIFT_DATA": str(tmp_path / "store"),
        "MINDSHIFT_TELEGRAM_TOKEN": TOKEN,
        "MINDSHIFT_TELEGRAM_API": api.address,
        "MINDSHIFT_LISTEN": listen,
        "MINDSHIFT_LOG_LEVEL": "DEBUG",
    }
    log = tmp_path / "log"
    with log.open("a") as written:
        running = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "app", "bot", env=place | more, cwd=tmp_path, stderr=written
        )
    try:
        yield f"http://{listen}"
        running.send_signal(signal.SIGTERM)
        async with asyncio.timeout(10):
            assert await running.wait() == 0
    finally:
        if running.returncode is None:
            running.kill()
            await running.wait()
    assert "the bot starts" in log.read_text()
    assert TOKEN not in log.read_text()
    assert "canary" not in log.read_text()
    assert str(LEADER) not in [
        str(value) for line in log.read_text().splitlines() for value in json.loads(line).values()
    ]


@pytest.mark.asyncio
async def test_a_conversation_by_polling_goes_on_by_webhook_after_a_restart(tmp_path):
    api = FakeBotApi()
    async with api.opened():
        async with bot(tmp_path, api) as address:
            for text in ("/start", "Nederlands", "akkoord", THOUGHT):
                count = len(api.texts(LEADER))
                await api.says(LEADER, text)
                await api.until(lambda count=count: len(api.texts(LEADER)) > count, within=LONG)
            await api.until(lambda: THOUGHT in api.texts(LEADER)[-1], within=LONG)
            await api.until(lambda: {"", "nl", "en"} <= set(api.shown), within=LONG)
            async with httpx.AsyncClient() as web:
                assert (await web.get(f"{address}/healthz")).status_code == 200
        hook = {"MINDSHIFT_WEBHOOK_URL": "https://coach.example.org", "MINDSHIFT_WEBHOOK_SECRET": "hook-canary"}
        async with bot(tmp_path, api, **hook) as address, httpx.AsyncClient() as web:
            await api.until(lambda: api.webhook, within=LONG)
            update = {"update_id": 9_000, "message": message(900, LEADER, text="Bewaren")}
            secret = {"X-Telegram-Bot-Api-Secret-Token": "hook-canary"}
            assert (await web.post(f"{address}/telegram", json=update)).status_code == 403
            assert (await web.post(f"{address}/telegram", json=update, headers=secret)).status_code == 200
            await api.until(lambda: "r1" in api.texts(LEADER)[-1], within=LONG)
    assert not api.violations
