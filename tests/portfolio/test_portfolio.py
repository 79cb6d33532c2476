"""Which themes and pieces a portfolio can hold, what is proposed, and what goes in."""

from dataclasses import replace

import pytest

from dialogues import portfolio, statements
from dialogues.conversation import Journey, Kind, Mark, Phase, Phrase, Whose
from dialogues.paths import Stretch, path_of
from dialogues.portfolio import Part, compose, themes
from tests.portfolio import sample
from tests.portfolio.sample import COACH, FORMER, JOURNAL, JOURNEYS, NOW, PAGE, STATEMENT, at, page


def by_id(of=PAGE):
    return {piece.id: piece for theme in themes(of) for piece in theme.pieces}


def test_journeys_about_one_topic_are_one_theme_and_the_last_one_worked_on_comes_first():
    again = Journey("j3", Whose.TEAM, " Lesbezoek ", "wij vermijden het", "wij kijken bij elkaar", at(2026, 11, 1))
    found = themes(page(journeys=(*JOURNEYS, again)))
    assert [(theme.id, [journey.id for journey in theme.journeys]) for theme in found] == [
        ("j2", ["j2", "j3"]),
        ("j1", ["j1"]),
        ("loose", []),
    ]
    assert found[0].topic == " Lesbezoek "
    assert found[1].topic == Phrase("topics.mindsets.leading.label")


def test_journeys_without_a_topic_stay_apart_under_where_they_go():
    first, second = (replace(JOURNEYS[1], id=id_, topic="") for id_ in ("j4", "j5"))
    found = [theme for theme in themes(page(journeys=(first, second))) if theme.journeys]
    assert {theme.id: theme.topic for theme in found} == {"j4": first.to, "j5": second.to}


def test_a_signal_of_crisis_is_no_piece_and_cannot_be_chosen():
    assert "r17" not in by_id()
    made = compose(PAGE, {"j1": ["r17"]}, NOW)
    assert not any(pieces for pieces in made.chapters[0].parts.values())


def test_bad_variant_without_the_rule_a_signal_of_crisis_would_be_a_piece(monkeypatch):
    monkeypatch.setattr(portfolio, "NEVER", frozenset())
    assert "r17" in by_id()


def test_what_is_proposed_holds_nothing_that_is_likely_to_be_sensitive():
    proposed = {theme.id: set(theme.usual) for theme in themes(PAGE)}
    assert proposed["j1"] == {"p1", "r4", "r5", "p2", "r8", "r9", "p3", "r12", "r13", "r15", "r16"}
    # A reason and a worry are hers to add; about a colleague only her own plan is proposed.
    assert not {"r1", "r3"} & proposed["j1"]
    assert proposed["j2"] == {"p4"}


def test_a_piece_with_what_seems_a_full_name_is_marked_and_not_proposed():
    piece = by_id()["r21"]
    assert (piece.named, piece.usual) == (True, False)
    plans = tuple(replace(plan, act="bel ik Karin de Vries") if plan.id == "p1" else plan for plan in sample.PLANS)
    assert (by_id(page(plans=plans))["p1"].named, by_id(page(plans=plans))["p1"].usual) == (True, False)


def test_every_piece_stands_under_its_heading():
    parts = {id_: piece.part for id_, piece in by_id().items()}
    assert (parts["r1"], parts["r3"]) == (Part.REASON, Part.REASON)
    assert (parts["p1"], parts["r4"], parts["r5"]) == (Part.TRIED, Part.CAME, Part.MEANING)
    assert (parts["r12"], parts["r16"], parts["r15"]) == (Part.EFFECT, Part.EFFECT, Part.MEANING)


def test_only_what_was_chosen_goes_in_and_what_does_not_exist_is_passed_over():
    made = compose(PAGE, {"j1": ["p1", "r5", "r999", "r20"], "j9": ["r1"]}, NOW)
    [chapter] = made.chapters
    assert [piece.id for pieces in chapter.parts.values() for piece in pieces] == ["p1", "r5"]
    assert (chapter.first, chapter.last) == (at(2025, 9, 3, 13), at(2026, 4, 21))


