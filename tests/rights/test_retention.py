"""AVG-5: after a long silence everything goes, and the leader knew it thirty days ahead."""

from __future__ import annotations

import random
from collections import defaultdict
from datetime import UTC, date, datetime, time, timedelta

import pytest

from app import data_map
from app.settings import Settings, SettingsWrong, read
from dialogues import retention
from dialogues.conversation import Conversation, Frame, LeaderId, Say
from dialogues.free_days import is_public
from dialogues.ports import Entry
from storage.in_memory import InMemoryKeeper
from storage.in_tinydb import TinyDbKeeper
from storage.master_keys import beside
from tests.rights.conftest import ANNE, BEGIN, ZONE
from tests.storage.examples import conversation as a_conversation

AHEAD = timedelta(days=30)
STEP = timedelta(hours=2)
TWO_YEARS_ON = datetime(2028, 12, 1, 7, 0, tzinfo=UTC)


def notices(letters):
    return [letter for letter in letters if "/verder" in letter.message.text and "wis ik op" in letter.message.text]


async def live(talk, until, leaders, returns):
    """
    Let time pass until *until*, looking every two hours. Who is told on a day named in *returns* writes back so many
    days later. Return when each leader was told, and when her page was found gone.
    """
    told, gone, coming = defaultdict(list), {}, {}
    while talk.now < until:
        talk.now += STEP
        await talk.guide.come_due(talk.now)
        for leader in leaders:
            if leader in gone:
                continue
            if leader not in talk.pages:
                gone[leader] = talk.now
                continue
            if leader in await talk.keeper.waiting():
                for _ in notices(await talk.letters(leader)):
                    told[leader].append(talk.now)
                    if len(told[leader]) == 1 and leader in returns:
                        coming[leader] = talk.now + timedelta(days=returns[leader])
                await talk.send(leader)
            if leader in coming and talk.now >= coming[leader]:
                del coming[leader]
                await talk.say("Daar ben ik weer.", leader=leader)
    return told, gone


@pytest.mark.asyncio
@pytest.mark.parametrize("seed", [5, 6, 7])
async def test_avg_5_years_of_silence_end_in_one_notice_and_then_nothing_is_left(talking, seed):
    talk = talking(months=24)
    chance = random.Random(seed)
    leaders = [LeaderId(f"leader-{number}") for number in range(12)]
    returns = {leader: chance.randint(0, 29) for leader in leaders[:4]}
    heard = {}
    for leader in leaders:
        talk.now = BEGIN + timedelta(minutes=chance.randrange(365 * 24 * 60))
        await talk.met(leader)
        await talk.say("/gedachte Ik zie op tegen lesbezoek.", "/stop", leader=leader)
        heard[leader] = talk.now
    talk.now = max(heard.values())

    told, gone = await live(talk, BEGIN + timedelta(days=365 * 5 + 90), leaders, returns)

    assert talk.pages == {}
    for leader in leaders:
        assert len(told[leader]) == (2 if leader in returns else 1)
        for at in told[leader]:
            local = at.astimezone(ZONE)
            assert local.weekday() < 5
            assert not is_public(local.date())
            assert time(7, 30) <= local.time() < time(18)
        assert gone[leader] - told[leader][-1] >= AHEAD
        if leader not in returns:
            end = heard[leader].replace(year=heard[leader].year + 2)
            assert end <= gone[leader] <= end + timedelta(days=5)  # a weekend with two public holidays behind it


@pytest.mark.asyncio
async def test_avg_5_known_bad_without_a_term_nothing_is_ever_erased(talking):
    talk = talking(months=0)
    await talk.met()
    talk.now = BEGIN + timedelta(days=365 * 20)
    assert await talk.guide.come_due(talk.now) == 0
    assert ANNE in talk.pages


@pytest.mark.asyncio
async def test_avg_5_known_bad_who_writes_back_is_lost_when_a_sign_of_life_counts_for_nothing(talking, monkeypatch):
    monkeypatch.setattr(retention, "alive", lambda conversation, _now: conversation)
    talk = talking(months=24)
    await talk.met()
    await live(talk, TWO_YEARS_ON + timedelta(days=3), [ANNE], {ANNE: 5})
    assert ANNE not in talk.pages


async def told(talk):
    """Be silent for nearly two years, and be told."""
    await talk.met()
    await talk.say("/gedachte Ik zie op tegen lesbezoek.", "Bewaren", "/stop")
    talk.now = TWO_YEARS_ON - AHEAD
    assert await talk.guide.come_due(talk.now) == 1
    (notice,) = notices(await talk.letters())
    await talk.send()
    return notice


@pytest.mark.asyncio
async def test_avg_5_the_notice_names_the_day_and_what_she_can_do(talking):
    talk = talking()
    notice = await told(talk)
    assert "vrijdag 1 december" in notice.message.text
    for word in ("/verder", "/mijndata"):
        assert word in notice.message.text
        assert talk.catalogue.command(word)[0] != "unknown"
    english = talk.catalogue.render(Say("retention.notice", {"day": date(2028, 12, 1)}), "en").text
    for word in ("/continue", "/mydata"):
        assert word in english
        assert talk.catalogue.command(word)[0] != "unknown"


