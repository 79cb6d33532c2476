"""
One turn of a team: a pure function of what was kept, what was heard, of whom, and when.

What is heard in the group is sorted out in `in_group.py` and `commands.py`, in a private chat in `private.py`.
"""

from __future__ import annotations

from datetime import datetime, tzinfo

from dialogues.changing import replace
from dialogues.conversation import LeaderId
from dialogues.free_days import FreeDays, SchoolYear
from dialogues.team import in_group, private, session, setting_up, silence, weekly, weeks
from dialogues.team.desk import TeamDesk, TeamTurn
from dialogues.team.heard import (
    Commanded,
    InGroup,
    InPrivate,
    Shared,
    Tapped,
    Who,
)
from dialogues.team.ports import TeamPage, TeamWords
from dialogues.team.prompts import Questions
from dialogues.team.rotation import forget, lead_of
from dialogues.team.school_days import days_of
from dialogues.team.values import Settings

ROUTES = (setting_up.ROUTE, session.ROUTE)
"""The tables of a team, for who draws or checks them."""


class TeamEngine:
    """
    Takes turns of any team.

    Args:
        zone: where the days of teams begin.
        words: reads days and commands; nothing is rendered here.
        questions: of the article, one for each session.
        months: of silence after which a team is erased; 0 for never.
    """

    def __init__(
        self, zone: tzinfo, known: SchoolYear, words: TeamWords, questions: Questions, months: int = 0
    ) -> None:
        self._zone = zone
        self._known = known
        self._words = words
        self._questions = questions
        self._months = months

    def hear(self, page: TeamPage, heard: InGroup, who: Who, now: datetime) -> TeamTurn:
        """Take one turn in the group."""
        desk = self._desk(page, now, who.id)
        silence.alive(desk)
        in_group.take(desk, heard, who)
        return self._done(desk)

    def hear_privately(
        self, page: TeamPage, heard: InPrivate, member: LeaderId, address: str, now: datetime
    ) -> TeamTurn:
        """Take one turn in the private chat of *member*; of somebody who is no member it changes nothing."""
        desk = self._desk(page, now, member)
        if desk.member is None:
            desk.tell("team.old_button")
            return desk.turn()
        silence.alive(desk)
        private.reached_at(desk, address)
        if isinstance(heard, Commanded):
            private.commanded(desk, heard.argument)
        elif isinstance(heard, Tapped):
            private.tapped(desk, heard.nonce, heard.choice)
        elif isinstance(heard, Shared):
            private.shared(desk, heard.calendar)
        else:
            private.wrote(desk, heard.text)
        return self._done(desk)

    def forget(self, page: TeamPage, member: LeaderId, now: datetime) -> TeamTurn:
        """Take *member* out of the team and her name off its boards."""
        desk = self._desk(page, now, member)
        forget(desk, member)
        return self._done(desk)

    def went_on(self, page: TeamPage, member: LeaderId, now: datetime) -> TeamTurn:
        """Ask *member* privately for nothing any more."""
        desk = self._desk(page, now, member)
        if desk.member:
            private.stop_writing(desk)
        return self._done(desk)

    def unreached(self, page: TeamPage, to: str, now: datetime) -> TeamTurn:
        """Forget the private chat *to*, which is closed; this week's lead is then named in the group."""
        desk = self._desk(page, now, None)
        known = [one for one in desk.team.members if one.address == to]
        for member in known:
            desk.member = member
            private.unreached(desk)
        if not known or lead_of(desk.team) in {one.id for one in known}:
            weekly.announce(desk)
        return self._done(desk)

    def look(self, page: TeamPage, now: datetime) -> TeamTurn:
        """Do what is due; a turn that changes nothing but when to look again has no posts."""
        desk = self._desk(page, now, None)
        silence.come_due(desk, self._months, unsent=bool(page.notes))
        if not desk.erase:
            weekly.come_due(desk)
        return self._done(desk)

    def _desk(self, page: TeamPage, now: datetime, who: LeaderId | None) -> TeamDesk:
        days = self._days(page.team.settings)
        desk = TeamDesk(
            page.team, page.boards, now, self._zone, days, self._words, self._known, self._questions, self._months
        )
        desk.member = desk.find(who) if who else None
        return desk

    def _done(self, desk: TeamDesk) -> TeamTurn:
        looks = (
            weeks.next_look(desk.team, desk.now, self._zone, self._days(desk.settings)),
            silence.next_look(desk.team, desk.now, self._months),
        )
        due = min((at for at in looks if at), default=None)
        desk.team = replace(desk.team, due=due, turns=desk.team.turns + 1)
        return desk.turn()

    def _days(self, settings: Settings) -> FreeDays:
        return days_of(self._known, settings.region, settings.free)
