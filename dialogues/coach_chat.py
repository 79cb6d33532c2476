"""
What a coach does in the chat: taking the account, inviting a leader, logging in at a browser, and the weekly count.

These need no route: each is a command with an answer, said beside whatever conversation that person has as a leader
herself. Invitations that are for a leader are only looked up here; what she does with one stands in
`routes/coach_meeting.py`.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

from dialogues.changing import replace
from dialogues.coaching import AlreadySpent, Book, Coach, Tell, Weekly, invite
from dialogues.conversation import Commanded, Heard, Invited, LeaderId, Phrase, Say
from dialogues.ports import CoachBook, Doors

GONE = Commanded("link")
"""What is heard instead of an invitation that does not hold."""

COMMANDS = frozenset({"login", "invite", "digest"})
"""What is answered here; links with an invitation are too."""

HELP = "help.text"
"""What the guide says when it is asked how it works."""

LOGIN_PREFIX = "in_"
"""What the payload of a link from a login page begins with, before its code."""

_MOMENT = re.compile(r"(?P<day>[1-7])\s+(?P<hour>[01]?\d|2[0-3])(?:[:.]00)?")

Answer = tuple[Say, ...]
Count = Callable[[Coach, datetime], Awaitable[int]]
"""Gives how many pieces are new to a coach since the last visit."""


@dataclass
class Whereabouts:
    """
    Where people find us: the public address of the pages, "" when there are none, and the bot's name, without @, as
    Telegram told it at the start.
    """

    site: str = ""
    bot: str = ""

    def deep_link(self, payload: str) -> str:
        """Return the link that opens the chat with *payload*, or "" when the bot's name is not known."""
        return f"https://t.me/{self.bot}?start={payload}" if self.bot else ""


