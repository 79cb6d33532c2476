"""A school's own calendar in the private chat: what a member sees, what she takes away, and what counts after her yes."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content.catalogue import load
from dialogues.free_days import FreeDays, Holiday
from dialogues.team.own_calendar import SHOWN_AT_ONCE, Found, OwnCalendar, Unread, kept, shown, together, without
from dialogues.team.school_days import FREE_DAY, OWN_HOLIDAY, STUDY_DAY

CATALOGUE = load()
NORTH = CATALOGUE.repertoire.school_year.of("north")
TODAY = date(2026, 11, 30)
SPRING = Found(OWN_HOLIDAY, date(2027, 2, 13), date(2027, 2, 21), "Voorjaarsvakantie")
STUDY = Found(STUDY_DAY, date(2027, 3, 17), date(2027, 3, 17), "Studiedag")
FREE = Found(FREE_DAY, date(2027, 5, 7), date(2027, 5, 7), "Vrij: bruiloft juf Anna")
CALENDAR = OwnCalendar((SPRING, STUDY, FREE), repeating=1, unclear=2, beyond=3)


def test_a_member_sees_every_day_and_what_it_comes_instead_of():
    (say,) = shown(CALENDAR, NORTH)
    assert CATALOGUE.render(say, "nl").text == (
        "1. Voorjaarsvakantie: 13 februari 2027 t/m 21 februari 2027 "
        "(in plaats van 20 februari 2027 t/m 28 februari 2027)\n"
        "2. Studiedag: 17 maart 2027\n"
        "3. Vrij: bruiloft juf Anna: 7 mei 2027\n\n"
        "Wat zich herhaalt, staat er alleen de eerste keer bij.\n\n"
        "2 regels in het bestand kon ik niet lezen.\n\n"
        "Er waren er nog 3. Die neem ik niet mee.\n\n"
        "Ik onthoud alleen de dagen, niet wat erbij staat. Is de hele school dan vrij?"
    )
    assert [choice.id for choice in say.choices] == ["yes", "some", "no"]
    assert [label for row in CATALOGUE.render(say, "en").rows for label in [row[0].label]] == [
        "Yes, this is right",
        "Not all of them",
        "Do not use it",
    ]


@pytest.mark.parametrize("language", ["nl", "en"])
def test_a_long_list_comes_in_pieces_that_fit_a_message_and_only_the_last_asks(language):
    day = date(2027, 1, 4)
    many = tuple(Found(FREE_DAY, day + timedelta(days=n), day + timedelta(days=n + 1), "x" * 60) for n in range(60))
    says = shown(OwnCalendar(many), FreeDays())
    texts = [CATALOGUE.render(say, language).text for say in says]
    assert len(says) == 60 / SHOWN_AT_ONCE
    assert all(len(text) < 2000 for text in texts)
    assert [text.count("?") for text in texts] == [0, 0, 0, 0, 1]
    assert [bool(say.choices) for say in says] == [False] * 4 + [True]
    assert "60. " in texts[-1]


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("unread", Unread)
def test_a_file_of_no_use_gets_one_sentence_that_says_what_to_do(unread, language):
    (say,) = shown(OwnCalendar(unread=unread), NORTH)
    text = CATALOGUE.render(say, language).text
    assert text.endswith(("Er is niets veranderd.", "Nothing has changed."))
    assert not say.choices


@pytest.mark.parametrize(
    ("typed", "left"),
    [
        ("2", [1, 3]),
        ("1, 3", [2]),
        ("1 en 3 niet", [2]),
        ("2-3", [1]),
        ("2 t/m 3", [1]),
        ("1 – 2", [3]),
        ("1-3", []),
        ("4", None),
        ("0", None),
        ("3-1", None),
        ("geen", None),
        ("", None),
        ("9" * 400, None),
    ],
)
def test_numbers_take_days_away(typed, left):
    got = without(CALENDAR, typed)
    expected = None if left is None else [CALENDAR.found[number - 1] for number in left]
    assert (got and list(got.found)) == expected


@given(st.text(max_size=60))
def test_whatever_is_typed_days_are_only_taken_away(text):
    got = without(CALENDAR, text)
    assert got is None or set(got.found) < set(CALENDAR.found)


def test_what_is_kept_holds_days_and_no_title():
    assert kept(CALENDAR) == (
        Holiday(OWN_HOLIDAY, SPRING.begin, SPRING.end),
        Holiday(STUDY_DAY, STUDY.begin, STUDY.end),
        Holiday(FREE_DAY, FREE.begin, FREE.end),
    )
    assert "Anna" not in repr(kept(CALENDAR))


def test_a_calendar_sent_again_doubles_nothing_and_takes_away_nothing_somebody_named():
    named = Holiday("schoolreis", date(2027, 6, 10), date(2027, 6, 10))
    passed = Holiday(FREE_DAY, date(2026, 11, 2), date(2026, 11, 2))
    once = together((named, passed), kept(CALENDAR), TODAY)
    assert once == (*kept(CALENDAR), named)
    assert together(once, kept(CALENDAR), TODAY) == once
    assert together(once, (), TODAY) == once
