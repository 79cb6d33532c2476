"""PRV-4 and what goes with it: nothing private in the group, no small totals, and no journey in any form."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from app import data_map
from app.data_map import stored
from dialogues.conversation import Conversation, Journey, LeaderId, Plan, Reflection
from dialogues.team import board, part, parts
from dialogues.team.heard import Tapped
from dialogues.team.ports import TeamPage
from dialogues.team.values import Mood, Session, TeamId
from tests.team.play import TeamPlay

TEAM = Path(__file__).parents[2] / "dialogues" / "team"
PRIVATE_OF_LEADERS = {Conversation, Journey, Plan, Reflection}
SET_UP = """
@ 2026-11-02 08:00
! added Sanne
Sanne: [Nederlands]
Sanne: [wo]
Sanne: [15.00 uur]
Sanne: [Geen van deze]
Sanne: [Verder]
Sanne: [Wie wil, anders om de beurt]
Sanne: [6]
Sanne: [Verder]
Jan: [Ik doe mee]
Rik: [Ik doe mee]
Bo: [Ik doe mee]
Saar: [Ik doe mee]
@ 2026-11-04 15:00
Sanne: [Beginnen]
"""


@pytest.fixture
def play(catalogue, matcher):
    return TeamPlay(catalogue, matcher, "nl")


async def go(play: TeamPlay, lines: str) -> None:
    await play.play([line for line in lines.splitlines() if line])


def in_the_group(play: TeamPlay) -> str:
    return "\n".join(one.note.message.text for one in play.shown if not one.chat)


def everything_said(play: TeamPlay) -> str:
    """Return all that ever stood in the group, also what was redrawn since."""
    lines, private = [], False
    for line in play.written:
        if line.startswith(("<", "~")):
            private = not line.startswith(("< ", "~ "))
        elif not line.startswith("  "):
            private = True
        lines += [] if private else [line]
    return "\n".join(lines)


def totals_shown(play: TeamPlay) -> bool:
    """Return whether a total of moods ever stood in the group; a face alone is a button."""
    return "🙂 " in everything_said(play).replace("[🙂] ", "")


@pytest.mark.asyncio
@pytest.mark.parametrize("count", [0, 1, 2, 3, 4, 5])
async def test_prv_4_a_total_of_fewer_than_five_people_is_never_shown(play, count):
    people = ("Sanne", "Jan", "Rik", "Bo", "Saar")[:count]
    await go(play, SET_UP + "\n".join(f"{who}: [🙁]" for who in people) + "\nSanne: [Verder]\nSanne: /bord")
    assert totals_shown(play) == (count >= 5)
    page = await play.keeper.read(next(iter(play.pages)))
    assert page.team.session.moods == {}
    assert page.team.session.counted == ({"low": 5} if count >= 5 else {})


@pytest.mark.asyncio
async def test_prv_4_while_people_still_answer_no_total_is_shown_so_that_no_answer_can_be_told_from_the_next(play):
    await go(play, SET_UP + "\n".join(f"{who}: [🙂]" for who in ("Sanne", "Jan", "Rik", "Bo", "Saar")))
    await go(play, "Sanne: /bord")
    assert not totals_shown(play)


@pytest.mark.asyncio
async def test_prv_4_known_bad_with_a_bound_of_one_a_single_answer_is_shown(play, monkeypatch):
    monkeypatch.setattr(board, "FEWEST_SHOWN", 1)
    await go(play, SET_UP + "Jan: [🙁]\nSanne: [Verder]")
    assert totals_shown(play)


def test_prv_4_a_member_who_answers_again_counts_once():
    session = Session("2026-W45", None, "checkin", "n1", None, None, moods={"a": Mood.LOW, "b": Mood.LOW})
    assert board.totals(session) == {}


@pytest.mark.asyncio
async def test_prv_4_private_lines_are_nowhere_in_the_group_and_gone_when_the_session_closes(play):
    await go(
        play,
        SET_UP.replace("@ 2026-11-04", "Jan> /bord zorg canary-text-1\nJan> /bord succes canary-text-2\n@ 2026-11-04")
        + "Jan> /bord stem canary-text-3\n"
        + "Sanne: [Korter vandaag]\nSanne: [Verder]\nSanne: [Ik]\nSanne: /bord\nSanne: /bord zoek canary\n"
        + "Sanne> /bord\nSanne: [Klopt]\nSanne: /bord vorige\n@ 2026-11-10 15:00\n",
    )
    assert "canary-text" not in everything_said(play)
    assert not any("canary-text" in one.note.message.text for one in play.shown if one.chat != "private:Jan")
    assert "canary" not in "".join(play.pages.values())


@pytest.mark.asyncio
async def test_prv_4_a_line_put_up_without_a_name_does_not_keep_whose_it_is(play):
    await go(play, SET_UP + "Jan> /bord zorg te veel toetsen\nJan> [Zet op het bord]")
    assert "te veel toetsen" in in_the_group(play)
    page = await play.keeper.read(next(iter(play.pages)))
    (line,) = [one for one in page.team.session.lines if one.text == "te veel toetsen"]
    assert (line.member, line.name) == ("", "")


@pytest.mark.asyncio
async def test_a_button_of_another_team_or_of_a_stranger_reveals_and_changes_nothing(play):
    await go(play, SET_UP + "Jan> /bord zorg van mij alleen")
    before = dict(play.pages)
    team = next(iter(play.pages))
    for nonce in (
        f"bord-{team}-p1",
        f"bord-{team}-ask",
        f"bord-{team}-swap.2026-W45",
        "bord-other-p1",
        "bord-",
        "bord",
    ):
        for choice in ("put", "drop", "success", "swap", ""):
            for who in ("Vreemd", "Rik"):
                replies = await play.guide().hear_privately(
                    LeaderId(who), f"private:{who}", Tapped(nonce, choice), play.now
                )
                assert all("van mij alleen" not in note.message.text for reply in replies for note in reply.notes)
        if who == "Vreemd":
            assert play.pages == before
    page = await play.keeper.read(TeamId(team))
    assert [one.text for one in page.team.privates] == ["van mij alleen"]
    assert "van mij alleen" not in in_the_group(play)


@pytest.mark.asyncio
async def test_whoever_leaves_is_on_no_board_any_more(play):
    await go(
        play,
        SET_UP
        + "Jan: /actie iets doen\nSanne: [Verder]\nJan: een succes\nSanne: [Korter vandaag]\nSanne: [Verder]\n"
        + "Jan: [Ik]\nSanne: [Klopt]\nJan> /bord zorg bewaard\n! gone Jan",
    )
    text = "".join(play.pages.values())
    assert '"J."' not in text
    assert '"Jan"' not in text
    assert "bewaard" not in text


def test_the_team_knows_no_journey_by_import():
    """What the team's dialogue takes from the conversation of leaders are ids and words to say, and nothing of theirs."""
    allowed = {
        "Choice", "Commanded", "Heard", "LeaderId", "Phrase", "Picture", "Said", "Say", "Shape", "Tapped", "Value",
    }  # fmt: skip
    for file in TEAM.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module == "dialogues.conversation":
                assert {alias.name for alias in node.names} <= allowed, file.name
            if isinstance(node, ast.ImportFrom) and node.module == "dialogues.ports":
                assert {alias.name for alias in node.names} <= {"Message", "Painter"}, file.name
            if isinstance(node, ast.ImportFrom):
                assert node.module not in ("dialogues.desk", "dialogues.engine", "dialogues.guide"), file.name
            if isinstance(node, ast.Attribute):
                assert node.attr not in ("journeys", "journal", "plans", "quotes", "reflections"), file.name


def test_what_is_kept_of_a_team_has_no_place_for_a_journey():
    names = {kind.__name__ for kind in PRIVATE_OF_LEADERS}
    found: dict = {}
    data_map._collect(TeamPage, found)
    assert names <= set(stored())
    assert {kind.__name__ for kind in found}.isdisjoint(names)


def test_every_part_of_a_session_has_its_minutes_and_together_they_are_fifteen():
    assert sum(part.MINUTES.values()) == 15
    assert set(part.MINUTES) <= set(parts.PARTS)
