"""
A frozen value of which some fields are other: `dataclasses.replace` at a small part of its cost.

A turn changes the conversation some twenty times on its desk, and the conversation has many fields; that was a quarter
of all the work of a turn. Values with a ``__dict__`` are copied in one step; others take the ordinary way.
"""

from __future__ import annotations

import dataclasses
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    # One name for both, so that the types of the fields stay checked.
    from dataclasses import replace as replace  # noqa: PLC0414 (given on)
else:

    @cache
    def _plain_fields(kind: type) -> frozenset[str]:
        """Return the names of the fields of *kind*; none when its values have no ``__dict__``, or do more at making."""
        plain = kind.__dictoffset__ and not hasattr(kind, "__post_init__")
        return frozenset(one.name for one in dataclasses.fields(kind)) if plain else frozenset()

    def replace(value: object, /, **changes: object) -> object:
        """
        Return a copy of *value*, an instance of a dataclass, with *changes* in it.

        Raises:
            TypeError: there is no such field.
        """
        kind = type(value)
        known = _plain_fields(kind)
        if not known:
            return dataclasses.replace(value, **changes)
        if not known.issuperset(changes):
            raise TypeError(f"{kind.__name__} has no such field")
        copy = object.__new__(kind)
        copy.__dict__.update(value.__dict__, **changes)
        return copy
