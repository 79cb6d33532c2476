"""
Reads the school holidays from `shape/school_year.yaml`: a table per school year, as its source gives it.

A table holds a source and, per holiday, a period per region or one for everywhere. A period that the source does not name
stands under ``asked``: it frees nobody, and a school is asked about it. What is wrong with a table is listed by
`checking_school_year.py`; here a period that cannot be read is passed over. Public holidays stand in no file
(`dialogues/free_days.py`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from content.yaml_files import Book, Leaf
from dialogues.free_days import REGIONS, FreeDays, Holiday, SchoolYear

TABLE = "school_year"
SOURCE, EVERYWHERE, ASKED = "source", "everywhere", "asked"
_PERIOD = re.compile(r"(\d{4}-\d{2}-\d{2}) t/m (\d{4}-\d{2}-\d{2})")


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table: school *year*, *holiday*, *region* (or everywhere, or asked), and the period as written."""

    year: str
    holiday: str
    region: str
    leaf: Leaf

    @property
    def key(self) -> str:
        """Where it stands, as a key of the content."""
        return f"{TABLE}.{self.year}.{self.holiday}.{self.region}"

    @property
    def period(self) -> tuple[date, date] | None:
        """The first and the last day, or None when they cannot be read."""
        found = _PERIOD.fullmatch(self.leaf.text)
        try:
            return (date.fromisoformat(found[1]), date.fromisoformat(found[2])) if found else None
        except ValueError:
            return None

    def covers(self, region: str) -> bool:
        """Return whether this line holds for *region*."""
        return self.region in (region, EVERYWHERE)


def rows(shape: Book) -> Iterator[Row]:
    """Yield the lines of every table, in the order of the file."""
    for year in shape.under(TABLE):
        for holiday in shape.under(f"{TABLE}.{year}"):
            for region in shape.under(f"{TABLE}.{year}.{holiday}"):
                leaf = shape.texts.get(f"{TABLE}.{year}.{holiday}.{region}")
                if leaf:
                    yield Row(year, holiday, region, leaf)


def school_year(shape: Book) -> SchoolYear:
    """Return the school holidays per region; without a file, none."""
    return SchoolYear(
        {region: FreeDays(_holidays(row for row in rows(shape) if row.covers(region))) for region in REGIONS},
        _holidays(row for row in rows(shape) if row.region == ASKED),
    )


def _holidays(lines: Iterable[Row]) -> tuple[Holiday, ...]:
    found = (Holiday(row.holiday, *period) for row in lines if (period := row.period) is not None)
    return tuple(sorted(found, key=lambda holiday: holiday.begin))
