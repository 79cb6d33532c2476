"""
Finds phrases in what somebody wrote, in time that grows with the text and nothing else.

Every word of the rules holds the places where it occurs as the bits of one whole number; a phrase is then a few
shifts. Nothing is tried twice, so no text can make it slow. How a phrase is written is told in `phrases.py`; what
phrases mean is the business of `care.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from dialogues.changing import replace
from dialogues.phrases import BOTH, END, LATER, NEAR, NEXT, SAME, Index, Pattern, fold, one_slip, spellings

_GAP_WORDS = {NEXT: 0, NEAR: 6, SAME: 10, BOTH: 12}
_SHORTEST_SLIP = 6
_KEPT = 3


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
        left = {word: bits & ~covered for word, bits in self.places.items()}
        return replace(self, places={word: bits for word, bits in left.items() if bits})

    def covered(self, patterns: Index) -> int:
        """
        Return the places of all words that take part in one of *patterns*; 0 when none occurs.

        A gap ends at the first word that fits, so that "ik schrik me dood, ik wil dood" keeps its second half.
        """
        covered = 0
        for pattern in self._possible(patterns):
            covered |= self._covered_by(pattern)
        return covered

    def holds(self, patterns: Index) -> bool:
        """Return whether one of *patterns* occurs."""
        return any(self._ends(pattern)[-1] for pattern in self._possible(patterns))

    def could_hold(self, patterns: Index) -> bool:
        """Return whether all words of one of *patterns* occur, wherever they stand: a first look, and a quick one."""
        return any(True for _ in self._possible(patterns))

    def _possible(self, patterns: Index) -> Iterator[Pattern]:
        present = self.places.keys()
        for rarest in present & patterns.keys():
            seconds = patterns[rarest]
            for second in present & seconds.keys():
                for words, pattern in seconds[second]:
                    if words <= present:
                        yield pattern

    def _ends(self, pattern: Pattern, *, first: bool = False) -> list[int]:
        reached = [self.places[pattern[0][1]]]
        for step, word in pattern[1:]:
            wanted = self.places[word]
            reached.append(self._ahead(reached[-1], step, wanted if first else 0) & wanted)
        return reached

    def _covered_by(self, pattern: Pattern) -> int:
        reached = self._ends(pattern, first=True)
        covered = last = reached[-1]
        for place in range(len(pattern) - 1, 0, -1):
            last = self._back(last, pattern[place][0]) & reached[place - 1]
            covered |= last
        return covered

    def _ahead(self, bits: int, step: str, until: int) -> int:
        if step == LATER:
            return self.whole & ~((bits & -bits) * 2 - 1) if bits else 0
        reached = edge = bits << 1
        for _ in range(_GAP_WORDS[step]):
            edge = (edge & (self.same if step == SAME else self.free) & ~until) << 1
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

    *starts* and *stops* hold the letters of spellings with a star, by the first *head* and the last *tail* of them, which
    even the shortest has: hardly any word of a text has to be looked at further.
    """

    words: Mapping[str, tuple[str, ...]]
    slips: Mapping[str, tuple[str, ...]]
    between: frozenset[str]
    starts: Mapping[str, tuple[str, ...]]
    stops: Mapping[str, tuple[str, ...]]
    head: int
    tail: int

    @classmethod
    def of(cls, patterns: Iterable[Pattern], between: Iterable[str], misspelled: Iterable[str]) -> Spotter:
        """
        Prepare to find *patterns*. *between* are the words a ``~`` does not step over; *misspelled* the spellings that
        are found with one letter wrong as well, as they stand in the patterns (``zelfmoord*``).
        """
        persons = frozenset(between)
        words: dict[str, dict[str, None]] = {}
        for word in dict.fromkeys([word for pattern in patterns for _, word in pattern] + sorted(persons)):
            for spelling in word.split("/"):
                words.setdefault(spelling, {})[word] = None
        slips: dict[str, dict[str, None]] = {}
        for spelling in set(misspelled) & words.keys():
            # One wrong letter leaves the first or the last three letters of a longer word as they were.
            slips.setdefault(spelling[:_KEPT] + "*", {})[spelling] = None
            slips.setdefault("*" + spelling.strip("*")[-_KEPT:], {})[spelling] = None
        starts = sorted(spelling[:-1] for spelling in words if spelling.endswith("*"))
        stops = sorted(spelling[1:] for spelling in words if spelling.startswith("*"))
        head, tail = min(map(len, starts), default=1), min(map(len, stops), default=1)
        return cls(
            words={spelling: tuple(stands_for) for spelling, stands_for in words.items()},
            slips={key: tuple(spelled) for key, spelled in slips.items()},
            between=persons,
            starts=_grouped(starts, lambda letters: letters[:head]),
            stops=_grouped(stops, lambda letters: letters[-tail:]),
            head=head,
            tail=tail,
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
        for person in self.between & places.keys():
            same &= ~places[person]
        return Reading(places, free, same, whole)

    def _stands_for(self, word: str) -> Iterable[str]:
        known = [found for spelled in spellings(word) for found in self._known(spelled)]
        if not known and len(word) >= _SHORTEST_SLIP:
            near = (*self.slips.get(word[:_KEPT] + "*", ()), *self.slips.get("*" + word[-_KEPT:], ()))
            known = [spelled for spelled in near if one_slip(word, spelled.strip("*"))]
        return [stood_for for spelled in known for stood_for in self.words[spelled]]

    def _known(self, word: str) -> list[str]:
        known = [word] if word in self.words else []
        known += [f"{start}*" for start in self.starts.get(word[: self.head], ()) if word.startswith(start)]
        known += [f"*{stop}" for stop in self.stops.get(word[-self.tail :], ()) if word.endswith(stop)]
        return known


def _grouped(texts: Iterable[str], key: Callable[[str], str]) -> dict[str, tuple[str, ...]]:
    """Return *texts*, which are sorted, by what *key* makes of them."""
    found: dict[str, list[str]] = {}
    for text in texts:
        found.setdefault(key(text), []).append(text)
    return {shared: tuple(those) for shared, those in found.items()}
