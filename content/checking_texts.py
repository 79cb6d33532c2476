"""
Checks one text at a time: whether it can be filled in, is short enough, asks one thing, and is plain text.

Whether texts of two languages fit each other, and whether all words are there, is looked at in the modules beside this.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from fnmatch import translate

from content.samples import fill, sample_environment
from content.yaml_files import Book, Fault, Leaf

LIMITS = {
    "*.choices.*": 28,
    "*.buttons.*": 28,
    "cards.*.term": 60,
    "cards.*.short": 26,
    "cards.*.meaning": 90,
    "cards.*.why": 90,
    "cards.*.step.*": 140,
    "cards.*.offered_as": 90,
    "cards.*.only_when": 90,
    "topics.*.label": 26,
    "topics.*.from": 70,
    "topics.*.to": 70,
    "wicked.features.*.feature": 75,
    "wicked.features.*.short": 26,
    "wicked.seats.*.label": 28,
    "*commands.*.description": 256,
    "care.card.*": 900,
    "team_prompts.themes.*": 28,
    "own_calendar.found*": 2000,
    "typed_board.told*": 3500,
    "models.*.title": 40,
    "models.*.about": 300,
    "models.*.ask": 160,
    "models.*.caution": 200,
    "models.*.rounds.*": 28,
    "models.*.term": 40,
    "models.*.meaning": 160,
    "models.*.item": 140,
    "models.*.question": 160,
    "models.*.board": 140,
    "models.*.left": 28,
    "models.*.right": 28,
    "models.*.parts.*": 100,
    "find.*": 1800,
    "team.board": 2500,
    "team.welcome": 700,
    "team.help": 1000,
    "team.actions.text": 900,
    "team.voice.text": 800,
    "team_private.agenda.text": 900,
    "team_private.overview.text": 2700,
    "scan.profile": 1500,
    "compass.found.text": 1000,
    "compass.read.text": 1500,
    "vision.matrix.text": 1500,
    "vision.draft_again": 1000,
    "coach.list.text": 1500,
    "journeys.list.text": 1500,
    "portfolio.statement.text": 1200,
    "portfolio.preview.text": 14000,
    "portfolio.paper.rules": 900,
    "*": 600,
}
"""The most characters of a text; the first pattern that fits its key counts. Lists a leader asks for may be longer."""

_LIMITS = [(re.compile(translate(pattern)).match, limit) for pattern, limit in LIMITS.items()]

MOST_BUTTONS = 5
_NOT_SAID = ("synonyms.", "commands.", "team_commands.", "matching.")
_DOCUMENTS = ("export.", "portfolio.document")
"""Files a leader takes along: they may be long, ask more than once, and be marked up."""

_ALWAYS_ASKS = re.compile(r"questions\.|team_prompts\.own\.|models\..*\.(question|board|ask)$")
"""What is always one question."""

_QUOTED = re.compile(r"“[^”]*”")
_MARKUP = re.compile(r"\*|</?[a-zA-Z][^>]*>|__|`")
_GAP = re.compile(r"\{\{.*?\}\}|\{[%#].*?[%#]\}", re.DOTALL)
_COMMAND_NAME = re.compile(r"[a-z0-9_]{1,32}")


def check_texts(book: Book) -> Iterator[Fault]:
    """Yield what is wrong with single texts, in the order of the files."""
    environment = sample_environment(book.language)
    for key, leaf in book.texts.items():
        document = key.startswith(_DOCUMENTS)
        yield from _plain(key, leaf, marked_up=document)
        try:
            filled = fill(leaf.text, environment)
        except Exception as error:  # noqa: BLE001 - whatever one template does, the others are still looked at
            what = f"cannot be filled in ({error})"
            yield _fault(leaf, key, what, "Look at what stands between {{ }} and {% %}")
            continue
        if document:
            continue
        yield from _length(key, leaf, filled)
        if not key.startswith(_NOT_SAID):
            yield from _questions(key, leaf, filled)
    for key, leaves in book.lists.items():
        for leaf in leaves:
            yield from _plain(key, leaf, marked_up=False)


def check_buttons(book: Book) -> Iterator[Fault]:
    """Yield the messages with more buttons than fit under one message."""
    for key in book.lines:
        if key.endswith(".choices") and f"{key.removesuffix('.choices')}.text" in book.texts:
            count = len(book.under(key))
            if count > MOST_BUTTONS:
                file, line = book.lines[key]
                yield Fault(
                    file,
                    line,
                    key,
                    f"has {count} buttons, {MOST_BUTTONS} fit",
                    "Take some away, or put those never shown together under buttons",
                )


def check_command_names(book: Book) -> Iterator[Fault]:
    """Yield the command names that Telegram would refuse in its menu, and names that two commands share."""
    for file in ("commands", "team_commands"):
        yield from _command_names(book, file)


def _command_names(book: Book, file: str) -> Iterator[Fault]:
    taken: dict[str, str] = {}
    for command in book.under(file):
        key = f"{file}.{command}"
        name = book.texts.get(f"{key}.name")
        spellings = (*((name,) if name else ()), *book.lists.get(f"{key}.also", ()))
        for leaf in spellings:
            if not _COMMAND_NAME.fullmatch(leaf.text):
                yield _fault(leaf, key, "has a name Telegram refuses", "Use only a-z, 0-9 and _")
            if taken.setdefault(leaf.text, command) != command:
                yield _fault(leaf, key, f"has a name of {taken[leaf.text]}", "Choose another name")


def _plain(key: str, leaf: Leaf, *, marked_up: bool) -> Iterator[Fault]:
    if not leaf.text:
        yield _fault(leaf, key, "is empty", "Write the text, or remove the key")
    if "\t" in leaf.text:
        yield _fault(leaf, key, "holds a tab", "Use spaces")
    found = None if marked_up else _MARKUP.search(_GAP.sub("", leaf.text))
    if found:
        yield _fault(leaf, key, f"holds markup ({found.group()})", "Write plain text; it is shown as it stands")


def _length(key: str, leaf: Leaf, filled: tuple[str, ...]) -> Iterator[Fault]:
    limit = next(limit for fits, limit in _LIMITS if fits(key))
    length = max(len(text) for text in filled)
    if length > limit:
        yield _fault(leaf, key, f"is {length} characters long, {limit} fit", f"Make it {length - limit} shorter")


def _questions(key: str, leaf: Leaf, filled: tuple[str, ...]) -> Iterator[Fault]:
    spoken = [_QUOTED.sub("“”", text) for text in filled]
    most = max(text.count("?") for text in spoken)
    if most > 1:
        yield _fault(leaf, key, f"asks {most} questions", "Keep one, at the end")
    elif any("?" in text and not text.rstrip("”\n ").endswith("?") for text in spoken):
        yield _fault(leaf, key, "does not end with its question", "Put the question last")
    if _ALWAYS_ASKS.match(key) and not all(text.count("?") == 1 for text in spoken):
        yield _fault(leaf, key, "is no question", "End it with a question mark")


def _fault(leaf: Leaf, key: str, what: str, remedy: str) -> Fault:
    return Fault(leaf.file, leaf.line, key, what, remedy)
