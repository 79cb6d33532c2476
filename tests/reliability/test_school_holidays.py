"""
SCH-6: no unasked message in a school holiday, on a public holiday, at night or in a weekend, for any region.

Two school years pass in virtual time, with the real guide and the real words. What is free is read here from the table
itself and from printed calendars, not by the code that is tested.
"""

from __future__ import annotations

import asyncio
import re
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest

from content.catalogue import FOLDER
from content.matching import StemMatcher
from dialogues.contact_times import next_allowed
from dialogues.conversation import LeaderId, Moment
from dialogues.free_days import REGIONS, FreeDays
from dialogues.plans import at_local, workday
from dialogues.ports import Entry
from tests.dialogues.test_free_days import BY_LAW
from tests.reliability.guides import ZONE, guide_on
from tests.reliability.test_schedule import QUARTERS, Office, local

FIRST, LAST = date(2026, 9, 7), date(2028, 9, 3)
"""Two school years and the summer between them, with four changes of the clock."""
DAYS = [FIRST + timedelta(days=passed) for passed in range((LAST - FIRST).days + 1)]
LOOKS = ("00:10", "07:29", "07:30", "08:00", "12:00", "17:59", "18:00", "23:50")
CHANGES = [date(2026, 10, 25), date(2027, 3, 28), date(2027, 10, 31), date(2028, 3, 26)]


def table() -> dict[str, set[date]]:
    """Return the days of the school holidays per region, read line by line."""
    free: dict[str, set[date]] = {region: set() for region in REGIONS}
    for line in (FOLDER / "shape" / "school_year.yaml").read_text(encoding="utf-8").splitlines():
        found = re.fullmatch(r" +(\w+): (\d{4}-\d\d-\d\d) t/m (\d{4}-\d\d-\d\d)", line)
        if found and found[1] != "asked":  # those free nobody
            begin, end = date.fromisoformat(found[2]), date.fromisoformat(found[3])
            period = {begin + timedelta(days=passed) for passed in range((end - begin).days + 1)}
            for region in REGIONS if found[1] == "everywhere" else [found[1]]:
                free[region] |= period
    return free


HOLIDAYS = table()
PUBLIC = {date.fromisoformat(day) for day in BY_LAW.split()}


def inside(at: datetime, region: str) -> bool:
    """Return whether *at* is a moment at which the guide keeps silent to a leader in *region*."""
    here = at.astimezone(ZONE)
    free = here.weekday() >= 5 or here.date() in PUBLIC or here.date() in HOLIDAYS.get(region, set())
    return free or not time(7, 30) <= here.time() < time(18)


@pytest.fixture
def office(catalogue, matcher: StemMatcher) -> Office:
    return Office(catalogue, matcher)


async def settle(office: Office, leader: LeaderId, **changes: object) -> None:
    """Change what is kept of *leader*."""
    page = await office.keeper.read(leader)
    await office.keeper.write(Entry(replace(page.conversation, **changes)))


async def through(
    office: Office, days: list[date], regions: tuple[str, ...], clock_of_all: str = ""
) -> list[tuple[str, datetime, datetime]]:
    """
    Have in each of *regions* one leader a day with a check-in due on that day, at another quarter of an hour each day.

    Args:
        clock_of_all: the local time at which all of them are due instead.

    Return for each message the region, when the check-in was due, and when it was written.
    """
    written, waiting = [], {}
    for count, day in enumerate([*days, *(days[-1] + timedelta(days=more) for more in range(1, 60))]):
        for region in regions if count < len(days) else ():
            due = at_local(day, clock_of_all or QUARTERS[count % len(QUARTERS)], ZONE)
            leader = await office.plan(due)
            await settle(office, leader, region=region)
            waiting[leader] = region, due
        for clock in LOOKS:
            if await office.look(at_local(day, clock, ZONE)) == 0:
                continue
            for leader in list(await office.keeper.waiting()):
                page = await office.keeper.read(leader)
                region, due = waiting.pop(leader)
                written += [(region, due, letter.written) for letter in page.letters]
                await office.keeper.erase(leader)
    assert not waiting
    return written


@pytest.mark.parametrize("region", [*REGIONS, "none"])
def test_sch_6_every_quarter_hour_of_two_school_years_leads_to_an_allowed_moment(catalogue, region, measured):
    free = catalogue.repertoire.school_year.of(region)
    moments = [at_local(day, clock, ZONE) for day in DAYS for clock in QUARTERS]
    found = [next_allowed(at, ZONE, free) for at in moments]
    assert not [at for at in found if inside(at, region)]
    # Nothing waits longer than it must: what is allowed already stays, the rest becomes 7.30 of the next open day.
    assert [at for at, allowed in zip(moments, found, strict=True) if at == allowed] == [
        at for at in moments if not inside(at, region)
    ]
    assert {allowed.astimezone(ZONE).time() for at, allowed in zip(moments, found, strict=True) if at != allowed} == {
        time(7, 30)
    }
    measured("SCH-6", region=region, quarters=len(moments), inside=0)


@pytest.mark.parametrize("days", [DAYS[:250], pytest.param(DAYS, marks=pytest.mark.long)], ids=["some", "all"])
def test_sch_6_a_leader_a_day_for_two_school_years_is_written_to_in_no_holiday_of_her_region(office, days, measured):
    written = asyncio.run(through(office, days, REGIONS))
    assert len(written) == 3 * len(days)
    assert not [at for region, _, at in written if inside(at, region)]
    assert all(at >= due for _, due, at in written)
    measured("SCH-6", regions=3, days=len(days), messages=len(written), inside=0)


