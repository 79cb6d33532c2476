"""The board as a picture and on paper: when a group gets it, with what in it, and what happens when it cannot be made."""

from __future__ import annotations

from base64 import b64decode
from io import BytesIO

import pytest
from pypdf import PdfReader

from content.boards import PaperBoards
from content.drawing import SvgPainter
from dialogues.errors import DrawingFailed, PrintingFailed
from dialogues.team.guide import TeamGuide
from tests.team.play import ZONE, TeamPlay
from tests.team.test_privacy import SET_UP


class Broken:
    """A painter and a printer that cannot."""

    def paint(self, picture, language):
        raise DrawingFailed("board: ValueError")

    def sheet(self, sheet, language):
        raise PrintingFailed("board: ValueError")


class PaperPlay(TeamPlay):
    """What happens to a team whose guide draws and prints, or tries to."""

    broken = False

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
            painter=Broken() if self.broken else SvgPainter(self.catalogue),
            printer=Broken() if self.broken else PaperBoards(self.catalogue),
        )


@pytest.fixture
def play(catalogue, matcher):
    return PaperPlay(catalogue, matcher, "nl", private={"Sanne"})


async def go(play: TeamPlay, lines: str) -> None:
    await play.play([line for line in lines.splitlines() if line])


def words(body: str) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(BytesIO(b64decode(body))).pages)


async def closed(play: TeamPlay) -> None:
    """Hold a session from its beginning to its end."""
    await go(play, SET_UP + "Sanne: /actie R. – drie leerlingen vragen – donderdag\n")
    for _ in range(20):
        for label in ("Klopt", "Verder", "Ik"):
            try:
                play._button(label, "", oldest=False)
            except AssertionError:
                continue
            await go(play, f"Sanne: [{label}]")
        if "klaar en bewaard" in play.shown[-1].note.message.text:
            return
    raise AssertionError(play.written[-12:])


@pytest.mark.asyncio
async def test_when_a_session_closes_the_group_gets_the_board_as_a_picture(play):
    await closed(play)
    (last,) = [one for one in play.shown if "klaar en bewaard" in one.note.message.text]
    assert b64decode(last.note.picture).startswith(b"\x89PNG")
    assert [one for one in play.shown if one.note.picture] == [last]


@pytest.mark.asyncio
async def test_a_picture_on_request_says_the_same_in_words(play):
    await go(play, SET_UP + "Sanne: /doel drie leerlingen vragen\nJan: /bord plaatje")
    note = play.shown[-1].note
    assert b64decode(note.picture).startswith(b"\x89PNG")
    assert "drie leerlingen vragen" in note.message.text


@pytest.mark.asyncio
async def test_a_board_that_cannot_be_drawn_is_said_in_words(play):
    play.broken = True
    await go(play, SET_UP + "Sanne: /bord plaatje")
    assert play.shown[-1].note.picture == ""
    assert play.shown[-1].note.message.text.startswith("Bord van")


@pytest.mark.asyncio
async def test_the_sheet_to_print_holds_the_board_and_a_blank_one_holds_nothing_of_it(play):
    await go(play, SET_UP + "Sanne: /doel drie leerlingen vragen\nJan: /blad")
    full = play.shown[-1].note
    assert full.file == "bord.pdf"
    assert "drie leerlingen vragen" in words(full.body)
    await go(play, "Jan: /blad leeg")
    blank = play.shown[-1].note
    assert blank.message.text.startswith("Een leeg bord")
    assert "drie leerlingen" not in words(blank.body)
    assert "Doelen" in words(blank.body)


@pytest.mark.asyncio
async def test_the_sheet_comes_in_the_private_chat_too_and_only_there(play):
    await go(play, SET_UP + "Sanne> /bord blad leeg")
    last = play.shown[-1]
    assert (last.chat, last.note.file) == ("private:Sanne", "bord.pdf")


@pytest.mark.asyncio
async def test_when_the_sheet_cannot_be_made_the_group_hears_where_the_board_stands(play):
    play.broken = True
    await go(play, SET_UP + "Sanne: /blad")
    note = play.shown[-1].note
    assert (note.file, note.body) == ("", "")
    assert "/bord" in note.message.text
