"""The picture of a team's board: all that stands on it, in words as well, and safe whatever somebody wrote."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET

import pytest

from content.catalogue import Catalogue
from content.drawing import SvgPainter
from content.laying_out import EDGE, WIDE
from content.lettering import legible
from dialogues.team.showing import MOST_ACTIONS, MOST_LINES, picture_of
from dialogues.team.values import Course, Fate, Kind
from tests.content.test_drawing import SVG, seen, size_of, texts
from tests.content.test_printing import hostile
from tests.reliability.hostile import TEXTS
from tests.team.examples import BOARD, EMPTY, TODAY, action, filled, goal, line, stated


@pytest.fixture(scope="module")
def painter(catalogue: Catalogue) -> SvgPainter:
    return SvgPainter(catalogue)


def drawn(painter: SvgPainter, board=BOARD, team="Bovenbouw", lead="Jet", language="nl") -> str:
    return painter.svg(picture_of(board, team, lead, TODAY), language)


def said(svg: str) -> str:
    """Return the description of a picture."""
    return ET.fromstring(svg).findtext(f"{SVG}desc") or ""


@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_board_is_a_png_as_wide_as_a_chat(painter, language):
    wide, high = size_of(painter.paint(picture_of(BOARD, "Bovenbouw", "Jet", TODAY), language))
    assert wide == WIDE
    assert 600 < high < 1600


def test_everything_on_the_board_stands_in_the_picture_and_in_its_description(painter):
    svg = drawn(painter)
    shown, description = " ".join(texts(svg)), said(svg)
    for text in (
        *(one.text for one in BOARD.goals),
        *(part for one in BOARD.actions for part in (one.text, one.name, one.when)),
        *(one.text for one in BOARD.lines),
    ):
        assert text in shown
        assert text.rstrip(".") in description
    for word in (
        "Spannend",
        "Op koers",
        "Bereikt",
        "Gedaan",
        "Nog één week",
        "Kleiner gemaakt",
        "Losgelaten",
    ):
        assert word in shown
        assert word.lower() in description
    assert "Volgende keer leidt Jet." in shown
    assert "Volgende keer leidt Jet." in description


@pytest.mark.parametrize("language", ["nl", "en"])
def test_how_people_arrived_is_not_in_the_picture(painter, language):
    svg = drawn(painter, language=language)
    words = " ".join((*texts(svg), said(svg)))
    assert not re.search(r"\b5\b|\b2\b|check-in", words)
    assert svg == drawn(painter, type(BOARD)(**{**fields(), "counted": {}}), language=language)


def fields() -> dict[str, object]:
    return {name: getattr(BOARD, name) for name in BOARD.__slots__}


def test_every_state_has_a_mark_of_its_own_and_a_word(painter):
    def marks(board) -> str:
        return re.sub(r'(?:cx|cy|x|y|d)="[^"]*"', "", "".join(drawing_of(drawn(painter, board))))

    goals = [marks(type(EMPTY)("w", TODAY, "", goals=(goal("doel", course),))) for course in (None, *Course)]
    goals.append(marks(type(EMPTY)("w", TODAY, "", goals=(goal("doel", reached=True),))))
    assert len(set(goals)) == 5
    words = {fate: " ".join(texts(drawn(painter, one_action(fate)))) for fate in Fate}
    assert len(set(words.values())) == len(Fate)


def one_action(fate: Fate):
    return type(EMPTY)("w", TODAY, "", actions=(action("R.", "doen", "nu", fate),))


def drawing_of(svg: str) -> list[str]:
    """Return the shapes of a picture, as they are written."""
    return re.findall(r"<(?:path|circle|rect|polygon)[^>]*>", svg)


def test_an_empty_board_says_so_and_has_no_part_for_worries(painter):
    shown = texts(drawn(painter, EMPTY, "", ""))
    assert shown[0] == "Ons bord"
    assert shown.count("Nog niets") == 4
    assert "Wie leidt de volgende keer?" in shown
    assert "Zorgen" not in shown
    worried = type(EMPTY)("w", TODAY, "", lines=(line(Kind.WORRY, "te veel toetsen"),))
    assert "Zorgen" in texts(drawn(painter, worried))


def test_what_does_not_fit_is_counted_and_the_latest_lines_come_first(painter):
    many = type(EMPTY)(
        "w",
        TODAY,
        "",
        actions=tuple(action("R.", f"actie {n}", "") for n in range(MOST_ACTIONS + 3)),
        lines=tuple(line(Kind.VOICE, f"stem {n}") for n in range(MOST_LINES + 2)),
    )
    shown = texts(drawn(painter, many))
    assert "en nog 3, in de chat" in shown
    assert "en nog 2, in de chat" in shown
    assert "stem 7" in shown
    assert "stem 1" not in shown


def test_of_500_hostile_texts_none_becomes_markup_and_every_one_stands_there(painter):
    calm = {element.tag for element in ET.fromstring(drawn(painter, filled("Samen"))).iter()}
    payloads = hostile(500)
    for batch in (payloads[place : place + 21] for place in range(0, 500, 21)):
        svg = drawn(painter, stated(*batch))
        assert {element.tag for element in ET.fromstring(svg).iter()} == calm
        shown = re.sub(r"[\s-]", "", "".join(texts(svg)))
        for text in batch:
            assert re.sub(r"[\s-]", "", legible(text)) in shown, text


@pytest.fixture(scope="module")
def calm_edge(painter: SvgPainter) -> bytes:
    """Return the right edge of a picture in which nobody wrote anything strange."""
    return seen(drawn(painter, filled("Samen")), WIDE - EDGE, 200, EDGE, 300)


@pytest.mark.parametrize("text", TEXTS)
def test_nothing_somebody_wrote_breaks_the_picture_or_leaves_the_card(painter, calm_edge, text):
    text = text[:300]  # more does not come on the board
    wild = drawn(painter, filled(text), text, text)
    assert WIDE + int(ET.fromstring(wild).get("height", "")) < 10_000  # what a chat takes
    assert seen(wild, WIDE - EDGE, 200, EDGE, 300) == calm_edge
