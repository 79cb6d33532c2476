"""
Where everything stands on the picture of a team's board: goals, actions, and what was put up. Pixels, from the left top.

One column, so that it can be read on a telephone. How a goal does and what became of an action is told by a mark of its own
shape and by a word, never by a colour.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from content.laying_out import INNER, WIDE, Block, Shown, block, heading
from content.lettering import BOLD
from dialogues.conversation import Phrase

_HEAD, _TEXT, _SMALL = 30, 27, 23
_MARK = 46
"""The room that a mark takes at the begin of a line."""

_NAME, _WHEN, _BETWEEN = 150, 200, 18
"""In the list of actions: the room for who and for when, and between them and what."""

_MOST_LINES = 4
_ROOM = WIDE - 2 * INNER


@dataclass(frozen=True, slots=True)
class Head:
    """The name of a part of the board, and where the line above it lies."""

    name: Block
    line: float


@dataclass(frozen=True, slots=True)
class Item:
    """One thing on the board: its *mark* (a shape by name, "" for none) beside its first line, and its *texts*."""

    mark: str
    x: float
    y: float
    texts: tuple[tuple[Block, str], ...]


def board(shown: Shown) -> Shown:
    """Return the places for the board, as tall as what stands on it."""
    title, y = heading(shown["title"], WIDE)
    day = block(shown["day"], (INNER, y - 6), _ROOM, _SMALL, 1)
    y += day.height + 2
    heads: list[Head] = []
    items: list[Item] = []
    for part, placed in (
        ("goals", _goal),
        ("actions", _action),
        ("successes", _line),
        ("worries", _line),
        ("voices", _line),
    ):
        if part == "worries" and not shown[part]:
            continue
        name = block(shown["heads"][part], (INNER, y + 22), _ROOM / BOLD, _HEAD, 1)
        heads.append(Head(name, y + 10))
        y += 22 + name.height + 8
        for one in shown[part]:
            item, y = placed(one, y)
            items.append(item)
        rest = shown.get(f"more_{part}") or ("" if shown[part] else shown["heads"]["none"])
        if rest:
            soft = block(str(rest), (INNER + _MARK, y), _ROOM - _MARK, _SMALL, 1)
            items.append(Item("", 0, 0, ((soft, "soft"),)))
            y += soft.height + 10
    lead = block(shown["next_lead"], (INNER, y + 26), _ROOM / BOLD, _TEXT, 2)
    height = round(y + 26 + lead.height + INNER - 12)
    return {
        "width": WIDE,
        "height": height,
        "heading": title,
        "day": day,
        "heads": heads,
        "items": items,
        "lead": lead,
        "lead_line": y + 12,
    }


def described(shown: Shown) -> list[Phrase]:
    """Return what stands on the board, in sentences, for who listens to it."""
    goals = [
        Phrase("board.described.goal", {**_only(goal, "text", "until"), "course": goal["course_name"]})
        for goal in shown["goals"]
    ]
    actions = [
        Phrase("board.described.action", {**_only(action, "text", "name", "when"), "fate": action["fate_name"]})
        for action in shown["actions"]
    ]
    lines = [
        Phrase(f"board.described.{kind}", _only(line, "text", "name"))
        for kind in ("successes", "worries", "voices")
        for line in shown[kind]
    ]
    return [*goals, *actions, *lines]


def _only(one: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: one[name] for name in names}


def _goal(goal: dict[str, Any], y: float) -> tuple[Item, float]:
    text = block(goal["text"], (INNER + _MARK, y), _ROOM - _MARK, _TEXT, _MOST_LINES)
    said = ", ".join(str(part) for part in (goal["course_name"], goal["until"]) if part)
    below = block(said, (INNER + _MARK, y + text.height), _ROOM - _MARK, _SMALL, 1)
    item = Item(goal["course"], INNER + _MARK / 2 - 6, y + text.step / 2, ((text, ""), (below, "soft")))
    return item, y + text.height + below.height + 14


def _action(action: dict[str, Any], y: float) -> tuple[Item, float]:
    left = INNER + _MARK
    name = block(action["name"], (left, y), _NAME / BOLD, _TEXT, 2)
    middle = left + _NAME + _BETWEEN
    end = WIDE - INNER - _WHEN
    text = block(action["text"], (middle, y), end - middle - _BETWEEN, _TEXT, _MOST_LINES)
    when = block(action["when"], (end, y), _WHEN, _TEXT, 2)
    texts = [(name, "bold"), (text, ""), (when, "")]
    height = max(name.height, text.height, when.height)
    if action["fate"] != "open":
        fate = block(action["fate_name"], (middle, y + height), end - middle, _SMALL, 1)
        texts.append((fate, "soft"))
        height += fate.height
    return Item(action["fate"], INNER + _MARK / 2 - 6, y + text.step / 2, tuple(texts)), y + height + 14


def _line(line: dict[str, Any], y: float) -> tuple[Item, float]:
    text = block(line["text"], (INNER + _MARK, y), _ROOM - _MARK, _TEXT, _MOST_LINES)
    texts, height = [(text, "")], text.height
    if line["name"]:
        name = block(line["name"], (INNER + _MARK, y + height), _ROOM - _MARK, _SMALL, 1)
        texts.append((name, "soft"))
        height += name.height
    return Item("line", INNER + _MARK / 2 - 6, y + text.step / 2, tuple(texts)), y + height + 12
