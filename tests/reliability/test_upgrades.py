"""
FSM-6: an upgrade renames, removes, splits or reorders states, while a conversation is left open in each of them.

The tables of today are the new ones here; the conversations are written as an older release with other names would have
left them.
"""

from __future__ import annotations

from dataclasses import replace

import pytest

from content.catalogue import Catalogue
from dialogues import map as dialogue_map
from dialogues import walking
from dialogues.conversation import Arrived, CameDue, Commanded, Edited, Said, SentOther, Tapped
from dialogues.map import MENU, ROUTES, faults
from tests.dialogues.held import Held
from tests.reliability.test_under_fire import many_places

OLD = "as_it_was_called_before"


@pytest.fixture
def held(catalogue: Catalogue) -> Held:
    """A conversation that is open at a question which wants words, with answers behind it."""
    held = Held(catalogue.repertoire)
    held.named().answered("yes", "yes", "scary")
    held.tap("right")
    held.say("dat ze lachen")
    return held


def rename(held: Held, state: str) -> None:
    """Have the open state, and every answered step there, be called *state*, as in the release before."""
    conversation, frame = held.conversation, held.conversation.frame
    steps = tuple(replace(step, state=state) if step.state == frame.state else step for step in frame.steps)
    held.conversation = replace(conversation, frame=replace(frame, state=state, steps=steps))


SIGNS = [
    Said("dat ze zwijgen", "m9"),
    Commanded("help"),
    Commanded("start"),
    Edited("anders", "m99"),
    SentOther("voice"),
    Arrived(),
]


@pytest.mark.parametrize("heard", SIGNS, ids=lambda heard: type(heard).__name__)
def test_fsm_6_a_renamed_state_goes_on_under_its_new_name_with_one_sentence(held, monkeypatch, heard):
    route, name = held.at.split(".")
    rename(held, OLD)
    monkeypatch.setitem(dialogue_map.MOVED, f"{route}.{OLD}", f"{route}.{name}")
    held.hear(heard)
    assert held.keys.count("errors.step_moved") == 1
    assert held.at == f"{route}.{name}"
    assert "dat ze lachen" in held.texts
    assert not isinstance(heard, Said) or heard.text in held.texts
    held.hear(Arrived())
    assert "errors.step_moved" not in held.keys


def test_fsm_6_a_state_renamed_twice_is_found_too(held, monkeypatch):
    route, name = held.at.split(".")
    rename(held, OLD)
    monkeypatch.setitem(dialogue_map.MOVED, f"{route}.{OLD}", "somewhere.in_between")
    monkeypatch.setitem(dialogue_map.MOVED, "somewhere.in_between", f"{route}.{name}")
    held.hear(Arrived())
    assert held.at == f"{route}.{name}"


def test_fsm_6_a_split_state_goes_on_at_the_first_of_the_two_and_old_buttons_explain_themselves(held, monkeypatch):
    held.command("stop")
    held.tap("go_on")
    old = held.button("later")
    route, _ = held.at.split(".")
    rename(held, OLD)
    first = "contact.importance"
    monkeypatch.setitem(dialogue_map.MOVED, f"{route}.{OLD}", first)
    held.hear(old)
    assert "errors.step_moved" in held.keys
    assert held.at == first
    held.hear(old)
    assert held.turn.toast.key == "errors.already_answered"
    held.tap("6")
    assert held.at != first


@pytest.mark.parametrize("heard", SIGNS, ids=lambda heard: type(heard).__name__)
def test_fsm_6_a_state_that_is_gone_leads_home_with_one_sentence_and_answers_are_kept(held, heard):
    rename(held, OLD)
    held.hear(heard)
    assert held.keys.count("errors.step_gone") == 1
    assert held.at == MENU
    assert "dat ze lachen" in held.texts
    assert not isinstance(heard, Said) or heard.text in held.texts


