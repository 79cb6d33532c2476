"""When a team has its session: every week on its own day, unless school is closed, and what is said about it."""

from __future__ import annotations

from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content.catalogue import load
from dialogues.free_days import NOWHERE, REGIONS, FreeDays, Holiday, SchoolYear
from dialogues.plans import at_local
from dialogues.team.school_days import (
    FREE_DAY,
    NAMES,
    OWN_HOLIDAY,
    STUDY_DAY,
    NextSession,
    Skipped,
    asking,
    days_of,
    key_of,
    name_of,
    next_session,
    none_in_sight,
    runs_out,
    skipping,
    to_ask,
    unknown_ahead,
    why_free,
)

CATALOGUE = load()
YEAR = CATALOGUE.repertoire.school_year
FIRST, LAST = date(2026, 9, 7), date(2029, 7, 1)
AMSTERDAM = ZoneInfo("Europe/Amsterdam")
STUDY = Holiday(STUDY_DAY, date(2027, 3, 16), date(2027, 3, 16))
OWN_SPRING = Holiday(OWN_HOLIDAY, date(2027, 2, 13), date(2027, 2, 21))


def sessions(free: FreeDays, weekday: int) -> list[date]:
    """Return every session from the first to the last day of three school years."""
    found, day = [], FIRST
    while (coming := next_session(free, weekday, day)) and coming.day <= LAST:
        found.append(coming.day)
        day = coming.day + timedelta(days=1)
    return found


@pytest.mark.parametrize("weekday", range(5))
@pytest.mark.parametrize("region", REGIONS)
def test_sch_6_no_session_of_three_years_falls_on_a_free_day_and_no_school_day_is_left_out(region, weekday):
    free = days_of(YEAR, region)
    days = sessions(free, weekday)
    every = [FIRST + timedelta(days=passed) for passed in range((LAST - FIRST).days + 1)]
    assert days == [day for day in every if day.weekday() == weekday and not free.frees(day)]
    assert len({day.isocalendar()[:2] for day in days}) == len(days) > 100


def test_sch_6_known_bad_a_plan_of_every_seventh_day_meets_holidays():
    """Counting seven days on, as a calendar with a repeating entry does, is what the test above refuses."""
    free = days_of(YEAR, "north")
    assert any(free.frees(FIRST + timedelta(days=1 + 7 * week)) for week in range(60))


def test_a_session_names_the_days_that_were_skipped_and_why():
    free = days_of(YEAR, "north", [STUDY])
    assert next_session(free, 1, date(2027, 3, 10)) == NextSession(
        date(2027, 3, 23), (Skipped(date(2027, 3, 16), STUDY_DAY),)
    )
    assert next_session(free, 0, date(2027, 4, 20)) == NextSession(
        date(2027, 5, 3), (Skipped(date(2027, 4, 26), "may"),)
    )
    skipped = next_session(free, 2, date(2026, 12, 17))
    assert skipped is not None
    assert [one.why for one in skipped.skipped] == ["christmas", "christmas"]


@pytest.mark.parametrize(
    ("day", "why"),
    [
        (date(2027, 3, 26), "good_friday"),
        (date(2027, 3, 29), "easter_monday"),
        (date(2027, 5, 5), "liberation"),
        (date(2027, 5, 6), "ascension"),
        (date(2027, 5, 17), "whit_monday"),
        (date(2027, 10, 18), "autumn"),
        (date(2027, 10, 23), "weekend"),
        (date(2027, 3, 16), STUDY_DAY),
        (date(2027, 3, 17), ""),
    ],
    ids=str,
)
def test_a_free_day_has_a_reason(day, why):
    free = days_of(YEAR, "north", [STUDY])
    assert why_free(free, day) == why
    assert bool(why) == free.frees(day)


def test_a_holiday_of_the_school_comes_instead_of_the_one_the_government_advises():
    # Region North is advised 20 to 28 February; this school takes the week before it.
    free = days_of(YEAR, "north", [OWN_SPRING])
    assert free.frees(date(2027, 2, 16))
    assert not free.frees(date(2027, 2, 23))
    assert days_of(YEAR, "north").frees(date(2027, 2, 23))


def test_a_holiday_fixed_by_law_is_never_replaced_and_a_study_day_replaces_nothing():
    own = [
        Holiday(OWN_HOLIDAY, date(2026, 12, 12), date(2026, 12, 20)),
        Holiday(STUDY_DAY, date(2027, 2, 15), date(2027, 2, 18)),
        Holiday(OWN_HOLIDAY, date(2027, 2, 12), date(2027, 2, 12)),
    ]
    free = days_of(YEAR, "north", own)
    assert free.frees(date(2026, 12, 22))
    assert free.frees(date(2027, 2, 23))


@pytest.mark.parametrize("region", ["", NOWHERE])
def test_without_a_region_the_own_days_still_count(region):
    free = days_of(YEAR, region, [STUDY])
    assert free.frees(STUDY.begin)
    assert not free.frees(date(2026, 10, 13))


