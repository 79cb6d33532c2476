"""ASVS V15.1.1 and V15.2.1: terms are written down, and no weakness in the record stays longer than its term."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from tests.app.test_supply import normal, pins

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "libraries.md").read_text(encoding="utf-8")
TODAY = datetime.now(UTC).date()
FIRST = ("uvicorn", "httptools", "starlette", "python-multipart", "aiohttp", "cryptography", "pyotp")
GRAVE = ("critical", "high", "medium", "low")
SHORTEST_REASON = 20


def table(page: str, heading: str) -> list[list[str]]:
    """Return the cells of the rows of the table under *heading*."""
    part = page.partition(f"## {heading}\n")[2].partition("\n## ")[0]
    rows = [line.strip("|").split("|") for line in part.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in row] for row in rows[2:]]


def terms(page: str) -> dict[str, timedelta]:
    """Return the term of each thing."""
    return {what: timedelta(days=int(days)) for what, days in table(page, "Terms")}


def faults(page: str, today: date) -> list[str]:
    """Return what is wrong with the record in *page*: what stays too long, and rows that say nothing."""
    known, found = set(pins((ROOT / "requirements.txt").read_text())), []
    for since, library, name, grave, gone in table(page, "Weaknesses"):
        if normal(library) not in known or grave not in GRAVE:
            found.append(f"{name}: no such library or gravity")
            continue
        counts = "high" if grave == "medium" and library in FIRST else grave
        until = date.fromisoformat(since) + terms(page)[counts]
        day = re.match(r"\d{4}-\d\d-\d\d", gone)
        mended = date.fromisoformat(day[0]) if day else None
        explained = not day and len(gone) >= SHORTEST_REASON
        if not explained and (mended or today) > until:
            found.append(f"{name}: later than {until}")
    return found


def test_there_is_a_term_for_every_gravity_and_the_graver_the_shorter():
    known = terms(PAGE)
    assert [known[grave] for grave in GRAVE] == sorted(known[grave] for grave in GRAVE)
    assert known["critical"] <= timedelta(days=2)
    assert known["a newer version, without a weakness"] >= known["low"]
    assert all(library in PAGE for library in FIRST)
    assert set(FIRST) <= set(pins((ROOT / "requirements.txt").read_text()))


def test_no_weakness_in_the_record_stays_longer_than_its_term():
    assert faults(PAGE, TODAY) == []


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        ("| 2026-11-01 | jinja2 | CVE-1 | high | |", ["CVE-1: later than 2026-11-08"]),
        ("| 2026-11-01 | jinja2 | CVE-1 | high | 2026-11-20, in 3.2 |", ["CVE-1: later than 2026-11-08"]),
        ("| 2026-11-01 | aiohttp | CVE-2 | medium | |", ["CVE-2: later than 2026-11-08"]),
        ("| 2026-11-01 | leftpad | CVE-3 | high | 2026-11-02 |", ["CVE-3: no such library or gravity"]),
        ("| 2026-11-01 | jinja2 | CVE-4 | bad | 2026-11-02 |", ["CVE-4: no such library or gravity"]),
        ("| 2026-11-01 | jinja2 | CVE-5 | high | no |", ["CVE-5: later than 2026-11-08"]),
        ("| 2026-11-01 | jinja2 | CVE-6 | high | 2026-11-08, in 3.2 |", []),
        ("| 2026-11-01 | jinja2 | CVE-7 | medium | |", []),
        ("| 2026-11-01 | jinja2 | CVE-8 | high | only templates of others reach it, and we have none |", []),
    ],
)
def test_a_weakness_that_stayed_too_long_would_be_noticed(row, fault):
    assert faults(f"{PAGE.rstrip()}\n{row}\n", date(2026, 11, 30)) == fault
