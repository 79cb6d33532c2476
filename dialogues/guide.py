"""
The guide: loads a page, takes a turn, keeps it, and hands back what to say. The one door for every shell.

A shell gives what was heard and gets finished messages. Turns of one leader go strictly one after another; everything a
turn changes is kept in one write before it is answered. Signals of crisis are answered first, whatever the store does.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, tzinfo
from weakref import WeakValueDictionary

from dialogues import care, replies, retention, ties
from dialogues.boards import Hers
from dialogues.care import CareRules
from dialogues.changing import replace
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
    Tapped,
    Turn,
)
from dialogues.engine import Engine
from dialogues.errors import DialogueError, PageUnreadable
from dialogues.keeping import Keeping, Reply
from dialogues.ports import Boards, Entry, Exporter, Keeper, Letter, Matcher, Page, Painter, Publisher, Words
from dialogues.repertoire import Repertoire
from dialogues.understanding import Understanding

DUE_AT_ONCE = 500
CARE_LASTS = timedelta(hours=72)


class Guide:
    """The conversation, for any number of leaders at once. *boards* are those of teams; without them there are none."""

    boards: Boards | None = None

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
        self._engine = Engine(repertoire, zone, language, months)
        self._months = months
        self._looked: datetime | None = None
        self._care = care
        self._keeper = keeper
        self._words = words
        self._understanding = Understanding(self._engine, words, matcher)
        self._keeping = Keeping(
            keeper=keeper, words=words, exporter=exporter, painter=painter, publisher=publisher, witness=witness
        )
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
                boards = () if signal else await self.hers(leader)
                if signal:
                    turn = self._care_turn(conversation, heard, signal, now)
                else:
                    turn = await self._coached_turn(conversation, page, heard, now, boards)
                if turn.conversation.heard != now or retention.was_told(turn.conversation):
                    turn = replace(turn, conversation=retention.alive(turn.conversation, now))
                return await self._keep_spending(turn, page, update, now, boards)
            except DialogueError:
                if not signal:
                    raise
                return self._card_only(signal, address, language, now)

    async def beside_boards(self, leader: LeaderId, now: datetime, update: str = "") -> Reply:
        """
        Tell *leader*, who looks at the boards of her teams, which actions there she tied to a journey, and how to tie one.

        An empty reply when there is nothing to tell, or when *update* was heard before. Raises as `hear`.
        """
        async with self._lock(leader):
            page = await self._keeper.read(leader)
            if page is None or (update and update in page.updates):
                return Reply()
            say = ties.beside_boards(page.conversation, await self.hers(leader))
            if say is None:
                return Reply()
            return await self._keeping.keep(Turn(page.conversation, (say,)), page, update, now)

    async def hers(self, leader: LeaderId) -> tuple[Hers, ...]:
        """Return what is hers on the boards of her teams. Raises KeeperUnavailable."""
        return await self.boards.hers(leader) if self.boards else ()

    async def _spend(self, digest: str, now: datetime) -> bool:
        return self._coaches is not None and await self._coaches.spend(digest, now)

    async def tell_coaches(self, count: Count, now: datetime) -> int:
        """Write to the coaches whose moment came, and return how many; *count* gives how many pieces are new to one."""
        written = 0
        for person, says, coach in await self._coaches.due(count, now) if self._coaches else ():
            async with self._lock(person):
                page = await self._keeper.read(person)
                if page and says and not page.conversation.paused:
                    await self._keeping.keep(Turn(page.conversation, says), page, "", now)
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
            reply = await self._keeping.keep(turn, page, "", now)
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

    def _care_tapped(
        self, conversation: Conversation, page: Page | None, heard: Tapped, now: datetime, boards: tuple[Hers, ...]
    ) -> Turn:
        if heard.choice not in care.CHOICES:
            return Turn(conversation, toast=Say("errors.already_answered"))
        says = [care.follow_up(heard.choice, self._care)]
        if heard.choice == "go_on":
            question = self._engine.open_question(conversation, page.journal if page else (), now, boards)
            says += [question] if question else []
        return Turn(conversation, tuple(says))

    # -- coaches --------------------------------------------------------------------------------------------------

    async def _coached_turn(
        self, conversation: Conversation, page: Page | None, heard: Heard, now: datetime, boards: tuple[Hers, ...]
    ) -> Turn:
        """Take a turn, after what concerns coaches and login pages was answered or looked up."""
        if self._coaches:
            found = await self._coaches.heard(conversation.leader, heard, now)
            if isinstance(found, tuple):
                return Turn(conversation, found)
            heard = found
        elif isinstance(heard, Commanded) and heard.command in ("start", "link") and heard.argument:
            heard = GONE
        turn = self._take_turn(conversation, page, heard, now, boards)
        if turn.spends and not await self._spend(turn.spends, now):
            return self._take_turn(conversation, page, GONE, now, boards)
        say = await self._coaches.beside(conversation.leader, turn.say) if self._coaches else turn.say
        return turn if say is turn.say else replace(turn, say=say)

    async def _keep_spending(
        self, turn: Turn, page: Page | None, update: str, now: datetime, boards: tuple[Hers, ...]
    ) -> Reply:
        """Keep *turn*; when that fails, the invitation it spent can be used again."""
        try:
            return await self._keeping.keep(turn, page, update, now, boards)
        except DialogueError:
            if turn.spends and self._coaches:
                await self._coaches.give_back(turn.spends)
            raise

    # -- one turn -------------------------------------------------------------------------------------------------

    def _take_turn(
        self, conversation: Conversation, page: Page | None, heard: Heard, now: datetime, boards: tuple[Hers, ...]
    ) -> Turn:
        if isinstance(heard, Tapped) and heard.nonce == care.NONCE:
            return self._care_tapped(conversation, page, heard, now, boards)
        journal = page.journal if page else ()
        meant = self._understanding.meant(conversation, heard)
        heard = self._understanding.prepared(meant, journal, heard, now, boards)
        if isinstance(heard, Commanded) and heard.command == "care":
            return self._care_turn(conversation, heard, care.GENERAL, now)
        if isinstance(heard, Commanded):
            heard = self._understanding.looked_up(conversation, journal, heard)
        turn = self._engine.take_turn(conversation, journal, heard, now, new=page is None, boards=boards)
        opens = isinstance(heard, Arrived) or (isinstance(heard, Commanded) and heard.command in ("start", "go_on"))
        if opens and conversation.care_until and now < conversation.care_until:
            turn = replace(turn, say=(care.follow_up("next_time", self._care), *turn.say))
        return turn
