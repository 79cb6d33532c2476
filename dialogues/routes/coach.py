"""
A leader and her coaches: meeting one, sharing a piece, seeing who read what, taking it back, and notes that come back.

The default is to share nothing. She sees exactly what the coach will see before she shares it, and taking it back takes no
more taps than giving it. What a grant means stands in `dialogues/sharing.py`.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from dialogues import sharing
from dialogues.changing import replace
from dialogues.coaching import CoachId, Grant, Level, Link, Note
from dialogues.conversation import Choice, Kind, Phrase, Reflection, Say, Value
from dialogues.desk import Desk
from dialogues.routes.asking import choose, keep_answer, write
from dialogues.table import Reply, Route, table

ARROWS = table("""
    # from     move       to
    meet       accept     name
    meet       decline    return
    name       said       return
    what       pick       which       # a reflection; several coaches
    what       one        level       # a reflection; one coach
    what       list       list
    which      pick       level
    which      nothing    return
    level      summary    preview
    level      sentence   sentence
    level      piece      preview
    level      journey    until
    level      nothing    return
    sentence   pick       preview
    until      pick       preview
    preview    share      return
    preview    change     level
    preview    nothing    return
    list       pick       one
    list       more       list
    one        withdraw   return
    one        stays      list
    coaches    pick       leave
    leave      end        return
    leave      stays      return
    note       read       answer
    note       save       return
    note       not_now    return
    answer     said       return
