"""
The finite-state machines: one shared, read-only machine per route, built from the tables. The only door to `transitions`.

The move is decided in plain Python; the machine allows or refuses it. No callbacks, no model registered, no machine
per person: a small slot object is stepped and thrown away.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from transitions import Machine, MachineError

from dialogues.errors import MoveNotPossible
from dialogues.table import Tabled


class _Place:
    """What `transitions` moves: a state, and nothing else."""

    __slots__ = ("state",)

    def __init__(self, state: str) -> None:
        self.state = state


class Machines:
    """All routes as machines."""

    def __init__(self, routes: Iterable[Tabled]) -> None:
        """Build one machine per route. Raises ValueError when an arrow starts at a state that does not exist."""
        self._machines: Mapping[str, Machine] = {route.name: _machine(route) for route in routes}

    def step(self, route: str, state: str, move: str) -> str:
        """
        Return where *move* leads from *state*, as the table writes it.

        Raises:
            MoveNotPossible: the table of *route* has no such arrow.
        """
        place = _Place(state)
        try:
            self._machines[route].events[move].trigger(place)
        except (KeyError, ValueError, MachineError) as refusal:  # ValueError: the state does not exist
            message = f"no arrow {move} from {route}.{state}"
            raise MoveNotPossible(message) from refusal
        return place.state


def _machine(route: Tabled) -> Machine:
    # `transitions` accepts arrows from and to states that do not exist, so the table is held against the states here.
    for arrow in route.arrows:
        if arrow.source not in route.states:
            message = f"{route.name}: an arrow leaves {arrow.source}, which is no state"
            raise ValueError(message)
    targets = {arrow.target for arrow in route.arrows}
    return Machine(
        model=None,
        states=sorted(set(route.states) | targets),
        initial=None,
        transitions=[{"trigger": a.move, "source": a.source, "dest": a.target} for a in route.arrows],
        auto_transitions=False,
    )
