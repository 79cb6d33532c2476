"""Long texts are cut at safe places."""

from __future__ import annotations

import regex
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.pieces import LONGEST, cut, units

PARTS = st.sampled_from(
    [
        "a",
        "één ",
        "woord ",
        "Zin. ",
        "Vraag? ",
        "\n",
        "\n\n",
        "\r\n",
        "👩‍👩‍👧",
        "🇳🇱",
        "é",
        " \u0301",
        "ש",
        "\u200b",
        "\u2028",
        "  ",
    ]
)
TEXTS = st.lists(PARTS, min_size=60, max_size=300).map("".join)


def boundaries(text: str) -> set[int]:
    return {match.end() for match in regex.finditer(r"\X", text)}


@settings(max_examples=120, deadline=None)
@given(text=TEXTS | st.text(max_size=300), longest=st.integers(24, 80))
def test_the_pieces_join_to_the_original_fit_and_never_cut_a_character(text, longest):
    pieces = cut(text, longest)
    assert "".join(pieces) == text
    assert all(units(piece) <= longest for piece in pieces)
    allowed, end = boundaries(text), 0
    for piece in pieces[:-1]:
        end += len(piece)
        assert end in allowed or any(units(cluster) > longest for cluster in regex.findall(r"\X", text))


@settings(max_examples=10, deadline=None)
@given(text=st.text(min_size=1, max_size=40))
def test_any_length_up_to_forty_thousand_fits(text):
    long = text * (40_000 // len(text))
    pieces = cut(long)
    assert "".join(pieces) == long
    assert all(units(piece) <= LONGEST for piece in pieces)


def test_a_short_text_stays_whole():
    assert cut("kort") == ("kort",)
    assert cut("") == ("",)


def test_a_paragraph_is_preferred_to_a_line_a_sentence_and_a_word():
    assert cut("Een zin. Nog een.\nRegel.\n\nDan dit. En dat nog", 30)[0] == "Een zin. Nog een.\nRegel.\n\n"
    assert cut("Een zin. Nog een.\nRegel twee is dit.", 30)[0] == "Een zin. Nog een.\n"
    assert cut("Een zin is dit. Nog een zin die doorgaat", 30)[0] == "Een zin is dit. "
    assert cut("woorden zonder einde en zonder punt", 30)[0] == "woorden zonder einde en "


def test_a_paragraph_far_too_early_is_no_reason_for_a_tiny_piece():
    assert cut("Hoi\n\n" + "woord " * 10, 30)[0] == "Hoi\n\nwoord woord woord woord "


def test_a_blank_that_carries_an_accent_is_no_end_of_a_word():
    assert cut("a" * 20 + " \u0301" + "b" * 20, 30)[0] == "a" * 20 + " \u0301" + "b" * 8


def test_one_character_under_thousands_of_accents_is_cut_only_because_it_must_be():
    text = "a" + "\u0301" * 9000
    pieces = cut(text)
    assert "".join(pieces) == text
    assert all(units(piece) <= LONGEST for piece in pieces)


def test_emoji_count_double_as_telegram_counts_them():
    assert units("👍") == 2
    assert [units(piece) for piece in cut("👍" * 30, 41)] == [40, 20]
