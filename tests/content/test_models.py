"""What is wrong with a model is named with file, line and remedy, and the program does not start with it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from content.catalogue import load
from content.checking_models import check_halves, hard_words
from content.checks import Fault, check
from content.yaml_files import LANGUAGES, read_book
from dialogues.conversation import Phrase, Say
from dialogues.errors import WordsMissing
from dialogues.models import Form

if TYPE_CHECKING:
    from tests.content.conftest import Tree

FILE = "content/models/meeting.yaml"
ROW: dict[str, Any] = {
    "code": "m7",
    "chapter": 2,
    "where": "2.1",
    "count": 3,
    "parts": 0,
    "use": ["SC", "RS"],
    "users": ["L"],
    "prio": "A",
}


def only(faults: list[Fault]) -> Fault:
    """Return the one fault there is."""
    assert len(faults) == 1, "\n".join(map(str, faults))
    return faults[0]


def refuses(folder: Path, *named: str) -> None:
    """See that the program does not start, and says why in these words."""
    with pytest.raises(WordsMissing) as refusal:
        load(folder)
    for words in named:
        assert words in str(refusal.value)


def both(field: str, value: object) -> dict[str, object]:
    """Return the same change in every language."""
    return {f"{language}.{field}": value for language in LANGUAGES}


def elements(count: int) -> dict[str, object]:
    """Return so many elements."""
    return {
        f"e{number}": {"term": "Een", "meaning": "Zin.", "item": "Wij.", "question": "Wat?"} for number in range(count)
    }


# -- without faults ----------------------------------------------------------------------------------------------


def test_a_whole_model_has_no_faults_and_is_there(tree: Tree) -> None:
    tree.model("meeting")
    assert check(tree.folder) == []
    model = load(tree.folder).repertoire.models["meeting"]
    assert (model.code, model.items, model.scope, model.scale) == ("m201", ("goal", "turns", "end"), "team", "fit")
    assert model.forms == {Form.SCAN, Form.SET}


def test_rounds_sliders_parts_and_words_from_elsewhere_have_no_faults(tree: Tree) -> None:
    every = [f"e{number}" for number in range(13)]
    tree.model(
        "long",
        {
            **both("elements", elements(13)),
            "rounds": {"one": every[:7], "two": every[7:]},
            **both("rounds", {"one": "A", "two": "B"}),
        },
    )
    ends = {"term": "Naam", "item": "Waar?", "left": "zo", "right": "anders"}
    tree.model("pairs", {"code": "m202", "scale": "slider", **both("items", {"a": ends, "b": ends})})
    tree.model("parts", {"code": "m203", **both("elements.goal.parts", {"one": "Een deel", "two": "Nog een"})})
    for language in LANGUAGES:
        tree.write(language, "elsewhere", {"goal": "Doel", "turns": "Beurt", "end": "Slot"})
    tree.model("points", {"code": "m204", "words": {"term": "elsewhere.{e}"}})
    assert list(map(str, check(tree.folder))) == []
    known = load(tree.folder).repertoire.models
    assert known["long"].rounds["two"] == tuple(every[7:])
    assert (known["pairs"].items, known["pairs"].picture) == (("a", "b"), "sliders")
    assert known["parts"].parts == {"goal": ("one", "two")}
    assert known["points"].of("goal", "term") == Phrase("elsewhere.goal")


def test_the_order_is_that_of_the_map_and_then_by_name(tree: Tree) -> None:
    for number, name in enumerate(("zebra", "apple", "mapped")):
        tree.model(name, {"code": f"m20{number}"} if name != "mapped" else {"code": None})
    tree.shape("models", {"mapped": ROW})
    known = load(tree.folder).repertoire.models
    assert [(model.id, model.code) for model in known.values()] == [
        ("mapped", "m7"),
        ("apple", "m201"),
        ("zebra", "m200"),
    ]


# -- one thing wrong ---------------------------------------------------------------------------------------------

SLIDER = {"a": {"term": "Naam", "item": "Waar?", "left": "zo"}}
WRONG: dict[str, tuple[dict[str, object], str, str]] = {
    # The head, written as something else than it is.
    "forms as a text": ({"forms": "scan"}, "has forms that are no list", '"forms"'),
    "phases as a number": ({"phases": 3}, "has phases that are no list", '"phases"'),
    "tags as a text": ({"tags": "overleg"}, "has tags that are no list", '"tags"'),
    "authors as a list": ({"authors": ["A", "B"]}, "has more than one text as authors", '"authors"'),
    "rounds as a list": ({"rounds": ["goal"]}, "has nothing under rounds", ' "rounds"'),
    "a round as a text": (
        {"rounds": {"one": "goal"}, **both("rounds", {"one": "A"})},
        "has one in its rounds",
        ' "rounds"',
    ),
    "words as a text": ({"words": "elsewhere"}, "has nothing under words", '"words"'),
    "a pattern as a list": ({"words": {"board": ["a"]}}, "has board in its words", '"words"'),
    "a form in a form": ({"forms": [["scan"], "set"], "scale": "fit"}, "among its forms, which is unknown", '"forms"'),
    # The head, with the wrong thing in it.
    "unknown form": ({"forms": ["scan", "set", "quiz"]}, "has quiz among its forms, which is unknown", '"forms"'),
    "no form": ({"forms": []}, "has no forms", '"forms"'),
    "unknown factor": ({"factors": ["luck"]}, "has luck among its factors, which is unknown", '"factors"'),
    "no factor": ({"factors": None}, "has no factors", ""),
    "no authors": ({"authors": None}, "names no authors", ""),
    "unknown phase": ({"phases": [3, 8]}, "has a phase that is not 1 to 7", '"phases"'),
    "two phases in one": ({"phases": ["23"]}, "has a phase that is not 1 to 7", '"phases"'),
    "unknown field": ({"skale": "fit"}, "has an unknown field skale", '"skale"'),
    "unknown start": ({"start": "party"}, "starts party, which nothing does", '"start"'),
    "unknown field of words": ({"words": {"moral": "x"}}, "has moral in its words, which no element has", '"words"'),
    "no code": ({"code": None}, "has no code to type", ""),
    "code of a card": ({"code": "c12"}, "has no code to type", '"code"'),
    # A scan.
    "no scale": ({"scale": None}, "is a scan with no known scale", ""),
    "unknown scale": ({"scale": "marks"}, "is a scan with no known scale", '"scale"'),
    "no scope": ({"scope": None}, "is a scan with no known scope", ""),
    "unknown scope": ({"scope": "world"}, "is a scan with no known scope", '"scope"'),
    "unknown picture": ({"picture": "cake"}, "is a scan with no known picture", '"picture"'),
    "rounds with one left out": (
        {"rounds": {"one": ["goal", "turns"]}, **both("rounds", {"one": "A"})},
        "has rounds that do not hold every statement once, in order",
        ' "rounds"',
    ),
    "rounds in another order": (
        {"rounds": {"one": ["turns", "goal", "end"]}, **both("rounds", {"one": "A"})},
        "has rounds that do not hold every statement once, in order",
        ' "rounds"',
    ),
    "rounds with one twice": (
        {"rounds": {"one": ["goal", "turns", "end", "end"]}, **both("rounds", {"one": "A"})},
        "has rounds that do not hold every statement once, in order",
        ' "rounds"',
    ),
    "a round without statements": (
        {"rounds": {"one": ["goal", "turns", "end"], "two": []}, **both("rounds", {"one": "A", "two": "B"})},
        "has a round two without statements",
        ' "rounds"',
    ),
    "a round without a name": (
        {"rounds": {"one": ["goal", "turns", "end"]}},
        "has a round one without a name",
        ' "rounds"',
    ),
    "thirteen in one go": (both("elements", elements(13)), "has 13 statements in one go", '"forms"'),
    "a slider without an end": ({"scale": "slider", **both("items", SLIDER)}, "has no right", '"a"'),
    "a statement without words": (both("items", {"a": {"term": "Naam"}}), "has no item", '"a"'),
    "an unknown field of a statement": (
        both("items", {"a": {"term": "Naam", "item": "Wij.", "question": "Wat?"}}),
        "is an unknown field",
        '"question": "Wat?"',
    ),
    # Elements and words.
    "no elements": (both("elements", {}), "has no elements", '"nl"'),
    "no item": (both("elements.goal.item", None), "has no item", '"goal"'),
    "no question": (both("elements.goal.question", None), "has no question", '"goal"'),
    "no meaning": (both("elements.goal.meaning", None), "has no meaning", '"goal"'),
    "an element as a text": (
        {"forms": ["card"], **both("elements", {"goal": {"term": "Een", "meaning": "Zin."}, "x": {"term": "Een"}})},
        "has no meaning",
        '"x"',
    ),
    "an unknown field of an element": (both("elements.goal.moral", "x"), "is an unknown field", '"moral"'),
    "an unknown field of the words": (both("moral", "x"), "is an unknown field", '"moral"'),
    "no title": (both("title", None), "has no title", '"nl"'),
    "no ask": (both("ask", None), "has no ask", '"nl"'),
    "an element with a space": (
        both("elements", {"a b": {"term": "Een", "meaning": "Zin.", "item": "Wij.", "question": "Wat?"}}),
        "has a name with other signs",
        '"a b"',
    ),
}
"""What is changed in a whole model, what the checker says, and how the line begins that it names (line 1 when empty)."""


@pytest.mark.parametrize(("changes", "what", "begins"), WRONG.values(), ids=WRONG)
def test_a_fault_is_named_with_file_line_and_remedy_and_the_program_does_not_start(
    tree: Tree, changes: dict[str, object], what: str, begins: str
) -> None:
    path = tree.model("meeting", changes)
    fault = only(check(tree.folder))
    assert what in fault.what
    assert (fault.file, fault.line) == (FILE, tree.line(path, begins) if begins else 1)
    assert fault.remedy
    refuses(tree.folder, f"{FILE}:{fault.line}  ", fault.what, fault.remedy)


def test_a_half_that_is_a_text_is_named(tree: Tree) -> None:
    tree.model("meeting", {"en": "English"})
    assert {(fault.line, fault.what) for fault in check(tree.folder) if "missing" not in fault.what} == {
        (tree.line(tree.path("models", "meeting"), '"en"'), "has nothing under en")
    }
    refuses(tree.folder, "has nothing under en")


def test_a_name_with_a_dot_is_named_and_not_lost(tree: Tree) -> None:
    path = tree.model("meeting")
    path.write_text(path.read_text(encoding="utf-8").replace('"goal"', '"the.goal"'), encoding="utf-8")
    fault = next(fault for fault in check(tree.folder) if "dot" in fault.what)
    assert (fault.file, fault.line) == (FILE, tree.line(path, '"the.goal"'))
    refuses(tree.folder, "has a dot in its name")


def test_a_file_with_a_name_that_cannot_be_typed_is_named(tree: Tree) -> None:
    tree.model("Een Goed Overleg")
    assert only(check(tree.folder)).what == "has a name with other signs than a-z, 0-9 and -"


def test_a_file_that_would_not_be_read_is_named(tree: Tree) -> None:
    tree.model("meeting").rename(tree.folder / "models" / "meeting.yml")
    fault = only(check(tree.folder))
    assert (fault.file, fault.what) == ("content/models/meeting.yml", "is not read")
    refuses(tree.folder, "Let its name end in .yaml")


def test_several_faults_are_all_named_in_one_run(tree: Tree) -> None:
    tree.model("meeting", {"scale": None, "forms": ["scan", "set", "quiz"], "authors": None})
    tree.model("other", {"code": None})
    named = {fault.what for fault in check(tree.folder)}
    assert len(named) == 4
    refuses(tree.folder, *named)


# -- as YAML -----------------------------------------------------------------------------------------------------

PLAIN = """\
code: m201
authors: Iemand
forms: [scan]
factors: [f0]
scope: own
scale: fit
tags: [no, on]
nl:
  title: on
  about: Zin.
  ask: Wat?
  elements:
    on: {term: no, meaning: off, item: yes}
    no: {term: Nee, meaning: Zin., item: Ik zeg nee.}
