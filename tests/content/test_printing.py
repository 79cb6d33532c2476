"""Documents to print: tagged, the same everywhere, and never markup, whatever somebody wrote."""

from __future__ import annotations

import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from io import BytesIO
from pathlib import Path
from random import Random

import pytest
from pypdf import PdfReader
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject

from content import printing
from content.boards import printed
from content.catalogue import FOLDER, Catalogue
from content.drawing import INK
from content.lettering import legible
from content.printing import pdf
from dialogues.errors import PrintingFailed
from tests.reliability.hostile import MARKUP, SIGNS, TEMPLATES
from tests.team.examples import BOARD, EMPTY, TODAY, filled

SECRET = "geheimzin"
TYPST = (
    "#text(red)[rood]",
    "*vet* _schuin_ `code`",
    "$ x^2 $ $sum_(i=0)^n$",
    "= Kop",
    "- lijst + lijst / term: uitleg",
    '#eval("1 + 1") #panic("weg")',
    '#read("/etc/passwd") #include "paper.typ"',
    '#import "@preview/cetz:0.3.0"',
    "#set page(width: 1cm) #pagebreak()",
    "<label> @label #[ #{ #(",
    '\\ \\u{1f600} \\# "; } ] )',
    "// weg /* weg */ https://example.org/#vet",
    "~ --- ... -? 1:2 'a' \"b\"",
    "#show: none",
    '"}, "title": "anders',
)
PLAIN = (*TYPST, *TEMPLATES, *MARKUP)
"""Payloads in letters the font has, so that they can be read back from the paper."""


def hostile(count: int) -> list[str]:
    """Return *count* payloads, each made of pieces of others; the same ones every time."""
    random = Random(6)
    return [" ".join(random.sample(PLAIN, 2))[:20].strip() for _ in range(count)]


def read(made: bytes) -> PdfReader:
    """Return what a reader sees in a document."""
    return PdfReader(BytesIO(made))


def words(made: bytes) -> str:
    """Return the text of a document without any space, and without the places where a long word may break."""
    return re.sub(r"[\s\u200b]", "", "".join(page.extract_text() for page in read(made).pages))


def tags(made: bytes) -> set[str]:
    """Return the names of all tags in a document."""
    found: set[str] = set()
    rest: list[object] = [read(made).trailer["/Root"]["/StructTreeRoot"]]
    while rest:
        node = rest.pop()
        node = node.get_object() if isinstance(node, IndirectObject) else node
        if isinstance(node, ArrayObject):
            rest += list(node)
        elif isinstance(node, DictionaryObject):
            found.add(str(node.get("/S", "")))
            rest.append(node.get("/K"))
    return {tag.strip("/") for tag in found}


@pytest.fixture
def templates(monkeypatch, tmp_path) -> Path:
    """Return a folder for templates of a test."""
    folder = tmp_path / "templates"
    folder.mkdir()
    (folder / "paper.typ").write_bytes((FOLDER / "templates" / "paper.typ").read_bytes())
    monkeypatch.setattr(printing, "FOLDER", tmp_path)
    return folder


def sheet(templates: Path, shown: str) -> str:
    """Write a template that shows *shown* and return its name."""
    (templates / "sheet.typ").write_text(f'#import "paper.typ": data, ink, paper\n#show: paper.with()\n{shown}\n')
    return "sheet"


def everything(language: str = "nl", **values: str) -> dict[str, str]:
    return {"title": "Titel", "language": language, "text": "", **values}


# -- a document --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_board_is_one_sheet_a3_with_a_title_a_language_and_tags(catalogue: Catalogue, language):
    made = printed(catalogue, BOARD, "Bovenbouw", "Jet", TODAY, language)
    reader = read(made)
    (page,) = reader.pages
    root = reader.trailer["/Root"]
    assert [round(float(side) / 72 * 25.4) for side in page.mediabox[2:]] == [420, 297]
    assert root["/Lang"] == language
    assert root["/MarkInfo"]["/Marked"]
    assert reader.metadata is not None
    assert reader.metadata.title == {"nl": "Ons bord, Bovenbouw", "en": "Our board, Bovenbouw"}[language]
    assert b"pdfuaid" in made
    assert {"Document", "H1", "H2", "Table", "TH", "TD", "L", "LI"} <= tags(made)


def test_the_board_says_what_stands_on_it_and_not_how_people_arrived(catalogue):
    text = words(printed(catalogue, BOARD, "Bovenbouw", "Jet", TODAY, "nl"))
    for said in (
        *(goal.text for goal in BOARD.goals),
        *(part for one in BOARD.actions for part in (one.text, one.name, one.when)),
        *(line.text for line in BOARD.lines),
        *(
            "Spannend, tot en met",
            "Op koers, tot en met",
            "Bereikt, tot en met vrijdag 18 december",
            "Nog één week",
            "Kleiner gemaakt",
            "Losgelaten",
        ),
        *("Volgende keer leidt:Jet", "Leidt vandaag:", "leerKRACHT", "1 december 2026"),
    ):
        assert said.replace(" ", "") in text, said
    assert "Sanne" in text
    assert not re.search(r"gemengd|goed5|5goed", text)


def test_an_empty_board_has_room_to_write(catalogue):
    made = printed(catalogue, EMPTY, "", "", TODAY, "nl")
    text = words(made)
    assert text.startswith("Onsbord1december2026")
    assert text.count("Waarstaanwe?") == 3
    assert "Nogniets" not in text
    assert len(read(made).pages) == 1


