"""The ledger of what leaders took back from coaches: a backup that is older never gives it out again (decision 18)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from dialogues.coaching import Grant
from dialogues.conversation import Conversation
from storage.keys import KeyFolder
from storage.ledger import Ledger

FOLDER = "withdrawn"


class Withdrawals:
    """
    What was withdrawn, in a ledger beside *keys*.

    Raises (every method):
        KeeperUnavailable: the ledger cannot be read or written.
    """

    def __init__(self, keys: KeyFolder) -> None:
        self._ledger = Ledger(keys, FOLDER)
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
            self._ledger.note(_fact(conversation, back[grant]) for grant in new)
            self._noted |= new

    def applied(self, conversation: Conversation, now: datetime) -> Conversation:
        """Return *conversation* with everything taken back that the ledger knows of."""
        grants = tuple(
            replace(one, withdrawn=now)
            if one.withdrawn is None and self._ledger.knows(_fact(conversation, one))
            else one
            for one in conversation.grants
        )
        return replace(conversation, grants=grants)


def _fact(conversation: Conversation, grant: Grant) -> str:
    return f"withdrawn {conversation.leader} {grant.id} {grant.since.isoformat()}"
