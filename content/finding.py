"""
Finds models and cards by words: in Dutch and English at once, stemmed, inside a longer word, or slightly mistyped.

Every thing has words of three weights: its name and search words, what it is about, and its questions. What was found is
given with the words that made it fit, so that a leader can see why. How texts of leaders are found stands in
`searching.py`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

from content.folding import fold
from content.stems import LONG_ENOUGH, TYPED_WRONG, Speech
from content.yaml_files import Book
from dialogues.conversation import Guess
from dialogues.models import Model
from dialogues.repertoire import Repertoire

_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*")
_NAME, _ABOUT, _ASKS = 6, 3, 1
_SAME, _INSIDE, _MISTYPED = 3, 2, 1
_PART = 4
"""Letters a word needs before it is looked for inside longer ones, as Dutch joins words: *bezoek* in *lesbezoek*."""

_BECAUSE = 3
_MOST_WORDS = 24
"""Words of a query that are looked for: who pastes a whole page waits no longer than anybody else."""


class Finder:
    """The words of all models, cards and questions, ready to be searched. Making one takes a tenth of a second."""

    def __init__(self, known: Repertoire, books: Mapping[str, Book], speech: Mapping[str, Speech]) -> None:
        """Take the words of *known* in all *books*, to be read as *speech* says, by language."""
        self._things = _Index(_things(known, books), speech)
        self._titles = _titles(known, books)
        self._questions = _Index(_questions(known, books), speech)

    def look(self, query: str, language: str) -> tuple[Guess, ...]:
        """
        Return the models and cards that fit at least half of the words of *query*, best first, then in order.

        What is called exactly so comes before everything else.
        """
        called = self._titles.get(fold(query), frozenset())
        return tuple(sorted(self._things.look(query, language), key=lambda guess: guess.target not in called))

    def questions(self, query: str, language: str) -> tuple[Guess, ...]:
        """Return the questions that fit likewise, as ``model.element``."""
        return self._questions.look(query, language)


class _Index:
    """For every word: in which things it stands, and how heavily."""

    def __init__(self, things: Iterable[tuple[str, list[tuple[str, int]]]], speech: Mapping[str, Speech]) -> None:
        self._speech = speech
        self._order: list[str] = []
        self._weights: dict[str, dict[int, int]] = {}
        for item, texts in things:
            place = len(self._order)
            self._order.append(item)
            for text, weight in texts:
                for word in _WORD.findall(fold(text)):
                    weights = self._weights.setdefault(word, {})
                    weights[place] = max(weights.get(place, 0), weight)
        self._words = list(self._weights)
        self._stems = {language: _by_stem(self._words, one) for language, one in speech.items()}

    def look(self, query: str, language: str) -> tuple[Guess, ...]:
        """Return what fits at least half of the words of *query*, best first; at equal fit in the order given."""
        typed = list(dict.fromkeys(_WORD.findall(fold(query))))[:_MOST_WORDS]
        stop = {word for one in self._speech.values() for word in one.stop}
        wanted = [word for word in typed if word not in stop] or typed
        found: dict[int, dict[str, tuple[int, str]]] = {}
        for word in wanted:
            for match, likeness in self._alike(word, language):
                for place, weight in self._weights[match].items():
                    best = found.setdefault(place, {})
                    best[word] = max(best.get(word, (0, "")), (likeness * weight, match))
        enough = [(place, best) for place, best in found.items() if len(best) * 2 >= len(wanted)]
        enough.sort(key=lambda one: (-len(one[1]), -_score(one[1]), one[0]))
        return tuple(
            Guess(
                self._order[place],
                float(_score(best)),
                tuple(dict.fromkeys(match for _, match in best.values()))[:_BECAUSE],
            )
            for place, best in enough
        )

    def _alike(self, wanted: str, language: str) -> Iterator[tuple[str, int]]:
        """Yield the words of the content that *wanted* may mean, with how alike they are."""
        same = {wanted} & self._weights.keys()
        for one in sorted(self._speech, key=lambda one: one != language):
            same.update(self._stems[one].get(self._speech[one].stem(wanted), ()))
        yield from ((word, _SAME) for word in same)
        inside = [word for word in self._words if len(wanted) >= _PART and wanted in word and word not in same]
        yield from ((word, _INSIDE) for word in inside)
        if same or inside or len(wanted) < LONG_ENOUGH:
            return
        near = [
            str(word) for word, *_ in process.extract(wanted, self._words, scorer=fuzz.ratio, score_cutoff=TYPED_WRONG)
        ]
        # In a short word one wrong letter, or two that changed places, is a small mistake too.
        near = near or [
            str(word) for word, *_ in process.extract(wanted, self._words, scorer=OSA.distance, score_cutoff=1)
        ]
        yield from ((word, _MISTYPED) for word in near)


def _score(best: Mapping[str, tuple[int, str]]) -> int:
    return sum(score for score, _ in best.values())


def _by_stem(words: Sequence[str], speech: Speech) -> dict[str, list[str]]:
    stems: dict[str, list[str]] = {}
    for word in words:
        stems.setdefault(speech.stem(word), []).append(word)
    return stems


def _titles(known: Repertoire, books: Mapping[str, Book]) -> dict[str, frozenset[str]]:
    """Return what is called so, for every title of a model and every name of a card."""
    titles: dict[str, frozenset[str]] = {}
    keys = [(f"model:{id_}", f"models.{id_}.title") for id_ in known.models]
    keys += [
        (f"card:{id_}", f"cards.{id_}.{name}") for id_ in (*known.cards, *known.extra) for name in ("term", "short")
    ]
    for item, key in keys:
        for book in books.values():
            for text in _texts(book, key):
                titles[fold(text)] = titles.get(fold(text), frozenset()) | {item}
    return titles


def _things(known: Repertoire, books: Mapping[str, Book]) -> Iterator[tuple[str, list[tuple[str, int]]]]:
    for model in known.models.values():
        yield f"model:{model.id}", [text for book in books.values() for text in _of_model(model, book)]
    for card in (*known.cards, *known.extra):
        yield f"card:{card}", [text for book in books.values() for text in _of_card(card, book)]


def _questions(known: Repertoire, books: Mapping[str, Book]) -> Iterator[tuple[str, list[tuple[str, int]]]]:
    for model in known.models.values():
        for element in model.elements if model.asks else ():
            yield (
                f"{model.id}.{element}",
                [text for book in books.values() for text in _of_question(model, element, book)],
            )


def _of_question(model: Model, element: str, book: Book) -> Iterator[tuple[str, int]]:
    yield from ((text, _NAME) for text in _texts(book, model.of(element, "term").key))
    yield from ((text, _ABOUT) for text in _texts(book, model.of(element, "question").key))
    yield from ((text, _ASKS) for text in _texts(book, model.of(element, "meaning").key, f"models.{model.id}.title"))
    yield from ((text, _ASKS) for text in model.tags)


def _of_model(model: Model, book: Book) -> Iterator[tuple[str, int]]:
    key = f"models.{model.id}"
    yield from ((text, _NAME) for text in (*_texts(book, f"{key}.title", f"{key}.authors"), *model.tags))
    yield from ((text, _ABOUT) for text in _texts(book, f"{key}.about"))
    for element in model.elements:
        yield from ((text, _ABOUT) for text in _texts(book, model.of(element, "term").key))
        keys = (model.of(element, name).key for name in ("meaning", "item", "question", "board"))
        yield from ((text, _ASKS) for text in _texts(book, *keys))


def _of_card(card: str, book: Book) -> Iterator[tuple[str, int]]:
    yield from ((text, _NAME) for text in _texts(book, f"cards.{card}.term", f"cards.{card}.short"))
    listed = book.lists.get(f"synonyms.cards.{card}", ())
    yield from ((leaf.text, _ABOUT) for leaf in listed)
    yield from ((text, _ABOUT) for text in _texts(book, f"cards.{card}.meaning", f"cards.{card}.why"))
    steps = (f"cards.{card}.step.{whose}" for whose in ("own", "colleague", "team"))
    yield from ((text, _ASKS) for text in _texts(book, *steps))


def _texts(book: Book, *keys: str) -> tuple[str, ...]:
    return tuple(book.texts[key].text for key in keys if key in book.texts)
