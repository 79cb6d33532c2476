"""The opening of a session: the offer, the check-in, and what becomes of what was promised."""

from __future__ import annotations

from datetime import date

from dialogues.conversation import Choice, Phrase, Say, Shape
from dialogues.team import board, entries, weeks
from dialogues.team.desk import TeamDesk, ask
from dialogues.team.part import Part, known, pace, paced, timer
from dialogues.team.values import Action, Fate, Mood


def promises(desk: TeamDesk) -> list[Action]:
    """Return the promises of earlier weeks of which this session did not decide yet."""
    done = desk.session.decided
    return [one for one in board.open_actions(desk.team) if one.week < desk.session.week and one.id not in done]


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


def offered(desk: TeamDesk, *, late: bool = False) -> Say:
    """Return the question whether to begin, with what was promised."""
    key = "team.offered_late" if late else "team.offered"
    found = promises(desk)
    values = {
        "lead": desk.name(desk.session.lead),
        "at": weeks.opens(desk.team, desk.session.day, desk.zone),
        "promises": tuple(board.action_values(one) for one in found),
        "first": not desk.boards,
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
    return known(desk, choice, ("begin", "tomorrow", "early", "cancel"))


def _offered_over(desk: TeamDesk) -> Say:
    return Say("team.offer_over", {"lead": desk.name(desk.session.lead), "day": desk.session.day})


def _checkin(desk: TeamDesk) -> Say:
    named = "checkin" in desk.settings.named
    return ask(
        "team.checkin",
        {**pace(desk), "named": named, "first": not desk.boards},
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
    return paced(desk, choice)


def _checkin_over(desk: TeamDesk) -> Say:
    session = desk.session
    return Say(
        "team.checkin_over", {"counted": board.moods(session.counted), "shown": board.named_moods(session.shown)}
    )


def _promise(desk: TeamDesk) -> Say:
    left = promises(desk)
    asked = [one for one in desk.team.actions if one.id in desk.session.decided and one.week < desk.session.week]
    values = {
        **timer(desk),
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
    if known(desk, choice, ("drop",)):
        _decide(desk, promises(desk)[0], Fate.DROPPED)
        return "drop"
    return ""


def _smaller_text(desk: TeamDesk, text: str) -> str:
    action = promises(desk)[0]
    if not entries.cut_smaller(desk, action, text):
        return ""
    desk.change_session(decided=(*desk.session.decided, action.id))
    return "cut"


PARTS = {
    "offered": Part(offered, _offered_tap, _offered_over, ("team.offered", "team.offered_late", "team.offer_over")),
    "checkin": Part(_checkin, _checkin_tap, _checkin_over, ("team.checkin", "team.checkin_over")),
    "promises": Part(_promise, _promise_tap, _promises_over, ("team.promise", "team.promises_over")),
    "smaller": Part(_smaller, _smaller_tap, _promises_over, ("team.smaller",), _smaller_text, "promises"),
}
"""These parts, by the state in which each is open."""
