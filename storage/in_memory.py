"""
Keeps pages in memory, for try-outs and tests.

Pages are kept as JSON texts, never as live values, so that everything that runs on this keeper also proves that its
pages can be written and read. Nothing here survives the process.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from dialogues.coaching import Book, CoachId
from dialogues.conversation import LeaderId, Moment
from dialogues.errors import KeeperUnavailable, PageUnreadable
from dialogues.ports import Entry, Linked, Page
from storage.agenda import Agenda
from storage.journal import read_page, with_entry, without_letter, write_page


class InMemoryKeeper:
    """
    A keeper that keeps its promises for as long as the process lives.

    Args:
        pages: where the texts are kept, by leader. Hand the same one to a next keeper to play a restart.
    """

    def __init__(self, pages: dict[LeaderId, str] | None = None) -> None:
        """Take over what stands in *pages*. A page that cannot be read plans nothing."""
        self._pages = {} if pages is None else pages
        self._agenda = Agenda()
        self._closed = False
        for leader in self._pages:
            try:
                self._note(leader, self._page(leader))
            except PageUnreadable:
                continue

    async def read(self, leader: LeaderId) -> Page | None:
        """Return everything kept of *leader*, or None when nothing is."""
        self._check_open()
        return self._page(leader)

    async def write(self, entry: Entry) -> None:
        """Keep *entry*, all of it or nothing."""
        self._check_open()
        leader = entry.conversation.leader
        self._keep(leader, with_entry(self._page(leader), entry))

    async def erase(self, leader: LeaderId) -> None:
        """Forget *leader* wholly."""
        self._check_open()
        self._pages.pop(leader, None)
        self._agenda.forget(leader)

    async def due(self, now: datetime) -> Sequence[tuple[LeaderId, Moment]]:
        """Return the moments at or before *now*, earliest first."""
        self._check_open()
        return self._agenda.due(now)

    async def linked(self, coach: CoachId) -> Mapping[str, Linked]:
        """Return the leaders linked with *coach*, by the handle of the link."""
        self._check_open()
        return self._agenda.linked(coach)

    async def silent(self, since: datetime) -> Sequence[LeaderId]:
        """Return the leaders of whom nothing was heard after *since*, longest silent first; paused ones too."""
        self._check_open()
        return self._agenda.silent(since)

    async def waiting(self) -> Sequence[LeaderId]:
        """Return the leaders who have letters waiting."""
        self._check_open()
        return self._agenda.waiting()

    async def delivered(self, leader: LeaderId, number: int) -> None:
        """Take letter *number* of *leader* off the outbox."""
        self._check_open()
        page = self._page(leader)
        if page is not None:
            self._keep(leader, without_letter(page, number))

    async def close(self) -> None:
        """Let go. The texts stay with whoever handed them in."""
        self._closed = True

    def _page(self, leader: LeaderId) -> Page | None:
        text = self._pages.get(leader)
        if text is None:
            return None
        try:
            document = json.loads(text)
        except ValueError:
            raise PageUnreadable("the page is no JSON") from None
        if not isinstance(document, dict):
            raise PageUnreadable("the page is no document")
        return read_page(document)

    def _keep(self, leader: LeaderId, page: Page) -> None:
        self._pages[leader] = json.dumps(write_page(page), ensure_ascii=False)
        self._note(leader, page)

    def _note(self, leader: LeaderId, page: Page | None) -> None:
        self._agenda.forget(leader)
        if page is not None:
            self._agenda.note(page.conversation, letters=bool(page.letters))

    def _check_open(self) -> None:
        if self._closed:
            raise KeeperUnavailable("the keeper was closed")


class InMemoryCoachBook:
    """A book of coaches for a try-out; nothing of it survives the process."""

    def __init__(self, book: Book | None = None) -> None:
        """Begin with *book*, or an empty one."""
        self._book = book or Book()

    async def read(self) -> Book:
        """Return the book."""
        return self._book

    async def change(self, work: Callable[[Book], Book]) -> Book:
        """Keep what *work* makes of the book, and return it."""
        self._book = work(self._book)
        return self._book
