"""Letters: in order per chat, never lost, never held up by another chat."""

from __future__ import annotations

import asyncio
import struct
import zlib
from base64 import b64encode

import pytest

from bot import postman
from bot.hear import address_of, leader_of
from bot.letters import carry, is_ours, parcels
from tests.bot.fake_bot_api import Fault, membership
from tests.bot.fake_guide import letter

ANNE, BOB = 101, 202


@pytest.mark.asyncio
async def test_a_chat_that_must_slow_down_waits_as_long_as_asked_and_holds_up_nobody(scene):
    scene.naps.held[7.0] = asyncio.Event()
    scene.api.faults.append(Fault("sendMessage", ANNE, code=429, description="Too Many Requests", retry_after=7))
    async with scene.bot():
        await scene.api.says(ANNE, "een")
        await scene.api.says(ANNE, "twee")
        await scene.api.until(lambda: scene.api.asked.count("sendmessage") == 1)
        for text in ("a", "b", "c"):
            await scene.api.says(BOB, text)
        await scene.api.until(lambda: len(scene.api.texts(BOB)) == 3)
        assert scene.api.texts(ANNE) == []
        assert scene.api.asked.count("sendmessage") == 4
        scene.naps.held[7.0].set()
        await scene.api.until(lambda: len(scene.api.texts(ANNE)) == 2)
    assert scene.api.texts(ANNE) == ["gehoord: een", "gehoord: twee"]
    assert scene.naps.asked == [7.0]


@pytest.mark.asyncio
async def test_the_outbox_is_looked_into_once_and_after_that_each_answer_goes_as_it_comes(scene, eventually):
    reads: list[str] = []
    read = scene.keeper._keeper.read

    async def counted(leader):
        reads.append(leader)
        return await read(leader)

    scene.keeper._keeper.read = counted

    async def nothing_waits():
        return not (await read(leader_of(ANNE))).letters

    async with scene.bot():
        for number, text in enumerate(("een", "twee", "drie"), 1):
            await scene.api.says(ANNE, text)
            await scene.api.until(lambda number=number: len(scene.api.texts(ANNE)) == number)
            await eventually(nothing_waits)
    assert scene.api.texts(ANNE) == ["gehoord: een", "gehoord: twee", "gehoord: drie"]
    turns = 3
    assert len(reads) == turns + 1


@pytest.mark.asyncio
async def test_a_letter_laid_in_the_outbox_by_another_way_goes_before_the_answer_that_came_after_it(scene):
    async with scene.bot():
        await scene.api.says(ANNE, "een")
        await scene.api.until(lambda: scene.api.texts(ANNE))
        scene.guide.due = [(leader_of(ANNE), "Hoe ging het?")]
        await scene.guide.come_due(scene.now())
        await scene.api.says(ANNE, "twee")
        await scene.api.until(lambda: len(scene.api.texts(ANNE)) == 3)
    assert scene.api.texts(ANNE) == ["gehoord: een", "Hoe ging het?", "gehoord: twee"]


@pytest.mark.asyncio
async def test_a_letter_that_could_not_be_taken_off_is_taken_off_with_the_next_and_not_sent_again(
    scene, eventually, caplog
):
    delivered = scene.keeper._keeper.delivered
    faults = [RuntimeError()]

    async def shaky(leader, number):
        if faults:
            raise faults.pop()
        await delivered(leader, number)

    scene.keeper._keeper.delivered = shaky

    async def nothing_waits():
        return not await scene.waiting(ANNE)

    async with scene.bot():
        await scene.api.says(ANNE, "een")
        await eventually(lambda: "A letter was set aside: RuntimeError" in caplog.text)
        await scene.api.says(ANNE, "twee")
        await scene.api.until(lambda: len(scene.api.texts(ANNE)) == 2)
        await eventually(nothing_waits)
    assert scene.api.texts(ANNE) == ["gehoord: een", "gehoord: twee"]


TROUBLES = {
    "a busy server": Fault("sendMessage", ANNE, times=3, code=500, description="Internal Server Error"),
    "a page of a proxy": Fault("sendMessage", ANNE, times=3, code=502, page=b"<html>Bad Gateway</html>"),
    "a refusal by a proxy": Fault("sendMessage", ANNE, times=3, code=403, page=b"<html>Forbidden</html>"),
    "broken JSON": Fault("sendMessage", ANNE, times=3, page=b'{"ok": tr'),
    "a connection that breaks": Fault("sendMessage", ANNE, times=3, reset="before"),
}


