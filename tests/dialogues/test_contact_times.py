"""When the guide may write unasked: hours, weekends, two a week, and clocks that change."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialogues.contact_times import PER_WEEK, WEEK, next_allowed, unasked_from

ZONE = ZoneInfo("Europe/Amsterdam")


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
        ("2026-12-31 18:00", "2027-01-01 07:30"),
    ],
)
def test_not_in_the_evening_the_night_or_the_weekend(at: str, allowed: str) -> None:
    assert next_allowed(local(at), ZONE) == local(allowed)


@pytest.mark.parametrize(
    ("at", "allowed", "utc"),
    [
        ("2026-10-24 20:00", "2026-10-26 07:30", "06:30"),  # winter time began that Sunday
        ("2026-10-25 02:30", "2026-10-26 07:30", "06:30"),  # an hour that comes twice
        ("2026-10-23 19:00", "2026-10-26 07:30", "06:30"),
        ("2027-03-26 19:00", "2027-03-29 07:30", "05:30"),  # summer time began that Sunday
        ("2027-03-28 02:30", "2027-03-29 07:30", "05:30"),  # an hour that does not exist
    ],
)
def test_the_wall_clock_decides_when_the_clock_changes(at: str, allowed: str, utc: str) -> None:
    found = next_allowed(local(at), ZONE)
    assert found == local(allowed)
    assert found.strftime("%H:%M") == utc


ANY_TIME = st.datetimes(datetime(2026, 1, 1), datetime(2028, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - UTC is added


@given(ANY_TIME)
def test_any_moment_becomes_an_allowed_one_at_most_a_weekend_later(at: datetime) -> None:
    found = next_allowed(at, ZONE)
    wall = found.astimezone(ZONE)
    assert wall.weekday() < 5
    assert time(7, 30) <= wall.time() < time(18, 0)
    assert timedelta() <= found - at <= timedelta(days=2, hours=14, minutes=30)
    assert next_allowed(found, ZONE) == found


def test_the_third_message_in_a_week_waits_until_the_first_is_a_week_old() -> None:
    monday, thursday = local("2026-11-30 08:00"), local("2026-12-03 08:00")
    assert unasked_from((monday,), thursday, ZONE) == thursday
    assert unasked_from((monday, thursday), local("2026-12-04 08:00"), ZONE) == local("2026-12-07 08:00")


def test_messages_of_more_than_a_week_ago_do_not_count() -> None:
    now = local("2026-12-08 08:00")
    assert (
        unasked_from((local("2026-12-01 08:00"), local("2026-12-01 07:59"), local("2026-11-02 08:00")), now, ZONE)
        == now
    )


def test_when_the_week_is_over_in_a_weekend_it_waits_until_monday() -> None:
    sent = (local("2026-11-27 17:00"), local("2026-12-01 08:00"))
    assert unasked_from(sent, local("2026-12-02 08:00"), ZONE) == local("2026-12-04 17:00")
    sent = (local("2026-11-28 12:00"), local("2026-12-01 08:00"))
    assert unasked_from(sent, local("2026-12-02 08:00"), ZONE) == local("2026-12-07 07:30")


@given(st.lists(ANY_TIME, max_size=30))
def test_never_more_than_two_in_any_seven_days(wanted: list[datetime]) -> None:
    sent: list[datetime] = []
    for at in sorted(wanted):
        now = max([at, *sent])
        sent.append(unasked_from(tuple(sent), now, ZONE))
    for last in sent:
        assert sum(last - WEEK < at <= last for at in sent) <= PER_WEEK
