"""
Self-scans as plain calculation: which statement comes next, what stands out, and the profile that words and picture show.

A profile is never a grade: there is no total, no average and no norm. Answers run from 1 to 5. They are kept by the id of
the statement, so that a scan whose content changes keeps what was answered.
"""

from __future__ import annotations

from collections.abc import Mapping

from dialogues.changing import replace
from dialogues.conversation import Conversation, Phrase, Picture, Scan, Value
from dialogues.desk import Desk
from dialogues.models import Model

POINTS = ("1", "2", "3", "4", "5")
NAMED = 2  # how many statements at most can stand out together
MIDDLE = 3


def under_way(conversation: Conversation, model: str) -> Scan | None:
    """Return the scan of *model* that has answers and was not finished, the latest when there are more."""
    return next(
        (scan for scan in reversed(conversation.scans) if scan.model == model and scan.answers and not scan.finished),
        None,
    )


def latest(conversation: Conversation, model: str) -> Scan | None:
    """Return the scan of *model* that was filled in last, finished or not; None when there is none."""
    return next((scan for scan in reversed(conversation.scans) if scan.model == model and scan.answers), None)


def finished(conversation: Conversation, model: str) -> tuple[Scan, ...]:
    """Return the scans of *model* that were finished, oldest first."""
    return tuple(scan for scan in conversation.scans if scan.model == model and scan.finished)


def find(conversation: Conversation, id_: str) -> Scan | None:
    """Return the scan called *id_*."""
    return next((scan for scan in conversation.scans if scan.id == id_), None)


def with_scan(conversation: Conversation, scan: Scan) -> Conversation:
    """Return *conversation* with *scan* in the place of its older version, or as the newest one."""
    known = any(other.id == scan.id for other in conversation.scans)
    scans = tuple(scan if other.id == scan.id else other for other in conversation.scans)
    return replace(conversation, scans=scans if known else (*scans, scan))


def without_scan(conversation: Conversation, scan: Scan) -> Conversation:
    """Return *conversation* without *scan*."""
    return replace(conversation, scans=tuple(other for other in conversation.scans if other.id != scan.id))


def round_of(model: Model, item: str) -> str:
    """Return the round that *item* belongs to, or "" when the scan has no rounds."""
    return next((name for name, items in model.rounds.items() if item in items), "")


def ends_round(model: Model, item: str) -> bool:
    """Return whether *item* is the last of a round that is not the last one."""
    ends = [items[-1] for items in model.rounds.values()]
    return item in ends[:-1]


def standing_out(model: Model, answers: Mapping[str, int]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """
    Return the statements answered highest, and those answered lowest, in the order of the scan.

    Either is empty when more than two share that answer, for then none of them stands out, and both are when all answers
    are the same. Of a slider only what is near an end stands out.
    """
    given = {item: answers[item] for item in model.items if item in answers}
    top, bottom = max(given.values(), default=0), min(given.values(), default=0)
    if top == bottom:
        return (), ()
    slider = model.scale == "slider"
    highest = tuple(item for item, answer in given.items() if answer == top and (not slider or top > MIDDLE))
    lowest = tuple(item for item, answer in given.items() if answer == bottom and (not slider or bottom < MIDDLE))
    return (highest if len(highest) <= NAMED else ()), (lowest if len(lowest) <= NAMED else ())


def profile(desk: Desk, model: Model, scan: Scan) -> dict[str, Value]:
    """Return what words and picture show of *scan*: a row per answered statement, with the answer of the time before."""
    earlier = [other for other in finished(desk.conversation, model.id) if other.id != scan.id]
    before = earlier[-1] if earlier else None
    highest, lowest = standing_out(model, scan.answers)
    rows: tuple[Value, ...] = tuple(
        {
            "id": item,
            "label": label(model, item),
            "left": model.of_item(item, "left") if model.scale == "slider" else "",
            "right": model.of_item(item, "right") if model.scale == "slider" else "",
            "now": scan.answers[item],
            "before": before.answers.get(item, 0) if before else 0,
        }
        for item in model.items
        if item in scan.answers
    )
    return {
        "title": model.words("title"),
        "rows": rows,
        "slider": model.scale == "slider",
        "on": scan.finished or scan.begun,
        "today": desk.today,
        "before_on": (before.finished or "") if before else "",
        "low": Phrase(f"scan.scales.{model.scale}.low"),
        "high": Phrase(f"scan.scales.{model.scale}.high"),
        "highest": tuple(end(model, item, "right") for item in highest),
        "lowest": tuple(end(model, item, "left") for item in lowest),
    }


def picture(desk: Desk, model: Model, values: Mapping[str, Value]) -> Picture:
    """Return the drawing that shows *values*, the profile of a scan of *model*."""
    if model.picture != "landscape":
        return Picture(model.picture, values)
    return Picture("landscape", {**values, "sizes": _landscape(desk)})


def end(model: Model, item: str, side: str) -> Phrase:
    """Return how a statement that stands out is named: for a slider, by the end it is near."""
    return model.of_item(item, side) if model.scale == "slider" else label(model, item)


def label(model: Model, item: str) -> Phrase:
    """Return the name of a statement: the term of its element, or, for items of their own, words of the item."""
    return Phrase(f"models.{model.id}.items.{item}.term") if model.own_items else model.of(item, "term")


def _landscape(desk: Desk) -> dict[str, Value]:
    """Return the latest answers to every scan that is a part of the landscape: islands, polders and bridges."""
    sizes: dict[str, Value] = {}
    for model in desk.repertoire.models.values():
        if model.picture == "landscape":
            for scan in (s for s in desk.conversation.scans if s.model == model.id):
                sizes.update({item: answer for item, answer in scan.answers.items() if item in model.items})
    return sizes
