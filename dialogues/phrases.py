"""
Phrases that a coach can read and write, and the words they are made of.

    wil dood            these words, next to each other
    wil/wou dood        either word
    zelfmoord*          a word that begins so (``*wapen``: ends so)
    <pupil> zegt        any word or phrase of the group "pupil"
    wil ... dood        with at most six words between, within one sentence
    <pupil> ~ wil dood  with at most ten words between, but none of those listed under ``between``
    <pupil> & huilt     both, in either order, with at most twelve words between, within one sentence
    <pupil> >> huilt    anywhere later in the text
    niet meer wil .     at the end of a sentence
    zei : ik            a colon before a quotation counts as a word; other punctuation does not

Here they are taken apart. Finding them in a text is the business of `spotting.py`, and what they mean of `care.py`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from itertools import groupby, permutations, product
from typing import Final, TypeAlias

Pattern: TypeAlias = tuple[tuple[str, str], ...]
"""Pairs of how to get there (one of the steps below) and which word, in order."""

Index: TypeAlias = Mapping[str, Mapping[str, tuple[tuple[frozenset[str], Pattern], ...]]]
"""
Patterns, each with the set of its words, under the longest of these and then the one but longest: the two that are
likely to be the rarest, so that most patterns need not be looked at. A single word stands under itself.
"""

END: Final = "."
QUOTE: Final = ":"
NEXT, NEAR, SAME, BOTH, LATER = "", "...", "~", "&", ">>"

_LONGEST_WORD = 40
_HIDDEN_FROM = 3
_INVISIBLE = frozenset({"Mn", "Cf", "Cc"})
_APOSTROPHES = re.compile("['\u2018\u2019\u02bc`\u00b4]")
_PAUSE = re.compile(r"\.{2,}")
_SENTENCE_END = re.compile(r"[.!?]+(?=\s|$)")
_COLON = re.compile(r":(?=\s)")
_NOT_WORD = re.compile(r"[^\w.:]+|_+|[.:](?! )")
_LONG_RUN = re.compile(r"(.)\1{2,}")


def fold(text: str) -> tuple[str, ...]:
    """
    Return the words of *text*, lower case and without accents, apostrophes or invisible characters, with ``END``
    after each sentence; three dots are a pause and end none. Letters written apart (``d o o d``, ``d.o.o.d``) become
    one word.
    """
    plain = _plain(_APOSTROPHES.sub("", text))
    plain = _SENTENCE_END.sub(" . ", _PAUSE.sub(" ", plain))
    plain = _NOT_WORD.sub(" ", _COLON.sub(" : ", plain))
    words: list[str] = []
    for alone, run in groupby(plain.split(), key=lambda word: len(word) == 1 and word.isalpha()):
        group = [word[:_LONGEST_WORD] for word in run]
        # Two letters apart are chat ("k u"); three and more are a word that is being hidden.
        words += ["".join(group)[:_LONGEST_WORD]] if alone and len(group) >= _HIDDEN_FROM else group
    return (*words, END)


def _plain(text: str) -> str:
    if text.isascii():
        # Most texts are, and then there are no accents to take off.
        return text.lower().translate(_UNSEEN)
    letters = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold())
    return "".join(letter for letter in letters if not _unseen(letter))


def _unseen(letter: str) -> bool:
    return not (letter.isalnum() or letter.isspace()) and unicodedata.category(letter) in _INVISIBLE


_UNSEEN = {code: None for code in range(128) if _unseen(chr(code))}


def spellings(word: str) -> tuple[str, ...]:
    """Return *word* and, where a letter is drawn out (``dooood``), the word with two and with one of it."""
    if not _LONG_RUN.search(word):
        return (word,)
    return (word, _LONG_RUN.sub(r"\1\1", word), _LONG_RUN.sub(r"\1", word))


def one_slip(word: str, other: str) -> bool:
    """Return whether one letter added, lost, changed or swapped with its neighbour makes *word* into *other*."""
    while word and other and word[0] == other[0]:
        word, other = word[1:], other[1:]
    while word and other and word[-1] == other[-1]:
        word, other = word[:-1], other[:-1]
    return max(len(word), len(other)) == 1 or (word == other[::-1] and len(word) == 2)  # noqa: PLR2004 - a swap is two


def patterns_of(line: str, groups: Mapping[str, Sequence[str]]) -> tuple[Pattern, ...]:
    """
    Return the patterns that the phrase *line* stands for; more than one when a group in it holds phrases.

    Raises:
        ValueError: a group does not exist, or the phrase begins or ends with a gap.
    """
    return tuple(
        pattern
        for order in permutations(line.split(f" {BOTH} "))
        for pattern in _in_order(f" {BOTH} ".join(order).split(), groups)
    )


def _in_order(tokens: Sequence[str], groups: Mapping[str, Sequence[str]]) -> Iterator[Pattern]:
    parts: list[list[Pattern]] = []
    step = NEXT
    for token in tokens:
        if token in {NEAR, SAME, BOTH, LATER}:
            step = token
            continue
        parts.append([((step, first), *rest) for (_, first), *rest in _alternatives(token, groups)])
        step = NEXT
    if not parts or step or parts[0][0][0][0]:
        message = f"a phrase must begin and end with a word: {' '.join(tokens)!r}"
        raise ValueError(message)
    return (tuple(pair for part in chosen for pair in part) for chosen in product(*parts))


def index(patterns: Iterable[Pattern]) -> Index:
    """Return *patterns* by the two words that are likely to be the rarest: the longest."""
    found: dict[str, dict[str, dict[Pattern, frozenset[str]]]] = {}
    for pattern in patterns:
        words = frozenset(word for _, word in pattern)
        rarest, *others = sorted(words, key=lambda word: (-_shortest(word), word))
        second = others[0] if others else rarest
        found.setdefault(rarest, {}).setdefault(second, {})[pattern] = words
    return {
        rarest: {
            second: tuple((words, pattern) for pattern, words in under.items()) for second, under in seconds.items()
        }
        for rarest, seconds in found.items()
    }


@cache
def _shortest(word: str) -> int:
    return min(map(len, word.split("/")))


def _alternatives(token: str, groups: Mapping[str, Sequence[str]]) -> Iterator[Pattern]:
    members = list(_members(token, groups)) if token.startswith("<") else [token]
    single = [spelling for member in members if " " not in member for spelling in member.split("/")]
    if single:
        yield ((NEXT, _word(single)),)
    for member in members:
        if " " in member:
            yield from patterns_of(member, groups)


def _members(token: str, groups: Mapping[str, Sequence[str]]) -> Iterator[str]:
    if not token.startswith("<") or " " in token:
        # A phrase inside a group may begin with a group of its own; it is taken apart as a phrase.
        yield token
        return
    if token[1:-1] not in groups or not token.endswith(">"):
        message = f"there is no group {token}"
        raise ValueError(message)
    for member in groups[token[1:-1]]:
        yield from _members(str(member), groups)


def _word(spellings_: Sequence[str]) -> str:
    return "/".join(sorted({_folded(spelling) for spelling in spellings_}))


@cache
def _folded(spelling: str) -> str:
    if spelling in {END, QUOTE}:
        return spelling
    bare = fold(spelling.strip("*"))[:-1]
    if len(bare) != 1:
        message = f"not one word: {spelling!r}"
        raise ValueError(message)
    return ("*" if spelling.startswith("*") else "") + bare[0] + ("*" if spelling.endswith("*") else "")
