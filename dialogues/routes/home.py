"""Home: no question is open. The menu, and the place where any text may become a thought, a journey or a card."""

from __future__ import annotations

from dialogues.changing import replace
from dialogues.conversation import Choice, Journey, Phrase, Say, Status
from dialogues.desk import Desk
from dialogues.routes.asking import choose
from dialogues.table import Reply, Route, table

ARROWS = table("""
    # from    move       to
    menu      resume     return             # a contact waits
    menu      go_on      contact.question   # the journey the leader is on
    menu      place      diagnosis.willing  # a journey not placed in a phase yet
    menu      journey    journey.whose
    menu      wicked     wicked.problem
    menu      compass    compass.factors
    menu      thought    thought.write      # at first; later whatever is typed is a thought
    menu      journeys   journeys.list
    menu      said       thought.offer
""")


def going_on(desk: Desk) -> str:
    """Return the move that goes on where the leader was, or "" when nothing is under way."""
    if desk.conversation.waiting:
        return "resume"
    journey = _under_way(desk)
    if journey is None:
        return ""
    return "go_on" if journey.phase else "place"


def _under_way(desk: Desk) -> Journey | None:
    """Return the journey the leader is on; when that one rests or is closed, the open one she worked on last."""
    still_open = [journey for journey in desk.conversation.journeys if journey.status == Status.OPEN]
    latest = max(still_open, key=lambda journey: journey.changed or journey.begun, default=None)
    return next((journey for journey in still_open if journey.id == desk.conversation.current), latest)


def _buttons(desk: Desk) -> tuple[Choice, ...]:
    first = going_on(desk)
    ids = [first] if first else []
    ids += ["journey", "wicked", "compass"]
    ids.append("journeys" if desk.conversation.journeys else "thought")
    return tuple(Choice(id_, id_, Phrase(f"home.buttons.{id_}")) for id_ in ids)


def _menu(desk: Desk) -> Say:
    return Say("home.menu" if desk.conversation.journeys or desk.conversation.waiting else "home.first_menu")


def _hear(desk: Desk, reply: Reply) -> str:
    if reply.choice == "resume":
        *others, last = desk.conversation.waiting
        desk.conversation = replace(desk.conversation, waiting=(*others, replace(last, parked=False)))
    journey = _under_way(desk)
    if reply.choice in ("go_on", "place") and journey:
        desk.sets["journey"] = journey.id
    if reply.choice:
        return reply.choice
    desk.sets["thought"] = reply.text
    desk.sets["source"] = reply.source
    return "said"


ROUTE = Route(
    name="home",
    states={
        "menu": choose(
            "home.menu",
            (),
            _hear,
            saying=_menu,
            keys=("home.menu", "home.first_menu"),
            offer=_buttons,
            text=True,
            later=False,
            echo=False,
        )
    },
    arrows=ARROWS,
)
