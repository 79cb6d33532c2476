"""Which days are free: public holidays by the law, school holidays by region, and what is known when they run out."""

from __future__ import annotations

from datetime import date, timedelta

import holidays
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialogues.free_days import REGIONS, FreeDays, Holiday, SchoolYear, easter, is_public, is_weekend, public_name

BY_LAW = """
2026-01-01 2026-04-03 2026-04-06 2026-04-27 2026-05-05 2026-05-14 2026-05-25 2026-12-25 2026-12-26
2027-01-01 2027-03-26 2027-03-29 2027-04-27 2027-05-05 2027-05-06 2027-05-17 2027-12-25 2027-12-26
2028-01-01 2028-04-14 2028-04-17 2028-04-27 2028-05-05 2028-05-25 2028-06-05 2028-12-25 2028-12-26
2029-01-01 2029-03-30 2029-04-02 2029-04-27 2029-05-05 2029-05-10 2029-05-21 2029-12-25 2029-12-26
2030-01-01 2030-04-19 2030-04-22 2030-04-27 2030-05-05 2030-05-30 2030-06-10 2030-12-25 2030-12-26
"""
"""As the calendars of these years print them."""

AUTUMN = Holiday("autumn", date(2026, 10, 10), date(2026, 10, 18))
LATER_AUTUMN = Holiday("autumn", date(2026, 10, 17), date(2026, 10, 25))
KNOWN = SchoolYear(
    {"north": FreeDays((AUTUMN,)), "middle": FreeDays((LATER_AUTUMN,)), "south": FreeDays((LATER_AUTUMN,))}
)


def test_five_years_of_public_holidays_are_those_of_the_calendar() -> None:
    day, found = date(2026, 1, 1), []
    while day.year <= 2030:
        if is_public(day):
            found.append(day.isoformat())
        day += timedelta(days=1)
    assert found == BY_LAW.split()


def test_eighty_years_of_public_holidays_are_those_of_a_library_that_follows_the_law() -> None:
    """
    The library is kept by others and knows a change of the law before we do (decision 16). Sundays are free in any case.
    """
    kept = holidays.country_holidays("NL", years=range(2020, 2101), categories=("public", "optional"))
    days = (date(2020, 1, 1) + timedelta(days=passed) for passed in range(81 * 365))
    assert [day for day in days if is_public(day) != (day in kept) and day.weekday() < 6] == []


def test_every_public_holiday_has_a_name() -> None:
    names = {public_name(date.fromisoformat(day)) for day in BY_LAW.split()}
    assert names == {
        *("new_year", "good_friday", "easter_monday", "kings_day", "liberation", "ascension", "whit_monday"),
        *("christmas_day", "boxing_day"),
    }
    assert public_name(date(2027, 5, 6)) == "ascension"
    assert public_name(date(2027, 5, 7)) == ""


def test_kings_day_is_a_day_earlier_when_it_would_be_a_sunday() -> None:
    assert [is_public(date(2025, 4, day)) for day in (26, 27)] == [True, False]
    assert [is_public(date(2031, 4, day)) for day in (26, 27)] == [True, False]


@pytest.mark.parametrize(
    "sunday", [date(1961, 4, 2), date(2000, 4, 23), date(2008, 3, 23), date(2011, 4, 24), date(2038, 4, 25)], ids=str
)
def test_easter_is_found_for_early_and_late_years(sunday: date) -> None:
    assert easter(sunday.year) == sunday


@given(st.integers(1900, 2299))
def test_easter_is_a_sunday_between_22_march_and_25_april(year: int) -> None:
    assert date(year, 3, 22) <= easter(year) <= date(year, 4, 25)
    assert easter(year).weekday() == 6


def test_the_first_and_the_last_day_of_a_holiday_are_free_and_the_days_around_it_are_not() -> None:
    north = FreeDays((Holiday("autumn", date(2026, 10, 13), date(2026, 10, 15)),))
    assert [day for day in range(12, 17) if north.frees(date(2026, 10, day))] == [13, 14, 15]


def test_a_holiday_frees_the_days_of_its_own_region_only() -> None:
    monday = date(2026, 10, 12)
    assert {region: KNOWN.of(region).frees(monday) for region in REGIONS} == {
        "north": True,
        "middle": False,
        "south": False,
    }
    assert KNOWN.is_holiday(monday)
    assert not KNOWN.is_holiday(date(2026, 10, 26))


@pytest.mark.parametrize("region", ["", "none", "east"])
def test_without_a_region_only_weekends_and_public_holidays_are_free(region: str) -> None:
    assert not KNOWN.of(region).frees(date(2026, 10, 12))
    assert KNOWN.of(region).frees(date(2026, 10, 17))
    assert KNOWN.of(region).frees(date(2026, 12, 25))


def test_school_opens_on_the_first_day_that_is_not_free() -> None:
    assert KNOWN.of("north").opens(date(2026, 10, 9)) == date(2026, 10, 9)
    assert KNOWN.of("north").opens(date(2026, 10, 10)) == date(2026, 10, 19)
    # A holiday that ends right before Easter goes on until the Tuesday after it.
    before_easter = FreeDays((Holiday("spring", date(2027, 3, 20), date(2027, 3, 25)),))
    assert before_easter.opens(date(2027, 3, 22)) == date(2027, 3, 30)


def test_after_the_last_known_day_weekends_and_public_holidays_still_count() -> None:
    north = KNOWN.of("north")
    assert not north.frees(date(2035, 10, 15))
    assert north.opens(date(2035, 12, 25)) == date(2035, 12, 27)


def test_known_until_the_first_region_runs_out() -> None:
    assert KNOWN.until == date(2026, 10, 18)
    assert SchoolYear().until is None
    assert SchoolYear({"north": FreeDays((AUTUMN,)), "middle": FreeDays(), "south": FreeDays((AUTUMN,))}).until is None


@given(st.dates(date(2026, 1, 1), date(2030, 12, 31)))
def test_what_opens_is_open_and_everything_before_it_is_free(day: date) -> None:
    free = KNOWN.of("middle")
    opened = free.opens(day)
    assert not free.frees(opened)
    assert not is_weekend(opened)
    assert all(free.frees(day + timedelta(days=passed)) for passed in range((opened - day).days))
