"""Long polling: what is confirmed is kept, and nothing stops the others."""

from __future__ import annotations

import asyncio

import pytest
from telegram import Bot
from telegram.error import TelegramError

from bot.errors import TokenRefused
from bot.hear import leader_of
from bot.patience import LONGEST
from bot.polling import Polling
from bot.reception import _Loose
from dialogues.conversation import Said
from dialogues.errors import KeeperUnavailable
from tests.bot.fake_bot_api import TOKEN, Fault, message

ANNE, BOB = 101, 202


@pytest.mark.asyncio
async def test_a_message_is_heard_kept_answered_and_confirmed(scene):
    async with scene.bot():
        number = await scene.api.says(ANNE, "Ik zie op tegen lesbezoek")
        await scene.api.until(lambda: scene.api.texts(ANNE) and number in scene.api.confirmed)
    assert scene.api.texts(ANNE) == ["gehoord: Ik zie op tegen lesbezoek"]
    (sent,) = scene.api.sent(ANNE)
    assert sent["reply_markup"] == {"inline_keyboard": [[{"text": "Ja", "callback_data": "1:ja"}]]}
    assert sent["link_preview_options"] == {"is_disabled": True}
    assert scene.guide.heard == [(leader_of(ANNE), Said("Ik zie op tegen lesbezoek", "1"))]
    assert not await scene.waiting(ANNE)


@pytest.mark.asyncio
async def test_polling_takes_away_a_webhook_first_and_drops_nothing_that_waits(scene):
    scene.api.webhook = {"url": "https://elders.example.org"}
    await scene.api.says(ANNE, "dit stond er al")
    async with scene.bot():
        await scene.api.until(lambda: scene.api.texts(ANNE))
    (taken_away,) = [call for call in scene.api.calls if call.method == "deletewebhook"]
    assert taken_away.values == {"drop_pending_updates": False}


class ConfirmsTooEarly(Polling):
    """The known-bad variant, as libraries do it: confirmed once fetched, whatever became of it."""

    @property
    def _offset(self) -> int:
        return self._next


@pytest.mark.asyncio
@pytest.mark.parametrize(("variant", "safe"), [(Polling, True), (ConfirmsTooEarly, False)])
async def test_an_update_is_not_confirmed_before_its_turn_is_kept(scene, monkeypatch, variant, safe):
    monkeypatch.setattr("bot.run.Polling", variant)
    scene.guide.holds["eerst"] = asyncio.Event()
    async with scene.bot() as running:
        number = await scene.api.says(ANNE, "eerst")
        await scene.api.until(lambda: scene.api.asked.count("getupdates") >= 2)
        assert (number not in scene.api.confirmed) is safe
        running.task.cancel()
        await asyncio.sleep(0)
        scene.guide.holds["eerst"].set()


async def never(_self) -> None:
    """The known-bad variant: a turn ends as soon as it is kept."""


@pytest.mark.asyncio
@pytest.mark.parametrize(("delivered", "safe"), [(_Loose.delivered, True), (never, False)])
@pytest.mark.parametrize("what", ["answercallbackquery", "sendmessage"], ids=["a tap", "a letter that is not kept"])
async def test_an_update_is_not_confirmed_before_what_no_outbox_holds_has_arrived(
    scene, monkeypatch, delivered, safe, what
):
    monkeypatch.setattr(_Loose, "delivered", delivered)
    monkeypatch.setattr("bot.reception.LOOSE", 60)
    scene.guide.unkept.add("kort")
    scene.api.faults.append(Fault(what, hold=(held := asyncio.Event())))
    async with scene.bot():
        await (scene.api.taps(ANNE, 1, "1:ja") if what == "answercallbackquery" else scene.api.says(ANNE, "kort"))
        (number,) = [update["update_id"] for update in scene.api.updates]
        await scene.api.until(lambda: what in scene.api.asked)
        polls = scene.api.asked.count("getupdates")
        # What is confirmed is asked for no more; what is not comes again, so the bot soon asks once more.
        await scene.api.until(
            lambda: number in scene.api.confirmed or scene.api.asked.count("getupdates") >= polls + 2, within=30
        )
        assert (number not in scene.api.confirmed) is safe
        held.set()
        await scene.api.until(lambda: number in scene.api.confirmed)


@pytest.mark.asyncio
async def test_a_chat_that_is_held_up_does_not_keep_an_update_from_being_confirmed_for_long(scene, monkeypatch):
    monkeypatch.setattr("bot.reception.LOOSE", 0.01)
    scene.guide.unkept.add("kort")
    scene.api.faults.append(Fault("sendmessage", hold=(held := asyncio.Event())))
    async with scene.bot():
        number = await scene.api.says(ANNE, "kort")
        await scene.api.until(lambda: number in scene.api.confirmed)
        assert not scene.api.texts(ANNE)
        held.set()
        await scene.api.until(lambda: scene.api.texts(ANNE))


