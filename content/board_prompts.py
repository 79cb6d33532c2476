"""Gathers the questions for the board from the models as `shape/team_prompts.yaml` divides them, and checks that."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path

from ruamel.yaml.error import YAMLError

from content.catalogue import FOLDER
from content.yaml_files import STRUCTURE, Book, Fault, read_structure
from dialogues.models import Model
from dialogues.team.prompts import LEARNED, Supply

TABLE = "team_prompts.yaml"
_OWN = (LEARNED,)


def supply(models: Mapping[str, Model], folder: Path = FOLDER) -> Supply:
    """
    Return the questions for the board. A model that is not there is passed over; `check_prompts` names it.

    Raises:
        YAMLError: the table cannot be read.
    """
    table = read_structure(folder / STRUCTURE / TABLE)

    def ids(names: object) -> tuple[str, ...]:
        found = [models[name] for name in _names(names) if name in models]
        return tuple(f"{model.id}.{element}" for model in found for element in model.elements)

    themes = table.get("themes")
    return Supply(
        monthly=(*_OWN, *ids(table.get("monthly"))),
        quarterly=ids(table.get("quarterly")),
        series={name: ids([name]) for name in _names(table.get("series")) if name in models},
        themes={str(name): ids(inside) for name, inside in themes.items()} if isinstance(themes, dict) else {},
        chosen=frozenset(_names(table.get("chosen"))),
    )


def check_prompts(folder: Path, boards: Collection[str], words: Book) -> Iterator[Fault]:
    """
    Yield what is wrong with the division; *boards* are the models that have questions for the board.

    Every one of them stands in one place, every theme has a name in *words*, and what is set apart is a theme.
    """
    path = folder / STRUCTURE / TABLE
    if not path.exists():
        return
    file, key = f"{folder.name}/{STRUCTURE}/{TABLE}", "team_prompts"
    try:
        table = read_structure(path)
    except YAMLError as error:
        yield Fault(file, 1, key, f"cannot be read ({type(error).__name__})", "Look at its lines")
        return
    lines = path.read_text(encoding="utf-8").splitlines()
    for name, what, remedy in _wrong(table, boards, words):
        line = next((number for number, text in enumerate(lines, 1) if name in text and not text.startswith("#")), 1)
        yield Fault(file, line, key, what, remedy)


def _wrong(table: Mapping[str, object], boards: Collection[str], words: Book) -> Iterator[tuple[str, str, str]]:
    """Yield the name that is wrong, what is wrong with it, and what can be done."""
    found = table.get("themes")
    themes = found if isinstance(found, dict) else {}
    parts = (*(table.get(part) for part in ("monthly", "quarterly", "series")), *themes.values())
    named = Counter(name for part in parts for name in _names(part))
    for name, count in named.items():
        if name not in boards:
            yield name, f"names {name}, which has no questions for the board", "Correct the name, or take it away"
        if count > 1:
            yield name, f"names {name} {count} times", "Keep one"
    for name in sorted(set(boards) - named.keys()):
        yield name, f"does not name {name}, which has questions for the board", "Give it a theme"
    for theme in themes:
        if f"team_prompts.themes.{theme}" not in words.texts:
            yield theme, f"has theme {theme}, which has no words", "Write them in team_prompts.yaml"
    for theme in _names(table.get("chosen")):
        if theme not in themes:
            yield theme, f"sets {theme} apart, which is no theme", "Correct the name"


def _names(listed: object) -> list[str]:
    return [str(name) for name in listed] if isinstance(listed, list) else []
