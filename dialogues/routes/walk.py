"""
A walk through a model: all its questions in order, one a message, and at the end perhaps a plan.

Made for the two tools that go deeper (the immunity map of Kegan & Lahey, 2009; the layers of Korthagen, 2004), and for
whatever a coach adds in this form. Each answer is kept at once; stopping halfway loses nothing.
"""

from __future__ import annotations

from dialogues.conversation import Choice, Frame, Kind, Phrase, Say, Status
from dialogues.desk import Desk, set_in
from dialogues.models import Form, Model
from dialogues.repertoire import Repertoire
from dialogues.routes.asking import choose, keep_answer, write
from dialogues.routes.contact import LIGHT_PHASES
from dialogues.table import Reply, Route, table
from dialogues.who_reads import who_reads

ARROWS = table("""
    # from   move    to
    step     said    step
    step     done    after
    after    plan    plan.when    # the last answer, for the journey under way
    after    done    return
""")

_AS_A_PLAN = "plan"


def _model(desk: Desk) -> Model:
    return desk.repertoire.models[desk.get("model")]


def _left(desk: Desk) -> tuple[str, ...]:
    """Return the elements that were not asked in this contact, in order."""
    return tuple(element for element in _model(desk).elements if element not in desk.names("walked"))


def _current(desk: Desk) -> str:
    return next(iter(_left(desk)), _model(desk).elements[-1])


def _say_step(desk: Desk) -> Say:
    model, element = _model(desk), _current(desk)
    return Say(
        "walk.step",
        {
            "title": model.words("title"),
            "term": model.of(element, "term"),
            "question": model.of(element, "question"),
            "place": model.elements.index(element) + 1,
            "count": len(model.elements),
        },
    )


def _step(desk: Desk, reply: Reply) -> str:
    model, element = _model(desk), _current(desk)
    last = len(_left(desk)) <= 1
    desk.sets["walked"] = (*desk.names("walked"), element)
    keep_answer(desk, reply, "answer", Kind.ANSWER, slot=f"{model.id}.{element}", model=f"{model.id}.{element}")
    if last:
        desk.sets["idea"] = reply.text
    return "done" if last else "said"


def _can_plan(desk: Desk) -> bool:
    """Return whether the last answer can become a plan: of a journey that is far enough for one."""
    journey = desk.find_journey(desk.conversation.current)
    ready = journey is not None and journey.status == Status.OPEN and journey.phase not in (None, *LIGHT_PHASES)
    return ready and bool(desk.get("idea")) and _model(desk).start == _AS_A_PLAN


def _after_buttons(desk: Desk) -> tuple[Choice, ...]:
    ids = ("plan", "done") if _can_plan(desk) else ("done",)
    return tuple(Choice(id_, id_, Phrase(f"walk.buttons.{id_}")) for id_ in ids)


def _after(desk: Desk, reply: Reply) -> str:
    if reply.choice == "plan":
        desk.sets["journey"], desk.sets["card"] = desk.conversation.current, ""
    return reply.choice


def _stands(frame: Frame, known: Repertoire) -> bool:
    model = known.models.get(str(set_in(frame, "model")))
    return model is not None and Form.WALK in model.forms


ROUTE = Route(
    name="walk",
    states={
        "step": write("walk.step", _step, saying=_say_step, skip=True),
        "after": choose(
            "walk.after",
            (),
            _after,
            saying=lambda desk: Say("walk.after", {"reads": who_reads(desk)}),
            offer=_after_buttons,
        ),
    },
    arrows=ARROWS,
    stands=_stands,
)
