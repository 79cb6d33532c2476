"""The end of a session: who leads next, and the summary that this session's lead confirms."""

from __future__ import annotations

from collections.abc import Mapping

from dialogues.conversation import Choice, Phrase, Say, Value
from dialogues.team import board, entries
from dialogues.team.desk import TeamDesk, ask
from dialogues.team.part import Part, is_new, known, timer
from dialogues.team.rotation import next_in_line
from dialogues.team.values import Course, Fate, Kind, Rotation


def _lead(desk: TeamDesk) -> Say:
    name = desk.name(next_in_line(desk.team, desk.session.lead))
    following = Choice("next_one", "chosen", Phrase("team.buttons.next_one", {"name": name}))
    turns = desk.settings.rotation is Rotation.TURNS
    key = "team.lead_turns" if turns else "team.lead"
    values = {**timer(desk), "next": name, "lead": desk.name(desk.session.lead)}
    return ask(key, values, (following, "me") if turns else ("me", following), desk.session.nonce)


def _lead_tap(desk: TeamDesk, choice: str) -> str:
    if choice == "me" and desk.member:
        desk.change_session(next_lead=desk.member.id)
    elif choice == "next_one":
        desk.change_session(next_lead=next_in_line(desk.team, desk.session.lead))
    else:
        desk.tell("team.old_button")
        return ""
    return "chosen"


def _lead_over(desk: TeamDesk) -> Say:
    return Say("team.lead_over", {"lead": desk.name(desk.session.next_lead)})


def _summary(desk: TeamDesk) -> Say:
    return ask("team.summary", {**_summed_up(desk), "new": is_new(desk)}, ("right", "adjust"), desk.session.nonce)


def _summary_tap(desk: TeamDesk, choice: str) -> str:
    if not _may_confirm(desk):
        desk.tell("team.lead_confirms", lead=desk.name(desk.session.lead))
        return ""
    return known(desk, choice, ("right", "adjust"))


def _adjusting(desk: TeamDesk) -> Say:
    values = {"items": entries.numbered_values(desk), "lead": desk.name(desk.session.lead)}
    return ask("team.adjusting", values, ("right",), desk.session.nonce)


def _adjusting_tap(desk: TeamDesk, choice: str) -> str:
    if not _may_confirm(desk):
        desk.tell("team.lead_confirms", lead=desk.name(desk.session.lead))
        return ""
    return known(desk, choice, ("right",))


def _summary_over(desk: TeamDesk) -> Say:
    return Say("team.summary_over", _summed_up(desk))


def _summed_up(desk: TeamDesk) -> dict[str, Value]:
    session, team = desk.session, desk.team
    courses = [goal.course for goal in team.goals if goal.ended is None]
    counts = {
        "successes": sum(line.kind is Kind.SUCCESS for line in session.lines),
        "voices": sum(line.kind is Kind.VOICE for line in session.lines),
        "actions": len(board.open_actions(team)),
        "done": sum(action.fate is Fate.DONE for action in team.actions),
    }
    goals_ = {course.value: courses.count(course) for course in Course}
    return {
        "next": desk.name(session.next_lead),
        "lead": desk.name(session.lead),
        "items": _counted(counts),
        "goals": _counted({**goals_, "reached": sum(goal.reached for goal in team.goals)}),
    }


def _counted(counts: Mapping[str, int]) -> tuple[Value, ...]:
    """Return what there is of each, in words, without what there is none of."""
    return tuple(Phrase(f"team.counts.{what}", {"n": count}) for what, count in counts.items() if count)


def _may_confirm(desk: TeamDesk) -> bool:
    """Return whether this member may confirm: she leads, or whoever led is no member any more."""
    lead = desk.find(desk.session.lead)
    return lead is None or (desk.member is not None and desk.member.id == lead.id)


PARTS = {
    "lead": Part(_lead, _lead_tap, _lead_over, ("team.lead", "team.lead_turns", "team.lead_over")),
    "summary": Part(_summary, _summary_tap, _summary_over, ("team.summary", "team.summary_over")),
    "adjusting": Part(_adjusting, _adjusting_tap, _summary_over, ("team.adjusting",), None, "summary"),
}
"""These parts, by the state in which each is open."""
