"""
What pieces and journeys are called in addresses: names that say nothing, neither what they are nor how many there are.

On a leader's page a reflection is called r17, which tells that there are sixteen others. Here it has 128 bits made with a
key that lives as long as the process, as sessions do, so that nobody can guess one or count them.
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Iterable
from typing import Protocol, TypeVar

LENGTH = 32
"""Hexadecimal digits: 128 bits."""


class Named(Protocol):
    """Something with an id of its own on a leader's page."""

    @property
    def id(self) -> str:
        """How the leader's page calls it."""
        ...


NamedT = TypeVar("NamedT", bound=Named)


class Handles:
    """Gives and reads such names. Other ones after each start."""

    def __init__(self) -> None:
        self._key = secrets.token_bytes(32)

    def of(self, leader: str, id_: str) -> str:
        """Return the name of what the page of *leader* (a handle of a link) calls *id_*."""
        return hmac.digest(self._key, f"{leader} {id_}".encode("utf-8", "surrogatepass"), "sha256").hex()[:LENGTH]

    def find(self, leader: str, among: Iterable[NamedT], handle: str) -> NamedT | None:
        """Return which of *among* is called *handle*, or None. All of them are looked at, wherever it stands."""
        asked = handle.encode("utf-8", "surrogatepass")
        found = [one for one in among if hmac.compare_digest(self.of(leader, one.id).encode(), asked)]
        return found[0] if found else None
