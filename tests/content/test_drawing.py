"""Pictures: valid, with words in them, readable on any ground, and safe whatever somebody wrote."""

from __future__ import annotations

import re
import struct
import subprocess
import sys
import xml.etree.ElementTree as ET
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from itertools import product

import fontpkg
import pytest

from content import drawing
from content.catalogue import Catalogue
from content.drawing import FAMILY, INK, SvgPainter
from content.landscape import PARTS
from content.laying_out import EDGE, WIDE, WIDEST
from content.lettering import BOLD, legible, width, wrap
from dialogues import matrix
from dialogues.conversation import Phrase, Picture, Value
from dialogues.errors import DrawingFailed, WordsMissing
from dialogues.ports import Painter

NOW = datetime(2026, 11, 25, 13, tzinfo=UTC)
BEFORE = datetime(2026, 6, 18, 13, tzinfo=UTC)
KINDS = ("bars", "sliders", "landscape", "matrix")
SVG = "{http://www.w3.org/2000/svg}"
SECRET = "geheimzin"
HOSTILE = (
    "<script>alert(1)</script>",
    "</text></svg><rect width='9999' height='9999'/>",
    "AT&T &amp; &#0; ]]> <!-- {{ 7 * 7 }} {% raw %}",
    "👍🏽 👩‍👩‍👧 🇳🇱 1️⃣",
    "W" * 400,
    "lang verhaal " * 40,
    "\u202eomgekeerd שלום עולם مرحبا بالعالم",
    "z" + "\u0301" * 300,
    "漢字" * 200,
    "regel\x00 een\nregel\ttwee\x1b[31m \ud800 \ufffe \x85",
)


@pytest.fixture(scope="module")
def painter(catalogue: Catalogue) -> SvgPainter:
    return SvgPainter(catalogue)


def profile(catalogue: Catalogue, id_: str = "senge-disciplines", before: int = 0, **changed: Value) -> Picture:
    """Return the picture of a scan whose answers run 1, 2, 3 …; *before* is every answer of the time before."""
    model = catalogue.repertoire.models[id_]
    slider = model.scale == "slider"
    base = "items" if model.own_items else "elements"
    rows = tuple(
        {
            "id": item,
            "label": Phrase(f"models.{id_}.{base}.{item}.term"),
            "left": model.of_item(item, "left") if slider else "",
            "right": model.of_item(item, "right") if slider else "",
            "now": place % 5 + 1,
            "before": before,
        }
        for place, item in enumerate(model.items)
    )
    values: dict[str, Value] = {
        "title": model.words("title"),
        "rows": rows,
        "on": NOW,
        "today": NOW.date(),
        "before_on": BEFORE if before else "",
        "low": Phrase(f"scan.scales.{model.scale}.low"),
        "high": Phrase(f"scan.scales.{model.scale}.high"),
        "sizes": dict.fromkeys(list(PARTS)[:3], 4),
    }
    return Picture(model.picture, values | changed)


def table(text: str = "", *, only: str = "") -> Picture:
    """Return the picture of a matrix with *text* in every cell, or in *only* one, named as ``level.column``."""
    rows = tuple(
        {
            "level": Phrase(f"vision.levels.{level}"),
            "cells": tuple(
                {
                    "column": Phrase(f"vision.columns.{column}"),
                    "text": text if only in ("", f"{level}.{column}") else "",
                }
                for column in matrix.COLUMNS
            ),
        }
        for level in matrix.LEVELS
    )
    columns = tuple(Phrase(f"vision.columns.{column}") for column in matrix.COLUMNS)
    return Picture("matrix", {"title": Phrase(f"models.{matrix.MODEL}.title"), "rows": rows, "columns": columns})


def example(catalogue: Catalogue, kind: str) -> Picture:
    models = {"bars": "senge-disciplines", "sliders": "visie-assen", "landscape": "leerlandschap-eilanden"}
    return table("Elke leerling weet waar hij aan werkt.") if kind == "matrix" else profile(catalogue, models[kind], 3)


def size_of(png: bytes) -> tuple[int, int]:
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    assert png.endswith(b"IEND\xaeB`\x82")
    return struct.unpack(">II", png[16:24])


