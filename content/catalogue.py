"""
The words, ready to be said: loads the content once and renders a key with its values as a finished message.

Templates come from the content only. What a leader wrote is always a value, never a template, and comes out as it was
written. Which message is said when is not decided here; what is wrong with the words is listed by `checks.py`.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from zoneinfo import ZoneInfo

from jinja2 import StrictUndefined, Template, TemplateSyntaxError
from jinja2.meta import find_undeclared_variables
from jinja2.sandbox import SandboxedEnvironment
from ruamel.yaml.error import YAMLError

from content.buttons import ENDINGS, rows
from content.checking_models import check_compass, check_halves, check_models
from content.checking_school_year import check_school_year
from content.commands import Commands
from content.filters import filters, short
from content.model_files import MAP, Row, models, read_heads, read_map
from content.structure import repertoire
from content.tag_lines import TagLines
from content.yaml_files import LANGUAGES, STRUCTURE, Book, Leaf, read_book, read_cards, read_structure, version
from dialogues.care import CareRules
from dialogues.conversation import Choice, Phrase, Say, Shape, Value
from dialogues.errors import WordsMissing
from dialogues.ports import Message
from dialogues.repertoire import Repertoire

FOLDER = Path(__file__).parent
_ECHO_LENGTH = 120
_TYPED = "typed."
_TICKED, _OPEN = "☑", "☐"


def environment(language: str, zone: ZoneInfo) -> SandboxedEnvironment:
    """Return what templates in *language* are compiled with: sandboxed, strict about names, and plain text."""
    found = SandboxedEnvironment(
        undefined=StrictUndefined,
        autoescape=False,  # messages are plain text in every channel, never markup
        extensions=[TagLines],
    )
    found.filters.update(filters(language, zone))
    found.globals.clear()  # words need no functions, and going through them costs more than most texts do
    return found


def placeholders(text: str, within: SandboxedEnvironment) -> frozenset[str]:
    """Return the names *text* asks for. Raises TemplateSyntaxError."""
    return frozenset(find_undeclared_variables(within.parse(text)))


@dataclass(slots=True)
class _Voice:
    """One language: its words, and the templates made of them so far (most are never needed in one run)."""

    book: Book
    environment: SandboxedEnvironment
    templates: dict[str, Template] = field(default_factory=dict)
    typed: Mapping[str, tuple[str, ...]] = field(init=False)

    def __post_init__(self) -> None:
        found = ((key, leaves) for key, leaves in self.book.lists.items() if key.startswith(_TYPED))
        self.typed = {key.removeprefix(_TYPED): tuple(leaf.text for leaf in leaves) for key, leaves in found}


class Catalogue:
    """All words in all languages. Implements the Words port. Make one with `load`."""

    def __init__(self, books: Mapping[str, Book], zone: ZoneInfo, known: Repertoire, care: CareRules) -> None:
        """Take the words in *books*, by language."""
        self.repertoire = known
        self.care = care
        self.version = known.version
        self.books = MappingProxyType(dict(books))
        self._voices = {language: _Voice(book, environment(language, zone)) for language, book in books.items()}
        self._commands = Commands(books)

    def render(self, say: Say, language: str) -> Message:
        """
        Return *say* as a finished message.

        A ticked list is also given to the template as ``boxes``: one numbered line per box.

        Raises:
            WordsMissing: the key, a value or the words on a button are missing; the message names keys only.
        """
        values = self.filled(say.values, language)
        labels = self.labels(say, language)
        if say.shape is Shape.TICKS:
            values["boxes"] = _boxes(say, labels)
        text = self._text(say.key, values, language)
        if say.echo:
            text = self._text("common.echo", {"text": short(say.echo, _ECHO_LENGTH)}, language) + "\n" + text
        return Message(text, rows(say, labels))

    def labels(self, say: Say, language: str) -> dict[str, str]:
        """
        Return the words on each button of *say*, by choice; for a box to tick, the words of that box.

        Raises:
            WordsMissing: a choice has no words.
        """
        items = _items(say)
        return {choice.id: self._label(say, choice, items, language) for choice in say.choices}

    def command(self, text: str) -> tuple[str, str] | None:
        """Return (command id, argument) when *text* is a command in any language; else ("unknown", name)."""
        return self._commands.read(text)

    def shortcut(self, text: str, language: str) -> str:
        """Return the command that *text* names in a plain word in any language, *language* first, else ""."""
        return self._commands.shortcut(text, language)

    def typed(self, choice: str, language: str) -> tuple[str, ...]:
        """Return the words that may be typed instead of tapping *choice*."""
        return self._voice(language).typed.get(choice, ())

    def commands(self, language: str) -> list[tuple[str, str]]:
        """Return (name, description) of every command, for the menu in *language*."""
        return self._commands.menu(language)

    def choices(self, key: str) -> tuple[str, ...]:
        """Return the ids of the buttons whose words stand with message *key*, in order."""
        book = next(iter(self.books.values()))
        return book.under(f"{key}.choices")

    def filled(self, values: Mapping[str, Value], language: str) -> dict[str, object]:
        """Return *values* with words in the place of every phrase in them. Raises WordsMissing."""
        return {name: self._value(value, language) for name, value in values.items()}

    def _label(self, say: Say, choice: Choice, items: Mapping[str, Value], language: str) -> str:
        if choice.label is not None:
            return self._phrase(choice.label, language)
        if choice.id in items:
            return str(self._value(items[choice.id], language))
        if choice.id.isdecimal():
            return choice.id
        own = f"{say.key}.choices.{choice.id}"
        known = own in self._voice(language).book.texts
        return self._filled_text(own if known else f"common.choices.{choice.id}", say.values, language)

    def _voice(self, language: str) -> _Voice:
        try:
            return self._voices[language]
        except KeyError:
            raise WordsMissing(f"no words in language {language!r}") from None

    def _value(self, value: Value, language: str) -> object:
        if isinstance(value, Phrase):
            return self._phrase(value, language)
        if isinstance(value, tuple):
            return [self._value(item, language) for item in value]
        if isinstance(value, Mapping):
            return {name: self._value(item, language) for name, item in value.items()}
        return value

    def _phrase(self, phrase: Phrase, language: str) -> str:
        return self._filled_text(phrase.key, phrase.values, language)

    def _filled_text(self, key: str, values: Mapping[str, Value], language: str) -> str:
        """Return the text of *key*, with words in the place of every phrase in *values*."""
        leaf = self._leaf(key, language)
        # Most texts have no gap, and then nothing is made of the values.
        return self._text(key, self.filled(values, language), language) if "{" in leaf.text else leaf.text

    def _leaf(self, key: str, language: str) -> Leaf:
        texts = self._voice(language).book.texts
        leaf = texts.get(key) or texts.get(f"{key}.text")
        if leaf is None:
            raise WordsMissing(f"{key} ({language}) is not in the content")
        return leaf

    def _text(self, key: str, values: Mapping[str, object], language: str) -> str:
        """Return the text of *key*, filled in. Most texts have no gap and need no template."""
        leaf = self._leaf(key, language)
        if "{" not in leaf.text:
            return leaf.text
        voice = self._voice(language)
        template = voice.templates.get(key)
        if template is None:
            template = voice.templates[key] = _compiled(key, leaf.text, voice)
        try:
            return template.render(values).strip()
        except Exception as error:  # noqa: BLE001 - what a filter raises may carry what somebody wrote
            lacking = ", ".join(sorted(placeholders(leaf.text, voice.environment) - set(values))) or "nothing"
            raise WordsMissing(f"{key} ({language}): {type(error).__name__}, lacks {lacking}") from None


def load(folder: Path = FOLDER, zone: ZoneInfo | None = None) -> Catalogue:
    """
    Return the words in *folder*.

    Args:
        folder: holds one folder per language, and the structure they share.
        zone: where leaders are; times are shown there. Europe/Amsterdam when not given.

    Raises:
        WordsMissing: a file cannot be read; the message names file, line and remedy.
    """
    with _no_collecting():
        return _load(folder, zone)


@contextmanager
def _no_collecting() -> Iterator[None]:
    """Let the collector rest while a hundred thousand small things are made, of which none can be thrown away yet."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def _load(folder: Path, zone: ZoneInfo | None) -> Catalogue:
    books = {language: read_book(folder, language) for language in LANGUAGES}
    shape = read_cards(folder)
    heads = read_heads(folder, books)
    rows = _rows(folder)
    faults = sorted({fault for book in (*books.values(), shape) for fault in book.faults})
    # Words that are wrong are found by the checker. What is looked at here would stop a leader in the middle.
    faults += sorted(check_models(heads, rows, list(books.values()))) if not faults else []
    faults += sorted(set(check_halves(list(books.values()))))
    faults += check_school_year(shape, folder.name)
    faults += sorted(check_compass(shape, heads, books[LANGUAGES[0]]))
    if faults:
        raise WordsMissing("\n".join(str(fault) for fault in faults))
    try:
        care = CareRules.from_data(read_structure(folder / STRUCTURE / "care.yaml"))
    except (ValueError, YAMLError) as error:
        raise WordsMissing(f"{STRUCTURE}/care.yaml cannot be read: {error}") from error
    words = books[LANGUAGES[0]]
    known = repertoire(shape, words, version(folder), models(heads, rows, words))
    return Catalogue(books, zone or ZoneInfo("Europe/Amsterdam"), known, care)


