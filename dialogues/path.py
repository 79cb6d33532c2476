"""The path of a journey through the seven phases: where it was placed when, as the leader herself confirmed it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from dialogues.conversation import Journey, Phase, Reflection


@dataclass(frozen=True, slots=True)
class Stop:
    """That a journey was in *phase* from *at* on."""

    at: datetime
    phase: Phase


def path(journey: Journey, journal: Iterable[Reflection]) -> tuple[Stop, ...]:
    """
    Return the stops of *journey*, the earliest first; none when it was not placed yet.

    Every reflection carries the phase that the journey had, so a move shows even where the answer that made it is gone.
    The last stop is where the journey is now.
    """
    seen = [Stop(kept.said, kept.phase) for kept in journal if kept.journey == journey.id and kept.phase]
    if journey.phase:
        seen.append(Stop(journey.changed or journey.begun, journey.phase))
    stops: list[Stop] = []
    for stop in sorted(seen, key=lambda stop: stop.at):
        if not stops or stops[-1].phase != stop.phase:
            stops.append(stop)
    return tuple(stops)
