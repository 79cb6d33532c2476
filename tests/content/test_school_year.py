"""The school holidays of the product, the checks that keep them whole, and what is said when they run out."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from shutil import copytree

import pytest

from app.compose import compose
from app.settings import Settings
from app.words import faults
from content.catalogue import FOLDER, load
from content.checking_school_year import AHEAD, check_school_year, running_out
from content.checks import check
from content.yaml_files import Fault, read_cards
from dialogues.errors import WordsMissing
from dialogues.free_days import REGIONS, FreeDays, Holiday, SchoolYear

FILE = "shape/school_year.yaml"
KNOWN = load().repertoire.school_year
LAST = date(2029, 8, 19)
TODAY = datetime.now(UTC).date()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with the school holidays, to be broken."""
    return Path(copytree(FOLDER / "shape", tmp_path / "content" / "shape")).parent


def broken(folder: Path, old: str, new: str) -> list[Fault]:
    """Return the faults of the school holidays after *old* became *new* in their file."""
    path = folder / FILE
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return sorted(check_school_year(read_cards(folder), folder.name))


def test_every_region_has_its_holidays_in_three_school_years() -> None:
    for region in REGIONS:
        names = [holiday.name for holiday in KNOWN.of(region).holidays]
        assert names == [
            *("autumn", "christmas", "spring", "may", "summer"),
            *("autumn", "christmas", "spring", "may_advice", "may", "summer") * 2,
        ]


@pytest.mark.parametrize(
    ("region", "first", "last"),
    [
        ("north", date(2026, 10, 10), date(2026, 10, 18)),
        ("south", date(2027, 2, 13), date(2027, 2, 21)),
        ("middle", date(2027, 7, 17), date(2027, 8, 29)),
        ("south", date(2027, 10, 23), date(2027, 10, 31)),
        ("north", date(2028, 2, 19), date(2028, 2, 27)),
        ("south", date(2028, 7, 22), date(2028, 9, 3)),
        ("north", date(2029, 7, 21), date(2029, 9, 2)),
    ],
    ids=str,
)
def test_a_holiday_frees_the_days_its_source_gives(region: str, first: date, last: date) -> None:
    free, around = KNOWN.of(region), timedelta(days=1)
    assert all(free.frees(first + timedelta(days=passed)) for passed in range((last - first).days + 1))
    assert not free.frees(first - around)
    assert not free.frees(last + around)


def test_every_table_names_an_official_publication_with_its_title_and_year() -> None:
    text = (FOLDER / FILE).read_text(encoding="utf-8")
    years = re.findall(r'^"(\d{4}-\d{4})":\n  source: (.+)$', text, re.MULTILINE)
    assert [year for year, _ in years] == ["2026-2027", "2027-2028", "2028-2029"]
    for year, source in years:
        assert f"{year}, " in source
        assert "Ministerie van Onderwijs" in source


def test_a_week_without_an_official_date_is_asked_about_and_frees_nobody() -> None:
    (week,) = KNOWN.asked
    assert (week.name, week.begin, week.end) == ("may_advice", date(2027, 5, 1), date(2027, 5, 9))
    assert not any(KNOWN.of(region).frees(date(2027, 5, 4)) for region in REGIONS)


BROKEN = {
    "region": ("north: 2026-10-10", "east: 2026-10-10", "is an unknown region"),
    "backwards": ("2026-10-10 t/m 2026-10-18", "2026-10-18 t/m 2026-10-10", "ends before it begins"),
    "overlap": ("everywhere: 2026-12-19", "everywhere: 2026-10-24", "overlaps autumn of 2026-2027 (line 12)"),
    "source": ("  source: Ministerie van Onderwijs, Cultuur en Wetenschap, Over", "  bron: Mini", "has no source"),
    "unsaid": (
        "Overview of school holiday dates 2026-2027, government.nl, geraadpleegd in 2026",
        "de site",
        "no source",
    ),
    "no date": ("2026-10-10 t/m 2026-10-18", "2026-10-10 t/m 2026-02-30", "is no period"),
    "no words": ("2026-10-10 t/m 2026-10-18", "de tweede week van oktober", "is no period"),
    "weekday": ("2026-10-10 t/m", "2026-10-11 t/m", "does not run from a Saturday to a Sunday"),
    "other year": ("2027-02-13 t/m 2027-02-21", "2026-02-14 t/m 2026-02-22", "falls outside school year 2026-2027"),
    "gone": ("    north: 2027-02-20 t/m 2027-02-28\n", "", "has no spring for north"),
    "name": ("  summer:\n", "  zomer:\n", "is an unknown holiday"),
    "asked and known": (
        "    asked: 2027-05-01 t/m 2027-05-09",
        "    asked: 2027-05-01 t/m 2027-05-09\n    north: 2027-05-01 t/m 2027-05-09",
        "is asked about, and known from the source",
    ),
    "asked wrongly": ("asked: 2027-05-01", "asked: 2027-05-02", "does not run from a Saturday to a Sunday"),
    "table": ('"2027-2028":', '"2027":', "is no school year"),
}


