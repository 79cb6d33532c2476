"""Makes texts comparable: how something was typed stops mattering. What a leader reads back is never folded."""

from __future__ import annotations

import unicodedata

_STRAIGHT = str.maketrans(dict.fromkeys("\u2018\u2019\u00b4`", "'"))
_AROUND = " .,;:!?…\"'“”„()"


def fold(text: str) -> str:
    """Return *text* in lower case, without accents, invisible characters, or spaces and punctuation around it."""
    spread = unicodedata.normalize("NFKD", text.translate(_STRAIGHT)).casefold()
    kept = "".join(letter for letter in spread if unicodedata.category(letter) not in {"Mn", "Cf"})
    return " ".join(kept.split()).strip(_AROUND)
