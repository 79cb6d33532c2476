"""
The compass: seven factors of a learning school (Marsick & Watkins, 1999; OECD, 2016) as the way into everything there is.

From a factor to what belongs to it, from there to one model or card; and from a search straight to what was found, with the
words that made it fit. From an item one tap starts it, keeps it, or ties it to the journey that is under way.
"""

from __future__ import annotations

from dialogues import offering, scanning
from dialogues.changing import replace
from dialogues.conversation import Choice, Frame, Journey, Phrase, Say, Status, Value, Whose
from dialogues.desk import Desk, set_in
from dialogues.models import Form, Model
from dialogues.repertoire import Repertoire
from dialogues.routes import contact
from dialogues.routes.asking import choose
from dialogues.table import Reply, Route, table

ARROWS = table("""
    # from     move       to
    factors    pick       factor
    factors    saved      list
    factor     question   reflect.question
    factor     scan       list
    factor     all        list
    list       pick       item
    list       more       list
    found      pick       item
    item       scan       scan.start
    item       question   reflect.question
    item       walk       walk.step
    item       read       read
    item       keep       item
    item       tie        item
    item       wicked     wicked.problem
    item       journey    journey.whose
    item       vision     vision.hall
    item       matrix     vision.matrix
    item       plan       plan.when           # a card, for the journey under way
    item       light      plan.light
    item       wait       plan.light_what
    item       kinds      contact.kinds
    item       openly     contact.openly
    item       ticks      contact.ticks
    read       more       read
    read       item       item
""")

PER_PAGE = 5
READ_AT_ONCE = 3
_PAGE = "page"


# -- the seven factors -------------------------------------------------------------------------------------------


def _factor_buttons(desk: Desk) -> tuple[Choice, ...]:
    numbered = tuple(
        Choice(id_, "pick", Phrase("compass.number", {"number": str(number)}))
        for number, id_ in enumerate(desk.repertoire.factors, 1)
    )
    saved = (Choice("saved", "saved", Phrase("compass.buttons.saved")),) if desk.conversation.saved else ()
    return (*numbered, *saved)


def _say_factors(desk: Desk) -> Say:
    return Say(
        "compass.factors", {"factors": tuple(Phrase(f"topics.factors.{id_}.label") for id_ in desk.repertoire.factors)}
    )


def _factors(desk: Desk, reply: Reply) -> str:
    desk.sets["factor"] = "" if reply.choice == "saved" else reply.choice
    desk.sets["kind"] = reply.choice if reply.choice == "saved" else ""
    desk.sets["model"] = ""
    return "saved" if reply.choice == "saved" else "pick"


def _say_factor(desk: Desk) -> Say:
    factor = desk.get("factor")
    models = desk.repertoire.under(factor)
    values: dict[str, Value] = {
        "name": Phrase(f"topics.factors.{factor}.name"),
        "count": len(models),
        "scans": sum(Form.SCAN in model.forms for model in models),
    }
    return Say("compass.factor", values)


def _factor(desk: Desk, reply: Reply) -> str:
    desk.sets["kind"] = reply.choice
    return reply.choice


# -- lists -------------------------------------------------------------------------------------------------------


def _listed(desk: Desk) -> tuple[str, ...]:
    """Return the items of the list that is looked at."""
    if desk.get("kind") == "saved":
        return tuple(item for item in desk.conversation.saved if desk.repertoire.has(item))
    models = desk.repertoire.under(desk.get("factor"))
    return tuple(f"model:{model.id}" for model in models if desk.get("kind") != "scan" or Form.SCAN in model.forms)


def _page(desk: Desk) -> tuple[str, ...]:
    every = _listed(desk)
    start = desk.number(_PAGE) or 0
    return every[start : start + PER_PAGE] or every[:PER_PAGE]


def _list_buttons(desk: Desk) -> tuple[Choice, ...]:
    more = (Choice("more", "more"),) if len(_listed(desk)) > PER_PAGE else ()
    return (*_codes(desk, _page(desk)), *more)


def _codes(desk: Desk, items: tuple[str, ...]) -> tuple[Choice, ...]:
    codes = [desk.repertoire.code(item) for item in items]
    return tuple(Choice(code, "pick", Phrase("compass.number", {"number": code})) for code in codes)


