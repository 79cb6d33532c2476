"""
The coach's review: the one door for the dashboard. What may be seen is decided anew at every question.

What a coach may see is decided by `sharing.shown`; nothing here looks at a page in any other way. An answer is used
again only while the leader's page has the same version and no grant ran out in between, both looked up each time, so
that a withdrawal holds from the next request on. Opening a piece is remembered on the leader's own page, so that she
sees who read what. A coach who asks for something that is not there, or not shared, or somebody else's, gets the same
answer: None.
"""

from __future__ import annotations

import asyncio
from bisect import bisect_right
from collections import OrderedDict, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from itertools import islice
from typing import Generic, TypeVar

from dialogues import sharing
from dialogues.changing import replace
from dialogues.coaching import Book, Coach, CoachId, Look, Note, Statement
from dialogues.conversation import Conversation, Moment
from dialogues.errors import PageUnreadable
from dialogues.guide import Guide
from dialogues.ports import CoachBook, IndexT, Keeper, Linked, Page, Searcher
from dialogues.sharing import Piece, SharedJourney, Shown
from dialogues.statements import STATEMENT_LENGTH, with_statement
from dialogues.with_coach import NOTE

SeenT = TypeVar("SeenT", Piece, SharedJourney)

NOTE_LENGTH = 400
"""Characters of a note, at most."""

LEADERS_REMEMBERED = 1000
"""Of how many leaders what may be seen is kept at hand."""


BESIDE = 4
"""With how many others a new index shares its words: those that many people use stand in the first few."""


class DraftChanged(Exception):
    """A draft was written in another window meanwhile. Nothing was kept."""


@dataclass(frozen=True, slots=True)
class Glimpse:
    """One leader in the list of a coach: what is shared, and how many pieces are new since the last visit."""

    handle: str
    shown: Shown
    new: int


@dataclass(frozen=True, slots=True)
class Hit:
    """A piece that a search found, and of whom."""

    handle: str
    known_as: str
    piece: Piece


@dataclass
class _Seen(Generic[IndexT]):
    """
    What a coach may see of one leader, as long as her page has this *version* and the time is before *until*.

    *index* holds the words of the pieces, of one shared sentence only that sentence; None until somebody searches.
    """

    version: int
    until: datetime | None
    shown: Shown
    index: IndexT | None = field(default=None, repr=False)

    @cached_property
    def times(self) -> list[datetime]:
        """Since when each piece was there to be seen, in order of time."""
        return sorted(max(piece.said, piece.shared) for piece in self.shown.pieces)

    @cached_property
    def pieces(self) -> dict[str, Piece]:
        """The pieces, by id."""
        return {piece.id: piece for piece in self.shown.pieces}

    def new_since(self, visit: datetime | None) -> int:
        """Return how many pieces came after *visit*."""
        return len(self.times) - (bisect_right(self.times, visit) if visit else 0)


