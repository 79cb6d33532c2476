"""
Keeping a turn: its words rendered, its letters numbered, and all of it kept in one write before anything is answered.

Pictures and documents are made here too. Whatever cannot be drawn or printed is left out, since the words say the same.
"""

from __future__ import annotations

import asyncio
import logging
from base64 import b64encode
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from dialogues.boards import Hers
from dialogues.changing import replace
from dialogues.conversation import Conversation, Say, Turn
from dialogues.errors import DrawingFailed, PrintingFailed
from dialogues.portfolio import Portfolio
from dialogues.ports import Entry, Exporter, Keeper, Letter, Message, Page, Painter, Publisher, Words

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Reply:
    """
    What a turn gave. *letters* stand in the outbox when *kept* is true; otherwise they exist only here (after an erasure,
    or when the store is away). *toast* is a short word under the tapped button.
    """

    letters: tuple[Letter, ...] = ()
    toast: str = ""
    kept: bool = True


class Keeping:
    """
    Keeps turns.

    Raises (every method):
        KeeperUnavailable: nothing was kept.
    """

    def __init__(
        self,
        *,
        keeper: Keeper,
        words: Words,
        exporter: Exporter,
        painter: Painter | None,
        publisher: Publisher | None,
        witness: Callable[[Turn], None],
    ) -> None:
        """Take the ports; what each is for stands with `Guide`."""
        self._keeper = keeper
        self._words = words
        self._exporter = exporter
        self._painter = painter
        self._publisher = publisher
        self._witness = witness

    async def keep(
        self, turn: Turn, page: Page | None, update: str, now: datetime, boards: tuple[Hers, ...] = ()
    ) -> Reply:
        """Keep the whole turn in one write and return what to send; *boards* go along when everything is handed over."""
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
        files = self._everything(conversation, page, now, boards) if turn.hand_over and page else ()
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

    def _everything(
        self, conversation: Conversation, page: Page, now: datetime, boards: tuple[Hers, ...]
    ) -> tuple[Letter, ...]:
        """Return everything kept of this leader as two documents."""
        return tuple(
            Letter(
                0,
                conversation.address,
                Message(""),
                now,
                file=f"mindshift.{form}",
                body=self._exporter.export(page, conversation.language, form, boards),
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
