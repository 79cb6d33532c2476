"""
What the dialogue needs from outside, in its own words.

Outer packages fit these shapes without inheriting. All ports that touch a disk or a network are asynchronous, once
and never in both colours. Every keeper keeps the same promises: `tests/storage/test_promises.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Protocol, TypeVar

from dialogues.boards import Hers
from dialogues.coaching import Book, CoachId
from dialogues.conversation import Conversation, Guess, LeaderId, Moment, Picture, Reflection, Say

if TYPE_CHECKING:
    from dialogues.portfolio import Portfolio


@dataclass(frozen=True, slots=True)
class Button:
    """A button as it is shown: its words, and what comes back when it is tapped (at most 64 bytes)."""

    label: str
    data: str


@dataclass(frozen=True, slots=True)
class Message:
    """A finished message: plain text (never markup) and rows of buttons."""

    text: str
    rows: tuple[tuple[Button, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Letter:
    """
    A message on its way to one address. *number* rises per leader, so order is kept. *edits* names the message to
    redraw instead of sending a new one; *file* is the name of a document to send along, *body* its content: a text, or
    when *binary* the bytes in base64. *picture* is a PNG in base64 that goes with the message, which says the same in
    words.
    """

    number: int
    address: str
    message: Message
    written: datetime
    edits: str = ""
    file: str = ""
    body: str = ""
    picture: str = ""
    binary: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """Everything kept of one leader."""

    conversation: Conversation
    journal: tuple[Reflection, ...] = ()
    letters: tuple[Letter, ...] = ()
    updates: Mapping[str, datetime] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Entry:
    """
    What one turn writes, all of it or nothing: the new conversation, new or corrected reflections (by id), letters to
    send, and the update that caused it (so that it is handled once; "" when there was none).
    """

    conversation: Conversation
    reflections: tuple[Reflection, ...] = ()
    letters: tuple[Letter, ...] = ()
    update: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Linked:
    """A leader who has a link with a coach. *version* is another number after every change of her page."""

    leader: LeaderId
    version: int


class Keeper(Protocol):
    """
    Keeps pages.

    Raises (every method):
        KeeperUnavailable: the store could not be read or written; nothing was changed.
        PageUnreadable: this leader's page is damaged; it was left as it is and never replaced by an empty one.
    """

    async def read(self, leader: LeaderId) -> Page | None:
        """Return everything kept of *leader*, or None when nothing is."""
        ...

    async def write(self, entry: Entry) -> None:
        """
        Keep *entry*, durably and all at once, before returning. Updates older than 48 hours are dropped.

        The entry is frozen, and so is what it holds: a keeper may remember it as it is, and take what is the same object
        as before for unchanged. Whoever made a mapping that is in it does not change it afterwards.
        """
        ...

    async def erase(self, leader: LeaderId) -> None:
        """Forget *leader* wholly. Forgetting somebody unknown is no error."""
        ...

    async def due(self, now: datetime) -> Sequence[tuple[LeaderId, Moment]]:
        """Return the moments at or before *now*, earliest first."""
        ...

    async def silent(self, since: datetime) -> Sequence[LeaderId]:
        """Return the leaders of whom nothing was heard after *since*, longest silent first; paused ones too."""
        ...

    async def waiting(self) -> Sequence[LeaderId]:
        """Return the leaders who have letters waiting."""
        ...

    async def linked(self, coach: CoachId) -> Mapping[str, Linked]:
        """Return the leaders who have a link with *coach* that has not ended, by the handle of that link."""
        ...

    async def delivered(self, leader: LeaderId, number: int) -> None:
        """Take letter *number* of *leader* off the outbox. An unknown number is no error."""
        ...

    async def close(self) -> None:
        """Finish what is under way and let go of the store."""
        ...


class Boards(Protocol):
    """The boards of teams, as the private side of a leader sees them."""

    async def hers(self, leader: LeaderId) -> tuple[Hers, ...]:
        """
        Return what is hers on the boards of her teams, oldest team first; a damaged board is left out.

        Raises:
            KeeperUnavailable: the store could not be read.
        """
        ...


class CoachBook(Protocol):
    """
    Keeps the book of coaches, durably before returning.

    Raises (every method):
        KeeperUnavailable: the store could not be read or written; nothing was changed.
    """

    async def read(self) -> Book:
        """Return the book as it is now, whoever changed it last."""
        ...

    async def change(self, work: Callable[[Book], Book]) -> Book:
        """Keep what *work* makes of the book, one change after another, and return it. What *work* raises is passed on."""
        ...


@dataclass(frozen=True, slots=True)
class Passage:
    """What lets somebody in at a login page: an *address* to open in the browser that asked, or a *code* to type there."""

    address: str
    code: str


class Doors(Protocol):
    """The login pages, as the chat sees them."""

    async def confirm(self, code: str, person: LeaderId, now: datetime) -> Passage | None:
        """
        Return the passage for *person* through the login page that showed *code*, valid for ten minutes and once.

        None when no page shows that code, or when the page is for coaches and this person is none.

        Raises:
            KeeperUnavailable: who is a coach could not be read.
        """
        ...


class Words(Protocol):
    """The content, rendered."""

    def render(self, say: Say, language: str) -> Message:
        """Return *say* as a finished message. Raises WordsMissing."""
        ...

    def labels(self, say: Say, language: str) -> Mapping[str, str]:
        """Return the words on each button of *say*, by choice. Raises WordsMissing."""
        ...

    def command(self, text: str) -> tuple[str, str] | None:
        """Return (command id, argument) when *text* is a command in any language, such as "/zoek lesbezoek"."""
        ...

    def typed(self, choice: str, language: str) -> tuple[str, ...]:
        """Return the words that may be typed instead of tapping *choice*, such as "ja" and "ok" for yes."""
        ...

    def shortcut(self, text: str, language: str) -> str:
        """Return "back", "skip", "later", "stop", "help" … when *text* is just that word in any language, else ""."""
        ...


class Matcher(Protocol):
    """Finds what a free text resembles. It only ever proposes."""

    def guess(self, text: str, language: str, among: Sequence[str]) -> tuple[Guess, ...]:
        """
        Return what *text* resembles, best first, at most three.

        Args:
            among: what may be proposed: "phases", "cards", and for an open question its key followed by the
                choices, such as "diagnosis.willing:no,doubt,yes".
        """
        ...

    def look(self, query: str, language: str) -> tuple[Guess, ...]:
        """
        Return the models and cards whose words fit *query*, best first, as ``model:<id>`` and ``card:<id>``.

        The query may be in any language of the content, in any form, and slightly mistyped.
        """
        ...

    def questions(self, query: str, language: str) -> tuple[str, ...]:
        """Return the questions of models that fit *query* likewise, best first, as ``model.element``."""
        ...

    def find(self, texts: Sequence[tuple[str, str]], query: str, language: str) -> tuple[str, ...]:
        """
        Return the ids of the texts that hold at least half of the words of *query* in any form, best first, then newest.

        Args:
            texts: (id, text) pairs, oldest first.
        """
        ...


IndexT = TypeVar("IndexT")


class Searcher(Protocol[IndexT]):
    """Finds texts of which the words were looked up before, so that many can be searched at once."""

    def index(self, texts: Sequence[tuple[str, str]], beside: Sequence[IndexT] = ()) -> IndexT:
        """Return the words of *texts*, (id, text) pairs with the oldest first; it may share words with *beside*."""
        ...

    def search(self, indexes: Sequence[IndexT], query: str, language: str) -> tuple[tuple[int, str], ...]:
        """Return what fits *query*, as `Matcher.find` does, as (place of the index, id)."""
        ...


class Painter(Protocol):
    """Draws pictures."""

    def paint(self, picture: Picture, language: str) -> bytes:
        """Return *picture* as a PNG. Blocks for some tens of milliseconds. Raises WordsMissing, DrawingFailed."""
        ...


class Exporter(Protocol):
    """Writes out everything kept of one leader, for that leader."""

    def export(self, page: Page, language: str, form: str, boards: tuple[Hers, ...] = ()) -> str:
        """Return *page* and what is hers on *boards* as a document; *form* is "json" (every field) or "md" (to read)."""
        ...


class Publisher(Protocol):
    """Makes documents of a portfolio."""

    def pdf(self, portfolio: Portfolio, language: str) -> bytes:
        """Return *portfolio* as a PDF. Blocks for some hundreds of milliseconds. Raises WordsMissing, PrintingFailed."""
        ...

    def markdown(self, portfolio: Portfolio, language: str) -> str:
        """Return *portfolio* as Markdown, in which nothing that somebody wrote is markup. Raises WordsMissing."""
        ...
