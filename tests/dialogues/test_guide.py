"""The guide: loading, keeping, care before everything, words that are understood, and what arrives twice."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest

from content.catalogue import Catalogue
from content.matching import StemMatcher
from dialogues.conversation import Kind, LeaderId, Moment
from dialogues.errors import KeeperUnavailable, PageUnreadable
from dialogues.ports import Entry, Page
from storage.in_memory import InMemoryKeeper
from tests.dialogues.held import LEADER
from tests.dialogues.talk import Talk

CRISIS = "Ik wil niet meer leven."


class KeeperThatIsAway:
    """A keeper whose store cannot be reached."""

    error: type[KeeperUnavailable | PageUnreadable] = KeeperUnavailable

    async def read(self, leader: LeaderId) -> Page | None:
        raise self.error

    async def write(self, entry: Entry) -> None:
        raise self.error

    async def erase(self, leader: LeaderId) -> None:
        raise self.error

    async def due(self, now: datetime) -> Sequence[tuple[LeaderId, Moment]]:
        raise self.error

    async def waiting(self) -> Sequence[LeaderId]:
        raise self.error

    async def delivered(self, leader: LeaderId, number: int) -> None:
        raise self.error

    async def close(self) -> None:
        raise self.error


class KeeperWithADamagedPage(KeeperThatIsAway):
    """A keeper that cannot read this page."""

    error = PageUnreadable


class KeeperThatCannotWrite(InMemoryKeeper):
    """A keeper on a disk that is full."""

    async def write(self, entry: Entry) -> None:
        raise KeeperUnavailable


# -- before consent ----------------------------------------------------------------------------------------------


@pytest.mark.asyncio
async def test_before_consent_nothing_is_kept_but_an_id_the_language_and_the_place(talk: Talk) -> None:
    await talk.say("Hallo, ik ben Karin Jansen van De Wilg")
    await talk.tap("Nederlands")
    await talk.say("Ik maak me zorgen over mijn team", "/nieuw", "/gedachte iets persoonlijks", "/verder")
    page = await talk.page()
    assert page.journal == ()
    conversation = page.conversation
    assert conversation.consent is None
    assert (conversation.language, conversation.frame.route) == ("nl", "meeting")
    assert (conversation.journeys, conversation.plans, conversation.quotes, conversation.moments) == ((), (), (), ())
    kept = (
        json.dumps(talk.keeper._pages.texts) if isinstance(talk.keeper, InMemoryKeeper) else ""
    )  # the texts on the disk
    assert kept
    for word in ("Karin", "Wilg", "zorgen", "persoonlijks"):
        assert word not in kept


# -- care before everything --------------------------------------------------------------------------------------


@pytest.mark.asyncio
async def test_a_signal_in_the_very_first_message_is_answered_with_help_and_keeps_nothing(talk: Talk) -> None:
    await talk.say(CRISIS)
    assert "113" in talk.text
    assert await talk.keeper.read(LEADER) is None


@pytest.mark.asyncio
async def test_a_signal_before_consent_is_answered_with_help_and_is_not_kept(talk: Talk) -> None:
    await talk.say("hallo")
    await talk.tap("Nederlands")
    await talk.say(CRISIS)
    assert "113" in talk.text
    page = await talk.page()
    assert page.journal == ()
    assert await talk.at() == "meeting.notice"


@pytest.mark.asyncio
@pytest.mark.parametrize("keeper", [KeeperThatIsAway(), KeeperWithADamagedPage()], ids=["away", "damaged"])
@pytest.mark.parametrize("text", [CRISIS, "/hulp", "hulp", f"/gedachte {CRISIS}"])
async def test_help_is_given_whatever_the_store_does(
    text: str, keeper: KeeperThatIsAway, catalogue: Catalogue, matcher: StemMatcher
) -> None:
    talk = Talk(catalogue, matcher, keeper)
    reply = await talk.say(text)
    assert "113" in talk.text
    assert not reply.kept


@pytest.mark.asyncio
async def test_help_is_given_when_the_turn_cannot_be_written(catalogue: Catalogue, matcher: StemMatcher) -> None:
    pages: dict[LeaderId, str] = {}
    talk = Talk(catalogue, matcher, InMemoryKeeper(pages))
    await talk.asked()
    talk.keeper = KeeperThatCannotWrite(pages)
    await talk.say(CRISIS)
    assert "113" in talk.text


@pytest.mark.asyncio
async def test_in_the_middle_of_a_question_help_comes_first_and_the_question_stays(talk: Talk) -> None:
    await talk.asked()
    before = (await talk.page()).conversation.frame
    await talk.say(CRISIS)
    assert "113" in talk.text
    page = await talk.page()
    assert page.conversation.frame == before
    assert [kept.text for kept in page.journal if kept.kind == Kind.CARE] == [CRISIS]
    await talk.press(talk.letters[-1].message.rows[-1][0])
    assert "113" not in (await talk.page()).journal[0].text
    assert await talk.at() == "contact.question"


@pytest.mark.asyncio
async def test_somebody_who_was_out_of_reach_can_be_reached_again_after_a_signal(talk: Talk) -> None:
    await talk.asked()
    await talk.guide.left(LEADER, talk.now)
    assert (await talk.page()).conversation.paused
    await talk.say(CRISIS)
    assert not (await talk.page()).conversation.paused


@pytest.mark.asyncio
async def test_the_next_contact_within_three_days_begins_calmly(talk: Talk) -> None:
    await talk.asked()
    await talk.say(CRISIS)
    talk.now += timedelta(hours=71)
    await talk.arrive()
    first = talk.reply.letters[0].message.text
    talk.now += timedelta(hours=2)
    await talk.arrive()
    assert talk.reply.letters[0].message.text != first


# -- errors of the store -----------------------------------------------------------------------------------------


@pytest.mark.asyncio
async def test_without_a_signal_a_store_that_is_away_is_said_to_the_shell(
    catalogue: Catalogue, matcher: StemMatcher
) -> None:
    talk = Talk(catalogue, matcher, KeeperThatIsAway())
    with pytest.raises(KeeperUnavailable):
        await talk.say("Ik zie op tegen lesbezoek")
    reply = await talk.guide.sorry(LEADER, "here", KeeperUnavailable.say)
    assert reply.letters[0].message.text
    assert not reply.kept


@pytest.mark.asyncio
async def test_a_damaged_page_is_never_replaced_by_an_empty_one(catalogue: Catalogue, matcher: StemMatcher) -> None:
    pages = {LEADER: '{"format": 1, "conversation": {"leader": '}
    talk = Talk(catalogue, matcher, InMemoryKeeper(pages))
    with pytest.raises(PageUnreadable):
        await talk.say("hallo")
    assert pages == {LEADER: '{"format": 1, "conversation": {"leader": '}


@pytest.mark.asyncio
async def test_a_damaged_page_stops_no_other_leaders_checkin(catalogue: Catalogue, matcher: StemMatcher) -> None:
    pages: dict[LeaderId, str] = {}
    talk = Talk(catalogue, matcher, InMemoryKeeper(pages))
    await talk.planned()
    damaged = LeaderId("another")
    pages[damaged] = pages[LEADER].replace('"leader": "leader"', '"leader": "another"')
    talk.keeper = InMemoryKeeper(pages)
    pages[damaged] = "{"
    assert await talk.come_due(days=7) == 1


@pytest.mark.asyncio
async def test_a_turn_that_could_not_be_written_changes_nothing_and_can_be_sent_again(
    catalogue: Catalogue, matcher: StemMatcher
) -> None:
    pages: dict[LeaderId, str] = {}
    talk = Talk(catalogue, matcher, InMemoryKeeper(pages))
    await talk.asked()
    before = dict(pages)
    talk.keeper = KeeperThatCannotWrite(pages)
    with pytest.raises(KeeperUnavailable):
        await talk.say("dat ze lachen")
    assert pages == before
    talk.keeper = InMemoryKeeper(pages)
    await talk.say("dat ze lachen")
    assert "dat ze lachen" in [kept.text for kept in (await talk.page()).journal]


# -- twice -------------------------------------------------------------------------------------------------------


@pytest.mark.asyncio
async def test_the_same_update_is_handled_once(talk: Talk) -> None:
    await talk.asked()
    for _times in range(2):
        await talk.hear(talk.guide.read("dat ze lachen", "m50"), update="u1")
    assert talk.reply.letters == ()
    assert [kept.text for kept in (await talk.page()).journal].count("dat ze lachen") == 1


@pytest.mark.asyncio
async def test_a_tap_on_an_old_button_that_is_heard_again_is_explained_again(talk: Talk) -> None:
    """The word under a button stands in no outbox: a bot that was killed may have kept the turn and said nothing."""
    await talk.named()
    button = talk.button("Ja, ik wil")
    await talk.press(button)
    before = (await talk.page()).conversation
    for _times in range(2):
        await talk.hear(talk.guide.tap(button.data, "9"), update="u1")
        assert talk.reply.toast
    assert (await talk.page()).conversation == before


@pytest.mark.asyncio
async def test_updates_of_one_leader_at_the_same_time_go_one_after_another(talk: Talk) -> None:
    await talk.named()
    guide = talk.guide
    button = talk.button("Ja, ik wil")
    replies = await asyncio.gather(
        *(guide.hear(LEADER, "here", guide.tap(button.data, "1"), talk.now, f"u{number}") for number in range(5))
    )
    assert sorted(bool(reply.letters) for reply in replies) == [False, False, False, False, True]
    assert [bool(reply.toast) for reply in replies].count(True) == 4


@pytest.mark.asyncio
async def test_a_checkin_is_written_once_however_often_the_clock_is_looked_at(talk: Talk) -> None:
    await talk.planned()
    assert await talk.come_due(days=7) == 1
    assert await talk.come_due() == 0
    assert await talk.come_due(hours=3) == 0


# -- erasing -----------------------------------------------------------------------------------------------------


@pytest.mark.asyncio
async def test_erasing_asks_once_and_then_nothing_is_left_and_nothing_is_repeated(talk: Talk) -> None:
    await talk.asked()
    await talk.say("dat ze lachen", "/wissen")
    assert await talk.at() == "erase.confirm"
    await talk.tap(talk.buttons[0])
    assert await talk.keeper.read(LEADER) is None
    assert "lachen" not in talk.text
    assert len(talk.reply.letters) == 1
    assert await talk.come_due(days=30) == 0


@pytest.mark.asyncio
async def test_a_second_tap_on_erase_leaves_no_new_page(talk: Talk) -> None:
    await talk.asked()
    await talk.say("/wissen")
    button = talk.button(talk.buttons[0])
    await talk.press(button)
    await talk.press(button)
    assert await talk.keeper.read(LEADER) is None
    assert talk.reply.toast


@pytest.mark.asyncio
async def test_whoever_does_not_want_to_erase_goes_on_at_the_same_question(talk: Talk) -> None:
    await talk.asked()
    before = (await talk.page()).conversation.frame
    await talk.say("/wissen")
    await talk.tap(talk.buttons[1])
    assert (await talk.page()).conversation.frame == before


# -- what words mean ---------------------------------------------------------------------------------------------


@pytest.mark.asyncio
async def test_a_text_that_resembles_a_button_is_proposed_and_a_yes_counts_as_that_button(talk: Talk) -> None:
    await talk.named()
    await talk.tap("Ja, ik wil", "Ja")
    await talk.say("ik vind het doodeng, veel te spannend")
    assert await talk.at() == "diagnosis.dare"
    assert "Te spannend" in talk.text
    await talk.say("ja")
    assert await talk.at() == "diagnosis.confirm"
    steps = (await talk.page()).conversation.frame.steps
    assert steps[-1].sets["dare_label"] == "Te spannend"
    assert "Ja, dat bedoel ik" not in talk.text


@pytest.mark.asyncio
async def test_a_proposal_can_be_declined_and_the_question_is_asked_again(talk: Talk) -> None:
    await talk.named()
    await talk.tap("Ja, ik wil", "Ja")
    await talk.say("ik vind het doodeng, veel te spannend")
    await talk.say("nee")
    assert await talk.at() == "diagnosis.dare"
    assert "Prima" in talk.buttons


@pytest.mark.asyncio
async def test_beside_a_proposal_every_button_of_the_question_still_counts(talk: Talk) -> None:
    for label, at in (("Prima", "diagnosis.plan"), ("Later", "home.menu")):
        fresh = Talk(talk.catalogue, talk.matcher)
        await fresh.named()
        await fresh.tap("Ja, ik wil", "Ja")
        await fresh.say("ik vind het doodeng, veel te spannend")
        await fresh.tap(label)
        assert await fresh.at() == at


@pytest.mark.asyncio
async def test_under_a_reminder_the_words_of_the_older_question_are_understood(talk: Talk) -> None:
    await talk.named()
    await talk.tap("Ja, ik wil", "Ja")
    assert await talk.come_due(days=3) == 1
    assert await talk.at() == "resume.ask"
    await talk.say("Te spannend")
    assert await talk.at() == "diagnosis.confirm"
    steps = (await talk.page()).conversation.frame.steps
    assert steps[-1].sets["dare_label"] == "Te spannend"


@pytest.mark.asyncio
async def test_under_a_reminder_a_tap_on_the_older_question_keeps_its_label(talk: Talk) -> None:
    await talk.named()
    await talk.tap("Ja, ik wil", "Ja")
    await talk.come_due(days=3)
    await talk.tap("Te spannend")
    steps = (await talk.page()).conversation.frame.steps
    assert (steps[-1].state, steps[-1].sets["dare_label"]) == ("dare", "Te spannend")


@pytest.mark.asyncio
async def test_under_a_reminder_an_answer_is_kept_with_the_question_it_answers(talk: Talk) -> None:
    await talk.asked()
    question = talk.reply.letters[-1].message.text
    await talk.come_due(days=3)
    await talk.say("dat ze lachen")
    kept = next(kept for kept in (await talk.page()).journal if kept.text == "dat ze lachen")
    assert kept.question == question


@pytest.mark.asyncio
async def test_a_typed_none_ticks_nothing(talk: Talk) -> None:
    await talk.met()
    await talk.say("/taai Het rooster", "geen", "geen")
    assert await talk.at() == "wicked.solvable"


@pytest.mark.asyncio
async def test_commands_are_understood_in_both_languages(talk: Talk) -> None:
    await talk.asked()
    before = await talk.at()
    for command in ("/help", "/search lesbezoek", "/zoek lesbezoek", "/overview", "/recent", "/HELP@mindshift"):
        await talk.say(command)
        assert talk.text
        assert await talk.at() == before


@pytest.mark.asyncio
async def test_what_was_written_is_found_back_word_for_word(talk: Talk) -> None:
    await talk.asked()
    await talk.say("Ze denken dat ik het óók niet weet; tja…")
    await talk.say("/zoek weten")
    assert "Ze denken dat ik het óók niet weet; tja…" in talk.text
    found = next(kept.id for kept in (await talk.page()).journal if "óók" in kept.text)
    await talk.say(f"/toon {found}")
    assert "Ze denken dat ik het óók niet weet; tja…" in talk.text


@pytest.mark.asyncio
async def test_an_edit_is_cleaned_like_any_text(talk: Talk) -> None:
    await talk.asked()
    await talk.say("dat ze lachen")
    last = max(int(kept.source[1:]) for kept in (await talk.page()).journal if kept.source)
    await talk.edit(last, "dat ze \x00weg\ud83dlopen")
    assert "dat ze weglopen" in [kept.text for kept in (await talk.page()).journal]


@pytest.mark.asyncio
async def test_the_language_changes_at_once_and_the_question_stays(talk: Talk) -> None:
    await talk.asked()
    before = (await talk.page()).conversation.frame
    await talk.say("/taal")
    await talk.tap("English")
    page = await talk.page()
    assert page.conversation.language == "en"
    assert page.conversation.frame == before
