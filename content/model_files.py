"""
Reads the models: one file each in `models/`, with both languages in it, so that a coach adds a scan by adding one file.

The words go into the books of the languages, under ``models.<name of the file>``. The head of a file, which is the same in
every language, becomes a `Head`. The map of the article (`shape/models.yaml`) says what must be there. What is wrong with
heads and counts is listed by `checking_models.py`; here only what cannot be read at all.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from content.yaml_files import LANGUAGES, STRUCTURE, Book, Fault, Leaf, unreadable, walk
from dialogues.models import Form, Model

FOLDER = "models"
MAP = "models.yaml"
Part: TypeAlias = "str | list[str] | dict[str, Part]"


@dataclass(frozen=True, slots=True)
class Row:
    """
    What the map of the article says of one model: its *code* and place (*where*), how many elements (*count*)
    and *parts* of them, its *use* and *users* as letters, and its priority: A, B or C.
    """

    code: str
    where: str
    count: int
    parts: int
    use: tuple[str, ...]
    users: tuple[str, ...]
    prio: str


@dataclass(slots=True)
class Head:
    """The head of one file: its fields as they were written, and the line of each."""

    id: str
    file: str
    fields: dict[str, Part] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)

    def text(self, name: str) -> str:
        """Return the field *name* when it is a text, else ""."""
        value = self.fields.get(name, "")
        return value if isinstance(value, str) else ""

    def names(self, name: str) -> tuple[str, ...]:
        """Return the field *name* when it is a list, else nothing."""
        value = self.fields.get(name)
        return tuple(value) if isinstance(value, list) else ()

    def table(self, name: str) -> Mapping[str, Part]:
        """Return the field *name* when it is a mapping, else nothing."""
        value = self.fields.get(name)
        return value if isinstance(value, dict) else {}


def read_map(folder: Path) -> dict[str, Row]:
    """Return the map of the article in *folder*, in its order. Raises YAMLError, KeyError, ValueError for a broken one."""
    path = folder / STRUCTURE / MAP
    if not path.exists():
        return {}
    loaded = YAML(typ="safe").load(path.read_text(encoding="utf-8")) or {}
    return {
        str(id_): Row(
            str(row["code"]),
            str(row["where"]),
            int(row["count"]),
            int(row["parts"]),
            tuple(row["use"]),
            tuple(row["users"]),
            str(row["prio"]),
        )
        for id_, row in loaded.items()
    }


def read_heads(folder: Path, books: Mapping[str, Book]) -> list[Head]:
    """Return the heads of all models in *folder*, by name, and put their words in *books*; faults go there as well."""
    heads = []
    for path in sorted((folder / FOLDER).glob("*.y*ml")):
        if path.suffix != ".yaml":
            fault = Fault(
                f"{folder.name}/{FOLDER}/{path.name}", 1, path.stem, "is not read", "Let its name end in .yaml"
            )
            books[LANGUAGES[0]].faults.append(fault)
            continue
        head = _read(path, f"{folder.name}/{FOLDER}/{path.name}", books)
        if head:
            heads.append(head)
    return heads


def models(heads: list[Head], rows: Mapping[str, Row], words: Book) -> dict[str, Model]:
    """Return the models by id: those of the article in its order, then those that coaches added."""
    by_id = {head.id: head for head in heads}
    order = [*(id_ for id_ in rows if id_ in by_id), *(id_ for id_ in by_id if id_ not in rows)]
    return {id_: _model(by_id[id_], rows.get(id_), words) for id_ in order}


def _model(head: Head, row: Row | None, words: Book) -> Model:
    key = f"{FOLDER}.{head.id}"
    elements = words.under(f"{key}.elements")
    own_items = words.under(f"{key}.items")
    scan = Form.SCAN in head.names("forms")
    return Model(
        id=head.id,
        code=row.code if row else head.text("code"),
        forms=frozenset(Form(form) for form in head.names("forms") if form in set(Form)),
        elements=elements,
        factors=head.names("factors"),
        phases=tuple(int(phase) for phase in head.names("phases") if phase.isdecimal()),
        scope=head.text("scope"),
        scale=head.text("scale"),
        picture=head.text("picture") or ("sliders" if head.text("scale") == "slider" else "bars"),
        items=(own_items or elements) if scan else (),
        own_items=bool(own_items),
        rounds={name: tuple(items) for name, items in head.table("rounds").items() if isinstance(items, list)},
        start=head.text("start"),
        elsewhere={name: text for name, text in head.table("words").items() if isinstance(text, str)},
        cautious=f"{key}.caution" in words.texts,
        tags=head.names("tags"),
        parts={element: parts for element in elements if (parts := words.under(f"{key}.elements.{element}.parts"))},
    )


def _read(path: Path, file: str, books: Mapping[str, Book]) -> Head | None:
    first = books[LANGUAGES[0]]
    try:
        root = YAML(typ="safe").compose(path.read_text(encoding="utf-8"))
    except (YAMLError, UnicodeDecodeError) as error:
        first.faults.append(unreadable(file, path.stem, error))
        return None
    if not isinstance(root, MappingNode):
        first.faults.append(
            Fault(file, 1, path.stem, "holds no keys", "Begin each text with a key, or remove the file")
        )
        return None
    head = Head(path.stem, file)
    key = f"{FOLDER}.{path.stem}"
    for name, value in root.value:
        if not isinstance(name, ScalarNode):
            continue
        line = name.start_mark.line + 1
        if name.value in head.lines:
            what = f"stands here twice (first on line {head.lines[name.value]})"
            first.faults.append(Fault(file, line, f"{key}.{name.value}", what, "Keep one"))
            continue
        head.lines[name.value] = line
        if name.value in LANGUAGES and isinstance(value, MappingNode):
            books[name.value].begin(key, file, line)
            walk(value, key, file, books[name.value])
        else:
            head.fields[name.value] = _plain(value)
    _credit(head, key, books)
    return head


def _credit(head: Head, key: str, books: Mapping[str, Book]) -> None:
    """Let the names of the authors be words in every language: names and years need no translation."""
    authors = head.text("authors")
    if authors:
        for book in books.values():
            book.texts[f"{key}.authors"] = Leaf(authors, head.file, head.lines["authors"])
            book.begin(f"{key}.authors", head.file, head.lines["authors"])


def _plain(node: Node) -> Part:
    """Return *node* as texts, lists and mappings; numbers and the like as they were typed."""
    if isinstance(node, MappingNode):
        return {str(name.value): _plain(value) for name, value in node.value}
    if isinstance(node, SequenceNode):
        return [str(item.value) if isinstance(item, ScalarNode) else "something that is no word" for item in node.value]
    return str(node.value)
