"""
Hostile input: any update that the Bot API could bring, texts that look like code, and buttons that nobody was given.

FUZ-7 (invitations) comes with the coaches. FUZ-9 does not apply: no table of cells is ever exported.
"""

from __future__ import annotations

import asyncio
import gc
import json
import resource
import time
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from itertools import count
from pathlib import Path
from random import Random

import pytest
import regex
from hypothesis import given, settings
from hypothesis import strategies as st
from jinja2 import Environment
from telegram import Update
from telegram.error import TelegramError
from telegram.ext import Defaults, ExtBot

from bot.hear import leader_of
from bot.pieces import LONGEST, units
from content.exporting import PageExporter
from dialogues.ports import Page
from storage.in_memory import InMemoryKeeper
from storage.in_tinydb import TinyDbKeeper
from storage.journal import current_format
from tests.bot.fake_bot_api import TOKEN, message, person_of, tap
from tests.dialogues.held import LEADER, TUESDAY
from tests.reliability import virtual
from tests.reliability.air import Air, StockRequest
from tests.reliability.guides import guide_on
from tests.reliability.hostile import MARKUP, SIGNS, TEMPLATES, TEXTS, Shapes
from tests.reliability.whole import ANNE, TO_CONTACT, Whole, place, working


def hold(air, catalogue, matcher, story, keeper=None):
    async def scene():
        async with working(air, keeper or InMemoryKeeper(), catalogue, matcher) as whole:
            return await story(whole)

    return virtual.run(scene())


# -- FUZ-1: random updates -------------------------------------------------------------------------------------------


async def bombarded(whole: Whole, updates: int, seed: int, show=lambda *_: None) -> tuple[list[float], float]:
    """
    Take random updates in; return how long each took, in seconds, and how much more memory was held at the end than
    halfway, in MiB.
    """
    shapes, took, settled = Shapes(seed), [], 0.0
    await begin_anew(whole)
    for number in range(updates):
        raw = json.loads(json.dumps(shapes.update()))
        if "callback_query" in raw:
            whole.air.queries.add(raw["callback_query"]["id"])
        began = time.perf_counter()
        await whole.reception.take(raw, insist=True)
        took.append(time.perf_counter() - began)
        if number % 1000 == 999:
            await begin_anew(whole)
        if number == updates // 2:
            settled = resident()
        show(number + 1, updates)
    await begin_anew(whole)
    return took, resident() - settled


def resident() -> float:
    """Return the MiB that this process has in memory."""
    gc.collect()
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 2**20


async def begin_anew(whole: Whole) -> None:
    """
    Let letters arrive, have the fakes drop what they remember, so that the memory of the bot is measured.

    Then bring some people to the middle of a conversation.
    """
    await asyncio.sleep(600)
    await whole.postman.wake_waiting()
    await asyncio.sleep(60)
    for leader in list(whole.keeper._pages.texts):
        await whole.keeper.erase(leader)
    for kept in (whole.air.calls, whole.air.messages, whole.air.made, whole.air.asked, whole.air.queries):
        kept.clear()
    for person in (1, 2, 3):
        await whole.held(*TO_CONTACT, person=person)


