"""The words by which a line of a typed board says what it is, in all languages at once. Implements the Heads port."""

from __future__ import annotations

from collections.abc import Mapping
from string import digits

from content.folding import fold
from content.yaml_files import Book

_HEADS = "typed_board.heads"
_OPENS = "typed_board.opens"


class BoardWords:
    """What stands under ``typed_board`` in the content, ready to be looked up."""

    def __init__(self, books: Mapping[str, Book]) -> None:
        """Take the words in *books*, by language; the first language counts when two differ."""
        self._sorts: dict[str, str] = {}
        self._opens: set[str] = set()
        for book in books.values():
            for sort in book.under(_HEADS):
                for leaf in book.lists[f"{_HEADS}.{sort}"]:
                    self._sorts.setdefault(fold(leaf.text), sort)
            self._opens |= {fold(leaf.text) for leaf in book.lists[_OPENS]}

    def sort_of(self, head: str) -> str:
        """Return what *head* names, or ""; a number behind it does not matter."""
        return self._sorts.get(fold(head.rstrip(digits + " ")), "")

    def opens(self, word: str) -> bool:
        """Return whether *word* says what a line is without a colon as well."""
        return fold(word) in self._opens
