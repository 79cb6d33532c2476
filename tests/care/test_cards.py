"""CARE-2 and CARE-4: what the help cards say, and that no other telephone number is said anywhere."""

from __future__ import annotations

import copy
import json
import re
import shutil
from datetime import date, timedelta
from pathlib import Path

import pytest

from content.catalogue import FOLDER
from content.checks import check
from content.yaml_files import STRUCTURE
from dialogues import care
from dialogues.care import CareRules

ROOT = FOLDER.parent
LANGUAGES = ("nl", "en")
KINDS = (*care.CLASSES, care.GENERAL)

NUMBERS = {
    "danger": {"emergency", "suicide_line"},
    "self": {"emergency", "suicide_line", "listening_line"},
    "pupil": {"emergency", "suicide_line", "safe_home"},
    "other_adult": {"emergency", "suicide_line"},
    "staff": {"emergency", "inspector", "safe_home"},
    "home": {"emergency", "safe_home"},
    "distress": {"emergency", "suicide_line", "listening_line"},
    "general": {"emergency", "suicide_line", "safe_home", "inspector", "listening_line"},
}
A_PROGRAM = {"nl": "Ik ben een programma; niemand leest nu mee", "en": "I am a program; nobody is reading along now"}
NO_NAMES = {"nl": "Schrijf geen namen van leerlingen", "en": "Please write no names of pupils"}
DUTIES = {
    ("nl", "home"): (
        "meldcode",
        "signalen",
        "overleg met een collega",
        "praat met de ouders",
        "weeg",
        "beslis",
        "anoniem advies",
    ),
    ("en", "home"): (
        "meldcode",
        "signals",
        "consult a colleague",
        "talk with the parents",
        "weigh",
        "decide",
        "anonymous advice",
    ),
    ("nl", "staff"): ("meldt het aan het bestuur", "moet overleggen met de vertrouwensinspecteur", "aangifte"),
    ("en", "staff"): ("tells the board", "must consult the confidential inspector", "report it to the police"),
}
FORBIDDEN = {
    "nl": r"komt goed|beloof|belofte|contract|diagnose|depressi|stoornis|suïcidaal|score|methode|therap|oefening"
    r"|in de gaten|houd je vast|iemand kijkt|we bellen|ik bel|maak je geen zorgen|rustig maar|waarom",
    "en": r"will be (all right|fine|ok)|promise|contract|diagnos|depress|disorder|suicidal|score|method|therap|exercise"
    r"|watching over|keep an eye|we will call|i will call|don't worry|calm down|\bwhy\b",
}

PHONE = re.compile(
    r"(?<!\d)(?<!\d[.,:-])(?:\+31[\d -]{8,}|0\d{2,3}[ -]?\d[\d -]{2,}\d|11\d|144|911|999|988)(?!\d|%|[.,:-]\d)"
)


def digits(number: str) -> str:
    return re.sub(r"\D", "", number)


def wrong_with(text: str, kind: str, language: str, rules: CareRules) -> list[str]:
    """Return what CARE-2 forbids or misses in the card *text*."""
    said = {digits(number) for number in PHONE.findall(text)}
    right = {digits(rules.lines[line].number) for line in NUMBERS[kind]}
    faults = {
        "too long": len(text) > 900,
        "wrong numbers": said != right,
        "forbidden words": re.search(FORBIDDEN[language], text, re.IGNORECASE) is not None,
        "a question": "?" in text,
        "an exclamation mark": "!" in text,
        "does not say it is a program": A_PROGRAM[language] not in text,
        "does not ask to leave names out": kind in {"danger", "pupil", "staff", "home"}
        and NO_NAMES[language] not in text,
        "leaves out a duty": any(duty not in text for duty in DUTIES.get((language, kind), ())),
    }
    return [fault for fault, is_so in faults.items() if is_so]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", KINDS)
def test_care_2_every_card_says_the_right_numbers_and_nothing_it_must_not(kind, language, catalogue, rules):
    message = catalogue.render(care.card(kind, rules), language)
    assert wrong_with(message.text, kind, language, rules) == []


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("112", "114", "wrong numbers"),
        ("bel 112", "bel je huisarts", "wrong numbers"),
        ("Dank je", "Beloof me dat je belt. Dank je", "forbidden words"),
        ("Dank je", "Het komt goed. Dank je", "forbidden words"),
        ("Dank je", "Hoe lang speelt dit al? Dank je", "a question"),
        ("niemand leest nu mee", "wij letten op je", "does not say it is a program"),
        ("Dank je", "Dank je" * 100, "too long"),
    ],
)
def test_care_2_a_card_that_breaks_a_rule_is_noticed(old, new, fault, catalogue, rules):
    text = catalogue.render(care.card("self", rules), "nl").text
    assert old in text
    assert fault in wrong_with(text.replace(old, new), "self", "nl", rules)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", care.CLASSES)