""")

RECENT = 5
SENTENCES = 5
PER_PAGE = 5
NEWEST = 4
"""How many pieces of a journey are shown before it is shared whole; all of them can be read back with a command."""

PUT_OFF = timedelta(days=1)  # before a note that was put off is told of again
_SENTENCE_END = re.compile(r"(?<=[.!?…])\s+|\n+")


# -- meeting a coach ---------------------------------------------------------------------------------------------


def _say_meet(desk: Desk) -> Say:
    values: dict[str, Value] = {name: desk.get(name) for name in ("coach_name", "organisation")}
    return Say("coach.meet", {**values, "inside": desk.get("inside") == "yes"})


def _meet(desk: Desk, reply: Reply) -> str:
    if reply.choice == "decline":
        desk.say("coach.declined")
    return reply.choice


def _name(desk: Desk, reply: Reply) -> str:
    """Make the link, under the name she wants to have there; a skipped name is a neutral one."""
    link = Link(
        coach=CoachId(desk.get("coach")),
        handle=desk.get("handle"),
        name=desk.get("coach_name"),
        organisation=desk.get("organisation"),
        inside=desk.get("inside") == "yes",
        since=desk.now,
        known_as="" if reply.skipped else reply.text[:40],
    )
    others = tuple(one for one in desk.conversation.links if one.coach != link.coach or one.ended is not None)
    desk.conversation = replace(desk.conversation, links=(*others, link))
    desk.spends = desk.get("invitation")
    desk.say("coach.met", name=link.name)
    return "said"


# -- what to share -----------------------------------------------------------------------------------------------


def _shareable(desk: Desk) -> list[Reflection]:
    """Return the reflections that can be shared, the newest last."""
    return [kept for kept in desk.journal if kept.text and kept.kind not in (*sharing.NEVER, Kind.RULER, Kind.PHASE)]


def _say_what(desk: Desk) -> Say:
    recent = _shareable(desk)[-RECENT:][::-1]
    pieces: tuple[Value, ...] = tuple({"id": kept.id, "said": kept.said, "text": kept.text} for kept in recent)
    return Say(
        "coach.what", {"pieces": pieces, "coaches": tuple(link.name for link in sharing.links(desk.conversation))}
    )


def _what_buttons(desk: Desk) -> tuple[Choice, ...]:
    recent = _shareable(desk)[-RECENT:][::-1]
    picks = tuple(Choice(kept.id, "pick", Phrase("compass.number", {"number": kept.id})) for kept in recent)
    shared = (Choice("list", "list", Phrase("coach.buttons.list")),) if given(desk) else ()
    return (*picks, *shared)


def _what(desk: Desk, reply: Reply) -> str:
    if reply.choice == "list":
        return "list"
    desk.sets["share"] = reply.choice
    return begin(desk)


def begin(desk: Desk) -> str:
    """Return the move to the question how much to share: with one coach at once, with several after asking which."""
    linked = sharing.links(desk.conversation)
    if len(linked) == 1:
        desk.sets["with"] = linked[0].coach
        return "one"
    return "pick"


def _which_buttons(desk: Desk) -> tuple[Choice, ...]:
    return (*_coach_buttons(desk), Choice("nothing", "nothing", Phrase("coach.levels.nothing")))


def _coach_buttons(desk: Desk) -> tuple[Choice, ...]:
    return tuple(
        Choice(str(number), "pick", Phrase("coach.named", {"name": link.name}))
        for number, link in enumerate(sharing.links(desk.conversation), 1)
    )[:SENTENCES]


def _which(desk: Desk, reply: Reply) -> str:
    if reply.choice == "nothing":
        desk.say("coach.nothing_shared")
        return "nothing"
    desk.sets["with"] = sharing.links(desk.conversation)[int(reply.choice) - 1].coach
    return "pick"


def _link(desk: Desk) -> Link | None:
    return sharing.link_of(desk.conversation, CoachId(desk.get("with")))


def _name_of(desk: Desk) -> str:
    link = _link(desk)
    return link.name if link else ""


# -- how much ----------------------------------------------------------------------------------------------------


def _piece(desk: Desk) -> Reflection | None:
    return desk.find(desk.get("share"))


def _sentences(desk: Desk) -> tuple[str, ...]:
    kept = _piece(desk)
    parts = [part.strip() for part in _SENTENCE_END.split(kept.text)] if kept else []
    return tuple(part for part in parts if part)[:SENTENCES]


def _level_buttons(desk: Desk) -> tuple[Choice, ...]:
    kept = _piece(desk)
    ids = ["nothing", "summary"]
    ids += ["sentence"] if len(_sentences(desk)) > 1 else []
    ids.append("piece")
    ids += ["journey"] if kept and kept.journey else []
    return tuple(Choice(id_, id_, Phrase(f"coach.levels.{id_}")) for id_ in ids)


def _say_level(desk: Desk) -> Say:
    kept = _piece(desk)
    return Say("coach.level", {"name": _name_of(desk), "text": kept.text if kept else ""})


def _level(desk: Desk, reply: Reply) -> str:
    desk.sets["level"], desk.sets["sentence"], desk.sets["until"] = reply.choice, "", ""
    if reply.choice == "nothing":
        desk.say("coach.nothing_shared")
    return reply.choice


def _sentence_buttons(desk: Desk) -> tuple[Choice, ...]:
    numbers = range(1, len(_sentences(desk)) + 1)
    return tuple(Choice(str(n), "pick", Phrase("compass.number", {"number": str(n)})) for n in numbers)


def _sentence(desk: Desk, reply: Reply) -> str:
    desk.sets["sentence"] = _sentences(desk)[int(reply.choice) - 1]
    return "pick"


UNTIL = {"month": timedelta(days=31), "term": timedelta(days=122), "year": timedelta(days=366)}
"""How long a journey can be shared before it has to be asked again."""


def _until(desk: Desk, reply: Reply) -> str:
    desk.sets["until"] = reply.choice
    return "pick"


def _draft(desk: Desk) -> Grant:
    """Return the grant as it would be made now."""
    kept, chosen = _piece(desk), desk.get("level")
    levels = {"summary": Level.SUMMARY, "journey": Level.JOURNEY}
    level = levels.get(chosen, Level.PIECE)
    until = desk.now + UNTIL[desk.get("until")] if desk.get("until") in UNTIL else None
    about = kept.journey if kept and level is Level.JOURNEY else desk.get("share")
    return Grant(
        "", CoachId(desk.get("with")), level, about, desk.now, desk.repertoire.version, desk.get("sentence"), until
    )


# -- exactly what the coach will see -----------------------------------------------------------------------------


def piece_words(desk: Desk, piece: sharing.Piece) -> dict[str, Value]:
    """Return a piece as a coach sees it, as values for the words."""
    return {
        "id": piece.id,
        "question": piece.question,
        "text": piece.text,
        "said": piece.said,
        "phase": Phrase(f"phases.p{piece.phase}.name") if piece.phase else "",
        "card": Phrase(f"cards.{piece.card}.short")
        if piece.card in (*desk.repertoire.cards, *desk.repertoire.extra)
        else "",
        "number": "" if piece.number is None else str(piece.number),
    }


def _say_preview(desk: Desk) -> Say:
    kept, grant = _piece(desk), _draft(desk)
    values: dict[str, Value] = {"name": _name_of(desk), "level": desk.get("level"), "until": grant.until or ""}
    if kept is None:
        return Say("coach.preview", {**values, "piece": {}, "count": 0, "texts": (), "to": ""})
    journey = desk.find_journey(kept.journey)
    of_it = [one for one in desk.journal if one.journey == kept.journey and one.kind not in sharing.NEVER]
    return Say(
        "coach.preview",
        {
            **values,
            "piece": piece_words(desk, sharing.piece_of(kept, grant)),
            "count": len(of_it),
            "texts": tuple(one.text for one in of_it[-NEWEST:]),
            "to": journey.to if journey else "",
        },
    )


def _preview(desk: Desk, reply: Reply) -> str:
    if reply.choice == "share":
        _give(desk, replace(_draft(desk), id=f"g{desk.count('g')}"))
    elif reply.choice == "nothing":
        desk.say("coach.nothing_shared")
    return reply.choice


def _give(desk: Desk, grant: Grant) -> None:
    """Make *grant*; one about the same piece for the same coach that still held is withdrawn, so that one thing counts."""
    older = [
        replace(one, withdrawn=desk.now)
        if (one.coach, one.about) == (grant.coach, grant.about) and sharing.holds(one, desk.now)
        else one
        for one in desk.conversation.grants
    ]
    desk.conversation = replace(desk.conversation, grants=(*older, grant))
    desk.say("coach.shared", id=grant.id, name=_name_of(desk), until=grant.until or "")


# -- what is shared, who read it, and taking it back --------------------------------------------------------------


def given(desk: Desk) -> list[Grant]:
    """Return the grants that hold, of coaches that still are hers, the newest first."""
    return list(sharing.given(desk.conversation, desk.now))


def grant_words(desk: Desk, grant: Grant) -> dict[str, Value]:
    """Return a grant as values for the words, with who looked and when."""
    kept = desk.find(grant.about)
    journey = desk.find_journey(grant.about)
    link = sharing.link_of(desk.conversation, grant.coach)
    looks = [
        look
        for look in desk.conversation.looks
        if look.coach == grant.coach and look.last >= grant.since and _is_about(desk, look.about, grant)
    ]
    return {
        "id": grant.id,
        "name": link.name if link else "",
        "level": Phrase(f"coach.levels.{_LEVEL_WORDS[grant.level] if not grant.sentence else 'sentence'}"),
        "text": grant.sentence or (journey.to if journey else "") or (kept.text if kept else ""),
        "since": grant.since,
        "until": grant.until or "",
        "times": sum(look.times for look in looks),
        "last": max((look.last for look in looks), default=""),
    }


_LEVEL_WORDS = {Level.SUMMARY: "summary", Level.PIECE: "piece", Level.JOURNEY: "journey", Level.ONLY_ME: "nothing"}


def _is_about(desk: Desk, about: str, grant: Grant) -> bool:
    if grant.level is not Level.JOURNEY:
        return about == grant.about
    kept = desk.find(about)
    return about == grant.about or (kept is not None and kept.journey == grant.about)


def _page(desk: Desk) -> list[Grant]:
    start = desk.number("page") or 0
    return given(desk)[start : start + PER_PAGE] or given(desk)[:PER_PAGE]


def _say_list(desk: Desk) -> Say:
    return Say("coach.list", {"grants": tuple(grant_words(desk, grant) for grant in _page(desk))})


def _list_buttons(desk: Desk) -> tuple[Choice, ...]:
    picks = tuple(Choice(one.id, "pick", Phrase("compass.number", {"number": one.id})) for one in _page(desk))
    return (*picks, *((Choice("more", "more"),) if len(given(desk)) > PER_PAGE else ()))


def _list(desk: Desk, reply: Reply) -> str:
    if reply.choice == "more":
        start = (desk.number("page") or 0) + PER_PAGE
        desk.sets["page"] = start if start < len(given(desk)) else 0
        return "more"
    desk.sets["grant"] = reply.choice
    return "pick"


def _grant(desk: Desk) -> Grant | None:
    return next((one for one in desk.conversation.grants if one.id == desk.get("grant")), None)


def _say_one(desk: Desk) -> Say:
    grant = _grant(desk)
    return Say("coach.one", grant_words(desk, grant) if grant else {})


def _one(desk: Desk, reply: Reply) -> str:
    grant = _grant(desk)
    if reply.choice == "withdraw" and grant:
        withdraw(desk, grant)
    return reply.choice


def withdraw(desk: Desk, grant: Grant) -> None:
    """Take *grant* back: it holds no more from the coach's next request on."""
    desk.conversation = sharing.withdrawn(desk.conversation, grant.id, desk.now)
    desk.say("coach.withdrawn", id=grant.id)


