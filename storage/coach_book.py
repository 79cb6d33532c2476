"""
Keeps the book of coaches in one sealed file of the data folder, for this process and the operator's commands beside it.

Every call reads the file anew when it changed, and a change is made under the lock of the keys folder, so that
`mindshift coach` works while the bot runs. What a book is stands in `dialogues/coaching.py`, how it is sealed in
`storage/sealing.py`.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from pathlib import Path

from dialogues.coaching import Book
from dialogues.errors import KeeperUnavailable, PageUnreadable
from storage.atomic_file import Folder
from storage.codec import document_of, value_of
from storage.keys import KeyFolder
from storage.sealing import Seal, key_id_of

FILE = "coaches.sealed"
OWNER = "coaches"
"""In whose name the key of the book is kept; no leader is called so, as those names are hexadecimal."""

FORMAT = 1


class SealedCoachBook:
    """
    The book of coaches in *folder*, which holds a store, closed with a key of its own among the *keys* of that store.

    Raises (every method):
        KeeperUnavailable: folder, keys or book cannot be used. The message is a sentence for the operator.
    """

    def __init__(self, folder: Path, keys: KeyFolder) -> None:
        self._folder = Folder(folder)
        self._keys = keys
        self._turn = asyncio.Lock()
        self._seen: tuple[tuple[int, int, int], Book] | None = None

    async def read(self) -> Book:
        """Return the book as it is now, whoever changed it last."""
        async with self._turn:
            return await asyncio.to_thread(self._read)

    async def change(self, work: Callable[[Book], Book]) -> Book:
        """Keep what *work* makes of the book, and return it; what *work* raises is passed on and nothing changes."""
        async with self._turn:
            return await asyncio.to_thread(self._change, work)

    def _read(self) -> Book:
        path = self._folder.path / FILE
        try:
            found = path.stat()
        except FileNotFoundError:
            return Book()
        except OSError as error:
            raise KeeperUnavailable(f"The book of coaches cannot be read: {error.strerror}.") from error
        stamp = (found.st_ino, found.st_mtime_ns, found.st_size)
        if self._seen is None or self._seen[0] != stamp:
            self._seen = (stamp, self._opened()[1])
        return self._seen[1]

    def _change(self, work: Callable[[Book], Book]) -> Book:
        seal = self._seal()
        with self._keys.alone():
            version, book = self._opened()
            changed = work(book)
            if changed != book:
                content = json.dumps({"format": FORMAT, **document_of(changed)}, ensure_ascii=False).encode()
                self._folder.replace(FILE, seal.close(FILE, version + 1, content))
        return changed

    def _opened(self) -> tuple[int, Book]:
        """Return how often the book was written, and the book; empty ones when there is none yet."""
        sealed = self._folder.read(FILE)
        if sealed is None:
            return 0, Book()
        try:
            version, content = self._keys.seal(OWNER, key_id_of(sealed)).open(FILE, sealed)
            document = json.loads(content)
            known = document.pop("format", None) == FORMAT
            book = value_of(Book, document)
        except (PageUnreadable, ValueError, AttributeError) as error:
            raise self._damaged() from error
        if not known:
            raise self._damaged()
        return version, book

    def _damaged(self) -> KeeperUnavailable:
        path = self._folder.path / FILE
        return KeeperUnavailable(f"The book of coaches {path} is damaged. Put it back from a backup; leaders go on.")

    def _seal(self) -> Seal:
        """Return the key of the book, made when there is none yet."""
        ids = sorted(self._keys.key_ids()[OWNER])
        return self._keys.seal(OWNER, ids[0]) if ids else self._keys.new(OWNER)
