"""The middle of a session: successes, goals, actions and the voice of pupils go on the board."""

from __future__ import annotations

from dialogues.changing import replace
from dialogues.conversation import Say, Value
from dialogues.team import board, entries
from dialogues.team.desk import TeamDesk, ask
from dialogues.team.part import Part, known, lines, pace, paced, timer
from dialogues.team.values import Course, Goal, Kind


def goals(desk: TeamDesk) -> list[Goal]:
    """Return the goals this session did not ask about yet."""
    return [goal for goal in desk.team.goals if goal.ended is None and goal.id not in desk.session.decided]


def _successes(desk: TeamDesk) -> Say:
    values = {**pace(desk), "lines": lines(desk, Kind.SUCCESS)}
    return ask("team.successes", values, ("next", "hurry"), desk.session.nonce)


def _successes_over(desk: TeamDesk) -> Say:
    return Say("team.successes_over", {"lines": lines(desk, Kind.SUCCESS)})


def _successes_text(desk: TeamDesk, text: str) -> str:
    entries.add(desk, "success", text)
    return ""


def _goals(desk: TeamDesk) -> Say:
    goal = goals(desk)[0]
    place = desk.team.goals.index(goal) + 1
    shown = board.goal_values(goal)
    values: dict[str, Value] = {
        **timer(desk),
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
        **pace(desk),
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
        **pace(desk),
        "lines": lines(desk, Kind.VOICE),
        "before": tuple(line.text for line in desk.team.voices),
        "worries": lines(desk, Kind.WORRY),
        "about": next((goal.text for goal in desk.team.goals if goal.ended is None), ""),
    }
    return ask("team.voice", values, ("next",), desk.session.nonce)


def _voice_tap(desk: TeamDesk, choice: str) -> str:
    return known(desk, choice, ("next",))


def _voice_text(desk: TeamDesk, text: str) -> str:
    entries.add(desk, "voice", text)
    return ""


def _voice_over(desk: TeamDesk) -> Say:
    return Say("team.voice_over", {"lines": lines(desk, Kind.VOICE)})


PARTS = {
    "successes": Part(_successes, paced, _successes_over, ("team.successes", "team.successes_over"), _successes_text),
    "goals": Part(_goals, _goals_tap, _goals_over, ("team.goal", "team.goals_over")),
    "actions": Part(_actions, paced, _actions_over, ("team.actions", "team.actions_over"), _actions_text),
    "voice": Part(_voice, _voice_tap, _voice_over, ("team.voice", "team.voice_over"), _voice_text),
}
"""These parts, by the state in which each is open."""