def seen(svg: str, x: float, y: float, wide: float, high: float) -> bytes:
    """Return one part of a drawing as it is painted."""
    root = f'width="{wide}" height="{high}" viewBox="{x} {y} {wide} {high}"'
    part, found = re.subn(r'width="\d+" height="\d+" viewBox="[^"]*"', root, svg, count=1)
    assert found
    return drawing._png(part, drawing._font())


def alone(inside: str) -> str:
    """Return a drawing that holds nothing but *inside*."""
    root = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9" viewBox="0 0 9 9"'
    return f"""{root} font-family="'{FAMILY}'">{inside}</svg>"""


def texts(svg: str) -> list[str]:
    return ["".join(element.itertext()) for element in ET.fromstring(svg).iter(f"{SVG}tspan")]


def test_the_painter_fits_the_port(catalogue: Catalogue):
    port: Painter = SvgPainter(catalogue)
    assert port.paint(profile(catalogue), "nl")


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_a_png_as_wide_as_a_chat_and_as_tall_as_it_says(catalogue, painter, kind, language):
    picture = example(catalogue, kind)
    root = ET.fromstring(painter.svg(picture, language))
    wide, high = size_of(painter.paint(picture, language))
    assert wide == (WIDEST if kind == "matrix" else WIDE)
    assert high == int(root.get("height", ""))
    assert 300 < high < 1500


@pytest.mark.parametrize("kind", KINDS)
def test_a_picture_speaks_the_language_of_the_leader(catalogue, painter, kind):
    dutch, english = (painter.svg(example(catalogue, kind), language) for language in ("nl", "en"))
    assert set(texts(dutch)) - set(texts(english))
    assert ET.fromstring(dutch).get("{http://www.w3.org/XML/1998/namespace}lang") == "nl"
    assert ET.fromstring(english).findtext(f"{SVG}desc") != ET.fromstring(dutch).findtext(f"{SVG}desc")


@pytest.mark.parametrize("kind", KINDS)
def test_a_picture_has_a_name_and_says_in_words_what_it_shows(catalogue, painter, kind):
    root = ET.fromstring(painter.svg(example(catalogue, kind), "nl"))
    assert root.get("role") == "img"
    assert root.findtext(f"{SVG}title")
    description = root.findtext(f"{SVG}desc") or ""
    models = catalogue.repertoire.models
    senge, axes, islands = (models[name] for name in ("senge-disciplines", "visie-assen", "leerlandschap-eilanden"))
    words = catalogue.filled(
        {
            "low": Phrase("scan.scales.fit.low"),
            "term": senge.of(senge.items[0], "term"),
            "left": axes.of_item(axes.items[0], "left"),
            "right": axes.of_item(axes.items[0], "right"),
            "island": islands.of("practice", "term"),
            "level": Phrase("vision.levels.vision"),
        },
        "nl",
    )
    said = {
        "bars": "1 is {low}, 5 is|{term}: 1, vorige keer 3.",
        "sliders": "“{left}” of “{right}”: 1, vorige keer 3.",
        "landscape": "{island}: 4.",
        "matrix": "{level}, gewenst: Elke leerling weet waar hij aan werkt.",
    }
    for part in said[kind].format(**words).split("|"):
        assert part in description


@pytest.mark.parametrize("kind", KINDS)
def test_two_pictures_in_one_page_share_no_ids(catalogue, painter, kind):
    assert not re.search(r'\bid="|url\(#', painter.svg(example(catalogue, kind), "nl"))


def test_words_are_really_painted_and_not_left_out(catalogue, painter):
    picture = profile(catalogue)
    without = profile(catalogue, rows=tuple({**row, "label": "-"} for row in picture.values["rows"]))
    labels = (56, 150, 400, 300)
    assert seen(painter.svg(picture, "nl"), *labels) != seen(painter.svg(without, "nl"), *labels)
    assert seen(painter.svg(picture, "nl"), 490, 190, 480, 260) == seen(painter.svg(without, "nl"), 490, 190, 480, 260)


def test_a_font_that_is_not_there_is_noticed(catalogue, painter, monkeypatch):
    drawing._font.cache_clear()
    monkeypatch.setattr(drawing, "FAMILY", "No Such Letters")
    with pytest.raises(DrawingFailed, match="bars: FamilyNotInstalled"):
        painter.paint(profile(catalogue), "nl")


