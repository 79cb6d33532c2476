"""
Conversations that were left open when the tables changed: brought to where their questions stand now.

A state that was renamed, or split, has its successor in `MOVED` (map.py). One that is simply gone has none: such a
question cannot be asked any more, its answers are kept, and what was answered on the way there stays answered.
"""

from __future__ import annotations

from collections.abc import Iterable

from dialogues.changing import replace
from dialogues.conversation import Conversation, Frame, Step
from dialogues.map import MENU, MOVED, split, state


def settled(conversation: Conversation) -> Conversation:
    """Return *conversation* with the state of every question and of every answered step as it is called now."""
    frame, waiting = _settled(conversation.frame), tuple([_settled(frame) for frame in conversation.waiting])
    if frame is conversation.frame and waiting == conversation.waiting:
        return conversation  # as nearly always
    return replace(conversation, frame=frame, waiting=waiting)


def _settled(frame: Frame) -> Frame:
    route, name = _successor(frame.route, frame.state)
    steps = _walked(frame.steps)
    if (route, name, steps) == (frame.route, frame.state, frame.steps):
        return frame
    return replace(frame, route=route, state=name, steps=steps)


def _successor(route: str, name: str) -> tuple[str, str]:
    target = f"{route}.{name}"
    if target not in MOVED:
        return route, name
    while target in MOVED:
        target = MOVED[target]
    return split(target, route)


def _walked(steps: Iterable[Step]) -> tuple[Step, ...]:
    """Return *steps* without those whose question is gone; what they set goes to the step before."""
    left: list[Step] = []
    for step in steps:
        route, name = _successor(step.route, step.state)
        if state(route, name):
            left.append(step if (route, name) == (step.route, step.state) else replace(step, route=route, state=name))
        elif left:
            left[-1] = replace(left[-1], sets={**left[-1].sets, **step.sets})
        else:
            # Nobody can go back beyond the menu.
            left.append(Step(*split(MENU, ""), step.sets))
    return tuple(left)
