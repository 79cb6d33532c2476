"""
The weekly session: its parts one by one, from last week's promises to this week's actions.

The order is that of the board session of stichting leerKRACHT (check-in, successes, goals, actions, round-off, fifteen
minutes), with the voice of pupils that P.R.J. Simons adds (*Leidinggeven aan leren*, 8.1), and with what was promised
last week before anything new. Below stands every arrow; what a part says and hears stands in `opening.py`,
`filling.py` and `rounding_off.py`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from dialogues.conversation import Say, Value
from dialogues.machine import Machines
from dialogues.table import Arrow, table
from dialogues.team import board, filling, free_ahead, opening, paper, prompting
from dialogues.team.desk import Post, TeamDesk
from dialogues.team.part import Part
from dialogues.team.parts import PARTS
from dialogues.team.rotation import lead_of, next_in_line
from dialogues.team.values import Kind, Session
from dialogues.team.weeks import FINISHED, monday_of, next_session, opens

TABLE = """
offered     begin     checkin
offered     early     promises
offered     tomorrow  moved
offered     cancel    cancelled
checkin     next      promises
checkin     hurry     promises
promises    decided   promises     # the next one that is still open
promises    smaller   smaller
promises    next      successes
promises    hurry     actions
smaller     cut       promises
smaller     drop      promises
successes   next      goals
successes   hurry     actions
goals       decided   goals        # the next goal
goals       next      actions
actions     next      voice
actions     hurry     lead
voice       next      lead
lead        chosen    summary
summary     adjust    adjusting
summary     right     closed
adjusting   right     closed
"""


LEFT_OPEN = "left_open"
"""What stands in `Team.told` once the team was asked about sessions that closed by themselves (`left_open.py`)."""


@dataclass(frozen=True, slots=True)
class TeamRoute:
    """A route of the team: its name, its states and its arrows."""

    name: str
    states: Mapping[str, Part]
    arrows: tuple[Arrow, ...]


ROUTE = TeamRoute("team_session", PARTS, table(TABLE))
_MACHINES = Machines((ROUTE,))
_PASSING = {"promises": opening.promises, "goals": filling.goals}
"""Parts that are passed over when nothing (more) is to be asked in them."""


def offer(desk: TeamDesk, week: str, day: date, *, late: bool = False) -> None:
    """Begin the session of *week* by asking whether to. Whatever stood open of an earlier one is closed first."""
    if desk.team.session and desk.team.session.state not in FINISHED:
        close(desk, quietly=True)
    lead = lead_of(desk.team)
    desk.change(session=Session(week, day, "offered", desk.number("n"), lead, desk.now, part_begun=desk.now))
    desk.posts.append(Post(opening.offered(desk, late=late), slot=_slot(desk)))


def tapped(desk: TeamDesk, nonce: str, choice: str) -> None:
    """Take a tap under a question of the session, if that is the one that is open."""
    session = desk.team.session
    if session is None or session.state in FINISHED or session.nonce != nonce:
        desk.tell("team.old_button")
        return
    move = PARTS[session.state].tap(desk, choice)
    if move:
        go(desk, move)
    elif desk.session.lead != session.lead:
        show(desk)


def replied(desk: TeamDesk, text: str) -> bool:
    """Take a text as the answer to the open part, and return whether that part takes text."""
    session = desk.team.session
    if session is None or session.state in FINISHED:
        return False
    part = PARTS[session.state]
    if part.text is None:
        return False
    move = part.text(desk, text)
    if move:
        go(desk, move)
    else:
        show(desk)
        board.redraw(desk)
    return True


def late_for(desk: TeamDesk, slot: str) -> str:
    """Return as what a text goes on the board that answers the message in *slot*, of a part that is over; "" for none."""
    session = desk.team.session
    week, _, rest = slot.partition(".")
    state = rest.split(".")[1] if rest.count(".") > 1 else ""
    if session is None or week != session.week or state == session.state:
        return ""
    return {"successes": "success", "actions": "action", "voice": "voice"}.get(state, "")


def show(desk: TeamDesk, *, anew: bool = False) -> None:
    """Have the message of the open part show how it stands; *anew* puts it at the end of the chat."""
    if anew:
        desk.number("again")
    slot = _slot(desk)
    desk.posts = [post for post in desk.posts if post.slot != slot]
    desk.posts.append(Post(PARTS[desk.session.state].say(desk), slot=slot))


def go(desk: TeamDesk, move: str, *, passed: bool = False) -> None:
    """Take *move* from the open part, and ask what comes then. One that is *passed* over was never shown."""
    before = desk.session.state
    state = _MACHINES.step(ROUTE.name, before, move)
    desk.walked.append((ROUTE.name, before, move))
    if state != before and not passed:
        _leave(desk)
    desk.change_session(state=state, nonce=desk.number("n"))
    if state != before:
        desk.change_session(part_begun=desk.now)
    if before == "offered" and state not in FINISHED:
        _open(desk, move)
    if state in FINISHED:
        _end(desk, state)
        return
    board.redraw(desk)
    if state in _PASSING and not _PASSING[state](desk):
        go(desk, "hurry" if desk.session.short else "next", passed=state != before)
        return
    prompting.ask_once(desk)
    show(desk)


def close(desk: TeamDesk, *, quietly: bool = False) -> None:
    """
    Close the session: its board is kept, and what was written privately and not put up is thrown away.

    *quietly* says nothing, as when evening came before the lead confirmed.
    """
    session, team = desk.session, desk.team
    if session.state == "checkin":
        opening.count_moods(desk)
    held = board.of_session(team, desk.session) if session.state != "offered" else None
    if held:
        desk.closed.append(held)
        desk.change(
            actions=board.open_actions(team),
            goals=tuple(goal for goal in team.goals if goal.ended is None),
            voices=tuple(line for line in session.lines if line.kind is Kind.VOICE),
            lead=session.next_lead or next_in_line(team, session.lead),
            privates=(),
            typed="",
        )
    desk.change_session(state="closed", nonce="", lines=(), moods={})
    _ended(desk, by_somebody=not quietly)
    if not quietly:
        values: dict[str, Value] = {
            **coming(desk),
            "lead": desk.name(lead_of(desk.team)),
            "goals": bool(desk.team.goals),
            "first": not desk.boards,
        }
        desk.posts.append(Post(Say("team.closed", values, picture=paper.picture(desk, held) if held else None)))
        free_ahead.say(desk, desk.team.since or desk.today)


def _ended(desk: TeamDesk, *, by_somebody: bool) -> None:
    """Count the sessions in a row that nobody ended; the count begins anew, and may be asked about again."""
    if by_somebody:
        desk.change(unfinished=0, told=tuple(key for key in desk.team.told if key != LEFT_OPEN))
    else:
        desk.change(unfinished=desk.team.unfinished + 1)


def coming(desk: TeamDesk) -> dict[str, Value]:
    """Return when the next session is, as a message shows it: *next* is its day, "" when none is known."""
    day = next_session(desk.team, desk.now, desk.zone, desk.days)
    return {"next": day or "", "at": opens(desk.team, day, desk.zone) if day else ""}


def hold(desk: TeamDesk, week: str, day: date) -> None:
    """Note that the session of *week* was offered: none comes in that week any more."""
    desk.change(
        since=max(desk.team.since or day, monday_of(day) + timedelta(days=7)),
        sent=(*desk.team.sent, f"{week}.session")[-12:],
        moved={other: on for other, on in desk.team.moved.items() if other != week},
    )


def _open(desk: TeamDesk, move: str) -> None:
    """Put the board up and bring along what was put on it before; one done already is gone through shortly."""
    lines = (*desk.session.lines, *desk.team.waiting)
    desk.change_session(lines=lines, short=move == "early" or desk.team.brief)
    desk.change(waiting=(), brief=False)
    desk.number("board")


def _leave(desk: TeamDesk) -> None:
    """Let the message of a part that is over say what came of it, without buttons."""
    if desk.session.state == "checkin":
        opening.count_moods(desk)
    slot = _slot(desk)
    desk.posts = [post for post in desk.posts if post.slot != slot]
    desk.posts.append(Post(PARTS[desk.session.state].over(desk), slot=slot))


def _end(desk: TeamDesk, state: str) -> None:
    if state == "closed":
        close(desk)
        return
    if state == "moved":
        desk.change(moved={desk.session.week: opening.moved_to(desk)})
    else:
        _ended(desk, by_somebody=True)
    desk.change_session(nonce="")
    desk.post(f"team.{state}", coming(desk), day=opening.moved_to(desk) or "")


def _slot(desk: TeamDesk) -> str:
    session = desk.session
    place, again = PARTS[session.state].place or session.state, desk.team.numbers.get("again", 0)
    return f"{session.week}.{session.day}.{place}.{again}"