@pytest.mark.asyncio
@pytest.mark.parametrize("fault", TROUBLES.values(), ids=TROUBLES)
async def test_clear_trouble_delays_letters_and_neither_loses_doubles_nor_reorders_them(scene, eventually, fault):
    scene.api.faults.append(fault)
    async with scene.bot():
        for text in ("een", "twee", "drie"):
            await scene.api.says(ANNE, text)
        await scene.api.until(lambda: len(scene.api.texts(ANNE)) == 3)

        async def nothing_waits():
            return not await scene.waiting(ANNE)

        await eventually(nothing_waits)
    assert scene.api.texts(ANNE) == ["gehoord: een", "gehoord: twee", "gehoord: drie"]
    assert scene.naps.asked == [0.5, 1.0, 2.0]
    assert scene.guide.gone == []


@pytest.mark.asyncio
async def test_a_connection_that_breaks_after_the_message_arrived_costs_one_extra_copy_at_most(scene):
    scene.api.faults.append(Fault("sendMessage", ANNE, reset="after"))
    async with scene.bot():
        await scene.api.says(ANNE, "een")
        await scene.api.says(ANNE, "twee")
        await scene.api.until(lambda: "gehoord: twee" in scene.api.texts(ANNE))
    assert scene.api.texts(ANNE) == ["gehoord: een", "gehoord: een", "gehoord: twee"]


CLOSED = {
    "blocked": Fault("sendMessage", ANNE, code=403, description="Forbidden: bot was blocked by the user"),
    "deactivated": Fault("sendMessage", ANNE, code=403, description="Forbidden: user is deactivated"),
    "gone": Fault("sendMessage", ANNE, code=400, description="Bad Request: chat not found"),
}


@pytest.mark.asyncio
@pytest.mark.parametrize("fault", CLOSED.values(), ids=CLOSED)
async def test_somebody_who_cannot_be_reached_is_paused_and_their_letters_are_dropped(scene, eventually, fault):
    scene.guide.after["veel"] = tuple(letter(0, address_of(ANNE), text) for text in ("a", "b", "c"))
    scene.api.faults.append(fault)
    async with scene.bot():
        await scene.api.says(ANNE, "veel")
        await eventually(lambda: scene.guide.gone)
        assert await scene.waiting(ANNE) == []
        await scene.api.says(BOB, "en ik")
        await scene.api.until(lambda: scene.api.texts(BOB))
        page = await scene.keeper.read(leader_of(ANNE))
        assert page.conversation.paused
        await scene.api.says(ANNE, "daar ben ik weer")
        await scene.api.until(lambda: scene.api.texts(ANNE))
    assert scene.api.texts(ANNE) == ["gehoord: daar ben ik weer"]
    assert scene.api.asked.count("sendmessage") == 3


@pytest.mark.asyncio
async def test_somebody_who_blocks_the_bot_is_paused(scene, eventually):
    async with scene.bot():
        await scene.api.send("my_chat_member", membership(ANNE, "member", "kicked"))
        await eventually(lambda: scene.guide.gone == [leader_of(ANNE)])
        await scene.api.send("my_chat_member", membership(BOB, "kicked", "member"))
        await scene.api.says(BOB, "terug")
        await scene.api.until(lambda: scene.api.texts(BOB))
    assert scene.guide.gone == [leader_of(ANNE)]


@pytest.mark.asyncio
async def test_a_letter_telegram_refuses_is_dropped_and_the_next_ones_go(scene, caplog):
    scene.guide.after["veel"] = tuple(letter(0, address_of(ANNE), text) for text in ("canary-text", "b", "c"))
    refusal = "Bad Request: canary-text is not allowed"
    scene.api.faults.append(Fault("sendMessage", ANNE, code=400, description=refusal))
    async with scene.bot():
        await scene.api.says(ANNE, "veel")
        await scene.api.until(lambda: len(scene.api.texts(ANNE)) == 2)
    assert scene.api.texts(ANNE) == ["b", "c"]
    assert "A letter was dropped: REFUSED" in caplog.text
    assert "canary" not in caplog.text
    assert str(ANNE) not in caplog.text


