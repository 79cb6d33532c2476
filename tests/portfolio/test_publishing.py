"""The documents of a portfolio: everything chosen is in them, nothing else, and no text of anybody is markup."""

import re
from dataclasses import replace
from io import BytesIO
from itertools import cycle, islice

import pytest
import typst
from markdown_it import MarkdownIt
from pypdf import PdfReader

from content.drawing import SvgPainter
from content.lettering import legible
from content.publishing import PortfolioPublisher, escaped
from dialogues.coaching import Statement
from dialogues.conversation import Journey, Kind, Phase, Plan, Reflection, Result, Whose
from dialogues.portfolio import compose, themes
from tests.portfolio import sample
from tests.portfolio.sample import NOW, PAGE, at, page
from tests.reliability.hostile import TEXTS

TYPST = (
    '#eval("1+1")',
    "#{7*7}",
    '#image("/etc/passwd")',
    '#read("portfolio.typ")',
    "#set page(width: 1cm)",
    "#pagebreak()",
    "= kop",
    "*vet* _schuin_ $x^2$ `#panic()`",
    '") #panic("',
    "\\u{41} \\n \\",
    "// weg /* weg */",
    "<label> @ref",
    "#let x = data; #x",
    "]#panic()[",
)
MARKDOWN = (
    "# kop",
    "---",
    "===",
    "- punt\n- punt",
    "1. een\n2. twee",
    "12) een",
    "> citaat",
    "    code",
    "```\ncode\n```",
    "~~~",
    "![x](http://example.org/x.png)",
    "[x](javascript:alert(1))",
    "[x]: http://example.org",
    "<script>alert(1)</script>",
    "<!-- weg -->",
    "&lt;b&gt; &#60;",
    "a | b\n--|--",
    "* * *",
    "+ plus",
    "regel met twee spaties  \nen nog een",
    "\\# \\\\ \\",
    "```",
    "\t\ttab",
    "__init__ **x** ~~y~~",
    "http://example.org/<b>",
    "[^1]: voet",
    "$$x$$",
)
LONG = (
    "a" * 5000,
    "x-" * 900,
    "https://example.org/" + "pad" * 400,
    "😀" * 300,
    "漢字" * 200,
    "שלום " * 80,
    "\u202e" + "om " * 50,
)
HOSTILE = tuple(islice(cycle((*TEXTS, *TYPST, *MARKDOWN, *LONG)), 500))


@pytest.fixture(scope="module")
def publisher(catalogue):
    return PortfolioPublisher(catalogue, SvgPainter(catalogue))


def everything(of):
    return compose(of, {theme.id: [piece.id for piece in theme.pieces] for theme in themes(of)}, NOW)


def proposed(of):
    return compose(of, {theme.id: theme.usual for theme in themes(of) if theme.usual}, NOW)


def read(pdf):
    """The words of a PDF on one line, as they were written: hyphens and places where a line may break are no letters."""
    text = "\n".join(sheet.extract_text() for sheet in PdfReader(BytesIO(pdf)).pages)
    return plain(text)


def plain(text):
    return "".join(text.replace("\u200b", "").replace("\u00ad", "").split())


def hostile_page(texts):
    """A page of one journey in which every field that somebody can fill holds one of *texts*."""
    text = cycle(texts)
    journey = Journey(
        "j1", Whose.COLLEAGUE, next(text), next(text), next(text), at(2026, 9, 1), who=next(text), phase=Phase.ACTING
    )
    plans = tuple(
        Plan(f"p{number}", "j1", at(2026, 9, 2), moment=next(text), act=next(text), result=Result.DONE)
        for number in range(5)
    )
    journal = tuple(
        Reflection(f"r{number}", Kind.CHECKIN, one, at(2026, 9, 3), journey="j1") for number, one in enumerate(texts)
    )
    link = replace(sample.LINKS[0], name=next(text), organisation=next(text))
    statement = Statement("s1", link.coach, "j1", next(text), at(2026, 9, 4), answered=NOW, accepted=True)
    return replace(page(journeys=(journey,), plans=plans, links=(link,), statements=(statement,)), journal=journal)


@pytest.mark.parametrize("language", ["nl", "en"])
def test_everything_chosen_is_in_both_documents_word_for_word(publisher, language):
    portfolio = everything(PAGE)
    pdf, text = read(publisher.pdf(portfolio, language)), publisher.markdown(portfolio, language)
    for chapter in portfolio.chapters:
        for pieces in chapter.parts.values():
            for piece in pieces:
                for words in (piece.plan.act, piece.plan.moment) if piece.plan else (piece.text,):
                    assert plain(words) in pdf
                    assert words in text
        for one in chapter.agreed:
            assert plain(one.statement.text) in pdf
            assert one.statement.text in text
            assert one.organisation in text


def test_nothing_that_was_not_chosen_is_in_them(publisher):
    portfolio = proposed(PAGE)
    pdf, text = read(publisher.pdf(portfolio, "nl")), publisher.markdown(portfolio, "nl")
    chosen = {piece.id for chapter in portfolio.chapters for pieces in chapter.parts.values() for piece in pieces}
    left = [kept for kept in PAGE.journal if kept.text and kept.id not in chosen]
    assert {"r17", "r21", "r1", "r3"} <= {kept.id for kept in left}
    for kept in left:
        assert plain(kept.text) not in pdf
        assert kept.text not in text


