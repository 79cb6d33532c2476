"""
Pages to store: small ones, one with every field filled, and any at all.

Run `python -m tests.storage.examples` to print the filled page as it is written today. That is how
`pages/format_<n>.json` came about; see `test_journal.py`.
"""

import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from datetime import UTC, date, datetime, timedelta
from enum import Enum
from types import NoneType
from typing import NewType, get_args, get_origin, get_type_hints

from hypothesis import strategies as st

from dialogues.conversation import Conversation, Frame, Kind, LeaderId, Moment, Phrase, Reflection
from dialogues.ports import Entry, Letter, Message, Page
from storage.journal import write_page

NOW = datetime(2026, 11, 25, 8, 30, tzinfo=UTC)
LEADER = LeaderId("telegram:4711")
OTHER = LeaderId("telegram:4712")

ODD_TEXTS = (
    "nul \x00 en \x10 en \x100041",
    "half \ud83d en heel \U0001f600, en twee halve \ud83d\ude00",
    "regel\u2028alinea\u2029\r\n\t\x85 \ufeff\ufffe\uffff",
    "\u202eomgekeerd\u202c \u05e9\u05dc\u05d5\u05dd \u200d\u200b e\u0301 é",
    '{"map": {{ 7*7 }}} "\\" </script> \\u0000 \\ud800',
)


class AnyValue:
    """Stands for `Value`, an alias that names itself."""


def hints_of(kind):
    hints = get_type_hints(kind, localns={"Value": AnyValue})
    return {part.name: hints[part.name] for part in fields(kind)}


def kinds_in(hint):
    """Every dataclass that can be part of a *hint*."""
    if isinstance(hint, type) and is_dataclass(hint):
        found = [inner for part in hints_of(hint).values() for inner in kinds_in(part)]
        return [hint, *(inner for inner in found if inner is not hint)]
    if hint is AnyValue:
        return [Phrase]
    return [kind for argument in get_args(hint) for kind in kinds_in(argument)]


STORED_KINDS = sorted(set(kinds_in(Page)) | {Entry}, key=lambda kind: kind.__name__)

TEXTS = st.text(st.characters(exclude_categories=()), max_size=8) | st.sampled_from(ODD_TEXTS)
# In UTC no time comes twice, so *fold* means nothing there and is not kept.
TIMES = st.datetimes(timezones=st.just(UTC)).map(lambda time: time.replace(fold=0))
NUMBERS = st.integers(1 - 2**53, 2**53 - 1)
SINGLE_VALUES = TEXTS | NUMBERS | st.booleans() | st.dates() | TIMES
VALUES = st.recursive(
    SINGLE_VALUES,
    lambda inner: (
        st.lists(inner, max_size=3).map(tuple)
        | st.dictionaries(TEXTS, inner, max_size=3)
        | st.builds(Phrase, TEXTS, st.dictionaries(TEXTS, inner, max_size=2))
    ),
    max_leaves=5,
)
PLAIN = {str: TEXTS, int: NUMBERS, bool: st.booleans(), datetime: TIMES, date: st.dates(), AnyValue: VALUES}


def any_of(hint):
    """A strategy for whatever fits *hint*, made from the type hints alone."""
    if isinstance(hint, NewType):
        return any_of(hint.__supertype__)
    if hint in PLAIN:
        return PLAIN[hint]
    if hint is NoneType:
        return st.none()
    if isinstance(hint, type) and issubclass(hint, Enum):
        return st.sampled_from(hint)
    if is_dataclass(hint):
        return st.builds(hint, **{name: any_of(part) for name, part in hints_of(hint).items()})
    arguments = get_args(hint)
    if get_origin(hint) is tuple:
        return st.lists(any_of(arguments[0]), max_size=2).map(tuple)
    if get_origin(hint) is Mapping:
        return st.dictionaries(any_of(arguments[0]), any_of(arguments[1]), max_size=2)
    return st.one_of([any_of(argument) for argument in arguments])


def filled(hint, name="page"):
    """A value for *hint* in which nothing is empty, and which is the same every time."""
    if isinstance(hint, NewType):
        return filled(hint.__supertype__, name)
    plain = {str: f"{name}: één", int: 3, bool: True, datetime: NOW, date: NOW.date()}
    if hint is AnyValue:
        return (ODD_TEXTS[0], 3, True, NOW, NOW.date(), Phrase("phases.four", {"map": ("a", {"b": 1})}))
    if hint in plain:
        return plain[hint]
    if isinstance(hint, type) and issubclass(hint, Enum):
        return list(hint)[-1]
    if is_dataclass(hint):
        return hint(**{part: filled(inner, part) for part, inner in hints_of(hint).items()})
    arguments = get_args(hint)
    if get_origin(hint) is tuple:
        return (filled(arguments[0], name),)
    if get_origin(hint) is Mapping:
        return {f"{name} key": filled(arguments[1], name)}
    return filled(arguments[0], name)


def conversation(leader=LEADER, **changes):
    return replace(
        Conversation(leader, address=leader, language="nl", frame=Frame("journey", "topic", "n1")), **changes
    )


def reflection(number, text="Ik zie op tegen lesbezoek.", **changes):
    return replace(Reflection(f"r{number}", Kind.ANSWER, text, NOW, question="Wat houdt je bezig?"), **changes)


def letter(number, text="Dag."):
    return Letter(number, LEADER, Message(text), NOW)


def moment(about, **later):
    return Moment("checkin", NOW + timedelta(**later), about)


if __name__ == "__main__":
    print(json.dumps(write_page(filled(Page)), ensure_ascii=False, indent=1))  # noqa: T201 - that is what it is for
