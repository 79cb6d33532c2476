"""
What a member does for the board in her own chat: look at it, and send a success, a worry or a pupil's words beforehand.

What she sends is hers alone. It gets onto the board only when she herself puts it up, with her name or without as the team
chose; whatever she does not put up is thrown away when the session closes. Nothing of her journeys is known here.
"""

from __future__ import annotations

from collections import Counter

from dialogues.changing import replace
from dialogues.conversation import Value
from dialogues.replies import clean, has_words
from dialogues.team import board, entries, paper, session, sharing_days, weekly
from dialogues.team.desk import Post, TeamDesk, ask
from dialogues.team.own_calendar import OwnCalendar
from dialogues.team.rotation import forget, next_in_line
from dialogues.team.values import Fate, Kind, Member, Private

PREFIX = "bord-"
"""What the number of every button about a board begins with, in a private chat."""

ASK, SWAP = "ask", "swap"
BOARDS_SEEN = 8
"""Closed boards over which is counted how actions went."""

PRIVATES_KEPT = 20
"""Lines one member can have waiting privately."""


def overview(desk: TeamDesk) -> None:
    """Show a member the board of her team and how actions went, and offer to send something beforehand."""
    member = _own(desk)
    fates = Counter(one.fate for past in desk.boards[-BOARDS_SEEN:] for one in past.actions)
    values: dict[str, Value] = {
        **board.board_values(board.current(desk)),
        "title": desk.team.title,
        "done": fates[Fate.DONE],
        "smaller": fates[Fate.SMALLER],
        "dropped": fates[Fate.DROPPED],
        "sessions": min(len(desk.boards), BOARDS_SEEN),
        "leads": desk.team.lead == member.id,
        "sends": sharing_days.is_hers(desk.team, member),
        **session.coming(desk),
    }
    say = ask("team_private.overview", values, tuple(Kind), f"{PREFIX}{desk.team.id}-{ASK}")
    desk.posts.append(Post(say, to=member.address))


def commanded(desk: TeamDesk, argument: str) -> None:
    """Take what was typed behind the command in the private chat: nothing, what to send, a sheet, or that she leaves."""
    word, _, rest = argument.strip().partition(" ")
    kind = desk.words.kind_of(word.rstrip(":")) if word else ""
    if kind in tuple(Kind) and has_words(rest):
        _keep(desk, Kind(kind), rest)
    elif kind in tuple(Kind):
        _ask_for(desk, Kind(kind))
    elif kind == "leave":
        member = _own(desk)
        forget(desk, member.id)
        desk.post("team_private.left", to=member.address, title=desk.team.title)
    elif kind == sharing_days.CALENDAR:
        sharing_days.ask(desk, _own(desk))
    elif kind == "sheet":
        paper.hand_out(desk, rest, _own(desk).address)
    else:
        overview(desk)


def tapped(desk: TeamDesk, about: str, choice: str) -> None:
    """Take a tap in the private chat; *about* is the end of its number."""
    member = _own(desk)
    if about == ASK and choice in tuple(Kind):
        _ask_for(desk, Kind(choice))
    elif about.startswith(SWAP) and choice == "swap":
        _swap(desk, about.removeprefix(f"{SWAP}."))
    elif about.startswith(sharing_days.CALENDAR):
        writing = sharing_days.answered(desk, member, about, choice)
        if writing:
            _change(desk, writing=writing, asked=desk.now)
    else:
        found = next((one for one in desk.team.privates if one.id == about and one.member == member.id), None)
        if found is None:
            desk.tell("team.old_button")
        elif choice == "put":
            _put_up(desk, found, member)
        elif choice == "drop":
            _take_away(desk, found)
            desk.post("team_private.dropped", to=member.address)
        else:
            desk.tell("team_private.stays")


def wrote(desk: TeamDesk, text: str) -> None:
    """Take the text she was asked for: something for the board, or which days of a calendar do not count."""
    member = _own(desk)
    if member.writing != sharing_days.CALENDAR:
        _keep(desk, Kind(member.writing), text)
    elif sharing_days.numbered(desk, member, text):
        stop_writing(desk)


def shared(desk: TeamDesk, calendar: OwnCalendar) -> None:
    """Show what the calendar she sent holds, and ask whether it counts."""
    stop_writing(desk)
    sharing_days.received(desk, _own(desk), calendar, f"{PREFIX}{desk.team.id}-")


def _ask_for(desk: TeamDesk, kind: Kind) -> None:
    member = _change(desk, writing=kind.value, asked=desk.now)
    desk.post(f"team_private.write.{kind.value}", to=member.address)


def _keep(desk: TeamDesk, kind: Kind, text: str) -> None:
    text = clean(text)
    member = _own(desk)
    if not has_words(text):
        desk.post(f"team_private.write.{kind.value}", to=member.address)
        return
    if len(text) > entries.LONGEST:
        desk.post("team.too_long", to=member.address, most=entries.LONGEST)
        return
    if sum(one.member == member.id for one in desk.team.privates) >= PRIVATES_KEPT:
        desk.post("team_private.full", to=member.address)
        return
    member = _change(desk, writing="", asked=None)
    kept = Private(desk.number("p"), member.id, kind, text, desk.now)
    desk.change(privates=(*desk.team.privates, kept))
    named = kind.value in desk.settings.named
    values: dict[str, Value] = {"text": text, "named": named, "name": member.name}
    say = ask("team_private.kept", values, ("put", "stay", "drop"), f"{PREFIX}{desk.team.id}-{kept.id}")
    desk.posts.append(Post(say, to=member.address))


def _put_up(desk: TeamDesk, found: Private, member: Member) -> None:
    entries.put_line(desk, entries.line_of(desk, found.kind, found.text, member))
    _take_away(desk, found)
    desk.post("team_private.put_up", to=member.address)
    if desk.team.numbers.get("board"):
        board.redraw(desk)


def _take_away(desk: TeamDesk, found: Private) -> None:
    desk.change(privates=tuple(one for one in desk.team.privates if one.id != found.id))


def _swap(desk: TeamDesk, week: str) -> None:
    """Let the next in line lead instead of this member, as long as the session did not begin."""
    member = _own(desk)
    under_way = desk.team.session and desk.team.session.week == week and desk.team.session.state != "offered"
    if desk.team.lead != member.id or under_way:
        desk.tell("team.old_button")
        return
    other = next_in_line(desk.team, member.id)
    if other is None or other == member.id:
        desk.post("team_private.nobody_else", to=member.address)
        return
    desk.change(lead=other)
    if desk.team.session and desk.team.session.week == week:
        desk.change_session(lead=other)
    desk.post("team_private.swapped", to=member.address, lead=desk.name(other))
    weekly.send_agenda(desk, week)


def _own(desk: TeamDesk) -> Member:
    if desk.member is None:
        raise LookupError("no member")
    return desk.member


def _change(desk: TeamDesk, **fields: object) -> Member:
    member = replace(_own(desk), **fields)  # type: ignore[arg-type]
    desk.change(members=tuple(member if one.id == member.id else one for one in desk.team.members))
    desk.member = member
    return member


def reached_at(desk: TeamDesk, address: str) -> None:
    """Note where this member talks with the guide privately."""
    if _own(desk).address != address:
        _change(desk, address=address)


def unreached(desk: TeamDesk) -> None:
    """Forget where this member talks with the guide: that chat is closed."""
    _change(desk, address="", writing="", asked=None)


def stop_writing(desk: TeamDesk) -> None:
    """Ask this member for nothing any more: she went on with something else."""
    _change(desk, writing="", asked=None)
