"""The question of the article in a session: one in each, none twice in a term, and what a team chooses about it."""

from __future__ import annotations

from datetime import date

import pytest

from dialogues.conversation import LeaderId
from dialogues.team.heard import Who
from dialogues.team.prompts import TERM
from dialogues.team.values import TeamId
from tests.team.play import FOLDER, TeamPlay
from tests.team.test_privacy import SET_UP

BETWEEN = SET_UP.replace("@ 2026-11-04 15:00\nSanne: [Beginnen]\n", "@ 2026-11-02 09:00\n")
ASKED = "Een vraag bij het bord"
MARKS = (ASKED, "De maandvraag", "De kritische vraag", "Lesson study, week")


@pytest.fixture
def play(catalogue, matcher):
    return TeamPlay(catalogue, matcher, "nl")


async def go(play: TeamPlay, lines: str) -> None:
    await play.play([line for line in lines.splitlines() if line])


async def team_of(play: TeamPlay):
    (id_,) = play.pages
    return (await play.keeper.read(TeamId(id_))).team


async def hold(play: TeamPlay, moment: str) -> list[str]:
    """Hold a whole session that begins at *moment*, and return the questions of the article in it."""
    count = len(play.written)
    await go(play, f"@ {moment}\nSanne: [Beginnen]")
    while (session := (await team_of(play)).session).state != "closed":
        label = {"summary": "Klopt", "lead": "Ik", "goals": "Op koers"}.get(session.state, "Verder")
        await go(play, f"Sanne: [{label}]")
    lines = play.written[count:]
    return [line for line in lines if any(mark in line for mark in MARKS)]


@pytest.mark.asyncio
async def test_each_session_has_one_question_and_none_comes_twice(play):
    await go(play, BETWEEN)
    said = [await hold(play, f"2026-11-{day} 15:00") for day in ("04", "11", "18", "25")]
    assert [len(one) for one in said] == [1, 1, 1, 1]
    assert ASKED in said[0][0]
    assert "De maandvraag" in said[3][0]
    given = (await team_of(play)).given
    assert sorted(given.values()) == [date(2026, 11, day) for day in (4, 11, 18, 25)]


@pytest.mark.asyncio
async def test_the_question_comes_with_the_goals_before_the_first_of_them(play):
    await go(play, f"{BETWEEN}Sanne: /doel rustig lezen\nSanne: /doel rekenen met plezier")
    (said,) = await hold(play, "2026-11-04 15:00")
    place = play.written.index(said)
    assert [line for line in play.written[place:] if "rustig lezen" in line]
    assert "successen" in "\n".join(play.written[:place]).lower()


@pytest.mark.asyncio
async def test_a_session_made_short_has_no_question(play):
    await go(play, f"{BETWEEN}@ 2026-11-04 15:00\nSanne: [Al gedaan]")
    while (team := await team_of(play)).session.state != "lead":
        await go(play, "Sanne: [Verder]")
    assert (team.session.short, dict(team.given)) == (True, {})


@pytest.mark.asyncio
async def test_a_team_chooses_its_theme(play):
    await go(play, f"{BETWEEN}Jan: /thema\nJan: [1]")
    assert (await team_of(play)).theme == "feedback"
    assert "voortaan over: feedback" in "\n".join(play.written)
    await hold(play, "2026-11-04 15:00")
    (id_,) = (await team_of(play)).given
    assert id_ in play.guide()._engine._questions.supply.themes["feedback"]
    await go(play, "Jan: /thema\nJan: [Van alles wat]")
    assert (await team_of(play)).theme == ""


@pytest.mark.asyncio
async def test_lesson_study_comes_step_by_step_from_the_next_session_on(play):
    await go(play, f"{BETWEEN}Jan: /lesstudie\nJan: [Ja, we beginnen]")
    said = []
    for day in ("04", "11"):
        said += await hold(play, f"2026-11-{day} 15:00")
    assert ["week 1 van 6" in said[0], "week 2 van 6" in said[1]] == [True, True]
    await go(play, "Jan: /lesstudie")
    assert "opnieuw" in play.shown[-1].note.message.text


@pytest.mark.asyncio
async def test_a_button_counts_once_and_one_that_was_never_shown_changes_nothing(play):
    await go(play, f"{BETWEEN}Jan: /thema\nJan: /lesstudie\nJan: [Nu niet]")
    guide = play.guide()
    for data in ("series1:begin", "theme1:99", "theme1:", "theme0:1", "theme:1", "series0:begin"):
        await play._hear(play.address, guide.tap(data), Who(LeaderId("Jan"), "Jan"))
    team = await team_of(play)
    assert (team.theme, team.series) == ("", None)


FIRST = {
    "nl": ("< Een vraag bij het bord", "< De maandvraag", "< De kritische vraag"),
    "en": ("< A question for the board", "< This month's question", "< The critical question"),
}


@pytest.mark.parametrize("language", FIRST)
def test_in_the_story_of_more_than_a_term_no_question_comes_twice_within_half_a_year(language):
    said = (FOLDER / f"term_{language}.txt").read_text(encoding="utf-8").splitlines()
    days: dict[str, date] = {}
    today, count = date.min, 0
    for place, line in enumerate(said):
        if line.startswith("@ "):
            today = date.fromisoformat(line[2:12])
        elif line.startswith(FIRST[language]):
            question = said[place + 2]
            assert today - days.get(question, date.min) >= TERM, question
            days[question] = today
            count += 1
    assert count > 20
