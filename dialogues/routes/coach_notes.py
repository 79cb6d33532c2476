"""Notes that come back from a coach: which one waits, reading it, and answering, which shares that one answer."""

from __future__ import annotations

from datetime import datetime, timedelta

from dialogues import sharing
from dialogues.changing import replace
from dialogues.coaching import Grant, Level, Note
from dialogues.conversation import Say
from dialogues.desk import Desk
from dialogues.routes.asking import choose, keep_answer, write
from dialogues.routes.coach_sharing import give
from dialogues.table import Reply

PUT_OFF = timedelta(days=1)  # before a note that was put off is told of again


def waiting_note(desk: Desk) -> Note | None:
    """Return the oldest note that was sent and waits, from a coach who still is hers; one put off waits a day."""
    linked = {link.coach for link in sharing.links(desk.conversation)}
    sent = [note for note in desk.conversation.notes if note.sent and note.coach in linked and _waits(note, desk.now)]
    return min(sent, key=lambda note: note.sent or note.written, default=None)


def unread_note(desk: Desk) -> Note | None:
    """Return the oldest note that was not read, whether it was put off, kept or never told of."""
    linked = {link.coach for link in sharing.links(desk.conversation)}
    unread = [note for note in desk.conversation.notes if note.sent and note.read is None and note.coach in linked]
    return min(unread, key=lambda note: note.sent or note.written, default=None)


def _waits(note: Note, now: datetime) -> bool:
    return not (note.read or note.saved) and (note.offered is None or now - note.offered >= PUT_OFF)


def _note(desk: Desk) -> Note | None:
    return next((note for note in desk.conversation.notes if note.id == desk.get("note")), None)


def _put_note(desk: Desk, note: Note) -> None:
    notes = tuple(note if one.id == note.id else one for one in desk.conversation.notes)
    desk.conversation = replace(desk.conversation, notes=notes)


def _say_note(desk: Desk) -> Say:
    note = _note(desk)
    kept = desk.find(note.about) if note else None
    link = sharing.link_of(desk.conversation, note.coach) if note else None
    return Say("coach.note", {"name": link.name if link else "", "on": kept.said if kept else "", "today": desk.today})


def _hear_note(desk: Desk, reply: Reply) -> str:
    note = _note(desk)
    if note:
        at = desk.now if reply.choice != "not_now" else None
        _put_note(
            desk,
            replace(note, offered=desk.now, saved=reply.choice == "save", read=at if reply.choice == "read" else None),
        )
    if reply.choice == "save":
        desk.say("coach.note_saved")
    return reply.choice


def _say_answer(desk: Desk) -> Say:
    note = _note(desk)
    link = sharing.link_of(desk.conversation, note.coach) if note else None
    return Say("coach.answer", {"text": note.text if note else "", "name": link.name if link else ""})


def _answer(desk: Desk, reply: Reply) -> str:
    """Keep what she answers and share that one reflection; the question says that the coach reads it."""
    note = _note(desk)
    keep_answer(desk, reply, "answer", slot=desk.get("note"))
    if note and not reply.skipped:
        id_ = desk.get("written")
        _put_note(desk, replace(note, answer=id_))
        desk.sets["with"] = note.coach
        give(desk, Grant(f"g{desk.count('g')}", note.coach, Level.PIECE, id_, desk.now, desk.repertoire.version))
    return "said"


STATES = {
    "note": choose("coach.note", ("read", "save", "not_now"), _hear_note, saying=_say_note, echo=False),
    "answer": write("coach.answer", _answer, saying=_say_answer, skip=True, echo=False),
}