@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_pdf_is_tagged_says_its_language_and_describes_the_path(publisher, language):
    reader = PdfReader(BytesIO(publisher.pdf(proposed(PAGE), language)))
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == language
    assert "/StructTreeRoot" in root
    assert reader.metadata.title == "Portfolio"
    pictures = [described for described in _alternatives(root["/StructTreeRoot"]) if described]
    assert len(pictures) == 2
    assert {"nl": "niet durven", "en": "not daring to"}[language] in pictures[1]


def _alternatives(node):
    node = node.get_object() if hasattr(node, "get_object") else node
    if isinstance(node, list):
        return [found for one in node for found in _alternatives(one)]
    if not isinstance(node, dict):
        return []
    own = [str(node["/Alt"])] if "/Alt" in node else []
    return own + (_alternatives(node["/K"]) if "/K" in node else [])


def test_a_theme_of_a_year_stays_on_about_one_page(publisher):
    pdf = PdfReader(BytesIO(publisher.pdf(proposed(PAGE), "nl")))
    assert len(pdf.pages) == 2  # two themes


def test_500_hostile_texts_become_no_markup_in_the_pdf_and_break_no_build(publisher):
    honest = len(PdfReader(BytesIO(publisher.pdf(everything(hostile_page(["gewoon"] * 50)), "nl"))).pages)
    for start in range(0, 500, 50):
        texts = HOSTILE[start : start + 50]
        made = publisher.pdf(everything(hostile_page(texts)), "nl")
        assert made.startswith(b"%PDF")
        assert len(PdfReader(BytesIO(made)).pages) >= honest - 1
        if start >= len({*TEXTS, *TYPST, *MARKDOWN, *LONG}):
            continue  # the same texts in other places; reading a PDF takes seconds
        words = read(made)
        for text in texts:
            if text in TYPST:
                assert plain(legible(text)) in words, text
        assert "49" not in words.replace("7*7", "").replace("2026", "")


@pytest.mark.parametrize("text", TYPST)
def test_markup_of_the_printer_is_printed_as_it_was_written(publisher, text):
    assert plain(legible(text)) in read(publisher.pdf(everything(hostile_page([text])), "en"))


def test_bad_variant_a_template_that_evaluates_what_was_written_would_be_seen(publisher):
    evil = typst.compile(b'#eval("#" + sys.inputs.told, mode: "markup")', sys_inputs={"told": "{7*7}"})
    assert "49" in read(evil)


RENDERED = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])


def tags(text):
    return sorted(re.findall(r"<(/?\w+)", RENDERED.render(text)))


def test_500_hostile_texts_become_no_markup_in_the_text(publisher):
    for start in range(0, 500, 50):
        texts = HOSTILE[start : start + 50]
        document = publisher.markdown(everything(hostile_page(texts)), "nl")
        shown = RENDERED.render(document)
        ours = {"h1", "h2", "h3", "p", "ul", "ol", "li", "img", "br"}
        assert {tag.strip("/") for tag in tags(document)} <= ours
        assert "javascript:" not in re.sub(r">[^<]*<", "><", shown)
        assert len(re.findall("<h1", shown)) == 1


@pytest.mark.parametrize("text", [*MARKDOWN, *TYPST, "a\n\n# b", "1) x\n- y\n> z"])
def test_a_text_reads_in_markdown_as_it_was_written(text):
    for around in ("{}", "- “{}” (dag)", "## {}"):
        if around.startswith("##") and "\n" in text:
            continue
        shown = RENDERED.render(around.format(escaped(text)))
        told = re.sub(r"<[^>]+>", "", shown)
        before, after = around.removeprefix("- ").removeprefix("## ").split("{}")
        for sign, written in (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&amp;", "&")):
            told = told.replace(sign, written)
        assert plain(told) == plain(f"{before}{text}{after}")
        inside = set(re.findall(r"<(\w+)", shown)) - {"br"}
        assert inside <= {"p", "li", "ul", "h2"}


def test_bad_variant_a_text_that_is_not_escaped_becomes_markup():
    assert "<h1" in RENDERED.render("# kop")
    assert "<script" in RENDERED.render("<script>alert(1)</script>")


def test_the_path_is_a_picture_that_needs_nobody_in_the_text(publisher):
    document = publisher.markdown(proposed(PAGE), "nl")
    pictures = re.findall(
        r'<img src="(data:image/png;base64,[^"]+)" alt="De weg door de fasen"', RENDERED.render(document)
    )
    assert len(pictures) == 2
    assert "http://" not in document


def test_a_journey_that_was_never_placed_has_no_picture_and_says_so(publisher):
    journeys = tuple(replace(journey, phase=None) for journey in sample.JOURNEYS)
    bare = replace(page(journeys=journeys), journal=tuple(replace(kept, phase=None) for kept in sample.JOURNAL))
    document = publisher.markdown(proposed(bare), "nl")
    assert "Dit traject is nog niet in een fase geplaatst." in document
    assert "data:image" not in document
    assert "nogniet" in read(publisher.pdf(proposed(bare), "nl"))


def test_several_journeys_in_one_theme_stand_in_one_picture_with_numbers_that_go_on(publisher):
    two = (sample.JOURNEYS[0], replace(sample.JOURNEYS[1], topic=sample.JOURNEYS[0].topic))
    portfolio = proposed(page(journeys=two))
    document = publisher.markdown(portfolio, "nl")
    assert document.count("data:image/png") == 1
    assert "7. 8 september 2026: nog niet willen" in document
    assert publisher.pdf(portfolio, "nl").startswith(b"%PDF")