def test_a_font_without_letters_is_noticed(catalogue, painter, monkeypatch, tmp_path):
    drawing._font.cache_clear()
    hollow = tmp_path / "hollow.ttf"
    hollow.write_bytes(b"\x00\x01\x00\x00" + bytes(64))
    monkeypatch.setattr(fontpkg, "path", lambda family: hollow)
    with pytest.raises(DrawingFailed, match="bars: LookupError"):
        painter.paint(profile(catalogue), "nl")


def test_the_letters_of_a_picture_are_those_of_the_package_and_its_licence_is_free():
    family = fontpkg.family(FAMILY)
    assert family.license == "OFL-1.1"


def test_starting_costs_nothing_of_drawing():
    code = "import app.compose, sys; print([m for m in ('resvg_py', 'fontpkg') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


# -- what is shown -----------------------------------------------------------------------------------------------


def test_a_profile_fills_as_many_places_as_the_answer_and_draws_no_figures(catalogue, painter):
    svg = painter.svg(profile(catalogue), "nl")
    full = [rect for rect in ET.fromstring(svg).iter(f"{SVG}rect") if rect.get("fill") == INK["accent"]]
    assert len(full) == 1 + sum((1, 2, 3, 4, 5))  # the one in the legend, and the answers
    assert not [text for text in texts(svg) if re.search(r"\d", text) and "25 november" not in text]


@pytest.mark.parametrize(("id_", "mark"), [("senge-disciplines", "rect"), ("visie-assen", "circle")])
def test_two_profiles_stand_side_by_side_with_both_days(catalogue, painter, id_, mark):
    once, twice = (painter.svg(profile(catalogue, id_, before), "nl") for before in (0, 2))
    assert "Nu, woensdag 25 november" in texts(once)
    assert not [text for text in texts(once) if text.startswith("Vorige keer")]
    assert {"Nu, woensdag 25 november", "Vorige keer, donderdag 18 juni"} <= set(texts(twice))

    def hollow(svg: str) -> int:
        marks = ET.fromstring(svg).iter(f"{SVG}{mark}")
        return sum(one.get("stroke") == INK["text"] and one.get("fill") in (INK["card"], "none") for one in marks)

    assert hollow(once) == 0
    assert hollow(twice) == 1 + len(catalogue.repertoire.models[id_].items)


def test_a_time_before_that_is_long_ago_is_told_with_its_year(catalogue, painter):
    svg = painter.svg(profile(catalogue, before=2, before_on=datetime(2025, 3, 4, 13, tzinfo=UTC)), "nl")
    assert "Vorige keer, dinsdag 4 maart 2025" in texts(svg)


def test_a_statement_that_was_not_answered_the_time_before_has_no_mark_of_it(catalogue, painter):
    picture = profile(catalogue, before=2)
    rows = tuple({**row, "before": 0 if place else 2} for place, row in enumerate(picture.values["rows"]))
    svg = painter.svg(profile(catalogue, before=2, rows=rows), "nl")
    assert svg.count(f'stroke="{INK["text"]}"') == 2


def test_the_longest_scan_fits_in_one_picture(catalogue, painter):
    picture = profile(catalogue, "lfl-cambridge", 3)
    wide, high = size_of(painter.paint(picture, "nl"))
    assert len(picture.values["rows"]) == 27
    assert high < 2 * wide


def test_everything_on_the_map_is_a_part_of_the_models(catalogue):
    models = catalogue.repertoire.models
    parts = [part for name in ("eilanden", "polders", "bruggen") for part in models[f"leerlandschap-{name}"].elements]
    assert sorted(PARTS) == sorted(parts)


def test_the_map_grows_with_the_answers_and_dashes_what_was_not_answered(catalogue, painter):
    def drawn(**sizes: int) -> str:
        return painter.svg(profile(catalogue, "leerlandschap-eilanden", sizes=sizes), "nl").partition("</desc>")[2]

    nothing, everything = drawn(), drawn(**dict.fromkeys(PARTS, 3))
    assert nothing.count("stroke-dasharray") == len(PARTS) == 13
    assert "stroke-dasharray" not in everything
    assert "Gestippeld" in nothing
    for part in PARTS:
        small, large = (drawn(**{**dict.fromkeys(PARTS, 3), part: size}) for size in (1, 5))
        assert len({small, everything, large}) == 3
        assert drawn(**{part: 3}).count("stroke-dasharray") == len(PARTS) - 1


