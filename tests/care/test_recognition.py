"""CARE-1: what a person writes when it matters is noticed, and ordinary school talk is left alone."""

from __future__ import annotations

import copy
import time
from collections import Counter

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dialogues.care import CLASSES, CareRules, notice
from tests.care.measuring import HARMLESS, corpus, measure

FRESH = {"nl": [f"nl_fresh_{n}.txt" for n in range(1, 6)], "en": [f"en_fresh_{n}.txt" for n in range(1, 4)]}
OTHER_SPELLINGS = {
    "capitals": "IK WIL DOOD",
    "accents and curly quotes": "‘ík wíl dóód’",
    "letters drawn out": "ik wiiiil dooooood",
    "letters written apart": "ik wil d o o d",
    "dots between letters": "ik wil d.o.o.d",
    "zero-width characters": "ik wil do\u200bo\u200dd",
    "a soft hyphen": "ik wil do\u00adod",
    "full-width letters": "ｉｋ ｗｉｌ ｄｏｏｄ",
    "a control character": "ik wil do\x00od",
    "a new line": "ik wil\ndood",
    "punctuation": "ik wil... (dood)",
    "a slip of the pen": "ik denk aan zelfmooord en zelfmoort",
    "a letter lost": "ik denk aan zelfmord",
    "two words for one": "ik denk aan zelf moord",
}


@pytest.mark.parametrize("language", ["nl", "en"])
def test_care_1_the_open_corpus_is_recognised(language, rules):
    figures = measure(corpus(f"{language}.txt"), rules)
    assert figures.broken() == [], figures


@pytest.mark.parametrize("language", ["nl", "en"])
def test_care_1_sentences_that_once_surprised_us_stay_recognised(language, rules):
    figures = measure(corpus(*FRESH[language]), rules)
    assert figures.explicit >= 0.95, figures
    assert figures.implicit >= 0.85, figures
    assert figures.false_alarms <= 0.05, figures


def test_care_1_the_corpus_is_as_large_as_promised_and_has_every_class():
    for language, size in (("nl", 150), ("en", 40)):
        lines = corpus(f"{language}.txt")
        signals = [line for line in lines if line.kind != HARMLESS]
        assert len(signals) == size
        assert len(lines) - len(signals) == size
        assert len({line.text for line in lines}) == len(lines)
        assert set(Counter(line.kind for line in signals)) == set(CLASSES)
        assert {line.how for line in signals} == {"explicit", "implicit"}


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("kind", [*CLASSES, HARMLESS])
def test_care_1_is_not_kept_when_a_list_of_rules_is_emptied(language, kind, structure):
    poorer = copy.deepcopy(structure)
    poorer["signals"][language][kind] = ""
    assert measure(corpus(f"{language}.txt"), CareRules.from_data(poorer)).broken()


@pytest.mark.parametrize("text", OTHER_SPELLINGS.values(), ids=OTHER_SPELLINGS.keys())
def test_care_1_spelling_and_hidden_characters_make_no_difference(text, rules):
    assert notice(text, rules) == "self"


def test_care_1_both_languages_are_tried_whatever_the_language_of_the_conversation(rules):
    assert notice("ik wil niet meer leven", rules) == notice("I want to die", rules) == "self"


def test_care_1_the_most_urgent_signal_counts(rules):
    assert notice("Een leerling wordt thuis geslagen. Ik wil dood.", rules) == "self"
    assert notice("Ik wil dood. Er loopt iemand met een mes door de school.", rules) == "danger"


def test_care_1_a_metaphor_does_not_hide_a_signal_beside_it(rules):
    assert notice("Ik schrik me dood van de inspectie.", rules) == ""
    assert notice("Ik schrik me dood van de inspectie en ik wil niet meer leven.", rules) == "self"
    assert notice("Ik schrik me dood, ik wil dood", rules) == "self"


@pytest.mark.parametrize("text", corpus("behind_harmless.txt"), ids=lambda line: line.text)
def test_care_1_words_that_are_often_harmless_do_not_hide_a_signal(text, rules):
    assert notice(text.text, rules)


def test_care_1_what_somebody_else_said_is_not_taken_for_the_leaders_own(rules):
    assert notice("Een leerling zei tegen de juf: ik wil dood", rules) == "pupil"
    assert notice("Mijn collega zegt dat ze niet meer wil leven", rules) == "other_adult"
    assert notice("Mijn man weet niet dat ik niet meer wil leven", rules) == "self"
    assert notice("Mijn kinderen zijn beter af zonder mij", rules) == "self"
    assert notice("Ik wil dood, de leerlingen weten het niet", rules) == "self"
    assert notice("Een leerling wil dood en ik wil zelf ook dood", rules) == "self"


def test_care_1_a_signal_deep_in_a_long_text_is_found(rules):
    ordinary = "Het team praat op dinsdag over leren en over de lessen. " * 300
    assert notice(ordinary, rules) == ""
    assert notice(ordinary + "Ik wil er niet meer zijn. " + ordinary, rules) == "self"


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(st.characters(), max_size=300))
def test_any_text_can_be_read(text, rules):
    assert notice(text, rules) in {"", *CLASSES}


@pytest.mark.parametrize(
    "text", ["", " ", "\x00", "\ud800", "\u202edood", "{{ 7*7 }}", "<b>", "👩\u200d👩", "…", ":", "."]
)
def test_odd_text_signals_nothing(text, rules):
    assert notice(text, rules) == ""


def test_every_word_that_may_be_misspelled_stands_in_a_phrase(structure, rules):
    for language in structure["signals"]:
        for spelling in structure["signals"][language]["misspelled"]:
            assert spelling in rules.spotter.words, spelling


@pytest.mark.parametrize(
    "piece",
    [
        "dood ",
        "wil ",
        "leerling ze zegt dat hij dood wil ",
        "niet meer leven ",
        "a",
        "a b ",
        "zelfmoo{n}rd ",
        ". ",
        "\u200d👩",
    ],
)
def test_four_times_the_text_takes_about_four_times_as_long(piece, rules):
    text = "".join(piece.replace("{n}", str(n)) for n in range(40_000 // len(piece) + 1))[:40_000]
    assert _seconds(text, rules) < 8 * _seconds(text[:10_000], rules)


def _seconds(text: str, rules: CareRules) -> float:
    """Return the least of five runs in processor time, so that a busy machine is not mistaken for slow rules."""
    took = []
    for _ in range(5):
        began = time.process_time()
        notice(text, rules)
        took.append(time.process_time() - began)
    return min(took)