@pytest.mark.parametrize("change", CHANGES, ids=str)
def test_sch_6_around_a_change_of_the_clock_eight_o_clock_is_eight_o_clock_on_every_open_day(office, change):
    days = [change + timedelta(days=passed) for passed in range(-12, 13)]
    written = asyncio.run(through(office, days, REGIONS, "08:00"))
    opened = [(due, at) for region, due, at in written if not inside(due, region)]
    assert len(opened) > len(days)
    assert all(at == due for due, at in opened)
    assert {at.astimezone(ZONE).time() for region, due, at in written if inside(due, region)} == {time(7, 30)}


def test_sch_6_known_bad_weekends_alone_write_in_holidays(office, monkeypatch, measured):
    monkeypatch.setattr(FreeDays, "opens", lambda _free, day: workday(day))
    written = asyncio.run(through(office, DAYS[90:130], REGIONS))
    wrong = [at for region, _, at in written if inside(at, region)]
    assert wrong
    measured("SCH-6", variant="weekends only", inside=len(wrong))


def test_sch_6_after_a_holiday_one_message_comes_and_no_heap(office):
    """Three check-ins and a reminder came due in the Christmas holiday."""

    async def scene() -> list[datetime]:
        leader = await office.plan(local("2026-12-22 09:00"))
        page = await office.keeper.read(leader)
        plan, frame = page.conversation.plans[0], page.conversation.frame
        plans = tuple(replace(plan, id=f"p{number}") for number in range(90, 93))
        moments = tuple(
            Moment("checkin", local(f"2026-12-{22 + number} 09:00"), f"p{90 + number}") for number in range(3)
        )
        reminder = Moment("reminder", local("2026-12-23 10:00"), frame.nonce)
        await settle(office, leader, region="north", plans=plans, moments=(*moments, reminder))
        now, sent = local("2026-12-19 00:00"), {}
        while now < local("2027-01-20 00:00"):
            await office.look(now)
            page = await office.keeper.read(leader)
            sent |= {letter.number: letter.written for letter in page.letters}
            now += timedelta(minutes=30)
        return sorted(set(sent.values()))

    written = asyncio.run(scene())
    assert written[0] == local("2027-01-04 07:30")
    days = [at.astimezone(ZONE).date() for at in written]
    assert len(days) == len(set(days))
    assert len([day for day in days if day < date(2027, 1, 11)]) == 2


def test_sch_6_a_notice_of_erasure_waits_for_school_too(office):
    async def scene() -> list[datetime]:
        leader = await office.plan(local("2027-07-01 09:00"))
        await settle(office, leader, region="north", moments=(), heard=datetime(2025, 8, 15, 10, tzinfo=UTC))
        office.guide = guide_on(office.keeper, office.catalogue, office.matcher, months=24)
        now = local("2027-07-08 18:30")
        while now < local("2027-09-01 00:00"):
            await office.look(now)
            now += timedelta(hours=1)
        page = await office.keeper.read(leader)
        return [letter.written for letter in page.letters]

    (at,) = asyncio.run(scene())
    assert local("2027-08-23 07:30") <= at < local("2027-08-23 08:31")


def test_sch_6_a_leader_who_changes_region_keeps_the_holidays_of_the_new_one(office):
    """Her check-in is due on a Monday that is open in the south and falls in the spring holiday of the north."""

    async def scene() -> tuple[list[datetime], str]:
        leader = await office.plan(local("2027-02-22 09:00"))
        await settle(office, leader, region="south")
        command = office.guide.read("/regio", "m1")
        reply = await office.guide.hear(leader, "here", command, local("2027-02-18 10:00"))
        north = next(b for letter in reply.letters for row in letter.message.rows for b in row if b.label == "Noord")
        tap = office.guide.tap(north.data, "9")
        reply = await office.guide.hear(leader, "here", tap, local("2027-02-18 10:01"))
        said = "\n".join(letter.message.text for letter in reply.letters)
        known = {letter.number for letter in (await office.keeper.read(leader)).letters}
        now = local("2027-02-18 11:30")
        while now < local("2027-03-10 00:00"):
            await office.look(now)
            now += timedelta(minutes=30)
        page = await office.keeper.read(leader)
        return sorted({letter.written for letter in page.letters if letter.number not in known}), said

    written, said = asyncio.run(scene())
    assert "maandag 1 maart" in said
    assert written[0].astimezone(ZONE).date() == date(2027, 3, 1)
    assert not [at for at in written if inside(at, "north")]


def test_sch_6_when_the_table_has_run_out_weekends_and_public_holidays_still_count(office, catalogue, measured):
    until = catalogue.repertoire.school_year.until
    assert until == date(2029, 8, 19)
    days = [date(2029, 10, 1) + timedelta(days=passed) for passed in range(100)]
    written = asyncio.run(through(office, days, ("north",)))
    assert len(written) == len(days)
    assert not [at for _, _, at in written if inside(at, "north")]
    # The autumn holiday of that year is not known, so that is a week like any other.
    assert [at for _, _, at in written if at.astimezone(ZONE).date() == date(2029, 10, 17)]
    measured("SCH-6", variant="the table has run out", messages=len(written), in_weekends_or_on_public_holidays=0)
