"""
PRV-4: a leader ties actions of the board to a journey of her own, and nothing of it reaches the team in any form.

Her page is full of canary texts. A whole session goes by with everything a team can ask for, while she ties, looks and
unties in between; then all that was said to the group and to others is searched, and the team's page on the disk.
"""

from __future__ import annotations

import json
from base64 import b64decode
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import BytesIO

import pytest
import pytest_asyncio
from pypdf import PdfReader

from content.boards import PaperBoards
from content.calendar_files import read_calendar
from content.drawing import SvgPainter
from content.exporting import PageExporter
from dialogues.boards import Hers
from dialogues.conversation import Conversation, Frame, Journey, Kind, LeaderId, Phase, Plan, Reflection, Tie, Whose
from dialogues.guide import Guide
from dialogues.ports import Entry
from dialogues.team.guide import TeamGuide
from dialogues.team.ports import TeamEntry
from dialogues.team.values import TeamId
from storage.in_tinydb import TinyDbKeeper
from storage.team_page import write_page
from storage.teams import SealedTeams
from tests.team.play import ZONE, TeamPlay
from tests.team.test_privacy import everything_said
from tests.team.test_sharing_days import FILE, WORDS

SANNE, CANARY = LeaderId("Sanne"), "kanarie"
BEGUN = datetime(2026, 10, 1, 7, 0, tzinfo=UTC)
GROUP = """
@ 2026-11-02 08:00
! added Sanne
Sanne: [Nederlands]
Sanne: [wo]
Sanne: [15.00 uur]
Sanne: [Geen van deze]
Sanne: [Verder]
Sanne: [Om de beurt]
Sanne: [6]
Sanne: [Verder]
Jan: [Ik doe mee]
Rik: [Ik doe mee]
Sanne: /actie drie leerlingen vragen – donderdag
Sanne: /actie een les bezoeken
Jan: /actie samen nakijken
"""
SESSION = """
Sanne> /bord
@ 2026-11-03 15:30
@ 2026-11-04 15:00
Sanne: [Beginnen]
Sanne: [Verder]
Sanne: groep 6 gaf feedback
Sanne: [Verder]
Sanne: [Verder]
Sanne: ik weet het pas na de toets
Sanne: [Verder]
Sanne: [J., de volgende]
Sanne: [Klopt]
Sanne: /bord plaatje
Sanne: /bord zoek leerlingen
Sanne: /blad
Jan> /bord
Sanne> /bord blad
@ 2026-11-10 15:30
@ 2026-11-11 15:00
Jan: [Beginnen]
Jan: [Verder]
Sanne: [Gedaan]
Sanne: [Kleiner maken]
Sanne: één les bezoeken
Jan: [Laten vallen]
Jan: [Verder]
Jan: [Verder]
Jan: [Verder]
Jan: [R., de volgende]
Jan: [Klopt]
Jan: /bord vorige
"""


class Both(TeamPlay):
    """A team and a leader of it, on one real store; her own guide sees the boards, the team's guide sees nothing of her."""

    def prepared(self, folder) -> Both:
        self.leaders = TinyDbKeeper(folder / "store")
        self.folder, self.sealed, self.own, self.pictures = folder / "store", SealedTeams(self.leaders.shelf), [], []
        self.private = {"Sanne", "Jan", "Rik"}
        return self

    @property
    def keeper(self) -> SealedTeams:
        return self.sealed

    def paint(self, picture, language: str) -> bytes:
        self.pictures.append(repr(picture))
        return SvgPainter(self.catalogue).paint(picture, language)

    def guide(self) -> TeamGuide:
        return TeamGuide(
            keeper=self.keeper,
            words=self.voice,
            care=self.catalogue.care,
            school_year=self.catalogue.repertoire.school_year,
            zone=ZONE,
            reach=self._reach,
            new_id=lambda: "team1",
            language=self.language,
            read_calendar=lambda data, today: read_calendar(data, today, ZONE, WORDS),
            painter=self,
            printer=PaperBoards(self.catalogue),
        )

    async def hears_privately(self, *said: str) -> str:
        """Have her own guide hear her, and return what it said last; [words] is a tap."""
        guide = self.her_guide()
        for words in said:
            heard = guide.read(words, "")
            if words.startswith("["):
                buttons = [b for one in reversed(self.own) for row in one.message.rows for b in row]
                heard = guide.tap(next(b.data for b in buttons if b.label == words[1:-1]), "1")
            reply = await guide.hear(SANNE, "private:Sanne", heard, self.now)
            self.own += reply.letters
        return "\n".join(one.message.text for one in reply.letters)

    async def looks(self) -> str:
        """Return what her own guide says beside the boards."""
        reply = await self.her_guide().beside_boards(SANNE, self.now)
        self.own += reply.letters
        return "\n".join(one.message.text for one in reply.letters)

    def her_guide(self) -> Guide:
        guide = Guide(
            repertoire=self.catalogue.repertoire,
            care=self.catalogue.care,
            keeper=self.leaders,
            words=self.catalogue,
            matcher=self.matcher,
            exporter=PageExporter(self.catalogue),
            zone=ZONE,
        )
        guide.boards = self.guide()
        return guide

    async def page(self):
        return await self.sealed.read(TeamId("team1"))

    async def raw(self) -> str:
        """Return the team's page, decrypted, as it is written."""
        return json.dumps(write_page(await self.page()), ensure_ascii=False)

    async def given_away(self) -> str:
        """Return everything that the group or any member got from the team's guide, drawn and printed too."""
        sheets = [
            page.extract_text()
            for one in self.shown
            if one.note.body
            for page in PdfReader(BytesIO(b64decode(one.note.body))).pages
        ]
        assert sheets, "no sheet was printed"
        assert self.pictures, "nothing was drawn"
        private = [one.note.message.text for one in self.shown]
        return "\n".join([everything_said(self), *private, *sheets, *self.pictures])


