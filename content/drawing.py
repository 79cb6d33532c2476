"""
Draws pictures: words and places go through an SVG template, and the SVG becomes a PNG. Implements the Painter port.

Where things stand is decided in `laying_out.py`, `landscape.py` and `board_picture.py`, what they look like in
`templates/`, and the words come from the catalogue. Everything a leader wrote is escaped. The letters come from a font
package and never from the machine, so that a picture is the same everywhere (decision 12).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from types import MappingProxyType

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from content import laying_out
from content.board_picture import board, described
from content.catalogue import FOLDER, Catalogue
from content.landscape import PARTS, landscape
from content.laying_out import EDGE, Shown
from content.lettering import legible
from content.path_drawing import path
from dialogues.conversation import Phrase, Picture, Value
from dialogues.errors import DrawingFailed, WordsMissing

FAMILY = "Source Sans 3"

INK: Mapping[str, str] = MappingProxyType(
    {
        "ground": "#e7e2d8",
        "card": "#fffdf8",
        "text": "#1f2a33",
        "soft": "#4a5661",
        "accent": "#1f6b75",
        "line": "#76818a",
        "pale": "#f0ece3",
        "sea": "#e4eef2",
        "land": "#cfe0bd",
        "polder": "#f3e6b4",
        "shore": "#56703f",
    }
)
"""The colours by what they are for. One accent; what it shows is also told by shape, size or a word."""

PAPER: Mapping[str, str] = MappingProxyType({**INK, "ground": "#ffffff", "card": "#ffffff"})
"""The colours where a picture stands among words on white paper."""


class SvgPainter:
    """Draws scans, the matrix and the board of a team. One for all threads: drawing keeps nothing between two pictures."""

    def __init__(self, catalogue: Catalogue) -> None:
        """Take the words from *catalogue*."""
        self._catalogue = catalogue
        loader = FileSystemLoader(FOLDER / "templates")
        self._templates = Environment(
            loader=loader, undefined=StrictUndefined, autoescape=True, trim_blocks=True, lstrip_blocks=True
        )
        self._kinds: dict[str, Callable[[Shown, str], Shown]] = {
            "bars": lambda shown, _: laying_out.bars(shown),
            "sliders": lambda shown, _: laying_out.sliders(shown),
            "matrix": lambda shown, _: laying_out.matrix(shown),
            "landscape": self._landscape,
            "board": lambda shown, _: board(shown),
            "path": self._path,
        }

    def svg(self, picture: Picture, language: str) -> str:
        """
        Return *picture* as SVG, with its name and what it says in words inside; several can stand in one page.

        Raises:
            WordsMissing: a word is not in the content.
            DrawingFailed: the kind is unknown, or its values are not what it shows.
        """
        try:
            shown = self._shown(picture, language)
            placed = self._kinds[picture.kind](shown, language)
            description = legible(" ".join(self._described(picture, shown, language)))
            name = legible(shown["title"])
            ink = PAPER if shown.get("on_paper") else INK
            return self._templates.get_template(f"{picture.kind}.svg").render(
                **placed, title=name, description=description, language=language, ink=ink, edge=EDGE
            )
        except WordsMissing:
            raise
        except Exception as error:  # noqa: BLE001 - what went wrong with a value may carry what somebody wrote
            raise DrawingFailed(f"{picture.kind}: {type(error).__name__}") from None

    def paint(self, picture: Picture, language: str) -> bytes:
        """
        Return *picture* as a PNG, 1000 pixels wide (the matrix 1600). Takes 30 to 400 milliseconds.

        Raises:
            WordsMissing: a word is not in the content.
            DrawingFailed: as `svg`, or there is no font, without which a picture would have no words.
        """
        drawn = self.svg(picture, language)
        try:
            return _png(drawn, _font())
        except Exception as error:  # noqa: BLE001 - what the renderer says may quote the drawing
            raise DrawingFailed(f"{picture.kind}: {type(error).__name__}") from None

    def _shown(self, picture: Picture, language: str) -> Shown:
        """Return the values of *picture* with every word in it filled in."""
        values = dict(picture.values)
        if picture.kind in ("bars", "sliders"):
            days = {name: values[name] for name in ("on", "before_on", "today")}
            values["said_now"] = Phrase("picture.now", days)
            values["said_before"] = Phrase("picture.before", days) if values["before_on"] else ""
        if picture.kind == "landscape":
            values |= {"title": Phrase("picture.landscape.title"), "legend": Phrase("picture.landscape.legend")}
        return self._catalogue.filled(values, language)

    def _landscape(self, shown: Shown, language: str) -> Shown:
        return landscape(shown, self._names(language))

    def _path(self, shown: Shown, language: str) -> Shown:
        first = min(stop["on"] for way in shown["ways"] for stop in way["stops"])
        begun, ended = (self._say(Phrase("picture.path.day", {"on": on}), language) for on in (first, shown["until"]))
        return path(shown, begun, ended)

    def _names(self, language: str) -> dict[str, str]:
        return {part: self._say(Phrase(key), language) for part, key in PARTS.items()}

    def _described(self, picture: Picture, shown: Shown, language: str) -> list[str]:
        """Return what *picture* shows, in sentences."""
        if picture.kind == "board":
            return [*(self._say(phrase, language) for phrase in described(shown)), shown["next_lead"]]
        parts: list[dict[str, Value]]
        if picture.kind == "landscape":
            parts = [
                {"name": name, "size": shown["sizes"].get(part, 0)} for part, name in self._names(language).items()
            ]
        elif picture.kind == "matrix":
            parts = [
                {"level": row["level"], **cell}
                for row in shown["rows"]
                for cell in row["cells"]
                if cell["text"].strip()
            ]
        elif picture.kind == "path":
            parts = [{**stop, "to": way["to"]} for way in shown["ways"] for stop in way["stops"]]
        else:
            parts = shown["rows"]
        key = f"picture.{picture.kind}"
        scale = [self._say(Phrase(f"{key}.scale", picture.values), language)] if picture.kind != "matrix" else []
        return scale + [self._say(Phrase(f"{key}.part", part), language) for part in parts]

    def _say(self, phrase: Phrase, language: str) -> str:
        return str(self._catalogue.filled({"said": phrase}, language)["said"])


@cache
def _font() -> str:
    """
    Return where the font is. Raises LookupError when it is not installed or draws nothing.

    The renderer leaves out text it has no letters for, without a word. So it is tried first.
    """
    import fontpkg  # noqa: PLC0415 - only who draws pays for it

    path = str(fontpkg.path(FAMILY))
    letter = f'<text y="9" font-family="\'{FAMILY}\'">M</text>'
    around = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9">{}</svg>'
    if _png(around.format(letter), path) == _png(around.format(""), path):
        raise LookupError(FAMILY)
    return path


def _png(svg: str, font: str) -> bytes:
    import resvg_py  # noqa: PLC0415 - only who draws pays for it

    return bytes(resvg_py.svg_to_bytes(svg_string=svg, skip_system_fonts=True, font_files=[font]))