en:
  title: on
  about: Line.
  ask: What?
  elements:
    on: {term: no, meaning: off, item: yes}
    no: {term: No, meaning: Line., item: I say no.}
"""


def written(tree: Tree, text: str, name: str = "meeting") -> None:
    """Write a model as a writer types it."""
    path = tree.path("models", name)
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")


def test_no_and_on_without_quotes_stay_the_words_that_were_typed(tree: Tree) -> None:
    written(tree, PLAIN)
    assert check(tree.folder) == []
    catalogue = load(tree.folder)
    model = catalogue.repertoire.models["meeting"]
    assert (model.items, model.tags) == (("on", "no"), ("no", "on"))
    shown = [catalogue.render(Say(model.of("on", name).key), "nl").text for name in ("term", "meaning", "item")]
    assert shown == ["no", "off", "yes"]
    assert catalogue.render(Say("models.meeting.title"), "en").text == "on"


@pytest.mark.parametrize(
    ("old", "new", "line", "what"),
    [
        ("title: on", "title: 2020", 9, "is no text"),
        ("term: Nee", "term: 10", 14, "is no text"),
        ("term: Nee", "term: 1.5", 14, "is no text"),
        ("term: Nee", "term: 2026-01-01", 14, "is no text"),
        ("term: Nee", "term: ", 14, "is empty"),
        ("term: Nee", "term: [Nee]", 14, ""),
        ("  about: Zin.", "  about: Zin: nog een.", 10, "cannot be read"),
        ("scope: own", "scope: own\nscope: team", 6, "stands here twice (first on line 5)"),
        ("  ask: Wat?", "  ask: Wat?\n  ask: Wie?", 12, "stands here twice (first on line 11)"),
        ("    no: {term: Nee", "    on: {term: Nee", 14, "stands here twice (first on line 13)"),
        ("    no: {term: Nee", "    10: {term: Nee", 14, "has a key that is no text"),
        ("forms: [scan]", "forms: [scan", 4, "cannot be read"),
    ],
)
def test_what_yaml_reads_otherwise_than_it_was_meant_is_named(
    tree: Tree, old: str, new: str, line: int, what: str
) -> None:
    assert PLAIN.count(old) >= 1
    written(tree, PLAIN.replace(old, new, 1))
    faults = [fault for fault in check(tree.folder) if "missing" not in fault.what]
    assert any((fault.file, fault.line) == (FILE, line) and what in fault.what for fault in faults), faults
    refuses(tree.folder, f"{FILE}:{line}  ", what)


@pytest.mark.parametrize("text", ["", "- a\n- b\n", "just words\n"])
def test_a_file_without_keys_is_named(tree: Tree, text: str) -> None:
    written(tree, text)
    assert only(check(tree.folder)).what == "holds no keys"
    refuses(tree.folder, f"{FILE}:1  ", "holds no keys")


def test_a_file_that_is_no_text_is_named(tree: Tree) -> None:
    written(tree, "")
    tree.path("models", "meeting").write_bytes(b"\xff\xfe\x00")
    fault = only(check(tree.folder))
    assert (fault.file, fault.what, fault.remedy) == (FILE, "cannot be read", "Save it as UTF-8 text")
    refuses(tree.folder, FILE)


# -- doubled -----------------------------------------------------------------------------------------------------


def test_two_files_with_one_code_are_named(tree: Tree) -> None:
    tree.model("first")
    path = tree.model("second")
    fault = only(check(tree.folder))
    assert (fault.file, fault.line) == ("content/models/second.yaml", tree.line(path, '"code"'))
    assert fault.what == "has code m201, which is that of first"
    refuses(tree.folder, fault.what)


def test_a_code_of_the_map_is_taken(tree: Tree) -> None:
    tree.shape("models", {"mapped": ROW})
    tree.model("mapped", {"code": None})
    tree.model("own", {"code": "m7"})
    assert only(check(tree.folder)).what == "has code m7, which is that of mapped"


def test_a_model_of_the_map_has_the_code_of_the_map(tree: Tree) -> None:
    tree.shape("models", {"mapped": ROW})
    tree.model("mapped")
    assert only(check(tree.folder)).what == "has code m201, the map says m7"


# -- the other language ------------------------------------------------------------------------------------------


def test_one_text_that_english_lacks_is_named_beside_its_neighbour(tree: Tree) -> None:
    path = tree.model("meeting", {"en.elements.goal.question": None})
    fault = only(check(tree.folder))
    line = [n for n, text in enumerate(path.read_text(encoding="utf-8").splitlines(), 1) if '"item"' in text][3]
    assert str(fault) == (
        f"{FILE}:{line}  models.meeting.elements.goal.question  "
        "missing in en (present in nl). Add it, or remove it from nl."
    )


def test_a_whole_half_that_lacks_is_named_once(tree: Tree) -> None:
    tree.model("meeting", {"en": None})
    fault = only(check(tree.folder))
    assert (fault.file, fault.key, fault.what) == (FILE, "models.meeting", "missing in en (present in nl)")


def test_a_whole_half_that_lacks_is_named_when_it_is_dutch(tree: Tree) -> None:
    tree.model("meeting", {"nl": None})
    assert "missing in nl (present in en)" in {fault.what for fault in check(tree.folder)}
    refuses(tree.folder, FILE)


@pytest.mark.parametrize("lacks", ["en", "en.title", "en.elements.goal.question", "en.elements.end"])
def test_words_in_one_language_are_found_without_the_long_check(tree: Tree, lacks: str) -> None:
    tree.model("meeting", {lacks: None})
    assert {fault.what for fault in check_halves(_books(tree))} == {"missing in en (present in nl)"}
    assert {fault.file for fault in check_halves(_books(tree))} == {FILE}


def test_words_in_both_languages_have_no_halves(tree: Tree) -> None:
    tree.model("meeting")
    assert list(check_halves(_books(tree))) == []


def _books(tree: Tree) -> list[Any]:
    from content.model_files import read_heads  # noqa: PLC0415

    books = {language: read_book(tree.folder, language) for language in LANGUAGES}
    read_heads(tree.folder, books)
    return list(books.values())


# -- the map of the article --------------------------------------------------------------------------------------


def test_a_count_unlike_the_map_is_named_for_elements_and_for_parts(tree: Tree) -> None:
    tree.shape("models", {"mapped": {**ROW, "count": 4, "parts": 2}})
    tree.model("mapped", {"code": None, **both("elements.goal.parts", {"one": "Een deel"})})
    named = [fault.what for fault in check(tree.folder)]
    assert named == ["has 1 parts of elements, the map says 2", "has 3 elements, the map says 4"]
    refuses(tree.folder, "content/models/mapped.yaml:1  ", *named)


def test_a_model_of_the_map_without_a_file_is_named(tree: Tree) -> None:
    tree.shape("models", {"mapped": ROW, "lost": {**ROW, "code": "m8"}})
    tree.model("mapped", {"code": None})
    fault = only(check(tree.folder))
    assert (fault.file, fault.key, fault.what) == ("content/shape/models.yaml", "lost", "has no file")
    assert fault.remedy == "Write content/models/lost.yaml"


@pytest.mark.parametrize(("use", "form"), [("SC", "scan"), ("RS", "set"), ("VD", "station"), ("BP", "board")])
def test_a_form_that_the_map_asks_for_is_named_but_for_a_card_to_read(tree: Tree, use: str, form: str) -> None:
    other = "set" if form != "set" else "card"
    scan = {"scope": None, "scale": None} | both("elements.goal.item", "Wij doen dit.")
    tree.model("mapped", {"code": None, "forms": [other], **scan})
    tree.shape("models", {"mapped": {**ROW, "use": [use]}})
    assert only(check(tree.folder)).what == f"lacks the form {form}"
    tree.shape("models", {"mapped": {**ROW, "use": [use], "prio": "C"}})
    assert check(tree.folder) == []


def test_a_map_that_cannot_be_read_is_named(tree: Tree) -> None:
    tree.shape("models", {"mapped": {key: value for key, value in ROW.items() if key != "count"}})
    assert only(check(tree.folder)).what == "cannot be read (KeyError)"
    refuses(tree.folder, "models.yaml cannot be read")


ALONE = {"term": "Een woord", "meaning": "Een zin.", "item": "Wij doen dit.", "question": "Wat dan?"}


# -- references --------------------------------------------------------------------------------------------------


def test_words_that_stand_nowhere_are_named_in_each_language(tree: Tree) -> None:
    tree.write("nl", "elsewhere", {"goal": "Doel", "turns": "Beurt", "end": "Slot"})
    tree.write("en", "elsewhere", {"goal": "Goal", "turns": "Turn"})
    path = tree.model("meeting", {"words": {"term": "elsewhere.{e}"}})
    found = [fault for fault in check(tree.folder) if fault.file == FILE]
    assert only(found).what == "points to elsewhere.end, which has no words (en)"
    assert found[0].line == tree.line(path, '"words"')
    refuses(tree.folder, found[0].what)


STATION: dict[str, Any] = {"work": "own", "tools": ["meeting.goal", "meeting"], "scans": ["meeting"]}
STATIONS: dict[str, Any] = {f"s{number}": STATION for number in range(1, 8)}
COMPASS: dict[str, Any] = {
    "ladder": "meeting",
    "deeper": {"p4": "meeting"},
    "preferences": "meeting",
    "prefers": {"goal": ["demonstration"]},
    "stations": STATIONS,
}
NO_STATION = {name: station for name, station in STATIONS.items() if name != "s7"}


def _seventh(**changes: object) -> dict[str, object]:
    """Return the stations with something else at the last one."""
    return {"stations": {**NO_STATION, "s7": {**STATION, **changes}}}


POINTS: dict[str, tuple[dict[str, object], str, str]] = {
    "ladder": ({"ladder": "gone"}, "compass.ladder", "names gone, which is no model"),
    "deeper": ({"deeper": {"p4": "gone"}}, "compass.deeper.p4", "names gone, which is no model"),
    "preferences": ({"preferences": "gone", "prefers": {}}, "compass.preferences", "names gone, which is no model"),
    "way": ({"prefers": {"flying": []}}, "compass.prefers.flying", "is no element of meeting"),
    "tool": (_seventh(tools=["meeting", "gone"]), "compass.stations.s7.tools", "names gone, which is no model"),
    "question": (
        _seventh(tools=["meeting.gone"]),
        "compass.stations.s7.tools",
        "names meeting.gone, which is no model",
    ),
    "scan": (_seventh(scans=["reading"]), "compass.stations.s7.scans", "names reading, which is no scan"),
    "tool without questions": (
        _seventh(tools=["reading"]),
        "compass.stations.s7.tools",
        "names reading, which is no set of questions",
    ),
    "ladder without questions": (
        {"ladder": "reading"},
        "compass.ladder",
        "names reading, which is no set of questions",
    ),
    "ladder without rungs": (
        {"ladder": "other"},
        "compass.ladder",
        "asks for reflect.rungs.alone, which has no words",
    ),
    "six stations": ({"stations": NO_STATION}, "compass.stations", "has 6 stations, Tabel 7 has 7"),
    "nobody's work": (_seventh(work="nobody"), "compass.stations.s7", "does not say who works on it"),
    "no tools": (_seventh(tools=[]), "compass.stations.s7", "has no tools"),
}


@pytest.mark.parametrize(("changes", "key", "what"), POINTS.values(), ids=POINTS)
def test_the_compass_names_only_what_is_there_and_of_use(
    tree: Tree, changes: dict[str, object], key: str, what: str
) -> None:
    tree.model("meeting")
    tree.model("reading", {"code": "m202", "forms": ["card"]})
    tree.model("other", {"code": "m203", **{f"{language}.elements.alone": ALONE for language in LANGUAGES}})
    for language in LANGUAGES:
        tree.write(language, "reflect", {"rungs": {"turns": "Wat dan?", "end": "Wat nu?"}})
    tree.shape("compass", COMPASS)
    assert check(tree.folder) == []
    path = tree.path("shape", "compass")
    tree.shape("compass", COMPASS | changes)
    fault = only(check(tree.folder))
    assert (fault.file, fault.key, fault.what) == ("content/shape/compass.yaml", key, what)
    named = f'"{key.rpartition(".")[2]}"'
    lines = [n for n, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1) if named in line]
    assert fault.line == lines[-1]
    assert fault.remedy
    refuses(tree.folder, f"content/shape/compass.yaml:{fault.line}  ", what)


# -- plain words -------------------------------------------------------------------------------------------------


def test_sentences_that_are_long_on_average_are_named_in_the_language_that_has_them(tree: Tree) -> None:
    long = "Dit is een zin die maar door blijft gaan tot niemand meer weet waar hij over ging en wat er bedoeld werd."
    path = tree.model("meeting", {f"nl.elements.{element}.meaning": long for element in ("goal", "turns", "end")})
    tree.model("short", {"code": "m202"})
    assert check(tree.folder) == []
    tree.model(
        "meeting",
        {
            **{f"nl.elements.{one}.{field}": long for one in ("goal", "turns", "end") for field in ("meaning", "item")},
            "nl.about": long,
        },
    )
    fault = only(check(tree.folder))
    assert (fault.file, fault.line) == (FILE, tree.line(path, '"nl"'))
    assert fault.what.startswith("has sentences of 14.")
    assert fault.what.endswith("words on average (nl), 12 is the most")


def test_two_short_sentences_count_as_two(tree: Tree) -> None:
    short = "Dit is een zin van zeven woorden hier. " * 4
    tree.model("meeting", both("about", short.strip()) | both("elements.goal.meaning", short.strip()))
    assert check(tree.folder) == []


def test_a_hard_word_is_named_with_its_text_and_a_term_may_be_one(tree: Tree) -> None:
    (tree.folder / "voice.md").write_text("## Hard words\n\nHard words: borgen, Leverage, output.\n", encoding="utf-8")
    path = tree.model("meeting", {"nl.about": "Wij gaan dit Borgen.", "en.elements.end.term": "Leverage"})
    fault = only(check(tree.folder))
    assert (fault.line, fault.key, fault.what) == (tree.line(path, '"about"'), "models.meeting.about", "uses “borgen”")


def test_only_whole_words_are_hard(tree: Tree) -> None:
    (tree.folder / "voice.md").write_text("Hard words: borgen\n", encoding="utf-8")
    tree.model("meeting", {"nl.about": "Wij wonen op Borgenheide."})
    assert check(tree.folder) == []


def test_the_hard_words_are_read_from_their_line_only(tmp_path: Path) -> None:
    voice = tmp_path / "voice.md"
    assert hard_words(voice) == frozenset()
    voice.write_text(
        "# Hard words\n\nborgen\n\nHard words: Output, in de praktijk, ,synergy.\nNo more.\n", encoding="utf-8"
    )
    assert hard_words(voice) == {"output", "in de praktijk", "synergy"}