@pytest.mark.asyncio
@pytest.mark.parametrize("word", ["/verder", "ja", "/hulp", "/overzicht", "😀"])
async def test_avg_5_any_sign_of_life_keeps_everything(talking, word):
    talk = talking()
    await told(talk)
    talk.wait(days=29)
    await talk.say(word)
    talk.wait(days=40)
    await talk.guide.come_due(talk.now)
    assert not notices(await talk.letters())
    page = await talk.page()
    assert page.journal[0].text == "Ik zie op tegen lesbezoek."
    assert not retention.was_told(page.conversation)


@pytest.mark.asyncio
async def test_avg_5_who_comes_back_hears_that_everything_stays(talking):
    talk = talking()
    await told(talk)
    reply = await talk.say("/verder")
    assert "blijft staan" in reply.letters[0].message.text
    assert "blijft staan" not in (await talk.say("/verder")).letters[0].message.text


@pytest.mark.asyncio
async def test_avg_5_a_tapped_button_is_a_sign_of_life_as_well(talking):
    talk = talking()
    await talk.met()
    button = (await talk.page()).conversation.frame.nonce
    talk.now = TWO_YEARS_ON - AHEAD
    await talk.guide.come_due(talk.now)
    await talk.send()
    await talk.tap("thought")
    talk.wait(days=60)
    await talk.guide.come_due(talk.now)
    assert (await talk.page()).conversation.frame.nonce != button


@pytest.mark.asyncio
async def test_avg_5_a_restart_between_notice_and_erasure_changes_nothing(talking):
    talk = talking()
    await told(talk)
    for days in (0, 10, 10, 9):
        talk.wait(days=days)
        talk.keeper = InMemoryKeeper(talk.pages)
        talk.guide = talk.new_guide()
        assert await talk.guide.come_due(talk.now) == 0
        assert ANNE in talk.pages
    talk.wait(days=1)
    talk.guide = talk.new_guide()
    await talk.guide.come_due(talk.now)
    assert talk.pages == {}


@pytest.mark.asyncio
async def test_avg_5_on_the_disk_the_page_and_its_key_go_and_the_ledger_remembers(talking, tmp_path):
    talk = talking()
    talk.keeper = keeper = TinyDbKeeper(tmp_path / "data")
    talk.guide = talk.new_guide()
    await told(talk)
    assert [path for path in (tmp_path / "data" / "leaders").iterdir() if path.is_file()]
    ledger = beside(tmp_path / "data") / "erased"
    assert not ledger.exists() or not list(ledger.iterdir())
    talk.wait(days=30)
    await talk.guide.come_due(talk.now)
    assert await keeper.read(ANNE) is None
    assert [path for path in (tmp_path / "data" / "leaders").iterdir() if path.is_file()] == []
    assert len(list(ledger.iterdir())) == 1
    await keeper.close()


@pytest.mark.asyncio
async def test_avg_5_nobody_is_told_in_the_evening_or_at_the_weekend(talking):
    talk = talking()
    await talk.met()
    talk.now = datetime(2028, 11, 4, 10, 0, tzinfo=UTC)  # a Saturday
    assert await talk.guide.come_due(talk.now) == 0
    talk.now = datetime(2028, 11, 6, 6, 0, tzinfo=UTC)  # Monday, seven o'clock
    assert await talk.guide.come_due(talk.now) == 0
    talk.now = datetime(2028, 11, 6, 7, 0, tzinfo=UTC)
    assert await talk.guide.come_due(talk.now) == 1
    (expiry,) = (await talk.page()).conversation.moments
    assert expiry.at - talk.now == AHEAD


@pytest.mark.asyncio
async def test_avg_5_nothing_is_erased_while_the_notice_is_still_on_its_way(talking):
    talk = talking()
    await talk.met()
    talk.now = TWO_YEARS_ON - AHEAD
    await talk.guide.come_due(talk.now)
    talk.wait(days=45)
    await talk.guide.come_due(talk.now)
    assert ANNE in talk.pages
    await talk.send()
    talk.wait(hours=1)
    await talk.guide.come_due(talk.now)
    assert talk.pages == {}


@pytest.mark.asyncio
async def test_avg_5_who_blocked_the_bot_is_forgotten_too(talking):
    talk = talking()
    await talk.met()
    await talk.guide.left(ANNE, talk.now)
    for _ in range(2):
        talk.now = TWO_YEARS_ON - AHEAD if talk.now < TWO_YEARS_ON - AHEAD else talk.now + AHEAD
        await talk.guide.come_due(talk.now)
    assert talk.pages == {}


@pytest.mark.asyncio
async def test_avg_5_who_never_agreed_is_forgotten_without_a_message(talking):
    talk = talking()
    await talk.say("hallo", "Nederlands")
    talk.now = TWO_YEARS_ON - timedelta(hours=1)
    assert await talk.guide.come_due(talk.now) == 0
    assert ANNE in talk.pages
    talk.wait(hours=1)
    assert await talk.guide.come_due(talk.now) == 0
    assert talk.pages == {}


