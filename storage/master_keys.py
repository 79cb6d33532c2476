"""
Where the master keys come from: the environment, or a file in the keys folder, newest first.

More than one is there only while keys are being rotated: the first closes, any of them opens. Who may read the file is
looked at each time. What the master keys close stands in `storage/keys.py`, how they are rotated in
`storage/rotation.py`.
"""

from __future__ import annotations

import base64
import binascii
import stat
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from dialogues.errors import KeeperUnavailable, PageUnreadable
from storage.atomic_file import Folder
from storage.sealing import KEY_BYTES, Master, fingerprint_of

FILE = "master.key"
_OTHERS = stat.S_IRWXG | stat.S_IRWXO


@dataclass(frozen=True, slots=True)
class KeySource:
    """
    Where keys are: a *folder* outside the data folder, and *master* keys from the environment, newest first.

    Without any from the environment, a file in the folder holds the master key.
    """

    folder: Path
    master: tuple[bytes, ...] = field(default=(), repr=False)


def beside(folder: Path) -> Path:
    """Return where the keys of the data folder *folder* are when nothing else is said."""
    return folder.with_name(folder.name + "-keys")


def decode(text: str) -> tuple[bytes, ...]:
    """Return the keys in *text*: base64 of 32 bytes each, commas between. Raises ValueError."""
    try:
        keys = tuple(base64.b64decode(part.strip(), validate=True) for part in text.split(","))
    except (binascii.Error, ValueError):
        keys = ()
    if not keys or any(len(key) != KEY_BYTES for key in keys):
        raise ValueError("is not base64 of 32 bytes, such as openssl rand -base64 32 gives")
    return keys


class Ring:
    """The master keys, newest first; at least one."""

    def __init__(self, keys: Sequence[bytes]) -> None:
        self._masters = {master.fingerprint: master for master in map(Master, keys)}
        self.newest = next(iter(self._masters.values()))

    def holds(self, wrapped: bytes) -> bool:
        """Return whether one of the keys here closed *wrapped*. Raises PageUnreadable."""
        return fingerprint_of(wrapped) in self._masters

    def unwrap(self, name: str, wrapped: bytes) -> bytes:
        """Return the secret kept under *name*. Raises PageUnreadable."""
        master = self._masters.get(fingerprint_of(wrapped))
        if master is None:
            raise PageUnreadable("the key is wrapped with a master key that is not here")
        return master.unwrap(name, wrapped)


def ring_of(source: KeySource) -> Ring | None:
    """Return all master keys there are, or None when there are none. Raises KeeperUnavailable."""
    keys = [*source.master, *kept_in(source.folder)]
    return Ring(keys) if keys else None


def kept_in(folder: Path) -> tuple[bytes, ...]:
    """Return the master keys in the file in *folder*, newest first. Raises KeeperUnavailable."""
    path = folder / FILE
    try:
        mode = path.stat().st_mode
        text = path.read_text("ascii")
    except (FileNotFoundError, NotADirectoryError):
        return ()
    except (OSError, UnicodeDecodeError) as error:
        raise KeeperUnavailable(
            f"The master key in {path} cannot be read. Give this account the right to read it, or put it back."
        ) from error
    if mode & _OTHERS:
        raise KeeperUnavailable(
            f"The master key in {path} may be read by others. Run: chmod 600 {path}, then: mindshift keys rotate"
        )
    try:
        return decode(text.strip().replace("\n", ","))
    except ValueError:
        raise KeeperUnavailable(
            f"The master key in {path} is damaged. Restore the keys folder from its copy."
        ) from None


def keep_in(folder: Folder, keys: Sequence[bytes]) -> None:
    """Put *keys* in the file in *folder*, newest first. Raises KeeperUnavailable."""
    folder.replace(FILE, b"".join(base64.b64encode(key) + b"\n" for key in keys))
