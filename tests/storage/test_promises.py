"""What every keeper promises. One suite, run on each of them; a keeper that cannot keep a promise has no place here."""

import asyncio
import tempfile
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dialogues.conversation import LeaderId, Phase
from dialogues.errors import KeeperUnavailable, PageUnreadable
from dialogues.ports import Entry, Page
from storage import journal
from tests.storage.conftest import Memory, Tiny
from tests.storage.examples import (
    LEADER,
    NOW,
    ODD_TEXTS,
    OTHER,
    conversation,
    filled,
    letter,
    moment,
    reflection,
)

pytestmark = pytest.mark.asyncio


async def reopened(place, keeper):
    await keeper.close()
    return place.open()


async def test_of_a_stranger_nothing_is_kept(place):
    keeper = place.open()
    assert await keeper.read(LEADER) is None
    assert await keeper.due(NOW) == []
    assert await keeper.waiting() == []
    await keeper.close()


async def test_what_was_written_last_is_what_is_true(place):
    keeper = place.open()
    await keeper.write(Entry(conversation(language="nl", current="j1")))
    await keeper.write(Entry(conversation(language="en")))
    assert (await keeper.read(LEADER)).conversation == conversation(language="en")
    keeper = await reopened(place, keeper)
    assert (await keeper.read(LEADER)).conversation == conversation(language="en")
    await keeper.close()


async def test_everything_of_an_entry_is_there_after_a_restart(place):
    keeper = place.open()
    entry = filled(Entry)
    await keeper.write(entry)
    page = Page(entry.conversation, entry.reflections, entry.letters, {entry.update: entry.at})
    assert await keeper.read(entry.conversation.leader) == page
    keeper = await reopened(place, keeper)
    read = await keeper.read(entry.conversation.leader)
    assert read == page
    assert repr(read) == repr(page)
    await keeper.close()


@pytest.mark.parametrize("text", ODD_TEXTS, ids=range(len(ODD_TEXTS)))
async def test_odd_text_is_kept_verbatim_everywhere(place, text):
    leader = LeaderId(text)
    entry = Entry(
        conversation(leader, counted={text: 1}), (reflection(1, text, id=text),), (letter(1, text),), text, NOW
    )
    keeper = place.open()
    await keeper.write(entry)
    keeper = await reopened(place, keeper)
    assert await keeper.read(leader) == Page(entry.conversation, entry.reflections, entry.letters, {text: NOW})
    await keeper.close()


async def test_a_corrected_reflection_keeps_its_place_in_the_journal(place):
    keeper = place.open()
    await keeper.write(Entry(conversation(), (reflection(10), reflection(9))))
    await keeper.write(Entry(conversation(), (reflection(1), reflection(10, "Beter gezegd."))))
    for _ in range(2):
        journal_now = (await keeper.read(LEADER)).journal
        assert [kept.id for kept in journal_now] == ["r10", "r9", "r1"]
        assert journal_now[0].text == "Beter gezegd."
        keeper = await reopened(place, keeper)
    await keeper.close()


async def test_letters_stand_in_order_of_their_number_and_a_number_is_there_once(place):
    keeper = place.open()
    await keeper.write(Entry(conversation(), letters=(letter(12), letter(3, "Eerst."))))
    await keeper.write(Entry(conversation(), letters=(letter(3, "Anders."), letter(4))))
    for _ in range(2):
        letters = (await keeper.read(LEADER)).letters
        assert [(waiting.number, waiting.message.text) for waiting in letters] == [
            (3, "Anders."),
            (4, "Dag."),
            (12, "Dag."),
        ]
        keeper = await reopened(place, keeper)
    await keeper.close()


async def test_a_delivered_letter_is_gone_and_the_rest_stays(place):
    keeper = place.open()
    await keeper.write(Entry(conversation(), (reflection(1),), (letter(1), letter(2)), "u1", NOW))
    await keeper.delivered(LEADER, 1)
    for _ in range(2):
        page = await keeper.read(LEADER)
        assert page == Page(conversation(), (reflection(1),), (letter(2),), {"u1": NOW})
        keeper = await reopened(place, keeper)
    await keeper.close()


