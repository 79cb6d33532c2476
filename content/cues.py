"""The words that the lenses of a coach look for, of all languages together: a leader may write in any."""

from __future__ import annotations

from content.catalogue import Catalogue
from content.structure import listed
from dialogues.lenses import Cue, Cues


def cues(catalogue: Catalogue) -> Cues:
    """Return what counts as a sign of what, as it stands in `lenses.yaml`."""
    books = catalogue.books.values()
    return Cues({cue: [word for book in books for word in listed(book, f"lenses.cues.{cue}.words")] for cue in Cue})
