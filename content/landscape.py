"""
The map of the learning landscape: where islands, polders and bridges lie, and how large the answers make them.

The landscape is by Ruijters and Simons (2006; Simons, *Leidinggeven aan leren*, 10.3, Figuur 8): three islands; a polder
where two of them grow together, and pioneering where all three do; and a bridge in each direction between two islands.
The answers run from 1 to 5 and make land larger, and bridges thicker. Pixels, from the left top.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from content.laying_out import INNER, WIDE, Block, Shown, block, halfway, heading
from content.lettering import width

Point: TypeAlias = tuple[float, float]

_SIDE = 640.0
_AWAY = 112.0
"""How far a bridge passes beside the polder between its two islands."""

_TURN = math.radians(16)
"""How far from the straight way a bridge leaves its island, so that four of them have room there."""

_LEAST, _MOST, _UNANSWERED = 1, 5, 2
"""The smallest and the largest answer, and how large something without one is drawn."""

_CORNERS: Mapping[str, Point] = {
    "practice": (WIDE / 2 - _SIDE / 2, _SIDE * math.sqrt(3) / 2),
    "inquiry": (WIDE / 2, 0.0),
    "creation": (WIDE / 2 + _SIDE / 2, _SIDE * math.sqrt(3) / 2),
}
_POLDERS = (("practice", "inquiry"), ("inquiry", "creation"), ("practice", "creation"))
_PARTS = {
    "leerlandschap-eilanden": tuple(_CORNERS),
    "leerlandschap-polders": (*(f"{one}_{other}" for one, other in _POLDERS), "pioneering"),
    "leerlandschap-bruggen": tuple(f"{one}_to_{other}" for pair in _POLDERS for one, other in (pair, pair[::-1])),
}
PARTS: Mapping[str, str] = {
    part: f"models.{model}.elements.{part}.term" for model, parts in _PARTS.items() for part in parts
}
"""Everything on the map by the id of its element, islands first, with the key of its name."""


def _round(at: Point, across: float, down: float) -> str:
    turn = f"a{across:.1f} {down:.1f} 0 1 1"
    return f"M{at[0] - across:.1f} {at[1]:.1f}{turn} {2 * across:.1f} 0{turn} {-2 * across:.1f} 0z"


def _square(at: Point, across: float, down: float) -> str:
    return f"M{at[0] - across:.1f} {at[1] - down:.1f}h{2 * across:.1f}v{2 * down:.1f}h{-2 * across:.1f}z"


def _six_sided(at: Point, across: float, down: float) -> str:
    sides = ((1.0, 0.0), (0.55, 1.0), (-0.55, 1.0), (-1.0, 0.0), (-0.55, -1.0), (0.55, -1.0))
    return f"M{'L'.join(f'{at[0] + x * across:.1f} {at[1] + y * down:.1f}' for x, y in sides)}z"


@dataclass(frozen=True, slots=True)
class _Form:
    """
    How one sort of land is drawn: its *outline*, half of its width and of its height for the smallest and the largest
    answer, and the size of the letters. The smallest still holds its name.
    """

    outline: Callable[[Point, float, float], str]
    across: tuple[float, float]
    down: tuple[float, float]
    letters: int


_ISLAND = _Form(_round, (74.0, 116.0), (74.0, 116.0), 26)
_POLDER = _Form(_square, (66.0, 84.0), (27.0, 46.0), 21)
_CENTRE = _Form(_six_sided, (62.0, 66.0), (24.0, 46.0), 21)


@dataclass(frozen=True, slots=True)
class Land:
    """An island or a polder: its outline as an SVG path, its name, the answer, 0 for none, and "land" or "polder"."""

    shape: str
    name: Block
    size: int
    kind: str


@dataclass(frozen=True, slots=True)
class Bridge:
    """A bridge: the line and the head of its arrow as SVG paths, its thickness in pixels, and the answer, 0 for none."""

    line: str
    head: str
    thick: float
    size: int


def landscape(shown: Shown, names: Mapping[str, str]) -> Shown:
    """Return the places for the map; *names* are the words on it, by the ids of `PARTS`."""
    title, y = heading(shown["title"], WIDE)
    shore = _ISLAND.down[1] + 40
    sizes = {part: shown["sizes"].get(part, 0) for part in PARTS}
    corners = {island: (x, y + shore + down) for island, (x, down) in _CORNERS.items()}
    lands = [_land(island, at, sizes, names, _ISLAND) for island, at in corners.items()]
    lands += [_land(f"{a}_{b}", _middle(corners[a], corners[b]), sizes, names, _POLDER) for a, b in _POLDERS]
    centre = (WIDE / 2, sum(down for _, down in corners.values()) / len(corners))
    lands.append(_land("pioneering", centre, sizes, names, _CENTRE))
    bridges = [
        _bridge(corners[one], corners[other], (sizes[one], sizes[other]), sizes[f"{one}_to_{other}"])
        for pair in _POLDERS
        for one, other in (pair, pair[::-1])
    ]
    bottom = corners["practice"][1] + shore
    legend = block(shown["legend"], (INNER, bottom + 20), WIDE - 2 * INNER, 24, 3)
    return {
        "width": WIDE,
        "height": round(bottom + 20 + legend.height + INNER - 10),
        "heading": title,
        "sea": {"x": INNER - 16, "y": y, "width": WIDE - 2 * INNER + 32, "height": bottom - y},
        "lands": lands,
        "bridges": bridges,
        "legend": legend,
    }


def _land(part: str, at: Point, sizes: Mapping[str, int], names: Mapping[str, str], form: _Form) -> Land:
    shape = form.outline(at, _half(sizes[part], *form.across), _half(sizes[part], *form.down))
    return Land(shape, _name(names[part], at, form), sizes[part], "land" if form is _ISLAND else "polder")


def _half(size: int, least: float, most: float) -> float:
    """Return half of a side by the answer *size*, in pixels."""
    return least + (most - least) * ((size or _UNANSWERED) - _LEAST) / (_MOST - _LEAST)


def _radius(size: int) -> float:
    return _half(size, *_ISLAND.across)


def _name(name: str, at: Point, form: _Form) -> Block:
    """Return a name with its middle *at* a point, never broken inside a word, even where that reaches over the shore."""
    room = max(2 * form.across[0] - 4, *(width(word, form.letters) for word in name.split()))
    return halfway(block(name, at, room, form.letters), at[1])


def _middle(one: Point, other: Point) -> Point:
    return (one[0] + other[0]) / 2, (one[1] + other[1]) / 2


def _bridge(start: Point, end: Point, islands: tuple[int, int], size: int) -> Bridge:
    """
    Return the arrow from one shore to the other, bent to the right of its way: like traffic, so that two that go to and
    fro never meet.
    """
    along = math.atan2(end[1] - start[1], end[0] - start[0])
    first = _from(start, along + _TURN, _radius(islands[0]) + 6)
    last = _from(end, along + math.pi - _TURN, _radius(islands[1]) + 6)
    middle = _from(_middle(start, end), along + math.pi / 2, _AWAY)
    bend = tuple(2 * middle[axis] - (first[axis] + last[axis]) / 2 for axis in (0, 1))
    thick = 2.6 * (size or _LEAST)
    long, wide = 16 + 1.3 * thick, 9 + 0.7 * thick
    into = math.atan2(last[1] - bend[1], last[0] - bend[0])
    neck = _from(last, into + math.pi, long)
    left, right = _from(neck, into - math.pi / 2, wide), _from(neck, into + math.pi / 2, wide)
    line = f"M{_at(first)}Q{bend[0]:.1f} {bend[1]:.1f} {_at(neck)}"
    return Bridge(line, f"M{_at(last)}L{_at(left)}L{_at(right)}z", thick, size)


def _from(at: Point, angle: float, distance: float) -> Point:
    return at[0] + distance * math.cos(angle), at[1] + distance * math.sin(angle)


def _at(point: Point) -> str:
    return f"{point[0]:.1f} {point[1]:.1f}"
