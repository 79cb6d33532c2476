"""The group of a team on Telegram, with the real guide of teams, words and store: a session, and bad input."""

from __future__ import annotations

import pytest

from dialogues.errors import KeeperUnavailable
from tests.bot.fake_bot_api import message, tap
from tests.bot.group_scene import ANONYMOUS, BO, GROUP, JAN, RIK, SAAR, SANNE, STRANGER, Group
from tests.bot.new_team import began, joined, kept, set_up, settled


@pytest.mark.asyncio
async def test_a_new_group_reaches_its_first_finished_session_following_only_what_the_messages_say(teams, team_clock):
    group = Group(teams.api)
    async with teams.bot():
        await set_up(group)
        await joined(group, JAN, RIK, BO, SAAR)
        team_clock.at("2026-10-06 08:30")
        teams.naps.look_again()
        await group.has_button("Beginnen")
        await group.taps(SANNE, "Beginnen")
        await group.has_button("🙂")
        for person in (SANNE, JAN, RIK, BO, SAAR):
            query = await group.taps(person, "🙂")
            await teams.api.until(lambda query=query: query in teams.api.answered())
        await group.taps(SANNE, "Verder")
        await group.sees("Welk klein succes")
        await group.answers(RIK, "Groep 6 gaf elkaar feedback met uitleg.", "Welk klein succes")
        await group.sees("• Groep 6 gaf elkaar feedback met uitleg. (R.)")
        await group.taps(SANNE, "Verder")
        await group.sees("Wie doet deze week wat")
        await group.says(RIK, "/actie R. – drie leerlingen vragen – donderdag")
        await group.sees("R.: drie leerlingen vragen (donderdag)")
        await group.taps(SANNE, "Verder")
        await group.sees("Wat zeiden leerlingen")
        await group.taps(SANNE, "Verder")
        await group.has_button("J., de volgende")
        await group.taps(SANNE, "J., de volgende")
        await group.has_button("Klopt")
        await group.taps(SANNE, "Klopt")
        said = "De bordsessie is klaar en bewaard. De volgende is dinsdag 13 oktober om 8.30 uur; J. leidt."
        await teams.api.until(lambda: any(said in one.get("caption", "") for one in teams.api.sent(GROUP["id"])))
        await teams.api.until(lambda: not teams.api.queries)
    page = await teams.team_keeper.read("team0")
    assert [board.week for board in page.boards] == ["2026-W41"]
    assert page.boards[0].counted == {"good": 5}
    assert page.notes == ()
    # The board is one message that is redrawn.
    assert sum("Bord van dinsdag 6 oktober" in text for text in group.texts()) == 1


@pytest.mark.asyncio
async def test_prv_4_the_bot_declines_to_be_administrator_when_added_and_when_promoted(teams):
    group = Group(teams.api)
    async with teams.bot():
        await group.adds_the_bot(SANNE, "administrator")
        await group.sees("beheerder hoef ik niet te zijn")
        await group.sees("De taal van dit bord")
        before = len(group.texts())
        await group.changes(SANNE, "member", "administrator")
        await teams.api.until(lambda: len(group.texts()) > before)
        assert "beheerder hoef ik niet te zijn" in group.texts()[-1]
        await settled(teams)


@pytest.mark.asyncio
async def test_what_an_anonymous_administrator_a_channel_or_another_bot_writes_gets_one_calm_line_or_nothing(
    teams, ready
):
    before = len(ready.texts())
    await ready.happens(**{"from": ANONYMOUS}, sender_chat=ready.chat, text="/actie iets")
    await ready.sees("Je schrijft hier anoniem")
    await ready.happens(**{"from": {**ANONYMOUS, "id": 7}}, text="/actie iets")
    channel = {"id": -9, "type": "channel", "title": "Canary-Title"}
    automatic = {"from": {"id": 777000, "is_bot": False, "first_name": "Telegram"}, "is_automatic_forward": True}
    await ready.happens(**automatic, sender_chat=channel, text="/actie iets")
    await ready.happens(text="zomaar gepraat")
    edited = message(3, SANNE, ready.chat, text="/actie bewerkt", edit_date=2)
    await teams.api.send("edited_message", edited)
    await settled(teams)
    assert len(ready.texts()) == before + 1
    assert (await kept(teams)).team.actions == ()


