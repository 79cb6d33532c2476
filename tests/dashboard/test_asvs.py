"""WEB-1: the list of ASVS 5.0 is whole, and everything it leans on is there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LIST = ROOT / "docs" / "asvs.md"
SECTIONS = """
1.1:2 1.2:9 1.3:11 1.4:3 1.5:2  2.1:3 2.2:3 2.3:4 2.4:1  3.2:2 3.3:4 3.4:6 3.5:5 3.7:2  4.1:3 4.2:1 4.3:2 4.4:4
5.1:1 5.2:3 5.3:2 5.4:3  6.1:3 6.2:12 6.3:4 6.4:4 6.5:5 6.6:3 6.8:4  7.1:3 7.2:4 7.3:2 7.4:5 7.5:2 7.6:2
8.1:2 8.2:3 8.3:1 8.4:1  11.1:2 11.2:3 11.3:3 11.4:4 11.5:1 11.6:1  12.1:3 12.2:2 12.3:4  13.1:1 13.2:5 13.3:2 13.4:5
14.1:2 14.2:4 14.3:3  15.1:3 15.2:3 15.3:7  16.1:1 16.2:5 16.3:4 16.4:3 16.5:3
"""
"""How many items of levels 1 and 2 each section of ASVS 5.0.0 has; they come first, numbered from 1."""

WHOLE_CHAPTERS = {"V9 (7)", "V10 (29)", "V17 (7)"}
STANDS = {"test", "evidence", "operator", "choice", "gap", "n/a"}
ROW = re.compile(r"^\| (V[^|]+) \| ([^|]+) \| ([^|]+) \| ([^|]+) \|$", re.MULTILINE)
SHORTEST_REASON = 6


def expected() -> list[str]:
    sections = [part.split(":") for part in SECTIONS.split()]
    items = [f"V{section}.{number}" for section, count in sections for number in range(1, int(count) + 1)]
    return sorted(items) + sorted(WHOLE_CHAPTERS)


def faults(text: str, tests: set[str], root: Path) -> list[str]:
    """Return what is wrong with the list in *text*: items missing or twice, and what it leans on that is not there."""
    rows = ROW.findall(text)
    items = [item for item, *_ in rows]
    found = [f"{item} is missing" for item in expected() if item not in items]
    found += [f"{item} is too many" for item in items if items.count(item) > 1 or item not in expected()]
    for item, _, stands, where in rows:
        named = re.findall(r"`([^`]+)`", where)
        tested = [name for name in named if name.startswith("test_")]
        files = [name for name in named if "/" in name and not name.startswith("/") and "." in name]
        found += [f"{item} names {name}, which is no test" for name in tested if name not in tests]
        found += [f"{item} names {name}, which is no file" for name in files if not (root / name).exists()]
        if stands not in STANDS:
            found.append(f"{item} stands as {stands}")
        if stands == "test" and not tested:
            found.append(f"{item} names no test")
        if stands == "evidence" and not named:
            found.append(f"{item} names no evidence")
        if len(where) < SHORTEST_REASON:
            found.append(f"{item} gives no reason")
    return found


@pytest.fixture(scope="module")
def tests() -> set[str]:
    return {
        name
        for path in (ROOT / "tests").rglob("test_*.py")
        for name in re.findall(r"def (test_\w+)", path.read_text("utf-8"))
    }


def test_web_1_every_item_of_level_two_has_a_test_evidence_or_a_reason(tests):
    assert len(expected()) - len(WHOLE_CHAPTERS) + 7 + 29 + 7 == 253
    assert faults(LIST.read_text(encoding="utf-8"), tests, ROOT) == []


@pytest.mark.parametrize(
    ("before", "after", "fault"),
    [
        ("| V7.3.1 |", "| V7.9.1 |", "V7.3.1 is missing"),
        ("| V7.3.1 |", "| V7.3.2 |", "V7.3.2 is too many"),
        ("`test_web_5_after_half_an_hour_of_silence_a_session_is_over`", "`test_that_was_renamed`", "is no test"),
        ("`test_web_5_after_half_an_hour_of_silence_a_session_is_over`", "somewhere", "names no test"),
        ("`docs/decisions/0008-encryption.md` |", "`docs/decisions/0008-gone.md` |", "is no file"),
        ("| n/a | Python |", "| fine | Python |", "stands as fine"),
        ("| n/a | no script |", "| n/a | - |", "gives no reason"),
    ],
)
def test_web_1_a_list_that_leans_on_nothing_is_found_out(tests, before, after, fault):
    text = LIST.read_text(encoding="utf-8")
    assert before in text
    assert any(fault in found for found in faults(text.replace(before, after, 1), tests, ROOT))
