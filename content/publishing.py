"""
Makes the documents of a portfolio: a PDF to hand over, and Markdown to edit. Implements the Publisher port.

Both say the same, in the words of `portfolio.yaml`. What the PDF looks like stands in `templates/portfolio.typ`. What
somebody wrote is a value in the one and escaped in the other: it is never markup.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Callable, Mapping
from typing import Any, TypeAlias, cast

from content.catalogue import Catalogue
from content.drawing import SvgPainter
from content.printing import Printed, pdf
from dialogues.conversation import Phrase, Say, Value
from dialogues.errors import DrawingFailed
from dialogues.portfolio import Chapter, Part, Portfolio
from dialogues.portfolio_words import chapter_words, path_picture

Shown: TypeAlias = dict[str, Any]
"""Values of a document with their words filled in."""

LABELS = (
    "name", "school", "made", "start", "agreed", "phases", "no_path", "of", "rules_head", "rules", "sources",
)  # fmt: skip

_SPECIAL = re.compile(r"([\\`*_\[\]<>|~&$])")
_AT_THE_START = re.compile(r"^(\s*)([#+\-=:]|\d+(?=[.)]))")
_TURNING = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\x00-\x08\x0b-\x1f\x7f]")
"""Signs that turn a line around or steer a screen; what stands beside such a text would be changed by them."""


class PortfolioPublisher:
    """Implements the Publisher port over the words of a catalogue and the drawings of a painter."""

    def __init__(self, catalogue: Catalogue, painter: SvgPainter) -> None:
        """Take the words, and who draws the path."""
        self._catalogue = catalogue
        self._painter = painter

    def pdf(self, portfolio: Portfolio, language: str) -> bytes:
        """Return *portfolio* as a tagged PDF. Raises WordsMissing, PrintingFailed."""
        shown = self._shown(portfolio, language, str)
        for chapter, told in zip(portfolio.chapters, shown["chapters"], strict=True):
            picture = path_picture(chapter, on_paper=True)
            told["picture"] = self._painter.svg(picture, language) if picture else ""
        return pdf("portfolio", cast("Mapping[str, Printed]", shown))

    def markdown(self, portfolio: Portfolio, language: str) -> str:
        """Return *portfolio* as Markdown (CommonMark), the path as a picture inside it. Raises WordsMissing."""
        shown = self._shown(portfolio, language, escaped)
        for chapter, told in zip(portfolio.chapters, shown["chapters"], strict=True):
            told["picture"] = self._drawn(chapter, language)
        return self._catalogue.render(Say("portfolio.document", shown), language).text + "\n"

    def _drawn(self, chapter: Chapter, language: str) -> str:
        """Return the path as the address of a PNG that holds itself, or "": the words beside it say the same."""
        picture = path_picture(chapter)
        try:
            drawn = self._painter.paint(picture, language) if picture else b""
        except DrawingFailed:
            return ""
        return f"data:image/png;base64,{b64encode(drawn).decode('ascii')}" if drawn else ""

    def _shown(self, portfolio: Portfolio, language: str, write: Callable[[str], str]) -> Shown:
        """Return everything that stands in the document, in words; *write* makes a text of somebody fit in."""
        labels = {name: Phrase(f"portfolio.paper.{name}", {"made": portfolio.made}) for name in LABELS}
        told: Value = tuple(self._chapter(chapter, write) for chapter in portfolio.chapters)
        values: dict[str, Value] = {
            "title": Phrase("portfolio.title"),
            "labels": {**labels, "path": Phrase("portfolio.path")},
            "chapters": told,
        }
        return {**self._catalogue.filled(values, language), "language": language}

    def _chapter(self, chapter: Chapter, write: Callable[[str], str]) -> dict[str, Value]:
        words = cast("Shown", _written(chapter_words(chapter, self._catalogue.repertoire), write))
        parts: tuple[Value, ...] = tuple(
            {"head": Phrase(f"portfolio.paper.{part}"), "pieces": tuple(_piece(piece) for piece in words[part])}
            for part in Part
            if words[part]
        )
        return {
            "id": chapter.id,
            "topic": " ".join(words["topic"].split()) if isinstance(words["topic"], str) else words["topic"],
            "period": Phrase("portfolio.paper.period", {"first": chapter.first, "last": chapter.last}),
            "ways": tuple(_way(way) for way in words["ways"]),
            "parts": parts,
            "agreed": tuple(
                {"quote": Phrase("portfolio.paper.quote", one), "by": Phrase("portfolio.paper.by", one)}
                for one in words["agreed"]
            ),
        }


def escaped(text: str) -> str:
    """
    Return *text* as it reads the same in Markdown (CommonMark), with nothing in it that is markup.

    Lines stay lines, also inside an item of a list. Signs that turn a line around are left out.
    """
    lines = [_SPECIAL.sub(r"\\\1", line).strip() for line in _TURNING.sub("", text).splitlines()]
    return "\\\n  ".join(_AT_THE_START.sub(_held, line) for line in lines if line)


def _held(start: re.Match[str]) -> str:
    """Return what begins a line so that it begins no heading, list or rule."""
    space, sign = start.groups()
    return f"{space}{sign}\\" if sign.isdecimal() else f"{space}\\{sign}"


def _written(value: Value, write: Callable[[str], str]) -> Value:
    """Return *value* with every text of somebody in it as *write* gives it; words of the content stay as they are."""
    if isinstance(value, str):
        return write(value)
    if isinstance(value, tuple):
        return tuple(_written(item, write) for item in value)
    if isinstance(value, Mapping):
        return {name: _written(item, write) for name, item in value.items()}
    return value


def _way(way: Shown) -> dict[str, Value]:
    return {
        "sentence": Phrase("portfolio.paper.sentence", way),
        "about": Phrase("portfolio.paper.about", way),
        "stops": tuple(
            {"number": stop["number"], "phase": stop["phase"], "day": Phrase("portfolio.paper.day", stop)}
            for stop in way["stops"]
        ),
    }


_KINDS = {"plan": "act", "scanned": "title", "answered": "asked"}
"""By which of its values a piece is known to be no mere text."""


def _piece(piece: Shown) -> dict[str, Value]:
    """Return a piece as its text, what is said behind it, and its day."""
    kind = next((kind for kind, sign in _KINDS.items() if piece.get(sign)), "quote")
    return {
        "text": Phrase(f"portfolio.paper.{kind}", piece),
        "more": Phrase("portfolio.paper.more", piece) if kind == "plan" else "",
        "day": Phrase("portfolio.paper.day", piece),
    }
