"""The path of a journey through the phases: where it was, and from when."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from dialogues.conversation import Journey, Phase, Reflection


@dataclass(frozen=True, slots=True)
class Stretch:
    """A time in one *phase*, from *begun*; the next stretch ends it. *moments* is how many notes were made in it."""

    phase: Phase
    begun: datetime
    moments: int


def path(dated: Iterable[tuple[datetime, Phase | None]]) -> tuple[Stretch, ...]:
    """
    Return the stretches through which notes with these times and phases go; those without a phase do not count. Of notes
    with the same time the order that they come in is kept.
    """
    found: list[Stretch] = []
    for at, phase in sorted(dated, key=lambda one: one[0]):
        if phase is None:
            continue
        if found and found[-1].phase is phase:
            found[-1] = Stretch(phase, found[-1].begun, found[-1].moments + 1)
        else:
            found.append(Stretch(phase, at, 1))
    return tuple(found)


def path_of(journey: Journey, journal: Iterable[Reflection]) -> tuple[Stretch, ...]:
    """
    Return the stretches of *journey* as the leader herself knows them; none when it was not placed in a phase yet.

    Every reflection carries the phase that the journey had, so a move shows even where the answer that made it is gone. The
    last stretch is where the journey is now.
    """
    stretches = path((kept.said, kept.phase) for kept in journal if kept.journey == journey.id)
    if journey.phase is None or (stretches and stretches[-1].phase is journey.phase):
        return stretches
    return (*stretches, Stretch(journey.phase, journey.changed or journey.begun, 0))
