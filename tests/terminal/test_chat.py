"""A conversation in the terminal, with a guide that says little and a store that keeps what it promises."""

import asyncio
import io
import stat
from base64 import b64encode
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from dialogues.conversation import Arrived, Commanded, Conversation, Frame, Said
from dialogues.errors import KeeperUnavailable, PageUnreadable
from dialogues.ports import Entry, Letter, Message
from storage.in_memory import InMemoryKeeper
from terminal.chat import ADDRESS, LEADER, Chat, write_privately
from terminal.screens import Pipe

NOW = datetime(2026, 12, 1, 7, 0, tzinfo=UTC)
DRAWN = b"\x89PNG drawn"


PICTURES = {Said("scan"): b64encode(DRAWN).decode(), Said("smudge"): "no picture!"}

PRINTED = {Said("print"): b64encode(b"%PDF \xff\x00").decode(), Said("misprint"): "no document!"}


@dataclass
class Reply:
    letters: tuple = ()
    toast: str = ""
    kept: bool = True


@dataclass
class Echo:
    """Says back what it hears, through the store, as the real guide does."""

    keeper: object
    number: int = 0
    heard: list = field(default_factory=list)
    due: list = field(default_factory=list)

    def read(self, text, source):
        return Commanded(text[1:], source=source) if text.startswith("/") else Said(text, source)

    async def hear(self, leader, address, heard, now, update="", language=""):
        self.heard.append((leader, address, heard, now, language))
        if heard == Said("break"):
            raise RuntimeError("canary")
        if heard == Said("full"):
            return Reply((self.letter("Niet opgeslagen."),), kept=False)
        if heard == Said("gone"):
            raise KeeperUnavailable
        if heard == Said("toast"):
            return Reply(toast="Al beantwoord.")
        letters = (self.letter("Dag." if isinstance(heard, Arrived) else f"Je zei: {getattr(heard, 'text', heard)}"),)
        if isinstance(heard, Commanded):
            letters = (replace(self.letter("Hier is het."), file="../export.md", body="# alles\n"),)
        if heard in PRINTED:
            letters = (replace(letters[0], file="portfolio.pdf", body=PRINTED[heard], binary=True),)
        if heard in PICTURES:
            letters = (replace(letters[0], picture=PICTURES[heard]),)
        conversation = Conversation(leader, address, "en", Frame("home", "menu", "1"))
        await self.keeper.write(Entry(conversation, letters=letters, at=now))
        return Reply(letters)

    def letter(self, text):
        self.number += 1
        return Letter(self.number, ADDRESS, Message(text), NOW)

    async def come_due(self, now):
        self.due.append(now)
        return 0

    async def sorry(self, leader, address):
        return Reply((self.letter("Er ging iets mis."),), kept=False)


class Words:
    def render(self, say, language):
        return Message(f"{say.key} ({language}) {' '.join(map(str, say.values.values()))}".strip())


def talk(tmp_path, said, keeper=None, guide=None, surface=None):
    keeper = keeper or InMemoryKeeper()
    guide = guide or Echo(keeper)
    sink = io.StringIO()
    surface = surface or Pipe(io.BytesIO(said.encode()), sink)
    Chat(guide, keeper, Words(), surface, lambda: NOW, tmp_path / "exports", "nl").hold()
    return sink.getvalue(), guide


def test_each_line_is_one_message_and_each_letter_is_printed_once(tmp_path):
    shown, guide = talk(tmp_path, "een\n\ntwee")
    assert shown == "Dag.\n\nJe zei: een\n\nJe zei: \n\nJe zei: twee\n\n"
    assert [heard[2] for heard in guide.heard] == [Arrived(), Said("een"), Said(""), Said("twee")]
    assert {heard[:2] for heard in guide.heard} == {(LEADER, ADDRESS)}


def test_the_conversation_is_held_at_the_moment_and_in_the_language_that_are_given(tmp_path):
    _, guide = talk(tmp_path, "")
    assert [(heard[3], heard[4]) for heard in guide.heard] == [(NOW, "nl")]


def test_letters_that_were_still_waiting_are_printed_first_and_taken_off(tmp_path):
    pages = {}
    keeper = InMemoryKeeper(pages)
    guide = Echo(keeper)
    asyncio.run(guide.hear(LEADER, ADDRESS, Said("voor de stekker eruit ging"), NOW))
    shown, _ = talk(tmp_path, "", keeper, guide)
    assert shown == "Je zei: voor de stekker eruit ging\n\nDag.\n\n"
    page = asyncio.run(InMemoryKeeper(pages).read(LEADER))
    assert page.letters == ()


def test_what_could_not_be_kept_is_said_and_the_conversation_goes_on(tmp_path):
    shown, _ = talk(tmp_path, "full\ngone\ndaarna")
    assert shown == "Dag.\n\nNiet opgeslagen.\n\nerrors.not_kept (en)\n\nJe zei: daarna\n\n"


