"""A group that becomes a supergroup, throws the bot out, or takes it back: rights, board and history follow."""

from __future__ import annotations

import pytest

from bot.hear import leader_of
from dialogues.team.guide import TeamGuide
from dialogues.team.turns import TeamReply
from tests.bot.fake_bot_api import Fault
from tests.bot.group_scene import GROUP, JAN, SANNE, SUPERGROUP, Group
from tests.bot.new_team import began, ended, kept, settled


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
