"""
The real guide, with its real words and store, over the fake Bot API: a conversation of the transcripts, word for
word, by polling and by webhook.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from itertools import takewhile
from pathlib import Path

import httpx
import pytest
import pytest_asyncio

from bot.hear import leader_of
from bot.run import Webhook
from bot.webhook import SECRET_HEADER
from content.catalogue import Catalogue
from content.exporting import PageExporter
from content.matching import StemMatcher
from dialogues.guide import Guide
from dialogues.ports import Message
from storage.in_tinydb import TinyDbKeeper
from tests.bot.fake_bot_api import FakeBotApi, message, person_of, tap
from tests.play import ZONE, Play, held_by, transcripts

ANNE = 101
STORIES = [path for language in ("nl", "en") for path in transcripts(language) if path.stem == "own_not_daring"]
SECRET = "secret"
NOW = datetime(2026, 12, 1, 7, 0, tzinfo=UTC)


@pytest_asyncio.fixture
async def real(scene, tmp_path, catalogue: Catalogue, matcher: StemMatcher, monkeypatch):
    """The scene, with the real guide and store, in which nobody waits for Telegram's pace."""
    monkeypatch.setattr("bot.postman.BURST", 1000)
    scene.at_once = 1000
    scene.keeper = TinyDbKeeper(tmp_path)
    scene.guide = Guide(
        repertoire=catalogue.repertoire,
        care=catalogue.care,
        keeper=scene.keeper,
        words=catalogue,
        matcher=matcher,
        exporter=PageExporter(catalogue),
        zone=ZONE,
    )
    scene.now = lambda: NOW
    yield scene
    await scene.keeper.close()


@asynccontextmanager
async def running(scene, way: str) -> AsyncIterator[None]:
    """The bot, fetching updates or having them brought."""
    if way == "polling":
        async with scene.bot():
            yield
        return
    async with scene.bot(webhook=Webhook("https://gids.example.org", SECRET)) as bot:
        bringing = asyncio.create_task(bring(scene.api, f"{bot.address}/telegram"))
        yield
        bringing.cancel()
        await asyncio.gather(bringing, return_exceptions=True)


async def bring(api: FakeBotApi, url: str) -> None:
    """Bring updates one by one, each until it is received, as Telegram does."""
    async with httpx.AsyncClient(headers={SECRET_HEADER: SECRET}) as telegram:
        while True:
            await api.until(lambda: api.updates, within=60)
            if (await telegram.post(url, json=api.updates[0])).status_code == httpx.codes.OK:
                del api.updates[0]


async def first_contact(path: Path, catalogue: Catalogue, matcher: StemMatcher) -> list[tuple[str, list[str]]]:
    """
    Return the turns of the first contact: what the leader does, and the messages with their buttons that follow.

    The guide's part is played here without any shell; that it is the one written down is tested with the transcripts.
    """
    play = Play(catalogue, matcher, path.parent.name)
    turns: list[tuple[str, list[str]]] = []
    begin, *lines = [line for line in held_by(path) if not line.startswith("#")]
    await play.play([begin])
    for line in takewhile(lambda line: line.startswith(">"), lines):
        before = len(play.letters)
        await play.play([line])
        turns.append((line[2:], [as_written(letter.message) for letter in play.letters[before:]]))
    return turns


def as_written(message: Message) -> str:
    """Return a message with its buttons, to compare."""
    return "\n".join([message.text, *(f"[{button.label}]" for row in message.rows for button in row)])


def as_sent(values: dict) -> str:
    """Return a message of the Bot API with its buttons, to compare."""
    return "\n".join([values["text"], *(f"[{button['text']}]" for row in rows(values) for button in row)])


def rows(values: dict) -> list[list[dict[str, str]]]:
    return values.get("reply_markup", {}).get("inline_keyboard", [])


async def act(api: FakeBotApi, said: str, language: str) -> None:
    """Type *said*, or tap it when it stands in brackets, under the newest message that has it."""
    person = person_of(ANNE, language)
    if not said.startswith("["):
        await api.send("message", {**message(api.ids(), ANNE, text=said), "from": person})
        return
    under, payload = next(
        (values["message_id"], button["callback_data"])
        for values in reversed(api.sent(ANNE))
        for row in rows(values)
        for button in row
        if f"[{button['text']}]" == said
    )
    query = f"query-{api.ids()}"
    api.queries.add(query)
    await api.send("callback_query", {**tap(query, ANNE, under, payload), "from": person})


async def hold(api: FakeBotApi, said: str, follows: list[str], language: str) -> None:
    """Take one turn, and compare what follows."""
    before = len(api.sent(ANNE))
    await act(api, said, language)
    await api.until(lambda: len(api.sent(ANNE)) >= before + len(follows))
    assert [as_sent(values) for values in api.sent(ANNE)[before:]] == follows


@pytest.mark.asyncio
@pytest.mark.parametrize("way", ["polling", "webhook"])
@pytest.mark.parametrize("path", STORIES, ids=lambda path: path.parent.name)
async def test_the_conversation_on_telegram_is_the_same_as_anywhere(real, catalogue, matcher, eventually, path, way):
    turns = await first_contact(path, catalogue, matcher)
    assert len(turns) > 10
    async with running(real, way):
        for said, follows in turns:
            await hold(real.api, said, follows, path.parent.name)
        await real.api.until(lambda: not real.api.queries)
        await eventually(lambda: nothing_waits(real))
    page = await real.keeper.read(leader_of(ANNE))
    assert page.conversation.plans
    assert page.journal


async def nothing_waits(scene) -> bool:
    return not await scene.waiting(ANNE)


@pytest.mark.asyncio
async def test_stopped_and_started_between_turns_it_goes_on_at_the_same_step(real, catalogue, matcher):
    path = STORIES[0]
    for said, follows in (await first_contact(path, catalogue, matcher))[:10]:
        async with real.bot() as bot:
            await hold(real.api, said, follows, path.parent.name)
            bot.stop.set()
