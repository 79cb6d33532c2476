"""Checks whether two languages say the same things: same files, keys, buttons and gaps. How well is for a reader."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from jinja2 import TemplateSyntaxError

from content.samples import names_in, sample_environment
from content.yaml_files import Book, Fault


def check_pairs(books: Sequence[Book], folder: str) -> Iterator[Fault]:
    """Yield where *books* differ; *folder* is how the content folder is called in a fault."""
    for book in books:
        for other in books:
            if other is not book:
                yield from _missing(book, other, folder)
    first = books[0]
    for other in books[1:]:
        yield from _different_gaps(first, other)
        yield from _different_buttons(first, other)


def _missing(book: Book, other: Book, folder: str) -> Iterator[Fault]:
    """Yield what *other* has and *book* has not, beside the text after which it belongs."""
    before: dict[str, int] = {}
    absent = [name for name in other.files if name not in book.files]
    damaged = {f"{fault.key}.yaml" for fault in (*book.faults, *other.faults) if "." not in fault.key}
    for name in absent:
        remedy = f"Write it, or remove it from {other.language}"
        yield Fault(f"{folder}/{book.language}/{name}", 1, name.removesuffix(".yaml"), _present(other, book), remedy)
    for key, (place, _) in other.lines.items():
        file = place.rpartition("/")[2]
        if file in absent or file in damaged or _beyond_pairing(key):
            continue
        if key in book.lines:
            before[file] = book.lines[key][1]
        elif key.rpartition(".")[0] in book.lines or key.count(".") == 1:
            remedy = f"Add it, or remove it from {other.language}"
            # A model has both languages in one file.
            there = place if key.startswith("models.") else f"{folder}/{book.language}/{file}"
            yield Fault(there, before.get(file, 1), key, _present(other, book), remedy)
        # A key inside one that is missing itself needs no fault of its own.
    for key in other.lines.keys() & book.lines.keys():
        if (key in other.texts) != (key in book.texts) and not _unread(key, book, other):
            file, line = book.lines[key]
            yield Fault(file, line, key, f"is not built as in {other.language}", "Give both the same keys")


def _present(other: Book, book: Book) -> str:
    return f"missing in {book.language} (present in {other.language})"


def _beyond_pairing(key: str) -> bool:
    """Tell whether a language may have its own: what people say for something differs between languages."""
    return key.startswith(("synonyms.", "matching.")) or key.endswith((".also", ".words"))


def _unread(key: str, *books: Book) -> bool:
    return any(fault.key == key for book in books for fault in book.faults)


def _different_gaps(first: Book, other: Book) -> Iterator[Fault]:
    environment = sample_environment(first.language)
    for key, leaf in other.texts.items():
        if key not in first.texts or "{" not in leaf.text + first.texts[key].text:
            continue
        try:
            asked = names_in(leaf.text, environment)
            expected = names_in(first.texts[key].text, environment)
        except TemplateSyntaxError:
            continue
        if asked != expected:
            what = f"asks for {_braces(asked)}, {first.language} asks for {_braces(expected)}"
            yield Fault(leaf.file, leaf.line, key, what, "Use the same gaps in both")


def _different_buttons(first: Book, other: Book) -> Iterator[Fault]:
    for key in other.lines:
        if not key.endswith(".choices") or key not in first.lines:
            continue
        mine, theirs = other.under(key), first.under(key)
        if mine != theirs and set(mine) == set(theirs):
            file, line = other.lines[key]
            what = f"has its buttons in another order than {first.language} ({', '.join(theirs)})"
            yield Fault(file, line, key, what, "Use one order")


def _braces(names: Iterable[str]) -> str:
    return "{" + ", ".join(sorted(names)) + "}"
