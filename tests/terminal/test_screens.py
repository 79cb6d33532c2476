"""How messages look in a terminal and in a pipe, and how lines are read."""

import io

from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from dialogues.ports import Button, Message
from terminal.screens import Pipe, Screen, buttons, visible


def message(text, *rows):
    return Message(text, tuple(tuple(Button(label, f"n:{label}") for label in row) for row in rows))


def piped(shown):
    sink = io.StringIO()
    Pipe(io.BytesIO(), sink).show(shown)
    return sink.getvalue()


def test_buttons_get_the_number_that_is_to_be_typed():
    assert piped(message("Klopt dat?", ["Klopt"], ["Iets eerder"])) == "Klopt dat?\n[1] Klopt\n[2] Iets eerder\n\n"


def test_short_answers_beside_each_other_get_their_number_too():
    assert buttons(message("Zullen we?", ["Ja", "Nee"])) == ["[1] Ja", "[2] Nee"]


def test_a_ruler_stands_on_one_line_and_its_numbers_mean_themselves():
    ruler = message("Hoe zeker?", ["0", "1", "2", "3", "4", "5"], ["6", "7", "8", "9", "10"], ["Later"])
    assert buttons(ruler) == ["[0] [1] [2] [3] [4] [5] [6] [7] [8] [9] [10]", "[Later]"]


def test_boxes_to_tick_show_which_are_on():
    assert buttons(message("Wat herken je?", ["1", "✓2", "3"], ["Klaar"])) == ["[1] [✓2] [3]", "[Klaar]"]


def test_a_message_without_buttons_is_just_its_text():
    assert piped(message("Dag.")) == "Dag.\n\n"


def test_what_somebody_wrote_cannot_steer_the_terminal():
    assert visible("a\x1b[31mb\x00\x9b\x7f\n\tc") == "a␛[31mb␀��\n\tc"
    assert piped(message("a\x1b[31mb")) == "a␛[31mb\n\n"


@given(st.text())
def test_no_control_character_but_line_and_tab_is_shown(text):
    assert not [char for char in visible(text) if (char < " " and char not in "\n\t") or "\x7f" <= char < "\xa0"]
    visible(text).encode()


def test_one_line_in_is_one_message_whatever_bytes_it_holds():
    long = "x" * 40_000
    source = f"een\r\n\n\u2028twee\u2029\n{long}\n\x00nul\n".encode() + b"\xff\xfe kapot\nlaatste"
    lines = list(Pipe(io.BytesIO(source), io.StringIO()).lines())
    assert lines == ["een", "", "\u2028twee\u2029", long, "\x00nul", "\ufffd\ufffd kapot", "laatste"]


def test_a_person_sees_the_text_as_written_never_as_markup():
    written = io.StringIO()
    console = Console(file=written, width=60, force_terminal=True, highlight=False, color_system=None)
    Screen(console).show(message("[bold]Klopt[/bold] {{ 7*7 }} :smile:", ["[red]Ja"]))
    assert "[bold]Klopt[/bold] {{ 7*7 }} :smile:" in written.getvalue()
    assert "[1] [red]Ja" in written.getvalue()
