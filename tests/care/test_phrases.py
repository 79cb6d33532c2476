"""How a phrase is written: each sign that the rules may use, and what happens when one is written wrongly."""

from __future__ import annotations

import copy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialogues.care import CareRules
from dialogues.phrases import END, fold, index, one_slip, patterns_of, spellings
from dialogues.spotting import Spotter

GROUPS = {
    "pupil": ["leerling*", "kind"],
    "adult": ["<staff>", "vader"],
    "staff": ["juf"],
    "wish": ["dood wil", "wil ... dood"],
}


def found(phrase: str, text: str) -> bool:
    patterns = patterns_of(phrase, GROUPS)
    between = [word for group in ("<pupil>", "<adult>", "ik") for [(_, word)] in patterns_of(group, GROUPS)]
    return Spotter.of(patterns, between, ["leerling*"]).read(text).holds(index(patterns))


@pytest.mark.parametrize(
    ("phrase", "yes", "no"),
    [
        ("wil dood", "ik wil dood", "ik wil niet dood"),
        ("wil/wou dood", "ik wou dood", "ik zou dood"),
        ("zelf*", "zelfmoord", "hijzelf"),
        ("*wapen", "een vuurwapen", "wapenstok"),
        ("<pupil> zegt", "het kind zegt", "de vader zegt"),
        ("<adult> zegt", "de juf zegt", "het kind zegt"),
        ("<pupil> <wish>", "een kind dood wil", "een kind dood"),
        ("wil ... dood", "wil nu echt heel erg graag maar dood", "wil een twee drie vier vijf zes zeven dood"),
        ("wil ... dood", "wil nu dood", "ik wil. Hij is dood"),
        ("<pupil> ~ <wish>", "een leerling die altijd lacht dood wil", "een leerling vertelt dat haar vader dood wil"),
        ("<pupil> ~ <wish>", "een kind dat dood wil", "het kind weet niet dat ik dood wil"),
        ("<pupil> & huilt", "wat huilt dat kind", "wat huilt. Dat kind"),
        ("<pupil> >> huilt", "een kind. Later, veel later en ergens anders: hij huilt", "hij huilt om een kind"),
        ("niet meer .", "hij kan niet meer. Echt", "hij kan niet meer slapen"),
        ("zei : ik", "zij zei: ik kom", "zij zei ik kom"),
        ("leerling", "een leerling", "een leerlink"),
        ("leerling*", "een leerlng", "een teerlinge"),
    ],
)
def test_a_phrase_means_what_the_rules_say(phrase, yes, no):
    assert found(phrase, yes)
    assert not found(phrase, no)


def test_the_words_of_a_phrase_that_was_found_can_be_taken_out():
    patterns = patterns_of("schrik ... dood", GROUPS)
    spotter = Spotter.of([*patterns, *patterns_of("dood", GROUPS)], [], [])
    for text, left in (("ik schrik me dood", False), ("ik schrik me dood, ik wil dood", True)):
        read = spotter.read(text)
        assert read.without(read.covered(index(patterns))).holds(index(patterns_of("dood", GROUPS))) is left


def test_folding_keeps_words_and_ends_of_sentences_only():
    assert fold("Zo'n ‘Dág’!  Écht… 3,5 u n\u200bu") == ("zon", "dag", END, "echt", "3", "5", "u", "nu", END)
    assert fold("z e l f m o o r d") == ("zelfmoord", END)
    assert fold("hij zei: nee, om 15:30") == ("hij", "zei", ":", "nee", "om", "15", "30", END)


def test_drawn_out_letters_are_read_with_one_and_with_two():
    assert spellings("dooood") == ("dooood", "dood", "dod")
    assert spellings("boom") == ("boom",)


@pytest.mark.parametrize(
    ("word", "other", "near"),
    [
        ("zelfmord", "zelfmoord", True),
        ("zelfmoort", "zelfmoord", True),
        ("zelfmorod", "zelfmoord", True),
        ("zelfmoordje", "zelfmoord", False),
        ("zelfroem", "zelfmoord", False),
        ("dood", "dood", False),
    ],
)
def test_one_slip_is_one_letter_or_two_swapped(word, other, near):
    assert one_slip(word, other) is near


@pytest.mark.parametrize("phrase", ["... dood", "wil ...", "<nobody> wil", "wil i.b.er"])
def test_a_phrase_written_wrongly_is_refused_by_name(phrase, structure):
    broken = copy.deepcopy(structure)
    broken["signals"]["nl"]["home"] += f"\n{phrase}"
    with pytest.raises(ValueError, match=r"signals\.nl\.home"):
        CareRules.from_data(broken)


@pytest.mark.parametrize("part", ["numbers", "signals", "fresh_days"])
def test_rules_without_a_part_are_refused(part, structure):
    with pytest.raises(ValueError, match="care"):
        CareRules.from_data({name: value for name, value in structure.items() if name != part})


@given(st.text(st.characters(max_codepoint=127)))
def test_a_text_without_accents_is_read_as_one_with_accents_is(text):
    assert fold(f"{text} een") == fold(f"{text} één")
