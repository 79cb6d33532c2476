"""
How texts fit in a picture: which signs can be drawn, how wide a line becomes, and where it is broken or cut.

A picture is drawn by a program that neither wraps nor measures. Widths are therefore estimated here from a table for Source
Sans 3, rounded up, so that a line is rather too short than too long. What is drawn, and where, stands in
`laying_out.py` and `landscape.py`.
"""

from __future__ import annotations

import unicodedata
from string import digits

import regex

BOLD = 1.07
"""How much wider a bold line is than a plain one."""

_LINE_HEIGHT = 1.22
_GRAPHEME = regex.compile(r"\X")
# Signs that steer rather than show (an SVG may not hold some of them, and others turn the line around), and emoji.
_UNSEEN = regex.compile(
    r"[\p{C}\p{Variation_Selector}\p{Regional_Indicator}\u20e3]"
    r"|(?=[^\x00-\u21ff])[\p{Extended_Pictographic}\p{Emoji_Modifier}]"
)
_STACKED = regex.compile(r"(\p{M}{2})\p{M}+")
_WIDTHS = {
    0.2: " ",
    0.25: "',.:;ij|\u2018’·",
    0.3: "!Ifl",
    0.35: "()-/[]rt{}\\",
    0.45: '"*?sxz“”„',
    0.5: "#$+<=>FJLY^_cekvy~–€" + digits,
    0.55: "AESTVXZ`aghnou",
    0.6: "BCKPRbdpqß",
    0.65: "&DGNU→",
    0.7: "HOQ",
    0.75: "Mw",
    0.85: "W—æ%@m",
    0.95: "…",
}
_WIDTH_OF = {sign: width for width, signs in _WIDTHS.items() for sign in signs}
_OTHER, _WIDE = 0.7, 1.0


def legible(text: str) -> str:
    """
    Return *text* on one line, without signs that cannot be drawn: emoji, control signs, towers of accents.

    When nothing is left, "…" says that something was there.
    """
    seen = _UNSEEN.sub("", text.replace("\n", " ").replace("\t", " "))
    line = " ".join(_STACKED.sub(r"\1", seen).split())
    return line or ("…" if text.strip() else "")


def width(text: str, size: float) -> float:
    """Return how wide *text* becomes at *size* pixels, in pixels, a little too much rather than too little."""
    return size * sum(_em(grapheme) for grapheme in _GRAPHEME.findall(text))


def line_height(size: float) -> float:
    """Return the distance between two lines at *size* pixels, in pixels."""
    return round(size * _LINE_HEIGHT)


def wrap(text: str, room: float, size: float, most: int) -> list[str]:
    """
    Return *text* in lines that fit in *room* pixels at *size* pixels, at most *most* of them.

    Words too long for a line are broken with a hyphen. What does not fit is cut, and "…" says so.
    """
    lines: list[str] = []
    line = ""
    for word in legible(text).split():
        longer = f"{line} {word}" if line else word
        if width(longer, size) <= room:
            line = longer
            continue
        if line:
            lines.append(line)
        *broken, line = _pieces(word, room, size)
        lines += broken
        if len(lines) > most:
            break
    lines += [line] if line else []
    if len(lines) <= most:
        return lines
    return [*lines[: most - 1], _cut(lines[most - 1], room, size)]


def _em(grapheme: str) -> float:
    base = unicodedata.normalize("NFD", grapheme)[:1]
    wide = unicodedata.east_asian_width(base) in "WF"
    return _WIDE if wide else _WIDTH_OF.get(base, _OTHER)


def _pieces(word: str, room: float, size: float) -> list[str]:
    """Return *word* in pieces that fit in *room*, all but the last with a hyphen."""
    pieces = []
    piece = ""
    for grapheme in _GRAPHEME.findall(word):
        if piece and width(f"{piece}{grapheme}-", size) > room:
            pieces.append(f"{piece}-")
            piece = ""
        piece += grapheme
    return [*pieces, piece]


def _cut(line: str, room: float, size: float) -> str:
    graphemes = _GRAPHEME.findall(line.removesuffix("-"))
    while graphemes and width(f"{''.join(graphemes)}…", size) > room:
        graphemes.pop()
    return f"{''.join(graphemes).rstrip(' ,;:.')}…"
