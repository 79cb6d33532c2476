"""A board outlives its team's last sign of life for a stated time, and no longer (AVG, article 5.1.e)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from dialogues.conversation import LeaderId
from dialogues.team import silence
from dialogues.team.guide import TeamGuide
from dialogues.team.heard import Replied, Tapped, Who
from dialogues.team.values import Team, TeamId
from tests.team.play import ZONE, TeamPlay
from tests.team.test_left_open import BETWEEN
from tests.team.test_privacy import go


class SilentPlay(TeamPlay):
    """What happens to a team whose guide keeps nothing longer than *months* after the last sign of life."""

    months = 12

    def guide(self) -> TeamGuide:
        return TeamGuide(
            keeper=self.keeper,
            words=self.voice,
            care=self.catalogue.care,
            school_year=self.catalogue.repertoire.school_year,
            zone=ZONE,
            reach=self._reach,
            new_id=lambda: "team1",
            language=self.language,
            months=self.months,
        )

    async def days_pass(self, first: datetime, last: datetime, hour: int = 9) -> None:
        """Look once a day, as far as anything is due."""
        day = first
        while day <= last:
            self.now = day.replace(hour=hour)
            await self.guide().come_due(self.now)
            await self._deliver()
            day += timedelta(days=1)

    def said(self) -> str:
        return "\n".join(self.written)


@pytest.fixture
def play(catalogue, matcher):
    return SilentPlay(catalogue, matcher, "nl", private={"Sanne"})


def on(year: int, month: int, day: int) -> datetime:
    return datetime(year, month, day, 9, 0, tzinfo=UTC)


async def team_of(play: TeamPlay) -> Team | None:
    page = await play.keeper.read(TeamId("team1"))
    return page.team if page else None


@pytest.mark.asyncio
async def test_a_silent_team_is_told_thirty_days_ahead_and_then_erased(play):
    await go(play, BETWEEN)
    await play.days_pass(on(2026, 11, 3), on(2027, 10, 2))
    assert "lang niet gebruikt" not in play.said()
    await play.days_pass(on(2027, 10, 3), on(2027, 10, 6))
    assert play.said().count("dan wis ik op") == 1
    told = (await team_of(play)).expiry
    assert told >= on(2027, 11, 2) - timedelta(hours=3)
    await play.days_pass(on(2027, 10, 7), told - timedelta(days=1))
    assert await team_of(play) is not None
    await play.days_pass(told, told + timedelta(days=2))
    assert await team_of(play) is None
    assert play.pages == {}


@pytest.mark.asyncio
async def test_any_sign_of_life_withdraws_the_notice_and_is_said(play):
    await go(play, BETWEEN)
    await play.days_pass(on(2027, 10, 2), on(2027, 10, 8))
    assert (await team_of(play)).expiry
    await go(play, "Jan: /bord")
    assert "Jullie zijn er weer. Het bord blijft staan." in play.said()
    assert (await team_of(play)).expiry is None
    await play.days_pass(on(2027, 10, 9), on(2027, 12, 9))
    assert await team_of(play) is not None


@pytest.mark.asyncio
async def test_a_team_whose_group_is_gone_is_kept_for_half_a_year_and_its_lead_is_told_until_when(play):
    await go(play, BETWEEN + "! removed")
    assert "Anders wis ik het bord op 2 mei 2027." in play.said()
    await play.days_pass(on(2026, 11, 3), on(2027, 5, 1))
    assert await team_of(play) is not None
    await play.days_pass(on(2027, 5, 2), on(2027, 5, 3))
    assert await team_of(play) is None


@pytest.mark.asyncio
async def test_with_no_term_nothing_is_ever_erased_and_no_day_is_named(play):
    play.months = 0
    await go(play, BETWEEN + "! removed")
    assert "wis ik" not in play.said().split("! removed")[1]
    await play.days_pass(on(2030, 1, 1), on(2030, 1, 3))
    assert await team_of(play) is not None


@pytest.mark.asyncio
async def test_the_notice_waits_for_school_hours_and_the_erasure_for_the_notice(play):
    await go(play, BETWEEN)
    await play.days_pass(on(2027, 10, 3), on(2027, 10, 5), hour=20)
    assert "dan wis ik op" not in play.said()
    page = await play.keeper.read(TeamId("team1"))
    desk = play.guide()._engine._desk(page, on(2029, 1, 1), None)
    desk.change(expiry=on(2028, 1, 1))
    silence.come_due(desk, 12, unsent=True)
    assert not desk.erase
    silence.come_due(desk, 12, unsent=False)
    assert desk.erase


@pytest.mark.asyncio
async def test_known_bad_a_team_that_is_only_looked_at_when_a_session_is_near_outlives_its_term(play, monkeypatch):
    monkeypatch.setattr(silence, "next_look", lambda *_: None)
    await go(play, BETWEEN + "! removed")
    await play.days_pass(on(2027, 5, 2), on(2027, 6, 2))
    assert await team_of(play) is not None


@pytest.mark.asyncio
async def test_a_tap_that_changes_nothing_writes_at_most_once_a_day(play):
    await go(play, BETWEEN)
    guide, who = play.guide(), Who(LeaderId("Vreemd"), "V")
    before = dict(play.pages)
    for minutes in (1, 2, 3):
        await guide.hear("group", Tapped("n1", "x"), who, play.now + timedelta(minutes=minutes))
    assert play.pages == before
    await guide.hear("group", Replied("hallo"), who, play.now + timedelta(days=2))
    assert play.pages != before
