"""The map: every arrow leads somewhere, every state can be reached and left, and every question has its words."""

from __future__ import annotations

import pytest
from transitions import Machine

from app.words import needed
from content.catalogue import Catalogue
from dialogues import coach_chat, with_coach
from dialogues.asides import ASIDES
from dialogues.conversation import Choice, Say, Shape
from dialogues.errors import MoveNotPossible
from dialogues.machine import Machines
from dialogues.map import FIRST, FROM_ANYWHERE, MACHINES, MENU, PASSING, ROUTES, faults, split, state
from dialogues.routes.asking import choose
from dialogues.table import RETURN, Arrow, Ask, Route, table

STATES = [f"{route.name}.{name}" for route in ROUTES.values() for name in route.states]
ARROWS = [(route.name, arrow) for route in ROUTES.values() for arrow in route.arrows]
LANGUAGES = ("nl", "en")


def _reached(arrows: list[tuple[str, Arrow]], first: set[str]) -> set[str]:
    """Return every state that *arrows* lead to from *first*; coming back leads to what was reached before."""
    reached, edge = set(first), set(first)
    while edge:
        here = edge.pop()
        for route, arrow in arrows:
            if f"{route}.{arrow.source}" == here and arrow.target != RETURN:
                there = ".".join(split(arrow.target, route))
                if there not in reached:
                    reached.add(there)
                    edge.add(there)
    return reached


def test_every_arrow_and_every_command_leads_to_a_state_that_exists() -> None:
    assert faults() == []


def test_an_arrow_to_nowhere_would_be_found(monkeypatch: pytest.MonkeyPatch) -> None:
    lost = Route("lost", {"here": choose("home.menu", ())}, (Arrow("here", "go", "nowhere"),))
    monkeypatch.setitem(ROUTES, "lost", lost)  # type: ignore[arg-type]
    assert faults() == ["lost.here go: leads to nowhere, which is no state"]


def test_a_command_to_nowhere_would_be_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(FROM_ANYWHERE, "fly", "journey.sky")  # type: ignore[arg-type]
    assert faults() == ["fly: leads to journey.sky, which is no state"]


def test_transitions_alone_accepts_an_arrow_to_a_state_that_does_not_exist() -> None:
    """Known bad: this is why the targets are held against the tables here and not left to the library."""
    rows = [{"trigger": "go", "source": "here", "dest": "nowhere"}]
    Machine(model=None, states=["here"], initial=None, transitions=rows, auto_transitions=False)


def test_an_arrow_from_a_state_that_does_not_exist_is_refused_at_once() -> None:
    with pytest.raises(ValueError, match="lost: an arrow leaves nowhere"):
        Machines([Route("lost", {"here": choose("home.menu", ())}, (Arrow("nowhere", "go", "here"),))])


@pytest.mark.parametrize("route", ROUTES)
def test_the_machines_allow_what_the_tables_show_and_nothing_else(route: str) -> None:
    moves = {arrow.move for arrow in ROUTES[route].arrows} | {"fly", "to_menu", ""}
    shown = {(arrow.source, arrow.move): arrow.target for arrow in ROUTES[route].arrows}
    for name in ROUTES[route].states:
        for move in moves:
            if (name, move) in shown:
                assert MACHINES.step(route, name, move) == shown[name, move]
            else:
                with pytest.raises(MoveNotPossible):
                    MACHINES.step(route, name, move)


def test_a_route_or_state_that_does_not_exist_refuses_every_move() -> None:
    with pytest.raises(MoveNotPossible):
        MACHINES.step("nowhere", "menu", "journey")
    with pytest.raises(MoveNotPossible):
        MACHINES.step("home", "nowhere", "journey")


def test_the_same_move_cannot_leave_a_state_twice() -> None:
    with pytest.raises(ValueError, match="the move go leaves here twice"):
        table("here go there\nhere go elsewhere")


def test_every_state_can_be_reached_from_the_first_one() -> None:
    assert _reached(ARROWS, {FIRST, *FROM_ANYWHERE.values()}) == set(STATES)


