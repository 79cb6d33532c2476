"""
One open question from a model, and if the leader likes, a step deeper into her own answer.

One question a contact. Which one comes stands in `choosing.py`. The ladder that leads deeper is Shulman's (2002), from
engagement to commitment; a coach can use the same one.
"""

from __future__ import annotations

from dialogues import choosing
from dialogues.changing import replace
from dialogues.conversation import Choice, Phrase, Say
from dialogues.desk import Desk
from dialogues.models import Model
from dialogues.routes.asking import choose, keep_answer, write
from dialogues.table import Reply, Route, table
from dialogues.who_reads import who_reads

ARROWS = table("""
    # from     move      to
    question   said      after
    question   other     question
    question   none      return     # every question was given within a month
    after      deeper    ladder
    after      enough    return
    ladder     said      after
    ladder     done      return     # skipped
""")


def _models(desk: Desk) -> tuple[Model, ...]:
    """Return where the question may come from: one model, one factor, or everything."""
    known = desk.repertoire.models
    if desk.get("model") in known:
        return (known[desk.get("model")],)
    if desk.get("factor"):
        return desk.repertoire.under(desk.get("factor"))
    return tuple(known.values())


def _slot(desk: Desk) -> str:
    """Return where this contact remembers which question it asks here, so that going back asks the same one."""
    return f"given.{len(desk.names('passed'))}"


def _question_now(desk: Desk) -> str:
    before = desk.frame.kept.get(_slot(desk), "")
    return before if choosing.exists(desk, before) else choosing.next_question(desk, _models(desk))


def _say_question(desk: Desk) -> Say:
    question = _question_now(desk)
    if not question:
        return Say("reflect.none")
    # Remembered when it is asked: as days pass, another question may have its turn before she answers.
    desk.frame = replace(desk.frame, kept={**desk.frame.kept, _slot(desk): question})
    model, words = choosing.words_of(desk, question)
    return Say("reflect.question", {"title": model.words("title"), "question": words, "code": model.code})


def _buttons(desk: Desk) -> tuple[Choice, ...]:
    ids = ("other",) if _question_now(desk) else ("done",)
    return tuple(Choice(id_, id_) for id_ in ids)


def _question(desk: Desk, reply: Reply) -> str:
    question = _question_now(desk)
    if not question:
        if reply.text:
            keep_answer(desk, reply, "answer", slot="none")
            desk.say("reflect.kept", reads=who_reads(desk))
        return "none"
    choosing.note(desk, question)
    if reply.choice == "other":
        desk.sets["passed"] = (*desk.names("passed"), question)
        return "other"
    keep_answer(desk, reply, "answer", slot=question, model=question)
    return "said"


# -- deeper ------------------------------------------------------------------------------------------------------


def _rungs(desk: Desk) -> tuple[str, ...]:
    """Return the rungs that were not climbed in this contact. Her answer is the first one: she began."""
    ladder = desk.repertoire.models.get(desk.repertoire.ladder)
    climbed = desk.names("rungs")
    return tuple(element for element in ladder.elements[1:] if element not in climbed) if ladder else ()


def _after_buttons(desk: Desk) -> tuple[Choice, ...]:
    ids = ("deeper", "enough") if _rungs(desk) else ("enough",)
    return tuple(Choice(id_, id_, Phrase(f"reflect.buttons.{id_}")) for id_ in ids)


def _after(_desk: Desk, reply: Reply) -> str:
    return reply.choice


def _say_rung(desk: Desk) -> Say:
    ladder = desk.repertoire.models[desk.repertoire.ladder]
    rung = _rungs(desk)[0]
    return Say("reflect.ladder", {"rung": ladder.of(rung, "term"), "question": Phrase(f"reflect.rungs.{rung}")})


def _rung(desk: Desk, reply: Reply) -> str:
    rung = _rungs(desk)[0]
    desk.sets["rungs"] = (*desk.names("rungs"), rung)
    keep_answer(desk, reply, "answer", slot=rung, model=f"{desk.repertoire.ladder}.{rung}")
    return "done" if reply.skipped else "said"


ROUTE = Route(
    name="reflect",
    states={
        "question": choose(
            "reflect.question",
            (),
            _question,
            saying=_say_question,
            keys=("reflect.question", "reflect.none"),
            offer=_buttons,
            text=True,
            echo=False,
        ),
        "after": choose(
            "reflect.after",
            (),
            _after,
            saying=lambda desk: Say("reflect.after", {"reads": who_reads(desk)}),
            offer=_after_buttons,
        ),
        "ladder": write("reflect.ladder", _rung, saying=_say_rung, skip=True),
    },
    arrows=ARROWS,
)
