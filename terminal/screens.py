"""
How a message of the guide looks in a terminal, and how a line is read from one.

`Pipe` is for input that is no terminal: plain text, no prompt, no escapes. `Screen` is for a person. Neither knows what
the conversation is about.
"""

from __future__ import annotations

import contextlib
import importlib
import io
import sys
import unicodedata
from collections.abc import Iterator
from typing import BinaryIO, Protocol, TextIO

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from dialogues.ports import Button, Message

_WIDTH = 88
_PROMPT = "› "
_SIGN_OF_NUL = 0x2400


class Surface(Protocol):
    """Where a conversation takes place; *personal* when somebody sits there and reads along."""

    personal: bool

    def lines(self) -> Iterator[str]:
        """Yield what is said, line by line, until there is no more."""
        ...

    def show(self, message: Message) -> None:
        """Show *message* with its buttons."""
        ...


class Pipe:
    """One line in is one message; plain UTF-8 out."""

    personal = False

    def __init__(self, source: BinaryIO, sink: TextIO) -> None:
        """Read bytes from *source*, so that a line which is no UTF-8 loses a character and not the conversation."""
        self._source = source
        self._sink = sink

    def lines(self) -> Iterator[str]:
        """Yield each line, until the input ends."""
        for line in self._source:
            yield line.decode("utf-8", errors="replace").rstrip("\r\n")

    def show(self, message: Message) -> None:
        """Write the text, the buttons below it, and an empty line."""
        print(visible(message.text), *buttons(message), "", sep="\n", file=self._sink, flush=True)


class Screen:
    """A person at a terminal."""

    personal = True

    def __init__(self, console: Console | None = None) -> None:
        """Speak through *console*."""
        self._console = console or Console(highlight=False)
        self._console.size = (min(self._console.width, _WIDTH), self._console.height)

    def lines(self) -> Iterator[str]:
        """Yield each line, until Ctrl-D or Ctrl-C."""
        # Imported for its effect: a line can then be edited before it is sent. No history
        # is written.
        with contextlib.suppress(ImportError):
            importlib.import_module("readline")
        while True:
            try:
                self._console.print()
                # Not through rich: only a prompt that readline knows survives editing and recalling a line.
                yield input(_PROMPT)
            except (EOFError, KeyboardInterrupt):
                return

    def show(self, message: Message) -> None:
        """Print the text, the buttons as numbered lines, and an empty line before them."""
        self._console.print()
        self._console.print(Text(visible(message.text)))
        for line in buttons(message):
            self._console.print(Padding(Text(line, style="cyan"), (0, 0, 0, 2), expand=False))


def buttons(message: Message) -> list[str]:
    """
    Return the buttons of *message* as lines to print.

    Numbers to choose from (a ruler, boxes to tick) stand together on one line and mean themselves; any other button
    gets the number that is to be typed for it, or none beside a ruler or boxes, where its words are typed.
    """
    flat = [button for row in message.rows for button in row]
    numbers = [button for button in flat if _is_number(button)]
    words = [button for button in flat if not _is_number(button)]
    lines = [" ".join(f"[{button.label}]" for button in numbers)] if numbers else []
    if numbers:
        return lines + [f"[{button.label}]" for button in words]
    return [f"[{number}] {button.label}" for number, button in enumerate(words, 1)]


def visible(text: str) -> str:
    """Return *text* with control characters as signs, so that what somebody wrote cannot steer the terminal."""
    return "".join(_sign(char) for char in text)


def _sign(char: str) -> str:
    if char in "\n\t" or unicodedata.category(char) not in {"Cc", "Cs"}:
        return char
    return chr(_SIGN_OF_NUL + ord(char)) if char < " " else "\N{REPLACEMENT CHARACTER}"


def _is_number(button: Button) -> bool:
    return button.label.strip(" ✓☑☐").isdecimal()


def surface() -> Surface:
    """Return the screen when a person sits at both ends, else the pipe."""
    for stream in (sys.stdin, sys.stdout):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="replace")
    if sys.stdin.isatty() and sys.stdout.isatty():
        return Screen()
    return Pipe(sys.stdin.buffer, sys.stdout)
