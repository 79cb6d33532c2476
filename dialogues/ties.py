"""
Actions of a team's board that a leader tied to a journey of hers. Only she sees a tie; it stands on her own page.

A tie outlives what it is about: when an action was done, dropped or taken away, when she is in that team no more or the
team was forgotten, the tie says so until she takes it away.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from dialogues.boards import BoardAction, Hers, Tie
from dialogues.changing import replace
from dialogues.conversation import Conversation, Journey, Phrase, Say, Status, Value

UNDER_WAY = frozenset({"open", "kept"})
"""What became of an action that can still be done."""


@dataclass(frozen=True, slots=True)
class Tieable:
    """An action that can be tied, or that is: to *journey* by *tie*. Without an *action* it is not seen any more."""

    action: BoardAction | None
    journey: Journey | None = None
    tie: Tie | None = None

    @property
    def id(self) -> str:
        """What names it on a button: the team and the latest id of the action."""
        if self.action:
            return f"{self.action.team}.{self.action.ids[-1]}"
        return f"{self.tie.team}.{self.tie.action}" if self.tie else ""


def tieables(conversation: Conversation, boards: Sequence[Hers]) -> tuple[Tieable, ...]:
    """Return her actions that are under way, tied or not, and whatever else is tied; in the order of the boards."""
    ties = [(tie, journey) for journey in conversation.journeys for tie in journey.ties]
    found: list[Tieable] = []
    for action in (action for hers in boards for action in hers.actions):
        own = [(tie, journey) for tie, journey in ties if _is_about(tie, action)]
        found += [Tieable(action, journey, tie) for tie, journey in own]
        if not own and action.became in UNDER_WAY:
            found.append(Tieable(action))
    seen = {one.tie for one in found}
    return (*found, *(Tieable(None, journey, tie) for tie, journey in ties if tie not in seen))


def tied_words(journey: Journey, boards: Sequence[Hers]) -> tuple[Value, ...]:
    """Return what is tied to *journey*, as values for the words: what it reads now and what became of it."""
    actions = [action for hers in boards for action in hers.actions]
    return tuple(action_words(next((one for one in actions if _is_about(tie, one)), None)) for tie in journey.ties)


def action_words(action: BoardAction | None) -> dict[str, Value]:
    """Return *action* as values for the words; of one that is not seen any more only that."""
    if action is None:
        return {"text": Phrase("tie.unseen"), "first": "", "when": "", "became": Phrase("tie.became.unseen")}
    return {
        "text": action.text,
        "first": action.first,
        "when": action.when,
        "became": Phrase(f"tie.became.{action.became}"),
    }


def can_hold(conversation: Conversation) -> tuple[Journey, ...]:
    """Return the journeys an action can be tied to: those that are not closed."""
    return tuple(journey for journey in conversation.journeys if journey.status != Status.CLOSED)


def tied(conversation: Conversation, action: BoardAction, journey: str, now: datetime) -> Conversation:
    """Return *conversation* in which *action* is tied to the journey of that id."""
    tie = Tie(action.team, action.ids[-1], now)
    return replace(
        conversation,
        journeys=tuple(
            replace(one, ties=(*one.ties, tie)) if one.id == journey else one for one in conversation.journeys
        ),
    )


def untied(conversation: Conversation, tie: Tie) -> Conversation:
    """Return *conversation* without *tie*."""
    return replace(
        conversation,
        journeys=tuple(
            replace(one, ties=tuple(other for other in one.ties if other != tie)) for one in conversation.journeys
        ),
    )


def beside_boards(conversation: Conversation, boards: Sequence[Hers]) -> Say | None:
    """Return what she reads beside the boards of her teams: what is tied, and how to tie; None when it is neither."""
    found = tieables(conversation, boards)
    ties: tuple[Value, ...] = tuple({**action_words(one.action), "to": one.journey.to} for one in found if one.journey)
    free = bool(can_hold(conversation)) and any(one.tie is None for one in found)
    return Say("tie.beside_boards", {"ties": ties, "free": free}) if ties or free else None


def _is_about(tie: Tie, action: BoardAction) -> bool:
    return tie.team == action.team and tie.action in action.ids
