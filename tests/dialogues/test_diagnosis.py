"""The short path to a phase: every path gives the phase of the design, and the leader has the last word."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from dialogues.conversation import Kind, Phase, Phrase, Whose
from dialogues.routes.diagnosis import RULE, STEPS, outcome
from tests.dialogues.held import PATHS, Held

MOST_QUESTIONS = 6


def paths(step: str = "willing", so_far: tuple[tuple[str, str], ...] = ()) -> Iterator[tuple[tuple[str, str], ...]]:
    """Give every way through the path, as (step, answer) pairs."""
    for of, answer in RULE:
        if of == step:
            way = (*so_far, (step, answer))
            then = outcome(step, answer, unclear=("how", "some") in way)
            if isinstance(then, Phase):
                yield way
            else:
                yield from paths(then, way)


EVERY = list(paths())


def by_design(way: tuple[tuple[str, str], ...]) -> Phase:
    """Return the phase of section 4 of the design, written as sentences and not as a table."""
    said = dict(way)
    if said["willing"] == "doubt":
        return Phase.NOT_YET_WANTING
    if said["willing"] == "no":
        return Phase.NOT_WANTING if said["deliberate"] == "choice" else Phase.NOT_YET_WANTING
    if said["willing"] == "yes":
        if said["how"] == "no":
            return Phase.NOT_KNOWING_HOW
        if said["dare"] == "scary":
            return Phase.NOT_DARING
        if said["plan"] in ("no", "partly"):
            return Phase.NOT_KNOWING_HOW if said["how"] == "some" else Phase.PREPARING
        if said["acting"] == "not_yet":
            return Phase.PREPARING
        if said["acting"] == "few":
            return Phase.ACTING
    return Phase.ACTING if said["keeping"] == "slips" else Phase.MAINTAINING


def named(way: tuple[tuple[str, str], ...]) -> str:
    return "-".join(answer for _step, answer in way)


def test_the_paths_are_all_there() -> None:
    # doubt; no x 3; doing x 3; yes: how no; (some, yes) x (scary; (doable, fine) x (no; partly; yes x (2 + 3)))
    assert len(EVERY) == 1 + 3 + 3 + 1 + 2 * (1 + 2 * (2 + 2 + 3))
    assert {step for way in EVERY for step, _answer in way} == set(STEPS)


@pytest.mark.parametrize("way", EVERY, ids=named)
def test_every_path_gives_the_phase_of_the_design_in_at_most_six_questions(
    way: tuple[tuple[str, str], ...], held: Held
) -> None:
    held.named()
    for step, answer in way:
        assert held.at == f"diagnosis.{step}"
        held.tap(answer)
    assert held.at == "diagnosis.confirm"
    assert held.question.values["number"] == by_design(way)
    held.tap("right")
    assert (held.journey.phase, held.journey.computed) == (by_design(way), by_design(way))
    assert len(way) <= MOST_QUESTIONS


@pytest.mark.parametrize("whose", Whose)
@pytest.mark.parametrize("phase", Phase)
def test_the_path_is_the_same_for_everyone_and_asks_what_fits(phase: Phase, whose: Whose, held: Held) -> None:
    held.named(whose)
    for answer in PATHS[phase]:
        asked = held.at.removeprefix("diagnosis.")
        assert held.question.key == f"diagnosis.{asked}.{whose}"
        held.tap(answer)
        if whose == Whose.COLLEAGUE:
            assert held.at == "diagnosis.seen"
            held.say("zij zei het in de pauze")
        if whose == Whose.TEAM:
            assert held.at == "diagnosis.share"
            held.tap("7")
    if whose == Whose.COLLEAGUE:
        assert held.at == "diagnosis.certainty"
        held.tap("3")
    assert held.at == "diagnosis.confirm"
    assert held.question.values["number"] == phase
    if whose == Whose.TEAM:
        assert held.question.values["share"] == 7
    held.tap("right")
    assert held.journey.phase == phase
    assert held.journey.certainty == (3 if whose == Whose.COLLEAGUE else None)


def test_what_was_seen_of_a_colleague_is_kept_word_for_word_with_its_question(held: Held) -> None:
    held.named("colleague")
    held.tap("doubt")
    held.say("Hij zei: “eerst zien”.")
    seen = [kept for kept in held.journal.values() if kept.text == "Hij zei: “eerst zien”."]
    assert [(kept.kind, kept.question) for kept in seen] == [(Kind.ANSWER, "diagnosis.seen")]


def test_the_correction_of_the_leader_wins_and_both_phases_are_kept(held: Held) -> None:
    held.named().answered("yes", "yes", "scary").tap("earlier")
    assert held.question.values["corrected"] is True
    held.tap("right")
    assert (held.journey.phase, held.journey.computed) == (Phase.NOT_KNOWING_HOW, Phase.NOT_DARING)
    logged = [kept for kept in held.journal.values() if kept.kind == Kind.PHASE]
    assert [(kept.phase, kept.computed) for kept in logged] == [(Phase.NOT_KNOWING_HOW, Phase.NOT_DARING)]


def test_a_correction_can_be_taken_back(held: Held) -> None:
    held.named().answered("yes", "yes", "scary").tap("further")
    held.tap("earlier", "right")
    assert (held.journey.phase, held.journey.computed) == (Phase.NOT_DARING, Phase.NOT_DARING)


@pytest.mark.parametrize(
    ("answers", "missing", "shown"),
    [(("no", "choice"), "earlier", "further"), (("doing", "mostly"), "further", "earlier")],
)
def test_at_the_ends_of_the_row_no_button_leads_further(
    answers: tuple[str, ...], missing: str, shown: str, held: Held
) -> None:
    held.named().answered(*answers)
    buttons = [choice.id for choice in held.question.choices]
    assert missing not in buttons
    assert shown in buttons


def test_why_shows_the_answers_and_changes_nothing(held: Held) -> None:
    held.named().answered("yes", "yes", "scary").tap("why")
    assert held.at == "diagnosis.confirm"
    answers = held.turn.say[0].values["answers"]
    assert isinstance(answers, tuple)
    assert [one["question"] for one in answers if isinstance(one, dict)] == [
        Phrase(f"diagnosis.{step}.short") for step in ("willing", "how", "dare")
    ]


def test_what_has_become_normal_may_be_closed_at_once(held: Held) -> None:
    held.named().answered("doing", "normal").tap("close")
    held.say("dat stilte ook antwoord is")
    assert (held.journey.status, held.journey.phase) == ("closed", Phase.MAINTAINING)


def test_what_another_demands_is_remembered(held: Held) -> None:
    held.named().answered("no", "must").tap("right")
    assert (held.journey.phase, held.journey.obliged) == (Phase.NOT_YET_WANTING, True)


def test_going_back_and_answering_otherwise_gives_the_other_phase(held: Held) -> None:
    held.named().answered("yes", "some", "fine", "partly")
    assert held.question.values["number"] == Phase.NOT_KNOWING_HOW
    for _times in range(3):
        held.command("back")
    assert held.at == "diagnosis.how"
    held.answered("yes", "fine", "partly")
    assert held.question.values["number"] == Phase.PREPARING


def test_a_journey_without_a_phase_is_placed_before_anything_else(held: Held) -> None:
    held.named().command("stop")
    assert "place" in [choice.id for choice in held.question.choices]
    held.tap("place")
    assert held.at == "diagnosis.willing"
