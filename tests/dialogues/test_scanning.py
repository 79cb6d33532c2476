"""Self-scans: one statement at a time, kept at once, taken up whenever, and a profile that is never a grade."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from content.catalogue import Catalogue
from dialogues import scanning
from dialogues.conversation import Phase, Phrase, Picture, Say, Scan
from dialogues.engine import Engine
from dialogues.models import Form, Model
from dialogues.repertoire import Repertoire
from tests.dialogues.held import ZONE, Held

ROUNDS = {"one": ("a", "b", "c"), "two": ("d", "e"), "three": ("f",)}


def scan_of(items: Sequence[str], **more: object) -> Model:
    """Return a scan of these statements, which can be begun with m201."""
    plain = Model(
        id="calm",
        code="m201",
        forms=frozenset({Form.SCAN}),
        elements=tuple(items),
        scope="own",
        scale="fit",
        items=tuple(items),
    )
    return replace(plain, **more)


def with_content(held: Held, *models: Model) -> Held:
    """Go on with other models, as after a change of the content and a restart."""
    held.repertoire = replace(held.repertoire, models={model.id: model for model in models}, version=f"{models}")
    held.engine = Engine(held.repertoire, ZONE)
    return held


def begun(held: Held, *models: Model) -> Held:
    """Begin the scan with code m201, as far as its first statement."""
    with_content(held, *models).met()
    return again(held, "begin")


def again(held: Held, how: str) -> Held:
    """Come back to the scan from the menu."""
    held.command("show", "m201")
    held.tap("scan", how)
    return held


def asked(held: Held) -> str:
    """Return the statement that is asked."""
    words = held.question.values["item"]
    assert isinstance(words, Phrase)
    return words.key.split(".")[-2]


def profile(held: Held) -> Say:
    """Return the profile that the last turn showed."""
    return next(say for say in held.turn.say if say.key == "scan.profile")


def rows(held: Held) -> dict[object, tuple[object, object]]:
    """Return what the profile shows: the answer now and the one before, by statement."""
    shown = profile(held).values["rows"]
    assert isinstance(shown, tuple)
    return {row["id"]: (row["now"], row["before"]) for row in shown if isinstance(row, dict)}


def answers(held: Held) -> dict[str, int]:
    """Return the answers of the latest scan."""
    return dict(held.conversation.scans[-1].answers)


# -- one statement at a time -------------------------------------------------------------------------------------


def test_statements_come_one_by_one_and_the_profile_follows_the_last(held: Held) -> None:
    begun(held, scan_of("abc"))
    order = []
    for point in "315":
        order.append(asked(held))
        assert [choice.id for choice in held.question.choices] == ["1", "2", "3", "4", "5", "back", "stop"]
        held.tap(point)
    assert order == ["a", "b", "c"]
    assert held.keys == ["scan.profile", "scan.meaning"]
    assert rows(held) == {"a": (3, 0), "b": (1, 0), "c": (5, 0)}
    assert held.conversation.scans[-1].finished == held.now


def test_a_profile_holds_no_total_no_average_and_no_norm(held: Held) -> None:
    begun(held, scan_of("abc"))
    held.tap("2", "2", "5")
    values = profile(held).values
    numbers = {name for name, value in values.items() if isinstance(value, int) and not isinstance(value, bool)}
    assert numbers == set()
    assert set(rows(held)) == {"a", "b", "c"}


def test_the_picture_shows_what_the_words_say(held: Held) -> None:
    begun(held, scan_of("abc"))
    held.tap("2", "2", "5")
    picture = profile(held).picture
    assert picture is not None
    assert (picture.kind, picture.values) == ("bars", profile(held).values)


def test_an_answer_is_kept_at_once(held: Held) -> None:
    begun(held, scan_of("abc"))
    held.tap("4")
    assert answers(held) == {"a": 4}
    assert held.conversation.scans[-1].finished is None


def test_a_scan_without_an_answer_leaves_nothing_behind(held: Held) -> None:
    begun(held, scan_of("abc")).command("stop")
    assert held.conversation.scans == ()
    held.command("show", "m201")
    held.tap("scan")
    assert [choice.id for choice in held.question.choices if choice.id != "later"] == ["begin"]


@pytest.mark.parametrize("text", ["0", "6", "-1", "drie en een half", "🙂", "past wel"])
def test_what_is_no_point_is_no_answer(held: Held, text: str) -> None:
    begun(held, scan_of("abc"))
    held.say(text)
    assert (held.at, asked(held), held.conversation.scans) == ("scan.item", "a", ())


def test_a_second_tap_under_the_same_statement_changes_nothing(held: Held) -> None:
    begun(held, scan_of("abc"))
    first, second = held.button("2"), held.button("5")
    held.hear(first)
    held.hear(second)
    assert (answers(held), asked(held)) == ({"a": 2}, "b")


# -- taking up, going back, anew ---------------------------------------------------------------------------------


@pytest.mark.parametrize("leaving", ["stop", "later"])
def test_weeks_later_it_goes_on_at_the_first_statement_without_an_answer(held: Held, leaving: str) -> None:
    begun(held, scan_of("abcd"))
    held.tap("1", "2")
    held.command(leaving)
    held.wait(days=40)
    held.command("show", "m201")
    held.tap("scan")
    assert held.question.values["answered"] == 2
    held.tap("on")
    assert asked(held) == "c"
    held.tap("3", "4")
    assert rows(held) == {"a": (1, 0), "b": (2, 0), "c": (3, 0), "d": (4, 0)}
    assert len(held.conversation.scans) == 1


def test_taken_up_twice_it_is_finished_once_and_never_comes_back(held: Held) -> None:
    begun(held, scan_of("abc"))
    held.tap("1")
    again(held, "on")
    held.tap("2", "3")
    held.skip()
    assert held.at == "home.menu"
    assert held.conversation.waiting == ()
    assert [dict(scan.answers) for scan in held.conversation.scans] == [{"a": 1, "b": 2, "c": 3}]


def test_going_back_asks_again_and_the_last_answer_counts(held: Held) -> None:
    begun(held, scan_of("abc"))
    held.tap("1", "2", "back")
    assert asked(held) == "b"
    assert answers(held) == {"a": 1, "b": 2}
    held.tap("back")
    assert asked(held) == "a"
    held.tap("5", "4", "3")
    assert rows(held) == {"a": (5, 0), "b": (4, 0), "c": (3, 0)}


def test_going_back_from_the_profile_changes_the_last_answer_and_not_the_day(held: Held) -> None:
    begun(held, scan_of("ab"))
    held.tap("1", "2")
    day = held.now
    held.wait(hours=3)
    held.command("back")
    assert asked(held) == "b"
    held.tap("5")
    assert answers(held) == {"a": 1, "b": 5}
    assert held.conversation.scans[-1].finished == day


def test_what_was_answered_before_the_interruption_is_not_asked_again_by_going_back(held: Held) -> None:
    begun(held, scan_of("abc"))
    held.tap("1")
    held.command("stop")
    again(held, "on")
    held.tap("back")
    assert held.at == "scan.start"
    held.tap("on", "2", "3")
    assert answers(held) == {"a": 1, "b": 2, "c": 3}


def test_anew_begins_without_the_old_answers(held: Held) -> None:
    begun(held, scan_of("abc"))
    held.tap("1", "1")
    held.command("stop")
    again(held, "anew")
    assert asked(held) == "a"
    held.tap("5", "4", "3")
    assert [dict(scan.answers) for scan in held.conversation.scans] == [{"a": 5, "b": 4, "c": 3}]


def test_months_later_both_profiles_stand_side_by_side(held: Held) -> None:
    begun(held, scan_of("abc"))
    held.tap("1", "2", "3")
    held.skip()
    first = held.now
    held.wait(days=120)
    again(held, "begin")
    held.tap("4", "2", "5")
    assert rows(held) == {"a": (4, 1), "b": (2, 2), "c": (5, 3)}
    assert profile(held).values["before_on"] == first
    assert len(held.conversation.scans) == 2
    held.skip()
    held.command("show", "m201")
    held.tap("scan", "profile")
    assert rows(held) == {"a": (4, 1), "b": (2, 2), "c": (5, 3)}


def test_of_three_times_the_last_two_are_compared(held: Held) -> None:
    begun(held, scan_of("ab"))
    for points in ("11", "33", "52"):
        if held.conversation.scans:
            held.wait(days=90)
            again(held, "begin")
        held.tap(*points)
        if points != "52":
            held.skip()
    assert rows(held) == {"a": (5, 3), "b": (2, 3)}


# -- rounds ------------------------------------------------------------------------------------------------------


def test_after_a_round_she_may_go_on_or_see_what_there_is(held: Held) -> None:
    begun(held, scan_of("abcdef", rounds=ROUNDS))
    held.tap("1", "2", "3")
    assert (held.at, held.question.values["done"], held.question.values["count"]) == ("scan.round", 1, 3)
    held.tap("on", "4", "5")
    assert (held.at, held.question.values["done"]) == ("scan.round", 2)
    held.tap("done")
    assert held.at == "scan.meaning"
    assert rows(held) == {"a": (1, 0), "b": (2, 0), "c": (3, 0), "d": (4, 0), "e": (5, 0)}
    assert held.conversation.scans[-1].finished is None
    held.skip()
    again(held, "on")
    assert asked(held) == "f"
    held.tap("3")
    assert held.at == "scan.meaning"
    assert held.conversation.scans[-1].finished == held.now


def test_what_there_was_halfway_can_be_seen_again(held: Held) -> None:
    begun(held, scan_of("abcdef", rounds=ROUNDS))
    held.tap("1", "2", "3", "done")
    held.skip()
    held.wait(days=3)
    held.command("show", "m201")
    held.tap("scan", "profile")
    assert rows(held) == {"a": (1, 0), "b": (2, 0), "c": (3, 0)}


def test_going_back_over_the_end_of_a_round_ends_it_once_more(held: Held) -> None:
    begun(held, scan_of("abcdef", rounds=ROUNDS))
    held.tap("1", "2", "3")
    held.command("back")
    assert asked(held) == "c"
    held.tap("4")
    assert held.at == "scan.round"
    assert answers(held) == {"a": 1, "b": 2, "c": 4}


def test_a_scan_without_rounds_ends_none() -> None:
    plain, rounded = scan_of("abc"), scan_of("abcdef", rounds=ROUNDS)
    assert not any(scanning.ends_round(plain, item) for item in "abc")
    assert [item for item in "abcdef" if scanning.ends_round(rounded, item)] == ["c", "e"]
    assert [scanning.round_of(rounded, item) for item in "adf?"] == ["one", "two", "three", ""]


# -- what stands out ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("points", "highest", "lowest"),
    [
        ("12345", "e", "a"),
        ("51353", "ad", "b"),
        ("33333", "", ""),
        ("4", "", ""),
        ("", "", ""),
        ("45", "b", "a"),
        ("55455", "", "c"),
        ("11211", "c", ""),
        ("11155", "de", ""),
        ("54321", "a", "e"),
    ],
)
def test_at_most_two_stand_out_on_either_side_and_none_when_all_are_equal(
    points: str, highest: str, lowest: str
) -> None:
    model = scan_of("abcde")
    given_ = {item: int(point) for item, point in zip("abcde", points, strict=False)}
    assert scanning.standing_out(model, given_) == (tuple(highest), tuple(lowest))


@pytest.mark.parametrize(
    ("points", "highest", "lowest"),
    [("1245", "d", "a"), ("3345", "d", ""), ("1233", "", "a"), ("4455", "cd", ""), ("3333", "", "")],
)
def test_of_a_slider_only_what_is_near_an_end_stands_out(points: str, highest: str, lowest: str) -> None:
    model = scan_of("abcd", scale="slider")
    given_ = {item: int(point) for item, point in zip("abcd", points, strict=True)}
    assert scanning.standing_out(model, given_) == (tuple(highest), tuple(lowest))


@given(st.dictionaries(st.sampled_from("abcdefgh"), st.integers(1, 5)))
def test_what_stands_out_was_answered_so_and_nothing_was_answered_beyond_it(given_: dict[str, int]) -> None:
    highest, lowest = scanning.standing_out(scan_of("abcdef"), given_)
    counted = {item: answer for item, answer in given_.items() if item in "abcdef"}
    assert {*highest, *lowest} <= counted.keys()
    assert all(counted[item] == max(counted.values()) for item in highest)
    assert all(counted[item] == min(counted.values()) for item in lowest)
    assert not {*highest} & {*lowest}
    assert max(len(highest), len(lowest)) <= 2


# -- when the content changes in between -------------------------------------------------------------------------


def test_a_statement_that_was_taken_out_is_not_asked_and_its_answer_is_kept(held: Held) -> None:
    begun(held, scan_of("abcd"))
    held.tap("1", "2")
    held.command("stop")
    again(with_content(held, scan_of("acd")), "on")
    assert asked(held) == "c"
    held.tap("3", "4")
    assert rows(held) == {"a": (1, 0), "c": (3, 0), "d": (4, 0)}
    assert answers(held) == {"a": 1, "b": 2, "c": 3, "d": 4}


def test_a_statement_that_was_added_in_the_middle_is_asked(held: Held) -> None:
    begun(held, scan_of("abd"))
    held.tap("1", "2")
    held.command("stop")
    again(with_content(held, scan_of("acbd")), "on")
    assert asked(held) == "c"
    held.tap("3", "4")
    assert rows(held) == {"a": (1, 0), "c": (3, 0), "b": (2, 0), "d": (4, 0)}


def test_a_statement_with_another_name_is_another_statement(held: Held) -> None:
    begun(held, scan_of("abc"))
    held.tap("1", "2")
    held.command("stop")
    again(with_content(held, scan_of("axc")), "on")
    assert asked(held) == "x"
    held.tap("5", "4")
    assert rows(held) == {"a": (1, 0), "x": (5, 0), "c": (4, 0)}
    assert answers(held)["b"] == 2


def test_a_scan_of_which_only_answered_statements_are_left_can_be_ended(held: Held) -> None:
    begun(held, scan_of("abcd"))
    held.tap("1", "2")
    held.command("stop")
    again(with_content(held, scan_of("ab")), "on")
    assert asked(held) == "b"
    held.tap("5")
    assert held.at == "scan.meaning"
    assert rows(held) == {"a": (1, 0), "b": (5, 0)}


def test_a_statement_added_to_a_scan_that_was_done_waits_for_the_next_time(held: Held) -> None:
    begun(held, scan_of("ab"))
    held.tap("1", "2")
    held.skip()
    with_content(held, scan_of("acb"))
    held.wait(days=100)
    again(held, "begin")
    held.tap("3", "4", "5")
    assert rows(held) == {"a": (3, 1), "c": (4, 0), "b": (5, 2)}


@pytest.mark.parametrize("points", ["", "1", "12", "123"])
def test_nobody_is_stuck_when_the_model_is_gone(held: Held, points: str) -> None:
    begun(held, scan_of("abc"))
    held.tap(*points)
    kept = held.conversation.scans
    tapped = held.button("4")
    with_content(held)
    held.hear(tapped)
    assert (held.at, held.keys[0]) == ("home.menu", "errors.step_gone")
    assert held.conversation.scans == kept
    held.say("hallo")
    held.command("overview")
    assert held.at.startswith("home.") or held.question


def test_a_model_that_comes_back_finds_its_answers(held: Held) -> None:
    begun(held, scan_of("abc"))
    held.tap("1", "2")
    with_content(held)
    held.command("stop")
    again(with_content(held, scan_of("abc")), "on")
    held.tap("3")
    assert rows(held) == {"a": (1, 0), "b": (2, 0), "c": (3, 0)}


def test_an_interrupted_scan_whose_model_is_gone_does_not_return(held: Held) -> None:
    begun(held, scan_of("abc"))
    held.tap("1")
    held.command("language")
    with_content(held)
    held.tap("nl")
    assert held.at == "home.menu"
    assert "errors.step_gone" in held.keys


# -- preferences -------------------------------------------------------------------------------------------------


def preferring(held: Held, *points: str) -> Held:
    """Fill in a scan of how one prefers to learn, in which way ``b`` suits the last card that phase 4 offers first."""
    cards = held.repertoire.offer[Phase.NOT_DARING]
    held.repertoire = replace(held.repertoire, preferences="calm", prefers={"b": cards[-1:], "a": ()})
    begun(held, scan_of("abc"))
    held.tap(*points)
    return held


def test_one_way_that_stands_out_alone_becomes_the_preference_and_says_so(held: Held) -> None:
    preferring(held, "2", "5", "4")
    assert held.conversation.preference == "b"
    said = next(say for say in held.turn.say if say.key == "scan.preference")
    assert str(said.values["way"]).count("calm.elements.b.term") == 1


@pytest.mark.parametrize("points", ["254", "355", "555", "333"])
def test_two_ways_or_all_set_no_preference(held: Held, points: str) -> None:
    preferring(held, *points)
    expected = "b" if points == "254" else ""
    assert held.conversation.preference == expected
    said = next(say for say in held.turn.say if say.key == "scan.preference")
    assert bool(said.values["way"]) == bool(expected)


def test_a_preference_is_set_by_the_whole_scan_and_not_by_half_of_it(held: Held) -> None:
    preferring(held, "1", "5")
    assert held.conversation.preference == ""
    held.tap("2")
    assert held.conversation.preference == "b"


def test_the_next_time_may_take_the_preference_away(held: Held) -> None:
    preferring(held, "2", "5", "4").skip()
    held.wait(days=90)
    again(held, "begin")
    held.tap("3", "3", "3")
    assert held.conversation.preference == ""


def test_the_cards_that_suit_the_preference_come_first_and_the_rest_keeps_its_order(held: Held) -> None:
    cards = held.repertoire.offer[Phase.NOT_DARING]
    assert len(cards) > 1
    preferring(held, "2", "5", "4").skip()
    held.placed(Phase.NOT_DARING).to_cards()
    assert held.offered == [cards[-1], *cards[:-1]][:3]


def test_without_a_preference_the_cards_keep_their_order(held: Held) -> None:
    cards = held.repertoire.offer[Phase.NOT_DARING]
    preferring(held, "3", "3", "3").skip()
    held.placed(Phase.NOT_DARING).to_cards()
    assert held.offered == list(cards[:3])


def test_the_words_of_a_profile_of_preferences_say_which_cards_come_first(catalogue: Catalogue) -> None:
    way = scan_of("b", id=catalogue.repertoire.preferences).words("title")
    for language in ("nl", "en"):
        chosen = catalogue.render(Say("scan.preference", {"way": way}), language).text
        none = catalogue.render(Say("scan.preference", {"way": ""}), language).text
        assert catalogue.render(Say(way.key), language).text in chosen
        assert chosen != none


# -- the landscape -----------------------------------------------------------------------------------------------


def test_the_landscape_joins_the_latest_answers_to_all_its_parts(held: Held) -> None:
    other = scan_of("xy", id="far", code="m202", picture="landscape")
    begun(held, scan_of("ab", picture="landscape"), other)
    held.tap("1", "2")
    held.skip()
    held.command("show", "m202")
    held.tap("scan", "begin", "5", "4")
    picture = profile(held).picture
    assert picture == Picture("landscape", {**profile(held).values, "sizes": {"a": 1, "b": 2, "x": 5, "y": 4}})


# -- any sequence ------------------------------------------------------------------------------------------------

MOVES = st.lists(st.sampled_from(["1", "2", "3", "4", "5", "back", "stop"]), max_size=30)


def _bare(repertoire: Repertoire, rounds: dict[str, tuple[str, ...]]) -> Held:
    return begun(Held(repertoire), scan_of("abcdef", rounds=rounds))


@settings(max_examples=60, deadline=None)
@given(moves=MOVES, rounded=st.booleans())
def test_any_sequence_of_answers_backs_and_stops_keeps_every_last_answer_and_ends_in_a_profile_of_them(
    catalogue: Catalogue, moves: list[str], *, rounded: bool
) -> None:
    held = _bare(catalogue.repertoire, ROUNDS if rounded else {})
    last: dict[str, int] = {}
    for move in [*moves, *"333333"]:
        if held.at == "scan.meaning":
            break
        if held.at == "scan.round":
            held.tap("on")
        if held.at == "scan.start":
            held.tap("on" if last else "begin")
        if move in scanning.POINTS:
            last[asked(held)] = int(move)
            held.tap(move)
        elif move == "stop":
            held.command("stop")
            again(held, "on" if last else "begin")
        else:
            held.command("back")
        if last:
            assert answers(held) == last
    assert held.at == "scan.meaning"
    assert {item: now for item, (now, _) in rows(held).items()} == last
    assert set(last) == set("abcdef")
    assert len(held.conversation.scans) == 1


@settings(max_examples=60, deadline=None)
@given(
    first=st.permutations("abcdef").map(lambda items: items[:4]),
    then=st.permutations("abcdefgh").map(lambda items: items[:5]),
    count=st.integers(0, 3),
)
def test_any_change_of_the_statements_in_between_keeps_what_was_answered_and_can_be_ended(
    catalogue: Catalogue, first: list[str], then: list[str], count: int
) -> None:
    held = begun(Held(catalogue.repertoire), scan_of(first))
    held.tap(*"1234"[:count])
    before = answers(held) if count else {}
    held.command("stop")
    again(with_content(held, scan_of(then)), "on" if count else "begin")
    now = []
    while held.at == "scan.item":
        now.append(asked(held))
        held.tap("5")
        assert len(now) <= len(then)
    assert held.at == "scan.meaning"
    assert {item: point for item, (point, _) in rows(held).items()} == {item: answers(held)[item] for item in then}
    assert set(now) <= set(then)
    assert answers(held) == {**before, **dict.fromkeys(now, 5)}


def test_a_scan_is_found_by_its_id_and_replaced_in_its_place(held: Held) -> None:
    begun(held, scan_of("ab"))
    held.tap("1", "2")
    scan = held.conversation.scans[-1]
    newer = Scan("s99", "calm", held.now, {"a": 5})
    both = scanning.with_scan(held.conversation, newer)
    assert scanning.find(both, "s99") == newer
    assert scanning.under_way(both, "calm") == newer
    assert scanning.latest(both, "calm") == newer
    assert scanning.finished(both, "calm") == (scan,)
    changed = replace(scan, answers={"a": 4})
    assert scanning.with_scan(both, changed).scans == (changed, newer)
    assert scanning.without_scan(both, scan).scans == (newer,)
    assert scanning.find(both, "s98") is None


@pytest.mark.parametrize("items", ["acd", "axbcd"])
def test_an_answer_under_a_statement_is_never_kept_as_that_to_another(held: Held, items: str) -> None:
    begun(held, scan_of("abcd"))
    held.tap("1")
    tapped = held.button("4")
    with_content(held, scan_of(items))
    held.hear(tapped)
    assert answers(held) in ({"a": 1}, {"a": 1, "b": 4})


@pytest.mark.parametrize("rounds", [{}, {"all": tuple("abcdef")}])
def test_nobody_is_stuck_between_two_rounds_that_are_gone(held: Held, rounds: dict[str, tuple[str, ...]]) -> None:
    begun(held, scan_of("abcdef", rounds=ROUNDS))
    held.tap("1", "2", "3")
    with_content(held, scan_of("abcdef", rounds=rounds))
    held.command("start")
    again(held, "on")
    held.tap("4", "5", "1")
    assert held.at == "scan.meaning"
    assert len(rows(held)) == 6


def test_a_scan_done_twice_in_one_contact_is_done_whole_both_times(held: Held) -> None:
    stations = tuple(replace(station, scans=("calm",)) for station in held.repertoire.stations)
    held.repertoire = replace(held.repertoire, stations=stations)
    model = scan_of("abc")
    with_content(held, *held.repertoire.models.values(), model).met()
    held.command("vision")
    held.tap("go", "scan", "begin", "1", "2", "3")
    held.skip()
    held.tap("scan", "begin")
    assert asked(held) == "a"
    held.tap("5", "4", "3")
    assert [dict(scan.answers) for scan in held.conversation.scans] == [
        {"a": 1, "b": 2, "c": 3},
        {"a": 5, "b": 4, "c": 3},
    ]
