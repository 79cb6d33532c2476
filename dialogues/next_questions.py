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
class NextQuestion:
    """One question, with the *title* and the *authors* of the model it comes from."""

    question: Phrase
    title: Phrase
    authors: Phrase


def next_questions(known: Repertoire, phase: Phase | None, whose: str, turn: int) -> tuple[NextQuestion, ...]:
    """
    Return at most five questions that fit *phase*: three of the phase itself, one that leads deeper, one of the ladder.

    Args:
        phase: where the journey is; None gives the ladder only.
        whose: whose thinking it is about, as a `Whose`; anything else counts as her own.
        turn: a number that rises with what is shared, so that the next time gives other questions.
    """
    found: list[NextQuestion] = []
    if phase is not None:
        voice = whose if whose in set(Whose) else Whose.OWN
        phases = known.models[PHASES_MODEL]
        ids = _from(known.questions.get(phase, ()), turn, OF_THE_PHASE)
        found += [_of(phases, Phrase(f"questions.p{phase}.{id_}.{voice}")) for id_ in ids]
    deeper = known.deeper.get(phase, "") if phase is not None else ""
    for id_ in dict.fromkeys((deeper, known.ladder)):
        model = known.models.get(id_)
        if model is not None and model.asks:
            found += [_of(model, model.of(element, "question")) for element in _from(model.elements, turn, 1)]
    return tuple(found)


def _of(model: Model, question: Phrase) -> NextQuestion:
    return NextQuestion(question, model.words("title"), model.words("authors"))


def _from(ids: Sequence[str], turn: int, count: int) -> tuple[str, ...]:
    """Return *count* of *ids*, beginning at another one each *turn*."""
    start = turn % len(ids) if ids else 0
    return tuple((*ids[start:], *ids[:start])[:count])
