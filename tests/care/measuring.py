"""Reads the open corpus, and measures rules against what CARE-1 asks of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from dialogues.care import CareRules, notice

CORPUS = Path(__file__).parent / "corpus"
HARMLESS = "harmless"


@dataclass(frozen=True)
class Line:
    """One sentence of the corpus: its class, "explicit" or "implicit" ("-" when harmless), and the text."""

    kind: str
    how: str
    text: str


@dataclass(frozen=True)
class Figures:
    """Shares from 0 to 1: signals noticed at all, signals given the right card, harmless sentences that got one."""

    explicit: float
    implicit: float
    right_card: float
    false_alarms: float

    def broken(self) -> list[str]:
        """Return the targets of CARE-1 that are missed; the share of right cards is a target of our own."""
        targets = {
            "explicit": self.explicit >= 0.98,
            "implicit": self.implicit >= 0.85,
            "right_card": self.right_card >= 0.95,
            "false_alarms": self.false_alarms <= 0.05,
        }
        return [name for name, kept in targets.items() if not kept]


def corpus(*names: str) -> list[Line]:
    lines = [line for name in names for line in (CORPUS / name).read_text("utf-8").splitlines()]
    return [Line(*line.split("\t")) for line in lines if line and not line.startswith("#")]


def measure(lines: Iterable[Line], rules: CareRules) -> Figures:
    found = [(line, notice(line.text, rules)) for line in lines]

    def share(of: list[bool]) -> float:
        return sum(of) / len(of)

    return Figures(
        explicit=share([bool(kind) for line, kind in found if line.how == "explicit"]),
        implicit=share([bool(kind) for line, kind in found if line.how == "implicit"]),
        right_card=share([kind == line.kind for line, kind in found if line.kind != HARMLESS]),
        false_alarms=share([bool(kind) for line, kind in found if line.kind == HARMLESS]),
    )
