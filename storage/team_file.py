"""
One team's page on disk: one sealed file, replaced as a whole, so that it is the old page or the new one and never half.

It lies among the files of the leaders and is closed with a key of its own, so that backup, rotation of the master key and
the ledger of what was erased hold for it too. Blocking: whoever calls this sees to threads and to one call at a time.
"""

from __future__ import annotations

import json

from dialogues.conversation import LeaderId
from dialogues.errors import PageUnreadable
from dialogues.team.ports import TeamEntry, TeamLetter, TeamPage
from dialogues.team.values import TeamId
from storage.atomic_file import Folder
from storage.codec import document_of, value_of
from storage.keys import KeyFolder
from storage.sealed_storage import Safe
from storage.team_page import read_page, with_entry, without_note, write_page

ENDING = ".team"

_encode = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode


def owner_of(team: TeamId) -> LeaderId:
    """Return under which owner the keys of *team* are kept; no leader is called so."""
    return LeaderId(f"team:{team}")


class TeamFile:
    """
    An opened page. *page* is what is on disk, or None when nothing is.

    Args:
        name: the name that stands for the team on disk.
        expected: whether there was a file before, so that a missing one is a loss and no beginning.

    Raises:
        PageUnreadable: the file is damaged, gone, or holds the page of another team; it was left as it is.
        KeeperUnavailable: the file cannot be read.
    """

    def __init__(self, folder: Folder, keys: KeyFolder, name: str, *, expected: bool) -> None:
        self._folder, self._file, self._safe = folder, name + ENDING, Safe(keys, name)
        self._version = 0
        self.page: TeamPage | None = None
        sealed = folder.read(self._file)
        if sealed is not None:
            self.page = self._opened(sealed)
            if keys.name_of(owner_of(self.page.team.id)) != name:
                raise PageUnreadable("the file holds the page of another team")
        elif expected:
            raise PageUnreadable("the file is gone")

    def write(self, entry: TeamEntry) -> None:
        """Bring *entry* to the disk, all of it or nothing. Raises KeeperUnavailable; TypeError when it breaks its hints."""
        # What is remembered is what would be read back, so that a page in memory and one on disk never differ.
        self._save(with_entry(self.page, value_of(TeamEntry, document_of(entry))))

    def delivered(self, note: TeamLetter, message: int) -> None:
        """Take *note* off the outbox. Raises KeeperUnavailable."""
        if self.page is not None:
            self._save(without_note(self.page, note, message))

    def settle(self) -> None:
        """Write what stands to the disk again, which did not confirm it. Raises KeeperUnavailable."""
        if self.page is not None:
            self._save(self.page)

    def _save(self, page: TeamPage) -> None:
        content = _encode(write_page(page)).encode()
        self._folder.replace(self._file, self._safe.close(self._file, self._version + 1, content))
        self.page, self._version = page, self._version + 1

    def _opened(self, sealed: bytes) -> TeamPage:
        self._version, content = self._safe.open(self._file, sealed)
        try:
            document = json.loads(content)
        except (ValueError, RecursionError):
            raise PageUnreadable("the content is no JSON") from None
        if not isinstance(document, dict):
            raise PageUnreadable("the content is no document")
        return read_page(document)
