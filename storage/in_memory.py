"""
Keeps pages in memory, for try-outs and tests.

How they are kept stands in `in_memory_texts.py`. Nothing here survives the process.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from dialogues.coaching import Book, CoachId
from dialogues.conversation import LeaderId, Moment
from dialogues.ports import Entry, Linked, Page
from storage.agenda import Agenda
from storage.in_memory_texts import Texts
from storage.journal import read_page, with_entry, without_letter, write_page


class InMemoryKeeper:
    """
    A keeper that keeps its promises for as long as the process lives.

    Args:
        pages: where the texts are kept, by leader. Hand the same one to a next keeper to play a restart.
    """

    def __init__(self, pages: dict[LeaderId, str] | None = None) -> None:
        """Take over what stands in *pages*. A page that cannot be read plans nothing."""
        self._pages = Texts(pages, read_page, write_page)
        self._agenda = Agenda()
        for leader, page in self._pages.readable():
            self._note(leader, page)

    async def read(self, leader: LeaderId) -> Page | None:
        """Return everything kept of *leader*, or None when nothing is."""
        return self._pages.get(leader)

    async def write(self, entry: Entry) -> None:
        """Keep *entry*, all of it or nothing."""
        leader = entry.conversation.leader
        self._keep(leader, with_entry(self._pages.get(leader), entry))

    async def erase(self, leader: LeaderId) -> None:
        """Forget *leader* wholly."""
        self._pages.drop(leader)
        self._agenda.forget(leader)

    async def due(self, now: datetime) -> Sequence[tuple[LeaderId, Moment]]:
        """Return the moments at or before *now*, earliest first."""
        self._pages.check_open()
        return self._agenda.due(now)

    async def linked(self, coach: CoachId) -> Mapping[str, Linked]:
        """Return the leaders linked with *coach*, by the handle of the link."""
        self._pages.check_open()
        return self._agenda.linked(coach)

    async def silent(self, since: datetime) -> Sequence[LeaderId]:
        """Return the leaders of whom nothing was heard after *since*, longest silent first; paused ones too."""
        self._pages.check_open()
        return self._agenda.silent(since)

    async def waiting(self) -> Sequence[LeaderId]:
        """Return the leaders who have letters waiting."""
        self._pages.check_open()
        return self._agenda.waiting()

    async def delivered(self, leader: LeaderId, number: int) -> None:
        """Take letter *number* of *leader* off the outbox."""
        page = self._pages.get(leader)
        if page is not None:
            self._keep(leader, without_letter(page, number))

    async def close(self) -> None:
        """Let go. The texts stay with whoever handed them in."""
        self._pages.close()

    def _keep(self, leader: LeaderId, page: Page) -> None:
        self._pages.put(leader, page)
        self._note(leader, page)

    def _note(self, leader: LeaderId, page: Page) -> None:
        self._agenda.forget(leader)
        self._agenda.note(page.conversation, letters=bool(page.letters))


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
