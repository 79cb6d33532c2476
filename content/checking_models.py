"""
Checks the models: whether each has its place, its form, all its elements, and plain words.

What stands at the head of a file is checked in `checking_heads.py`. `check_models` and `check_compass` look at structure
only and are quick: the program does not start when they find anything. `check_style` looks at how the texts read. That
both languages have the same keys is checked in `checking_pairs.py`, as for all words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from pathlib import Path

from content.checking_heads import FIELDS, NAME, check_code, check_head, fault
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
OF_ITEM = frozenset({"term", "item", "left", "right"})
_USE = {"scan": frozenset({Form.SCAN}), "set of questions": frozenset({Form.SET, Form.STATION, Form.WALK})}
SCALES = ("fit", "often", "strong", "size", "slider")
SCOPES = ("own", "team", "school")
PICTURES = ("bars", "sliders", "landscape")
MOST_ITEMS = 12
"""Statements in one go; a longer scan has rounds."""
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
            yield from _scan(head, words)


def check_compass(shape: Book, heads: Sequence[Head], words: Book) -> Iterator[Fault]:
    """Yield what the stations, the ladder or the preferences name and that is not there, or is no use there."""
    if not heads:
        return
    forms = {head.id: frozenset(head.names("forms")) for head in heads}
    for key, name, kind in _named(shape):
        id_, _, element = name.partition(".")
        file, line = shape.lines[key]
        if id_ not in forms or (element and element not in words.under(f"{FOLDER}.{id_}.elements")):
            yield Fault(file, line, key, f"names {name}, which is no model", "Correct the name, or add the model")
        elif not forms[id_] & _USE[kind]:
            yield Fault(file, line, key, f"names {name}, which is no {kind}", f"Name a {kind}, or give it that form")
    preferences = one(shape, "compass.preferences")
    for way in shape.under("compass.prefers"):
        if way not in words.under(f"{FOLDER}.{preferences}.elements"):
            file, line = shape.lines[f"compass.prefers.{way}"]
            yield Fault(file, line, f"compass.prefers.{way}", f"is no element of {preferences}", "Correct the name")


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
    yield from _fields(f"{key}.elements", FIELDS, words)
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
                yield from _lacks(f"{key}.elements.{element}", name, words)


def _fields(key: str, known: frozenset[str], words: Book) -> Iterator[Fault]:
    """Yield what stands under *key* with a name that is none, or with fields that are not *known*."""
    for part in words.under(key):
        if not NAME.fullmatch(part):
            file, line = words.lines[f"{key}.{part}"]
            yield Fault(file, line, f"{key}.{part}", "has a name with other signs than a-z, 0-9, - and _", "Rename it")
        for name in sorted(set(words.under(f"{key}.{part}")) - known):
            file, line = words.lines[f"{key}.{part}.{name}"]
            yield Fault(file, line, f"{key}.{part}.{name}", "is an unknown field", f"Use {', '.join(sorted(known))}")


def _lacks(key: str, name: str, words: Book) -> Iterator[Fault]:
    if f"{key}.{name}" not in words.texts:
        file, line = words.lines[key]
        yield Fault(file, line, key, f"has no {name}", "Write it in both languages")


def _elsewhere(head: Head, key: str, books: Sequence[Book]) -> Iterator[Fault]:
    for book in books:
        if key not in book.texts:
            yield fault(head, "words", f"points to {key}, which has no words ({book.language})", "Correct the pattern")


def _scan(head: Head, words: Book) -> Iterator[Fault]:
    key = f"{FOLDER}.{head.id}"
    for name, allowed in (("scale", SCALES), ("scope", SCOPES), ("picture", (*PICTURES, ""))):
        if head.text(name) not in allowed:
            yield fault(head, name, f"is a scan with no known {name}", f"Use one of {', '.join(filter(None, allowed))}")
    own = words.under(f"{key}.items")
    items = own or words.under(f"{key}.elements")
    yield from _rounds(head, items, words)
    yield from _fields(f"{key}.items", OF_ITEM, words)
    ends = ("left", "right") if head.text("scale") == "slider" else ()
    of_own = ("term", "item") if own else ()
    for item in items:
        for name in (*ends, *of_own):
            yield from _lacks(f"{key}.items.{item}" if own else f"{key}.elements.{item}", name, words)


def _rounds(head: Head, items: Sequence[str], words: Book) -> Iterator[Fault]:
    rounds = [item for part in head.table("rounds").values() if isinstance(part, list) for item in part]
    if rounds and rounds != list(items):
        yield fault(head, "rounds", "has rounds that do not hold every statement once, in order", "Put them right")
    if not rounds and len(items) > MOST_ITEMS:
        yield fault(head, "forms", f"has {len(items)} statements in one go", "Divide them over rounds of four to seven")
    for name in head.table("rounds"):
        if f"{FOLDER}.{head.id}.rounds.{name}" not in words.texts:
            yield fault(head, "rounds", f"has a round {name} without a name", "Name it under nl and en")
