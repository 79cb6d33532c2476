"""
The values a team is made of: frozen, and with no behaviour to speak of.

Terminology:
    team      the people in one group who hold a board session every week (stichting leerKRACHT, as described in
              P.R.J. Simons, *Leidinggeven aan leren*, 8.1).
    member    somebody who said that she joins; known by the same digest as a leader, and by a short name of her choice.
    session   the meeting of one week: its parts one by one, with this week's lead.
    promise   an action of an earlier week that is still open. What becomes of it is decided before new actions.
    board     what stands on the board: goals, actions, successes, worries and the voice of pupils.
    week      an ISO week as text, such as "2026-W43"; a team has one session in a week at most.

All moments are aware and in UTC; days are those of the team. Texts are verbatim. Nothing here knows a journey of anyone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import NewType

from dialogues.conversation import LeaderId
from dialogues.free_days import NOWHERE, Holiday
from dialogues.team.prompts import Series

TeamId = NewType("TeamId", str)

MOST_GOALS = 3
"""Goals a board holds: few enough to celebrate."""

FEWEST_SHOWN = 5
"""People behind a total that is shown; of fewer, each could be recognised (PRV-4)."""


class Mood(StrEnum):
    """How somebody arrives at the board."""

    GOOD = "good"
    MIXED = "mixed"
    LOW = "low"


class Course(StrEnum):
    """Where a goal stands."""

    ON_COURSE = "on_course"
    AT_RISK = "at_risk"
    STUCK = "stuck"


class Fate(StrEnum):
    """What became of an action: still open, done, replaced by a smaller one, or dropped."""

    OPEN = "open"
    DONE = "done"
    SMALLER = "smaller"
    DROPPED = "dropped"


class Kind(StrEnum):
    """What a line on the board is. A worry comes from the private chat, or from a real board that was typed over."""

    SUCCESS = "success"
    WORRY = "worry"
    VOICE = "voice"


class Rotation(StrEnum):
    """Who leads: everybody in turn, or whoever wants to and else the next in line."""

    TURNS = "turns"
    VOLUNTEERS = "volunteers"


@dataclass(frozen=True, slots=True)
class Settings:
    """
    What a team agreed. *weekday* is 0 for Monday to 4 for Friday, *clock* the local time of the session ("8:30").

    *region* is one of `free_days.REGIONS`, "" when nobody chose yet, or `free_days.NOWHERE`; *free* are the days the
    school itself is closed, from a list or from its own calendar. *most* is how many actions may be open at once.
    *named* are the parts (`checkin`, `success`, `worry`, `voice`) in which names stand on the board; the others are
    anonymous. *timed* are the states of the session that show until when they last.
    """

    language: str = "nl"
    weekday: int = 1
    clock: str = "8:30"
    region: str = NOWHERE
    free: tuple[Holiday, ...] = ()
    rotation: Rotation = Rotation.VOLUNTEERS
    most: int = 6
    named: tuple[str, ...] = ("success", "voice")
    timed: tuple[str, ...] = ("checkin", "promises", "successes", "goals", "actions", "voice", "lead")


@dataclass(frozen=True, slots=True)
class Member:
    """
    Somebody of the team; *name* is short, as it stands on the board.

    *address* is her private chat with the guide, known only when she wrote there about the board herself; *writing* the
    kind of line she was asked for there, at *asked*, or "calendar" for numbers of days; "" when none.
    """

    id: LeaderId
    name: str
    joined: datetime
    address: str = ""
    writing: str = ""
    asked: datetime | None = None


@dataclass(frozen=True, slots=True)
class Goal:
    """A goal for some weeks, *until* its last day. *course* is where it stood when last asked, *reached* whether met."""

    id: str
    text: str
    until: date | None
    begun: datetime
    course: Course | None = None
    ended: datetime | None = None
    reached: bool = False


@dataclass(frozen=True, slots=True)
class Action:
    """
    One thing somebody does. *member* is whose it is, "" for a name that is no member's; *name* how that stands on the
    board; *when* by when, as it was typed. *week* is the week it was made in.

    *kept* says that it was taken along to another week; that happens once. *cut* is the bigger action it was cut from.
    """

    id: str
    text: str
    name: str
    week: str
    made: datetime
    member: str = ""
    when: str = ""
    fate: Fate = Fate.OPEN
    ended: datetime | None = None
    kept: bool = False
    cut: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """A success, a worry or what a pupil said. *name* is who brought it, "" when that does not stand on the board."""

    id: str
    kind: Kind
    text: str
    at: datetime
    member: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class Private:
    """A line somebody wrote in the private chat. Nobody else sees it unless she puts it up; gone after the session."""

    id: str
    member: LeaderId
    kind: Kind
    text: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Session:
    """
    The session of *week*. *state* is where it is in the table of `dialogues/team/session.py`; *nonce* ties buttons to the
    question that is open. *lead* and *opened* are this session's; *next_lead* leads the following one.

    *moods* are the check-ins by member, emptied when the part closes; *counted* their totals, and *shown* the moods by
    name, where the team chose so. *queue* are the promises or goals still to be asked about in this part. *short* leaves
    out what can wait. *answered* are the members who answered anything.
    """

    week: str
    day: date
    state: str
    nonce: str
    lead: LeaderId | None
    opened: datetime
    part_begun: datetime | None = None
    next_lead: LeaderId | None = None
    moods: Mapping[str, Mood] = field(default_factory=dict)
    counted: Mapping[str, int] = field(default_factory=dict)
    shown: Mapping[str, Mood] = field(default_factory=dict)
    lines: tuple[Line, ...] = ()
    decided: tuple[str, ...] = ()
    short: bool = False


@dataclass(frozen=True, slots=True)
class Board:
    """
    What stands on the board: of a session under way, or as it was when a session closed.

    *counted* are check-ins by mood; empty when they are not shown. *shown* are moods by name, in a team that chose so.
    *actions* are those still open and those that ended in this session; *lines* the successes, worries and voices.
    """

    week: str
    day: date
    lead: str
    counted: Mapping[str, int] = field(default_factory=dict)
    shown: Mapping[str, Mood] = field(default_factory=dict)
    goals: tuple[Goal, ...] = ()
    actions: tuple[Action, ...] = ()
    lines: tuple[Line, ...] = ()


@dataclass(frozen=True, slots=True)
class Team:
    """
    Everything agreed by a team, and where it is. Closed boards are kept beside it (`ports.TeamPage`).

    *address* is the group's, which can change; *title* what the group is called. *step* is the open question of setting
    up or of changing a setting, "" when there is none; *ticked* the boxes that are on there. *lead* leads the coming
    session. *waiting* are lines put up between two sessions, *voices* what pupils said last time, which stays a week.
    *sent* are the keys of what was sent, as ``week.slot``, so that nothing is sent twice, and *told* those of what was said
    or asked about free days (`free_ahead.py`) and about sessions left open (`left_open.py`); *moved* the day to which a
    week's session was put off. *since* is the day from which sessions count: the Monday after the last one, None until the
    team is set up. *paused* says that the guide is not in the group; *due* when to look again. *numbers* holds the last
    number of each sort of id; *turns* counts the turns, which guards every write.

    *typed* is a board that was typed over and waits for a yes. *given* are the questions of the article by id, each with
    the day it was asked last; *theme* is the theme they come from, "" for any, and *series* the series the team began.
    *offered* are days of a calendar that wait for the yes of the member who sent it. *unfinished* counts the sessions in a
    row that closed by themselves; *brief* says that the next one is short. *heard* is the last sign of life, to the day,
    and *expiry* when everything goes, once the team was told (`silence.py`).
    """

    id: TeamId
    address: str
    begun: datetime
    title: str = ""
    settings: Settings = field(default_factory=Settings)
    members: tuple[Member, ...] = ()
    goals: tuple[Goal, ...] = ()
    actions: tuple[Action, ...] = ()
    waiting: tuple[Line, ...] = ()
    voices: tuple[Line, ...] = ()
    privates: tuple[Private, ...] = ()
    session: Session | None = None
    step: str = ""
    nonce: str = ""
    ticked: tuple[str, ...] = ()
    typed: str = ""
    lead: LeaderId | None = None
    sent: tuple[str, ...] = ()
    told: tuple[str, ...] = ()
    moved: Mapping[str, date] = field(default_factory=dict)
    since: date | None = None
    paused: bool = False
    due: datetime | None = None
    given: Mapping[str, date] = field(default_factory=dict)
    theme: str = ""
    series: Series | None = None
    offered: tuple[Holiday, ...] = ()
    unfinished: int = 0
    brief: bool = False
    heard: datetime | None = None
    expiry: datetime | None = None
    numbers: Mapping[str, int] = field(default_factory=dict)
    turns: int = 0