@pytest.mark.asyncio
async def test_while_the_store_is_down_nothing_is_confirmed_and_later_nothing_is_lost(scene, eventually):
    async with scene.bot():
        await scene.api.until(lambda: scene.api.polls)
        scene.keeper.down = True
        number = await scene.api.says(ANNE, "bewaar dit")
        await eventually(lambda: scene.guide.begun.count("bewaar dit") >= 3)
        assert number not in scene.api.confirmed
        scene.keeper.down = False
        await scene.api.until(lambda: number in scene.api.confirmed and len(scene.api.texts(ANNE)) == 2)
    assert sorted(scene.api.texts(ANNE)) == ["errors.not_kept_yet", "gehoord: bewaar dit"]


@pytest.mark.asyncio
async def test_one_turn_that_cannot_be_kept_does_not_hold_up_other_people(scene, eventually):
    scene.guide.fails["vast"] = [KeeperUnavailable()] * 1000
    async with scene.bot():
        stuck = await scene.api.says(ANNE, "vast")
        await eventually(lambda: scene.guide.begun.count("vast") >= 2)
        await scene.api.says(BOB, "ik kan door")
        await scene.api.says(ANNE, "daarna pas")
        await scene.api.until(lambda: scene.api.texts(BOB))
        assert stuck not in scene.api.confirmed
        assert "daarna pas" not in scene.guide.begun
        scene.guide.fails["vast"].clear()
        await scene.api.until(lambda: len(scene.api.texts(ANNE)) == 3)
    assert scene.api.texts(ANNE)[-2:] == ["gehoord: vast", "gehoord: daarna pas"]
    assert scene.api.texts(BOB) == ["gehoord: ik kan door"]


@pytest.mark.asyncio
async def test_one_person_is_heard_one_by_one_and_different_people_at_once(scene):
    scene.guide.holds["een"] = asyncio.Event()
    async with scene.bot():
        for text in ("een", "twee", "drie"):
            await scene.api.says(ANNE, text)
        await scene.api.says(BOB, "ondertussen")
        await scene.api.until(lambda: scene.api.texts(BOB))
        assert scene.guide.begun == ["een", "ondertussen"]
        scene.guide.holds["een"].set()
        await scene.api.until(lambda: len(scene.api.texts(ANNE)) == 3)
    assert scene.api.texts(ANNE) == ["gehoord: een", "gehoord: twee", "gehoord: drie"]


@pytest.mark.asyncio
async def test_an_update_that_cannot_be_parsed_is_set_aside_and_stops_nobody(scene, caplog):
    strange = {"message_id": 1, "date": "gisteren", "chat": 7, "from": {"id": 1}, "text": "canary-text"}
    number = await scene.api.send("message", strange)
    await scene.api.says(BOB, "na de vreemde")
    async with scene.bot():
        await scene.api.until(lambda: scene.api.texts(BOB) and number in scene.api.confirmed)
    assert f"Update {number} was set aside" in caplog.text
    assert "canary-text" not in caplog.text


@pytest.mark.asyncio
async def test_whose_message_cannot_be_parsed_still_gets_a_kind_word(scene):
    poll_of_an_older_server = {"id": "1", "question": "?", "options": []}
    async with scene.bot():
        await scene.api.send("message", message(1, ANNE, poll=poll_of_an_older_server))
        await scene.api.until(lambda: scene.api.texts(ANNE))
    assert scene.api.texts(ANNE) == ["errors.something_went_wrong"]


@pytest.mark.asyncio
async def test_the_stock_way_to_fetch_updates_would_have_stalled_there(scene):
    await scene.api.send("message", {"message_id": 1, "date": "gisteren", "chat": 7, "text": "x"})
    await scene.api.says(BOB, "na de vreemde")
    async with Bot(TOKEN, base_url=f"{scene.api.address}/bot") as stock:
        with pytest.raises((TelegramError, TypeError, AttributeError, KeyError)):
            await stock.get_updates()


@pytest.mark.asyncio
async def test_a_turn_that_keeps_failing_is_set_aside_after_three_tries_with_a_kind_word(scene, caplog):
    scene.guide.fails["vergif"] = [RuntimeError("canary-text")] * 9
    async with scene.bot():
        number = await scene.api.says(ANNE, "vergif")
        await scene.api.says(ANNE, "en verder")
        await scene.api.until(lambda: len(scene.api.texts(ANNE)) == 2)
        await scene.api.until(lambda: number in scene.api.confirmed)
    assert scene.guide.begun.count("vergif") == 3
    assert set(scene.api.texts(ANNE)) == {"errors.something_went_wrong", "gehoord: en verder"}
    assert f"Update {number} was set aside: RuntimeError" in caplog.text
    assert "canary-text" not in caplog.text


