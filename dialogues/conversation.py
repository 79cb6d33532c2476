"""
The values a conversation is made of: frozen, and with no behaviour to speak of.

Terminology:
    leader        the person who talks with the guide.
    conversation  the small document that says where a leader is and what is agreed (read and written every turn).
    journal       everything a leader wrote, as reflections (grows for years).
    frame         one place in one route, with the steps that led there since the contact began.
    journey       one mindshift someone works on: a from-to sentence and a phase.
    plan          an implementation intention (Gollwitzer & Sheeran, 2006): if this moment, then this act.
    moment        something the guide should do at a time, such as asking what happened.
    say           a message key with values; words are chosen at the edge.

All times are aware and in UTC. All texts of leaders are verbatim. How these values are written as a
document, and read back years later, is the business of `storage/journal.py`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import IntEnum, StrEnum
from typing import TYPE_CHECKING, NewType, TypeAlias

from dialogues.boards import Tie
from dialogues.coaching import Coach, Grant, Invitation, Link, Look, Note, Statement

if TYPE_CHECKING:
    from dialogues.portfolio import Portfolio

LeaderId = NewType("LeaderId", str)


class Whose(StrEnum):
    """Whose thinking is to move."""

    OWN = "own"
    COLLEAGUE = "colleague"
    TEAM = "team"


class Phase(IntEnum):
    """The seven phases of a mindshift (P.R.J. Simons, *Leidinggeven aan leren*, Tabel 1, after Simons 2013)."""

    NOT_WANTING = 1
    NOT_YET_WANTING = 2
    NOT_KNOWING_HOW = 3
    NOT_DARING = 4
    PREPARING = 5
    ACTING = 6
    MAINTAINING = 7


class Status(StrEnum):
    """Whether a journey is worked on, resting without a date, or closed as a full outcome."""

    OPEN = "open"
    RESTING = "resting"
    CLOSED = "closed"


class Result(StrEnum):
    """What became of a plan."""

    DONE = "done"
    PARTLY = "partly"
    NOT = "not"


class Mark(StrEnum):
    """What an answer means to the leader, so that it can be quoted back at a fitting moment."""

    REASON = "reason"
    WORRY = "worry"
    PROOF = "proof"


class Kind(StrEnum):
    """What sort of thing a reflection is."""

    ANSWER = "answer"
    THOUGHT = "thought"
    RULER = "ruler"
    PLAN = "plan"
    CHECKIN = "checkin"
    PHASE = "phase"
    CARE = "care"
    SCAN = "scan"
    VISION = "vision"
    EFFECT = "effect"
    """What she sees of a journey in her school, written for her portfolio."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words that stand in the content, named by their key, with the values they need."""

    key: str
    values: Mapping[str, Value] = field(default_factory=dict)


Value: TypeAlias = "str | int | bool | date | datetime | Phrase | tuple[Value, ...] | Mapping[str, Value]"


@dataclass(frozen=True, slots=True)
class Choice:
    """One button: *id* is what comes back, *move* the arrow it takes; without *label* its words stand with the message."""

    id: str
    move: str
    label: Phrase | None = None


Wording: TypeAlias = str | Phrase  # the leader's own words, or words of the content she chose


class Shape(StrEnum):
    """
    How choices are laid out: none, a column of buttons, a ruler from 0 to 10, boxes to tick, a column beside which a
    typed number is an answer and not the place of a button, or short buttons side by side.
    """

    PLAIN = "plain"
    CHOICES = "choices"
    RULER = "ruler"
    TICKS = "ticks"
    NUMBERS = "numbers"
    ROW = "row"


@dataclass(frozen=True, slots=True)
class Picture:
    """
    A drawing that goes with a message, which says the same in words. *kind* names the drawing (``bars``, ``sliders``,
    ``landscape``, ``matrix``, ``path``), *values* are what it shows.
    """

    kind: str
    values: Mapping[str, Value] = field(default_factory=dict)


@dataclass(frozen=True)
class Say:
    """
    One message of the guide: a key with values, and what can be answered.

    *echo* is the leader's own last sentence, shown before the question. *nonce* ties the buttons to one step of
    one conversation. *ticked* holds the boxes that are on. A *picture* goes before the text and adds nothing to it.
    """

    key: str
    values: Mapping[str, Value] = field(default_factory=dict)
    choices: tuple[Choice, ...] = ()
    shape: Shape = Shape.PLAIN
    nonce: str = ""
    echo: str = ""
    ticked: tuple[str, ...] = ()
    picture: Picture | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """One answered step of a contact: where it was, and what it set. Going back drops the last one."""

    route: str
    state: str
    sets: Mapping[str, Value] = field(default_factory=dict)