def _rows(folder: Path) -> dict[str, Row]:
    try:
        return read_map(folder)
    except (YAMLError, KeyError, ValueError, TypeError, AttributeError) as error:
        raise WordsMissing(f"{STRUCTURE}/{MAP} cannot be read: {type(error).__name__}") from error


def _compiled(key: str, text: str, voice: _Voice) -> Template:
    try:
        return voice.environment.from_string(text)
    except TemplateSyntaxError as error:
        raise WordsMissing(f"{key} ({voice.book.language}) is no template: {error.message}") from error


def _items(say: Say) -> dict[str, Value]:
    """Return the words of the boxes that stand in the text of the message, by choice; most messages have no boxes."""
    items = say.values.get("items")
    if say.shape is not Shape.TICKS or not isinstance(items, tuple):
        return {}
    boxes = [one.id for one in say.choices if one.id not in ENDINGS]
    if boxes and len(items) != len(boxes):
        raise WordsMissing(f"{say.key} has {len(boxes)} boxes and {len(items)} items")
    return dict(zip(boxes, items, strict=False))


def _boxes(say: Say, labels: Mapping[str, str]) -> str:
    boxes = [choice.id for choice in say.choices if choice.id not in ENDINGS]
    return "\n".join(
        f"{number} {_TICKED if box in say.ticked else _OPEN} {labels[box]}" for number, box in enumerate(boxes, 1)
    )
