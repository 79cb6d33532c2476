"""
The dialogue under fire: floods, identical taps, old buttons, edits, media and restarts.

With the real guide, words and bot. Turns that are cut in the middle stand in `test_cut_turns.py`, upgrades that change
the tables in `test_upgrades.py`.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import asynccontextmanager, nullcontext
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest
from telegram import Update
from telegram.ext import ApplicationBuilder, ConversationHandler, MessageHandler, filters
from transitions.extensions.asyncio import AsyncMachine

import bot.hear
from bot.hear import leader_of
from dialogues import map as dialogue_map
from dialogues.conversation import CameDue, Commanded, Conversation, Heard, LeaderId, Phase, Said, Tapped, Turn
from dialogues.engine import Engine
from dialogues.errors import MoveNotPossible
from dialogues.ports import Entry, Page
from storage.in_memory import InMemoryKeeper
from storage.in_tinydb import TinyDbKeeper
from tests.bot.fake_bot_api import TOKEN, message, person_of
from tests.bot.test_hear import MEDIA
from tests.dialogues.held import TUESDAY, ZONE, Held
from tests.reliability import virtual
from tests.reliability.air import RESET, Weather
from tests.reliability.whole import ANNE, TO_CONTACT, Whole, place, working

ROOT = Path(__file__).parents[2]


@pytest.fixture
def keeper() -> InMemoryKeeper:
    return InMemoryKeeper()


def hold(air, keeper, catalogue, matcher, story):
    """Play *story*, a coroutine function of a whole bot, in virtual time."""

    async def scene():
        async with working(air, keeper, catalogue, matcher) as whole:
            return await story(whole)

    return virtual.run(scene())


# -- FSM-1: a restart with many conversations ------------------------------------------------------------------------

START = """
import asyncio, json, sys, time
began = time.perf_counter()
from pathlib import Path
from content.catalogue import load
from content.matching import StemMatcher
from dialogues.conversation import LeaderId
from storage.in_tinydb import TinyDbKeeper
from tests.reliability.guides import guide_on
import bot.run
keeper, catalogue = TinyDbKeeper(Path(sys.argv[1])), load()
guide = guide_on(keeper, catalogue, StemMatcher(catalogue))
ready = time.perf_counter() - began
async def places():
    found = []
    for number in range(int(sys.argv[2])):
        frame = (await keeper.read(LeaderId(f"t{number}"))).conversation.frame
        found.append([frame.route, frame.state, frame.nonce])
    return found
