"""Meeting a coach, and stopping with one: who it is and what it means, and that ending is as easy as beginning."""

from __future__ import annotations

from dialogues import sharing
from dialogues.changing import replace
from dialogues.coaching import CoachId, Link
from dialogues.conversation import Say, Value
from dialogues.desk import Desk
from dialogues.routes.asking import choose, write
from dialogues.routes.coach_given import given
from dialogues.routes.coach_sharing import coach_buttons, name_of, which
from dialogues.table import Reply


def _say_meet(desk: Desk) -> Say:
    values: dict[str, Value] = {name: desk.get(name) for name in ("coach_name", "organisation")}
    return Say("coach.meet", {**values, "inside": desk.get("inside") == "yes"})


def _meet(desk: Desk, reply: Reply) -> str:
    if reply.choice == "decline":
        desk.say("coach.declined")
    return reply.choice


def _name(desk: Desk, reply: Reply) -> str:
    """Make the link, under the name she wants to have there; a skipped name is a neutral one."""
    link = Link(
        coach=CoachId(desk.get("coach")),
        handle=desk.get("handle"),
        name=desk.get("coach_name"),
        organisation=desk.get("organisation"),
        inside=desk.get("inside") == "yes",
        since=desk.now,
        known_as="" if reply.skipped else reply.text[:40],
    )
    others = tuple(one for one in desk.conversation.links if one.coach != link.coach or one.ended is not None)
    desk.conversation = replace(desk.conversation, links=(*others, link))
    desk.spends = desk.get("invitation")
    desk.say("coach.met", name=link.name)
    return "said"


# -- her coaches -------------------------------------------------------------------------------------------------


def _say_coaches(desk: Desk) -> Say:
    linked = sharing.links(desk.conversation)
    coaches: tuple[Value, ...] = tuple(
        {
            "name": link.name,
            "organisation": link.organisation,
            "since": link.since,
            "count": sum(one.coach == link.coach for one in given(desk)),
        }
        for link in linked
    )
    return Say("coach.coaches", {"coaches": coaches})


def _leave(desk: Desk, reply: Reply) -> str:
    """End the link: from now on this coach sees nothing, and what was shared is withdrawn with it."""
    coach = CoachId(desk.get("with"))
    if reply.choice == "end":
        desk.conversation = sharing.ended(desk.conversation, coach, desk.now)
        desk.say("coach.ended")
    return reply.choice


STATES = {
    "meet": choose("coach.meet", ("accept", "decline"), _meet, saying=_say_meet, echo=False),
    "name": write(
        "coach.name",
        _name,
        saying=lambda desk: Say("coach.name", {"name": desk.get("coach_name")}),
        skip=True,
        echo=False,
    ),
    "coaches": choose("coach.coaches", (), which, saying=_say_coaches, offer=coach_buttons, echo=False),
    "leave": choose(
        "coach.leave",
        ("end", "stays"),
        _leave,
        saying=lambda desk: Say("coach.leave", {"name": name_of(desk)}),
        echo=False,
    ),
}
