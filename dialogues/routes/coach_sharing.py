"""
Sharing a piece with a coach: which one, how much, until when, and exactly what the coach will see before it is shared.

The default is to share nothing. What a grant means stands in `dialogues/sharing.py`.
"""

from __future__ import annotations

import re
from datetime import timedelta

from dialogues import sharing
from dialogues.changing import replace
from dialogues.coaching import CoachId, Grant, Level, Link
from dialogues.conversation import Choice, Kind, Phrase, Reflection, Say, Value
from dialogues.desk import Desk
from dialogues.routes.asking import choose
from dialogues.routes.coach_given import given
from dialogues.table import Reply

RECENT = 5
SENTENCES = 5
NEWEST = 4
"""How many pieces of a journey are shown before it is shared whole; all of them can be read back with a command."""

_SENTENCE_END = re.compile(r"(?<=[.!?…])\s+|\n+")


# -- what to share, and with whom --------------------------------------------------------------------------------


def shareable(desk: Desk) -> list[Reflection]:
    """Return the reflections that can be shared, the newest last."""
    return [kept for kept in desk.journal if kept.text and kept.kind not in (*sharing.NEVER, Kind.RULER, Kind.PHASE)]


def _say_what(desk: Desk) -> Say:
    recent = shareable(desk)[-RECENT:][::-1]
    pieces: tuple[Value, ...] = tuple({"id": kept.id, "said": kept.said, "text": kept.text} for kept in recent)
    return Say(
        "coach.what", {"pieces": pieces, "coaches": tuple(link.name for link in sharing.links(desk.conversation))}
    )


def _what_buttons(desk: Desk) -> tuple[Choice, ...]:
    recent = shareable(desk)[-RECENT:][::-1]
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
    return (*coach_buttons(desk), Choice("nothing", "nothing", Phrase("coach.levels.nothing")))


def coach_buttons(desk: Desk) -> tuple[Choice, ...]:
    """Return a button for each of her coaches."""
    return tuple(
        Choice(str(number), "pick", Phrase("coach.named", {"name": link.name}))
        for number, link in enumerate(sharing.links(desk.conversation), 1)
    )[:SENTENCES]


def which(desk: Desk, reply: Reply) -> str:
    """Remember which coach this is about."""
    if reply.choice == "nothing":
        desk.say("coach.nothing_shared")
        return "nothing"
    desk.sets["with"] = sharing.links(desk.conversation)[int(reply.choice) - 1].coach
    return "pick"


def _link(desk: Desk) -> Link | None:
    return sharing.link_of(desk.conversation, CoachId(desk.get("with")))


def name_of(desk: Desk) -> str:
    """Return what the coach whom this is about is called, "" when that link ended."""
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
    return Say("coach.level", {"name": name_of(desk), "text": kept.text if kept else ""})


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
    values: dict[str, Value] = {"name": name_of(desk), "level": desk.get("level"), "until": grant.until or ""}
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
        give(desk, replace(_draft(desk), id=f"g{desk.count('g')}"))
    elif reply.choice == "nothing":
        desk.say("coach.nothing_shared")
    return reply.choice


def give(desk: Desk, grant: Grant) -> None:
    """Make *grant*; one about the same piece for the same coach that still held is withdrawn, so that one thing counts."""
    older = [
        replace(one, withdrawn=desk.now)
        if (one.coach, one.about) == (grant.coach, grant.about) and sharing.holds(one, desk.now)
        else one
        for one in desk.conversation.grants
    ]
    desk.conversation = replace(desk.conversation, grants=(*older, grant))
    desk.say("coach.shared", id=grant.id, name=name_of(desk), until=grant.until or "")


STATES = {
    "what": choose("coach.what", (), _what, saying=_say_what, offer=_what_buttons, echo=False, row=True),
    "which": choose("coach.which", (), which, offer=_which_buttons, echo=False),
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
}
