"""When the guide may write unasked: hours, weekends, free days, two a week, and clocks that change."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialogues.contact_times import PER_WEEK, WEEK, next_allowed, unasked_from
from dialogues.free_days import FreeDays, Holiday, is_public

ZONE = ZoneInfo("Europe/Amsterdam")
ALWAYS = FreeDays()
NORTH = FreeDays((Holiday("christmas", date(2026, 12, 19), date(2027, 1, 3)),))


def local(text: str) -> datetime:
    """Return a local moment, in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=ZONE).astimezone(UTC)


@pytest.mark.parametrize(
    ("at", "allowed"),
    [
        ("2026-12-01 07:29", "2026-12-01 07:30"),
        ("2026-12-01 07:30", "2026-12-01 07:30"),
        ("2026-12-01 17:59", "2026-12-01 17:59"),
        ("2026-12-01 18:00", "2026-12-02 07:30"),
        ("2026-12-01 23:59", "2026-12-02 07:30"),
        ("2026-12-04 17:59", "2026-12-04 17:59"),  # a Friday
        ("2026-12-04 18:00", "2026-12-07 07:30"),
        ("2026-12-05 12:00", "2026-12-07 07:30"),
        ("2026-12-06 23:00", "2026-12-07 07:30"),
        ("2026-12-07 00:10", "2026-12-07 07:30"),
        ("2026-12-30 18:00", "2026-12-31 07:30"),
        ("2026-12-31 18:00", "2027-01-04 07:30"),  # New Year's Day is a Friday
    ],
)
def test_not_in_the_evening_the_night_or_the_weekend(at: str, allowed: str) -> None:
    assert next_allowed(local(at), ZONE, ALWAYS) == local(allowed)


@pytest.mark.parametrize(
    ("at", "allowed", "utc"),
    [
        ("2026-10-24 20:00", "2026-10-26 07:30", "06:30"),  # winter time began that Sunday
        ("2026-10-25 02:30", "2026-10-26 07:30", "06:30"),  # an hour that comes twice
        ("2026-10-23 19:00", "2026-10-26 07:30", "06:30"),
        ("2027-03-25 19:00", "2027-03-30 07:30", "05:30"),  # summer time began that Sunday, which was Easter
        ("2027-03-28 02:30", "2027-03-30 07:30", "05:30"),  # an hour that does not exist
        ("2028-03-24 19:00", "2028-03-27 07:30", "05:30"),
    ],
)
def test_the_wall_clock_decides_when_the_clock_changes(at: str, allowed: str, utc: str) -> None:
    found = next_allowed(local(at), ZONE, ALWAYS)
    assert found == local(allowed)
    assert found.strftime("%H:%M") == utc


@pytest.mark.parametrize(
    ("at", "allowed"),
    [
        ("2026-12-18 17:59", "2026-12-18 17:59"),  # the last day of school
        ("2026-12-18 18:00", "2027-01-04 07:30"),
        ("2026-12-23 10:00", "2027-01-04 07:30"),
        ("2027-01-03 23:59", "2027-01-04 07:30"),
        ("2027-01-04 09:00", "2027-01-04 09:00"),
    ],
)
def test_not_in_a_school_holiday_but_at_once_when_school_begins(at: str, allowed: str) -> None:
    assert next_allowed(local(at), ZONE, NORTH) == local(allowed)


def test_a_week_that_is_over_in_a_school_holiday_waits_for_school() -> None:
    sent = (local("2026-12-14 08:00"), local("2026-12-17 08:00"))
    assert unasked_from(sent, local("2026-12-18 08:00"), ZONE, NORTH) == local("2027-01-04 07:30")


ANY_TIME = st.datetimes(datetime(2026, 1, 1), datetime(2028, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - UTC is added


@given(ANY_TIME)
def test_any_moment_becomes_an_allowed_one_at_most_a_weekend_and_its_public_holidays_later(at: datetime) -> None:
    found = next_allowed(at, ZONE, ALWAYS)
    wall = found.astimezone(ZONE)
    assert wall.weekday() < 5
    assert not is_public(wall.date())
    assert time(7, 30) <= wall.time() < time(18, 0)
    assert timedelta() <= found - at <= timedelta(days=4, hours=14, minutes=30)
    assert next_allowed(found, ZONE, ALWAYS) == found


def test_the_third_message_in_a_week_waits_until_the_first_is_a_week_old() -> None:
    monday, thursday = local("2026-11-30 08:00"), local("2026-12-03 08:00")
    assert unasked_from((monday,), thursday, ZONE, ALWAYS) == thursday
    assert unasked_from((monday, thursday), local("2026-12-04 08:00"), ZONE, ALWAYS) == local("2026-12-07 08:00")


def test_messages_of_more_than_a_week_ago_do_not_count() -> None:
    now = local("2026-12-08 08:00")
    assert (
        unasked_from(
            (local("2026-12-01 08:00"), local("2026-12-01 07:59"), local("2026-11-02 08:00")), now, ZONE, ALWAYS
        )
        == now
    )


def test_when_the_week_is_over_in_a_weekend_it_waits_until_monday() -> None:
    sent = (local("2026-11-27 17:00"), local("2026-12-01 08:00"))
    assert unasked_from(sent, local("2026-12-02 08:00"), ZONE, ALWAYS) == local("2026-12-04 17:00")
    sent = (local("2026-11-28 12:00"), local("2026-12-01 08:00"))
    assert unasked_from(sent, local("2026-12-02 08:00"), ZONE, ALWAYS) == local("2026-12-07 07:30")


@given(st.lists(ANY_TIME, max_size=30))
def test_never_more_than_two_in_any_seven_days(wanted: list[datetime]) -> None:
    sent: list[datetime] = []
    for at in sorted(wanted):
        now = max([at, *sent])
        sent.append(unasked_from(tuple(sent), now, ZONE, ALWAYS))
    for last in sent:
        assert sum(last - WEEK < at <= last for at in sent) <= PER_WEEK
