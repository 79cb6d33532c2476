"""A small but complete content folder, made anew for each test, in which a test can break one thing."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from content.buttons import ENDINGS
from content.catalogue import FOLDER
from content.checking_tables import PER_PHASE
from content.yaml_files import LANGUAGES, read_cards

WHOSE = ("own", "colleague", "team")
MODEL: dict[str, Any] = {
    "code": "m201",
    "authors": "Iemand (2020)",
    "forms": ["scan", "set"],
    "factors": ["f0"],
    "scope": "team",
    "scale": "fit",
    "tags": ["overleg"],
    **{
        language: {
            "title": "Een titel",
            "about": "Een zin.",
            "ask": "Wat valt op?",
            "elements": {
                element: {"term": "Een woord", "meaning": "Een zin.", "item": "Wij doen dit.", "question": "Wat dan?"}
                for element in ("goal", "turns", "end")
            },
        }
        for language in LANGUAGES
    },
}
"""A model without faults, as a coach would add one: a scan of three statements, with a question for each."""


@dataclass(frozen=True, slots=True)
class Tree:
    """A content folder in which every file is written as JSON, which is YAML with one key a line."""

    folder: Path

    def path(self, language: str, name: str) -> Path:
        """Return the file called *name* in *language*."""
        return self.folder / language / f"{name}.yaml"

    def read(self, language: str, name: str) -> Any:
        """Return what a file holds."""
        return json.loads(self.path(language, name).read_text(encoding="utf-8"))

    def write(self, language: str, name: str, holds: object) -> None:
        """Write a file."""
        path = self.path(language, name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(holds, indent=1, ensure_ascii=False), encoding="utf-8")

    def put(self, language: str, key: str, value: object) -> None:
        """Put *value* under a key such as ``ask.why.text``; None takes the key away."""
        name, *way, last = key.split(".")
        holds = self.read(language, name) if self.path(language, name).exists() else {}
        _put(holds, [*way, last], value)
        self.write(language, name, holds)

    def put_both(self, key: str, value: object) -> None:
        """Put *value* under *key* in every language."""
        for language in LANGUAGES:
            self.put(language, key, value)

    def model(self, name: str, changes: Mapping[str, object] | None = None) -> Path:
        """Write a model of the folder itself, a scan with questions, with *changes* by key such as ``nl.title``."""
        holds = deepcopy(MODEL)
        for key, value in (changes or {}).items():
            _put(holds, key.split("."), value)
        self.write("models", name, holds)
        return self.path("models", name)

    def shape(self, name: str, holds: object) -> None:
        """Write a file of the structure, such as the map of the article or the compass."""
        self.write("shape", name, holds)

    def line(self, path: Path, begins: str) -> int:
        """Return the first line of a file that begins with these signs, which may be spaces."""
        lines = path.read_text(encoding="utf-8").splitlines()
        return next(n for n, line in enumerate(lines, 1) if line.startswith(begins) or line.strip().startswith(begins))


def _put(holds: dict[str, Any], way: list[str], value: object) -> None:
    for step in way[:-1]:
        holds = holds.setdefault(step, {})
    if value is None:
        del holds[way[-1]]
    else:
        holds[way[-1]] = value


@pytest.fixture
def tree(tmp_path: Path) -> Tree:
    """Return a content folder without faults."""
    made = Tree(tmp_path / "content")
    # Without models, and so without what names them: tests of models bring their own.
    shutil.copytree(
        FOLDER / "shape",
        made.folder / "shape",
        ignore=shutil.ignore_patterns("models.yaml", "compass.yaml", "team_prompts.yaml"),
    )
    for language in LANGUAGES:
        for name, holds in _words(made.folder).items():
            made.write(language, name, holds)
    return made


def _words(folder: Path) -> dict[str, object]:
    shape = read_cards(folder)
    listed = {key: [leaf.text for leaf in leaves] for key, leaves in shape.lists.items()}
    ids = [card for phase in range(1, 8) for card in listed[f"cards.p{phase}.table"]]
    phases = [f"p{phase}" for phase in range(1, len(PER_PHASE) + 1)]
    return {
        "common": {"echo": "“{{ text }}”", "choices": {ending: ending.title() for ending in ENDINGS}},
        "phases": {
            phase: {"name": "fase", "meaning": "zin", "opening": _each("Zin."), "sign": "teken", "looking": "beeld"}
            for phase in phases
        },
        "questions": {phase: {"why": _each("Waarom?"), "who": _each("Wie?")} for phase in phases},
        "cards": {card: _card(card, shape.texts, listed) for card in (*ids, *listed["cards.extra"])},
        "topics": {
            "mindsets": {f"m{number}": {"label": "naam", "from": "dit", "to": "dat"} for number in range(5)},
            "pairs": {f"h{number}": {"label": "naam", "from": "dit", "to": "dat"} for number in range(8)},
            "factors": {f"f{number}": {"label": "naam", "name": "naam", "ask": "Wat?"} for number in range(7)},
        },
        "wicked": {
            "features": {
                name: {"feature": "kenmerk", "short": "kort", "prompt": "Wat?"}
                for name in (*(f"r{number}" for number in range(1, 11)), *(f"b{number}" for number in range(1, 8)))
            },
            "seats": {"pupil": {"label": "leerling", "ask": "Wat?"}},
        },
        "ask": {
            "why": {
                "text": "Je ging van {{ from_ }} naar {{ to }}. Waarom?",
                "choices": {"no": "Nee", "doubt": "Deels"},
            },
        },
        "commands": {"search": {"name": "zoek", "also": ["vind"], "description": "Zoek terug.", "words": ["zoeken"]}},
    }


def _each(text: str) -> dict[str, str]:
    return dict.fromkeys(WHOSE, text)


def _card(card: str, texts: dict[str, Any], listed: dict[str, list[str]]) -> dict[str, object]:
    words: dict[str, object] = {"term": card, "short": "kort", "meaning": "zin", "why": "reden", "source": "bron"}
    words["step"] = _each("Doe iets.")
    if f"cards.labels.{card}" in texts:
        words |= {"offered_as": "zachter", "only_when": "soms"}
    if kinds := listed.get(f"cards.kinds.{card}"):
        words["kinds"] = {kind: {"short": "kort", "meaning": "zin"} for kind in kinds}
    return words