def test_a_fault_of_ours_is_said_kindly_and_the_conversation_goes_on(tmp_path, caplog):
    shown, _ = talk(tmp_path, "break\ndaarna")
    assert shown == "Dag.\n\nEr ging iets mis.\n\nJe zei: daarna\n\n"
    assert [record.message for record in caplog.records] == ["a turn failed"]


def test_a_toast_is_printed(tmp_path):
    assert talk(tmp_path, "toast")[0] == "Dag.\n\nAl beantwoord.\n\n"


def test_a_file_is_written_for_its_owner_only_inside_the_folder_and_its_path_is_said(tmp_path):
    shown, _ = talk(tmp_path, "/export\n/export\n")
    first, second = tmp_path / "exports" / "export.md", tmp_path / "exports" / "export-2.md"
    assert f"terminal.file_written (en) {first}\n" in shown
    assert first.read_text() == second.read_text() == "# alles\n"
    assert stat.S_IMODE(first.stat().st_mode) == 0o600
    assert stat.S_IMODE(first.parent.stat().st_mode) == 0o700


def test_a_file_that_is_no_text_is_written_byte_for_byte_and_one_that_is_damaged_is_said(tmp_path, caplog):
    shown, _ = talk(tmp_path, "print\nmisprint\n")
    assert (tmp_path / "exports" / "portfolio.pdf").read_bytes() == b"%PDF \xff\x00"
    assert shown.count("errors.not_kept") == 1
    assert [record.message for record in caplog.records] == ["a file could not be written"]


def test_a_picture_is_written_for_its_owner_only_and_its_path_is_said_before_the_words(tmp_path):
    shown, _ = talk(tmp_path, "scan\nscan\n")
    written = sorted((tmp_path / "exports").iterdir())
    name = "terminal.picture_name (en)"
    assert [path.name for path in written] == [f"{name}-2.png", f"{name}-3.png"]
    assert [path.read_bytes() for path in written] == [DRAWN, DRAWN]
    assert {stat.S_IMODE(path.stat().st_mode) for path in written} == {0o600}
    told = [f"terminal.picture_written (en) {path}\n\nJe zei: scan" for path in written]
    assert shown == "\n\n".join(["Dag.", *told]) + "\n\n"


def test_a_picture_of_a_later_conversation_leaves_the_earlier_one_alone(tmp_path):
    for _ in range(2):
        talk(tmp_path, "scan\n")
    assert len(list((tmp_path / "exports").iterdir())) == 2


def test_a_picture_that_cannot_be_written_leaves_the_words(tmp_path, caplog):
    (tmp_path / "exports").write_text("in the way")
    shown, _ = talk(tmp_path, "scan\nsmudge\n")
    assert shown == "Dag.\n\nJe zei: scan\n\nJe zei: smudge\n\n"
    assert [record.message for record in caplog.records] == ["a picture could not be written"] * 2


def test_a_file_that_cannot_be_written_is_said_and_does_not_come_back_every_turn(tmp_path):
    (tmp_path / "exports").write_text("in the way")
    shown, _ = talk(tmp_path, "/export\ndaarna")
    assert shown.count("errors.not_kept") == 1
    assert shown.endswith("Je zei: daarna\n\n")


def test_a_link_in_the_way_is_not_followed(tmp_path):
    (tmp_path / "target").write_text("mine")
    (tmp_path / "export.md").symlink_to(tmp_path / "target")
    assert write_privately(tmp_path, "export.md", b"x").name == "export-2.md"
    assert (tmp_path / "target").read_text() == "mine"


@pytest.mark.parametrize("error", [KeeperUnavailable, PageUnreadable])
def test_a_store_that_cannot_be_read_at_the_start_ends_the_chat_before_it_begins(tmp_path, error):
    class Broken(InMemoryKeeper):
        async def read(self, leader):
            raise error

    keeper = Broken()
    guide = Echo(keeper)
    with pytest.raises(error):
        talk(tmp_path, "een", keeper, guide)
    assert guide.heard == []


class Person:
    """Somebody at a terminal who says a few things and then presses Ctrl-C."""

    personal = True

    def __init__(self, *said):
        self.said = said
        self.seen = []

    def lines(self):
        yield from self.said
        raise KeyboardInterrupt

    def show(self, message):
        self.seen.append(message.text)


def test_a_person_who_leaves_hears_that_nothing_is_lost(tmp_path):
    person = Person("een")
    talk(tmp_path, "", surface=person)
    assert person.seen == ["Dag.", "Je zei: een", "terminal.bye (en)"]


def test_the_store_is_let_go_of_whatever_happens(tmp_path):
    keeper = InMemoryKeeper()
    talk(tmp_path, "een", keeper)
    with pytest.raises(KeeperUnavailable):
        asyncio.run(keeper.read(LEADER))


def test_the_folder_for_files_is_not_made_before_there_is_one(tmp_path):
    talk(tmp_path, "een")
    assert not Path(tmp_path / "exports").exists()