def test_fsm_6_who_goes_on_after_her_question_is_gone_is_on_her_journey_at_once(held):
    rename(held, OLD)
    held.command("go_on")
    assert held.keys[0] == "errors.step_gone"
    assert held.at == "contact.question"


def test_fsm_6_whole_routes_that_are_gone_lead_home(held):
    frame = held.conversation.frame
    held.conversation = replace(held.conversation, frame=replace(frame, route="a_route_of_before", state="x"))
    held.hear(Said("en nu", "m9"))
    assert held.at == MENU


def test_fsm_6_going_back_skips_what_is_gone_and_keeps_what_was_answered_there(held):
    frame = held.conversation.frame
    gone = tuple(replace(step, state=OLD) if step.route == "diagnosis" else step for step in frame.steps)
    held.conversation = replace(held.conversation, frame=replace(frame, steps=gone))
    answered = {name for step in gone for name in step.sets}
    held.command("help")
    assert OLD not in [step.state for step in held.conversation.frame.steps]
    assert {name for step in held.conversation.frame.steps for name in step.sets} == answered
    seen = []
    for _ in range(12):
        held.command("back")
        seen.append(held.at)
    assert not any(place.startswith("diagnosis") for place in seen)
    assert seen[-1] == "journey.whose"


def test_fsm_6_a_waiting_question_that_was_renamed_comes_back_under_its_new_name(held, monkeypatch):
    route, name = held.at.split(".")
    held.command("thought")
    waiting = tuple(replace(frame, state=OLD) for frame in held.conversation.waiting)
    held.conversation = replace(held.conversation, waiting=waiting)
    monkeypatch.setitem(dialogue_map.MOVED, f"{route}.{OLD}", f"{route}.{name}")
    held.say("iets anders")
    held.tap("drop")
    assert held.at == f"{route}.{name}"


def test_fsm_6_an_upgrade_at_night_wakes_nobody(held):
    held.command("stop")
    held.tap("go_on")
    rename(held, OLD)
    reminder = min(held.conversation.moments, key=lambda moment: moment.at)
    held.now = reminder.at.replace(hour=23)
    turn = held.hear(CameDue(reminder))
    assert not turn.say
    held.now = max(moment.at for moment in held.conversation.moments)
    assert held.come_due().say


def test_fsm_6_reordered_states_need_nothing(catalogue, monkeypatch, measured):
    for name, route in list(ROUTES.items()):
        monkeypatch.setitem(ROUTES, name, replace(route, states=dict(reversed(route.states.items()))))
    pages = many_places(Held(catalogue.repertoire))
    for page in pages:
        held = Held(catalogue.repertoire)
        held.conversation = page.conversation
        held.hear(Commanded("help"))
        assert held.at == f"{page.conversation.frame.route}.{page.conversation.frame.state}"
    measured("FSM-6", reordered=len(pages), stuck=0)


def test_fsm_6_in_every_state_of_every_route_a_removal_leaves_nobody_stuck(catalogue, measured):
    tried = 0
    for page in many_places(Held(catalogue.repertoire)):
        for heard in (*SIGNS, Tapped(page.conversation.frame.nonce, "later")):
            held = Held(catalogue.repertoire)
            held.conversation, held.journal = page.conversation, {kept.id: kept for kept in page.journal}
            before = set(held.texts)
            rename(held, OLD)
            held.hear(heard)
            assert before <= set(held.texts)
            assert held.question.choices
            tried += 1
    measured("FSM-6", removals=tried, stuck=0)


def test_fsm_6_a_move_to_nowhere_is_found_by_the_checker(monkeypatch):
    assert faults() == []
    monkeypatch.setitem(dialogue_map.MOVED, "contact.before", "contact.nowhere")
    assert len(faults()) == 1


def test_fsm_6_known_bad_trusting_the_stored_state_is_a_dead_end(held):
    rename(held, OLD)
    desk = held.engine._desk(held.conversation, (), held.now)
    with pytest.raises(KeyError):
        walking.ask(desk)
