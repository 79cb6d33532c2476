"""
A model of the article as the dialogue sees it: which form it takes, and the ids of what is in it. The words stand in the
content.

Terminology:
    model    something the article describes: five disciplines, ten questions, seven stations.
    element  one part of a model, with a term and a meaning.
    form     how a leader meets it: a scan, questions one at a time or all in a row (a walk), prompts for the board, tools
             at a station, or a card to read.
    item     one statement of a scan.
    code     what can be typed to see something: m17 for a model, c12 for a card.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from dialogues.conversation import Phrase


class Form(StrEnum):
    """How a leader meets a model."""

    SCAN = "scan"
    SET = "set"
    BOARD = "board"
    STATION = "station"
    WALK = "walk"
    CARD = "card"


@dataclass(frozen=True, slots=True)
class Model:
    """
    One model. *factors* are those of a learning school it belongs to, best first; *phases* those in which its questions fit
    best, none for any. A scan has *items* (its elements, unless it has items of its own) in *rounds*, answered on *scale*
    about *scope* (own, team or school), and a *picture*. *start* names what begins with it instead of a question.
    *elsewhere* says for a field under which key its words stand, with ``{e}`` for the element. *cautious* models make a
    claim that has aged. *parts* are the ids of what some elements consist of; *tags* are further words to find it by.
    """

    id: str
    code: str
    forms: frozenset[Form]
    elements: tuple[str, ...]
    factors: tuple[str, ...] = ()
    phases: tuple[int, ...] = ()
    scope: str = ""
    scale: str = ""
    picture: str = "bars"
    items: tuple[str, ...] = ()
    own_items: bool = False
    rounds: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    start: str = ""
    elsewhere: Mapping[str, str] = field(default_factory=dict)
    cautious: bool = False
    parts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    tags: tuple[str, ...] = ()

    def words(self, name: str) -> Phrase:
        """Return the words of the model itself called *name*, such as its title."""
        return Phrase(f"models.{self.id}.{name}")

    def of(self, element: str, name: str) -> Phrase:
        """Return the words of *element* called *name*, such as its term or its question."""
        if name in self.elsewhere:
            return Phrase(self.elsewhere[name].replace("{e}", element))
        return Phrase(f"models.{self.id}.elements.{element}.{name}")

    def of_item(self, item: str, name: str) -> Phrase:
        """Return the words of a statement of the scan: ``item``, or ``left`` and ``right`` of a slider."""
        return Phrase(f"models.{self.id}.items.{item}.{name}") if self.own_items else self.of(item, name)

    @property
    def asks(self) -> bool:
        """Whether its elements have questions to a leader."""
        return bool(self.forms & {Form.SET, Form.STATION})


@dataclass(frozen=True, slots=True)
class Station:
    """
    One station of the vision dialogue (Tabel 7). *work* is ``own`` or ``shared``; *tools* are models whose questions are
    asked there, in order, or one question as ``model.element``; *scans* those that can be filled in; with *matrix* the
    matrix can be too.
    """

    number: int
    work: str
    tools: tuple[str, ...]
    scans: tuple[str, ...] = ()
    matrix: bool = False
