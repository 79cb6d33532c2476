"""
The login pages and the chat, together: a page shows a code, the chat confirms it, and that one browser is let in.

    page   asks, and shows a code; a cookie binds it to this browser                (`ask`)
    chat   confirms the code for a person, and gives a passage                      (`confirm`)
    page   shows a button for who opens the passage in the browser that asked       (`fits`)
    page   spends the passage, once; or the code of it, typed on the page that asked (`spend`, `spend_typed`)

All within ten minutes. A code on a page is a request and opens nothing; a passage opens only the browser that asked.
After five wrong codes a page is closed. Everything is in memory: a restart asks anew.
"""

from __future__ import annotations

import hmac
from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from dashboard.codes import ASKING_CODE, PASSAGE_CODE, digest, grouped, new_code, new_token, read_code
from dashboard.sessions import Role
from dialogues.coach_chat import Whereabouts
from dialogues.conversation import LeaderId
from dialogues.ports import CoachBook, Passage

LASTS = timedelta(minutes=10)
"""How long a login page and its passage can be used."""

MOST = 20_000
"""Login pages that are open at once; a further one closes the oldest."""

WRONG = 5
"""Wrong codes after which a login page is closed."""


@dataclass(slots=True)
class Asking:
    """One browser that asks to be let in: the *code* it shows, and, once confirmed, who it is and what lets in."""

    role: Role
    code: str
    begun: datetime
    form_key: str = field(default_factory=new_token)
    person: LeaderId | None = None
    token: str = ""
    word: str = ""
    wrong: int = 0

    def over(self, now: datetime) -> bool:
        """Return whether nothing can come of it any more."""
        return now - self.begun >= LASTS or self.wrong >= WRONG


class FrontDoor:
    """The login pages that are open. Implements the Doors port. A browser is known by what its cookie holds."""

    def __init__(self, book: CoachBook, where: Whereabouts) -> None:
        """Take the *book* that says who is a coach, and *where* our pages are."""
        self._book = book
        self._where = where
        self._asking: OrderedDict[str, Asking] = OrderedDict()
        self._by_code: dict[str, str] = {}

    def ask(self, role: Role, now: datetime) -> tuple[str, Asking]:
        """Open a login page for *role*; return what goes into the cookie, and the page."""
        while self._asking and (len(self._asking) >= MOST or next(iter(self._asking.values())).over(now)):
            self._close(next(iter(self._asking)))
        code = new_code(ASKING_CODE)
        while code in self._by_code:
            code = new_code(ASKING_CODE)
        browser, asking = new_token(), Asking(role, code, now)
        self._asking[digest(browser)] = asking
        self._by_code[code] = digest(browser)
        return browser, asking

    def asked(self, browser: str, now: datetime) -> Asking | None:
        """Return the login page that is open in *browser*, or None."""
        asking = self._asking.get(digest(browser))
        return None if asking is None or asking.over(now) else asking

    async def confirm(self, code: str, person: LeaderId, now: datetime) -> Passage | None:
        """Return the passage for *person* through the page that shows *code*; see `Doors`. Raises KeeperUnavailable."""
        asking = self._asking.get(self._by_code.get(read_code(code), ""))
        coach = (await self._book.read()).of(person)
        if asking is None or asking.over(now) or asking.person not in (None, person):
            return None
        if asking.role is Role.COACH and (coach is None or not coach.active):
            return None
        token, word = new_token(), new_code(PASSAGE_CODE)
        asking.person, asking.token, asking.word = person, digest(token), digest(word)
        return Passage(f"{self._where.site}/in/{token}", grouped(word))

    def fits(self, browser: str, token: str, now: datetime) -> Asking | None:
        """Return the page in *browser* when *token* is its passage; looking spends nothing."""
        asking = self.asked(browser, now)
        known = asking is not None and bool(asking.token) and hmac.compare_digest(asking.token, digest(token))
        return asking if known else None

    def spend(self, browser: str, token: str, now: datetime) -> tuple[Role, LeaderId] | None:
        """Use the passage *token* up in *browser*, and return who may come in as what; None when it does not hold."""
        return self._let_in(browser, self.fits(browser, token, now))

    def spend_typed(self, browser: str, word: str, now: datetime) -> tuple[Role, LeaderId] | None:
        """Use the passage of *browser* up by its typed code *word*; a wrong one counts."""
        asking = self.asked(browser, now)
        if asking is None:
            return None
        if asking.word and hmac.compare_digest(asking.word, digest(read_code(word))):
            return self._let_in(browser, asking)
        asking.wrong += 1
        return None

    def _let_in(self, browser: str, asking: Asking | None) -> tuple[Role, LeaderId] | None:
        if asking is None or asking.person is None:
            return None
        self._close(digest(browser))
        return asking.role, asking.person

    def _close(self, key: str) -> None:
        closed = self._asking.pop(key)
        self._by_code.pop(closed.code, None)
