"""
Wicked problems: recognise one, ask the prompts of what was recognised, look from other seats, and try a small probe.

The ten features are Rittel & Webber's (1973), the seven Bood, Coenders & Van Luin's (2010). Fewer than four ticks: probably
solvable; four to eight: tough; nine and more: very tough (our reading). Instead of a solution there is a small probe with
the trace it may leave and a way to stop, and then the question which belief of one's own holds this in place.
"""

from __future__ import annotations

from collections.abc import Callable

from dialogues import leads, plans
from dialogues.changing import replace
from dialogues.conversation import Choice, Kind, Phrase, Plan, Say
from dialogues.desk import Desk
from dialogues.routes import plan as plan_route
from dialogues.routes.asking import choose, keep_answer, tick, write
from dialogues.table import Hearing, Reply, Route, table

ARROWS = table("""
    # from       move       to
    problem      said       rittel
    rittel       on         bood
    bood         solvable   solvable
    bood         tough      prompt
    solvable     journey    journey.whose
    solvable     anyway     prompt
    solvable     done       return
    prompt       again      prompt           # at most three in one contact
    prompt       next       next
    next         elephant   seat
    next         probe      probe
    seat         pick       view
    seat         said       view             # a seat of the leader's own
    view         again      seat             # three seats
    view         on         probe
    probe        said       probe_when
    probe_when   said       trace
    trace        said       halt
    halt         said       belief
    belief       said       link
    belief       none       plan.ask_on
    link         journey    journey.to
    link         probe      plan.ask_on
""")

SOLVABLE_BELOW, VERY_TOUGH_FROM = 4, 9
PROMPTS, SEATS = 3, 3


def _problem(desk: Desk, reply: Reply) -> str:
    keep_answer(desk, reply, "problem")
    return "said"


def _boxes(ids: tuple[str, ...]) -> tuple[Choice, ...]:
    return tuple(Choice(id_, "tick", Phrase(f"wicked.features.{id_}.feature")) for id_ in ids)


def _say_list(key: str, ids: tuple[str, ...]) -> Say:
    return Say(key, {"items": tuple(Phrase(f"wicked.features.{id_}.feature") for id_ in ids)})


def _rittel(desk: Desk, reply: Reply) -> str:
    desk.sets["ticked_rittel"] = reply.ticks
    return "on"


def _bood(desk: Desk, reply: Reply) -> str:
    recognised = (*desk.names("ticked_rittel"), *reply.ticks)
    desk.sets["recognised"] = recognised
    count = len(recognised)
    if count < SOLVABLE_BELOW:
        return "solvable"
    desk.say("wicked.very_tough" if count >= VERY_TOUGH_FROM else "wicked.tough", count=count)
    return "tough"


def _solvable(desk: Desk, reply: Reply) -> str:
    if reply.choice == "journey":
        desk.sets["topic"], desk.sets["problem"] = desk.get("problem"), ""
    return reply.choice


# -- the prompts -------------------------------------------------------------------------------------------------


def _next_prompt(desk: Desk) -> str:
    """Return a prompt for a recognised feature; the two lists take turns, and features nobody ticked come last."""
    recognised = list(desk.names("recognised"))
    # Rittel & Webber's and Bood's features alternate, so that facts and people both get a question.
    facts = [id_ for id_ in recognised if id_.startswith("r")]
    people = [id_ for id_ in recognised if id_.startswith("b")]
    mixed = [id_ for pair in zip(facts, people, strict=False) for id_ in pair]
    order = [*mixed, *(id_ for id_ in recognised if id_ not in mixed), *desk.repertoire.rittel]
    return next(id_ for id_ in order if id_ not in desk.names("prompted"))


def _prompt(desk: Desk, reply: Reply) -> str:
    id_ = _next_prompt(desk)
    keep_answer(desk, reply, "answer", slot=id_)
    desk.sets["prompted"] = (*desk.names("prompted"), id_)
    return "again" if len(desk.names("prompted")) < PROMPTS else "next"


# -- the elephant ------------------------------------------------------------------------------------------------


def _seats(desk: Desk) -> tuple[Choice, ...]:
    taken = desk.names("seats")
    free = [id_ for id_ in desk.repertoire.seats if id_ not in taken]
    return tuple(Choice(id_, "pick", Phrase(f"wicked.seats.{id_}.label")) for id_ in free)


