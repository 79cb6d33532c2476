"""The pages for people, served beside the webhook, and what the bot does for coaches."""

from __future__ import annotations

from dataclasses import replace

import httpx
import pytest
from starlette.responses import PlainTextResponse

from bot.run import Webhook
from dialogues.coach_chat import Whereabouts

WEBHOOK = Webhook("https://gids.example.org/", "canary-Secret_123")


async def site(scope, receive, send):
    await PlainTextResponse(f"pagina {scope['path']}")(scope, receive, send)


@pytest.mark.asyncio
@pytest.mark.parametrize("webhook", [None, WEBHOOK])
async def test_the_pages_stand_beside_the_webhook_and_the_health_page(scene, monkeypatch, webhook):
    parts = replace(scene.parts(), site=site)
    monkeypatch.setattr(scene, "parts", lambda: parts)
    async with (
        scene.bot(serve=True, webhook=webhook) as running,
        httpx.AsyncClient(base_url=running.address) as visitor,
    ):
        assert (await visitor.get("/healthz")).text == "ok"
        for path in ("/", "/coach", "/in/x", "/healthz/", "//x"):
            assert (await visitor.get(f"{running.address}{path}")).text == f"pagina {path}"
        brought = await visitor.post("/telegram")
        assert brought.status_code == (403 if webhook else 200)


@pytest.mark.asyncio
async def test_without_pages_there_is_nothing_and_nobody_is_led_off(scene):
    async with scene.bot(serve=True) as running, httpx.AsyncClient(base_url=running.address) as visitor:
        for path in ("/", "/coach", "/healthz/"):
            answer = await visitor.get(path, headers={"host": "elders.example"})
            assert (answer.status_code, "location" in answer.headers) == (404, False)


@pytest.mark.asyncio
async def test_the_pages_learn_what_the_bot_is_called_when_telegram_told_it(scene, monkeypatch, eventually):
    where = Whereabouts("https://gids.example.org")
    parts = replace(scene.parts(), where=where)
    monkeypatch.setattr(scene, "parts", lambda: parts)
    async with scene.bot():
        await eventually(lambda: where.bot)
    assert where.deep_link("in_X") == f"https://t.me/{where.bot}?start=in_X"


@pytest.mark.asyncio
async def test_coaches_are_told_what_is_new_each_time_the_bot_looks_what_came_due(scene, monkeypatch, eventually):
    asked = []

    async def count(coach, now):
        return 1

    async def tell_coaches(counting, now):
        asked.append((counting, now))
        return 0

    monkeypatch.setattr(scene.guide, "tell_coaches", tell_coaches, raising=False)
    parts = replace(scene.parts(), count=count)
    monkeypatch.setattr(scene, "parts", lambda: parts)
    async with scene.bot():
        await eventually(lambda: len(asked) == 1)
        scene.naps.look_again()
        await eventually(lambda: len(asked) == 2)
    assert asked == [(count, scene.now())] * 2
