"""
The schedule: moments at local wall time through both clock changes, once each, and caught up with decently.

Days and years pass in virtual time, with the real guide; team prompts come with the teams.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import count

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dialogues.conversation import LeaderId, Moment, Phase
from dialogues.errors import KeeperBusy, KeeperUnavailable
from dialogues.free_days import FreeDays
from dialogues.guide import DUE_AT_ONCE
from dialogues.plans import at_local
from dialogues.ports import Entry, Page
from storage.in_memory import InMemoryKeeper
from storage.in_tinydb import TinyDbKeeper
from tests.dialogues.held import Held
from tests.reliability.guides import ZONE, guide_on

AUTUMN, SPRING = date(2026, 10, 25), date(2027, 3, 28)
QUARTERS = [f"{quarter // 4:02}:{quarter % 4 * 15:02}" for quarter in range(96)]
HOURS = [clock for clock in QUARTERS if "07:30" <= clock < "18:00"]
ALWAYS = FreeDays()
"""The free days of a leader without a region: weekends and public holidays, such as Easter around the change of 2027."""


def wall(at: datetime) -> str:
    return at.astimezone(ZONE).strftime("%Y-%m-%d %H:%M")


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE).astimezone(UTC)


@dataclass
class Office:
    """Leaders with plans, and the guide that is asked every now and then what is due."""

    catalogue: object
    matcher: object
    keeper: InMemoryKeeper = field(default_factory=InMemoryKeeper)
    names: object = field(default_factory=lambda: count(1).__next__)

    def __post_init__(self) -> None:
        held = Held(self.catalogue.repertoire).planned(Phase.NOT_DARING)
        held.command("stop")
        self.template = Page(held.conversation, tuple(held.journal.values()))
        self.restart()

    def restart(self) -> None:
        self.guide = guide_on(self.keeper, self.catalogue, self.matcher)

    async def plan(self, at: datetime, leader: LeaderId | None = None) -> LeaderId:
        """Have a leader be asked at *at* what became of a plan."""
        page = await self.keeper.read(leader) if leader else self.template
        leader = leader or LeaderId(f"t{self.names()}")
        plan = replace(self.template.conversation.plans[-1], result=None)
        conversation = replace(
            page.conversation,
            leader=leader,
            heard=at - timedelta(days=7),
            plans=(plan,),
            moments=(Moment("checkin", at, plan.id),),
        )
        await self.keeper.write(Entry(conversation, at=at - timedelta(days=7)))
        return leader

    async def look(self, now: datetime) -> int:
        return await self.guide.come_due(now)

    async def asked(self, leader: LeaderId) -> list[str]:
        """Return the local times at which *leader* was asked what happened."""
        page = await self.keeper.read(leader)
        return [
            wall(letter.written)
            for letter in page.letters
            if any("gedaan" in b.label.lower() for b in _buttons(letter))
        ]


def _buttons(letter):
    return [button for row in letter.message.rows for button in row]


@pytest.fixture
def office(catalogue, matcher) -> Office:
    return Office(catalogue, matcher)


def expected(day: date, clock: str) -> str:
    """Return the local time at which something at *clock* happens: in the gap of spring, when the clock jumps."""
    gap = day == SPRING and clock.startswith("02:")
    return f"{day} {'03:00' if gap else clock}"


# -- SCH-1: both clock changes ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("day", [AUTUMN, SPRING], ids=str)
def test_sch_1_every_quarter_hour_of_a_day_that_changes_the_clock_is_one_moment_at_local_time(day, measured):
    moments = {clock: at_local(day, clock, ZONE) for clock in QUARTERS}
    assert {clock: wall(at) for clock, at in moments.items()} == {clock: expected(day, clock) for clock in QUARTERS}
    assert list(moments.values()) == sorted(moments.values())
    measured("SCH-1", day=day, quarters=len(moments), wrong=0)


def test_sch_1_the_doubled_hour_counts_the_first_time_and_the_skipped_one_when_the_clock_jumps():
    assert at_local(AUTUMN, "02:30", ZONE) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert at_local(SPRING, "02:30", ZONE) == datetime(2027, 3, 28, 1, 0, tzinfo=UTC)
    assert at_local(SPRING, "02:15", ZONE) == datetime(2027, 3, 28, 1, 0, tzinfo=UTC)
    assert at_local(SPRING, "03:00", ZONE) == datetime(2027, 3, 28, 1, 0, tzinfo=UTC)


def test_sch_1_known_bad_adding_days_of_twenty_four_hours_moves_the_clock():
    for day in (AUTUMN, SPRING):
        before = at_local(day - timedelta(days=2), "08:00", ZONE)
        assert wall(before + timedelta(days=3)) != expected(day + timedelta(days=1), "08:00")


def test_sch_1_known_bad_a_library_that_looks_at_each_hour_fires_twice():
    fired = [
        at
        for at in (datetime(2026, 10, 24, 22, tzinfo=UTC) + timedelta(minutes=minute) for minute in range(0, 1500, 15))
        if at.astimezone(ZONE).time() == time(2, 30)
    ]
    assert len(fired) == 2


@pytest.mark.parametrize("day", [AUTUMN, SPRING], ids=str)
def test_sch_1_around_the_change_each_check_in_is_asked_once_at_its_local_time(office, day, measured):
    before, after = open_before(day), ALWAYS.opens(day)

    async def scene() -> list[list[str]]:
        leaders = [await office.plan(at_local(on, clock, ZONE)) for on in (before, after) for clock in HOURS]
        # A moment in the weekend itself is put off until the next allowed one.
        weekend = [await office.plan(at_local(day, clock, ZONE)) for clock in QUARTERS]
        now = at_local(before, "00:00", ZONE)
        while now < at_local(after, "23:00", ZONE):
            await office.look(now)
            now += timedelta(minutes=5)
        return [await office.asked(leader) for leader in leaders], [await office.asked(leader) for leader in weekend]

    on_time, weekend = asyncio.run(scene())
    assert on_time == [[f"{on} {clock}"] for on in (before, after) for clock in HOURS]
    assert weekend == [[f"{after} 07:30"]] * len(QUARTERS)
    measured("SCH-1", day=day, check_ins=len(on_time) + len(weekend), doubled=0)


def open_before(day: date) -> date:
    """Return the last day before *day* that is not free."""
    while ALWAYS.frees(day):
        day -= timedelta(days=1)
    return day


# -- SCH-2: two years ------------------------------------------------------------------------------------------------


async def two_years(office: Office, leaders: int, show=lambda *_: None) -> Counter[str]:
    """Ask *leaders* every week from October 2026 to December 2028; return how often at which local time."""
    first, clocks = date(2026, 10, 5), HOURS[:: max(1, len(HOURS) // leaders)]
    who = [(await office.plan(at_local(first, clock, ZONE)), clock) for clock in (clocks * leaders)[:leaders]]
    times: Counter[str] = Counter()
    weeks = (date(2028, 12, 31) - first).days // 7
    for week in range(weeks):
        day = ALWAYS.opens(first + timedelta(days=7 * week))  # as a plan is dated: a public holiday moves it
        for leader, clock in who:
            await office.plan(at_local(day, clock, ZONE), leader)
        for clock in sorted({clock for _, clock in who}):
            for minutes in (-5, 0, 5):
                await office.look(at_local(day, clock, ZONE) + timedelta(minutes=minutes))
        for leader, clock in who:
            asked = await office.asked(leader)
            assert asked == [f"{day} {clock}"], (asked, day, clock)
            times[clock] += 1
            page = await office.keeper.read(leader)
            for letter in page.letters:
                await office.keeper.delivered(leader, letter.number)
        show(week + 1, weeks)
    return times


def test_sch_2_for_more_than_two_years_every_week_has_one_check_in_at_the_same_local_time(office, measured):
    times = asyncio.run(two_years(office, 4))
    assert set(times.values()) == {116}
    measured("SCH-2", leaders=4, weeks=116, asked=times.total(), at_another_time=0)


@pytest.mark.long
def test_sch_2_at_full_size(office, measured, progress):
    """Five hundred leaders; some two minutes and a half."""
    times = asyncio.run(two_years(office, 500, progress))
    assert times.total() == 500 * 116
    measured("SCH-2", leaders=500, weeks=116, asked=times.total(), at_another_time=0)


# -- SCH-3: down when it was due -------------------------------------------------------------------------------------

DOWNTIMES = [timedelta(minutes=minutes) for minutes in (1, 5, 59, 61, 240, 599, 600, 601, 900)]
DOWNTIMES += [timedelta(days=days, hours=hours) for days in range(1, 7) for hours in (0, 7)]


def catch_up(due: datetime, back: datetime) -> datetime:
    """Return when a check-in that was missed is asked: at once when it is allowed, else at the next allowed moment."""
    at = back.astimezone(ZONE)
    day, clock = at.date(), at.time()
    if day.weekday() >= 5 or clock >= time(18):
        day += timedelta(days=1)
        while day.weekday() >= 5:
            day += timedelta(days=1)
        return at_local(day, "07:30", ZONE)
    return back if clock >= time(7, 30) else at_local(day, "07:30", ZONE)


async def away(office: Office, due: datetime, down: timedelta) -> list[str]:
    """Be down from a minute before *due* for *down* more; then look every twenty minutes for eight days."""
    leader = await office.plan(due)
    await office.look(due - timedelta(minutes=1))
    office.restart()
    now = due + down
    while now < due + timedelta(days=10):
        await office.look(now)
        now = max(now + timedelta(minutes=20), now)
    return await office.asked(leader)


async def caught_up(office: Office, due: datetime, down: timedelta) -> str:
    """Return when a check-in was asked that was due in an outage, which must be once and when it is wanted."""
    asked = await away(office, due, down)
    wanted = catch_up(due, due + down)
    assert len(asked) == 1, (wall(due), down, asked)
    late = local(asked[0]) - wanted
    assert timedelta() <= late < timedelta(minutes=20), (wall(due), down, asked, wall(wanted))
    return asked[0]


@pytest.mark.parametrize("clock", ["07:30", "08:00", "17:45"])
def test_sch_3_down_at_the_moment_it_is_caught_up_with_once_at_an_allowed_moment(office, clock, measured):
    async def scene() -> int:
        same_day = 0
        for weekday in range(5):
            due = at_local(date(2026, 11, 30) + timedelta(days=weekday), clock, ZONE)
            for down in DOWNTIMES:
                same_day += (await caught_up(office, due, down)).startswith(wall(due)[:10])
                await office.keeper.close()
                office.__init__(office.catalogue, office.matcher)
        return same_day

    same_day = asyncio.run(scene())
    measured("SCH-3", due_at=clock, outages=5 * len(DOWNTIMES), caught_up_the_same_day=same_day, doubled=0)


class Punctual(InMemoryKeeper):
    """A store as an ordinary timer has it: a moment that passed while nobody looked is gone."""

    async def due(self, now):
        return [(leader, moment) for leader, moment in await super().due(now) if now - moment.at < timedelta(hours=1)]


class Eager(InMemoryKeeper):
    """A store that forgets what was asked, so that a moment that passed is asked again at the next start."""

    async def write(self, entry) -> None:
        page = await self.read(entry.conversation.leader)
        moments = page.conversation.moments if page else entry.conversation.moments
        await super().write(replace(entry, conversation=replace(entry.conversation, moments=moments)))


@pytest.mark.parametrize("careless", [Punctual, Eager])
def test_sch_3_known_bad_a_moment_that_is_gone_or_comes_back_is_noticed(catalogue, matcher, careless):
    office = Office(catalogue, matcher, careless())
    with pytest.raises(AssertionError):
        asyncio.run(caught_up(office, local("2026-12-01 09:00"), timedelta(hours=4)))


def test_sch_3_known_bad_catching_up_at_any_hour_is_noticed(office, monkeypatch):
    monkeypatch.setattr("dialogues.contact_times.next_allowed", lambda at, zone, free: at)
    with pytest.raises(AssertionError):
        asyncio.run(caught_up(office, local("2026-12-01 09:00"), timedelta(hours=10)))


# -- SCH-4, SCH-5 and FSM-8: once ------------------------------------------------------------------------------------


async def restarted(office: Office, restarts: int, minutes: float) -> list[str]:
    due = local("2026-12-01 09:00")
    leader = await office.plan(due)
    now = due - timedelta(minutes=minutes * restarts / 2)
    for _ in range(restarts):
        office.restart()
        await office.look(now)
        now += timedelta(minutes=minutes)
    return await office.asked(leader)


def test_sch_4_a_hundred_and_eight_restarts_in_two_and_a_half_hours_ask_once(office, measured):
    asked = asyncio.run(restarted(office, 108, 150 / 108))
    assert len(asked) == 1
    measured("SCH-4", restarts=108, duplicates=0)


def test_sch_4_known_bad_moments_kept_in_memory_are_forgotten_or_doubled(office):
    """As a job queue in the process would do: each start plans the day's moment anew."""

    async def scene() -> list[str]:
        due = local("2026-12-01 09:00")
        leader = await office.plan(due)
        moments = (await office.keeper.read(leader)).conversation.moments
        for minutes in range(0, 10, 5):
            conversation = (await office.keeper.read(leader)).conversation
            await office.keeper.write(Entry(replace(conversation, moments=moments, unasked=()), at=due))
            await office.look(due + timedelta(minutes=minutes))
        return await office.asked(leader)

    assert len(asyncio.run(scene())) == 2


