"""The group of a team on Telegram: the real guide of teams with its real words and store, over the fake Bot API."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
import pytest_asyncio

from bot.hear import leader_of
from dialogues.errors import KeeperUnavailable
from dialogues.team.guide import TeamGuide, TeamReply
from tests.bot.fake_bot_api import Fault, message, tap
from tests.bot.group_scene import ANONYMOUS, BO, GROUP, JAN, RIK, SAAR, SANNE, STRANGER, SUPERGROUP, Group
from tests.bot.team_parts import Clock, with_teams
from tests.team.test_sharing_days import FILE


@pytest.fixture
def team_clock():
    return Clock()


@pytest_asyncio.fixture
async def teams(scene, tmp_path, catalogue, matcher, monkeypatch, team_clock):
    """The scene with teams, in which nobody waits for Telegram's pace."""
    monkeypatch.setattr("bot.courier.BURST", 1000)
    async with with_teams(scene, tmp_path, catalogue, matcher, team_clock) as ready:
        yield ready


async def set_up(group: Group, language: str = "Nederlands") -> None:
    await group.adds_the_bot(SANNE)
    nl = language == "Nederlands"
    for label in (
        language,
        "di" if nl else "Tue",
        "8.30 uur" if nl else "8:30",
        "Zuid" if nl else "South",
        "Verder" if nl else "Go on",
        "Wie wil, anders om de beurt" if nl else "Who wants to, else in turn",
        "6",
        "Verder" if nl else "Go on",
    ):
        await group.has_button(label)
        await group.taps(SANNE, label)
    await group.has_button("Ik doe mee" if nl else "I join")


async def joined(group: Group, *people: int) -> None:
    for person in people:
        await group.api.until(lambda: not group.api.queries)
        query = await group.taps(person, "Ik doe mee")
        await group.api.until(lambda query=query: query in group.api.answered())


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


@pytest_asyncio.fixture
async def ready(teams):
    """A group that is set up, with Sanne and Jan in it, in a bot that runs."""
    group = Group(teams.api)
    async with teams.bot():
        await set_up(group)
        await joined(group, JAN)
        await settled(teams)
        yield group


async def settled(teams) -> None:
    """Wait until every update is taken in, every tap answered and every outbox empty."""
    for _ in range(2):
        await teams.api.until(lambda: not teams.api.queries and not teams.api.updates)
        async with asyncio.timeout(6):
            while teams.team_keeper.waiting():  # noqa: ASYNC110 (no event)
                await asyncio.sleep(0.005)


async def began(teams, group, team_clock, at: str = "2026-10-06 08:30") -> None:
    team_clock.at(at)
    teams.naps.look_again()
    await group.has_button("Beginnen")


async def kept(teams):
    return await teams.team_keeper.read("team0")


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
@pytest.mark.parametrize("order", ["old first", "new first", "added first"])
async def test_sch_7_a_group_that_becomes_a_supergroup_keeps_rights_board_and_history(teams, ready, team_clock, order):
    await ready.says(SANNE, "/doel elk kind leest tot 1 december")
    await settled(teams)
    new = Group(teams.api, dict(SUPERGROUP))
    service = {"from": ready.person(SANNE)}
    if order == "added first":
        await new.adds_the_bot(SANNE)
        await settled(teams)
    if order == "new first":
        await new.happens(migrate_from_chat_id=GROUP["id"], **service)
        await ready.happens(migrate_to_chat_id=SUPERGROUP["id"], **service)
    else:
        await ready.happens(migrate_to_chat_id=SUPERGROUP["id"], **service)
        await new.happens(migrate_from_chat_id=GROUP["id"], **service)
    teams.api.moved[GROUP["id"]] = SUPERGROUP["id"]
    await settled(teams)
    before = len(ready.texts())
    await began(teams, new, team_clock)
    await settled(teams)
    assert sum("Beginnen we?" in text for text in new.texts()) == 1
    assert len(ready.texts()) == before
    query = await new.taps(JAN, "Beginnen")
    await new.has_button("🙂")
    assert query is not None
    assert any("elk kind leest" in text for text in new.texts())
    await settled(teams)
    assert teams.team_keeper.at("telegram:-500") is None
    assert len(teams.team_keeper.of(leader_of(SANNE))) == 1


@pytest.mark.asyncio
async def test_sch_7_a_move_that_only_a_refusal_tells_of_is_followed_and_the_note_arrives_once(
    teams, ready, team_clock
):
    teams.api.moved[GROUP["id"]] = SUPERGROUP["id"]
    new = Group(teams.api, dict(SUPERGROUP))
    await began(teams, new, team_clock)
    await settled(teams)
    assert sum("Beginnen we?" in text for text in new.texts()) == 1
    assert (await kept(teams)).team.address == "telegram:-1005"


