"""
Diagnosis: a short path of at most six questions; the earliest unmet condition is the phase.

Readiness follows Simons' phases; that deciding not to differs from not having decided is from the precaution adoption
process model (Weinstein & Sandman, 1992). The leader confirms or corrects; both phases are kept. About a colleague each
step also asks what was seen or heard, about a team for how many of the ten it holds.
"""

from __future__ import annotations

from dialogues.changing import replace
from dialogues.conversation import Choice, Kind, Phase, Phrase, Say, Value, Whose
from dialogues.desk import Desk
from dialogues.routes.asking import choose, rate, write
from dialogues.table import Ask, Reply, Route, State, table, variants

ARROWS = table("""
    # from       move            to
    willing      no              deliberate
    willing      doubt           confirm
    willing      yes             how
    willing      doing           keeping
    willing      observed        seen
    willing      counted         share
    deliberate   choice          confirm
    deliberate   undecided       confirm
    deliberate   must            confirm
    deliberate   observed        seen
    deliberate   counted         share
    how          no              confirm
    how          some            dare
    how          yes             dare
    how          observed        seen
    how          counted         share
    dare         scary           confirm
    dare         doable          plan
    dare         fine            plan
    dare         observed        seen
    dare         counted         share
    plan         no              confirm
    plan         partly          confirm
    plan         yes             acting
    plan         observed        seen
    plan         counted         share
    acting       not_yet         confirm
    acting       few             confirm
    acting       often           keeping
    acting       observed        seen
    acting       counted         share
    keeping      slips           confirm
    keeping      mostly          confirm
    keeping      normal          confirm
    keeping      observed        seen
    keeping      counted         share
    # about a colleague: what was seen or heard
    seen         to_deliberate   deliberate
    seen         to_how          how
    seen         to_dare         dare
    seen         to_plan         plan
    seen         to_acting       acting
    seen         to_keeping      keeping
    seen         to_certainty    certainty
    certainty    said            confirm
    # about a team: for how many of the ten
    share        to_deliberate   deliberate
    share        to_how          how
    share        to_dare         dare
    share        to_plan         plan
    share        to_acting       acting
    share        to_keeping      keeping
    share        to_confirm      confirm
    # the leader decides
    confirm      earlier         confirm
    confirm      further         confirm
    confirm      why             confirm
    confirm      right           contact.question
    confirm      close           journeys.remember
""")

RULE: dict[tuple[str, str], str | Phase] = {
    ("willing", "no"): "deliberate",
    ("willing", "doubt"): Phase.NOT_YET_WANTING,
    ("willing", "yes"): "how",
    ("willing", "doing"): "keeping",
    ("deliberate", "choice"): Phase.NOT_WANTING,
    ("deliberate", "undecided"): Phase.NOT_YET_WANTING,
    ("deliberate", "must"): Phase.NOT_YET_WANTING,
    ("how", "no"): Phase.NOT_KNOWING_HOW,
    ("how", "some"): "dare",
    ("how", "yes"): "dare",
    ("dare", "scary"): Phase.NOT_DARING,
    ("dare", "doable"): "plan",
    ("dare", "fine"): "plan",
    ("plan", "no"): Phase.PREPARING,
    ("plan", "partly"): Phase.PREPARING,
    ("plan", "yes"): "acting",
    ("acting", "not_yet"): Phase.PREPARING,
    ("acting", "few"): Phase.ACTING,
    ("acting", "often"): "keeping",
    ("keeping", "slips"): Phase.ACTING,
    ("keeping", "mostly"): Phase.MAINTAINING,
    ("keeping", "normal"): Phase.MAINTAINING,
}
STEPS = ("willing", "deliberate", "how", "dare", "plan", "acting", "keeping")


def outcome(step: str, choice: str, *, unclear: bool) -> str | Phase:
    """Return the next step, or the phase: no plan without a picture of how, so *unclear* turns phase 5 into phase 3."""
    then = RULE[step, choice]
    if step == "plan" and then is Phase.PREPARING and unclear:
        return Phase.NOT_KNOWING_HOW
    return then


def _asked(step: str) -> State:
    key = f"diagnosis.{step}"
    choices = tuple(choice for (of, choice) in RULE if of == step)

    def say(desk: Desk) -> Say:
        return Say(f"{key}.{desk.whose}", _sentence(desk))

    def hear(desk: Desk, reply: Reply) -> str:
        desk.sets["step"] = step
        desk.sets[step] = reply.choice
        desk.sets[f"{step}_label"] = reply.label
        _decide(desk, step, reply.choice)
        if desk.whose == Whose.COLLEAGUE:
            return "observed"
        return "counted" if desk.whose == Whose.TEAM else reply.choice

    return State(Ask.CHOICE, say, hear, variants(key), choices)


