"""
Reads days as people type them, in any language of the content: "18 december", "Dec 18", "18-12-2026", "2026-12-18".

A day without a year is the next one with that date. Names of months come from Babel; the words between two days, and
before the last day of something, stand in `team_typed.yaml`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, timedelta

from babel import Locale

from content.folding import fold

LONGEST = timedelta(days=70)
"""The longest period that is taken for one; a summer holiday lasts six weeks."""

_ISO = r"(?P<iso>\d{4}-\d{1,2}-\d{1,2})"
_FIGURES = r"(?P<d1>\d{1,2})[-/.](?P<m1>\d{1,2})(?:[-/.](?P<y1>\d{4}))?"


class Days:
    """
    A reader of days.

    Args:
        languages: whose names of months are known.
        through: words between the first and the last day of a period, such as "t/m".
        until: words before a last day, such as "tot".
    """

    def __init__(self, languages: Iterable[str], through: Iterable[str], until: Iterable[str]) -> None:
        self._months: dict[str, int] = {}
        for language in languages:
            for width in ("wide", "abbreviated"):
                for number, name in Locale.parse(language).months["format"][width].items():
                    self._months.setdefault(fold(name.rstrip(".")), number)
        months = "|".join(sorted(map(re.escape, self._months), key=len, reverse=True))
        named = rf"(?P<d2>\d{{1,2}})\s+(?P<m2>{months})\.?(?:\s+(?P<y2>\d{{4}}))?"
        turned = rf"(?P<m3>{months})\.?\s+(?P<d3>\d{{1,2}})(?:,?\s+(?P<y3>\d{{4}}))?"
        day = rf"(?<!\w)(?:{_ISO}|{_FIGURES}|{named}|{turned})(?!\w)"
        self._day = re.compile(day, re.IGNORECASE)
        joined = _any_of(through)
        self._short = re.compile(rf"(?<!\w)(\d{{1,2}})\s*(?:{joined}|[-–])\s*(?={day})", re.IGNORECASE)
        self._end = re.compile(rf"[\s,;:–-]*(?:\b(?:{_any_of(until)})\s+)?({day})\s*\.?$", re.IGNORECASE)

    def last(self, text: str, today: date) -> tuple[date | None, str]:
        """Return the day that *text* ends on, and the text before it; None and the whole text when it ends otherwise."""
        found = self._end.search(text.strip())
        day = self._read(found, today) if found else None
        return (day, text.strip()[: found.start()].strip()) if found and day else (None, text.strip())

    def periods(self, text: str, today: date) -> tuple[tuple[date, date], ...]:
        """Return the days and periods in *text*, first and last day of each; none when a part cannot be read."""
        parts = [part for part in re.split(r"[\n;]|,(?!\s*\d{4})", text) if part.strip()]
        found = [self._period(part, today) for part in parts]
        return tuple(one for one in found if one) if all(found) else ()

    def _period(self, text: str, today: date) -> tuple[date, date] | None:
        days = [day for match in self._day.finditer(text) if (day := self._read(match, today))]
        if len(days) == 1 and (short := self._short.search(text)):
            first = _date(days[0].year, days[0].month, int(short[1]))
            days = [first, days[0]] if first else []
        if not 1 <= len(days) <= 2:  # noqa: PLR2004 - a first and a last day
            return None
        begin, end = days[0], days[-1]
        if end < begin and begin.year > end.year:
            begin = _date(end.year, begin.month, begin.day) or begin
        if end < begin:
            end = _date(begin.year + 1, end.month, end.day) or end
        return (begin, end) if begin <= end <= begin + LONGEST else None

    def _read(self, found: re.Match[str], today: date) -> date | None:
        if found["iso"]:
            return _date(*map(int, found["iso"].split("-")))
        for place in "123":
            if found[f"d{place}"]:
                month = found[f"m{place}"]
                number = int(month) if month.isdecimal() else self._months[fold(month)]
                year = found[f"y{place}"]
                if year:
                    return _date(int(year), number, int(found[f"d{place}"]))
                return _next(number, int(found[f"d{place}"]), today)
        return None


def _next(month: int, day: int, today: date) -> date | None:
    """Return the first day with this date from *today* on; one that was in the last week is taken as that."""
    for year in (today.year, today.year + 1):
        found = _date(year, month, day)
        if found and found >= today - timedelta(days=7):
            return found
    return None


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _any_of(words: Iterable[str]) -> str:
    return "|".join(sorted(map(re.escape, words), key=len, reverse=True))
