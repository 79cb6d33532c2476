"""
What a template may do with a value: dates, clock times, lists and plurals as they are said in one language, and
shortening. Every text of a leader passes through as it is, except where `short` has to cut it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

import regex
from babel import Locale
from babel.dates import format_date, format_time
from babel.lists import format_list

_OPENING, _CLOSING = '"“„«', '"”“»'
_GRAPHEME = regex.compile(r"\X")


_HALF_A_YEAR = timedelta(days=183)  # beyond it a day and a month may be those of another year
_CLOCKS = {"nl": "H.mm", "en": "H:mm"}  # as each language writes the time of day


def short(text: str, length: int) -> str:
    """Return *text* on one line in at most *length* graphemes, cut at the end of a word where that is possible."""
    line = _unquoted(" ".join(text.split()))
    if len(line) <= length:
        return line  # a grapheme is one character at least
    letters = [found.group() for found in islice(_GRAPHEME.finditer(line), length + 1)]
    if len(letters) <= length:
        return line
    cut = "".join(letters[: length - 1])
    whole, space, _ = cut.rpartition(" ")
    # A last word that fills half of the room is cut inside: a lone first word would say less.
    kept = whole if space and letters[length - 1] != " " and len(whole) * 2 > len(cut) else cut
    return kept.rstrip(" ,;:.") + "…"


def lower_first(text: str) -> str:
    """Return *text* with a small first letter, so that it can go on in the middle of a sentence."""
    if text.startswith("Eén"):
        return "é" + text[1:]  # Dutch leaves the accent off the capital only
    return text[:1].lower() + text[1:]


def inside(text: str) -> str:
    """Return *text* without a final full stop, so that it can stand in the middle of a sentence."""
    return str(text).removesuffix(".") if not str(text).endswith("..") else text


def _unquoted(line: str) -> str:
    """Return *line* without the quotation marks around it, since a message puts its own."""
    inner = line[1:-1]
    around = len(line) > 2 and line[0] in _OPENING and line[-1] in _CLOSING  # noqa: PLR2004 - two marks and a word
    return inner if around and not set(inner) & set(_OPENING + _CLOSING) else line


def filters(language: str, zone: ZoneInfo) -> dict[str, Callable[..., str]]:
    """Return the filters for templates in *language*, by name. Times come in UTC and are shown in *zone*."""
    locale = Locale.parse(language)

    def day(moment: date, today: date | None = None) -> str:
        here = moment.astimezone(zone).date() if isinstance(moment, datetime) else moment
        far = today is not None and abs(today - here) > _HALF_A_YEAR
        return format_date(here, "EEEE d MMMM y" if far else "EEEE d MMMM", locale=locale)

    def full_day(moment: date) -> str:
        here = moment.astimezone(zone).date() if isinstance(moment, datetime) else moment
        return format_date(here, "d MMMM y", locale=locale)

    def clock(moment: datetime) -> str:
        return format_time(moment.astimezone(zone), _CLOCKS[language], locale=locale)

    def and_list(items: Sequence[str]) -> str:
        return format_list(list(items), locale=locale)

    def plural(number: int, one: str, many: str) -> str:
        return one if locale.plural_form(number) == "one" else many

    return {
        "day": day,
        "full_day": full_day,
        "clock": clock,
        "and_list": and_list,
        "plural": plural,
        "short": short,
        "inside": inside,
        "lower_first": lower_first,
    }
