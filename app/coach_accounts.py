"""
The accounts of coaches, as the operator looks after them: made, invited again, reset, closed and opened, removed.

It may all be done beside the running bot. What is printed goes to the operator and says nothing about any leader.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

from app.settings import Settings
from app.upkeep import key_source, open_store
from dialogues.coaching import Book, Coach, CoachId, Tell, invite
from storage.coach_book import SealedCoachBook
from storage.data_folder import holds_store
from storage.keys import keys_of

SHOWN = 8
"""Characters of an id that are shown, and enough to name a coach by."""


class CoachUnknown(Exception):
    """No coach, or more than one, goes by what was typed."""


def new_token() -> str:
    """Return what an invitation is opened with: 256 random bits, in letters that Telegram takes in a link."""
    return secrets.token_urlsafe(32)


def add(settings: Settings, name: str, organisation: str, language: str, *, inside: bool) -> tuple[str, str]:
    """Make an account and return how it is called here, and the code by which the coach takes it. Raises as below."""
    coach = Coach(CoachId(secrets.token_hex(16)), name, organisation, inside, language, datetime.now(UTC))
    token = new_token()
    _change(settings, lambda book: invite(book.with_coach(coach), coach.id, token, datetime.now(UTC), operator=True))
    return coach.id[:SHOWN], token


def listed(settings: Settings) -> list[str]:
    """Return a line per coach, the oldest first. Raises KeeperUnavailable."""
    return [_line(coach) for coach in asyncio.run(_book(settings).read()).coaches]


def invite_again(settings: Settings, who: str) -> str:
    """Return a new code by which the coach *who* takes the account, also in another Telegram account. Raises as below."""
    token = new_token()

    def renew(book: Book) -> Book:
        coach = _named(book, who)
        return invite(book.with_coach(replace(coach, person="")), coach.id, token, datetime.now(UTC), operator=True)

    _change(settings, renew)
    return token


def reset(settings: Settings, who: str) -> None:
    """Clear the second step of the coach *who*, who is told of it in the chat. Raises as below."""
    _alter(settings, who, lambda coach: replace(coach, secret="", counter=0, tell=Tell.RESET))


def close(settings: Settings, who: str) -> None:
    """Close the account of the coach *who*: nothing opens from the next request on. Raises as below."""
    _alter(settings, who, lambda coach: replace(coach, active=False, tell=Tell.CLOSED))


def reopen(settings: Settings, who: str) -> None:
    """Open the account of the coach *who* again. Raises as below."""
    _alter(settings, who, lambda coach: replace(coach, active=True, tell=Tell.OPENED))


def remove(settings: Settings, who: str) -> None:
    """
    Forget the coach *who*. What leaders shared stays on their own pages, and nobody reads it.

    Raises:
        CoachUnknown: nobody, or more than one, is called that.
        KeeperUnavailable: the store cannot be used.
    """
    _change(settings, lambda book: book.without(_named(book, who).id))


def _alter(settings: Settings, who: str, work: Callable[[Coach], Coach]) -> None:
    _change(settings, lambda book: book.with_coach(work(_named(book, who))))


def _change(settings: Settings, work: Callable[[Book], Book]) -> None:
    asyncio.run(_book(settings).change(work))


def _book(settings: Settings) -> SealedCoachBook:
    if not holds_store(settings.data):
        asyncio.run(open_store(settings).close())
    _, keys = keys_of(settings.data, key_source(settings))
    return SealedCoachBook(settings.data, keys)


def _named(book: Book, who: str) -> Coach:
    found = [coach for coach in book.coaches if coach.id.startswith(who) or coach.name.casefold() == who.casefold()]
    if len(found) != 1 or not who:
        raise CoachUnknown(
            "no coach is called that" if not found else "more than one coach is called that; use the code"
        )
    return found[0]


def _line(coach: Coach) -> str:
    state = "closed" if not coach.active else "invited" if not coach.person else "active"
    where = ", same organisation as the leaders" if coach.inside else ""
    return f"{coach.id[:SHOWN]}  {coach.name}, {coach.organisation}{where}: {state}"