def _decide(desk: Desk, step: str, choice: str) -> None:
    then = outcome(step, choice, unclear=desk.get("how") == "some")
    if isinstance(then, Phase):
        desk.sets["computed"] = int(then)
        desk.sets["phase"] = int(then)
        desk.sets["next"] = ""
    else:
        desk.sets["next"] = then


def _sentence(desk: Desk) -> dict[str, Value]:
    journey = desk.journey
    return {"from_": journey.from_, "to": journey.to, "who": journey.who} if journey else {}


def _about(key: str, desk: Desk) -> Say:
    """Return *key* with the answer it asks about, since a tap leaves no trace in a chat."""
    return Say(key, {"answer": desk.get(f"{desk.get('step')}_label")})


def _seen(desk: Desk, reply: Reply) -> str:
    if not reply.skipped:
        desk.sets["seen"] = reply.text
        desk.keep(Kind.ANSWER, reply.text, slot=desk.get("step"), question=reply.asked, source=reply.source)
    return f"to_{desk.get('next') or 'certainty'}"


def _share(desk: Desk, reply: Reply) -> str:
    if reply.number is not None:
        desk.sets[f"share_{desk.get('step')}"] = reply.number
        desk.sets["share"] = reply.number
        desk.keep(Kind.RULER, str(reply.number), slot=desk.get("step"), question=reply.asked, number=reply.number)
    return f"to_{desk.get('next') or 'confirm'}"


def _certainty(desk: Desk, reply: Reply) -> str:
    if reply.number is not None:
        desk.sets["certainty"] = reply.number
    return "said"


def answers(desk: Desk) -> tuple[Value, ...]:
    """Return what was answered on the path, as (question, answer) in the leader's wording, for "why do you think so"."""
    return tuple(
        {"question": Phrase(f"diagnosis.{step}.short"), "answer": desk.get(f"{step}_label")}
        for step in STEPS
        if desk.get(f"{step}_label")
    )


def _say_confirm(desk: Desk) -> Say:
    phase = desk.number("phase") or 1
    step = desk.get("step")
    return Say(
        f"diagnosis.confirm.{desk.whose}",
        {
            "phase": Phrase(f"phases.p{phase}.name"),
            "number": phase,
            "step": Phrase(f"diagnosis.{step}.short"),
            "answer": desk.get(f"{step}_label"),
            "rule": Phrase(f"diagnosis.rule.{_rule(desk)}"),
            "corrected": phase != desk.number("computed"),
            "share": desk.number("share") or 0,
            "who": desk.journey.who if desk.journey else "",
        },
    )


def _rule(desk: Desk) -> str:
    computed = desk.number("computed") or 1
    return "p5_not_yet" if computed == Phase.PREPARING and desk.get("acting") == "not_yet" else f"p{computed}"


def _confirm_buttons(desk: Desk) -> tuple[Choice, ...]:
    phase = desk.number("phase") or 1
    ids = ["right"]
    ids += ["close"] if desk.get("keeping") == "normal" else []
    ids += ["earlier"] if phase > Phase.NOT_WANTING else []
    ids += ["further"] if phase < Phase.MAINTAINING else []
    ids += ["why"]
    return tuple(Choice(id_, id_, Phrase(f"diagnosis.confirm.buttons.{id_}")) for id_ in ids)


def _confirm(desk: Desk, reply: Reply) -> str:
    phase = desk.number("phase") or 1
    if reply.choice in ("earlier", "further"):
        desk.sets["phase"] = phase + (1 if reply.choice == "further" else -1)
    elif reply.choice == "why":
        desk.say("diagnosis.why", answers=answers(desk))
    else:
        _place(desk, Phase(phase), reply)
    return reply.choice


def _place(desk: Desk, phase: Phase, reply: Reply) -> None:
    journey = desk.journey
    if journey is None:
        return
    computed = Phase(desk.number("computed") or phase)
    journey = replace(
        journey,
        phase=phase,
        computed=computed,
        obliged=desk.get("deliberate") == "must",
        certainty=desk.number("certainty"),
    )
    desk.put_journey(journey)
    path = " · ".join(desk.get(f"{step}_label") for step in STEPS if desk.get(f"{step}_label"))
    desk.keep(Kind.PHASE, path, question=reply.asked)


ROUTE = Route(
    name="diagnosis",
    states={
        **{step: _asked(step) for step in STEPS},
        "seen": write("diagnosis.seen", _seen, saying=lambda desk: _about("diagnosis.seen", desk), skip=True),
        "share": rate("diagnosis.share", _share, saying=lambda desk: _about("diagnosis.share", desk)),
        "certainty": rate("diagnosis.certainty", _certainty),
        "confirm": choose(
            "diagnosis.confirm",
            (),
            _confirm,
            saying=_say_confirm,
            keys=variants("diagnosis.confirm"),
            offer=_confirm_buttons,
        ),
    },
    arrows=ARROWS,
)
