"""
Correcting an answer: the reflection gets the new text, and everything that repeats the old one follows.

Only what this answer led to is touched: the contact it was given in, its plan and its journey. The same words in
another journey stay as they are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import TypeAlias

from dialogues import leads, plans
from dialogues.changing import replace
from dialogues.conversation import Frame, Journey, Plan, Reflection, Value, Whose
from dialogues.desk import Desk

Form: TypeAlias = Callable[[str], str]

_OF_A_PLAN: Mapping[str, tuple[Form, ...]] = {
    "moment": (plans.without_if,),
    "act": (plans.without_then,),
    **dict.fromkeys(("sign", "helper", "trace", "stop", "problem", "happened", "meaning"), ()),
}
_OF_A_JOURNEY = ("topic", "from_", "to", "who", "remember")


def correct(desk: Desk, reflection: Reflection, text: str) -> None:
    """Give *reflection* the new *text*; the older one stays in its history."""
    old = reflection.text
    desk.correct(reflection, text)
    _follow_in_contact(desk, reflection.contact, old, text)
    _follow_in_journeys(desk, {reflection.journey}, old, text)
    desk.conversation = replace(
        desk.conversation,
        plans=tuple(
            _in_plan(plan, old, text) if plan.id == reflection.plan or plan.problem == old else plan
            for plan in desk.conversation.plans
        ),
    )


def correct_steps(desk: Desk, source: str, text: str) -> bool:
    """Correct what the message *source* answered in contacts that are not over yet; return whether it did."""
    found = False
    for frame in (*desk.conversation.waiting, desk.frame):
        for step in frame.steps:
            old = step.sets.get("@text")
            if step.sets.get("@source") == source and isinstance(old, str):
                found = True
                begun = {str(set_.sets["journey"]) for set_ in frame.steps if set_.sets.get("journey")}
                _follow_in_contact(desk, frame.contact, old, text)
                _follow_in_journeys(desk, begun, old, text)
    return found


def _follow_in_contact(desk: Desk, contact: int, old: str, new: str) -> None:
    conversation = desk.conversation
    desk.conversation = replace(
        conversation,
        frame=_in_frame(conversation.frame, contact, old, new),
        waiting=tuple(_in_frame(frame, contact, old, new) for frame in conversation.waiting),
    )


def _follow_in_journeys(desk: Desk, ids: set[str], old: str, new: str) -> None:
    journeys = tuple(
        _in_journey(journey, old, new) if journey.id in ids else journey for journey in desk.conversation.journeys
    )
    desk.conversation = replace(desk.conversation, journeys=journeys)


def _followed(value: Value, old: str, new: str, forms: Iterable[Form] = ()) -> Value:
    """Return *value*, or when it is *old* in one of its *forms*, the same form of *new*."""
    every: tuple[Form, ...] = (*forms, leads.without_stop, str)
    for form in every:
        if value == form(old):
            return form(new)
    return value


def _forms(name: str, whose: Whose) -> tuple[Form, ...]:
    """Return in which form the part *name* of a from-to sentence repeats an answer."""
    sentence = {"from_": partial(leads.without_from, whose=whose), "to": partial(leads.without_to, whose=whose)}
    return (sentence[name],) if name in sentence else ()


def _in_frame(frame: Frame, contact: int, old: str, new: str) -> Frame:
    if frame.contact != contact:
        return frame
    named = [step.sets["whose"] for step in frame.steps if "whose" in step.sets]
    whose = Whose(str(named[-1])) if named else Whose.OWN
    steps = tuple(
        replace(step, sets={name: _followed(set_, old, new, _forms(name, whose)) for name, set_ in step.sets.items()})
        for step in frame.steps
    )
    return replace(frame, steps=steps, echo=new if frame.echo == old else frame.echo)


def _in_plan(plan: Plan, old: str, new: str) -> Plan:
    light = plan.kind in ("look", "ask", "wait")
    parts = {
        name: _followed(getattr(plan, name), old, new, () if light else forms) for name, forms in _OF_A_PLAN.items()
    }
    return replace(plan, **parts)  # type: ignore[arg-type]


def _in_journey(journey: Journey, old: str, new: str) -> Journey:
    parts = {name: _followed(getattr(journey, name), old, new, _forms(name, journey.whose)) for name in _OF_A_JOURNEY}
    return replace(journey, **parts)  # type: ignore[arg-type]