@dataclass(frozen=True)
class Frame:
    """
    One place in one route.

    *steps* lead here since the contact began. *kept* remembers which reflection holds the answer to which
    question, so that answering again corrects it instead of adding another. *ticks* are the boxes on so far;
    *proposed* is the choice a free text resembled, waiting for a yes, and *proposal* that text. *echo* is the leader's
    last sentence here. A *parked* frame waits until the leader asks for it; one that was only interrupted returns
    by itself.
    """

    route: str
    state: str
    nonce: str
    contact: int = 0
    steps: tuple[Step, ...] = ()
    kept: Mapping[str, str] = field(default_factory=dict)
    ticks: tuple[str, ...] = ()
    proposed: str = ""
    proposal: str = ""
    echo: str = ""
    parked: bool = False


@dataclass(frozen=True)
class Journey:
    """
    One mindshift someone works on.

    *who* is a role or an initial, never a full name. *computed* is the phase the rule gave, *phase* the one the leader
    confirmed. *refused* counts how often each card was passed over; at two it rests for this journey. *obliged* says
    that it has to come from somebody else; *mirrored* that the leader was asked what it asks of her own thinking. *tied*
    are models of the compass that she tied to it, *ties* actions of a team's board.
    """

    id: str
    whose: Whose
    topic: Wording
    from_: Wording
    to: Wording
    begun: datetime
    who: str = ""
    phase: Phase | None = None
    computed: Phase | None = None
    status: Status = Status.OPEN
    obliged: bool = False
    certainty: int | None = None
    refused: Mapping[str, int] = field(default_factory=dict)
    asked: Mapping[str, datetime] = field(default_factory=dict)
    last_labelled: str = ""
    not_done: int = 0
    went_back: int = 0
    steady: int = 0
    remember: str = ""
    mirrored: bool = False
    changed: datetime | None = None
    tied: tuple[str, ...] = ()
    ties: tuple[Tie, ...] = ()


@dataclass(frozen=True)
class Plan:
    """
    An if-then plan. *moment* is the leader's own "if" (when, where, with whom), *act* the "then", *sign* the first
    visible sign that it works. A plan of *kind* ``look``, ``ask`` or ``wait`` is a light one (phases 1 and 2); a
    ``probe`` belongs to a wicked problem and has a *trace* it may leave and a way to *stop*. Numbers are 0 to 10.
    """

    id: str
    journey: str
    made: datetime
    card: str = ""
    kind: str = "change"
    moment: str = ""
    act: str = ""
    sign: str = ""
    trace: str = ""
    stop: str = ""
    helper: str = ""
    problem: str = ""
    commitment: int | None = None
    confidence: int | None = None
    ask_on: date | None = None
    result: Result | None = None
    happened: str = ""
    meaning: str = ""


@dataclass(frozen=True, slots=True)
class Quote:
    """A sentence the leader marked as reason, worry or proof: verbatim, with the day it was written."""

    mark: Mark
    text: str
    said: datetime
    journey: str
    reflection: str


@dataclass(frozen=True, slots=True)
class Moment:
    """Something due at *at*: a ``checkin`` about a plan, or one ``reminder`` that a question is still open."""

    kind: str
    at: datetime
    about: str


@dataclass(frozen=True, slots=True)
class Scan:
    """
    One time a self-scan was filled in. *answers* are from 1 to 5, by the id of the item, so that a scan whose content
    changes keeps them. It is open until *finished*.
    """

    id: str
    model: str
    begun: datetime
    answers: Mapping[str, int] = field(default_factory=dict)
    finished: datetime | None = None


@dataclass(frozen=True, slots=True)
class Vision:
    """
    The vision dialogue of a leader (Simons, *Leidinggeven aan leren*, Tabel 7): seven stations, a draft, and a matrix.

    *station* is where she is, 1 to 7; *done* when each station was closed. *draft* is the reflection that holds the draft,
    with its older versions; *cells* are the reflections in the vision deployment matrix, by ``level.column``; *asked*
    the questions already given, as ``model.element``.
    """

    begun: datetime
    station: int = 1
    done: Mapping[str, datetime] = field(default_factory=dict)
    draft: str = ""
    cells: Mapping[str, str] = field(default_factory=dict)
    asked: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Correction:
    """What a reflection said before it was corrected, and until when."""

    text: str
    until: datetime


@dataclass(frozen=True)
class Reflection:
    """
    One logged answer, private unless a grant shares it. *question* is what the leader read, in her language; *source*
    names the message it came in, so that editing that message corrects it. *model* names the model whose question or
    scan it answers, with the element behind a dot.
    """

    id: str
    kind: Kind
    text: str
    said: datetime
    question: str = ""
    journey: str = ""
    contact: int = 0
    phase: Phase | None = None
    computed: Phase | None = None
    card: str = ""
    label: str = ""
    plan: str = ""
    number: int | None = None
    mark: Mark | None = None
    source: str = ""
    history: tuple[Correction, ...] = ()
    model: str = ""