def _seat(desk: Desk, reply: Reply) -> str:
    seats = desk.names("seats")
    desk.sets["seat"], desk.sets["own_seat"] = reply.choice, ""
    if not reply.choice:
        # She may stop before she looks from there, and what she typed is kept like any answer.
        desk.keep(Kind.ANSWER, reply.text, slot=str(len(seats)), question=reply.asked, source=reply.source)
        desk.sets["own_seat"] = reply.text
    desk.sets["seats"] = (*seats, reply.choice or "own")
    return "pick" if reply.choice else "said"


def _say_view(desk: Desk) -> Say:
    if desk.get("own_seat"):
        return Say("wicked.view_own", {"seat": desk.get("own_seat")})
    return Say("wicked.view", {"ask": Phrase(f"wicked.seats.{desk.get('seat')}.ask")})


def _view(desk: Desk, reply: Reply) -> str:
    keep_answer(desk, reply, "answer", slot=str(len(desk.names("seats"))))
    return "again" if len(desk.names("seats")) < SEATS else "on"


# -- the probe ---------------------------------------------------------------------------------------------------


def _draft(desk: Desk, **changes: str) -> None:
    id_ = desk.name("probe", "p")
    desk.sets["plan"] = id_
    older = desk.plan or Plan(id=id_, journey="", made=desk.now, kind="probe", problem=desk.get("problem"))
    desk.put_plan(replace(older, **changes))  # type: ignore[arg-type]


def _part(field: str, tidied: Callable[[str], str] = str.strip) -> Hearing:
    def hear(desk: Desk, reply: Reply) -> str:
        _draft(desk, **{field: "" if reply.skipped else tidied(reply.text)})
        keep_answer(desk, reply, field, Kind.PLAN)
        return "said"

    return hear


def _belief(desk: Desk, reply: Reply) -> str:
    if reply.skipped:
        return "none"
    keep_answer(desk, reply, "belief")
    return "said"


def _link(desk: Desk, reply: Reply) -> str:
    if reply.choice == "journey":
        plan_route.settle(desk, plan_route.day_to_ask(desk))
        desk.sets["whose"], desk.sets["journey"] = "own", ""
        desk.sets["topic"] = desk.get("problem")
        desk.sets["from_"] = leads.without_stop(desk.get("belief"))
        desk.sets["plan"] = ""
        desk.sets["problem"] = ""
    return reply.choice


ROUTE = Route(
    name="wicked",
    states={
        "problem": write("wicked.problem", _problem),
        "rittel": tick(
            "wicked.rittel",
            _rittel,
            lambda desk: _boxes(desk.repertoire.rittel),
            saying=lambda desk: _say_list("wicked.rittel", desk.repertoire.rittel),
        ),
        "bood": tick(
            "wicked.bood",
            _bood,
            lambda desk: _boxes(desk.repertoire.bood),
            saying=lambda desk: _say_list("wicked.bood", desk.repertoire.bood),
        ),
        "solvable": choose(
            "wicked.solvable",
            ("journey", "anyway", "done"),
            _solvable,
            saying=lambda desk: Say("wicked.solvable", {"count": len(desk.names("recognised"))}),
        ),
        "prompt": write(
            "wicked.prompt",
            _prompt,
            saying=lambda desk: Say(
                "wicked.prompt", {"prompt": Phrase(f"wicked.features.{_next_prompt(desk)}.prompt")}
            ),
            skip=True,
        ),
        "next": choose("wicked.next", ("elephant", "probe")),
        "seat": choose(
            "wicked.seat",
            (),
            _seat,
            saying=lambda desk: Say("wicked.next_seat" if desk.names("seats") else "wicked.seat"),
            keys=("wicked.seat", "wicked.next_seat"),
            offer=_seats,
            text=True,
            echo=False,
        ),
        "view": write("wicked.view", _view, saying=_say_view, keys=("wicked.view", "wicked.view_own"), skip=True),
        "probe": write("wicked.probe", _part("act", plans.without_then)),
        "probe_when": write("wicked.probe_when", _part("moment", plans.without_if), skip=True),
        "trace": write("wicked.trace", _part("trace"), skip=True),
        "halt": write("wicked.halt", _part("stop"), skip=True),
        "belief": write("wicked.belief", _belief, skip=True),
        "link": choose(
            "wicked.link",
            ("journey", "probe"),
            _link,
            saying=lambda desk: Say("wicked.link", {"belief": desk.get("belief")}),
            echo=False,
        ),
    },
    arrows=ARROWS,
)
