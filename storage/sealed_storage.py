"""
Where TinyDB puts its tables: one sealed file, replaced as a whole, read once.

TinyDB's own storage writes over the file in place, once per table, and reads it again before every step. Here several
steps can be taken together and reach the disk in one replacement, and what was read or written stays in memory. What
stands in the tables is the business of `storage/leader_file.py` and `storage/segments.py`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, TypeAlias

from tinydb import Storage

from dialogues.errors import PageUnreadable
from storage.atomic_file import Folder
from storage.change_log import Sealed
from storage.keys import KeyFolder
from storage.sealing import Seal, key_id_of, tag_of

_CHANGE = ".change"
"""What the name that a change is bound to ends on; no file has such a name."""

Tables: TypeAlias = dict[str, dict[str, Any]]

_encode = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode


class Safe:
    """
    Opens and closes the files of one leader, with the key of that leader, which is made at the first closing.

    Args:
        name: the name that stands for the leader on disk.
    """

    def __init__(self, keys: KeyFolder, name: str) -> None:
        self._keys = keys
        self.name = name
        self._seal: Seal | None = None

    def open(self, file: str, sealed: bytes) -> tuple[int, bytes]:
        """Return version and content of what is kept under *file*. Raises PageUnreadable, KeyMissing among them."""
        key_id = key_id_of(sealed)
        if self._keys.erased(key_id):
            raise PageUnreadable("the file was erased and has come back")
        self._seal = self._keys.seal(self.name, key_id)
        return self._seal.open(file, sealed)

    def close(self, file: str, version: int, content: bytes) -> bytes:
        """Return *content* closed, to be kept under *file*. Raises KeeperUnavailable when no key can be made."""
        return self.make_key().close(file, version, content)

    @property
    def erased(self) -> bool:
        """Whether the key that closes was destroyed."""
        return self._seal is not None and self._keys.erased(self._seal.key_id)

    def make_key(self) -> Seal:
        """Return the key that closes; the first one is made. Raises KeeperUnavailable."""
        if self._seal is None:
            self._seal = self._keys.new(self.name)
        return self._seal

    def close_change(self, version: int, content: bytes) -> Sealed:
        """Return *content* closed as change number *version* of this leader. Raises KeeperUnavailable, as above."""
        seal = self.make_key()
        return Sealed(seal.key_id, version, seal.close(self.name + _CHANGE, version, content))

    def open_change(self, sealed: Sealed) -> bytes:
        """Return the content of *sealed*, a change of this leader. Raises PageUnreadable, KeyMissing among them."""
        version, content = self.open(self.name + _CHANGE, sealed.content)
        if version != sealed.version:
            raise PageUnreadable("a change stands in the place of another")
        return content


class SealedStorage(Storage):
    """
    The tables of one file. For one thread at a time, and for documents that are replaced and never changed in place.

    Args:
        file: the name of the file in *folder*; it need not exist yet.

    *version* is that of the content, *size* that of the file in bytes, *tag* what tells this content from any other; see `tag_of`.

    Raises:
        PageUnreadable: the file is damaged.
        KeeperUnavailable: the file cannot be read.
    """

    def __init__(self, folder: Folder, file: str, safe: Safe) -> None:
        self._folder, self._file, self._safe = folder, file, safe
        self.version = 0
        self.size = 0
        self.tag = ""
        self._tables = self._load()
        self._staged: Tables | None = None
        self._together = False
        self._lines: dict[str, dict[str, tuple[object, str]]] = {}

    def read(self) -> Tables | None:
        """Return the tables as they stand, with the steps being taken together, or None when there is nothing."""
        tables = self._tables if self._staged is None else self._staged
        return None if tables is None else dict(tables)

    def write(self, tables: Tables) -> None:
        """Take over *tables*, to reach the disk with all other steps inside `together`."""
        if not self._together:
            raise ValueError("steps are taken together")
        self._staged = tables

    @contextmanager
    def together(self, version: int) -> Iterator[None]:
        """
        Let all steps inside reach the disk as one, as *version*, or, when one of them fails, none of them.

        Raises:
            KeeperUnavailable: they could not be brought to the disk.
        """
        self._together = True
        try:
            yield
            self._save(version)
        finally:
            self._together = False
            self._staged = None

    def _save(self, version: int) -> None:
        tables = self._tables if self._staged is None else self._staged
        lines = {name: self._lines_of(name, table) for name, table in (tables or {}).items()}
        content = _object(
            (name, _object((key, line) for key, (_, line) in table.items())) for name, table in lines.items()
        ).encode()
        sealed = self._safe.close(self._file, version, content)
        self._folder.replace(self._file, sealed)
        self._tables, self._lines = tables, lines
        self._take(sealed, version)

    def _load(self) -> Tables | None:
        sealed = self._folder.read(self._file)
        if sealed is None:
            return None
        version, content = self._safe.open(self._file, sealed)
        self._take(sealed, version)
        return _tables_in(content)

    def _take(self, sealed: bytes, version: int) -> None:
        self.version, self.size, self.tag = version, len(sealed), tag_of(sealed)

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


def _tables_in(content: bytes) -> Tables:
    """Return the tables written in *content*. Raises PageUnreadable."""
    try:
        tables = json.loads(content)
    except (ValueError, RecursionError):
        raise PageUnreadable("the content is no JSON") from None
    if not isinstance(tables, dict) or not all(isinstance(table, dict) for table in tables.values()):
        raise PageUnreadable("the content has no tables")
    return tables


def _object(members: Iterable[tuple[str, str]]) -> str:
    """Return encoded *members* as one JSON object, a line each."""
    return "{" + ",\n".join(f"{_encode(name)}:{encoded}" for name, encoded in members) + "}"
