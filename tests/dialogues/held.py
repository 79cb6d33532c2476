"""
A conversation held with the bare engine: no words, no store, a clock that the test sets.

Tests tap a choice by its id and look at keys and states, so that wording can change freely. Between every two turns the
page is written and read back, as after a restart.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from dialogues.conversation import (
    CameDue,
    Commanded,
    Conversation,
    Edited,
    Guess,
    Heard,
    Journey,
    LeaderId,
    Moment,
    Phase,
    Plan,
    Reflection,
    Said,
    Say,
    Tapped,
    Turn,
)
from dialogues.engine import Engine
from dialogues.ports import Page
from dialogues.repertoire import Repertoire
from storage.journal import read_page, write_page

ZONE = ZoneInfo("Europe/Amsterdam")
TUESDAY = datetime(2026, 12, 1, 7, 0, tzinfo=UTC)
LEADER = LeaderId("leader")
PATHS: Mapping[Phase, tuple[str, ...]] = {
    Phase.NOT_WANTING: ("no", "choice"),
    Phase.NOT_YET_WANTING: ("doubt",),
    Phase.NOT_KNOWING_HOW: ("yes", "no"),
    Phase.NOT_DARING: ("yes", "yes", "scary"),
    Phase.PREPARING: ("yes", "yes", "fine", "no"),
    Phase.ACTING: ("yes", "yes", "fine", "yes", "few"),
    Phase.MAINTAINING: ("doing", "mostly"),
}
"""The shortest answers on the path that lead to each phase."""


@dataclass
class Held:
    """One conversation with the engine. *says* are the messages of the last turn, *turn* all of it."""

    repertoire: Repertoire
    now: datetime = TUESDAY
    journal: dict[str, Reflection] = field(default_factory=dict)
    said: int = 0

    def __post_init__(self) -> None:
        self.engine = Engine(self.repertoire, ZONE)
        self.conversation: Conversation = self.engine.begin(LEADER, "here", "nl", self.now)
        self.turn = Turn(self.conversation)

    def hear(self, heard: Heard, *, new: bool = False) -> Turn:
        """Take one turn, and go on with what can be read back of it."""
        turn = self.engine.take_turn(self.conversation, tuple(self.journal.values()), heard, self.now, new=new)
        self.journal |= {kept.id: kept for kept in turn.keep}
        page = read_page(write_page(Page(turn.conversation, tuple(self.journal.values()))))
        self.conversation, self.journal = page.conversation, {kept.id: kept for kept in page.journal}
        self.turn = turn
        return turn

    def tap(self, *choices: str) -> Turn:
        """Tap buttons of the open question, one after another; each must be there."""
        for choice in choices:
            shown = [shown.id for shown in self.question.choices]
            assert choice in shown, f"{self.at} offers {shown}, not {choice}"
            self.hear(self.button(choice))
        return self.turn

    def button(self, choice: str) -> Tapped:
        """Return a button of the question that is open now, to be tapped at any time."""
        return Tapped(self.conversation.frame.nonce, choice, asked=self.question.key, label=f"label of {choice}")

    def say(self, *texts: str, guesses: tuple[Guess, ...] = ()) -> Turn:
        """Type texts, one after another. The message of the nth text is called ``mn``."""
        for text in texts:
            self.said += 1
            self.hear(Said(text, f"m{self.said}", asked=self.question.key, guesses=guesses))
        return self.turn

    def skip(self) -> Turn:
        """Pass the open question over."""
        return self.tap("skip")

    def command(self, command: str, argument: str = "") -> Turn:
        """Give a command by its id."""
        return self.hear(Commanded(command, argument))

    def edit(self, number: int, text: str) -> Turn:
        """Edit the nth text."""
        return self.hear(Edited(text, f"m{number}"))

    def come_due(self) -> Turn:
        """Let the earliest moment come due, at its time."""
        moment = min(self.conversation.moments, key=lambda moment: moment.at)
        self.now = max(self.now, moment.at)
        return self.hear(CameDue(moment))

    def wait(self, **time: float) -> None:
        """Let time pass; nothing comes due by itself."""
        self.now += timedelta(**time)

    # -- where we are ---------------------------------------------------------------------------------------------

    @property
    def at(self) -> str:
        """The open question as ``route.state``."""
        return f"{self.conversation.frame.route}.{self.conversation.frame.state}"

    @property
    def question(self) -> Say:
        """The question that is open, as it would be asked now."""
        question = self.engine.open_question(self.conversation, tuple(self.journal.values()), self.now)
        assert question is not None
        return question

    @property
    def offered(self) -> list[str]:
        """The cards on the table."""
        return [choice.id for choice in self.question.choices if choice.move == "pick"]

    @property
    def keys(self) -> list[str]:
        """The messages of the last turn."""
        return [say.key for say in self.turn.say]

    @property
    def journey(self) -> Journey:
        """The last journey begun."""
        return self.conversation.journeys[-1]

    @property
    def plan(self) -> Plan:
        """The last plan made."""
        return self.conversation.plans[-1]

    @property
    def checkins(self) -> list[Moment]:
        """The check-ins to come."""
        return [moment for moment in self.conversation.moments if moment.kind == "checkin"]

    @property
    def texts(self) -> list[str]:
        """Everything in the journal, oldest first."""
        return [kept.text for kept in self.journal.values()]

    # -- well-trodden paths --------------------------------------------------------------------------------------

    def met(self) -> Held:
        """Meet the guide and agree."""
        self.tap("nl", "agree")
        return self

    def named(self, whose: str = "own", from_: str = "zelf uitleggen", to: str = "eerst vragen") -> Held:
        """Begin a journey, as far as the first question of the diagnosis."""
        if self.at.startswith("meeting"):
            self.met()
        self.command("journey")
        self.tap(whose)
        if whose == "colleague":
            self.say("K.")
        self.say("lesbezoek", from_, to)
        self.tap("yes")
        return self

    def answered(self, *answers: str, whose: str = "own") -> Held:
        """Answer the diagnosis, and what is asked in between about others."""
        for answer in answers:
            self.tap(answer)
            if whose == "colleague":
                self.say("dat zag ik vorige week")
            elif whose == "team":
                self.tap("6")
        return self

    def placed(self, phase: Phase, whose: str = "own", certainty: str = "8") -> Held:
        """Begin a journey in *phase*, as far as the first question of that phase."""
        self.named(whose).answered(*PATHS[phase], whose=whose)
        if whose == "colleague":
            self.tap(certainty)
        self.tap("right")
        return self

    def to_cards(self) -> Held:
        """Go on from the first question of a phase to the cards."""
        while self.at != "contact.offer":
            if self.at == "contact.importance":
                self.tap("6")
            else:
                self.skip()
        return self

    def planned(self, phase: Phase = Phase.NOT_DARING, whose: str = "own") -> Held:
        """Begin a journey in *phase* and end the contact with a plan, in a week."""
        self.placed(phase, whose).to_cards()
        self.tap(self.offered[0])
        if self.at == "contact.openly":
            self.tap("yes")
        return self.plan_made()

    def plan_made(self) -> Held:
        """Go on from a chosen card to a plan with a day to ask."""
        if self.at in ("plan.light", "plan.light_what"):
            if self.at == "plan.light":
                self.tap("look")
            self.say("of ik zelf uitleg, dinsdag")
        else:
            self.say("dinsdag na school", "vraag ik eerst drie dingen", "dat ze gaan praten")
        self.tap("8")
        while self.at != "plan.ask_on":
            if self.at == "plan.confidence":
                self.tap("7")
            else:
                self.skip()
        self.tap("fine")
        if self.at == "mark.ask":
            self.tap("none")
        if self.at == "mark.mirror":
            self.tap("no")
        return self
