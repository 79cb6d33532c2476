"""
Proposes what a free text resembles: a phase, a card, or a button of the open question. It never decides.

What people say for each of them stands in `synonyms.yaml`. A phrase is found when its words stand close together in one
clause of the text, in any form, and in any order where verbs move about as in Dutch. Phrases of more words weigh more;
what counts can always be named. There is no training, and nothing is remembered of what was typed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from content import searching
from content.catalogue import Catalogue
from content.finding import Finder
from content.stems import Speech, Word, nearest
from content.structure import PHASES, listed
from content.yaml_files import Book
from dialogues.conversation import Guess
from dialogues.routes.diagnosis import RULE

_MOST_GUESSES = 3
_MOST_WORDS = 120
_GAP = 3
_REACH = 2
_LONG = 12
_ENOUGH, _ENOUGH_IN_LONG = 1.0, 2.0
_VARIANTS = (".own", ".colleague", ".team")


@dataclass(frozen=True, slots=True)
class _Phrase:
    """
    What somebody may say for *target*. *weight* is that of each of its words; *clauses* how many breaks it has within;
    a *plain* one heeds no "not".
    """

    target: str
    stems: tuple[str, ...]
    weight: float
    clauses: int
    plain: bool


class StemMatcher:
    """Implements the Matcher port over the words of a catalogue."""

    def __init__(self, catalogue: Catalogue) -> None:
        """Take the synonyms of *catalogue*. Each language is read when it is first needed."""
        self._catalogue = catalogue
        self._speech = cache(self._learn)
        self._index = cache(self._build)
        self._finder = cache(self._made_finder)

    def guess(self, text: str, language: str, among: Sequence[str]) -> tuple[Guess, ...]:
        """
        Return what *text* resembles, best first, at most three; nothing when it resembles nothing enough.

        Args:
            text: what somebody wrote; only its first 120 words are read.
            language: whose words to look in.
            among: "phases", "cards", and for an open question its key with its choices, such as
                "diagnosis.willing:no,doubt,yes".
        """
        if not among:
            return ()
        speech = self._speech(language)
        words = speech.words(text, _MOST_WORDS)
        found: list[Guess] = []
        for group in among:
            found += self._index(language, group).guesses(words)
        # Sorting keeps the order of the table among equals.
        return tuple(sorted(found, key=lambda guess: -guess.score)[:_MOST_GUESSES])

    def look(self, query: str, language: str) -> tuple[Guess, ...]:
        """Return the models and cards that fit *query*, best first, as ``model:<id>`` and ``card:<id>``."""
        return self._finder().look(query, language)

    def questions(self, query: str, language: str) -> tuple[str, ...]:
        """Return the questions of models that fit *query*, best first, as ``model.element``."""
        return tuple(guess.target for guess in self._finder().questions(query, language))

    def find(self, texts: Sequence[tuple[str, str]], query: str, language: str) -> tuple[str, ...]:
        """Return the ids of *texts*, (id, text) with the oldest first, that fit *query*: best first, then newest."""
        return searching.find(texts, query, self._speech(language))

    def index(self, texts: Sequence[tuple[str, str]], beside: Sequence[searching.Index] = ()) -> searching.Index:
        """Return the words of *texts*, to be searched again and again, often together with those *beside* them."""
        return searching.index(texts, beside)

    def search(self, indexes: Sequence[searching.Index], query: str, language: str) -> tuple[tuple[int, str], ...]:
        """Return what fits *query* in several indexes, as (place of the index, id): best first, then newest."""
        return searching.search(indexes, query, self._speech(language))

    def _made_finder(self) -> Finder:
        books = self._catalogue.books
        return Finder(self._catalogue.repertoire, books, {language: self._speech(language) for language in books})

    def _learn(self, language: str) -> Speech:
        return Speech(self._catalogue.books[language])

    def _build(self, language: str, group: str) -> _Index:
        speech, book = self._speech(language), self._catalogue.books[language]
        if group == "phases":
            return _Index(speech, {f"phase:{phase}": _said_in(phase, book, speech) for phase in PHASES})
        if group == "cards":
            known = self._catalogue.repertoire
            ids = (*known.cards, *known.extra)
            said = {
                f"card:{id_}": (
                    *listed(book, f"synonyms.cards.{id_}"),
                    *_texts(book, f"cards.{id_}.term", f"cards.{id_}.short"),
                )
                for id_ in ids
            }
            return _Index(speech, said)
        key, _, choices = group.partition(":")
        base = next((key.removesuffix(variant) for variant in _VARIANTS if key.endswith(variant)), key)
        ids = tuple(filter(None, choices.split(",")))
        said = {
            f"choice:{id_}": (*listed(book, f"synonyms.choices.{base}.{id_}"), *_labels(book, base, id_)) for id_ in ids
        }
        return _Index(speech, said)


class _Index:
    """The phrases of one group of targets, by the stem they begin with."""

    def __init__(self, speech: Speech, said: Mapping[str, Iterable[str]]) -> None:
        self._speech = speech
        self._order = list(said)
        self._phrases: dict[str, list[_Phrase]] = {}
        self._known: dict[str, str] = {}
        for target, texts in said.items():
            for text in texts:
                self._add(target, text)
        self._vocabulary = list(self._known)

    def guesses(self, words: list[Word]) -> list[Guess]:
        """Return the targets that *words* resemble enough, in the order of the table."""
        words = [self._corrected(word) for word in words]
        counted: dict[str, dict[int, float]] = {}
        for start, word in enumerate(words):
            for phrase in self._phrases.get(word.stem, ()):
                places = _places(phrase, words, start, any_order=self._speech.any_order)
                if places and (phrase.plain or not self._turned(places, words)):
                    weights = counted.setdefault(phrase.target, {})
                    for place in places:
                        weights[place] = max(weights.get(place, 0.0), phrase.weight)
        # One loose word says little about a long story.
        enough = _ENOUGH if len(self._speech.telling(words)) <= _LONG else _ENOUGH_IN_LONG
        scores = {target: sum(weights.values()) for target, weights in counted.items()}
        return [
            Guess(target, scores[target], tuple(words[place].folded for place in sorted(counted[target])))
            for target in self._order
            if scores.get(target, 0.0) >= enough
        ]

    def _add(self, target: str, text: str) -> None:
        words = self._speech.telling(self._speech.words(text))
        if not words:
            return
        weight = 1 + (len(words) - 1) / 4  # words that belong together say more than loose ones
        clauses = words[-1].clause - words[0].clause
        stems = tuple(word.stem for word in words)
        phrase = _Phrase(target, stems, weight, clauses, plain=target.startswith("card:"))
        for stem in set(stems) if self._speech.any_order else stems[:1]:
            self._phrases.setdefault(stem, []).append(phrase)
        for word in words:
            self._known.setdefault(word.folded, word.stem)

    def _corrected(self, word: Word) -> Word:
        if word.folded in self._known or word.folded in self._speech.stop:
            return word
        meant = nearest(word.folded, self._vocabulary)
        return Word(word.folded, self._known[meant], word.clause) if meant else word

    def _turned(self, places: Sequence[int], words: list[Word]) -> bool:
        """Tell whether a word such as "niet" or "wel" in or beside the phrase, and not of it, turns it around."""
        first, last = places[0], places[-1]
        clauses = {words[place].clause for place in places}
        near = range(max(0, first - _REACH), min(len(words), last + _REACH + 1))
        return any(
            words[place].folded in self._speech.turning and words[place].clause in clauses
            for place in near
            if place not in places
        )


def _places(phrase: _Phrase, words: list[Word], start: int, *, any_order: bool) -> list[int]:
    """Return where *phrase* stands when its first word there is at *start*, or nothing."""
    sought, places = list(phrase.stems), []
    for place in range(start, min(len(words), start + len(sought) + _GAP)):
        if words[place].clause - words[start].clause > phrase.clauses:
            break
        if words[place].stem in (sought if any_order else sought[:1]):
            sought.remove(words[place].stem)
            places.append(place)
            if not sought:
                return places
    return []


def _said_in(phase: int, book: Book, speech: Speech) -> Iterator[str]:
    """
    Yield what people say in *phase*: its synonyms, and the answers from which the diagnosis concludes it.

    Of those answers one word is too little: "half" answers many questions.
    """
    yield from listed(book, f"synonyms.phases.p{phase}")
    for (step, choice), then in RULE.items():
        if then == phase:
            for text in listed(book, f"synonyms.choices.diagnosis.{step}.{choice}"):
                if len(speech.telling(speech.words(text))) > 1:
                    yield text


def _texts(book: Book, *keys: str) -> tuple[str, ...]:
    return tuple(book.texts[key].text for key in keys if key in book.texts)


def _labels(book: Book, base: str, choice: str) -> tuple[str, ...]:
    """Return the words on the button itself, in all wordings of the question."""
    return _texts(book, *(f"{base}{variant}.choices.{choice}" for variant in ("", *_VARIANTS)))
