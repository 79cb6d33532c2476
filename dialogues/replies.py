"""
Understands a reply: a button, a number on the ruler, ticked boxes, or words.

What is not understood is said plainly and the question stays open. A text that only resembles a button is proposed, never
taken; the words are kept either way.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from dialogues import beside
from dialogues.changing import replace
from dialogues.conversation import Choice, Guess, Said, Say, Shape
from dialogues.desk import Desk
from dialogues.table import Ask, Reply, State

_NUMBER = re.compile(r"(?<![\d,.\-])(10|\d)(?![\d]|[,.]\d)")
_OF_TEN = re.compile(r"(?<=\d)(?:\s*/\s*|\s+(?:van(?: de)?|uit|out of)\s+)(?:10|tien|ten)\b", re.IGNORECASE)
_NUMBER_FIRST = re.compile(r"\s*\d+\s*[,.;:!?]")
_WORDS_AROUND = 4  # a number in a longer sentence ("groep 7") is no answer to a ruler
_BELOW_ZERO = re.compile(r"\s*[-\u2212\u2013]\s*\d")  # "-1" is not the first button
_NUMBERS = re.compile(r"\d+")
_NO_WORD = {code: " " for code in range(128) if not chr(code).isalnum()}
_CONTROLS = {"Cc", "Cs"}
PROPOSE_FROM = 1.0
_LONGEST_COUNT = 3
_SHORTEST_START = 4


@dataclass(frozen=True, slots=True)
class NotUnderstood:
    """The reply does not answer this question; *say* tells what would."""

    say: Say


def clean(text: str) -> str:
    """Return *text* without control characters (NUL, lone surrogates), with line breaks kept and outer space removed."""
    if text.isascii() and text.isprintable():
        return text.strip()  # as most texts are
    kept = "".join(c for c in text if c in "\n\t" or unicodedata.category(c) not in _CONTROLS)
    return unicodedata.normalize("NFC", kept).strip().strip("\u200b\u200c\u200d\u2060\ufeff\u00ad").strip()


def has_words(text: str) -> bool:
    """Return whether *text* holds a letter or a digit."""
    return any(c.isalnum() for c in text)


def named(text: str, question: Say, labels: Mapping[str, str], typed: Mapping[str, tuple[str, ...]]) -> str:
    """
    Return the choice of *question* that *text* names exactly, or "".

    A number counts in the order the buttons are shown; on a ruler and in a tick list numbers mean something else. The
    first words of a button do ("kleiner" for "Kleiner maken"), when they begin only one.

    Args:
        labels: the words on each button, by choice.
        typed: the words that may be typed instead, by choice; it may hold choices that have no button.
    """
    words = _folded(text)
    if not words or _BELOW_ZERO.match(text):
        return ""
    ids = [choice.id for choice in question.choices]
    if words.isdecimal() and question.shape in (Shape.CHOICES, Shape.PLAIN) and len(words) < _LONGEST_COUNT:
        place = int(words)
        return ids[place - 1] if 1 <= place <= len(ids) else ""
    if question.shape is Shape.RULER and any(c.isdecimal() for c in words):
        return ""
    folded = {id_: _folded(label) for id_, label in labels.items()}
    for id_ in (*ids, *(id_ for id_ in typed if id_ not in ids)):
        if words == folded.get(id_) or words in _all_folded(typed[id_]):
            return id_
    begun = [id_ for id_ in ids if len(words) >= _SHORTEST_START and f"{folded[id_]} ".startswith(f"{words} ")]
    return begun[0] if len(begun) == 1 else ""


@cache
def _all_folded(typed: tuple[str, ...]) -> frozenset[str]:
    """Return *typed*, which are words of the content and so no more than can be remembered, ready to be compared."""
    return frozenset(map(_folded, typed))


def as_guesses(found: Iterable[str]) -> tuple[Guess, ...]:
    """Return ids that were looked up as guesses, best first."""
    return tuple(Guess(id_, 1.0) for id_ in found)


def _folded(text: str) -> str:
    if text.isascii():
        return " ".join(text.lower().translate(_NO_WORD).split())
    plain = unicodedata.normalize("NFKD", text.casefold())
    return " ".join("".join(c if c.isalnum() else " " for c in plain if not unicodedata.combining(c)).split())


def understand(desk: Desk, at: State, said: Said, choices: tuple[Choice, ...]) -> Reply | NotUnderstood:
    """Return what *said* answers to the open question in state *at* with its *choices*."""
    base = Reply(source=said.source, asked=said.asked, label=said.label)
    if at.ask == Ask.RULER:
        return _rate(base, said, choices)
    if at.ask == Ask.TICKS:
        return _tick(base, said, choices, desk.frame.ticks)
    if said.choice:
        return _chosen(base, said.choice)
    if not said.text:
        return NotUnderstood(Say("errors.empty"))
    if not has_words(said.text):
        return NotUnderstood(Say("errors.only_signs"))
    if at.ask == Ask.TEXT or at.text:
        return replace(base, text=said.text)
    return _not_a_button(desk, said, choices)


def _chosen(base: Reply, choice: str) -> Reply:
    return replace(base, skipped=True) if choice == "skip" else replace(base, choice=choice)


def _rate(base: Reply, said: Said, choices: tuple[Choice, ...]) -> Reply | NotUnderstood:
    own = {choice.id for choice in choices if choice.move != "rate"}
    if said.choice in own:
        return _chosen(base, said.choice)
    text = said.choice or _OF_TEN.sub("", said.text)
    found = _NUMBER.findall(text)
    little_more = len(text.split()) <= _WORDS_AROUND or _NUMBER_FIRST.match(text)
    if len(found) != 1 or not little_more:
        return NotUnderstood(Say("errors.number_please"))
    return replace(base, number=int(found[0]))


def _tick(base: Reply, said: Said, choices: tuple[Choice, ...], ticked: tuple[str, ...]) -> Reply | NotUnderstood:
    if said.choice == "done":
        return replace(base, ticks=ticked)
    if said.choice == "none":
        return replace(base, ticks=())
    found = _NUMBERS.findall(said.text)
    numbers = [int(number) for number in found if len(number) < _LONGEST_COUNT]
    if not found or len(numbers) < len(found) or not all(1 <= number <= len(choices) for number in numbers):
        return NotUnderstood(Say("errors.ticks_please", {"count": len(choices)}))
    return replace(base, ticks=tuple(choice.id for place, choice in enumerate(choices, 1) if place in numbers))


def _not_a_button(desk: Desk, said: Said, choices: tuple[Choice, ...]) -> NotUnderstood:
    """Keep the words; propose the button they resemble, or ask for one."""
    if _folded(said.text).isdecimal():
        return NotUnderstood(Say("errors.no_such_button"))
    if desk.conversation.consent is None:
        return NotUnderstood(Say("errors.choose_please"))
    beside.keep(desk, beside.NO_BUTTON, said.text, said.source, said.asked)
    ids = {choice.id for choice in choices}
    for guess in said.guesses:
        target = guess.target.removeprefix("choice:")
        if guess.score >= PROPOSE_FROM and target in ids:
            desk.frame = replace(desk.frame, proposed=target, proposal=said.text)
            return NotUnderstood(Say(""))
    return NotUnderstood(Say("errors.kept_choose_please"))
