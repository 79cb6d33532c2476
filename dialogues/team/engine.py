"""
One turn of a team: a pure function of what was kept, what was heard, of whom, and when.

Whatever cannot be done gets one calm line or a short word under the button, and changes nothing.
"""

from __future__ import annotations

from datetime import date, datetime, tzinfo

from dialogues.changing import replace
from dialogues.conversation import LeaderId, Say, Value
from dialogues.free_days import FreeDays, SchoolYear
from dialogues.team import (
    board,
    entries,
    free_ahead,
    paper,
    private,
    prompting,
    session,
    setting_up,
    typing_over,
    weekly,
    weeks,
)
from dialogues.team.desk import Post, TeamDesk, TeamTurn, ask
from dialogues.team.heard import (
    Added,
    Commanded,
    Gone,
    InGroup,
    InPrivate,
    MadeAdmin,
    MovedTo,
    Removed,
    Replied,
    Shared,
    Tapped,
    Unreadable,
    Who,
)
from dialogues.team.ports import TeamPage, TeamWords
from dialogues.team.prompts import Questions
from dialogues.team.rotation import forget, join, lead_of
from dialogues.team.school_days import days_of
from dialogues.team.setting_up import JOIN
from dialogues.team.values import Settings
from dialogues.team.weeks import FINISHED

ROUTES = (setting_up.ROUTE, session.ROUTE)
"""The tables of a team, for who draws or checks them."""

FOUND = 5
"""Lines a search in the history shows."""

OPEN_TO_ALL = frozenset({"start", "help", "join", "board", "sheet"})
"""Commands that somebody who is no member may give."""

ERASE = "erase"
_PUT = frozenset({"action", "goal", "success", "voice"})
_ANSWERED_BY_PART = {"action": "actions", "success": "successes", "voice": "voice"}


class TeamEngine:
    """
    Takes turns of any team.

    Args:
        zone: where the days of teams begin.
        words: reads days and commands; nothing is rendered here.
        questions: of the article, one for each session.
    """

    def __init__(self, zone: tzinfo, known: SchoolYear, words: TeamWords, questions: Questions) -> None:
        self._zone = zone
        self._known = known
        self._words = words
        self._questions = questions

    def hear(self, page: TeamPage, heard: InGroup, who: Who, now: datetime) -> TeamTurn:
        """Take one turn in the group."""
        desk = self._desk(page, now, who.id)
        _TAKEN[type(heard)](desk, heard, who)
        return self._done(desk)

    def hear_privately(
        self, page: TeamPage, heard: InPrivate, member: LeaderId, address: str, now: datetime
    ) -> TeamTurn:
        """Take one turn in the private chat of *member*; of somebody who is no member it changes nothing."""
        desk = self._desk(page, now, member)
        if desk.member is None:
            desk.tell("team.old_button")
            return desk.turn()
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
        weekly.come_due(desk)
        return self._done(desk)

    def _desk(self, page: TeamPage, now: datetime, who: LeaderId | None) -> TeamDesk:
        days = self._days(page.team.settings)
        desk = TeamDesk(page.team, page.boards, now, self._zone, days, self._words, self._known, self._questions)
        desk.member = desk.find(who) if who else None
        return desk

    def _done(self, desk: TeamDesk) -> TeamTurn:
        due = weeks.next_look(desk.team, desk.now, self._zone, self._days(desk.settings))
        desk.team = replace(desk.team, due=due, turns=desk.team.turns + 1)
        return desk.turn()

    def _days(self, settings: Settings) -> FreeDays:
        return days_of(self._known, settings.region, settings.free)


def _added(desk: TeamDesk, heard: InGroup, who: Who) -> None:
    if not desk.team.paused and desk.team.numbers:
        return
    if who.id and not desk.team.members:
        join(desk, who)
        desk.change(lead=who.id)
    setting_up.welcome(desk)
    if isinstance(heard, Added) and heard.admin:
        desk.post("team.no_admin")


def _removed(desk: TeamDesk, _: InGroup, __: Who) -> None:
    if desk.team.paused:
        return
    desk.change(paused=True)
    lead = desk.find(lead_of(desk.team))
    if lead:
        say = Say("team_private.removed", {"title": desk.team.title})
        desk.posts.append(Post(say, to=lead.address, lead=lead.id))


