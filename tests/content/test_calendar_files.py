"""Reading the calendar of a school: what is found in files as programs write them, and in files meant to hurt."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from shutil import copytree
from zoneinfo import ZoneInfo

import icalendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from content.calendar_files import AHEAD, FREE_WORDS, LONGEST, MOST_BYTES, MOST_FOUND, free_words, read_calendar
from content.catalogue import FOLDER
from content.checks import check
from dialogues.team.own_calendar import OwnCalendar, Unread
from dialogues.team.school_days import FREE_DAY, OWN_HOLIDAY, STUDY_DAY

WORDS = free_words()
AMSTERDAM = ZoneInfo("Europe/Amsterdam")
TODAY = date(2026, 11, 30)
DAYS = "DTSTART;VALUE=DATE:20270213\r\nDTEND;VALUE=DATE:20270222"
BOMB = "RRULE:FREQ=SECONDLY;COUNT=999999999\r\n"


def entry(title: str, days: str = DAYS, extra: str = "") -> str:
    """Return one entry of a calendar."""
    return f"BEGIN:VEVENT\r\nUID:1@school\r\n{days}\r\nSUMMARY:{title}\r\n{extra}END:VEVENT\r\n"


def calendar(*entries: str) -> str:
    """Return a calendar as a program writes it."""
    return "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//school//nl\r\n" + "".join(entries) + "END:VCALENDAR\r\n"


def read(file: str | bytes) -> OwnCalendar:
    """Return what is found in *file* today."""
    return read_calendar(file if isinstance(file, bytes) else file.encode(), TODAY, AMSTERDAM, WORDS)


def days(file: str | bytes) -> list[tuple[str, date, date]]:
    """Return the sorts and days found in *file*."""
    return [(one.sort, one.begin, one.end) for one in read(file).found]


# -- as programs write them --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "first", "last"),
    [
        (DAYS, date(2027, 2, 13), date(2027, 2, 21)),
        ("DTSTART;VALUE=DATE:20270317\r\nDTEND;VALUE=DATE:20270318", date(2027, 3, 17), date(2027, 3, 17)),
        ("DTSTART;VALUE=DATE:20270317", date(2027, 3, 17), date(2027, 3, 17)),
        ("DTSTART;VALUE=DATE:20270317\r\nDTEND;VALUE=DATE:20270317", date(2027, 3, 17), date(2027, 3, 17)),
        ("DTSTART;VALUE=DATE:20270317\r\nDURATION:P3D", date(2027, 3, 17), date(2027, 3, 19)),
        # Midnight to midnight, as Outlook and servers write it, in winter and in summer time.
        (
            (
                "DTSTART;TZID=W. Europe Standard Time:20270426T000000\r\n"
                "DTEND;TZID=W. Europe Standard Time:20270508T000000"
            ),
            date(2027, 4, 26),
            date(2027, 5, 7),
        ),
        ("DTSTART:20270212T230000Z\r\nDTEND:20270221T230000Z", date(2027, 2, 13), date(2027, 2, 21)),
        ("DTSTART:20270505T220000Z\r\nDTEND:20270506T220000Z", date(2027, 5, 6), date(2027, 5, 6)),
        # Across the change of the clock.
        ("DTSTART:20270327T230000Z\r\nDTEND:20270328T220000Z", date(2027, 3, 28), date(2027, 3, 28)),
        # A zone nobody knows: the days stay as they are written.
        (
            "DTSTART;TZID=Mars/Olympus:20270610T000000\r\nDTEND;TZID=Mars/Olympus:20270611T000000",
            date(2027, 6, 10),
            date(2027, 6, 10),
        ),
        # From Friday afternoon to Monday morning: school is on Friday morning, and on Monday.
        ("DTSTART:20270219T130000Z\r\nDTEND:20270301T073000Z", date(2027, 2, 20), date(2027, 2, 28)),
    ],
    ids=lambda value: value.replace("\r\n", " ")[:60] if isinstance(value, str) else "",
)
def test_whole_days_are_read_however_they_are_written(written, first, last):
    assert days(calendar(entry("Vrij", written))) == [(FREE_DAY, first, last)]


@pytest.mark.parametrize(
    "written",
    [
        "DTSTART:20270317T073000Z\r\nDTEND:20270317T150000Z",
        "DTSTART:20270317T073000Z",
        "DTSTART:20270317T190000Z\r\nDTEND:20270318T060000Z",
        "DTSTART;VALUE=DATE:20200101\r\nDTEND;VALUE=DATE:20201231",
        "DTSTART;VALUE=DATE:20000101\r\nDTEND;VALUE=DATE:99991231",
        "DTSTART;VALUE=DATE:20270101\r\nDTEND;VALUE=DATE:20270901",
        "DTSTART;VALUE=DATE:20310101",
    ],
)
def test_a_part_of_a_day_what_passed_what_is_far_and_what_lasts_too_long_are_no_free_days(written):
    assert read(calendar(entry("Vrij", written))).unread is Unread.NOTHING_FREE


@pytest.mark.parametrize(
    ("title", "sort"),
    [
        ("Herfstvakantie", OWN_HOLIDAY),
        ("VAKANTIE regio zuid", OWN_HOLIDAY),
        ("Carnaval", OWN_HOLIDAY),
        ("Spring break", OWN_HOLIDAY),
        ("Studiedag team\\, alle leerlingen vrij", STUDY_DAY),
        ("Studiedagen", STUDY_DAY),
        ("INSET day", STUDY_DAY),
        ("Margedag", STUDY_DAY),
        ("Lesvrije dag", FREE_DAY),
        ("Alle kinderen vrij", FREE_DAY),
        ("vrije vrijdag", FREE_DAY),
        ("School closed", FREE_DAY),
        ("Vrijdag open podium", ""),
        ("Vrijwilligersavond", ""),
        ("Laatste schooldag voor de zomervakantie", ""),
        ("Eerste dag na de vakantie", ""),
        ("Vakantierooster bespreken", ""),
        ("Rapportgesprekken", ""),
        ("Coffee break", ""),
        ("Schoolreis groep 7", ""),
    ],
)
def test_only_titles_with_a_word_for_a_free_day_count(title, sort):
    assert [one.sort for one in read(calendar(entry(title))).found] == ([sort] if sort else [])


def test_what_was_cancelled_what_is_a_task_and_what_stands_inside_an_alarm_do_not_count():
    alarm = "BEGIN:VALARM\r\nSUMMARY:Vakantie\r\nEND:VALARM\r\n"
    task = "BEGIN:VTODO\r\nDTSTART;VALUE=DATE:20270213\r\nSUMMARY:Vakantie\r\nEND:VTODO\r\n"
    cancelled = entry("Vakantie", extra="STATUS:CANCELLED\r\n")
    assert read(calendar(entry("Rapporten", extra=alarm), task, cancelled)).unread is Unread.NOTHING_FREE


def test_days_come_in_order_and_the_same_days_once():
    late = entry("Studiedag", "DTSTART;VALUE=DATE:20270317")
    found = read(calendar(late, entry("Voorjaarsvakantie"), entry("Vakantie zuid"), late)).found
    assert [one.title for one in found] == ["Voorjaarsvakantie", "Studiedag"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_older_encodings_are_read(encoding):
    (one,) = read(calendar(entry("Vakantie, ook voor Loïs")).encode(encoding)).found
    assert one.title == "Vakantie, ook voor Loïs"


def test_a_title_folded_over_lines_is_one_title():
    (one,) = read(calendar(entry("Voorjaars\r\n vakan\r\n\ttie"))).found
    assert one.title == "Voorjaarsvakantie"


def test_one_broken_entry_is_counted_and_spoils_no_other():
    broken = [
        entry("Vakantie", "DTSTART;VALUE=DATE:20271345"),
        entry("Vakantie", "DTSTART;VALUE=DATE:20270222\r\nDTEND;VALUE=DATE:20270213"),
        entry("Vakantie", "DTSTART:" + "9" * 5000),
        entry("Vakantie", "DTSTART;VALUE=DATE:20270213\r\nDURATION:P99999999999D"),
        entry("Vakantie", "DTSTART" + ";X=Y" * 50_000 + ":20270213"),
        entry("Vakantie", "DTSTART;VALUE=DATE:99991231"),
        entry("Vakantie", "X-GEEN:DAG"),
    ]
    found = read(calendar(*broken, entry("Voorjaarsvakantie"), *broken))
    assert [one.title for one in found.found] == ["Voorjaarsvakantie"]
    assert found.unclear == 2 * len(broken)


def test_known_bad_a_calendar_read_as_a_whole_is_lost_by_one_entry_that_is_never_closed():
    """What reading entry by entry is for: the parser by itself gives nothing of such a file."""
    file = calendar(entry("Voorjaarsvakantie"), "BEGIN:VEVENT\r\nSUMMARY:Vakantie\r\n", entry("Studiedag"))
    with pytest.raises(ValueError, match="Found no components"):
        icalendar.Calendar.from_ical(file)
    assert [one.title for one in read(file).found] == ["Voorjaarsvakantie"]


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["Vrij", "Herfstvakantie", "Studiedag", "Rapporten", "", "Vrij " + "x" * 200]),
            st.dates(date(2020, 1, 1), date(2035, 12, 31)),
            st.integers(-3, 120),
            st.sampled_from(["", BOMB, "STATUS:CANCELLED\r\n", "DURATION:P2D\r\n", "SUMMARY:Vrij\r\n"]),
        ),
        max_size=30,
    )
)
def test_whatever_a_calendar_holds_what_is_found_is_in_order_to_come_and_short(entries):
    written = [
        entry(
            title,
            f"DTSTART;VALUE=DATE:{begin:%Y%m%d}\r\nDTEND;VALUE=DATE:{begin + timedelta(days=length):%Y%m%d}",
            extra,
        )
        for title, begin, length, extra in entries
    ]
    found = read(calendar(*written))
    days = [(one.begin, one.end) for one in found.found]
    assert days == sorted(set(days))
    assert bool(days) == (found.unread is None)
    for one in found.found:
        assert one.begin <= one.end < one.begin + LONGEST
        assert one.end >= TODAY
        assert one.begin <= TODAY + AHEAD
        assert one.sort in (OWN_HOLIDAY, STUDY_DAY, FREE_DAY)
        assert 0 < len(one.title) <= 60


# -- meant to hurt -----------------------------------------------------------------------------------------------------


def test_an_entry_that_repeats_for_ever_is_taken_once_and_that_is_told():
    found = read(calendar(entry("Vakantie", extra=BOMB), entry("Rapporten", extra=BOMB)))
    assert [(one.begin, one.end) for one in found.found] == [(date(2027, 2, 13), date(2027, 2, 21))]
    assert found.repeating == 1


def test_a_zone_that_repeats_for_ever_is_never_worked_out():
    zone = f"BEGIN:VTIMEZONE\r\nTZID:Kwaad\r\nBEGIN:STANDARD\r\nDTSTART:16010101T000000\r\n{BOMB}"
    zone += "TZOFFSETFROM:+0200\r\nTZOFFSETTO:+0100\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n"
    evil = "DTSTART;TZID=Kwaad:20270213T000000\r\nDTEND;TZID=Kwaad:20270222T000000"
    assert days(calendar(zone, entry("Vakantie", evil))) == [(OWN_HOLIDAY, date(2027, 2, 13), date(2027, 2, 21))]


@pytest.mark.parametrize(
    ("file", "unread"),
    [
        (b"", Unread.NO_CALENDAR),
        (b"hallo", Unread.NO_CALENDAR),
        (b"\xff\xfe\x00\x01" * 1000, Unread.NO_CALENDAR),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 100, Unread.NO_CALENDAR),
        (b"PK\x03\x04" + b"\0" * 10_000, Unread.NO_CALENDAR),
        (b"a" * (MOST_BYTES + 1), Unread.TOO_LARGE),
        (calendar(entry("Vakantie")).encode() + b"\0" * 5_000_000, Unread.TOO_LARGE),
        (b"BEGIN:VCALENDAR\r\n" + b"BEGIN:VEVENT\r\n" * 100_000, Unread.NOTHING_FREE),
        (b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n" + b"BEGIN:X\r\n" * 100_000, Unread.NOTHING_FREE),
        (calendar(entry("\x00" * 1000)).encode(), Unread.NOTHING_FREE),
        (calendar(entry("x" * 2_000_000)).encode(), Unread.NOTHING_FREE),
        (calendar(entry("x\r\n " * 500_000)).encode(), Unread.NOTHING_FREE),
        (calendar().encode(), Unread.NOTHING_FREE),
    ],
    ids=["empty", "words", "utf-16", "png", "zip", "large", "5MB", "opened", "nested", "nul", "long", "folds", "bare"],
)
def test_a_file_of_no_use_is_told_apart_and_nothing_is_raised(file, unread):
    assert read(file).unread is unread


def test_more_than_can_be_shown_is_counted_and_the_first_days_are_taken():
    day = date(2027, 1, 4)
    many = [entry(f"Vrij {n}", f"DTSTART;VALUE=DATE:{day + timedelta(days=n):%Y%m%d}") for n in range(MOST_FOUND + 7)]
    found = read(calendar(*reversed(many)))
    assert len(found.found) == MOST_FOUND
    assert found.beyond == 7
    assert found.found[0].begin == day


def test_a_title_is_one_short_line_without_signs_that_steer():
    (one,) = read(calendar(entry("Vakantie\\n\\n\x07 " + "juf " * 60))).found
    assert one.title.startswith("Vakantie juf juf")
    assert len(one.title) <= 60


@given(st.binary(max_size=400))
def test_any_bytes_between_the_lines_of_a_calendar_raise_nothing(junk):
    whole = calendar(entry("Vakantie")).encode()
    for place in (40, 90, len(whole) - 20):
        read(whole[:place] + junk + whole[place:])


def test_the_words_are_looked_at_with_the_content(tmp_path):
    folder = Path(copytree(FOLDER, tmp_path / "content"))
    assert check(folder) == []
    (folder / "shape" / FREE_WORDS).write_text("study_day: [studiedag ...]\n", encoding="utf-8")
    (fault,) = check(folder)
    assert fault.file == f"content/shape/{FREE_WORDS}"
    assert "must begin and end with a word" in fault.what