found = asyncio.run(places())
# The peak of this program alone: ru_maxrss begins with the peak of whoever started it.
peak = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM"))
mib = int(peak.split()[1]) / 1024
print(json.dumps([ready, mib, found]))
"""


def many_places(held: Held, steps: int = 4000) -> list[Page]:
    """Return a page left open at each place that a long random walk comes to."""
    pages: dict[str, Page] = {}
    for _ in roam(held.engine, steps, Random(7), lambda at: pages.setdefault(place(at.conversation), page_of(at))):
        pass
    return list(pages.values())


def page_of(held: Held) -> Page:
    return Page(held.conversation, tuple(held.journal.values()))


async def filled(folder: Path, pages: list[Page], count: int, show=lambda *_: None) -> list[list[str]]:
    keeper, places = TinyDbKeeper(folder), []
    for number in range(count):
        page = pages[number % len(pages)]
        conversation = replace(page.conversation, leader=LeaderId(f"t{number}"), address=f"telegram:{number}")
        await keeper.write(Entry(conversation, page.journal, at=TUESDAY))
        places.append([conversation.frame.route, conversation.frame.state, conversation.frame.nonce])
        show(number + 1, count)
    await keeper.close()
    return places


def started(folder: Path, count: int) -> tuple[float, float, list[list[str]]]:
    """Start in a process of its own; return the seconds until ready, the MiB in use, and where everybody is."""
    command = [sys.executable, "-c", START, str(folder), str(count)]
    done = subprocess.run(command, cwd=ROOT, text=True, capture_output=True, check=True)
    ready, mib, found = json.loads(done.stdout)
    return ready, mib, found


def test_fsm_1_after_a_restart_all_are_at_the_same_step(tmp_path, catalogue, measured):
    places = asyncio.run(filled(tmp_path / "store", many_places(Held(catalogue.repertoire)), 120))
    ready, mib, found = started(tmp_path / "store", 120)
    assert found == places
    # Where a start with nothing at all takes longer, those conversations are not why.
    assert ready <= 10 or ready <= 1.5 * started(tmp_path / "none", 0)[0]
    assert mib <= 300
    measured("FSM-1", conversations=120, ready=f"{ready:.1f} s", memory=f"{mib:.0f} MiB")


@pytest.mark.long
def test_fsm_1_at_full_size(tmp_path, catalogue, measured, progress):
    """Ten thousand open conversations; some two minutes, most of it to write them."""
    places = asyncio.run(filled(tmp_path / "store", many_places(Held(catalogue.repertoire)), 10_000, progress))
    ready, mib, found = started(tmp_path / "store", 10_000)
    assert found == places
    # On a quiet machine it takes seven times a start with nothing at all, which a busy one slows as much.
    assert ready <= 10 or ready <= 9 * started(tmp_path / "none", 0)[0]
    assert mib <= 300
    measured("FSM-1", conversations=10_000, ready=f"{ready:.1f} s", memory=f"{mib:.0f} MiB")


@pytest.mark.asyncio
async def test_fsm_1_known_bad_the_stock_conversation_handler_forgets_where_everybody_was():
    async def name(*_) -> int:
        return 1

    def handler() -> ConversationHandler:
        ask = MessageHandler(filters.TEXT, name)
        return ConversationHandler([ask], {1: [ask]}, [])

    raw = {"update_id": 1, "message": message(1, ANNE, text="hallo")}
    application = ApplicationBuilder().token(TOKEN).updater(None).build()
    update = Update.de_json(raw, application.bot)
    running = handler()
    await running.handle_update(update, application, running.check_update(update), None)
    assert list(running._conversations.values()) == [1]
    assert not list(handler()._conversations.values())


# -- FSM-2: a long random walk ---------------------------------------------------------------------------------------


def roam(engine: Engine, steps: int, dice: Random, seen: Callable[[Held], object]) -> Iterator[Held]:
    """Walk at random through conversations, and give each turn; *seen* looks at every place before it is left."""
    held = Held(engine.repertoire)
    for step in range(steps):
        if step % 125 == 0:
            held = begun(Held(engine.repertoire), step // 125)
        seen(held)
        before = held.conversation
        heard = something(held, dice, f"m{step}")
        turn = engine.take_turn(before, tuple(held.journal.values()), heard, held.now)
        held.conversation, held.turn = turn.conversation, turn
        held.journal |= {kept.id: kept for kept in turn.keep}
        held.now = held.now.replace(minute=(held.now.minute + 1) % 60)
        check_old_button(before, heard, turn)
        yield held


def begun(held: Held, number: int) -> Held:
    """Begin a walk: at the very beginning, after meeting, with a plan, or at the question what became of it."""
    if number % 4 == 0:
        return held
    if number % 4 == 1:
        return held.met()
    held.planned(Phase.NOT_DARING)
    if number % 4 == 3:
        held.come_due()
    return held


def something(held: Held, dice: Random, source: str) -> Heard:
    question, kind = held.question, dice.random()
    if kind < 0.6 and question.choices:
        return held.button(dice.choice(question.choices).id)
    if kind < 0.8:
        return Said(dice.choice(("dat ze lachen", "7", "1 3", "5 dagen", "K.", "ik weet het niet")), source)
    if kind < 0.9:
        commands = (
            "back",
            "skip",
            "later",
            "go_on",
            "help",
            "journey",
            "wicked",
            "thought",
            "start",
            "journeys",
            "language",
        )
        return Commanded(dice.choice(commands))
    if kind < 0.95 and held.conversation.moments:
        moment = min(held.conversation.moments, key=lambda one: one.at)
        held.now = max(held.now, moment.at)
        return CameDue(moment)
    nonce = held.conversation.frame.nonce
    return Tapped(dice.choice(("1", "old", f"{int(nonce) - 1}")), "yes")


def check_old_button(before: Conversation, heard: Heard, turn: Turn) -> None:
    old = isinstance(heard, Tapped) and heard.nonce != before.frame.nonce
    if old and not any(frame.nonce == heard.nonce for frame in before.waiting):
        assert turn.toast
        assert place(turn.conversation) == place(before)


def walk(engine: Engine, steps: int, seed: int, show=lambda *_: None) -> set[str]:
    """Walk at random, holding every turn against what must hold everywhere; return the places that were visited."""
    visited: set[str] = set()
    for step, held in enumerate(roam(engine, steps, Random(seed), lambda at: visited.add(at.at))):
        check_ways_out(engine, held)
        show(step + 1, steps)
    return visited


def check_ways_out(engine: Engine, held: Held) -> None:
    """There is a question, something to do with it, and from anywhere a way home and to help."""
    journal, conversation = tuple(held.journal.values()), held.conversation
    question = held.question
    assert question.choices or dialogue_map.state(conversation.frame.route, conversation.frame.state)
    stopped = engine.take_turn(conversation, journal, Commanded("stop"), held.now)
    assert place(stopped.conversation) == dialogue_map.MENU or conversation.consent is None
    helped = engine.take_turn(conversation, journal, Commanded("help"), held.now)
    assert helped.say
    assert place(helped.conversation) == place(conversation)


def test_fsm_2_a_random_walk_finds_no_dead_end(catalogue, seed, measured):
    visited = walk(Engine(catalogue.repertoire, ZONE), 1500, seed)
    assert len(visited) > 25
    measured("FSM-2", steps=1500, places=len(visited), dead_ends=0)


@pytest.mark.long
def test_fsm_2_at_full_size(catalogue, seed, measured, progress):
    """A hundred thousand steps; some fifty seconds a seed."""
    visited = walk(Engine(catalogue.repertoire, ZONE), 100_000, seed, progress)
    measured("FSM-2", steps=100_000, places=len(visited), dead_ends=0)


def test_fsm_2_known_bad_a_table_that_lost_an_arrow_is_found(catalogue, monkeypatch):
    def step(route: str, state: str, move: str, stepping=dialogue_map.MACHINES.step) -> str:
        if (route, state, move) == ("thought", "offer", "keep"):
            raise MoveNotPossible(move)
        return stepping(route, state, move)

    monkeypatch.setattr(dialogue_map.MACHINES, "step", step)
    with pytest.raises(MoveNotPossible):
        walk(Engine(catalogue.repertoire, ZONE), 5000, 7)


# -- FSM-3: identical taps -------------------------------------------------------------------------------------------


async def tapped_at_once(whole: Whole, times: int) -> Conversation:
    """Tap one button *times* times at once, each an update of its own."""
    await whole.held(*TO_CONTACT[:-1])
    under, _, data = next(button for button in reversed(whole.buttons()) if button[1] == "Klopt")
    before = (await whole.page()).conversation
    await asyncio.gather(*(whole.taps_data(data, under) for _ in range(times)))
    after = (await whole.page()).conversation
    assert int(after.counted["nonce"]) > int(before.counted["nonce"])
    return replace(after, counted={"questions": after.counted["nonce"] - before.counted["nonce"]})


@pytest.mark.parametrize("times", [2, 5, 10])
def test_fsm_3_identical_taps_at_once_make_one_transition(air, keeper, catalogue, matcher, times, measured):
    after = hold(air, keeper, catalogue, matcher, lambda whole: tapped_at_once(whole, times))
    assert after.counted["questions"] == 1
    assert not air.queries
    assert list(air.answered().values()).count("Deze vraag is al beantwoord.") == times - 1
    measured("FSM-3", taps=times, transitions=after.counted["questions"])


class Slow(InMemoryKeeper):
    """A store that takes a moment, as a disk does."""

    async def read(self, leader):
        page = await super().read(leader)
        await asyncio.sleep(0.01)
        return page


def test_fsm_3_known_bad_without_one_turn_at_a_time_letters_are_lost(air, catalogue, matcher, monkeypatch):
    @asynccontextmanager
    async def all_at_once(lanes, _key):
        yield lanes._room

    monkeypatch.setattr("dialogues.guide.Guide._lock", lambda _self, _leader: nullcontext())
    monkeypatch.setattr("bot.lanes.Lanes.of", all_at_once)
    hold(air, Slow(), catalogue, matcher, lambda whole: tapped_at_once(whole, 5))
    assert list(air.answered().values()).count("Deze vraag is al beantwoord.") < 4


def test_fsm_3_known_bad_the_asynchronous_machine_cancels_a_running_step():
    class Model:
        async def slow(self) -> None:
            await asyncio.sleep(0.01)

    async def scene() -> tuple[list[bool], str]:
        model = Model()
        AsyncMachine(model, states=["a", "b", "c"], initial="a", auto_transitions=False, transitions=[
            {"trigger": "go", "source": "a", "dest": "b", "before": "slow"},
            {"trigger": "go", "source": "b", "dest": "c"},
        ])  # fmt: skip
        first = asyncio.create_task(model.go())
        await asyncio.sleep(0.001)
        await model.go()
        return await asyncio.gather(first, return_exceptions=True), model.state

    results, _ = virtual.run(scene())
    assert results != [True]


def test_del_4_a_button_on_either_copy_of_a_message_acts_once(air, keeper, catalogue, matcher):
    async def story(whole: Whole) -> None:
        await whole.held(*TO_CONTACT[:-2])
        struck = False

        async def weather(method: str, given: dict) -> Weather:
            nonlocal struck
            copied = method == "sendmessage" and "Klopt" in given.get("reply_markup", "") and not struck
            struck = struck or copied
            return Weather(after=RESET) if copied else Weather()

        whole.air.weather = weather
        await whole.taps("Te spannend")
        copies = [button for button in whole.buttons() if button[1] == "Klopt"]
        assert len(copies) == 2
        assert copies[0][2] == copies[1][2]
        for under, _, data in copies:
            await whole.taps_data(data, under)
        assert list(whole.air.answered().values()).count("Deze vraag is al beantwoord.") == 1
        assert await whole.at() == "contact.question"

    hold(air, keeper, catalogue, matcher, story)


def test_del_2_brought_again_at_once_later_and_after_a_restart_a_turn_is_taken_once(air, catalogue, matcher, measured):
    pages: dict = {}

    async def scene() -> int:
        sent = 0
        for start in range(3):
            async with working(air, InMemoryKeeper(pages), catalogue, matcher) as whole:
                if not start:
                    await whole.held(*TO_CONTACT[:3])
                for number in range(10):
                    raw = message(5000 + number, ANNE, text=f"/gedachte tekst {number}")
                    await asyncio.gather(*(whole.take("message", raw, 9000 + number) for _ in range(1 + number % 3)))
                    await whole.rest()
                sent = sent or len(air.sent())
                assert len(air.sent()) == sent
        return sent

    sent = virtual.run(scene())
    assert air.texts(ANNE)[-1].count("tekst 9") == 1
    measured("DEL-2", updates=10, brought="3 to 9 times", messages=sent, doubled=0)


# -- FSM-4: a flood --------------------------------------------------------------------------------------------------

FLOOD = [f"deel {number} van mijn verhaal" for number in range(20)]


async def flooded(whole: Whole) -> None:
    """Send twenty messages at once while a question is open that wants words."""
    await whole.held(*TO_CONTACT)
    numbers = [whole.air.ids() for _ in FLOOD]  # they all left the phone before any answer came
    await asyncio.gather(
        *(whole.take("message", message(number, ANNE, text=text)) for number, text in zip(numbers, FLOOD, strict=True))
    )
    await asyncio.sleep(60)


def test_fsm_4_twenty_messages_at_once_are_all_kept_and_answer_one_question(air, keeper, catalogue, matcher, measured):
    async def story(whole: Whole) -> None:
        await flooded(whole)
        page = await whole.page()
        held = [kept for kept in page.journal if any(text in kept.text for text in FLOOD)]
        assert len(held) == 1
        assert held[0].text == "\n".join(FLOOD)
        assert held[0].history == ()
        assert len([step for step in page.conversation.frame.steps if "@text" in step.sets]) == 4
        assert len(whole.air.texts(ANNE)) >= len(TO_CONTACT) + len(FLOOD)

    hold(air, keeper, catalogue, matcher, story)
    measured("FSM-4", messages=len(FLOOD), lost=0, questions_answered=1)


def test_fsm_4_known_bad_taken_one_by_one_they_spread_over_later_questions(
    air, keeper, catalogue, matcher, monkeypatch
):
    async def seen(*_) -> bool:
        return False

    monkeypatch.setattr("bot.postman.Postman.unseen", seen)

    async def story(whole: Whole) -> None:
        await flooded(whole)
        held = [kept for kept in (await whole.page()).journal if any(text in kept.text for text in FLOOD)]
        assert len(held) > 1

    hold(air, keeper, catalogue, matcher, story)


def test_fsm_4_an_answer_in_two_messages_is_one_answer_and_the_next_question_waits(air, keeper, catalogue, matcher):
    async def story(whole: Whole) -> None:
        await whole.held(*TO_CONTACT)
        first, second = whole.air.ids(), whole.air.ids()
        await whole.take("message", message(first, ANNE, text="Dat ze lachen."))
        await whole.rest()
        before = await whole.at()
        await whole.take("message", message(second, ANNE, text="En dat ik stilval."))
        await whole.rest()
        assert await whole.at() == before
        assert "Dat ze lachen.\nEn dat ik stilval." in [kept.text for kept in (await whole.page()).journal]
        assert whole.air.texts(ANNE)[-1] == "Dat staat nu bij je antwoord “Dat ze lachen.”."
        await whole.says("Vorig jaar, met onze ib'er.")
        assert await whole.at() != before

    hold(air, keeper, catalogue, matcher, story)


def test_fsm_4_what_is_typed_before_a_question_that_follows_a_tap_is_kept_by_itself(air, keeper, catalogue, matcher):
    async def story(whole: Whole) -> None:
        await whole.held(*TO_CONTACT[:-1])
        early = whole.air.ids()
        await whole.taps("Klopt")
        await whole.take("message", message(early, ANNE, text="Nog iets over lesbezoek."))
        await whole.rest()
        assert await whole.at() == "contact.question"
        assert "Nog iets over lesbezoek." in [kept.text for kept in (await whole.page()).journal]

    hold(air, keeper, catalogue, matcher, story)


def test_fsm_4_stop_and_a_signal_of_crisis_count_also_in_a_flood(air, keeper, catalogue, matcher):
    async def story(whole: Whole) -> None:
        await whole.held(*TO_CONTACT)
        numbers = [whole.air.ids() for _ in range(3)]
        for number, text in zip(numbers, ("dat ze lachen", "ik wil niet meer leven", "stop"), strict=True):
            await whole.take("message", message(number, ANNE, text=text))
        await whole.rest()
        assert any("113" in text for text in whole.air.texts(ANNE))
        assert await whole.at() == "home.menu"

    hold(air, keeper, catalogue, matcher, story)


# -- FSM-5: old buttons ----------------------------------------------------------------------------------------------


async def old_buttons(whole: Whole) -> int:
    """Tap every button that was ever sent but those of the open question, and return how many."""
    await whole.held(*TO_CONTACT)
    nonce = (await whole.page()).conversation.frame.nonce
    older = [button for button in whole.buttons() if not button[2].startswith(f"{nonce}:")]
    before, sent = await whole.page(), len(whole.air.sent())
    for under, _, data in older:
        began = asyncio.get_running_loop().time()
        query = await whole.taps_data(data, under)
        told = next(call for call in whole.air.calls if call.values.get("callback_query_id") == query)
        assert told.values.get("text")
        assert told.values["at"] - began <= 2
    after = await whole.page()
    assert replace(after.conversation, heard=None) == replace(before.conversation, heard=None)
    assert after.journal == before.journal
    assert len(whole.air.sent()) == sent
    return len(older)


def test_fsm_5_every_older_button_is_explained_in_time_and_changes_nothing(air, keeper, catalogue, matcher, measured):
    count = hold(air, keeper, catalogue, matcher, old_buttons)
    assert count > 25
    assert not air.queries
    measured("FSM-5", old_buttons=count, changes=0)


def test_fsm_5_known_bad_buttons_without_a_nonce_act_again(air, keeper, catalogue, matcher, monkeypatch):
    def tap(_self, payload: str, under: str) -> Tapped:
        page = keeper._pages.get(leader_of(ANNE))
        return Tapped(page.conversation.frame.nonce, payload.partition(":")[2], under)

    monkeypatch.setattr("dialogues.guide.Guide.tap", tap)
    with pytest.raises(AssertionError):
        hold(air, keeper, catalogue, matcher, old_buttons)


# -- FSM-7: edits ----------------------------------------------------------------------------------------------------


async def edits(whole: Whole, number: int, text: str) -> None:
    await whole.take("edited_message", message(number, ANNE, text=text))
    await whole.rest()


def test_fsm_7_an_edit_before_or_after_the_step_corrects_the_answer_and_never_advances(
    air, keeper, catalogue, matcher, measured
):
    async def story(whole: Whole) -> None:
        await whole.held(*TO_CONTACT)
        first = await whole.says("dat ze lachen")
        second = await whole.says("vorig jaar, met onze ib'er")
        here = await whole.at()
        for number, old, new in (
            (first, "dat ze lachen", "dat ze zwijgen"),
            (second, "vorig jaar, met onze ib'er", "dit jaar"),
        ):
            await edits(whole, number, new)
            page = await whole.page()
            corrected = next(kept for kept in page.journal if kept.text == new)
            assert [before.text for before in corrected.history] == [old]
            assert place(page.conversation) == here
            assert old not in str(page.conversation.frame)
        await edits(whole, first, "   ")
        await edits(whole, 1, "een bericht dat geen antwoord was")
        assert await whole.at() == here
        shown = (await whole.page()).journal[-2].id
        await whole.says(f"/toon {shown}")
        assert any("Verbeterd. Eerst stond er" in text for text in whole.air.texts(ANNE)[-3:])

    hold(air, keeper, catalogue, matcher, story)
    measured("FSM-7", edits=4, advanced=0)


def test_fsm_7_known_bad_an_edit_heard_as_a_message_advances(air, keeper, catalogue, matcher):
    async def story(whole: Whole) -> None:
        await whole.held(*TO_CONTACT)
        first = await whole.says("dat ze lachen")
        here = await whole.at()
        await whole.take("message", message(max(first, whole.air.ids()), ANNE, text="dat ze zwijgen"))
        assert await whole.at() != here

    hold(air, keeper, catalogue, matcher, story)


# -- FSM-9: what is no text ------------------------------------------------------------------------------------------


async def sends_media(whole: Whole) -> int:
    """Send everything that is no text, and return how often that was explained."""
    await whole.held(*TO_CONTACT)
    here, explained = await whole.at(), 0
    for what in MEDIA:
        sent = len(whole.air.sent())
        content = {**message(whole.air.ids(), ANNE), what: MEDIA[what]}
        await whole.take("message", content)
        await whole.rest()
        explained += len(whole.air.sent()) > sent
        assert await whole.at() == here
    return explained


def test_fsm_9_what_cannot_be_read_is_explained_kept_nowhere_and_the_step_stays(
    air, keeper, catalogue, matcher, measured
):
    explained = hold(air, keeper, catalogue, matcher, sends_media)
    assert explained == len(MEDIA)
    stored = keeper._pages.texts[leader_of(ANNE)]
    assert not [word for word in ("file", "0612345678", "52.1", "canary") if word in stored.lower()]
    measured("FSM-9", kinds=len(MEDIA), explained=explained)


def test_fsm_9_a_forwarded_text_counts_as_said(air, keeper, catalogue, matcher):
    async def story(whole: Whole) -> None:
        await whole.held(*TO_CONTACT)
        here = await whole.at()
        origin = {"type": "user", "date": 1, "sender_user": person_of(5)}
        await whole.says("dat ze lachen", forward_origin=origin)
        assert await whole.at() != here
        assert "Canary" not in keeper._pages.texts[leader_of(ANNE)]

    hold(air, keeper, catalogue, matcher, story)


def test_fsm_9_known_bad_listening_to_texts_alone_leaves_the_rest_unanswered(
    air, keeper, catalogue, matcher, monkeypatch
):
    monkeypatch.setattr(bot.hear, "OTHER", ())
    assert hold(air, keeper, catalogue, matcher, sends_media) == 0
