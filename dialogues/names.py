"""Notices what looks like a full name, so that the guide can ask for a role or an initial instead."""

from __future__ import annotations

import re

# Two capitalised words in a row, with Dutch particles between them: "Karin de Vries". A sentence may begin with a
# capital of its own, so in running text a name counts only after the first word.
_FULL = re.compile(
    r"\b[A-Z][a-zà-ÿ]{2,}(?:\s+(?:van|de|der|den|van de|van der|van den|ten|ter|el|al))?\s+[A-Z][a-zà-ÿ]{2,}\b"
)


def looks_full(text: str, *, alone: bool = False) -> bool:
    """
    Return whether *text* seems to hold a first name with a surname.

    Args:
        alone: the text should be just a name, so its first word counts too.
    """
    found = _FULL.search(text)
    return bool(found and (alone or found.start() > 0))
