"""
Where each model of the article lives, as a table for `docs/models.md`, made from the content.

What counts as a place is something a leader, coach or team can reach: a scan, questions, prompts for the board, a station
of the vision dialogue, a route, or a card to read in the compass. Nothing is written by hand here, so the table cannot say
what is not so; `python -m app graph --check` fails when it is not current.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from content.catalogue import FOLDER, Catalogue
from content.model_files import Row, read_map
from content.yaml_files import LANGUAGES
from dialogues.models import Form, Model
from dialogues.repertoire import Repertoire

_HEAD = """\
# Where every model lives

P.R.J. Simons, *Leidinggeven aan leren*, holds {count} models. This table says for each where a leader, a coach or a team
meets it, and how many elements it has. It is made by `./run graph` from `content/models/` and `content/shape/`; change it
there. With `/toon m21` (`/show m21`) a leader sees what has that code.

{placed} of {count} models have a place, in {languages}; {elements} elements and {parts} parts of elements.

"""
_COLUMNS = ("code", "model", "Nederlands", "English", "in the article", "elements", "lives as", "for", "prio")
_FORMS = {
    Form.SCAN: "scan",
    Form.SET: "questions",
    Form.WALK: "questions in a row",
    Form.BOARD: "board prompts",
    Form.CARD: "card to read",
}
_STARTS = {
    "wicked": "route for wicked problems",
    "journey": "journey and diagnosis",
    "vision": "vision dialogue",
    "matrix": "matrix",
}
_USERS = {"L": "leader", "C": "coach", "T": "team"}


@dataclass(frozen=True, slots=True)
class Place:
    """One line of the table: the model, its row in the map, its titles by language, and the places where it is met."""

    id: str
    row: Row
    titles: Mapping[str, str]
    elements: int
    parts: int
    lives: tuple[str, ...]

    @property
    def placed(self) -> bool:
        """Whether it can be met somewhere, with a title in every language and with exactly its own elements."""
        exact = (self.elements, self.parts) == (self.row.count, self.row.parts)
        return bool(self.lives) and exact and all(self.titles.get(language) for language in LANGUAGES)


def places(catalogue: Catalogue) -> list[Place]:
    """Return a line for every model in the map of the article, in its order."""
    known = catalogue.repertoire
    return [_place(id_, row, known.models.get(id_), catalogue) for id_, row in read_map(FOLDER).items()]


def page(catalogue: Catalogue) -> str:
    """Return the table as one Markdown page."""
    every = places(catalogue)
    head = _HEAD.format(
        count=len(every),
        placed=sum(one.placed for one in every),
        languages=" and ".join(LANGUAGES),
        elements=sum(one.elements for one in every),
        parts=sum(one.parts for one in every),
    )
    lines = [_COLUMNS, ("---",) * len(_COLUMNS), *(_cells(one) for one in every)]
    return head + "\n".join(f"| {' | '.join(line)} |" for line in lines) + "\n"


def _place(id_: str, row: Row, model: Model | None, catalogue: Catalogue) -> Place:
    books = catalogue.books
    titles = {
        name: book.texts[key].text for name, book in books.items() if (key := f"models.{id_}.title") in book.texts
    }
    return Place(
        id=id_,
        row=row,
        titles=titles,
        elements=len(model.elements) if model else 0,
        parts=sum(len(parts) for parts in model.parts.values()) if model else 0,
        lives=tuple(_lives(model, catalogue.repertoire)) if model else (),
    )


def _lives(model: Model, known: Repertoire) -> Iterator[str]:
    yield from (words for form, words in _FORMS.items() if form in model.forms)
    if model.start in _STARTS:
        yield _STARTS[model.start]
    if any(text.startswith("cards.") for text in model.elsewhere.values()):
        yield "intervention cards"
    stations = [str(s.number) for s in known.stations if _at(model, s.tools) or model.id in s.scans]
    if stations:
        yield f"vision station {', '.join(stations)}"
    if model.id == known.ladder:
        yield "ladder to depth"
    if model.id == known.preferences:
        yield "order of the cards"


def _at(model: Model, tools: tuple[str, ...]) -> bool:
    return any(tool.partition(".")[0] == model.id for tool in tools)


def _cells(one: Place) -> tuple[str, ...]:
    counted = f"{one.elements}+{one.parts}" if one.parts else str(one.elements)
    return (
        one.row.code,
        f"`{one.id}`",
        *(one.titles.get(language, "") for language in LANGUAGES),
        one.row.where,
        counted,
        "; ".join(one.lives),
        ", ".join(_USERS[letter] for letter in one.row.users),
        one.row.prio,
    )
