"""
The desk: one turn in the making.

A turn is pure from outside (values in, values out). Inside, states lay what they change on a desk: the conversation so
far, what is said, what is kept. A desk lives for one turn and is never stored.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, tzinfo

from dialogues.boards import Hers
from dialogues.changing import replace
from dialogues.conversation import (
    Conversation,
    Correction,
    Frame,
    Journey,
    Kind,
    Mark,
    Moment,
    Phase,
    Phrase,
    Plan,
    Quote,
    Reflection,
    Say,
    Value,
    Whose,
    Wording,
)
from dialogues.portfolio import Portfolio
from dialogues.repertoire import Card, Repertoire


@dataclass(slots=True)
class Desk:
    """
    One turn in the making. *now* is aware and in UTC; *zone* is where the leader's days begin; *months* of silence
    after which everything is erased, 0 for never.

    *sets* is what the step being answered will have set; *lines* are said before the next question; *echo* is the
    sentence the leader just wrote; *quiet* leaves out the line that says where we were;
    *again* asks the open question in its shorter form, when it has one; *ended* says that a contact came to its own end;
    *spends* is the invitation that this turn uses up;
    *portfolio* is to be made into documents; *boards* are what is hers on the boards of her teams.
    """

    conversation: Conversation
    journal: tuple[Reflection, ...]
    repertoire: Repertoire
    now: datetime
    zone: tzinfo
    months: int = 0
    boards: tuple[Hers, ...] = ()
    lines: list[Say] = field(default_factory=list)
    kept: dict[str, Reflection] = field(default_factory=dict)
    sets: dict[str, Value] = field(default_factory=dict)
    echo: str = ""
    quiet: bool = False
    again: bool = False
    ended: bool = False
    spends: str = ""
    portfolio: Portfolio | None = None
    walked: list[tuple[str, str, str]] = field(default_factory=list)

    @property
    def frame(self) -> Frame:
        """Where the leader is."""
        return self.conversation.frame

    @frame.setter
    def frame(self, frame: Frame) -> None:
        self.conversation = replace(self.conversation, frame=frame)

    @property
    def today(self) -> date:
        """The leader's day."""
        return self.now.astimezone(self.zone).date()

    def get(self, name: str, default: str = "") -> str:
        """Return what a step of this contact set as text, the latest first."""
        value = self._find(name)
        return value if isinstance(value, str) else default

    def wording(self, name: str) -> Wording:
        """Return what a step of this contact set as words: the leader's own, or words of the content."""
        value = self._find(name)
        return value if isinstance(value, str | Phrase) else ""

    def number(self, name: str) -> int | None:
        """Return what a step of this contact set as a number."""
        value = self._find(name)
        return value if isinstance(value, int) and not isinstance(value, bool) else None

    def names(self, name: str) -> tuple[str, ...]:
        """Return what a step of this contact set as a list of ids."""
        value = self._find(name)
        return tuple(item for item in value if isinstance(item, str)) if isinstance(value, tuple) else ()

    def _find(self, name: str) -> Value | None:
        return self.sets[name] if name in self.sets else set_in(self.frame, name)

    # -- what is worked on ----------------------------------------------------------------------------------------

    @property
    def journey(self) -> Journey | None:
        """The journey of this contact; none when it is about something else; or else the one the leader is on."""
        id_ = self._find("journey")
        return self.find_journey(id_ if isinstance(id_, str) else self.conversation.current)

    def find_journey(self, id_: str) -> Journey | None:
        """Return the journey called *id_*."""
        return next((journey for journey in self.conversation.journeys if journey.id == id_), None)

    @property
    def whose(self) -> Whose:
        """Whose thinking this contact is about."""
        journey = self.journey if self._find("journey") or not self.get("whose") else None
        return journey.whose if journey else Whose(self.get("whose") or "own")

    @property
    def phase(self) -> Phase:
        """The phase of the journey, or the first one when it is not placed yet."""
        journey = self.journey
        return journey.phase if journey and journey.phase else Phase.NOT_WANTING

    @property
    def card(self) -> Card | None:
        """The card chosen in this contact."""
        id_ = self.get("card")
        return self.repertoire.card(id_) if id_ else None

    @property
    def plan(self) -> Plan | None:
        """The plan made, or asked about, in this contact."""
        id_ = self.get("plan")
        return next((plan for plan in self.conversation.plans if plan.id == id_), None)

    def put_journey(self, journey: Journey) -> None:
        """Keep *journey*, in the place of an older version of it."""
        journey = replace(journey, changed=self.now)
        others = [journey if other.id == journey.id else other for other in self.conversation.journeys]
        known = any(other.id == journey.id for other in self.conversation.journeys)
        self.conversation = replace(
            self.conversation, journeys=tuple(others) if known else (*others, journey), current=journey.id
        )

    def put_plan(self, plan: Plan) -> None:
        """Keep *plan*, in the place of an older version of it."""
        others = tuple(other for other in self.conversation.plans if other.id != plan.id)
        self.conversation = replace(self.conversation, plans=(*others, plan))

    def put_moment(self, moment: Moment) -> None:
        """Have *moment* come due, in the place of an earlier one of the same kind about the same thing."""
        self.drop_moments(moment.kind, moment.about)
        self.conversation = replace(self.conversation, moments=(*self.conversation.moments, moment))

    def drop_moments(self, kind: str, about: str = "") -> None:
        """Let no moment of *kind* come due: about one thing, or about anything when *about* is empty."""
        moments = self.conversation.moments
        left = tuple(m for m in moments if m.kind != kind or (about and m.about != about))
        if len(left) < len(moments):
            self.conversation = replace(self.conversation, moments=left)

    def let_go(self, which: Callable[[Frame], bool]) -> None:
        """Let go of the waiting questions that *which* names; what was answered there is kept."""
        left = tuple(frame for frame in self.conversation.waiting if not which(frame))
        self.conversation = replace(self.conversation, waiting=left)

    # -- names ----------------------------------------------------------------------------------------------------

    def count(self, kind: str) -> int:
        """Return the next number of *kind*; numbers are never used again."""
        counted = dict(self.conversation.counted)
        counted[kind] = counted.get(kind, 0) + 1
        self.conversation = replace(self.conversation, counted=counted)
        return counted[kind]

    def name(self, slot: str, prefix: str) -> str:
        """
        Return the id of what stands in *slot* of this contact, naming it at first use.

        Going back does not forget the name, so that answering again corrects the same thing.
        """
        if slot not in self.frame.kept:
            id_ = f"{prefix}{self.count(prefix)}"
            self.frame = replace(self.frame, kept={**self.frame.kept, slot: id_})
        return self.frame.kept[slot]

    def begin_anew(self) -> None:
        """Give what follows in this contact ids of its own, so that a second journey leaves the first one as it is."""
        self.frame = replace(self.frame, kept={})

    # -- reflections ----------------------------------------------------------------------------------------------

    def find(self, id_: str) -> Reflection | None:
        """Return the reflection called *id_*, as it stands now."""
        return self.kept.get(id_) or next((kept for kept in self.journal if kept.id == id_), None)

    def keep(self, kind: Kind, text: str, slot: str = "", **more: object) -> Reflection:
        """
        Keep *text* as a reflection of this contact and return it.

        Args:
            slot: what it answers; the same slot again corrects the reflection, and its history keeps the older text.
            more: further fields of Reflection, such as number or source.
        """
        id_ = self.name(f"{self.frame.route}.{self.frame.state}.{slot}", "r")
        journey = self.journey if self.frame.route in _OF_A_JOURNEY else None
        card = self.card
        fresh = replace(
            Reflection(
                id=id_,
                kind=kind,
                text=text,
                said=self.now,
                journey=journey.id if journey else "",
                contact=self.frame.contact,
                phase=journey.phase if journey else None,
                computed=journey.computed if journey else None,
                card=card.id if card else "",
                label=card.label if card else "",
                plan=self.get("plan"),
            ),
            **more,  # type: ignore[arg-type]
        )
        older = self.find(id_)
        if older is not None:
            history = older.history if older.text == text else (*older.history, Correction(older.text, self.now))
            fresh = replace(fresh, said=older.said, history=history, mark=older.mark)
        self.kept[id_] = fresh
        self._requote(fresh)
        return fresh

    def correct(self, reflection: Reflection, text: str) -> None:
        """Give *reflection* a new text; the older one stays in its history, and marked sentences follow."""
        history = (*reflection.history, Correction(reflection.text, self.now))
        self.kept[reflection.id] = replace(reflection, text=text, history=history)
        self._requote(self.kept[reflection.id])

    def _requote(self, reflection: Reflection) -> None:
        """Have the marked sentence, if *reflection* is one, say what the reflection says now."""
        quotes = self.conversation.quotes
        if any(quote.reflection == reflection.id for quote in quotes):
            now = tuple(
                replace(quote, text=reflection.text, journey=reflection.journey)
                if quote.reflection == reflection.id
                else quote
                for quote in quotes
            )
            self.conversation = replace(self.conversation, quotes=now)

    def belongs(self, id_: str, journey: str) -> None:
        """Have reflection *id_*, written before *journey* was begun, belong to it, and the sentence marked in it."""
        reflection = self.find(id_)
        if reflection:
            self.kept[id_] = replace(reflection, journey=journey)
            self._requote(self.kept[id_])

    def mark(self, reflection: Reflection, mark: Mark) -> None:
        """Remember *reflection* as a reason, a worry or proof of the leader's own."""
        self.kept[reflection.id] = replace(reflection, mark=mark)
        others = tuple(quote for quote in self.conversation.quotes if quote.reflection != reflection.id)
        quote = Quote(mark, reflection.text, reflection.said, reflection.journey, reflection.id)
        self.conversation = replace(self.conversation, quotes=(*others, quote))

    def quote(self, mark: Mark) -> Quote | None:
        """Return the latest sentence of this journey marked so, from an earlier contact on an earlier day."""
        journey = self.journey
        own = set(self.frame.kept.values())
        fitting = [
            quote
            for quote in self.conversation.quotes
            if quote.mark == mark
            and journey
            and quote.journey == journey.id
            and quote.reflection not in own
            and quote.said.astimezone(self.zone).date() < self.today
        ]
        return fitting[-1] if fitting else None

    def say(self, key: str, **values: Value) -> None:
        """Say a line before the next question."""
        self.lines.append(Say(key, values))


def set_in(frame: Frame, name: str) -> Value | None:
    """Return what the steps of *frame* set as *name*, the latest first, or None when none did."""
    for step in reversed(frame.steps):
        if name in step.sets:
            return step.sets[name]
    return None


_OF_A_JOURNEY = frozenset({"journey", "diagnosis", "contact", "plan", "checkin", "mark", "journeys", "portfolio"})
