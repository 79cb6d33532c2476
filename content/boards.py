"""The board of a team on paper: one sheet A3, for schools with a real whiteboard, filled in or blank."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from content.catalogue import Catalogue
from content.filters import short
from content.printing import pdf
from dialogues.team.showing import Sheet, paper_of
from dialogues.team.values import Board

_LONGEST = 160
_LENGTHS = {"name": 24, "when": 40, "next_name": 40}
"""Letters on paper at most, so that it can be read from where people stand. The whole text is in the chat."""


class PaperBoards:
    """Makes boards to print. Implements the BoardPrinter port."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue

    def sheet(self, sheet: Sheet, language: str) -> bytes:
        """Return *sheet* as a PDF, as `printed` does."""
        return printed(self._catalogue, sheet.board, sheet.team, sheet.next_lead, sheet.today, language)


def printed(catalogue: Catalogue, board: Board, team: str, next_lead: str, today: date, language: str) -> bytes:
    """
    Return *board* as a PDF of one sheet A3. Takes some tens of milliseconds. Arguments are those of `showing.paper_of`.

    Raises:
        WordsMissing: a word is not in the content.
        PrintingFailed: as `printing.pdf`.
    """
    shown = catalogue.filled(paper_of(board, team, next_lead, today), language)
    return pdf("board", {**_cut(shown, _LONGEST), "language": language})


def _cut(value: Any, length: int) -> Any:  # noqa: ANN401 - whatever stands on the sheet
    """Return *value* with every text in it cut to a *length*, or to the one that belongs to its name."""
    if isinstance(value, str):
        return short(value, length) if len(value) > length else value
    if isinstance(value, Mapping):
        return {name: _cut(inner, _LENGTHS.get(name, length)) for name, inner in value.items()}
    if isinstance(value, list):
        return [_cut(inner, length) for inner in value]
    return value
