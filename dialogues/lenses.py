"""
What a coach may want to look at again: quiet hints, each with its rule and with what it rests on. Never a score.

The lenses: own reasons or only having to, phase and words, event or meaning, a plan without a when, the
same card and putting off, cards that push, whose learning it is, and signs of overload. A lens sees what is shared and
nothing else, so it takes a `Shown`; a summary without text counts for no lens that reads words. What a word counts for
stands in `content/*/lenses.yaml`; there is no model of language here, and a hint can be wrong, which its words say.

Sources: own reasons before plans (Resnicow & McMaster, 2012); meaning after event (Korthagen's ALACT; the ladder of
Shulman, 2002); when and where in a plan (Gollwitzer & Sheeran, 2006); pressure that is passed on (Reeve, 2009).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from functools import cached_property
from itertools import takewhile

from dialogues.conversation import Kind, Phase, Plan, Result, Status, Whose
from dialogues.sharing import Piece, SharedJourney, Shown


class Lens(StrEnum):
    """What is looked for; its words stand under the same name."""

    LOAD = "load"
    MUST = "must"
    PHASE = "phase"
    EVENT = "event"
    VAGUE = "vague"
    CARD = "card"
    POSTPONED = "postponed"
    LABELLED = "labelled"
    WHOSE = "whose"


class Cue(StrEnum):
    """What words can be a sign of."""

    MUST = "must"
    WANT = "want"
    DOUBT = "doubt"
    DOING = "doing"
    MEANING = "meaning"
    WHEN = "when"
    SELF = "self"
    LOAD = "load"


@dataclass(frozen=True, slots=True)
class Hint:
    """
    One hint: the *lens*, and the ids of the *pieces* and *plans* it rests on, oldest first, at most `NAMED` of each.
    *count* is how many there are; *card* the card it is about, *journey* the journey, both "" when there is none.
    """

    lens: Lens
    count: int
    pieces: tuple[str, ...] = ()
    plans: tuple[str, ...] = ()
    journey: str = ""
    card: str = ""


class Cues:
    """Knows what a text is a sign of, in any language of the content."""

    def __init__(self, words: Mapping[str, Iterable[str]]) -> None:
        """
        Take *words* by `Cue`: whole words or phrases; with "…" at the end a word may go on.

        Raises:
            KeyError: there are no words for a cue.
        """
        self._whole: dict[str, set[Cue]] = defaultdict(set)
        self._begun: dict[str, set[Cue]] = defaultdict(set)
        self._phrases: dict[str, list[tuple[str, Cue]]] = defaultdict(list)
        for cue in Cue:
            for said in words[cue]:
                self._learn(said, cue)
        self._lengths = sorted({len(word) for word in self._begun})
        self._met: set[str] = set()
        self._telling: dict[str, frozenset[Cue]] = {}

    def signs(self, text: str) -> frozenset[Cue]:
        """Return what *text* holds a sign of."""
        spoken = _words(text)
        different = set(spoken)
        self._meet(different)
        found = set[Cue]().union(*(self._telling[word] for word in self._telling.keys() & different))
        beginnings = self._phrases.keys() & different
        if beginnings:
            line = f" {' '.join(spoken)} "
            found.update(cue for word in beginnings for phrase, cue in self._phrases[word] if phrase in line)
        return frozenset(found)

    def _meet(self, words: set[str]) -> None:
        """Read words once: most of what people write is a sign of nothing, and is passed over from then on."""
        if len(self._met) > WORDS_REMEMBERED:
            self._met.clear()
            self._telling.clear()
        new = words - self._met
        self._met |= new
        self._telling.update((word, signs) for word in new if (signs := self._read_word(word)))

    def _learn(self, said: str, cue: Cue) -> None:
        goes_on, words = said.endswith("…"), _words(said)
        if len(words) > 1:
            self._phrases[words[0]].append((f" {' '.join(words)}" + ("" if goes_on else " "), cue))
        elif goes_on:
            self._begun[words[0]].add(cue)
        else:
            self._whole[words[0]].add(cue)

    def _read_word(self, word: str) -> frozenset[Cue]:
        begun = (self._begun.get(word[:length], ()) for length in self._lengths if length <= len(word))
        return frozenset(self._whole.get(word, ())).union(*begun)


_WORD = re.compile(r"\w+(?:'\w+)*")


def _words(text: str) -> list[str]:
    return _WORD.findall(text.casefold().replace("’", "'"))


WORDS_REMEMBERED = 1 << 16
"""Of how many different words it is kept at hand what they are a sign of."""

NAMED = 5
MUST_ENOUGH, STORIES_ENOUGH, CARD_ENOUGH, POSTPONED_ENOUGH, OTHERS_ENOUGH, LOAD_ENOUGH = 2, 3, 3, 2, 3, 2
LOAD_WITHIN = timedelta(days=28)
STORY_WORDS = 6
"""Words that a text has at least before it is taken for a story."""


@dataclass(frozen=True)
class _Part:
    """The pieces of one journey, and that journey when it is shared whole; or all pieces outside any; and their signs."""

    journey: str
    whole: SharedJourney | None
    pieces: tuple[Piece, ...]
    signs: Mapping[str, frozenset[Cue]]

    def says(self, cue: Cue, piece: Piece) -> bool:
        """Return whether the words of *piece* are a sign of *cue*."""
        return cue in self.signs[piece.id]

    @cached_property
    def written(self) -> list[Piece]:
        """The pieces with words of the leader."""
        return [piece for piece in self.pieces if piece.text and piece.kind not in (Kind.RULER, Kind.PHASE)]

    @property
    def plans(self) -> tuple[Plan, ...]:
        """The plans, the oldest first; only of a journey that is shared whole."""
        return tuple(sorted(self.whole.plans, key=lambda plan: plan.made)) if self.whole else ()

    def hint(self, lens: Lens, pieces: Sequence[Piece] = (), plans: Sequence[Plan] = (), card: str = "") -> Hint:
        """Return the hint of *lens* about these pieces or plans."""
        return Hint(
            lens,
            len(pieces) or len(plans),
            tuple(piece.id for piece in pieces[-NAMED:]),
            tuple(plan.id for plan in plans[-NAMED:]),
            self.journey,
            card,
        )


def hints(shown: Shown, cues: Cues) -> tuple[Hint, ...]:
    """Return the hints about what is *shown*, per journey, in the order of `Lens`; the same for the same pieces."""
    signs = {piece.id: cues.signs(piece.text) for piece in shown.pieces if piece.text}
    return tuple(hint for part in _parts(shown, signs) for look in LOOKS for hint in look(part, cues))


def about(found: Iterable[Hint], piece: str) -> tuple[Hint, ...]:
    """Return those of the hints *found* that rest on *piece*."""
    return tuple(hint for hint in found if piece in hint.pieces)


def _parts(shown: Shown, signs: Mapping[str, frozenset[Cue]]) -> Iterator[_Part]:
    whole = {journey.id: journey for journey in shown.journeys}
    by_journey: dict[str, list[Piece]] = {id_: [] for id_ in whole}
    for piece in shown.pieces:
        by_journey.setdefault(piece.journey, []).append(piece)
    for id_, pieces in by_journey.items():
        yield _Part(id_, whole.get(id_), tuple(pieces), signs)


def _load(part: _Part, _cues: Cues) -> Iterator[Hint]:
    heavy = [piece for piece in part.written if part.says(Cue.LOAD, piece)]
    heavy = [piece for piece in heavy if heavy[-1].said - piece.said <= LOAD_WITHIN]
    if len(heavy) >= LOAD_ENOUGH:
        yield part.hint(Lens.LOAD, heavy)


def _must(part: _Part, _cues: Cues) -> Iterator[Hint]:
    obliged = [piece for piece in part.written if part.says(Cue.MUST, piece)]
    own = any(part.says(Cue.WANT, piece) for piece in part.written)
    if len(obliged) >= MUST_ENOUGH and not own:
        yield part.hint(Lens.MUST, obliged)


def _phase(part: _Part, _cues: Cues) -> Iterator[Hint]:
    """Doubt where it is already done, or doing where it is not yet wanted."""

    def apart(piece: Piece) -> bool:
        if piece.phase is None:
            return False
        if piece.phase >= Phase.ACTING:
            return part.says(Cue.DOUBT, piece)
        return piece.phase <= Phase.NOT_YET_WANTING and part.says(Cue.DOING, piece)

    found = [piece for piece in part.written if apart(piece)]
    if found:
        yield part.hint(Lens.PHASE, found)


def _event(part: _Part, _cues: Cues) -> Iterator[Hint]:
    stories = [
        piece
        for piece in part.written
        if piece.kind in (Kind.CHECKIN, Kind.THOUGHT) and len(piece.text.split()) >= STORY_WORDS
    ]
    without = list(takewhile(lambda piece: not part.says(Cue.MEANING, piece), reversed(stories)))[::-1]
    if len(without) >= STORIES_ENOUGH:
        yield part.hint(Lens.EVENT, without)


def _vague(part: _Part, cues: Cues) -> Iterator[Hint]:
    if part.whole is None or part.whole.status != Status.OPEN:
        return
    open_ = [plan for plan in part.plans if plan.kind == "change" and plan.result is None]
    vague = [plan for plan in open_ if Cue.WHEN not in cues.signs(plan.moment)]
    if vague:
        yield part.hint(Lens.VAGUE, plans=vague)


def _card(part: _Part, _cues: Cues) -> Iterator[Hint]:
    """Count plans of a whole journey; of loose pieces the days on which a plan with the card was written."""
    if part.whole:
        for card in dict.fromkeys(plan.card for plan in part.plans if plan.card):
            again = [plan for plan in part.plans if plan.card == card]
            if len(again) >= CARD_ENOUGH:
                yield part.hint(Lens.CARD, plans=again, card=card)
        return
    planned = [piece for piece in part.pieces if piece.kind is Kind.PLAN and piece.card]
    for card in dict.fromkeys(piece.card for piece in planned):
        by_day = {piece.said.date(): piece for piece in planned if piece.card == card}
        if len(by_day) >= CARD_ENOUGH:
            yield part.hint(Lens.CARD, list(by_day.values()), card=card)


def _postponed(part: _Part, _cues: Cues) -> Iterator[Hint]:
    told = [plan for plan in part.plans if plan.result is not None]
    not_done = list(takewhile(lambda plan: plan.result is Result.NOT, reversed(told)))[::-1]
    if len(not_done) >= POSTPONED_ENOUGH:
        yield part.hint(Lens.POSTPONED, plans=not_done)


def _labelled(part: _Part, _cues: Cues) -> Iterator[Hint]:
    pushing = [piece for piece in part.pieces if piece.label]
    for card in dict.fromkeys(piece.card for piece in pushing):
        yield part.hint(Lens.LABELLED, [piece for piece in pushing if piece.card == card], card=card)


def _whose(part: _Part, _cues: Cues) -> Iterator[Hint]:
    if part.whole is None or part.whole.whose == Whose.OWN:
        return
    others = [piece for piece in part.written if not part.says(Cue.SELF, piece)]
    if len(others) >= OTHERS_ENOUGH and len(others) == len(part.written):
        yield part.hint(Lens.WHOSE, others)


LOOKS: tuple[Callable[[_Part, Cues], Iterator[Hint]], ...] = (
    _load,
    _must,
    _phase,
    _event,
    _vague,
    _card,
    _postponed,
    _labelled,
    _whose,
)