def _line(desk: Desk, item: str) -> dict[str, Value]:
    """Return what a list says about *item*: its code, its name, and in which forms it comes."""
    kind, _, id_ = item.partition(":")
    code = desk.repertoire.code(item)
    if kind == "card":
        return {"code": code, "title": Phrase(f"cards.{id_}.short"), "form": Phrase("compass.forms.intervention")}
    model = desk.repertoire.models[id_]
    form = next(form for form in Form if form in model.forms)
    return {"code": code, "title": model.words("title"), "form": Phrase(f"compass.forms.{form}")}


def _say_list(desk: Desk) -> Say:
    every, page = _listed(desk), _page(desk)
    factor = desk.get("factor")
    first = every.index(page[0]) + 1 if page else 0
    values: dict[str, Value] = {
        "first": first,
        "last": first + len(page) - 1,
        "pages": len(every) > PER_PAGE,
        "label": Phrase(f"topics.factors.{factor}.label") if factor else "",
        "count": len(every),
        "items": tuple(_line(desk, item) for item in page),
    }
    return Say("compass.list", values)


def _list(desk: Desk, reply: Reply) -> str:
    if reply.choice == "more":
        start = (desk.number(_PAGE) or 0) + PER_PAGE
        desk.sets[_PAGE] = start if start < len(_listed(desk)) else 0
        return "more"
    desk.sets["item"] = desk.repertoire.item(reply.choice)
    return "pick"


# -- what was found ----------------------------------------------------------------------------------------------


def _hits(desk: Desk) -> tuple[str, ...]:
    """Return the items that a search found, without what the content no longer holds."""
    return tuple(item for item in desk.names("hits") if desk.repertoire.has(item))[:PER_PAGE]


def _say_found(desk: Desk) -> Say:
    because = dict(zip(desk.names("hits"), desk.names("hits_because"), strict=False))
    own = [kept for id_ in desk.names("hits_own") if (kept := desk.find(id_))]
    values: dict[str, Value] = {
        "query": desk.get("query"),
        "items": tuple({**_line(desk, item), "because": because.get(item, "")} for item in _hits(desk)),
        "own": tuple({"id": kept.id, "said": kept.said, "text": kept.text} for kept in own),
    }
    return Say("compass.found", values)


def _found(desk: Desk, reply: Reply) -> str:
    desk.sets["item"] = desk.repertoire.item(reply.choice)
    desk.sets["factor"] = desk.sets["model"] = ""
    return "pick"


# -- one item ----------------------------------------------------------------------------------------------------


def _item(desk: Desk) -> tuple[str, str]:
    """Return the kind of the item that is looked at, and its id."""
    kind, _, id_ = desk.get("item").partition(":")
    return kind, id_


def _under_way(desk: Desk) -> Journey | None:
    """Return the journey that is worked on, when it is open."""
    journey = desk.find_journey(desk.conversation.current)
    return journey if journey and journey.status == Status.OPEN else None


def _item_buttons(desk: Desk) -> tuple[Choice, ...]:
    kind, id_ = _item(desk)
    journey = _under_way(desk)
    ids = []
    if kind == "card":
        ids += _tries(desk, id_)
    else:
        model = desk.repertoire.models[id_]
        ids += _starts(model)
        ids += ["read"]
    ids += ["unkeep" if desk.get("item") in desk.conversation.saved else "keep"]
    if journey and kind == "model" and desk.repertoire.models[id_].asks and id_ not in journey.tied:
        ids.append("tie")
    return tuple(Choice(id_, id_, Phrase(f"compass.buttons.{id_}")) for id_ in ids)


def _tries(desk: Desk, card: str) -> list[str]:
    """Return how a card can be taken up: in the journey under way, or by beginning one; a sharp one rests for a day."""
    journey = _under_way(desk)
    if journey is None:
        return ["journey"]
    label = desk.repertoire.card(card).label
    return ["try"] if journey.phase and (not label or offering.may_push(desk, journey)) else []


def _starts(model: Model) -> list[str]:
    """Return what can be started with *model*: its scan, and a question or the route it belongs to."""
    scan = ["scan"] if Form.SCAN in model.forms else []
    if Form.WALK in model.forms:
        return [*scan, "walk"]
    asks = ["question"] if model.asks else []
    return [*scan, *([model.start] if model.start else asks)]


