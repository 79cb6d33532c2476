"""Just a thought: kept with one tap, or the beginning of a journey, a phase or a card that fits it."""

from __future__ import annotations

from hashlib import blake2b

from dialogues.conversation import Choice, Kind, Mark, Phrase, Say
from dialogues.desk import Desk
from dialogues.routes.asking import choose, write
from dialogues.table import Reply, Route, table
from dialogues.who_reads import who_reads

ARROWS = table("""
    # from    move      to
    write     said      offer
    offer     keep      kept
    offer     journey   journey.whose
    offer     look      fits
    offer     drop      return
    offer     said      offer           # a second text joins the first
    kept      reason    return
    kept      worry     return
    kept      proof     return
    kept      none      return
    kept      said      offer           # another thought
    fits      pick      fit
    fits      none      offer
    fit       keep      kept
    fit       journey   journey.whose
    fit       again     fits
""")


def _write(desk: Desk, reply: Reply) -> str:
    desk.sets["thought"] = reply.text
    desk.sets["source"] = reply.source
    return "said"


def _offer(desk: Desk, reply: Reply) -> str:
    if not reply.choice:
        desk.sets["thought"] = f"{desk.get('thought')}\n{reply.text}".strip()
        return "said"
    if reply.choice in ("keep", "journey"):
        _keep(desk)
    return reply.choice


def _keep(desk: Desk) -> None:
    thought = desk.get("thought")
    # Of the words only a digest, since a frame is no place where an older text may be left behind.
    slot = blake2b(thought.encode(errors="replace"), digest_size=8).hexdigest()
    kept = desk.keep(Kind.THOUGHT, thought, slot=slot, source=desk.get("source"))
    desk.sets["written"] = kept.id


def keep_unfinished(desk: Desk) -> None:
    """Keep the thought of a contact that ends before the leader said what to do with it."""
    if desk.frame.route == "thought" and desk.get("thought") and not desk.get("written"):
        _keep(desk)


def _kept(desk: Desk, reply: Reply) -> str:
    if not reply.choice:
        return _write(desk, reply)
    reflection = desk.find(desk.get("written"))
    if reflection and reply.choice != "none":
        desk.mark(reflection, Mark(reply.choice))
        desk.say("mark.kept")
    return reply.choice


def _fitting(desk: Desk) -> tuple[Choice, ...]:
    """Buttons for what the thought resembles; the engine laid the guesses ready as ids such as ``card:wait``."""
    found = []
    for target in desk.names("guesses"):
        kind, id_ = target.split(":")
        if kind == "card" and desk.repertoire.cards[id_].label:
            continue  # a card that pushes is never the first thing offered
        phase = Phrase("thought.phase", {"name": Phrase(f"phases.p{id_}.name")})
        label = Phrase(f"cards.{id_}.short") if kind == "card" else phase
        found.append(Choice(target, "pick", label))
    return (*found, Choice("none", "none"))


def _say_fits(desk: Desk) -> Say:
    if not _fitting(desk)[:-1]:
        return Say("thought.fits_nothing")
    return Say("thought.fits", {"because": desk.get("because")})


def _pick(desk: Desk, reply: Reply) -> str:
    if reply.choice == "none":
        return "none"
    desk.sets["fit"] = reply.choice
    return "pick"


def _say_fit(desk: Desk) -> Say:
    kind, id_ = desk.get("fit").split(":")
    if kind == "card":
        words = {name: Phrase(f"cards.{id_}.{name}") for name in ("term", "meaning", "why", "source")}
        return Say("thought.fit_card", {**words, "step": Phrase(f"cards.{id_}.step.own")})
    return Say("thought.fit_phase", {name: Phrase(f"phases.p{id_}.{name}") for name in ("name", "meaning", "looking")})


def _fit(desk: Desk, reply: Reply) -> str:
    if reply.choice in ("keep", "journey"):
        _keep(desk)
    return reply.choice


ROUTE = Route(
    name="thought",
    states={
        "write": write("thought.write", _write),
        "offer": choose(
            "thought.offer",
            ("keep", "journey", "look", "drop"),
            _offer,
            saying=lambda desk: Say("thought.offer", {"thought": desk.get("thought")}),
            text=True,
            echo=False,
        ),
        "kept": choose(
            "thought.kept",
            ("reason", "worry", "proof", "none"),
            _kept,
            saying=lambda desk: Say("thought.kept", {"id": desk.get("written"), "reads": who_reads(desk)}),
            text=True,
            later=False,
        ),
        "fits": choose(
            "thought.fits", (), _pick, saying=_say_fits, keys=("thought.fits", "thought.fits_nothing"), offer=_fitting
        ),
        "fit": choose(
            "thought.fit_card",
            ("keep", "journey", "again"),
            _fit,
            saying=_say_fit,
            keys=("thought.fit_card", "thought.fit_phase"),
        ),
    },
    arrows=ARROWS,
)
