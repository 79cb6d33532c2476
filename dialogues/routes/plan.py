"""
From choice to plan: when, where and with whom; what exactly; the first visible sign; read it once more; then a day to ask.

In phases 1 and 2 a card becomes at most a light plan: to look, to ask, or to wait until a date. Commitment is asked with
every plan, confidence in phases 4 to 6; below 6 the plan is made smaller before anybody has to be braver.
"""

from __future__ import annotations

from datetime import date, timedelta

from dialogues import dating, plans
from dialogues.changing import replace
from dialogues.conversation import Choice, Kind, Mark, Moment, Phase, Phrase, Plan, Say, Value, Whose
from dialogues.desk import Desk
from dialogues.routes import contact
from dialogues.routes.asking import choose, keep_answer, rate, write
from dialogues.table import Ask, Reply, Route, State, table, variants
from dialogues.who_reads import who_reads

ARROWS = table("""
    # from            move       to
    light             look       light_what
    light             ask        light_what
    light             wait       light_what
    light_what        said       commitment
    when              said       act
    act               said       sign
    sign              said       commitment
    commitment        change     when
    commitment        change_light   light
    commitment        confidence confidence       # phases 4 to 6
    commitment        why        commitment_why
    commitment_why    said       ask_on
    commitment_why    low        low              # below 4
    confidence        why        confidence_why
    confidence        low        low              # below 6
    confidence_why    said       ask_on
    low               smaller    smaller
    low               help       helper
    low               anyway     ask_on
    smaller           said       commitment
    helper            said       ask_on
    ask_on            mark       mark.ask
    ask_on            mirror     mark.mirror      # the first plan about somebody else
    ask_on            end        return
    ask_on            other      other_day
    other_day         mark       mark.ask
    other_day         mirror     mark.mirror
    other_day         end        return
    other_day         unclear    other_day
""")

ENOUGH, LOOSE_BELOW = 6, 4
CONFIDENCE_PHASES = (Phase.NOT_DARING, Phase.PREPARING, Phase.ACTING)
OFFERED_DAYS = (2, 4, 14, 21)
OFFERED_DAYS_UPKEEP = (14, 21, 28, 42)


def _first_step(desk: Desk) -> Phrase | str:
    card = desk.card
    return Phrase(f"cards.{card.id}.step.{desk.whose}") if card else ""


def _say_when(desk: Desk) -> Say:
    if desk.card is None:
        return Say("plan.when_own", {"idea": desk.get("idea")})
    return Say("plan.when", {"short": contact.chosen(desk), "step": _first_step(desk)})


def _draft(desk: Desk, **changes: object) -> Plan:
    """Return the plan of this contact with *changes*, and keep it."""
    id_ = desk.name("plan", "p")
    desk.sets["plan"] = id_
    journey = desk.journey if not desk.get("problem") else None
    older = desk.plan or Plan(id=id_, journey=journey.id if journey else "", made=desk.now)
    changed = replace(older, card=desk.get("card"), **changes)  # type: ignore[arg-type]
    desk.put_plan(changed)
    return changed


def _light(desk: Desk, reply: Reply) -> str:
    _draft(desk, kind=reply.choice)
    return reply.choice


def _light_kind(desk: Desk) -> str:
    """Return what kind of light plan this is; the card that waits needs no question about it."""
    return desk.get("light_kind") or (desk.plan.kind if desk.plan else "look")


def _light_what(desk: Desk, reply: Reply) -> str:
    _draft(desk, act=reply.text, kind=_light_kind(desk))
    keep_answer(desk, reply, "act", Kind.PLAN)
    return "said"


def _say_light(desk: Desk) -> Say:
    return Say("plan.light", {"short": contact.chosen(desk), "step": _first_step(desk)})


def _when(desk: Desk, reply: Reply) -> str:
    _draft(desk, kind="change", moment="" if reply.skipped else plans.without_if(reply.text))
    keep_answer(desk, reply, "moment", Kind.PLAN)
    return "said"


def _act(desk: Desk, reply: Reply) -> str:
    _draft(desk, act=plans.without_then(reply.text))
    keep_answer(desk, reply, "act", Kind.PLAN)
    return "said"