@pytest.mark.asyncio
async def test_avg_5_another_term_counts_at_once_and_a_day_that_was_told_is_never_brought_forward(talking):
    talk = talking()
    await told(talk)
    talk.months = 3
    talk.guide = talk.new_guide()
    await talk.guide.come_due(talk.now)
    assert ANNE in talk.pages
    talk.months = 36
    talk.guide = talk.new_guide()
    talk.now = TWO_YEARS_ON + timedelta(days=300)
    await talk.guide.come_due(talk.now)
    (expiry,) = (await talk.page()).conversation.moments
    assert expiry.at == datetime(2029, 12, 1, 7, 0, tzinfo=UTC)
    talk.months = 0
    talk.guide = talk.new_guide()
    talk.now = TWO_YEARS_ON + timedelta(days=3000)
    await talk.guide.come_due(talk.now)
    assert (await talk.page()).conversation.moments == ()


@pytest.mark.asyncio
@pytest.mark.parametrize(("months", "said"), [(24, "24 maanden"), (6, "6 maanden"), (0, "tot jij het wist. ")])
async def test_avg_5_the_term_is_told_before_anybody_agrees(talking, months, said):
    talk = talking(months)
    await talk.say("hallo", "Nederlands")
    reply = await talk.tap("more")
    assert said in reply.letters[-1].message.text


@pytest.mark.parametrize(
    ("last", "months", "end"),
    [
        (datetime(2026, 1, 31, 9, tzinfo=UTC), 3, datetime(2026, 4, 30, 9, tzinfo=UTC)),
        (datetime(2024, 2, 29, 9, tzinfo=UTC), 24, datetime(2026, 2, 28, 9, tzinfo=UTC)),
        (datetime(2026, 12, 15, 9, tzinfo=UTC), 1, datetime(2027, 1, 15, 9, tzinfo=UTC)),
    ],
)
def test_a_term_is_counted_in_calendar_months(last, months, end):
    silent = Conversation(ANNE, "a", "nl", Frame("home", "menu", "1"), heard=last)
    assert retention.judge(silent, end - timedelta(seconds=1), months) is retention.Verdict.KEEP
    assert retention.judge(silent, end, months) is retention.Verdict.ERASE


def test_every_silence_that_asks_for_something_is_among_those_looked_at():
    for number in range(1500):
        last = BEGIN + timedelta(days=number % 800, hours=number % 24)
        silent = Conversation(ANNE, "a", "nl", Frame("home", "menu", "1"), consent=last, heard=last)
        months = 3 + number % 40
        now = last + timedelta(days=months * 30.4 - 30 + number % 7 - 3)
        if retention.judge(silent, now, months) is not retention.Verdict.KEEP:
            assert last <= retention.silent_since(now, months)


@pytest.mark.asyncio
@pytest.mark.parametrize("make", [lambda _: InMemoryKeeper(), TinyDbKeeper], ids=["in_memory", "in_tinydb"])
async def test_a_keeper_knows_who_is_silent_also_when_paused_and_no_longer_when_erased(make, tmp_path):
    keeper = make(tmp_path / "data")
    for number, leader in enumerate(("c", "b", "a")):
        heard = BEGIN + timedelta(days=number)
        await keeper.write(Entry(a_conversation(LeaderId(leader), heard=heard, paused=number == 0)))
    assert list(await keeper.silent(BEGIN + timedelta(days=1))) == ["c", "b"]
    await keeper.erase(LeaderId("c"))
    assert list(await keeper.silent(BEGIN + timedelta(days=9))) == ["b", "a"]
    await keeper.close()


@pytest.mark.parametrize("text", ["1", "2", "121", "-3", "24.0", "veel", "9" * 400])
def test_avg_5_a_term_too_short_to_tell_a_month_ahead_or_no_term_at_all_is_refused(monkeypatch, text):
    monkeypatch.setenv("MINDSHIFT_RETENTION_MONTHS", text)
    with pytest.raises(SettingsWrong) as wrong:
        read()
    assert wrong.value.faults == ("MINDSHIFT_RETENTION_MONTHS must be 3 to 120 months, or 0 to erase nobody",)


@pytest.mark.parametrize(("text", "months"), [("", 24), ("0", 0), ("3", 3), ("120", 120)])
def test_avg_5_a_term_is_two_years_unless_the_operator_says_otherwise(monkeypatch, text, months):
    monkeypatch.setenv("MINDSHIFT_RETENTION_MONTHS", text)
    assert read().retention_months == months


def test_avg_5_the_register_names_the_term_that_holds_without_a_setting():
    register = (data_map.ROOT / data_map.FOLDER / "verwerkingsregister.md").read_text(encoding="utf-8")
    assert f"na {Settings.model_fields['retention_months'].default} maanden zonder teken van leven" in register