@dataclass(frozen=True)
class Conversation:
    """
    Where one leader is: the small document that is read and written every turn.

    *content* is the version of the words the open question was asked in. *waiting* holds frames set aside, oldest
    first. *unasked* are the times of messages nobody asked for. *care_until* keeps the tone sober after a signal of
    crisis. *counted* holds the last number given to each kind of thing (reflections, journeys, plans, contacts,
    nonces, letters), so that ids are short, typable and never reused. *ask_at* is the local time of check-ins. *scans*
    are those filled in or begun, oldest first; *saved* the ids of what she kept from the compass; *given* when she last got
    each question of a model; *preference* how she prefers to learn, by her latest scan of that. *region* is the one whose
    school holidays are kept free; ``none`` when she chose none, or was only told that she may choose. *links*, *grants*,
    *looks* and *notes* say which coaches she has, what they may read, what they read, and what they wrote back;
    *statements* what they stated for her portfolio.
    """

    leader: LeaderId
    address: str
    language: str
    frame: Frame
    content: str = ""
    consent: datetime | None = None
    waiting: tuple[Frame, ...] = ()
    journeys: tuple[Journey, ...] = ()
    plans: tuple[Plan, ...] = ()
    quotes: tuple[Quote, ...] = ()
    moments: tuple[Moment, ...] = ()
    current: str = ""
    counted: Mapping[str, int] = field(default_factory=dict)
    unasked: tuple[datetime, ...] = ()
    heard: datetime | None = None
    care_until: datetime | None = None
    paused: bool = False
    ask_at: str = "08:00"
    scans: tuple[Scan, ...] = ()
    vision: Vision | None = None
    saved: tuple[str, ...] = ()
    given: Mapping[str, datetime] = field(default_factory=dict)
    preference: str = ""
    region: str = ""
    links: tuple[Link, ...] = ()
    grants: tuple[Grant, ...] = ()
    looks: tuple[Look, ...] = ()
    notes: tuple[Note, ...] = ()
    statements: tuple[Statement, ...] = ()


@dataclass(frozen=True)
class Said:
    """
    A text. *asked* is the open question as the leader read it; *choice* the button it names exactly, if any, and
    *label* the words on that button. It is *early* when it was sent before that question could be read.
    """

    text: str
    source: str = ""
    asked: str = ""
    choice: str = ""
    label: str = ""
    guesses: tuple[Guess, ...] = ()
    early: bool = False


@dataclass(frozen=True, slots=True)
class Tapped:
    """A button, by the nonce and choice it carried; *message* is the message it stood under."""

    nonce: str
    choice: str
    message: str = ""
    asked: str = ""
    label: str = ""


@dataclass(frozen=True, slots=True)
class Commanded:
    """A command by its id (not its spelling), with what was typed behind it."""

    command: str
    argument: str = ""
    source: str = ""
    guesses: tuple[Guess, ...] = ()


@dataclass(frozen=True, slots=True)
class Edited:
    """A message sent earlier now reads *text*."""

    text: str
    source: str


@dataclass(frozen=True, slots=True)
class SentOther:
    """Something the guide cannot read: ``voice``, ``photo``, ``sticker``, ``poll``, ``location`` and the like."""

    what: str


@dataclass(frozen=True, slots=True)
class Arrived:
    """The leader opened the chat without saying anything yet."""


@dataclass(frozen=True, slots=True)
class Invited:
    """The leader opened the *invitation* of a coach, which was looked up and still holds."""

    invitation: Invitation
    coach: Coach


@dataclass(frozen=True, slots=True)
class CameDue:
    """A moment came due."""

    moment: Moment


Heard: TypeAlias = Said | Tapped | Commanded | Edited | SentOther | Arrived | Invited | CameDue


@dataclass(frozen=True, slots=True)
class Guess:
    """What a text resembles: *target* is ``phase:4``, ``card:wait`` or ``choice:no``; *because* the words that matched."""

    target: str
    score: float
    because: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Turn:
    """
    What one turn gives: the new conversation, what to say, what to keep. What to schedule stands in
    ``conversation.moments``.

    *toast* is a short word under a tapped button that changes nothing. *edits* names the message whose buttons are
    to be redrawn with the last of *say* instead of sending it anew. *erase* asks the keeper to forget this leader;
    *hand_over* to send everything kept along, *portfolio* to send that as documents. *spends* is the invitation
    that this turn uses up: when it was used meanwhile, the turn is not taken. *walked* are the arrows taken, as
    (route, state, move).
    """

    conversation: Conversation
    say: tuple[Say, ...] = ()
    keep: tuple[Reflection, ...] = ()
    toast: Say | None = None
    edits: str = ""
    erase: bool = False
    hand_over: str = ""
    portfolio: Portfolio | None = None
    spends: str = ""
    walked: tuple[tuple[str, str, str], ...] = ()
