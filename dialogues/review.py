"""
The coach's review: the one door for the dashboard. Every question is answered anew from the leader's page.

What a coach may see is decided by `sharing.shown`; nothing here looks at a page in any other way. Opening a piece is
remembered on the leader's own page, so that she sees who read what. A coach who asks for something that is not there, or
not shared, or somebody else's, gets the same answer: None.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from dialogues import sharing
from dialogues.coaching import Coach, CoachId, Look, Note
from dialogues.conversation import Conversation, LeaderId
from dialogues.errors import PageUnreadable
from dialogues.guide import Guide
from dialogues.ports import CoachBook, Keeper, Matcher, Page
from dialogues.sharing import Piece, Shown

NOTE_LENGTH = 400
"""Characters of a note, at most."""


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


class Review:
    """What coaches do. All methods raise KeeperUnavailable when the store is away."""

    def __init__(self, *, guide: Guide, keeper: Keeper, book: CoachBook, matcher: Matcher) -> None:
        """Take the guide, whose turns and these go one after another, and the ports."""
        self._guide = guide
        self._keeper = keeper
        self._book = book
        self._matcher = matcher

    async def leaders(self, coach: Coach, now: datetime) -> Sequence[Glimpse]:
        """Return the leaders of *coach*, those with something new first, then by what they are called."""
        visited = dict(coach.visited)
        found = []
        for handle, leader in (await self._keeper.linked(coach.id)).items():
            shown = await self._shown(leader, coach.id, now)
            if shown:
                found.append(Glimpse(handle, shown, len(new_since(shown, visited.get(handle)))))
        return sorted(found, key=lambda one: (-one.new, one.shown.link.known_as.casefold(), one.handle))

    async def leader(self, coach: CoachId, handle: str, now: datetime) -> Shown | None:
        """Return what *coach* may see of the leader behind *handle*, or None."""
        leader = await self._leader(coach, handle)
        return await self._shown(leader, coach, now) if leader else None

    async def visit(self, coach: CoachId, handle: str, now: datetime) -> None:
        """Remember that *coach* looked at this leader now, so that the next time shows what is new."""
        known = await self._book.find(coach)
        if known:
            visited = {**dict(known.visited), handle: now}
            await self._book.keep(replace(known, visited=tuple(visited.items())))

    async def open(self, coach: CoachId, handle: str, piece: str, now: datetime) -> tuple[Shown, Piece] | None:
        """Return one piece and what is around it, and remember on the leader's page that it was opened; or None."""
        leader = await self._leader(coach, handle)
        if leader is None:
            return None
        seen: list[tuple[Shown, Piece]] = []

        def look(page: Page) -> Conversation | None:
            shown = sharing.shown(page, coach, now)
            found = shown.piece(piece) if shown else None
            if shown is None or found is None:
                return None
            seen.append((shown, found))
            return with_look(page.conversation, coach, piece, now)

        await self._guide.change(leader, look, now)
        return seen[0] if seen else None

    async def search(self, coach: CoachId, query: str, language: str, now: datetime) -> Sequence[Hit]:
        """Return the shared pieces that hold the words of *query*, best first per leader; empty for an empty query."""
        hits: list[Hit] = []
        for handle, leader in (await self._keeper.linked(coach)).items():
            shown = await self._shown(leader, coach, now)
            if shown is None:
                continue
            texts = [(piece.id, piece.text) for piece in shown.pieces if piece.text]
            for id_ in self._matcher.find(texts, query, language):
                piece = shown.piece(id_)
                hits += [Hit(handle, shown.link.known_as, piece)] if piece else []
        return hits

    async def write(
        self, coach: CoachId, handle: str, piece: str, text: str, now: datetime, *, send: bool
    ) -> Note | None:
        """
        Keep *text* as the draft of a note about *piece*, and send it when asked; return the note, or None as above.

        Raises:
            ValueError: *text* is empty or longer than `NOTE_LENGTH`; nothing was kept.
        """
        text = text.strip()
        if not text or len(text) > NOTE_LENGTH:
            raise ValueError("a note has 1 to 400 characters")
        leader = await self._leader(coach, handle)
        if leader is None:
            return None
        written: list[Note] = []

        def put(page: Page) -> Conversation | None:
            shown = sharing.shown(page, coach, now)
            if shown is None or shown.piece(piece) is None:
                return None
            changed, note = with_note(page.conversation, coach, piece, text, now, send=send)
            written.append(note)
            return changed

        await self._guide.change(leader, put, now)
        return written[0] if written else None

    async def _leader(self, coach: CoachId, handle: str) -> LeaderId | None:
        return (await self._keeper.linked(coach)).get(handle)

    async def _shown(self, leader: LeaderId, coach: CoachId, now: datetime) -> Shown | None:
        try:
            page = await self._keeper.read(leader)
        except PageUnreadable:
            return None  # one damaged page does not close the list of a coach
        return sharing.shown(page, coach, now) if page else None


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
    return replace(conversation, counted=counted, notes=(*others, note)), note
