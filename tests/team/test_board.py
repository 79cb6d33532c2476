"""What goes on the board, how it is read from what people type, and how evenly the actions lie."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from content.team_words import TeamVoice
from dialogues.conversation import LeaderId
from dialogues.free_days import FreeDays
from dialogues.team import board, entries, rotation
from dialogues.team.desk import TeamDesk
from dialogues.team.heard import Who
from dialogues.team.values import Action, Fate, Member, Team, TeamId
from tests.team.play import TeamPlay

NOW = datetime(2026, 10, 6, 6, 30, tzinfo=UTC)


@pytest.fixture
def desk(catalogue, matcher):
    members = tuple(Member(LeaderId(name.lower()), name, NOW) for name in ("S.", "J.", "Rik"))
    team = Team(TeamId("t"), "g", NOW, members=members, since=date(2026, 10, 5))
    zone = ZoneInfo("Europe/Amsterdam")
    made = TeamDesk(team, (), NOW, zone, FreeDays(), TeamVoice(catalogue, matcher))
    made.member = members[0]
    return made


@pytest.mark.parametrize(
    ("typed", "name", "member", "text", "when"),
    [
        (
            "R. – drie leerlingen vragen in groep 4 – donderdag",
            "R.",
            "",
            "drie leerlingen vragen in groep 4",
            "donderdag",
        ),
        ("rik - drie leerlingen vragen - donderdag", "Rik", "rik", "drie leerlingen vragen", "donderdag"),
        ("J – iets", "J.", "j.", "iets", ""),
        ("lesbezoek; vrijdag", "S.", "s.", "lesbezoek", "vrijdag"),
        ("lesbezoek bij groep 3-4", "S.", "s.", "lesbezoek bij groep 3-4", ""),
        ("Rik – a – b – c – ma", "Rik", "rik", "a – b – c", "ma"),
        ("een hele lange naam – iets – ma", "S.", "s.", "een hele lange naam – iets", "ma"),
    ],
)
def test_an_action_says_who_what_and_when(desk, typed, name, member, text, when):
    assert entries.add(desk, "action", typed)
    (action,) = desk.team.actions
    assert (action.name, action.member, action.text, action.when) == (name, member, text, when)


def test_what_is_too_long_for_the_board_is_said_and_not_cut(desk):
    assert not entries.add(desk, "success", "x" * (entries.LONGEST + 1))
    assert [post.say.key for post in desk.posts] == ["team.too_long"]
    assert desk.team.waiting == ()


def actions(*owners: str) -> tuple[Action, ...]:
    return tuple(Action(f"a{n}", "x", owner, "2026-W41", NOW, owner) for n, owner in enumerate(owners))


@pytest.mark.parametrize(
    ("owners", "found"),
    [
        ("aabbcd", {"held": 4, "count": 6, "people": 2}),
        ("aaaa", {"held": 4, "count": 4, "people": 1}),
        ("aab", ""),
        ("abcd", ""),
        ("aabbccdd", ""),
        ("", ""),
    ],
)
def test_the_fairness_line_is_there_when_two_people_have_two_thirds_of_the_actions(desk, owners, found):
    assert board.fairness(replace(desk.team, actions=actions(*owners))) == found


def test_actions_that_are_done_do_not_count_for_fairness(desk):
    done = tuple(replace(one, fate=Fate.DONE) for one in actions(*"aaaa"))
    assert board.fairness(replace(desk.team, actions=done)) == ""


def test_a_name_on_the_board_is_an_initial_that_grows_until_it_is_free(desk):
    names = [
        rotation.join(desk, Who(LeaderId(f"n{n}"), first)).name
        for n, first in enumerate(("Jan", "Job", "Jan", "🙂", ""))
    ]
    assert names[:3] == ["Ja.", "Jo.", "Jan."]
    assert len({member.name for member in desk.team.members}) == 8
    assert all(len(name) <= rotation.NAME_LENGTH for name in names)


def test_everybody_leads_in_turn_over_whoever_left(desk):
    ids = [member.id for member in desk.team.members]
    assert [rotation.next_in_line(desk.team, one) for one in ids] == [*ids[1:], ids[0]]
    assert rotation.next_in_line(desk.team, LeaderId("gone")) == ids[0]
    desk.change(lead=ids[1])
    rotation.forget(desk, ids[1])
    assert rotation.lead_of(desk.team) == ids[2]
    rotation.forget(desk, ids[0])
    rotation.forget(desk, ids[2])
    assert rotation.lead_of(desk.team) is None


@pytest.mark.asyncio
async def test_a_session_begun_in_the_evening_is_not_closed_at_once_and_a_cancelled_one_can_be_held_after_all(
    catalogue, matcher
):
    play = TeamPlay(catalogue, matcher, "nl")
    await play.play(
        [
            "@ 2026-11-02 08:00",
            "! added Sanne",
            *(
                f"Sanne: [{label}]"
                for label in ("Nederlands", "di", "8.30 uur", "Zuid", "Verder", "Om de beurt", "4", "Verder")
            ),
            "@ 2026-11-03 08:30",
            "Sanne: [Deze week niet]",
            "@ 2026-11-03 19:00",
            "Sanne: /bordsessie",
            "@ 2026-11-03 19:01",
            "Sanne: [Beginnen]",
            "@ 2026-11-03 19:30",
            "Sanne: [Verder]",
            "@ 2026-11-03 23:00",
            "Sanne: /bordsessie",
        ]
    )
    assert "Welk klein succes" in "\n".join(play.written)
    assert play.written[-1].startswith("< Deze week was er al een bordsessie.")
    page = await play.keeper.read(next(iter(play.pages)))
    assert [held.week for held in page.boards] == ["2026-W45"]
