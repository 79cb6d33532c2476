"""
Makes the repertoire: which cards, questions, topics and features exist, and in which order.

Cards come from `shape/cards.yaml`; the order of everything else is the order in the Dutch files, so that a coach adds a
question by writing one. Whether the words are complete is the business of `checks.py`.
"""

from __future__ import annotations

from content.yaml_files import Book
from dialogues.repertoire import Card, Repertoire

PHASES = range(1, 8)


def repertoire(shape: Book, words: Book, version: str) -> Repertoire:
    """Return what *shape*, the table of cards, and *words*, in the language whose order counts, have to offer."""
    features = words.under("wicked.features")
    return Repertoire(
        version=version,
        cards={card.id: card for card in cards(shape)},
        offer={phase: listed(shape, f"cards.p{phase}.offer") for phase in PHASES},
        questions={phase: words.under(f"questions.p{phase}") for phase in PHASES},
        mindsets=words.under("topics.mindsets"),
        pairs=words.under("topics.pairs"),
        factors=words.under("topics.factors"),
        rittel=tuple(feature for feature in features if feature.startswith("r")),
        bood=tuple(feature for feature in features if feature.startswith("b")),
        seats=words.under("wicked.seats"),
        extra=listed(shape, "cards.extra"),
    )


def cards(shape: Book) -> tuple[Card, ...]:
    """Return the cards in the order of Tabel 1 (Simons, 2013)."""
    return tuple(
        Card(card, phase, _label(shape, card), listed(shape, f"cards.kinds.{card}"))
        for phase in PHASES
        for card in listed(shape, f"cards.p{phase}.table")
    )


def listed(book: Book, key: str) -> tuple[str, ...]:
    """Return the texts of the list *key*, or nothing when there is no such list."""
    return tuple(leaf.text for leaf in book.lists.get(key, ()))


def _label(shape: Book, card: str) -> str:
    leaf = shape.texts.get(f"cards.labels.{card}")
    return leaf.text if leaf else ""