class Pausing(InMemoryKeeper):
    """A store that lets others in between, as a disk does."""

    async def read(self, leader):
        page = await super().read(leader)
        await asyncio.sleep(0)
        return page


def test_sch_5_two_schedulers_in_one_process_ask_once(catalogue, matcher, measured):
    async def scene() -> int:
        office = Office(catalogue, matcher, Pausing())
        leader = await office.plan(local("2026-12-01 09:00"))
        asked = await asyncio.gather(*(office.look(local("2026-12-01 09:00")) for _ in range(5)))
        assert len(await office.asked(leader)) == 1
        return sum(asked)

    assert asyncio.run(scene()) == 1
    measured("SCH-5", schedulers=5, prompts=1)


def test_sch_5_a_second_process_cannot_open_the_same_store(tmp_path):
    async def scene() -> None:
        first = TinyDbKeeper(tmp_path / "store")
        with pytest.raises(KeeperBusy):
            TinyDbKeeper(tmp_path / "store")
        await first.close()

    asyncio.run(scene())


def test_sch_5_known_bad_two_guides_with_locks_of_their_own_ask_twice(catalogue, matcher):
    async def scene() -> int:
        office = Office(catalogue, matcher, Pausing())
        await office.plan(local("2026-12-01 09:00"))
        other = guide_on(office.keeper, catalogue, matcher)
        return sum(await asyncio.gather(*(one.come_due(local("2026-12-01 09:00")) for one in (office.guide, other))))

    assert asyncio.run(scene()) == 2


