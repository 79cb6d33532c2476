"""
What a leader writes beside the open question: kept as it is, though it is no answer to that question.

Words where a button was asked for, words that came too early, and words at a question that was moved or is gone.
"""

from __future__ import annotations

from typing import Final

from dialogues.conversation import Kind, Reflection
from dialogues.desk import Desk

NO_BUTTON: Final = "words"
EARLY: Final = "early"
MOVED: Final = "moved"


def keep(desk: Desk, why: str, text: str, source: str, question: str = "") -> None:
    """Keep *text*, for one of the three reasons above, each in a place of its own: two never correct each other."""
    desk.keep(Kind.ANSWER, text, slot=f"{why}.{len(desk.frame.kept)}", question=question, source=source)


def newest(desk: Desk) -> Reflection | None:
    """Return what was kept last beside the question that is open, or None."""
    # An answer to this question that was given before has a slot here as well, and is not meant.
    here = tuple(f"{desk.frame.route}.{desk.frame.state}.{why}." for why in (NO_BUTTON, EARLY, MOVED))
    kept = [id_ for slot, id_ in desk.frame.kept.items() if slot.startswith(here)]
    return desk.find(kept[-1]) if kept else None
