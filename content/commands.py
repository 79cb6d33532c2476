"""Recognises commands and the plain words that stand for them, in every language at once. What they do is not here."""

from __future__ import annotations

import re
from collections.abc import Mapping

from content.folding import fold
from content.yaml_files import Book

_COMMAND = re.compile(r"/(?P<name>\w+)(?:@\w+)?(?:\s+(?P<argument>.*))?", re.DOTALL)
UNKNOWN = "unknown"


class Commands:
    """The commands of `commands.yaml`: per id a name, other names, a description, and words that do the same."""

    def __init__(self, books: Mapping[str, Book], file: str = "commands") -> None:
        """Take the commands of every language in *books*, from another *file* when it is named."""
        self._names: dict[str, str] = {}
        self._words: dict[str, dict[str, str]] = {}
        self._menus: dict[str, list[tuple[str, str]]] = {}
        for language, book in books.items():
            words = self._words.setdefault(language, {})
            menu = self._menus.setdefault(language, [])
            for command in book.under(file):
                key = f"{file}.{command}"
                name = book.texts[f"{key}.name"].text if f"{key}.name" in book.texts else command
                for spelling in (name, *(leaf.text for leaf in book.lists.get(f"{key}.also", ()))):
                    self._names.setdefault(fold(spelling), command)
                for leaf in book.lists.get(f"{key}.words", ()):
                    words.setdefault(fold(leaf.text), command)
                if f"{key}.description" in book.texts:
                    menu.append((name, book.texts[f"{key}.description"].text))

    def read(self, text: str) -> tuple[str, str] | None:
        """Return (command id, argument) of a text such as "/zoek lesbezoek", or None when it is no command."""
        found = _COMMAND.fullmatch(text.strip())
        if found is None:
            return None
        name = found["name"]
        command = self._names.get(fold(name))
        return (UNKNOWN, name) if command is None else (command, (found["argument"] or "").strip())

    def shortcut(self, text: str, language: str) -> str:
        """Return the command that *text* stands for, looking in *language* before the others, else ""."""
        folded = fold(text)
        own = self._words.get(language, {}).get(folded, "")
        return own or next((words[folded] for words in self._words.values() if folded in words), "")

    def menu(self, language: str) -> list[tuple[str, str]]:
        """Return (name, description) of every command with a description, in the order of the file."""
        return list(self._menus.get(language, []))
