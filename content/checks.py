"""
Lists everything that is wrong with the content in one run: for each fault the file, the line, the key, and what to do.

The kinds of faults live in the modules beside this one. Nothing is printed and nothing is repaired here. How a text
reads, and whether two languages mean the same, no program can tell; that is for people.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from jinja2 import TemplateSyntaxError
from ruamel.yaml.error import YAMLError

from content.board_prompts import check_prompts
from content.buttons import ENDINGS
from content.calendar_files import FREE_WORDS, free_words
from content.catalogue import FOLDER
from content.checking_models import check_compass, check_complete, check_models, check_style, hard_words
from content.checking_pairs import check_pairs
from content.checking_school_year import check_school_year
from content.checking_tables import check_table, check_words
from content.checking_texts import check_buttons, check_command_names, check_texts
from content.model_files import MAP, Head, read_heads, read_map
from content.samples import names_in, sample_environment
from content.yaml_files import LANGUAGES, STRUCTURE, Book, Fault, read_book, read_cards, read_structure
from dialogues.care import CareRules, stale
from dialogues.models import Form

__all__ = ["Fault", "Needed", "check"]


@dataclass(frozen=True, slots=True)
class Needed:
    """A message some route says: its key, the buttons whose words must stand with it, and the values it is given."""

    key: str
    choices: tuple[str, ...] = ()
    values: tuple[str, ...] = ()


def check(folder: Path = FOLDER, needed: Sequence[Needed] = (), today: date | None = None) -> list[Fault]:
    """
    Return every fault in the content, in the order of the files; an empty list when there is none.

    Args:
        folder: the content folder.
        needed: the messages the routes can say.
        today: with a day, the numbers of the help card must have been checked recently enough, and the school holidays
            be known for the coming months.
    """
    books = [read_book(folder, language) for language in LANGUAGES]
    shape = read_cards(folder)
    heads = read_heads(folder, {book.language: book for book in books})
    faults = [fault for book in (*books, shape) for fault in book.faults]
    for book in books:
        faults += check_texts(book)
        faults += check_buttons(book)
        faults += check_command_names(book)
        faults += check_style(book, hard_words(folder / "voice.md"))
        faults += _needed(book, needed, folder.name)
    faults += check_pairs(books, folder.name)
    faults += check_words(shape, books, folder.name)
    faults += check_table(shape, folder.name)
    faults += _models(heads, books, shape, folder)
    faults += check_school_year(shape, folder.name, today)
    faults += _care(folder, today)
    faults += _free_words(folder)
    faults += check_prompts(folder, {head.id for head in heads if Form.BOARD in head.names("forms")}, books[0])
    return sorted(set(faults))


def _models(heads: list[Head], books: list[Book], shape: Book, folder: Path) -> Iterator[Fault]:
    file = f"{folder.name}/{STRUCTURE}/{MAP}"
    try:
        rows = read_map(folder)
    except (YAMLError, KeyError, ValueError, TypeError, AttributeError) as error:
        yield Fault(file, 1, MAP, f"cannot be read ({type(error).__name__})", "Give every model the same fields")
        return
    yield from check_complete(heads, rows, folder.name)
    yield from check_models(heads, rows, books)
    yield from check_compass(shape, heads, books[0])


def _needed(book: Book, needed: Sequence[Needed], folder: str) -> Iterator[Fault]:
    environment = sample_environment(book.language)
    for one in needed:
        key = one.key if one.key in book.texts else f"{one.key}.text"
        leaf = book.texts.get(key)
        if leaf is None:
            file = f"{folder}/{book.language}/{one.key.partition('.')[0]}.yaml"
            yield Fault(file, 1, one.key, "an arrow leads to this step, and it has no words", "Write them")
            continue
        yield from _buttons(book, one)
        try:
            unknown = names_in(leaf.text, environment) - set(one.values) - {"boxes"}
        except TemplateSyntaxError:
            continue
        for name in sorted(unknown):
            given = ", ".join(one.values) or "nothing"
            yield Fault(leaf.file, leaf.line, key, f"asks for {{{name}}}", f"The route gives {given}")


def _buttons(book: Book, one: Needed) -> Iterator[Fault]:
    written = book.under(f"{one.key}.choices")
    file, line = book.lines[one.key]
    for choice in one.choices:
        common = choice in ENDINGS and f"common.choices.{choice}" in book.texts
        if choice not in written and not common and not choice.isdecimal():
            yield Fault(file, line, one.key, f"has no words for button {choice}", "Add it under choices")
    for choice in written:
        if choice not in one.choices:
            yield Fault(file, line, one.key, f"has words for button {choice}, which is never shown", "Remove it")


def _care(folder: Path, today: date | None) -> Iterator[Fault]:
    file = f"{folder.name}/{STRUCTURE}/care.yaml"
    try:
        rules = CareRules.from_data(read_structure(folder / STRUCTURE / "care.yaml"))
    except (ValueError, YAMLError) as error:
        yield Fault(file, 1, "care", f"cannot be read ({error})", "Look at the line or part named here")
        return
    for line in stale(rules, today) if today else ():
        yield Fault(file, 1, line, "was checked too long ago", "Check the number again, then change its date")


def _free_words(folder: Path) -> Iterator[Fault]:
    file = f"{folder.name}/{STRUCTURE}/{FREE_WORDS}"
    try:
        free_words(folder)
    except (ValueError, YAMLError) as error:
        yield Fault(file, 1, "free_words", f"cannot be read ({error})", "Look at the line or phrase named here")
