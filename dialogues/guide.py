"""
The guide: loads a page, takes a turn, keeps it, and hands back what to say. The one door for every shell.

A shell gives what was heard and gets finished messages. Turns of one leader go strictly one after another; everything a
turn changes is kept in one write before it is answered. Signals of crisis are answered first, whatever the store does.
"""

from __future__ import annotations

import asyncio
import logging
import re
from base64 import b64encode
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, tzinfo
from typing import TypeVar
from weakref import WeakValueDictionary

from dialogues import care, early, replies, retention, walking
from dialogues.care import CareRules
from dialogues.coach_chat import GONE, CoachChat, Count
from dialogues.conversation import (
    Arrived,
    CameDue,
    Commanded,
    Conversation,
    Edited,
    Heard,
    Kind,
    LeaderId,
    Moment,
    Reflection,
    Said,
    Say,
    Shape,
    Status,
    Tapped,
    Turn,
)
from dialogues.engine import Engine
from dialogues.errors import DialogueError, DrawingFailed, PageUnreadable, PrintingFailed
from dialogues.map import state
from dialogues.portfolio import Portfolio
from dialogues.ports import Entry, Exporter, Keeper, Letter, Matcher, Message, Page, Painter, Publisher, Words
from dialogues.repertoire import Repertoire
from dialogues.table import Ask

log = logging.getLogger(__name__)

DUE_AT_ONCE = 500
CARE_LASTS = timedelta(hours=72)
Spoken = TypeVar("Spoken", Said, Tapped)
LISTENING = frozenset({"home", "thought"})  # here any text may point to a phase or a card
THINGS_FOUND, OWN_FOUND = 5, 3
"""How many things of the compass, and how many sentences of the leader's own, a search shows."""
QUESTIONS_FOUND = 20
"""How many questions about a word come before the others."""
BROWSING = frozenset({"home", "compass"})
CODE = re.compile(r"[mcr]\d{1,3}")
"""Where it is no answer, m17, c12 or r3 typed by itself shows what it names."""
BARE_WORDS = frozenset({"back", "skip", "later", "stop", "help", "care", "go_on"})


@dataclass(frozen=True, slots=True)
class Reply:
    """
    What a turn gave. *letters* stand in the outbox when *kept* is true; otherwise they exist only here (after an erasure,
    or when the store is away). *toast* is a short word under the tapped button.
    """

    letters: tuple[Letter, ...] = ()
    toast: str = ""
    kept: bool = True


