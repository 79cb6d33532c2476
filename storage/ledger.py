"""
A ledger beside the keys of what must not come back with an older backup: empty files, whose names only those keys can make.

Who reads it learns how often something was written down, and nothing else (decision 18). A restore reads it before anybody
is served.
"""

from __future__ import annotations

from collections.abc import Iterable

from storage.atomic_file import Folder
from storage.keys import KeyFolder

_LENGTH = 32


class Ledger:
    """
    The ledger in the folder *name* beside *keys*.

    Raises (every method):
        KeeperUnavailable: the folder cannot be read or written.
    """

    def __init__(self, keys: KeyFolder, name: str) -> None:
        self._keys = keys
        self._folder = Folder(keys.folder.path / name)
        self._known = set(self._folder.names()) if self._folder.path.is_dir() else set()

    def note(self, facts: Iterable[str]) -> None:
        """Write *facts* down, on disk before this returns; what stands there costs nothing."""
        missing = {self._name_of(fact) for fact in facts} - self._known
        if missing:
            self._folder.make()
            self._folder.replace_each(dict.fromkeys(sorted(missing), b""))
            self._known |= missing

    def knows(self, fact: str) -> bool:
        """Return whether *fact* was written down."""
        return bool(self._known) and self._name_of(fact) in self._known

    def _name_of(self, fact: str) -> str:
        return self._keys.token(fact.encode())[:_LENGTH]