@given(
    weekday=st.integers(0, 4),
    day=st.dates(date(2026, 1, 1), date(2040, 12, 31)),
    own=st.lists(
        st.builds(
            lambda begin, length: Holiday(FREE_DAY, begin, begin + timedelta(days=length)),
            st.dates(date(2026, 1, 1), date(2041, 12, 31)),
            st.integers(0, 900),
        ),
        max_size=5,
    ),
)
def test_the_next_session_is_a_school_day_on_the_weekday_or_there_is_none(weekday, day, own):
    free = days_of(YEAR, "south", own)
    coming = next_session(free, weekday, day)
    if coming is None:
        assert all(free.frees(day + timedelta(days=passed)) for passed in range(365) if on(day, passed) == weekday)
        return
    assert coming.day >= day
    assert coming.day.weekday() == weekday
    assert not free.frees(coming.day)
    assert all(free.frees(one.day) and one.day < coming.day for one in coming.skipped)


def on(day: date, passed: int) -> int:
    """Return the weekday *passed* days after *day*."""
    return (day + timedelta(days=passed)).weekday()


def test_a_school_that_is_free_for_ever_gets_no_session_and_no_endless_search():
    assert next_session(FreeDays((Holiday(FREE_DAY, date(2026, 1, 1), date.max),)), 1, date(2026, 9, 1)) is None


def test_the_hour_of_a_session_stays_the_same_on_the_clock_through_both_changes():
    free = days_of(YEAR, "middle")
    for weekday in range(5):
        clocks = {at_local(day, "8:30", AMSTERDAM).astimezone(AMSTERDAM).time() for day in sessions(free, weekday)}
        assert {str(clock) for clock in clocks} == {"08:30:00"}


# -- a week without an official date ---------------------------------------------------------------------------------


def test_the_week_of_may_2027_has_no_official_date_so_it_frees_nobody_and_a_team_is_asked():
    (week,) = YEAR.asked
    assert (week.begin, week.end) == (date(2027, 5, 1), date(2027, 5, 9))
    assert not any(days_of(YEAR, region).frees(date(2027, 5, 3)) for region in REGIONS)
    assert to_ask(YEAR, (), (), date(2027, 3, 1)) is None
    assert to_ask(YEAR, (), (), date(2027, 4, 1)) == week
    assert to_ask(YEAR, (), (), date(2027, 5, 2)) is None


def test_a_team_is_asked_once_and_not_when_its_own_calendar_knows():
    (week,) = YEAR.asked
    today = date(2027, 4, 1)
    assert to_ask(YEAR, (), {key_of(week)}, today) is None
    known = Holiday(OWN_HOLIDAY, date(2027, 4, 24), date(2027, 5, 9))
    assert to_ask(YEAR, [known], (), today) is None
    free = days_of(YEAR, "north", [Holiday(FREE_DAY, week.begin, week.end)])
    assert free.frees(date(2027, 5, 3))


def test_beyond_the_last_known_holiday_a_team_can_be_told():
    assert YEAR.until is not None
    assert not runs_out(YEAR, YEAR.until)
    assert runs_out(YEAR, YEAR.until + timedelta(days=1))
    assert runs_out(SchoolYear(), FIRST)


# -- words ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["nl", "en"])
def test_every_reason_has_words_and_a_name_of_a_team_itself_is_never_said(language):
    names = {why: CATALOGUE.filled({"said": name_of(why)}, language)["said"] for why in (*NAMES, "Bruiloft juf Anna")}
    assert all(names.values())
    assert names["Bruiloft juf Anna"] == names[FREE_DAY]


@pytest.mark.parametrize("language", ["nl", "en"])
def test_a_team_hears_what_is_not_known(language):
    (week,) = YEAR.asked
    question = CATALOGUE.render(asking(week, date(2027, 4, 1)), language)
    assert question.text.endswith("?")
    assert [row[0].data for row in question.rows] == [f"{key_of(week)}:{answer}" for answer in ("yes", "no", "later")]
    for say in (none_in_sight(), unknown_ahead(date(2029, 9, 4), date(2029, 8, 28))):
        assert CATALOGUE.render(say, language).text.endswith(".")


@pytest.mark.parametrize(
    ("language", "said"),
    [
        (
            "nl",
            (
                "Maandag 21 december is er geen bordsessie: kerstvakantie. Ook maandag 28 december niet.\n\n"
                "De volgende is maandag 4 januari."
            ),
        ),
        (
            "en",
            (
                "On Monday 21 December there is no board session: Christmas holiday. Nor on Monday 28 December.\n\n"
                "The next one is Monday 4 January."
            ),
        ),
    ],
)
def test_what_a_team_reads_before_a_holiday(language, said):
    coming = next_session(days_of(YEAR, "south"), 0, date(2026, 12, 18))
    assert coming is not None
    assert CATALOGUE.render(skipping(coming, date(2026, 12, 18)), language).text == said
