"""
Short ways to write a state down: choose, write, rate, tick.

A plain choice takes the arrow of its own name; a plain text takes the arrow ``said``. Everything else is a small function
in the route that needs it.
"""

from __future__ import annotations

from dialogues.conversation import Choice, Kind, Phrase, Say, Value
from dialogues.desk import Desk
from dialogues.table import Ask, Choosing, Hearing, Reply, Saying, State

WORDING = frozenset({"journey"})  # the from-to sentence is looked for and found; it is no reason yet
MARKABLE = (
    Kind.ANSWER,
    Kind.CHECKIN,
    Kind.SCAN,
    Kind.VISION,
)  # what may become a reason, a worry or proof; the parts of a plan do not


def say(key: str) -> Saying:
    """Say the message *key*, which needs no values."""
    return lambda _desk: Say(key)


def per_whose(key: str, **values: Value) -> Saying:
    """Say the wording of *key* for whose thinking this is about."""
    return lambda desk: Say(f"{key}.{desk.whose}", values)


def by_choice(_desk: Desk, reply: Reply) -> str:
    """Take the arrow named after the button."""
    return reply.choice


def keep_answer(desk: Desk, reply: Reply, name: str, kind: Kind = Kind.ANSWER, slot: str = "", model: str = "") -> None:
    """
    Keep a written answer as a reflection and remember it under *name* for the rest of this contact.

    A state that asks several things names what this one answers with *slot*; *model* names the model whose question it is.
    A skipped question keeps nothing.
    """
    if reply.skipped:
        return
    desk.sets[name] = reply.text
    kept = desk.keep(kind, reply.text, slot, question=reply.asked, source=reply.source, model=model)
    if kind in MARKABLE and desk.frame.route not in WORDING:
        desk.sets["written"] = kept.id


def kept_as(name: str, move: str = "said") -> Hearing:
    """Keep a written answer as a reflection under *name* and take the arrow *move*."""

    def hear(desk: Desk, reply: Reply) -> str:
        keep_answer(desk, reply, name)
        return move

    return hear


def choose(  # noqa: PLR0913 - a state has this many sides, all optional but the first two
    key: str,
    choices: tuple[str, ...],
    hear: Hearing = by_choice,
    *,
    saying: Saying | None = None,
    keys: tuple[str, ...] = (),
    offer: Choosing | None = None,
    text: bool = False,
    later: bool = True,
    echo: bool = True,
    again: str = "",
    row: bool = False,
) -> State:
    """Return a state answered with a button."""
    every = (*(keys or (key,)), *([again] if again else ()))
    return State(
        Ask.CHOICE,
        saying or say(key),
        hear,
        every,
        choices,
        offer,
        text=text,
        later=later,
        echo=echo,
        again=again,
        row=row,
    )


def write(
    key: str,
    hear: Hearing,
    *,
    saying: Saying | None = None,
    keys: tuple[str, ...] = (),
    skip: bool = False,
    echo: bool = True,
) -> State:
    """Return a state answered in the leader's own words."""
    return State(Ask.TEXT, saying or say(key), hear, keys or (key,), skip=skip, echo=echo)


def rate(
    key: str,
    hear: Hearing,
    choices: tuple[str, ...] = (),
    *,
    saying: Saying | None = None,
    keys: tuple[str, ...] = (),
    echo: bool = True,
) -> State:
    """Return a state answered on a ruler from 0 to 10 (readiness ruler of motivational interviewing)."""
    return State(Ask.RULER, saying or say(key), hear, keys or (key,), choices, echo=echo)


def tick(key: str, hear: Hearing, offer: Choosing, *, saying: Saying | None = None) -> State:
    """Return a state answered by ticking boxes and then *done*."""
    return State(Ask.TICKS, saying or say(key), hear, (key,), offer=offer)


def picks(prefix: str, ids: tuple[str, ...], words: str, move: str = "pick") -> tuple[Choice, ...]:
    """Return a button per id, whose words stand under *words* (with ``{}`` for the id)."""
    return tuple(Choice(f"{prefix}{id_}", move, Phrase(words.format(id_))) for id_ in ids)
