"""
Notices when a person may need a human, and which help fits.

`notice` reads a text against rules that stand in `content/shape/care.yaml`, in Dutch and English at once, whatever
the language of the conversation; `card` and `follow_up` give what to say. Nothing here judges, scores or remembers,
and nothing depends on a store, a clock or the state of a conversation: it may be called before anything else.
How phrases are written and found is the business of `phrases.py` and `spotting.py`. No word of a rule or a card and
no telephone number stands in Python.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from dialogues.conversation import Choice, Phrase, Say, Shape, Value
from dialogues.phrases import BOTH, Index, Pattern, index, patterns_of
from dialogues.spotting import Spotter

DANGER: Final = "danger"
SELF: Final = "self"
PUPIL: Final = "pupil"
OTHER_ADULT: Final = "other_adult"
STAFF: Final = "staff"
HOME: Final = "home"
DISTRESS: Final = "distress"
GENERAL: Final = "general"
HARMLESS: Final = "harmless"
BETWEEN: Final = "between"

CLASSES: Final = (DANGER, SELF, PUPIL, OTHER_ADULT, STAFF, HOME, DISTRESS)
"""What a text can signal, most urgent first: life before safety, safety before distress."""

NONCE: Final = "care"
CHOICES: Final = ("about_me", "about_other", "go_on")
FOLLOW_UPS: Final = (*CHOICES, "misread", "next_time", "group", "cannot_hear")


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the number table: a telephone number, when it answers, its site, and where and when it was checked."""

    id: str
    name: str
    number: str
    checked: date
    source: str
    hours: str = ""
    site: str = ""


@dataclass(frozen=True, slots=True)
class CareRules:
    """
    The number table and the phrases, compiled once at start.

    *values* holds what the words may print: ``emergency`` is the number of that row, ``emergency_hours`` and
    ``emergency_site`` its hours and site where it has them. *patterns* are the phrases per class; *others* those that
    tell in plain order what somebody else wants or says, *signals* those of all classes together.
    """

    lines: Mapping[str, Line]
    fresh_days: int
    values: Mapping[str, Value]
    spotter: Spotter
    patterns: Mapping[str, Index]
    others: Index
    signals: Index

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> CareRules:
        """
        Build the rules from the parsed `content/shape/care.yaml`.

        Raises:
            ValueError: a part is missing or a phrase cannot be read; the message names where.
        """
        try:
            lines = {id_: _line(id_, row) for id_, row in data["numbers"].items()}
            fresh_days = int(data["fresh_days"])
            signals = data["signals"]
        except (KeyError, TypeError, AttributeError) as fault:
            message = f"care: the number table or the signals cannot be read: {fault!r}"
            raise ValueError(message) from fault
        patterns: dict[str, list[Pattern]] = {HARMLESS: [], **{kind: [] for kind in CLASSES}}
        between: set[str] = set()
        for language, rules in signals.items():
            for kind in patterns:
                patterns[kind] += _patterns(rules, kind, f"signals.{language}.{kind}")
            between |= {word for pattern in _patterns(rules, BETWEEN, f"signals.{language}") for _, word in pattern}
        every = [pattern for found in patterns.values() for pattern in found]
        misspelled = [str(spelling) for rules in signals.values() for spelling in rules["misspelled"]]
        return cls(
            lines=lines,
            fresh_days=fresh_days,
            values=_values(lines),
            spotter=Spotter.of(every, between, misspelled),
            patterns={kind: index(found) for kind, found in patterns.items()},
            others=index(
                pattern for kind in (PUPIL, OTHER_ADULT) for pattern in patterns[kind] if BOTH not in dict(pattern)
            ),
            signals=index(pattern for kind in CLASSES for pattern in patterns[kind]),
        )


def notice(text: str, rules: CareRules) -> str:
    """Return the most urgent of `CLASSES` that *text* may signal, or "" when it signals none."""
    text_read = rules.spotter.read(text)
    if not text_read.could_hold(rules.signals):
        return ""  # as with nearly everything that is ever said
    plain = text_read.without(text_read.covered(rules.patterns[HARMLESS]))
    # What a pupil or a colleague said ("Een leerling zei: ik wil dood") is not the leader's own.
    own = plain.without(plain.covered(rules.others))
    for kind in CLASSES:
        if (own if kind == SELF else plain).holds(rules.patterns[kind]):
            return kind
    return ""


def card(kind: str, rules: CareRules) -> Say:
    """Return the help card for *kind*: one of `CLASSES` (with the buttons of `CHOICES`), or `GENERAL` (without)."""
    buttons = () if kind == GENERAL else tuple(Choice(name, name, Phrase(f"care.buttons.{name}")) for name in CHOICES)
    shape = Shape.CHOICES if buttons else Shape.PLAIN
    return Say(f"care.card.{kind}", rules.values, buttons, shape, NONCE if buttons else "")


def follow_up(name: str, rules: CareRules) -> Say:
    """Return what is said after a card, or beside it: *name* is one of `FOLLOW_UPS`."""
    return Say(f"care.{name}", rules.values)


def stale(rules: CareRules, today: date) -> tuple[str, ...]:
    """Return the ids of the rows that were checked more than ``fresh_days`` ago, in the order of the table."""
    return tuple(line.id for line in rules.lines.values() if (today - line.checked).days > rules.fresh_days)


def _line(id_: str, row: Mapping[str, Any]) -> Line:
    return Line(
        id=id_,
        name=str(row["name"]),
        number=str(row["number"]),
        checked=date.fromisoformat(str(row["checked"])),
        source=str(row["source"]),
        hours=str(row.get("hours", "")),
        site=str(row.get("site", "")),
    )


def _values(lines: Mapping[str, Line]) -> dict[str, Value]:
    values: dict[str, Value] = {}
    for line in lines.values():
        values |= {line.id: line.number, f"{line.id}_hours": line.hours, f"{line.id}_site": line.site}
    return {name: value for name, value in values.items() if value}


def _patterns(rules: Mapping[str, Any], kind: str, where: str) -> list[Pattern]:
    try:
        phrases = rules[kind] if kind == BETWEEN else filter(None, map(str.strip, rules[kind].splitlines()))
        return [pattern for phrase in phrases for pattern in patterns_of(str(phrase), rules["words"])]
    except (KeyError, ValueError, AttributeError) as fault:
        message = f"care: {where}: {fault}"
        raise ValueError(message) from fault