def test_a_state_nobody_leads_to_would_be_found() -> None:
    without = [(route, arrow) for route, arrow in ARROWS if arrow.target != "sign"]
    assert set(STATES) - _reached(without, {FIRST, *FROM_ANYWHERE.values()}) == {
        "checkin.sign",
        "checkin.steady",
        "plan.sign",
    }


@pytest.mark.parametrize("place", STATES)
def test_every_state_has_an_exit_and_the_menu_or_a_return_can_be_reached_from_it(place: str) -> None:
    exits = [arrow for route, arrow in ARROWS if f"{route}.{arrow.source}" == place]
    assert exits
    onward = _reached(ARROWS, {place})
    returns = {f"{route}.{arrow.source}" for route, arrow in ARROWS if arrow.target == RETURN}
    assert MENU in onward or onward & returns


@pytest.mark.parametrize("place", STATES)
def test_every_fixed_button_of_a_state_has_an_arrow(place: str) -> None:
    """States whose buttons decide more than one thing are walked by the transcripts; plain ones match the table."""
    route, name = place.split(".")
    at = state(route, name)
    assert at is not None
    if at.hear.__name__ == "by_choice":
        moves = {arrow.move for arrow in ROUTES[route].arrows if arrow.source == name}
        assert set(at.choices) == moves - {"said"}


def test_no_button_has_the_id_of_a_way_out_that_is_understood_everywhere() -> None:
    """Known bad: "Naar de lijst" was once called ``back``, and went a question back instead."""
    taken = {"back", "skip", "later", "stop", "propose_yes", "propose_no"}
    assert [place for place in STATES if (at := state(*place.split("."))) and taken & set(at.choices)] == []


def test_routes_that_pass_and_targets_of_commands_exist() -> None:
    assert set(ROUTES) >= PASSING


def test_every_command_in_the_content_is_understood(catalogue: Catalogue) -> None:
    ids = {command for language in LANGUAGES for command in _commands(catalogue, language)}
    assert ids <= {*ASIDES, *FROM_ANYWHERE, *coach_chat.COMMANDS, *with_coach.COMMANDS, *OTHERS}


OTHERS = ("start", "go_on", "export", "care", "back", "skip", "later", "stop")


def _commands(catalogue: Catalogue, language: str) -> set[str]:
    found = [catalogue.command(f"/{name}") for name, _description in catalogue.commands(language)]
    return {command[0] for command in found if command}


# -- the words ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_message_of_every_state_has_words(catalogue: Catalogue, language: str) -> None:
    book = catalogue.books[language]
    keys = {key for route in ROUTES.values() for at in route.states.values() for key in at.keys}
    assert sorted(key for key in keys if key not in book.texts and f"{key}.text" not in book.texts) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_button_of_every_state_has_words(catalogue: Catalogue, language: str) -> None:
    missing = []
    for one in needed(ROUTES.values(), catalogue.books[language]):
        say = Say(one.key, choices=tuple(Choice(id_, id_) for id_ in one.choices), shape=Shape.CHOICES)
        missing += [f"{one.key}: {id_}" for id_, label in catalogue.labels(say, language).items() if not label]
    assert missing == []


def test_both_languages_have_the_same_buttons(catalogue: Catalogue) -> None:
    nl, en = (needed(ROUTES.values(), catalogue.books[language]) for language in LANGUAGES)
    assert [(one.key, one.choices) for one in nl] == [(one.key, one.choices) for one in en]


@pytest.mark.parametrize("language", LANGUAGES)
def test_two_buttons_of_one_state_never_read_the_same(catalogue: Catalogue, language: str) -> None:
    for one in needed(ROUTES.values(), catalogue.books[language]):
        say = Say(one.key, choices=tuple(Choice(id_, id_) for id_ in one.choices), shape=Shape.CHOICES)
        labels = [label.casefold() for label in catalogue.labels(say, language).values()]
        assert len(set(labels)) == len(labels), one.key


def test_only_questions_with_buttons_take_a_choice() -> None:
    for route in ROUTES.values():
        for name, at in route.states.items():
            if at.ask is Ask.TEXT:
                assert not at.choices, f"{route.name}.{name}"
                assert at.offer is None, f"{route.name}.{name}"
