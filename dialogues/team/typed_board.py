"""
Reads a board that was typed over from a real whiteboard, in one message: a line for each thing.

    Doel: elke leerling kan zeggen wat hij nog moet leren       what it is, then the thing itself
    R. – drie leerlingen vragen – do                            who, what and by when: an action
    Successen                                                   a line by itself: what follows is that
    - groep 6 gaf elkaar feedback

Every line comes back, as something that was understood or as one that was not. Nothing is guessed, and nothing is put up
here. What a head is called stands in `content/*/typed_board.yaml`.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from dialogues.conversation import Choice, Phrase, Say, Value
from dialogues.replies import clean, has_words

LONGEST = 300
"""Letters of one thing on the board."""

SHOWN = 20
"""Lines that a message shows; the rest is counted, and stands in what was typed."""

ANSWERS = ("yes", "no")

_MARKS = re.compile(r"(?:[-–—•*·▪◦>]|\d{1,2}[.)])\s+|\[([ xXvV]?)\]\s*|([☐☑✓✔✅])\ufe0f?\s*")
_CHECKED = frozenset("xXvV☑✓✔✅")
_HEAD = re.compile(r"/?([^:]{1,40}?)\s*(?:\s\d)?\s*[:=]\s*(.*)")
_DASHED = re.compile(r"/?(\S+(?:\s\S+){0,4}?)\s+[–—-]\s+(.+)")
_WORD = re.compile(r"/?(\w+)\s+(.+)")
_BETWEEN = re.compile(r"\s+[–—-]+\s+|\s*;\s*|\s*\|\s*|\t+")
_NAME_MOST = 12
_THREE = 3


class Sort(StrEnum):
    """What a line is."""

    GOAL = "goal"
    ACTION = "action"
    SUCCESS = "success"
    WORRY = "worry"
    VOICE = "voice"
    LEAD = "lead"


class Unclear(StrEnum):
    """Why a line was not understood."""

    UNKNOWN = "unknown"
    LONG = "long"


class Heads(Protocol):
    """The words that say what a line is, in every language."""

    def sort_of(self, head: str) -> str:
        """Return which `Sort` *head* names ("Doel", "stem van de leerling"), or ""."""
        ...

    def opens(self, word: str) -> bool:
        """Return whether *word* names one without a colon behind it as well ("doel"; not "leerlingen")."""
        ...


@dataclass(frozen=True, slots=True)
class Piece:
    """
    One thing that was understood: its *sort*, its *text* as typed, and the *line* of the message it stood on, from 1.
    *done* says that there was a tick before it. The parts of an action are read by `parts_of`.
    """

    sort: Sort
    text: str
    line: int
    done: bool = False


@dataclass(frozen=True, slots=True)
class Strange:
    """A line that was not understood, as it was typed, where it stood, and why."""

    text: str
    line: int
    why: Unclear


@dataclass(frozen=True, slots=True)
class Typed:
    """
    A board as it was typed: the *pieces* and what was *strange*, in the order of the message. *heads* are the lines that
    only say what follows. Every line that holds a letter or a digit stands in exactly one of the three.
    """

    pieces: tuple[Piece, ...] = ()
    strange: tuple[Strange, ...] = ()
    heads: tuple[int, ...] = ()


def read_board(text: str, heads: Heads, members: Collection[str] = ()) -> Typed:
    """
    Return what *text* says stands on a board.

    Args:
        members: the names of the team on its board, by which an action of two parts is known ("Jet – opruimen").
    """
    pieces: list[Piece] = []
    strange: list[Strange] = []
    above: list[int] = []
    section = ""
    for number, line in enumerate(clean(text).splitlines(), 1):
        if not has_words(line):
            continue
        bare, done = _unmarked(line.strip())
        if sort := heads.sort_of(bare.rstrip(" :=").lstrip("/")):
            section = sort
            above.append(number)
            continue
        sort, said = _sorted(bare, heads, members) or (section, bare)
        if len(said) > LONGEST:
            strange.append(Strange(line.strip(), number, Unclear.LONG))
        elif not sort:
            strange.append(Strange(line.strip(), number, Unclear.UNKNOWN))
        else:
            pieces.append(Piece(Sort(sort), said, number, done))
    return Typed(tuple(pieces), tuple(strange), tuple(above))


def parts_of(text: str, members: Collection[str] = ()) -> tuple[str, str, str]:
    """
    Return who, what and when of an action, "" for what is not named.

    Three parts are who, what and when; of two, the first is who when it is the name of a member, else the last is when.
    """
    parts = [part.strip() for part in _BETWEEN.split(text) if part.strip()]
    who = ""
    if len(parts) > 1 and (_is_member(parts[0], members) or (len(parts) >= _THREE and len(parts[0]) <= _NAME_MOST)):
        who, *parts = parts
    *what, when = parts if len(parts) > 1 else (*parts, "")
    return who, " – ".join(what), when


def told(typed: Typed, members: Collection[str] = ()) -> Say:
    """Return what was understood and what was not, with the question whether it may go up; or how to type a board."""
    strange: tuple[Value, ...] = tuple(
        {"line": one.line, "text": one.text, "long": one.why is Unclear.LONG} for one in typed.strange
    )
    if not typed.pieces:
        return Say("typed_board.nothing", {"strange": strange[:SHOWN]})
    values: dict[str, Value] = {
        "pieces": tuple(_shown(piece, members) for piece in typed.pieces[:SHOWN]),
        "more_pieces": max(0, len(typed.pieces) - SHOWN),
        "strange": strange[:SHOWN],
        "more_strange": max(0, len(strange) - SHOWN),
        "longest": LONGEST,
    }
    return Say("typed_board.told", values, tuple(Choice(answer, answer) for answer in ANSWERS))


def _shown(piece: Piece, members: Collection[str]) -> dict[str, Value]:
    who, what, when = parts_of(piece.text, members) if piece.sort is Sort.ACTION else ("", piece.text, "")
    return {
        "sort": Phrase(f"typed_board.sorts.{piece.sort}"),
        "who": who,
        "what": what,
        "when": when,
        "done": piece.done,
    }


def _unmarked(line: str) -> tuple[str, bool]:
    """Return *line* without what stands before a thing in a list, and whether that was a tick."""
    done, place = False, 0
    while (found := _MARKS.match(line, place)) and has_words(line[found.end() :]):
        done = done or bool({*(found[1] or ""), *(found[2] or "")} & _CHECKED)
        place = found.end()
    return line[place:], done


def _sorted(line: str, heads: Heads, members: Collection[str]) -> tuple[str, str] | None:
    """Return the sort that *line* itself names, and what it is; None when it names none."""
    for pattern in (_HEAD, _DASHED):
        found = pattern.fullmatch(line)
        if found and (sort := heads.sort_of(found[1])) and has_words(found[2]):
            return sort, found[2]
    word = _WORD.fullmatch(line)
    if word and heads.opens(word[1]):
        return heads.sort_of(word[1]), word[2]
    parts = [part for part in _BETWEEN.split(line) if has_words(part)]
    named = len(parts) >= _THREE and len(parts[0].strip()) <= _NAME_MOST
    if named or (len(parts) > 1 and _is_member(parts[0], members)):
        return Sort.ACTION, line
    return None


def _is_member(name: str, members: Collection[str]) -> bool:
    plain = name.strip().rstrip(".:").casefold()
    return bool(plain) and any(plain == member.strip().rstrip(".:").casefold() for member in members)