@pytest.mark.asyncio
async def test_letters_that_could_not_be_stored_arrive_although_the_store_is_down(scene, eventually):
    scene.guide.unkept.update(("ik kan niet meer", "echt niet"))
    async with scene.bot():
        await scene.api.until(lambda: scene.api.polls)
        scene.keeper.down = True
        await scene.api.says(ANNE, "ik kan niet meer")
        await scene.api.until(lambda: len(scene.api.texts(ANNE)) == 1)
        await eventually(scene.keeper.refused.is_set)
        await scene.api.says(ANNE, "echt niet")
        await scene.api.until(lambda: len(scene.api.texts(ANNE)) == 2)
    assert scene.api.texts(ANNE) == ["niet bewaard: ik kan niet meer", "niet bewaard: echt niet"]


@pytest.mark.asyncio
async def test_letters_that_could_not_be_stored_are_given_up_after_a_while_and_hold_up_nothing(scene, caplog):
    scene.guide.unkept.add("vluchtig")
    scene.api.faults.append(Fault("sendMessage", ANNE, times=8, code=500, description="Internal Server Error"))
    async with scene.bot():
        await scene.api.says(ANNE, "vluchtig")
        await scene.api.says(ANNE, "blijvend")
        await scene.api.until(lambda: "gehoord: blijvend" in scene.api.texts(ANNE))
    assert scene.api.texts(ANNE) == ["gehoord: blijvend"]
    assert "A letter was dropped: LATER" in caplog.text


@pytest.mark.asyncio
async def test_an_edit_redraws_the_message_and_counts_when_nothing_changed(scene, eventually):
    async with scene.bot():
        await scene.api.says(ANNE, "kruis aan")
        await scene.api.until(lambda: scene.api.texts(ANNE))
        number = scene.api.sent(ANNE)[0]["message_id"]
        redrawn = letter(0, address_of(ANNE), "kruis aan (1)", "1:x", edits=str(number))
        scene.guide.after["vink"] = (redrawn,)
        for _ in range(2):
            await scene.api.says(ANNE, "vink")

        async def nothing_waits():
            return scene.api.asked.count("editmessagetext") == 2 and not await scene.waiting(ANNE)

        await eventually(nothing_waits)
    assert scene.api.messages[ANNE, number]["text"] == "kruis aan (1)"
    assert len(scene.api.sent(ANNE)) == 1


@pytest.mark.asyncio
async def test_an_edit_without_text_redraws_the_buttons_alone(scene):
    async with scene.bot():
        await scene.api.says(ANNE, "kruis aan")
        await scene.api.until(lambda: scene.api.texts(ANNE))
        number = scene.api.sent(ANNE)[0]["message_id"]
        scene.guide.after["vink"] = (letter(0, address_of(ANNE), "", "1:y", edits=str(number)),)
        await scene.api.says(ANNE, "vink")
        await scene.api.until(lambda: "editmessagereplymarkup" in [call.method for call in scene.api.calls])
    assert scene.api.messages[ANNE, number]["text"] == "gehoord: kruis aan"


@pytest.mark.asyncio
async def test_an_edit_of_a_message_that_is_gone_is_sent_anew(scene):
    scene.guide.after["vink"] = (letter(0, address_of(ANNE), "opnieuw", "1:x", edits="4711"),)
    async with scene.bot():
        await scene.api.says(ANNE, "vink")
        await scene.api.until(lambda: scene.api.texts(ANNE))
    assert scene.api.texts(ANNE) == ["opnieuw"]


@pytest.mark.asyncio
async def test_a_long_text_arrives_whole_in_pieces_with_the_buttons_under_the_last(scene):
    text = "\n\n".join(f"Alinea {number}. " + "Dit is een zin. " * 40 for number in range(20)).strip()
    scene.guide.after["alles"] = (letter(0, address_of(ANNE), text, "1:ja"),)
    async with scene.bot():
        await scene.api.says(ANNE, "alles")
        await scene.api.until(lambda: "".join(scene.api.texts(ANNE)) == text)
    *first, last = scene.api.sent(ANNE)
    assert len(first) > 1
    assert all("reply_markup" not in values for values in first)
    assert last["reply_markup"]["inline_keyboard"][0][0]["callback_data"] == "1:ja"


@pytest.mark.asyncio
async def test_a_document_goes_with_its_text_as_caption_or_before_it_when_long(scene):
    body = '{"reflecties": ["één", "<b>&"]}'
    files = [
        letter(0, address_of(ANNE), text, file="export.json", body=body) for text in ("Hier is alles.", "x" * 1500)
    ]
    scene.guide.after["export"] = tuple(files)
    async with scene.bot():
        await scene.api.says(ANNE, "export")
        await scene.api.until(lambda: len(scene.api.sent(ANNE)) == 3)
    short, before, long = scene.api.sent(ANNE)
    assert (short["document"].name, short["document"].decode(), short["caption"]) == (
        "export.json",
        body,
        "Hier is alles.",
    )
    assert before["text"] == "x" * 1500
    assert "caption" not in long


