"""Reading and dating plans: days, clocks, and what a leader types along."""

from __future__ import annotations

from datetime import UTC, date, time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialogues import plans
from dialogues.conversation import Phase
from tests.dialogues.held import Held

ZONE = ZoneInfo("Europe/Amsterdam")


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("5", 5),
        ("5 dagen", 5),
        ("over 5 dagen, 16.00", 5),
        ("16:00 over 5 dagen", 5),
        ("in 10 days at 8:30", 10),
        ("2", 2),
        ("21", 21),
        ("1", None),
        ("22", None),
        ("0", None),
        ("100 dagen", None),
        ("16.00", None),
        ("volgende week", None),
        ("", None),
        ("9" * 5000, None),
    ],
)
def test_a_number_of_days_is_read_and_a_clock_is_no_number_of_days(text: str, days: int | None) -> None:
    assert plans.read_days(text, plans.LONGEST) == days


def test_upkeep_takes_up_to_six_weeks() -> None:
    assert plans.read_days("42", plans.LONGEST_UPKEEP) == 42
    assert plans.read_days("43", plans.LONGEST_UPKEEP) is None


@pytest.mark.parametrize(
    ("text", "clock"),
    [
        ("8:30", time(8, 30)),
        ("5 dagen 16.00", time(16)),
        ("om 08:05 uur", time(8, 5)),
        ("23.59", time(23, 59)),
        ("24:00", None),
        ("8:60", None),
        ("8", None),
        ("", None),
    ],
)
def test_a_clock_is_read(text: str, clock: time | None) -> None:
    assert plans.read_clock(text) == clock


@given(st.text(max_size=200))
def test_any_text_is_read_without_trouble(text: str) -> None:
    days = plans.read_days(text, plans.LONGEST)
    assert days is None or plans.SHORTEST <= days <= plans.LONGEST
    plans.read_clock(text)
    assert plans.without_if(text) in text
    assert plans.without_then(text) in text


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("Als het dinsdag is.", "het dinsdag is"),
        ("als  K. binnenkomt", "K. binnenkomt"),
        ("If it is Tuesday", "it is Tuesday"),
        ("When we sit down", "we sit down"),
        ("Dan vraag ik", "Dan vraag ik"),
        ("alsof", "alsof"),
    ],
)
def test_a_moment_loses_its_if_and_nothing_else(text: str, moment: str) -> None:
    assert plans.without_if(text) == moment


@pytest.mark.parametrize(
    ("text", "act"),
    [
        ("Dan vraag ik door.", "vraag ik door"),
        ("then I ask", "I ask"),
        ("Als eerste vraag ik", "Als eerste vraag ik"),
        ("danken", "danken"),
    ],
)
def test_an_act_loses_its_then_and_nothing_else(text: str, act: str) -> None:
    assert plans.without_then(text) == act


@pytest.mark.parametrize(
    ("day", "asked"),
    [
        (date(2026, 12, 4), date(2026, 12, 4)),
        (date(2026, 12, 5), date(2026, 12, 7)),
        (date(2026, 12, 6), date(2026, 12, 7)),
    ],
)
def test_a_day_in_the_weekend_becomes_monday(day: date, asked: date) -> None:
    assert plans.workday(day) == asked


def test_the_guide_asks_after_a_week_and_in_upkeep_after_four() -> None:
    tuesday = date(2026, 12, 1)
    assert plans.default_day(tuesday, upkeep=False) == date(2026, 12, 8)
    assert plans.default_day(tuesday, upkeep=True) == date(2026, 12, 29)


@pytest.mark.parametrize(
    ("day", "utc"),
    [
        (date(2026, 10, 23), "06:00"),  # the Friday before winter time
        (date(2026, 10, 26), "07:00"),
        (date(2027, 3, 26), "07:00"),  # the Friday before summer time
        (date(2027, 3, 29), "06:00"),
    ],
)
def test_eight_o_clock_stays_eight_o_clock_when_the_clock_changes(day: date, utc: str) -> None:
    moment = plans.at_local(day, "08:00", ZONE)
    assert moment.tzinfo is UTC
    assert moment.strftime("%H:%M") == utc


# -- in a conversation -------------------------------------------------------------------------------------------


