"""Several journeys beside each other: list, go on, let rest, close as a full outcome, and read again."""

from __future__ import annotations

from dialogues.changing import replace
from dialogues.conversation import Choice, Journey, Kind, Phrase, Say, Status, Value
from dialogues.desk import Desk
from dialogues.routes.asking import choose, keep_answer, write
from dialogues.table import Reply, Route, table
from dialogues.ties import tied_words

ARROWS = table("""
    # from     move      to
    list       pick      one
    list       more      list
    list       new       journey.whose
    one        go_on     contact.question
    one        place     diagnosis.willing   # begun, but not placed in a phase yet
    one        rest      return
    one        close     remember
    one        read      one
    one        to_list   list
    remember   said      return
""")

PER_PAGE = 3


def _order(desk: Desk) -> list[Journey]:
    rank = {Status.OPEN: 0, Status.RESTING: 1, Status.CLOSED: 2}
    newest = sorted(desk.conversation.journeys, key=lambda journey: journey.changed or journey.begun, reverse=True)
    return sorted(newest, key=lambda journey: rank[journey.status])


def _shown(desk: Desk) -> list[Journey]:
    start = desk.number("page") or 0
    return _order(desk)[start : start + PER_PAGE]


def journey_words(desk: Desk, journey: Journey) -> dict[str, Value]:
    """Return a journey as values for the words."""
    models = desk.repertoire.models
    tied = tied_words(journey, desk.boards)
    return {
        "id": journey.id,
        "from_": journey.from_,
        "to": journey.to,
        "whose": Phrase(f"journeys.whose.{journey.whose}"),
        "who": journey.who,
        "phase": Phrase(f"phases.p{journey.phase}.name") if journey.phase else "",
        "status": Phrase(f"journeys.status.{journey.status}"),
        "begun": journey.begun,
        "tied": tuple(models[id_].words("title") for id_ in journey.tied if id_ in models),
        "action": tied[-1] if tied else "",
        "actions": len(tied),
    }


def _say_list(desk: Desk) -> Say:
    return Say("journeys.list", {"journeys": tuple(journey_words(desk, journey) for journey in _shown(desk))})


def _list_buttons(desk: Desk) -> tuple[Choice, ...]:
    picks = tuple(Choice(j.id, "pick", Phrase("journeys.pick", {"id": j.id, "to": j.to})) for j in _shown(desk))
    more = (Choice("more", "more"),) if len(desk.conversation.journeys) > PER_PAGE else ()
    return (*picks, *more, Choice("new", "new", Phrase("journeys.new")))


def _list(desk: Desk, reply: Reply) -> str:
    if reply.choice == "more":
        page = (desk.number("page") or 0) + PER_PAGE
        desk.sets["page"] = page if page < len(desk.conversation.journeys) else 0
        return "more"
    if reply.choice == "new":
        return "new"
    desk.sets["looked_at"] = reply.choice
    return "pick"


def _looked_at(desk: Desk) -> Journey | None:
    return desk.find_journey(desk.get("looked_at"))


def _say_one(desk: Desk) -> Say:
    journey = _looked_at(desk)
    return Say("journeys.one", journey_words(desk, journey) if journey else {})


def _one_buttons(desk: Desk) -> tuple[Choice, ...]:
    journey = _looked_at(desk)
    status = journey.status if journey else Status.CLOSED
    ids = {
        Status.OPEN: ("go_on", "rest", "close", "read", "to_list"),
        Status.RESTING: ("go_on", "close", "read", "to_list"),
        Status.CLOSED: ("read", "to_list"),
    }[status]
    return tuple(Choice(id_, id_, Phrase(f"journeys.buttons.{id_}")) for id_ in ids)


def _one(desk: Desk, reply: Reply) -> str:
    journey = _looked_at(desk)
    if journey is None or reply.choice == "to_list":
        return "to_list"
    if reply.choice == "read":
        desk.lines.append(story(desk, journey))
        return "read"
    if reply.choice == "rest":
        desk.put_journey(replace(journey, status=Status.RESTING))
        desk.say("journeys.resting")
        return "rest"
    desk.sets["journey"] = journey.id
    if reply.choice == "close":
        return "close"
    desk.put_journey(replace(journey, status=Status.OPEN))
    return "go_on" if journey.phase else "place"


def story(desk: Desk, journey: Journey) -> Say:
    """Return the journey with everything the leader wrote in it, oldest first."""
    lines: tuple[Value, ...] = tuple(
        {"id": kept.id, "text": kept.text, "said": kept.said}
        for kept in desk.journal
        if kept.journey == journey.id and kept.text and kept.kind not in (Kind.RULER, Kind.PHASE)
    )
    return Say("journeys.story", {**journey_words(desk, journey), "lines": lines, "remember": journey.remember})


def _remember(desk: Desk, reply: Reply) -> str:
    journey = desk.journey
    keep_answer(desk, reply, "remember")
    if journey:
        desk.put_journey(replace(journey, status=Status.CLOSED, remember=reply.text))
        for plan in desk.conversation.plans:
            if plan.journey == journey.id:
                desk.drop_moments("checkin", plan.id)
        desk.conversation = replace(desk.conversation, current="")
    desk.say("journeys.closed")
    return "said"


ROUTE = Route(
    name="journeys",
    states={
        "list": choose("journeys.list", (), _list, saying=_say_list, offer=_list_buttons),
        "one": choose("journeys.one", (), _one, saying=_say_one, offer=_one_buttons),
        "remember": write("journeys.remember", _remember, skip=True),
    },
    arrows=ARROWS,
)
