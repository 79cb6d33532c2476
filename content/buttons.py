"""Lays out the choices of a message as rows of buttons. Their words are found in `catalogue.py`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from dialogues.conversation import Say, Shape
from dialogues.errors import WordsMissing
from dialogues.ports import Button

ENDINGS = ("later", "skip", "back", "stop", "other", "none", "done", "more")
"""Choices that mean the same everywhere: their words stand in `common.yaml`, and in a tick list they are no box."""

DATA_BYTES = 64
"""What Telegram lets a button carry."""

_SIDE_BY_SIDE = 3
_TICKS_PER_ROW = 5
_IN_A_ROW = 4  # letters, such as a code: m101
_RULER = tuple(str(number) for number in range(11))

Rows = tuple[tuple[Button, ...], ...]


def rows(say: Say, labels: Mapping[str, str]) -> Rows:
    """
    Return the buttons of *say*, row by row; *labels* are the words of each choice, by its id.

    Raises:
        WordsMissing: a button would carry more than 64 bytes.
    """
    if say.shape is Shape.RULER:
        return _ruler(say, labels)
    if say.shape is Shape.TICKS:
        return _ticks(say, labels)
    if say.shape is Shape.ROW:
        return _row(say, labels)
    every = [_button(say, choice.id, labels[choice.id]) for choice in say.choices]
    if all(len(button.label) <= _SIDE_BY_SIDE for button in every):
        return _filled([every])
    return tuple((button,) for button in every)


def _ruler(say: Say, labels: Mapping[str, str]) -> Rows:
    numbers = [choice.id for choice in say.choices if choice.id in _RULER]
    others = [choice.id for choice in say.choices if choice.id not in _RULER]
    low = [_button(say, number, labels[number]) for number in numbers if int(number) <= len(_RULER) // 2]
    high = [_button(say, number, labels[number]) for number in numbers if int(number) > len(_RULER) // 2]
    return _filled([low, high, [_button(say, other, labels[other]) for other in others]])


def _row(say: Say, labels: Mapping[str, str]) -> Rows:
    """Return the short buttons side by side, in two rows when they are many, then the long ones, then the ways out."""
    own = [_button(say, choice.id, labels[choice.id]) for choice in say.choices if choice.id not in ENDINGS]
    endings = [_button(say, choice.id, labels[choice.id]) for choice in say.choices if choice.id in ENDINGS]
    shorts = [button for button in own if len(button.label) <= _IN_A_ROW]
    half = len(shorts) if len(shorts) <= _TICKS_PER_ROW else (len(shorts) + 1) // 2
    longer = [[button] for button in own if len(button.label) > _IN_A_ROW]
    return _filled([shorts[:half], shorts[half:], *longer, endings])


def _ticks(say: Say, labels: Mapping[str, str]) -> Rows:
    boxes = [choice.id for choice in say.choices if choice.id not in ENDINGS]
    endings = [choice.id for choice in say.choices if choice.id in ENDINGS]
    numbered = [
        _button(say, f"-{box}", f"✓{number}") if box in say.ticked else _button(say, box, str(number))
        for number, box in enumerate(boxes, 1)
    ]
    lines = [numbered[start : start + _TICKS_PER_ROW] for start in range(0, len(numbered), _TICKS_PER_ROW)]
    return _filled([*lines, [_button(say, ending, labels[ending]) for ending in endings]])


def _filled(lines: Iterable[list[Button]]) -> Rows:
    return tuple(tuple(line) for line in lines if line)


def _button(say: Say, choice: str, label: str) -> Button:
    carried = f"{say.nonce}:{choice}"
    if len(carried.encode()) > DATA_BYTES:
        raise WordsMissing(f"{say.key}: button {choice} carries more than {DATA_BYTES} bytes")
    return Button(label, carried)
