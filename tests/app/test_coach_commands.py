"""The operator's commands for the accounts of coaches, as they are typed."""

import asyncio
import re

import pytest
from click.testing import CliRunner

from app.__main__ import mindshift
from dialogues.coaching import Tell, digest_of
from storage.coach_book import SealedCoachBook
from storage.in_tinydb import TinyDbKeeper
from storage.keys import keys_of
from storage.master_keys import KeySource, beside


@pytest.fixture
def typed(tmp_path, monkeypatch):
    """Type a command about coaches, and return what came of it."""
    monkeypatch.setenv("MINDSHIFT_DATA", str(tmp_path / "data"))
    return lambda *words: CliRunner().invoke(mindshift, ["coach", *words])


@pytest.fixture
def book(tmp_path):
    """Read the book as it is now."""
    folder = tmp_path / "data"
    return lambda: asyncio.run(SealedCoachBook(folder, keys_of(folder, KeySource(beside(folder)))[1]).read())


def add(typed, name="Anna"):
    done = typed("add", "--name", name, "--organisation", "De Praktijk")
    assert done.exit_code == 0, done.output
    return re.search(r"/koppel (\S+)", done.output)[1]


def test_an_account_is_made_and_the_code_is_shown_once_and_kept_nowhere(typed, book):
    code = add(typed)
    [coach], [invitation] = book().coaches, book().invitations
    assert (coach.name, coach.organisation, coach.person, coach.active) == ("Anna", "De Praktijk", "", True)
    assert (invitation.digest, invitation.handle) == (digest_of(code), "")
    assert code not in repr(book())
    assert typed("list").output == f"{coach.id[:8]}  Anna, De Praktijk: invited\n"


def test_it_works_beside_a_running_bot(typed, book, tmp_path):
    keeper = TinyDbKeeper(tmp_path / "data")
    try:
        add(typed)
        assert len(book().coaches) == 1
    finally:
        asyncio.run(keeper.close())


def test_the_second_step_is_cleared_and_the_coach_will_be_told(typed, book):
    add(typed)
    assert typed("reset", "anna").exit_code == 0
    assert book().coaches[0].tell is Tell.RESET


def test_an_account_is_closed_and_opened(typed, book):
    add(typed)
    typed("close", "Anna")
    assert not book().coaches[0].active
    assert "closed" in typed("list").output
    typed("open", book().coaches[0].id[:8])
    assert book().coaches[0].active


def test_a_new_code_takes_the_account_from_who_had_it(typed, book):
    first = add(typed)
    second = re.search(r"/koppel (\S+)", typed("invite", "Anna").output)[1]
    assert first != second
    assert len(book().invitations) == 2


def test_an_account_is_removed_with_its_invitations(typed, book):
    add(typed)
    assert typed("remove", "Anna").exit_code == 1  # asked, and not answered
    assert typed("remove", "Anna", "--yes").exit_code == 0
    assert (book().coaches, book().invitations) == ((), ())
    assert "no coaches yet" in typed("list").output


@pytest.mark.parametrize("command", ["reset", "close", "open", "invite", "remove"])
@pytest.mark.parametrize("who", ["Bert", "", "Ann"])
def test_a_coach_that_is_not_known_is_said_plainly(typed, command, who):
    add(typed)
    done = typed(command, who, *(["--yes"] if command == "remove" else []))
    assert done.exit_code == 1
    assert "coach list shows them all" in done.output
    assert "Traceback" not in done.output


def test_of_two_with_one_name_the_code_tells_which(typed, book):
    add(typed)
    add(typed)
    assert "more than one" in typed("close", "Anna").output
    typed("close", book().coaches[1].id[:8])
    assert [coach.active for coach in book().coaches] == [True, False]


@pytest.mark.parametrize("words", [["--help"], ["add", "--help"], ["reset", "--help"], ["remove", "--help"]])
def test_help_says_what_it_does(typed, words):
    assert typed(*words).exit_code == 0
