"""
The upkeep of a store: where its keys are, looking it over, backups, and a new master key.

Each function is what one command does once its settings are read. What it says goes to the operator, in plain lines,
and never holds a word of a page. How it is done stands in `storage/`.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from app.settings import Settings
from storage.backup import back_up
from storage.in_tinydb import TinyDbKeeper
from storage.master_keys import KeySource, beside, decode
from storage.restoring import restore
from storage.rotation import rotate
from storage.verifying import Verdict, verify

_STEPS = 10


def key_source(settings: Settings) -> KeySource:
    """Return where the keys of the store are: as set, or beside the data folder."""
    master = decode(settings.master_key.get_secret_value()) if settings.master_key else ()
    return KeySource(settings.keys or beside(settings.data), master)


def complain(line: str) -> None:
    """Print *line* on standard error."""
    print(line, file=sys.stderr, flush=True)


def open_store(settings: Settings, tell: Callable[[str], None] = complain) -> TinyDbKeeper:
    """
    Return the opened store; close it when done.

    Args:
        tell: told, when keys were made just now, in one line what to keep a copy of.

    Raises:
        KeeperUnavailable: store or keys cannot be used.
    """
    source = key_source(settings)
    keeper = TinyDbKeeper(settings.data, source)
    if keeper.keys_made:
        also = " and of MINDSHIFT_MASTER_KEY" if source.master else ""
        copy = f"Keep a copy of that folder{also}, apart from the data and its backups"
        tell(f"Keys were made in {source.folder}. {copy}: without it nothing that is kept can be read.")
    return keeper


def look_over(settings: Settings) -> bool:
    """Print how each page of the store is, and return whether all are well. Raises KeeperUnavailable."""
    counted: Counter[Verdict] = Counter()
    for finding in verify(settings.data, key_source(settings)):
        counted[finding.verdict] += 1
        print(f"{finding.leader} {finding.verdict}")
    print(", ".join(f"{counted[verdict]} {verdict}" for verdict in Verdict))
    return counted.total() == counted[Verdict.OK]


def make_backup(settings: Settings, target: Path) -> None:
    """Write a backup of the store to *target*. Raises KeeperUnavailable."""
    count = back_up(settings.data, key_source(settings), target.absolute(), _shown("leaders"))
    print(f"{count} leaders are in {target}")


def put_back(settings: Settings, backup: Path) -> bool:
    """Restore *backup* into the data folder; return whether all of it can be read. Raises KeeperUnavailable."""
    source = key_source(settings)
    restored = restore(backup, settings.data, source, _shown("files"))
    print(
        f"{restored.leaders} leaders were restored into {settings.data}; "
        f"{restored.erased} were erased since and left out; {restored.unreadable} cannot be read"
    )
    return not restored.unreadable


def renew_master_key(settings: Settings) -> None:
    """Wrap all keys with a new master key. Raises KeeperUnavailable."""
    source = key_source(settings)
    count = rotate(settings.data, source, _shown("keys"))
    print(f"{count} keys are wrapped with the new master key; the old one opens nothing any more")
    where = "Take the old one out of MINDSHIFT_MASTER_KEY" if source.master else f"Copy {source.folder} anew"
    print(f"{where}, and destroy every copy of the old one")


def _shown(what: str) -> Callable[[int, int], None]:
    """Return a way to show how far something is: a line that moves on a terminal, and else a line for each tenth."""
    said = -1

    def show(done: int, total: int) -> None:
        nonlocal said
        tenth = done * _STEPS // total
        if sys.stderr.isatty():
            print(f"\r{done} of {total} {what}", end="\n" if done == total else "", file=sys.stderr, flush=True)
        elif tenth != said:
            print(f"{done} of {total} {what}", file=sys.stderr, flush=True)
        said = tenth

    return show
