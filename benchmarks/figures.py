"""
From measurements to a table: medians, ranges and ratios, as Markdown, and into the document that holds them.

What was measured, and what it means, stands where it is measured and in `docs/performance.md`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

_LARGE, _MIDDLE = 100, 10


@dataclass(frozen=True, slots=True)
class Table:
    """One table: the *name* of its place in the document, its columns, its rows, and a line that says how it came."""

    name: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    note: str


def number(value: float) -> str:
    """Return *value* with as many digits as mean something."""
    if abs(value) >= _LARGE:
        return f"{value:,.0f}"
    return f"{value:.1f}" if abs(value) >= _MIDDLE else f"{value:.2f}"


def spread(values: Sequence[float], scale: float = 1.0) -> str:
    """Return median and range of *values* times *scale*, such as "2.10 [1.90..2.60]"."""
    scaled = [value * scale for value in values]
    return f"{number(median(scaled))} [{number(min(scaled))}..{number(max(scaled))}]"


def ratio(values: Sequence[float], base: Sequence[float]) -> str:
    """Return median and range of *values* over *base*, pair by pair, since the machine drifts between rounds."""
    return "×" + spread([value / other for value, other in zip(values, base, strict=True)])


def markdown(table: Table) -> str:
    """Return *table* as Markdown."""
    lines = [table.columns, ["---"] * len(table.columns), *table.rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines) + f"\n\n{table.note}\n"


def write(table: Table, document: Path) -> None:
    """Put *table* in its place in *document*. Raises ValueError when it has no place there."""
    begin, end = f"<!-- {table.name} -->\n", f"<!-- end of {table.name} -->"
    place = re.compile(re.escape(begin) + ".*?" + re.escape(end), re.DOTALL)
    text = document.read_text(encoding="utf-8")
    if not place.search(text):
        raise ValueError(f"{document.name} has no place for {table.name}: {begin.strip()} … {end}")
    document.write_text(place.sub(lambda _: begin + markdown(table) + end, text), encoding="utf-8")
