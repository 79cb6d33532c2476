"""
Which cards are offered, and in which order.

First the cards of this phase that its list names, best first, two or three at a time; then the other unlabelled ones; the
labelled ones last, one at a time. About a colleague the leader is unsure of, "go and ask" comes first. A card that fits
the leader's first thought comes first too; after that what suits the way she prefers to learn, when a scan of hers showed
one (Ruijters, 2006). A card passed over twice rests for this journey. A labelled card is offered at most once in a contact,
and not when the last labelled one of this journey was used the time before.
"""

from __future__ import annotations

from datetime import timedelta

from dialogues.conversation import Journey, Whose
from dialogues.desk import Desk

AT_ONCE = 3
REFUSED_ENOUGH = 2
TICKED, LABELLED_REST = "labelled", timedelta(days=1)
GO_AND_ASK = "go_and_ask"
UNSURE_BELOW = 5  # out of 10: how sure the leader is of her picture of a colleague


def _rests(desk: Desk, journey: Journey | None, id_: str) -> bool:
    """Return whether a card rests; what was passed over in this very contact may be gone back to."""
    refused = journey.refused.get(id_, 0) if journey else 0
    return refused - (passed_slot(id_) in desk.frame.kept) >= REFUSED_ENOUGH


def passed_slot(id_: str) -> str:
    """Return where a contact remembers that it passed over this card, so that going back and on counts once."""
    return f"passed.{id_}"


def preferred(desk: Desk) -> tuple[str, ...]:
    """Return the cards that suit the way the leader prefers to learn; none when no scan of hers showed one."""
    return desk.repertoire.prefers.get(desk.conversation.preference, ())


def _light(desk: Desk) -> list[str]:
    phase = desk.phase
    ids = list(desk.repertoire.offer[phase])
    ids += [card.id for card in desk.repertoire.of_phase(phase) if not card.label and card.id not in ids]
    # Sorting keeps the order of the list among those that suit her, and among the others.
    suiting = preferred(desk)
    ids.sort(key=lambda id_: id_ not in suiting)
    fit = desk.get("fit").removeprefix("card:")
    if fit in ids:
        ids.remove(fit)
        ids.insert(0, fit)
    journey = desk.journey
    unsure = journey and journey.whose == Whose.COLLEAGUE and (journey.certainty or 0) < UNSURE_BELOW
    if unsure and journey and journey.certainty is not None:
        ids.insert(0, GO_AND_ASK)
    return [id_ for id_ in ids if not _rests(desk, journey, id_)]


def may_push(desk: Desk, journey: Journey) -> bool:
    """Return whether a labelled card may be taken up: not twice in a row, nor within a day of the last tick list."""
    ticked = journey.asked.get(TICKED)
    return not journey.last_labelled and (ticked is None or desk.now - ticked >= LABELLED_REST)


def _labelled(desk: Desk) -> list[str]:
    journey = desk.journey
    if journey is None or desk.get("labelled_seen") or journey.last_labelled:
        return []
    return [
        card.id for card in desk.repertoire.of_phase(desk.phase) if card.label and not _rests(desk, journey, card.id)
    ]


def _left(desk: Desk) -> tuple[list[str], list[str]]:
    passed = desk.names("offered")
    light = [id_ for id_ in _light(desk) if id_ not in passed]
    sharp = [id_ for id_ in _labelled(desk) if id_ not in passed]
    return light, sharp


def page(desk: Desk) -> tuple[str, ...]:
    """Return the cards to offer now: up to three unlabelled ones, or one labelled one when those were looked through."""
    return page_and_rest(desk)[0]


def page_and_rest(desk: Desk) -> tuple[tuple[str, ...], bool]:
    """Return the cards to offer now, and whether there is anything else to offer after them."""
    light, sharp = _left(desk)
    shown = tuple(light[:AT_ONCE]) or tuple(sharp[:1] if desk.number("offer_page") else ())
    return shown, bool(shown) and len(light) + len(sharp) > len(shown)


def lighter(desk: Desk) -> tuple[str, ...]:
    """Return two or three unlabelled cards instead of a labelled one, those passed over least first."""
    journey = desk.journey
    refused = journey.refused if journey else {}
    phase = desk.phase
    ids = list(desk.repertoire.offer[phase])
    return tuple(sorted(ids, key=lambda id_: refused.get(id_, 0))[:AT_ONCE])
