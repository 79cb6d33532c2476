"""
The ledger of what leaders took back from coaches, kept with the keys: a backup that is older never gives it out again.

Each withdrawn grant is an empty file, whose name only the keys of the store can make; see decision 18. A restore
reads it before anybody is served.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from dialogues.coaching import Grant
from dialogues.conversation import Conversation
from storage.atomic_file import Folder
from storage.keys import KeyFolder

FOLDER = "withdrawn"


class Withdrawals:
    """
    The ledger in the folder of *keys*.

    Raises (every method):
        KeeperUnavailable: the folder cannot be read or written.
    """

    def __init__(self, keys: KeyFolder) -> None:
        self._keys = keys
        self._folder = Folder(keys.folder.path / FOLDER)
        self._known = set(self._folder.names()) if self._folder.path.is_dir() else set()
        self._noted: set[tuple[str, str, datetime]] = set()

    def note(self, conversation: Conversation) -> None:
        """Write down what *conversation* took back, on disk before this returns; what stands there costs nothing."""
        back = {
            (conversation.leader, grant.id, grant.since): grant
            for grant in conversation.grants
            if grant.withdrawn is not None
        }
        new = back.keys() - self._noted
        if new:
            names = self._names(conversation, [back[grant] for grant in new])
            missing = [name for name in names if name not in self._known]
            if missing:
                self._folder.make()
                self._folder.replace_each(dict.fromkeys(missing, b""))
                self._known.update(missing)
            self._noted |= new

    def applied(self, conversation: Conversation, now: datetime) -> Conversation:
        """Return *conversation* with everything taken back that the ledger knows of."""
        held = [grant for grant in conversation.grants if grant.withdrawn is None]
        gone = {
            grant.id for grant, name in zip(held, self._names(conversation, held), strict=True) if name in self._known
        }
        grants = tuple(replace(one, withdrawn=now) if one.id in gone else one for one in conversation.grants)
        return replace(conversation, grants=grants)

    def _names(self, conversation: Conversation, grants: Iterable[Grant]) -> list[str]:
        return [
            self._keys.token(f"withdrawn {conversation.leader} {grant.id} {grant.since.isoformat()}".encode())[:32]
            for grant in grants
        ]