def test_names_on_the_map_are_never_broken_inside_a_word(catalogue, painter):
    for language in ("nl", "en"):
        shown = texts(painter.svg(profile(catalogue, "leerlandschap-eilanden", sizes={}), language))
        assert not [text for text in shown if text.endswith(("-", "…"))]


def test_an_empty_cell_is_pale_and_a_filled_one_has_a_border(catalogue, painter):
    svg = painter.svg(table("Samen", only="vision.desired"), "nl")
    assert svg.count(f'fill="{INK["pale"]}"') == 29
    assert svg.count(f'stroke="{INK["accent"]}"') == 1
    assert "Samen" in texts(svg)


def test_a_long_text_in_a_cell_is_cut_and_says_so(painter):
    svg = painter.svg(table("Leraren kijken bij elkaar in de les. " * 20, only="vision.desired"), "nl")
    assert [text for text in texts(svg) if text.endswith("…")]
    assert "Leraren kijken bij elkaar in de les. " * 20 not in svg.partition("</desc>")[2]


# -- whatever somebody wrote -------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_somebody_wrote_breaks_the_picture_or_leaves_the_card(painter, text):
    calm, wild = (painter.svg(table(written), "nl") for written in ("Samen", text))
    root = ET.fromstring(wild)
    high = int(root.get("height", ""))
    assert {element.tag for element in root.iter()} == {element.tag for element in ET.fromstring(calm).iter()}
    assert size_of(drawing._png(wild, drawing._font())) == (WIDEST, high)
    assert seen(wild, WIDEST - EDGE, 200, EDGE, 300) == seen(calm, WIDEST - EDGE, 200, EDGE, 300)
    right_of_cells = (WIDEST - 62, 120, 40, 300)
    assert seen(wild, *right_of_cells) == seen(calm, *right_of_cells)


@pytest.mark.parametrize("text", HOSTILE)
def test_a_cell_keeps_its_text_to_itself(painter, text):
    filled = painter.svg(table(text, only="vision.desired"), "nl")
    neighbour = re.search(r'<svg x="([\d.]+)" y="([\d.]+)" width="([\d.]+)"', filled.partition("</svg>")[2])
    assert neighbour
    x, y, wide = (float(part) for part in neighbour.groups())
    blank = painter.svg(table("", only="vision.desired"), "nl")
    assert seen(filled, x, y, wide, 60) == seen(blank, x, y, wide, 60)


@pytest.mark.parametrize("kind", ["bars", "sliders"])
def test_titles_and_labels_stay_in_their_place_too(catalogue, painter, kind):
    for text in HOSTILE:
        picture = example(catalogue, kind)
        rows = tuple({**row, "label": text, "left": text, "right": text} for row in picture.values["rows"])
        svg = painter.svg(Picture(kind, {**picture.values, "title": text, "rows": rows}), "nl")
        plain = painter.svg(picture, "nl")
        high = min(int(ET.fromstring(one).get("height", "")) for one in (svg, plain)) - 120
        assert seen(svg, WIDE - 50, 60, 50, high) == seen(plain, WIDE - 50, 60, 50, high)


@pytest.mark.parametrize(
    ("written", "drawn"),
    [
        ("  twee\n regels\t", "twee regels"),
        ("goed zo 👍🏽", "goed zo"),
        ("👍", "…"),
        ("", ""),
        ("a\u202eb\x00c\ud800", "abc"),
        ("© 5 → ç ü ë", "© 5 → ç ü ë"),
        ("e" + "\u0301" * 40, "e\u0301\u0301"),
    ],
)
def test_only_what_can_be_drawn_is_drawn(written, drawn):
    assert legible(written) == drawn


def test_lines_are_never_wider_than_their_room():
    for text in HOSTILE:
        for line in wrap(text, 190, 21, 9):
            assert width(line, 21) <= 190


@pytest.mark.parametrize(("weight", "wider"), [(400, 1.0), (600, BOLD)])
def test_a_line_is_never_painted_wider_than_it_was_taken_to_be(catalogue, weight, wider):
    for language, key in product(("nl", "en"), ("term", "item", "meaning")):
        words = catalogue.books[language].texts
        lines = [leaf.text for name, leaf in words.items() if name.startswith("models.s") and name.endswith(f".{key}")]
        assert len(lines) > 50
        for line in lines[::9]:
            drawn = alone(f'<text y="30" font-size="30" font-weight="{weight}">{legible(line)}</text>')
            end = width(legible(line), 30) * wider
            assert seen(drawn, end + 1, 0, 400, 50) == seen(drawn, end + 9000, 0, 400, 50)