def _say_item(desk: Desk) -> Say:
    kind, id_ = _item(desk)
    if kind == "card":
        card, journey = desk.repertoire.card(id_), _under_way(desk)
        words: dict[str, Value] = {name: Phrase(f"cards.{id_}.{name}") for name in ("term", "meaning", "why", "source")}
        values: dict[str, Value] = {
            **words,
            "code": desk.repertoire.code(desk.get("item")),
            "phase": Phrase(f"phases.p{card.phase}.name") if card.phase else "",
            "label": Phrase(f"contact.label.{card.label}") if card.label else "",
            "step": "" if card.label else Phrase(f"cards.{id_}.step.{journey.whose if journey else Whose.OWN}"),
            "rests": bool(card.label and journey and not offering.may_push(desk, journey)),
        }
        return Say("compass.card", values)
    model = desk.repertoire.models[id_]
    last = scanning.finished(desk.conversation, id_)
    return Say(
        "compass.model",
        {
            "code": model.code,
            "title": model.words("title"),
            "about": model.words("about"),
            "source": model.words("authors"),
            "caution": model.words("caution") if model.cautious else "",
            "count": len(model.elements),
            "last": (last[-1].finished or "") if last else "",
            "today": desk.today,
        },
    )


def _hear_item(desk: Desk, reply: Reply) -> str:
    kind, id_ = _item(desk)
    if reply.choice in ("keep", "unkeep"):
        others = tuple(item for item in desk.conversation.saved if item != desk.get("item"))
        saved = (*others, desk.get("item")) if reply.choice == "keep" else others
        desk.conversation = replace(desk.conversation, saved=saved)
        desk.say(f"compass.{reply.choice}_done")
        return "keep"
    if reply.choice == "tie":
        _tie(desk, id_)
        return "tie"
    if reply.choice == "try":
        desk.sets["journey"] = desk.conversation.current
        return contact.take(desk, id_)
    desk.sets["model"] = id_ if kind == "model" else ""
    return reply.choice


def _tie(desk: Desk, model: str) -> None:
    journey = _under_way(desk)
    if journey:
        desk.put_journey(replace(journey, tied=(*journey.tied, model)))
        desk.say("compass.tied", to=journey.to)


# -- reading a model ---------------------------------------------------------------------------------------------


def _say_read(desk: Desk) -> Say:
    model = desk.repertoire.models[_item(desk)[1]]
    start = desk.number("read_from") or 0
    part = model.elements[start : start + READ_AT_ONCE]
    elements: tuple[Value, ...] = tuple(
        {
            "term": model.of(element, "term"),
            "meaning": model.of(element, "meaning"),
            "board": model.of(element, "board") if Form.BOARD in model.forms else "",
            "parts": tuple(model.of(element, f"parts.{part}") for part in model.parts.get(element, ())),
        }
        for element in part
    )
    values: dict[str, Value] = {
        "title": model.words("title"),
        "elements": elements,
        "first": start + 1,
        "count": len(model.elements),
        "ask": model.words("ask"),
        "ends": start + READ_AT_ONCE >= len(model.elements),
    }
    return Say("compass.read", values)


def _read_buttons(desk: Desk) -> tuple[Choice, ...]:
    model = desk.repertoire.models[_item(desk)[1]]
    more = (desk.number("read_from") or 0) + READ_AT_ONCE < len(model.elements)
    ids = ("more", "item") if more else ("item",)
    return tuple(Choice(id_, id_, None if id_ == "more" else Phrase(f"compass.buttons.{id_}")) for id_ in ids)


def _read(desk: Desk, reply: Reply) -> str:
    desk.sets["read_from"] = (desk.number("read_from") or 0) + READ_AT_ONCE if reply.choice == "more" else 0
    return reply.choice


def _stands(frame: Frame, known: Repertoire) -> bool:
    """Return whether the item that is looked at still stands in the content; elsewhere there is nothing to miss."""
    item = set_in(frame, "item")
    return frame.state not in ("item", "read") or (isinstance(item, str) and known.has(item))


ROUTE = Route(
    name="compass",
    states={
        "factors": choose(
            "compass.factors", (), _factors, saying=_say_factors, offer=_factor_buttons, echo=False, row=True
        ),
        "factor": choose("compass.factor", ("question", "scan", "all"), _factor, saying=_say_factor, echo=False),
        "list": choose("compass.list", (), _list, saying=_say_list, offer=_list_buttons, echo=False, row=True),
        "found": choose(
            "compass.found",
            (),
            _found,
            saying=_say_found,
            offer=lambda desk: _codes(desk, _hits(desk)),
            echo=False,
            row=True,
        ),
        "item": choose(
            "compass.model",
            (),
            _hear_item,
            saying=_say_item,
            keys=("compass.model", "compass.card"),
            offer=_item_buttons,
            echo=False,
        ),
        "read": choose("compass.read", (), _read, saying=_say_read, offer=_read_buttons, echo=False),
    },
    arrows=ARROWS,
    stands=_stands,
)
