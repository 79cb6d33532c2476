"""Makes texts comparable: how something was typed stops mattering. What a leader reads back is never folded."""

from __future__ import annotations

import unicodedata

LETTERS_REMEMBERED = 5_000
"""Far more than any school's languages have, and so few that odd messages fill no memory."""


class _Kept(dict[int, int | None]):
    """Which letters stay, for `str.translate`: all but accents and what cannot be seen. Filled as letters come by."""

    def __missing__(self, point: int) -> int | None:
        if len(self) >= LETTERS_REMEMBERED:
            self.clear()
        self[point] = None if unicodedata.category(chr(point)) in {"Mn", "Cf"} else point
        return self[point]


_KEPT = _Kept()
_STRAIGHT = str.maketrans(dict.fromkeys("\u2018\u2019\u00b4`", "'"))
_AROUND = " .,;:!?…\"'“”„()"


def fold(text: str) -> str:
    """Return *text* in lower case, without accents, invisible characters, or spaces and punctuation around it."""
    spread = unicodedata.normalize("NFKD", text.translate(_STRAIGHT)).casefold()
    return " ".join(spread.translate(_KEPT).split()).strip(_AROUND)
