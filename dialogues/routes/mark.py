"""
The end of a contact: one sentence may be kept as a reason, a worry or proof, to be quoted back later. After the first plan
about somebody else the mirror comes before it: what does this ask of the leader's own thinking?
"""

from __future__ import annotations

from dialogues import sharing
from dialogues.changing import replace
from dialogues.conversation import Mark, Say, Whose
from dialogues.desk import Desk
from dialogues.routes import coach_sharing
from dialogues.routes.asking import choose
from dialogues.table import Reply, Route, table

ARROWS = table("""
    # from   move     to
    ask      reason   return
    ask      worry    return
    ask      proof    return
    ask      none     return
    ask      one      coach.level    # with a coach: how much of it to share
    ask      pick     coach.which
    mirror   yes      journey.from   # a journey of her own
    mirror   mark     ask
    mirror   no       return
""")


def _say(desk: Desk) -> Say:
    reflection = desk.find(desk.get("written"))
    return Say("mark.ask", {"text": reflection.text if reflection else ""})


def _hear(desk: Desk, reply: Reply) -> str:
    reflection = desk.find(desk.get("written"))
    if reflection and reply.choice != "none":
        desk.mark(reflection, Mark(reply.choice))
        desk.say("mark.kept")
    if reflection and sharing.links(desk.conversation):
        desk.sets["share"] = reflection.id
        return coach_sharing.begin(desk)
    return reply.choice


def _mirror(desk: Desk, reply: Reply) -> str:
    journey = desk.journey
    if journey:
        desk.put_journey(replace(journey, mirrored=True))
    if reply.choice == "no":
        return "mark" if desk.get("written") else "no"
    desk.begin_anew()
    desk.sets |= {"whose": Whose.OWN.value, "topic": journey.topic if journey else "", "journey": "", "plan": ""}
    desk.sets |= {"who": "", "pick": "", "from_": "", "to": "", "card": "", "written": ""}
    return "yes"


ROUTE = Route(
    name="mark",
    states={
        "ask": choose("mark.ask", ("reason", "worry", "proof", "none"), _hear, saying=_say, later=False, echo=False),
        "mirror": choose("mark.mirror", ("yes", "no"), _mirror, echo=False),
    },
    arrows=ARROWS,
)
