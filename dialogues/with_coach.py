"""
What begins between a leader and her coaches: opening an invitation, the commands, and telling her of a note.

How it goes on stands in the table of `routes/coach.py`.
"""

from __future__ import annotations

from collections.abc import Mapping

from dialogues import sharing, walking
from dialogues.coaching import Note
from dialogues.conversation import Commanded, Invited
from dialogues.desk import Desk
from dialogues.routes import coach_given, coach_notes, coach_sharing

COMMANDS = frozenset({"share", "seen", "withdraw", "coach", "link", "note"})
NOTE = "note"
"""The kind of the moment at which the guide tells of a note by itself, when she does not come before."""

_NOTHING: Mapping[str, str] = {
    "link": "coach.gone",
    "seen": "coach.nothing_given",
    "note": "coach.no_note",
    "share": "coach.nothing_to_share",
}


def open_invitation(desk: Desk, heard: Invited) -> None:
    """Show who the coach is and what it means; before akkoord there is nobody to link yet."""
    if desk.conversation.consent is None:
        desk.say("coach.first_meet")
        return
    invitation, who = heard.invitation, heard.coach
    desk.sets |= {"coach": who.id, "handle": invitation.handle, "invitation": invitation.digest}
    desk.sets |= {"coach_name": who.name, "organisation": who.organisation, "inside": "yes" if who.inside else ""}
    walking.interrupt(desk, "invited")


def begin(desk: Desk, heard: Commanded) -> bool:
    """Begin what *heard* asks for and return True; else say that there is nothing to do, or do it at once."""
    command, argument = heard.command, heard.argument.strip().lower()
    if command != "link" and not sharing.links(desk.conversation):
        desk.say("coach.nobody")
        return False
    if command == "withdraw":
        _withdraw(desk, argument)
        return False
    note = coach_notes.unread_note(desk) if command == "note" else None
    if _nothing_for(desk, command) or (command == "note" and note is None):
        desk.say(_NOTHING[command])
        return False
    if note:
        _take_up(desk, note)
        return True
    kept = desk.find(argument) if command == "share" else None
    if kept:
        desk.sets["share"] = kept.id
        command = f"share_{coach_sharing.begin(desk)}"
    walking.interrupt(desk, command)
    return True


def _nothing_for(desk: Desk, command: str) -> bool:
    """Return whether there is nothing yet that *command* could be about."""
    if command == "share":
        return not coach_sharing.shareable(desk) and not coach_given.given(desk)
    return command == "link" or (command == "seen" and not coach_given.given(desk))


def tell_of_note(desk: Desk) -> bool:
    """Tell of the oldest note that waits, unless she is among her coaches already; return whether there was one."""
    note = coach_notes.waiting_note(desk) if desk.conversation.consent and desk.frame.route != "coach" else None
    if note is None:
        return False
    _take_up(desk, note)
    return True


def _take_up(desk: Desk, note: Note) -> None:
    desk.drop_moments(NOTE, note.id)
    desk.sets["note"] = note.id
    walking.interrupt(desk, "note")


def _withdraw(desk: Desk, id_: str) -> None:
    grant = next((grant for grant in coach_given.given(desk) if grant.id == id_), None)
    if grant:
        coach_given.withdraw(desk, grant)
    else:
        desk.say("coach.withdraw_how")
