"""The words of the pages: everything a template asks for is there in both languages, and nothing is there for nobody."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import dashboard
from content.yaml_files import LANGUAGES, read_book

FOLDER = Path(dashboard.__file__).parent
CONTENT = FOLDER.parent / "content"
SOURCES = [*(FOLDER / "templates").glob("*.html"), *FOLDER.glob("*.py")]
ASKED = re.compile(r"""["'](dashboard\.[\w.]+)["']""")
MADE = re.compile(r"""["'](dashboard\.[\w.]+\.)["'] ~|f["'](dashboard\.[\w.]+\.)\{""")


@pytest.fixture(scope="module")
def asked() -> set[str]:
    return {key for source in SOURCES for key in ASKED.findall(source.read_text("utf-8"))}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_word_a_template_asks_for_is_there(asked, language):
    book = read_book(CONTENT, language)
    there = set(book.texts) | {key.rpartition(".")[0] for key in book.texts}
    assert {key for key in asked if not key.endswith(".")} - there == set()


def test_no_word_of_the_pages_is_there_for_nobody(asked):
    sources = "".join(source.read_text("utf-8") for source in SOURCES)
    made = {part for found in MADE.findall(sources) for part in found if part} | {
        key for key in asked if key.endswith(".")
    }
    book = read_book(CONTENT, LANGUAGES[0])
    unused = [
        key
        for key in book.texts
        if key.startswith("dashboard.")
        and key not in asked
        and key.rpartition(".")[0] not in asked
        and not key.startswith(tuple(made) or ("-",))
    ]
    assert unused == []


def test_no_page_says_a_sentence_of_its_own():
    for template in (FOLDER / "templates").glob("*.html"):
        bare = re.sub(r"\{[%{#].*?[%}#]\}|<[^>]*>|&\w+;", "", template.read_text("utf-8"), flags=re.DOTALL)
        assert not re.search(r"[A-Za-z]{3}", bare), template.name
