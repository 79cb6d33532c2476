"""
What a leader types along when she finishes a sentence that the guide began: "Ik ga van …", "… and I hope for …".

The guide puts her words back into that sentence, so the beginning would stand there twice. Only what stands before her
own words goes, and a final full stop; the journal keeps the answer as it was written. How "als … dan …" is taken off
a plan stands in `plans.py`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from dialogues.conversation import Whose

_FROM: Mapping[Whose, re.Pattern[str]] = {
    Whose.OWN: re.compile(r"(?:ik ga van|i am moving from|i'm moving from|van|from)\s+", re.IGNORECASE),
    Whose.COLLEAGUE: re.compile(r"(?:ik zie nu|ik zie|i now see|i see)\s+", re.IGNORECASE),
    Whose.TEAM: re.compile(r"(?:wij doen nu|we doen nu|nu doen we|what we do now is|we now)\s+", re.IGNORECASE),
}
_TO: Mapping[Whose, re.Pattern[str]] = {
    Whose.OWN: re.compile(r"(?:naar|to)\s+", re.IGNORECASE),
    Whose.COLLEAGUE: re.compile(r"(?:en |and )?(?:ik hoop op|hoop op|i hope for|hope for)\s+", re.IGNORECASE),
    Whose.TEAM: re.compile(r"(?:en |and )?(?:wij willen|we willen|willen|what we want is|we want)\s+", re.IGNORECASE),
}


def without_from(text: str, whose: Whose) -> str:
    """Return the beginning of a from-to sentence as it stands inside that sentence."""
    return _bare(text, _FROM[whose])


def without_to(text: str, whose: Whose) -> str:
    """Return the end of a from-to sentence as it stands inside that sentence."""
    return _bare(text, _TO[whose])


def without_stop(text: str) -> str:
    """Return *text* without a final full stop; three dots stay."""
    stripped = text.strip()
    return stripped[:-1] if stripped.endswith(".") and not stripped.endswith("..") else stripped


def _bare(text: str, lead: re.Pattern[str]) -> str:
    bare = without_stop(text.lstrip("… "))
    found = lead.match(bare)
    return bare[found.end() :] if found else bare
