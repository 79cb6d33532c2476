"""
Asides: commands that say something and leave the open question where it was.

Finding back (overview, the last reflections, search, one reflection by its id), why the guide thinks what it thinks,
marking and correcting one's own words, and export.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from dialogues import plans
from dialogues.changing import replace
from dialogues.conversation import Kind, Mark, Phrase, Reflection, Status, Value
from dialogues.corrections import correct
from dialogues.desk import Desk
from dialogues.routes.asking import MARKABLE
from dialogues.routes.diagnosis import answers
from dialogues.routes.journeys import journey_words

RECENT = 5
Aside = Callable[[Desk, str], None]


def reflection_words(desk: Desk, reflection: Reflection) -> dict[str, Value]:
    """Return a reflection as values for the words."""
    journey = desk.find_journey(reflection.journey)
    return {
        "id": reflection.id,
        "text": reflection.text,
        "said": reflection.said,
        "question": reflection.question,
        "mark": Phrase(f"mark.names.{reflection.mark}") if reflection.mark else "",
        "phase": Phrase(f"phases.p{reflection.phase}.name") if reflection.phase else "",
        "journey": journey.to if journey else "",
        "corrected": len(reflection.history),
        "before": reflection.history[-1].text if reflection.history else "",
    }


def _written(desk: Desk) -> list[Reflection]:
    return [kept for kept in desk.journal if kept.text and kept.kind not in (Kind.RULER, Kind.PHASE)]


def _help(desk: Desk, _argument: str) -> None:
    desk.say("help.text")


def _overview(desk: Desk, _argument: str) -> None:
    coming = {moment.about for moment in desk.conversation.moments if moment.kind == "checkin"}
    open_plans: tuple[Value, ...] = tuple(
        {"act": plan.act, "moment": plan.moment, "day": plan.ask_on}
        for plan in desk.conversation.plans
        if plan.ask_on and plan.id in coming
    )
    journeys = tuple(journey_words(desk, j) for j in desk.conversation.journeys if j.status != Status.CLOSED)
    closed = sum(journey.status == Status.CLOSED for journey in desk.conversation.journeys)
    desk.say("find.overview", journeys=journeys, plans=open_plans, closed=closed, kept=len(_written(desk)))


def _recent(desk: Desk, _argument: str) -> None:
    _list(desk, "find.recent", _written(desk)[-RECENT:][::-1])


def _list(desk: Desk, key: str, found: list[Reflection], **values: Value) -> None:
    if not found:
        desk.say("find.nothing" if key == "find.found" else "find.nothing_yet", **values)
        return
    desk.say(key, reflections=tuple(reflection_words(desk, kept) for kept in found), **values)


def _search(desk: Desk, argument: str) -> None:
    """Say what was found; the shell laid the ids ready, best first."""
    if not argument:
        desk.say("find.search_how")
        return
    found = [kept for id_ in desk.names("found") if (kept := desk.find(id_))]
    _list(desk, "find.found", found[:RECENT], query=argument, count=len(found))


def _show(desk: Desk, argument: str) -> None:
    reflection = desk.find(argument.lower())
    if reflection is None:
        desk.say("find.no_such", id=argument)
        return
    desk.say("find.one", **reflection_words(desk, reflection), seen=_seen(desk, reflection))


def _seen(desk: Desk, reflection: Reflection) -> tuple[Value, ...]:
    """Return who opened *reflection*, whether or not it is still shared (AVG, article 15)."""
    names = {link.coach: link.name for link in desk.conversation.links}
    looks = [look for look in desk.conversation.looks if look.about == reflection.id]
    return tuple({"name": names.get(look.coach, ""), "times": look.times, "last": look.last} for look in looks)


def _why(desk: Desk, _argument: str) -> None:
    journey = desk.journey
    if answers(desk):
        desk.say("diagnosis.why", answers=answers(desk))
    elif journey and journey.phase:
        placed = [kept for kept in desk.journal if kept.journey == journey.id and kept.kind == Kind.PHASE]
        desk.say(
            "find.why",
            phase=Phrase(f"phases.p{journey.phase}.name"),
            computed=Phrase(f"phases.p{journey.computed or journey.phase}.name"),
            rule=Phrase(f"diagnosis.rule.p{journey.computed or journey.phase}"),
            answers=placed[0].text if placed else "",
            corrected=journey.computed != journey.phase,
        )
    else:
        desk.say("find.why_nothing")


def _mark_as(mark: Mark) -> Aside:
    def hear(desk: Desk, argument: str) -> None:
        written = [kept for kept in _written(desk) if kept.kind in (*MARKABLE, Kind.THOUGHT)]
        reflection = desk.find(argument.lower()) if argument else (written[-1] if written else None)
        if reflection is None:
            desk.say("find.no_such" if argument else "find.nothing_yet", id=argument)
            return
        desk.mark(reflection, mark)
        desk.say("mark.marked", text=reflection.text, mark=Phrase(f"mark.names.{mark}"))

    return hear


def _correct(desk: Desk, argument: str) -> None:
    id_, _, text = argument.partition(" ")
    reflection = desk.find(id_.lower())
    if reflection is None or not text.strip():
        desk.say("find.correct_how")
        return
    correct(desk, reflection, text.strip())
    desk.say("find.corrected", id=reflection.id)


def _board(desk: Desk, _argument: str) -> None:
    desk.say("team_private.not_here")


def _unknown(desk: Desk, argument: str) -> None:
    desk.say("errors.unknown_command", command=argument)


def _rest(desk: Desk, _argument: str) -> None:
    journey = desk.journey
    if journey is None or journey.status != Status.OPEN:
        desk.say("journeys.none_open")
        return
    desk.put_journey(replace(journey, status=Status.RESTING))
    desk.say("journeys.resting")


def _time(desk: Desk, argument: str) -> None:
    clock = plans.read_clock(argument)
    if clock is None or not plans.in_hours(clock):
        desk.say("settings.time_how", at=_asked_at(desk))
        return
    desk.conversation = replace(desk.conversation, ask_at=clock.strftime("%H:%M"))
    desk.say("settings.time_set", at=_asked_at(desk))


def _asked_at(desk: Desk) -> datetime:
    return plans.at_local(desk.today, desk.conversation.ask_at, desk.zone)


ASIDES: Mapping[str, Aside] = {
    "help": _help,
    "overview": _overview,
    "recent": _recent,
    "search": _search,
    "show": _show,
    "why": _why,
    "reason": _mark_as(Mark.REASON),
    "worry": _mark_as(Mark.WORRY),
    "proof": _mark_as(Mark.PROOF),
    "correct": _correct,
    "board": _board,
    "rest": _rest,
    "time": _time,
    "unknown": _unknown,
}
