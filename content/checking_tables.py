"""
Checks whether everything there should be is there: the cards of Tabel 1, words for each of them, the pools of
questions, topics and features. The numbers below are those of the sources, not ours to change.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from content.buttons import ENDINGS
from content.structure import PHASES, cards, listed
from content.yaml_files import STRUCTURE, Book, Fault

PER_PHASE = (9, 9, 3, 4, 5, 7, 4)
"""Interventions per phase in Tabel 1 (Simons, 2013)."""

COUNTS = {"topics.mindsets": 5, "topics.pairs": 8, "topics.factors": 7, "wicked.features": 17}
"""Example mindsets; Tabel 5 (Hattie); the seven factors (Marsick & Watkins); Rittel & Webber's ten, Bood's seven."""

LABELS = frozenset({"pressure", "persuading", "confronting", "covert"})
WHOSE = ("own", "colleague", "team")

_CARD_WORDS = ("term", "short", "meaning", "why", *(f"step.{whose}" for whose in WHOSE), "source")
_LABELLED_WORDS = ("offered_as", "only_when")
_PHASE_WORDS = ("name", "meaning", *(f"opening.{whose}" for whose in WHOSE), "sign", "looking")
_WORDS_OF_EACH = {
    "topics.mindsets": ("label", "from", "to"),
    "topics.pairs": ("label", "from", "to"),
    "topics.factors": ("label", "name", "ask"),
    "wicked.features": ("feature", "short", "prompt"),
    "wicked.seats": ("label", "ask"),
}


def check_table(shape: Book, folder: str) -> Iterator[Fault]:
    """Yield what is wrong with the table of cards itself; *folder* is how the content folder is called in a fault."""
    file = f"{folder}/{STRUCTURE}/cards.yaml"
    known = Counter(card.id for card in cards(shape))
    for card, count in known.items():
        if count > 1:
            yield Fault(file, 1, card, "stands in the table twice", "Keep one")
    for phase, expected in zip(PHASES, PER_PHASE, strict=True):
        key = f"cards.p{phase}.table"
        found = listed(shape, key)
        if len(found) != expected:
            what = f"has {len(found)} cards, Tabel 1 has {expected}"
            yield Fault(file, _line(shape, key), key, what, "Make the table as in the source")
        yield from _offer(shape, phase, frozenset(found))
    for name in ("labels", "kinds"):
        for id_ in shape.under(f"cards.{name}"):
            key = f"cards.{name}.{id_}"
            if id_ not in known:
                yield Fault(file, _line(shape, key), key, "is about an unknown card", "Use an id from a table")
            elif name == "labels" and (leaf := shape.texts.get(key)) and leaf.text not in LABELS:
                remedy = f"Use one of {', '.join(sorted(LABELS))}"
                yield Fault(file, leaf.line, key, f"is an unknown label ({leaf.text})", remedy)


def check_words(shape: Book, books: Sequence[Book], folder: str) -> Iterator[Fault]:
    """
    Yield the words that everything to be offered lacks in all of *books*, and words about cards nobody knows.

    A word that only one language lacks is found where the languages are compared.
    """
    first = books[0]
    expected = dict.fromkeys(key for book in books for key in _expected(shape, book))
    absent = [key for key in expected if not any(key in book.texts for book in books)]
    for name in dict.fromkeys(key.partition(".")[0] for key in absent):
        file = f"{folder}/{first.language}/{name}.yaml"
        if not any(f"{name}.yaml" in book.files for book in books):
            yield Fault(file, 1, name, "missing", "Write this file")
            continue
        for key in absent:
            if key.startswith(f"{name}."):
                yield Fault(file, _line(first, key), key, "missing", f"Write it, in {_languages(books)}")
    for book in books:
        yield from _unknown(shape, book)
        yield from _counts(book, folder)


def _unknown(shape: Book, book: Book) -> Iterator[Fault]:
    known = {card.id for card in cards(shape)} | set(listed(shape, "cards.extra"))
    for group in ("cards", "synonyms.cards"):
        for card in book.under(group):
            if card not in known:
                file, line = book.lines[f"{group}.{card}"]
                yield Fault(file, line, f"{group}.{card}", "is an unknown card", "Use an id of shape/cards.yaml")


def _counts(book: Book, folder: str) -> Iterator[Fault]:
    for key, expected in COUNTS.items():
        name = f"{key.partition('.')[0]}.yaml"
        found = len(book.under(key))
        if name in book.files and found != expected:
            what = f"has {found} entries, the source has {expected}"
            yield Fault(f"{folder}/{book.language}/{name}", _line(book, key), key, what, "Bring them to that number")


def _offer(shape: Book, phase: int, table: frozenset[str]) -> Iterator[Fault]:
    for leaf in shape.lists.get(f"cards.p{phase}.offer", ()):
        if leaf.text not in table:
            yield Fault(leaf.file, leaf.line, leaf.text, f"is no card of phase {phase}", "Offer a card of its table")
        if f"cards.labels.{leaf.text}" in shape.texts:
            yield Fault(leaf.file, leaf.line, leaf.text, "has a label and is offered first", "Take it out of offer")


def _expected(shape: Book, book: Book) -> Iterator[str]:
    """Yield the keys that must have words."""
    yield "common.echo"
    yield from (f"common.choices.{choice}" for choice in ENDINGS)
    for phase in PHASES:
        yield from (f"phases.p{phase}.{word}" for word in _PHASE_WORDS)
        for question in book.under(f"questions.p{phase}"):
            yield from (f"questions.p{phase}.{question}.{whose}" for whose in WHOSE)
    for card in cards(shape):
        yield from (f"cards.{card.id}.{word}" for word in _CARD_WORDS)
        yield from (f"cards.{card.id}.{word}" for word in _LABELLED_WORDS if card.label)
        for kind in card.choices:
            yield from (f"cards.{card.id}.kinds.{kind}.{word}" for word in ("short", "meaning"))
    for extra in listed(shape, "cards.extra"):
        yield from (f"cards.{extra}.{word}" for word in _CARD_WORDS)
    for key, words in _WORDS_OF_EACH.items():
        for name in book.under(key):
            yield from (f"{key}.{name}.{word}" for word in words)


def _languages(books: Sequence[Book]) -> str:
    return " and ".join(book.language for book in books)


def _line(book: Book, key: str) -> int:
    """Return the line of *key*, or of the nearest key around it."""
    while key not in book.lines and "." in key:
        key = key.rpartition(".")[0]
    return book.lines[key][1] if key in book.lines else 1
