"""How the making of a portfolio begins: by the command, or with a statement. Its table: `routes/portfolio.py`."""

from __future__ import annotations

from dialogues import statements, walking
from dialogues.desk import Desk
from dialogues.routes import portfolio


def begin(desk: Desk) -> bool:
    """Begin with a statement that waits, or else with the themes; say so and return False when there is neither."""
    waits = bool(statements.waiting(desk.conversation))
    if not waits and not portfolio.found(desk):
        desk.say("portfolio.nothing")
        return False
    walking.interrupt(desk, "statement" if waits else "portfolio")
    return True


def tell_of_statement(desk: Desk) -> None:
    """Say once that a coach stated something for her portfolio."""
    if desk.conversation.consent and statements.untold(desk.conversation):
        desk.conversation = statements.told(desk.conversation, desk.now)
        desk.say("portfolio.waits")
