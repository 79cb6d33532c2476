"""A team whose sessions always close by themselves is asked once, by a rule the words name, and then left alone."""

from __future__ import annotations

from datetime import date

import pytest

from dialogues.conversation import LeaderId
from dialogues.team import left_open
from dialogues.team.heard import Tapped, Who
from tests.team.play import TeamPlay
from tests.team.test_privacy import SET_UP, go

BETWEEN = SET_UP.replace("@ 2026-11-04 15:00\nSanne: [Beginnen]\n", "")
QUESTION = "gingen 's avonds vanzelf dicht"


def weeks(*days: str) -> str:
    """Return those Wednesdays with their agenda the day before, on which nobody does anything."""
    return "\n".join(f"@ 2026-11-{int(day) - 1:02} 15:00\n@ 2026-11-{day} 15:00\n@ 2026-11-{day} 18:00" for day in days)


@pytest.fixture
def play(catalogue, matcher):
    return TeamPlay(catalogue, matcher, "nl")


def asked(play: TeamPlay) -> int:
    return "\n".join(play.written).count(QUESTION)


async def team_of(play: TeamPlay):
    return (await play.keeper.read(next(iter(play.pages)))).team


@pytest.mark.asyncio
async def test_after_three_sessions_that_closed_by_themselves_it_is_asked_once_in_school_hours(play):
    await go(play, BETWEEN + weeks("04", "11", "18"))
    assert asked(play) == 0
    await go(play, "@ 2026-11-24 15:00")
    assert asked(play) == 1
    assert "Na 3 keer vraag ik het één keer" in "\n".join(play.written)
    await go(play, "@ 2026-11-25 15:00\n@ 2026-11-25 18:00\n@ 2026-12-01 15:00\n@ 2026-12-02 15:00\n@ 2026-12-02 18:00")
    assert asked(play) == 1


@pytest.mark.asyncio
async def test_known_bad_without_the_key_it_is_asked_every_week(play, monkeypatch):
    real = left_open.ask_once

    def forgetful(desk):
        desk.change(told=())
        real(desk)

    monkeypatch.setattr(left_open, "ask_once", forgetful)
    await go(play, BETWEEN + weeks("04", "11", "18", "25") + "\n@ 2026-12-01 15:00")
    assert asked(play) == 2


@pytest.mark.asyncio
async def test_a_session_that_somebody_rounds_off_or_cancels_begins_the_count_anew(play):
    await go(play, BETWEEN + weeks("04", "11") + "\n@ 2026-11-17 15:00\n@ 2026-11-18 15:00\nSanne: [Deze week niet]")
    assert (await team_of(play)).unfinished == 0
    await go(play, "@ 2026-11-18 18:00\n@ 2026-11-24 15:00\n@ 2026-11-25 15:00")
    await go(play, "Sanne: [Beginnen]\nSanne: [Korter vandaag]\nSanne: [Verder]\nSanne: [Ik]\nSanne: [Klopt]")
    assert (await team_of(play)).unfinished == 0
    assert asked(play) == 0


async def until_asked(play: TeamPlay) -> None:
    await go(play, BETWEEN + weeks("04", "11", "18") + "\n@ 2026-11-24 15:00")


@pytest.mark.asyncio
async def test_a_short_one_next_time_is_short_once(play):
    await until_asked(play)
    await go(play, "Jan: [De volgende keer kort]\n@ 2026-11-25 15:00\nSanne: [Beginnen]\nSanne: [Verder]")
    team = await team_of(play)
    assert (team.session.state, team.session.short, team.brief) == ("actions", True, False)


@pytest.mark.asyncio
async def test_four_weeks_without_a_session_and_then_they_come_back(play):
    await until_asked(play)
    await go(play, "Jan: [Vier weken niet]")
    assert "De eerste weer is woensdag 23 december om 15.00 uur" in "\n".join(play.written)
    assert (await team_of(play)).since == date(2026, 12, 22)
    await go(play, "@ 2026-11-25 15:00\n@ 2026-12-02 15:00\n@ 2026-12-16 15:00")
    assert "Beginnen we?" not in "\n".join(play.written).split("Vier weken niet]\n")[-1]
    await go(play, "@ 2026-12-22 15:00\n@ 2026-12-23 15:00")
    assert "Beginnen we?" in "\n".join(play.written).rsplit("@ 2026-12-23", 1)[1]


@pytest.mark.asyncio
async def test_another_moment_asks_for_a_day_and_a_time(play):
    await until_asked(play)
    await go(play, "Jan: [Een ander moment]\nJan: [do]\nJan: [8.15 uur]\nJan: [Klaar]")
    settings = (await team_of(play)).settings
    assert (settings.weekday, settings.clock) == (3, "08:15")


@pytest.mark.asyncio
async def test_it_is_answered_once_and_only_by_a_member(play):
    await until_asked(play)
    await go(play, "Vreemd: [Zo laten]\nJan: [Zo laten]")
    assert "Goed, het blijft zo." in play.written[-1]
    before = dict(play.pages)
    reply = await play.guide().hear("group", Tapped("left_open1", "rest"), Who(LeaderId("Jan"), "Jan"), play.now)
    assert "eerder moment" in reply.toast
    assert play.pages == before
