"""Turns what a turn of a team says into notes: rendered, drawn, printed, and each with where it goes."""

from __future__ import annotations

import asyncio
import logging
from base64 import b64encode
from datetime import datetime

from dialogues.changing import replace
from dialogues.conversation import Say
from dialogues.errors import DrawingFailed, PrintingFailed
from dialogues.team.desk import Post, TeamTurn
from dialogues.team.ports import BoardPainter, BoardPrinter, Reach, TeamLetter, TeamWords

log = logging.getLogger(__name__)


class NoteMaker:
    """
    Makes the notes of turns.

    Args:
        painter: draws what messages show; without one there are only their words, which say the same.
        printer: makes a board to print; without one a team hears that it cannot be printed now.
    """

    def __init__(
        self, words: TeamWords, reach: Reach, painter: BoardPainter | None, printer: BoardPrinter | None
    ) -> None:
        self._words = words
        self._reach = reach
        self._painter = painter
        self._printer = printer

    async def of(self, turn: TeamTurn, now: datetime) -> tuple[TeamLetter, ...]:
        """Return what is sent: to the group, or to a private chat; nothing to a group the guide is not in."""
        notes: list[TeamLetter] = []
        language, number = turn.team.settings.language, turn.team.numbers.get("note", 0)
        for post in turn.posts:
            to = post.to
            if post.lead and not to:
                to = await self._reach(post.lead)
            say: Say | None = post.say
            if post.lead and not to:
                say = post.instead
            if say is None or (turn.team.paused and not to):
                continue
            note = TeamLetter(number + len(notes) + 1, self._words.render(say, language), now, to, post.slot)
            notes.append(
                await self._printed(note, post, language) if post.sheet else await self._drawn(note, say, language)
            )
        return tuple(notes)

    async def _drawn(self, note: TeamLetter, say: Say, language: str) -> TeamLetter:
        """Return *note* with the picture of *say*, if it has one that can be drawn."""
        if say.picture is None or self._painter is None:
            return note
        try:
            # Drawing takes as long as some turns do, and others need not wait for it.
            drawn = await asyncio.to_thread(self._painter.paint, say.picture, language)
        except DrawingFailed as error:
            log.warning("a picture was not drawn: %s", error)
            return note
        return replace(note, picture=b64encode(drawn).decode("ascii"))

    async def _printed(self, note: TeamLetter, post: Post, language: str) -> TeamLetter:
        """Return *note* with the sheet of *post*, or one that says that it could not be made."""
        made = b""
        try:
            if post.sheet and self._printer:
                made = await asyncio.to_thread(self._printer.sheet, post.sheet, language)
        except PrintingFailed as error:
            log.warning("a board was not printed: %s", error)
        if not made:
            return replace(note, message=self._words.render(Say("team.not_printed"), language))
        name = self._words.render(Say("team.sheet_name"), language).text
        return replace(note, file=f"{name}.pdf", body=b64encode(made).decode("ascii"))
