"""The webhook: "received" only after the turn is kept, and nothing for who does not know the secret."""

from __future__ import annotations

import asyncio
import json

import httpx
import pytest
import pytest_asyncio

from bot.errors import WebhookRefused
from bot.hear import leader_of
from bot.line import ALLOWED_UPDATES
from bot.run import Webhook
from bot.webhook import LARGEST, SECRET_HEADER, pages
from tests.bot.fake_bot_api import message

ANNE, BOB = 101, 202
SECRET = "canary-Secret_123"
WEBHOOK = Webhook("https://gids.example.org/", SECRET)


@pytest_asyncio.fixture
async def post(scene):
    """Bring updates to a running bot, as Telegram would."""
    async with scene.bot(webhook=WEBHOOK) as running, httpx.AsyncClient(base_url=running.address) as telegram:
        await scene.api.until(lambda: scene.api.webhook)

        async def post(update=None, *, secret: str | None = SECRET, content: bytes | None = None) -> httpx.Response:
            headers = {} if secret is None else {SECRET_HEADER: secret}
            return await telegram.post("/telegram", headers=headers, json=update, content=content)

        post.get = telegram.get
        yield post


def update(number: int, person: int, text: str) -> dict:
    return {"update_id": number, "message": message(number, person, text=text)}


@pytest.mark.asyncio
async def test_telegram_is_asked_to_bring_updates_with_the_secret_and_to_drop_nothing(scene, post):
    assert scene.api.webhook == {
        "url": "https://gids.example.org/telegram",
        "secret_token": SECRET,
        "allowed_updates": list(ALLOWED_UPDATES),
        "drop_pending_updates": False,
    }
    assert "getupdates" not in scene.api.asked


@pytest.mark.asyncio
async def test_a_message_is_kept_before_it_is_received_and_then_answered(scene, post, eventually):
    scene.guide.holds["hallo"] = asyncio.Event()
    bringing = asyncio.create_task(post(update(1, ANNE, "hallo")))
    await eventually(lambda: scene.guide.begun == ["hallo"])
    assert not bringing.done()
    scene.guide.holds["hallo"].set()
    assert (await bringing).status_code == 200
    page = await scene.keeper.read(leader_of(ANNE))
    assert len(page.updates) == 1
    await scene.api.until(lambda: scene.api.texts(ANNE) == ["gehoord: hallo"])


@pytest.mark.asyncio
@pytest.mark.parametrize("secret", [None, "", "canary-Secret_12", "canary-Secret_1234", "x" * 5000])
async def test_who_does_not_know_the_secret_is_refused_and_nothing_is_logged(scene, post, caplog, secret):
    refused = await post(update(1, ANNE, "vals"), secret=secret)
    assert (refused.status_code, refused.content) == (403, b"")
    assert scene.guide.begun == []
    assert caplog.text == ""


@pytest.mark.asyncio
async def test_while_the_store_is_down_telegram_is_to_bring_the_update_again(scene, post):
    scene.keeper.down = True
    for _ in range(3):
        assert (await post(update(1, ANNE, "bewaar"))).status_code == 503
    scene.keeper.down = False
    assert (await post(update(1, ANNE, "bewaar"))).status_code == 200
    await scene.api.until(lambda: len(scene.api.texts(ANNE)) == 2)
    assert sorted(scene.api.texts(ANNE)) == ["errors.not_kept_yet", "gehoord: bewaar"]


@pytest.mark.asyncio
async def test_the_same_update_brought_five_times_at_once_is_handled_once(scene, post):
    answers = await asyncio.gather(*(post(update(1, ANNE, "vijfmaal")) for _ in range(5)))
    assert [answer.status_code for answer in answers] == [200] * 5
    await scene.api.until(lambda: scene.api.texts(ANNE))
    assert len(scene.guide.heard) == 1


@pytest.mark.asyncio
async def test_an_update_that_cannot_be_parsed_or_handled_is_received_and_set_aside(scene, post):
    strange = {"update_id": 1, "message": {"message_id": 1, "date": "gisteren", "chat": 7, "text": "x"}}
    scene.guide.fails["vergif"] = [RuntimeError()] * 9
    assert (await post(strange)).status_code == 200
    assert (await post(update(2, ANNE, "vergif"))).status_code == 200
    assert (await post(update(3, ANNE, "gewoon"))).status_code == 200
    await scene.api.until(lambda: "gehoord: gewoon" in scene.api.texts(ANNE))


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("content", "status"),
    [(b"", 400), (b"{", 400), (b"[1]", 400), (b'{"update_id": "1"}', 400), (b" " * (LARGEST + 1), 413)],
    ids=["empty", "cut off", "a list", "no number", "too large"],
)
async def test_what_is_no_update_is_refused(scene, post, content, status):
    assert (await post(content=content)).status_code == status
    assert scene.guide.begun == []


@pytest.mark.asyncio
async def test_an_update_in_pieces_is_taken_in_and_one_without_an_end_is_not(scene, post):
    async def pieces(content: bytes, size: int):
        for start in range(0, len(content), size):
            yield content[start : start + size]

    whole = json.dumps(update(1, ANNE, "in stukken")).encode()
    assert (await post(content=pieces(whole, 10))).status_code == 200
    assert (await post(content=pieces(b" " * (LARGEST + 1), 65536))).status_code == 413
    await scene.api.until(lambda: scene.api.texts(ANNE) == ["gehoord: in stukken"])


@pytest.mark.asyncio
async def test_the_door_for_updates_is_opened_by_posting_only_and_leads_nowhere_else(scene, post):
    looked = await post.get("/telegram", headers={SECRET_HEADER: SECRET})
    assert (looked.status_code, looked.headers["allow"], looked.content) == (405, "POST", b"")
    assert (await post.get("/telegram/")).status_code == 404
    assert (await post.get("/")).status_code == 404


@pytest.mark.asyncio
async def test_the_health_page_says_only_whether_all_is_well(scene, post):
    well = await post.get("/healthz")
    scene.keeper.down = True
    unwell = await post.get("/healthz")
    scene.keeper.down = False
    assert (well.status_code, well.text, unwell.status_code, unwell.text) == (200, "ok", 503, "not ok")


@pytest.mark.asyncio
async def test_polling_serves_the_health_page_and_no_webhook(scene):
    async with scene.bot(serve=True) as running, httpx.AsyncClient(base_url=running.address) as visitor:
        await scene.api.until(lambda: scene.api.polls)
        assert (await visitor.get("/healthz")).text == "ok"
        assert (await visitor.post("/telegram", headers={SECRET_HEADER: ""})).status_code == 404


@pytest.mark.asyncio
async def test_an_address_telegram_refuses_ends_the_bot_with_a_clear_error(scene):
    async with scene.bot(webhook=Webhook("http://geen-https.example.org", SECRET)) as running:
        with pytest.raises(WebhookRefused, match="https"):
            await asyncio.wait_for(running.task, 4)


def test_a_webhook_without_a_secret_cannot_be_made():
    with pytest.raises(ValueError, match="secret"):
        pages(lambda: True, object())
