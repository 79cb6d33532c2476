"""Making a portfolio in the chat, with the real guide, words and printer."""

from base64 import b64decode
from dataclasses import replace
from io import BytesIO

import pytest
import pytest_asyncio
from pypdf import PdfReader

from bot.letters import Fate, carry, parcels
from content.drawing import SvgPainter
from content.exporting import PageExporter
from content.publishing import PortfolioPublisher
from dialogues.conversation import Kind
from dialogues.errors import PrintingFailed
from dialogues.guide import Guide
from dialogues.ports import Entry
from storage.in_memory import InMemoryKeeper
from tests.play import ZONE
from tests.portfolio.sample import LEADER, NOW, PAGE, STATEMENT, page
from tests.portfolio.test_publishing import plain, read

pytestmark = pytest.mark.asyncio


class Chat:
    """A leader who types and taps."""

    def __init__(self, catalogue, matcher, publisher):
        self.keeper = InMemoryKeeper()
        self.guide = Guide(
            repertoire=catalogue.repertoire,
            care=catalogue.care,
            keeper=self.keeper,
            words=catalogue,
            matcher=matcher,
            exporter=PageExporter(catalogue),
            publisher=publisher,
            zone=ZONE,
            language="nl",
        )
        self.letters = ()

    async def begin(self, page_):
        await self.keeper.write(Entry(page_.conversation, page_.journal))

    async def say(self, text):
        self.letters = (await self.guide.hear(LEADER, "telegram:1", self.guide.read(text, ""), NOW)).letters
        return "\n".join(letter.message.text for letter in self.letters)

    async def tap(self, label):
        buttons = [button for letter in self.letters for row in letter.message.rows for button in row]
        data = next(button.data for button in buttons if button.label == label)
        self.letters = (await self.guide.hear(LEADER, "telegram:1", self.guide.tap(data, "7"), NOW)).letters
        return "\n".join(letter.message.text for letter in self.letters)

    async def page(self):
        return await self.keeper.read(LEADER)


@pytest.fixture(scope="module")
def publisher(catalogue):
    return PortfolioPublisher(catalogue, SvgPainter(catalogue))


@pytest_asyncio.fixture
async def chat(catalogue, matcher, publisher):
    found = Chat(catalogue, matcher, publisher)
    await found.begin(PAGE)
    return found


async def test_a_portfolio_is_chosen_seen_and_then_made(chat):
    themes = await chat.say("/portfolio")
    assert "1 ☐ lesbezoek" in themes
    assert "2 ☐ Leidinggeven" in themes
    await chat.tap("2")
    pieces = await chat.tap("Klaar")
    assert pieces.count("☑") == 10
    assert "geen naam" not in pieces
    seen = await chat.tap("Klaar")
    assert "Wachten is ook leidinggeven." in seen
    assert "Verklaring van Marjan" in seen
    assert not any(letter.file for letter in chat.letters)
    said = await chat.tap("Ja, maak het")
    assert said.startswith("Hier is je portfolio")
    assert [letter.file for letter in chat.letters] == ["", "portfolio.pdf", "portfolio.md", ""]
    made = b64decode(chat.letters[1].body, validate=True)
    assert 1 <= len(PdfReader(BytesIO(made)).pages) <= 2
    assert plain("Wachten is ook leidinggeven.") in read(made)
    assert "Wachten is ook leidinggeven." in chat.letters[2].body
    assert [letter.number for letter in chat.letters] == sorted(letter.number for letter in chat.letters)
    assert (await chat.page()).letters[-4:] == chat.letters  # they wait in the outbox until they arrived


async def test_what_is_unticked_stays_out(chat):
    await chat.say("/portfolio")
    await chat.tap("2")
    await chat.tap("Klaar")
    text = await chat.tap("✓1")
    assert text.count("☑") == 9
    seen = await chat.tap("Klaar")
    assert "tel ik tot tien" not in seen


