"""
Where TinyDB puts its tables: one sealed file, replaced as a whole, read once.

TinyDB's own storage writes over the file in place, once per table, and reads it again before every step. Here several
steps can be taken together and reach the disk in one replacement, and what was read or written stays in memory. What
stands in the tables is the business of `storage/leader_file.py`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeAlias

from tinydb import Storage

from dialogues.errors import PageUnreadable
from storage.atomic_file import read_file, replace_file, seal, unseal

Tables: TypeAlias = dict[str, dict[str, Any]]

_encode = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode


class SealedStorage(Storage):
    """
    The tables of one file. For one thread at a time, and for documents that are replaced and never changed in place.

    Args:
        path: the file; it need not exist yet.

    Raises:
        PageUnreadable: the file is damaged.
        KeeperUnavailable: the file cannot be read.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.size = 0
        self._tables = self._load()
        self._staged: Tables | None = None
        self._together = False
        self._lines: dict[str, dict[str, tuple[object, str]]] = {}

    def read(self) -> Tables | None:
        """Return the tables as they stand, with the steps being taken together, or None when there is nothing."""
        tables = self._tables if self._staged is None else self._staged
        return None if tables is None else dict(tables)

    def write(self, tables: Tables) -> None:
        """Take over *tables*, on disk at once unless more steps follow. Raises KeeperUnavailable."""
        self._staged = tables
        if not self._together:
            self._save()

    @contextmanager
    def together(self) -> Iterator[None]:
        """Let all steps inside reach the disk as one, or, when one of them fails, none of them."""
        self._together = True
        try:
            yield
            self._save()
        finally:
            self._together = False
            self._staged = None

    def _load(self) -> Tables | None:
        sealed = read_file(self.path)
        if sealed is None:
            return None
        self.size = len(sealed)
        try:
            tables = json.loads(unseal(sealed))
        except (ValueError, RecursionError):
            raise PageUnreadable("the content is no JSON") from None
        if not isinstance(tables, dict) or not all(isinstance(table, dict) for table in tables.values()):
            raise PageUnreadable("the content has no tables")
        return tables

    def _save(self) -> None:
        if self._staged is None:
            return
        lines = {name: self._lines_of(name, table) for name, table in self._staged.items()}
        sealed = seal(
            _object(
                (name, _object((key, line) for key, (_, line) in table.items())) for name, table in lines.items()
            ).encode()
        )
        replace_file(self.path, sealed)
        self._tables, self._lines, self.size = self._staged, lines, len(sealed)
        self._staged = None

    def _lines_of(self, name: str, table: dict[str, Any]) -> dict[str, tuple[object, str]]:
        """Return each document with its JSON. Encoding again what did not change would be most of the work."""
        known = self._lines.get(name, {})
        lines: dict[str, tuple[object, str]] = {}
        for key, document in table.items():
            line = known.get(key)
            if line is None or line[0] is not document:
                line = (document, _encode(document))
            lines[key] = line
        return lines


def _object(members: Iterable[tuple[str, str]]) -> str:
    """Return encoded *members* as one JSON object, a line each."""
    return "{" + ",\n".join(f"{_encode(name)}:{encoded}" for name, encoded in members) + "}"
