"""Finds texts by words in any form: stemmed, inside a longer word, or typed slightly wrong. Nothing is stored here."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz

from content.folding import fold
from content.stems import LONG_ENOUGH, TYPED_WRONG, Speech

_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*")
_PART = 4
_SAME, _INSIDE, _MISTYPED = 3, 2, 1


@dataclass(frozen=True, slots=True)
class Index:
    """The words of some texts: their *ids*, the oldest first, and in which of them each folded word stands."""

    ids: tuple[str, ...]
    words: Mapping[str, tuple[int, ...]]


def index(texts: Sequence[tuple[str, str]], beside: Sequence[Index] = ()) -> Index:
    """
    Return the index of *texts*, (id, text) pairs with the oldest first.

    Its words are the very objects that stand in the indexes *beside* it, where those have them: words of two hundred
    leaders are then put together in a quarter of the time. They go when the last of these indexes goes.
    """
    words: dict[str, list[int]] = defaultdict(list)
    for place, (_, text) in enumerate(texts):
        for word in set(_WORD.findall(fold(text))):
            words[word].append(place)
    same = {word: word for other in beside for word in other.words}
    kept = {same.get(word, word): tuple(places) for word, places in words.items()}
    return Index(tuple(id_ for id_, _ in texts), kept)


def find(texts: Sequence[tuple[str, str]], query: str, speech: Speech) -> tuple[str, ...]:
    """Return the ids of *texts* that fit *query*, as `search` does for several indexes."""
    return tuple(id_ for _, id_ in search([index(texts)], query, speech))


def search(indexes: Sequence[Index], query: str, speech: Speech) -> tuple[tuple[int, str], ...]:
    """
    Return what holds at least half of the words of *query*, as (place of the index, id): best first, then newest.

    Args:
        query: what was typed behind the command.
        speech: the language to read both in.
    """
    typed = list(dict.fromkeys(word.folded for word in speech.words(query)))
    wanted = [word for word in typed if word not in speech.stop] or typed
    if not wanted:
        return ()
    alike = _alike(wanted, set[str]().union(*(known.words.keys() for known in indexes)), speech)
    found: list[tuple[int, int, int, int]] = []
    for at, known in enumerate(indexes):
        best: dict[int, list[int]] = {}
        for word, number, score in alike:
            for place in known.words.get(word, ()):
                scores = best.setdefault(place, [0] * len(wanted))
                scores[number] = max(scores[number], score)
        for place, scores in best.items():
            held = sum(score > 0 for score in scores)
            if held * 2 >= len(wanted):
                found.append((held, sum(scores), place, at))
    return tuple((at, indexes[at].ids[place]) for *_, place, at in sorted(found, reverse=True))


def _alike(wanted: Sequence[str], words: set[str], speech: Speech) -> list[tuple[str, int, int]]:
    """Return which of *words* are like one of *wanted*: the word, the place of the one it is like, and how much."""
    likeness = [_likeness(word, speech) for word in wanted]
    return [(word, at, score) for at, like in enumerate(likeness) for word in words if (score := like(word))]


def _likeness(wanted: str, speech: Speech) -> Callable[[str], int]:
    stem = speech.stem(wanted)

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
