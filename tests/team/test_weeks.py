"""SCH-1 to SCH-6: one session a week at the same local time, on school days alone, whatever happens; and what would not."""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from content.team_words import TeamVoice
from dialogues.conversation import LeaderId
from dialogues.free_days import REGIONS, Holiday, SchoolYear
from dialogues.team.engine import TeamEngine
from dialogues.team.guide import TeamGuide
from dialogues.team.ports import TeamEntry, TeamPage
from dialogues.team.prompts import Questions
from dialogues.team.values import Member, Settings, Team, TeamId
from storage.in_memory_teams import InMemoryTeams
from storage.team_page import with_entry

ZONE = ZoneInfo("Europe/Amsterdam")
EPOCH = datetime(2026, 9, 1, 6, 0, tzinfo=UTC)
OFFERS = ("team.offered", "team.offered_late")


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE).astimezone(UTC)


def team(since: date, number: int = 0, **settings) -> Team:
    members = (Member(LeaderId("s"), "S.", EPOCH), Member(LeaderId("j"), "J.", EPOCH))
    made = Team(
        TeamId(f"t{number}"),
        f"telegram:-{number + 1}",
        EPOCH,
        settings=Settings(**settings),
        members=members,
        since=since,
    )
    return replace(made, lead=LeaderId("s"))


class NeverFree:
    """A calendar without a free day, not even a Sunday."""

    def frees(self, day):
        return False


@dataclass
class Life:
    """One team over time: the clock looks every twenty seconds, and is away between the moments in *away*."""

    engine: TeamEngine
    page: TeamPage
    away: tuple[tuple[datetime, datetime], ...] = ()
    said: list[tuple[datetime, str]] = field(default_factory=list)

    def live(self, begin: datetime, end: datetime) -> None:
        now = begin
        while now < end:
            self.look(now)
            due = self.page.team.due
            if due is None:
                return
            # A look comes up to twenty seconds after the moment.
            now = max(due, now + timedelta(seconds=20))
            now = next((back for gone, back in self.away if gone <= now < back), now)

    def look(self, now: datetime) -> None:
        turn = self.engine.look(self.page, now)
        self.page = replace(self.page, team=turn.team, boards=(*self.page.boards, *turn.boards))
        self.said += [(now, post.say.key) for post in turn.posts]

    def offers(self) -> list[datetime]:
        return [at for at, key in self.said if key in OFFERS]


@pytest.fixture(scope="module")
def voice(catalogue, matcher):
    return TeamVoice(catalogue, matcher)


@pytest.fixture(scope="module")
def engine(catalogue, voice):
    return TeamEngine(ZONE, catalogue.repertoire.school_year, voice, Questions())


QUARTERS = [f"{hour}:{minute:02}" for hour in range(24) for minute in (0, 15, 30, 45)]
CHANGES = {"autumn": date(2026, 10, 25), "spring": date(2027, 3, 28)}


@pytest.mark.parametrize("change", CHANGES)
def test_sch_1_on_a_day_the_clock_changes_each_team_gets_one_prompt_at_its_local_time(voice, change, monkeypatch):
    monkeypatch.setattr("dialogues.team.engine.days_of", lambda *_: NeverFree())
    day, engine = CHANGES[change], TeamEngine(ZONE, SchoolYear(), voice, Questions())
    for clock in QUARTERS:
        life = Life(engine, TeamPage(team(day, weekday=6, clock=clock)))
        life.live(local(f"{day - timedelta(days=1)} 00:00"), local(f"{day + timedelta(days=1)} 12:00"))
        (prompt,) = life.offers()
        at = prompt.astimezone(ZONE)
        skipped = change == "spring" and clock.startswith("2:")
        assert f"{at.hour}:{at.minute:02}" == ("3:00" if skipped else clock)
        assert at.date() == day
        if change == "autumn" and clock.startswith("2:"):
            assert at.utcoffset() == timedelta(hours=2)  # the first time the clock shows it


def test_sch_1_known_bad_a_prompt_whenever_the_clock_on_the_wall_shows_the_time():
    def fired(day: date, clock: str) -> int:
        minutes = (local(f"{day} 00:00") + timedelta(minutes=n) for n in range(26 * 60))
        walls = [at.astimezone(ZONE) for at in minutes]
        return sum(wall.date() == day and f"{wall.hour}:{wall.minute:02}" == clock for wall in walls)

    assert fired(CHANGES["autumn"], "2:30") == 2
    assert fired(CHANGES["spring"], "2:30") == 0


def many_lives(engine, count: int, end: datetime) -> list[Life]:
    lives = []
    for number in range(count):
        settings = {
            "weekday": number % 5,
            "clock": ("7:30", "8:15", "8:30", "12:10", "15:30", "17:00")[number % 6],
            "region": REGIONS[number % 3],
        }
        life = Life(engine, TeamPage(team(date(2026, 10, 1), number, **settings)))
        life.live(local("2026-10-01 00:00"), end)
        lives.append(life)
    return lives


