"""The words as they are said: rendering, buttons, commands, and leaders' texts that stay what they are."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from content.catalogue import Catalogue, load
from content.filters import short
from dialogues.conversation import Choice, Phrase, Say, Shape
from dialogues.errors import WordsMissing
from dialogues.ports import Words

if TYPE_CHECKING:
    from tests.content.conftest import Tree

NO = Choice("no", "no")
DOUBT = Choice("doubt", "doubt")
LATER = Choice("later", "later")


@pytest.fixture
def words(tree: Tree) -> Catalogue:
    """Return the small content, with a few messages more."""
    tree.put_both("ask.day", "{{ when|day }}, {{ when|clock }}")
    tree.put_both("ask.count", "{{ n }} {{ n|plural('reflectie', 'reflecties') }}: {{ of|and_list }}")
    tree.put_both("ask.tick", {"text": "Welke herken je?\n{{ boxes }}"})
    tree.put_both("ask.cards", "{% for card in cards %}\n{{ loop.index }} {{ card.term }}\n{% endfor %}\nWat past?")
    tree.put_both("ask.short", "{{ text|short(10) }} {{ text|lower_first }}")
    tree.put_both("ask.plain", "Dag.")
    tree.put("en", "commands.search", {"name": "search", "also": [], "description": "Find.", "words": ["find"]})
    return load(tree.folder)


def test_the_catalogue_fits_the_port(words: Catalogue) -> None:
    port: Words = words
    assert port.render(Say("ask.plain"), "nl").text == "Dag."


def test_a_message_is_filled_in_and_has_a_row_for_each_button(words: Catalogue) -> None:
    say = Say("ask.why", {"from_": "uitleg", "to": "vragen"}, (NO, DOUBT, LATER), Shape.CHOICES, "n7")
    message = words.render(say, "nl")
    assert message.text == "Je ging van uitleg naar vragen. Waarom?"
    shown = [[(button.label, button.data) for button in row] for row in message.rows]
    assert shown == [[("Nee", "n7:no")], [("Deels", "n7:doubt")], [("Later", "n7:later")]]


def test_very_short_buttons_share_one_row(words: Catalogue) -> None:
    say = Say("ask.why", {"from_": "a", "to": "b"}, (NO, Choice("1", "m")), Shape.CHOICES, "n7")
    assert [len(row) for row in words.render(say, "nl").rows] == [2]


def test_a_ruler_stands_in_two_rows_and_later_below(words: Catalogue) -> None:
    choices = (*(Choice(str(number), "said") for number in range(11)), LATER)
    rows = words.render(Say("ask.plain", {}, choices, Shape.RULER, "n"), "nl").rows
    assert [[button.label for button in row] for row in rows] == [list("012345"), ["6", "7", "8", "9", "10"], ["Later"]]


def test_a_tick_list_stands_in_the_text_with_numbered_buttons_below(words: Catalogue) -> None:
    choices = (*(Choice(f"r{number}", "tick") for number in range(1, 7)), Choice("done", "done"), LATER)
    items = tuple(Phrase("wicked.features.r1.feature") for _ in range(6))
    say = Say("ask.tick", {"items": items}, choices, Shape.TICKS, "n", ticked=("r2",))
    message = words.render(say, "nl")
    assert message.text.splitlines()[:3] == ["Welke herken je?", "1 ☐ kenmerk", "2 ☑ kenmerk"]
    labels = [[button.label for button in row] for row in message.rows]
    assert labels == [["1", "✓2", "3", "4", "5"], ["6"], ["Done", "Later"]]
    assert words.labels(say, "nl")["r2"] == "kenmerk"


def test_boxes_and_items_must_be_as_many(words: Catalogue) -> None:
    say = Say("ask.tick", {"items": ("een",)}, (Choice("r1", "t"), Choice("r2", "t")), Shape.TICKS, "n")
    with pytest.raises(WordsMissing):
        words.render(say, "nl")


def test_a_label_is_found_in_the_choice_then_the_message_then_what_is_common(words: Catalogue) -> None:
    own = Choice("no", "no", Phrase("ask.plain"))
    say = Say("ask.why", {"from_": "a", "to": "b"}, (own, DOUBT, LATER))
    assert words.labels(say, "nl") == {"no": "Dag.", "doubt": "Deels", "later": "Later"}


def test_a_button_without_words_is_an_error(words: Catalogue) -> None:
    with pytest.raises(WordsMissing, match="maybe"):
        words.render(Say("ask.plain", {}, (Choice("maybe", "m"),), Shape.CHOICES, "n"), "nl")


def test_a_button_that_carries_too_much_is_an_error(words: Catalogue) -> None:
    with pytest.raises(WordsMissing, match="64"):
        words.render(Say("ask.plain", {}, (LATER,), Shape.CHOICES, "n" * 64), "nl")


def test_days_and_times_are_said_in_the_language_and_the_zone(words: Catalogue) -> None:
    summer = datetime(2026, 9, 1, 22, 30, tzinfo=UTC)
    assert words.render(Say("ask.day", {"when": summer}), "nl").text == "woensdag 2 september, 0.30"
    assert words.render(Say("ask.day", {"when": summer}), "en").text == "Wednesday 2 September, 0:30"


def test_a_day_without_a_time_stays_that_day(tree: Tree) -> None:
    tree.put_both("ask.date", "{{ when|day }}")
    assert load(tree.folder).render(Say("ask.date", {"when": date(2026, 3, 3)}), "nl").text == "dinsdag 3 maart"


def test_numbers_and_lists_are_said_as_people_say_them(words: Catalogue) -> None:
    say = Say("ask.count", {"n": 1, "of": ("moed", "rust", "focus")})
    assert words.render(say, "nl").text == "1 reflectie: moed, rust en focus"
    assert words.render(Say("ask.count", {"n": 2, "of": ("calm",)}), "en").text == "2 reflecties: calm"


def test_phrases_are_found_inside_lists_and_mappings(words: Catalogue) -> None:
    cards = ({"term": Phrase("cards.wait.term")}, {"term": "eigen"})
    assert words.render(Say("ask.cards", {"cards": cards}), "nl").text == "1 wait\n2 eigen\nWat past?"


def test_the_last_sentence_of_the_leader_is_echoed_on_its_own_line(words: Catalogue) -> None:
    assert words.render(Say("ask.plain", echo="Ik zie\nertegenop"), "nl").text == "“Ik zie ertegenop”\nDag."


def test_shortening_ends_at_a_word_and_never_inside_a_grapheme() -> None:
    assert short("een twee drie vier", 12) == "een twee…"
    assert short("onvoorstelbaarheid", 6) == "onvoo…"
    assert short("👩‍👩‍👧 👩‍👩‍👧 👩‍👩‍👧", 3) == "👩‍👩‍👧…"
    assert short("kort", 4) == "kort"


@pytest.mark.parametrize(
    "text", ["{{ 7 * 7 }}", "{% raise %}", "${x}", "%s", "{0.__class__}", "<b>&amp;", "a\u202eb\x00"]
)
def test_fuz_2_what_a_leader_wrote_is_shown_as_it_is(words: Catalogue, text: str) -> None:
    say = Say("ask.why", {"from_": text, "to": "x"}, echo=text)
    assert words.render(say, "nl").text == f"“{text}”\nJe ging van {text} naar x. Waarom?"


@given(text=st.text(min_size=1).filter(lambda text: text.strip() == text))
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_any_text_of_a_leader_comes_out_verbatim(words: Catalogue, text: str) -> None:
    assert words.render(Say("ask.why", {"from_": text, "to": "x"}), "nl").text == f"Je ging van {text} naar x. Waarom?"


def test_a_missing_value_names_the_key_and_the_gap_and_nothing_that_was_written(words: Catalogue) -> None:
    with pytest.raises(WordsMissing) as caught:
        words.render(Say("ask.why", {"from_": "iets geheims"}), "nl")
    assert str(caught.value) == "ask.why (nl): UndefinedError, lacks to"
    with pytest.raises(WordsMissing) as caught:
        words.render(Say("ask.day", {"when": "iets geheims"}), "nl")
    assert "geheim" not in str(caught.value)
    assert caught.value.__cause__ is None


def test_a_missing_key_or_language_is_an_error(words: Catalogue) -> None:
    for key, language in (("ask.nothing", "nl"), ("ask.plain", "fy")):
        with pytest.raises(WordsMissing):
            words.render(Say(key), language)


def test_templates_cannot_reach_inside_values(tree: Tree) -> None:
    tree.put_both("ask.trick", "{{ text.__class__.__mro__ }}")
    with pytest.raises(WordsMissing):
        load(tree.folder).render(Say("ask.trick", {"text": "x"}), "nl")


def test_commands_are_understood_in_every_language(words: Catalogue) -> None:
    heard = ["/zoek lesbezoek", "/VIND", "/search@mindshiftbot  een\ntwee ", "/foo bar", "zoek", "/", "/a/b"]
    assert [words.command(text) for text in heard] == [
        ("search", "lesbezoek"),
        ("search", ""),
        ("search", "een\ntwee"),
        ("unknown", "foo"),
        None,
        None,
        None,
    ]


def test_a_plain_word_stands_for_a_command_in_every_language(words: Catalogue) -> None:
    assert [words.shortcut(text, "nl") for text in (" Zoeken! ", "find", "ik wil zoeken")] == ["search", "search", ""]


def test_the_menu_is_in_one_language(words: Catalogue) -> None:
    assert words.commands("nl") == [("zoek", "Zoek terug.")]
    assert words.commands("en") == [("search", "Find.")]


def test_the_version_changes_with_any_file(tree: Tree) -> None:
    before = load(tree.folder).version
    assert load(tree.folder).version == before
    tree.put("en", "ask.why.text", "From {{ from_ }} to {{ to }}: why?")
    assert load(tree.folder).version != before


def test_the_repertoire_follows_the_table_and_the_order_of_the_files(tree: Tree) -> None:
    known = load(tree.folder).repertoire
    assert [len(known.of_phase(phase)) for phase in range(1, 8)] == [9, 9, 3, 4, 5, 7, 4]
    assert known.cards["feedback_action"].choices == ("experiences", "video", "live")
    assert known.cards["entice"].label == "covert"
    assert known.questions[2] == ("why", "who")
    assert (len(known.rittel), len(known.bood), known.seats, known.extra) == (10, 7, ("pupil",), ("go_and_ask",))
    assert known.offer[3] == ("demonstration", "experiment", "unlearn_thinking")


def test_a_coach_adds_a_question_by_writing_it(tree: Tree) -> None:
    tree.put_both("questions.p2.extra", {"own": "Wat nog?", "colleague": "Wat nog?", "team": "Wat nog?"})
    assert load(tree.folder).repertoire.questions[2] == ("why", "who", "extra")


def test_damaged_words_are_never_loaded(tree: Tree) -> None:
    tree.path("nl", "ask").write_text("why: [")
    with pytest.raises(WordsMissing, match=r"content/nl/ask\.yaml"):
        load(tree.folder)


def test_rules_of_care_that_cannot_be_read_stop_the_start(tree: Tree) -> None:
    (tree.folder / "shape" / "care.yaml").unlink()
    with pytest.raises(WordsMissing, match="care"):
        load(tree.folder)


@pytest.mark.parametrize(
    ("language", "articles"), [("nl", ("de ", "het ", "een ")), ("en", ("the ", "a ", "an "))], ids=["nl", "en"]
)
def test_a_button_of_the_menu_can_be_typed_without_its_article(
    catalogue: Catalogue, language: str, articles: tuple[str, ...]
) -> None:
    texts = catalogue.books[language].texts
    labels = {
        key.rpartition(".")[2]: leaf.text.lower() for key, leaf in texts.items() if key.startswith("home.buttons.")
    }
    begun = {id_: article for id_, label in labels.items() for article in articles if label.startswith(article)}
    assert len(begun) >= 3
    for id_, article in begun.items():
        assert labels[id_].removeprefix(article) in catalogue.typed(id_, language)
