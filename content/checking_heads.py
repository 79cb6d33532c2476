"""
Checks what stands at the head of a model file: its fields, what they hold, and whether they are written as what they are.

The elements and the words of a model are checked in `checking_models.py`. What is used for both stands here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from content.model_files import FOLDER, Head, Part
from content.yaml_files import LANGUAGES, Book, Fault
from dialogues.models import Form

HEAD = frozenset(
    "authors forms factors phases scope scale picture rounds tags words start code users".split()  # noqa: SIM905 - a list
)
LISTS = frozenset({"forms", "factors", "phases", "tags"})
TABLES = frozenset({"rounds", "words", *LANGUAGES})
FIELDS = frozenset({"term", "meaning", "item", "question", "board", "left", "right", "parts"})
STARTS = ("wicked", "journey", "vision", "matrix", "plan")
NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,59}")
"""What a file, an element, a statement or a round may be called."""

_CODE = re.compile(r"m\d{1,3}")


def check_head(head: Head, factors: Sequence[str]) -> Iterator[Fault]:
    """Yield what is wrong with the fields of *head*; *factors* are those there are."""
    yield from _types(head)
    yield from _head(head, factors)


def fault(head: Head, name: str, what: str, remedy: str) -> Fault:
    """Return a fault of a model, at the line of its field *name*, or at its first line without such a field."""
    return Fault(head.file, head.lines.get(name, 1), f"{FOLDER}.{head.id}", what, remedy)


def check_code(head: Head, codes: dict[str, str]) -> Iterator[Fault]:
    """Yield what is wrong with the code of a model that is not in the map, and add it to *codes*, model by code."""
    code = head.text("code")
    if not _CODE.fullmatch(code):
        yield fault(head, "code", "has no code to type", "Add a line such as: code: m201")
    elif codes.setdefault(code, head.id) != head.id:
        yield fault(head, "code", f"has code {code}, which is that of {codes[code]}", "Choose another number")


def check_parts(key: str, known: frozenset[str], words: Book) -> Iterator[Fault]:
    """Yield what stands under *key* with a name that is none, or with fields that are not *known*."""
    for part in words.under(key):
        if not NAME.fullmatch(part):
            file, line = words.lines[f"{key}.{part}"]
            yield Fault(file, line, f"{key}.{part}", "has a name with other signs than a-z, 0-9, - and _", "Rename it")
        for name in sorted(set(words.under(f"{key}.{part}")) - known):
            file, line = words.lines[f"{key}.{part}.{name}"]
            yield Fault(file, line, f"{key}.{part}.{name}", "is an unknown field", f"Use {', '.join(sorted(known))}")


def check_there(key: str, name: str, words: Book) -> Iterator[Fault]:
    """Yield whether what stands under *key* has no *name*."""
    if f"{key}.{name}" not in words.texts:
        file, line = words.lines[key]
        yield Fault(file, line, key, f"has no {name}", "Write it in both languages")


def _types(head: Head) -> Iterator[Fault]:
    """Yield the fields that were not written as what they are: a list, a table of lists or of texts, or one text."""
    for name in sorted(head.fields):
        value = head.fields[name]
        if name in LISTS:
            if not isinstance(value, list):
                yield fault(head, name, f"has {name} that are no list", f"Write {name}: [one, two]")
        elif name in TABLES:
            yield from _table(head, name, value)
        elif name in HEAD and not isinstance(value, str):
            yield fault(head, name, f"has more than one text as {name}", f"Write one text behind {name}:")


def _table(head: Head, name: str, value: Part) -> Iterator[Fault]:
    inner, example = (list, "one: [first, second]") if name == "rounds" else (str, "term: one text")
    if not isinstance(value, dict):
        yield fault(head, name, f"has nothing under {name}", "Write its names below it, each with a colon")
        return
    for part in value:
        if not isinstance(value[part], inner):
            yield fault(
                head, name, f"has {part} in its {name}, which is not written as it should be", f"As in {example}"
            )
        elif name == "words" and part not in FIELDS:
            yield fault(
                head, name, f"has {part} in its words, which no element has", f"Use {', '.join(sorted(FIELDS))}"
            )


def _head(head: Head, factors: Sequence[str]) -> Iterator[Fault]:
    if not NAME.fullmatch(head.id):
        yield fault(head, "", "has a name with other signs than a-z, 0-9 and -", "Rename the file")
    for name in sorted(head.fields.keys() - HEAD - set(LANGUAGES)):
        yield fault(head, name, f"has an unknown field {name}", f"Use one of {', '.join(sorted(HEAD))}")
    if not head.fields.get("authors"):
        yield fault(head, "authors", "names no authors", "Add a line such as: authors: Senge (1990)")
    yield from _among(head, "forms", tuple(Form), "Add a line such as: forms: [scan].")
    yield from _among(head, "factors", factors, "Add a line such as: factors: [vision].")
    if any(phase not in tuple("1234567") for phase in head.names("phases")):
        yield fault(head, "phases", "has a phase that is not 1 to 7", "Correct it")
    if head.text("start") and head.text("start") not in STARTS:
        yield fault(
            head, "start", f"starts {head.text('start')}, which nothing does", f"Use one of {', '.join(STARTS)}"
        )


def _among(head: Head, name: str, known: Sequence[str], example: str) -> Iterator[Fault]:
    """Yield whether the list *name* is empty, or holds something that is not *known*."""
    if not head.fields.get(name):
        yield fault(head, name, f"has no {name}", f"{example} There are {', '.join(known)}")
    for one_ in head.names(name):
        if one_ not in known:
            yield fault(head, name, f"has {one_} among its {name}, which is unknown", f"Use {', '.join(known)}")
