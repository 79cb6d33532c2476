"""
Questions a coach could ask next: those of the phase, and one step deeper, each with the model it comes from.

They are the questions the guide has too (`content/*/questions.yaml`, `content/models`). A coach picks one, or none.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dialogues.conversation import Phase, Phrase, Whose
from dialogues.models import Model
from dialogues.repertoire import Repertoire

PHASES_MODEL = "mindshift-fasen"
"""The model of the article that the questions of the phases belong to (Simons, 2013)."""

OF_THE_PHASE = 3


@dataclass(frozen=True, slots=True)
class QuestionSet:
    """Questions of one model, with its *title* and *authors*."""

    title: Phrase
    authors: Phrase
    questions: tuple[Phrase, ...]


def next_questions(known: Repertoire, phase: Phase | None, whose: str, turn: int) -> tuple[QuestionSet, ...]:
    """
    Return at most five questions that fit *phase*: three of the phase itself, one that leads deeper, one of the ladder.

    Args:
        phase: where the journey is; None gives the ladder only.
        whose: whose thinking it is about, as a `Whose`; anything else counts as her own.
        turn: a number that rises with what is shared, so that the next time gives other questions.
    """
    found: list[QuestionSet] = []
    if phase is not None:
        voice = whose if whose in set(Whose) else Whose.OWN
        ids = _from(known.questions.get(phase, ()), turn, OF_THE_PHASE)
        asked = tuple(Phrase(f"questions.p{phase}.{id_}.{voice}") for id_ in ids)
        found.append(_of(known.models[PHASES_MODEL], asked))
    deeper = known.deeper.get(phase, "") if phase is not None else ""
    for id_ in dict.fromkeys((deeper, known.ladder)):
        model = known.models.get(id_)
        if model is not None and model.asks:
            found.append(_of(model, tuple(model.of(one, "question") for one in _from(model.elements, turn, 1))))
    return tuple(found)


def _of(model: Model, questions: tuple[Phrase, ...]) -> QuestionSet:
    return QuestionSet(model.words("title"), model.words("authors"), questions)


def _from(ids: Sequence[str], turn: int, count: int) -> tuple[str, ...]:
    """Return *count* of *ids*, beginning at another one each *turn*."""
    start = turn % len(ids) if ids else 0
    return tuple((*ids[start:], *ids[:start])[:count])