def bombard(air, catalogue, matcher, caplog, updates: int, seed: int, show=lambda *_: None) -> tuple[float, float]:
    """Return the 99th percentile in milliseconds and the growth in MiB."""
    took, grown = hold(air, catalogue, matcher, lambda whole: bombarded(whole, updates, seed, show))
    aside = [record.getMessage() for record in caplog.records if "set aside" in record.getMessage()]
    assert aside == []
    assert air.violations == []
    return sorted(took)[len(took) * 99 // 100] * 1000, grown


@pytest.mark.parametrize("seed", [20261125])
def test_fuz_1_random_updates_are_all_handled_quickly_and_leave_no_memory(
    air, catalogue, matcher, caplog, seed, measured
):
    p99, grown = bombard(air, catalogue, matcher, caplog, 2000, seed)
    assert p99 <= 250
    assert grown <= 20
    measured("FUZ-1", updates=2000, unhandled=0, p99=f"{p99:.0f} ms", grown=f"{grown:.1f} MiB")


@pytest.mark.long
def test_fuz_1_at_full_size(air, catalogue, matcher, caplog, seed, measured, progress):
    """A hundred thousand updates; some five minutes a seed."""
    p99, grown = bombard(air, catalogue, matcher, caplog, 100_000, seed, progress)
    assert p99 <= 250
    assert grown <= 20
    measured("FUZ-1", updates=100_000, unhandled=0, p99=f"{p99:.0f} ms", grown=f"{grown:.1f} MiB")


def test_fuz_1_known_bad_parsing_without_a_net_raises_where_the_reception_goes_on(air, catalogue, matcher):
    async def story(whole: Whole) -> None:
        strange = {**message(1, ANNE, text="x"), "date": "gisteren"}
        await whole.take("message", strange)
        await whole.rest()
        assert len(whole.air.texts(ANNE)) == 1
        with pytest.raises((TypeError, ValueError)):
            Update.de_json({"update_id": 1, "message": strange}, whole.line.bot)

    hold(air, catalogue, matcher, story)


# -- FUZ-2 and FUZ-3: shown as written -------------------------------------------------------------------------------


async def answers_with(whole: Whole, text: str) -> Page:
    """Answer every question on the way to a plan with *text*."""
    await whole.held(*TO_CONTACT[:3], text, "[Begin een traject]", "[Mijn eigen denken]")
    while (await whole.at()).startswith("journey") and not (await whole.at()).endswith("sentence"):
        await whole.says(text)
    await whole.held("[Ja, zo is het]", "[Ja, ik wil]", "[Ja]", "[Te spannend]", "[Klopt]")
    await whole.says(text)
    await whole.says(f"/zoek {text}"[:4096])
    await whole.says(f"/{text}")
    for command in ("/laatste", "/toon r1", "/overzicht", "/mijndata"):
        await whole.says(command)
    return await whole.page()


@pytest.mark.parametrize("text", TEMPLATES)
def test_fuz_2_what_looks_like_a_template_is_shown_and_kept_as_it_was_written(air, catalogue, matcher, text):
    page = hold(air, catalogue, matcher, lambda whole: answers_with(whole, f"lesbezoek {text}"))
    shown = "\n".join(air.texts(ANNE))
    files = "\n".join(values["document"].decode() for values in air.sent(ANNE) if "document" in values)
    assert sum(text in kept.text for kept in page.journal) >= 3
    assert shown.count(text) >= 4
    assert text in files
    assert "49" not in shown.replace(text, "")
    assert "x" * 49 not in shown


def test_fuz_2_names_of_people_and_chats_are_not_even_read(air, catalogue, matcher):
    async def story(whole: Whole) -> None:
        person = {**person_of(ANNE), "first_name": "{{7*7}}", "last_name": "%s", "username": "canary_name"}
        await whole.take("message", {**message(9, ANNE, text="hallo"), "from": person})
        await whole.rest()
        assert "canary" not in str(whole.keeper._pages.texts)
        assert "7*7" not in str(whole.keeper._pages.texts)

    hold(air, catalogue, matcher, story)


def test_fuz_2_known_bad_putting_a_text_into_the_template_computes_it():
    echo = Environment(autoescape=True).from_string(f"Je schrijft: “{TEMPLATES[0]}”").render()
    assert "49" in echo


@pytest.mark.parametrize("text", MARKUP)
def test_fuz_3_markup_goes_out_as_it_is_and_is_never_refused(air, catalogue, matcher, text):
    hold(air, catalogue, matcher, lambda whole: answers_with(whole, f"lesbezoek {text}"))
    assert not air.violations
    assert all("parse_mode" not in values for values in air.sent())
    assert any(text in shown for shown in air.texts(ANNE))


def test_fuz_3_known_bad_a_parse_mode_is_refused_or_eats_what_was_written(air):
    async def scene() -> None:
        bot = ExtBot(TOKEN, request=StockRequest(air), defaults=Defaults(parse_mode="MarkdownV2"))
        with pytest.raises(TelegramError):
            await bot.send_message(ANNE, MARKUP[2])

    virtual.run(scene())
    assert any("parse_mode" in violation for violation in air.violations)


# -- FUZ-4: long texts -----------------------------------------------------------------------------------------------


def sent_whole(air: Air, text: str) -> list[str]:
    """Send *text* as a letter, and return the messages that arrive."""
    from tests.bot.fake_guide import letter  # noqa: PLC0415
    from tests.reliability.test_outgoing import Post  # noqa: PLC0415

    async def scene() -> list[str]:
        post = Post(air)
        before = len(air.texts(1))
        post.postman.send([letter(0, "telegram:1", text, "1:ja")], None)
        await asyncio.sleep(120)
        await post.postman.close(1)
        return air.texts(1)[before:]

    return virtual.run(scene())


ALPHABETS = ("woord. ", "👩‍👩‍👧‍👦", "é", "a\n\n", "🇳🇱 ", "<b>&amp;</b> ")


@settings(max_examples=40, deadline=None)
@given(alphabet=st.sampled_from(ALPHABETS), length=st.integers(1, 40_000), shift=st.integers(0, 7))
def test_fuz_4_a_text_of_any_length_arrives_whole_and_in_order_cut_inside_no_character(alphabet, length, shift):
    with pytest.MonkeyPatch.context() as patch:
        air = Air().reached(patch)
        text = ("-" * shift + alphabet * (length // len(alphabet) + 1))[:length].strip() or "x"
        pieces = sent_whole(air, text)
    assert "".join(pieces) == text
    assert all(units(piece) <= LONGEST for piece in pieces)
    clusters = regex.findall(r"\X", text)
    assert [cluster for piece in pieces for cluster in regex.findall(r"\X", piece)] == clusters
    assert not air.violations
    keyboards = ["reply_markup" in values for values in air.sent(1)]
    assert keyboards == [False] * (len(pieces) - 1) + [True]


def test_fuz_4_known_bad_cutting_by_number_splits_a_family():
    text = "--" + "👩‍👩‍👧‍👦" * 600
    pieces = [text[start : start + 4096] for start in range(0, len(text), 4096)]
    assert [c for piece in pieces for c in regex.findall(r"\X", piece)] != regex.findall(r"\X", text)
    assert any(units(piece) > 4096 for piece in pieces)


# -- FUZ-5: signs that break files -----------------------------------------------------------------------------------


def test_fuz_5_strange_signs_give_the_same_page_on_both_keepers(catalogue, matcher, tmp_path, measured):
    async def scene() -> tuple[Page, Page]:
        pages = []
        for keeper in (InMemoryKeeper(), TinyDbKeeper(tmp_path / "store")):
            guide = guide_on(keeper, catalogue, matcher)
            number = count(1)
            for text in (
                "hallo",
                "Nederlands",
                "akkoord",
                *(text for sign in SIGNS for text in (sign, "bewaren", "nee")),
            ):
                source = str(next(number))
                heard = guide.read(text, source)
                await guide.hear(LEADER, "telegram:1", heard, TUESDAY, f"u{source}")
            pages.append(await keeper.read(LEADER))
            await keeper.close()
        again = TinyDbKeeper(tmp_path / "store")
        pages[1] = await again.read(LEADER)
        await again.close()
        return tuple(pages)

    first, second = asyncio.run(scene())
    assert first == second
    assert len(first.journal) > 5
    for form in ("json", "md"):
        PageExporter(catalogue, current_format()).export(first, "nl", form).encode()
    measured("FUZ-5", texts=len(SIGNS), different=0)


def test_fuz_5_known_bad_a_file_written_as_plain_utf_8_refuses_half_a_character():
    with pytest.raises(UnicodeEncodeError):
        json.dumps("\ud800", ensure_ascii=False).encode()


# -- FUZ-6: buttons nobody was given ---------------------------------------------------------------------------------

BOB = ANNE + 1
TOLD = {"Deze vraag is al beantwoord.", "Deze vraag wacht nog. Met /verder pak je hem weer op."}


MADE_UP = ("agree", "erase", "yes", "admin", "go_on", "../..", "propose_yes", "on", "{{7*7}}")


def forged(dice: Random, anne: list[str], nonce: str) -> str:
    """Return a payload that is made up, changed, replayed or somebody else's, and none of the open question's own."""
    real = dice.choice(anne)
    kind = dice.randrange(6)
    if kind == 0:
        return real
    if kind == 1:
        place = dice.randrange(len(real))
        return real[:place] + chr(dice.randrange(32, 127)) + real[place + 1 :]
    if kind == 2:
        return f"{nonce}:{dice.choice(MADE_UP)}"
    if kind == 3:
        return f"{int(nonce) + dice.randrange(-50, 50)}:{dice.choice(('yes', 'later', 'skip', 'stop'))}"
    if kind == 4:
        return "".join(chr(dice.randrange(33, 126)) for _ in range(dice.randrange(1, 64)))
    return dice.choice((":", "::", nonce, f"{nonce}:", f":{nonce}", f"{nonce}:later:skip", f" {nonce}:later"))


async def forge(whole: Whole, tries: int, seed: int, show=lambda *_: None) -> Counter[str]:
    """Have Anne and Bob tap what they were not given; return what they were told."""
    dice = Random(seed)
    await whole.held(*TO_CONTACT)
    await whole.held(*TO_CONTACT[:5], person=BOB)
    own = {person: (await whole.page(person)).conversation.frame.nonce for person in (ANNE, BOB)}
    payloads = [data for _, _, data in whole.buttons(ANNE)]
    before = {person: await whole.page(person) for person in (ANNE, BOB)}
    shown = {
        person: {data for _, _, data in whole.buttons(person) if data.startswith(f"{own[person]}:")}
        for person in (ANNE, BOB)
    }
    sent = len(whole.air.sent())
    for number in range(tries):
        person = dice.choice((ANNE, BOB))
        payload = forged(dice, payloads, own[person])[:64]
        if payload in shown[person] or payload.startswith("care:"):
            continue
        query = f"f{number}"
        whole.air.queries.add(query)
        await whole.take("callback_query", tap(query, person, dice.choice((1, 5, 999, 2**31)), payload))
        if number % 100 == 0:
            # Spread over days, since the ids of two days of updates are remembered.
            await asyncio.sleep(timedelta(hours=6).total_seconds())
        show(number + 1, tries)
    await whole.rest()
    for person, page in before.items():
        after = await whole.page(person)
        assert replace(after.conversation, heard=None) == replace(page.conversation, heard=None)
        assert (after.journal, after.letters) == (page.journal, page.letters)
    assert len(whole.air.sent()) == sent
    return Counter(text for query, text in whole.air.answered().items() if query.startswith("f"))


def forge_all(air, catalogue, matcher, tries: int, seed: int, show=lambda *_: None) -> Counter[str]:
    told = hold(air, catalogue, matcher, lambda whole: forge(whole, tries, seed, show))
    assert set(told) <= TOLD
    assert told.total() > tries * 0.8
    return told


@pytest.mark.parametrize("seed", [113])
def test_fuz_6_forged_changed_replayed_and_borrowed_buttons_change_and_tell_nothing(
    air, catalogue, matcher, seed, measured
):
    told = forge_all(air, catalogue, matcher, 1000, seed)
    measured("FUZ-6", forged=told.total(), changes=0, different_answers=len(told))


@pytest.mark.long
def test_fuz_6_at_full_size(air, catalogue, matcher, seed, measured, progress):
    """Twenty thousand; some half a minute a seed."""
    told = forge_all(air, catalogue, matcher, 20_000, seed, progress)
    measured("FUZ-6", forged=told.total(), changes=0, different_answers=len(told))


def test_fuz_6_known_bad_a_payload_that_names_the_person_acts_for_somebody_else(air, catalogue, matcher, monkeypatch):
    async def story(whole: Whole) -> None:
        await whole.held(*TO_CONTACT)
        here = await whole.at()
        hear = whole.guide.hear

        async def for_whom_it_says(leader, address, heard, *more):
            return await hear(leader_of(ANNE), address, heard, *more)

        monkeypatch.setattr(whole.guide, "hear", for_whom_it_says)
        data = next(data for _, words, data in reversed(whole.buttons(ANNE)) if words == "Overslaan")
        await whole.taps_data(data, 1, BOB)
        assert await whole.at() != here

    hold(air, catalogue, matcher, story)


# -- FUZ-8: a name that changes hands --------------------------------------------------------------------------------


def test_fuz_8_who_takes_over_a_username_takes_over_nothing(air, catalogue, matcher):
    async def story(whole: Whole) -> None:
        named = {**person_of(ANNE), "username": "directeur_anne"}
        await whole.held(*TO_CONTACT, "dat ze lachen")
        renamed = {**person_of(ANNE), "username": "een_andere_naam"}
        taker = {**person_of(BOB), "username": named["username"], "first_name": named["first_name"]}
        before = await whole.page()
        await whole.take("message", {**message(whole.air.ids(), BOB, text="/laatste"), "from": taker})
        await whole.rest()
        assert not any("lachen" in text for text in whole.air.texts(BOB))
        assert await whole.at(BOB) == "meeting.language"
        assert await whole.page() == before
        await whole.take("message", {**message(whole.air.ids(), ANNE, text="/laatste"), "from": renamed})
        await whole.rest()
        assert any("lachen" in text for text in whole.air.texts(ANNE)[-3:])
        assert place((await whole.page()).conversation) == place(before.conversation)

    hold(air, catalogue, matcher, story)


def test_fuz_8_known_bad_a_person_known_by_username_is_somebody_else_after_a_change():
    known = {f"@{person['username']}": person["id"] for person in (person_of(ANNE), person_of(BOB))}
    assert len(known) == 1


def test_every_hostile_text_is_one_of_its_kind():
    assert len(set(TEXTS)) == len(TEXTS)