class Falling(InMemoryKeeper):
    """A store that fails at one call: before it takes effect, or after."""

    def __init__(self, pages, at: int, *, after: bool) -> None:
        super().__init__(pages)
        self.left, self.after = at, after

    async def write(self, entry) -> None:
        self.left -= 1
        if self.left == 0 and not self.after:
            raise KeeperUnavailable
        await super().write(entry)
        if self.left == 0 and self.after:
            raise KeeperUnavailable


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
def test_fsm_8_a_reminder_and_a_check_in_come_once_through_a_restart_at_any_write(catalogue, matcher, after, measured):
    async def scene(at: int) -> tuple[int, int]:
        pages: dict = {}
        office = Office(catalogue, matcher, InMemoryKeeper(pages))
        due = local("2026-12-01 09:00")
        leader = await office.plan(due)
        office.keeper = Falling(pages, at, after=after)
        now = due - timedelta(hours=1)
        for _ in range(24 * 9):
            office.restart()
            try:
                await office.look(now)
            except KeeperUnavailable:
                office.keeper = InMemoryKeeper(pages)
            now += timedelta(hours=1)
        page = await office.keeper.read(leader)
        reminders = sum("Laten rusten" in [button.label for button in _buttons(letter)] for letter in page.letters)
        return len(await office.asked(leader)), reminders

    for at in range(1, 5):
        assert asyncio.run(scene(at)) == (1, 1), at
    measured("FSM-8", falls=4, fell=("after" if after else "before") + " the write", doubled=0)