def drawn() -> str:
    """Return a picture of one point as a letter holds it."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    head, point = struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0), zlib.compress(bytes(4))
    parts = chunk(b"IHDR", head) + chunk(b"IDAT", point) + chunk(b"IEND", b"")
    return b64encode(b"\x89PNG\r\n\x1a\n" + parts).decode()


@pytest.mark.asyncio
async def test_a_picture_goes_with_its_words_and_buttons_under_it(scene):
    scene.guide.after["scan"] = (letter(0, address_of(ANNE), "Je profiel.", "1:ja", picture=drawn()),)
    async with scene.bot():
        await scene.api.says(ANNE, "scan")
        await scene.api.until(lambda: scene.api.sent(ANNE))
    (sent,) = scene.api.sent(ANNE)
    assert b64encode(sent["photo"]).decode() == drawn()
    assert sent["photo"].name.endswith(".png")
    assert sent["caption"] == "Je profiel."
    assert sent["reply_markup"]["inline_keyboard"][0][0]["callback_data"] == "1:ja"


@pytest.mark.asyncio
async def test_a_picture_goes_before_its_words_when_they_are_long_and_the_buttons_stand_under_the_words(scene):
    scene.guide.after["scan"] = (letter(0, address_of(ANNE), "x" * 1500, "1:ja", picture=drawn()),)
    async with scene.bot():
        await scene.api.says(ANNE, "scan")
        await scene.api.until(lambda: len(scene.api.sent(ANNE)) == 2)
    photo, words = scene.api.sent(ANNE)
    assert b64encode(photo["photo"]).decode() == drawn()
    assert "caption" not in photo
    assert "reply_markup" not in photo
    assert words["text"] == "x" * 1500
    assert words["reply_markup"]["inline_keyboard"][0][0]["callback_data"] == "1:ja"


REFUSED = {"not a picture": b64encode(b"canary-text").decode(), "not even base64": "canary-text!"}


@pytest.mark.asyncio
@pytest.mark.parametrize("text", ["Je profiel.", "x" * 1500], ids=["short", "long"])
@pytest.mark.parametrize("picture", REFUSED.values(), ids=REFUSED)
async def test_a_picture_that_is_refused_does_not_hold_up_the_words(scene, eventually, picture, text):
    letters = letter(0, address_of(ANNE), text, "1:ja", picture=picture), letter(0, address_of(ANNE), "En dan?")
    scene.guide.after["scan"] = letters

    async def nothing_waits():
        return not await scene.waiting(ANNE)

    async with scene.bot():
        await scene.api.says(ANNE, "scan")
        await scene.api.until(lambda: "En dan?" in scene.api.texts(ANNE))
        await eventually(nothing_waits)
    assert scene.api.texts(ANNE) == [text, "En dan?"]
    assert scene.api.sent(ANNE)[0]["reply_markup"]["inline_keyboard"][0][0]["callback_data"] == "1:ja"


@pytest.mark.asyncio
@pytest.mark.parametrize("text", ["Je profiel.", "x" * 1500], ids=["short", "long"])
async def test_trouble_with_a_picture_delays_it_and_doubles_nothing(scene, text):
    scene.api.faults.append(Fault("sendPhoto", ANNE, times=2, code=500, description="Internal Server Error"))
    scene.guide.after["scan"] = (letter(0, address_of(ANNE), text, "1:ja", picture=drawn()),)
    async with scene.bot():
        await scene.api.says(ANNE, "scan")
        await scene.api.says(ANNE, "daarna")
        await scene.api.until(lambda: "gehoord: daarna" in scene.api.texts(ANNE))
    sent = [values.get("caption") or values.get("text", "") for values in scene.api.sent(ANNE)]
    assert sent == ([text] if len(text) < 1000 else ["", text]) + ["gehoord: daarna"]
    assert scene.naps.asked == [0.5, 1.0]


@pytest.mark.asyncio
async def test_somebody_who_blocked_the_bot_gets_no_words_after_the_picture(scene, eventually):
    scene.api.faults.append(Fault("sendPhoto", ANNE, code=403, description="Forbidden: bot was blocked by the user"))
    scene.guide.after["scan"] = (letter(0, address_of(ANNE), "x" * 1500, picture=drawn()),)
    async with scene.bot():
        await scene.api.says(ANNE, "scan")
        await eventually(lambda: scene.guide.gone)
    assert scene.api.sent(ANNE) == []


@pytest.mark.asyncio
async def test_a_picture_never_takes_the_place_of_an_earlier_message(scene):
    scene.guide.after["vink"] = (letter(0, address_of(ANNE), "klaar", "1:x", edits="4711", picture=drawn()),)
    async with scene.bot():
        await scene.api.says(ANNE, "vink")
        await scene.api.until(lambda: scene.api.sent(ANNE))
    assert [values["caption"] for values in scene.api.sent(ANNE)] == ["klaar"]
    assert "editmessagetext" not in scene.api.asked


@pytest.mark.asyncio
async def test_what_somebody_wrote_goes_out_as_it_is_and_half_characters_do_no_harm(scene):
    text = "<b>{{7*7}}</b> *_[x](http://a.nl)_* & \u202eomgekeerd\u202c \u200b 👩‍👩‍👧"
    scene.guide.after["tekst"] = (letter(0, address_of(ANNE), text), letter(0, address_of(ANNE), "los \ud83d teken"))
    async with scene.bot():
        await scene.api.says(ANNE, "tekst")
        await scene.api.until(lambda: len(scene.api.texts(ANNE)) == 2)
    assert scene.api.texts(ANNE) == [text, "los � teken"]


@pytest.mark.asyncio
async def test_a_tap_is_always_answered(scene):
    scene.guide.fails["1:stuk"] = [RuntimeError()] * 9
    scene.api.faults.append(Fault("answerCallbackQuery", code=500, description="Internal Server Error"))
    async with scene.bot():
        good = await scene.api.taps(ANNE, 5, "1:ja")
        bad = await scene.api.taps(BOB, 6, "1:stuk")
        await scene.api.until(lambda: set(scene.api.answered()) == {good, bad})
    assert scene.api.answered() == {good: "even geduld", bad: ""}


@pytest.mark.asyncio
async def test_a_tap_is_answered_before_the_store_is_back(scene):
    async with scene.bot():
        await scene.api.until(lambda: scene.api.polls)
        scene.keeper.down = True
        query = await scene.api.taps(ANNE, 5, "1:ja")
        await scene.api.until(lambda: query in scene.api.answered())
        scene.keeper.down = False
        await scene.api.until(lambda: scene.api.texts(ANNE))
    assert list(scene.api.answered()) == [query]


@pytest.mark.asyncio
async def test_reminders_that_come_due_are_sent_and_the_loop_survives_trouble(scene, caplog):
    async with scene.bot():
        await scene.api.says(ANNE, "hallo")
        await scene.api.until(lambda: scene.api.texts(ANNE))
        scene.guide.due = [("nobody", "dit gaat mis")]
        scene.naps.look_again()
        await scene.api.says(ANNE, "nog eens")
        await scene.api.until(lambda: len(scene.api.texts(ANNE)) == 2)
        scene.guide.due = [(leader_of(ANNE), "Hoe ging het?")]
        scene.naps.look_again()
        await scene.api.until(lambda: "Hoe ging het?" in scene.api.texts(ANNE))
    assert "Looking for what is due failed: AttributeError" in caplog.text


@pytest.mark.asyncio
async def test_at_most_thirty_messages_leave_in_any_second(scene, monkeypatch):
    """Counted where they leave: on a busy machine several that left apart may arrive together."""
    loop = asyncio.get_running_loop()
    left: list[float] = []
    chats = range(1000, 1045)
    for chat in chats:
        scene.guide.after[f"hoi {chat}"] = (letter(0, address_of(chat), "hoi"),)

    def noted(line, parcel):
        left.append(loop.time())
        return carry(line, parcel)

    monkeypatch.setattr(postman, "carry", noted)
    async with scene.bot():
        for chat in chats:
            await scene.api.says(chat, f"hoi {chat}")
        await scene.api.until(lambda: len(scene.api.sent()) == len(chats))
    assert len(left) == len(chats)
    assert max(sum(start <= moment < start + 1 for moment in left) for start in left) <= 31


def test_letters_of_other_shells_are_left_alone():
    theirs = letter(1, "terminal", "hallo")
    assert not is_ours(theirs)
    assert parcels(theirs) == ()
