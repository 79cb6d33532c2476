"""The question of the article at each session: which one comes, that it rests for a term, and where it comes from."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache
from itertools import pairwise
from pathlib import Path
from shutil import copytree

import pytest
from hypothesis import given as trying
from hypothesis import settings
from hypothesis import strategies as st

from content.board_prompts import TABLE, check_prompts, supply
from content.catalogue import FOLDER, load
from content.checks import check
from dialogues.models import Form
from dialogues.team.prompts import (
    MONTH,
    QUARTER,
    TERM,
    Occasion,
    Prompt,
    Series,
    Supply,
    asked,
    beginning,
    choosing,
    next_prompt,
    theme_of,
)
from dialogues.team.school_days import days_of, next_session

CATALOGUE = load()
MODELS = CATALOGUE.repertoire.models
SUPPLY = supply(MODELS)
YEAR = CATALOGUE.repertoire.school_year
FIRST = date(2026, 9, 1)
LESSON_STUDY = "lesson-study"


@cache
def session_days(count: int, weekday: int = 1) -> list[date]:
    """Return the days of *count* sessions in the school years of region Middle."""
    free, days, day = days_of(YEAR, "middle"), [], FIRST
    while len(days) < count:
        coming = next_session(free, weekday, day)
        assert coming
        days.append(coming.day)
        day = coming.day + timedelta(days=1)
    return days


def played(
    days: list[date], seed: str = "t1", theme: str = "", series: Series | None = None, stock: Supply = SUPPLY
) -> list[tuple[date, Prompt | None]]:
    """Return the question of each of the sessions on *days*."""
    given: dict[str, date] = {}
    found = []
    for day in days:
        prompt = next_prompt(stock, seed, day, given, theme, series)
        found.append((day, prompt))
        if prompt:
            given[prompt.id] = day
    return found


def too_soon(found: list[tuple[date, Prompt | None]]) -> list[str]:
    """Return the questions that came again within half a school year."""
    last: dict[str, date] = {}
    again = []
    for day, prompt in found:
        if prompt:
            if prompt.id in last and day - last[prompt.id] < TERM:
                again.append(prompt.id)
            last[prompt.id] = day
    return again


def occasions(found: list[tuple[date, Prompt | None]], occasion: Occasion) -> list[tuple[date, str]]:
    return [(day, prompt.id) for day, prompt in found if prompt and prompt.occasion is occasion]


# -- never the same within a term --------------------------------------------------------------------------------------


@pytest.mark.parametrize("theme", ["", *SUPPLY.themes])
def test_in_two_school_years_no_question_comes_twice_within_half_a_year_and_none_is_missing(theme):
    found = played(session_days(78), theme=theme)
    assert too_soon(found) == []
    assert all(prompt for _, prompt in found)


def test_known_bad_taking_turns_by_the_week_repeats_within_a_term():
    """Going round the questions of a theme by the number of the week, without looking back, is what must not be done."""
    pool = SUPPLY.themes["assessment"]
    days = session_days(30)
    naive = [(day, Prompt(pool[number % len(pool)], Occasion.THEME)) for number, day in enumerate(days)]
    assert too_soon(naive)


@settings(max_examples=25)
@trying(
    seed=st.text(max_size=8),
    theme=st.sampled_from(["", "unknown", *SUPPLY.themes]),
    gaps=st.lists(st.integers(1, 60), min_size=30, max_size=70),
    begins=st.none() | st.integers(0, 40),
)
def test_whenever_the_sessions_are_no_question_comes_twice_within_half_a_year(seed, theme, gaps, begins):
    days = [FIRST + timedelta(days=sum(gaps[: place + 1])) for place in range(len(gaps))]
    series = Series(LESSON_STUDY, days[begins]) if begins is not None and begins < len(days) else None
    given: dict[str, date] = {}
    found: list[tuple[date, Prompt | None]] = []
    for day in days:
        now = series if series and series.begun <= day else None
        prompt = next_prompt(SUPPLY, seed, day, given, theme, now)
        found.append((day, prompt))
        if prompt:
            given[prompt.id] = day
    assert too_soon(found) == []


def test_a_small_supply_gives_nothing_rather_than_the_same_again():
    small = Supply(themes={"one": ("a.x", "a.y"), "own": ("b.x",)}, chosen=frozenset({"own"}))
    found = [prompt and prompt.id for _, prompt in played(session_days(4), stock=small)]
    assert sorted(filter(None, found)) == ["a.x", "a.y"]
    assert found[2:] == [None, None]
    assert [p and p.id for _, p in played(session_days(1), stock=small, theme="own")] == ["b.x"]


# -- the same choice every time ----------------------------------------------------------------------------------------


def test_asking_again_on_the_same_day_gives_the_same_question():
    days = session_days(20)
    given: dict[str, date] = {}
    for day in days:
        once = next_prompt(SUPPLY, "t1", day, given)
        assert once
        given[once.id] = day
        assert next_prompt(SUPPLY, "t1", day, given) == once


def test_two_teams_of_a_school_get_different_questions_and_each_team_the_same_ones_again():
    days = session_days(20)
    one, other = played(days, "t1"), played(days, "t2")
    assert one == played(days, "t1")
    same = sum(a == b for (_, a), (_, b) in zip(one, other, strict=True) if a and a.occasion is Occasion.THEME)
    assert same <= 2


def test_questions_of_one_model_do_not_follow_each_other_within_a_month():
    found = [(day, prompt) for day, prompt in played(session_days(40)) if prompt and prompt.occasion is Occasion.THEME]
    for place, (day, prompt) in enumerate(found):
        near = {other.id.partition(".")[0] for on, other in found[:place] if day - on < MONTH}
        assert prompt.id.partition(".")[0] not in near


# -- month, quarter, series --------------------------------------------------------------------------------------------


def test_the_learning_question_comes_about_once_a_month_and_the_first_is_what_we_learned():
    monthly = occasions(played(session_days(39)), Occasion.MONTHLY)
    assert monthly[0][1] == "learned"
    assert {id_.partition(".")[0] for _, id_ in monthly[1:8]} == {"teamleren-organiseren"}
    gaps = [after - before for (before, _), (after, _) in pairwise(monthly)]
    assert all(gap >= MONTH for gap in gaps)
    assert 7 <= len(monthly) <= 11


@pytest.mark.parametrize("seed", ["t1", "t2", "t3", "t4"])
def test_a_school_year_holds_each_of_the_four_critical_questions_once(seed):
    quarterly = occasions(played(session_days(39), seed), Occasion.QUARTERLY)
    assert sorted(id_ for _, id_ in quarterly) == sorted(SUPPLY.quarterly)
    gaps = [after - before for (before, _), (after, _) in pairwise(quarterly)]
    assert all(gap >= QUARTER for gap in gaps)


def test_teams_begin_with_different_critical_questions():
    assert len({occasions(played(session_days(10), f"t{n}"), Occasion.QUARTERLY)[0][1] for n in range(20)}) == 4


def test_a_new_team_first_gets_some_ordinary_questions():
    first = [prompt.occasion for _, prompt in played(session_days(7)) if prompt]
    assert first[:3] == [Occasion.THEME] * 3
    assert first[3] is Occasion.MONTHLY
    assert first[6] is Occasion.QUARTERLY


def test_lesson_study_is_six_sessions_in_the_order_of_its_phases_and_then_over():
    days = session_days(12)
    found = played(days, series=Series(LESSON_STUDY, days[0]))
    steps = [prompt for _, prompt in found[:6] if prompt]
    assert [prompt.id.partition(".")[2] for prompt in steps] == list(MODELS[LESSON_STUDY].elements)
    assert [(prompt.step, prompt.steps) for prompt in steps] == [(step, 6) for step in range(1, 7)]
    assert not [prompt for _, prompt in found[6:] if prompt and prompt.occasion is Occasion.SERIES]


def test_a_series_goes_on_after_a_holiday_where_it_was():
    days = session_days(12)
    kept = days[:3] + days[6:]
    found = played(kept, series=Series(LESSON_STUDY, kept[0]))
    assert [prompt.step for _, prompt in found[:6] if prompt] == [1, 2, 3, 4, 5, 6]


def test_a_series_can_begin_again_when_its_questions_have_rested():
    given = {id_: date(2026, 10, 6) + timedelta(weeks=n) for n, id_ in enumerate(SUPPLY.series[LESSON_STUDY])}
    said = beginning(SUPPLY, LESSON_STUDY, date(2027, 1, 5), given, MODELS)
    assert CATALOGUE.render(said, "nl").text == (
        "Deze reeks hadden jullie dit halfjaar al. Vanaf 11 mei 2027 kan ze opnieuw."
    )
    assert not said.choices
    assert beginning(SUPPLY, LESSON_STUDY, date(2027, 5, 11), given, MODELS).choices
    again = next_prompt(SUPPLY, "t", date(2027, 5, 11), given, series=Series(LESSON_STUDY, date(2027, 5, 11)))
    assert again == Prompt(f"{LESSON_STUDY}.aim", Occasion.SERIES, 1, 6)


# -- themes ------------------------------------------------------------------------------------------------------------


def test_questions_come_from_the_theme_while_it_has_any():
    found = occasions(played(session_days(12), theme="feedback"), Occasion.THEME)
    assert {id_ for _, id_ in found} <= set(SUPPLY.themes["feedback"])


def test_a_wicked_problem_comes_only_to_a_team_that_chose_it():
    wicked = set(SUPPLY.themes["wicked"])
    assert not wicked & {id_ for _, id_ in occasions(played(session_days(78)), Occasion.THEME)}
    assert wicked >= {id_ for _, id_ in occasions(played(session_days(12), theme="wicked"), Occasion.THEME)}


@pytest.mark.parametrize("language", ["nl", "en"])
def test_a_team_chooses_a_theme_by_its_number(language):
    say = choosing(SUPPLY, "feedback")
    message = CATALOGUE.render(say, language)
    names = [CATALOGUE.books[language].texts[f"team_prompts.themes.{name}"].text for name in SUPPLY.themes]
    for number, (theme, name) in enumerate(zip(SUPPLY.themes, names, strict=True), 1):
        assert f"{number}. {name}" in message.text
        assert theme_of(SUPPLY, str(number)) == theme
    assert [theme_of(SUPPLY, odd) for odd in ("any", "0", "10", "-1", "", "x", "²")] == [""] * 7
    assert [len(row) for row in message.rows] == [5, 4, 1]
    assert len(message.text) < 600


# -- words and where they come from ------------------------------------------------------------------------------------


def test_every_question_for_the_board_has_one_place():
    boards = [f"{m.id}.{e}" for m in MODELS.values() if Form.BOARD in m.forms for e in m.elements]
    every = [
        *SUPPLY.monthly[1:],
        *SUPPLY.quarterly,
        *(id_ for part in (*SUPPLY.series.values(), *SUPPLY.themes.values()) for id_ in part),
    ]
    assert sorted(every) == sorted(boards)
    assert len(every) == 218


@pytest.mark.parametrize("language", ["nl", "en"])
def test_every_question_can_be_asked_and_names_its_source(language):
    for occasion, ids in (
        (Occasion.MONTHLY, SUPPLY.monthly),
        (Occasion.QUARTERLY, SUPPLY.quarterly),
        *((Occasion.SERIES, ids) for ids in SUPPLY.series.values()),
        *((Occasion.THEME, ids) for ids in SUPPLY.themes.values()),
    ):
        for id_ in ids:
            text = CATALOGUE.render(asked(Prompt(id_, occasion, 2, 6), MODELS), language).text
            assert text.count("?") == 1
            assert text.endswith("?")
            assert len(text) < 600
            model = id_.partition(".")[0]
            if model in MODELS:
                assert CATALOGUE.books[language].texts[f"models.{model}.authors"].text in text


def test_what_a_team_reads_in_a_series_and_each_month():
    step = asked(Prompt(f"{LESSON_STUDY}.review", Occasion.SERIES, 4, 6), MODELS)
    assert CATALOGUE.render(step, "nl").text == (
        "Lesson study, week 4 van 6 (De Vries, Verhoeven & Goei (2016)).\n\n"
        "Wat zagen we leerlingen doen dat we niet hadden voorspeld?"
    )
    month = asked(Prompt("learned", Occasion.MONTHLY), MODELS)
    assert CATALOGUE.render(month, "en").text == (
        "This month's question about our learning. We plan our work, and seldom our learning.\n\n"
        "What did we learn as a team this month, and how?"
    )


BROKEN = {
    "unknown": ("[lesson-study]", "[lesson-stuvy]", "names lesson-stuvy, which has no questions for the board"),
    "gone": ("  leading: [frost-teacher-leadership, ", "  leading: [", "does not name frost-teacher-leadership"),
    "twice": ("[lesson-study]", "[lesson-study, lesson-study]", "names lesson-study 2 times"),
    "no words": ("  wicked: [", "  taai: [", "has theme taai, which has no words"),
    "no theme": ("chosen: [wicked]", "chosen: [lastig]", "sets lastig apart, which is no theme"),
    "no yaml": ("themes:", "themes: [", "cannot be read"),
}


@pytest.mark.parametrize("case", BROKEN)
def test_a_fault_in_the_division_is_named_with_the_content(tmp_path, case):
    old, new, what = BROKEN[case]
    folder = Path(copytree(FOLDER / "shape", tmp_path / "content" / "shape")).parent
    path = folder / "shape" / TABLE
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    boards = [model.id for model in MODELS.values() if Form.BOARD in model.forms]
    found = list(check_prompts(folder, boards, CATALOGUE.books["nl"]))
    assert any(what in fault.what for fault in found), found
    assert all(fault.file == f"content/shape/{TABLE}" and fault.line >= 1 and fault.remedy for fault in found)


def test_the_division_is_looked_at_with_the_content(tmp_path):
    folder = Path(copytree(FOLDER, tmp_path / "content"))
    (folder / "shape" / TABLE).write_text("series: [lesson-study]\n", encoding="utf-8")
    assert sum(fault.file.endswith(TABLE) for fault in check(folder)) == 33
