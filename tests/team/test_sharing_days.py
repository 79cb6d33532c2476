"""A school's own calendar, sent in the private chat: shown first, kept after a yes, and never with a title."""

from __future__ import annotations

from datetime import date

import pytest

from content.calendar_files import free_words, read_calendar
from dialogues.conversation import LeaderId
from dialogues.free_days import Holiday
from dialogues.team.guide import TeamGuide
from dialogues.team.school_days import FREE_DAY, OWN_HOLIDAY, STUDY_DAY
from dialogues.team.values import TeamId
from tests.team.play import ZONE, TeamPlay
from tests.team.test_privacy import SET_UP

BETWEEN = SET_UP.replace("@ 2026-11-04 15:00\nSanne: [Beginnen]\n", "@ 2026-11-02 09:00\n")
DAYS = (
    ("Voorjaarsvakantie", "20270213", "20270222"),
    ("Studiedag met Anna", "20270317", "20270318"),
    ("Vrije dag", "20270507", "20270508"),
)
FILE = "\r\n".join(
    (
        "BEGIN:VCALENDAR",
        *(
            f"BEGIN:VEVENT\r\nSUMMARY:{title}\r\nDTSTART;VALUE=DATE:{begin}\r\nDTEND;VALUE=DATE:{end}\r\nEND:VEVENT"
            for title, begin, end in DAYS
        ),
        "END:VCALENDAR",
        "",
    )
).encode()
SPRING = Holiday(OWN_HOLIDAY, date(2027, 2, 13), date(2027, 2, 21))
STUDY = Holiday(STUDY_DAY, date(2027, 3, 17), date(2027, 3, 17))
FREE = Holiday(FREE_DAY, date(2027, 5, 7), date(2027, 5, 7))
WORDS = free_words()


class SharingPlay(TeamPlay):
    """What happens to a team whose guide can read calendars."""

    def guide(self) -> TeamGuide:
        return TeamGuide(
            keeper=self.keeper,
            words=self.voice,
            care=self.catalogue.care,
            school_year=self.catalogue.repertoire.school_year,
            zone=ZONE,
            reach=self._reach,
            new_id=lambda: f"team{self.turns}",
            language=self.language,
            read_calendar=lambda data, today: read_calendar(data, today, ZONE, WORDS),
        )

    async def sends(self, who: str, data: bytes | None) -> None:
        self.turns += 1
        replies = await self.guide().receive(LeaderId(who), f"private:{who}", data, self.now, update=f"u{self.turns}")
        for reply in replies:
            await self._write(reply)


@pytest.fixture
def play(catalogue, matcher):
    return SharingPlay(catalogue, matcher, "nl", private={"Sanne"})


async def go(play: TeamPlay, lines: str) -> None:
    await play.play([line for line in lines.splitlines() if line])


async def team_of(play: TeamPlay):
    (id_,) = play.pages
    return (await play.keeper.read(TeamId(id_))).team


@pytest.mark.asyncio
async def test_a_yes_keeps_the_days_and_nothing_that_stood_with_them(play):
    await go(play, f"{BETWEEN}Sanne> /bord kalender")
    assert ".ics" in play.shown[-1].note.message.text
    await play.sends("Sanne", FILE)
    assert (play.shown[-1].chat, (await team_of(play)).settings.free) == ("private:Sanne", ())
    assert "2. Studiedag met Anna" in play.shown[-1].note.message.text
    await go(play, "Sanne> [Ja, dit klopt]")
    team = await team_of(play)
    assert (team.settings.free, team.offered) == ((SPRING, STUDY, FREE), ())
    assert not [page for page in play.pages.values() if "Anna" in str(page)]
    assert not [one for one in play.shown if not one.chat and "Anna" in one.note.message.text]


@pytest.mark.asyncio
async def test_days_on_which_there_is_school_are_left_out_by_their_numbers(play):
    await go(play, BETWEEN)
    await play.sends("Sanne", FILE)
    await go(play, "Sanne> [Niet alle dagen]\nSanne> 7\nSanne> 1, 3")
    team = await team_of(play)
    assert (team.settings.free, team.offered) == ((STUDY,), ())
    assert "herken ik niet" in "\n".join(play.written)
    assert {member.writing for member in team.members} == {""}


@pytest.mark.asyncio
async def test_a_no_and_a_second_answer_change_nothing(play):
    await go(play, BETWEEN)
    await play.sends("Sanne", FILE)
    await go(play, "Sanne> [Niet gebruiken]\nSanne> [Ja, dit klopt] old")
    team = await team_of(play)
    assert (team.settings.free, team.offered) == ((), ())
    assert play.written[-1].startswith("= ")


@pytest.mark.asyncio
async def test_of_two_files_only_the_newest_list_can_be_answered(play):
    await go(play, BETWEEN)
    await play.sends("Sanne", FILE)
    await play.sends("Sanne", FILE.replace(b"Vrije dag", b"Rekentoets"))
    await go(play, "Sanne> [Ja, dit klopt] old")
    assert (await team_of(play)).settings.free == ()
    await go(play, "Sanne> [Ja, dit klopt]")
    assert (await team_of(play)).settings.free == (SPRING, STUDY)


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("data", "said"), [(None, "drie megabyte"), (b"canary", "geen kalender"), (b"", "geen kalender")]
)
async def test_a_file_of_no_use_gets_one_sentence_and_changes_nothing(play, data, said):
    await go(play, BETWEEN)
    await play.sends("Sanne", data)
    assert said in play.shown[-1].note.message.text
    assert (await team_of(play)).offered == ()


@pytest.mark.asyncio
async def test_a_calendar_of_somebody_without_a_team_is_not_for_a_board(play):
    await go(play, BETWEEN)
    assert (play.guide().shares(LeaderId("Sanne")), play.guide().shares(LeaderId("Vreemd"))) == (True, False)


@pytest.mark.asyncio
async def test_who_set_the_board_up_and_who_leads_next_may_send_the_calendar_and_others_hear_whom_to_ask(play):
    await go(play, f"{BETWEEN}Jan> /bord kalender")
    assert play.shown[-1].note.message.text.startswith("De kalender van de school stuurt S. voor het bord")
    await play.sends("Jan", FILE)
    assert play.shown[-1].chat == "private:Jan"
    assert "stuurt S." in play.shown[-1].note.message.text
    assert (await team_of(play)).offered == ()
    await go(
        play,
        "@ 2026-11-04 15:00\nSanne: [Beginnen]\nSanne: [Korter vandaag]\nSanne: [Verder]\nJan: [Ik]\nSanne: [Klopt]",
    )
    await play.sends("Jan", FILE)
    assert (await team_of(play)).offered == (SPRING, STUDY, FREE)
    await play.sends("Rik", FILE)
    assert "stuurt S. en J. voor het bord" in play.shown[-1].note.message.text


@pytest.mark.asyncio
async def test_when_who_set_the_board_up_left_the_calendar_is_the_next_members_to_send(play):
    await go(play, f"{BETWEEN}Sanne: /ikstop\nRik> /bord kalender")
    assert "stuurt J. voor het bord" in play.shown[-1].note.message.text
    await go(play, "Jan> /bord kalender")
    assert ".ics" in play.shown[-1].note.message.text
