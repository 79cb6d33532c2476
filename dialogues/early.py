"""
What a leader wrote before she could read the question that is open now, such as an answer sent in three messages.

It belongs to what she answered just before, so it joins that answer; with no such answer it is kept by itself. It never
answers the open question. Whether a text came too early is told by the shell, which knows what has arrived.
"""

from __future__ import annotations

from dialogues import beside
from dialogues.changing import replace
from dialogues.conversation import Conversation, Said
from dialogues.corrections import correct, correct_steps
from dialogues.desk import Desk

_ANY_TEXT = frozenset({"home", "thought", "resume"})
"""Places where a text is no answer to a question that must have been read first."""


def joins(conversation: Conversation) -> bool:
    """Return whether an early text is kept apart from the open question of *conversation*."""
    return conversation.consent is not None and conversation.frame.route not in _ANY_TEXT


def join(desk: Desk, said: Said) -> None:
    """Put *said* with the answer before it, and say where it stands now; the open question stays as it is."""
    source = _source_before(desk)
    before = [kept for kept in desk.journal if source and kept.source == source]
    text = before[-1].text if before else _text_before(desk, source)
    if not text:
        beside.keep(desk, beside.EARLY, said.text, said.source)
        desk.say("common.kept_apart")
        return
    whole = f"{text}\n{said.text}"
    for reflection in before:
        correct(desk, reflection, whole)
        # Nothing was taken back, so there is no older text to remember.
        desk.kept[reflection.id] = replace(desk.kept[reflection.id], history=reflection.history)
    correct_steps(desk, source, whole)
    desk.say("common.joined", text=text)


def _source_before(desk: Desk) -> str:
    """Return the message of the answer just given: words kept beside this very question, or the last answered step."""
    loose = beside.newest(desk)
    if loose:
        return loose.source
    source = desk.frame.steps[-1].sets.get("@source") if desk.frame.steps else ""
    return source if isinstance(source, str) else ""


def _text_before(desk: Desk, source: str) -> str:
    last = desk.frame.steps[-1].sets if desk.frame.steps else {}
    text = last.get("@text") if source and last.get("@source") == source else ""
    return text if isinstance(text, str) else ""