class Guide:
    """The conversation, for any number of leaders at once."""

    def __init__(  # noqa: PLR0913 - the ports it needs, all by name
        self,
        *,
        repertoire: Repertoire,
        care: CareRules,
        keeper: Keeper,
        words: Words,
        matcher: Matcher,
        exporter: Exporter,
        zone: tzinfo,
        language: str = "",
        months: int = 0,
        painter: Painter | None = None,
        publisher: Publisher | None = None,
        coaches: CoachChat | None = None,
        witness: Callable[[Turn], None] = lambda _turn: None,
    ) -> None:
        """
        Take the ports.

        Args:
            language: spoken without asking; with "" the guide asks.
            months: of silence after which everything of a leader is erased; 0 for never.
            coaches: the coach's side of the chat; without it nobody can be linked.
            painter: draws what messages show; without one there are only their words, which say the same.
            publisher: makes the documents of a portfolio; without one there is only what stands in the chat.
            witness: is shown every turn that was kept, for logs and tests; it must not keep what somebody wrote.
        """
        self._witness = witness
        self._engine = Engine(repertoire, zone, language, months)
        self._months = months
        self._looked: datetime | None = None
        self._care = care
        self._keeper = keeper
        self._words = words
        self._matcher = matcher
        self._exporter = exporter
        self._painter = painter
        self._publisher = publisher
        self._coaches = coaches
        self._fallback = language or "nl"
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    # -- what the shells hear -------------------------------------------------------------------------------------

    def read(self, text: str, source: str) -> Heard:
        """Return a text as a command or a saying; *source* names the message it came in, "" when it cannot be edited."""
        text = replies.clean(text)
        command = self._words.command(text)
        return Commanded(*command, source=source) if command else Said(text, source)

    def tap(self, payload: str, message: str) -> Heard:
        """Return what tapping the button with *payload* under *message* means; anything forged is an old button."""
        nonce, _, choice = payload.partition(":")
        return Tapped(nonce, choice, message)

    # -- turns ----------------------------------------------------------------------------------------------------

    async def hear(
        self, leader: LeaderId, address: str, heard: Heard, now: datetime, update: str = "", language: str = ""
    ) -> Reply:
        """
        Take one turn of *leader*, keep it, and return what it gave.

        Args:
            address: where letters to this leader go.
            now: aware, in UTC.
            update: the update it came in; one heard before gives an empty reply. "" when updates never repeat.
            language: what the leader's phone speaks; only used before she chose.

        Raises:
            KeeperUnavailable: nothing was kept; the same call may be made again.
            PageUnreadable: this leader's page is damaged; it was left as it is.
        """
        language = language if language in ("nl", "en") else self._fallback
        heard = replace(heard, text=replies.clean(heard.text)) if isinstance(heard, Edited) else heard
        signal = self._signal(heard)
        async with self._lock(leader):
            try:
                page = await self._keeper.read(leader)
                if page and update and update in page.updates:
                    return Reply()
                if page is None and signal:
                    return self._card_only(signal, address, language, now)
                conversation = page.conversation if page else self._engine.begin(leader, address, language, now)
                if conversation.paused or conversation.address != address:
                    conversation = replace(conversation, address=address, paused=False)
                if signal:
                    turn = self._care_turn(conversation, heard, signal, now)
                else:
                    turn = await self._coached_turn(conversation, page, heard, now)
                if turn.conversation.heard != now or retention.was_told(turn.conversation):
                    turn = replace(turn, conversation=retention.alive(turn.conversation, now))
                return await self._keep_spending(turn, page, update, now)
            except DialogueError:
                if not signal:
                    raise
                return self._card_only(signal, address, language, now)

    async def _spend(self, digest: str, now: datetime) -> bool:
        return self._coaches is not None and await self._coaches.spend(digest, now)

    async def tell_coaches(self, count: Count, now: datetime) -> int:
        """Write to the coaches whose moment came, and return how many; *count* gives how many pieces are new to one."""
        written = 0
        for person, says, coach in await self._coaches.due(count, now) if self._coaches else ():
            async with self._lock(person):
                page = await self._keeper.read(person)
                if page and says and not page.conversation.paused:
                    await self._keep(Turn(page.conversation, says), page, "", now)
                    written += 1
            if self._coaches:
                await self._coaches.told(coach)
        return written

    async def come_due(self, now: datetime) -> int:
        """
        Turn every moment that is due into a letter, and return how many leaders were written to.

        At most five hundred at once: more would keep whoever asks busy for longer than the letters need to leave. Once
        an hour silence is looked at too: who was silent for too long is told, and a month later forgotten.

        Raises:
            Exception: the last trouble there was with one of them, when all others were seen to.
        """
        written = 0
        trouble: Exception | None = None
        due = (await self._keeper.due(now))[:DUE_AT_ONCE]
        for leader, moment in [*due, *await self._silent(now)]:
            try:
                written += await self._due(leader, moment, now)
            except PageUnreadable:
                continue
            except Exception as fault:  # noqa: BLE001 - one leader's trouble must not silence the others
                trouble = fault
        if trouble:
            raise trouble
        return written

    async def _due(self, leader: LeaderId, moment: Moment, now: datetime) -> bool:
        async with self._lock(leader):
            page = await self._keeper.read(leader)
            if page is None:
                return False
            turn = self._engine.take_turn(page.conversation, page.journal, CameDue(moment), now)
            unsent = turn.erase and page.letters and not page.conversation.paused  # perhaps the notice itself
            if unsent or turn == Turn(page.conversation):
                return False
            reply = await self._keep(turn, page, "", now)
            return bool(reply.letters)

    async def _silent(self, now: datetime) -> list[tuple[LeaderId, Moment]]:
        if not self._months or (self._looked and now - self._looked < retention.LOOK_EVERY):
            return []
        self._looked = now
        found = await self._keeper.silent(retention.silent_since(now, self._months))
        return [(leader, Moment(retention.SILENCE, now, "")) for leader in found]

    async def left(self, leader: LeaderId, now: datetime) -> None:
        """Pause the conversation of somebody who can no longer be reached; her next message resumes it."""
        async with self._lock(leader):
            page = await self._keeper.read(leader)
            if page and not page.conversation.paused:
                await self._keeper.write(Entry(replace(page.conversation, paused=True), at=now))

    async def change(self, leader: LeaderId, work: Callable[[Page], Conversation | None], now: datetime) -> bool:
        """
        Keep what *work* makes of the page of *leader*, between two turns; nothing when it gives None. Says whether it kept.

        For what others do on that page, such as a coach who reads a shared piece. No turn is taken and nothing is said.
        """
        async with self._lock(leader):
            page = await self._keeper.read(leader)
            changed = work(page) if page else None
            if changed is None:
                return False
            await self._keeper.write(Entry(changed, at=now))
            return True

    async def erase(self, leader: LeaderId) -> None:
        """Forget *leader* wholly, after the turn under way. Raises KeeperUnavailable."""
        async with self._lock(leader):
            await self._keeper.erase(leader)

    async def sorry(self, leader: LeaderId, address: str, error: Say = DialogueError.say) -> Reply:
        """Return a kind word about something that could not be handled; it is not kept."""
        language = self._fallback
        try:
            page = await self._keeper.read(leader)
            language = page.conversation.language if page else language
        except DialogueError:
            pass  # the word is said in the default language then
        letter = Letter(0, address, self._words.render(error, language), datetime.min.replace(tzinfo=UTC))
        return Reply((letter,), kept=False)

    def _lock(self, leader: LeaderId) -> asyncio.Lock:
        lock = self._locks.get(leader)
        if lock is None:
            lock = self._locks[leader] = asyncio.Lock()
        return lock

    # -- care -----------------------------------------------------------------------------------------------------

    def _signal(self, heard: Heard) -> str:
        if isinstance(heard, Commanded) and heard.command == "care":
            return care.GENERAL
        if isinstance(heard, Said) and self._words.shortcut(heard.text, self._fallback) == "care":
            return care.GENERAL
        text = heard.text if isinstance(heard, Said | Edited) else ""
        if isinstance(heard, Commanded):
            text = heard.argument
        return care.notice(text, self._care) if text else ""

    def _card_only(self, signal: str, address: str, language: str, now: datetime) -> Reply:
        """Give the help card without keeping anything: somebody new, or a store that is away."""
        card = self._words.render(care.card(signal, self._care), language)
        return Reply((Letter(0, address, card, now),), kept=False)

    def _care_turn(self, conversation: Conversation, heard: Heard, signal: str, now: datetime) -> Turn:
        """Give the help card; the text is saved unshared, and the step stays where it is."""
        card = care.card(signal, self._care)
        if signal == care.GENERAL or conversation.consent is None:
            return Turn(conversation, (card,))
        keep: tuple[Reflection, ...] = ()
        if isinstance(heard, Said | Commanded):
            number = conversation.counted.get("r", 0) + 1
            text = heard.text if isinstance(heard, Said) else heard.argument
            keep = (Reflection(f"r{number}", Kind.CARE, text, now, source=heard.source),)
            conversation = replace(conversation, counted={**conversation.counted, "r": number})
        return Turn(replace(conversation, care_until=now + CARE_LASTS, heard=now), (card,), keep)

    def _care_tapped(self, conversation: Conversation, page: Page | None, heard: Tapped, now: datetime) -> Turn:
        if heard.choice not in care.CHOICES:
            return Turn(conversation, toast=Say("errors.already_answered"))
        says = [care.follow_up(heard.choice, self._care)]
        if heard.choice == "go_on":
            question = self._engine.open_question(conversation, page.journal if page else (), now)
            says += [question] if question else []
        return Turn(conversation, tuple(says))

    # -- coaches --------------------------------------------------------------------------------------------------

    async def _coached_turn(self, conversation: Conversation, page: Page | None, heard: Heard, now: datetime) -> Turn:
        """Take a turn, after what concerns coaches and login pages was answered or looked up."""
        if self._coaches:
            found = await self._coaches.heard(conversation.leader, heard, now)
            if isinstance(found, tuple):
                return Turn(conversation, found)
            heard = found
        elif isinstance(heard, Commanded) and heard.command in ("start", "link") and heard.argument:
            heard = GONE
        turn = self._take_turn(conversation, page, heard, now)
        if turn.spends and not await self._spend(turn.spends, now):
            return self._take_turn(conversation, page, GONE, now)
        return turn

    async def _keep_spending(self, turn: Turn, page: Page | None, update: str, now: datetime) -> Reply:
        """Keep *turn*; when that fails, the invitation it spent can be used again."""
        try:
            return await self._keep(turn, page, update, now)
        except DialogueError:
            if turn.spends and self._coaches:
                await self._coaches.give_back(turn.spends)
            raise

    # -- one turn -------------------------------------------------------------------------------------------------

    def _take_turn(self, conversation: Conversation, page: Page | None, heard: Heard, now: datetime) -> Turn:
        if isinstance(heard, Tapped) and heard.nonce == care.NONCE:
            return self._care_tapped(conversation, page, heard, now)
        journal = page.journal if page else ()
        heard = self._prepared(self._meant(conversation, heard), journal, heard, now)
        if isinstance(heard, Commanded) and heard.command == "care":
            return self._care_turn(conversation, heard, care.GENERAL, now)
        if isinstance(heard, Commanded):
            heard = self._looked_up(conversation, journal, heard)
        turn = self._engine.take_turn(conversation, journal, heard, now, new=page is None)
        opens = isinstance(heard, Arrived) or (isinstance(heard, Commanded) and heard.command in ("start", "go_on"))
        if opens and conversation.care_until and now < conversation.care_until:
            turn = replace(turn, say=(care.follow_up("next_time", self._care), *turn.say))
        return turn

    def _meant(self, conversation: Conversation, heard: Heard) -> Conversation:
        """Return *conversation* with the question open that a tap is about: under a reminder, perhaps an older one."""
        beneath = walking.beneath(conversation)
        old = isinstance(heard, Tapped) and beneath and beneath.frame.nonce == heard.nonce
        return beneath if beneath and old and conversation.frame.route == "resume" else conversation

    def _prepared(
        self, conversation: Conversation, journal: tuple[Reflection, ...], heard: Heard, now: datetime
    ) -> Heard:
        """Return *heard* with what only the words can tell: the question as it was read, and the button it names."""
        question = self._engine.open_question(conversation, journal, now)
        if question is None:
            return heard
        language = conversation.language
        if isinstance(heard, Tapped):
            return self._worded(conversation, journal, question, heard, now)
        if not isinstance(heard, Said):
            return heard
        if heard.early:
            heard = replace(heard, early=early.joins(conversation))
        choice = "" if heard.early else self._named(heard.text, question, language)
        if choice:
            return self._worded(conversation, journal, question, replace(heard, choice=choice), now)
        if CODE.fullmatch(heard.text.strip().lower()) and _no_answer(conversation):
            return Commanded("show", heard.text.strip(), source=heard.source)
        bare = self._words.shortcut(heard.text, language)
        if bare in BARE_WORDS:
            return Commanded(bare, source=heard.source)
        if heard.early:
            return heard
        beneath = walking.beneath(conversation)
        if beneath and conversation.frame.route == "resume":
            return self._prepared(beneath, journal, heard, now)
        guesses = self._matcher.guess(heard.text, language, _among(conversation, question))
        return self._worded(conversation, journal, question, replace(heard, guesses=guesses) if guesses else heard, now)

    def _worded(
        self,
        conversation: Conversation,
        journal: tuple[Reflection, ...],
        question: Say | None,
        heard: Spoken,
        now: datetime,
    ) -> Spoken:
        """
        Return *heard* with what was asked and the words on the button, which a yes to a proposal means as well. What is
        asked is the open *question*, or the one that a proposal stands before.
        """
        frame = conversation.frame
        choice = frame.proposed if heard.choice == "propose_yes" else heard.choice
        if frame.proposed:
            unproposed = replace(conversation, frame=replace(frame, proposed=""))
            question = self._engine.open_question(unproposed, journal, now)
        if question is None:
            return heard
        known = any(shown.id == choice for shown in question.choices)
        label = self._words.label(question, choice, conversation.language) if known else ""
        asked = self._words.render(replace(question, echo="", choices=()), conversation.language).text
        return replace(heard, asked=asked, label=label)

    def _named(self, text: str, question: Say, language: str) -> str:
        """Return the choice that *text* names exactly: by its number in the list, its words, or a typed word for it."""
        labels = {choice.id: self._words.label(question, choice.id, language) for choice in question.choices}
        ids = (*labels, "none") if question.shape is Shape.TICKS else tuple(labels)
        return replies.named(text, question, labels, {id_: self._words.typed(id_, language) for id_ in ids})

    def _looked_up(self, conversation: Conversation, journal: tuple[Reflection, ...], heard: Commanded) -> Commanded:
        """Return a search with the ids of what was found, and a thought with what it resembles."""
        language = conversation.language
        if heard.command == "question":
            about = heard.argument or self._topic(conversation)
            found = self._matcher.questions(about, language)[:QUESTIONS_FOUND] if about else ()
            return replace(heard, guesses=replies.as_guesses(found))
        if not heard.argument:
            return heard
        if heard.command in ("search", "find"):
            texts = [(kept.id, kept.text) for kept in journal if kept.text]
            own = replies.as_guesses(self._matcher.find(texts, heard.argument, language))
            if heard.command == "search":
                return replace(heard, guesses=own)
            things = self._matcher.look(heard.argument, language)[:THINGS_FOUND]
            return replace(heard, guesses=(*things, *own[:OWN_FOUND]))
        guesses = self._matcher.guess(heard.argument, language, ("phases", "cards"))
        return replace(heard, guesses=guesses)

    def _topic(self, conversation: Conversation) -> str:
        """Return what the journey under way is about, in words, or "" when there is none."""
        journey = next((one for one in conversation.journeys if one.id == conversation.current), None)
        if journey is None or journey.status != Status.OPEN:
            return ""
        if isinstance(journey.topic, str):
            return journey.topic
        return self._words.render(Say(journey.topic.key, journey.topic.values), conversation.language).text

    # -- keeping --------------------------------------------------------------------------------------------------

    async def _keep(self, turn: Turn, page: Page | None, update: str, now: datetime) -> Reply:
        """Keep the whole turn in one write and return what to send."""
        language = turn.conversation.language
        messages = [self._words.render(say, language) for say in turn.say]
        toast = self._words.render(turn.toast, language).text if turn.toast else ""
        pictures = [await self._painted(say, language) for say in turn.say]
        conversation, letters = _letters(turn, messages, pictures, now)
        if page is None and not letters:
            return Reply((), toast, kept=False)  # a tap on a message from before an erasure leaves no new page
        if turn.erase:
            await self._keeper.erase(conversation.leader)
            self._witness(turn)
            return Reply(letters, kept=False)
        files = self._everything(conversation, page, now) if turn.hand_over and page else ()
        if turn.portfolio:
            files = await self._documents(conversation, turn.portfolio, now)
        if files:
            first, *others = letters
            conversation, letters = _numbered(conversation, (first, *files, *others))
        # A turn that gave no more than a word under a button changed nothing. Heard again, it gives that word again:
        # the word stands in no outbox, so with the process it may have gone before it arrived.
        noted = update if letters or not turn.toast else ""
        await self._keeper.write(Entry(conversation, turn.keep, letters, noted, now))
        self._witness(turn)
        return Reply(letters, toast)

    async def _painted(self, say: Say, language: str) -> str:
        """Return the picture of *say* as PNG in base64, or "": without it the words still say everything."""
        if say.picture is None or self._painter is None:
            return ""
        try:
            # Drawing takes as long as some turns do, and others need not wait for it.
            return b64encode(await asyncio.to_thread(self._painter.paint, say.picture, language)).decode("ascii")
        except DrawingFailed as error:
            log.warning("a picture was not drawn: %s", error)
            return ""

    def _everything(self, conversation: Conversation, page: Page, now: datetime) -> tuple[Letter, ...]:
        """Return everything kept of this leader as two documents."""
        return tuple(
            Letter(
                0,
                conversation.address,
                Message(""),
                now,
                file=f"mindshift.{form}",
                body=self._exporter.export(page, conversation.language, form),
            )
            for form in ("json", "md")
        )

    async def _documents(self, conversation: Conversation, portfolio: Portfolio, now: datetime) -> tuple[Letter, ...]:
        """Return *portfolio* as a PDF and as Markdown; when printing fails, a word about that in the place of the PDF."""
        if self._publisher is None:
            return ()
        language, address = conversation.language, conversation.address
        text = self._publisher.markdown(portfolio, language)
        files = [Letter(0, address, Message(""), now, file="portfolio.md", body=text)]
        try:
            # Printing takes as long as some turns do, and others need not wait for it.
            printed = await asyncio.to_thread(self._publisher.pdf, portfolio, language)
        except PrintingFailed as error:
            log.warning("a portfolio was not printed: %s", error)
            return (Letter(0, address, self._words.render(Say("portfolio.not_printed"), language), now), *files)
        body = b64encode(printed).decode("ascii")
        return (Letter(0, address, Message(""), now, file="portfolio.pdf", body=body, binary=True), *files)


