"""
Makes the repertoire: which cards, questions, topics and features exist, and in which order.

Cards come from `shape/cards.yaml`; the order of everything else is the order in the Dutch files, so that a coach adds a
question by writing one. Whether the words are complete is the business of `checks.py`.
"""

from __future__ import annotations

from collections.abc import Mapping

from content.school_year import school_year
from content.yaml_files import Book
from dialogues.models import Model, Station
from dialogues.repertoire import Card, Repertoire

PHASES = range(1, 8)


def repertoire(shape: Book, words: Book, version: str, models: Mapping[str, Model] | None = None) -> Repertoire:
    """Return what *shape*, *words* in the language whose order counts, and the *models* have to offer."""
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
        models=models or {},
        ladder=one(shape, "compass.ladder"),
        stations=stations(shape),
        preferences=one(shape, "compass.preferences"),
        deeper={phase: model for phase in PHASES if (model := one(shape, f"compass.deeper.p{phase}"))},
        prefers={way: listed(shape, f"compass.prefers.{way}") for way in shape.under("compass.prefers")},
        school_year=school_year(shape),
    )


def stations(shape: Book) -> tuple[Station, ...]:
    """Return the stations of the vision dialogue, in order."""
    return tuple(
        Station(
            number,
            one(shape, f"compass.stations.{name}.work"),
            listed(shape, f"compass.stations.{name}.tools"),
            listed(shape, f"compass.stations.{name}.scans"),
            matrix=one(shape, f"compass.stations.{name}.matrix") == "yes",
        )
        for number, name in enumerate(shape.under("compass.stations"), 1)
    )


def one(book: Book, key: str) -> str:
    """Return the text of *key*, or "" when there is none."""
    leaf = book.texts.get(key)
    return leaf.text if leaf else ""


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
    return one(shape, f"cards.labels.{card}")
