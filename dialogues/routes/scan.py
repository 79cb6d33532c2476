"""
A self-scan: one statement a message, five points, and a profile at the end with one question about it.

Every answer is kept at once. Who stops, or is interrupted for weeks, goes on at the first statement without an answer. A
long scan has rounds, and after each of them the leader may see what there is so far. A profile is no grade; the next time
both profiles stand side by side.
"""

from __future__ import annotations

from dialogues import scanning
from dialogues.changing import replace
from dialogues.conversation import Choice, Frame, Kind, Phrase, Say, Scan, Value
from dialogues.desk import Desk, set_in
from dialogues.models import Model
from dialogues.repertoire import Repertoire
from dialogues.routes.asking import choose, keep_answer, write
from dialogues.table import Reply, Route, table
from dialogues.who_reads import who_reads

ARROWS = table("""
    # from    move      to
    start     begin     item
    start     on        item              # where it was left
    start     anew      item
    start     profile   meaning           # that of the last time
    item      said      item
    item      round     round             # a round is done, and there is another
    item      result    meaning
    round     on        item
    round     done      meaning           # what there is so far
    meaning   said      return
    meaning   station   vision.station    # the scan was a tool there
""")


def _model(desk: Desk) -> Model:
    return desk.repertoire.models[desk.get("model")]


def _scan(desk: Desk) -> Scan:
    """Return the scan of this contact; an empty one until something was answered."""
    found = scanning.find(desk.conversation, desk.get("scan"))
    return found or Scan(desk.get("scan"), desk.get("model"), desk.now)


# -- the start ---------------------------------------------------------------------------------------------------


def _start_buttons(desk: Desk) -> tuple[Choice, ...]:
    model = desk.get("model")
    ids = ["on", "anew"] if scanning.under_way(desk.conversation, model) else ["begin"]
    if scanning.latest(desk.conversation, model):
        ids.append("profile")
    return tuple(Choice(id_, id_, Phrase(f"scan.buttons.{id_}")) for id_ in ids)


def _say_start(desk: Desk) -> Say:
    model = _model(desk)
    begun = scanning.under_way(desk.conversation, model.id)
    earlier = scanning.finished(desk.conversation, model.id)
    values: dict[str, Value] = {
        "title": model.words("title"),
        "count": len(model.items),
        "rounds": len(model.rounds),
        "answered": sum(item in begun.answers for item in model.items) if begun else 0,
        "last": (earlier[-1].finished or "") if earlier else "",
        "today": desk.today,
    }
    return Say("scan.start", values)


def _times(desk: Desk, model: str) -> int:
    """Return how often this scan was finished, so that doing it again in one contact is another scan."""
    return len(scanning.finished(desk.conversation, model))


def _start(desk: Desk, reply: Reply) -> str:
    model = desk.get("model")
    begun = scanning.under_way(desk.conversation, model)
    if reply.choice == "profile":
        last = scanning.latest(desk.conversation, model)
        desk.sets["scan"] = last.id if last else ""
        if last:
            _show(desk, last)
        return "profile"
    # An older open question of this scan would write over what is answered now.
    desk.let_go(lambda frame: frame.route == "scan" and set_in(frame, "model") == model)
    if reply.choice == "anew" and begun:
        desk.conversation = scanning.without_scan(desk.conversation, begun)
    goes_on = begun if reply.choice == "on" else None
    desk.sets["scan"] = goes_on.id if goes_on else desk.name(f"scan.{model}.{_times(desk, model)}", "s")
    desk.sets["resumed"] = tuple(goes_on.answers) if goes_on else ()
    return reply.choice


# -- one statement -----------------------------------------------------------------------------------------------


def _left(desk: Desk) -> list[str]:
    """
    Return the statements without an answer in this contact or from before it, in order.

    Going back takes away a step, so that its statement is asked again although its answer is kept.
    """
    prefix = f"{desk.get('scan')}:"
    answered = (str(step.sets.get("answered", "")) for step in desk.frame.steps)
    done = {*desk.names("resumed"), *(id_.removeprefix(prefix) for id_ in answered if id_.startswith(prefix))}
    return [item for item in _model(desk).items if item not in done]


def _current(desk: Desk) -> str:
    """Return the statement to ask; the last one when all are answered, as after a change of the content."""
    return next(iter(_left(desk)), _model(desk).items[-1])


def _remember(desk: Desk, item: str) -> None:
    """
    Remember which statement stands under the buttons of this question.

    When the content changes before she answers, another statement may be the next one; her answer is still to this one.
    """
    others = {slot: id_ for slot, id_ in desk.frame.kept.items() if not slot.startswith(_ASKED)}
    asked = desk.frame.kept.get(f"{_ASKED}{desk.frame.nonce}", item)
    desk.frame = replace(desk.frame, kept={**others, f"{_ASKED}{desk.frame.nonce}": asked})


