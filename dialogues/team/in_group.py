"""
What happens in, or to, a group: who comes and goes, what is answered, and which question a tap is about.

Whatever cannot be done gets one calm line or a short word under the button, and changes nothing.
"""

from __future__ import annotations

from dialogues.conversation import Say
from dialogues.team import (
    commands,
    free_ahead,
    left_open,
    prompting,
    session,
    setting_up,
    silence,
    typing_over,
)
from dialogues.team.desk import Post, TeamDesk
from dialogues.team.heard import (
    Added,
    Commanded,
    Gone,
    InGroup,
    MadeAdmin,
    MovedTo,
    Removed,
    Replied,
    Tapped,
    Unreadable,
    Who,
)
from dialogues.team.rotation import forget, join, lead_of
from dialogues.team.setting_up import JOIN


def take(desk: TeamDesk, heard: InGroup, who: Who) -> None:
    """Do what *heard*, of *who*, asks for."""
    _TAKEN[type(heard)](desk, heard, who)


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
        say = Say(
            "team_private.removed", {"title": desk.team.title, "gone": silence.ends(desk.team, desk.months) or ""}
        )
        desk.posts.append(Post(say, to=lead.address, lead=lead.id))


def _moved(desk: TeamDesk, heard: InGroup, _: Who) -> None:
    if isinstance(heard, MovedTo):
        desk.change(address=heard.address)


def _gone(desk: TeamDesk, heard: InGroup, _: Who) -> None:
    if isinstance(heard, Gone) and desk.find(heard.member):
        forget(desk, heard.member)


def _replied(desk: TeamDesk, heard: InGroup, who: Who) -> None:
    if not isinstance(heard, Replied) or not commands.may(desk, who):
        return
    kind = session.late_for(desk, heard.slot)
    if kind:
        commands.put(desk, kind, heard.text)
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
    elif heard.nonce.startswith(commands.ERASE):
        commands.erase_tapped(desk, heard)
    elif heard.nonce.startswith(typing_over.PREFIX):
        typing_over.tapped(desk, heard.nonce, heard.choice)
    elif left_open.is_asked(heard.nonce):
        left_open.tapped(desk, heard.nonce, heard.choice)
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


_TAKEN = {
    Added: _added,
    Removed: _removed,
    MadeAdmin: _made_admin,
    MovedTo: _moved,
    Gone: _gone,
    Replied: _replied,
    Tapped: _tapped,
    Unreadable: _unreadable,
    Commanded: commands.commanded,
}