def test_nothing_of_another_theme_comes_along():
    made = compose(PAGE, {"j2": [piece for theme in themes(PAGE) for piece in theme.usual]}, NOW)
    assert [piece.id for pieces in made.chapters[0].parts.values() for piece in pieces] == ["p4"]


def test_the_path_tells_each_move_and_the_place_where_it_is_now():
    stops = path_of(JOURNEYS[0], JOURNAL)
    assert [stop.phase for stop in stops] == [4, 5, 6, 5, 6, 7]
    assert (stops[0].begun, stops[0].phase) == (at(2025, 9, 3), Phase.NOT_DARING)
    moved = replace(JOURNEYS[0], phase=Phase.ACTING, changed=NOW)
    assert path_of(moved, JOURNAL)[-1] == Stretch(Phase.ACTING, NOW, 0)
    assert path_of(replace(JOURNEYS[0], phase=None), ()) == ()


def test_a_theme_says_when_it_is_longer_than_about_one_page():
    long = tuple(replace(kept, text=kept.text * 50) if kept.id == "r5" else kept for kept in JOURNAL)
    assert not compose(PAGE, {"j1": ["r5"]}, NOW).chapters[0].long
    assert compose(replace(PAGE, journal=long), {"j1": ["r5"]}, NOW).chapters[0].long


@pytest.mark.parametrize(
    ("changes", "inside"),
    [
        ({}, True),
        ({"accepted": False}, False),
        ({"accepted": False, "answered": None}, False),
        ({"about": "j2"}, False),
    ],
)
def test_a_statement_goes_in_with_her_yes_alone_and_under_its_own_theme(changes, inside):
    of = page(statements=(replace(STATEMENT, **changes),))
    [chapter] = compose(of, {"j1": []}, NOW).chapters
    assert bool(chapter.agreed) == inside


def test_a_statement_she_accepted_stays_hers_when_the_link_ends():
    ended = tuple(replace(link, ended=NOW) for link in sample.LINKS)
    [chapter] = compose(page(links=ended), {"j1": []}, NOW).chapters
    assert [(one.name, one.statement.id) for one in chapter.agreed] == [("Marjan", "s1")]


def test_a_statement_waits_is_answered_once_and_is_replaced_until_then():
    conversation = page(statements=()).conversation
    conversation, first = statements.with_statement(conversation, COACH, "j1", "Eerste.", NOW)
    conversation, second = statements.with_statement(conversation, COACH, "j1", "Tweede.", NOW)
    assert (first.id, second.id) == ("s2", "s3")
    assert [one.text for one in statements.waiting(conversation)] == ["Tweede."]
    assert statements.untold(conversation)
    assert not statements.untold(statements.told(conversation, NOW))
    accepted = statements.answered(conversation, "s3", NOW, accepted=True)
    assert statements.waiting(accepted) == ()
    assert statements.answered(accepted, "s3", NOW, accepted=False) == accepted
    later, _third = statements.with_statement(accepted, COACH, "j1", "Derde.", NOW)
    assert [one.text for one in later.statements] == ["Tweede.", "Derde."]


def test_a_statement_of_a_coach_who_is_gone_waits_no_more():
    conversation, _ = statements.with_statement(page(statements=()).conversation, FORMER, "j1", "Nog iets.", NOW)
    assert statements.waiting(conversation) == ()


def test_an_effect_in_the_school_is_proposed_for_a_colleague_too():
    effect = replace(JOURNAL[15], id="r30", journey="j2")
    assert by_id(replace(PAGE, journal=(*JOURNAL, effect)))["r30"].usual
    proof = replace(JOURNAL[18], mark=Mark.PROOF)
    assert not by_id(replace(PAGE, journal=(*JOURNAL[:18], proof, *JOURNAL[19:])))["r19"].usual
    assert Kind.EFFECT not in portfolio.NEVER
