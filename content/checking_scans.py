"""
Checks what a self-scan needs: a scale and a scope, rounds when it is long, and words for each of its statements.

What every model needs is checked in `checking_models.py`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from content.checking_heads import check_parts, check_there, fault
from content.model_files import FOLDER, Head
from content.yaml_files import Book, Fault

SCALES = ("fit", "often", "strong", "size", "slider")
SCOPES = ("own", "team", "school")
PICTURES = ("bars", "sliders", "landscape")
OF_ITEM = frozenset({"term", "item", "left", "right"})
MOST_ITEMS = 12
"""Statements in one go; a longer scan has rounds."""


def check_scan(head: Head, words: Book) -> Iterator[Fault]:
    """Yield what a model lacks to be a scan: a scale, a scope, rounds that fit, and the words of each statement."""
    key = f"{FOLDER}.{head.id}"
    for name, allowed in (("scale", SCALES), ("scope", SCOPES), ("picture", (*PICTURES, ""))):
        if head.text(name) not in allowed:
            yield fault(head, name, f"is a scan with no known {name}", f"Use one of {', '.join(filter(None, allowed))}")
    own = words.under(f"{key}.items")
    items = own or words.under(f"{key}.elements")
    yield from _rounds(head, items, words)
    yield from check_parts(f"{key}.items", OF_ITEM, words)
    ends = ("left", "right") if head.text("scale") == "slider" else ()
    of_own = ("term", "item") if own else ()
    for item in items:
        for name in (*ends, *of_own):
            yield from check_there(f"{key}.items.{item}" if own else f"{key}.elements.{item}", name, words)


def _rounds(head: Head, items: Sequence[str], words: Book) -> Iterator[Fault]:
    rounds = [item for part in head.table("rounds").values() if isinstance(part, list) for item in part]
    if rounds and rounds != list(items):
        yield fault(head, "rounds", "has rounds that do not hold every statement once, in order", "Put them right")
    if not rounds and len(items) > MOST_ITEMS:
        yield fault(head, "forms", f"has {len(items)} statements in one go", "Divide them over rounds of four to seven")
    for name, part in head.table("rounds").items():
        if not part:
            yield fault(head, "rounds", f"has a round {name} without statements", "Take it away, or fill it")
        if f"{FOLDER}.{head.id}.rounds.{name}" not in words.texts:
            yield fault(head, "rounds", f"has a round {name} without a name", "Name it under nl and en")
