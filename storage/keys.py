"""
The keys folder: one key for each leader, each wrapped by the master key, and the ledger of those that were destroyed.

In the folder stand `master.key` (unless that comes from the environment), `store.<id>.key` (by which this is known as
the keys of one store, and under which leaders' names are hashed), `<leader>.<id>.key` and `erased/`, in which the
hashed id of each destroyed key is an empty file. It is kept apart from the data folder and from backups, so that
whoever destroys a key makes every copy of what it closed unreadable. Which file is closed with which key, the files
say themselves; see `storage/sealing.py`.
"""

from __future__ import annotations

import hmac
import secrets
import threading
from collections import defaultdict
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

from filelock import FileLock, Timeout

from dialogues.conversation import LeaderId
from dialogues.errors import KeeperUnavailable, PageUnreadable
from storage import master_keys
from storage.atomic_file import UNFINISHED, Folder
from storage.data_folder import mark_in
from storage.master_keys import KeySource, Ring, ring_of
from storage.sealing import Seal, new_secret

KEY = ".key"
_STORE, _LOCK, _ERASED = "store", "keys.lock", "erased"
_NAME_LENGTH = 32
_PATIENCE_SECONDS, _POLL_SECONDS = 10.0, 0.005


class KeyMissing(PageUnreadable):
    """What is here was closed with a key that is not here."""


