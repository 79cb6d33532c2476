"""Turns: taps, edits, interruptions, ways out, and what is kept. With the bare engine, by ids and keys."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from dialogues.conversation import (
    CameDue,
    Commanded,
    Frame,
    Kind,
    Mark,
    Moment,
    Phase,
    Result,
    Said,
    SentOther,
    Status,
    Step,
    Tapped,
)
from dialogues.engine import Engine
from tests.dialogues.held import LEADER, Held

ZONE = ZoneInfo("Europe/Amsterdam")


def local(moment: datetime) -> str:
    return moment.astimezone(ZONE).strftime("%a %Y-%m-%d %H:%M")


# -- taps --------------------------------------------------------------------------------------------------------


def test_a_double_tap_takes_one_step(held: Held) -> None:
    held.named()
    button = held.button("yes")
    held.hear(button)
    after = held.conversation
    held.hear(button)
    assert held.turn.toast is not None
    assert held.turn.toast.key == "errors.already_answered"
    assert held.turn.say == ()
    assert replace(held.conversation, heard=None) == replace(after, heard=None)


def test_a_tap_on_last_months_message_changes_nothing_and_says_why(held: Held) -> None:
    held.named()
    old = [held.button(choice) for choice in ("no", "doubt", "yes", "doing")]
    held.answered("yes", "yes", "scary")
    held.wait(days=30)
    for button in old:
        before = held.conversation.frame
        held.hear(button)
        assert held.turn.toast is not None
        assert held.turn.toast.key == "errors.already_answered"
        assert held.conversation.frame == before


@pytest.mark.parametrize(
    ("nonce", "choice"),
    [("", ""), ("", "yes"), ("0", "yes"), ("x" * 5000, "yes"), ("{}", "yes"), ("NaN", "yes"), ("care", "yes")],
)
def test_a_forged_nonce_changes_nothing(nonce: str, choice: str, held: Held) -> None:
    held.named()
    before = held.conversation.frame
    held.hear(Tapped(nonce, choice))
    assert held.conversation.frame == before
    assert held.turn.toast is not None


@pytest.mark.parametrize(
    "choice", ["", "right", "propose_yes", "done", "skip", "-no", "99", "yes ", "YES", "\x00", "x" * 5000]
)
def test_a_forged_choice_under_a_valid_nonce_changes_nothing(choice: str, held: Held) -> None:
    held.named()
    before = held.conversation.frame
    held.hear(Tapped(before.nonce, choice))
    assert held.conversation.frame == before
    assert held.turn.toast is not None


def test_after_an_erasure_no_old_button_fits_the_new_conversation(held: Held) -> None:
    first = int(held.conversation.frame.nonce)
    held.named()
    held.wait(seconds=60)
    begun = Engine(held.repertoire, ZONE).begin(LEADER, "here", "nl", held.now)
    assert not first <= int(begun.frame.nonce) <= int(held.conversation.frame.nonce)


def test_going_back_puts_new_buttons_under_the_question(held: Held) -> None:
    held.named()
    old = held.button("no")
    held.tap("yes")
    held.command("back")
    assert held.at == "diagnosis.willing"
    held.hear(old)
    assert held.turn.toast is not None
    held.tap("doubt")
    assert held.at == "diagnosis.confirm"


# -- going back --------------------------------------------------------------------------------------------------


def test_back_goes_as_far_as_the_start_of_this_contact(held: Held) -> None:
    held.planned()
    held.tap("go_on")
    assert held.at == "contact.question"
    held.command("back")
    assert (held.at, held.keys[0]) == ("contact.question", "errors.first_step")
    held.say("dat het stil blijft")
    held.command("back")
    assert held.at == "contact.question"
    held.command("back")
    assert held.keys[0] == "errors.first_step"


def test_answering_again_corrects_the_answer_and_keeps_the_old_one_in_its_history(held: Held) -> None:
    held.placed(Phase.NOT_DARING)
    for text in ("dat ze lachen", "dat ze weglopen", "dat ze weglopen"):
        held.say(text)
        held.command("back")
    kept = [kept for kept in held.journal.values() if kept.text == "dat ze weglopen"]
    assert len(kept) == 1
    assert [correction.text for correction in kept[0].history] == ["dat ze lachen"]


def test_answering_again_keeps_the_mark_and_the_quote_follows(held: Held) -> None:
    held.placed(Phase.NOT_DARING)
    held.say("dat ze lachen")
    held.command("worry")
    held.command("back")
    held.say("dat ze weglopen")
    kept = next(kept for kept in held.journal.values() if kept.text == "dat ze weglopen")
    assert kept.mark == Mark.WORRY
    assert [quote.text for quote in held.conversation.quotes] == ["dat ze weglopen"]


def checked_in(held: Held, phase: Phase = Phase.NOT_DARING, result: str = "done") -> Held:
    """Come to the point of a check-in where the guide asks how to go on."""
    held.planned(phase)
    held.come_due()
    held.tap(result)
    held.say("het werd stil", "dat wachten helpt")
    return held


def test_going_back_in_a_checkin_counts_the_step_forward_once(held: Held) -> None:
    checked_in(held).tap("yes")
    assert held.journey.phase == Phase.PREPARING
    held.command("back")
    assert held.at == "checkin.sign"
    assert held.question.values["phase"] != held.journey.phase
    held.tap("yes")
    assert held.journey.phase == Phase.PREPARING
    held.command("back")
    held.tap("not_yet")
    assert held.journey.phase == Phase.NOT_DARING


def test_going_back_to_the_beginning_of_a_checkin_counts_the_step_forward_once(held: Held) -> None:
    checked_in(held).tap("yes")
    while held.at != "checkin.result":
        held.command("back")
    held.tap("done")
    held.say("het werd stil", "dat wachten helpt")
    held.tap("yes")
    assert held.journey.phase == Phase.PREPARING


def test_going_back_in_a_checkin_counts_not_done_once(held: Held) -> None:
    checked_in(held, result="not")
    for _times in range(3):
        assert held.at == "checkin.stay"
        held.command("back")
        held.say("dat ik te veel wilde")
    assert held.journey.not_done == 1


def test_going_back_to_the_result_and_asking_for_later_has_the_guide_ask_later(held: Held) -> None:
    held.planned()
    held.come_due()
    held.tap("done")
    held.command("back")
    held.tap("ask_later", "by_3")
    assert held.plan.result is None
    held.come_due()
    assert held.at == "checkin.result"


# -- corrections -------------------------------------------------------------------------------------------------


def test_an_edit_corrects_the_answer_and_does_not_advance(held: Held) -> None:
    held.placed(Phase.NOT_DARING)
    held.say("dat ze lachen")
    before = held.conversation.frame
    held.edit(held.said, "dat ze weglopen")
    assert held.keys == ["common.corrected"]
    assert (held.at, held.conversation.frame.nonce) == (f"{before.route}.{before.state}", before.nonce)
    kept = next(kept for kept in held.journal.values() if kept.text == "dat ze weglopen")
    assert [correction.text for correction in kept.history] == ["dat ze lachen"]


def test_an_edit_reaches_the_plan_that_was_made_of_it(held: Held) -> None:
    held.planned()
    numbers = {
        text: number for number, text in enumerate(("dinsdag na school", "vraag ik eerst drie dingen"), held.said - 2)
    }
    held.edit(numbers["vraag ik eerst drie dingen"], "Dan vraag ik er twee.")
    assert held.plan.act == "vraag ik er twee"
    assert held.plan.moment == "dinsdag na school"


def test_an_edit_reaches_the_sentence_of_the_journey(held: Held) -> None:
    held.named()
    held.edit(held.said, "naar eerst luisteren")
    assert held.journey.to == "eerst luisteren"
    assert held.question.values["to"] == "eerst luisteren"


def test_an_edit_of_one_journey_leaves_the_same_words_in_another_alone(held: Held) -> None:
    held.named(to="eerst vragen").command("stop")
    held.named(to="eerst vragen")
    held.edit(held.said, "eerst luisteren")
    assert [journey.to for journey in held.conversation.journeys] == ["eerst vragen", "eerst luisteren"]


def test_an_edit_of_a_thought_that_is_not_kept_yet_is_what_is_kept(held: Held) -> None:
    held.met().say("vandaag ging het goed")
    held.edit(1, "vandaag ging het beter")
    held.tap("keep")
    assert held.texts == ["vandaag ging het beter"]


def test_an_edit_without_words_leaves_the_old_answer(held: Held) -> None:
    held.placed(Phase.NOT_DARING).say("dat ze lachen")
    held.edit(held.said, "🙂")
    assert held.keys == ["errors.edit_empty"]
    assert "dat ze lachen" in held.texts


@pytest.mark.parametrize("number", [0, 99])
def test_an_edit_of_something_that_was_no_answer_is_said_plainly(number: int, held: Held) -> None:
    held.placed(Phase.NOT_DARING)
    before = held.conversation.frame
    held.edit(number, "iets anders")
    assert held.keys == ["errors.edit_unknown"]
    assert held.conversation.frame == before


def test_an_edit_without_a_source_corrects_nothing(held: Held) -> None:
    held.placed(Phase.NOT_DARING)
    held.hear(Said("dat ze lachen"))
    held.edit(0, "x")
    held.hear(replace(Tapped("", ""), nonce=""))
    assert "dat ze lachen" in held.texts


# -- interruption ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "command", ["help", "overview", "recent", "search", "show", "why", "share", "time", "unknown", "correct"]
)
def test_an_aside_returns_to_the_same_question_with_its_own_buttons(command: str, held: Held) -> None:
    held.named()
    before = held.conversation.frame
    held.command(command, "r1")
    assert held.conversation.frame == before
    assert held.question.key == "diagnosis.willing.own"
    assert len(held.turn.say) >= 2


@pytest.mark.parametrize(("command", "answer"), [("language", "nl"), ("erase", "no")])
def test_an_interruption_returns_to_the_same_question_under_the_same_nonce(
    command: str, answer: str, held: Held
) -> None:
    held.named()
    button, before = held.button("yes"), held.conversation.frame
    held.command(command)
    held.tap(answer)
    assert held.conversation.frame == before
    held.hear(button)
    assert held.at == "diagnosis.how"


def test_a_journey_begun_in_between_leaves_the_first_one_alone(held: Held) -> None:
    held.planned()
    held.tap("go_on")
    held.say("dat het stil blijft")
    first = held.conversation.current
    before = held.at
    held.named(from_="zelf beslissen", to="samen beslissen").answered("doing", "normal").tap("close")
    held.say("dat het kan")
    assert held.at == before
    held.say(
        "dat ze wachten op mij"
    ) if before == "contact.question" else held.skip() if before != "contact.offer" else held.tap(held.offered[0])
    assert [journey.status for journey in held.conversation.journeys] == [Status.OPEN, Status.CLOSED]
    written = [kept for kept in held.journal.values() if kept.text == "dat het stil blijft"]
    assert [kept.journey for kept in written] == [first]
    assert held.conversation.frame.steps[0].sets["journey"] == first


def test_the_words_for_a_new_journey_belong_to_no_other_even_when_it_is_never_begun(held: Held) -> None:
    held.planned()
    held.command("journey")
    held.tap("team")
    assert held.question.key == "journey.topic.team"
    held.say("bordsessies", "zonder doel")
    held.command("stop")
    written = [kept for kept in held.journal.values() if kept.text in ("bordsessies", "zonder doel")]
    assert [kept.journey for kept in written] == ["", ""]


def test_several_interruptions_return_one_by_one(held: Held) -> None:
    held.named()
    held.command("wicked")
    held.command("thought")
    held.say("dit moet ik onthouden")
    held.tap("keep", "none")
    assert held.at == "wicked.problem"
    held.say("Het lerarentekort")
    held.tap("done", "done", "done")
    assert held.at == "diagnosis.willing"


def test_a_tap_on_a_question_that_waits_is_not_called_answered(held: Held) -> None:
    held.named()
    button = held.button("yes")
    held.command("thought")
    before = held.conversation.frame
    held.hear(button)
    assert held.turn.toast is not None
    assert held.turn.toast.key == "errors.still_waiting"
    assert held.conversation.frame == before


def test_something_that_cannot_be_read_keeps_the_step(held: Held) -> None:
    held.named()
    before = held.conversation.frame
    held.hear(SentOther("voice"))
    assert held.keys[0] == "errors.cannot_read"
    assert held.conversation.frame == before


# -- later, stop, resume -----------------------------------------------------------------------------------------


def test_later_keeps_the_question_and_going_on_takes_it_up(held: Held) -> None:
    held.named().tap("yes", "later")
    assert (held.at, held.keys[0]) == ("home.menu", "common.set_aside")
    held.command("go_on")
    assert held.at == "diagnosis.how"
    held.answered("yes", "scary")
    assert held.question.values["number"] == Phase.NOT_DARING


def test_later_where_nothing_is_worth_keeping_promises_nothing(held: Held) -> None:
    held.met().command("language")
    held.command("later")
    assert held.keys == ["home.first_menu"]


def test_stop_keeps_what_was_answered(held: Held) -> None:
    held.placed(Phase.NOT_DARING).say("dat ze lachen")
    held.command("stop")
    assert (held.at, held.keys[0]) == ("home.menu", "common.stopped")
    assert "dat ze lachen" in held.texts


@pytest.mark.parametrize("command", ["stop", "later"])
def test_a_thought_that_was_not_kept_yet_is_not_lost(command: str, held: Held) -> None:
    held.met().say("vandaag vroeg ik eerst iets")
    held.command(command)
    held.command("go_on")
    if held.at == "thought.offer":
        held.tap("keep")
    assert held.texts == ["vandaag vroeg ik eerst iets"]


def test_a_thought_that_need_not_be_kept_is_not_kept(held: Held) -> None:
    held.met().say("laat maar")
    held.tap("drop")
    assert held.journal == {}
    assert held.at == "home.menu"


def test_two_thoughts_after_each_other_are_two(held: Held) -> None:
    held.met().say("een")
    held.tap("keep")
    held.say("twee")
    held.tap("keep", "reason")
    assert held.texts == ["een", "twee"]
    assert [quote.text for quote in held.conversation.quotes] == ["twee"]


def test_later_at_the_menu_moves_the_checkin(held: Held) -> None:
    held.planned()
    held.command("later")
    assert held.at == "checkin.later"
    held.tap("by_3")
    assert [local(moment.at) for moment in held.checkins] == ["Fri 2026-12-11 08:00"]
    assert held.at == "home.menu"


def test_nothing_to_put_off_is_said_plainly(held: Held) -> None:
    held.met().command("later")
    assert held.keys[0] == "home.nothing_open"


# -- reminders ---------------------------------------------------------------------------------------------------


def test_a_question_left_open_is_reminded_of_once_and_then_rests(held: Held) -> None:
    held.named().tap("yes")
    held.come_due()
    assert (held.at, local(held.now)) == ("resume.ask", "Thu 2026-12-03 08:00")
    assert [moment.kind for moment in held.conversation.moments] == []
    held.wait(days=30)
    held.command("go_on")
    assert held.at in ("resume.ask", "diagnosis.how")


def test_a_question_that_was_answered_is_not_reminded_of(held: Held) -> None:
    held.named()
    reminder = held.conversation.moments[0]
    held.tap("yes")
    held.now = reminder.at
    held.hear(CameDue(reminder))
    assert held.turn.say == ()
    assert held.at == "diagnosis.how"


def test_at_the_menu_there_is_nothing_to_be_reminded_of(held: Held) -> None:
    held.met()
    assert held.conversation.moments == ()


def test_a_question_not_worth_returning_to_is_not_reminded_of(held: Held) -> None:
    held.met().command("language")
    assert held.conversation.moments == ()


def reminded(held: Held) -> Tapped:
    """Leave a question open until the reminder, and return a button of that question."""
    held.named().tap("yes")
    button = held.button("yes")
    held.come_due()
    assert held.at == "resume.ask"
    return button


def test_after_a_reminder_the_question_goes_on_under_the_same_nonce(held: Held) -> None:
    button = reminded(held)
    held.tap("on")
    assert held.at == "diagnosis.how"
    held.hear(button)
    assert held.at == "diagnosis.dare"


def test_after_a_reminder_the_buttons_of_the_question_itself_still_work(held: Held) -> None:
    button = reminded(held)
    held.hear(button)
    assert held.at == "diagnosis.dare"
    assert held.conversation.waiting == ()


def test_after_a_reminder_words_answer_the_question_itself(held: Held) -> None:
    held.placed(Phase.NOT_DARING)
    held.come_due()
    held.say("dat ze lachen")
    assert held.at != "resume.ask"
    assert "dat ze lachen" in held.texts


def test_again_begins_the_contact_anew_with_buttons_of_its_own(held: Held) -> None:
    button = reminded(held)
    held.tap("again")
    assert held.at == "journey.whose"
    held.hear(button)
    assert held.turn.toast is not None
    held.tap("own")
    assert held.at == "journey.topic"


def test_again_at_a_checkin_asks_about_the_same_plan(held: Held) -> None:
    held.planned()
    held.come_due()
    held.tap("done")
    held.say("het werd stil")
    held.come_due()
    held.tap("again")
    assert held.at == "checkin.result"
    held.tap("partly")
    assert held.plan.result == Result.PARTLY


def test_letting_it_rest_keeps_the_question_for_when_the_leader_asks(held: Held) -> None:
    reminded(held)
    held.tap("rest")
    assert held.at == "home.menu"
    held.command("go_on")
    assert held.at == "diagnosis.how"


# -- check-ins -----------------------------------------------------------------------------------------------


def test_a_checkin_comes_once(held: Held) -> None:
    held.planned()
    moment = held.checkins[0]
    held.come_due()
    assert held.at == "checkin.result"
    assert held.checkins == []
    held.hear(CameDue(moment))
    assert held.turn.say == ()
    assert held.checkins == []


def test_a_moment_nobody_planned_is_not_heard(held: Held) -> None:
    held.planned()
    held.now = held.checkins[0].at
    held.hear(CameDue(Moment("checkin", held.now, "p99")))
    assert held.turn.say == ()


def test_a_checkin_does_not_break_into_a_conversation(held: Held) -> None:
    held.planned()
    due = held.checkins[0]
    held.now = due.at - timedelta(minutes=10)
    held.command("thought")
    held.come_due()
    assert held.at == "thought.write"
    assert [moment.at for moment in held.checkins] == [due.at + timedelta(minutes=50)]
    held.come_due()
    assert held.at == "checkin.result"


@pytest.mark.parametrize(
    ("at", "asked"),
    [
        ("2026-12-08 19:00", "Wed 2026-12-09 07:30"),
        ("2026-12-11 18:30", "Mon 2026-12-14 07:30"),
        ("2026-12-12 11:00", "Mon 2026-12-14 07:30"),
    ],
)
def test_a_checkin_that_could_not_come_in_time_waits_for_office_hours(at: str, asked: str, held: Held) -> None:
    held.planned()
    held.now = datetime.fromisoformat(at).replace(tzinfo=ZONE)
    held.hear(CameDue(held.checkins[0]))
    assert held.turn.say == ()
    assert [local(moment.at) for moment in held.checkins] == [asked]


def test_no_third_unasked_message_in_a_week(held: Held) -> None:
    held.planned()
    due = held.checkins[0].at
    held.conversation = replace(held.conversation, unasked=(due - timedelta(days=6), due - timedelta(days=3)))
    held.come_due()
    assert held.turn.say == ()
    assert [moment.at for moment in held.checkins] == [due + timedelta(days=1)]


def test_two_checkins_do_not_come_on_one_day(held: Held) -> None:
    held.planned().planned()
    assert len(held.checkins) == 2
    held.come_due()
    first = held.conversation.frame
    held.come_due()
    assert held.conversation.frame == first
    assert [local(moment.at)[:14] for moment in held.checkins] == ["Wed 2026-12-09"]


@pytest.mark.parametrize("status", [Status.RESTING, Status.CLOSED])
def test_a_journey_that_rests_is_not_asked_about(status: Status, held: Held) -> None:
    held.planned()
    held.conversation = replace(held.conversation, journeys=(replace(held.journey, status=status),))
    held.come_due()
    assert held.turn.say == ()


def test_a_checkin_nobody_answers_is_reminded_of_once_and_the_journey_rests(held: Held) -> None:
    held.planned()
    held.come_due()
    held.come_due()
    assert held.at == "resume.ask"
    assert held.journey.status == Status.RESTING
    assert held.conversation.moments == ()
    held.tap("on")
    held.tap("done")
    assert held.journey.status == Status.OPEN


def test_twice_not_done_asks_what_was_missing_and_goes_back_to_that_phase(held: Held) -> None:
    checked_in(held, Phase.ACTING, "not").tap("same")
    held.tap("fine")
    if held.at == "mark.ask":
        held.tap("none")
    held.come_due()
    held.tap("not")
    held.say("het rooster liep uit", "dat ik te veel wilde")
    assert held.at == "checkin.missing"
    held.tap("nerve")
    assert (held.journey.phase, held.journey.not_done, held.journey.went_back) == (Phase.NOT_DARING, 0, 1)


def test_three_steady_checkins_end_a_journey_and_not_fewer(held: Held) -> None:
    held.planned(Phase.MAINTAINING)
    for _time in range(2):
        held.come_due()
        held.tap("done")
        held.say("ze begonnen zelf", "dat ik minder hoef")
        held.tap("yes", "same", "fine")
        if held.at == "mark.ask":
            held.tap("none")
    held.come_due()
    held.tap("done")
    held.say("ze begonnen zelf", "dat ik minder hoef")
    held.tap("yes")
    assert held.at == "checkin.steady"


def test_the_probe_of_a_wicked_problem_is_asked_about_by_itself(held: Held) -> None:
    held.planned()
    held.tap("wicked")
    held.say("Het lerarentekort", "1 5 7", "2 4 6")
    while held.at == "wicked.prompt":
        held.say("ouders zien wisselende juffen")
    held.tap("probe")
    held.say("een dag zonder invaltaken", "maandag", "rust", "als het rooster breekt", "dat ik elk gat moet dichten")
    held.tap("probe", "fine")
    probe = held.plan
    assert (probe.kind, probe.act, probe.journey) == ("probe", "een dag zonder invaltaken", "")
    assert {moment.about for moment in held.checkins} == {"p1", probe.id}


def asked_for_a_seat(held: Held) -> None:
    """Begin the elephant exercise, as far as the first question for a seat."""
    held.met().command("wicked", "Het lerarentekort")
    held.say("1 5 7", "2 4 6")
    while held.at == "wicked.prompt":
        held.skip()
    held.tap("elephant")


def test_a_seat_of_her_own_is_kept_also_when_she_stops_before_looking_from_there(held: Held) -> None:
    asked_for_a_seat(held)
    held.say("de conciërge")
    held.command("stop")
    assert "de conciërge" in held.texts


def test_what_comes_behind_an_answer_joins_that_answer_and_not_an_older_one_of_the_same_place(held: Held) -> None:
    asked_for_a_seat(held)
    held.say("de conciërge", "Hij ziet alles")
    assert held.at == "wicked.seat"
    held.hear(Said("en hij hoort ook alles", "early 1", early=True))
    assert held.texts[-2:] == ["de conciërge", "Hij ziet alles\nen hij hoort ook alles"]
    held.say("de buurman")
    held.hear(Said("van nummer 8", "early 2", early=True))
    assert held.texts[-3:] == ["de conciërge", "Hij ziet alles\nen hij hoort ook alles", "de buurman\nvan nummer 8"]


# -- own words ---------------------------------------------------------------------------------------------------


def test_a_marked_sentence_is_quoted_later_word_for_word_and_dated(held: Held) -> None:
    held.placed(Phase.NOT_DARING)
    said = held.now
    held.say("  Omdat ú het merkt…  ".strip())
    held.command("reason")
    held.command("stop")
    held.wait(days=3)
    held.tap("go_on")
    assert held.question.key == "contact.first_question"
    assert held.question.values["reason"] == "Omdat ú het merkt…"
    assert held.question.values["on"] == said


def test_a_sentence_is_not_quoted_on_the_day_it_was_written(held: Held) -> None:
    held.placed(Phase.NOT_DARING).say("omdat ze het merken")
    held.command("reason")
    held.command("stop")
    held.tap("go_on")
    assert held.question.values["reason"] == ""


def test_a_sentence_of_another_journey_is_not_quoted(held: Held) -> None:
    held.placed(Phase.NOT_DARING).say("omdat ze het merken")
    held.command("reason")
    held.command("stop")
    held.wait(days=3)
    held.placed(Phase.NOT_DARING)
    assert held.question.values["reason"] == ""


def test_a_thought_marked_before_its_journey_began_belongs_to_that_journey(held: Held) -> None:
    held.met().say("omdat ze het merken")
    held.command("thought")
    held.command("stop")
    held.say("ik zie op tegen lesbezoek")
    held.tap("journey")
    held.command("reason")
    held.tap("own")
    held.say("zelf uitleggen", "eerst vragen")
    held.tap("yes")
    assert [(quote.text, quote.journey) for quote in held.conversation.quotes] == [("ik zie op tegen lesbezoek", "j1")]


def test_what_signalled_a_crisis_is_never_marked_unasked(held: Held) -> None:
    held.placed(Phase.NOT_DARING).say("omdat ze het merken")
    held.journal["r99"] = replace(next(iter(held.journal.values())), id="r99", kind=Kind.CARE, text="ik kan niet meer")
    held.command("reason")
    assert [quote.text for quote in held.conversation.quotes] == ["omdat ze het merken"]


# -- before consent, and a map that changed ----------------------------------------------------------------------


@pytest.mark.parametrize(
    "command", ["journey", "thought", "wicked", "recent", "export", "later", "stop", "rest", "time", "reason"]
)
def test_before_consent_no_command_leads_past_it(command: str, held: Held) -> None:
    held.tap("nl")
    held.command(command, "iets persoonlijks")
    assert held.at == "meeting.notice"
    assert held.keys[0] == "errors.consent_first"


@pytest.mark.parametrize("interruption", ["erase", "language"])
@pytest.mark.parametrize("way_out", ["stop", "later", "back"])
def test_before_consent_no_way_out_leads_past_it(interruption: str, way_out: str, held: Held) -> None:
    """Known bad: /erase and then /stop once led to the menu without consent."""
    held.tap("nl")
    held.command(interruption)
    held.command(way_out)
    held.say("iets persoonlijks")
    assert not held.at.startswith(("home", "thought"))
    assert held.journal == {}
    assert "iets persoonlijks" not in repr(held.conversation)


def test_whoever_declines_can_come_back(held: Held) -> None:
    held.tap("nl", "decline")
    held.say("en nu")
    assert held.at == "meeting.declined"
    held.tap("again", "agree")
    assert held.at == "home.menu"


@pytest.mark.parametrize(
    "heard",
    [Said("iets", "m1"), Tapped("1", "yes"), Commanded("help"), Commanded("start"), SentOther("voice")],
    ids=lambda heard: type(heard).__name__,
)
def test_a_state_that_no_longer_exists_leads_home_and_says_so(heard: Said, held: Held) -> None:
    held.placed(Phase.NOT_DARING).say("dat ze lachen")
    frame = replace(held.conversation.frame, state="withdrawn")
    held.conversation = replace(held.conversation, frame=frame)
    held.hear(heard)
    assert held.keys[0] == "errors.step_gone"
    assert held.at == "home.menu"
    assert "dat ze lachen" in held.texts


def test_a_waiting_question_that_no_longer_exists_is_passed_over(held: Held) -> None:
    held.named()
    held.command("language")
    gone = replace(held.conversation.waiting[0], state="withdrawn")
    held.conversation = replace(held.conversation, waiting=(held.conversation.waiting[0], gone))
    held.tap("nl")
    assert "errors.step_gone" in held.keys
    assert held.at == "diagnosis.willing"


def test_a_question_set_aside_that_no_longer_exists_leads_to_the_menu(held: Held) -> None:
    held.named().command("later")
    held.conversation = replace(
        held.conversation, waiting=(replace(held.conversation.waiting[0], route="withdrawn", state="x"),)
    )
    held.command("go_on")
    assert "errors.step_gone" in held.keys
    assert held.at == "home.menu"


def test_a_state_that_no_longer_exists_does_not_lead_past_consent(held: Held) -> None:
    held.conversation = replace(held.conversation, frame=Frame("withdrawn", "x", "1"))
    held.hear(Said("iets", "m1"))
    assert held.at == "meeting.language"


def test_a_step_back_to_a_question_that_no_longer_exists_goes_to_the_one_before_it(held: Held) -> None:
    held.named()
    steps = (*held.conversation.frame.steps[:-1], Step("journey", "withdrawn"))
    held.conversation = replace(held.conversation, frame=replace(held.conversation.frame, steps=steps))
    held.command("back")
    assert held.at == "journey.to"
