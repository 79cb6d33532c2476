"""The drawing of a path stays within its frame, whatever the path."""

from datetime import timedelta

import pytest

from dashboard.path_chart import DOTS, chart
from dialogues.conversation import Phase
from dialogues.paths import path
from tests.dashboard.sample import NOW


def drawn(*phases, step=timedelta(days=1), after=timedelta()):
    dated = [(NOW + number * step, Phase(phase)) for number, phase in enumerate(phases)]
    return chart(path(dated), max((at for at, _ in dated), default=NOW) + after)


def test_without_a_phase_there_is_nothing_to_draw():
    assert drawn() is None


@pytest.mark.parametrize("phases", [(1,), (7,), (1, 7), (4, 4, 4), (1, 2, 3, 4, 5, 6, 7, 1), (3, 4) * 500])
@pytest.mark.parametrize("step", [timedelta(), timedelta(microseconds=1), timedelta(days=400)])
def test_everything_stands_within_the_frame(phases, step):
    picture = drawn(*phases, step=step)
    corners = [tuple(map(float, corner.split(","))) for corner in picture.line.split()]
    for x, y in (*corners, *picture.dots):
        assert picture.left <= x <= picture.right
        assert 0 < y < picture.height
    assert corners == sorted(corners, key=lambda corner: corner[0])
    assert len(picture.dots) <= DOTS


def test_a_higher_phase_stands_higher_and_the_line_goes_on_until_now():
    picture = drawn(2, 5, after=timedelta(days=1))
    (_, low), (middle, high) = picture.dots
    assert high < low
    assert picture.left < middle < picture.right
    assert picture.line.endswith(f"{float(picture.right)},{high}")
