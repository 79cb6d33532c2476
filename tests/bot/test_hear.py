"""What an update means."""

from __future__ import annotations

from copy import deepcopy
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from telegram import Update

from bot.hear import OTHER, Elsewhere, Gone, Spoken, Tap, address_of, at_once, leader_of, meaning
from bot.line import Line
from dialogues.conversation import Commanded, Edited, Said, SentOther, Tapped
from tests.bot.fake_bot_api import TOKEN, membership, message, tap
from tests.bot.fake_guide import FakeGuide

ANNE = 101
GROUP = {"id": -500, "type": "supergroup", "title": "Canary-Title"}
FILE = {"file_id": "f", "file_unique_id": "u"}
PLACE = {"latitude": 52.1, "longitude": 5.1}
MEDIA = {
    "voice": {**FILE, "duration": 3},
    "video_note": {**FILE, "length": 1, "duration": 3},
    "audio": {**FILE, "duration": 3},
    "animation": {**FILE, "width": 1, "height": 1, "duration": 3},
    "video": {**FILE, "width": 1, "height": 1, "duration": 3},
    "photo": [{**FILE, "width": 1, "height": 1}],
    "sticker": {**FILE, "width": 1, "height": 1, "is_animated": False, "is_video": False, "type": "regular"},
    "venue": {"location": PLACE, "title": "t", "address": "a"},
    "location": PLACE,
    "contact": {"phone_number": "0612345678", "first_name": "C"},
    "poll": {
        "id": "1",
        "question": "?",
        "options": [],
        "total_voter_count": 0,
        "is_closed": False,
        "is_anonymous": True,
        "type": "regular",
        "allows_multiple_answers": False,
        "allows_revoting": False,
        "members_only": False,
    },
    "dice": {"value": 3, "emoji": "🎲"},
    "document": FILE,
}


def heard(**update):
    parsed = Update.de_json({"update_id": 1, **deepcopy(update)}, Line(TOKEN, "http://127.0.0.1:1").bot)
    return meaning(parsed, FakeGuide(None), "gids_bot")


def spoken(content, **more):
    return Spoken(leader_of(ANNE), address_of(ANNE), content, "nl", **more)


def test_a_text_is_said():
    assert heard(message=message(7, ANNE, text="Ik zie op tegen lesbezoek")) == spoken(
        Said("Ik zie op tegen lesbezoek", "7")
    )


def test_a_forwarded_text_counts_as_said():
    origin = {"type": "hidden_user", "sender_user_name": "Iemand", "date": 1}
    assert heard(message=message(7, ANNE, text="van een ander", forward_origin=origin)) == spoken(
        Said("van een ander", "7")
    )


def test_the_text_under_a_picture_is_said_and_the_picture_is_left():
    assert heard(message=message(7, ANNE, photo=MEDIA["photo"], caption="dit bord")) == spoken(Said("dit bord", "7"))


@pytest.mark.parametrize(("text", "argument"), [("/zoek lesbezoek", "lesbezoek"), ("/zoek@gids_bot les", "les")])
def test_a_command_is_commanded_addressed_or_not(text, argument):
    assert heard(message=message(7, ANNE, text=text)) == spoken(Commanded("zoek", argument, "7"))


def test_an_edited_message_is_edited_and_names_the_message():
    assert heard(edited_message=message(7, ANNE, text="beter")) == spoken(Edited("beter", "7"))
    assert heard(edited_message=message(7, ANNE, location=PLACE)) is None


@pytest.mark.parametrize("what", MEDIA)
def test_what_the_guide_cannot_read_is_named(what):
    also = {"animation": {"document": FILE}, "venue": {"location": PLACE}}.get(what, {})
    assert heard(message=message(7, ANNE, **{what: MEDIA[what]}, **also)) == spoken(SentOther(what))


def test_more_specific_kinds_come_before_the_kinds_they_also_are():
    order = {what: index for index, what in enumerate(OTHER)}
    assert all(order[first] < order[then] for first, then in [("animation", "document"), ("venue", "location")])
    assert all(first != then for first, then in pairwise(sorted(OTHER)))


def test_a_service_message_means_nothing():
    assert heard(message=message(7, ANNE, delete_chat_photo=True)) is None


def test_a_tap_is_tapped_with_the_message_it_stood_under():
    assert heard(callback_query=tap("q1", ANNE, 12, "3:ja")) == spoken(Tapped("3", "ja", "12"), query="q1")


@pytest.mark.parametrize("change", [{"message": None}, {"data": None}, {"message": message(1, ANNE, GROUP, text="x")}])
def test_a_tap_that_leads_nowhere_is_still_to_be_answered(change):
    query = {name: value for name, value in {**tap("q1", ANNE, 12, "3:ja"), **change}.items() if value is not None}
    assert heard(callback_query=query) == Tap("q1")


@pytest.mark.parametrize("text", ["/start", "/start@gids_bot", "/start@GIDS_BOT nu"])
def test_a_command_in_a_group_gets_the_line_about_private_talk(text):
    assert heard(message=message(7, ANNE, GROUP, text=text)) == Elsewhere("telegram:-500", "nl")


