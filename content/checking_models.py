"""
Checks the models: whether each has its place, its form, all its elements, and plain words.

What stands at the head of a file is checked in `checking_heads.py`, what a scan needs in `checking_scans.py`.
`check_models` and `check_compass` look at structure only and are quick: the program does not start when they find
anything. `check_style` looks at how the texts read. That both languages have the same keys is checked in
`checking_pairs.py`, as for all words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from pathlib import Path

from content.checking_heads import FIELDS, check_code, check_head, check_parts, check_there, fault
from content.checking_scans import check_scan
from content.model_files import FOLDER, MAP, Head, Row
from content.structure import listed, one
from content.yaml_files import STRUCTURE, Book, Fault
from dialogues.models import Form

OF_FORM = {
    Form.SCAN: "item",
    Form.SET: "question",
    Form.STATION: "question",
    Form.WALK: "question",
    Form.BOARD: "board",
}
FORM_OF_USE = {"SC": Form.SCAN, "RS": Form.SET, "VD": Form.STATION, "BP": Form.BOARD}
OWN_WORDS = frozenset({"title", "about", "ask", "caution", "rounds", "elements", "items", "authors"})
_USE = {"scan": frozenset({Form.SCAN}), "set of questions": frozenset({Form.SET, Form.STATION, Form.WALK})}
STATIONS = 7
LONGEST_SENTENCE = 12.0
"""Words a sentence of one file may have on average (the voice of the guide: plain, B1)."""

_SENTENCE = re.compile(r"[.?:]\s+")


def check_complete(heads: Sequence[Head], rows: Mapping[str, Row], folder: str) -> Iterator[Fault]:
    """Yield the models of the article that have no file."""
    for id_ in rows.keys() - {head.id for head in heads}:
        yield Fault(f"{folder}/{STRUCTURE}/{MAP}", 1, id_, "has no file", f"Write {folder}/{FOLDER}/{id_}.yaml")


def check_models(heads: Sequence[Head], rows: Mapping[str, Row], books: Sequence[Book]) -> Iterator[Fault]:
    """Yield what is wrong with the structure of the models that are there, and where they differ from the map."""
    words = books[0]
    codes: dict[str, str] = {row.code: id_ for id_, row in rows.items()}
    yield from _names_with_dots(words)
    for head in heads:
        yield from check_head(head, words.under("topics.factors"))
        row = rows.get(head.id)
        if row:
            yield from _against_the_map(head, row, words)
        else:
            yield from check_code(head, codes)
        yield from _elements(head, words, books)
        if Form.SCAN in head.names("forms"):
            yield from check_scan(head, words)


def check_compass(shape: Book, heads: Sequence[Head], words: Book) -> Iterator[Fault]:
    """Yield what the stations, the ladder or the preferences name and that is not there, or is no use there."""
    if not heads:
        return
    forms = {head.id: frozenset(head.names("forms")) for head in heads}
    for key, name, kind in _named(shape):
        id_, _, element = name.partition(".")
        if id_ not in forms or (element and element not in words.under(f"{FOLDER}.{id_}.elements")):
            yield _at(shape, key, f"names {name}, which is no model", "Correct the name, or add the model")
        elif not forms[id_] & _USE[kind]:
            yield _at(shape, key, f"names {name}, which is no {kind}", f"Name a {kind}, or give it that form")
    preferences, ladder = one(shape, "compass.preferences"), one(shape, "compass.ladder")
    for way in shape.under("compass.prefers"):
        if way not in words.under(f"{FOLDER}.{preferences}.elements"):
            yield _at(shape, f"compass.prefers.{way}", f"is no element of {preferences}", "Correct the name")
    for rung in words.under(f"{FOLDER}.{ladder}.elements")[1:]:
        if f"reflect.rungs.{rung}" not in words.texts:
            yield _at(shape, "compass.ladder", f"asks for reflect.rungs.{rung}, which has no words", "Write them")
    yield from _stations(shape)


def _stations(shape: Book) -> Iterator[Fault]:
    found = shape.under("compass.stations")
    if found and len(found) != STATIONS:
        what = f"has {len(found)} stations, Tabel 7 has {STATIONS}"
        yield _at(shape, "compass.stations", what, "Make them as in the source")
    for name in found:
        key = f"compass.stations.{name}"
        if one(shape, f"{key}.work") not in ("own", "shared"):
            yield _at(shape, key, "does not say who works on it", "Add a line such as: work: own. Or: work: shared")
        if not listed(shape, f"{key}.tools"):
            yield _at(shape, key, "has no tools", "Name at least one model with questions")


def _at(shape: Book, key: str, what: str, remedy: str) -> Fault:
    file, line = shape.lines[key]
    return Fault(file, line, key, what, remedy)


def _named(shape: Book) -> Iterator[tuple[str, str, str]]:
    """Yield (key, name, kind) for every model that is named there."""
    deeper = [(f"compass.deeper.{phase}", "set of questions") for phase in shape.under("compass.deeper")]
    for key, kind in [("compass.ladder", "set of questions"), ("compass.preferences", "scan"), *deeper]:
        if name := one(shape, key):
            yield key, name, kind
    for station in shape.under("compass.stations"):
        for part, kind in (("tools", "set of questions"), ("scans", "scan")):
            key = f"compass.stations.{station}.{part}"
            yield from ((key, name, kind) for name in listed(shape, key))


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


def check_halves(books: Sequence[Book]) -> Iterator[Fault]:
    """
    Yield the words of models that one language has and another has not.

    `checking_pairs.py` says more about them. This is quick, and enough not to start: a leader would meet the gap.
    """
    for book in books:
        for other in books:
            for key in other.texts.keys() - book.texts.keys():
                if key.startswith(f"{FOLDER}."):
                    leaf = other.texts[key]
                    what = f"missing in {book.language} (present in {other.language})"
                    yield Fault(leaf.file, leaf.line, key, what, f"Add it, or remove it from {other.language}")


# -- one model ---------------------------------------------------------------------------------------------------


def _names_with_dots(words: Book) -> Iterator[Fault]:
    """Yield names that hold a dot: a dot stands between a name and what is in it, so such a one would be lost."""
    for key, (file, line) in words.lines.items():
        above = key.rpartition(".")[0]
        if key.startswith(f"{FOLDER}.") and above.count(".") > 1 and above not in words.lines:
            yield Fault(file, line, key, "has a dot in its name", "Use a-z, 0-9 and _")


def _against_the_map(head: Head, row: Row, words: Book) -> Iterator[Fault]:
    key = f"{FOLDER}.{head.id}.elements"
    elements = words.under(key)
    if head.text("code") not in ("", row.code):
        yield fault(head, "code", f"has code {head.text('code')}, the map says {row.code}", "Remove the line")
    parts = sum(len(words.under(f"{key}.{element}.parts")) for element in elements)
    for counted, expected, what in ((len(elements), row.count, "elements"), (parts, row.parts, "parts of elements")):
        if counted != expected:
            yield fault(
                head, "", f"has {counted} {what}, the map says {expected}", "Write what lacks, or join what is double"
            )
    if row.prio == "C":
        return
    needed = {FORM_OF_USE[use] for use in row.use if use in FORM_OF_USE} or {Form.SET}
    for form in sorted(needed - set(head.names("forms"))):
        yield fault(head, "forms", f"lacks the form {form}", f"The map uses it as {', '.join(row.use)}")


def _elements(head: Head, words: Book, books: Sequence[Book]) -> Iterator[Fault]:
    key = f"{FOLDER}.{head.id}"
    for name in words.under(key):
        if name not in OWN_WORDS:
            file, line = words.lines[f"{key}.{name}"]
            yield Fault(file, line, f"{key}.{name}", "is an unknown field", f"Use {', '.join(sorted(OWN_WORDS))}")
    for name in ("title", "about", "ask"):
        if f"{key}.{name}" not in words.texts:
            yield fault(head, "nl", f"has no {name}", f"Write {name}: under nl and en")
    if not words.under(f"{key}.elements"):
        yield fault(head, "nl", "has no elements", "Write at least one under elements:, in nl and en")
    yield from check_parts(f"{key}.elements", FIELDS, words)
    own_items = words.under(f"{key}.items")
    needed = [
        name for form, name in OF_FORM.items() if form in head.names("forms") and not (name == "item" and own_items)
    ]
    elsewhere = head.table("words")
    for element in words.under(f"{key}.elements"):
        for name in dict.fromkeys(("term", "meaning", *needed)):
            pattern = elsewhere.get(name)
            if isinstance(pattern, str):
                yield from _elsewhere(head, pattern.replace("{e}", element), books)
            else:
                yield from check_there(f"{key}.elements.{element}", name, words)


def _elsewhere(head: Head, key: str, books: Sequence[Book]) -> Iterator[Fault]:
    for book in books:
        if key not in book.texts:
            yield fault(head, "words", f"points to {key}, which has no words ({book.language})", "Correct the pattern")