def test_care_2_under_every_card_stand_the_same_three_buttons(kind, language, catalogue, rules):
    rows = catalogue.render(care.card(kind, rules), language).rows
    buttons = [button for row in rows for button in row]
    assert [button.data for button in buttons] == ["care:about_me", "care:about_other", "care:go_on"]
    assert all(0 < len(button.label) <= 28 for button in buttons)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", care.FOLLOW_UPS)
def test_care_6_what_follows_a_card_keeps_help_in_view(name, language, catalogue, rules):
    text = catalogue.render(care.follow_up(name, rules), language).text
    assert {"nl": "/hulp", "en": "/care"}[language] in text
    assert len(text) <= 600
    assert re.search(FORBIDDEN[language], text, re.IGNORECASE) is None


def test_care_2_the_general_card_leaves_the_open_question_alone(catalogue, rules):
    assert catalogue.render(care.card(care.GENERAL, rules), "nl").rows == ()


CODE = re.compile(r"\bm\d{1,3}\b")
"""What can be typed to see a model; m112 is no telephone number."""


def strays(text: str, rules: CareRules) -> set[str]:
    text = CODE.sub("", text)
    known = {digits(line.number) for line in rules.lines.values()}
    return {number for number in PHONE.findall(text) if digits(number) not in known}


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*/*.yaml")), ids=lambda path: f"{path.parent.name}/{path.name}")
def test_care_4_no_file_of_words_holds_a_number_that_is_not_in_the_table(path, rules):
    assert strays(path.read_text("utf-8"), rules) == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_care_4_the_cards_take_every_number_from_the_table(language):
    assert PHONE.findall((FOLDER / language / "care.yaml").read_text("utf-8")) == []


@pytest.mark.parametrize("package", ["app", "bot", "content", "dialogues", "storage", "terminal"])
def test_care_4_no_module_holds_a_telephone_number(package):
    found = {str(path): PHONE.findall(path.read_text("utf-8")) for path in sorted((ROOT / package).rglob("*.py"))}
    assert {path: numbers for path, numbers in found.items() if numbers} == {}


def test_care_4_the_documents_name_no_number_that_is_not_in_the_table(rules):
    # Those somebody may read in need, or copy from; in records of measurements three digits are no telephone number.
    helping = [ROOT / "docs" / "hazard-log.md", *(ROOT / "docs" / "privacy").glob("*.md")]
    for path in [ROOT / "README.md", *helping, FOLDER / "voice.md"]:
        if path.exists():
            assert strays(path.read_text("utf-8"), rules) == set(), path


@pytest.mark.parametrize("text", ["Bel 0900-1450", "bel 0800 0432", "Bel 114.", "+31 20 123 4567", "0900-0101"])
def test_care_4_a_number_that_is_not_in_the_table_is_noticed(text, rules):
    assert strays(text, rules)


def test_care_4_every_number_has_a_source_and_the_day_it_was_checked(rules):
    for line in rules.lines.values():
        assert line.name
        assert line.number
        assert line.source
        assert line.checked >= date(2026, 11, 25)


def test_care_4_numbers_go_stale_after_180_days(rules):
    assert rules.fresh_days == 180
    last = min(line.checked for line in rules.lines.values()) + timedelta(days=180)
    assert care.stale(rules, last) == ()
    assert care.stale(rules, last + timedelta(days=1))


def test_care_4_the_check_of_the_content_fails_on_a_stale_number(tmp_path: Path, structure, rules):
    folder = tmp_path / "content"
    shutil.copytree(FOLDER, folder, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    today = max(line.checked for line in rules.lines.values())
    file = folder / STRUCTURE / "care.yaml"
    for days, faults in ((180, set()), (181, {"safe_home"})):
        older = copy.deepcopy(structure)
        older["numbers"]["safe_home"]["checked"] = (today - timedelta(days=days)).isoformat()
        file.write_text(json.dumps(older), "utf-8")
        assert {fault.key for fault in check(folder, today=today) if fault.file.endswith("shape/care.yaml")} == faults
