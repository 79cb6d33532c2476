"""The lenses of a coach: each says something when its rule is met, stays quiet otherwise, and reads what is shared only."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from content.cues import cues
from dialogues import lenses
from dialogues.coaching import CoachId, Grant, Level, Link
from dialogues.conversation import (
    Conversation,
    Frame,
    Journey,
    Kind,
    LeaderId,
    Phase,
    Plan,
    Reflection,
    Result,
    Say,
    Whose,
)
from dialogues.lenses import NAMED, Lens, about, hints
from dialogues.next_questions import next_questions
from dialogues.paths import Stretch, path
from dialogues.ports import Page
from dialogues.sharing import shown

COACH = CoachId("c1")
DAY = timedelta(days=1)
BEGIN = datetime(2026, 9, 1, 9, tzinfo=UTC)


@pytest.fixture(scope="module")
def signs(catalogue):
    return cues(catalogue)


def kept(number, text, kind=Kind.ANSWER, **more):
    fields = {"journey": "j1", "phase": Phase.ACTING, "question": "Wat gebeurde er?", **more}
    return Reflection(f"r{number}", kind, text, BEGIN + number * DAY, **fields)


def planned(number, **more):
    fields = {"act": "eerst vragen", "moment": "dinsdag in het overleg", **more}
    return Plan(f"p{number}", "j1", BEGIN + number * DAY, **fields)


def page(journal=(), plans=(), level=Level.JOURNEY, whose=Whose.OWN, private=(), **journey):
    """Return what the coach sees: the whole journey, or each reflection of it at *level*."""
    grants = (
        (Grant("g0", COACH, Level.JOURNEY, "j1", BEGIN, "v1"),)
        if level is Level.JOURNEY
        else tuple(Grant(f"g{one.id}", COACH, level, one.id, BEGIN, "v1") for one in journal)
    )
    conversation = Conversation(
        LeaderId("telegram:1"),
        "1",
        "nl",
        Frame("home", "menu", "n1"),
        journeys=(
            Journey("j1", whose, "leren", "zelf uitleggen", "eerst vragen", BEGIN, phase=Phase.ACTING, **journey),
        ),
        plans=tuple(plans),
        links=(Link(COACH, "h" * 32, "Coach", "Bureau", inside=False, since=BEGIN),),
        grants=grants,
    )
    return shown(Page(conversation, (*journal, *private)), COACH, BEGIN + 90 * DAY)


MET = {
    Lens.LOAD: page([kept(1, "Ik ben doodmoe van deze weken."), kept(9, "Het is te veel, ik lag wakker.")]),
    Lens.MUST: page([kept(1, "Het moet van het bestuur."), kept(2, "We moeten nu eenmaal.")]),
    Lens.PHASE: page([kept(1, "Ik twijfel of dit wel klopt.")]),
    Lens.EVENT: page([kept(n, "Ze kwam binnen en zei dat het rooster uitliep", Kind.CHECKIN) for n in (1, 2, 3)]),
    Lens.VAGUE: page(plans=[planned(1, moment="ergens")]),
    Lens.CARD: page(plans=[planned(n, card="experiment") for n in (1, 2, 3)]),
    Lens.POSTPONED: page(plans=[planned(n, result=Result.NOT) for n in (1, 2)]),
    Lens.LABELLED: page([kept(1, "Ik laat de collega's iets zeggen.", card="group_pressure", label="pressure")]),
    Lens.WHOSE: page([kept(n, "Zij begint er niet aan") for n in (1, 2, 3)], whose=Whose.COLLEAGUE),
}
NOT_MET = {
    Lens.LOAD: page([kept(1, "Ik ben doodmoe van deze weken."), kept(40, "Het is te veel.")]),
    Lens.MUST: page([kept(1, "Het moet van het bestuur."), kept(2, "We moeten, en ik wil het ook.")]),
    Lens.PHASE: page([kept(1, "Ik twijfel of dit wel klopt.", phase=Phase.NOT_YET_WANTING)]),
    Lens.EVENT: page(
        [kept(n, "Ze kwam binnen en zei dat het rooster uitliep", Kind.CHECKIN) for n in (1, 2)]
        + [kept(3, "Ze kwam binnen en ik merkte dat ik zweeg", Kind.CHECKIN)]
    ),
    Lens.VAGUE: page(plans=[planned(1), planned(2, moment="", result=Result.DONE), planned(3, moment="", kind="wait")]),
    Lens.CARD: page(plans=[planned(n, card=card) for n, card in enumerate(("goals", "experiment", "goals"))]),
    Lens.POSTPONED: page(plans=[planned(1, result=Result.NOT), planned(2, result=Result.PARTLY), planned(3)]),
    Lens.LABELLED: page([kept(1, "Ik vraag het eerst.", card="experiment")]),
    Lens.WHOSE: page(
        [kept(1, "Zij begint er niet aan"), kept(2, "Ze wil niet"), kept(3, "Ik vroeg door")], whose=Whose.TEAM
    ),
}


@pytest.mark.parametrize("lens", list(Lens))
def test_a_lens_says_something_when_its_rule_is_met_and_names_what_it_rests_on(signs, lens):
    found = [hint for hint in hints(MET[lens], signs) if hint.lens is lens]
    assert len(found) == 1
    assert found[0].pieces or found[0].plans
    assert found[0].journey == "j1"


@pytest.mark.parametrize("lens", list(Lens))
def test_a_lens_is_quiet_when_its_rule_is_not_met(signs, lens):
    assert lens not in {hint.lens for hint in hints(NOT_MET[lens], signs)}


def test_a_summary_counts_for_no_lens_that_reads_words(signs):
    heavy = [kept(1, "Ik ben doodmoe en het moet."), kept(2, "Het is te veel en het moet.")]
    assert {hint.lens for hint in hints(page(heavy, level=Level.PIECE), signs)} >= {Lens.LOAD, Lens.MUST}
    assert hints(page(heavy, level=Level.SUMMARY), signs) == ()


def test_what_is_not_shared_changes_no_hint(signs):
    shared = [kept(1, "Het moet."), kept(2, "Het moet.")]
    private = [kept(3, "Ik ben doodmoe."), kept(4, "Het is te veel, ik lag wakker."), kept(5, "Ik wil het zelf.")]
    seen = hints(page(shared, level=Level.PIECE), signs)
    assert len(seen) == 1
    assert hints(page(shared, level=Level.PIECE, private=private), signs) == seen


def test_a_sentence_that_is_shared_alone_is_read_alone(signs):
    text = "Het moet. Ik ben doodmoe."
    journal = [kept(1, text), kept(2, text)]
    seen = page(journal, level=Level.PIECE)
    whole = {hint.lens for hint in hints(seen, signs)}
    one = replace(seen, pieces=tuple(replace(piece, text="Het moet.", sentence=True) for piece in seen.pieces))
    assert whole == {Lens.LOAD, Lens.MUST}
    assert {hint.lens for hint in hints(one, signs)} == {Lens.MUST}


def test_a_hint_names_the_latest_pieces_and_counts_all(signs):
    (found,) = hints(page([kept(n, "Het moet.") for n in range(1, 9)]), signs)
    assert (found.count, len(found.pieces)) == (8, NAMED)
    assert found.pieces[-1] == "r8"
    assert about([found], "r8") == (found,)
    assert about([found], "r1") == ()


def test_loose_pieces_with_the_same_card_count_by_day(signs):
    same_day = [kept(1, "wie, waar", Kind.PLAN, card="goals") for _ in range(3)]
    days = [kept(n, "wie, waar", Kind.PLAN, card="goals") for n in (1, 2, 3)]
    ids = [replace(one, id=f"r{n}") for n, one in enumerate(same_day)]
    assert not [hint for hint in hints(page(ids, level=Level.PIECE), signs) if hint.lens is Lens.CARD]
    assert [hint.card for hint in hints(page(days, level=Level.PIECE), signs) if hint.lens is Lens.CARD] == ["goals"]


def test_signs_are_known_in_both_languages_whoever_reads(signs):
    assert hints(page([kept(1, "We have to."), kept(2, "It was imposed.")]), signs)[0].lens is Lens.MUST


def test_a_word_is_read_the_same_when_all_that_was_met_before_is_forgotten(signs, monkeypatch):
    texts = ["We moeten dit, ik wil het.", "Ik wil het.", "Het moet.", "Ik twijfel."]
    remembered = [signs.signs(text) for text in texts]
    monkeypatch.setattr(lenses, "WORDS_REMEMBERED", 1)
    assert [signs.signs(text) for text in texts] == remembered
    assert len(set(remembered)) > 1


def test_a_path_goes_from_phase_to_phase_and_back():
    dated = [(BEGIN + n * DAY, phase) for n, phase in enumerate((Phase(3), Phase(3), None, Phase(4), Phase(3)))]
    assert path(reversed(dated)) == (
        Stretch(Phase(3), BEGIN, 2),
        Stretch(Phase(4), BEGIN + 3 * DAY, 1),
        Stretch(Phase(3), BEGIN + 4 * DAY, 1),
    )
    assert path([]) == ()


@pytest.mark.parametrize("phase", [None, *Phase])
@pytest.mark.parametrize("whose", [*Whose, ""])
def test_each_question_for_a_coach_has_words_a_model_and_its_authors(catalogue, phase, whose):
    found = next_questions(catalogue.repertoire, phase, whose, 5)
    assert 1 <= sum(len(one.questions) for one in found) <= 5
    for one in found:
        for language in ("nl", "en"):
            assert all(catalogue.render(Say(asked.key), language).text.endswith("?") for asked in one.questions)
            assert catalogue.render(Say(one.title.key), language).text
            assert catalogue.render(Say(one.authors.key), language).text


def test_the_next_time_other_questions_come_first(catalogue):
    first, second = (next_questions(catalogue.repertoire, Phase(4), "own", turn)[0].questions for turn in (0, 1))
    assert first != second
