"""What a coach may see: nothing but what a grant gives, at the moment of looking."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from dialogues import sharing
from dialogues.coaching import CoachId, Grant, Level, Link
from dialogues.conversation import (
    Conversation,
    Correction,
    Frame,
    Journey,
    Kind,
    LeaderId,
    Phase,
    Plan,
    Reflection,
    Whose,
)
from dialogues.ports import Page
from tests.dialogues.held import TUESDAY

ANNA, BERT = CoachId("anna"), CoachId("bert")
LATER = TUESDAY + timedelta(days=3)


def link(coach: CoachId = ANNA, *, ended: datetime | None = None) -> Link:
    return Link(coach, f"handle-{coach}", coach.title(), "De Praktijk", inside=False, since=TUESDAY, ended=ended)


def grant(about: str = "r1", level: Level = Level.PIECE, coach: CoachId = ANNA, **values: object) -> Grant:
    return Grant(f"g-{coach}-{about}-{level}", coach, level, about, TUESDAY, "v1", **values)


def kept(id_: str, text: str, **values: object) -> Reflection:
    return Reflection(id_, values.pop("kind", Kind.ANSWER), text, TUESDAY, **values)


JOURNAL = (
    kept(
        "r1", "Kanarie. Ik wil eerst vragen.", question="Wat wil je?", journey="j1", phase=Phase.NOT_DARING, card="c4"
    ),
    kept("r2", "Zij kijkt weg.", journey="j1"),
    kept("r3", "Ik zie het niet meer zitten.", journey="j1", kind=Kind.CARE),
    kept("r4", "Iets anders.", journey="j2"),
)


def page(*grants: Grant, links: tuple[Link, ...] = (link(),), journal: tuple[Reflection, ...] = JOURNAL) -> Page:
    journey = Journey("j1", Whose.OWN, "lesbezoek", "uitleggen", "vragen", TUESDAY)
    plan = Plan("p1", "j1", TUESDAY)
    conversation = Conversation(
        LeaderId("leader"),
        "here",
        "nl",
        Frame("home", "menu", "1"),
        consent=TUESDAY,
        journeys=(journey,),
        plans=(plan,),
        links=links,
        grants=grants,
    )
    return Page(conversation, journal)


def texts(found: sharing.Shown | None) -> dict[str, str]:
    return {piece.id: piece.text for piece in found.pieces} if found else {}


def test_prv_3_nothing_is_shared_by_default() -> None:
    assert texts(sharing.shown(page(), ANNA, LATER)) == {}
    assert sharing.shown(page(links=()), ANNA, LATER) is None


def test_a_piece_is_shared_whole_with_its_question() -> None:
    [piece] = sharing.shown(page(grant()), ANNA, LATER).pieces
    assert (piece.text, piece.question, piece.phase, piece.card) == (JOURNAL[0].text, "Wat wil je?", 4, "c4")


def test_a_summary_holds_no_word_that_she_wrote() -> None:
    [piece] = sharing.shown(page(grant(level=Level.SUMMARY)), ANNA, LATER).pieces
    assert (piece.text, piece.question) == ("", "")
    assert (piece.phase, piece.card) == (4, "c4")


def test_of_one_sentence_only_that_is_shared() -> None:
    found = sharing.shown(page(grant(sentence="Ik wil eerst vragen.")), ANNA, LATER)
    assert texts(found) == {"r1": "Ik wil eerst vragen."}
    assert found.pieces[0].sentence


def test_a_shared_sentence_that_was_corrected_away_shows_nothing_in_its_place() -> None:
    corrected = (replace(JOURNAL[0], text="Iets heel anders."), *JOURNAL[1:])
    found = sharing.shown(page(grant(sentence="Ik wil eerst vragen."), journal=corrected), ANNA, LATER)
    assert texts(found) == {"r1": ""}


def test_a_journey_is_shared_with_its_plans_and_with_what_is_written_later_but_never_a_crisis() -> None:
    given = grant("j1", Level.JOURNEY, until=LATER + timedelta(days=1))
    found = sharing.shown(page(given, journal=(*JOURNAL, kept("r5", "Later.", journey="j1"))), ANNA, LATER)
    assert list(texts(found)) == ["r1", "r2", "r5"]
    assert [(one.id, [plan.id for plan in one.plans]) for one in found.journeys] == [("j1", ["p1"])]


def test_care_5_a_crisis_is_not_shared_whatever_a_grant_says() -> None:
    assert texts(sharing.shown(page(grant("r3")), ANNA, LATER)) == {}


def test_of_two_grants_about_one_reflection_the_wider_counts() -> None:
    given = (grant(sentence="Kanarie."), grant(level=Level.SUMMARY), grant("j1", Level.JOURNEY))
    found = sharing.shown(page(*given), ANNA, LATER)
    assert texts(found)["r1"] == JOURNAL[0].text


@pytest.mark.parametrize(
    ("links", "given"),
    [
        ((link(),), (grant(withdrawn=TUESDAY),)),
        ((link(),), (grant(until=LATER),)),
        ((link(ended=LATER),), (grant(),)),
        ((link(), link(BERT)), (grant(coach=BERT),)),
        ((link(BERT),), (grant(),)),
        ((link(),), (grant(level=Level.ONLY_ME),)),
        ((link(),), (grant("r99"),)),
        ((link(),), (grant("", Level.JOURNEY),)),
    ],
    ids=["withdrawn", "expired", "ended", "another_coach", "no_link", "only_me", "gone", "no_journey"],
)
def test_prv_2_what_does_not_hold_shows_nothing(links: tuple[Link, ...], given: tuple[Grant, ...]) -> None:
    assert texts(sharing.shown(page(*given, links=links), ANNA, LATER)) == {}


def test_prv_2_notices_a_reading_that_asks_only_whether_there_is_a_grant(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sharing, "holds", lambda _grant, _now: True)
    assert texts(sharing.shown(page(grant(withdrawn=TUESDAY)), ANNA, LATER)) != {}


def test_prv_6_what_is_not_shared_leaves_no_trace() -> None:
    alone = (JOURNAL[0],)
    assert sharing.shown(page(grant(), journal=alone), ANNA, LATER) == sharing.shown(page(grant()), ANNA, LATER)


def test_avg_4_a_corrected_piece_is_shown_as_it_is_now_and_marked() -> None:
    corrected = replace(JOURNAL[0], text="Beter.", history=(Correction(JOURNAL[0].text, TUESDAY),))
    [piece] = sharing.shown(page(grant(), journal=(corrected,)), ANNA, LATER).pieces
    assert (piece.text, piece.corrected) == ("Beter.", True)
    assert "Kanarie" not in repr(piece)


def test_the_first_grant_that_runs_out_says_when_the_answer_changes() -> None:
    given = (grant(until=LATER), grant("r2", until=LATER + timedelta(days=2)))
    assert sharing.changes_at(page(*given).conversation, ANNA, TUESDAY) == LATER
    assert sharing.changes_at(page(*given).conversation, ANNA, LATER) == LATER + timedelta(days=2)
    assert sharing.changes_at(page(grant()).conversation, ANNA, TUESDAY) is None
