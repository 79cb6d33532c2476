"""The day the guide asks, in a leader's own school year: what moves, what is said of it, and how she sets her region."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import pytest

from dialogues.conversation import Phase, Phrase, Say, Value
from dialogues.plans import at_local
from tests.dialogues.held import ZONE, Held

CHRISTMAS, FIRST_DAY = date(2026, 12, 22), date(2027, 1, 4)


def said(held: Held, key: str) -> Say:
    """Return the message *key* of the last turn."""
    return next(say for say in held.turn.say if say.key == key)


def kept(held: Held) -> Mapping[str, Value]:
    """Return what was said of the plan when it was kept."""
    return said(held, "plan.kept").values


def in_december(held: Held, region: str = "") -> Held:
    """Meet on the fifteenth of December, so that a week on it is a holiday, and set *region* when given."""
    held.wait(days=14)
    held.met()
    if region:
        held.command("region")
        held.tap(region)
    return held


def to_the_day(held: Held) -> Held:
    """Make a first plan, as far as the question on which day to ask."""
    held.placed(Phase.NOT_DARING).to_cards()
    held.tap(held.offered[0])
    held.say("dinsdag na school", "vraag ik eerst drie dingen", "dat ze gaan praten")
    held.tap("8")
    while held.at != "plan.ask_on":
        held.tap("7") if held.at == "plan.confidence" else held.skip()
    return held


def moment_of(held: Held) -> date:
    """Return the local day of the one check-in to come."""
    (moment,) = held.checkins
    return moment.at.astimezone(ZONE).date()


# -- the day of a plan -----------------------------------------------------------------------------------------------


def test_the_guide_proposes_the_first_day_of_school_and_names_the_day_that_is_closed(held: Held) -> None:
    to_the_day(in_december(held, "north"))
    assert held.question.values["closed"] == CHRISTMAS
    assert held.question.values["day"] == at_local(FIRST_DAY, "08:00", ZONE)
    held.tap("fine")
    assert (kept(held)["day"], kept(held)["closed"]) == (FIRST_DAY, "")
    assert (held.plan.ask_on, moment_of(held)) == (FIRST_DAY, FIRST_DAY)


def test_a_day_of_her_own_in_the_holiday_moves_and_is_named(held: Held) -> None:
    to_the_day(in_december(held, "south"))
    held.tap("other_day", "in_14")
    assert (kept(held)["day"], kept(held)["closed"]) == (FIRST_DAY, date(2026, 12, 29))
    assert (held.plan.ask_on, moment_of(held)) == (FIRST_DAY, FIRST_DAY)


def test_a_typed_day_and_time_move_together(held: Held) -> None:
    to_the_day(in_december(held, "middle"))
    held.tap("other_day")
    held.say("8 dagen 16.00")
    assert held.checkins[0].at == at_local(FIRST_DAY, "16:00", ZONE)


@pytest.mark.parametrize("days", ["4", "5"])
def test_a_weekend_before_a_holiday_names_the_monday_that_is_closed(held: Held, days: str) -> None:
    to_the_day(in_december(held, "north"))
    held.tap("other_day")
    held.say(days)
    assert (kept(held)["day"], kept(held)["closed"]) == (FIRST_DAY, date(2026, 12, 21))


@pytest.mark.parametrize("days", ["18", "19"])
def test_a_weekend_at_the_end_of_a_holiday_is_a_weekend_like_any_other(held: Held, days: str) -> None:
    to_the_day(in_december(held, "north"))
    held.tap("other_day")
    held.say(days)
    assert (kept(held)["day"], kept(held)["closed"]) == (FIRST_DAY, "")


def test_a_public_holiday_moves_a_day_for_who_has_no_region(held: Held) -> None:
    held.wait(days=17)  # a Friday, a week before the first day of Christmas
    to_the_day(held)
    assert held.question.values["closed"] == date(2026, 12, 25)
    held.tap("fine")
    assert held.plan.ask_on == date(2026, 12, 28)


def test_putting_a_check_in_off_into_a_holiday_moves_it_too(held: Held) -> None:
    held.met()
    held.command("region")
    held.tap("north")
    held.planned()
    held.wait(days=5)
    held.command("later")
    held.tap("by_7")
    held.command("later")
    held.tap("by_7")
    assert said(held, "checkin.asked_later").values == {"day": FIRST_DAY, "closed": CHRISTMAS}
    assert (held.plan.ask_on, moment_of(held)) == (FIRST_DAY, FIRST_DAY)


def test_a_reminder_waits_for_school_too(held: Held) -> None:
    held.wait(days=16)  # a Thursday, two days before the holiday
    held.met()
    held.command("region")
    held.tap("north")
    held.named()
    (reminder,) = (moment for moment in held.conversation.moments if moment.kind == "reminder")
    assert reminder.at == at_local(FIRST_DAY, "07:30", ZONE)


# -- saying once that a region can be set ----------------------------------------------------------------------------


def test_the_first_plan_that_would_be_asked_about_in_a_holiday_offers_the_region_once(held: Held) -> None:
    to_the_day(in_december(held))
    assert held.conversation.region == ""
    held.tap("fine")
    assert held.plan.ask_on == CHRISTMAS
    assert held.keys.count("region.offer") == 1
    assert held.conversation.region == "none"
    held.command("later")
    held.tap("by_1")
    assert held.plan.ask_on == date(2026, 12, 23)
    assert "region.offer" not in held.keys


def test_it_is_not_offered_when_the_day_is_in_no_holiday(held: Held) -> None:
    to_the_day(held).tap("fine")
    assert held.plan.ask_on == date(2026, 12, 8)
    assert "region.offer" not in held.keys
    assert held.conversation.region == ""


@pytest.mark.parametrize("region", ["north", "none"])
def test_it_is_not_offered_to_who_chose_already(held: Held, region: str) -> None:
    to_the_day(in_december(held, region)).tap("fine")
    assert "region.offer" not in held.keys


def test_a_holiday_of_another_region_is_reason_enough_to_offer(held: Held) -> None:
    held.wait(days=69)  # 8 February; a week on it is a holiday in the south alone
    to_the_day(held).tap("fine")
    assert held.plan.ask_on == date(2027, 2, 15)
    assert "region.offer" in held.keys


# -- setting the region ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("region", ["north", "middle", "south"])
def test_check_ins_that_fall_in_the_holidays_of_a_new_region_move_and_are_named(held: Held, region: str) -> None:
    to_the_day(in_december(held)).tap("fine")
    act = held.plan.act
    held.command("region")
    held.tap(region)
    changed = said(held, "region.changed").values
    assert changed == {
        "name": Phrase(f"region.choose.choices.{region}"),
        "moved": ({"act": act, "day": FIRST_DAY},),
    }
    assert (held.conversation.region, held.plan.ask_on, moment_of(held)) == (region, FIRST_DAY, FIRST_DAY)


def test_a_check_in_on_an_open_day_stays_where_it_is(held: Held) -> None:
    held.planned()
    before = held.checkins
    held.command("region")
    held.tap("north")
    assert said(held, "region.changed").values["moved"] == ()
    assert held.checkins == before


def test_choosing_none_keeps_only_weekends_and_public_holidays_free(held: Held) -> None:
    to_the_day(in_december(held, "north"))
    held.command("region")
    held.tap("none")
    assert said(held, "region.changed").values == {"name": "", "moved": ()}
    assert held.at == "plan.ask_on"
    held.tap("fine")
    assert held.plan.ask_on == CHRISTMAS


def test_the_open_question_waits_while_she_sets_her_region_and_returns(held: Held) -> None:
    held.named()
    asked = held.question
    held.command("region")
    held.tap("middle")
    assert (held.at, held.question.key) == ("diagnosis.willing", asked.key)


def test_the_region_now_is_named_when_it_is_one(held: Held) -> None:
    in_december(held, "south").command("region")
    assert held.question.values["now"] == Phrase("region.choose.choices.south")
    held.tap("none")
    held.command("region")
    assert held.question.values["now"] == ""


def test_putting_the_choice_off_leaves_nothing_open(held: Held) -> None:
    in_december(held).command("region")
    held.tap("later")
    assert (held.at, held.conversation.waiting, held.conversation.region) == ("home.menu", (), "")


def test_a_region_needs_consent_first(held: Held) -> None:
    held.tap("nl")
    held.command("region")
    assert "errors.consent_first" in held.keys
    assert held.conversation.region == ""


def test_a_region_that_is_not_known_any_more_counts_as_none(held: Held) -> None:
    in_december(held)
    held.conversation = replace(held.conversation, region="east")
    to_the_day(held).tap("fine")
    assert held.plan.ask_on == CHRISTMAS