def _moved(desk: TeamDesk, heard: InGroup, _: Who) -> None:
    if isinstance(heard, MovedTo):
        desk.change(address=heard.address)


def _gone(desk: TeamDesk, heard: InGroup, _: Who) -> None:
    if isinstance(heard, Gone) and desk.find(heard.member):
        forget(desk, heard.member)


def _replied(desk: TeamDesk, heard: InGroup, who: Who) -> None:
    if not isinstance(heard, Replied) or not _may(desk, who):
        return
    kind = session.late_for(desk, heard.slot)
    if kind:
        _put(desk, kind, heard.text)
    elif not session.replied(desk, heard.text) and not setting_up.replied(desk, heard.text):
        desk.post("team.no_text_here")


def _tapped(desk: TeamDesk, heard: InGroup, who: Who) -> None:
    if not isinstance(heard, Tapped):
        return
    if heard.nonce == JOIN:
        known = desk.member is not None
        member = join(desk, who)
        desk.tell("team.joined_already" if known else "team.joined", name=member.name)
    elif desk.member is None:
        desk.tell("team.join_first")
    elif heard.nonce.startswith(ERASE):
        _erase_tapped(desk, heard)
    elif heard.nonce.startswith(typing_over.PREFIX):
        typing_over.tapped(desk, heard.nonce, heard.choice)
    elif prompting.is_asked(heard.nonce):
        prompting.tapped(desk, heard.nonce, heard.choice)
    elif free_ahead.is_asked(desk, heard.nonce):
        free_ahead.tapped(desk, heard.nonce, heard.choice)
    elif desk.team.step and heard.nonce == desk.team.nonce:
        setting_up.tapped(desk, heard.nonce, heard.choice)
    else:
        session.tapped(desk, heard.nonce, heard.choice)


def _unreadable(desk: TeamDesk, _: InGroup, __: Who) -> None:
    desk.post("team.cannot_read")


def _made_admin(desk: TeamDesk, _: InGroup, __: Who) -> None:
    desk.post("team.no_admin")


def _commanded(desk: TeamDesk, heard: InGroup, who: Who) -> None:
    if not isinstance(heard, Commanded):
        return
    if heard.command in _PUT:
        if _may(desk, who):
            _put(desk, heard.command, heard.argument)
    elif heard.command in _COMMANDS and (heard.command in OPEN_TO_ALL or _may(desk, who)):
        _COMMANDS[heard.command](desk, heard.argument, who)


def _may(desk: TeamDesk, who: Who) -> bool:
    """Return whether this is a member; whoever is not is told how to be one."""
    if desk.member is None:
        desk.post("team.join_first" if who.id else "team.anonymous")
    return desk.member is not None


def _put(desk: TeamDesk, kind: str, text: str) -> None:
    if kind == "action" and entries.promises_first(desk):
        desk.post("team.promises_first")
        return
    if not entries.add(desk, kind, text):
        return
    _stands(desk, kind)


def _stands(desk: TeamDesk, kind: str) -> None:
    """Show that something stands on the board: in the open part where that lists it, else in a short line."""
    under_way = desk.team.session if desk.team.session and desk.team.session.state not in FINISHED else None
    if desk.team.numbers.get("board"):
        board.redraw(desk)
    if under_way and under_way.state in (_ANSWERED_BY_PART.get(kind, ""), "summary", "adjusting"):
        session.show(desk)
    else:
        minute = desk.now.replace(second=0, microsecond=0)
        desk.post("team.stands", slot=f"stands.{minute:%H%M}", count=len(entries.numbered(desk)))


def _board(desk: TeamDesk, argument: str, who: Who) -> None:
    word, _, rest = argument.partition(" ")
    kind = desk.words.kind_of(word.strip())
    if "\n" in argument.strip():
        if _may(desk, who):
            typing_over.propose(desk, argument)
    elif kind == "search" and rest.strip():
        _search(desk, rest.strip())
    elif kind == "before" and desk.boards:
        desk.post("team.board", board.board_values(desk.boards[-1]))
    elif kind == "picture":
        paper.put_picture(desk)
    else:
        board.put_up(desk)


