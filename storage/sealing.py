"""
How content is closed so that only the holder of a key can read it, and only in the place it was closed for.

A sealed file has one line in plain text, which names the key and counts the versions, then the content under
AES-256-GCM (NIST SP 800-38D) with a nonce of 96 random bits. The line and the name of the file are bound in: a file
that was changed in one bit, put under another name, or whose line was altered does not open. A sealed change is the
same for one record of many in a file; its line counts the records, says how long this one is, and has a checksum of its
own, so that what was written in part can be told from what was damaged. Where keys are kept stands in
`storage/keys.py`; why this cipher, in decision 8.
"""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from hashlib import sha256
from zlib import crc32

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from dialogues.errors import PageUnreadable

KEY_BYTES = 32
_NONCE_BYTES, _TAG_BYTES, _ID_BYTES = 12, 16, 16
_SEALED = re.compile(rb"mindshift sealed 2 key=([0-9a-f]{32}) version=([0-9]{1,18})\n")
_CHANGE = re.compile(
    rb"(mindshift change 1 key=([0-9a-f]{32}) number=([0-9]{6}) size=([0-9]{10})) check=([0-9a-f]{8})\n"
)
_SAID, _CHECK = b"mindshift change 1 key=%s number=%06d size=%010d", b" check=%08x\n"
_END = b"\n"
"""What ends a sealed change: never zero, so that a last part that was not written can be told from one that was."""

_WRAPPED = re.compile(rb"mindshift key 1 master=([0-9a-f]{16})\n")


def new_secret() -> bytes:
    """Return a key nobody has ever seen."""
    return secrets.token_bytes(KEY_BYTES)


class Seal:
    """
    One key, by its id, and what can be done with it. Neither its text nor its errors show the secret.

    Args:
        key_id: 32 hexadecimal digits, by which a sealed file says that this key opens it.
    """

    def __init__(self, key_id: str, secret: bytes) -> None:
        self.key_id = key_id
        self._cipher = AESGCM(secret)

    def close(self, name: str, version: int, content: bytes) -> bytes:
        """Return *content* closed, to be kept under *name*."""
        line = b"mindshift sealed 2 key=%s version=%d\n" % (self.key_id.encode(), version)
        return line + _encrypted(self._cipher, line + name.encode(), content)

    def open(self, name: str, sealed: bytes) -> tuple[int, bytes]:
        """Return the version and the content of what is kept under *name*. Raises PageUnreadable."""
        line = _line(_SEALED, sealed)
        return int(line[2]), _decrypted(self._cipher, line[0] + name.encode(), sealed[line.end() :])

    def close_change(self, name: str, number: int, content: bytes) -> bytes:
        """Return *content* closed, to be kept as change *number* in *name*."""
        size = _NONCE_BYTES + len(content) + _TAG_BYTES + len(_END)
        said = _SAID % (self.key_id.encode(), number, size)
        line = said + _CHECK % crc32(said)
        return line + _encrypted(self._cipher, line + name.encode(), content) + _END

    def open_change(self, name: str, sealed: bytes) -> bytes:
        """Return the content of a change that is kept in *name*. Raises PageUnreadable."""
        line = _line(_CHANGE, sealed)
        if not sealed.endswith(_END):
            raise PageUnreadable("the change does not end as it should")
        return _decrypted(self._cipher, line[0] + name.encode(), sealed[line.end() : -len(_END)])


@dataclass(frozen=True, slots=True)
class Bounds:
    """Which change it is, by *number*, and where it ends."""

    number: int
    end: int


CHANGE_LINE = len(_SAID % (b"0" * 2 * _ID_BYTES, 0, 0)) + len(_CHECK % 0)
"""How long the line of every sealed change is, in bytes."""


def bounds_at(content: bytes, start: int) -> Bounds | None:
    """Return what the line at *start* says of the change there, or None when no whole line stands there."""
    line = _CHANGE.match(content, start)
    if line is None or int(line[5], 16) != crc32(line[1]):
        return None
    return Bounds(int(line[3]), line.end() + int(line[4]))


def key_id_of(sealed: bytes) -> str:
    """Return the id of the key that opens *sealed*, or the first change in it. Raises PageUnreadable."""
    change = _CHANGE.match(sealed)
    return (change[2] if change else _line(_SEALED, sealed)[1]).decode()


def tag_of(sealed: bytes) -> str:
    """Return the checksum that ends *sealed*: made with the key, and different for every content and every closing."""
    return sealed[-_TAG_BYTES:].hex()


class Master:
    """A key that opens nothing but other keys."""

    def __init__(self, secret: bytes) -> None:
        self.fingerprint = sha256(b"mindshift master " + secret).hexdigest()[:16]
        self._cipher = AESGCM(secret)

    def closed(self, wrapped: bytes) -> bool:
        """Return whether this master key closed *wrapped*. Raises PageUnreadable."""
        return fingerprint_of(wrapped) == self.fingerprint

    def wrap(self, name: str, secret: bytes) -> bytes:
        """Return *secret* closed, to be kept under *name*."""
        line = b"mindshift key 1 master=%s\n" % self.fingerprint.encode()
        return line + _encrypted(self._cipher, line + name.encode(), secret)

    def unwrap(self, name: str, wrapped: bytes) -> bytes:
        """Return the secret kept under *name*. Raises PageUnreadable."""
        line = _line(_WRAPPED, wrapped)
        return _decrypted(self._cipher, line[0] + name.encode(), wrapped[line.end() :])


def fingerprint_of(wrapped: bytes) -> str:
    """Return the fingerprint of the master key that opens *wrapped*. Raises PageUnreadable."""
    return _line(_WRAPPED, wrapped)[1].decode()


def _line(shape: re.Pattern[bytes], content: bytes) -> re.Match[bytes]:
    line = shape.match(content)
    if line is None:
        raise PageUnreadable("the file has no line that says what opens it")
    return line


def _encrypted(cipher: AESGCM, bound: bytes, content: bytes) -> bytes:
    nonce = secrets.token_bytes(_NONCE_BYTES)
    return nonce + cipher.encrypt(nonce, content, bound)


def _decrypted(cipher: AESGCM, bound: bytes, closed: bytes) -> bytes:
    nonce, rest = closed[:_NONCE_BYTES], closed[_NONCE_BYTES:]
    try:
        return cipher.decrypt(nonce, rest, bound)
    except (InvalidTag, ValueError):
        raise PageUnreadable("the content is not what was sealed") from None
