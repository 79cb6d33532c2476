"""
The vision deployment matrix: five levels by six columns (Kim; Jutten, 2015; Simons, *Leidinggeven aan leren*, Schema 1).

It is filled in two ways: down on the desired side, from the vision to what happens on a day; then up on the side of today.
From the gaps follow actions, signs and dates. This is the order here, and nobody has to keep to it.
"""

from __future__ import annotations

from collections.abc import Mapping

from dialogues.conversation import Phrase, Picture, Value
from dialogues.desk import Desk

MODEL = "vision-deployment-matrix"
LEVELS = ("vision", "mental_models", "structures", "patterns", "events")
COLUMNS = ("desired", "current", "gap", "actions", "indicators", "timeline")
_FROM_THE_GAP = COLUMNS[2:]

ORDER: tuple[str, ...] = (
    *(f"{level}.desired" for level in LEVELS),
    *(f"{level}.current" for level in reversed(LEVELS)),
    *(f"{level}.{column}" for level in LEVELS for column in _FROM_THE_GAP),
)
"""The thirty cells as ``level.column``, in the order of the procedure."""


def overview(desk: Desk, cells: Mapping[str, str]) -> dict[str, Value]:
    """Return what words and picture show of the matrix; *cells* are the reflections in it."""
    rows: tuple[Value, ...] = tuple(
        {
            "level": Phrase(f"vision.levels.{level}"),
            "cells": tuple(
                {"column": Phrase(f"vision.columns.{column}"), "text": _text(desk, cells, f"{level}.{column}")}
                for column in COLUMNS
            ),
        }
        for level in LEVELS
    )
    return {
        "title": Phrase(f"models.{MODEL}.title"),
        "rows": rows,
        "columns": tuple(Phrase(f"vision.columns.{column}") for column in COLUMNS),
        "filled": len(cells),
        "count": len(ORDER),
    }


def picture(values: Mapping[str, Value]) -> Picture:
    """Return the drawing of the matrix in *values*, as `overview` gives them."""
    return Picture("matrix", values)


def question(desk: Desk, cells: Mapping[str, str], cell: str) -> dict[str, Value]:
    """Return the values of the question for *cell*, with what stands beside it on the same level."""
    level, _, column = cell.partition(".")
    beside = column in _FROM_THE_GAP
    return {
        "level": Phrase(f"vision.levels.{level}"),
        "column": Phrase(f"vision.columns.{column}"),
        "ask": Phrase(
            f"vision.cell_asks.{column}.{level}" if column in ("desired", "current") else f"vision.cell_asks.{column}"
        ),
        "desired": _text(desk, cells, f"{level}.desired") if beside or column == "current" else "",
        "current": _text(desk, cells, f"{level}.current") if beside else "",
        "gap": _text(desk, cells, f"{level}.gap") if column in ("actions", "indicators", "timeline") else "",
        "number": ORDER.index(cell) + 1,
        "count": len(ORDER),
    }


def _text(desk: Desk, cells: Mapping[str, str], cell: str) -> str:
    kept = desk.find(cells.get(cell, ""))
    return kept.text if kept else ""
