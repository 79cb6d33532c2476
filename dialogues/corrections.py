"""
Correcting an answer: the reflection gets the new text, and everything that repeats the old one follows.

Only what this answer led to is touched: the contact it was given in, its plan and its journey. The same words in another
journey stay as they are.
"""

from __future__ import annotations

from dataclasses import replace

from dialogues import leads, plans
from dialogues.conversation import Frame, Journey, Plan, Reflection, Step, Value, Whose
from dialogues.desk import Desk

_OF_A_PLAN = ("moment", "act", "sign", "helper", "trace", "stop", "problem", "happened", "meaning")
_OF_A_JOURNEY = ("topic", "from_", "to", "who", "remember")


def correct(desk: Desk, reflection: Reflection, text: str) -> None:
    """Give *reflection* the new *text*; the older one stays in its history."""
    pairs = _pairs(reflection.text, text)
    desk.correct(reflection, text)
    conversation = desk.conversation
    desk.conversation = replace(
        conversation,
        frame=_in_frame(conversation.frame, pairs, reflection.contact),
        waiting=tuple(_in_frame(frame, pairs, reflection.contact) for frame in conversation.waiting),
        plans=tuple(
            _in_plan(plan, pairs) if plan.id == reflection.plan or plan.problem == reflection.text else plan
            for plan in conversation.plans
        ),
        journeys=tuple(
            _in_journey(journey, pairs) if journey.id == reflection.journey else journey
            for journey in conversation.journeys
        ),
    )


def correct_steps(desk: Desk, source: str, text: str) -> bool:
    """Correct what the message *source* answered in contacts that are not over yet; return whether it did."""
    conversation = desk.conversation
    found = False
    for frame in (*conversation.waiting, conversation.frame):
        for step in frame.steps:
            old = step.sets.get("@text")
            if step.sets.get("@source") == source and isinstance(old, str):
                found = True
                _correct_contact(desk, frame, _pairs(old, text))
    return found


def _correct_contact(desk: Desk, frame: Frame, pairs: dict[str, str]) -> None:
    conversation = desk.conversation
    begun = {step.sets["journey"] for step in frame.steps if step.sets.get("journey")}
    desk.conversation = replace(
        conversation,
        frame=_in_frame(conversation.frame, pairs, frame.contact),
        waiting=tuple(_in_frame(other, pairs, frame.contact) for other in conversation.waiting),
        journeys=tuple(
            _in_journey(journey, pairs) if journey.id in begun else journey for journey in conversation.journeys
        ),
    )


def _pairs(old: str, new: str) -> dict[str, str]:
    """Return *old* and the forms in which a sentence or a plan repeats it, each with what takes its place."""
    forms = [plans.without_if, plans.without_then]
    pairs = {form(old): form(new) for form in forms}
    for whose in Whose:
        pairs |= {leads.without_from(old, whose): leads.without_from(new, whose)}
        pairs |= {leads.without_to(old, whose): leads.without_to(new, whose)}
    return pairs | {old: new}


def _swapped(value: Value, pairs: dict[str, str]) -> Value:
    return pairs.get(value, value) if isinstance(value, str) else value


def _in_frame(frame: Frame, pairs: dict[str, str], contact: int) -> Frame:
    if frame.contact != contact:
        return frame
    steps = tuple(
        Step(step.route, step.state, {name: _swapped(value, pairs) for name, value in step.sets.items()})
        for step in frame.steps
    )
    return replace(frame, steps=steps, echo=pairs.get(frame.echo, frame.echo))


def _in_plan(plan: Plan, pairs: dict[str, str]) -> Plan:
    return replace(plan, **{name: pairs.get(getattr(plan, name), getattr(plan, name)) for name in _OF_A_PLAN})


def _in_journey(journey: Journey, pairs: dict[str, str]) -> Journey:
    return replace(journey, **{name: _swapped(getattr(journey, name), pairs) for name in _OF_A_JOURNEY})  # type: ignore[arg-type]