class CoachChat:
    """The coach's side of the chat. Methods raise KeeperUnavailable when the book cannot be read or written."""

    def __init__(
        self, book: CoachBook, doors: Doors, where: Whereabouts, zone: tzinfo, new_token: Callable[[], str]
    ) -> None:
        """
        Take the *book* of coaches, the *doors* of the pages, and *where* both are to be found.

        *new_token* gives 256 random bits, other ones each time, in letters that Telegram takes in a link.
        """
        self._book = book
        self._doors = doors
        self._where = where
        self._zone = zone
        self._new_token = new_token

    async def heard(self, person: LeaderId, heard: Heard, now: datetime) -> Heard | Answer:
        """
        Return the answer to what *person* did as a coach or at a login page; else what the guide is to hear instead.

        An invitation for a leader comes back as `Invited`, one that does not hold as the command that says so.
        """
        if not isinstance(heard, Commanded):
            return heard
        argument = heard.argument.strip()
        if heard.command in ("start", "link") and argument:
            return await self._opened(person, argument, now)
        if heard.command == "login":
            return await self._login(person, argument, now)
        if heard.command in ("invite", "digest"):
            coach = (await self._book.read()).of(person)
            if coach is None or not coach.active:
                return (Say("coach_chat.not_a_coach"),)
            return await (self._invite(coach, now) if heard.command == "invite" else self._digest(coach, argument))
        return heard

    async def beside(self, person: LeaderId, say: Answer) -> Answer:
        """Return *say*, what the guide says to *person*, with what a coach can type besides when it explains itself."""
        if any(one.key == HELP for one in say):
            coach = (await self._book.read()).of(person)
            if coach and coach.active:
                return (Say("coach_chat.help", {"site": self._where.site}), *say)
        return say

    async def spend(self, digest: str, now: datetime) -> bool:
        """Use the invitation *digest* up, and return whether that was still possible. Of several at once one wins."""
        try:
            await self._book.change(lambda book: book.spending(digest, now))
        except AlreadySpent:
            return False
        return True

    async def give_back(self, digest: str) -> None:
        """Let the invitation *digest* be used after all: what it was used for could not be kept."""
        await self._book.change(lambda book: book.unspent(digest))

    async def due(self, count: Count, now: datetime) -> list[tuple[LeaderId, Answer, Coach]]:
        """Return what coaches are to be told by themselves now: the weekly count, and what the operator changed."""
        found: list[tuple[LeaderId, Answer, Coach]] = []
        for coach in (await self._book.read()).coaches:
            says: Answer = (Say(f"coach_chat.told_{coach.tell}"),) if coach.tell else ()
            told = coach.told
            if coach.active and self._counts_now(coach, now):
                new = await count(coach, now)
                says += (Say("coach_chat.digest", {"count": new, "site": self._where.site}),) if new else ()
                told = now
            if coach.person and (says or told != coach.told):
                found.append((LeaderId(coach.person), says, replace(coach, tell=Tell.NOTHING, told=told)))
        return found

    async def told(self, coach: Coach) -> None:
        """Remember that *coach* was told, as `due` gave it."""

        def mark(book: Book) -> Book:
            current = book.find(coach.id)
            return book.with_coach(replace(current, tell=coach.tell, told=coach.told)) if current else book

        await self._book.change(mark)

    def _counts_now(self, coach: Coach, now: datetime) -> bool:
        """Return whether the weekly moment of *coach* came since the last one, at most a day ago."""
        if coach.digest is None:
            return False
        day, hour = coach.digest.day, coach.digest.hour
        local = now.astimezone(self._zone)
        moment = (local - timedelta(days=(local.isoweekday() - day) % 7)).replace(
            hour=hour, minute=0, second=0, microsecond=0
        )
        late = local - moment
        return timedelta() <= late < timedelta(days=1) and (coach.told is None or coach.told < moment)

    async def _opened(self, person: LeaderId, token: str, now: datetime) -> Heard | Answer:
        book = await self._book.read()
        found = book.invitation(token, now)
        if found is None and token.startswith(LOGIN_PREFIX):
            return await self._login(person, token.removeprefix(LOGIN_PREFIX), now)
        if found is None:
            own = book.of(person)
            again = own is not None and book.was_for(token, own.id)
            return (self._welcome(own),) if own and again else GONE
        invitation, coach = found
        if invitation.handle:
            return Invited(invitation, coach)
        return await self._take_account(person, invitation.digest, coach, now)

    async def _take_account(self, person: LeaderId, digest: str, coach: Coach, now: datetime) -> Answer:
        def take(book: Book) -> Book:
            return book.spending(digest, now).with_coach(replace(coach, person=person))

        if (await self._book.read()).of(person) not in (None, coach):
            return (Say("coach_chat.has_account"),)
        try:
            await self._book.change(take)
        except AlreadySpent:
            return (Say("coach.gone"),)
        return (self._welcome(coach),)

    def _welcome(self, coach: Coach) -> Say:
        return Say("coach_chat.welcome", {"name": coach.name, "site": self._where.site})

    async def _login(self, person: LeaderId, code: str, now: datetime) -> Answer:
        if not self._where.site:
            return (Say("coach_chat.no_site"),)
        if not code:
            return (Say("coach_chat.login_how", {"site": self._where.site}),)
        passage = await self._doors.confirm(code, person, now)
        if passage is None:
            return (Say("coach_chat.login_gone", {"site": self._where.site}),)
        return (Say("coach_chat.login", {"address": passage.address, "code": passage.code}),)

    async def _invite(self, coach: Coach, now: datetime) -> Answer:
        token = self._new_token()
        await self._book.change(lambda book: invite(book, coach.id, token, now))
        words = {"name": coach.name, "organisation": coach.organisation}
        link = self._where.deep_link(token)
        return (
            Say("coach_chat.invited", {"site": self._where.site}),
            Say("coach_chat.invitation", {**words, "token": token, "link": link}),
        )

    async def _digest(self, coach: Coach, argument: str) -> Answer:
        """Set the weekly moment: a weekday by number and an hour; 0 for none."""
        moment = _MOMENT.fullmatch(argument)
        if argument != "0" and moment is None:
            return (_moment_said("digest_how", coach.digest),)
        chosen = Weekly(int(moment["day"]), int(moment["hour"])) if moment else None

        def put(book: Book) -> Book:
            current = book.find(coach.id)
            return book.with_coach(replace(current, digest=chosen)) if current else book

        await self._book.change(put)
        return (_moment_said("digest_set", chosen) if chosen else Say("coach_chat.digest_off"),)


def _moment_said(key: str, moment: Weekly | None) -> Say:
    day, hour = (moment.day, moment.hour) if moment else (0, 0)
    return Say(f"coach_chat.{key}", {"weekday": Phrase(f"coach_chat.days.d{day}") if day else "", "hour": hour})
