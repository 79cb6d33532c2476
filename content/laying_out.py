"""
Where everything stands in a picture that is a list or a table: bars, sliders and the matrix. Pixels, from the left top.

What comes in are finished words and numbers; what goes out are places for the templates in `templates/`. Colours are not
known here, and the map of the learning landscape has a module of its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

from content.lettering import BOLD, line_height, wrap

Shown: TypeAlias = dict[str, Any]
"""Values of a picture with their words filled in; which ones there are, is up to the kind of picture."""

WIDE, WIDEST = 1000, 1600
EDGE, INNER = 20, 56
"""Pixels from the side to the card, and to what stands on it."""

_HEADING, _TEXT, _SMALL, _CELL = 38, 28, 24, 21
_RING = 44
"""The room that the mark of the time before takes on a line."""

_LEVELS, _GAP, _PAD = 200, 8, 12
"""In the matrix: the room for the names of the levels, between two cells, and around the text in a cell."""

_MANY = 14
"""Rows from which a profile is drawn tighter, so that a chat does not have to shrink it."""


@dataclass(frozen=True, slots=True)
class Block:
    """Lines of text: the baseline of the first, the size of the letters and the distance between lines, in pixels."""

    lines: Sequence[str]
    x: float
    y: float
    size: int

    @property
    def step(self) -> float:
        """The distance from one baseline to the next."""
        return line_height(self.size)

    @property
    def height(self) -> float:
        """The room all lines take together."""
        return len(self.lines) * self.step


def block(text: str, at: tuple[float, float], room: float, size: int, most: int = 2) -> Block:
    """Return *text* wrapped in *room* pixels, its top left (or top middle, or top right) *at* a point."""
    return Block(wrap(text, room, size, most), at[0], at[1] + round(size * 0.95), size)


def halfway(placed: Block, middle: float) -> Block:
    """Return *placed* moved up or down, so that its middle is at *middle*."""
    return replace(placed, y=middle - placed.height / 2 + round(placed.size * 0.95))


def heading(title: str, width: int) -> tuple[Block, float]:
    """Return the title of a picture of *width* pixels, and how far down it reaches."""
    top = INNER - 6
    placed = block(title, (INNER, top), (width - 2 * INNER) / BOLD, _HEADING)
    return placed, top + placed.height + 10


def bars(shown: Shown) -> Shown:
    """Return the places for a profile with a row per statement."""
    title, y = heading(shown["title"], WIDE)
    days, y = _days(shown, y)
    tight = len(shown["rows"]) >= _MANY
    size, space = (_SMALL, 18) if tight else (_TEXT, 22)
    track = {"x": 500, "step": 89, "high": 20 if tight else 24, "low": 10 if tight else 13}
    right = track["x"] + 5 * track["step"] - 4
    low = block(shown["low"], (track["x"], y), 210, _SMALL, 1)
    high = block(shown["high"], (right, y), 210, _SMALL, 1)
    y += low.step + 12
    bar = track["high"] + (track["low"] + 5 if shown["before_on"] else 0)
    rows = []
    for row in shown["rows"]:
        label = block(row["label"], (INNER, y), track["x"] - INNER - 24, size)
        height = max(label.height, bar)
        middle = y + height / 2
        rows.append({**row, "label": halfway(label, middle), "y": middle - bar / 2})
        y += height + space
    placed = {"heading": title, **days, "low": low, "high": high, "track": track, "rows": rows}
    return {"width": WIDE, "height": round(y + INNER - space + 6), **placed}


def sliders(shown: Shown) -> Shown:
    """Return the places for a profile with a line between two ends in each row."""
    title, y = heading(shown["title"], WIDE)
    days, y = _days(shown, y)
    track = {"x": 360, "step": 70}
    ends = (INNER, track["x"] + 4 * track["step"] + 40)
    rows = []
    for row in shown["rows"]:
        label = block(row["label"], (WIDE / 2, y), WIDE - 2 * INNER, _SMALL, 1)
        y += label.height + 8
        left, right = (
            block(row[name], (x, y), track["x"] - 40 - INNER, _TEXT)
            for name, x in zip(("left", "right"), ends, strict=True)
        )
        height = max(_RING, left.height, right.height)
        middle = y + height / 2
        both = {"left": halfway(left, middle), "right": halfway(right, middle)}
        rows.append({**row, "label": label, **both, "y": middle})
        y += height + 26
    return {"width": WIDE, "height": round(y + INNER - 22), "heading": title, **days, "track": track, "rows": rows}


def matrix(shown: Shown) -> Shown:
    """Return the places for the table of levels and columns, as tall as its fullest cells."""
    title, y = heading(shown["title"], WIDEST)
    step = (WIDEST - 2 * INNER - _LEVELS) / len(shown["columns"])
    across = [INNER + _LEVELS + index * step for index in range(len(shown["columns"]))]
    room = step - _GAP - 2 * _PAD
    columns = [
        block(name, (x + _PAD, y + 8), room / BOLD, _SMALL, 1) for name, x in zip(shown["columns"], across, strict=True)
    ]
    y += columns[0].height + 20
    rows = []
    for row in shown["rows"]:
        level = block(row["level"], (INNER, y + _PAD), (_LEVELS - 20) / BOLD, _SMALL, 3)
        texts = [block(cell["text"], (_PAD, _PAD), room, _CELL, 9) for cell in row["cells"]]
        height = max(80, *(placed.height + 2 * _PAD for placed in (level, *texts)))
        cells = [{"x": x, "width": step - _GAP, "text": text} for x, text in zip(across, texts, strict=True)]
        rows.append({"level": level, "y": y, "height": height, "cells": cells})
        y += height + _GAP
    return {"width": WIDEST, "height": round(y + INNER - _GAP), "heading": title, "columns": columns, "rows": rows}


def _days(shown: Shown, y: float) -> tuple[Shown, float]:
    """Return the lines that say which mark is of which day, from *y* down, and how far down they reach."""
    days: Shown = {"now": None, "before": None}
    for name in ("now", "before") if shown["before_on"] else ("now",):
        text = block(shown[f"said_{name}"], (INNER + 68, y), WIDE - 2 * INNER - 68, _SMALL, 1)
        days[name] = {"x": INNER, "y": text.y, "text": text}
        y += text.step + 8
    return days, y + 14
