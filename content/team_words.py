"""The words of a team, ready to be said: the catalogue, the commands of groups, and what is read in typed texts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from content.board_words import BoardWords
from content.catalogue import Catalogue
from content.commands import Commands
from content.folding import fold
from content.matching import StemMatcher
from content.reading_days import Days
from dialogues.conversation import Say
from dialogues.ports import Message

TYPED = "team_typed"
COMMANDS = "team_commands"
_OF_DAYS = ("through", "until")


class TeamVoice:
    """All words of teams in all languages. Implements the TeamWords port."""

    def __init__(self, catalogue: Catalogue, matcher: StemMatcher) -> None:
        self._catalogue = catalogue
        self._matcher = matcher
        self._commands = Commands(catalogue.books, COMMANDS)
        self._board = BoardWords(catalogue.books)
        self._kinds: dict[str, str] = {}
        for book in catalogue.books.values():
            for kind in book.under(TYPED):
                if kind not in _OF_DAYS:
                    for leaf in book.lists[f"{TYPED}.{kind}"]:
                        self._kinds.setdefault(fold(leaf.text), kind)
        through, until = (self._typed(name) for name in _OF_DAYS)
        self._days = Days(catalogue.books, through, until)

    def render(self, say: Say, language: str) -> Message:
        """Return *say* as a finished message. Raises WordsMissing."""
        return self._catalogue.render(say, language)

    def team_command(self, text: str) -> tuple[str, str] | None:
        """Return (command id, argument) when *text* is a command for the group; ("unknown", name) for another one."""
        return self._commands.read(text)

    def team_menu(self, language: str) -> list[tuple[str, str]]:
        """Return (name, description) of every command of groups, for the menu in *language*."""
        return self._commands.menu(language)

    def kind_of(self, word: str) -> str:
        """Return what *word* names, in any language, or ""."""
        return self._kinds.get(fold(word), "")

    def sort_of(self, head: str) -> str:
        """Return what *head* names on a board that was typed over, or ""."""
        return self._board.sort_of(head)

    def opens(self, word: str) -> bool:
        """Return whether *word* says what a line of such a board is without a colon as well."""
        return self._board.opens(word)

    def days_in(self, text: str, today: date) -> tuple[tuple[date, date], ...]:
        """Return the periods that *text* names; empty when one cannot be read."""
        return self._days.periods(text, today)

    def day_in(self, text: str, today: date) -> tuple[date | None, str]:
        """Return the day that *text* ends on, and the text before it."""
        return self._days.last(text, today)

    def find(self, texts: Sequence[tuple[str, str]], query: str, language: str) -> tuple[str, ...]:
        """Return the ids of the texts that hold the words of *query*, best first."""
        return self._matcher.find(texts, query, language)

    def _typed(self, name: str) -> list[str]:
        return [leaf.text for book in self._catalogue.books.values() for leaf in book.lists[f"{TYPED}.{name}"]]
