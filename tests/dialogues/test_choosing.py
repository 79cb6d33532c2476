"""Which question comes: not twice in a month; first what was sought, then what is tied, what fits, what is longest ago."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from content.catalogue import Catalogue
from dialogues import choosing
from dialogues.conversation import Commanded, Conversation, Guess, Phase, Phrase, Value
from dialogues.desk import Desk
from dialogues.models import Form, Model
from tests.dialogues.held import TUESDAY, ZONE, Held

DAY = timedelta(days=1)


def questions(id_: str, count: int = 2, **more: object) -> Model:
    """Return a model with so many questions: ``id.q1`` and on."""
    elements = tuple(f"q{number}" for number in range(1, count + 1))
    plain = Model(id=id_, code=f"m2{len(id_):02}", forms=frozenset({Form.SET}), elements=elements)
    return replace(plain, **more)


def desk_of(held: Held, *models: Model, now: datetime = TUESDAY, **sets: Value) -> Desk:
    """Return a desk in the conversation of *held*, with these models and nothing else."""
    known = replace(held.repertoire, models={model.id: model for model in models})
    return Desk(held.conversation, (), known, now, ZONE, sets=dict(sets))


def chosen(desk: Desk) -> str:
    """Return the next question among all models."""
    return choosing.next_question(desk, desk.repertoire.models.values())


def given_before(held: Held, given_: Mapping[str, int]) -> Held:
    """Have questions given so many days ago."""
    at = {question: TUESDAY - timedelta(days=days) for question, days in given_.items()}
    held.conversation = replace(held.conversation, given=at)
    return held


def working_on(held: Held, phase: Phase | None, *tied: str) -> Held:
    """Have a journey under way in *phase*, with models tied to it."""
    held.placed(phase or Phase.NOT_DARING)
    journey = replace(held.journey, phase=phase, tied=tied)
    held.conversation = replace(held.conversation, journeys=(journey,), current=journey.id)
    return held


# -- not again within a month ------------------------------------------------------------------------------------


def test_the_first_question_of_the_first_model_comes_first(held: Held) -> None:
    assert chosen(desk_of(held, questions("one"), questions("two"))) == "one.q1"


@pytest.mark.parametrize(
    ("days", "question"), [(0, "one.q2"), (1, "one.q2"), (30, "one.q2"), (31, "one.q1"), (90, "one.q1")]
)
def test_a_question_is_not_repeated_within_a_month(held: Held, days: int, question: str) -> None:
    given_before(held, {"one.q1": days})
    assert chosen(desk_of(held, questions("one"))) == question


def test_none_is_left_when_all_were_given(held: Held) -> None:
    given_before(held, {"one.q1": 3, "one.q2": 30})
    assert chosen(desk_of(held, questions("one"))) == ""
    assert chosen(desk_of(held, questions("one"), now=TUESDAY + DAY)) == "one.q2"
    assert chosen(desk_of(held)) == ""


def test_a_model_without_questions_gives_none(held: Held) -> None:
    for form in (Form.CARD, Form.SCAN, Form.BOARD):
        assert chosen(desk_of(held, questions("one", forms=frozenset({form})))) == ""
    for form in (Form.SET, Form.STATION):
        assert chosen(desk_of(held, questions("one", forms=frozenset({form, Form.SCAN})))) == "one.q1"


# -- the order ---------------------------------------------------------------------------------------------------


def test_what_was_sought_comes_first_in_the_order_it_was_found(held: Held) -> None:
    working_on(held, Phase.ACTING, "tied")
    models = (questions("one"), questions("tied"), questions("fits", phases=(6,)))
    sought = ("fits.q2", "one.q2", "gone.q1")
    desk = desk_of(held, *models, sought=sought)
    assert chosen(desk) == "fits.q2"
    choosing.note(desk, "fits.q2")
    assert chosen(desk) == "one.q2"
    choosing.note(desk, "one.q2")
    assert chosen(desk) == "tied.q1"


def test_then_what_is_tied_to_the_journey(held: Held) -> None:
    working_on(held, Phase.ACTING, "tied")
    models = (questions("one"), questions("fits", phases=(6,)), questions("tied", phases=(1,)))
    assert chosen(desk_of(held, *models)) == "tied.q1"


@pytest.mark.parametrize(
    ("phase", "question"), [(Phase.ACTING, "acting.q1"), (Phase.NOT_WANTING, "other.q1"), (Phase.PREPARING, "any.q1")]
)
def test_then_what_fits_the_phase_and_what_fits_any_before_what_fits_another(
    held: Held, phase: Phase, question: str
) -> None:
    working_on(held, phase)
    models = (questions("other", phases=(1, 2)), questions("acting", phases=(6,)), questions("any"))
    assert chosen(desk_of(held, *models)) == question


def test_without_a_phase_no_model_fits_better_than_another(held: Held) -> None:
    models = (questions("other", phases=(1,)), questions("any"))
    assert chosen(desk_of(held, *models)) == "other.q1"
    assert chosen(desk_of(working_on(held, None), *models)) == "other.q1"


def test_then_the_model_that_was_heard_of_longest_ago(held: Held) -> None:
    models = (questions("one", 3), questions("two", 3), questions("three", 3))
    given_before(held, {"one.q1": 5, "two.q1": 9, "three.q1": 7})
    assert chosen(desk_of(held, *models)) == "two.q2"
    given_before(held, {"one.q1": 5, "two.q1": 9})
    assert chosen(desk_of(held, *models)) == "three.q1"


def test_of_a_model_its_latest_question_counts(held: Held) -> None:
    given_before(held, {"one.q1": 200, "one.q2": 2, "two.q1": 10})
    assert chosen(desk_of(held, questions("one", 3), questions("two", 3))) == "two.q2"


def test_within_a_model_its_own_order_counts(held: Held) -> None:
    given_before(held, {"one.q1": 40, "one.q3": 400})
    assert chosen(desk_of(held, questions("one", 3))) == "one.q1"


def test_a_model_whose_name_begins_like_another_is_another(held: Held) -> None:
    given_before(held, {"one-more.q1": 2})
    assert chosen(desk_of(held, questions("one-more", 2), questions("one", 2))) == "one.q1"


# -- remembering -------------------------------------------------------------------------------------------------


def test_what_was_given_is_remembered_for_a_year_and_then_forgotten(held: Held) -> None:
    given_before(held, {"old.q1": 366, "year.q1": 365, "new.q1": 1})
    desk = desk_of(held, questions("one"))
    choosing.note(desk, "one.q1")
    assert desk.conversation.given.keys() == {"year.q1", "new.q1", "one.q1"}
    assert desk.conversation.given["one.q1"] == TUESDAY


def test_a_question_that_is_given_again_has_its_latest_day(held: Held) -> None:
    given_before(held, {"one.q1": 40})
    desk = desk_of(held, questions("one"))
    choosing.note(desk, "one.q1")
    assert desk.conversation.given == {"one.q1": TUESDAY}


def test_a_question_exists_as_long_as_the_content_holds_it_as_one(held: Held) -> None:
    desk = desk_of(held, questions("one"), questions("read", forms=frozenset({Form.CARD})))
    assert choosing.exists(desk, "one.q2")
    assert not any(choosing.exists(desk, gone) for gone in ("one.q3", "two.q1", "read.q1", "one", ""))
    model, words = choosing.words_of(desk, "one.q2")
    assert (model.id, words.key) == ("one", "models.one.elements.q2.question")
    with pytest.raises(KeyError):
        choosing.words_of(desk, "two.q1")


# -- in a conversation -------------------------------------------------------------------------------------------


def talking(held: Held, *models: Model) -> Held:
    """Meet the guide, with these models and nothing else."""
    known = replace(held.repertoire, models={model.id: model for model in models}, ladder="")
    return Held(known).met()


def heard_of(held: Held) -> str:
    """Return the question that is asked, as ``model.element``."""
    words = held.question.values["question"]
    assert isinstance(words, Phrase)
    _, model, _, element, _ = words.key.split(".")
    return f"{model}.{element}"


def test_another_question_each_time_until_all_were_given_and_a_month_later_again(held: Held) -> None:
    held = talking(held, questions("one"), questions("two"))
    order = []
    for _ in range(4):
        held.command("question")
        order.append(heard_of(held))
        held.say("een antwoord")
        held.tap("enough")
        held.wait(days=1)
    assert order == ["one.q1", "two.q1", "one.q2", "two.q2"]
    held.command("question")
    assert held.question.key == "reflect.none"
    held.tap("done")
    held.wait(days=27)
    held.command("question")
    assert heard_of(held) == "one.q1"


def test_another_question_asks_the_next_one_and_both_rest(held: Held) -> None:
    held = talking(held, questions("one"))
    held.command("question")
    held.tap("other")
    assert heard_of(held) == "one.q2"
    held.tap("other")
    assert held.question.key == "reflect.none"
    assert held.conversation.given.keys() == {"one.q1", "one.q2"}


def test_words_that_come_when_nothing_was_asked_are_kept(held: Held) -> None:
    held = talking(held, questions("one", 1))
    held.command("question")
    held.tap("other")
    held.say("toch nog iets")
    assert held.texts == ["toch nog iets"]
    assert "reflect.kept" in held.keys


def test_going_back_asks_the_same_question_and_corrects_its_answer(held: Held) -> None:
    held = talking(held, questions("one"), questions("two"))
    held.command("question")
    held.say("eerst dit")
    held.command("back")
    assert heard_of(held) == "one.q1"
    held.say("nee, dat")
    assert held.texts == ["nee, dat"]
    assert [kept.model for kept in held.journal.values()] == ["one.q1"]


def test_a_question_about_a_word_comes_first_and_the_next_is_about_it_too(held: Held) -> None:
    held = talking(held, questions("one"), questions("two"))
    held.hear(Commanded("question", "feedback", guesses=(Guess("two.q2", 1.0), Guess("two.q1", 1.0))))
    assert heard_of(held) == "two.q2"
    held.tap("other")
    assert heard_of(held) == "two.q1"
    held.tap("other")
    assert heard_of(held) == "one.q1"


# -- any history -------------------------------------------------------------------------------------------------

HISTORY = st.dictionaries(
    st.tuples(st.sampled_from(["one", "two", "three"]), st.integers(1, 3)).map(lambda pair: f"{pair[0]}.q{pair[1]}"),
    st.integers(0, 400),
)


@settings(max_examples=80, deadline=None)
@given(history=HISTORY, contacts=st.lists(st.integers(0, 20), max_size=25))
def test_in_any_history_no_question_comes_twice_within_a_month_nor_rests_while_none_is_given(
    catalogue: Catalogue, history: dict[str, int], contacts: list[int]
) -> None:
    held = given_before(Held(catalogue.repertoire), history)
    models = (questions("one", 3), questions("two", 3), questions("three", 3))
    conversation: Conversation = held.conversation
    now = TUESDAY
    for wait in contacts:
        now += timedelta(days=wait)
        held.conversation = conversation
        desk = desk_of(held, *models, now=now)
        question = chosen(desk)
        rested = {
            f"{model.id}.{element}"
            for model in models
            for element in model.elements
            if now - conversation.given.get(f"{model.id}.{element}", now - 500 * DAY) >= choosing.REST
        }
        assert (question in rested) if rested else question == ""
        if question:
            choosing.note(desk, question)
        conversation = desk.conversation


def test_a_question_that_stays_open_until_another_has_rested_is_still_the_one_that_is_answered(held: Held) -> None:
    held = talking(held, questions("one"))
    held.command("question")
    held.say("antwoord op de eerste")
    held.tap("enough")
    held.wait(days=30)
    held.command("question")
    assert heard_of(held) == "one.q2"
    held.wait(days=2)
    assert heard_of(held) == "one.q2"
    held.say("antwoord op de tweede")
    assert [kept.model for kept in held.journal.values()] == ["one.q1", "one.q2"]
