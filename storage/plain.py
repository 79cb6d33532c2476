"""
How texts, numbers, times and days stand in a JSON document.

Each kind has one function to write and one to read, and both are strict: writing a value of the wrong type raises
TypeError at once, because a page that holds it could never be read again; reading anything that cannot have been
written here raises PageUnreadable. No error repeats what was written. What is made of these, stands in
`storage/codec.py`.

Every text comes back exactly as it went in. NUL and lone surrogates, which neither UTF-8 nor a database takes, are
written as U+0010 (data link escape) with four hexadecimal digits, and so is U+0010 itself. Whole numbers stay where
every reader of JSON takes them for the same number, between plus and minus 2**53 (RFC 7493).
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import TypeAlias

from dialogues.errors import PageUnreadable

Json: TypeAlias = "bool | int | str | list[Json] | dict[str, Json] | None"
Document: TypeAlias = dict[str, Json]

_MOST = 2**53 - 1
_ODD = re.compile("[\x00\x10\ud800-\udfff]")
_ESCAPED = re.compile("\x10([0-9a-f]{4})")


def write_text(value: object) -> str:
    """Return text with what a store cannot take escaped."""
    if type(value) is str and value.isprintable():
        return value  # as nearly all; nothing odd is printable
    if not isinstance(value, str):
        raise wrong_type("str", value)
    if _ODD.search(value):
        return _ODD.sub(lambda odd: f"\x10{ord(odd[0]):04x}", value)
    return value if type(value) is str else str.__str__(value)


def read_text(document: Json) -> str:
    """Return the text as it was before it was written."""
    if type(document) is not str:
        raise unreadable("text", document)
    if "\x10" not in document:
        return document
    if document.count("\x10") != len(_ESCAPED.findall(document)):
        raise PageUnreadable("an escape is cut short")
    return _ESCAPED.sub(lambda escaped: chr(int(escaped[1], 16)), document)


def write_number(value: object) -> Json:
    """Return a whole number; members of an IntEnum become plain."""
    if not isinstance(value, int) or isinstance(value, bool):
        raise wrong_type("int", value)
    if not -_MOST <= value <= _MOST:
        raise TypeError("a whole number beyond 2**53")
    return int(value)


def read_number(document: Json) -> object:
    """Return a whole number, never a truth value."""
    if type(document) is not int or not -_MOST <= document <= _MOST:
        raise unreadable("number", document)
    return document


def write_truth(value: object) -> Json:
    """Return True or False."""
    if not isinstance(value, bool):
        raise wrong_type("bool", value)
    return value


def read_truth(document: Json) -> object:
    """Return True or False."""
    if type(document) is not bool:
        raise unreadable("truth", document)
    return document


def write_time(value: object) -> Json:
    """Return an aware time as ISO 8601 in UTC."""
    if not isinstance(value, datetime) or value.tzinfo is None:
        raise wrong_type("aware datetime", value)
    return value.astimezone(UTC).isoformat()


def read_time(document: Json) -> object:
    """Return an aware time in UTC."""
    try:
        time = datetime.fromisoformat(read_text(document))
    except ValueError:
        time = None
    if time is None or time.tzinfo is not UTC:
        raise unreadable("time in UTC", document)
    return time


def write_day(value: object) -> Json:
    """Return a date as ISO 8601; a time is no date."""
    if type(value) is not date:
        raise wrong_type("date", value)
    return value.isoformat()


def read_day(document: Json) -> object:
    """Return a date."""
    try:
        return date.fromisoformat(read_text(document))
    except ValueError:
        raise unreadable("date", document) from None


def wrong_type(expected: str, value: object) -> TypeError:
    """Return the error for a value that breaks its type hint, naming types only."""
    return TypeError(f"expected {expected}, found {type(value).__name__}")


def unreadable(expected: str, document: Json) -> PageUnreadable:
    """Return the error for a document that holds something else than expected, naming types only."""
    return PageUnreadable(f"no {expected} in this {type(document).__name__}")
