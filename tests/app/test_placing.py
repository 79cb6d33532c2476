"""Every model of the article has its place, in both languages, with exactly the elements that the map says it has."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from app import placing
from content.catalogue import FOLDER, Catalogue, load
from content.checks import check
from content.model_files import read_map
from content.yaml_files import LANGUAGES
from dialogues.errors import WordsMissing

MODELS, ELEMENTS, PARTS = 147, 1035, 58
PRIORITIES = {"A": 51, "B": 58, "C": 38}
MODEL = "senge-disciplines"


def lacking(folder: Path) -> list[str]:
    """Return the models that have no place or a count that is off, and what the program says when it does not start."""
    try:
        catalogue = load(folder)
    except WordsMissing as refusal:
        return [str(refusal)]
    return [f"{one.row.code} {one.id}" for one in placing.places(catalogue) if not one.placed]


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """Return a copy of the real content, in which a test may break one thing."""
    return Path(shutil.copytree(FOLDER, tmp_path / "content", ignore=shutil.ignore_patterns("*.py", "__pycache__")))


def test_all_models_of_the_article_are_placed_with_exact_counts(catalogue: Catalogue) -> None:
    every = placing.places(catalogue)
    assert [one.id for one in every if not one.placed] == []
    assert len(every) == MODELS
    assert (sum(one.elements for one in every), sum(one.parts for one in every)) == (ELEMENTS, PARTS)
    assert [one.row.code for one in every] == [f"m{number}" for number in range(1, MODELS + 1)]


def test_every_priority_has_the_number_of_models_of_the_map() -> None:
    rows = read_map(FOLDER).values()
    assert {prio: sum(row.prio == prio for row in rows) for prio in PRIORITIES} == PRIORITIES


def test_the_counts_hold_in_each_language_by_itself(catalogue: Catalogue) -> None:
    for language in LANGUAGES:
        book = catalogue.books[language]
        for id_, row in read_map(FOLDER).items():
            key = f"models.{id_}.elements"
            found = book.under(key)
            parts = sum(len(book.under(f"{key}.{element}.parts")) for element in found)
            assert (len(found), parts) == (row.count, row.parts), f"{id_} ({language})"


def test_the_content_of_the_models_has_no_faults() -> None:
    assert [str(fault) for fault in check(FOLDER) if fault.file.startswith("content/models/")] == []


def test_the_table_says_how_many_are_placed(catalogue: Catalogue) -> None:
    page = placing.page(catalogue)
    assert f"\n{MODELS} of {MODELS} models have a place, in nl and en; " in page
    assert sum(line.startswith("| m") for line in page.splitlines()) == MODELS


# -- known to be bad ---------------------------------------------------------------------------------------------


def _without_an_element(folder: Path) -> None:
    path = folder / "models" / f"{MODEL}.yaml"
    kept, leaves_out = [], False
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("    ") and line[4] != " ":
            leaves_out = line.strip() == "shared_vision:"
        elif not line.startswith("     "):
            leaves_out = False
        if not leaves_out:
            kept.append(line)
    path.write_text("\n".join(kept), encoding="utf-8")


def _without_a_file(folder: Path) -> None:
    (folder / "models" / f"{MODEL}.yaml").unlink()


def _without_a_title(folder: Path) -> None:
    path = folder / "models" / f"{MODEL}.yaml"
    text = path.read_text(encoding="utf-8")
    before, _, after = text.partition("\nen:\n")
    lines = [line for line in after.splitlines() if not line.startswith("  title:")]
    path.write_text(f"{before}\nen:\n" + "\n".join(lines), encoding="utf-8")


def _with_a_higher_count(folder: Path) -> None:
    path = folder / "shape" / "models.yaml"
    text = path.read_text(encoding="utf-8")
    line = next(line for line in text.splitlines() if line.startswith(f"{MODEL}:"))
    path.write_text(text.replace(line, line.replace("count: 5", "count: 6")), encoding="utf-8")


@pytest.mark.parametrize(
    "harm",
    [_without_an_element, _without_a_file, _without_a_title, _with_a_higher_count],
    ids=lambda one: one.__name__[1:],
)
def test_known_bad_content_with_one_thing_taken_away_is_found(copied: Path, harm: Callable[[Path], None]) -> None:
    assert lacking(copied) == []
    before = {path: path.read_bytes() for path in copied.rglob("*.yaml")}
    harm(copied)
    assert {path: path.read_bytes() for path in copied.rglob("*.yaml")} != before
    assert any(MODEL in one for one in lacking(copied))
