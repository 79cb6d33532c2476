"""
Holds the words against the routes: which messages and buttons the routes can show, and what is wrong with their words.

The rules for the words themselves stand in `content/checks.py`; here it is only known what the routes need of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path

from jinja2 import TemplateSyntaxError

from content import catalogue
from content.checks import Needed, check
from content.samples import names_in, sample_environment
from content.yaml_files import LANGUAGES, Book, read_book
from dialogues import map as routes
from dialogues.table import Ask, Route, State
from dialogues.team.engine import ROUTES as TEAM_ROUTES


def faults(today: date, folder: Path = catalogue.FOLDER) -> list[str]:
    """
    Return every fault in the words and in the map of routes, one line each.

    Args:
        today: the numbers of the help card must have been checked shortly before this day.
        folder: where the words stand.
    """
    book = read_book(folder, LANGUAGES[0])
    wanted = [*needed(routes.ROUTES.values(), book), *needed_of_teams(book)]
    return routes.faults() + [str(fault) for fault in check(folder, wanted, today)]


def needed(of: Iterable[Route], book: Book) -> list[Needed]:
    """
    Return the messages the routes can say, with the buttons that must have words.

    Which values a message is given only shows when it is said (every transcript does that), so all that *book* asks
    for counts as given. Buttons that depend on the conversation may have their words with the message.
    """
    buttons: dict[str, set[str]] = {}
    for route in of:
        for state in route.states.values():
            for key in state.keys:
                buttons.setdefault(key, set()).update(_buttons(state, key, book))
    return [Needed(key, tuple(sorted(shown)), _values(key, book)) for key, shown in sorted(buttons.items())]


def needed_of_teams(book: Book) -> list[Needed]:
    """Return the messages the routes of teams can say; their buttons depend on the session, so those written count."""
    keys = [key for route in TEAM_ROUTES for state in route.states.values() for key in state.keys]
    return [Needed(key, book.under(f"{key}.choices"), _values(key, book)) for key in sorted(set(keys))]


def _buttons(state: State, key: str, book: Book) -> Iterator[str]:
    yield from state.choices
    if state.offer:
        yield from book.under(f"{key}.choices")
    if state.later:
        yield "later"
    if state.skip:
        yield "skip"
    if state.ask is Ask.TICKS:
        yield "done"


def _values(key: str, book: Book) -> tuple[str, ...]:
    leaf = book.texts.get(key) or book.texts.get(f"{key}.text")
    try:
        return tuple(names_in(leaf.text, sample_environment(book.language))) if leaf else ()
    except TemplateSyntaxError:
        return ()