@pytest.mark.asyncio
async def test_a_photo_of_the_board_is_answered_with_how_to_type_it_over(teams, ready):
    photo = [{"file_id": "f", "file_unique_id": "u", "width": 1, "height": 1}]
    await ready.happens(photo=photo, reply_to_message=ready.newest(), **{"from": ready.person(SANNE)})
    await ready.sees("Een foto of geluid kan ik niet lezen")
    await ready.says(SANNE, "/bord\nactie J. – bord fotograferen – vrijdag\ndoel: elk kind leest tot 1 december\nonzin")
    await ready.sees("regel 3: onzin")
    await ready.taps(SANNE, "Ja, zet het erop")
    await ready.sees("2 dingen staan nu op het bord.")
    await settled(teams)


@pytest.mark.asyncio
async def test_a_button_by_an_outsider_or_of_an_old_session_says_so_and_changes_nothing(teams, ready, team_clock):
    await began(teams, ready, team_clock)
    outsider = await ready.taps(STRANGER, "Beginnen")
    await teams.api.until(lambda: outsider in teams.api.answered())
    assert teams.api.answered()[outsider].startswith("Je doet nog niet mee met dit bord.")
    old = ready.button("Beginnen")
    await ready.taps(SANNE, "Beginnen")
    await ready.has_button("🙂")
    before = await kept(teams)
    query = "query-old"
    teams.api.queries.add(query)
    await teams.api.send("callback_query", {**tap(query, SANNE, *old, ready.chat), "from": ready.person(SANNE)})
    await teams.api.until(lambda: query in teams.api.answered())
    assert teams.api.answered()[query].startswith("Deze knop hoort bij een eerder moment.")
    await settled(teams)
    assert (await kept(teams)).team.session == before.team.session


@pytest.mark.asyncio
async def test_two_people_deciding_at_once_decide_once(teams, ready, team_clock):
    await began(teams, ready, team_clock)
    number, payload = ready.button("Beginnen")
    queries = []
    for person in (SANNE, JAN, SANNE, JAN):
        queries.append(f"query-{teams.api.ids()}")
        teams.api.queries.add(queries[-1])
        await teams.api.send(
            "callback_query", {**tap(queries[-1], person, number, payload, ready.chat), "from": ready.person(person)}
        )
    await ready.has_button("🙂")
    await settled(teams)
    assert sum("Hoe sta je er vandaag voor?" in text for text in ready.texts()) == 1
    assert sorted(teams.api.answered()[query] != "" for query in queries) == [False, True, True, True]


@pytest.mark.asyncio
async def test_forty_actions_at_once_fill_the_board_as_agreed_and_the_rest_is_counted(teams, ready):
    await ready.says(SANNE, "/actie " + "\n".join(f"actie nummer {number}" for number in range(40)))
    await ready.sees("34 acties staan niet op het bord")
    for number in range(40):
        await ready.says(JAN, f"/actie los {number}")
    await settled(teams)
    assert len((await kept(teams)).team.actions) == 6


@pytest.mark.asyncio
async def test_an_update_that_comes_again_after_a_restart_puts_one_thing_on_the_board(teams):
    group = Group(teams.api)
    async with teams.bot():
        await set_up(group)
        number = await group.says(SANNE, "/succes Sem hielp een ander")
        await group.sees("op het bord. Met /bord")
        await settled(teams)
    same = {**message(9, SANNE, group.chat, text="/succes Sem hielp een ander"), "from": group.person(SANNE)}
    await teams.api.send("message", same, number=number)
    async with teams.bot():
        await teams.api.until(lambda: number in teams.api.confirmed[-1:])
        await settled(teams)
    assert len((await kept(teams)).team.waiting) == 1


@pytest.mark.asyncio
async def test_a_store_that_is_away_loses_nothing_that_was_typed_in_the_group(teams, ready, monkeypatch):
    real, down = teams.team_keeper.write, [True]

    async def write(entry):
        if down[0]:
            raise KeeperUnavailable("the disk is full")
        await real(entry)

    monkeypatch.setattr(teams.team_keeper, "write", write)
    await ready.says(SANNE, "/succes Sem hielp een ander")
    await teams.api.until(lambda: teams.naps.asked)
    down[0] = False
    await ready.sees("op het bord. Met /bord")
    await settled(teams)
    assert len((await kept(teams)).team.waiting) == 1
