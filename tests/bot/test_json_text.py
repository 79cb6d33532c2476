"""JSON to and from Telegram: what one library refuses, the other does."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.json_text import read_json, write_json

PLAIN = st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(st.characters(exclude_categories=()))
VALUES = st.recursive(
    PLAIN, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4), max_leaves=12
)


@given(VALUES)
def test_what_is_written_comes_back_also_with_halves_of_surrogate_pairs(value):
    assert read_json(write_json(value)) == value == json.loads(write_json(value))


@given(VALUES)
def test_what_another_library_wrote_is_read(value):
    assert read_json(json.dumps(value).encode()) == value


@pytest.mark.parametrize("content", [b"", b"{", b'{"a":1}x', b"\xff", b'"\xff"', b"[" * 100_000])
def test_what_is_no_json_is_said_so(content):
    with pytest.raises((ValueError, RecursionError)):
        read_json(content)


def test_what_cannot_be_written_is_said_so():
    with pytest.raises(TypeError):
        write_json(object())
