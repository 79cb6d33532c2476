"""What a team hears in its group about the free days to come: why it waits, what is not known, and what it is asked."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from content.catalogue import load
from content.team_words import TeamVoice
from dialogues.conversation import LeaderId
from dialogues.free_days import Holiday
from dialogues.team.engine import TeamEngine
from dialogues.team.free_ahead import named
from dialogues.team.heard import Tapped, Who
from dialogues.team.ports import TeamEntry, TeamPage
from dialogues.team.prompts import Questions
from dialogues.team.school_days import FREE_DAY, days_of, key_of
from dialogues.team.values import Member, Session, Settings, Team, TeamId
from storage.codec import document_of
from storage.team_page import read_page, with_entry, write_page
from tests.team.play import ZONE

YEAR = load().repertoire.school_year
WHO = Who(LeaderId("s"), "S.")


@pytest.fixture
def engine(catalogue, matcher):
    return TeamEngine(ZONE, YEAR, TeamVoice(catalogue, matcher), Questions())


def at_its_end(day: date, *, free: tuple[Holiday, ...] = (), told: tuple[str, ...] = ()) -> TeamPage:
    """Return a team of region Middle on *day*, a Tuesday, at the question whether the summary is right."""
    at = datetime(day.year, day.month, day.day, 7, tzinfo=UTC)
    year, week, _ = day.isocalendar()
    session = Session(f"{year}-W{week:02}", day, "summary", "n9", WHO.id, at, part_begun=at, next_lead=WHO.id)
    team = Team(TeamId("t"), "telegram:-1", at, settings=Settings(region="middle", free=free), told=told)
    members = (Member(WHO.id, "S.", at),)
    since = date.fromordinal(day.toordinal() + 6)
    return TeamPage(replace(team, members=members, session=session, lead=WHO.id, since=since))


def closing(engine: TeamEngine, page: TeamPage):
    """Return the turn in which the lead says that the summary is right, and the page after it."""
    now = page.team.session.opened
    turn = engine.hear(page, Tapped("n9", "right"), WHO, now)
    return turn, with_entry(page, TeamEntry(turn.team, now, turn.boards))


def keys(turn) -> list[str]:
    return [post.say.key for post in turn.posts if post.say.key.startswith("school_days")]


def test_before_a_holiday_a_team_hears_which_sessions_there_are_not_and_why(engine):
    turn, _ = closing(engine, at_its_end(date(2026, 12, 15)))
    (post,) = [post for post in turn.posts if post.say.key == "school_days.skipped"]
    assert post.say.values["next"] == date(2027, 1, 5)
    turn, _ = closing(engine, at_its_end(date(2026, 11, 10)))
    assert keys(turn) == []


def test_a_week_without_an_official_date_is_asked_once_and_a_yes_frees_it(engine):
    (week,) = YEAR.asked
    turn, page = closing(engine, at_its_end(date(2027, 4, 6)))
    (post,) = [post for post in turn.posts if post.say.key == "school_days.asked"]
    assert post.say.nonce == post.slot == key_of(week)
    again, _ = closing(engine, at_its_end(date(2027, 4, 13), told=page.team.told))
    assert "school_days.asked" not in keys(again)

    now = datetime(2027, 4, 6, 8, tzinfo=UTC)
    said = engine.hear(page, Tapped(key_of(week), "yes"), WHO, now)
    assert keys(said) == ["school_days.answered.yes"]
    assert [one.has(date(2027, 5, 4)) for one in said.team.settings.free] == [True]
    after = with_entry(page, TeamEntry(said.team, now))
    twice = engine.hear(after, Tapped(key_of(week), "no"), WHO, now)
    assert twice.toast.key == "team.old_button"
    assert twice.team.settings == said.team.settings


@pytest.mark.parametrize("choice", ["no", "later"])
def test_a_no_and_not_known_yet_free_nothing(engine, choice):
    (week,) = YEAR.asked
    _, page = closing(engine, at_its_end(date(2027, 4, 6)))
    said = engine.hear(page, Tapped(key_of(week), choice), WHO, datetime(2027, 4, 6, 8, tzinfo=UTC))
    assert keys(said) == [f"school_days.answered.{choice}"]
    assert said.team.settings.free == ()


@pytest.mark.parametrize("nonce", ["asked.2027-05-01", "asked.2031-05-01", "asked."])
def test_a_button_that_was_never_shown_changes_nothing(engine, nonce):
    page = at_its_end(date(2027, 4, 6))
    said = engine.hear(page, Tapped(nonce, "yes"), WHO, datetime(2027, 4, 6, 8, tzinfo=UTC))
    assert said.toast.key == "team.old_button"
    assert said.team.settings.free == ()


def test_where_the_known_holidays_end_a_team_is_told_once(engine):
    assert YEAR.until is not None
    day = date.fromordinal(YEAR.until.toordinal() + 1)
    day = date.fromordinal(day.toordinal() + (1 - day.weekday()) % 7)
    turn, page = closing(engine, at_its_end(day))
    assert "school_days.runs_out" in keys(turn)
    again, _ = closing(engine, at_its_end(date.fromordinal(day.toordinal() + 7), told=page.team.told))
    assert "school_days.runs_out" not in keys(again)


def test_a_school_that_is_closed_for_a_year_hears_that_no_session_is_planned(engine):
    closed = (Holiday("free_day", date(2026, 11, 1), date(2028, 12, 31)),)
    turn, _ = closing(engine, at_its_end(date(2026, 11, 10), free=closed))
    assert "school_days.none_in_sight" in keys(turn)


def test_a_page_of_before_free_days_were_told_of_is_still_read():
    page = at_its_end(date(2026, 11, 10))
    old = {"format": 1, **document_of(page)}
    del old["team"]["told"]
    looked_at = replace(page, team=replace(page.team, due=page.team.due or page.team.begun))
    assert read_page(old) == looked_at
    assert read_page(write_page(page)) == page


def test_an_autumn_holiday_that_a_team_typed_comes_instead_of_the_advised_one():
    advised = next(one for one in YEAR.of("middle").holidays if one.name == "autumn")
    own = named(advised.begin + timedelta(days=9), advised.end + timedelta(days=7))
    free = days_of(YEAR, "middle", (own,))
    tuesday = advised.begin + timedelta(days=(1 - advised.begin.weekday()) % 7)
    assert (free.frees(tuesday), free.frees(tuesday + timedelta(days=7))) == (False, True)


def test_known_bad_typed_days_without_their_sort_free_two_autumns():
    advised = next(one for one in YEAR.of("middle").holidays if one.name == "autumn")
    plain = Holiday("", advised.begin + timedelta(days=9), advised.end + timedelta(days=7))
    tuesday = advised.begin + timedelta(days=(1 - advised.begin.weekday()) % 7)
    assert days_of(YEAR, "middle", (plain,)).frees(tuesday)


def test_a_single_day_that_a_team_typed_replaces_no_holiday():
    assert named(date(2026, 12, 4), date(2026, 12, 4)).name == FREE_DAY
