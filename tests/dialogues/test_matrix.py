"""The vision dialogue: the thirty cells of the matrix, seven stations in any order, and a draft that keeps its versions."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from content.catalogue import Catalogue
from dialogues import matrix
from dialogues.conversation import Kind, Phrase, Reflection, Vision
from dialogues.engine import Engine
from dialogues.models import Station
from dialogues.routes.vision import CELLS_AT_ONCE
from tests.dialogues.held import TUESDAY, ZONE, Held

LEVELS = ("vision", "mental_models", "structures", "patterns", "events")
STATIONS = range(1, 8)


def vision(held: Held) -> Vision:
    """Return the vision dialogue as it was kept."""
    assert held.conversation.vision is not None
    return held.conversation.vision


def choices(held: Held) -> list[str]:
    """Return the buttons of the open question, without the ways out."""
    return [choice.id for choice in held.question.choices if choice.id not in ("later", "back", "stop", "skip")]


def at_station(held: Held, number: int) -> Held:
    """Go to a station, whichever comes next by itself."""
    held.command("vision")
    held.tap("pick", f"s{number}")
    assert held.at == "vision.station"
    assert held.question.values["number"] == number
    return held


# -- thirty cells ------------------------------------------------------------------------------------------------


def test_there_are_thirty_cells_and_each_comes_once() -> None:
    assert len(matrix.ORDER) == 30
    assert set(matrix.ORDER) == {f"{level}.{column}" for level in LEVELS for column in matrix.COLUMNS}


def test_the_order_goes_down_on_the_wish_up_on_today_and_then_level_by_level_from_the_gap() -> None:
    assert matrix.ORDER[:5] == tuple(f"{level}.desired" for level in LEVELS)
    assert matrix.ORDER[5:10] == tuple(f"{level}.current" for level in reversed(LEVELS))
    rest = [(level, column) for level in LEVELS for column in ("gap", "actions", "indicators", "timeline")]
    assert matrix.ORDER[10:] == tuple(f"{level}.{column}" for level, column in rest)


WRITTEN = {
    f"structures.{column}": column for column in ("desired", "current", "gap", "actions", "indicators", "timeline")
}
BESIDE = {
    "desired": set(),
    "current": {"desired"},
    "gap": {"desired", "current"},
    "actions": {"desired", "current", "gap"},
    "indicators": {"desired", "current", "action"},
    "timeline": {"desired", "current", "action"},
}


@pytest.mark.parametrize("column", matrix.COLUMNS)
def test_beside_a_cell_stands_what_it_follows_from_on_the_same_level(column: str) -> None:
    values = matrix.question(WRITTEN, f"structures.{column}")
    shown = {name for name in ("desired", "current", "gap", "action") if values[name]}
    assert shown == BESIDE[column]
    assert all(values[name] == {"action": "actions"}.get(name, name) for name in shown)
    other = matrix.question(WRITTEN, f"events.{column}")
    assert not any(other[name] for name in ("desired", "current", "gap", "action"))


def test_each_cell_of_the_two_sides_has_a_question_of_its_own_and_the_others_one_per_column() -> None:
    asked = {cell: matrix.question({}, cell)["ask"] for cell in matrix.ORDER}
    keys = {cell: ask.key for cell, ask in asked.items() if isinstance(ask, Phrase)}
    assert len(keys) == 30
    assert len({keys[cell] for cell in matrix.ORDER[:10]}) == 10
    assert {keys[cell] for cell in matrix.ORDER[10:]} == {
        f"vision.cell_asks.{column}" for column in ("gap", "actions", "indicators", "timeline")
    }


def test_every_cell_can_be_asked_in_both_languages(catalogue: Catalogue) -> None:
    for cell in matrix.ORDER:
        values = matrix.question({**WRITTEN, cell: "iets"}, cell)
        for language in ("nl", "en"):
            filled = catalogue.filled(values, language)
            assert str(filled["ask"]).endswith("?")
            assert filled["number"] == matrix.ORDER.index(cell) + 1


def test_the_overview_holds_every_cell_and_says_how_many_are_filled() -> None:
    values = matrix.overview(WRITTEN)
    shown = values["rows"]
    assert isinstance(shown, tuple)
    assert (values["filled"], values["count"], len(shown)) == (6, 30, 5)
    texts = [[cell["text"] for cell in row["cells"]] for row in shown if isinstance(row, dict)]
    assert texts == [[""] * 6, [""] * 6, list(matrix.COLUMNS), [""] * 6, [""] * 6]
    assert (matrix.picture(values).kind, matrix.picture(values).values) == ("matrix", values)


def test_a_cell_whose_reflection_is_gone_is_empty() -> None:
    kept = Reflection("r1", Kind.VISION, "samen", TUESDAY)
    found = matrix.texts({"vision.desired": "r1", "vision.current": "r9"}, {"r1": kept}.get)
    assert found == {"vision.desired": "samen"}


# -- filling it --------------------------------------------------------------------------------------------------


def filling(held: Held) -> Held:
    """Go to the matrix from the hall, as far as the next cell."""
    held.command("vision")
    held.tap("matrix", "fill")
    return held


def test_the_whole_matrix_is_filled_over_six_contacts_in_the_order_of_the_procedure(held: Held) -> None:
    held.met()
    asked = []
    for contact in range(30 // CELLS_AT_ONCE):
        filling(held)
        while held.at == "vision.cell":
            number = held.question.values["number"]
            asked.append(number)
            held.say(f"vak {number}")
        assert (held.at, held.question.values["filled"]) == ("vision.matrix", (contact + 1) * CELLS_AT_ONCE)
        held.tap("done")
        held.wait(days=7)
    assert asked == list(range(1, 31))
    held.command("vision")
    held.tap("matrix")
    assert choices(held) == ["done"]
    assert [held.journal[vision(held).cells[cell]].text for cell in matrix.ORDER] == [f"vak {n}" for n in range(1, 31)]


def test_a_cell_that_was_passed_over_comes_back_the_next_time(held: Held) -> None:
    filling(held.met())
    held.skip()
    assert held.question.values["number"] == 2
    held.say("tweede")
    held.command("stop")
    filling(held)
    assert held.question.values["number"] == 1
    held.say("eerste")
    assert held.question.values["number"] == 3


def test_going_back_corrects_a_cell_and_keeps_what_it_said(held: Held) -> None:
    filling(held.met())
    held.say("eerst dit")
    held.command("back")
    assert held.question.values["number"] == 1
    held.say("nee, dat")
    cell = held.journal[vision(held).cells["vision.desired"]]
    assert (cell.text, [older.text for older in cell.history]) == ("nee, dat", ["eerst dit"])
    assert len(vision(held).cells) == 1


def test_the_wish_stands_beside_today_on_the_same_level(held: Held) -> None:
    filling(held.met())
    held.say(*(f"wens {level}" for level in LEVELS))
    held.tap("fill")
    assert (held.question.values["number"], held.question.values["desired"]) == (6, "wens events")


# -- seven stations ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", STATIONS)
def test_every_station_can_be_entered_asked_and_closed(held: Held, number: int) -> None:
    at_station(held.met(), number)
    station = held.repertoire.stations[number - 1]
    expected = [
        "question",
        *(["scan"] if station.scans else []),
        "draft",
        *(["matrix"] if station.matrix else []),
        "close",
    ]
    assert choices(held) == expected
    held.tap("question")
    held.say(f"antwoord {number}")
    assert held.at == "vision.station"
    assert vision(held).asked[0].partition(".")[0] in {tool.partition(".")[0] for tool in station.tools}
    held.tap("close")
    held.say(f"uitkomst {number}")
    assert held.at == "home.menu"
    assert vision(held).done == {f"s{number}": held.now}
    assert [kept.text for kept in held.journal.values()] == [f"antwoord {number}", f"uitkomst {number}"]
    assert {kept.kind for kept in held.journal.values()} == {Kind.VISION}


@pytest.mark.parametrize("number", STATIONS)
def test_every_question_of_a_station_comes_once_in_order_and_then_there_is_none(held: Held, number: int) -> None:
    at_station(held.met(), number)
    asked = []
    while "question" in choices(held):
        held.tap("question")
        words = held.question.values["question"]
        assert isinstance(words, Phrase)
        asked.append(words.key)
        held.skip() if len(asked) % 3 == 0 else held.say(f"antwoord {len(asked)}")
    known, station = held.repertoire.models, held.repertoire.stations[number - 1]
    expected = [
        known[id_].of(one, "question").key
        for id_, _, element in (tool.partition(".") for tool in station.tools)
        for one in known[id_].elements
        if element in ("", one)
    ]
    assert asked == expected
    assert len(asked) == len(set(asked))


@pytest.mark.parametrize("number", STATIONS)
def test_every_scan_of_a_station_is_done_there_one_after_another_and_comes_back_to_it(held: Held, number: int) -> None:
    at_station(held.met(), number)
    for scan in held.repertoire.stations[number - 1].scans:
        held.tap("scan", "begin")
        while held.at in ("scan.item", "scan.round"):
            held.tap("3" if held.at == "scan.item" else "on")
        assert held.conversation.scans[-1].model == scan
        held.skip()
        assert (held.at, held.question.values["number"]) == ("vision.station", number)
    assert [done.model for done in held.conversation.scans] == list(held.repertoire.stations[number - 1].scans)


@pytest.mark.parametrize("number", STATIONS)
def test_the_draft_and_the_matrix_come_back_to_the_station(held: Held, number: int) -> None:
    at_station(held.met(), number)
    held.tap("draft")
    held.say("leren doe je samen")
    assert (held.at, held.question.values["number"]) == ("vision.station", number)
    if "matrix" in choices(held):
        held.tap("matrix", "done")
        assert (held.at, held.question.values["number"]) == ("vision.station", number)


def test_from_the_hall_the_draft_and_the_matrix_go_home(held: Held) -> None:
    held.met().command("vision")
    held.tap("draft")
    held.say("leren doe je samen")
    assert held.at == "home.menu"
    held.command("vision")
    held.tap("matrix", "done")
    assert held.at == "home.menu"


def test_work_alone_and_together_both_occur_and_each_station_says_which(held: Held) -> None:
    works = [station.work for station in held.repertoire.stations]
    assert len(works) == 7
    assert set(works) == {"own", "shared"}
    for number, work in enumerate(works, 1):
        at_station(held if held.conversation.consent else held.met(), number)
        assert held.question.values["work"] == Phrase(f"vision.work.{work}")


def test_a_year_later_she_goes_on_at_the_first_station_that_is_open(held: Held) -> None:
    held.met()
    for number in (1, 3):
        at_station(held, number).tap("close")
        held.skip()
    held.wait(days=330)
    held.command("vision")
    assert (held.question.values["number"], held.question.values["done"]) == (2, 2)
    held.tap("go")
    assert held.question.values["number"] == 2


def test_looking_back_at_a_station_does_not_move_where_she_is(held: Held) -> None:
    held.met()
    for number in (1, 2):
        at_station(held, number).tap("close")
        held.skip()
    at_station(held, 1).tap("question")
    held.say("nog iets")
    held.command("stop")
    held.command("vision")
    assert held.question.values["number"] == 3


def test_a_station_closed_without_words_is_closed_and_nothing_is_kept(held: Held) -> None:
    at_station(held.met(), 4).tap("close")
    held.skip()
    assert vision(held).done.keys() == {"s4"}
    assert held.journal == {}


def test_tools_that_the_content_no_longer_holds_are_passed_over(held: Held) -> None:
    held.met()
    models = dict(held.repertoire.models)
    first = held.repertoire.stations[0].tools[0].partition(".")[0]
    del models[first]
    held.repertoire = replace(held.repertoire, models=models)
    held.engine = Engine(held.repertoire, ZONE)
    at_station(held, 1).tap("question")
    words = held.question.values["question"]
    assert isinstance(words, Phrase)
    assert first not in words.key
    held.say("antwoord")
    assert held.at == "vision.station"


@settings(max_examples=25, deadline=None)
@given(
    order=st.permutations(list(STATIONS)), steps=st.lists(st.sampled_from(["question", "draft", "close"]), max_size=3)
)
def test_in_any_order_every_station_can_be_done_and_all_done_is_said_once(
    catalogue: Catalogue, order: list[int], steps: list[str]
) -> None:
    held = Held(catalogue.repertoire).met()
    written: list[str] = []
    said = 0
    for number in order:
        at_station(held, number)
        for step in (*(step for step in steps if step != "close"), "close"):
            held.tap(step)
            written.append(f"{number} {step} {len(written)}")
            held.say(written[-1])
        said += held.keys.count("vision.all_done")
        assert held.at == "home.menu"
        open_ = [one for one in STATIONS if f"s{one}" not in vision(held).done]
        assert vision(held).station == (open_[0] if open_ else 7)
        held.wait(days=20)
    assert said == 1
    assert set(vision(held).done) == {f"s{number}" for number in STATIONS}
    kept = [text for one in held.journal.values() for text in (one.text, *(older.text for older in one.history))]
    assert sorted(kept) == sorted(written)


# -- the draft ---------------------------------------------------------------------------------------------------


def test_the_draft_keeps_all_its_versions_with_the_day_of_each(held: Held) -> None:
    held.met()
    days = []
    for version in ("Leren is doen.", "Leren doe je samen.", "Leren doe je samen, en jij kiest mee."):
        held.command("vision")
        held.tap("draft")
        held.say(version)
        days.append(held.now)
        held.wait(days=60)
    draft = held.journal[vision(held).draft]
    assert draft.text == "Leren doe je samen, en jij kiest mee."
    assert [older.text for older in draft.history] == ["Leren is doen.", "Leren doe je samen."]
    assert [draft.said, *(older.until for older in draft.history)] == [days[0], days[1], days[2]]
    held.command("vision")
    held.tap("draft")
    assert (held.question.values["versions"], held.question.values["text"]) == (3, draft.text)


def test_passing_the_draft_over_leaves_it_as_it_was(held: Held) -> None:
    held.met().command("vision")
    held.tap("draft")
    held.say("Leren is doen.")
    held.command("vision")
    held.tap("draft")
    held.skip()
    assert held.journal[vision(held).draft].history == ()


@settings(max_examples=25, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from([*STATIONS, 0]), st.text("abcdef ", min_size=1).filter(str.strip)),
        min_size=1,
        max_size=6,
    )
)
def test_whatever_is_written_wherever_every_version_of_the_draft_is_kept(
    catalogue: Catalogue, drafts: list[tuple[int, str]]
) -> None:
    held = Held(catalogue.repertoire).met()
    for number, text in drafts:
        if number:
            at_station(held, number).tap("draft")
        else:
            held.command("vision")
            held.tap("draft")
        held.say(text)
    draft = held.journal[vision(held).draft]
    assert [*(older.text for older in draft.history), draft.text] == [text for _, text in drafts]


def test_the_stations_of_the_content_are_those_of_the_table(held: Held) -> None:
    assert [station.number for station in held.repertoire.stations] == list(STATIONS)
    assert all(isinstance(station, Station) and station.tools for station in held.repertoire.stations)
