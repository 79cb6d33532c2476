"""What belongs to no journey can go into a portfolio too: the vision, finished self-scans, and loose thoughts."""

from __future__ import annotations

from dataclasses import replace

import pytest
import pytest_asyncio

from content.drawing import SvgPainter
from content.publishing import PortfolioPublisher
from dialogues import portfolio
from dialogues.conversation import Kind, Reflection, Scan, Vision
from dialogues.portfolio import compose, themes
from tests.portfolio.sample import NOW, PAGE, at, page
from tests.portfolio.test_in_the_chat import Chat
from tests.portfolio.test_publishing import HOSTILE, plain, read

DRAFT = "Leren is hier van iedereen: leerlingen, leraren en ik."
WORDS = (
    Reflection("r30", Kind.VISION, DRAFT, at(2026, 3, 2), "Hoe klinkt jullie visie nu?", model="draft"),
    Reflection("r31", Kind.VISION, "Nieuwsgierig.", at(2026, 3, 1), "Denk terug.\nWat wil je dat leerlingen worden?"),
    Reflection("r32", Kind.SCAN, "Dat wij weinig delen.", at(2026, 3, 4), "Wat valt je op?", model="senge-disciplines"),
    Reflection("r33", Kind.THOUGHT, "Ik sprak Karin de Vries op de gang.", at(2026, 3, 5)),
    Reflection("r34", Kind.CARE, "Ik zie het leven niet meer zitten.", at(2026, 3, 6)),
    Reflection("r35", Kind.RULER, "7", at(2026, 3, 6), number=7),
)
SCANS = (
    Scan(
        "s7",
        "senge-disciplines",
        at(2026, 3, 3),
        {"mastery": 4, "mental_models": 2, "shared_vision": 5, "team_learning": 3, "systems": 3},
        at(2026, 3, 4),
    ),
    Scan("s8", "senge-disciplines", at(2026, 4, 3), {"mastery": 1}),
    Scan("s9", "gone-from-the-content", at(2026, 4, 4), {"x": 1, "y": 5}, at(2026, 4, 4)),
)
FULL = replace(
    page(scans=SCANS, vision=Vision(at(2026, 3, 1), draft="r30"), plans=PAGE.conversation.plans),
    journal=(*PAGE.journal, *WORDS),
)
APART = {"vision": ["r30", "r31"], "scans": ["s7", "r32", "s9"], "loose": ["r22", "r33"]}


@pytest.fixture(scope="module")
def publisher(catalogue):
    return PortfolioPublisher(catalogue, SvgPainter(catalogue))


def apart(of=FULL):
    return {theme.id: theme for theme in themes(of) if not theme.journeys}


def test_what_belongs_to_no_journey_makes_three_themes_after_the_others():
    assert [theme.id for theme in themes(FULL)] == ["j2", "j1", "vision", "scans", "loose"]
    chosen = {id_: {piece.id for piece in theme.pieces} for id_, theme in apart().items()}
    assert chosen == {id_: set(pieces) for id_, pieces in APART.items()}


def test_only_her_vision_itself_is_proposed_and_never_with_a_name_in_it():
    assert {id_: theme.usual for id_, theme in apart().items()} == {"vision": ("r30",), "scans": (), "loose": ()}
    named = tuple(replace(kept, text=f"Met Karin de Vries. {kept.text}") for kept in FULL.journal)
    assert apart(replace(FULL, journal=named))["vision"].usual == ()


def test_neither_a_signal_of_crisis_nor_a_scan_that_was_not_finished_can_be_chosen():
    everything = [kept.id for kept in FULL.journal] + [scan.id for scan in SCANS]
    made = compose(FULL, dict.fromkeys(APART, everything), NOW)
    inside = {piece.id for chapter in made.chapters for pieces in chapter.parts.values() for piece in pieces}
    assert inside == {id_ for pieces in APART.values() for id_ in pieces}


def test_bad_variant_without_the_rule_a_loose_signal_of_crisis_would_be_a_piece(monkeypatch):
    monkeypatch.setattr(portfolio, "NEVER", frozenset())
    assert "r34" in {piece.id for piece in apart()["loose"].pieces}


def test_an_answer_comes_with_the_last_line_of_its_question_and_the_vision_itself_with_none():
    asked = {piece.id: piece.asked for theme in apart().values() for piece in theme.pieces}
    assert (asked["r30"], asked["r31"], asked["r32"]) == ("", "Wat wil je dat leerlingen worden?", "Wat valt je op?")
    assert asked["r33"] == ""


def test_a_theme_with_nothing_chosen_breaks_no_document(publisher):
    made = compose(FULL, {"loose": []}, NOW)
    assert (made.chapters[0].first, made.chapters[0].last) == (NOW, NOW)
    assert publisher.pdf(made, "nl").startswith(b"%PDF")


@pytest.mark.parametrize(
    ("language", "words"),
    [
        (
            "nl",
            (
                "Mijn visie",
                "Mijn zelfscans",
                "Een zelfscan die er niet meer is",
                "Het hoogst: Gedeelde visie. Het laagst: Mentale modellen.",
            ),
        ),
        (
            "en",
            (
                "My vision",
                "My self-scans",
                "A self-scan that is no longer there",
                "Highest: Shared vision. Lowest: Mental models.",
            ),
        ),
    ],
)
def test_both_documents_hold_it_without_a_start_or_a_path_that_is_not_there(publisher, language, words):
    made = compose(FULL, APART, NOW)
    pdf, text = read(publisher.pdf(made, language)), publisher.markdown(made, language)
    for said in (*words, DRAFT, "Wat wil je dat leerlingen worden?", "Dat wij weinig delen."):
        assert plain(said) in pdf, said
        assert said in text, said
    for said in {"nl": ("Startpunt", "De weg door de fasen"), "en": ("Where it began", "The way through")}[language]:
        assert plain(said) not in pdf
        assert said not in text


def test_hostile_texts_become_no_markup_here_either(publisher):
    journal = tuple(
        Reflection(f"r{number}", (Kind.VISION, Kind.SCAN, Kind.THOUGHT)[number % 3], text, at(2026, 9, 3), text)
        for number, text in enumerate(HOSTILE[:100])
    )
    hostile = replace(page(journeys=(), plans=(), statements=()), journal=journal)
    made = compose(hostile, {theme.id: [piece.id for piece in theme.pieces] for theme in themes(hostile)}, NOW)
    assert plain('#eval("1+1")') in read(publisher.pdf(made, "nl"))
    assert "<script>" not in publisher.markdown(made, "nl").replace("\\<", "")


@pytest_asyncio.fixture
async def chat(catalogue, matcher, publisher):
    found = Chat(catalogue, matcher, publisher)
    await found.begin(FULL)
    return found


@pytest.mark.asyncio
async def test_in_the_chat_they_are_chosen_seen_and_made_and_no_effect_is_asked_for(chat):
    said = await chat.say("/portfolio")
    assert "3 ☐ Mijn visie" in said
    assert "4 ☐ Mijn zelfscans" in said
    assert "5 ☐ Losse gedachten" in said
    assert "☑ Visie: “Leren is hier van iedereen" in await chat.say("3, 4")
    assert "☐ Zelfscan: Vijf disciplines" in await chat.tap("Klaar")
    seen = await chat.say("1, 2")
    assert f"Visie: “{DRAFT}”" in seen
    assert "Zelfscan: " in seen
    assert "Het hoogst: Gedeelde visie" in seen
    assert "Wat merken leraren" not in seen
    await chat.tap("Ja, maak het")
    assert [letter.file for letter in chat.letters] == ["", "portfolio.pdf", "portfolio.md", ""]
