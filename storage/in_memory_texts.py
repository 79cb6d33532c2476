"""
Pages in memory as JSON texts, never as live values: whatever runs on them also proves that they can be written and read.

Nothing here survives the process.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Generic, TypeVar

from dialogues.errors import KeeperUnavailable, PageUnreadable
from storage.plain import Document

Owner = TypeVar("Owner", bound=str)
Held = TypeVar("Held")


class Texts(Generic[Owner, Held]):
    """
    The pages of *Owner*s, as texts.

    Args:
        texts: where they are kept. Hand the same one to a next keeper to play a restart.
        read, write: a page out of its document, and a document of a page.
    """

    def __init__(
        self, texts: dict[Owner, str] | None, read: Callable[[Document], Held], write: Callable[[Held], Document]
    ) -> None:
        self.texts = {} if texts is None else texts
        self._read = read
        self._write = write
        self.closed = False

    def readable(self) -> Iterator[tuple[Owner, Held]]:
        """Yield every page that can be read, with whose it is."""
        for owner in self.texts:
            try:
                page = self.get(owner)
            except PageUnreadable:
                continue
            if page is not None:
                yield owner, page

    def get(self, owner: Owner) -> Held | None:
        """Return the page of *owner*, or None. Raises PageUnreadable, and KeeperUnavailable once closed."""
        self.check_open()
        text = self.texts.get(owner)
        if text is None:
            return None
        try:
            document = json.loads(text)
        except ValueError:
            raise PageUnreadable("the page is no JSON") from None
        if not isinstance(document, dict):
            raise PageUnreadable("the page is no document")
        return self._read(document)

    def put(self, owner: Owner, page: Held) -> None:
        """Keep *page*. Raises KeeperUnavailable once closed."""
        self.check_open()
        self.texts[owner] = json.dumps(self._write(page), ensure_ascii=False)

    def drop(self, owner: Owner) -> None:
        """Forget the page of *owner*; an unknown one is no error. Raises KeeperUnavailable once closed."""
        self.check_open()
        self.texts.pop(owner, None)

    def close(self) -> None:
        """Let go. The texts stay with whoever handed them in."""
        self.closed = True

    def check_open(self) -> None:
        """Raise KeeperUnavailable once closed."""
        if self.closed:
            raise KeeperUnavailable("the keeper was closed")
