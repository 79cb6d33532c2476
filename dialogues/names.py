"""Notices what looks like a full name, so that the guide can ask for a role or an initial instead."""

from __future__ import annotations

import re

# Two capitalised words in a row, with Dutch particles between them: "Karin de Vries". A sentence may begin with a
# capital of its own, so in running text a name counts only after the first word.
_PARTICLE = r"(?:\s+(?:van|de|der|den|van de|van der|van den|ten|ter|el|al))?"
_FULL = re.compile(rf"\b([A-ZÀ-Þ][a-zà-ÿ]{{2,}}){_PARTICLE}\s+([A-ZÀ-Þ][a-zà-ÿ]{{2,}})\b")
# Capitalised words that are part of the name of a place, a school, a group or a day, and of no person.
_NO_NAME = frozenset(
    """
    academy basisschool board centre church college dalton daltonschool dinsdag donderdag een eight estate five four
    friday groep group hall head het high house infant jaar junior kindcentrum kring lane lyceum maandag mavo meeting
    monday montessori obs one park plein primary road room saturday scholen school schools secondary seven six straat
    street sunday team the three thursday trust tuesday two vrijdag wednesday weg woensdag year zaterdag zondag
    """.split()  # noqa: SIM905 - one word a line would be sixty lines
)


def looks_full(text: str, *, alone: bool = False) -> bool:
    """
    Return whether *text* seems to hold a first name with a surname.

    Args:
        alone: the text should be just a name, so its first word counts too.
    """
    found = _FULL.search(text)
    while found:
        place = {found[1].casefold(), found[2].casefold()} & _NO_NAME
        if not place and (alone or found.start() > 0):
            return True
        found = _FULL.search(text, found.start(2))
    return False
