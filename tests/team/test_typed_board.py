"""A board typed over in one message: what is understood, what is not, and that no line gets lost."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content.board_words import BoardWords
from content.catalogue import load
from content.folding import fold
from dialogues.replies import clean, has_words
from dialogues.team.typed_board import LONGEST, SHOWN, Piece, Sort, Unclear, parts_of, read_board, told
from tests.reliability.hostile import TEXTS

CATALOGUE = load()
HEADS = BoardWords(CATALOGUE.books)
MEMBERS = ("Jet", "Sanne", "R.")
BOARD = """Ons bord 1 december

Doelen
1. Elke leerling kan zeggen wat hij nog moet leren
Acties:
- R. – drie leerlingen vragen – do
[x] Jet – lesvoorbeeld delen – vr

Succes: groep 6 gaf elkaar feedback
Stem van de leerling
“Ik weet het pas als ik de toets terugkrijg.”
Volgende keer leidt: Jet
"""


def sorts(text: str) -> list[tuple[str, str]]:
    """Return the sort and the text of everything understood in *text*."""
    return [(piece.sort.value, piece.text) for piece in read_board(text, HEADS, MEMBERS).pieces]


def test_a_whole_board_is_read_line_by_line():
    typed = read_board(BOARD, HEADS, MEMBERS)
    assert typed.pieces == (
        Piece(Sort.GOAL, "Elke leerling kan zeggen wat hij nog moet leren", 4),
        Piece(Sort.ACTION, "R. – drie leerlingen vragen – do", 6),
        Piece(Sort.ACTION, "Jet – lesvoorbeeld delen – vr", 7, done=True),
        Piece(Sort.SUCCESS, "groep 6 gaf elkaar feedback", 9),
        Piece(Sort.VOICE, "“Ik weet het pas als ik de toets terugkrijg.”", 11),
        Piece(Sort.LEAD, "Jet", 12),
    )
    assert [(one.text, one.line, one.why) for one in typed.strange] == [("Ons bord 1 december", 1, Unclear.UNKNOWN)]
    assert typed.heads == (3, 5, 10)


@pytest.mark.parametrize(
    ("line", "sort", "text"),
    [
        ("Doel: lezen met plezier", "goal", "lezen met plezier"),
        ("DOEL 2 : lezen", "goal", "lezen"),
        ("doel lezen met plezier", "goal", "lezen met plezier"),
        ("/doel lezen met plezier", "goal", "lezen met plezier"),
        ("* Goal = reading", "goal", "reading"),
        ("succes – een stille leerling vroeg iets", "success", "een stille leerling vroeg iets"),
        ("Success: group 6", "success", "group 6"),
        ("stem: ik weet het pas", "voice", "ik weet het pas"),
        ("Leerlingen zeiden: te snel", "voice", "te snel"),
        ("Voice of the pupil: too fast", "voice", "too fast"),
        ("Zorg: te veel toetsen", "worry", "te veel toetsen"),
        ("Leidt volgende keer: Sanne", "lead", "Sanne"),
        ("R. – drie leerlingen vragen – do", "action", "R. – drie leerlingen vragen – do"),
        ("R. - ask three pupils - Thursday", "action", "R. - ask three pupils - Thursday"),
        ("M | ouders bellen | wo", "action", "M | ouders bellen | wo"),
        ("Jet – opruimen", "action", "Jet – opruimen"),
        ("jet; opruimen", "action", "jet; opruimen"),
        ("Actie: R. – bel om 8:30 – do", "action", "R. – bel om 8:30 – do"),
        ("Actie R.: bellen", "action", "R.: bellen"),
        ("actie opruimen", "action", "opruimen"),
        ("3) Actie: opruimen", "action", "opruimen"),
        ("☐ R. – lezen – vr", "action", "R. – lezen – vr"),
    ],
)
def test_one_line_says_what_it_is(line, sort, text):
    assert sorts(line) == [(sort, text)]


@pytest.mark.parametrize(
    "line",
    [
        "Ons bord",
        "leerlingen vragen wat ze weten",
        "leerlingen vragen – donderdag",
        "Let op: vrijdag studiedag",
        "om 8:30 beginnen",
        "Iemand met een lange naam – doet iets – morgen",
        "Bel - 5 min",
        "doelpunt gemaakt",
    ],
)
def test_what_says_nothing_of_itself_is_not_guessed(line):
    typed = read_board(line, HEADS, MEMBERS)
    assert not typed.pieces
    assert [one.text for one in typed.strange] == [line]


def test_known_bad_a_reader_that_takes_the_first_word_for_a_head_would_guess():
    """Taking any first word that is a name of something, colon or not, makes a voice of an action."""
    assert HEADS.sort_of("leerlingen") == "voice"
    assert not HEADS.opens("leerlingen")
    assert sorts("leerlingen vragen – donderdag") == []


def test_under_a_head_a_line_is_what_the_head_says_unless_it_says_otherwise():
    assert sorts("Acties\nleerlingen vragen – donderdag\nDoel: lezen\nopruimen") == [
        ("action", "leerlingen vragen – donderdag"),
        ("goal", "lezen"),
        ("action", "opruimen"),
    ]


@pytest.mark.parametrize("mark", ["[x]", "[X]", "☑", "✓", "✅", "- [x]", "1. [v]"])
def test_a_tick_says_that_it_was_done(mark):
    (piece,) = read_board(f"{mark} R. – lezen – vr", HEADS).pieces
    assert piece.done
    assert piece.text == "R. – lezen – vr"
    (blank,) = read_board("[ ] R. – lezen – vr", HEADS).pieces
    assert not blank.done


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("R. – drie leerlingen vragen – do", ("R.", "drie leerlingen vragen", "do")),
        ("Jet – opruimen", ("Jet", "opruimen", "")),
        ("opruimen – vrijdag", ("", "opruimen", "vrijdag")),
        ("opruimen", ("", "opruimen", "")),
        ("R. – lezen – schrijven – vr", ("R.", "lezen – schrijven", "vr")),
        ("r – lezen – vr", ("r", "lezen", "vr")),
        ("Iemand met een lange naam – lezen – vr", ("", "Iemand met een lange naam – lezen", "vr")),
        ("e-mail naar ouders – vr", ("", "e-mail naar ouders", "vr")),
    ],
)
def test_an_action_has_who_what_and_when(text, parts):
    assert parts_of(text, MEMBERS) == parts


def test_what_is_too_long_is_told_and_kept_whole():
    line = "Doel: " + "a" * (LONGEST + 1)
    (one,) = read_board(line, HEADS).strange
    assert (one.text, one.why) == (line, Unclear.LONG)
    assert not read_board("Doel: " + "a" * LONGEST, HEADS).strange


# -- no line gets lost -------------------------------------------------------------------------------------------------

WORDS = st.sampled_from(
    [
        *("doel", "Doelen", "actie:", "Stem van de leerling", "succes:", "zorg", "volgende keer leidt:", "Goal 1:"),
        *("R.", "Jet", "–", "-", "|", ";", ":", "1.", "2)", "[x]", "☐", "•", "/", "\t", "do", "groep 6", "“ja”", "\n"),
        *("\n\n", "8:30", "éé́n", "👍", "\u2028", "\x00", "x" * 310),
    ]
)
MESSAGES = st.one_of(st.text(max_size=200), st.lists(WORDS, max_size=40).map(" ".join))


@given(MESSAGES)
def test_every_line_comes_back_exactly_once(text):
    typed = read_board(text, HEADS, MEMBERS)
    lines = [number for number, line in enumerate(clean(text).splitlines(), 1) if has_words(line)]
    back = [*(one.line for one in typed.pieces), *(one.line for one in typed.strange), *typed.heads]
    assert sorted(back) == lines


@given(MESSAGES)
def test_of_a_line_nothing_is_left_out_but_its_mark_and_its_head(text):
    lines = dict(enumerate(clean(text).splitlines(), 1))
    typed = read_board(text, HEADS, MEMBERS)
    for piece in typed.pieces:
        line = lines[piece.line].strip()
        assert line.endswith(piece.text)
        before = line.removesuffix(piece.text)
        left = "".join(letter for letter in before if letter not in "[xXvV]☐☑✓✔✅\ufe0f/")
        left = left.strip(" \t-–—•*·▪◦>:=.)")
        assert not has_words(left.strip("0123456789.) \t-–—•*")) or HEADS.sort_of(strip_marks(before))
    for one in typed.strange:
        assert one.text == lines[one.line].strip()


def strip_marks(before: str) -> str:
    """Return the words of a head, without what stood around it."""
    words = [word for word in fold(before.replace("/", " ").replace("=", " ")).split() if any(map(str.isalpha, word))]
    return " ".join(word.strip(":–—-=.)") for word in words if word not in ("[x]", "[v]"))


@given(MESSAGES)
def test_the_parts_of_an_action_hold_every_word_of_it(text):
    who, what, when = parts_of(text, MEMBERS)
    together = f"{who}{what}{when}"
    assert [c for c in together if c.isalnum()] == [c for c in text if c.isalnum()]


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("text", [*TEXTS, BOARD, BOARD * 40, "doel: x\n" * 2000])
def test_whatever_is_typed_gets_a_message_that_fits(text, language):
    said = CATALOGUE.render(told(read_board(text, HEADS, MEMBERS), MEMBERS), language).text
    assert 0 < len(said) < 4096


# -- what is said ------------------------------------------------------------------------------------------------------


def test_the_answer_says_what_was_understood_and_what_was_not():
    say = told(read_board(BOARD + "\nDoel: " + "a" * 400, HEADS, MEMBERS), MEMBERS)
    assert CATALOGUE.render(say, "nl").text == (
        "Zo lees ik jullie bord:\n"
        "• Doel: Elke leerling kan zeggen wat hij nog moet leren\n"
        "• Actie: R., drie leerlingen vragen (do)\n"
        "• Actie: Jet, lesvoorbeeld delen (vr), gedaan\n"
        "• Succes: groep 6 gaf elkaar feedback\n"
        "• Stem van de leerling: Ik weet het pas als ik de toets terugkrijg.\n"
        "• Leidt volgende keer: Jet\n\n"
        "Deze regels begrijp ik niet. Ze komen niet op het bord:\n"
        "regel 1: Ons bord 1 december\n"
        f"regel 14: Doel: {'a' * 43}… (langer dan 300 tekens)\n\n"
        "Begin zo'n regel met doel, actie, succes of stem, en een dubbele punt.\n\n"
        "Zal ik het zo op het bord zetten?"
    )
    assert [choice.id for choice in say.choices] == ["yes", "no"]


def test_more_than_a_message_holds_is_counted():
    text = CATALOGUE.render(told(read_board("doel: x\nzomaar\n" * (SHOWN + 2), HEADS)), "en").text
    assert text.count("and 2 more.") == 2


@pytest.mark.parametrize("text", ["zomaar iets", "", "Doelen\nActies"])
def test_when_nothing_was_understood_the_answer_shows_how_to_type_a_board(text):
    say = told(read_board(text, HEADS))
    assert not say.choices
    example = CATALOGUE.render(say, "nl").text.partition("\n\n")[2].partition("\n")[2]
    assert [piece.sort for piece in read_board(example, HEADS).pieces] == ["goal", "action", "success", "voice"]


def test_both_languages_name_every_sort():
    for sort in Sort:
        for language in ("nl", "en"):
            word = CATALOGUE.books[language].texts[f"typed_board.sorts.{sort}"].text
            assert HEADS.sort_of(word) == sort, word