# -- how it can be seen ------------------------------------------------------------------------------------------


def contrast(one: str, other: str) -> float:
    """Return how far two colours are apart, from 1 to 21 (WCAG 2.2, contrast ratio)."""

    def light(colour: str) -> float:
        parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
        red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    dark, bright = sorted((light(INK[one]), light(INK[other])))
    return (bright + 0.05) / (dark + 0.05)


@pytest.mark.parametrize(
    ("letters", "ground"),
    [*product(["text"], ["card", "sea", "land", "polder"]), ("soft", "card")],
)
def test_words_stand_out_from_what_is_behind_them(letters, ground):
    assert contrast(letters, ground) >= 4.5


@pytest.mark.parametrize(
    ("mark", "ground"),
    [
        *product(["accent", "text"], ["card", "pale"]),
        *product(["line"], ["card", "pale", "sea"]),
        *product(["shore"], ["sea", "land", "polder"]),
        ("accent", "sea"),
    ],
)
def test_marks_stand_out_from_what_is_behind_them(mark, ground):
    assert contrast(mark, ground) >= 3


@pytest.mark.parametrize("kind", KINDS)
def test_a_picture_has_a_ground_of_its_own_up_to_its_edge(catalogue, painter, kind):
    svg = painter.svg(example(catalogue, kind), "nl")
    wide, high = size_of(painter.paint(example(catalogue, kind), "nl"))
    plain = alone(f'<rect width="9999" height="9999" fill="{INK["ground"]}"/>')
    for x, y in product((0, wide - EDGE), (0, high - EDGE)):
        assert seen(svg, x, y, EDGE, EDGE) == seen(plain, x, y, EDGE, EDGE)


def test_only_the_colours_of_the_palette_are_used(catalogue, painter):
    for kind in KINDS:
        used = set(re.findall(r"#[0-9a-f]{3,8}\b", painter.svg(example(catalogue, kind), "nl").partition("</desc>")[2]))
        assert used <= set(INK.values())


# -- when it fails -----------------------------------------------------------------------------------------------


def told(error: BaseException) -> str:
    shown = [str(error), repr(error.args)]
    if error.__cause__ or not error.__suppress_context__:
        shown.append(repr(error.__cause__ or error.__context__))
    return " ".join(shown)


def test_an_unknown_kind_is_refused_by_its_name(painter):
    with pytest.raises(DrawingFailed, match=r"^cloud: KeyError$"):
        painter.paint(Picture("cloud", {"title": SECRET}), "nl")


@pytest.mark.parametrize("rows", [SECRET, ({"label": SECRET},), ({"level": SECRET, "cells": SECRET},)])
@pytest.mark.parametrize("kind", KINDS)
def test_an_error_never_tells_what_somebody_wrote(catalogue, painter, kind, rows):
    values = {**example(catalogue, kind).values, "rows": rows, "sizes": {next(iter(PARTS)): SECRET}}
    with pytest.raises((DrawingFailed, WordsMissing)) as caught:
        painter.paint(Picture(kind, values), "nl")
    assert SECRET not in told(caught.value)


def test_a_fault_of_the_renderer_never_tells_what_somebody_wrote(painter, monkeypatch):
    monkeypatch.setattr(painter, "svg", lambda picture, language: f"<svg><{SECRET}")
    with pytest.raises(DrawingFailed, match=r"^matrix: ValueError$") as caught:
        painter.paint(table(SECRET), "nl")
    assert SECRET not in told(caught.value)


def test_a_language_without_words_is_missed_as_such(catalogue, painter):
    with pytest.raises(WordsMissing):
        painter.paint(profile(catalogue), "fr")


def test_many_threads_draw_the_same(catalogue):
    fresh = SvgPainter(catalogue)
    wanted = [example(catalogue, kind) for kind in KINDS] * 4
    with ThreadPoolExecutor(4) as threads:
        drawn = list(threads.map(lambda picture: fresh.paint(picture, "nl"), wanted))
    assert drawn == [fresh.paint(picture, "nl") for picture in wanted]