async def test_a_theme_about_a_colleague_warns_of_names_and_asks_what_is_seen_in_the_school(chat):
    await chat.say("/portfolio")
    pieces = await chat.say("1")
    assert "Lees na of er geen naam in staat." in pieces
    assert "☐ Inzicht: “Ik sprak ook Karin de Vries van de Regenboog hierover.” (let op: een naam)" in pieces
    asked = await chat.tap("Klaar")
    assert asked.endswith("Wat merken leraren of leerlingen hiervan?")
    seen = await chat.say("Twee leraren vragen nu zelf om bezoek.")
    assert "In de school: “Twee leraren vragen nu zelf om bezoek.”" in seen
    kept = (await chat.page()).journal[-1]
    assert (kept.kind, kept.journey, kept.phase) == (Kind.EFFECT, "j2", 2)
    assert "Kies" not in await chat.tap("Anders kiezen")
    await chat.say("1")
    again = await chat.tap("Klaar")
    assert "Twee leraren" in again  # it is known now, and not asked again


async def test_nothing_chosen_makes_nothing(chat):
    await chat.say("/portfolio")
    assert (await chat.tap("Klaar")).startswith("Er is niets gekozen")
    await chat.say("/portfolio")
    await chat.say("2")
    await chat.tap("Klaar")
    assert (await chat.tap("Toch niet")).startswith("Er is niets gemaakt.")
    assert not any(letter.file for letter in (await chat.page()).letters)


async def test_without_anything_written_there_is_nothing_to_make(catalogue, matcher, publisher):
    chat = Chat(catalogue, matcher, publisher)
    await chat.begin(replace(page(journeys=(), plans=(), statements=()), journal=()))
    assert "nog niets geschreven" in await chat.say("/portfolio")


async def test_a_statement_is_told_of_once_and_goes_in_with_a_yes_alone(catalogue, matcher, publisher):
    chat = Chat(catalogue, matcher, publisher)
    waits = replace(STATEMENT, told=None, answered=None, accepted=False)
    await chat.begin(page(notes=(), statements=(waits, replace(waits, id="s2", about="j2", text="Nog een."))))
    assert "Je coach schreef een verklaring" in await chat.say("/start")
    assert "Je coach schreef een verklaring" not in await chat.say("/start")
    first = await chat.say("/portfolio")
    assert STATEMENT.text in first
    second = await chat.tap("Nee, dit niet")
    assert "Nog een." in second
    assert "Welke thema's" in await chat.tap("Ja, dit mag erin")
    assert [one.accepted for one in (await chat.page()).conversation.statements] == [False, True]
    await chat.say("1, 2")
    await chat.tap("Klaar")
    await chat.tap("Overslaan")
    seen = await chat.tap("Klaar")
    assert "Nog een." in seen
    assert STATEMENT.text not in seen


async def test_when_printing_fails_the_text_comes_with_a_word_about_it(catalogue, matcher, publisher):
    class Broken(PortfolioPublisher):
        def pdf(self, portfolio, language):
            raise PrintingFailed("portfolio: canary")

    chat = Chat(catalogue, matcher, Broken(catalogue, SvgPainter(catalogue)))
    await chat.begin(PAGE)
    await chat.say("/portfolio")
    await chat.say("2")
    await chat.tap("Klaar")
    said = await chat.tap("Ja, maak het")
    assert [letter.file for letter in chat.letters] == ["", "", "portfolio.md", ""]
    assert "De PDF is nu niet gelukt." in said


async def test_del_a_file_that_is_no_text_reaches_telegram_byte_for_byte(chat):
    await chat.say("/portfolio")
    await chat.say("2")
    await chat.tap("Klaar")
    await chat.tap("Ja, maak het")
    sent = []

    class Bot:
        async def send_document(self, chat_id, file, caption, reply_markup):
            sent.append((chat_id, file.filename, file.input_file_content))

    for letter in chat.letters[1:3]:
        for parcel in parcels(letter):
            assert (await carry(Bot(), parcel)).fate is Fate.DELIVERED
    assert [(chat_id, name) for chat_id, name, _ in sent] == [(1, "portfolio.pdf"), (1, "portfolio.md")]
    assert sent[0][2] == b64decode(chat.letters[1].body)
    assert sent[1][2].decode() == chat.letters[2].body


async def test_del_a_file_that_was_damaged_is_given_up_and_does_not_hold_up_the_next(chat):
    await chat.say("/portfolio")
    await chat.say("2")
    await chat.tap("Klaar")
    await chat.tap("Ja, maak het")
    [parcel] = parcels(replace(chat.letters[1], body="no base64!"))
    assert (await carry(None, parcel)).fate is Fate.REFUSED