async def test_an_unknown_letter_is_no_error(place):
    keeper = place.open()
    await keeper.delivered(LEADER, 1)
    assert await keeper.read(LEADER) is None
    await keeper.write(Entry(conversation(), letters=(letter(2),)))
    await keeper.delivered(LEADER, 1)
    assert (await keeper.read(LEADER)).letters == (letter(2),)
    await keeper.close()


async def test_who_has_letters_waiting_is_known_before_and_after_a_restart(place):
    keeper = place.open()
    await keeper.write(Entry(conversation(), letters=(letter(1), letter(2))))
    await keeper.write(Entry(conversation(OTHER)))
    await keeper.delivered(LEADER, 1)
    assert await keeper.waiting() == [LEADER]
    keeper = await reopened(place, keeper)
    assert await keeper.waiting() == [LEADER]
    await keeper.delivered(LEADER, 2)
    assert await keeper.waiting() == []
    await keeper.close()


async def test_updates_older_than_48_hours_are_dropped_and_no_others(place):
    keeper = place.open()
    await keeper.write(Entry(conversation(), update="older", at=NOW - timedelta(hours=48, seconds=1)))
    await keeper.write(Entry(conversation(), update="just", at=NOW - timedelta(hours=48)))
    await keeper.write(Entry(conversation()))
    assert set((await keeper.read(LEADER)).updates) == {"older", "just"}
    await keeper.write(Entry(conversation(), update="now", at=NOW))
    for _ in range(2):
        assert (await keeper.read(LEADER)).updates == {"just": NOW - timedelta(hours=48), "now": NOW}
        keeper = await reopened(place, keeper)
    await keeper.close()


@pytest.mark.parametrize(
    "bad",
    [
        Entry(conversation(language="en"), (reflection(2),), (letter(9),), update="u2"),
        Entry(conversation(language="en"), (reflection(2), reflection(3, text=None)), (letter(9),)),
        Entry(conversation(language="en"), (reflection(2),), (letter(9), replace(letter(10), written=None))),
        Entry(conversation(language="en", moments=[moment("p1")]), (reflection(2),)),
    ],
    ids=["update without time", "reflection", "letter", "conversation"],
)
async def test_an_entry_that_is_refused_changes_nothing(place, bad):
    keeper = place.open()
    await keeper.write(Entry(conversation(), (reflection(1),), (letter(1),), "u1", NOW))
    before = await keeper.read(LEADER)
    with pytest.raises((TypeError, ValueError)):
        await keeper.write(bad)
    for _ in range(2):
        assert await keeper.read(LEADER) == before
        assert await keeper.due(NOW) == []
        keeper = await reopened(place, keeper)
    await keeper.close()


async def test_moments_come_due_at_their_time_and_earliest_first(place):
    keeper = place.open()
    await keeper.write(Entry(conversation(moments=(moment("late", hours=2), moment("soon", hours=1)))))
    await keeper.write(Entry(conversation(OTHER, moments=(moment("also soon", hours=1), moment("first")))))
    for _ in range(2):
        assert await keeper.due(NOW - timedelta(seconds=1)) == []
        assert await keeper.due(NOW) == [(OTHER, moment("first"))]
        assert [due.about for _, due in await keeper.due(NOW + timedelta(hours=2))] == [
            "first",
            "soon",
            "also soon",
            "late",
        ]
        keeper = await reopened(place, keeper)
    await keeper.close()


async def test_moments_that_were_taken_away_do_not_come_due(place):
    keeper = place.open()
    await keeper.write(Entry(conversation(moments=(moment("p1"), moment("p2")))))
    await keeper.write(Entry(conversation(moments=(moment("p2"),))))
    assert await keeper.due(NOW) == [(LEADER, moment("p2"))]
    await keeper.write(Entry(conversation()))
    assert await keeper.due(NOW) == []
    await keeper.close()