@pytest.mark.asyncio
async def test_a_turn_that_fails_once_is_simply_tried_again(scene):
    scene.guide.fails["hapering"] = [RuntimeError()]
    async with scene.bot():
        await scene.api.says(ANNE, "hapering")
        await scene.api.until(lambda: scene.api.texts(ANNE))
    assert scene.api.texts(ANNE) == ["gehoord: hapering"]


@pytest.mark.asyncio
async def test_the_same_update_is_handled_once_in_one_batch_later_and_after_a_restart(scene):
    twice = message(7, ANNE, text="dubbel")
    await scene.api.send("message", twice, 900)
    await scene.api.send("message", twice, 900)
    async with scene.bot():
        await scene.api.until(lambda: 900 in scene.api.confirmed)
        await scene.api.send("message", twice, 900)
        await scene.api.says(BOB, "tussendoor")
        await scene.api.until(lambda: scene.api.texts(BOB))
    await scene.api.send("message", twice, 900)
    async with scene.bot():
        await scene.api.says(BOB, "na de herstart")
        await scene.api.until(lambda: len(scene.api.texts(BOB)) == 2)
    assert scene.api.texts(ANNE) == ["gehoord: dubbel"]
    assert [leader for leader, _ in scene.guide.heard].count(leader_of(ANNE)) == 1


FAULTS = {
    "a busy server": Fault("getUpdates", times=4, code=502, description="Bad Gateway"),
    "a page of a proxy": Fault("getUpdates", times=4, page=b"<html>canary-text</html>"),
    "a refusal by a proxy": Fault("getUpdates", times=4, code=404, page=b"<html>not found</html>"),
    "broken JSON": Fault("getUpdates", times=4, page=b'{"ok":true,"result":[{"update_id":1,"text":"canary-text"'),
    "an answer to something else": Fault("getUpdates", times=4, page=b'{"ok":true,"result":{"a":1}}'),
    "no answer at all": Fault("getUpdates", times=4, page=b"[]"),
    "connections that break": Fault("getUpdates", times=4, reset="before"),
    "another process": Fault("getUpdates", times=4, code=409, description="Conflict: terminated by other getUpdates"),
}


@pytest.mark.asyncio
@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
async def test_trouble_on_the_line_is_waited_out_slowly_and_ends_nothing(scene, caplog, fault):
    scene.api.faults.append(fault)
    await scene.api.says(ANNE, "nog steeds hier")
    async with scene.bot() as running:
        await scene.api.until(lambda: scene.api.texts(ANNE))
        assert not running.task.done()
    assert [round(seconds) for seconds in scene.naps.asked[:4]] == [0, 1, 2, 4]  # less what the poll itself took
    assert LONGEST < 15
    assert "canary-text" not in caplog.text
    assert TOKEN not in caplog.text


@pytest.mark.asyncio
async def test_another_process_with_the_same_token_is_named_plainly(scene, caplog):
    scene.api.faults.append(Fault("getUpdates", times=1, code=409, description="Conflict"))
    async with scene.bot():
        await scene.api.until(lambda: scene.api.asked.count("getupdates") >= 2)
    assert "Another process fetches the updates of this bot" in caplog.text


@pytest.mark.asyncio
async def test_being_asked_to_slow_down_is_obeyed(scene):
    scene.api.faults.append(Fault("getUpdates", code=429, description="Too Many Requests", retry_after=7))
    async with scene.bot():
        await scene.api.says(ANNE, "rustig")
        await scene.api.until(lambda: scene.api.texts(ANNE))
    assert scene.naps.asked == [7.0]


@pytest.mark.asyncio
async def test_telegram_being_away_at_the_start_is_waited_out_too(scene):
    scene.api.faults.append(Fault("getMe", times=3, reset="before"))
    scene.api.faults.append(Fault("deleteWebhook", times=2, code=500, description="Internal Server Error"))
    async with scene.bot():
        await scene.api.says(ANNE, "daar ben je")
        await scene.api.until(lambda: scene.api.texts(ANNE))


@pytest.mark.asyncio
async def test_a_wrong_token_ends_the_bot_with_a_clear_error_without_the_token(scene):
    wrong = "111111111:WRONGwrongWRONGwrongWRONG-_0000"
    async with scene.bot(token=wrong) as running:
        with pytest.raises(TokenRefused, match="BotFather") as refused:
            await asyncio.wait_for(running.task, 4)
    assert wrong not in str(refused.value)
    assert refused.value.__suppress_context__


@pytest.mark.asyncio
async def test_a_token_that_is_taken_back_later_ends_the_bot_too(scene):
    scene.api.faults.append(Fault("getUpdates", times=5, code=401, description="Unauthorized"))
    async with scene.bot() as running:
        with pytest.raises(TokenRefused):
            await asyncio.wait_for(running.task, 4)