class Review(Generic[IndexT]):
    """What coaches do. All methods raise KeeperUnavailable when the store is away."""

    def __init__(self, *, guide: Guide, keeper: Keeper, book: CoachBook, searcher: Searcher[IndexT]) -> None:
        """Take the guide, whose turns and these go one after another, and the ports."""
        self._guide = guide
        self._keeper = keeper
        self._book = book
        self._searcher = searcher
        self._seen: OrderedDict[tuple[CoachId, str], _Seen[IndexT]] = OrderedDict()
        self._reading: dict[CoachId, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._indexing: dict[CoachId, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def leaders(self, coach: Coach, now: datetime) -> Sequence[Glimpse]:
        """Return the leaders of *coach*, those with something new first, then by what they are called."""
        found = [
            Glimpse(handle, seen.shown, seen.new_since(coach.visited.get(handle)))
            for handle, seen in (await self._all(coach.id, now)).items()
        ]
        return sorted(found, key=lambda one: (-one.new, one.shown.link.known_as.casefold(), one.handle))

    async def prepare(self, coach: CoachId, now: datetime) -> None:
        """
        Have at hand what *coach* may see, and its words, so that the first list and the first search need not wait.

        After a start that is every page once, one leader at a time. Words are read in a thread; others go on, a little
        later than usual.
        """
        async with self._indexing[coach]:  # whoever comes meanwhile waits, and has it from memory
            await self._indexed(coach, now)

    async def _indexed(self, coach: CoachId, now: datetime) -> dict[str, tuple[_Seen[IndexT], IndexT]]:
        found: dict[str, tuple[_Seen[IndexT], IndexT]] = {}
        for handle, seen in (await self._all(coach, now)).items():
            if seen.index is None:
                texts = [(piece.id, piece.text) for piece in seen.shown.pieces if piece.text]
                beside = [index for _, index in islice(found.values(), BESIDE)]
                seen.index = await asyncio.to_thread(self._searcher.index, texts, beside)
            found[handle] = seen, seen.index
        return found

    async def count_new(self, coach: Coach, now: datetime) -> int:
        """Return how many pieces are new to *coach*, over all leaders."""
        return sum(glimpse.new for glimpse in await self.leaders(coach, now))

    async def leader(self, coach: CoachId, handle: str, now: datetime) -> Shown | None:
        """Return what *coach* may see of the leader behind *handle*, or None."""
        seen = await self._look_at(coach, handle, now)
        return seen.shown if seen else None

    async def visit(self, coach: CoachId, handle: str, now: datetime) -> None:
        """Remember that *coach* looked at this leader now, so that the next time shows what is new."""

        def mark(book: Book) -> Book:
            known = book.find(coach)
            return book.with_coach(replace(known, visited={**known.visited, handle: now})) if known else book

        await self._book.change(mark)

    async def open(self, coach: CoachId, handle: str, piece: str, now: datetime) -> tuple[Shown, Piece] | None:
        """Return one piece and what is around it, and remember on the leader's page that it was opened; or None."""
        return await self._open(coach, handle, lambda shown: shown.piece(piece), now)

    async def open_journey(
        self, coach: CoachId, handle: str, journey: str, now: datetime
    ) -> tuple[Shown, SharedJourney] | None:
        """Return a journey that is shared whole, whose plans hold what the leader wrote, likewise; or None."""
        return await self._open(coach, handle, lambda shown: shown.journey(journey), now)

    async def _open(
        self, coach: CoachId, handle: str, find: Callable[[Shown], SeenT | None], now: datetime
    ) -> tuple[Shown, SeenT] | None:
        linked = (await self._keeper.linked(coach)).get(handle)
        seen: list[tuple[Shown, SeenT]] = []

        def look(page: Page) -> Conversation | None:
            shown = sharing.shown(page, coach, now)
            found = find(shown) if shown else None
            if shown is None or found is None:
                return None
            seen.append((shown, found))
            return with_look(page.conversation, coach, found.id, now)

        if linked:
            await self._guide.change(linked.leader, look, now)
        return seen[0] if seen else None

    async def search(self, coach: CoachId, query: str, language: str, now: datetime) -> Sequence[Hit]:
        """Return the shared pieces that hold the words of *query*, best first; empty for an empty query."""
        await self.prepare(coach, now)
        # Looked up anew: something may have been taken back meanwhile.
        known = await self._indexed(coach, now)
        handles, seen = list(known), [one for one, _ in known.values()]
        found = self._searcher.search([index for _, index in known.values()], query, language)
        return [
            Hit(handles[at], seen[at].shown.link.known_as, piece)
            for at, id_ in found
            if (piece := seen[at].pieces.get(id_))
        ]

    async def write(
        self, coach: CoachId, handle: str, piece: str, text: str, now: datetime, *, send: bool, over: str | None = None
    ) -> Note | None:
        """
        Keep *text* as the draft of a note about *piece*, and send it when asked; return the note, or None as above.

        The same text that was sent already, as by a second press of a button, gives the note it was sent as.

        Args:
            over: the draft that this takes the place of, as the coach saw it; None for whatever stands there.

        Raises:
            ValueError: *text* is empty or longer than `NOTE_LENGTH`; nothing was kept.
            DraftChanged: the draft is no longer *over*; nothing was kept, and no draft is lost.
        """
        text = text.strip()
        if not text or len(text) > NOTE_LENGTH:
            raise ValueError("a note has 1 to 400 characters")
        linked = (await self._keeper.linked(coach)).get(handle)
        written: list[Note] = []

        def put(page: Page) -> Conversation | None:
            shown = sharing.shown(page, coach, now)
            if shown is None or shown.piece(piece) is None:
                return None
            draft = draft_of(shown.notes, piece)
            sent = next((note for note in shown.notes if (note.about, note.text) == (piece, text) and note.sent), None)
            if sent and draft is None:
                written.append(sent)
                return None
            if over is not None and draft and draft.text not in (over, text):
                raise DraftChanged
            changed, note = with_note(page.conversation, coach, piece, text, now, send=send)
            written.append(note)
            return changed

        if linked:
            await self._guide.change(linked.leader, put, now)
        return written[0] if written else None

    async def state(self, coach: CoachId, handle: str, journey: str, text: str, now: datetime) -> Statement | None:
        """
        Keep *text* as the statement of *coach* about a journey that is shared whole; return it, or None as above.

        Raises:
            ValueError: *text* is empty or longer than `STATEMENT_LENGTH`; nothing was kept.
        """
        text = text.strip()
        if not text or len(text) > STATEMENT_LENGTH:
            raise ValueError("a statement has 1 to 800 characters")
        linked = (await self._keeper.linked(coach)).get(handle)
        written: list[Statement] = []

        def put(page: Page) -> Conversation | None:
            shown = sharing.shown(page, coach, now)
            if shown is None or all(one.id != journey for one in shown.journeys):
                return None
            changed, statement = with_statement(page.conversation, coach, journey, text, now)
            written.append(statement)
            return changed

        if linked:
            await self._guide.change(linked.leader, put, now)
        return written[0] if written else None

    async def _all(self, coach: CoachId, now: datetime) -> dict[str, _Seen[IndexT]]:
        """Return what *coach* may see of each leader, by handle; one damaged page does not close the list."""
        found = {}
        async with self._reading[coach]:  # whoever comes meanwhile waits, and has it from memory
            for handle, linked in (await self._keeper.linked(coach)).items():
                seen = await self._at(coach, handle, linked, now)
                if seen:
                    found[handle] = seen
        return found

    async def _look_at(self, coach: CoachId, handle: str, now: datetime) -> _Seen[IndexT] | None:
        linked = (await self._keeper.linked(coach)).get(handle)
        return await self._at(coach, handle, linked, now) if linked else None

    async def _at(self, coach: CoachId, handle: str, linked: Linked, now: datetime) -> _Seen[IndexT] | None:
        key = (coach, handle)
        known = self._seen.get(key)
        if known and known.version == linked.version and (known.until is None or now < known.until):
            self._seen.move_to_end(key)
            return known
        self._seen.pop(key, None)
        try:
            page = await self._keeper.read(linked.leader)
        except PageUnreadable:
            return None
        shown = sharing.shown(page, coach, now) if page else None
        if page is None or shown is None:
            return None
        # A page that changed while it was read has another version by now, and is read again at the next question.
        self._seen[key] = _Seen(linked.version, sharing.changes_at(page.conversation, coach, now), shown)
        while len(self._seen) > LEADERS_REMEMBERED:
            self._seen.popitem(last=False)
        return self._seen[key]


def draft_of(notes: Iterable[Note], about: str) -> Note | None:
    """Return the one of *notes* of a coach that is a draft about the piece *about*, or None."""
    return next((note for note in notes if note.about == about and note.sent is None), None)


def new_since(shown: Shown, visit: datetime | None) -> tuple[Piece, ...]:
    """Return the pieces that were written or shared after *visit*; all of them when there was none."""
    return tuple(piece for piece in shown.pieces if visit is None or max(piece.said, piece.shared) > visit)


def with_look(conversation: Conversation, coach: CoachId, about: str, now: datetime) -> Conversation:
    """Return *conversation* with one more look of *coach* at *about*."""
    before = next((look for look in conversation.looks if (look.coach, look.about) == (coach, about)), None)
    look = replace(before, last=now, times=before.times + 1) if before else Look(coach, about, now, now)
    others = tuple(one for one in conversation.looks if one is not before)
    return replace(conversation, looks=(*others, look))


def with_note(
    conversation: Conversation, coach: CoachId, about: str, text: str, now: datetime, *, send: bool
) -> tuple[Conversation, Note]:
    """Return *conversation* with the draft of *coach* about *about* in its new form, and the note itself."""
    draft = next((n for n in conversation.notes if (n.coach, n.about) == (coach, about) and n.sent is None), None)
    counted = dict(conversation.counted)
    if draft is None:
        counted["n"] = counted.get("n", 0) + 1
        draft = Note(f"n{counted['n']}", coach, about, text, now)
    note = replace(draft, text=text, written=now, sent=now if send else None)
    others = tuple(one for one in conversation.notes if one.id != note.id)
    # She hears of it when she comes, or when the guide may write to her; not at once, as that may be in the evening.
    moments = (*conversation.moments, *([Moment(NOTE, now, note.id)] if send else []))
    return replace(conversation, counted=counted, notes=(*others, note), moments=moments), note