def page_full_of_canaries() -> Entry:
    journeys = tuple(
        Journey(
            id_,
            Whose.COLLEAGUE,
            f"{CANARY} onderwerp",
            f"{CANARY} van {id_}",
            f"{CANARY} naar {id_}",
            BEGUN,
            who=f"{CANARY} wie",
            phase=Phase.ACTING,
            remember=f"{CANARY} onthouden",
        )
        for id_ in ("j1", "j2")
    )
    plan = Plan("p1", "j1", BEGUN, moment=f"{CANARY} als", act=f"{CANARY} dan", happened=f"{CANARY} gebeurd")
    conversation = Conversation(
        SANNE, "private:Sanne", "nl", Frame("home", "menu", "1"), consent=BEGUN, journeys=journeys, plans=(plan,)
    )
    return Entry(conversation, (Reflection("r1", Kind.ANSWER, f"{CANARY} antwoord", BEGUN, journey="j1"),), at=BEGUN)


@pytest_asyncio.fixture
async def play(catalogue, matcher, tmp_path):
    both = Both(catalogue, matcher, "nl").prepared(tmp_path)
    await both.leaders.write(page_full_of_canaries())
    await go(both, GROUP)
    yield both
    await both.sealed.close()
    await both.leaders.close()


async def go(play: TeamPlay, lines: str) -> None:
    await play.play([line for line in lines.splitlines() if line])


async def ties_both(play: Both) -> None:
    await play.hears_privately("/verbind", "1", "1", "/verbind", "2", "2")


@pytest.mark.asyncio
async def test_prv_4_a_tie_leaves_nothing_with_the_team_through_whole_sessions(play):
    before = await play.raw()
    await ties_both(play)
    assert CANARY in await play.looks()
    assert await play.raw() == before, "tying wrote something on the team's page"
    await go(play, SESSION)
    await play.guide().receive(SANNE, "private:Sanne", FILE, play.now)
    await play._deliver()
    assert CANARY in await play.hears_privately("/overzicht")
    await play.hears_privately("/verbind", "1")
    assert CANARY not in await play.given_away()
    assert CANARY not in await play.raw()
    for file in play.folder.rglob("*"):
        assert file.is_dir() or CANARY.encode() not in file.read_bytes(), file.name
    for one in play.own:
        assert one.address == "private:Sanne"


@pytest.mark.asyncio
async def test_prv_4_known_bad_a_guide_that_puts_the_name_of_the_journey_in_the_action_is_caught(play):
    await ties_both(play)
    team = (await play.page()).team
    first, *others = team.actions
    named = replace(first, text=f"{first.text} ({CANARY} naar j1)")
    bad = replace(team, actions=(named, *others), turns=team.turns + 1)
    await play.sealed.write(TeamEntry(bad, play.now))
    await go(play, SESSION)
    assert CANARY in await play.given_away()
    assert CANARY in await play.raw()


@pytest.mark.asyncio
async def test_the_journey_shows_what_became_of_the_action(play):
    await ties_both(play)
    await play.hears_privately("/trajecten")
    assert "drie leerlingen vragen (loopt)" in await play.hears_privately("[j1 kanarie naar j1]")
    await go(play, SESSION)
    await play.hears_privately("/trajecten")
    assert "drie leerlingen vragen (gedaan)" in await play.hears_privately("[j1 kanarie naar j1]")
    await play.hears_privately("/trajecten")
    assert "één les bezoeken (loopt)" in await play.hears_privately("[j2 kanarie naar j2]")


