"""
Where TinyDB puts its tables: one sealed file, replaced as a whole, read once.

TinyDB's own storage writes over the file in place, once per table, and reads it again before every step. Here several
steps can be taken together and reach the disk in one replacement, and what was read or written stays in memory. What
stands in the tables is the business of `storage/main_file.py` and `storage/segments.py`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, TypeAlias

from tinydb import Storage

from dialogues.errors import PageUnreadable
from storage.atomic_file import Folder
from storage.json_bytes import read_json, write_json
from storage.keys import KeyFolder
from storage.sealing import Seal, key_id_of, tag_of

Tables: TypeAlias = dict[str, dict[str, Any]]


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
        return self._opening(sealed).open(file, sealed)

    def close(self, file: str, version: int, content: bytes) -> bytes:
        """Return *content* closed, to be kept under *file*. Raises KeeperUnavailable; PageUnreadable when erased."""
        return self._sealing().close(file, version, content)

    def open_change(self, file: str, sealed: bytes) -> bytes:
        """Return the content of a change that is kept in *file*. Raises as `open` does."""
        return self._opening(sealed).open_change(file, sealed)

    def close_change(self, file: str, number: int, content: bytes) -> bytes:
        """Return *content* closed, to be kept as change *number* in *file*. Raises as `close` does."""
        return self._sealing().close_change(file, number, content)

    def _opening(self, sealed: bytes) -> Seal:
        key_id = key_id_of(sealed)
        if self._keys.erased(key_id):
            raise PageUnreadable("the file was erased and has come back")
        self._seal = self._keys.seal(self.name, key_id)
        return self._seal

    def _sealing(self) -> Seal:
        if self._seal is None:
            self._seal = self._keys.new(self.name)
        elif self._keys.erased(self._seal.key_id):
            raise PageUnreadable("the key was destroyed")
        return self._seal


class SealedStorage(Storage):
    """
    The tables of one file. For one thread at a time, and for documents that are replaced and never changed in place.

    Args:
        file: the name of the file in *folder*; it need not exist yet.

    *size* is that of the file in bytes, *tag* what tells this content from any other; see `tag_of`.

    Raises:
        PageUnreadable: the file is damaged.
        KeeperUnavailable: the file cannot be read.
    """

    def __init__(self, folder: Folder, file: str, safe: Safe) -> None:
        self._folder, self._file, self._safe = folder, file, safe
        self._version = 0
        self.size = 0
        self.tag = ""
        self._tables = self._load()
        self._staged: Tables | None = None
        self._together = False
        self._lines: dict[str, dict[str, tuple[object, bytes]]] = {}

    def read(self) -> Tables | None:
        """Return the tables as they stand, with the steps being taken together, or None when there is nothing."""
        tables = self._tables if self._staged is None else self._staged
        return None if tables is None else dict(tables)

    def write(self, tables: Tables) -> None:
        """Take over *tables*, on disk at once unless more steps follow. Raises KeeperUnavailable."""
        self._staged = tables
        if not self._together:
            self.save()

    @contextmanager
    def together(self) -> Iterator[None]:
        """Let all steps inside reach the disk as one, or, when one of them fails, none of them."""
        self._together = True
        try:
            yield
            if self._staged is not None:
                self.save()
        finally:
            self._together = False
            self._staged = None

    def save(self) -> None:
        """Write what stands, or is staged, to the disk, as the next version. Raises KeeperUnavailable."""
        tables = self._tables if self._staged is None else self._staged
        lines = {name: self._lines_of(name, table) for name, table in (tables or {}).items()}
        content = _object(
            (name, _object((key, line) for key, (_, line) in table.items())) for name, table in lines.items()
        )
        sealed = self._safe.close(self._file, self._version + 1, content)
        self._folder.replace(self._file, sealed)
        self._tables, self._lines = tables, lines
        self._take(sealed, self._version + 1)
        self._staged = None

    def _load(self) -> Tables | None:
        sealed = self._folder.read(self._file)
        if sealed is None:
            return None
        version, content = self._safe.open(self._file, sealed)
        self._take(sealed, version)
        return _tables_in(content)

    def _take(self, sealed: bytes, version: int) -> None:
        self._version, self.size, self.tag = version, len(sealed), tag_of(sealed)

    def _lines_of(self, name: str, table: dict[str, Any]) -> dict[str, tuple[object, bytes]]:
        """Return each document with its JSON. Encoding again what did not change would be most of the work."""
        known = self._lines.get(name, {})
        lines: dict[str, tuple[object, bytes]] = {}
        for key, document in table.items():
            line = known.get(key)
            if line is None or line[0] is not document:
                line = (document, write_json(document))
            lines[key] = line
        return lines


def _tables_in(content: bytes) -> Tables:
    """Return the tables written in *content*. Raises PageUnreadable."""
    tables: dict[str, Any] = {**read_json(content)}
    if not all(isinstance(table, dict) for table in tables.values()):
        raise PageUnreadable("the content has no tables")
    return tables


def _object(members: Iterable[tuple[str, bytes]]) -> bytes:
    """Return *members*, of which the values are written already, as one JSON object, a line each."""
    return b"{" + b",\n".join(b"%b:%b" % (write_json(name), value) for name, value in members) + b"}"
