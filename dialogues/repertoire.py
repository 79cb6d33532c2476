"""
What the guide can draw on: which cards, questions, topics and features exist, and in which order.

Only structure lives here. The words stand in `content/`; the loader there fills a `Repertoire` once, at start.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Card:
    """
    One intervention of Tabel 1 (Simons, 2013). *label* is "", "pressure", "persuading", "confronting" or "covert";
    *choices* are the kinds inside one card (the three kinds of feedback in phase 6).
    """

    id: str
    phase: int
    label: str = ""
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Repertoire:
    """
    Everything that can be asked or offered, as ids in order.

    *cards* in the order of Tabel 1; *offer* the cards first offered per phase, best first; *extra* the one card that
    is not in the table (go and ask). *questions* per phase; *seats* of the elephant exercise. *version* changes
    whenever any file of the content changes.
    """

    version: str
    cards: Mapping[str, Card]
    offer: Mapping[int, tuple[str, ...]]
    questions: Mapping[int, tuple[str, ...]]
    mindsets: tuple[str, ...]
    pairs: tuple[str, ...]
    factors: tuple[str, ...]
    rittel: tuple[str, ...]
    bood: tuple[str, ...]
    seats: tuple[str, ...]
    extra: tuple[str, ...] = ()

    def card(self, id_: str) -> Card:
        """Return the card called *id_*; one that is not in the table belongs to no phase. Raises KeyError."""
        return Card(id_, 0) if id_ in self.extra else self.cards[id_]

    def of_phase(self, phase: int) -> tuple[Card, ...]:
        """Return the cards of *phase*, in the order of Tabel 1."""
        return tuple(card for card in self.cards.values() if card.phase == phase)