def _sign(desk: Desk, reply: Reply) -> str:
    _draft(desk, sign="" if reply.skipped else reply.text)
    keep_answer(desk, reply, "sign", Kind.PLAN)
    return "said"


def plan_words(plan: Plan) -> dict[str, Value]:
    """Return what a plan says, as values for the words."""
    return {
        "kind": plan.kind,
        "moment": plan.moment,
        "act": plan.act,
        "sign": plan.sign,
        "helper": plan.helper,
        "trace": plan.trace,
        "stop": plan.stop,
    }


def _words(desk: Desk) -> dict[str, Value]:
    plan = desk.plan
    return plan_words(plan) if plan else {}


def is_light(plan: Plan | None) -> bool:
    """Return whether *plan* is only to look, ask or wait."""
    return bool(plan and plan.kind in ("look", "ask", "wait"))


def _commitment(desk: Desk, reply: Reply) -> str:
    if reply.choice == "change":
        return "change_light" if is_light(desk.plan) else "change"
    plan = _draft(desk, commitment=reply.number)
    desk.sets["commitment"] = reply.number or 0
    desk.keep(Kind.RULER, str(reply.number), question=reply.asked, number=reply.number)
    return "confidence" if desk.phase in CONFIDENCE_PHASES and not is_light(plan) else "why"


def _commitment_why(desk: Desk, reply: Reply) -> str:
    keep_answer(desk, reply, "commitment_why")
    number = desk.number("commitment") or 0
    if number >= LOOSE_BELOW:
        return "said"
    desk.sets["low"] = number
    return "low"


def _confidence(desk: Desk, reply: Reply) -> str:
    number = reply.number or 0
    _draft(desk, confidence=number)
    desk.sets["confidence"] = number
    desk.keep(Kind.RULER, str(number), question=reply.asked, number=number)
    desk.sets["low"] = number
    return "why" if number >= ENOUGH else "low"


def _confidence_why(desk: Desk, reply: Reply) -> str:
    keep_answer(desk, reply, "confidence_why")
    return "said"


def _say_low(desk: Desk) -> Say:
    proof = desk.quote(Mark.PROOF)
    return Say(
        "plan.low",
        {
            "number": desk.number("low") or 0,
            "proof": proof.text if proof else "",
            "on": proof.said if proof else "",
        },
    )


def _smaller(desk: Desk, reply: Reply) -> str:
    return _light_what(desk, reply) if is_light(desk.plan) else _act(desk, reply)


def _helper(desk: Desk, reply: Reply) -> str:
    _draft(desk, helper=reply.text)
    keep_answer(desk, reply, "helper", Kind.PLAN)
    return "said"


# -- the day to ask ----------------------------------------------------------------------------------------------


def day_to_ask(desk: Desk) -> date:
    """Return the school day on which the guide proposes to ask what happened."""
    return dating.school_day(desk, _in_a_while(desk))


def _in_a_while(desk: Desk) -> date:
    return plans.default_day(desk.today, upkeep=_upkeep(desk))


def _say_ask_on(desk: Desk) -> Say:
    day = plans.at_local(day_to_ask(desk), desk.conversation.ask_at, desk.zone)
    return Say("plan.ask_on", {**_words(desk), "day": day, "closed": dating.closed(desk, _in_a_while(desk)) or ""})


def _ask_on(desk: Desk, reply: Reply) -> str:
    return "other" if reply.choice == "other_day" else settle(desk, day_to_ask(desk))


def _upkeep(desk: Desk) -> bool:
    plan = desk.plan
    return bool(plan and plan.journey and desk.phase == Phase.MAINTAINING)


def _other_days(desk: Desk) -> tuple[Choice, ...]:
    offered = OFFERED_DAYS_UPKEEP if _upkeep(desk) else OFFERED_DAYS
    return tuple(Choice(f"in_{days}", "day", Phrase("plan.in_days", {"days": days})) for days in offered)


def _most(desk: Desk) -> int:
    if desk.plan and desk.plan.kind == "wait":
        return plans.LONGEST_WAIT
    return plans.LONGEST_UPKEEP if _upkeep(desk) else plans.LONGEST


