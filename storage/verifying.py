"""
Whether every page of a store can be read, without showing a word of it.

It may run beside the bot, changes nothing, and looks at each leader by itself, so that one damaged page hides no other.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from dialogues.errors import PageUnreadable
from storage import format_one, main_file, team_file
from storage.atomic_file import Folder
from storage.data_folder import LEADERS
from storage.keys import KeyFolder, KeyMissing, keys_of
from storage.leader_file import LeaderFile, files_by_leader
from storage.master_keys import KeySource
from storage.team_file import TeamFile

_TRIES = 20
_PREFIX = 8


class Verdict(StrEnum):
    """How a page was found."""

    OK = "ok"
    DAMAGED = "damaged"
    UNKNOWN_KEY = "sealed with unknown key"


@dataclass(frozen=True, slots=True)
class Finding:
    """One leader or team, by the first digits of the name on disk, and how the page was found."""

    leader: str
    verdict: Verdict


def verify(folder: Path, source: KeySource) -> Iterator[Finding]:
    """Yield a finding about every leader and team in *folder*. Raises KeeperUnavailable when these cannot be used."""
    _, keys = keys_of(folder, source)
    leaders = Folder(folder / LEADERS)
    for name in sorted(files_by_leader(leaders)):
        verdict = _verdict(leaders, keys, name)
        if verdict is not None:
            yield Finding(name[:_PREFIX], verdict)
    for file in leaders.names(team_file.ENDING):
        yield Finding(file[:_PREFIX], _of_team(leaders, keys, file.removesuffix(team_file.ENDING)))
    for file in leaders.names(format_one.ENDING):
        yield Finding(file[:_PREFIX], Verdict.DAMAGED)


def _of_team(leaders: Folder, keys: KeyFolder, name: str) -> Verdict:
    try:
        TeamFile(leaders, keys, name, expected=False)
    except KeyMissing:
        return Verdict.UNKNOWN_KEY
    except PageUnreadable:
        return Verdict.DAMAGED
    return Verdict.OK


def _verdict(leaders: Folder, keys: KeyFolder, name: str) -> Verdict | None:
    """Return how the page of *name* is, or None when it is gone by now."""
    found = Verdict.DAMAGED
    for _ in range(_TRIES):
        before = leaders.read(name + main_file.ENDING)
        try:
            LeaderFile(leaders, keys, name, expected=True)
        except KeyMissing:
            found = Verdict.UNKNOWN_KEY
        except PageUnreadable:
            found = Verdict.DAMAGED
        else:
            return Verdict.OK
        if leaders.read(name + main_file.ENDING) == before:
            break
    return found if files_by_leader(leaders).get(name) else None
