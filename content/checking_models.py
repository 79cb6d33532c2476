"""
Checks the models: whether each has its place, its form, all its elements, and plain words.

`check_models` looks at structure only and is quick: the program does not start when it finds anything. `check_style` looks
at how the texts read. That both languages have the same keys is checked in `checking_pairs.py`, as for all words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from pathlib import Path

from content.model_files import FOLDER, MAP, Head, Row
from content.structure import listed, one
from content.yaml_files import STRUCTURE, Book, Fault
from dialogues.models import Form

HEAD = frozenset(
    "authors forms factors phases scope scale picture rounds tags words start code users".split()  # noqa: SIM905 - a list
)
OF_FORM = {
    Form.SCAN: "item",
    Form.SET: "question",
    Form.STATION: "question",
    Form.WALK: "question",
    Form.BOARD: "board",
}
FORM_OF_USE = {"SC": Form.SCAN, "RS": Form.SET, "VD": Form.STATION, "BP": Form.BOARD}
SCALES = ("fit", "often", "strong", "size", "slider")
SCOPES = ("own", "team", "school")
PICTURES = ("bars", "sliders", "landscape")
STARTS = ("wicked", "journey", "vision", "matrix", "plan")
OWN_WORDS = frozenset({"title", "about", "ask", "caution", "rounds", "elements", "items", "authors"})
FIELDS = frozenset({"term", "meaning", "item", "question", "board", "left", "right", "parts"})
MOST_ITEMS = 12
"""Statements in one go; a longer scan has rounds."""
LONGEST_SENTENCE = 12.0
"""Words a sentence of one file may have on average (the voice of the guide: plain, B1)."""

_CODE = re.compile(r"m\d{1,3}")
_ID = re.compile(r"[a-z0-9][a-z0-9_-]{0,59}")
_SENTENCE = re.compile(r"[.?:]\s+")


def check_complete(heads: Sequence[Head], rows: Mapping[str, Row], folder: str) -> Iterator[Fault]:
    """Yield the models of the article that have no file."""
    for id_ in rows.keys() - {head.id for head in heads}:
        yield Fault(f"{folder}/{STRUCTURE}/{MAP}", 1, id_, "has no file", f"Write {folder}/{FOLDER}/{id_}.yaml")


def check_models(heads: Sequence[Head], rows: Mapping[str, Row], books: Sequence[Book]) -> Iterator[Fault]:
    """Yield what is wrong with the structure of the models that are there, and where they differ from the map."""
    words = books[0]
    codes: dict[str, str] = {row.code: id_ for id_, row in rows.items()}
    for head in heads:
        yield from _head(head, words)
        row = rows.get(head.id)
        if row:
            yield from _against_the_map(head, row, words)
        else:
            yield from _code(head, codes)
        yield from _elements(head, words, books)
        if Form.SCAN in head.names("forms"):
            yield from _scan(head, words)


def check_compass(shape: Book, heads: Sequence[Head], words: Book) -> Iterator[Fault]:
    """Yield the models that the stations, the ladder or the preferences name, and that are not there."""
    if not heads:
        return
    known = {head.id for head in heads}
    named = [
        ("compass.ladder", one(shape, "compass.ladder")),
        ("compass.preferences", one(shape, "compass.preferences")),
    ]
    named += [
        (f"compass.deeper.{phase}", one(shape, f"compass.deeper.{phase}")) for phase in shape.under("compass.deeper")
    ]
    for station in shape.under("compass.stations"):
        for kind in ("tools", "scans"):
            key = f"compass.stations.{station}.{kind}"
            named += [(key, tool) for tool in listed(shape, key)]
    for key, tool in named:
        id_, _, element = tool.partition(".")
        if tool and (id_ not in known or (element and element not in words.under(f"{FOLDER}.{id_}.elements"))):
            file, line = shape.lines[key]
            yield Fault(file, line, key, f"names {tool}, which is no model", "Correct the name, or add the model")


def check_style(book: Book, hard: frozenset[str]) -> Iterator[Fault]:
    """Yield files whose sentences are long on average, and texts with a word from the list of *hard* ones."""
    lengths: dict[str, list[int]] = {}
    for key, leaf in book.texts.items():
        parts = key.split(".")
        if parts[0] != FOLDER or parts[-1] in ("authors", "title", "term", "left", "right"):
            continue
        lengths.setdefault(parts[1], []).extend(len(part.split()) for part in _SENTENCE.split(leaf.text))
        for word in re.findall(r"[^\W\d_]+", leaf.text.lower()):
            if word in hard:
                yield Fault(leaf.file, leaf.line, key, f"uses “{word}”", "Say it in a plainer word")
    for id_, counted in lengths.items():
        average = sum(counted) / len(counted)
        if average > LONGEST_SENTENCE:
            file, line = book.lines[f"{FOLDER}.{id_}"]
            what = (
                f"has sentences of {average:.1f} words on average ({book.language}), {LONGEST_SENTENCE:.0f} is the most"
            )
            yield Fault(file, line, f"{FOLDER}.{id_}", what, "Cut the long ones in two")


def hard_words(voice: Path) -> frozenset[str]:
    """Return the words on the line of *voice* that begins with "Hard words:", or none when there is no such file."""
    if not voice.exists():
        return frozenset()
    lines = voice.read_text(encoding="utf-8").splitlines()
    found = chain.from_iterable(line.partition(":")[2].split(",") for line in lines if line.startswith("Hard words"))
    return frozenset(word.strip(" .").lower() for word in found if word.strip(" ."))


# -- one head ----------------------------------------------------------------------------------------------------


def _fault(head: Head, name: str, what: str, remedy: str) -> Fault:
    return Fault(head.file, head.lines.get(name, 1), f"{FOLDER}.{head.id}", what, remedy)


def _head(head: Head, words: Book) -> Iterator[Fault]:
    if not _ID.fullmatch(head.id):
        yield _fault(head, "", "has a name with other signs than a-z, 0-9 and -", "Rename the file")
    for name in sorted(head.fields.keys() - HEAD):
        yield _fault(head, name, f"has an unknown field {name}", f"Use one of {', '.join(sorted(HEAD))}")
    if not head.text("authors"):
        yield _fault(head, "authors", "names no authors", "Add a line such as: authors: Senge (1990)")
    yield from _among(head, "forms", tuple(Form), "Add a line such as: forms: [scan].")
    yield from _among(head, "factors", words.under("topics.factors"), "Add a line such as: factors: [vision].")
    if any(phase not in "1234567" for phase in head.names("phases")):
        yield _fault(head, "phases", "has a phase that is not 1 to 7", "Correct it")
    if head.text("start") and head.text("start") not in STARTS:
        yield _fault(
            head, "start", f"starts {head.text('start')}, which nothing does", f"Use one of {', '.join(STARTS)}"
        )


def _among(head: Head, name: str, known: Sequence[str], example: str) -> Iterator[Fault]:
    """Yield whether the list *name* is empty, or holds something that is not *known*."""
    if not head.names(name):
        yield _fault(head, name, f"has no {name}", f"{example} There are {', '.join(known)}")
    for one_ in head.names(name):
        if one_ not in known:
            yield _fault(head, name, f"has {one_} among its {name}, which is unknown", f"Use {', '.join(known)}")


def _code(head: Head, codes: dict[str, str]) -> Iterator[Fault]:
    code = head.text("code")
    if not _CODE.fullmatch(code):
        yield _fault(head, "code", "has no code to type", "Add a line such as: code: m201")
    elif codes.setdefault(code, head.id) != head.id:
        yield _fault(head, "code", f"has code {code}, which is that of {codes[code]}", "Choose another number")


def _against_the_map(head: Head, row: Row, words: Book) -> Iterator[Fault]:
    key = f"{FOLDER}.{head.id}.elements"
    elements = words.under(key)
    parts = sum(len(words.under(f"{key}.{element}.parts")) for element in elements)
    for counted, expected, what in ((len(elements), row.count, "elements"), (parts, row.parts, "parts of elements")):
        if counted != expected:
            yield _fault(
                head, "", f"has {counted} {what}, the map says {expected}", "Write what lacks, or join what is double"
            )
    if row.prio == "C":
        return
    needed = {FORM_OF_USE[use] for use in row.use if use in FORM_OF_USE} or {Form.SET}
    for form in sorted(needed - set(head.names("forms"))):
        yield _fault(head, "forms", f"lacks the form {form}", f"The map uses it as {', '.join(row.use)}")


def _elements(head: Head, words: Book, books: Sequence[Book]) -> Iterator[Fault]:
    key = f"{FOLDER}.{head.id}"
    for name in words.under(key):
        if name not in OWN_WORDS:
            file, line = words.lines[f"{key}.{name}"]
            yield Fault(file, line, f"{key}.{name}", "is an unknown field", f"Use {', '.join(sorted(OWN_WORDS))}")
    for name in ("title", "about", "ask"):
        if f"{key}.{name}" not in words.texts:
            yield _fault(head, "nl", f"has no {name}", f"Write {name}: under nl and en")
    own_items = words.under(f"{key}.items")
    needed = ["term", "meaning"]
    needed += [
        name for form, name in OF_FORM.items() if form in head.names("forms") and not (name == "item" and own_items)
    ]
    elsewhere = head.table("words")
    for element in words.under(f"{key}.elements"):
        at = f"{key}.elements.{element}"
        for name in set(words.under(at)) - FIELDS:
            file, line = words.lines[f"{at}.{name}"]
            yield Fault(file, line, f"{at}.{name}", "is an unknown field", f"Use {', '.join(sorted(FIELDS))}")
        for name in dict.fromkeys(needed):
            pattern = elsewhere.get(name)
            if not isinstance(pattern, str):
                if f"{at}.{name}" not in words.texts:
                    file, line = words.lines[at]
                    yield Fault(file, line, at, f"has no {name}", "Write it in both languages")
                continue
            yield from _elsewhere(head, pattern.replace("{e}", element), books)


def _elsewhere(head: Head, key: str, books: Sequence[Book]) -> Iterator[Fault]:
    for book in books:
        if key not in book.texts:
            yield _fault(head, "words", f"points to {key}, which has no words ({book.language})", "Correct the pattern")


def _scan(head: Head, words: Book) -> Iterator[Fault]:
    key = f"{FOLDER}.{head.id}"
    for name, allowed in (("scale", SCALES), ("scope", SCOPES), ("picture", (*PICTURES, ""))):
        if head.text(name) not in allowed:
            yield _fault(
                head, name, f"is a scan with no known {name}", f"Use one of {', '.join(filter(None, allowed))}"
            )
    own = words.under(f"{key}.items")
    items = own or words.under(f"{key}.elements")
    rounds = [item for part in head.table("rounds").values() if isinstance(part, list) for item in part]
    if rounds and rounds != list(items):
        yield _fault(head, "rounds", "has rounds that do not hold every statement once, in order", "Put them right")
    if not rounds and len(items) > MOST_ITEMS:
        yield _fault(
            head, "forms", f"has {len(items)} statements in one go", "Divide them over rounds of four to seven"
        )
    for name in head.table("rounds"):
        if f"{key}.rounds.{name}" not in words.texts:
            yield _fault(head, "rounds", f"has a round {name} without a name", "Name it under nl and en")
    ends = ("left", "right") if head.text("scale") == "slider" else ()
    of_own = ("term", "item") if own else ()
    base = f"{key}.items" if own else f"{key}.elements"
    for item in items:
        for name in (*ends, *of_own):
            if f"{base}.{item}.{name}" not in words.texts:
                file, line = words.lines[f"{base}.{item}"]
                yield Fault(file, line, f"{base}.{item}", f"has no {name}", "Write it in both languages")
