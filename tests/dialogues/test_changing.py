"""A value of which some fields are other is what `dataclasses.replace` would give."""

import dataclasses
from datetime import UTC, datetime

import pytest

from dialogues.changing import replace
from dialogues.conversation import Conversation, Frame, Journey, Kind, LeaderId, Phrase, Plan, Reflection, Whose

AT = datetime(2026, 11, 30, 9, tzinfo=UTC)
CONVERSATION = Conversation(LeaderId("telegram-1"), "telegram:1", "nl", Frame("home", "choose", "n1"))
VALUES = [
    (CONVERSATION, {"language": "en", "counted": {"r": 1}}),
    (CONVERSATION.frame, {"nonce": "n2"}),
    (Journey("j1", Whose.OWN, "a", "b", "c", AT), {"certainty": 7}),
    (Plan("p1", "j1", AT), {"moment": "maandag"}),
    (Reflection("r1", Kind.THOUGHT, "a", AT), {"text": "b"}),
    (Phrase("common.back"), {"key": "common.stop"}),  # with slots
]


@pytest.mark.parametrize(("value", "changes"), VALUES)
def test_it_is_equal_and_the_old_value_is_as_it_was(value, changes):
    before = dataclasses.replace(value)
    assert replace(value, **changes) == dataclasses.replace(value, **changes)
    assert replace(value) == value == before


@pytest.mark.parametrize(("value", "changes"), VALUES)
def test_a_field_that_is_not_there_is_refused(value, changes):
    with pytest.raises(TypeError):
        replace(value, **changes, no_such_field=1)


@pytest.mark.parametrize("value", [value for value, _ in VALUES])
def test_the_copy_cannot_be_changed_either(value):
    with pytest.raises(dataclasses.FrozenInstanceError):
        setattr(replace(value), dataclasses.fields(value)[0].name, "x")


def test_a_value_that_does_more_at_making_still_does_it():
    @dataclasses.dataclass(frozen=True)
    class Doubled:
        one: int
        two: int = 0

        def __post_init__(self):
            object.__setattr__(self, "two", self.one * 2)

    assert replace(Doubled(1), one=4).two == 8
