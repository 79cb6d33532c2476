"""
What each part of the session says, and what a tap or a text in it means.

A tap gives the move to take, "" to stay. Who taps first decides; the question has another number then, so that a second
tap changes nothing. Timers are shown as the time a part lasts until, and never spoken of again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from dialogues.conversation import Choice, Phrase, Say, Shape, Value
from dialogues.team import board, entries, weeks
from dialogues.team.desk import TeamDesk, ask
from dialogues.team.rotation import next_in_line
from dialogues.team.values import Action, Course, Fate, Goal, Kind, Mood, Rotation

MINUTES = {"checkin": 2, "promises": 2, "successes": 2, "goals": 4, "actions": 2, "voice": 2, "lead": 1}
"""How long each part lasts, fifteen minutes together (stichting leerKRACHT)."""


@dataclass(frozen=True, slots=True)
class Part:
    """
    One part of the session. *say* is what its message shows, *over* what that shows when the part is over; *tap* gives
    the move of a button, and *text* that of a text where one is taken. *place* is the part whose message it uses.
    *keys* names the messages it can say.
    """

    say: Callable[[TeamDesk], Say]
    tap: Callable[[TeamDesk, str], str]
    over: Callable[[TeamDesk], Say]
    keys: tuple[str, ...]
    text: Callable[[TeamDesk, str], str] | None = None
    place: str = ""


def promises(desk: TeamDesk) -> list[Action]:
    """Return the promises of earlier weeks of which this session did not decide yet."""
    done = desk.session.decided
    return [one for one in board.open_actions(desk.team) if one.week < desk.session.week and one.id not in done]


def goals(desk: TeamDesk) -> list[Goal]:
    """Return the goals this session did not ask about yet."""
    return [goal for goal in desk.team.goals if goal.ended is None and goal.id not in desk.session.decided]


def count_moods(desk: TeamDesk) -> None:
    """Turn the check-ins into what is shown of them, and forget who gave which."""
    session = desk.session
    shown = {}
    if "checkin" in desk.settings.named:
        shown = {one.name: session.moods[one.id] for one in desk.team.members if one.id in session.moods}
    counted = {} if shown else board.totals(session)
    desk.change_session(moods={}, counted=counted, shown=shown)


def moved_to(desk: TeamDesk) -> date | None:
    """Return the day to which the session can be put off, None when there is none in this week."""
    return weeks.tomorrow(desk.team, desk.session.day, desk.days)


# -- the offer ----------------------------------------------------------------------------------------------------


def offered(desk: TeamDesk, *, late: bool = False) -> Say:
    """Return the question whether to begin, with what was promised."""
    key = "team.offered_late" if late else "team.offered"
    found = promises(desk)
    values = {
        "lead": desk.name(desk.session.lead),
        "at": weeks.opens(desk.team, desk.session.day, desk.zone),
        "promises": tuple(board.action_values(one) for one in found),
    }
    put_off = ("tomorrow",) if moved_to(desk) else ()
    return ask(key, values, ("begin", *put_off, "early", "cancel", "take_over"), desk.session.nonce)


def _offered_tap(desk: TeamDesk, choice: str) -> str:
    if choice == "take_over" and desk.member:
        desk.change(lead=desk.member.id)
        desk.change_session(lead=desk.member.id)
        desk.tell("team.you_lead")
        return ""
    if choice == "tomorrow" and moved_to(desk) is None:
        desk.tell("team.old_button")
        return ""
    return _known(desk, choice, ("begin", "tomorrow", "early", "cancel"))


def _offered_over(desk: TeamDesk) -> Say:
    return Say("team.offer_over", {"lead": desk.name(desk.session.lead), "day": desk.session.day})


# -- check-in -----------------------------------------------------------------------------------------------------


def _checkin(desk: TeamDesk) -> Say:
    named = "checkin" in desk.settings.named
    return ask(
        "team.checkin",
        {**_timer(desk), "named": named},
        (*_moods(), "next", "hurry"),
        desk.session.nonce,
        Shape.ROW,
    )


def _moods() -> tuple[Choice, ...]:
    return tuple(Choice(mood.value, mood.value, Phrase(f"team.moods.{mood.value}")) for mood in Mood)


def _checkin_tap(desk: TeamDesk, choice: str) -> str:
    if choice in tuple(Mood) and desk.member:
        desk.change_session(moods={**desk.session.moods, desk.member.id: Mood(choice)})
        desk.tell("team.noted")
        return ""
    return _paced(desk, choice)


def _checkin_over(desk: TeamDesk) -> Say:
    session = desk.session
    return Say(
        "team.checkin_over", {"counted": board.moods(session.counted), "shown": board.named_moods(session.shown)}
    )


# -- promises -----------------------------------------------------------------------------------------------------


def _promise(desk: TeamDesk) -> Say:
    left = promises(desk)
    asked = [one for one in desk.team.actions if one.id in desk.session.decided and one.week < desk.session.week]
    values = {
        **_timer(desk),
        **board.action_values(left[0]),
        "place": len(asked) + 1,
        "count": len(asked) + len(left),
    }
    keep = () if left[0].kept else ("keep",)
    return ask("team.promise", values, ("done", *keep, "smaller", "drop"), desk.session.nonce)


def _promise_tap(desk: TeamDesk, choice: str) -> str:
    action = promises(desk)[0]
    if choice == "smaller":
        return "smaller"
    fates = {"done": Fate.DONE, "drop": Fate.DROPPED, **({} if action.kept else {"keep": Fate.OPEN})}
    if choice not in fates:
        desk.tell("team.old_button")
        return ""
    _decide(desk, action, fates[choice])
    return "decided"


def _decide(desk: TeamDesk, action: Action, fate: Fate) -> None:
    entries.settle(desk, action, fate)
    desk.change_session(decided=(*desk.session.decided, action.id))


def _promises_over(desk: TeamDesk) -> Say:
    seen = [one for one in desk.team.actions if one.id in desk.session.decided]
    return Say("team.promises_over", {"actions": tuple(board.action_values(one) for one in seen)})


def _smaller(desk: TeamDesk) -> Say:
    return ask("team.smaller", board.action_values(promises(desk)[0]), ("drop",), desk.session.nonce)


def _smaller_tap(desk: TeamDesk, choice: str) -> str:
    if _known(desk, choice, ("drop",)):
        _decide(desk, promises(desk)[0], Fate.DROPPED)
        return "drop"
    return ""


def _smaller_text(desk: TeamDesk, text: str) -> str:
    action = promises(desk)[0]
    if not entries.cut_smaller(desk, action, text):
        return ""
    desk.change_session(decided=(*desk.session.decided, action.id))
    return "cut"


# -- what goes on the board ---------------------------------------------------------------------------------------


def _successes(desk: TeamDesk) -> Say:
    values = {**_timer(desk), "lines": _lines(desk, Kind.SUCCESS)}
    return ask("team.successes", values, ("next", "hurry"), desk.session.nonce)


def _successes_over(desk: TeamDesk) -> Say:
    return Say("team.successes_over", {"lines": _lines(desk, Kind.SUCCESS)})


def _successes_text(desk: TeamDesk, text: str) -> str:
    entries.add(desk, "success", text)
    return ""


def _goals(desk: TeamDesk) -> Say:
    goal = goals(desk)[0]
    place = desk.team.goals.index(goal) + 1
    shown = board.goal_values(goal)
    values: dict[str, Value] = {
        **_timer(desk),
        "text": goal.text,
        "ends": goal.until or "",
        "course": shown["course"],
        "place": place,
        "count": len(desk.team.goals),
    }
    return ask("team.goal", values, (*(course.value for course in Course), "reached"), desk.session.nonce)


def _goals_tap(desk: TeamDesk, choice: str) -> str:
    goal = goals(desk)[0]
    if choice == "reached":
        entries.end_goal(desk, goal, reached=True)
    elif choice in tuple(Course):
        asked = replace(goal, course=Course(choice))
        desk.change(goals=tuple(asked if one.id == goal.id else one for one in desk.team.goals))
    else:
        desk.tell("team.old_button")
        return ""
    desk.change_session(decided=(*desk.session.decided, goal.id))
    return "decided"


def _goals_over(desk: TeamDesk) -> Say:
    return Say("team.goals_over", {"goals": tuple(board.goal_values(goal) for goal in desk.team.goals)})


def _actions(desk: TeamDesk) -> Say:
    found = board.open_actions(desk.team)
    risky = [goal.text for goal in desk.team.goals if goal.course in (Course.AT_RISK, Course.STUCK)]
    values: dict[str, Value] = {
        **_timer(desk),
        "actions": tuple(board.action_values(one) for one in found),
        "room": max(0, desk.settings.most - len(found)),
        "goal": risky[0] if risky else "",
        "fair": board.fairness(desk.team),
    }
    return ask("team.actions", values, ("next",), desk.session.nonce)


def _actions_text(desk: TeamDesk, text: str) -> str:
    entries.add(desk, "action", text)
    return ""


def _actions_over(desk: TeamDesk) -> Say:
    found = tuple(board.action_values(one) for one in board.open_actions(desk.team))
    return Say("team.actions_over", {"actions": found, "fair": board.fairness(desk.team)})


def _voice(desk: TeamDesk) -> Say:
    values = {
        **_timer(desk),
        "lines": _lines(desk, Kind.VOICE),
        "before": tuple(line.text for line in desk.team.voices),
        "worries": _lines(desk, Kind.WORRY),
    }
    return ask("team.voice", values, ("next",), desk.session.nonce)


def _voice_text(desk: TeamDesk, text: str) -> str:
    entries.add(desk, "voice", text)
    return ""


def _voice_over(desk: TeamDesk) -> Say:
    return Say("team.voice_over", {"lines": _lines(desk, Kind.VOICE)})


# -- round-off ----------------------------------------------------------------------------------------------------


def _lead(desk: TeamDesk) -> Say:
    name = desk.name(next_in_line(desk.team, desk.session.lead))
    following = Choice("next_one", "chosen", Phrase("team.buttons.next_one", {"name": name}))
    turns = desk.settings.rotation is Rotation.TURNS
    key = "team.lead_turns" if turns else "team.lead"
    values = {**_timer(desk), "next": name, "lead": desk.name(desk.session.lead)}
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
    return ask("team.summary", _summed_up(desk), ("right", "adjust"), desk.session.nonce)


def _summary_tap(desk: TeamDesk, choice: str) -> str:
    if not _may_confirm(desk):
        desk.tell("team.lead_confirms", lead=desk.name(desk.session.lead))
        return ""
    return _known(desk, choice, ("right", "adjust"))


def _adjusting(desk: TeamDesk) -> Say:
    values = {"items": entries.numbered_values(desk), "lead": desk.name(desk.session.lead)}
    return ask("team.adjusting", values, ("right",), desk.session.nonce)


def _adjusting_tap(desk: TeamDesk, choice: str) -> str:
    if not _may_confirm(desk):
        desk.tell("team.lead_confirms", lead=desk.name(desk.session.lead))
        return ""
    return _known(desk, choice, ("right",))


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


# -- small things -------------------------------------------------------------------------------------------------


def _known(desk: TeamDesk, choice: str, among: tuple[str, ...]) -> str:
    if choice in among:
        return choice
    desk.tell("team.old_button")
    return ""


def _paced(desk: TeamDesk, choice: str) -> str:
    move = _known(desk, choice, ("next", "hurry"))
    if move == "hurry":
        desk.change_session(short=True)
    return "hurry" if move and desk.session.short else move


def _timer(desk: TeamDesk) -> dict[str, Value]:
    """Return until when this part lasts, "" when this team shows no timer for it."""
    session = desk.session
    begun: datetime = session.part_begun or session.opened
    timed = session.state in desk.settings.timed
    return {"until": begun + timedelta(minutes=MINUTES[session.state]) if timed else ""}


def _lines(desk: TeamDesk, kind: Kind) -> tuple[Value, ...]:
    return tuple({"text": line.text, "name": line.name} for line in desk.session.lines if line.kind is kind)


PARTS: dict[str, Part] = {
    "offered": Part(offered, _offered_tap, _offered_over, ("team.offered", "team.offered_late", "team.offer_over")),
    "checkin": Part(_checkin, _checkin_tap, _checkin_over, ("team.checkin", "team.checkin_over")),
    "promises": Part(_promise, _promise_tap, _promises_over, ("team.promise", "team.promises_over")),
    "smaller": Part(_smaller, _smaller_tap, _promises_over, ("team.smaller",), _smaller_text, "promises"),
    "successes": Part(_successes, _paced, _successes_over, ("team.successes", "team.successes_over"), _successes_text),
    "goals": Part(_goals, _goals_tap, _goals_over, ("team.goal", "team.goals_over")),
    "actions": Part(_actions, _paced, _actions_over, ("team.actions", "team.actions_over"), _actions_text),
    "voice": Part(_voice, _paced, _voice_over, ("team.voice", "team.voice_over"), _voice_text),
    "lead": Part(_lead, _lead_tap, _lead_over, ("team.lead", "team.lead_turns", "team.lead_over")),
    "summary": Part(_summary, _summary_tap, _summary_over, ("team.summary", "team.summary_over")),
    "adjusting": Part(_adjusting, _adjusting_tap, _summary_over, ("team.adjusting",), None, "summary"),
}
"""The parts of a session, by the state in which each is open."""
