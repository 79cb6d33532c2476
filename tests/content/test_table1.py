"""
The words that carry Tabel 1 and the menus: complete, in the same order in both languages, and within their limits.

Reads the files as they are, without the catalogue. What a coach may change (wording) is not tested here; what the
model fixes (which cards, how many, in which phase; Simons, 2013) is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

import content

ROOT = Path(content.__file__).parent
LANGUAGES = ("nl", "en")
FILES = ("cards", "phases", "questions", "topics", "wicked", "synonyms")
PHASES = tuple(f"p{number}" for number in range(1, 8))
VARIANTS = ["own", "colleague", "team"]
QUOTED = re.compile(r"“[^”]*”")


def read(path: str) -> Any:
    return YAML(typ="safe").load((ROOT / path).read_text(encoding="utf-8"))


SHAPE = read("shape/cards.yaml")
WORDS = {language: {file: read(f"{language}/{file}.yaml") for file in FILES} for language in LANGUAGES}
for _language in LANGUAGES:  # the other keys of this file belong to the route, whose messages the checker holds
    WORDS[_language]["wicked"] = {key: WORDS[_language]["wicked"][key] for key in ("features", "seats")}
LABELLED = list(SHAPE["labels"])
TABLE = {phase: SHAPE[phase]["table"] for phase in PHASES}


def leaves(node: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Yield every (dotted key, text or list of texts), in the order of the file."""
    if isinstance(node, dict):
        for key, below in node.items():
            yield from leaves(below, f"{path}.{key}" if path else key)
    else:
        yield path, node


def longer_than(limit: int, texts: dict[str, str]) -> list[str]:
    return [f"{key}: {len(text)}" for key, text in texts.items() if len(text) > limit]


def ends(file: str, language: str, *names: str) -> dict[str, str]:
    """Return the texts of *file* whose key ends in one of *names*."""
    return {key: text for key, text in leaves(WORDS[language][file]) if key.rpartition(".")[2] in names}


def test_the_phases_have_nine_nine_three_four_five_seven_and_four_cards() -> None:
    assert [len(TABLE[phase]) for phase in PHASES] == [9, 9, 3, 4, 5, 7, 4]


def test_no_card_stands_in_the_table_twice() -> None:
    cards = [card for phase in PHASES for card in TABLE[phase]]
    assert len(cards) == len(set(cards)) == 41


def test_feedback_in_action_has_three_kinds() -> None:
    assert SHAPE["kinds"] == {"feedback_action": ["experiences", "video", "live"]}


def test_eight_cards_carry_a_label() -> None:
    assert SHAPE["labels"] == {
        "group_pressure": "pressure",
        "break_resistance": "pressure",
        "apply_pressure": "pressure",
        "persuade_unwilling": "persuading",
        "persuade_doubting": "persuading",
        "contradiction": "confronting",
        "consequences": "confronting",
        "entice": "covert",
    }


@pytest.mark.parametrize("phase", PHASES)
def test_every_card_without_a_label_is_offered_first_and_none_with_one(phase: str) -> None:
    offered = SHAPE[phase]["offer"]
    assert sorted(offered) == sorted(card for card in TABLE[phase] if card not in LABELLED)


