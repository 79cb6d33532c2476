"""Finds texts by words in any form: stemmed, inside a longer word, or typed slightly wrong. Nothing is stored here."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import cache

from rapidfuzz import fuzz

from content.folding import fold
from content.stems import LONG_ENOUGH, TYPED_WRONG, Speech

_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*")
_PART = 4
_SAME, _INSIDE, _MISTYPED = 3, 2, 1


def find(texts: Sequence[tuple[str, str]], query: str, speech: Speech) -> tuple[str, ...]:
    """
    Return the ids of *texts* that hold at least half of the words of *query*, best first, then newest.

    Args:
        texts: (id, text) pairs, oldest first.
        query: what was typed behind the command.
        speech: the language to read both in.
    """
    typed = list(dict.fromkeys(word.folded for word in speech.words(query)))
    wanted = [word for word in typed if word not in speech.stop] or typed
    if not wanted:
        return ()
    likeness = [_likeness(word, speech) for word in wanted]
    found: list[tuple[int, int, int, str]] = []
    for place, (id_, text) in enumerate(texts):
        words = set(_WORD.findall(fold(text)))
        best = [max(map(like, words), default=0) for like in likeness]
        held = sum(one > 0 for one in best)
        if held * 2 >= len(wanted):
            found.append((held, sum(best), place, id_))
    return tuple(id_ for *_, id_ in sorted(found, reverse=True))


def _likeness(wanted: str, speech: Speech) -> Callable[[str], int]:
    stem = speech.stem(wanted)

    @cache
    def like(word: str) -> int:
        if word == wanted or speech.stem(word) == stem:
            return _SAME
        if len(wanted) >= _PART and wanted in word:
            return _INSIDE
        if min(len(word), len(wanted)) < LONG_ENOUGH:
            return 0
        alike = max(fuzz.ratio(word, wanted), fuzz.ratio(speech.stem(word), stem))
        return _MISTYPED if alike >= TYPED_WRONG else 0

    return like
