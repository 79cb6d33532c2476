"""
One leader's conversation in a terminal, from the first message to the end of the input.

Like the bot this is a thin shell: it hands each line to the guide and prints the letters that come back, taking each
off the outbox only when it has been printed. How things look is decided in `screens.py`, what is said in the guide.
"""

from __future__ import annotations

import asyncio
import logging
import os
from base64 import b64decode
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

from dialogues.conversation import Arrived, Heard, LeaderId, Say
from dialogues.errors import DialogueError, KeeperUnavailable
from dialogues.ports import Keeper, Letter, Message, Words
from terminal.screens import Surface

log = logging.getLogger(__name__)

LEADER = LeaderId("terminal")
ADDRESS = "terminal"


class Answer(Protocol):
    """What the guide hands back; letters that are *kept* wait in the outbox, others exist only here."""

    @property
    def letters(self) -> Sequence[Letter]:
        """What to show."""
        ...

    @property
    def toast(self) -> str:
        """A short word, or "" for none."""
        ...

    @property
    def kept(self) -> bool:
        """Whether the turn is stored."""
        ...


class Guide(Protocol):
    """What the terminal needs of the guide."""

    def read(self, text: str, source: str) -> Heard:
        """Return what a typed line is."""
        ...

    async def hear(
        self, leader: LeaderId, address: str, heard: Heard, now: datetime, update: str = "", language: str = ""
    ) -> Answer:
        """Take one turn."""
        ...

    async def sorry(self, leader: LeaderId, address: str) -> Answer:
        """Return what is said when a turn failed unexpectedly."""
        ...


@dataclass(frozen=True, slots=True)
class Chat:
    """
    A conversation about to take place.

    *now* tells the time, aware and in UTC. *exports* is the folder for files; it is made when the first one is sent.
    *language* is spoken until the leader has chosen one.
    """

    guide: Guide
    keeper: Keeper
    words: Words
    surface: Surface
    now: Callable[[], datetime]
    exports: Path
    language: str

    def hold(self) -> None:
        """
        Talk until the input ends.

        Each turn runs by itself in one event loop. Between turns nothing runs, so that Ctrl-C at the prompt interrupts
        the waiting and never a turn half done.

        Raises:
            DialogueError: at the start, when the store cannot be read; later failures are told to the leader.
        """
        with asyncio.Runner() as runner:
            try:
                runner.run(self._arrive())
                self._go_on(runner)
                if self.surface.personal:
                    runner.run(self._say(Say("terminal.bye")))
            finally:
                runner.run(self.keeper.close())

    def _go_on(self, runner: asyncio.Runner) -> None:
        try:
            for line in self.surface.lines():
                runner.run(self._take_turn(self.guide.read(line, "")))
        except KeyboardInterrupt:
            return

    async def _arrive(self) -> None:
        await self.keeper.read(LEADER)
        await self._empty_outbox()
        await self._take_turn(Arrived())

    async def _take_turn(self, heard: Heard) -> None:
        try:
            answer = await self.guide.hear(LEADER, ADDRESS, heard, self.now(), language=self.language)
        except DialogueError as error:
            log.warning("a turn was not possible", exc_info=True)
            await self._say(error.say)
            return
        except Exception:
            # A fault of ours must not end somebody's conversation; what was kept before this turn is still there.
            log.exception("a turn failed")
            answer = await self.guide.sorry(LEADER, ADDRESS)
        if answer.toast:
            self.surface.show(Message(answer.toast))
        if answer.kept and await self._empty_outbox():
            return
        for letter in answer.letters:
            await self._show(letter)

    async def _empty_outbox(self) -> bool:
        """Show what waits, and return whether the store let us."""
        try:
            page = await self.keeper.read(LEADER)
            for letter in page.letters if page else ():
                await self._show(letter)
                await self.keeper.delivered(LEADER, letter.number)
        except KeeperUnavailable:
            log.exception("the outbox could not be emptied")
            return False
        return True

    async def _show(self, letter: Letter) -> None:
        if letter.picture:
            await self._show_picture(letter)
        if letter.message.text:
            self.surface.show(letter.message)
        if letter.file:
            await self._say(self._put_down(letter))

    async def _show_picture(self, letter: Letter) -> None:
        """Put the picture of *letter* in a file and say where. Without it nothing is lost: its words are shown as well."""
        name = f"{(await self._rendered(Say('terminal.picture_name'))).text}-{letter.number}.png"
        try:
            path = write_privately(self.exports, name, b64decode(letter.picture, validate=True))
        except (OSError, ValueError):
            log.exception("a picture could not be written")
        else:
            await self._say(Say("terminal.picture_written", {"path": str(path)}))

    def _put_down(self, letter: Letter) -> Say:
        try:
            body = b64decode(letter.body, validate=True) if letter.binary else letter.body.encode(errors="replace")
            path = write_privately(self.exports, letter.file, body)
        except (OSError, ValueError):
            log.exception("a file could not be written")
            return KeeperUnavailable.say
        return Say("terminal.file_written", {"path": str(path)})

    async def _say(self, say: Say) -> None:
        self.surface.show(await self._rendered(say))

    async def _rendered(self, say: Say) -> Message:
        try:
            page = await self.keeper.read(LEADER)
        except DialogueError:
            page = None
        language = (page.conversation.language if page else "") or self.language or "nl"
        return self.words.render(say, language)


def write_privately(folder: Path, name: str, body: bytes) -> Path:
    """
    Write *body* under *name* in *folder*, readable by its owner only, and return where it is.

    A file that is there already is left alone; the new one gets a number. Raises OSError.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    wanted = Path(Path(name).name)
    number = 1
    while True:
        path = folder / (wanted.name if number == 1 else f"{wanted.stem}-{number}{wanted.suffix}")
        try:
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            number += 1
            continue
        with os.fdopen(descriptor, "wb") as file:
            file.write(body)
        return path
