"""
Setting up a team in its group, in two minutes: one question at a time in one message, and the same ones to change later.

Whoever brought the guide into the group answers; later any member does. The order stands in the table.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from dialogues.conversation import Say
from dialogues.machine import Machines
from dialogues.table import Arrow, table
from dialogues.team import free_ahead, weeks
from dialogues.team.desk import Post, TeamDesk, ask
from dialogues.team.rotation import lead_of
from dialogues.team.session import coming
from dialogues.team.setting_questions import STEPS, Step, agreed, show

TABLE = """
language  set       day
language  changed   menu
day       set       time
time      set       region
time      changed   menu
region    set       free
free      set       rotation
free      changed   menu
rotation  set       most
most      set       goals
most      changed   menu
goals     set       ready
names     set       timers
timers    set       menu
menu      language  language
menu      day       day
menu      region    region
menu      rotation  rotation
menu      names     names
menu      done      ready
"""

JOIN = "join"
"""The number of the button to join with: it stays good for as long as the message stands there."""

_LAST_BEFORE_MENU = frozenset({"language", "time", "free", "most"})


def begin(desk: TeamDesk) -> None:
    """Ask the first question."""
    _at(desk, "language")


def begin_menu(desk: TeamDesk, move: str = "") -> None:
    """Show what was agreed, to change it; with a *move*, what that leads to."""
    desk.number("setup")
    _at(desk, "menu")
    if move:
        _go(desk, move)


def tapped(desk: TeamDesk, nonce: str, choice: str) -> None:
    """Take a tap under a question of setting up, if that is the one that is open."""
    step = STEPS.get(desk.team.step)
    if step is None or desk.team.nonce != nonce:
        desk.tell("team.old_button")
        return
    move = choice if desk.team.step == "menu" else "set"
    if step.tap(desk, choice):
        _go(desk, move)


def replied(desk: TeamDesk, text: str) -> bool:
    """Take a text as the answer to the open question, and return whether that takes one."""
    step = STEPS.get(desk.team.step)
    if step is None or step.text is None:
        return False
    if step.text(desk, text):
        _go(desk, "set")
    return True


def _go(desk: TeamDesk, move: str) -> None:
    before = desk.team.step
    if move == "set" and desk.team.since and before in _LAST_BEFORE_MENU:
        move = "changed"
    state = _MACHINES.step(ROUTE.name, before, move)
    desk.walked.append((ROUTE.name, before, move))
    if desk.team.since:
        count_from_now(desk)
    if state == "ready":
        _ready(desk)
    else:
        _at(desk, state)


def _at(desk: TeamDesk, state: str) -> None:
    ticked = {"names": desk.settings.named, "timers": desk.settings.timed}.get(state, ())
    desk.change(step=state, nonce=desk.number("n"), ticked=ticked)
    show(desk)


def _ready(desk: TeamDesk) -> None:
    fresh = desk.team.since is None
    desk.change(step="", nonce="", ticked=())
    count_from_now(desk)
    slot = f"setup.{desk.team.numbers.get('setup', 0)}"
    desk.posts.append(Post(Say("team_setup.agreed", agreed(desk)), slot=slot))
    if fresh:
        values = {**coming(desk), "lead": desk.name(lead_of(desk.team))}
        desk.posts.append(Post(ask("team_setup.ready", values, (JOIN,), JOIN)))
    free_ahead.say(desk, desk.team.since or desk.today)


def count_from_now(desk: TeamDesk) -> None:
    """Let no session count that could have been before this moment."""
    today = desk.today
    begins = weeks.opens(desk.team, today, desk.zone)
    first = today if begins > desk.now else today + timedelta(days=1)
    desk.change(since=max(first, desk.team.since or first))


@dataclass(frozen=True, slots=True)
class SettingUp:
    """The route of setting up: its name, its states and its arrows."""

    name: str
    states: Mapping[str, Step]
    arrows: tuple[Arrow, ...]


ROUTE = SettingUp("team_setup", STEPS, table(TABLE))
_MACHINES = Machines((ROUTE,))


def welcome(desk: TeamDesk) -> None:
    """Say what the guide does here and what it hears, and begin to set up; a team that was set up before goes on."""
    if desk.team.since is None:
        desk.post("team.welcome")
        desk.number("setup")
        begin(desk)
        return
    desk.change(paused=False)
    count_from_now(desk)
    desk.post("team.welcome_back", coming(desk))
