"""A store of the first format, which was not encrypted, is taken over once, and no plain text of it stays."""

import json
import stat
from hashlib import sha256

import pytest

from dialogues.conversation import LeaderId
from dialogues.errors import PageUnreadable
from dialogues.ports import Entry, Page
from storage import format_one
from storage.journal import write_page
from tests.storage.examples import LEADER, NOW, OTHER, conversation, filled, letter, moment, reflection

pytestmark = pytest.mark.asyncio


def file_of_format_one(page):
    """The content of a file as the first format had it."""
    document = write_page(page)
    tables = {
        "format": {"1": {"number": document["format"]}},
        "reflections": {str(number): part for number, part in enumerate(document["journal"], 1)},
        "letters": {str(part["number"]): part for part in document["letters"]},
        "conversation": {"1": document["conversation"]},
        "updates": {"1": document["updates"]},
    }
    content = json.dumps(tables, ensure_ascii=False).encode()
    return b"mindshift sealed sha256=" + sha256(content).hexdigest().encode() + b"\n" + content


def write_format_one(folder, pages):
    (folder / "leaders").mkdir(parents=True)
    (folder / "store.json").write_text('{"store": "mindshift", "format": 1}')
    for page in pages:
        (folder / "leaders" / format_one.name_of(page.conversation.leader)).write_bytes(file_of_format_one(page))


def page_of(leader):
    return Page(
        conversation(leader, moments=(moment("p1"),)),
        tuple(reflection(number, "Ik zie op tegen kanarie.") for number in range(120)),
        (letter(3), letter(12)),
        {"u1": NOW},
    )


async def test_every_page_is_taken_over_and_goes_on(tiny):
    pages = [page_of(LEADER), page_of(OTHER), filled(Page)]
    write_format_one(tiny.folder, pages)
    for _ in range(2):
        keeper = tiny.open()
        for page in pages:
            assert await keeper.read(page.conversation.leader) == page
        assert (LEADER, moment("p1")) in await keeper.due(NOW)
        assert LEADER in await keeper.waiting()
        await keeper.close()
    keeper = tiny.open()
    await keeper.write(Entry(conversation(), (reflection("nieuw"),)))
    assert len((await keeper.read(LEADER)).journal) == 121
    await keeper.close()
    assert len(tiny.parts(LEADER)) == 1


async def test_no_plain_text_stays(tiny):
    write_format_one(tiny.folder, [page_of(LEADER)])
    await tiny.open().close()
    assert not any(b"kanarie" in path.read_bytes() for path in tiny.folder.rglob("*") if path.is_file())
    assert {stat.S_IMODE(path.stat().st_mode) for path in (tiny.folder / "leaders").iterdir()} == {0o600}


async def test_a_damaged_file_is_left_as_it_is_and_not_answered_with_an_empty_page(tiny):
    write_format_one(tiny.folder, [page_of(LEADER), page_of(OTHER)])
    old = tiny.folder / "leaders" / format_one.name_of(LEADER)
    damaged = old.read_bytes()[:-1]
    old.write_bytes(damaged)
    for _ in range(2):
        keeper = tiny.open()
        assert keeper.damaged() == 1
        with pytest.raises(PageUnreadable):
            await keeper.read(LEADER)
        with pytest.raises(PageUnreadable):
            await keeper.write(Entry(conversation()))
        assert await keeper.read(OTHER) == page_of(OTHER)
        assert old.read_bytes() == damaged
        await keeper.close()
    keeper = tiny.open()
    await keeper.erase(LEADER)
    assert await keeper.read(LEADER) is None
    assert not old.exists()
    await keeper.close()


@pytest.mark.parametrize("leader", ["telegram:1", "telegram:\ud83d"])
async def test_a_file_under_the_name_of_somebody_else_is_not_taken_over(tiny, leader):
    write_format_one(tiny.folder, [page_of(LeaderId(leader))])
    [old] = (tiny.folder / "leaders").iterdir()
    old.rename(old.with_name(format_one.name_of(OTHER)))
    keeper = tiny.open()
    assert keeper.damaged() == 1
    with pytest.raises(PageUnreadable):
        await keeper.read(OTHER)
    await keeper.close()
