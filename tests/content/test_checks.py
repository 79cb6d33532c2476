"""The checker: one complete, kind list. Every test breaks one thing in content that is otherwise whole."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from content.catalogue import FOLDER
from content.checks import Fault, Needed, check

if TYPE_CHECKING:
    from tests.content.conftest import Tree


def only(faults: list[Fault]) -> Fault:
    """Return the one fault there is."""
    assert len(faults) == 1, "\n".join(map(str, faults))
    return faults[0]


def test_whole_content_has_no_faults(tree: Tree) -> None:
    assert check(tree.folder) == []


def test_the_words_of_the_product_have_no_faults() -> None:
    assert list(map(str, check(FOLDER))) == []


def test_the_numbers_of_the_help_card_go_stale() -> None:
    assert any("too long ago" in fault.what for fault in check(FOLDER, today=date(2099, 1, 1)))


def test_a_fault_reads_as_file_line_key_and_remedy(tree: Tree) -> None:
    tree.put("en", "ask.thanks", "Thank you.")
    line = tree.path("nl", "ask").read_text(encoding="utf-8").splitlines().index('   "doubt": "Deels"') + 1
    assert str(only(check(tree.folder))) == (
        f"content/nl/ask.yaml:{line}  ask.thanks  missing in nl (present in en). Add it, or remove it from en."
    )


def test_a_missing_message_is_named_once_and_not_for_each_of_its_parts(tree: Tree) -> None:
    tree.put("nl", "ask.more", {"text": "Nog iets?", "choices": {"yes": "Ja"}})
    assert only(check(tree.folder)).key == "ask.more"


def test_a_missing_file_is_named_once(tree: Tree) -> None:
    tree.path("en", "ask").unlink()
    fault = only(check(tree.folder))
    assert (fault.file, fault.what) == ("content/en/ask.yaml", "missing in en (present in nl)")


def test_a_file_missing_in_both_languages_is_named_once(tree: Tree) -> None:
    tree.path("nl", "phases").unlink()
    tree.path("en", "phases").unlink()
    assert only(check(tree.folder)).key == "phases"


def test_a_text_in_one_language_and_a_message_in_the_other_do_not_fit(tree: Tree) -> None:
    tree.put("en", "ask.why", "You went from {{ from_ }} to {{ to }}.")
    assert any("is not built as in nl" in fault.what or "missing" in fault.what for fault in check(tree.folder))


BROKEN = {
    "gap": ("ask.why.text", "You went to {{ to }}. Why?", "asks for {to}, nl asks for {from_, to}"),
    "order": (
        "ask.why.choices",
        {"doubt": "In part", "no": "No"},
        "has its buttons in another order than nl (no, doubt)",
    ),
    "template": ("ask.why.text", "From {{ from_ } to {{ to }}. Why?", "cannot be filled in"),
    "filter": ("ask.why.text", "From {{ from_|shout }} to {{ to }}. Why?", "cannot be filled in"),
    "label": ("ask.why.choices.no", "No, " * 10, "is 39 characters long, 28 fit"),
    "long": ("ask.why.text", "Word. " * 110 + "From {{ from_ }} to {{ to }}. Why?", "characters long, 600 fit"),
    "filled": ("ask.why.text", "Word. " * 90 + "{{ from_ }}, {{ to }}. Why?", "characters long, 600 fit"),
    "twice": ("ask.why.text", "From {{ from_ }} to {{ to }}. Why? Who?", "asks 2 questions"),
    "last": ("ask.why.text", "Why did you go from {{ from_ }}? To {{ to }}.", "does not end with its question"),
    "empty": ("ask.why.choices.no", "", "is empty"),
    "bold": ("ask.why.text", "*From* {{ from_ }} to {{ to }}. Why?", "holds markup (*)"),
    "html": ("ask.why.text", "<b>From</b> {{ from_ }} to {{ to }}. Why?", "holds markup (<b>)"),
    "tab": ("ask.why.text", "From\t{{ from_ }} to {{ to }}. Why?", "holds a tab"),
    "number": ("ask.why.choices.no", 10, "is no text"),
    "question": ("questions.p1.why.own", "Tell me.", "is no question"),
    "card": ("cards.wait.short", "Wait until a day you choose", "is 27 characters long, 26 fit"),
    "command": ("commands.search.name", "Search!", "has a name Telegram refuses"),
    "none": ("ask.why.text", None, "missing in en (present in nl)"),
}


@pytest.mark.parametrize(("key", "value", "what"), BROKEN.values(), ids=BROKEN)
def test_a_broken_text_is_found(tree: Tree, key: str, value: object, what: str) -> None:
    tree.put("en", key, value)
    faults = check(tree.folder)
    found = [fault for fault in faults if what in fault.what]
    assert found, "\n".join(map(str, faults))
    assert found[0].file == f"content/en/{key.partition('.')[0]}.yaml"
    assert found[0].remedy


def test_a_question_inside_a_quote_does_not_count(tree: Tree) -> None:
    tree.put_both("ask.quote", "Je schreef: “Waarom? Hoe?” Wat bedoel je?")
    assert check(tree.folder) == []


def test_both_ways_through_a_template_are_looked_at(tree: Tree) -> None:
    tree.put_both("ask.two", "{% if from_ %}Goed.{% else %}Wat? Wie?{% endif %}")
    assert [fault.what for fault in check(tree.folder)] == ["asks 2 questions"] * 2


def test_six_buttons_are_too_many(tree: Tree) -> None:
    tree.put_both("ask.many", {"text": "Wat?", "choices": {f"c{number}": "Knop" for number in range(6)}})
    assert [fault.what for fault in check(tree.folder)] == ["has 6 buttons, 5 fit"] * 2


def test_a_key_that_stands_twice_is_found_with_its_line(tree: Tree) -> None:
    tree.path("nl", "ask").write_text(
        'why: {text: "Van {{ from_ }} naar {{ to }}?", choices: {"no": Nee, doubt: Deels}}\nwhy: x\n'
    )
    fault = only(check(tree.folder))
    assert (fault.line, fault.what) == (2, "stands here twice (first on line 1)")


def test_a_key_that_is_a_number_is_found(tree: Tree) -> None:
    path = tree.path("nl", "ask")
    path.write_text(path.read_text().replace('"why"', '1: "een", "why"'))
    assert only(check(tree.folder)).what == "has a key that is no text"


def test_no_and_on_stay_words_without_quotes(tree: Tree) -> None:
    for language in ("nl", "en"):
        tree.path(language, "plain").write_text("no: on\nyes: off\n")
    assert check(tree.folder) == []


def test_a_damaged_file_gives_one_fault_with_the_line(tree: Tree) -> None:
    tree.path("nl", "ask").write_text("why: [a\ntext: b\n")
    fault = only(check(tree.folder))
    assert fault.file == "content/nl/ask.yaml"
    assert fault.line == 2
    assert "cannot be read" in fault.what


def test_a_question_needs_all_three_wordings(tree: Tree) -> None:
    tree.put_both("questions.p3.new", {"own": "Waarom?", "colleague": "Waarom?"})
    assert only(check(tree.folder)).key == "questions.p3.new.team"


def test_a_card_of_the_table_needs_its_words(tree: Tree) -> None:
    tree.put_both("cards.urgency", None)
    assert "cards.urgency.term" in {fault.key for fault in check(tree.folder)}


def test_a_card_nobody_knows_is_found_in_words_and_synonyms(tree: Tree) -> None:
    tree.put_both("synonyms.cards", {"shouting": ["schreeuwen"]})
    tree.put_both("cards.shouting", {"term": "schreeuwen"})
    found = {fault.key for fault in check(tree.folder) if fault.what == "is an unknown card"}
    assert found == {"cards.shouting", "synonyms.cards.shouting"}


SHAPES = {
    "count": ("unlearn_thinking]", "]", "has 2 cards, Tabel 1 has 3"),
    "unknown": ("offer: [safe_practice", "offer: [juggling", "is no card of phase 4"),
    "labelled": ("offer: [safe_practice", "offer: [entice", "has a label and is offered first"),
    "label": ("entice: covert", "entice: sneaky", "is an unknown label (sneaky)"),
    "kinds": ("feedback_action: [", "juggling: [", "is about an unknown card"),
}


@pytest.mark.parametrize(("old", "new", "what"), SHAPES.values(), ids=SHAPES)
def test_a_table_unlike_the_source_is_found(tree: Tree, old: str, new: str, what: str) -> None:
    path = tree.folder / "shape" / "cards.yaml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    assert what in {fault.what for fault in check(tree.folder)}


def test_an_arrow_to_a_step_without_words_is_found_in_both_languages(tree: Tree) -> None:
    faults = check(tree.folder, needed=[Needed("closing.thanks")])
    assert [fault.file for fault in faults] == ["content/en/closing.yaml", "content/nl/closing.yaml"]
    assert {fault.what for fault in faults} == {"an arrow leads to this step, and it has no words"}


def test_what_a_route_gives_must_be_what_the_words_use(tree: Tree) -> None:
    ask = Needed("ask.why", ("no", "doubt", "later", "3"), ("from_", "to"))
    assert check(tree.folder, needed=[ask]) == []
    whats = {fault.what for fault in check(tree.folder, needed=[Needed("ask.why", ("no", "maybe"), ("from_",))])}
    assert whats == {
        "asks for {to}",
        "has no words for button maybe",
        "has words for button doubt, which is never shown",
    }


def test_every_fault_is_listed_in_one_run(tree: Tree) -> None:
    tree.put("nl", "ask.why.text", "*Van* {{ from_ }} naar {{ to }}. Waarom? Wie?")
    tree.put("en", "phases.p2.name", None)
    (tree.folder / "nl" / "common.yaml").write_text("echo: [")
    assert len(check(tree.folder)) >= 4


def test_an_empty_folder_gives_a_list_and_no_crash(tmp_path: Path) -> None:
    faults = check(tmp_path)
    assert {"phases", "common", "care", "cards.p1.table"} <= {fault.key for fault in faults}
