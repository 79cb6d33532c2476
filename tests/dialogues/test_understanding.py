"""What a text is taken for: a button, a number, boxes, a name, or the beginning of a sentence that the guide began."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialogues import leads, replies
from dialogues.conversation import Choice, Phase, Said, Say, Shape, Whose
from dialogues.names import looks_full
from tests.dialogues.held import Held

LABELS = {
    "smaller": "Kleiner maken",
    "card": "Een andere kaart",
    "same": "Zelfde plan nog eens",
    "no": "Nee, liever niet",
}


def named(text: str, shape: Shape = Shape.CHOICES, labels: dict[str, str] = LABELS) -> str:
    question = Say("any", choices=tuple(Choice(id_, id_) for id_ in labels), shape=shape)
    return replies.named(text, question, labels, {id_: ("nee",) if id_ == "no" else () for id_ in labels})


@pytest.mark.parametrize(
    ("text", "choice"),
    [
        ("1", "smaller"),
        ("4", "no"),
        ("5", ""),
        ("0", ""),
        ("kleiner maken", "smaller"),
        ("KLEINER  MAKEN!", "smaller"),
        ("kleiner", "smaller"),
        ("nee", "no"),
        ("nee liever", "no"),
        ("ne", ""),
        ("Kleiner maken is goed", ""),
        ("", ""),
        ("🙂", ""),
    ],
)
def test_a_button_is_named_by_its_number_its_words_or_the_first_of_them(text: str, choice: str) -> None:
    assert named(text) == choice


def test_the_first_words_name_no_button_when_two_begin_so() -> None:
    assert named("zelfde", labels={"a": "Zelfde plan", "b": "Zelfde kaart"}) == ""


def test_on_a_ruler_and_beside_days_a_number_is_no_place_in_a_row() -> None:
    assert named("1", Shape.RULER) == ""
    assert named("1", Shape.NUMBERS) == ""
    assert named("1", Shape.TICKS) == ""


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("6", 6),
        ("een 6", 6),
        ("10", 10),
        ("0", 0),
        ("6!", 6),
        ("zo'n 6 denk ik", 6),
        ("7, omdat het met haar fout mag gaan", 7),
        ("6 van de 10", 6),
        ("6/10", 6),
        ("10/10", 10),
        ("6 out of 10", 6),
        ("9 van de tien", 9),
        ("Een meisje uit groep 7 vroeg waarom", None),
        ("-3", None),
        ("6,5", None),
        ("6.5", None),
        ("11", None),
        ("100", None),
        ("6 of 7", None),
        ("veel", None),
        ("9" * 5000, None),
    ],
)
def test_a_ruler_takes_one_whole_number_from_zero_to_ten(text: str, number: int | None, held: Held) -> None:
    held.placed(Phase.NOT_YET_WANTING)
    while held.at != "contact.importance":
        held.skip()
    held.say(text)
    if number is None:
        assert held.at == "contact.importance"
        assert held.keys[0] == "errors.number_please"
    else:
        assert held.conversation.frame.steps[-1].sets["importance"] == number


@pytest.mark.parametrize("text", ["11", "1 11", "0", "ja", "9" * 5000, "1 en " + "9" * 5000])
def test_a_tick_list_refuses_numbers_that_are_no_box(text: str, held: Held) -> None:
    held.met().command("wicked", "Het lerarentekort")
    held.say(text)
    assert held.at == "wicked.rittel"
    assert held.keys[0] == "errors.ticks_please"


def test_tapping_a_box_twice_ticks_it_once(held: Held) -> None:
    held.met().command("wicked", "Het lerarentekort")
    box = held.button("r1")
    held.hear(box)
    held.hear(box)
    assert held.conversation.frame.ticks == ("r1",)
    assert held.turn.say == ()
    held.hear(held.button("-r1"))
    held.hear(held.button("-r1"))
    assert held.conversation.frame.ticks == ()


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("  zo  ", "zo"),
        ("a\x00b", "ab"),
        ("\ud83d", ""),
        ("regel\r\nregel", "regel\nregel"),
        ("\u200b\ufeff", ""),
        ("\U0001fae8 \U0001f6dc", "\U0001fae8 \U0001f6dc"),  # younger than the tables of Python
        ("e\u0301", "é"),
        ("\u202eabc", "\u202eabc"),
    ],
)
def test_control_characters_go_and_everything_else_stays(text: str, kept: str) -> None:
    assert replies.clean(text) == kept


@given(st.text())
def test_cleaning_twice_changes_nothing(text: str) -> None:
    once = replies.clean(text)
    assert replies.clean(once) == once


# -- names -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["Marieke de Boer", "Karin Jansen", "Élise van den Berg", "The Karin Jansen"])
def test_a_full_name_is_noticed(text: str) -> None:
    assert looks_full(text, alone=True)
    assert looks_full(f"Gisteren zei {text} iets")


@pytest.mark.parametrize(
    "text",
    [
        "K.",
        "leraar groep 5",
        "de intern begeleider",
        "The Willow",
        "Board Room",
        "Linden Road",
        "Circle School",
        "Group Five",
    ],
)
def test_a_role_an_initial_or_a_place_is_no_full_name(text: str) -> None:
    assert not looks_full(text, alone=True)


def test_in_running_text_the_capital_of_a_sentence_makes_no_name() -> None:
    assert not looks_full("Gisteren Thuis gewerkt")
    assert looks_full("Gisteren Thuis", alone=True)


def test_a_full_name_is_neither_repeated_nor_kept(held: Held) -> None:
    held.met().command("journey")
    held.tap("colleague")
    held.say("Marieke de Boer")
    assert (held.at, held.keys[0], held.question.echo) == ("journey.who", "journey.role_please", "")
    assert "Marieke" not in repr(held.conversation)
    assert "Marieke" not in repr(held.turn.say)
    held.say("M.")
    assert held.at == "journey.topic"


# -- leads -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("whose", "from_", "to", "kept"),
    [
        (
            Whose.OWN,
            "Ik ga van meteen ja zeggen",
            "naar eerst een nacht slapen.",
            ("meteen ja zeggen", "eerst een nacht slapen"),
        ),
        (Whose.OWN, "from explaining", "to asking first", ("explaining", "asking first")),
        (Whose.COLLEAGUE, "Ik zie nu dat ze wegloopt", "en ik hoop op een gesprek", ("dat ze wegloopt", "een gesprek")),
        (Whose.COLLEAGUE, "van de hak op de tak", "naar huis", ("van de hak op de tak", "naar huis")),
        (Whose.TEAM, "Wij doen nu alles apart", "… en wij willen samen", ("alles apart", "samen")),
        (Whose.TEAM, "What we do now is teach", "what we want is learn", ("teach", "learn")),
    ],
)
def test_the_beginning_that_the_guide_wrote_is_not_said_twice(
    whose: Whose, from_: str, to: str, kept: tuple[str, str], held: Held
) -> None:
    held.named(whose, from_, to)
    assert (held.journey.from_, held.journey.to) == kept
    assert {from_, to} <= set(held.texts)


@given(st.text(), st.sampled_from(Whose))
def test_a_lead_only_ever_takes_something_away(text: str, whose: Whose) -> None:
    assert leads.without_from(text, whose) in text
    assert leads.without_to(text, whose) in text
    assert leads.without_stop(text) in text


def test_a_sentence_that_is_only_a_lead_stays() -> None:
    assert leads.without_from("van", Whose.OWN) == "van"
    assert leads.without_to("naar ", Whose.OWN) == "naar"


# -- a text that only resembles a button -------------------------------------------------------------------------


def test_words_at_a_button_are_kept_and_the_question_stays(held: Held) -> None:
    held.named()
    held.say("het ligt eraan wie het vraagt")
    assert held.at == "diagnosis.willing"
    assert held.keys == ["errors.kept_choose_please", "diagnosis.willing.own"]
    assert "het ligt eraan wie het vraagt" in held.texts


def test_a_lone_number_that_is_no_button_is_not_kept(held: Held) -> None:
    held.named()
    held.say("9")
    assert held.keys[0] == "errors.no_such_button"
    assert "9" not in held.texts


@pytest.mark.parametrize("text", ["", "🙂", "!!!"])
def test_a_text_without_words_is_asked_again_and_not_kept(text: str, held: Held) -> None:
    held.met().command("journey")
    before = dict(held.journal)
    held.hear(Said(text, "m1"))
    assert held.at == "journey.whose"
    assert held.journal == before


@given(st.text(st.characters(max_codepoint=127)))
def test_a_text_without_accents_names_a_button_as_one_with_accents_does(text):
    labels = {"one": f"{text} een", "other": "iets anders"}
    assert named(f"{text} één", labels=labels) == named(f"{text} een", labels=labels)
