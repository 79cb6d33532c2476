"""Own words: at the end of a contact one sentence may be kept as a reason, a worry or proof, to be quoted back later."""

from __future__ import annotations

from dialogues.conversation import Mark, Say
from dialogues.desk import Desk
from dialogues.routes.asking import choose
from dialogues.table import Reply, Route, table

ARROWS = table("""
    # from   move     to
    ask      reason   return
    ask      worry    return
    ask      proof    return
    ask      none     return
""")


def _say(desk: Desk) -> Say:
    reflection = desk.find(desk.get("written"))
    return Say("mark.ask", {"text": reflection.text if reflection else ""})


def _hear(desk: Desk, reply: Reply) -> str:
    reflection = desk.find(desk.get("written"))
    if reflection and reply.choice != "none":
        desk.mark(reflection, Mark(reply.choice))
        desk.say("mark.kept")
    return reply.choice


ROUTE = Route(
    name="mark",
    states={
        "ask": choose("mark.ask", ("reason", "worry", "proof", "none"), _hear, saying=_say, later=False, echo=False)
    },
    arrows=ARROWS,
)