def _no_answer(conversation: Conversation) -> bool:
    """Return whether a code typed here cannot be meant as an answer: while browsing, and where only buttons count."""
    at = state(conversation.frame.route, conversation.frame.state)
    return conversation.frame.route in BROWSING or (at is not None and at.ask == Ask.CHOICE and not at.text)


def _among(conversation: Conversation, question: Say) -> tuple[str, ...]:
    """Return what a free text may resemble at this point."""
    if conversation.frame.route in LISTENING:
        return ("phases", "cards")
    at = state(conversation.frame.route, conversation.frame.state)
    if at is None or at.ask != Ask.CHOICE:
        return ()
    return (f"{question.key}:{','.join(choice.id for choice in question.choices)}",)


def _letters(
    turn: Turn, messages: Sequence[Message], pictures: Sequence[str], now: datetime
) -> tuple[Conversation, tuple[Letter, ...]]:
    """Return the letters of *turn*, numbered on; the conversation knows the last number."""
    address, first = turn.conversation.address, turn.conversation.counted.get("letters", 0) + 1
    letters = [
        Letter(number, address, message, now, picture=picture)
        for number, (message, picture) in enumerate(zip(messages, pictures, strict=True), first)
    ]
    if turn.edits and letters:
        letters[-1] = replace(letters[-1], edits=turn.edits)
    return _counted(turn.conversation, len(letters)), tuple(letters)


def _numbered(conversation: Conversation, letters: Iterable[Letter]) -> tuple[Conversation, tuple[Letter, ...]]:
    """Return *letters* with rising numbers, all new: letters renumbered before they were kept leave a gap, no doubles."""
    first = conversation.counted.get("letters", 0) + 1
    numbered = tuple(replace(letter, number=number) for number, letter in enumerate(letters, first))
    return _counted(conversation, len(numbered)), numbered


def _counted(conversation: Conversation, letters: int) -> Conversation:
    """Return *conversation* after so many more letters."""
    number = conversation.counted.get("letters", 0) + letters
    return replace(conversation, counted={**conversation.counted, "letters": number})