class KeyFolder:
    """
    The keys of one store. For any number of threads, and beside one process that rotates the master key.

    Raises (every method):
        KeeperUnavailable: the folder cannot be read or written. The message is a sentence for the operator.
    """

    def __init__(self, source: KeySource) -> None:
        self.source = source
        self.made = False
        self.folder = Folder(source.folder)
        self._ledger = Folder(source.folder / _ERASED)
        self._erased: set[str] = set()
        self._seals: dict[tuple[str, str], Seal] = {}
        self._thread = threading.Lock()

    def open(self, store: str | None) -> str:
        """
        Return the id of the store these keys are for.

        Args:
            store: the id that the data folder names, or None when it is new. Only then keys are made.
        """
        if store is None:
            self.check_unused()
            store = self._store_here() or self._make()
        if _file(_STORE, store) not in self._names():
            raise KeeperUnavailable(
                f"The keys of this store are not in {self.folder.path}. "
                "Put back the keys folder, or set MINDSHIFT_KEYS to where it is. Nothing was changed."
            )
        self._ring = self._ring_here()
        self._check_ring()
        self._erased = set(self._ledger.names()) if self._ledger.path.is_dir() else set()
        self._secret = self._unwrapped(_STORE, store)
        return store

    def probe(self) -> None:
        """See that keys can be made and destroyed here: a key that cannot be kept would be found out at a leader."""
        for folder in (self.folder.path, self._ledger.path):
            try:
                if folder.is_dir():
                    trial = folder / ("probe" + UNFINISHED)
                    trial.touch(mode=0o600)
                    trial.unlink()
            except OSError as error:
                raise KeeperUnavailable(
                    f"The keys folder {folder} cannot be used: {error.strerror}. "
                    "Give this account the right to read and write it, or set MINDSHIFT_KEYS to another folder."
                ) from error

    def check_unused(self) -> None:
        """Refuse keys that closed something already, for a data folder that is new."""
        if any(not name.startswith(f"{_STORE}.") for name in self._names()):
            raise KeeperUnavailable(
                f"The keys in {self.folder.path} belong to a store that is not in this data folder. "
                "Restore a backup, or, to begin anew, choose another keys folder. Nothing was made."
            )

    def name_of(self, leader: LeaderId) -> str:
        """Return the name that stands for *leader* on disk. Without the keys it cannot be traced back."""
        text = leader.encode("utf-8", "surrogatepass")
        return hmac.new(self._secret, text, sha256).hexdigest()[:_NAME_LENGTH]

    def token(self, content: bytes) -> str:
        """Return a proof that whoever had these keys wrote *content*."""
        return hmac.new(self._secret, b"token\0" + content, sha256).hexdigest()

    def seal(self, owner: str, key_id: str) -> Seal:
        """Return the key *key_id* of *owner*. Raises KeyMissing; PageUnreadable when it is damaged."""
        seal = self._seals.get((owner, key_id))
        if seal is None:
            seal = self._seals[owner, key_id] = Seal(key_id, self._unwrapped(owner, key_id))
        return seal

    def new(self, owner: str) -> Seal:
        """Return a new key for *owner*, on disk before this returns."""
        key_id, secret = secrets.token_hex(16), new_secret()
        self._wrap(owner, key_id, secret)
        seal = self._seals[owner, key_id] = Seal(key_id, secret)
        return seal

    def key_ids(self) -> dict[str, set[str]]:
        """Return the ids of all keys by owner, the store's own among them."""
        ids: dict[str, set[str]] = defaultdict(set)
        for name in self._names():
            owner, key_id, _ = name.split(".")
            ids[owner].add(key_id)
        return ids

    def destroy(self, owner: str, key_ids: Collection[str]) -> None:
        """Write down that *key_ids* of *owner* are erased, then destroy them, on disk before this returns."""
        with self.alone():
            for entry in map(_entry, key_ids):
                self._ledger.make()
                self._ledger.replace(entry, b"")
                self._erased.add(entry)
            self.folder.shred([_file(owner, key_id) for key_id in key_ids])
        for key_id in key_ids:
            self._seals.pop((owner, key_id), None)

    def erased(self, key_id: str) -> bool:
        """Return whether *key_id* is in the ledger, so that nothing it closed may ever be served."""
        return _entry(key_id) in self._erased

    def finish_erasures(self) -> None:
        """Destroy the keys that stand in the ledger and were not yet destroyed when the process died."""
        left = [name for name in self._names() if self.erased(name.split(".")[1])]
        unfinished = self.folder.names(UNFINISHED)
        if left or unfinished:
            with self.alone():
                self.folder.shred([*left, *unfinished])

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Keep every other thread and process from changing keys."""
        lock = FileLock(self.folder.path / _LOCK, mode=0o600, fallback_to_soft=False, poll_interval=_POLL_SECONDS)
        with self._thread:
            try:
                lock.acquire(timeout=_PATIENCE_SECONDS)
            except (OSError, Timeout) as error:
                raise KeeperUnavailable(f"The keys folder {self.folder.path} cannot be locked.") from error
            try:
                yield
            finally:
                lock.release()

    def wrapped_names(self) -> list[str]:
        """Return the names of all wrapped keys, the store's own among them."""
        return [name for name in self.folder.names(KEY) if name != master_keys.FILE]

    def _names(self) -> list[str]:
        return self.wrapped_names() if self.folder.path.is_dir() else []

    def _store_here(self) -> str | None:
        """Return the store of a first start that was broken off, if there was one."""
        names = self._names()
        return names[0].split(".")[1] if names else None

    def _make(self) -> str:
        self.folder.make()
        self._ledger.make()
        with self.alone():
            if ring_of(self.source) is None:
                master_keys.keep_in(self.folder, [new_secret()])
        store = secrets.token_hex(16)
        self._wrap(_STORE, store, new_secret())
        self.made = True
        return store

    def _ring_here(self) -> Ring:
        ring = ring_of(self.source)
        if ring is None:
            raise KeeperUnavailable(
                f"The master key is missing: it is not in {self.folder.path}, and MINDSHIFT_MASTER_KEY is not set."
            )
        return ring

    def _check_ring(self) -> None:
        """Refuse master keys that do not open every key, since what is written next would need both."""
        strange = sum(self._is_strange(name) for name in self._names())
        if strange:
            raise KeeperUnavailable(
                f"The master key does not fit {strange} of the keys in {self.folder.path}. "
                "Put back the right master key. Nothing was changed."
            )

    def _is_strange(self, name: str) -> bool:
        try:
            wrapped = self.folder.read(name)
            # A rotation under way may have brought a master key since the ring was read.
            return wrapped is not None and not self._ring.holds(wrapped) and not self._ring_here().holds(wrapped)
        except PageUnreadable:
            return False

    def _wrap(self, owner: str, key_id: str, secret: bytes) -> None:
        name = _file(owner, key_id)
        with self.alone():
            self.folder.replace(name, self._ring_here().newest.wrap(name, secret))

    def _unwrapped(self, owner: str, key_id: str) -> bytes:
        name = _file(owner, key_id)
        wrapped = self._read(name)
        if not self._ring.holds(wrapped):
            # The master key was rotated. It goes only after the last key was wrapped anew, so both fit when read again.
            self._ring = self._ring_here()
            wrapped = self._read(name)
        return self._ring.unwrap(name, wrapped)

    def _read(self, name: str) -> bytes:
        wrapped = self.folder.read(name)
        if wrapped is None:
            raise KeyMissing("it was closed with a key that is not here")
        return wrapped


def keys_of(folder: Path, source: KeySource) -> tuple[str, KeyFolder]:
    """
    Return the id of the store in *folder*, and its keys opened, whoever holds the folder.

    Raises:
        KeeperUnavailable: there is no store, or its keys are not in *source*.
    """
    mark = mark_in(folder)
    if mark is None or mark.keys is None:
        raise KeeperUnavailable(f"There is no store of this version in {folder}. Set MINDSHIFT_DATA to where it is.")
    keys = KeyFolder(source)
    return keys.open(mark.keys), keys


def _file(owner: str, key_id: str) -> str:
    return f"{owner}.{key_id}{KEY}"


def _entry(key_id: str) -> str:
    return sha256(b"erased " + key_id.encode()).hexdigest()[:_NAME_LENGTH]