# -- her coaches -------------------------------------------------------------------------------------------------


def _say_coaches(desk: Desk) -> Say:
    linked = sharing.links(desk.conversation)
    coaches: tuple[Value, ...] = tuple(
        {
            "name": link.name,
            "organisation": link.organisation,
            "since": link.since,
            "count": sum(one.coach == link.coach for one in given(desk)),
        }
        for link in linked
    )
    return Say("coach.coaches", {"coaches": coaches})


def _leave(desk: Desk, reply: Reply) -> str:
    """End the link: from now on this coach sees nothing, and what was shared is withdrawn with it."""
    coach = CoachId(desk.get("with"))
    if reply.choice == "end":
        desk.conversation = sharing.ended(desk.conversation, coach, desk.now)
        desk.say("coach.ended")
    return reply.choice


# -- notes that come back ----------------------------------------------------------------------------------------


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
        _give(desk, Grant(f"g{desk.count('g')}", note.coach, Level.PIECE, id_, desk.now, desk.repertoire.version))
    return "said"


ROUTE = Route(
    name="coach",
    states={
        "meet": choose("coach.meet", ("accept", "decline"), _meet, saying=_say_meet, echo=False),
        "name": write(
            "coach.name",
            _name,
            saying=lambda desk: Say("coach.name", {"name": desk.get("coach_name")}),
            skip=True,
            echo=False,
        ),
        "what": choose("coach.what", (), _what, saying=_say_what, offer=_what_buttons, echo=False, row=True),
        "which": choose("coach.which", (), _which, offer=_which_buttons, echo=False),
        "level": choose("coach.level", (), _level, saying=_say_level, offer=_level_buttons, echo=False),
        "sentence": choose(
            "coach.sentence",
            (),
            _sentence,
            saying=lambda desk: Say("coach.sentence", {"sentences": _sentences(desk)}),
            offer=_sentence_buttons,
            echo=False,
            row=True,
        ),
        "until": choose("coach.until", tuple(UNTIL), _until, echo=False),
        "preview": choose("coach.preview", ("share", "change", "nothing"), _preview, saying=_say_preview, echo=False),
        "list": choose("coach.list", (), _list, saying=_say_list, offer=_list_buttons, echo=False, row=True),
        "one": choose("coach.one", ("withdraw", "stays"), _one, saying=_say_one, echo=False),
        "coaches": choose("coach.coaches", (), _which, saying=_say_coaches, offer=_coach_buttons, echo=False),
        "leave": choose(
            "coach.leave",
            ("end", "stays"),
            _leave,
            saying=lambda desk: Say("coach.leave", {"name": _name_of(desk)}),
            echo=False,
        ),
        "note": choose("coach.note", ("read", "save", "not_now"), _hear_note, saying=_say_note, echo=False),
        "answer": write("coach.answer", _answer, saying=_say_answer, skip=True, echo=False),
    },
    arrows=ARROWS,
)