@pytest.mark.asyncio
async def test_sch_8_thrown_out_of_a_group_it_stops_after_the_first_refusal_and_tells_the_lead_privately(
    teams, ready, team_clock
):
    teams.reachable[leader_of(SANNE)] = f"telegram:{SANNE}"
    teams.api.faults.append(Fault("sendmessage", GROUP["id"], 1000, 403, "Forbidden: bot was kicked from the group"))
    refused = len(teams.api.asked)
    team_clock.at("2026-10-06 08:30")
    teams.naps.look_again()
    await teams.api.until(lambda: teams.api.texts(SANNE))
    await settled(teams)
    assert "gehaald, dus er komen geen bordsessies meer" in teams.api.texts(SANNE)[-1]
    assert teams.api.asked[refused:].count("sendmessage") == 2
    team_clock.at("2026-10-13 08:30")
    teams.naps.look_again()
    team_clock.at("2026-10-20 08:30")
    teams.naps.look_again()
    await settled(teams)
    assert teams.api.asked[refused:].count("sendmessage") == 2


@pytest.mark.asyncio
async def test_removed_and_added_again_the_board_goes_on_and_nothing_is_doubled(teams, ready, team_clock):
    await ready.says(SANNE, "/doel elk kind leest tot 1 december")
    await settled(teams)
    await ready.changes(SANNE, "member", "kicked")
    await settled(teams)
    team_clock.at("2026-10-07 10:00")
    teams.naps.look_again()
    await settled(teams)
    await ready.adds_the_bot(SANNE)
    await ready.sees("Ik ben er weer. Het bord en de afspraken staan er nog.")
    await ready.adds_the_bot(SANNE)
    await settled(teams)
    page = await kept(teams)
    assert [goal.text for goal in page.team.goals] == ["elk kind leest"]
    assert sum("Ik ben er weer" in text for text in ready.texts()) == 1
    assert not any("overgeslagen" in text for text in ready.texts())


@pytest.mark.asyncio
async def test_a_signal_of_crisis_in_the_group_gets_one_neutral_line_and_the_card_privately(teams, ready):
    teams.reachable[leader_of(JAN)] = f"telegram:{JAN}"
    await ready.says(JAN, "/actie canary-text ik wil niet meer leven")
    await ready.sees("Bij nood: bel 112, of stuur mij privé /hulp.")
    await teams.api.until(lambda: teams.api.texts(JAN))
    assert "113" in teams.api.texts(JAN)[0]
    await settled(teams)
    assert (await kept(teams)).team.actions == ()
    assert not any("canary-text" in text for text in [*ready.texts(), *teams.api.texts(JAN)])


@pytest.mark.asyncio
async def test_prv_4_what_is_written_privately_reaches_the_group_only_when_its_writer_puts_it_up(
    teams, ready, monkeypatch
):
    heard = teams.guide.read
    monkeypatch.setattr(teams.guide, "read", lambda text, source: heard(text.replace("/bord", "/board"), source))
    await teams.api.says(JAN, "/bord")
    await teams.api.until(lambda: teams.api.texts(JAN))
    await teams.api.taps(JAN, *button(teams.api, JAN, "Een zorg"))
    await teams.api.until(lambda: "Typ je zorg" in teams.api.texts(JAN)[-1])
    await teams.api.says(JAN, "canary-text te veel toetsen")
    await teams.api.until(lambda: "Bewaard, alleen voor jou" in teams.api.texts(JAN)[-1])
    await ready.says(SANNE, "/bord")
    await ready.sees("Bord van")
    await settled(teams)
    assert not any("canary-text" in text for text in ready.texts())
    await teams.api.taps(JAN, *button(teams.api, JAN, "Zet op het bord"))
    await ready.sees("canary-text te veel toetsen")
    assert not any("(J.)" in text for text in ready.texts())
    await settled(teams)


def button(api, person: int, label: str) -> tuple[int, str]:
    return next(
        (values["message_id"], one["callback_data"])
        for values in reversed(api.sent(person))
        for row in values.get("reply_markup", {}).get("inline_keyboard", [])
        for one in row
        if one["text"] == label
    )


@pytest.mark.asyncio
async def test_an_agenda_that_a_closed_private_chat_refuses_is_announced_in_the_group_once(teams, ready, team_clock):
    teams.reachable[leader_of(SANNE)] = f"telegram:{SANNE}"
    teams.api.faults.append(Fault("sendmessage", SANNE, 1000, 403, "Forbidden: bot was blocked by the user"))
    team_clock.at("2026-10-05 15:00")
    teams.naps.look_again()
    await ready.sees("De volgende bordsessie is dinsdag 6 oktober om 8.30 uur. S. leidt.")
    team_clock.now += timedelta(minutes=1)
    teams.naps.look_again()
    await settled(teams)
    assert sum("stuur me privé /bord" in text for text in ready.texts()) == 1


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


