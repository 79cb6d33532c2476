"""All parts of the session, by the state in which each is open."""

from __future__ import annotations

from collections.abc import Mapping

from dialogues.team import filling, opening, rounding_off
from dialogues.team.part import Part

PARTS: Mapping[str, Part] = {**opening.PARTS, **filling.PARTS, **rounding_off.PARTS}