def _other_day(desk: Desk, reply: Reply) -> str:
    text = reply.choice.removeprefix("in_") or reply.text
    clock, days = plans.read_clock(text), plans.read_days(text, _most(desk))
    if days is None:
        desk.say("plan.days_unclear", most=_most(desk))
        return "unclear"
    if clock and not plans.in_hours(clock):
        desk.say("settings.time_how", at=plans.at_local(desk.today, desk.conversation.ask_at, desk.zone))
        return "unclear"
    if clock:
        desk.conversation = replace(desk.conversation, ask_at=clock.strftime("%H:%M"))
    wanted = desk.today + timedelta(days=days)
    return settle(desk, dating.school_day(desk, wanted), dating.closed(desk, wanted))


def settle(desk: Desk, day: date, closed: date | None = None) -> str:
    """
    Keep the plan of this contact, have the guide ask on *day*, and return the move that ends the contact.

    Args:
        closed: the day she named, when *day* takes its place because school is closed and she was not told yet.
    """
    plan = desk.plan
    if plan is None:
        return "end"
    desk.put_plan(replace(plan, ask_on=day))
    desk.put_moment(Moment("checkin", plans.at_local(day, desk.conversation.ask_at, desk.zone), plan.id))
    desk.say("plan.kept", day=day, closed=closed or "", reads=who_reads(desk))
    dating.offer_region(desk, day)
    journey = desk.journey
    if journey and plan.journey:
        # A labelled card counts as used once it is a plan; any other plan makes room for one again.
        sharp = desk.card.id if desk.card and desk.card.label else ""
        desk.put_journey(replace(journey, last_labelled=sharp))
        if journey.whose != Whose.OWN and not journey.mirrored:
            return "mirror"
    return "mark" if desk.get("written") and plan.journey else "end"


ROUTE = Route(
    name="plan",
    states={
        "light": choose("plan.light", ("look", "ask", "wait"), _light, saying=_say_light, echo=False),
        "light_what": write(
            "plan.light_what",
            _light_what,
            saying=lambda desk: Say(f"plan.light_what.{_light_kind(desk)}"),
            keys=tuple(f"plan.light_what.{kind}" for kind in ("look", "ask", "wait")),
        ),
        "when": write("plan.when", _when, saying=_say_when, keys=("plan.when", "plan.when_own"), skip=True, echo=False),
        "act": write("plan.act", _act, saying=lambda desk: Say(f"plan.act.{desk.whose}"), keys=variants("plan.act")),
        "sign": write("plan.sign", _sign, skip=True),
        "commitment": rate(
            "plan.commitment",
            _commitment,
            ("change",),
            saying=lambda desk: Say("plan.commitment", _words(desk)),
            echo=False,
        ),
        "commitment_why": write(
            "plan.commitment_why",
            _commitment_why,
            saying=lambda desk: contact.follow_up("plan.commitment_why", desk.number("commitment") or 0),
            keys=tuple(f"plan.commitment_why.{end}" for end in ("zero", "lower", "ten")),
            skip=True,
        ),
        "confidence": rate("plan.confidence", _confidence),
        "confidence_why": write(
            "plan.confidence_why",
            _confidence_why,
            saying=lambda desk: contact.follow_up("plan.confidence_why", desk.number("confidence") or 0),
            keys=tuple(f"plan.confidence_why.{end}" for end in ("lower", "ten")),
            skip=True,
        ),
        "low": choose("plan.low", ("smaller", "help", "anyway"), saying=_say_low),
        "smaller": write(
            "plan.smaller",
            _smaller,
            saying=lambda desk: Say("plan.smaller_light" if is_light(desk.plan) else "plan.smaller"),
            keys=("plan.smaller", "plan.smaller_light"),
        ),
        "helper": write("plan.helper", _helper),
        "ask_on": choose("plan.ask_on", ("fine", "other_day"), _ask_on, saying=_say_ask_on),
        "other_day": State(
            Ask.DAYS,
            lambda desk: Say("plan.other_day", {"most": _most(desk)}),
            _other_day,
            ("plan.other_day",),
            offer=_other_days,
            text=True,
        ),
    },
    arrows=ARROWS,
)
