"""
Check-in: what happened, what was important in it, and only then the move: forward, stay, back, rest or stop.

What happened and what it meant follows ALACT (Korthagen): meaning before the next step. Relapse is part of learning and is
never counted as failure; repeated attempts are the rule. The leader decides on every move.
"""

from __future__ import annotations

from datetime import date, timedelta

from dialogues import dating, plans
from dialogues.changing import replace
from dialogues.conversation import Choice, Kind, Mark, Moment, Phase, Phrase, Result, Say, Status, Value
from dialogues.desk import Desk
from dialogues.routes.asking import choose, keep_answer, write
from dialogues.routes.plan import is_light, plan_words
from dialogues.table import Reply, Route, table

ARROWS = table("""
    # from      move        to
    result      done        happened
    result      partly      happened
    result      not         happened
    result      ask_later   later
    later       day         return
    happened    said        meaning
    meaning     sign        sign
    meaning     stay        stay
    meaning     missing     missing
    meaning     probe       probe
    sign        forward     contact.question
    sign        steady      steady              # three steady check-ins in upkeep
    sign        alive       stay
    sign        not_yet     stay
    sign        old         missing             # old behaviour is back
    stay        smaller     plan.smaller
    stay        card        contact.offer
    stay        same        plan.ask_on
    stay        rest        return
    missing     back        contact.question
    missing     tough       tough               # back for the second time
    tough       wicked      wicked.problem
    tough       on          contact.question
    steady      close       journeys.remember
    steady      journey     journey.whose
    steady      alive       contact.offer
    probe       again       wicked.probe
    probe       journey     journey.whose
    probe       done        return
""")

MISSING = {
    "desire": Phase.NOT_YET_WANTING,
    "know_how": Phase.NOT_KNOWING_HOW,
    "nerve": Phase.NOT_DARING,
    "plan": Phase.PREPARING,
    "time": Phase.ACTING,
}
STEADY_ENOUGH = 3
BACK_ENOUGH = 2
LATER_DAYS = {"by_1": 1, "by_3": 3, "by_7": 7}


def _words(desk: Desk) -> dict[str, Value]:
    plan = desk.plan
    return {**plan_words(plan), "made": plan.made} if plan else {}


def _result(desk: Desk, reply: Reply) -> str:
    journey = desk.journey
    if journey and journey.status == Status.RESTING:
        desk.put_journey(replace(journey, status=Status.OPEN))
    plan, later = desk.plan, reply.choice == "ask_later"
    _note_how_it_stands(desk)
    if not later:
        desk.drop_moments("checkin", desk.get("plan"))
        desk.sets["result"] = reply.choice
    if plan:
        desk.put_plan(replace(plan, result=None if later else Result(reply.choice)))
    return reply.choice


def _agreed(desk: Desk) -> date | None:
    """Return the day the guide would have asked, when that day is still to come."""
    coming = (m.at.astimezone(desk.zone).date() for m in desk.conversation.moments if m.about == desk.get("plan"))
    return next((day for day in coming if day > desk.today), None)


def _say_later(desk: Desk) -> Say:
    return Say("checkin.later", {"day": _agreed(desk) or "", "act": desk.plan.act if desk.plan else ""})


def _later(desk: Desk, reply: Reply) -> str:
    wanted = (_agreed(desk) or desk.today) + timedelta(days=LATER_DAYS[reply.choice])
    day = dating.school_day(desk, wanted)
    desk.put_moment(Moment("checkin", plans.at_local(day, desk.conversation.ask_at, desk.zone), desk.get("plan")))
    if desk.plan:
        desk.put_plan(replace(desk.plan, ask_on=day))
    desk.say("checkin.asked_later", day=day, closed=dating.closed(desk, wanted) or "")
    dating.offer_region(desk, day)
    return "day"


def _happened(desk: Desk, reply: Reply) -> str:
    keep_answer(desk, reply, "happened", Kind.CHECKIN)
    plan = desk.plan
    if plan:
        desk.put_plan(replace(plan, happened=reply.text))
    return "said"


def _meaning(desk: Desk, reply: Reply) -> str:
    keep_answer(desk, reply, "meaning", Kind.CHECKIN)
    plan = desk.plan
    if plan:
        desk.put_plan(replace(plan, meaning=reply.text))
    return _what_now(desk)


def _what_now(desk: Desk) -> str:
    plan, journey = desk.plan, desk.journey
    if plan is None or journey is None or not plan.journey:
        return "probe"
    not_done = _stood(desk, "not_done") + (plan.result == Result.NOT)
    desk.put_journey(replace(journey, not_done=not_done))
    if plan.result != Result.NOT:
        return "sign"
    return "missing" if not_done >= 2 else "stay"  # noqa: PLR2004 - two contacts in a row


def _note_how_it_stands(desk: Desk) -> None:
    """Remember the numbers of the journey as this check-in begins, so that going back and on counts once."""
    journey = desk.journey
    if journey and "stood.phase" not in desk.frame.kept:
        stands = {
            "stood.phase": str(int(journey.phase or 0)),
            "stood.not_done": str(journey.not_done),
            "stood.steady": str(journey.steady),
            "stood.went_back": str(journey.went_back),
        }
        desk.frame = replace(desk.frame, kept={**desk.frame.kept, **stands})


def _stood(desk: Desk, name: str) -> int:
    return int(desk.frame.kept.get(f"stood.{name}", "0"))


def _phase(desk: Desk) -> Phase:
    """Return the phase this check-in is about, whatever was decided since."""
    return Phase(_stood(desk, "phase") or desk.phase)


def _say_sign(desk: Desk) -> Say:
    phase = _phase(desk)
    if phase == Phase.MAINTAINING:
        return Say("checkin.sign_upkeep")
    return Say("checkin.sign", {"sign": Phrase(f"phases.p{phase}.sign"), "phase": Phrase(f"phases.p{phase}.name")})


