"""
The guide of teams: loads a team's page, takes a turn, keeps it, and hands back what to say. The one door for a shell.

Turns of one team go strictly one after another; everything a turn changes is kept in one write before it is answered,
and a write that does not follow on what is kept is taken again. Signals of crisis get one neutral line, whatever the
store does.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime, timedelta, tzinfo

from dialogues import care, conversation, replies
from dialogues.boards import Hers
from dialogues.care import CareRules
from dialogues.changing import replace
from dialogues.conversation import LeaderId, Say
from dialogues.errors import PageUnreadable
from dialogues.free_days import SchoolYear
from dialogues.team import private
from dialogues.team.desk import TeamTurn
from dialogues.team.engine import TeamEngine
from dialogues.team.heard import (
    Added,
    Commanded,
    InGroup,
    InPrivate,
    MovedTo,
    Removed,
    Replied,
    Shared,
    Tapped,
    Who,
    Wrote,
)
from dialogues.team.hers import hers
from dialogues.team.in_passing import InPassing
from dialogues.team.notes import NoteMaker
from dialogues.team.own_calendar import OwnCalendar, Unread
from dialogues.team.ports import (
    BoardPainter,
    BoardPrinter,
    Reach,
    ReadCalendar,
    TeamKeeper,
    TeamPage,
    TeamWords,
)
from dialogues.team.prompts import Questions
from dialogues.team.turns import TeamReply, TeamTurns
from dialogues.team.values import Settings, Team, TeamId

log = logging.getLogger(__name__)

DUE_AT_ONCE = 500
WRITING_LASTS = timedelta(minutes=10)
"""How long a text in the private chat is taken as meant for the board, once it was asked for."""


class TeamGuide:
    """The board sessions of any number of teams at once."""

    def __init__(  # noqa: PLR0913 - the ports it needs, all by name
        self,
        *,
        keeper: TeamKeeper,
        words: TeamWords,
        care: CareRules,
        school_year: SchoolYear,
        zone: tzinfo,
        reach: Reach,
        new_id: Callable[[], str],
        language: str = "",
        months: int = 0,
        questions: Questions | None = None,
        read_calendar: ReadCalendar | None = None,
        painter: BoardPainter | None = None,
        printer: BoardPrinter | None = None,
        witness: Callable[[TeamTurn], None] = lambda _turn: None,
    ) -> None:
        """
        Take the ports.

        Args:
            new_id: gives an id nobody can guess, of at most twenty letters and digits.
            language: of a team whose first member speaks none of ours.
            months: of silence after which a team is erased; 0 for never.
            questions: of the article, one for each session; None for none.
            read_calendar: reads the calendar of a school; without it none is asked for.
            painter, printer: as `NoteMaker` takes them.
            witness: is shown every turn that was kept; it must not keep what somebody wrote.
        """
        self._keeper = keeper
        self._words = words
        self._care = care
        self._engine = TeamEngine(zone, school_year, words, questions or Questions(), months)
        self._read_calendar = read_calendar
        self._zone = zone
        self._turns = TeamTurns(keeper, words, NoteMaker(words, reach, painter, printer), witness)
        self._passing = InPassing(words, care, reach, language or "nl")
        self._new_id = new_id

    # -- what the shell hears -------------------------------------------------------------------------------------

    def read(self, text: str) -> Commanded | None:
        """Return *text* as a command of the group, or None when it is none of ours."""
        command = self._words.team_command(replies.clean(text))
        return Commanded(*command) if command and command[0] != "unknown" else None

    def tap(self, payload: str) -> Tapped:
        """Return what tapping the button with *payload* means; anything forged is an old button."""
        nonce, _, choice = payload.partition(":")
        return Tapped(nonce, choice)

    def meant(self, member: LeaderId, heard: conversation.Heard, now: datetime) -> InPrivate | None:
        """
        Return what *heard*, in the private chat of *member*, means for a board; None when it is not about one.

        A text is only when it was just asked for, and never when it may be a signal of crisis.
        """
        if isinstance(heard, conversation.Commanded) and heard.command == "board":
            return Commanded("board", heard.argument)
        if isinstance(heard, conversation.Tapped) and heard.nonce.startswith(private.PREFIX):
            return Tapped(heard.nonce, heard.choice)
        asked = self._keeper.writing(member)
        if isinstance(heard, conversation.Said) and asked and timedelta() <= now - asked[1] <= WRITING_LASTS:
            return None if care.notice(heard.text, self._care) else Wrote(heard.text)
        return None

    # -- turns ----------------------------------------------------------------------------------------------------

    async def hear(
        self,
        address: str,
        heard: InGroup,
        who: Who,
        now: datetime,
        *,
        update: str = "",
        language: str = "",
        title: str = "",
    ) -> TeamReply:
        """
        Take one turn in the group at *address*, keep it, and return what it gave.

        A group becomes a team when the guide is added to it, or by its first command. An *update* heard before gives an
        empty reply; *title* is what the group is called, *language* what the phone of *who* speaks.

        Raises:
            KeeperUnavailable: nothing was kept; the same call may be made again.
            PageUnreadable: this team's page is damaged; it was left as it is.
        """
        if self._passing.signals(heard):
            return await self._passing.neutral(address, heard, who, now, language)
        if isinstance(heard, MovedTo):
            return await self._moved(address, heard, now, update)
        async with self._turns.alone(address):
            team = self._keeper.at(address)
            if team is None:
                if not isinstance(heard, Added | Commanded):
                    return TeamReply(toast=self._passing.text("team.old_button", language))
                return await self._founded(address, heard, who, now, update, language, title)
        return await self._turns.take(
            team, lambda page: self._engine.hear(_titled(page, title), _placed(page, heard), who, now), now, update
        )

    async def hear_privately(
        self, member: LeaderId, address: str, heard: InPrivate, now: datetime, *, update: str = "", language: str = ""
    ) -> tuple[TeamReply, ...]:
        """
        Take one turn of *member* in her private chat at *address*: for the team the button names, the one she was asked to
        write for, or all her teams.

        Raises:
            KeeperUnavailable: not everything was kept; the same call may be made again.
        """
        teams = list(self._keeper.of(member))
        if isinstance(heard, Tapped):
            name, _, about = heard.nonce.removeprefix(private.PREFIX).partition("-")
            teams = [team for team in teams if team == name]
            heard = Tapped(about, heard.choice)
        elif isinstance(heard, Wrote):
            asked = self._keeper.writing(member)
            teams = [asked[0]] if asked else []
        elif isinstance(heard, Commanded) and heard.argument and len(teams) > 1:
            heard = Commanded(heard.command)  # for which team it is, only a button can tell
        if not teams:
            if isinstance(heard, Tapped):
                return (TeamReply(toast=self._passing.text("team.old_button", language)),)
            say = Say("team_private.no_team")
            return (TeamReply(None, (self._passing.letter(say, address, now, language),), kept=False),)
        return tuple(
            [
                await self._turns.take(
                    team,
                    lambda page: self._engine.hear_privately(page, heard, member, address, now),
                    now,
                    update,
                )
                for team in teams
            ]
        )

    def shares(self, member: LeaderId) -> bool:
        """Return whether a calendar that *member* sends is for a team of hers."""
        return self._read_calendar is not None and bool(self._keeper.of(member))

    async def receive(
        self, member: LeaderId, address: str, data: bytes | None, now: datetime, *, update: str = "", language: str = ""
    ) -> tuple[TeamReply, ...]:
        """
        Take the calendar file *data* that *member* sent in her private chat; None for one that is too large.

        Raises:
            KeeperUnavailable: not everything was kept; the same call may be made again.
        """
        calendar = OwnCalendar(unread=Unread.TOO_LARGE)
        if data is not None and self._read_calendar:
            # A large file takes seconds, and others need not wait for it.
            calendar = await asyncio.to_thread(self._read_calendar, data, now.astimezone(self._zone).date())
        return await self.hear_privately(member, address, Shared(calendar), now, update=update, language=language)

    async def went_on(self, member: LeaderId, now: datetime) -> None:
        """Ask *member* for nothing about a board any more: she does something else in her private chat."""
        asked = self._keeper.writing(member)
        if asked:
            await self._turns.take(asked[0], lambda page: self._engine.went_on(page, member, now), now, "")

    async def forget(self, member: LeaderId, now: datetime) -> None:
        """Take *member* out of every team, and her name off every board."""
        for team in list(self._keeper.of(member)):
            try:
                await self._turns.take(team, lambda page: self._engine.forget(page, member, now), now, "")
            except PageUnreadable:
                log.warning("a damaged page of a team may still name somebody who was erased")

    async def hers(self, leader: LeaderId) -> tuple[Hers, ...]:
        """Return what is hers on the boards of her teams, oldest team first. Raises KeeperUnavailable."""
        found = []
        for team in list(self._keeper.of(leader)):
            try:
                page = await self._keeper.read(team)
            except PageUnreadable:
                log.warning("a damaged page of a team was left out of what a member sees")
                continue
            own = hers(page.team, page.boards, leader) if page else None
            found += [own] if own else []
        return tuple(found)

    async def come_due(self, now: datetime) -> tuple[TeamId, ...]:
        """
        Do what is due for every team, at most five hundred at once, and return those that have something to send.

        Raises:
            Exception: the last trouble there was with one of them, when all others were seen to.
        """
        written: list[TeamId] = []
        trouble: Exception | None = None
        for team in list(self._keeper.due(now))[:DUE_AT_ONCE]:
            try:
                reply = await self._turns.take(team, lambda page: self._engine.look(page, now), now, "")
            except PageUnreadable:
                continue
            except Exception as fault:  # noqa: BLE001 - one team's trouble must not silence the others
                trouble = fault
                continue
            written += [team] if reply.notes else []
        if trouble:
            raise trouble
        return tuple(written)

    async def closed(self, team: TeamId, now: datetime) -> None:
        """Pause a team whose group the guide cannot write to any more; whoever leads is told privately."""
        page = await self._keeper.read(team)
        if page:
            await self.hear(page.team.address, _REMOVED, _NOBODY, now)

    async def unreached(self, team: TeamId, to: str, now: datetime) -> None:
        """Note that the private chat *to* is closed to the guide; an agenda that went there is announced in the group."""
        await self._turns.take(team, lambda page: self._engine.unreached(page, to, now), now, "")

    async def sorry(self, address: str, error: Say, language: str, now: datetime) -> TeamReply:
        """Return a kind word about something that could not be handled; it is not kept."""
        return TeamReply(None, (self._passing.letter(error, address, now, language),), kept=False)

    # -- a team that begins, or moves ---------------------------------------------------------------------------

    async def _founded(
        self, address: str, heard: InGroup, who: Who, now: datetime, update: str, language: str, title: str
    ) -> TeamReply:
        if isinstance(heard, Commanded):
            heard = Commanded("start")
        spoken = self._passing.spoken(language)
        team = Team(TeamId(self._new_id()), address, now, title, Settings(language=spoken))
        return await self._turns.keep(TeamPage(team), self._engine.hear(TeamPage(team), heard, who, now), now, update)

    async def _moved(self, address: str, heard: MovedTo, now: datetime, update: str) -> TeamReply:
        """Let the team follow its group. What began anew at the new address, before this was known, gives way."""
        team = self._keeper.at(address)
        if team is None:
            return TeamReply()
        other = self._keeper.at(heard.address)
        if other and other != team:
            begun = await self._keeper.read(other)
            if begun and begun.team.since is not None:
                log.warning("a group moved to an address that has a team already")
                return TeamReply()
            await self._keeper.erase(other)
        return await self._turns.take(team, lambda page: self._engine.hear(page, heard, _NOBODY, now), now, update)


_REMOVED, _NOBODY = Removed(), Who(LeaderId(""))


def _titled(page: TeamPage, title: str) -> TeamPage:
    """Return *page* whose team is called what its group is called now."""
    return replace(page, team=replace(page.team, title=title)) if title and title != page.team.title else page


def _placed(page: TeamPage, heard: InGroup) -> InGroup:
    """Return *heard*, an answer with the slot of the message that was answered."""
    if not isinstance(heard, Replied) or not heard.message:
        return heard
    slots = {message: slot for slot, message in page.placed.items()}
    return replace(heard, slot=slots.get(heard.message, ""))
