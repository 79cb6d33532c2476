"""
The questions of setting up a team: what each says, and what a tap or a text means there.

An answer that stays with its question shows that again and gives no move. The order stands in `setting_up.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from dialogues import plans
from dialogues.conversation import Choice, Phrase, Say, Shape, Value
from dialogues.free_days import NOWHERE, REGIONS, Holiday
from dialogues.team import entries, free_ahead, weeks
from dialogues.team.desk import Post, TeamDesk, ask
from dialogues.team.part import MINUTES
from dialogues.team.rotation import lead_of
from dialogues.team.session import coming
from dialogues.team.values import MOST_GOALS, Rotation

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri")
CLOCKS = ("8:15", "8:30", "15:00", "15:30")
MOST = ("4", "6", "8", "10")
NAMED = ("checkin", "success", "worry", "voice")
_FREE_KEPT = 60


@dataclass(frozen=True, slots=True)
class Step:
    """One question of setting up: what it says, what a tap means, and what a text means where it takes one."""

    say: Callable[[TeamDesk], Say]
    tap: Callable[[TeamDesk, str], bool]
    keys: tuple[str, ...]
    text: Callable[[TeamDesk, str], bool] | None = None


def show(desk: TeamDesk) -> None:
    """Have the message of setting up show the open question as it stands."""
    slot = f"setup.{desk.team.numbers.get('setup', 0)}"
    desk.posts = [post for post in desk.posts if post.slot != slot]
    desk.posts.append(Post(STEPS[desk.team.step].say(desk), slot=slot))


def agreed(desk: TeamDesk) -> dict[str, Value]:
    """Return what was agreed, as a message shows it."""
    settings = desk.settings
    return {
        "day": Phrase(f"team_setup.weekdays.{WEEKDAYS[settings.weekday]}"),
        "clock": weeks.opens(desk.team, desk.today, desk.zone),
        "region": "" if settings.region in ("", NOWHERE) else Phrase(f"team_setup.region.choices.{settings.region}"),
        "free": tuple({"begin": one.begin, "end": one.end} for one in _coming_free(desk)[:5]),
        "turns": settings.rotation is Rotation.TURNS,
        "most": settings.most,
        "named": tuple(Phrase(f"team_setup.boxes.{part}") for part in NAMED if part in settings.named),
        "goals": tuple(goal.text for goal in desk.team.goals),
        "lead": desk.name(lead_of(desk.team)),
        **coming(desk),
    }


def _language_tap(desk: TeamDesk, choice: str) -> bool:
    if not _is_one(desk, choice, ("nl", "en")):
        return False
    desk.change_settings(language=choice)
    return True


def _day_say(desk: TeamDesk) -> Say:
    return ask("team_setup.day", {}, WEEKDAYS, desk.team.nonce, Shape.ROW)


def _day_tap(desk: TeamDesk, choice: str) -> bool:
    if not _is_one(desk, choice, WEEKDAYS):
        return False
    desk.change_settings(weekday=WEEKDAYS.index(choice))
    return True


def _time_say(desk: TeamDesk) -> Say:
    times = ((clock, plans.at_local(desk.today, clock, desk.zone)) for clock in CLOCKS)
    choices = tuple(Choice(clock, clock, Phrase("team.buttons.clock", {"at": at})) for clock, at in times)
    return ask("team_setup.time", {}, choices, desk.team.nonce)


def _time_tap(desk: TeamDesk, choice: str) -> bool:
    return _is_one(desk, choice, CLOCKS) and _time_text(desk, choice)


def _time_text(desk: TeamDesk, text: str) -> bool:
    clock = weeks.read_time(text)
    if not clock:
        desk.post("team_setup.time_how")
        return False
    desk.change_settings(clock=clock)
    return True


def _region_tap(desk: TeamDesk, choice: str) -> bool:
    if not _is_one(desk, choice, (*REGIONS, NOWHERE)):
        return False
    desk.change_settings(region=choice)
    return True


def _free_say(desk: TeamDesk) -> Say:
    kept = tuple({"begin": one.begin, "end": one.end} for one in _coming_free(desk))
    return ask("team_setup.free", {"free": kept}, ("no_more", *(("clear",) if kept else ())), desk.team.nonce)


def _free_tap(desk: TeamDesk, choice: str) -> bool:
    if choice == "clear":
        desk.change_settings(free=())
        desk.change(nonce=desk.number("n"))
        show(desk)
        return False
    return _is_one(desk, choice, ("no_more",))


def _free_text(desk: TeamDesk, text: str) -> bool:
    periods = desk.words.days_in(text, desk.today)
    if not periods:
        desk.post("team_setup.free_how")
        return False
    new = tuple(free_ahead.named(begin, end) for begin, end in periods)
    desk.change_settings(free=(*_coming_free(desk), *new)[:_FREE_KEPT])
    show(desk)
    return False


def _coming_free(desk: TeamDesk) -> tuple[Holiday, ...]:
    return tuple(sorted((one for one in desk.settings.free if one.end >= desk.today), key=_first_day))


def _first_day(holiday: Holiday) -> date:
    return holiday.begin


def _rotation_tap(desk: TeamDesk, choice: str) -> bool:
    if not _is_one(desk, choice, tuple(Rotation)):
        return False
    desk.change_settings(rotation=Rotation(choice))
    return True


def _most_say(desk: TeamDesk) -> Say:
    return ask("team_setup.most", {}, MOST, desk.team.nonce, Shape.ROW)


def _most_tap(desk: TeamDesk, choice: str) -> bool:
    if not _is_one(desk, choice, MOST):
        return False
    desk.change_settings(most=int(choice))
    return True


def _goals_say(desk: TeamDesk) -> Say:
    kept = tuple({"text": goal.text, "until": goal.until or ""} for goal in desk.team.goals)
    return ask("team_setup.goals", {"goals": kept, "most": MOST_GOALS}, ("no_more",), desk.team.nonce)


def _goals_tap(desk: TeamDesk, choice: str) -> bool:
    return _is_one(desk, choice, ("no_more",))


def _goals_text(desk: TeamDesk, text: str) -> bool:
    added = [line for line in text.splitlines() if line.strip() and entries.add(desk, "goal", line)]
    full = len(desk.team.goals) >= MOST_GOALS
    if added and not full:
        show(desk)
    return bool(added) and full


def _boxes(parts: tuple[str, ...], key: str) -> Callable[[TeamDesk], Say]:
    def say(desk: TeamDesk) -> Say:
        items: tuple[Value, ...] = tuple(Phrase(f"team_setup.boxes.{part}") for part in parts)
        return ask(key, {"items": items}, (*parts, "done"), desk.team.nonce, Shape.TICKS, desk.team.ticked)

    return say


def _ticking(parts: tuple[str, ...], setting: str) -> Callable[[TeamDesk, str], bool]:
    def tap(desk: TeamDesk, choice: str) -> bool:
        if choice == "done":
            desk.change_settings(**{setting: tuple(part for part in parts if part in desk.team.ticked)})
            return True
        part, on = choice.removeprefix("-"), not choice.startswith("-")
        if not _is_one(desk, part, parts):
            return False
        others = tuple(one for one in desk.team.ticked if one != part)
        desk.change(ticked=(*others, part) if on else others)
        show(desk)
        return False

    return tap


def _menu_say(desk: TeamDesk) -> Say:
    moves = ("language", "day", "region", "rotation", "names")
    choices = tuple(Choice(move, move, Phrase(f"team.buttons.{move}")) for move in moves)
    return ask("team_setup.menu", agreed(desk), (*choices, "done"), desk.team.nonce)


def _menu_tap(desk: TeamDesk, choice: str) -> bool:
    return _is_one(desk, choice, ("language", "day", "region", "rotation", "names", "done"))


def _is_one(desk: TeamDesk, choice: str, among: tuple[str, ...]) -> bool:
    if choice in among:
        return True
    desk.tell("team.old_button")
    return False


STEPS: Mapping[str, Step] = {
    "language": Step(
        lambda desk: ask("team_setup.language", {}, ("nl", "en"), desk.team.nonce),
        _language_tap,
        ("team_setup.language",),
    ),
    "day": Step(_day_say, _day_tap, ("team_setup.day",)),
    "time": Step(_time_say, _time_tap, ("team_setup.time",), _time_text),
    "region": Step(
        lambda desk: ask("team_setup.region", {}, (*REGIONS, NOWHERE), desk.team.nonce),
        _region_tap,
        ("team_setup.region",),
    ),
    "free": Step(_free_say, _free_tap, ("team_setup.free",), _free_text),
    "rotation": Step(
        lambda desk: ask("team_setup.rotation", {}, tuple(Rotation), desk.team.nonce),
        _rotation_tap,
        ("team_setup.rotation",),
    ),
    "most": Step(_most_say, _most_tap, ("team_setup.most",)),
    "goals": Step(_goals_say, _goals_tap, ("team_setup.goals",), _goals_text),
    "names": Step(_boxes(NAMED, "team_setup.names"), _ticking(NAMED, "named"), ("team_setup.names",)),
    "timers": Step(
        _boxes(tuple(MINUTES), "team_setup.timers"), _ticking(tuple(MINUTES), "timed"), ("team_setup.timers",)
    ),
    "menu": Step(_menu_say, _menu_tap, ("team_setup.menu",)),
}
"""The questions, by the state in which each is open."""
