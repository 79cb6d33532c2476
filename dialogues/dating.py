"""
On which day the guide asks what happened: a school day of the leader's region, and what is said when that is another
day than the one she named.

A weekend moves a day without a word, as the day is always named. Which days are free is known in `free_days.py`.
"""

from __future__ import annotations

from datetime import date

from dialogues import plans
from dialogues.changing import replace
from dialogues.conversation import Moment, Value
from dialogues.desk import Desk
from dialogues.free_days import NOWHERE, FreeDays


def free_days(desk: Desk) -> FreeDays:
    """Return the free days of the leader's region; without one, weekends and public holidays."""
    return desk.repertoire.school_year.of(desk.conversation.region)


def school_day(desk: Desk, wanted: date) -> date:
    """Return *wanted*, or the first school day after it."""
    return free_days(desk).opens(wanted)


def closed(desk: Desk, wanted: date) -> date | None:
    """Return the working day that *wanted* stands for when school is closed on it, or None when it is open."""
    day = plans.workday(wanted)
    return day if free_days(desk).frees(day) else None


def offer_region(desk: Desk, day: date) -> None:
    """Tell once that she can set her region, when *day* falls in a school holiday of any region and hers is not set."""
    if not desk.conversation.region and desk.repertoire.school_year.is_holiday(day):
        desk.conversation = replace(desk.conversation, region=NOWHERE)
        desk.say("region.offer")


def redate(desk: Desk) -> tuple[Value, ...]:
    """Move check-ins that fall on free days to the first school day after; return what is asked when, soonest first."""
    free = free_days(desk)
    coming = sorted((m for m in desk.conversation.moments if m.kind == "checkin"), key=lambda moment: moment.at)
    kept = {plan.id: plan for plan in desk.conversation.plans}
    moved: list[Value] = []
    for moment in coming:
        agreed = moment.at.astimezone(desk.zone).date()
        plan, day = kept.get(moment.about), free.opens(agreed)
        if plan is None or day == agreed:
            continue
        desk.put_moment(Moment("checkin", plans.at_local(day, desk.conversation.ask_at, desk.zone), plan.id))
        desk.put_plan(replace(plan, ask_on=day))
        moved.append({"act": plan.act, "day": day})
    return tuple(moved)
