"""What a member does for her board in her private chat over Telegram, and what comes to her there."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.hear import leader_of
from tests.bot.fake_bot_api import Fault, message
from tests.bot.group_scene import GROUP, JAN, SANNE, STRANGER, Group
from tests.bot.new_team import button, joined, kept, set_up, settled
from tests.team.test_sharing_days import FILE


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


@pytest.mark.asyncio
async def test_prv_4_whoever_looks_at_her_board_reads_beside_it_what_she_tied_and_the_group_nothing(
    teams, ready, monkeypatch
):
    heard = teams.guide.read
    monkeypatch.setattr(teams.guide, "read", lambda text, source: heard(text.replace("/bord", "/board"), source))
    await teams.api.says(SANNE, "hallo")
    await teams.api.until(lambda: any("gehoord: hallo" in text for text in teams.api.texts(SANNE)))
    await teams.api.says(SANNE, "/bord")
    await teams.api.until(lambda: any("canary-journey" in text for text in teams.api.texts(SANNE)))
    await teams.api.until(lambda: any("Wat wil je vooraf insturen?" in text for text in teams.api.texts(SANNE)))
    await teams.api.says(SANNE, "/bord succes iets kleins")
    await teams.api.until(lambda: any("iets kleins" in text for text in teams.api.texts(SANNE)))
    assert sum("canary-journey" in text for text in teams.api.texts(SANNE)) == 1
    assert not any("canary-journey" in text for text in ready.texts())
    assert "canary-journey" not in repr(await kept(teams))