@pytest.mark.parametrize("case", BROKEN)
def test_a_fault_is_named_with_its_file_and_line_and_a_remedy(folder: Path, case: str) -> None:
    old, new, what = BROKEN[case]
    found = broken(folder, old, new)
    assert any(what in fault.what for fault in found), found
    assert all(fault.file == "content/shape/school_year.yaml" and fault.line > 1 and fault.remedy for fault in found)


def test_a_fault_stands_among_those_of_the_content_and_stops_the_start(tmp_path: Path) -> None:
    folder = Path(copytree(FOLDER, tmp_path / "content"))
    found = broken(folder, "north: 2026-10-10", "east: 2026-10-10")
    assert found == [fault for fault in check(folder) if fault.file.endswith(FILE)]
    with pytest.raises(WordsMissing, match=r"school_year.yaml:\d+ .* is an unknown region"):
        load(folder)


def test_the_line_of_a_fault_is_where_it_stands(folder: Path) -> None:
    (fault,) = broken(folder, "2028-02-19 t/m 2028-02-27", "2028-02-19 t/m 2028-02-24")
    lines = (folder / FILE).read_text(encoding="utf-8").splitlines()
    assert lines[fault.line - 1].strip() == "north: 2028-02-19 t/m 2028-02-24"


def test_the_second_week_in_may_may_share_its_weekend_with_the_first(folder: Path) -> None:
    assert list(check_school_year(read_cards(folder), folder.name)) == []


# -- running out -----------------------------------------------------------------------------------------------------


def test_the_check_names_holidays_that_run_out_within_ninety_days() -> None:
    def named(today: date) -> list[str]:
        return [str(fault) for fault in check_school_year(read_cards(FOLDER), FOLDER.name, today)]

    assert KNOWN.until == LAST
    assert named(LAST - AHEAD) == []
    (line,) = named(LAST - AHEAD + timedelta(days=1))
    assert re.fullmatch(
        r"content/shape/school_year.yaml:\d+  school_year  knows school holidays until 2029-08-19 only\. "
        r"Add the next school year, with its source\.",
        line,
    )


def test_the_check_of_the_command_looks_at_today() -> None:
    assert [line for line in faults(date(2029, 8, 1)) if "knows school holidays until 2029-08-19 only" in line]


def test_no_school_holidays_at_all_are_named_too(folder: Path) -> None:
    (folder / FILE).unlink()
    shape = read_cards(folder)
    assert not list(check_school_year(shape, "content"))
    (fault,) = check_school_year(shape, "content", date(2026, 12, 1))
    assert (fault.file, fault.line, fault.what) == (
        "content/shape/school_year.yaml",
        1,
        "knows no school holidays of some region",
    )


@pytest.mark.parametrize("days", [0, 89, -400])
def test_the_operator_is_told_at_the_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, days: int) -> None:
    told = started(tmp_path, monkeypatch, TODAY + timedelta(days=days))
    assert [line for line in told if "school holidays until" in line and "Add the next school year" in line]


def test_nothing_is_told_while_the_holidays_are_known_for_long(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert not [line for line in started(tmp_path, monkeypatch, TODAY + timedelta(days=92)) if "holidays" in line]


def started(place: Path, monkeypatch: pytest.MonkeyPatch, last: date) -> list[str]:
    """Put the parts together with holidays until *last*, and return what the operator is told."""
    catalogue = load()
    free = FreeDays((Holiday("summer", last - timedelta(days=40), last),))
    known = SchoolYear(dict.fromkeys(REGIONS, free))
    object.__setattr__(catalogue.repertoire, "school_year", known)
    monkeypatch.setattr("app.compose.load", lambda **_: catalogue)
    told: list[str] = []
    compose(Settings(data=place / "store"), tell=told.append)
    return told


def test_what_the_operator_reads_names_the_day() -> None:
    assert running_out(KNOWN, LAST) == "knows school holidays until 2029-08-19 only"
    assert running_out(KNOWN, date(2026, 12, 1)) == ""
