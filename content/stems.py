"""
Reads a text as words: folded, stemmed, and with the words that say nothing by themselves or turn others around known.

Stemming is Snowball's (Porter, 2001), in Dutch and English. What the words mean is looked up in `matching.py`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from rapidfuzz import fuzz, process
from Stemmer import Stemmer

from content.folding import fold
from content.structure import listed
from content.yaml_files import Book

_STEMMERS = {"nl": "dutch", "en": "english"}
_PIECE = re.compile(r"[^\W_]+(?:'[^\W_]+)*|[.,;:!?…()\n]")

TYPED_WRONG = 88
"""How alike two words must be, out of 100, to be taken for one word typed wrongly."""

LONG_ENOUGH = 5
"""Letters a word needs before a typing mistake in it is forgiven: in shorter ones it is too often another word."""


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a text: as folded, its stem, and in which clause it stands."""

    folded: str
    stem: str
    clause: int


class Speech:
    """How one language is read."""

    def __init__(self, book: Book) -> None:
        """Take the stop words, turning words and clause breaks of *book*."""
        self._stemmer = Stemmer(_STEMMERS[book.language], 0)  # 0: it remembers no words, since those are a leader's
        self.turning = frozenset(map(fold, listed(book, "matching.turning")))
        self.stop = frozenset(map(fold, listed(book, "synonyms.stop"))) - self.turning
        self._apart = self.stop | set(map(fold, listed(book, "matching.apart")))
        order = book.texts.get("matching.order")
        self.any_order = order is not None and order.text == "any"
        self._breaks = frozenset(map(fold, listed(book, "matching.breaks")))

    def stem(self, folded: str) -> str:
        """Return the stem of *folded*. Stems are not remembered: most words are those of leaders."""
        if folded in self._apart:
            return f"{folded}."
        stem = str(self._stemmer.stemWord(folded))
        # In Dutch it also takes "ge" off nouns: "gevolg" would be one with "volgende".
        return stem if stem[:1] == folded[:1] else folded[:2] + stem

    def words(self, text: str, most: int | None = None) -> list[Word]:
        """Return the words of *text*, at most *most*. A punctuation mark, or a word such as "maar", begins a clause."""
        found: list[Word] = []
        clause, ended = 0, False
        for piece in _PIECE.finditer(fold(text)):
            folded = piece.group()
            if not folded[0].isalnum():
                ended = True
                continue
            clause += ended or folded in self._breaks
            ended = False
            found.append(Word(folded, self.stem(folded), clause))
            if len(found) == most:
                break
        return found

    def telling(self, words: list[Word]) -> list[Word]:
        """Return *words* without those that say nothing by themselves; all of them when hardly anything is left."""
        kept = [word for word in words if word.folded not in self.stop]
        return kept if len(kept) > 1 or len(words) == len(kept) else words


def nearest(word: str, known: list[str]) -> str:
    """Return the word of *known* that *word* is, but for a typing mistake, else ""."""
    if len(word) < LONG_ENOUGH:
        return ""
    found = process.extractOne(word, known, scorer=fuzz.ratio, score_cutoff=TYPED_WRONG)
    return str(found[0]) if found else ""
