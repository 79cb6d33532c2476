"""The book of coaches: sealed, shared with the operator's commands, and in every backup."""

import asyncio
import json
import stat
from dataclasses import replace
from datetime import timedelta

import pytest

from dialogues.coaching import AlreadySpent, Book, Coach, CoachId, Tell, Weekly, invite
from dialogues.errors import KeeperUnavailable
from storage.backup import back_up
from storage.coach_book import FILE, SealedCoachBook
from storage.in_memory import InMemoryCoachBook
from storage.keys import keys_of
from storage.master_keys import KeySource
from storage.restoring import restore
from tests.storage.examples import NOW

pytestmark = pytest.mark.asyncio

ANNA = Coach(
    CoachId("a" * 32),
    "Anna Kanarie",
    "De Praktijk",
    inside=True,
    language="nl",
    added=NOW,
    person="t0",
    secret="GEHEIM",
    digest=Weekly(1, 8),
    told=NOW,
    visited={"h": NOW},
    tell=Tell.RESET,
)


@pytest.fixture
def made(tiny):
    """A store that nobody has open."""
    asyncio.run(tiny.open().close())
    return tiny


def book_at(place):
    return SealedCoachBook(place.folder, place.open_keys())


@pytest.fixture(params=["in_memory", "sealed"])
def book(request, made):
    return InMemoryCoachBook() if request.param == "in_memory" else book_at(made)


async def test_an_empty_book_is_read_as_one(book):
    assert await book.read() == Book()


async def test_what_was_kept_is_read_back(book):
    changed = await book.change(lambda known: invite(known.with_coach(ANNA), ANNA.id, "token", NOW))
    assert await book.read() == changed
    assert changed.find(ANNA.id) == ANNA


async def test_what_a_change_raises_is_passed_on_and_changes_nothing(book):
    await book.change(lambda known: known.with_coach(ANNA))
    with pytest.raises(AlreadySpent):
        await book.change(lambda known: known.without(ANNA.id).spending("nothing", NOW))
    assert (await book.read()).coaches == (ANNA,)


async def test_fuz_7_of_many_at_once_one_uses_an_invitation(book):
    await book.change(lambda known: invite(known.with_coach(ANNA), ANNA.id, "token", NOW))
    [invitation] = (await book.read()).invitations

    async def spend():
        try:
            await book.change(lambda known: known.spending(invitation.digest, NOW))
        except AlreadySpent:
            return 0
        return 1

    assert sum(await asyncio.gather(*(spend() for _ in range(20)))) == 1


async def test_another_process_is_seen_at_the_next_look(made):
    one, other = book_at(made), book_at(made)
    assert await other.read() == Book()
    await one.change(lambda known: known.with_coach(ANNA))
    assert (await other.read()).coaches == (ANNA,)
    await other.change(lambda known: known.with_coach(replace(ANNA, active=False)))
    assert not (await one.read()).coaches[0].active


async def test_two_processes_lose_nothing_to_each_other(made):
    books = [book_at(made), book_at(made)]

    def adding(number):
        return lambda known: known.with_coach(replace(ANNA, id=CoachId(str(number))))

    await asyncio.gather(*(books[number % 2].change(adding(number)) for number in range(40)))
    assert {coach.id for coach in (await books[0].read()).coaches} == {str(number) for number in range(40)}


async def test_it_may_be_changed_while_the_keeper_has_the_folder(made):
    keeper = made.open()
    await book_at(made).change(lambda known: known.with_coach(ANNA))
    await keeper.close()
    assert (await book_at(made).read()).coaches == (ANNA,)


async def test_sec_2_no_word_of_it_stands_on_the_disk(made):
    await book_at(made).change(lambda known: invite(known.with_coach(ANNA), ANNA.id, "toverwoord", NOW))
    for path in made.folder.rglob("*"):
        if path.is_file():
            assert not any(word in path.read_bytes() for word in (b"Kanarie", b"GEHEIM", b"toverwoord", b"Praktijk"))
    assert stat.S_IMODE((made.folder / FILE).stat().st_mode) == 0o600


@pytest.mark.parametrize("damage", [lambda content: content[:-1], lambda content: b"", lambda content: b"x" + content])
async def test_a_damaged_book_is_refused_and_never_replaced(made, damage):
    await book_at(made).change(lambda known: known.with_coach(ANNA))
    damaged = damage((made.folder / FILE).read_bytes())
    (made.folder / FILE).write_bytes(damaged)
    for call in (book_at(made).read(), book_at(made).change(lambda known: known.with_coach(ANNA))):
        with pytest.raises(KeeperUnavailable, match="damaged"):
            await call
    assert (made.folder / FILE).read_bytes() == damaged


async def test_ops_3_the_book_is_in_the_backup(made, tmp_path):
    await book_at(made).change(lambda known: known.with_coach(ANNA))
    source = KeySource(made.keys)
    await asyncio.to_thread(back_up, made.folder, source, tmp_path / "b.tar", lambda *_: None)
    await asyncio.to_thread(restore, tmp_path / "b.tar", tmp_path / "new", source, lambda *_: None)
    assert (await SealedCoachBook(tmp_path / "new", keys_of(tmp_path / "new", source)[1]).read()).coaches == (ANNA,)
    assert json.loads((tmp_path / "new" / "store.json").read_bytes())["store"] == "mindshift"


# -- the book as a value -------------------------------------------------------------------------------------------


async def test_fuz_7_an_invitation_holds_72_hours_and_once():
    book = invite(Book().with_coach(ANNA), ANNA.id, "token", NOW)
    assert book.invitation("token", NOW + timedelta(hours=72) - timedelta(seconds=1))
    assert book.invitation("token", NOW + timedelta(hours=72)) is None
    assert book.spending(book.invitations[0].digest, NOW).invitation("token", NOW) is None
    with pytest.raises(AlreadySpent):
        book.spending(book.invitations[0].digest, NOW + timedelta(hours=72))


async def test_fuz_7_100_000_guesses_open_nothing():
    book = Book().with_coach(ANNA)
    for number in range(50):
        book = invite(book, ANNA.id, f"token-{number}", NOW)
    assert not any(book.invitation(f"guess-{number}", NOW) for number in range(100_000))


async def test_an_invitation_of_a_coach_whose_account_is_closed_does_not_hold():
    book = invite(Book().with_coach(replace(ANNA, active=False)), ANNA.id, "token", NOW)
    assert book.invitation("token", NOW) is None


async def test_expired_invitations_are_dropped_when_another_is_made():
    book = invite(Book().with_coach(ANNA), ANNA.id, "old", NOW)
    assert len(invite(book, ANNA.id, "new", NOW + timedelta(hours=73)).invitations) == 1


async def test_handles_are_128_random_bits_and_the_operators_invitation_has_none():
    one = invite(Book(), ANNA.id, "one", NOW).invitations[0]
    other = invite(Book(), ANNA.id, "other", NOW).invitations[0]
    assert len(one.handle) == 32
    assert one.handle != other.handle
    assert one.handle not in one.digest
    assert invite(Book(), ANNA.id, "one", NOW, operator=True).invitations[0].handle == ""


async def test_without_a_coach_the_invitations_are_gone_too():
    book = invite(Book().with_coach(ANNA), ANNA.id, "token", NOW).without(ANNA.id)
    assert book == Book()
