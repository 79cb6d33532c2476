"""
The vision deployment matrix: five levels by six columns (Kim; Jutten, 2015; Simons, *Leidinggeven aan leren*, Schema 1).

It is filled in two ways: down on the desired side, from the vision to what happens on a day; then up on the side of today.
From the gaps follow actions, signs and dates. This is the order here, and nobody has to keep to it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from dialogues.conversation import Phrase, Picture, Reflection, Value

MODEL = "vision-deployment-matrix"
LEVELS = ("vision", "mental_models", "structures", "patterns", "events")
COLUMNS = ("desired", "current", "gap", "actions", "indicators", "timeline")
_FROM_THE_GAP, _AFTER_THE_ACTION = COLUMNS[2:], COLUMNS[4:]

ORDER: tuple[str, ...] = (
    *(f"{level}.desired" for level in LEVELS),
    *(f"{level}.current" for level in reversed(LEVELS)),
    *(f"{level}.{column}" for level in LEVELS for column in _FROM_THE_GAP),
)
"""The thirty cells as ``level.column``, in the order of the procedure."""


def texts(cells: Mapping[str, str], find: Callable[[str], Reflection | None]) -> dict[str, str]:
    """Return what stands in each cell; *cells* are the reflections in the matrix, which *find* looks up by id."""
    found = {cell: find(id_) for cell, id_ in cells.items()}
    return {cell: kept.text for cell, kept in found.items() if kept}


def overview(written: Mapping[str, str]) -> dict[str, Value]:
    """Return what words and picture show of the matrix, from what is *written* in each cell."""
    rows: tuple[Value, ...] = tuple(
        {
            "level": Phrase(f"vision.levels.{level}"),
            "cells": tuple(
                {"column": Phrase(f"vision.columns.{column}"), "text": written.get(f"{level}.{column}", "")}
                for column in COLUMNS
            ),
        }
        for level in LEVELS
    )
    return {
        "title": Phrase(f"models.{MODEL}.title"),
        "rows": rows,
        "columns": tuple(Phrase(f"vision.columns.{column}") for column in COLUMNS),
        "filled": len(written),
        "count": len(ORDER),
    }


def picture(values: Mapping[str, Value]) -> Picture:
    """Return the drawing of the matrix in *values*, as `overview` gives them."""
    return Picture("matrix", values)


def question(written: Mapping[str, str], cell: str) -> dict[str, Value]:
    """Return the values of the question for *cell*, with what is *written* beside it on the same level."""
    level, _, column = cell.partition(".")
    two_sides = column in ("desired", "current")
    ask = f"vision.cell_asks.{column}.{level}" if two_sides else f"vision.cell_asks.{column}"
    beside = {name: written.get(f"{level}.{name}", "") for name in ("desired", "current", "gap")}
    return {
        "level": Phrase(f"vision.levels.{level}"),
        "column": Phrase(f"vision.columns.{column}"),
        "ask": Phrase(ask),
        "desired": beside["desired"] if column != "desired" else "",
        "current": "" if two_sides else beside["current"],
        "gap": beside["gap"] if column == "actions" else "",
        "action": written.get(f"{level}.actions", "") if column in _AFTER_THE_ACTION else "",
        "number": ORDER.index(cell) + 1,
        "count": len(ORDER),
    }
