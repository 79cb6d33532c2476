"""
Cuts a long text at safe places, so that it fits in messages of Telegram.

A piece ends, by preference, after a paragraph, a line, a sentence or a word, and never inside what a reader sees as
one character. The pieces join to the original, to the letter.
"""

from __future__ import annotations

from bisect import bisect_right
from itertools import accumulate

import regex

LONGEST = 4000
"""UTF-16 units in one piece; Telegram allows 4096 in a message."""

_ENDINGS = (
    (regex.compile(r"\n[ \t\r]*\n\s*"), 0.5),
    (regex.compile(r"\n"), 0.5),
    (regex.compile(r"[.!?…][\"'”’»)\]]*\s+"), 0.5),
    (regex.compile(r"\s+"), 0.0),
)
"""Where a piece may end, best first, and which share of a piece must be filled for it."""


def units(text: str) -> int:
    """Return the length of *text* as Telegram counts it: in UTF-16 units."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def cut(text: str, longest: int = LONGEST) -> tuple[str, ...]:
    """
    Return *text* in pieces of at most *longest* UTF-16 units.

    Only a single character that is itself longer (a letter under thousands of accents) is cut inside, between code
    points.
    """
    if units(text) <= longest:
        return (text,)
    clusters = [part for cluster in regex.findall(r"\X", text) for part in _fitting(cluster, longest)]
    ends = list(accumulate(map(len, clusters), initial=0))
    sizes = list(accumulate(map(units, clusters), initial=0))
    pieces: list[str] = []
    first = 0
    while first < len(clusters):
        last = bisect_right(sizes, sizes[first] + longest) - 1
        if last < len(clusters):
            last = _best(text, ends, first, last)
        pieces.append(text[ends[first] : ends[last]])
        first = last
    return tuple(pieces)


def _best(text: str, ends: list[int], first: int, last: int) -> int:
    """Return after which cluster, from *first* to *last*, the piece ends best."""
    start, stop = ends[first], ends[last]
    allowed = {ends[index]: index for index in range(first + 1, last + 1)}
    for ending, share in _ENDINGS:
        least = start + share * (stop - start)
        found = [match.end() for match in ending.finditer(text, start, stop) if match.end() in allowed]
        if found and found[-1] >= least:
            return allowed[found[-1]]
    return last


def _fitting(cluster: str, longest: int) -> tuple[str, ...]:
    step = len(cluster) if units(cluster) <= longest else longest // 2
    return tuple(cluster[index : index + step] for index in range(0, len(cluster), step))
