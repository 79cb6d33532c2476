"""
Checks the school holidays: every date has a source, every region has its holidays, and the tables do not run out unseen.

The Dutch government lets every holiday begin on a Saturday and end on a Sunday, so a date that was mistyped shows. Whether
the dates are those of the source, no program can tell; that is for people.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import combinations

from content.school_year import ASKED, EVERYWHERE, SOURCE, TABLE, Row, rows, school_year
from content.yaml_files import STRUCTURE, Book, Fault
from dialogues.free_days import REGIONS, SchoolYear

HOLIDAYS = ("autumn", "christmas", "spring", "may", "summer")
"""The five that every region has in every school year (OCW)."""

ADVICE = "may_advice"
"""A second week that schools may add to the May holiday; it begins or ends in the weekend of that holiday."""

AHEAD = timedelta(days=90)
"""How long before the last known day somebody has to add a school year."""

REMEDY = "Add the next school year, with its source"

_YEAR = re.compile(r"(\d{4})-(\d{4})")
_SATURDAY, _SUNDAY = 5, 6


def check_school_year(shape: Book, folder: str, today: date | None = None) -> Iterator[Fault]:
    """
    Yield what is wrong with the school holidays in *shape*; *folder* is how the content folder is called in a fault.

    Args:
        today: with a day, the holidays must be known for at least ninety days after it.
    """
    for year in shape.under(TABLE):
        yield from _table(shape, year)
    for row in rows(shape):
        yield from _row(row)
    yield from _overlaps(list(rows(shape)))
    if today and (what := running_out(school_year(shape), today)):
        line = max((row.leaf.line for row in rows(shape)), default=1)
        yield Fault(f"{folder}/{STRUCTURE}/{TABLE}.yaml", line, TABLE, what, REMEDY)


def running_out(known: SchoolYear, today: date) -> str:
    """Return what the operator has to know when the holidays *known* end soon after *today*, or have ended; else ""."""
    until = known.until
    if until and until >= today + AHEAD:
        return ""
    return f"knows school holidays until {until} only" if until else "knows no school holidays of some region"


def _table(shape: Book, year: str) -> Iterator[Fault]:
    """Yield what a table lacks, and what stands in it that nobody knows."""
    key = f"{TABLE}.{year}"
    file, line = shape.lines[key]
    years = _YEAR.fullmatch(year)
    if not years or int(years[2]) != int(years[1]) + 1:
        yield Fault(file, line, key, "is no school year", "Write it as 2026-2027, between quotes")
    source = shape.texts.get(f"{key}.{SOURCE}")
    if not source or not re.search(r"\b\d{4}\b", source.text):
        yield Fault(file, line, key, "has no source", "Name the official publication, with its title and year")
    for holiday in shape.under(key):
        if holiday not in (*HOLIDAYS, ADVICE, SOURCE):
            place, known = shape.lines[f"{key}.{holiday}"], ", ".join((*HOLIDAYS, ADVICE))
            yield Fault(*place, f"{key}.{holiday}", "is an unknown holiday", f"Use one of {known}")
    covered = {
        (row.holiday, region) for row in rows(shape) if row.year == year for region in REGIONS if row.covers(region)
    }
    for holiday in HOLIDAYS:
        absent = [region for region in REGIONS if (holiday, region) not in covered]
        if absent:
            what = f"has no {holiday} for {', '.join(absent)}"
            yield Fault(file, line, key, what, "Add it from the source")
    for row in rows(shape):
        if row.year == year and row.region == ASKED and any(name == row.holiday for name, _ in covered):
            what, remedy = "is asked about, and known from the source", "Take it away here"
            yield Fault(row.leaf.file, row.leaf.line, row.key, what, remedy)


def _row(row: Row) -> Iterator[Fault]:
    """Yield what is wrong with one line of a table."""
    what = remedy = ""
    if row.region not in (*REGIONS, EVERYWHERE, ASKED):
        what, remedy = "is an unknown region", f"Use one of {', '.join((*REGIONS, EVERYWHERE, ASKED))}"
    elif row.period is None:
        what, remedy = f"is no period ({row.leaf.text})", "Write it as 2026-10-10 t/m 2026-10-18"
    else:
        begin, end = row.period
        if end < begin:
            what, remedy = "ends before it begins", "Look at the source again"
        elif (begin.weekday(), end.weekday()) != (_SATURDAY, _SUNDAY):
            what, remedy = "does not run from a Saturday to a Sunday", "Look at the source again"
        elif not _within(row.year, begin, end):
            what, remedy = f"falls outside school year {row.year}", "Look at the source again"
    if what:
        yield Fault(row.leaf.file, row.leaf.line, row.key, what, remedy)


def _within(year: str, begin: date, end: date) -> bool:
    """Return whether a period lies between August and the September after it; a year nobody can read has no limits."""
    years = _YEAR.fullmatch(year)
    return not years or (date(int(years[1]), 8, 1) <= begin and end <= date(int(years[2]), 9, 30))


def _overlaps(every: list[Row]) -> Iterator[Fault]:
    """Yield each line that shares a day with an earlier one of the same region."""
    for one, other in combinations(every, 2):
        both = one.period, other.period
        met = any(one.covers(region) and other.covers(region) for region in REGIONS)
        if not met or both[0] is None or both[1] is None or {one.holiday, other.holiday} == {"may", ADVICE}:
            continue
        if both[0][0] <= both[1][1] and both[1][0] <= both[0][1]:
            where = f"{one.holiday} of {one.year} (line {one.leaf.line})"
            yield Fault(other.leaf.file, other.leaf.line, other.key, f"overlaps {where}", "Look at the source again")
