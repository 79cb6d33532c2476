"""
Makes documents to print: values go through a Typst template and become a tagged PDF. Takes some milliseconds.

What a document looks like stands in `templates/*.typ`. Values travel as JSON beside the template and are never part of it,
so what somebody wrote cannot become markup. Letters come from the font package of the pictures, never from the machine or
from Typst itself, so that a page is the same everywhere (decision 15).
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, TypeAlias

from content.catalogue import FOLDER
from content.drawing import FAMILY
from content.lettering import legible
from dialogues.errors import PrintingFailed

if TYPE_CHECKING:
    from typst import Fonts, PDFStandard

Printed: TypeAlias = "str | int | float | bool | Sequence[Printed] | Mapping[str, Printed] | None"
"""A value in a document. Texts may have several lines."""


def pdf(template: str, data: Mapping[str, Printed]) -> bytes:
    """
    Return the document that `templates/<template>.typ` makes of *data*: a PDF with tags, a title and a language (PDF/UA-1).

    Signs that cannot be printed (emoji, signs that steer) are left out. Letters the font does not have (it has Latin, Greek
    and Cyrillic) become boxes; such a document keeps its tags, without claiming PDF/UA.

    Args:
        data: what the template reads as ``data``; every template needs ``title`` and ``language`` ("nl" or "en").

    Raises:
        PrintingFailed: there is no such template or no font, or *data* is not what the template shows.
    """
    try:
        values = json.dumps(_printable(data))
        try:
            return _made(template, values, ["ua-1"])
        except RuntimeError:
            return _made(template, values, [])
    except Exception as error:  # noqa: BLE001 - what the printer says quotes what stood in the document
        raise PrintingFailed(f"{template}: {type(error).__name__}") from None


def _made(template: str, values: str, standards: list[PDFStandard]) -> bytes:
    import typst  # noqa: PLC0415 - only who prints pays for it

    folder = FOLDER / "templates"
    return typst.compile(
        folder / f"{template}.typ",
        root=folder,
        font_paths=_fonts(),
        format="pdf",
        sys_inputs={"data": values},
        pdf_standards=standards,
    )


def _printable(value: Printed) -> Printed:
    """Return *value* with every text in it as it can be printed."""
    if isinstance(value, str):
        return "\n".join(legible(line) for line in value.splitlines())
    if isinstance(value, Mapping):
        return {name: _printable(inner) for name, inner in value.items()}
    if isinstance(value, Sequence):
        return [_printable(inner) for inner in value]
    return value


@cache
def _fonts() -> Fonts:
    """Return the letters to print with. Raises LookupError when the font is not installed."""
    import fontpkg  # noqa: PLC0415 - only who prints pays for it
    import typst  # noqa: PLC0415

    found = typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[fontpkg.path(FAMILY).parent]
    )
    if FAMILY not in found.families():
        raise LookupError(FAMILY)
    return found
