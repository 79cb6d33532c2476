"""
Which question of a model comes next.

First what the leader searched for, then what she tied to her journey, then what is near its topic, then what fits the phase
she is in, then the model she heard of longest ago; within a model, the order of the model. A question is not repeated
within a month.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from dialogues.changing import replace
from dialogues.conversation import Phrase
from dialogues.desk import Desk
from dialogues.models import Model

REST = timedelta(days=31)
REMEMBERED = timedelta(days=366)
"""How long it is remembered that a question was given: long enough for the order, and then forgotten."""


def next_question(desk: Desk, models: Iterable[Model]) -> str:
    """Return the next question among *models* as ``model.element``, or "" when all were given within a month."""
    place = {id_: number for number, id_ in enumerate(desk.repertoire.models)}
    sought, near, tied = desk.names("sought"), desk.names("near"), desk.journey.tied if desk.journey else ()
    rested = [(model, element) for model in models if model.asks for element in model.elements]
    rested = [(model, element) for model, element in rested if _rested(desk, model, element)]

    def rank(pair: tuple[Model, str]) -> tuple[float, ...]:
        model, element = pair
        question = f"{model.id}.{element}"
        return (
            sought.index(question) if question in sought else len(sought),
            model.id not in tied,
            near.index(question) if question in near else len(near),
            _misfit(desk, model),
            _last_given(desk, model),
            place[model.id],
            model.elements.index(element),
        )

    first = min(rested, key=rank, default=None)
    return f"{first[0].id}.{first[1]}" if first else ""


def words_of(desk: Desk, question: str) -> tuple[Model, Phrase]:
    """Return the model of *question* and its words. Raises KeyError when the model is gone."""
    id_, _, element = question.partition(".")
    model = desk.repertoire.models[id_]
    return model, model.of(element, "question")


def exists(desk: Desk, question: str) -> bool:
    """Return whether *question* still stands in the content."""
    id_, _, element = question.partition(".")
    model = desk.repertoire.models.get(id_)
    return model is not None and model.asks and element in model.elements


def note(desk: Desk, question: str) -> None:
    """Remember that *question* was given now."""
    given = {id_: at for id_, at in desk.conversation.given.items() if desk.now - at < REMEMBERED}
    desk.conversation = replace(desk.conversation, given={**given, question: desk.now})


def _rested(desk: Desk, model: Model, element: str) -> bool:
    at = desk.conversation.given.get(f"{model.id}.{element}")
    return at is None or desk.now - at >= REST


def _misfit(desk: Desk, model: Model) -> int:
    """Return 0 for questions of the phase the leader is in, 1 for those of any phase, 2 for those of others."""
    journey = desk.journey
    if not model.phases or journey is None or journey.phase is None:
        return 1
    return 0 if journey.phase in model.phases else 2


def _last_given(desk: Desk, model: Model) -> float:
    prefix = f"{model.id}."
    return max((at.timestamp() for id_, at in desk.conversation.given.items() if id_.startswith(prefix)), default=0.0)