def to_other_day(held: Held, phase: Phase = Phase.NOT_DARING) -> Held:
    """Make a plan, as far as the question on which other day to ask."""
    held.placed(phase).to_cards()
    held.tap(next(id_ for id_ in held.offered if not held.repertoire.card(id_).choices))
    held.say("dinsdag na school", "vraag ik eerst drie dingen", "dat ze gaan praten")
    held.tap("8")
    while held.at != "plan.ask_on":
        if held.at == "plan.confidence":
            held.tap("7")
        else:
            held.skip()
    held.tap("other_day")
    return held


def when(held: Held) -> str:
    """Return the local time at which the guide will ask."""
    return held.checkins[0].at.astimezone(ZONE).strftime("%Y-%m-%d %H:%M")


def test_a_plan_holds_the_words_of_the_leader_and_a_day(held: Held) -> None:
    held.planned()
    plan = held.plan
    assert (plan.moment, plan.act, plan.sign) == (
        "dinsdag na school",
        "vraag ik eerst drie dingen",
        "dat ze gaan praten",
    )
    assert (plan.commitment, plan.confidence, plan.ask_on) == (8, 7, date(2026, 12, 8))
    assert when(held) == "2026-12-08 08:00"
    assert {"dinsdag na school", "vraag ik eerst drie dingen", "dat ze gaan praten"} <= set(held.texts)


@pytest.mark.parametrize(
    ("typed", "asked"),
    [("5", "2026-12-07 08:00"), ("9 dagen", "2026-12-10 08:00"), ("3 dagen 16.00", "2026-12-04 16:00")],
)
def test_another_day_can_be_typed_with_a_time(typed: str, asked: str, held: Held) -> None:
    to_other_day(held).say(typed)
    assert when(held) == asked


@pytest.mark.parametrize("typed", ["1", "22", "straks", "5 dagen 22.00", "3 dagen 6:15"])
def test_a_day_or_a_time_the_guide_cannot_keep_is_asked_again(typed: str, held: Held) -> None:
    to_other_day(held).say(typed)
    assert held.at == "plan.other_day"
    assert held.checkins == []
    assert held.conversation.ask_at == "08:00"


def test_a_light_plan_is_made_in_the_first_phases_and_asks_no_confidence(held: Held) -> None:
    held.planned(Phase.NOT_YET_WANTING)
    assert (held.plan.kind, held.plan.confidence, held.plan.moment) == ("look", None, "")


@pytest.mark.parametrize(
    ("phase", "asked"), [(Phase.NOT_KNOWING_HOW, False), (Phase.NOT_DARING, True), (Phase.ACTING, True)]
)
def test_confidence_is_asked_in_phases_four_to_six(phase: Phase, asked: bool, held: Held) -> None:  # noqa: FBT001 - a table
    held.planned(phase)
    assert (held.plan.confidence is not None) is asked


@pytest.mark.parametrize(("number", "at"), [("5", "plan.low"), ("0", "plan.low"), ("6", "plan.confidence_why")])
def test_below_six_the_plan_is_made_smaller_before_anybody_has_to_be_braver(number: str, at: str, held: Held) -> None:
    held.placed(Phase.NOT_DARING).to_cards()
    held.tap(held.offered[0])
    held.say("dinsdag", "vraag ik drie dingen", "dat ze praten")
    held.tap("8", number)
    assert held.at == at


def test_a_smaller_plan_is_the_same_plan_with_other_words(held: Held) -> None:
    held.placed(Phase.NOT_DARING).to_cards()
    held.tap(held.offered[0])
    held.say("dinsdag", "vraag ik drie dingen", "dat ze praten")
    held.tap("8", "3", "smaller")
    held.say("Dan vraag ik één ding.")
    assert held.at == "plan.commitment"
    assert [plan.act for plan in held.conversation.plans] == ["vraag ik één ding"]


def test_adapting_a_plan_makes_no_second_one(held: Held) -> None:
    held.placed(Phase.NOT_DARING).to_cards()
    held.tap(held.offered[0])
    held.say("dinsdag", "vraag ik drie dingen", "dat ze praten")
    held.tap("change")
    held.say("woensdag", "vraag ik twee dingen", "dat ze lachen")
    assert [(plan.moment, plan.act) for plan in held.conversation.plans] == [("woensdag", "vraag ik twee dingen")]
    assert "dinsdag" not in held.texts