@pytest.mark.asyncio
async def test_sch_7_known_bad_without_following_the_group_the_session_is_offered_nowhere(
    teams, ready, team_clock, monkeypatch
):
    async def stay(*_):
        return TeamReply()

    monkeypatch.setattr(TeamGuide, "_moved", stay)
    teams.api.moved[GROUP["id"]] = SUPERGROUP["id"]
    team_clock.at("2026-10-06 08:30")
    teams.naps.look_again()
    await ended(teams)
    assert not any("Beginnen we?" in text for text in Group(teams.api, dict(SUPERGROUP)).texts())


@pytest.mark.asyncio
async def test_sch_8_known_bad_without_pausing_the_team_every_week_is_one_more_refusal(
    teams, ready, team_clock, monkeypatch
):
    async def go_on(*_):
        return None

    monkeypatch.setattr(TeamGuide, "closed", go_on)
    teams.api.faults.append(Fault("sendmessage", GROUP["id"], 1000, 403, "Forbidden: bot was kicked from the group"))
    before = teams.api.asked.count("sendmessage")
    for day in ("06", "13"):
        team_clock.at(f"2026-10-{day} 08:30")
        teams.naps.look_again()
        await ended(teams)
    assert teams.api.asked.count("sendmessage") >= before + 2


async def ended(teams) -> None:
    """Wait until a look is over, and what it gave is sent or refused."""
    rounds = teams.naps.rounds
    async with asyncio.timeout(10):
        while teams.naps.rounds == rounds:  # noqa: ASYNC110 (no event)
            await asyncio.sleep(0.002)
    await settled(teams)


@pytest.mark.asyncio
async def test_the_board_arrives_in_the_group_as_a_document_to_print_and_as_a_picture(teams):
    group = Group(teams.api)
    async with teams.bot():
        await set_up(group)
        await joined(group, JAN)
        await group.says(JAN, "/blad")
        await group.says(JAN, "/bord plaatje")
        await teams.api.until(lambda: any("photo" in values for values in teams.api.sent(GROUP["id"])))
    sent = teams.api.sent(GROUP["id"])
    (sheet,) = [values["document"] for values in sent if "document" in values]
    (picture,) = [values["photo"] for values in sent if "photo" in values]
    assert (sheet.name, sheet[:5]) == ("bord.pdf", b"%PDF-")
    assert picture.startswith(b"\x89PNG")


def calendar_of(number: str, size: int) -> dict:
    document = {"file_id": number, "file_unique_id": number, "file_name": "School.ICS", "file_size": size}
    return {"document": document}


@pytest.mark.asyncio
async def test_a_calendar_sent_privately_is_fetched_shown_and_kept_after_a_yes(teams):
    group, api = Group(teams.api), teams.api
    api.files["cal1"] = FILE
    async with teams.bot():
        await set_up(group)
        await api.send("message", message(api.ids(), SANNE, **calendar_of("cal1", len(FILE))))
        await api.until(lambda: any("Voorjaarsvakantie" in text for text in api.texts(SANNE)))
        (shown,) = [values for values in api.sent(SANNE) if "reply_markup" in values]
        payload = shown["reply_markup"]["inline_keyboard"][0][0]["callback_data"]
        await api.taps(SANNE, shown["message_id"], payload)
        await api.until(lambda: any("Genoteerd" in text for text in api.texts(SANNE)))
    page = await teams.team_keeper.read("team0")
    assert [one.name for one in page.team.settings.free] == ["own_holiday", "study_day", "free_day"]


@pytest.mark.asyncio
async def test_a_calendar_that_is_too_large_is_never_fetched(teams):
    group, api = Group(teams.api), teams.api
    async with teams.bot():
        await set_up(group)
        await api.send("message", message(api.ids(), SANNE, **calendar_of("cal2", 3_000_001)))
        await api.until(lambda: any("drie megabyte" in text for text in api.texts(SANNE)))
    assert "getfile" not in api.asked


@pytest.mark.asyncio
async def test_a_calendar_of_somebody_without_a_team_is_never_fetched(teams):
    api = teams.api
    async with teams.bot():
        await api.send("message", message(api.ids(), STRANGER, **calendar_of("cal3", 10)))
        await api.until(lambda: api.texts(STRANGER))
    assert "getfile" not in api.asked


@pytest.mark.asyncio
async def test_a_calendar_that_telegram_does_not_give_gets_a_kind_word_and_changes_nothing(teams):
    group, api = Group(teams.api), teams.api
    api.faults.append(Fault("getFile", times=3, code=400, description="Bad Request: wrong file_id"))
    async with teams.bot():
        await set_up(group)
        await api.send("message", message(api.ids(), SANNE, **calendar_of("cal4", 10)))
        await api.until(lambda: api.texts(SANNE))
    page = await teams.team_keeper.read("team0")
    assert (page.team.settings.free, page.team.offered) == ((), ())