_ASKED = "asked."


def _say_item(desk: Desk) -> Say:
    model, item = _model(desk), _current(desk)
    round_ = scanning.round_of(model, item)
    _remember(desk, item)
    values: dict[str, Value] = {
        "title": model.words("title"),
        "round": model.words(f"rounds.{round_}") if round_ else "",
        "place": model.items.index(item) + 1,
        "count": len(model.items),
        "item": model.of_item(item, "item"),
        "low": Phrase(f"scan.scales.{model.scale}.low"),
        "high": Phrase(f"scan.scales.{model.scale}.high"),
        "ask": Phrase(f"scan.scales.{model.scale}.ask.{model.scope}"),
    }
    if model.scale == "slider":
        return Say(
            "scan.between", {**values, "left": model.of_item(item, "left"), "right": model.of_item(item, "right")}
        )
    return Say("scan.item", values)


def _points(_desk: Desk) -> tuple[Choice, ...]:
    return tuple(Choice(point, "rate") for point in scanning.POINTS)


def _item(desk: Desk, reply: Reply) -> str:
    model, scan = _model(desk), _scan(desk)
    item = desk.frame.kept.get(f"{_ASKED}{desk.frame.nonce}") or _current(desk)
    if item not in model.items:
        desk.say("errors.step_moved")
        return "said"
    last = not [one for one in _left(desk) if one != item]
    scan = replace(scan, answers={**scan.answers, item: int(reply.choice)})
    desk.sets["answered"] = f"{scan.id}:{item}"
    if last:
        scan = replace(scan, finished=scan.finished or desk.now)
        desk.conversation = scanning.with_scan(desk.conversation, scan)
        _note_preference(desk, model, scan)
        _show(desk, scan)
        return "result"
    desk.conversation = scanning.with_scan(desk.conversation, scan)
    return "round" if scanning.ends_round(model, item) else "said"


def _note_preference(desk: Desk, model: Model, scan: Scan) -> None:
    """Let the scan of learning preferences decide which cards come first, when one of the ways stands out."""
    if model.id != desk.repertoire.preferences:
        return
    highest, _ = scanning.standing_out(model, scan.answers)
    desk.conversation = replace(desk.conversation, preference=highest[0] if len(highest) == 1 else "")


# -- rounds and the result ---------------------------------------------------------------------------------------


def _say_round(desk: Desk) -> Say:
    model = _model(desk)
    names, nexts = list(model.rounds), scanning.round_of(model, _current(desk))
    return Say("scan.round", {"done": names.index(nexts), "count": len(names), "next": model.words(f"rounds.{nexts}")})


def _round(desk: Desk, reply: Reply) -> str:
    if reply.choice == "done":
        _show(desk, _scan(desk))
    return reply.choice


def _show(desk: Desk, scan: Scan) -> None:
    model = _model(desk)
    values = scanning.profile(desk, model, scan)
    desk.lines.append(Say("scan.profile", values, picture=scanning.picture(desk, model, values)))
    if model.id == desk.repertoire.preferences and scan.finished:
        preference = desk.conversation.preference
        desk.say("scan.preference", way=model.of(preference, "term") if preference else "")


def _say_meaning(desk: Desk) -> Say:
    return Say("scan.meaning", {"ask": _model(desk).words("ask")})


def _meaning(desk: Desk, reply: Reply) -> str:
    keep_answer(desk, reply, "answer", Kind.SCAN, slot=desk.get("scan"), model=desk.get("model"))
    if not reply.skipped:
        desk.say("scan.kept", code=_model(desk).code, reads=who_reads(desk))
    return "station" if desk.get("station") else "said"


def _stands(frame: Frame, known: Repertoire) -> bool:
    model = known.models.get(str(set_in(frame, "model")))
    return model is not None and bool(model.rounds if frame.state == "round" else model.items)


ROUTE = Route(
    name="scan",
    states={
        "start": choose("scan.start", (), _start, saying=_say_start, offer=_start_buttons, echo=False),
        "item": choose(
            "scan.item",
            (),
            _item,
            saying=_say_item,
            keys=("scan.item", "scan.between"),
            offer=_points,
            echo=False,
            row=True,
        ),
        "round": choose("scan.round", ("on", "done"), _round, saying=_say_round, echo=False),
        "meaning": write("scan.meaning", _meaning, saying=_say_meaning, skip=True, echo=False),
    },
    arrows=ARROWS,
    stands=_stands,
)
