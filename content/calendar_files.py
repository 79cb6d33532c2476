"""
Reads the calendar file (.ics, RFC 5545) of a school, and finds in it what looks like free days.

A file comes from anywhere, so little of it is believed. It is cut into entries first, and only an entry that holds a word
for a free day is given to the parser, by itself: one that is broken spoils no other. What repeats is not worked out, and
time zones that a file brings along are not used. Words stand in `shape/free_words.yaml`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from pathlib import Path
from zoneinfo import ZoneInfo

from content.catalogue import FOLDER
from content.filters import short
from content.yaml_files import STRUCTURE, read_structure
from dialogues.phrases import Index, index, patterns_of
from dialogues.replies import clean
from dialogues.spotting import Spotter
from dialogues.team.own_calendar import MOST_BYTES, Found, OwnCalendar, Unread
from dialogues.team.school_days import FREE_DAY, OWN_HOLIDAY, STUDY_DAY

FREE_WORDS = "free_words.yaml"
LONGEST = timedelta(days=70)
"""What lasts longer is no holiday: in the Netherlands none is longer than seven weeks."""

AHEAD = timedelta(days=2 * 366)
MOST_FOUND = 60
_MOST_TRIED = 2000
_HEAD = 400
_TITLE, _LONGEST_TITLE, _LONGEST_LINE = 60, 300, 1000
_SORTS = (OWN_HOLIDAY, STUDY_DAY, FREE_DAY)
_NOT = "not"
_READ = ("SUMMARY", "DTSTART", "DTEND", "DURATION", "STATUS", "RRULE", "RDATE")
_REPEATS = ("RRULE", "RDATE")
_DAY = timedelta(days=1)
_NOON = time(12)


@dataclass(frozen=True, slots=True)
class FreeWords:
    """The words by which a free day is known, ready to be looked up."""

    spotter: Spotter
    sorts: Mapping[str, Index]

    def sort(self, title: str) -> str:
        """Return the sort of free day that *title* speaks of, or ""."""
        read = self.spotter.read(title)
        if read.holds(self.sorts[_NOT]):
            return ""
        return next((sort for sort in _SORTS if read.holds(self.sorts[sort])), "")


def free_words(folder: Path = FOLDER) -> FreeWords:
    """Return the words in the content *folder*. Raises YAMLError or ValueError when they cannot be read."""
    listed = read_structure(folder / STRUCTURE / FREE_WORDS)
    patterns = {
        sort: [pattern for line in _lines(listed.get(sort)) for pattern in patterns_of(line, {})]
        for sort in (*_SORTS, _NOT)
    }
    spotter = Spotter.of([pattern for found in patterns.values() for pattern in found], (), ())
    return FreeWords(spotter, {sort: index(found) for sort, found in patterns.items()})


def read_calendar(data: bytes, today: date, zone: ZoneInfo, words: FreeWords) -> OwnCalendar:
    """
    Return what *data* holds that looks like free days from *today* on, at most two years ahead. Never raises.

    Takes up to some seconds for the largest file, so call it in a thread of its own.

    Args:
        zone: where the school is. A moment in a known zone becomes the day it is there; one in an unknown zone keeps the
            day that is written.
    """
    if len(data) > MOST_BYTES:
        return OwnCalendar(unread=Unread.TOO_LARGE)
    lines = _text(data).split("\n")
    if not any(line.strip().upper() == "BEGIN:VCALENDAR" for line in lines[:_HEAD]):
        return OwnCalendar(unread=Unread.NO_CALENDAR)
    found: dict[tuple[date, date], Found] = {}
    repeating = unclear = 0
    for sort, entry in islice(_entries(lines, words), _MOST_TRIED):
        try:
            one = _found(sort, entry, zone)
        except Exception:  # noqa: BLE001 - whatever is wrong with one entry, the others are still read
            unclear += 1
            continue
        if one is not None and today <= one.end and one.begin <= today + AHEAD:
            repeating += any(name in entry for name in _REPEATS)
            found.setdefault((one.begin, one.end), one)
    by_day = [found[days] for days in sorted(found)]
    if not by_day:
        return OwnCalendar(unclear=unclear, unread=Unread.NOTHING_FREE)
    return OwnCalendar(tuple(by_day[:MOST_FOUND]), repeating, unclear, max(0, len(by_day) - MOST_FOUND))


def _lines(listed: object) -> list[str]:
    return [str(line) for line in listed] if isinstance(listed, list) else []


def _text(data: bytes) -> str:
    """Return the words in *data*: UTF-8 as the standard says, else as older programs of Windows write them."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        text = data.decode("utf-16", errors="replace")
    else:
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = data.decode("cp1252", errors="replace")
    return text.replace("\0", "").replace("\r\n", "\n").replace("\n ", "").replace("\n\t", "")


def _entries(lines: list[str], words: FreeWords) -> Iterator[tuple[str, Mapping[str, str]]]:
    """Yield the entries whose title speaks of a free day, with its sort: their lines that matter, by name, each once."""
    entry: dict[str, str] | None = None
    inside: list[str] = []
    for line in lines:
        mark = line[:40].strip().upper()
        if mark == "BEGIN:VEVENT":
            entry, inside = {}, []
        elif mark == "END:VEVENT" and entry is not None:
            sort = words.sort(entry.get("SUMMARY", "").partition(":")[2][:_LONGEST_TITLE])
            if sort and "CANCELLED" not in entry.get("STATUS", "").upper():
                yield sort, entry
            entry = None
        elif mark.startswith("BEGIN:"):
            inside.append(mark[6:])
        elif mark.startswith("END:") and inside and inside[-1] == mark[4:]:
            inside.pop()
        elif entry is not None and not inside:
            name = mark.partition(":")[0].partition(";")[0]
            if name in _READ:
                entry.setdefault(name, line[:_LONGEST_LINE])


def _found(sort: str, entry: Mapping[str, str], zone: ZoneInfo) -> Found | None:
    """Return *entry* with its days, or None when it takes no whole day, or more than a holiday takes."""
    import icalendar  # noqa: PLC0415 - only who sends a calendar pays for it

    told = [line for name, line in entry.items() if name not in _REPEATS]
    event = icalendar.Event.from_ical("\r\n".join(("BEGIN:VEVENT", *told, "END:VEVENT", "")))
    if not isinstance(event, icalendar.Event):
        raise TypeError("another component than was asked")
    days = _days(event.start, event.end, zone)
    if days is None or days[1] - days[0] >= LONGEST:
        return None
    return Found(sort, *days, short(clean(str(event["SUMMARY"])), _TITLE))


def _days(start: date, end: date, zone: ZoneInfo) -> tuple[date, date] | None:
    """
    Return the first and the last whole day, or None when there is no whole day.

    Raises:
        ValueError: it ends before it begins.
    """
    if end < start:
        raise ValueError("ends before it begins")
    if not (isinstance(start, datetime) and isinstance(end, datetime)):
        return start, end if end == start else end - _DAY
    begins, ends = _there(start, zone), _there(end, zone)
    # A morning that still has lessons is no free day, and neither is one on which school begins again.
    first = begins.date() if begins.time() == time() else begins.date() + _DAY
    last = ends.date() if ends.time() > _NOON and ends - begins > _DAY else ends.date() - _DAY
    return (first, last) if first <= last else None


def _there(moment: datetime, zone: ZoneInfo) -> datetime:
    """Return *moment* on the clock where the school is; of a zone nobody knows, the time as it is written."""
    known = moment.tzinfo is UTC or isinstance(moment.tzinfo, ZoneInfo)
    return (moment.astimezone(zone) if known else moment).replace(tzinfo=None)