@pytest.mark.parametrize("file", FILES)
def test_both_languages_have_the_same_keys_in_the_same_order(file: str) -> None:
    dutch, english = ([key for key, _ in leaves(WORDS[language][file])] for language in LANGUAGES)
    assert dutch == english


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_words_follow_the_order_of_the_table(language: str) -> None:
    table = [card for phase in PHASES for card in TABLE[phase]] + SHAPE["extra"]
    assert list(WORDS[language]["cards"]) == table
    assert list(WORDS[language]["synonyms"]["cards"]) == table


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_card_says_what_it_is_why_now_and_a_first_step_for_each_whose(language: str) -> None:
    for card, words in WORDS[language]["cards"].items():
        assert {"term", "short", "meaning", "why", "step", "source"} <= set(words), card
        assert list(words["step"]) == VARIANTS, card
        assert len(set(words["step"].values())) == len(VARIANTS), card
        assert ("offered_as" in words, "only_when" in words) == (card in LABELLED, card in LABELLED), card
        assert list(words.get("kinds", {})) == SHAPE["kinds"].get(card, []), card


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_card_of_the_table_names_its_source_and_only_one_names_schon(language: str) -> None:
    sources = {card: words["source"] for card, words in WORDS[language]["cards"].items()}
    del sources["go_and_ask"]
    assert all(source.startswith("Simons (2013), Tabel 1") for source in sources.values())
    assert [card for card, source in sources.items() if "Schön" in source] == ["awareness"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_cards_stay_within_their_limits(language: str) -> None:
    assert longer_than(26, ends("cards", language, "short")) == []
    assert longer_than(90, ends("cards", language, "meaning", "why", "offered_as", "only_when")) == []
    assert longer_than(140, ends("cards", language, *VARIANTS)) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_three_cards_of_a_phase_fit_in_one_message_with_room_for_a_question(language: str) -> None:
    cards = WORDS[language]["cards"]
    for phase in PHASES:
        sizes = [sum(len(cards[card][part]) for part in ("short", "meaning", "why")) for card in TABLE[phase]]
        assert sum(sorted(sizes)[-3:]) <= 450, phase


@pytest.mark.parametrize("language", LANGUAGES)
def test_two_cards_of_one_phase_never_share_a_button_text(language: str) -> None:
    cards = WORDS[language]["cards"]
    for phase in PHASES:
        shorts = sorted(cards[card]["short"] for card in [*TABLE[phase], *SHAPE["extra"]])
        assert all(one != next_one for one, next_one in pairwise(shorts)), phase


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_phase_has_its_name_and_signs_and_three_openings(language: str) -> None:
    phases = WORDS[language]["phases"]
    assert list(phases) == list(PHASES)
    for words in phases.values():
        assert list(words) == ["name", "meaning", "opening", "sign", "looking"]
        assert list(words["opening"]) == VARIANTS
    assert [key for key, text in leaves(phases) if "?" in text] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_pool_holds_every_question_of_the_design(language: str) -> None:
    questions = WORDS[language]["questions"]
    assert [len(questions[phase]) for phase in PHASES] == [4, 4, 3, 4, 5, 4, 4]
    assert list(questions["p5"])[-1] == "in_the_way"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_question_asks_one_thing_and_differs_for_each_whose(language: str) -> None:
    for phase in PHASES:
        for question, words in WORDS[language]["questions"][phase].items():
            assert list(words) == VARIANTS, question
            assert len(set(words.values())) == len(VARIANTS), question
    asked = ends("questions", language, *VARIANTS) | ends("wicked", language, "prompt", "ask")
    asked |= ends("topics", language, "ask")
    for key, text in asked.items():
        assert (text.count("?"), text[-1]) == (1, "?"), key
    assert longer_than(140, asked) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_menu_has_five_mindsets_eight_pairs_and_seven_factors(language: str) -> None:
    topics = WORDS[language]["topics"]
    assert {menu: len(items) for menu, items in topics.items()} == {"mindsets": 5, "pairs": 8, "factors": 7}
    for menu, parts in (("mindsets", "label from to"), ("pairs", "label from to"), ("factors", "label name ask")):
        assert all(list(words) == parts.split() for words in topics[menu].values()), menu
    assert longer_than(26, ends("topics", language, "label")) == []
    assert longer_than(70, ends("topics", language, "from", "to", "name")) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_there_are_ten_and_seven_features_and_five_seats(language: str) -> None:
    wicked = WORDS[language]["wicked"]
    assert list(wicked["features"]) == [f"r{n}" for n in range(1, 11)] + [f"b{n}" for n in range(1, 8)]
    assert list(wicked["seats"]) == ["pupil", "parent", "new_teacher", "board", "inspectorate"]
    features = {key: words["feature"] for key, words in wicked["features"].items()}
    assert longer_than(75, features) == []
    assert longer_than(26, ends("wicked", language, "short") | ends("wicked", language, "label")) == []
    # Ten lines with their numbers and boxes share one message of 600 characters with a question.
    assert sum(len(text) for key, text in features.items() if key.startswith("r")) <= 430


@pytest.mark.parametrize("language", LANGUAGES)
def test_there_are_enough_ways_to_say_each_phase_card_and_choice(language: str) -> None:
    synonyms = WORDS[language]["synonyms"]
    for kind, fewest, most in (("phases", 8, 20), ("cards", 4, 10), ("choices", 6, 15)):
        for key, said in leaves(synonyms[kind]):
            assert fewest <= len(said) <= most, f"{kind}.{key}"
            assert len(said) == len(set(said)), f"{kind}.{key}"
            assert all(isinstance(phrase, str) and phrase.strip() for phrase in said), f"{kind}.{key}"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("file", FILES[:-1])
def test_sentences_are_short_and_plain_text(language: str, file: str) -> None:
    texts = dict(leaves(WORDS[language][file]))
    assert [key for key, text in texts.items() if not isinstance(text, str) or not text.strip()] == []
    assert [key for key, text in texts.items() if re.search(r"[!*<>{}\t\"]", QUOTED.sub("", text))] == []
    sentences = [part for text in texts.values() for part in re.split(r"(?<=[.?])\s+", text)]
    assert sum(len(sentence.split()) for sentence in sentences) / len(sentences) <= 12
