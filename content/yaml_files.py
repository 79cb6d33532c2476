"""
Reads the folders of words, and remembers the file and line of each text.

A language folder becomes one `Book`: flat keys in the order of the files. What the texts mean, and whether they are
good, is not known here. Structure that is the same in every language is read by `read_structure`.

Reading stops at the nodes of the YAML, before values are made of them. Text therefore stays text, and a `no` or `on`
that somebody forgot to quote is still the word that was typed.
"""

from __future__ import annotations

import hashlib
import unicodedata
from dataclasses import dataclass, field
from pathlib import Path

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

LANGUAGES = ("nl", "en")
STRUCTURE = "shape"

_TEXT = "tag:yaml.org,2002:str"


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """One thing that is wrong with the content: where it stands, what it is, and what a writer can do about it."""

    file: str
    line: int
    key: str
    what: str
    remedy: str

    def __str__(self) -> str:
        """Return the fault as one line to show to a writer."""
        return f"{self.file}:{self.line}  {self.key}  {self.what}. {self.remedy}."


@dataclass(frozen=True, slots=True)
class Leaf:
    """A text as it was written (NFC, without space around it), and where it stands. Lines count from 1."""

    text: str
    file: str
    line: int


@dataclass(slots=True)
class Book:
    """
    All words of one language.

    *texts* maps flat keys to texts, *lists* maps them to lists of texts; both keep the order of the files. *lines*
    says where each key begins, also keys that only hold other keys. *files* are the names read.
    """

    language: str
    texts: dict[str, Leaf] = field(default_factory=dict)
    lists: dict[str, tuple[Leaf, ...]] = field(default_factory=dict)
    lines: dict[str, tuple[str, int]] = field(default_factory=dict)
    files: list[str] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    _under: dict[str, list[str]] = field(default_factory=dict)

    def begin(self, key: str, file: str, line: int) -> None:
        """Note that *key* begins at *line* of *file*."""
        self.lines[key] = (file, line)
        above, _, name = key.rpartition(".")
        self._under.setdefault(above, []).append(name)

    def under(self, key: str) -> tuple[str, ...]:
        """Return the names one level below *key*, in the order of the file."""
        return tuple(self._under.get(key, ()))


def read_book(folder: Path, language: str) -> Book:
    """Return the words in *folder*/*language*; what could not be read is listed in its faults."""
    book = Book(language)
    for path in sorted((folder / language).glob("*.yaml")):
        _read(path, f"{folder.name}/{language}/{path.name}", book)
    return book


def read_cards(folder: Path) -> Book:
    """Return the tables of cards, compass and school years in *folder*, which are the same in every language."""
    book = Book(STRUCTURE)
    for name in ("cards.yaml", "compass.yaml", "school_year.yaml"):
        path = folder / STRUCTURE / name
        if path.exists():
            _read(path, f"{folder.name}/{STRUCTURE}/{name}", book)
    return book


def read_structure(path: Path) -> dict[str, object]:
    """
    Return the mapping in a file of the structure folder, or an empty one when there is no such file.

    Raises:
        YAMLError: the file is not valid YAML; the message says on which line.
    """
    if not path.exists():
        return {}
    loaded = YAML(typ="safe").load(path.read_text(encoding="utf-8"))
    return dict(loaded) if isinstance(loaded, dict) else {}


def version(folder: Path) -> str:
    """Return twelve hexadecimal digits that change whenever any file of the content changes."""
    digest = hashlib.sha256()
    for path in sorted(folder.glob("*/*.yaml")):
        digest.update(path.relative_to(folder).as_posix().encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:12]


def _read(path: Path, file: str, book: Book) -> None:
    book.files.append(path.name)
    try:
        root = YAML(typ="safe").compose(path.read_text(encoding="utf-8"))
    except (YAMLError, UnicodeDecodeError) as error:
        book.faults.append(unreadable(file, path.stem, error))
        return
    if isinstance(root, MappingNode):
        walk(root, path.stem, file, book)
    else:
        book.faults.append(Fault(file, 1, path.stem, "holds no keys", "Begin each text with a key, or remove the file"))


def walk(node: MappingNode, key: str, file: str, book: Book) -> None:
    """Put all texts under *node* in *book*, with keys that begin with *key*; what cannot be read becomes a fault."""
    for name, value in node.value:
        line = name.start_mark.line + 1
        if not isinstance(name, ScalarNode) or name.tag != _TEXT:
            book.faults.append(
                Fault(file, line, key, "has a key that is no text", 'Put it between quotes, as in "10":')
            )
            continue
        inner = f"{key}.{name.value}"
        if inner in book.lines:
            first = book.lines[inner][1]
            book.faults.append(Fault(file, line, inner, f"stands here twice (first on line {first})", "Keep one"))
            continue
        book.begin(inner, file, line)
        _keep(value, inner, file, book)


def _keep(value: Node, key: str, file: str, book: Book) -> None:
    if isinstance(value, MappingNode):
        walk(value, key, file, book)
    elif isinstance(value, SequenceNode):
        book.lists[key] = tuple(leaf for item in value.value if (leaf := _leaf(item, key, file, book)))
    elif leaf := _leaf(value, key, file, book):
        book.texts[key] = leaf


def _leaf(node: Node, key: str, file: str, book: Book) -> Leaf | None:
    line = node.start_mark.line + 1
    if isinstance(node, ScalarNode) and node.tag == _TEXT:
        return Leaf(unicodedata.normalize("NFC", node.value.strip()), file, line)
    if isinstance(node, ScalarNode) and not node.value:
        book.faults.append(Fault(file, line, key, "is empty", "Write the text, or remove the key"))
    else:
        book.faults.append(Fault(file, line, key, "is no text", 'Put it between quotes, such as "10"'))
    return None


def unreadable(file: str, key: str, error: YAMLError | UnicodeDecodeError) -> Fault:
    """Return the fault of a file that is no valid YAML, or no text at all."""
    if isinstance(error, MarkedYAMLError) and error.problem_mark is not None:
        what = f"cannot be read ({error.problem})"
        return Fault(file, error.problem_mark.line + 1, key, what, "Look at this line and the one above it")
    return Fault(file, 1, key, "cannot be read", "Save it as UTF-8 text")
