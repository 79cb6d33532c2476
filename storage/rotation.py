"""
A new master key in place of the old: every key is wrapped anew, after which the old master key opens nothing.

This runs beside a bot that is at work, and can be killed anywhere: the old master key goes only when nothing needs it
any more, and rotating again goes on where it stopped. The keys of leaders stay what they are, so no page is written.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

from dialogues.errors import PageUnreadable
from storage import master_keys
from storage.keys import KeyFolder, keys_of
from storage.master_keys import KeySource, Ring
from storage.sealing import new_secret

_AT_ONCE = 16
"""How many keys are wrapped anew between two moments at which a bot at work can make or erase one."""


def rotate(folder: Path, source: KeySource, progress: Callable[[int, int], None]) -> int:
    """
    Wrap every key of the store in *folder* with a new master key and return how many keys there are.

    The new one is made in the keys folder, or, when the environment has master keys, is the first of those; then the
    file in the keys folder is removed.

    Args:
        progress: told how many keys are done, and of how many.

    Raises:
        KeeperUnavailable: it could not be finished; everything can be read as before. The message is for the operator.
    """
    _, keys = keys_of(folder, source)
    with keys.alone():
        ring = _begun(keys)
    names = keys.wrapped_names()
    for done in range(0, len(names), _AT_ONCE):
        with keys.alone():
            _rewrap(keys, ring, names[done : done + _AT_ONCE])
        progress(min(done + _AT_ONCE, len(names)), len(names))
    with keys.alone():
        # Keys that were made in the meantime have the new master key already; this is to be certain.
        names = keys.wrapped_names()
        _rewrap(keys, ring, names)
        _finish(keys)
    return len(names)


def _begun(keys: KeyFolder) -> Ring:
    """Return the master keys, the new one first. One that an earlier rotation left unfinished is used."""
    kept = master_keys.kept_in(keys.source.folder)
    if not keys.source.master and len(kept) == 1:
        kept = (new_secret(), *kept)
        master_keys.keep_in(keys.folder, kept)
    return Ring([*keys.source.master, *kept])


def _rewrap(keys: KeyFolder, ring: Ring, names: Sequence[str]) -> None:
    anew: dict[str, bytes] = {}
    for name in names:
        # A key that is gone was erased since; a damaged one opens nothing, and `mindshift verify` reports it.
        with suppress(PageUnreadable):
            wrapped = keys.folder.read(name)
            if wrapped is not None and not ring.newest.closed(wrapped):
                anew[name] = ring.newest.wrap(name, ring.unwrap(name, wrapped))
    if anew:
        keys.folder.replace_each(anew)


def _finish(keys: KeyFolder) -> None:
    kept = master_keys.kept_in(keys.source.folder)
    if keys.source.master:
        keys.folder.shred([master_keys.FILE])
    elif len(kept) > 1:
        master_keys.keep_in(keys.folder, kept[:1])