@pytest.mark.parametrize("text", ["zomaar een bericht", "/start@andere_bot"])
def test_other_talk_in_a_group_is_not_for_us(text):
    assert heard(message=message(7, ANNE, GROUP, text=text)) is None


def test_being_added_to_a_group_or_channel_gets_that_line_too():
    for kind in ("group", "supergroup", "channel"):
        place = {**GROUP, "type": kind}
        assert heard(my_chat_member=membership(ANNE, "left", "member", place)) == Elsewhere("telegram:-500", "nl")
        assert heard(my_chat_member=membership(ANNE, "member", "left", place)) is None


def test_blocking_the_bot_is_leaving_and_unblocking_means_nothing_yet():
    assert heard(my_chat_member=membership(ANNE, "member", "kicked")) == Gone(leader_of(ANNE))
    assert heard(my_chat_member=membership(ANNE, "kicked", "member")) is None


def test_channel_posts_inline_queries_and_reactions_are_not_heard():
    channel = {"id": -900, "type": "channel", "title": "C"}
    assert heard(channel_post={"message_id": 1, "date": 1, "chat": channel, "text": "/start"}) is None
    assert heard(inline_query={"id": "1", "from": message(1, ANNE)["from"], "query": "x", "offset": ""}) is None
    assert heard(poll_answer={"poll_id": "1", "option_ids": [], "option_persistent_ids": []}) is None


def test_a_leader_is_known_by_number_alone():
    again = {**message(7, ANNE, text="x"), "from": {**message(7, ANNE)["from"], "username": "iemand_anders"}}
    assert heard(message=again).leader == leader_of(ANNE)
    assert leader_of(ANNE) != leader_of(ANNE + 1)
    assert leader_of(ANNE).startswith("t")
    assert len(leader_of(ANNE)) == 25
    assert str(ANNE) not in leader_of(ANNE)


# -- understood at once ------------------------------------------------------------------------------------------------

BOT = Line(TOKEN, "http://127.0.0.1:1").bot
BOLD = [{"type": "bold", "offset": 0, "length": 2}]
COMMON = {
    "a text": {"message": message(7, ANNE, text="Ik zie op tegen lesbezoek")},
    "a text in bold": {"message": message(7, ANNE, text="Ik wil dit", entities=BOLD)},
    "a command": {"message": message(7, ANNE, text="/zoek@gids_bot les")},
    "a tap": {"callback_query": tap("q1", ANNE, 12, "3:ja")},
}
RARE = {
    "a forwarded text": {"message": message(7, ANNE, text="x", forward_origin={"type": "hidden_user"})},
    "a text under a picture": {"message": message(7, ANNE, photo=MEDIA["photo"], caption="dit bord")},
    "a text in a group": {"message": message(7, ANNE, GROUP, text="/start")},
    "an edited text": {"edited_message": message(7, ANNE, text="beter")},
    "an empty text": {"message": message(7, ANNE, text="")},
    "a tap in a group": {"callback_query": {**tap("q1", ANNE, 12, "3:ja"), "message": message(1, ANNE, GROUP)}},
    "two things at once": {**COMMON["a text"], **COMMON["a tap"]},
}


@pytest.mark.parametrize("update", COMMON.values(), ids=COMMON)
def test_what_is_common_is_understood_at_once_and_as_the_library_would(update):
    assert at_once({"update_id": 1, **update}, FakeGuide(None)) == heard(**update)


@pytest.mark.parametrize("update", RARE.values(), ids=RARE)
def test_what_is_rare_is_left_to_the_library(update):
    assert at_once({"update_id": 1, **update}, FakeGuide(None)) is None


def places(value, so_far=()):
    """Return every place in *value*, as the keys that lead there."""
    inner = value.items() if isinstance(value, dict) else ()
    return [so_far, *(place for key, below in inner for place in places(below, (*so_far, key)))]


ODD = st.sampled_from([None, "", "x", 0, 1, -5, True, 1.5, [], {}, [{}], {"id": 1}, "private", "\ud800", 10**30])


@settings(max_examples=400, deadline=None)
@given(update=st.sampled_from(list(COMMON.values())), odd=ODD, shift=st.integers(0, 40), drop=st.booleans())
def test_whatever_is_strange_about_an_update_is_never_understood_otherwise_than_the_library_does(
    update, odd, shift, drop
):
    raw = {"update_id": 1, **deepcopy(update)}
    *way, last = places(raw)[1:][shift % (len(places(raw)) - 1)]
    at = raw
    for key in way:
        at = at[key]
    if drop:
        del at[last]
    else:
        at[last] = odd
    quick = at_once(raw, FakeGuide(None))
    try:
        parsed = Update.de_json(deepcopy(raw), BOT)
    except (AttributeError, KeyError, OSError, OverflowError, TypeError, ValueError):
        return  # the library makes nothing of it, so there is nothing to differ from
    if quick is not None:
        assert quick == meaning(parsed, FakeGuide(None), "gids_bot")