@pytest.fixture(scope="module")
def years(engine):
    """From October 2026 until the end of December 2028: ten teams, of each region and weekday."""
    return many_lives(engine, 10, local("2029-01-01 00:00"))


@pytest.fixture(scope="module")
def all_years(engine):
    """The same for all five hundred."""
    return many_lives(engine, 500, local("2029-01-01 00:00"))


def sessions_at_their_own_time(lives: list[Life], known: SchoolYear) -> int:
    """Check that each life has a session in every school week, always at the same local time, and count them."""
    for life in lives:
        settings = life.page.team.settings
        free = known.of(settings.region)
        days = [date(2026, 10, 1) + timedelta(days=n) for n in range(823)]
        wanted = [day for day in days if day.weekday() == settings.weekday and not free.frees(day)]
        offers = [at.astimezone(ZONE) for at in life.offers()]
        assert [at.date() for at in offers] == wanted
        assert {f"{at.hour}:{at.minute:02}" for at in offers} == {settings.clock}
        assert max(Counter(at.date().isocalendar()[:2] for at in offers).values()) == 1
    return sum(len(life.offers()) for life in lives)


def test_sch_2_over_two_years_each_team_has_one_session_in_every_school_week_at_the_same_local_time(years, catalogue):
    assert sessions_at_their_own_time(years, catalogue.repertoire.school_year) > 800


@pytest.mark.long
def test_sch_2_at_full_size_five_hundred_teams(all_years, catalogue, record_property):
    asked = sessions_at_their_own_time(all_years, catalogue.repertoire.school_year)
    record_property("measured", f"SCH-2: 500 teams, {asked} sessions offered, 0 at another time")


def test_sch_2_known_bad_a_week_of_hours_after_the_last_session_moves_with_the_clock_change():
    at = local("2026-10-20 08:30")
    assert (at + timedelta(days=7)).astimezone(ZONE).hour == 7


def said_in_school_hours(lives: list[Life], known: SchoolYear) -> int:
    """Check that nothing is said in holidays, evenings and weekends, and count what is."""
    said = 0
    for life in lives:
        free = known.of(life.page.team.settings.region)
        for at, key in life.said:
            here = at.astimezone(ZONE)
            assert not free.frees(here.date()), (key, here)
            assert (7, 30) <= (here.hour, here.minute) < (18, 0), (key, here)
            said += 1
    return said


def test_sch_6_nothing_is_said_in_holidays_evenings_and_weekends(years, catalogue):
    assert said_in_school_hours(years, catalogue.repertoire.school_year) > 1_500


@pytest.mark.long
def test_sch_6_at_full_size_five_hundred_teams(all_years, catalogue, record_property):
    said = said_in_school_hours(all_years, catalogue.repertoire.school_year)
    record_property("measured", f"SCH-6: 500 teams, 823 days, {said} messages, 0 outside school hours")


def test_sch_6_known_bad_without_the_holidays_of_its_region_a_team_is_written_to_in_them(engine, catalogue):
    free = catalogue.repertoire.school_year.of("north")
    life = Life(engine, TeamPage(team(date(2026, 10, 1), region="none")))
    life.live(local("2026-10-01 00:00"), local("2027-01-08 00:00"))
    assert any(free.frees(at.astimezone(ZONE).date()) for at, _ in life.said)


def test_sch_6_own_free_days_of_a_school_count_too(engine):
    own = (Holiday("", date(2026, 11, 2), date(2026, 11, 6)),)
    life = Life(engine, TeamPage(team(date(2026, 10, 26), region="south", weekday=1, free=own)))
    life.live(local("2026-10-26 00:00"), local("2026-11-14 00:00"))
    assert [at.astimezone(ZONE).date().day for at in life.offers()] == [27, 10]
    assert not any(2 <= at.astimezone(ZONE).day <= 6 and at.astimezone(ZONE).month == 11 for at, _ in life.said)


AWAY = {
    "1 minute": ("2026-10-06 08:29:30", "2026-10-06 08:30:30", "team.offered"),
    "9 minutes": ("2026-10-06 08:25", "2026-10-06 08:39", "team.offered"),
    "an hour": ("2026-10-06 08:00", "2026-10-06 09:30", "team.offered_late"),
    "until just before six": ("2026-10-06 08:00", "2026-10-06 17:59", "team.offered_late"),
    "until six": ("2026-10-06 08:00", "2026-10-06 18:00", "team.skipped"),
    "a night": ("2026-10-06 08:00", "2026-10-07 03:00", "team.skipped"),
    "two days": ("2026-10-06 08:00", "2026-10-08 11:00", "team.skipped"),
    "over the weekend": ("2026-10-06 08:00", "2026-10-10 11:00", "team.skipped"),
    "six days": ("2026-10-06 08:00", "2026-10-12 08:00", "team.skipped"),
}


