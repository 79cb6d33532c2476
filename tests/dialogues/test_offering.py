"""Which cards are offered, in which order, and how the sharp ones are handled (design, sections 5 to 7)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dialogues.conversation import Phase, Whose
from tests.dialogues.held import Held

TICKS = ("purpose", "aloud", "free", "lighter_tried")
SHARP = [
    (Phase.NOT_WANTING, 3),
    (Phase.NOT_YET_WANTING, 3),
    (Phase.NOT_DARING, 1),
    (Phase.ACTING, 1),
]
"""The phases that have cards with a label, and how many."""


def pages(held: Held) -> list[list[str]]:
    """Look through all cards of this contact and return them page by page."""
    shown = [held.offered]
    while "other" in [choice.id for choice in held.question.choices]:
        held.tap("other")
        shown.append(held.offered)
    return shown


def lookahead(held: Held) -> list[list[str]]:
    """Return the pages that would follow if the leader came to the cards once more in this contact."""
    frame = replace(held.conversation.frame, route="contact", state="offer")
    held.conversation = replace(held.conversation, frame=frame)
    return pages(held)


def label(held: Held, id_: str) -> str:
    return held.repertoire.card(id_).label


def passed_over(held: Held, times: int, *ids: str) -> None:
    """Have cards passed over in earlier contacts."""
    journey = replace(held.journey, refused={**held.journey.refused, **dict.fromkeys(ids, times)})
    held.conversation = replace(held.conversation, journeys=(journey,))


@pytest.mark.parametrize("phase", Phase)
def test_the_cards_of_the_list_come_first_three_at_a_time_and_best_first(phase: Phase, held: Held) -> None:
    held.placed(phase).to_cards()
    shown = pages(held)
    light = [id_ for page in shown for id_ in page if not label(held, id_)]
    assert light[: len(held.repertoire.offer[phase])] == list(held.repertoire.offer[phase])
    assert all(len(page) <= 3 for page in shown)


@pytest.mark.parametrize("phase", Phase)
def test_every_card_without_a_label_is_offered_once(phase: Phase, held: Held) -> None:
    held.placed(phase).to_cards()
    light = [id_ for page in pages(held) for id_ in page if not label(held, id_)]
    assert sorted(light) == sorted(card.id for card in held.repertoire.of_phase(phase) if not card.label)


@pytest.mark.parametrize("phase", Phase)
@pytest.mark.parametrize("whose", Whose)
def test_a_sharp_card_is_never_first_and_comes_alone_and_last(phase: Phase, whose: Whose, held: Held) -> None:
    held.placed(phase, whose).to_cards()
    shown = pages(held)
    sharp = [any(label(held, id_) for id_ in page) for page in shown]
    assert sharp == sorted(sharp)
    assert not sharp[0]
    assert all(len(page) == 1 for page, pushes in zip(shown, sharp, strict=True) if pushes)


@pytest.mark.parametrize(("phase", "sharp"), SHARP)
def test_only_one_sharp_card_is_taken_up_in_a_contact(phase: Phase, sharp: int, held: Held) -> None:
    assert sum(bool(card.label) for card in held.repertoire.of_phase(phase)) == sharp
    held.placed(phase).to_cards()
    while not label(held, held.offered[0]):
        held.tap("other")
    held.tap(held.offered[0], "done")
    assert held.at == "contact.lighter"
    held.tap(held.offered[0])
    assert not label(held, str(held.conversation.frame.steps[-1].sets["card"]))
    assert [id_ for page in lookahead(held) for id_ in page if label(held, id_)] == []


@pytest.mark.parametrize(("phase", "sharp"), SHARP)
def test_a_sharp_card_is_not_first_even_when_all_others_rest(phase: Phase, sharp: int, held: Held) -> None:
    held.placed(phase)
    passed_over(held, 2, *(card.id for card in held.repertoire.of_phase(phase) if not card.label))
    held.to_cards()
    assert held.offered == []
    assert held.question.key == "contact.no_cards"
    assert sharp
    held.tap("none")
    assert held.at != "contact.offer"


def test_a_card_passed_over_twice_rests_for_this_journey(held: Held) -> None:
    held.placed(Phase.NOT_DARING).to_cards()
    first = held.offered
    passed_over(held, 1, first[0])
    assert first[0] in held.offered
    passed_over(held, 2, first[0])
    assert first[0] not in held.offered


def test_going_back_and_passing_over_again_counts_once(held: Held) -> None:
    held.placed(Phase.NOT_WANTING).to_cards()
    first = held.offered
    for _times in range(3):
        held.tap("other")
        held.command("back")
        assert held.offered == first
    held.tap("other")
    assert [held.journey.refused[id_] for id_ in first] == [1, 1, 1]


def test_cards_rest_per_journey(held: Held) -> None:
    held.placed(Phase.NOT_DARING).to_cards()
    first = held.offered
    passed_over(held, 2, *first)
    held.command("stop")
    held.placed(Phase.NOT_DARING).to_cards()
    assert held.offered == first


# -- about a colleague -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("certainty", "asks_first"), [("0", True), ("4", True), ("5", False), ("10", False)])
def test_unsure_about_a_colleague_the_first_card_is_to_go_and_ask(
    certainty: str,
    asks_first: bool,  # noqa: FBT001 - a table
    held: Held,
) -> None:
    held.placed(Phase.NOT_DARING, "colleague", certainty).to_cards()
    assert (held.offered[0] == "go_and_ask") is asks_first


def test_going_and_asking_can_be_chosen_and_planned(held: Held) -> None:
    held.placed(Phase.NOT_WANTING, "colleague", "3").to_cards()
    held.tap("go_and_ask", "yes")
    held.plan_made()
    assert (held.plan.card, held.plan.act) == ("go_and_ask", "of ik zelf uitleg, dinsdag")


@pytest.mark.parametrize("whose", [Whose.COLLEAGUE, Whose.TEAM])
def test_before_a_plan_about_others_the_guide_asks_whether_it_could_be_said_aloud(whose: Whose, held: Held) -> None:
    held.placed(Phase.NOT_DARING, whose).to_cards()
    first = held.offered
    held.tap(first[0])
    assert held.question.key == f"contact.openly.{whose}"
    held.tap("not_yet")
    assert held.at == "contact.offer"
    assert first[0] not in held.offered


def test_about_oneself_there_is_nothing_to_say_aloud(held: Held) -> None:
    held.placed(Phase.NOT_DARING).to_cards()
    held.tap(held.offered[0])
    assert held.at == "plan.when"


# -- motivation before planning ----------------------------------------------------------------------------------


@pytest.mark.parametrize("phase", Phase)
def test_a_change_plan_starts_in_phase_three(phase: Phase, held: Held) -> None:
    held.placed(phase).to_cards()
    card = next(id_ for id_ in held.offered if id_ != "wait" and not held.repertoire.card(id_).choices)
    held.tap(card)
    assert held.at == ("plan.light" if phase <= Phase.NOT_YET_WANTING else "plan.when")


def test_the_card_that_waits_is_a_light_plan_at_once(held: Held) -> None:
    held.placed(Phase.NOT_WANTING).to_cards()
    held.tap("wait")
    assert held.question.key == "plan.light_what.wait"
    held.plan_made()
    assert (held.plan.kind, held.plan.card) == ("wait", "wait")


@pytest.mark.parametrize("phase", Phase)
def test_importance_is_asked_in_the_first_two_phases_only(phase: Phase, held: Held) -> None:
    held.placed(phase)
    asked = []
    while held.at != "contact.offer":
        asked.append(held.at)
        if held.at == "contact.importance":
            held.tap("7")
        else:
            held.skip()
    assert ("contact.importance" in asked) == (phase <= Phase.NOT_YET_WANTING)


@pytest.mark.parametrize(
    ("number", "keys"),
    [
        ("0", ["contact.importance_why.zero"]),
        ("6", ["contact.importance_why.lower", "contact.importance_more"]),
        ("10", ["contact.importance_why.ten"]),
    ],
)
def test_after_a_ruler_first_why_not_lower_and_then_what_more_would_take(
    number: str, keys: list[str], held: Held
) -> None:
    held.placed(Phase.NOT_YET_WANTING)
    while held.at != "contact.importance":
        held.skip()
    held.tap(number)
    asked = []
    while held.at != "contact.offer":
        asked.append(held.question.key)
        held.say("omdat leerlingen het merken")
    assert asked == keys


def test_a_card_that_fits_the_first_thought_comes_first(held: Held) -> None:
    held.placed(Phase.NOT_DARING)
    frame = held.conversation.frame
    step = replace(frame.steps[0], sets={**frame.steps[0].sets, "fit": "card:hands_on"})
    held.conversation = replace(held.conversation, frame=replace(frame, steps=(step, *frame.steps[1:])))
    held.to_cards()
    assert held.offered[0] == "hands_on"


def test_a_sharp_card_never_comes_first_because_a_thought_resembled_it(held: Held) -> None:
    held.placed(Phase.NOT_DARING)
    frame = held.conversation.frame
    step = replace(frame.steps[0], sets={**frame.steps[0].sets, "fit": "card:entice"})
    held.conversation = replace(held.conversation, frame=replace(frame, steps=(step, *frame.steps[1:])))
    held.to_cards()
    assert not any(label(held, id_) for id_ in held.offered)


# -- the sharp cards ---------------------------------------------------------------------------------------------


def sharp_card(held: Held, phase: Phase = Phase.ACTING, whose: str = "colleague") -> str:
    """Begin a journey and choose its sharp card, as far as the tick list."""
    held.placed(phase, whose).to_cards()
    card = pages(held)[-1][0]
    assert label(held, card)
    held.tap(card)
    assert held.at == "contact.ticks"
    return card


@pytest.mark.parametrize("open_box", TICKS)
def test_a_box_left_open_brings_two_or_three_lighter_cards(open_box: str, held: Held) -> None:
    card = sharp_card(held)
    held.tap(*(box for box in TICKS if box != open_box), "done")
    assert held.at == "contact.lighter"
    assert 2 <= len(held.offered) <= 3
    assert not any(label(held, id_) for id_ in held.offered)
    assert card not in held.offered
    held.tap(held.offered[0])
    assert held.conversation.frame.state != "ticks"


@pytest.mark.parametrize(
    ("whose", "phase", "at"),
    [
        ("own", Phase.ACTING, "contact.promise"),
        ("own", Phase.NOT_WANTING, "contact.promise"),
        ("colleague", Phase.ACTING, "plan.when"),
        ("team", Phase.NOT_WANTING, "plan.light"),
    ],
)
def test_with_every_box_ticked_the_card_becomes_a_plan_and_for_oneself_a_promise(
    whose: str, phase: Phase, at: str, held: Held
) -> None:
    sharp_card(held, phase, whose)
    held.tap(*TICKS, "done")
    assert held.at == at


def test_no_sharp_card_twice_in_a_row(held: Held) -> None:
    card = sharp_card(held)
    held.tap(*TICKS, "done")
    held.plan_made()
    assert (held.plan.card, held.journey.last_labelled) == (card, card)
    for contact in range(2):
        held.tap("go_on")
        held.to_cards()
        shown = [id_ for page in pages(held) for id_ in page]
        sharp = [id_ for id_ in shown if label(held, id_)]
        assert sharp == ([] if contact == 0 else [card])
        held.command("stop")
        if contact == 0:
            passed_over(held, 0, *held.journey.refused)
            held.tap("go_on")
            held.to_cards()
            held.tap(held.offered[0], "yes")
            held.plan_made()
            passed_over(held, 0, *held.journey.refused)


def test_a_sharp_card_that_was_only_looked_at_was_not_used(held: Held) -> None:
    sharp_card(held)
    held.tap(*TICKS, "done")
    held.command("stop")
    assert held.journey.last_labelled == ""


def test_going_back_from_the_tick_list_shows_the_same_card(held: Held) -> None:
    card = sharp_card(held)
    held.tap(*TICKS, "done")
    held.command("back")
    assert held.at == "contact.ticks"
    held.command("back")
    assert held.offered == [card]


def test_typed_numbers_tick_boxes_and_a_typed_none_leaves_all_open(held: Held) -> None:
    sharp_card(held)
    held.say("1, 2 en 3")
    assert held.at == "contact.lighter"
    assert held.conversation.frame.steps[-1].sets["ticks"] == ("purpose", "aloud", "free")


def test_a_card_with_kinds_asks_which_one(held: Held) -> None:
    held.placed(Phase.ACTING).to_cards()
    held.tap("feedback_action")
    assert held.at == "contact.kinds"
    assert [choice.id for choice in held.question.choices if choice.id != "later"] == ["experiences", "video", "live"]
    held.tap("video")
    assert held.at == "plan.when"


# -- the questions -----------------------------------------------------------------------------------------------


def test_going_back_asks_the_same_question_again(held: Held) -> None:
    held.placed(Phase.NOT_DARING)
    first = held.question.values["question"]
    held.say("dat ze denken dat ik het zelf niet weet")
    held.command("back")
    assert held.question.values["question"] == first
    held.say("dat het stil blijft")
    assert held.texts.count("dat het stil blijft") == 1
    assert "dat ze denken dat ik het zelf niet weet" not in held.texts


def test_the_next_contact_begins_with_a_question_that_was_not_asked_before(held: Held) -> None:
    held.placed(Phase.NOT_DARING)
    asked = [held.question.values["question"]]
    for _contact in range(3):
        held.skip()
        held.command("stop")
        held.wait(days=1)
        held.tap("go_on")
        asked.append(held.question.values["question"])
    assert len({str(question) for question in asked}) == 4


def test_an_own_idea_at_the_cards_becomes_the_plan(held: Held) -> None:
    held.placed(Phase.NOT_DARING).to_cards()
    held.say("In het overleg van donderdag eerst twee minuten stil zijn.")
    assert held.at == "plan.when"
    assert "In het overleg van donderdag eerst twee minuten stil zijn." in held.texts


def test_a_number_with_words_behind_it_chooses_that_card_and_keeps_the_words(held: Held) -> None:
    held.placed(Phase.NOT_DARING).to_cards()
    second = held.offered[1]
    held.say("2, maar met vijf minuten")
    assert held.conversation.frame.steps[-1].sets["card"] == second
    assert "2, maar met vijf minuten" in held.texts