def _sign(desk: Desk, reply: Reply) -> str:
    journey = desk.journey
    if journey is None:
        return reply.choice
    phase, steady = _phase(desk), _stood(desk, "steady")
    if reply.choice == "old":
        return "old"
    if reply.choice == "not_yet":
        desk.put_journey(replace(journey, phase=phase, not_done=0, steady=0))
        return "not_yet"
    if phase == Phase.MAINTAINING:
        desk.put_journey(replace(journey, steady=steady + 1, not_done=0))
        return "steady" if steady + 1 >= STEADY_ENOUGH else "alive"
    onward = Phase(phase + 1)
    desk.put_journey(replace(journey, phase=onward, not_done=0, steady=0))
    desk.keep(Kind.PHASE, "", slot="forward", phase=onward, question=reply.asked)
    desk.say("checkin.forward", phase=Phrase(f"phases.p{onward}.name"))
    return "forward"


def _say_stay(desk: Desk) -> Say:
    if desk.phase == Phase.MAINTAINING:
        return Say("checkin.stay_upkeep", {"count": desk.journey.steady if desk.journey else 0})
    return Say("checkin.stay")


def _stay(desk: Desk, reply: Reply) -> str:
    journey = desk.journey
    if reply.choice == "rest" and journey:
        desk.put_journey(replace(journey, status=Status.RESTING))
        desk.say("journeys.resting")
    if reply.choice in ("smaller", "same"):
        _new_plan_like(desk)
    if reply.choice == "card" and desk.plan:
        desk.sets["offered"] = (desk.plan.card,)
    return reply.choice


def _new_plan_like(desk: Desk) -> None:
    """Begin a fresh plan with the words of the one that was asked about, so that each keeps its own result."""
    old = desk.plan
    if old is None:
        return
    id_ = desk.name("plan", "p")
    desk.sets["plan"], desk.sets["card"] = id_, old.card
    fresh = replace(old, id=id_, made=desk.now, result=None, happened="", meaning="", ask_on=None)
    desk.put_plan(fresh)


def _say_missing(desk: Desk) -> Say:
    reason = desk.quote(Mark.REASON)
    began = desk.phase >= Phase.ACTING
    return Say(
        "checkin.missing",
        {"began": began, "reason": reason.text if reason else "", "on": reason.said if reason else ""},
    )


def _missing(desk: Desk, reply: Reply) -> str:
    journey = desk.journey
    if journey is None:
        return "back"
    phase = min(MISSING[reply.choice], desk.phase)  # what is missing never moves anybody forward
    back = _stood(desk, "went_back") + 1
    desk.put_journey(replace(journey, phase=phase, not_done=0, steady=0, went_back=back))
    desk.keep(Kind.PHASE, reply.label, slot="back", phase=phase, question=reply.asked)
    desk.sets["back"] = reply.choice
    desk.say("checkin.back", phase=Phrase(f"phases.p{phase}.name"))
    return "tough" if back == BACK_ENOUGH else "back"


def _tough(desk: Desk, reply: Reply) -> str:
    journey = desk.journey
    if reply.choice == "wicked" and journey:
        desk.sets["from_journey"] = journey.id
    return reply.choice


def _probe(desk: Desk, reply: Reply) -> str:
    if desk.plan:
        desk.sets["problem" if reply.choice == "again" else "topic"] = desk.plan.problem
    return reply.choice


def _result_keys() -> tuple[str, ...]:
    return ("checkin.result", "checkin.result_light", "checkin.result_probe")


def _say_result(desk: Desk) -> Say:
    plan = desk.plan
    key = "checkin.result"
    if plan and plan.kind == "probe":
        key = "checkin.result_probe"
    elif is_light(plan):
        key = "checkin.result_light"
    return Say(key, _words(desk))


ROUTE = Route(
    name="checkin",
    states={
        "result": choose(
            "checkin.result",
            (),
            _result,
            saying=_say_result,
            keys=_result_keys(),
            offer=lambda _desk: tuple(
                Choice(id_, id_, Phrase(f"checkin.results.{id_}")) for id_ in ("done", "partly", "not", "ask_later")
            ),
            later=False,
        ),
        "later": choose("checkin.later", tuple(LATER_DAYS), _later, saying=_say_later),
        "happened": write(
            "checkin.happened",
            _happened,
            saying=lambda desk: Say(f"checkin.happened.{desk.get('result') or 'done'}"),
            keys=tuple(f"checkin.happened.{result}" for result in Result),
            skip=True,
        ),
        "meaning": write(
            "checkin.meaning",
            _meaning,
            saying=lambda desk: Say(f"checkin.meaning.{desk.get('result') or 'done'}"),
            keys=tuple(f"checkin.meaning.{result}" for result in Result),
            skip=True,
        ),
        "sign": choose(
            "checkin.sign",
            ("yes", "not_yet", "old"),
            _sign,
            saying=_say_sign,
            keys=("checkin.sign", "checkin.sign_upkeep"),
        ),
        "stay": choose(
            "checkin.stay",
            ("smaller", "card", "same", "rest"),
            _stay,
            saying=_say_stay,
            keys=("checkin.stay", "checkin.stay_upkeep"),
        ),
        "missing": choose(
            "checkin.missing", ("desire", "know_how", "nerve", "plan", "time"), _missing, saying=_say_missing
        ),
        "tough": choose("checkin.tough", ("wicked", "on"), _tough),
        "steady": choose("checkin.steady", ("close", "journey", "alive")),
        "probe": choose("checkin.probe", ("again", "journey", "done"), _probe),
    },
    arrows=ARROWS,
)
