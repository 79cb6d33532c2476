"""
How one frozen value becomes a JSON document and comes back equal.

The shape of a document follows from the type hints of the dataclass, compiled once per class. Reading is strict: a
field too many, too few or of another type raises PageUnreadable, and nothing gets a default silently. Writing is
strict too. How texts, numbers and times are written stands in `storage/plain.py`; which values make up a page, and
how old documents are upgraded, in `storage/journal.py`.

A `Value` is written plainly where JSON has it (text, number, truth value, tuple as array); a time, a date, a phrase
or a mapping is an object with one key that says which.

A value that came forth from another is also written as a difference: only what is another object than there. What that
looks like, and how it is put back, stands in `storage/difference.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from enum import Enum
from functools import cache
from itertools import takewhile
from types import NoneType, UnionType
from typing import NewType, TypeVar, Union, cast, get_args, get_origin, get_type_hints

from dialogues.conversation import Phrase
from dialogues.errors import PageUnreadable
from storage.difference import more, other, whole
from storage.plain import (
    Document,
    Json,
    read_day,
    read_number,
    read_text,
    read_time,
    read_truth,
    unreadable,
    write_day,
    write_number,
    write_text,
    write_time,
    write_truth,
    wrong_type,
)

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class _Codec:
    """Both directions for one type hint, and the difference with a value before; without *since*, that is the whole."""

    write: Callable[[object], Json]
    read: Callable[[Json], object]
    since: Callable[[object, object], Document] | None = None

    def difference(self, value: object, before: object) -> Document:
        return self.since(value, before) if self.since and before is not None else whole(self.write(value))


class _AnyValue:
    """Stands for `Value` while hints are resolved: that alias names itself, which no resolver can finish."""


def document_of(value: object) -> Document:
    """Return *value*, an instance of a dataclass, as a document. Raises TypeError for a value that breaks its hints."""
    return cast("Document", _codec(cast("Hashable", type(value))).write(value))


def difference_of(value: T, before: T) -> Document:
    """
    Return what *value*, an instance of a dataclass, has other than *before*, for `difference.put_back`.

    What is the same object in both counts as unchanged: frozen values that came forth one from another share what did
    not change. Raises TypeError for a value that breaks its hints.
    """
    return _codec(cast("Hashable", type(value))).difference(value, before)


def value_of(kind: type[T], document: Json) -> T:
    """Return *document* as an instance of the dataclass *kind*. Raises PageUnreadable."""
    return cast("T", _codec(cast("Hashable", kind)).read(document))


@cache
def _codec(hint: Hashable) -> _Codec:
    if isinstance(hint, NewType):
        return _codec(hint.__supertype__)
    if hint in _PLAIN:
        return _PLAIN[hint]
    if isinstance(hint, type):
        return _enum_codec(hint) if issubclass(hint, Enum) else _class_codec(hint)
    return _composed_codec(hint)


def _composed_codec(hint: Hashable) -> _Codec:
    origin, arguments = get_origin(hint), get_args(hint)
    if origin is UnionType or origin is Union:
        return _union_codec(arguments)
    if origin is tuple and arguments[1:] == (...,):
        return _tuple_codec(_codec(arguments[0]))
    if origin is Mapping and arguments[0] is str:
        return _mapping_codec(_codec(arguments[1]))
    raise TypeError(f"no document form for {hint}")


def _union_codec(arguments: tuple[type, ...]) -> _Codec:
    kinds = tuple(kind for kind in arguments if kind is not NoneType)
    codec = _codec(kinds[0]) if len(kinds) == 1 else _either_codec(kinds)
    return codec if len(kinds) == len(arguments) else _optional_codec(codec)


def _class_codec(kind: type) -> _Codec:
    hints = get_type_hints(kind, localns={"Value": _AnyValue})
    parts = [(part.name, _codec(hints[part.name])) for part in fields(kind)]
    write = _class_writer(kind, [(name, codec.write) for name, codec in parts])
    read = _class_reader(kind, [(name, codec.read) for name, codec in parts])
    return _Codec(write, read, _class_comparer(kind, parts, write))


def _class_writer(kind: type, writers: Sequence[tuple[str, Callable[[object], Json]]]) -> Callable[[object], Json]:
    def write(value: object) -> Json:
        if type(value) is not kind:
            raise wrong_type(kind.__name__, value)
        document: Document = {}
        for name, write_part in writers:
            try:
                document[name] = write_part(getattr(value, name))
            except (TypeError, ValueError) as error:
                raise TypeError(f"{kind.__name__}.{name}: {error}") from None
        return document

    return write


def _class_reader(kind: type, readers: Sequence[tuple[str, Callable[[Json], object]]]) -> Callable[[Json], object]:
    def read(document: Json) -> object:
        if type(document) is not dict or len(document) != len(readers):
            raise unreadable(kind.__name__, document)
        values: list[object] = []
        for name, read_part in readers:
            if name not in document:
                raise PageUnreadable(f"{kind.__name__}.{name}: missing")
            try:
                values.append(read_part(document[name]))
            except PageUnreadable as error:
                raise PageUnreadable(f"{kind.__name__}.{name}: {error}") from None
        return kind(*values)

    return read


def _class_comparer(
    kind: type, parts: Sequence[tuple[str, _Codec]], write: Callable[[object], Json]
) -> Callable[[object, object], Document]:
    def since(value: object, before: object) -> Document:
        if type(value) is not kind or type(before) is not kind:
            return whole(write(value))
        changed: Document = {}
        for name, codec in parts:
            now, then = getattr(value, name), getattr(before, name)
            if now is not then:
                try:
                    changed[name] = codec.difference(now, then)
                except (TypeError, ValueError) as error:
                    raise TypeError(f"{kind.__name__}.{name}: {error}") from None
        return other(changed)

    return since


def _enum_codec(kind: type[Enum]) -> _Codec:
    members = {member.value: member for member in kind}
    plain = type(next(iter(members)))

    def write(value: object) -> Json:
        if not isinstance(value, kind):
            raise wrong_type(kind.__name__, value)
        return cast("Json", value.value)

    def read(document: Json) -> object:
        if type(document) is not plain or document not in members:
            raise unreadable(kind.__name__, document)
        return members[document]

    return _Codec(write, read)


def _optional_codec(codec: _Codec) -> _Codec:
    return _Codec(
        lambda value: None if value is None else codec.write(value),
        lambda document: None if document is None else codec.read(document),
        lambda value, before: whole(None) if value is None else codec.difference(value, before),
    )


def _either_codec(kinds: tuple[type, ...]) -> _Codec:
    def write(value: object) -> Json:
        if not isinstance(value, kinds):
            raise wrong_type(" or ".join(kind.__name__ for kind in kinds), value)
        return _write_any(value)

    def read(document: Json) -> object:
        value = _read_any(document)
        if type(value) not in kinds:
            raise unreadable(" or ".join(kind.__name__ for kind in kinds), document)
        return value

    return _Codec(write, read)


def _tuple_codec(codec: _Codec) -> _Codec:
    def write(value: object) -> Json:
        if not isinstance(value, tuple):
            raise wrong_type("tuple", value)
        return [codec.write(item) for item in value]

    def read(document: Json) -> object:
        if type(document) is not list:
            raise unreadable("list", document)
        return tuple([codec.read(item) for item in document])

    def since(value: object, before: object) -> Document:
        if not isinstance(value, tuple) or not isinstance(before, tuple):
            return whole(write(value))
        same = len(list(takewhile(lambda pair: pair[0] is pair[1], zip(value, before, strict=False))))
        return more(same, [codec.write(item) for item in value[same:]])

    return _Codec(write, read, since)


def _mapping_codec(codec: _Codec) -> _Codec:
    def write(value: object) -> Json:
        if not isinstance(value, Mapping):
            raise wrong_type("mapping", value)
        return {write_text(key): codec.write(item) for key, item in value.items()}

    def read(document: Json) -> object:
        if type(document) is not dict:
            raise unreadable("object", document)
        return {read_text(key): codec.read(item) for key, item in document.items()}

    return _Codec(write, read)


def _write_any(value: object) -> Json:
    if isinstance(value, bool):
        return value
    for kind, write in _PLAIN_VALUES:
        if isinstance(value, kind):
            return write(value)
    for tag, kind, hint in _TAGGED:
        if isinstance(value, kind):
            return {tag: _codec(hint).write(value)}
    raise wrong_type("value", value)


def _read_any(document: Json) -> object:
    if type(document) is bool:
        return document
    if type(document) is int:
        return read_number(document)
    if type(document) is str:
        return read_text(document)
    if type(document) is list:
        return _ANY_TUPLE.read(document)
    if type(document) is dict and len(document) == 1:
        [(tag, content)] = document.items()
        for known, _, hint in _TAGGED:
            if tag == known:
                return _codec(hint).read(content)
    raise unreadable("value", document)


_ANY = _Codec(_write_any, _read_any)
_ANY_TUPLE = _tuple_codec(_ANY)
_PLAIN: Mapping[Hashable, _Codec] = {
    str: _Codec(write_text, read_text),
    int: _Codec(write_number, read_number),
    bool: _Codec(write_truth, read_truth),
    datetime: _Codec(write_time, read_time),
    date: _Codec(write_day, read_day),
    _AnyValue: _ANY,
}
_PLAIN_VALUES: tuple[tuple[type, Callable[[object], Json]], ...] = (
    (str, write_text),
    (int, write_number),
    (tuple, _ANY_TUPLE.write),
)
_TAGGED: tuple[tuple[str, type, Hashable], ...] = (
    ("time", datetime, datetime),
    ("date", date, date),
    ("phrase", Phrase, Phrase),
    ("map", Mapping, Mapping[str, _AnyValue]),
)
