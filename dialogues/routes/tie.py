"""Tying an action of her team's board to a journey of her own, or untying it. Only she sees it (`dialogues/ties.py`)."""

from __future__ import annotations

from dialogues import ties
from dialogues.conversation import Choice, Phrase, Say, Value
from dialogues.desk import Desk
from dialogues.routes.asking import choose
from dialogues.table import Reply, Route, table
from dialogues.ties import Tieable

ARROWS = table("""
    # from     move     to
    which      more     which
    which      pick     journey
    which      untie    return
    journey    more     journey
    journey    tie      return
""")

PER_PAGE = 3


def instead(desk: Desk) -> str:
    """Return "" when there is something to tie or untie, else the key of what to say instead of asking."""
    if _all(desk):
        return ""
    return "tie.no_journey" if ties.tieables(desk.conversation, desk.boards) else "tie.no_actions"


def _all(desk: Desk) -> tuple[Tieable, ...]:
    """Return what can be tied or untied; without a journey to tie to, only what is tied."""
    found = ties.tieables(desk.conversation, desk.boards)
    return found if ties.can_hold(desk.conversation) else tuple(one for one in found if one.tie)


def _shown(desk: Desk) -> tuple[Tieable, ...]:
    start = desk.number("page") or 0
    return _all(desk)[start : start + PER_PAGE]


def _more(desk: Desk, name: str, count: int) -> str:
    """Turn to the next page, after the last one to the first."""
    page = (desk.number(name) or 0) + PER_PAGE
    desk.sets[name] = page if page < count else 0
    return "more"


def _say_which(desk: Desk) -> Say:
    items: tuple[Value, ...] = tuple(
        {**ties.action_words(one.action), "to": one.journey.to if one.journey else ""} for one in _shown(desk)
    )
    return Say("tie.which", {"items": items})


def _which_buttons(desk: Desk) -> tuple[Choice, ...]:
    count = len(_all(desk))
    picks = tuple(
        Choice(one.id, "untie" if one.tie else "pick", Phrase("tie.untie" if one.tie else "tie.pick", _text(one)))
        for one in _shown(desk)
    )
    return (*picks, *((Choice("more", "more"),) if count > PER_PAGE else ()))


def _text(one: Tieable) -> dict[str, Value]:
    """Return what a button says of *one*."""
    return {"text": one.action.text if one.action else Phrase("tie.unseen")}


def _which(desk: Desk, reply: Reply) -> str:
    found = _all(desk)
    if reply.choice == "more":
        return _more(desk, "page", len(found))
    one = next(one for one in found if one.id == reply.choice)
    if one.tie:
        desk.conversation = ties.untied(desk.conversation, one.tie)
        desk.say("tie.untied", text=one.action.text if one.action else "")
        return "untie"
    desk.sets["board_action"] = one.id
    return "pick"


def _journey_buttons(desk: Desk) -> tuple[Choice, ...]:
    start = desk.number("journey_page") or 0
    found = ties.can_hold(desk.conversation)
    picks = tuple(
        Choice(one.id, "tie", Phrase("journeys.pick", {"id": one.id, "to": one.to}))
        for one in found[start : start + PER_PAGE]
    )
    return (*picks, *((Choice("more", "more"),) if len(found) > PER_PAGE else ()))


def _picked(desk: Desk) -> Tieable | None:
    return next((one for one in _all(desk) if one.id == desk.get("board_action") and one.tie is None), None)


def _say_journey(desk: Desk) -> Say:
    one = _picked(desk)
    return Say("tie.journey", ties.action_words(one.action if one else None))


def _journey(desk: Desk, reply: Reply) -> str:
    if reply.choice == "more":
        return _more(desk, "journey_page", len(ties.can_hold(desk.conversation)))
    one, journey = _picked(desk), desk.find_journey(reply.choice)
    if one is None or one.action is None or journey is None:
        desk.say("tie.gone")
        return "tie"
    desk.conversation = ties.tied(desk.conversation, one.action, journey.id, desk.now)
    desk.say("tie.tied", text=one.action.text, to=journey.to)
    return "tie"


ROUTE = Route(
    name="tie",
    states={
        "which": choose("tie.which", (), _which, saying=_say_which, offer=_which_buttons),
        "journey": choose("tie.journey", (), _journey, saying=_say_journey, offer=_journey_buttons),
    },
    arrows=ARROWS,
)