# -- one leader's trouble, and many at once --------------------------------------------------------------------------


def test_sch_4_one_page_that_cannot_be_written_silences_nobody_else(office):
    async def scene() -> list[list[str]]:
        due = local("2026-12-01 09:00")
        leaders = [await office.plan(due) for _ in range(5)]
        writing = office.keeper.write

        async def write(entry):
            if entry.conversation.leader == leaders[1]:
                raise KeeperUnavailable
            await writing(entry)

        office.keeper.write = write
        with pytest.raises(KeeperUnavailable):
            await office.look(due)
        office.keeper.write = writing
        await office.look(due + timedelta(minutes=1))
        return [await office.asked(leader) for leader in leaders]

    asked = asyncio.run(scene())
    assert asked == [["2026-12-01 09:01" if number == 1 else "2026-12-01 09:00"] for number in range(5)]


def test_ops_4_a_look_takes_so_many_at_once_and_the_next_look_takes_the_others(office, monkeypatch):
    monkeypatch.setattr("dialogues.guide.DUE_AT_ONCE", 3)
    assert DUE_AT_ONCE == 500

    async def scene() -> list[int]:
        due = local("2026-12-01 09:00")
        for _ in range(8):
            await office.plan(due)
        return [await office.look(due + timedelta(minutes=minute)) for minute in range(4)]

    assert asyncio.run(scene()) == [3, 3, 2, 0]


@settings(max_examples=50, deadline=None)
@given(day=st.dates(date(2026, 1, 1), date(2030, 12, 31)), quarter=st.sampled_from(QUARTERS))
def test_sch_1_at_any_day_a_wall_time_is_that_wall_time_or_the_end_of_a_gap(day, quarter):
    at = at_local(day, quarter, ZONE)
    shown = at.astimezone(ZONE)
    assert shown.date() == day
    assert shown.strftime("%H:%M") == quarter or (quarter.startswith("02:") and shown.strftime("%H:%M") == "03:00")
