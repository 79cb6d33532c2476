"""
What stands in the logs and not yet in the pages: reading it, and holding it against the pages.

A process that was stopped leaves logs behind; the next one carries them into the pages before it serves anybody. Who
only looks (a check, a backup) does so beside a process at work. Then the logs have to be read before the pages: a
change leaves the logs only when it stands in its page, so it is found in one of them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field

from dialogues.errors import PageUnreadable
from storage import leader_file
from storage.atomic_file import Folder
from storage.change_log import Sealed, confirmed, names_in, read_log
from storage.keys import KeyFolder
from storage.sealing import key_id_of


@dataclass(frozen=True, slots=True)
class Pending:
    """
    What the logs hold: *changes* by the name of the leader, in order, and *traceless*, the names of the logs in which a
    damaged change stands of which nobody can tell whose it was.
    """

    changes: Mapping[str, list[Sealed]] = field(default_factory=dict)
    traceless: frozenset[str] = frozenset()


def logs_in(folder: Folder) -> dict[str, bytes]:
    """Return the logs in *folder* by name, oldest first, without what was never confirmed. Raises KeeperUnavailable."""
    logs: dict[str, bytes] = {}
    for name in names_in(folder):
        content = folder.read(name)
        # One that went meanwhile stands in the pages.
        if content is not None:
            logs[name] = confirmed(content)
    return logs


def pending_in(logs: Mapping[str, bytes], leaders: Folder, keys: KeyFolder) -> Pending:
    """Return what *logs* hold of leaders who were not erased. Raises KeeperUnavailable."""
    owners = {key_id: owner for owner, key_ids in keys.key_ids().items() for key_id in key_ids}
    changes: dict[str, list[Sealed]] = defaultdict(list)
    traceless: set[str] = set()
    for name, content in logs.items():
        for sealed in read_log(content):
            if sealed is None:
                traceless.add(name)
                continue
            if keys.erased(sealed.key_id):
                continue
            if sealed.key_id not in owners:
                owners.update(_owners_by_page(leaders))
            if sealed.key_id in owners:
                changes[owners[sealed.key_id]].append(sealed)
            else:
                traceless.add(name)
    return Pending(changes, frozenset(traceless))


def followed(file: leader_file.LeaderFile, changes: Iterable[Sealed]) -> leader_file.LeaderFile:
    """Return *file* with *changes* taken, in the order they were made. Raises PageUnreadable."""
    file.follow(sorted(changes, key=lambda sealed: sealed.version))
    return file


def _owners_by_page(leaders: Folder) -> dict[str, str]:
    """Return whose pages were closed with which key, as the pages say: for keys that are lost."""
    owners: dict[str, str] = {}
    for name in leaders.names(leader_file.ENDING):
        with suppress(PageUnreadable):
            owners[key_id_of(leaders.read(name) or b"")] = name.removesuffix(leader_file.ENDING)
    return owners
