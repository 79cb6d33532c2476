"""A real board that was typed over: what was understood is said, nothing goes up before a yes, and then all of it does."""

from __future__ import annotations

import pytest

from dialogues.team.values import Fate, TeamId
from tests.team.play import TeamPlay
from tests.team.test_privacy import SET_UP

BOARD = (
    "/bord\\nDoel: elke leerling kan zeggen wat hij nog moet leren\\nJ. – drie leerlingen vragen – donderdag"
    "\\n[x] Q. – lokaal opruimen – ma\\nSucces: groep 6 gaf elkaar feedback\\nStem: ik snap het\\nzomaar iets"
    "\\nLeidt volgende keer: R."
)
BETWEEN = SET_UP.replace("@ 2026-11-04 15:00\nSanne: [Beginnen]\n", "@ 2026-11-02 09:00\n")


@pytest.fixture
def play(catalogue, matcher):
    return TeamPlay(catalogue, matcher, "nl")


async def go(play: TeamPlay, lines: str) -> None:
    await play.play([line for line in lines.splitlines() if line])


async def team_of(play: TeamPlay):
    (id_,) = play.pages
    return (await play.keeper.read(TeamId(id_))).team


def newest(play: TeamPlay) -> str:
    return play.shown[-1].note.message.text


@pytest.mark.asyncio
async def test_nothing_goes_up_before_a_yes_and_then_everything_that_was_understood_does(play):
    await go(play, f"{BETWEEN}Sanne: {BOARD}")
    assert "regel 6: zomaar iets" in newest(play)
    before = await team_of(play)
    assert (before.goals, before.actions, before.waiting) == ((), (), ())
    await go(play, "Jan: [Ja, zet het erop]")
    after = await team_of(play)
    assert [goal.text for goal in after.goals] == ["elke leerling kan zeggen wat hij nog moet leren"]
    assert [(one.name, one.member, one.text, one.when, one.fate) for one in after.actions] == [
        ("J.", "Jan", "drie leerlingen vragen", "donderdag", Fate.OPEN),
        ("Q.", "", "lokaal opruimen", "ma", Fate.DONE),
    ]
    assert [(line.text, line.name) for line in after.waiting] == [
        ("groep 6 gaf elkaar feedback", ""),
        ("ik snap het", ""),
    ]
    assert (after.lead, after.typed) == ("Rik", "")
    assert "6 dingen staan nu op het bord." in "\n".join(play.written)
    assert "zomaar iets" not in newest(play)


@pytest.mark.asyncio
async def test_a_no_changes_nothing_and_keeps_nothing_of_it(play):
    await go(play, f"{BETWEEN}Sanne: {BOARD}\nSanne: [Nee, ik typ het nog eens]")
    after = await team_of(play)
    assert (after.goals, after.actions, after.waiting, after.typed) == ((), (), (), "")


@pytest.mark.asyncio
async def test_a_yes_is_taken_once_and_for_the_newest_board_alone(play):
    await go(play, f"{BETWEEN}Sanne: {BOARD}\nSanne: /bord\\nDoel: een ander doel\\nStem: ja")
    old = next(one for one in play.shown if "zomaar iets" in one.note.message.text).note.message.rows[0][0].data
    guide = play.guide()
    assert guide.tap(old).nonce.endswith("1")
    await go(play, "Sanne: [Ja, zet het erop] old")
    assert (await team_of(play)).goals == ()
    await go(play, "Sanne: [Ja, zet het erop] x2")
    assert [goal.text for goal in (await team_of(play)).goals] == ["een ander doel"]


@pytest.mark.asyncio
async def test_what_does_not_fit_is_counted_and_the_rest_goes_up(play):
    lines = "".join(f"\\nActie: J. – ding {number} – ma" for number in range(8))
    await go(play, f"{BETWEEN}Sanne: /bord{lines}\\nLeidt: Truus\nSanne: [Ja, zet het erop]")
    after = await team_of(play)
    assert len(after.actions) == 6
    assert "6 dingen staan nu op het bord. 3 passen er niet op" in "\n".join(play.written)


@pytest.mark.asyncio
async def test_an_action_waits_until_what_was_promised_is_decided(play):
    await go(play, f"{SET_UP}Sanne: {BOARD}\nSanne: [Ja, zet het erop]")
    assert (await team_of(play)).actions == ()
    assert (await team_of(play)).typed != ""


@pytest.mark.asyncio
async def test_somebody_who_does_not_join_types_nothing_over(play):
    await go(play, f"{BETWEEN}Vreemd: {BOARD}")
    assert (await team_of(play)).typed == ""
    assert "/ikdoemee" in newest(play)


@pytest.mark.asyncio
async def test_lines_of_which_none_is_understood_get_an_example(play):
    await go(play, f"{BETWEEN}Sanne: /bord\\nzomaar\\nnog iets")
    assert "Doel: elke leerling" in newest(play)
    assert (await team_of(play)).typed == ""
