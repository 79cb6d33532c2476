"""What each command in the group does. Whoever is no member may give only a few of them, and is told how to join."""

from __future__ import annotations

from datetime import date

from dialogues.conversation import Value
from dialogues.team import board, entries, paper, prompting, session, setting_up, typing_over, weekly, weeks
from dialogues.team.desk import Post, TeamDesk, ask
from dialogues.team.heard import Commanded, InGroup, Tapped, Who
from dialogues.team.rotation import forget, join
from dialogues.team.weeks import FINISHED

FOUND = 5
"""Lines a search in the history shows."""

OPEN_TO_ALL = frozenset({"start", "help", "join", "board", "sheet"})
"""Commands that somebody who is no member may give."""

ERASE = "erase"
_PUT = frozenset({"action", "goal", "success", "voice"})
_ANSWERED_BY_PART = {"action": "actions", "success": "successes", "voice": "voice"}


def commanded(desk: TeamDesk, heard: InGroup, who: Who) -> None:
    """Do what a command of *who* asks for."""
    if not isinstance(heard, Commanded):
        return
    if heard.command in _PUT:
        if may(desk, who):
            put(desk, heard.command, heard.argument)
    elif heard.command in _COMMANDS and (heard.command in OPEN_TO_ALL or may(desk, who)):
        _COMMANDS[heard.command](desk, heard.argument, who)


def may(desk: TeamDesk, who: Who) -> bool:
    """Return whether this is a member; whoever is not is told how to be one."""
    if desk.member is None:
        desk.post("team.join_first" if who.id else "team.anonymous")
    return desk.member is not None


def put(desk: TeamDesk, kind: str, text: str) -> None:
    """Put *text* on the board as one *kind*, or say why it cannot be there now."""
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
        if may(desk, who):
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


def erase_tapped(desk: TeamDesk, heard: Tapped) -> None:
    """Take the answer whether to erase everything of the team."""
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