async def test_of_a_paused_conversation_nothing_comes_due(place):
    keeper = place.open()
    await keeper.write(Entry(conversation(moments=(moment("p1"),), paused=True)))
    assert await keeper.due(NOW) == []
    keeper = await reopened(place, keeper)
    assert await keeper.due(NOW) == []
    await keeper.write(Entry(conversation(moments=(moment("p1"),))))
    assert await keeper.due(NOW) == [(LEADER, moment("p1"))]
    await keeper.close()


async def test_an_erased_leader_is_forgotten_wholly_and_others_are_not(place):
    keeper = place.open()
    for leader in (LEADER, OTHER):
        await keeper.write(
            Entry(conversation(leader, moments=(moment("p1"),)), (reflection(1),), (letter(1),), "u1", NOW)
        )
    await keeper.erase(LEADER)
    for _ in range(2):
        assert await keeper.read(LEADER) is None
        assert [leader for leader, _ in await keeper.due(NOW)] == [OTHER]
        assert await keeper.waiting() == [OTHER]
        assert (await keeper.read(OTHER)).journal == (reflection(1),)
        keeper = await reopened(place, keeper)
    await keeper.write(Entry(conversation(), (reflection(1, "Opnieuw."),)))
    assert await keeper.read(LEADER) == Page(conversation(), (reflection(1, "Opnieuw."),))
    await keeper.close()


async def test_erasing_a_stranger_is_no_error(place):
    keeper = place.open()
    await keeper.erase(LEADER)
    assert await keeper.read(LEADER) is None
    await keeper.close()


async def test_a_damaged_page_is_left_as_it_is_and_stops_nobody_else(place):
    keeper = place.open()
    for leader in (LEADER, OTHER):
        await keeper.write(Entry(conversation(leader, moments=(moment("p1"),)), letters=(letter(1),)))
    await keeper.close()
    place.damage(LEADER)
    damaged = place.content(LEADER)
    keeper = place.open()
    for call in (
        lambda: keeper.read(LEADER),
        lambda: keeper.write(Entry(conversation())),
        lambda: keeper.delivered(LEADER, 1),
    ):
        with pytest.raises(PageUnreadable):
            await call()
    assert await keeper.due(NOW) == [(OTHER, moment("p1"))]
    assert await keeper.waiting() == [OTHER]
    await keeper.write(Entry(conversation(OTHER), (reflection(1),)))
    assert place.content(LEADER) == damaged
    await keeper.close()


async def test_a_damaged_page_can_be_erased(place):
    keeper = place.open()
    await keeper.write(Entry(conversation()))
    await keeper.close()
    place.damage(LEADER)
    keeper = place.open()
    await keeper.erase(LEADER)
    assert await keeper.read(LEADER) is None
    await keeper.write(Entry(conversation()))
    assert await keeper.read(LEADER) == Page(conversation())
    await keeper.close()


def v2_had_no_greeting(document):
    return {**document, "conversation": {**document["conversation"], "content": "1.0"}}


async def test_a_page_of_an_earlier_format_is_read_and_goes_on_in_the_new_one(place, monkeypatch):
    keeper = place.open()
    await keeper.write(Entry(conversation(), (reflection(1), reflection(2)), (letter(1), letter(2)), "u1", NOW))
    await keeper.close()
    monkeypatch.setattr(journal, "UPGRADES", [*journal.UPGRADES, v2_had_no_greeting])
    keeper = place.open()
    assert (await keeper.read(LEADER)).conversation.content == "1.0"
    await keeper.delivered(LEADER, 1)
    await keeper.write(Entry(conversation(content="2.0"), (reflection(3),)))
    for _ in range(2):
        page = await keeper.read(LEADER)
        assert page.conversation.content == "2.0"
        assert [kept.id for kept in page.journal] == ["r1", "r2", "r3"]
        assert page.letters == (letter(2),)
        assert page.updates == {"u1": NOW}
        keeper = await reopened(place, keeper)
    await keeper.close()