@pytest.mark.parametrize(
    "text", ["W" * 300, "leerlingen vragen of zij het begrijpen " * 8, "https://example.org/" * 20]
)
def test_a_full_board_stays_one_sheet_and_says_what_was_cut(catalogue, text):
    made = printed(catalogue, filled(text), text, text, TODAY, "nl")
    assert len(read(made).pages) == 1
    assert words(made).count("…") == 45 + 6 + 2


def test_more_than_fits_is_counted(catalogue):
    board = filled("tekst")
    many = type(board)(board.week, board.day, "", actions=board.actions * 3, lines=board.lines * 4, goals=board.goals)
    text = words(printed(catalogue, many, "", "", TODAY, "nl"))
    assert "ennog24,indechat" in text
    assert text.count("ennog2,indechat") == 3


def test_the_same_board_is_the_same_file_and_tells_no_time(catalogue):
    once, again = (printed(catalogue, BOARD, "Bovenbouw", "Jet", TODAY, "nl") for _ in range(2))
    assert once == again
    assert b"/CreationDate" not in once


def test_sheets_can_be_made_at_the_same_time(catalogue):
    def one(number: int) -> str:
        return words(printed(catalogue, EMPTY, f"Team {number}", "", TODAY, "nl"))

    with ThreadPoolExecutor(4) as pool:
        made = list(pool.map(one, range(12)))
    assert [f"Onsbord,Team{number}1december" in text for number, text in enumerate(made)] == [True] * 12


def test_paper_has_the_colours_of_the_pictures():
    written = (FOLDER / "templates" / "paper.typ").read_text(encoding="utf-8")
    colours = dict(re.findall(r'(\w+): rgb\("(#\w+)"\)', written))
    assert len(colours) == 6
    assert colours.items() <= INK.items()


# -- whatever somebody wrote -------------------------------------------------------------------------------------------


def test_of_500_hostile_texts_every_one_stands_on_the_paper_as_it_was_written(catalogue):
    texts = hostile(500)
    for batch in (texts[place : place + 45] for place in range(0, 500, 45)):
        made = printed(catalogue, filled(*batch), "", "", TODAY, "nl")
        assert len(read(made).pages) == 1
        assert b"pdfuaid" in made
        seen = words(made)
        for text in batch:
            assert re.sub(r"\s", "", legible(text)) in seen, text


@pytest.mark.parametrize("text", TYPST)
def test_known_bad_a_template_that_reads_a_text_as_markup_is_seen(templates, text):
    """What the test above looks for: with `eval` the same texts do not come out as they were written."""
    good = sheet(templates, "= Kop\n#data.text")
    assert re.sub(r"\s", "", text) in words(pdf(good, everything(text=text)))
    bad = sheet(templates, '= Kop\n#eval(data.text, mode: "markup")')
    with suppress(PrintingFailed):  # some of them are no markup that can be read
        assert re.sub(r"\s", "", text) not in words(pdf(bad, everything(text=text)))


def test_no_template_reads_a_text_as_markup_or_brings_in_anything_from_outside():
    for path in (FOLDER / "templates").glob("*.typ"):
        code = re.sub(r"//.*", "", path.read_text(encoding="utf-8"))
        assert not re.search(r"\beval\b|\bplugin\b|\bread\(|@preview|@local", code), path.name
        assert set(re.findall(r'#import "([^"]+)"', code)) <= {"paper.typ"}


@pytest.mark.parametrize("text", [*SIGNS, "漢字 и ελληνικά שלום", "👍🏽"])
def test_signs_that_cannot_be_printed_stop_nothing(catalogue, text):
    made = printed(catalogue, filled(text), text, text, TODAY, "nl")
    assert len(read(made).pages) == 1
    assert {"H1", "Table", "TH"} <= tags(made)


def test_a_text_keeps_its_lines(templates):
    made = pdf(sheet(templates, "= Kop\n#data.text"), everything(text="een\n\ntwee 👍\r\ndrie\x00"))
    assert read(made).pages[0].extract_text().split() == ["Kop", "een", "twee", "drie"]


# -- when it cannot be made --------------------------------------------------------------------------------------------


def test_a_document_that_cannot_be_made_says_so_without_what_somebody_wrote(templates):
    name = sheet(templates, "#data.text.missing")
    with pytest.raises(PrintingFailed, match=r"^sheet: TypstError$") as caught:
        pdf(name, everything(text=SECRET))
    assert caught.value.__cause__ is None
    with pytest.raises(PrintingFailed, match=r"^nowhere: "):
        pdf("nowhere", everything(text=SECRET))


def test_a_font_that_is_not_there_is_noticed(templates, monkeypatch):
    printing._fonts.cache_clear()
    monkeypatch.setattr(printing, "FAMILY", "No Such Letters")
    with pytest.raises(PrintingFailed, match="sheet: FamilyNotInstalled"):
        pdf(sheet(templates, "= Kop"), everything())
    printing._fonts.cache_clear()


def test_letters_come_from_the_package_alone():
    assert printing._fonts().families() == [printing.FAMILY]


def test_starting_costs_nothing_of_printing():
    code = "import app.compose, content.boards, sys; print([m for m in ('typst', 'fontpkg') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