@pytest.mark.parametrize("length", AWAY)
def test_sch_3_a_session_missed_is_offered_the_same_day_before_six_or_skipped_and_said_never_both(engine, length):
    gone, back, expected = AWAY[length]
    away = ((local(gone), local(back)),)
    life = Life(engine, TeamPage(team(date(2026, 10, 1), region="south", clock="8:30")), away)
    life.live(local("2026-10-02 00:00"), local("2026-10-14 12:00"))
    first = [(at, key) for at, key in life.said if key in (*OFFERS, "team.skipped")]
    assert [key for _, key in first] == [expected, "team.offered"]
    assert first[1][0].astimezone(ZONE).date() == date(2026, 10, 13)
    said = first[0][0].astimezone(ZONE)
    assert (7, 30) <= (said.hour, said.minute) < (18, 0)
    assert said.weekday() < 5


def test_sch_3_after_weeks_away_one_line_says_so_and_not_one_for_every_week(engine):
    away = ((local("2026-10-05 08:00"), local("2026-12-02 10:00")),)
    life = Life(engine, TeamPage(team(date(2026, 10, 1), region="south")), away)
    life.live(local("2026-10-02 00:00"), local("2026-12-09 00:00"))
    assert [key for _, key in life.said if key in (*OFFERS, "team.skipped")] == ["team.skipped", "team.offered"]


def test_sch_3_known_bad_without_a_window_a_session_is_offered_on_another_day(engine, monkeypatch):
    monkeypatch.setattr("dialogues.team.weeks._is_over", lambda *_: False)
    away = ((local("2026-10-06 08:00"), local("2026-10-06 21:00")),)
    life = Life(engine, TeamPage(team(date(2026, 10, 1), region="south")), away)
    life.live(local("2026-10-02 00:00"), local("2026-10-07 12:00"))
    assert any(at.astimezone(ZONE).hour >= 18 for at, key in life.said if key in OFFERS)


# -- over a store -------------------------------------------------------------------------------------------------


def guide_of(keeper, catalogue, voice) -> TeamGuide:
    async def reach(_member):
        return ""

    return TeamGuide(
        keeper=keeper,
        words=voice,
        care=catalogue.care,
        school_year=catalogue.repertoire.school_year,
        zone=ZONE,
        reach=reach,
        new_id=lambda: "new",
    )


async def stored(pages: dict) -> InMemoryTeams:
    keeper = InMemoryTeams(pages)
    first = replace(team(date(2026, 10, 1), region="south"), turns=1, due=local("2026-10-02 00:00"))
    await keeper.write(TeamEntry(first, EPOCH))
    return keeper


def prompts(page: TeamPage) -> int:
    return sum("Beginnen we" in note.message.text for note in page.notes)


async def restarted(catalogue, voice, *, remembers: bool = True) -> int:
    """Restart 108 times in two and a half hours around the session, and count the prompts."""
    pages: dict = {}
    await stored(pages)
    first = dict(pages)
    count = 0
    for restart in range(108):
        now = local("2026-10-06 07:45") + restart * timedelta(seconds=83)
        keeper = InMemoryTeams(pages if remembers else dict(first))
        await guide_of(keeper, catalogue, voice).come_due(now)
        page = await keeper.read(TeamId("t0"))
        count += prompts(page)
        for note in page.notes:
            await keeper.delivered(TeamId("t0"), note, 1)
    return count


@pytest.mark.asyncio
async def test_sch_4_a_hundred_and_eight_restarts_give_one_prompt(catalogue, voice):
    assert await restarted(catalogue, voice) == 1


@pytest.mark.asyncio
async def test_sch_4_known_bad_when_what_was_sent_is_kept_in_memory_every_restart_sends_again(catalogue, voice):
    assert await restarted(catalogue, voice, remembers=False) > 50


class Slow(InMemoryTeams):
    """A keeper whose reading takes a moment, so that two schedulers read the same page before either writes."""

    async def read(self, wanted):
        page = await super().read(wanted)
        await asyncio.sleep(0.01)
        return page


class Careless(Slow):
    """A keeper that does not look whether a turn follows on what is kept."""

    async def write(self, entry):
        page = self._pages.get(entry.team.id)
        follows = replace(entry, team=replace(entry.team, turns=page.team.turns + 1))
        self._keep(with_entry(page, follows))


async def two_schedulers(keeper_kind, catalogue, voice) -> int:
    pages: dict = {}
    await stored(pages)
    keeper = keeper_kind(pages)
    guides = [guide_of(keeper, catalogue, voice) for _ in range(2)]
    at = local("2026-10-06 08:30")
    sent = await asyncio.gather(*(guide.come_due(at) for guide in guides))
    return sum(map(len, sent))


@pytest.mark.asyncio
async def test_sch_5_two_schedulers_give_one_prompt(catalogue, voice):
    assert await two_schedulers(Slow, catalogue, voice) == 1


@pytest.mark.asyncio
async def test_sch_5_known_bad_without_looking_what_is_kept_both_schedulers_send(catalogue, voice):
    assert await two_schedulers(Careless, catalogue, voice) == 2
