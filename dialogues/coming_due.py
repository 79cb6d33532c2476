"""
What comes due: the check-in about a plan, one reminder of an open question, a note of a coach, and a long silence.

A check-in that waits is asked as soon as the leader is there herself; otherwise the guide writes unasked, and then the
hour, a free day, the week and a running conversation can make it wait (`contact_times.py`).
"""

from __future__ import annotations

from datetime import datetime, timedelta

from dialogues import contact_times, dating, retention, walking, with_coach
from dialogues.changing import replace
from dialogues.conversation import Moment, Plan, Say, Status, Turn
from dialogues.desk import Desk

BUSY = timedelta(hours=1)  # a check-in does not break into a conversation that is going on


def begin_overdue(desk: Desk) -> bool:
    """Ask about the plan whose day has come, if one has. The leader is here, so this counts as no unasked message."""
    due = sorted((m for m in desk.conversation.moments if m.kind == "checkin" and m.at <= desk.now), key=_when)
    plans = {plan.id: plan for plan in desk.conversation.plans if plan.result is None}
    moment = next((m for m in due if m.about in plans and _is_open(desk, plans[m.about])), None)
    if moment is None or desk.conversation.consent is None or desk.frame.route == "checkin":
        return False
    desk.drop_moments("checkin", moment.about)
    _ask_about(desk, plans[moment.about])
    return True


def asks(desk: Desk, moment: Moment) -> bool:
    """
    Ask what happened, or remind once, and return whether something is asked now.

    It is not when the moment is of no use any more, and later when the hour, the day, the week or a conversation forbids.
    """
    conversation = desk.conversation
    if moment not in conversation.moments:
        return False
    desk.conversation = replace(conversation, moments=tuple(m for m in conversation.moments if m != moment))
    stale = moment.kind == "reminder" and moment.about != desk.frame.nonce
    plan = next((plan for plan in conversation.plans if plan.id == moment.about), None)
    gone = moment.kind == "checkin" and (plan is None or plan.result is not None)
    if stale or gone or conversation.consent is None:
        return False
    later = _not_now(desk)
    if later:
        desk.put_moment(replace(moment, at=later))
        return False
    if moment.kind == with_coach.NOTE:
        return _tell(desk)
    if plan and not _is_open(desk, plan):
        return False
    _count_unasked(desk)
    if moment.kind == "checkin" and plan:
        _ask_about(desk, plan)
    else:
        _remind(desk)
    return True


def silence(desk: Desk, months: int) -> Turn:
    """Tell, at an hour that is allowed, that everything will be erased; or erase it, when she was told in time."""
    desk.conversation = retention.settled(desk.conversation, months)
    verdict = retention.judge(desk.conversation, desk.now, months)
    if verdict == retention.Verdict.ERASE:
        return Turn(desk.conversation, erase=True)
    if verdict == retention.Verdict.KEEP or _not_now(desk):
        return Turn(desk.conversation)
    _count_unasked(desk)
    desk.conversation = retention.told(desk.conversation, desk.now, months)
    day = desk.conversation.moments[-1].at.astimezone(desk.zone).date()
    return Turn(desk.conversation, (Say("retention.notice", {"day": day}),))


def _is_open(desk: Desk, plan: Plan) -> bool:
    journey = desk.find_journey(plan.journey)
    return journey is None or journey.status == Status.OPEN


def _ask_about(desk: Desk, plan: Plan) -> None:
    desk.sets = {"plan": plan.id, "journey": plan.journey}
    walking.interrupt(desk, "checkin")


def _remind(desk: Desk) -> None:
    """Ask whether to go on; a journey whose check-in stays unanswered rests, until she answers."""
    if desk.frame.route == "checkin" and desk.journey:
        desk.put_journey(replace(desk.journey, status=Status.RESTING))
    walking.interrupt(desk, "reminder")


def _tell(desk: Desk) -> bool:
    told = with_coach.tell_of_note(desk)
    if told:
        _count_unasked(desk)
    return told


def _count_unasked(desk: Desk) -> None:
    unasked = tuple(at for at in desk.conversation.unasked if at > desk.now - contact_times.WEEK)
    desk.conversation = replace(desk.conversation, unasked=(*unasked, desk.now))


def _not_now(desk: Desk) -> datetime | None:
    free = dating.free_days(desk)
    allowed = contact_times.unasked_from(desk.conversation.unasked, desk.now, desk.zone, free)
    heard = desk.conversation.heard
    if heard and desk.now - heard < BUSY and desk.frame.route != "home":
        allowed = max(allowed, contact_times.next_allowed(heard + BUSY, desk.zone, free))
    return allowed if allowed > desk.now else None


def _when(moment: Moment) -> datetime:
    return moment.at
