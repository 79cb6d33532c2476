"""
Where everything stands in the picture of a path through the phases: a lane per phase, time from left to right.

Each stop is a dot with its number; the words beside the picture say which day and phase that is. Several journeys have each
a line of its own, told apart by dashes and by the numbers.
"""

from __future__ import annotations

from datetime import datetime
from itertools import pairwise

from content.laying_out import EDGE, INNER, WIDE, Block, Shown, block, halfway, heading

LANE = 40
LEFT = 390
"""Where the lanes begin, right of the names of the phases."""

DOT = 17
_SMALL, _NUMBER = 24, 20
_DASHES = ("", "14 8", "4 8", "20 6 4 6")
_APART = 9
"""How far the lines of two journeys in one lane are apart."""


def path(shown: Shown, begun: str, ended: str) -> Shown:
    """
    Return the places for the path in *shown*; *begun* and *ended* are the words at the two ends of the time. On paper,
    where a heading stands above it already, it has none of its own.
    """
    title, top = (None, EDGE) if shown["on_paper"] else heading(shown["title"], WIDE)
    phases = shown["phases"]
    right = WIDE - INNER - DOT
    middles = [top + LANE * (len(phases) - place - 0.5) for place in range(len(phases))]
    lanes = [
        {"y": y, "name": halfway(block(name, (INNER, 0), LEFT - INNER - 30, _SMALL, 1), y)}
        for y, name in zip(middles, phases, strict=True)
    ]
    times = [stop["on"] for way in shown["ways"] for stop in way["stops"]]
    span = _Span(min(times), max(*times, shown["until"]), LEFT + 10, right)
    ways = [_way(way, number, lanes, span) for number, way in enumerate(shown["ways"])]
    bottom = top + LANE * len(phases) + 8
    return {
        "width": WIDE,
        "height": round(bottom + 40 + (0 if shown["on_paper"] else INNER - 14)),
        "heading": title,
        "lanes": lanes,
        "left": LEFT,
        "right": WIDE - INNER,
        "ways": ways,
        "dot_size": DOT,
        "begun": block(begun, (LEFT, bottom), 320, _SMALL, 1),
        "ended": block(ended, (WIDE - INNER, bottom), 320, _SMALL, 1),
    }


class _Span:
    """Time as places between *left* and *right*."""

    def __init__(self, first: datetime, last: datetime, left: float, right: float) -> None:
        self._first, self._left, self._right = first, left, right
        self._all = (last - first).total_seconds()

    def at(self, moment: datetime) -> float:
        """Return where *moment* is; without time between first and last, everything is at the left."""
        if not self._all:
            return self._left + DOT
        share = (moment - self._first).total_seconds() / self._all
        return self._left + DOT + share * (self._right - self._left - DOT)


def _way(way: Shown, number: int, lanes: list[Shown], span: _Span) -> Shown:
    aside = number * _APART
    dots: list[Shown] = []
    for stop in way["stops"]:
        y = lanes[stop["place"] - 1]["y"] + aside
        x = max(span.at(stop["on"]), dots[-1]["x"] + 2 * DOT + 4 if dots else 0)  # two on one day stay apart
        dots.append({"x": min(x, WIDE - INNER - DOT), "y": y, "number": _numbered(stop["number"], x, y)})
    steps = [f"H{after['x']:.0f}V{after['y']:.0f}" for _, after in pairwise(dots)]
    line = f"M{dots[0]['x']:.0f} {dots[0]['y']:.0f}{''.join(steps)}H{WIDE - INNER}"
    return {"line": line, "dash": _DASHES[number % len(_DASHES)], "dots": dots}


def _numbered(number: int, x: float, y: float) -> Block:
    return halfway(block(str(number), (min(x, WIDE - INNER - DOT), 0), 2 * DOT, _NUMBER, 1), y)