def _sheet(desk: TeamDesk, argument: str, __: Who) -> None:
    paper.hand_out(desk, argument)


def _theme(desk: TeamDesk, _: str, __: Who) -> None:
    prompting.offer_theme(desk)


def _lesson_study(desk: TeamDesk, _: str, __: Who) -> None:
    prompting.offer_series(desk)


def _search(desk: TeamDesk, query: str) -> None:
    texts = {
        f"{place}.{item.id}": (past.day, item.text)
        for place, past in enumerate(desk.boards)
        for item in entries.standing_on(past)
    }
    pairs = [(id_, text) for id_, (_, text) in texts.items()]
    ids = desk.words.find(pairs, query, desk.settings.language)
    days: dict[str, date] = {}  # what stood on the board for weeks is found once, on its first day
    for day, text in sorted(texts[id_] for id_ in ids):
        days.setdefault(text, day)
    items: tuple[Value, ...] = tuple(
        {"day": days[text], "text": text} for text in dict.fromkeys(texts[id_][1] for id_ in ids)
    )
    desk.post("team.found", items=items[:FOUND], count=len(items), query=query)


def _session(desk: TeamDesk, _: str, __: Who) -> None:
    under_way = desk.team.session
    week = weeks.week_of(desk.today)
    if desk.team.since is None:
        desk.post("team.set_up_first")
    elif under_way and under_way.state not in FINISHED:
        session.show(desk, anew=True)
    elif week in desk.team.moved:
        weekly.begin(desk, week, desk.today)
    elif any(held.week == week for held in desk.boards):
        desk.post("team.held_already", session.coming(desk))
    else:
        weekly.begin(desk, week, desk.today)


def _join(desk: TeamDesk, argument: str, who: Who) -> None:
    if not who.id:
        desk.post("team.anonymous")
        return
    member = join(desk, who, argument)
    desk.post("team.joined", name=member.name)


def _leave(desk: TeamDesk, _: str, who: Who) -> None:
    forget(desk, who.id)
    desk.post("team.left")


def _remove(desk: TeamDesk, argument: str, __: Who) -> None:
    if not argument.strip():
        desk.post("team.numbered", items=entries.numbered_values(desk))
    elif entries.remove(desk, argument):
        _stands(desk, "")


def _settings(desk: TeamDesk, _: str, __: Who) -> None:
    if desk.team.since is None:
        desk.number("setup")
        setting_up.begin(desk)
    else:
        setting_up.begin_menu(desk)


def _start(desk: TeamDesk, argument: str, who: Who) -> None:
    if not who.id:
        desk.post("team.anonymous")
    elif desk.team.since is None:
        if not desk.team.members:
            join(desk, who)
            desk.change(lead=who.id)
        setting_up.welcome(desk)
    else:
        _help(desk, argument, who)


def _help(desk: TeamDesk, _: str, __: Who) -> None:
    desk.post("team.help", session.coming(desk))


def _worry(desk: TeamDesk, _: str, __: Who) -> None:
    desk.post("team.worry_private")


def _erase(desk: TeamDesk, _: str, __: Who) -> None:
    desk.posts.append(Post(ask("team.erase", {}, ("erase_yes", "erase_no"), f"{ERASE}{desk.number('e')}")))


def _erase_tapped(desk: TeamDesk, heard: Tapped) -> None:
    if heard.nonce != f"{ERASE}e{desk.team.numbers.get('e', 0)}":
        desk.tell("team.old_button")
    elif heard.choice == "erase_yes":
        desk.erase = True
        desk.post("team.erased")
    else:
        desk.number("e")
        desk.post("team.not_erased")


_COMMANDS = {
    "board": _board,
    "sheet": _sheet,
    "theme": _theme,
    "lesson_study": _lesson_study,
    "session": _session,
    "join": _join,
    "leave": _leave,
    "remove": _remove,
    "settings": _settings,
    "start": _start,
    "help": _help,
    "worry": _worry,
    "erase": _erase,
}
_TAKEN = {
    Added: _added,
    Removed: _removed,
    MadeAdmin: _made_admin,
    MovedTo: _moved,
    Gone: _gone,
    Replied: _replied,
    Tapped: _tapped,
    Unreadable: _unreadable,
    Commanded: _commanded,
}
