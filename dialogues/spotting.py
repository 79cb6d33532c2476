"""
Finds phrases in what somebody wrote, in time that grows with the text and nothing else.

A phrase is a line that a coach can read and write:

    wil dood            these words, next to each other
    wil/wou dood        either word
    zelfmoord*          a word that begins so (``*wapen``: ends so)
    <pupil> zegt        any word or phrase of the group "pupil"
    wil ... dood        with at most six words between, within one sentence
    <pupil> ~ wil dood  with at most ten words between, but none of those listed under ``between``
    <pupil> & huilt     both, in either order, with at most twelve words between, within one sentence
    <pupil> >> huilt    anywhere later in the text
    niet meer wil .     at the end of a sentence
    zei : ik            a colon before a quotation counts as a word; other punctuation does not

Every word of the rules holds the places where it occurs as the bits of one whole number; a phrase is then a few
shifts. Nothing is tried twice, so no text can make it slow. What the phrases mean is the business of `care.py`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, permutations, product
from typing import Final, TypeAlias

Pattern: TypeAlias = tuple[tuple[str, str], ...]
"""Pairs of how to get there (next to, near, same, later) and which word, in order."""

Index: TypeAlias = Mapping[str, tuple[Pattern, ...]]
"""Patterns under their longest word, so that most of them need not be looked at."""

END: Final = "."
QUOTE: Final = ":"
NEXT, NEAR, SAME, BOTH, LATER = "", "...", "~", "&", ">>"

_GAP_WORDS = {NEXT: 0, NEAR: 6, SAME: 10, BOTH: 12}
_LONGEST_WORD = 40
_SHORTEST_SLIP = 6
_KEPT = 3
_INVISIBLE = frozenset({"Mn", "Cf", "Cc"})
_APOSTROPHES = re.compile("['\u2018\u2019\u02bc`\u00b4]")
_SENTENCE_END = re.compile(r"[.!?]+(?=\s|$)")
_COLON = re.compile(r":(?=\s)")
_NOT_WORD = re.compile(r"[^\w.:]+|_+|[.:](?! )")
_LONG_RUN = re.compile(r"(.)\1{2,}")


def fold(text: str) -> tuple[str, ...]:
    """
    Return the words of *text*, lower case and without accents, apostrophes or invisible characters, with ``END``
    after each sentence. Letters written apart (``d o o d``, ``d.o.o.d``) become one word.
    """
    plain = unicodedata.normalize("NFKC", _APOSTROPHES.sub("", text)).casefold()
    plain = "".join(
        letter
        for letter in unicodedata.normalize("NFKD", plain)
        if letter.isalnum() or letter.isspace() or unicodedata.category(letter) not in _INVISIBLE
    )
    plain = _NOT_WORD.sub(" ", _COLON.sub(" : ", _SENTENCE_END.sub(" . ", plain)))
    words: list[str] = []
    for alone, run in groupby(plain.split(), key=lambda word: len(word) == 1 and word.isalpha()):
        group = [word[:_LONGEST_WORD] for word in run]
        # Two letters apart are chat ("k u"); three and more are a word that is being hidden.
        words += ["".join(group)[:_LONGEST_WORD]] if alone and len(group) >= _KEPT else group
    return (*words, END)


def spellings(word: str) -> frozenset[str]:
    """Return *word* and, where a letter is drawn out (``dooood``), the word with two and with one of it."""
    if not _LONG_RUN.search(word):
        return frozenset({word})
    return frozenset({word, _LONG_RUN.sub(r"\1\1", word), _LONG_RUN.sub(r"\1", word)})


def one_slip(word: str, other: str) -> bool:
    """Return whether one letter added, lost, changed or swapped with its neighbour makes *word* into *other*."""
    while word and other and word[0] == other[0]:
        word, other = word[1:], other[1:]
    while word and other and word[-1] == other[-1]:
        word, other = word[:-1], other[:-1]
    return max(len(word), len(other)) == 1 or (word == other[::-1] and len(word) == 2)  # noqa: PLR2004 - a swap is two


@dataclass(frozen=True, slots=True)
class Reading:
    """
    One text as places: *places* holds for each word of the rules the bits of where it stands, *free* the places a
    gap may step over, *same* those it may step over without meeting somebody else.
    """

    places: Mapping[str, int]
    free: int
    same: int
    whole: int

    def without(self, covered: int) -> Reading:
        """Return the same text in which the words at *covered* no longer count."""
        return replace(self, places={word: bits & ~covered for word, bits in self.places.items()})

    def covered(self, patterns: Index) -> int:
        """Return the places of all words that take part in one of *patterns*; 0 when none occurs."""
        covered = 0
        for pattern in self._possible(patterns):
            covered |= self._covered_by(pattern)
        return covered

    def holds(self, patterns: Index) -> bool:
        """Return whether one of *patterns* occurs."""
        return any(self._ends(pattern)[-1] for pattern in self._possible(patterns))

    def _possible(self, patterns: Index) -> Iterator[Pattern]:
        for rarest, bits in self.places.items():
            if bits:
                for pattern in patterns.get(rarest, ()):
                    if all(self.places.get(word) for _, word in pattern):
                        yield pattern

    def _ends(self, pattern: Pattern) -> list[int]:
        reached = [self.places[pattern[0][1]]]
        for step, word in pattern[1:]:
            reached.append(self._ahead(reached[-1], step) & self.places[word])
        return reached

    def _covered_by(self, pattern: Pattern) -> int:
        reached = self._ends(pattern)
        covered = last = reached[-1]
        for place in range(len(pattern) - 1, 0, -1):
            last = self._back(last, pattern[place][0]) & reached[place - 1]
            covered |= last
        return covered

    def _ahead(self, bits: int, step: str) -> int:
        if step == LATER:
            return self.whole & ~((bits & -bits) * 2 - 1) if bits else 0
        reached = edge = bits << 1
        for _ in range(_GAP_WORDS[step]):
            edge = (edge & (self.same if step == SAME else self.free)) << 1
            reached |= edge
        return reached

    def _back(self, bits: int, step: str) -> int:
        if step == LATER:
            return (1 << bits.bit_length() >> 1) - 1 if bits else 0
        reached = edge = bits >> 1
        for _ in range(_GAP_WORDS[step]):
            edge = (edge & (self.same if step == SAME else self.free)) >> 1
            reached |= edge
        return reached


@dataclass(frozen=True, slots=True)
class Spotter:
    """
    All words of the rules, ready to be looked up: *words* from a spelling (``mes``, ``zelfmoord*``, ``*wapen``) to
    the words of patterns it stands for, *slips* from the first and last three letters to the longer spellings.
    """

    words: Mapping[str, tuple[str, ...]]
    slips: Mapping[str, tuple[str, ...]]
    between: frozenset[str]
    begins: tuple[int, ...]
    ends: tuple[int, ...]

    @classmethod
    def of(cls, patterns: Iterable[Pattern], between: Iterable[str], misspelled: Iterable[str]) -> Spotter:
        """
        Prepare to find *patterns*. *between* are the words a ``~`` does not step over; *misspelled* the spellings that
        are found with one letter wrong as well, as they stand in the patterns (``zelfmoord*``).
        """
        persons = frozenset(between)
        words: dict[str, dict[str, None]] = {}
        for word in [word for pattern in patterns for _, word in pattern] + sorted(persons):
            for spelling in word.split("/"):
                words.setdefault(spelling, {})[word] = None
        slips: dict[str, dict[str, None]] = {}
        for spelling in misspelled:
            # One wrong letter leaves the first or the last three letters of a longer word as they were.
            slips.setdefault(spelling[:_KEPT] + "*", {})[spelling] = None
            slips.setdefault("*" + spelling.strip("*")[-_KEPT:], {})[spelling] = None
        return cls(
            words={spelling: tuple(stands_for) for spelling, stands_for in words.items()},
            slips={key: tuple(spelled) for key, spelled in slips.items()},
            between=persons,
            begins=tuple(sorted({len(spelling) - 1 for spelling in words if spelling.endswith("*")})),
            ends=tuple(sorted({len(spelling) - 1 for spelling in words if spelling.startswith("*")})),
        )

    def read(self, text: str) -> Reading:
        """Return where the words of the rules stand in *text*."""
        spoken = fold(text)
        where: dict[str, int] = {}
        for place, word in enumerate(spoken):
            where[word] = where.get(word, 0) | 1 << place
        places: dict[str, int] = {}
        for word, bits in where.items():
            for found in self._stands_for(word):
                places[found] = places.get(found, 0) | bits
        whole = (1 << len(spoken)) - 1
        free = whole & ~where.get(END, 0)
        same = free
        for person in self.between:
            same &= ~places.get(person, 0)
        return Reading(places, free, same, whole)

    def _stands_for(self, word: str) -> frozenset[str]:
        known = {spelled for spelling in spellings(word) for spelled in self._known(spelling)}
        if not known and len(word) >= _SHORTEST_SLIP:
            near = (*self.slips.get(word[:_KEPT] + "*", ()), *self.slips.get("*" + word[-_KEPT:], ()))
            known = {spelled for spelled in near if one_slip(word, spelled.strip("*"))}
        return frozenset(found for spelled in known for found in self.words[spelled])

    def _known(self, word: str) -> Iterator[str]:
        tries = [word, *(word[:n] + "*" for n in self.begins), *("*" + word[-n:] for n in self.ends)]
        return (spelled for spelled in dict.fromkeys(tries) if spelled in self.words)


def patterns_of(line: str, groups: Mapping[str, Sequence[str]]) -> tuple[Pattern, ...]:
    """
    Return the patterns that the phrase *line* stands for; more than one when a group in it holds phrases.

    Raises:
        ValueError: a group does not exist, or the phrase begins or ends with a gap.
    """
    return tuple(
        pattern
        for order in permutations(line.split(f" {BOTH} "))
        for pattern in _in_order(f" {BOTH} ".join(order).split(), groups)
    )


def _in_order(tokens: Sequence[str], groups: Mapping[str, Sequence[str]]) -> Iterator[Pattern]:
    parts: list[list[Pattern]] = []
    step = NEXT
    for token in tokens:
        if token in {NEAR, SAME, BOTH, LATER}:
            step = token
            continue
        parts.append([((step, first), *rest) for (_, first), *rest in _alternatives(token, groups)])
        step = NEXT
    if not parts or step or parts[0][0][0][0]:
        message = f"a phrase must begin and end with a word: {' '.join(tokens)!r}"
        raise ValueError(message)
    return (tuple(pair for part in chosen for pair in part) for chosen in product(*parts))


def index(patterns: Iterable[Pattern]) -> Index:
    """Return *patterns* by the word that is likely to be the rarest: the longest."""
    found: dict[str, dict[Pattern, None]] = {}
    for pattern in patterns:
        rarest = max((word for _, word in pattern), key=lambda word: min(map(len, word.split("/"))))
        found.setdefault(rarest, {})[pattern] = None
    return {word: tuple(under) for word, under in found.items()}


def _alternatives(token: str, groups: Mapping[str, Sequence[str]]) -> Iterator[Pattern]:
    members = list(_members(token, groups))
    single = [spelling for member in members if " " not in member for spelling in member.split("/")]
    if single:
        yield ((NEXT, _word(single)),)
    for member in members:
        if " " in member:
            yield from patterns_of(member, groups)


def _members(token: str, groups: Mapping[str, Sequence[str]]) -> Iterator[str]:
    if not token.startswith("<") or " " in token:
        yield token
        return
    if token[1:-1] not in groups or not token.endswith(">"):
        message = f"there is no group {token}"
        raise ValueError(message)
    for member in groups[token[1:-1]]:
        yield from _members(str(member), groups)


def _word(spellings_: Sequence[str]) -> str:
    return "/".join(sorted({_folded(spelling) for spelling in spellings_}))


def _folded(spelling: str) -> str:
    if spelling in {END, QUOTE}:
        return spelling
    bare = fold(spelling.strip("*"))[:-1]
    if len(bare) != 1:
        message = f"not one word: {spelling!r}"
        raise ValueError(message)
    return ("*" if spelling.startswith("*") else "") + bare[0] + ("*" if spelling.endswith("*") else "")