@pytest.mark.asyncio
async def test_an_action_taken_off_the_board_a_team_left_and_a_team_forgotten_are_each_said_calmly(play):
    await ties_both(play)
    await go(play, "Jan: /weg 1")
    assert "drie leerlingen vragen (van het bord gehaald)" not in await play.looks()  # it never was on a closed board
    assert "een oude actie" in await play.looks()
    await go(play, "Sanne: /ikstop")
    assert (await play.looks()).count("een oude actie") == 2
    await play.sealed.erase(TeamId("team1"))
    assert (await play.looks()).count("een oude actie") == 2
    await play.hears_privately("/verbind", "1", "/verbind", "1")
    assert await play.looks() == ""


@pytest.mark.asyncio
async def test_a_closed_journey_still_shows_its_tie_and_takes_no_new_one(play):
    await play.hears_privately("/verbind", "1", "1")
    await play.hears_privately("/trajecten", "[j1 kanarie naar j1]", "[Afsluiten]", "klaar")
    assert "drie leerlingen vragen (loopt), bij" in await play.looks()
    await play.hears_privately("/verbind", "2")
    assert [b.label for row in play.own[-1].message.rows for b in row] == ["j2 kanarie naar j2", "Later"]


@pytest.mark.asyncio
async def test_her_export_holds_her_ties_her_actions_and_what_she_wrote_and_nothing_of_others(play):
    await ties_both(play)
    await go(play, "Jan: /succes van Jan\nSanne: /succes van mij\nSanne> /bord zorg alleen van mij\n" + SESSION)
    page = await play.leaders.read(SANNE)
    boards = await play.guide().hers(SANNE)
    exporter = PageExporter(play.catalogue)
    kept = json.loads(exporter.export(page, "nl", "json", boards))
    assert [tie["action"] for one in kept["conversation"]["journeys"] for tie in one["ties"]] == ["a1", "a2"]
    assert {one["text"] for one in kept["boards"][0]["lines"]} == {
        "van mij",
        "groep 6 gaf feedback",
        "ik weet het pas na de toets",
    }
    assert {one["text"] for one in kept["boards"][0]["actions"]} == {"drie leerlingen vragen", "één les bezoeken"}
    text = exporter.export(page, "nl", "md", boards)
    assert "Op het bord: drie leerlingen vragen (gedaan)" in text
    assert "eerst “een les bezoeken”: loopt" in text
    for others in ("van Jan", "samen nakijken"):
        assert others not in text
        assert others not in json.dumps(kept, ensure_ascii=False)


@pytest.mark.asyncio
async def test_what_waits_privately_for_the_board_is_in_her_export_and_in_nobody_elses(play):
    await go(play, "Sanne> /bord zorg alleen van mij")
    (own,) = await play.guide().hers(SANNE)
    assert [(one.text, one.private) for one in own.lines] == [("alleen van mij", True)]
    (other,) = await play.guide().hers(LeaderId("Jan"))
    assert other.lines == ()


@pytest.mark.asyncio
async def test_erasing_everything_of_her_takes_the_ties_along(play):
    await ties_both(play)
    await play.leaders.erase(SANNE)
    await play.guide().forget(SANNE, play.now)
    assert await play.leaders.read(SANNE) is None
    assert await play.guide().hers(SANNE) == ()


@pytest.mark.asyncio
async def test_an_update_heard_twice_says_what_is_tied_once(play):
    await ties_both(play)
    guide = play.her_guide()
    assert (await guide.beside_boards(SANNE, play.now, "u1")).letters
    assert not (await guide.beside_boards(SANNE, play.now + timedelta(seconds=1), "u1")).letters


@pytest.mark.asyncio
async def test_who_never_met_the_guide_hears_nothing_beside_a_board_and_gets_no_page(play):
    assert not (await play.her_guide().beside_boards(LeaderId("Rik"), play.now)).letters
    assert await play.leaders.read(LeaderId("Rik")) is None


def test_a_tie_holds_ids_and_a_moment_and_not_a_word():
    assert set(Tie.__dataclass_fields__) == {"team", "action", "since"}
    assert "journeys" not in Hers.__dataclass_fields__


@pytest.mark.asyncio
async def test_a_damaged_board_strands_nobody_in_her_own_chat(play):
    await ties_both(play)
    (file,) = (play.folder / "leaders").glob("*.team")
    content = file.read_bytes()
    file.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    play.sealed._files.clear()
    assert "een oude actie" in await play.looks()
    assert "kanarie naar j1" in await play.hears_privately("/overzicht")
    assert "Welke actie wil je" in await play.hears_privately("/verbind")
