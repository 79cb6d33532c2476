"""
Random names and codes: what nobody can guess, and what people can type over.

Codes are written in the 32 signs of Crockford's Base 32 (Douglas Crockford, 2002), which leaves out I, L, O and U; who
types one of the first three is understood.
"""

from __future__ import annotations

import secrets
from hashlib import sha256

SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Five bits each."""

ASKING_CODE = 8
"""Signs of the code on a login page: 40 bits. It is a request, and opens nothing."""

PASSAGE_CODE = 12
"""Signs of the code that lets in on the login page that asked: 60 bits, five tries, ten minutes."""

_GROUP = 4
_MEANT = str.maketrans("ILO", "110")


def new_token() -> str:
    """Return 256 random bits in letters that an address and Telegram take."""
    return secrets.token_urlsafe(32)


def new_name() -> str:
    """Return 128 random bits, hexadecimal."""
    return secrets.token_hex(16)


def new_code(length: int) -> str:
    """Return *length* random signs, without gaps."""
    return "".join(secrets.choice(SIGNS) for _ in range(length))


def grouped(code: str) -> str:
    """Return *code* in groups of four, as it is shown."""
    return "-".join(code[start : start + _GROUP] for start in range(0, len(code), _GROUP))


def read_code(typed: str) -> str:
    """Return what *typed* means as a code, as far as it holds such signs: in any case, with or without gaps."""
    meant = typed.upper().translate(_MEANT)
    return "".join(sign for sign in meant if sign in SIGNS)


def digest(secret: str) -> str:
    """Return what is kept in memory of a *secret* that others hold: a copy of the memory opens nothing."""
    return sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
