"""
Which days are free: weekends, public holidays, and the school holidays of a region.

Public holidays follow from the law and never run out. School holidays are data with an end
(`content/shape/school_year.yaml`); after it only weekends and public holidays are known. What a school takes off by
itself is added by who knows it (`team/school_days.py`).

Public holidays: Algemene termijnenwet (1964), article 3, with Good Friday, which the law puts on a level with them.
King's Day is kept a day earlier when 27 April is a Sunday (proclaimed in 2013).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache

REGIONS = ("north", "middle", "south")
"""The regions over which the Netherlands spreads its school holidays: Noord, Midden, Zuid."""

NOWHERE = "none"
"""What a leader chose, or was told she may choose, instead of a region."""

_DAY = timedelta(days=1)
_SATURDAY, _SUNDAY = 5, 6
_FIXED = {"new_year": (1, 1), "liberation": (5, 5), "christmas_day": (12, 25), "boxing_day": (12, 26)}
# Days after Easter Sunday. Easter and Whit Sunday are free anyway.
_FROM_EASTER = {"good_friday": -2, "easter_monday": 1, "ascension": 39, "whit_monday": 50}


@dataclass(frozen=True, slots=True)
class Holiday:
    """One school holiday in one region, called *name*; the first and the last day are free too."""

    name: str
    begin: date
    end: date

    def has(self, day: date) -> bool:
        """Return whether *day* falls in it."""
        return self.begin <= day <= self.end


@dataclass(frozen=True, slots=True)
class FreeDays:
    """The free days of one region; without *holidays* only weekends and public holidays."""

    holidays: tuple[Holiday, ...] = ()

    def frees(self, day: date) -> bool:
        """Return whether *day* is free."""
        return is_weekend(day) or is_public(day) or any(holiday.has(day) for holiday in self.holidays)

    def opens(self, day: date) -> date:
        """Return *day*, or the first day after it that is not free."""
        while self.frees(day):
            day += _DAY
        return day


@dataclass(frozen=True, slots=True)
class SchoolYear:
    """
    The school holidays that are known, per region. *asked* are weeks that schools often take off and for which no official
    date was found: they free nobody, and a school can be asked about them.
    """

    regions: Mapping[str, FreeDays] = field(default_factory=dict)
    asked: tuple[Holiday, ...] = ()

    def of(self, region: str) -> FreeDays:
        """Return the free days of *region*; of one that is not known, weekends and public holidays."""
        return self.regions.get(region, FreeDays())

    def is_holiday(self, day: date) -> bool:
        """Return whether *day* falls in a school holiday of any region."""
        return any(holiday.has(day) for free in self.regions.values() for holiday in free.holidays)

    @property
    def until(self) -> date | None:
        """The day after which the holidays of some region are no longer known; None when none are known of one."""
        ends = [max((holiday.end for holiday in self.of(region).holidays), default=None) for region in REGIONS]
        known = [end for end in ends if end]
        return min(known) if len(known) == len(REGIONS) else None


def is_weekend(day: date) -> bool:
    """Return whether *day* is a Saturday or a Sunday."""
    return day.weekday() >= _SATURDAY


def is_public(day: date) -> bool:
    """Return whether *day* is a public holiday in the Netherlands."""
    return bool(public_name(day))


def public_name(day: date) -> str:
    """Return which public holiday *day* is (``new_year``, ``good_friday``, …), or "" when it is none."""
    return _public(day.year).get(day, "")


@cache
def _public(year: int) -> Mapping[date, str]:
    sunday = easter(year)
    kings = date(year, 4, 27)
    return {
        # Liberation Day before Ascension Day, which once in a while is the same Thursday and then gives its name.
        **{date(year, month, day): name for name, (month, day) in _FIXED.items()},
        **{sunday + days * _DAY: name for name, days in _FROM_EASTER.items()},
        kings - _DAY if kings.weekday() == _SUNDAY else kings: "kings_day",
    }


def easter(year: int) -> date:
    """Return Easter Sunday of *year*, by the Gregorian rule (J. Meeus, *Astronomical Algorithms*, 1991, chapter 8)."""
    golden = year % 19
    century, rest = divmod(year, 100)
    leap, leap_rest = divmod(century, 4)
    moon = (19 * golden + century - leap - (century - (century + 8) // 25 + 1) // 3 + 15) % 30
    weekday = (32 + 2 * leap_rest + 2 * (rest // 4) - moon - rest % 4) % 7
    late = (golden + 11 * moon + 22 * weekday) // 451
    months, day = divmod(moon + weekday - 7 * late + 21, 31)  # counted from the first of March
    return date(year, 3 + months, day + 1)
