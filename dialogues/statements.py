"""
What a coach states for the portfolio of a leader, and her answer to it.

A coach can state something about a journey that is shared whole, once per journey. It waits until the leader read it and
says yes or no; only with a yes it goes into the portfolio, word for word. What was accepted stays hers, also when the link
with that coach ends.
"""

from __future__ import annotations

from datetime import datetime

from dialogues import sharing
from dialogues.changing import replace
from dialogues.coaching import CoachId, Statement
from dialogues.conversation import Conversation

STATEMENT_LENGTH = 800
"""Characters of a statement, at most."""


def with_statement(
    conversation: Conversation, coach: CoachId, journey: str, text: str, now: datetime
) -> tuple[Conversation, Statement]:
    """Return *conversation* with the statement *text*, in the place of an older one that was not answered with yes."""
    counted = {**conversation.counted, "s": conversation.counted.get("s", 0) + 1}
    statement = Statement(f"s{counted['s']}", coach, journey, text, now)
    kept = tuple(one for one in conversation.statements if one.accepted or (one.coach, one.about) != (coach, journey))
    return replace(conversation, counted=counted, statements=(*kept, statement)), statement


def waiting(conversation: Conversation) -> tuple[Statement, ...]:
    """Return the statements that wait for an answer, the oldest first, of coaches who still are hers."""
    linked = {link.coach for link in sharing.links(conversation)}
    return tuple(one for one in conversation.statements if one.answered is None and one.coach in linked)


def answered(conversation: Conversation, id_: str, now: datetime, *, accepted: bool) -> Conversation:
    """Return *conversation* in which the statement *id_* was answered; one that was answered before stays as it was."""
    statements = tuple(
        replace(one, answered=now, told=one.told or now, accepted=accepted)
        if one.id == id_ and one.answered is None
        else one
        for one in conversation.statements
    )
    return replace(conversation, statements=statements)


def told(conversation: Conversation, now: datetime) -> Conversation:
    """Return *conversation* in which she was told of every statement that waits."""
    waits = {one.id for one in waiting(conversation)}
    statements = tuple(
        replace(one, told=one.told or now) if one.id in waits else one for one in conversation.statements
    )
    return replace(conversation, statements=statements)


def untold(conversation: Conversation) -> bool:
    """Return whether a statement waits that she was not told of."""
    return any(one.told is None for one in waiting(conversation))
