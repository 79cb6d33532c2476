"""
The path of a journey through the phases as a line: where everything stands in the drawing.

Time goes from left to right, phase 1 is at the bottom. The template draws it, and says the same in a table beside it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from dialogues.conversation import Phase
from dialogues.paths import Stretch

WIDTH, HEIGHT = 360, 216
LEFT, RIGHT, TOP, STEP = 28, 348, 14, 28
DOTS = 60
"""So many stretches get a dot; more would be a smear, and the line says enough."""


@dataclass(frozen=True, slots=True)
class Level:
    """The line of one *phase*, at height *y*."""

    phase: Phase
    y: int


@dataclass(frozen=True, slots=True)
class Chart:
    """A drawing of *width* by *height*: *levels* of the phases, a *line*, *dots*, and the times at both ends."""

    levels: tuple[Level, ...]
    line: str
    dots: tuple[tuple[float, int], ...]
    begun: datetime
    ended: datetime
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = RIGHT


def chart(stretches: Sequence[Stretch], until: datetime) -> Chart | None:
    """Return the drawing of *stretches*, the last of which goes on until *until*; None when there are none."""
    if not stretches:
        return None
    begun, ended = stretches[0].begun, max(until, stretches[-1].begun)
    whole = (ended - begun).total_seconds() or 1.0

    def across(at: datetime) -> float:
        return round(LEFT + (RIGHT - LEFT) * (at - begun).total_seconds() / whole, 1)

    corners: list[tuple[float, int]] = []
    for stretch in stretches:
        x, y = across(stretch.begun), _height(stretch.phase)
        if corners:
            corners.append((x, corners[-1][1]))
        corners.append((x, y))
    corners.append((float(RIGHT), corners[-1][1]))
    return Chart(
        levels=tuple(Level(phase, _height(phase)) for phase in reversed(Phase)),
        line=" ".join(f"{x},{y}" for x, y in corners),
        dots=tuple((across(one.begun), _height(one.phase)) for one in stretches) if len(stretches) <= DOTS else (),
        begun=begun,
        ended=ended,
    )


def _height(phase: Phase) -> int:
    return TOP + STEP * (Phase.MAINTAINING - phase)