async def test_a_page_of_a_later_format_is_unreadable_and_left_as_it_is(place, monkeypatch):
    with monkeypatch.context() as later:
        later.setattr(journal, "UPGRADES", [*journal.UPGRADES, v2_had_no_greeting])
        keeper = place.open()
        await keeper.write(Entry(conversation(), (reflection(1),)))
        await keeper.close()
    before = place.content(LEADER)
    keeper = place.open()
    with pytest.raises(PageUnreadable):
        await keeper.read(LEADER)
    with pytest.raises(PageUnreadable):
        await keeper.write(Entry(conversation()))
    assert place.content(LEADER) == before
    await keeper.close()


async def test_many_writes_at_once_lose_nothing(place):
    keeper = place.open()
    leaders = [LeaderId(f"leader {number}") for number in range(5)]
    await asyncio.gather(
        *(
            keeper.write(Entry(conversation(leader), (reflection(number),), (letter(number),), f"u{number}", NOW))
            for number in range(12)
            for leader in leaders
        )
    )
    for _ in range(2):
        for leader in leaders:
            page = await keeper.read(leader)
            assert [kept.id for kept in page.journal] == [f"r{number}" for number in range(12)]
            assert [waiting.number for waiting in page.letters] == list(range(12))
            assert set(page.updates) == {f"u{number}" for number in range(12)}
        keeper = await reopened(place, keeper)
    await keeper.close()


async def test_a_closed_keeper_says_that_it_is_closed(place):
    keeper = place.open()
    await keeper.close()
    await keeper.close()
    for call in (
        lambda: keeper.read(LEADER),
        lambda: keeper.write(Entry(conversation())),
        lambda: keeper.delivered(LEADER, 1),
        lambda: keeper.erase(LEADER),
        lambda: keeper.due(NOW),
        keeper.waiting,
    ):
        with pytest.raises(KeeperUnavailable):
            await call()


LEADERS = st.sampled_from([LEADER, OTHER])
STEPS = st.one_of(
    st.builds(
        lambda leader, numbers, letters, moments, paused, language: (
            "write",
            Entry(
                conversation(
                    leader,
                    moments=tuple(moment(about, hours=at) for about, at in moments),
                    paused=paused,
                    language=language,
                ),
                tuple(reflection(number, language, phase=Phase.ACTING) for number in numbers),
                tuple(letter(number) for number in letters),
                f"u{len(numbers)}",
                NOW + timedelta(hours=20 * len(letters)),
            ),
        ),
        LEADERS,
        st.lists(st.integers(1, 5), max_size=3),
        st.lists(st.integers(1, 4), max_size=3),
        st.lists(st.tuples(st.sampled_from("ab"), st.integers(-1, 1)), max_size=2),
        st.booleans(),
        st.sampled_from(["nl", "en"]),
    ),
    st.tuples(st.just("delivered"), LEADERS, st.integers(1, 4)),
    st.tuples(st.just("erase"), LEADERS),
    st.tuples(st.just("restart")),
)


async def seen(keeper):
    pages = [await keeper.read(leader) for leader in (LEADER, OTHER)]
    return pages, await keeper.due(NOW), sorted(await keeper.waiting())


async def live(place, steps):
    """Take *steps* on the keeper of *place* and return what is seen after each."""
    keeper = place.open()
    history = []
    for name, *arguments in steps:
        if name == "restart":
            keeper = await reopened(place, keeper)
        else:
            await getattr(keeper, name)(*arguments)
        history.append(await seen(keeper))
    await keeper.close()
    return history


@settings(max_examples=25, deadline=None, database=None)
@given(steps=st.lists(STEPS, max_size=12))
def alike(steps):
    with tempfile.TemporaryDirectory() as folder:
        assert asyncio.run(live(Tiny(Path(folder) / "data"), steps)) == asyncio.run(live(Memory(None), steps))


async def test_whatever_happens_all_keepers_tell_the_same():
    await asyncio.to_thread(alike)
