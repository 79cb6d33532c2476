"""The words of teams: days and commands as people type them, and no message that nobody can say."""

from __future__ import annotations

import ast
import re
from datetime import date
from pathlib import Path

import pytest

from content.catalogue import Catalogue
from content.team_words import TeamVoice

TODAY = date(2026, 10, 6)
TEAM = Path(__file__).parents[2] / "dialogues" / "team"
MESSAGES = ("team", "team_setup", "team_private")


@pytest.fixture(scope="module")
def voice(catalogue: Catalogue, matcher) -> TeamVoice:
    return TeamVoice(catalogue, matcher)


@pytest.mark.parametrize(
    ("text", "day", "rest"),
    [
        ("elk kind leest tot 18 december", date(2026, 12, 18), "elk kind leest"),
        ("elk kind leest – 18 dec", date(2026, 12, 18), "elk kind leest"),
        ("elk kind leest, tot en met 5 maart.", date(2027, 3, 5), "elk kind leest"),
        ("every child reads by December 18", date(2026, 12, 18), "every child reads"),
        ("every child reads until 18 December 2027", date(2027, 12, 18), "every child reads"),
        ("every child reads 2027-02-01", date(2027, 2, 1), "every child reads"),
        ("elk kind leest 18-12", date(2026, 12, 18), "elk kind leest"),
        ("gisteren begonnen, tot 5 oktober", date(2026, 10, 5), "gisteren begonnen"),
        ("elk kind leest", None, "elk kind leest"),
        ("groep 6 rekent 31 februari", None, "groep 6 rekent 31 februari"),
        ("tot 18 december", date(2026, 12, 18), ""),
        ("groep 7 telt tot 100", None, "groep 7 telt tot 100"),
    ],
)
def test_a_goal_ends_on_the_day_it_names(voice, text, day, rest):
    assert voice.day_in(text, TODAY) == (day, rest)


@pytest.mark.parametrize(
    ("text", "periods"),
    [
        ("6 december", [(date(2026, 12, 6), date(2026, 12, 6))]),
        ("1 maart t/m 5 maart", [(date(2027, 3, 1), date(2027, 3, 5))]),
        ("1 t/m 5 maart", [(date(2027, 3, 1), date(2027, 3, 5))]),
        ("1 March to 5 March", [(date(2027, 3, 1), date(2027, 3, 5))]),
        ("23 december t/m 4 januari", [(date(2026, 12, 23), date(2027, 1, 4))]),
        (
            "studiedag 6 december\n1-3-2027; 2027-04-02",
            [(date(2026, 12, 6),) * 2, (date(2027, 3, 1),) * 2, (date(2027, 4, 2),) * 2],
        ),
        ("6 december, een keer in maart", []),
        ("1 maart t/m 30 september", []),
        ("", []),
        ("99 december", []),
        ("{{7*7}} \x00", []),
    ],
)
def test_free_days_are_read_as_typed_or_not_at_all(voice, text, periods):
    assert list(voice.days_in(text, TODAY)) == periods


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("/actie R. – iets – do", ("action", "R. – iets – do")),
        ("/action R.", ("action", "R.")),
        ("/ikdoemee Jans", ("join", "Jans")),
        ("/sessie", ("session", "")),
        ("/bord\nsucces: x", ("board", "succes: x")),
        ("/hulp", ("care", "")),
        ("/onbekend", ("unknown", "onbekend")),
        ("gewoon", None),
    ],
)
def test_commands_of_groups_work_in_both_languages(voice, text, command):
    assert voice.team_command(text) == command


@pytest.mark.parametrize(("word", "kind"), [("Actie", "action"), ("zoek", "search"), ("reached", "reached"), ("x", "")])
def test_what_is_typed_behind_a_command_is_understood(voice, word, kind):
    assert voice.kind_of(word) == kind


def texts_in_code() -> set[str]:
    found: set[str] = set()
    for file in TEAM.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                found.add(node.value)
            if isinstance(node, ast.JoinedStr):
                found.add("".join(part.value if isinstance(part, ast.Constant) else "*" for part in node.values))
    return {text for text in found if re.fullmatch(r"team(_setup|_private)?\.[a-z_.*]+", text)}


def test_every_message_that_is_said_has_words_and_no_words_are_for_nothing(catalogue):
    book = catalogue.books["nl"]
    said = texts_in_code() | {"team_private.not_here"}
    keys = {key.removesuffix(".text") for key in book.texts if key.partition(".")[0] in MESSAGES}
    keys = {key for key in keys if ".choices." not in key}
    patterns = [re.compile(re.escape(one).replace(r"\*", "[a-z_0-9]+")) for one in said]
    assert [key for key in keys if not any(pattern.fullmatch(key) for pattern in patterns)] == []
    for one in said:
        if "*" not in one and not one.endswith("."):
            assert one in keys or one in book.lines, one
