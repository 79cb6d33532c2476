"""
One whole turn, as a pure function: (conversation, what was heard, now) gives (new conversation, what to say, what to keep).

No clock, no chance, no input or output and no wording. What to schedule stands in the new conversation's moments. The
engine only sorts out what was heard; where it leads stands in the tables (`map.py`, `routes/`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

from dialogues import (
    asides,
    beside,
    coming_due,
    contact_times,
    dating,
    early,
    making,
    moving,
    replies,
    retention,
    walking,
    with_coach,
)
from dialogues.boards import Hers
from dialogues.changing import replace
from dialogues.conversation import (
    CameDue,
    Commanded,
    Conversation,
    Edited,
    Frame,
    Heard,
    Invited,
    LeaderId,
    Moment,
    Reflection,
    Said,
    Say,
    SentOther,
    Tapped,
    Turn,
)
from dialogues.corrections import correct, correct_steps
from dialogues.desk import Desk
from dialogues.map import FIRST, FROM_ANYWHERE, PASSING, open_at, split
from dialogues.names import looks_full
from dialogues.repertoire import Repertoire
from dialogues.routes import thought, tie
from dialogues.routes.home import going_on
from dialogues.table import Ask, Reply
from dialogues.who_reads import shares_anything

REMIND_AFTER = timedelta(days=2)
BEFORE_CONSENT = frozenset({"start", "help", "language", "erase", "stop", "later", "link"})
MOVES = frozenset({"back", "skip", "later", "stop"})
OFF = "-"  # before a box: the button that takes the tick away
GUESSES_KEPT = 3


@dataclass(frozen=True, slots=True)
class Engine:
    """
    Takes turns. *zone* is where the leaders' days begin; *language* the one to speak without asking, or ""; *months* of
    silence after which everything of a leader is erased, 0 for never.
    """

    repertoire: Repertoire
    zone: tzinfo
    language: str = ""
    months: int = 0

    def begin(self, leader: LeaderId, address: str, language: str, now: datetime) -> Conversation:
        """Return a conversation at its very beginning, in *language* until the leader chooses."""
        route, name = split("meeting.notice" if self.language else FIRST, "")
        # Counting from the clock, so that no button of a conversation that was erased fits this one.
        nonce = int(now.timestamp())
        return Conversation(
            leader,
            address,
            self.language or language,
            Frame(route, name, str(nonce)),
            content=self.repertoire.version,
            counted={"nonce": nonce},
        )

    def open_question(
        self, conversation: Conversation, journal: tuple[Reflection, ...], now: datetime, boards: tuple[Hers, ...] = ()
    ) -> Say | None:
        """Return the question that is open, or None when the tables no longer hold it."""
        desk = self._desk(conversation, journal, now, boards)
        if open_at(conversation.frame, self.repertoire) is None:
            return None
        return walking.ask(desk)

    def take_turn(
        self,
        conversation: Conversation,
        journal: tuple[Reflection, ...],
        heard: Heard,
        now: datetime,
        *,
        new: bool = False,
        boards: tuple[Hers, ...] = (),
    ) -> Turn:
        """
        Return what one turn gives. The values given are never changed.

        Args:
            journal: everything this leader wrote, oldest first.
            now: aware, in UTC.
            new: this is the first the guide hears of this leader.
            boards: what is hers on the boards of her teams.

        Raises:
            MoveNotPossible: ours, a table lacks an arrow; nothing was changed.
        """
        desk = self._desk(conversation, journal, now, boards)
        if not isinstance(heard, CameDue):
            desk.conversation = moving.settled(conversation)
            self._note_life(desk, heard)
            place = (conversation.frame.route, conversation.frame.state)
            if (desk.frame.route, desk.frame.state) != place or open_at(conversation.frame, self.repertoire) is None:
                return self._moved(desk, heard)
        if new and not isinstance(heard, Tapped):
            return self._greet(desk, heard)
        return self._sort(desk, heard)

    def _desk(
        self, conversation: Conversation, journal: tuple[Reflection, ...], now: datetime, boards: tuple[Hers, ...] = ()
    ) -> Desk:
        return Desk(conversation, journal, self.repertoire, now, self.zone, self.months, boards)

    def _sort(self, desk: Desk, heard: Heard) -> Turn:
        if isinstance(heard, Tapped):
            return self._tapped(desk, heard)
        if isinstance(heard, Said):
            return self._said(desk, heard)
        if isinstance(heard, Commanded):
            return self._commanded(desk, heard)
        if isinstance(heard, Edited):
            return self._edited(desk, heard)
        if isinstance(heard, Invited):
            with_coach.open_invitation(desk, heard)
            return self._turn(desk)
        if isinstance(heard, CameDue):
            return self._came_due(desk, heard.moment)
        if isinstance(heard, SentOther):
            desk.say("errors.cannot_read", what=heard.what)
            return self._ask_again(desk)
        return self._arrived(desk)

    def _came_due(self, desk: Desk, moment: Moment) -> Turn:
        if moment.kind in (retention.SILENCE, retention.EXPIRY):
            return coming_due.silence(desk, self.months)
        return self._turn(desk) if coming_due.asks(desk, moment) else Turn(desk.conversation)

    def _note_life(self, desk: Desk, heard: Heard) -> None:
        """Withdraw the notice that everything would be erased, if one stands; say so, unless she wants that herself."""
        erases = isinstance(heard, Commanded) and heard.command == "erase"
        if retention.was_told(desk.conversation) and not erases:
            desk.say("retention.kept")
        desk.conversation = retention.alive(desk.conversation, desk.now)

    # -- the beginning and the end of a turn ----------------------------------------------------------------------

    def _greet(self, desk: Desk, heard: Heard) -> Turn:
        if isinstance(heard, Invited):
            desk.say("coach.first_meet")
        elif isinstance(heard, Commanded) and heard.command == "link":
            desk.say("coach.gone")
        if desk.frame.state == "notice":
            desk.say("meeting.about")
        return self._turn(desk)

    def _arrived(self, desk: Desk) -> Turn:
        """Begin with what happened when a check-in waits for her; otherwise go on where she was."""
        if coming_due.begin_overdue(desk):
            return self._turn(desk)
        if not with_coach.tell_of_note(desk):
            making.tell_of_statement(desk)
            walking.recap(desk)
        return self._turn(desk)

    def _ask_again(self, desk: Desk) -> Turn:
        """End a turn that changed nothing: the lines, and the open question once more unless none is open."""
        if desk.frame.route == "home":
            return self._turn(desk, question=False)
        walking.recap(desk)
        return self._turn(desk)

    def _turn(self, desk: Desk, *, question: bool = True, edits: str = "", erase: bool = False) -> Turn:
        if question and desk.ended:
            with_coach.tell_of_note(desk)
        says = [line for line in desk.lines if line.key]
        if question:
            says.append(walking.ask(desk))
        self._remind(desk)
        return Turn(
            replace(desk.conversation, content=self.repertoire.version),
            tuple(says),
            tuple(desk.kept.values()),
            edits=edits,
            erase=erase,
            portfolio=desk.portfolio,
            spends=desk.spends,
            walked=tuple(desk.walked),
        )

    def _remind(self, desk: Desk) -> None:
        """Have one reminder come due two days after a question was left open that is worth returning to."""
        desk.drop_moments("reminder")
        interrupted = desk.frame.route in PASSING and walking.beneath(desk.conversation) is not None
        worth = desk.frame.route not in ("home", *PASSING) or (interrupted and desk.frame.route != "resume")
        if desk.conversation.consent and worth:
            at = contact_times.next_allowed(desk.now + REMIND_AFTER, self.zone, dating.free_days(desk))
            desk.put_moment(Moment("reminder", at, desk.frame.nonce))

    def _moved(self, desk: Desk, heard: Heard) -> Turn:
        """Explain that the open question was renewed, or is gone. What she wrote is kept; a command is followed."""
        if isinstance(heard, Said) and desk.conversation.consent and replies.has_words(heard.text):
            beside.keep(desk, beside.MOVED, heard.text, heard.source)
        if open_at(desk.frame, self.repertoire):
            desk.say("errors.step_moved")
            walking.renew(desk)
        else:
            desk.say("errors.step_gone")
            walking.go_home(desk)
        return self._commanded(desk, heard) if isinstance(heard, Commanded) else self._turn(desk)

    # -- buttons and words ----------------------------------------------------------------------------------------

    def _tapped(self, desk: Desk, tapped: Tapped) -> Turn:
        before, beneath = desk.conversation, walking.beneath(desk.conversation)
        if desk.frame.route == "resume" and beneath and beneath.frame.nonce == tapped.nonce:
            self._take_up(desk)
        if tapped.nonce != desk.frame.nonce:
            waits = any(frame.nonce == tapped.nonce for frame in before.waiting)
            return Turn(before, toast=Say("errors.still_waiting" if waits else "errors.already_answered"))
        boxes = {choice.id for choice in walking.choices_of(desk)}
        if walking.open_state(desk).ask == Ask.TICKS and tapped.choice.removeprefix(OFF) in boxes:
            return self._tick(desk, tapped)
        shown = {choice.id for choice in (*walking.ask(desk).choices, *walking.asked(desk).choices)}
        if tapped.choice not in shown:
            return Turn(before, toast=Say("errors.already_answered"))
        said = Said("", asked=tapped.asked, choice=tapped.choice, label=tapped.label)
        return self._said(desk, said)

    def _tick(self, desk: Desk, tapped: Tapped) -> Turn:
        """Tick a box or take its tick away; a button does one of the two, so that tapping it twice changes nothing."""
        box = tapped.choice.removeprefix(OFF)
        ticks = {*desk.frame.ticks, box} if box == tapped.choice else {*desk.frame.ticks} - {box}
        ordered = tuple(choice.id for choice in walking.choices_of(desk) if choice.id in ticks)
        if ordered == desk.frame.ticks:
            return Turn(desk.conversation)
        desk.frame = replace(desk.frame, ticks=ordered)
        return self._turn(desk, edits=tapped.message)

    def _take_up(self, desk: Desk) -> None:
        """Leave the reminder, because what was heard answers the question that it was about."""
        walking.go(desk, "said")
        desk.lines.clear()

    def _said(self, desk: Desk, said: Said) -> Turn:
        if said.early and replies.has_words(said.text):
            early.join(desk, said)
            return self._turn(desk, question=False)
        choices = walking.choices_of(desk)
        own = {choice.id for choice in choices}
        if desk.frame.route == "resume" and said.choice not in own:
            self._take_up(desk)
            return self._said(desk, said)
        if said.choice in MOVES - own and said.choice != "skip":
            return self._move(desk, said.choice)
        if desk.frame.proposed and said.choice in ("propose_yes", "propose_no"):
            return self._proposal(desk, said)
        at = walking.open_state(desk)
        if said.choice == "skip" and not at.skip:
            desk.say("errors.no_skip")
            return self._turn(desk)
        reply = replies.understand(desk, at, said, choices)
        if isinstance(reply, replies.NotUnderstood):
            desk.lines.append(reply.say)
            desk.again = True
            return self._turn(desk)
        if desk.frame.proposed:
            desk.frame = replace(desk.frame, proposed="", proposal="")
        return self._answer(desk, reply, said)

    def _proposal(self, desk: Desk, said: Said) -> Turn:
        proposed = desk.frame.proposed
        desk.frame = replace(desk.frame, proposed="", proposal="")
        if said.choice == "propose_no":
            return self._turn(desk)
        return self._said(desk, replace(said, text="", choice=proposed))

    def _answer(self, desk: Desk, reply: Reply, said: Said) -> Turn:
        at = walking.open_state(desk)
        if reply.text:
            desk.echo = reply.text
            desk.sets["@text"], desk.sets["@source"] = reply.text, reply.source
            self._lay_guesses(desk, said)
        erase = desk.frame.route == "erase" and reply.choice == "yes"
        move = at.hear(desk, reply)
        walking.go(desk, move)
        if erase:
            desk.lines.clear()
            desk.say("erase.done")
            return self._turn(desk, question=False, erase=True)
        self._note_names(desk, reply)
        return self._turn(desk)

    def _lay_guesses(self, desk: Desk, said: Said) -> None:
        fitting = [guess for guess in said.guesses if not guess.target.startswith("choice:")]
        if fitting:
            targets = (*(guess.target for guess in fitting), *desk.names("guesses"))
            desk.sets["guesses"] = tuple(dict.fromkeys(targets))[:GUESSES_KEPT]
            desk.sets["because"] = " ".join(fitting[0].because)

    def _note_names(self, desk: Desk, reply: Reply) -> None:
        if reply.text and looks_full(reply.text) and "names" not in desk.frame.kept:
            desk.frame = replace(desk.frame, kept={**desk.frame.kept, "names": "said"})
            desk.say("privacy.role_please")

    # -- commands -------------------------------------------------------------------------------------------------

    def _commanded(self, desk: Desk, heard: Commanded) -> Turn:
        command = heard.command
        if desk.conversation.consent is None and command not in BEFORE_CONSENT:
            desk.say("errors.consent_first")
            return self._turn(desk)
        if command in MOVES:
            return self._move(desk, command)
        own = {"start": self._arrived, "go_on": self._go_on, "export": self._export, "portfolio": self._portfolio}
        if command in own:
            return own[command](desk)
        if command == "find":
            return self._find(desk, heard)
        if command in with_coach.COMMANDS:
            return self._turn(desk) if with_coach.begin(desk, heard) else self._ask_again(desk)
        if command == "show" and (item := self.repertoire.item(heard.argument.lower())):
            desk.sets["item"] = item
            walking.interrupt(desk, "item")
            return self._turn(desk)
        if command in FROM_ANYWHERE:
            return self._begin(desk, heard)
        if command == "search":
            desk.sets["found"] = tuple(guess.target for guess in heard.guesses)
        asides.ASIDES[command](desk, heard.argument)
        desk.sets = {}
        return self._ask_again(desk)

    def _export(self, desk: Desk) -> Turn:
        turn = self._ask_again(desk)
        return replace(turn, say=(Say("export.here"), *turn.say), hand_over="all")

    def _begin(self, desk: Desk, heard: Commanded) -> Turn:
        if heard.command == "journeys" and not desk.conversation.journeys:
            desk.say("journeys.none")
            return self._ask_again(desk)
        if heard.command == "tie" and (key := tie.instead(desk)):
            desk.say(key)
            return self._ask_again(desk)
        if heard.command == "question":
            # A word that she typed goes before what she tied to her journey; the topic of the journey goes after it.
            desk.sets["sought" if heard.argument else "near"] = tuple(guess.target for guess in heard.guesses)
            if heard.argument and not heard.guesses:
                desk.say("reflect.nothing_about", query=heard.argument)
        walking.interrupt(desk, heard.command)
        if heard.argument and heard.command in ("thought", "wicked"):
            return self._said(desk, Said(heard.argument, heard.source, guesses=heard.guesses))
        return self._turn(desk)

    def _portfolio(self, desk: Desk) -> Turn:
        return self._turn(desk) if making.begin(desk) else self._ask_again(desk)

    def _find(self, desk: Desk, heard: Commanded) -> Turn:
        """Show what was found: things of the compass with the words that made them fit, and the leader's own sentences."""
        things = [guess for guess in heard.guesses if ":" in guess.target]
        own = [guess.target for guess in heard.guesses if ":" not in guess.target]
        if not heard.guesses:
            desk.say("compass.nothing" if heard.argument else "compass.find_how", query=heard.argument)
            # A list that was looked at is not worth showing again; its buttons still work.
            return self._turn(desk, question=False) if desk.frame.route == "compass" else self._ask_again(desk)
        desk.sets["query"] = heard.argument
        desk.sets["hits"] = tuple(guess.target for guess in things)
        desk.sets["hits_because"] = tuple(" ".join(guess.because) for guess in things)
        desk.sets["hits_own"] = tuple(own)
        walking.interrupt(desk, "find")
        return self._turn(desk)

    def _go_on(self, desk: Desk) -> Turn:
        if desk.frame.route != "home":
            return self._arrived(desk)
        if coming_due.begin_overdue(desk):
            return self._turn(desk)
        move = going_on(desk)
        if not move:
            desk.say("home.nothing_open")
            return self._turn(desk)
        return self._said(desk, Said("", choice=move))

    def _move(self, desk: Desk, move: str) -> Turn:
        if desk.conversation.consent is None and move in ("later", "stop"):
            if desk.frame.route != "meeting":
                walking.come_back(desk)
            desk.say("errors.consent_first")
        elif move == "back":
            if not walking.step_back(desk):
                desk.say("errors.first_step")
        elif move == "skip":
            return self._said(desk, Said("", choice="skip"))
        elif desk.frame.route == "home":
            return self._nothing_open(desk, move)
        elif move == "later":
            if walking.set_aside(desk):
                desk.say("common.set_aside")
        else:
            thought.keep_unfinished(desk)
            walking.stop(desk)
            desk.say("common.stopped", shared=shares_anything(desk))
        return self._turn(desk)

    def _nothing_open(self, desk: Desk, move: str) -> Turn:
        """Answer later or stop when no question is open; later moves the next check-in."""
        coming = sorted((m for m in desk.conversation.moments if m.kind == "checkin"), key=lambda moment: moment.at)
        if move != "later" or not coming:
            desk.say("home.nothing_open")
            return self._turn(desk)
        plan = next((plan for plan in desk.conversation.plans if plan.id == coming[0].about), None)
        desk.sets = {"plan": coming[0].about, "journey": plan.journey if plan else ""}
        walking.interrupt(desk, "postpone")
        return self._turn(desk)

    # -- corrections ----------------------------------------------------------------------------------------------

    def _edited(self, desk: Desk, edited: Edited) -> Turn:
        """Correct the answer that came in this message; the step stays where it is."""
        if not replies.has_words(edited.text):
            return Turn(desk.conversation, (Say("errors.edit_empty"),))
        found = [kept for kept in desk.journal if edited.source and kept.source == edited.source]
        for reflection in found:
            correct(desk, reflection, edited.text)
        answered = bool(edited.source) and correct_steps(desk, edited.source, edited.text)
        if not found and not answered:
            return Turn(desk.conversation, (Say("errors.edit_unknown"),))
        desk.say("common.corrected")
        return self._turn(desk, question=False)
