"""
What the guide can draw on: which cards, questions, topics and features exist, and in which order.

Only structure lives here. The words stand in `content/`; the loader there fills a `Repertoire` once, at start.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from dialogues.free_days import SchoolYear
from dialogues.models import Model, Station


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
    is not in the table (go and ask). *questions* per phase; *seats* of the elephant exercise. *models* of the article and
    of coaches; *ladder* the one whose questions lead a reflection deeper; *stations* of the vision dialogue; *prefers* the
    cards that suit each way of learning, which the scan *preferences* asks about; *deeper* per phase a model that leads
    deeper; *school_year* the school holidays that are known. *version* changes whenever any file of the content changes.
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
    models: Mapping[str, Model] = field(default_factory=dict)
    ladder: str = ""
    stations: tuple[Station, ...] = ()
    preferences: str = ""
    prefers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    deeper: Mapping[int, str] = field(default_factory=dict)
    school_year: SchoolYear = field(default_factory=SchoolYear)

    def card(self, id_: str) -> Card:
        """Return the card called *id_*; one that is not in the table belongs to no phase. Raises KeyError."""
        return Card(id_, 0) if id_ in self.extra else self.cards[id_]

    def of_phase(self, phase: int) -> tuple[Card, ...]:
        """Return the cards of *phase*, in the order of Tabel 1."""
        return tuple(card for card in self.cards.values() if card.phase == phase)

    def item(self, code: str) -> str:
        """Return what *code* names, as ``model:<id>`` or ``card:<id>``; "" when nothing is called so."""
        if code.startswith("c"):
            ids = (*self.cards, *self.extra)
            place = int(code[1:]) if code[1:].isdecimal() else 0
            return f"card:{ids[place - 1]}" if 1 <= place <= len(ids) else ""
        return next((f"model:{model.id}" for model in self.models.values() if model.code == code), "")

    def has(self, item: str) -> bool:
        """Return whether *item*, as ``model:<id>`` or ``card:<id>``, is there."""
        kind, _, id_ = item.partition(":")
        return id_ in self.models if kind == "model" else id_ in self.cards or id_ in self.extra

    def code(self, item: str) -> str:
        """Return the code of *item*, as `item` names it. Raises KeyError for what is not there."""
        kind, _, id_ = item.partition(":")
        if kind == "card":
            ids = (*self.cards, *self.extra)
            if id_ not in ids:
                raise KeyError(item)
            return f"c{ids.index(id_) + 1}"
        return self.models[id_].code

    def under(self, factor: str) -> tuple[Model, ...]:
        """Return the models that belong to *factor*: first those whose first factor it is."""
        fitting = [model for model in self.models.values() if factor in model.factors]
        return tuple(sorted(fitting, key=lambda model: model.factors.index(factor)))
