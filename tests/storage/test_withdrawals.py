"""What a leader took back from a coach is never given out again, not by an older backup either."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from dialogues import sharing
from dialogues.coaching import CoachId, Grant, Level, Link
from dialogues.ports import Entry
from storage.backup import back_up
from storage.in_tinydb import TinyDbKeeper
from storage.master_keys import KeySource
from storage.restoring import restore
from storage.withdrawals import Withdrawals
from tests.storage.examples import LEADER, NOW, OTHER, conversation, reflection

COACH = CoachId("anna")


def quiet(done, total):
    """Show nothing."""


def sharing_page(leader=LEADER, number=1, since=NOW):
    """A conversation that shares reflection r1 with Anna."""
    link = Link(COACH, f"handle-{leader}", "Anna", "De Praktijk", inside=False, since=NOW)
    grant = Grant(f"g{number}", COACH, Level.PIECE, "r1", since, "v1")
    return conversation(leader, links=(link,), grants=(grant,))


def withdrawn(before):
    return replace(before, grants=tuple(replace(one, withdrawn=NOW + timedelta(hours=1)) for one in before.grants))


def shown_after(folder, source, leader=LEADER):
    async def look():
        keeper = TinyDbKeeper(folder, source)
        page = await keeper.read(leader)
        await keeper.close()
        return sharing.shown(page, COACH, NOW + timedelta(days=1)).pieces

    return asyncio.run(look())


def kept(tiny, *conversations):
    async def keep():
        keeper = tiny.open()
        for one in conversations:
            await keeper.write(Entry(one, (reflection(1, "Kanarie."),), at=NOW))
        await keeper.close()

    asyncio.run(keep())


def test_avg_2_a_backup_from_before_a_withdrawal_shows_the_coach_nothing(tiny, tmp_path):
    kept(tiny, sharing_page(), sharing_page(OTHER))
    source = KeySource(tiny.keys)
    back_up(tiny.folder, source, tmp_path / "b.tar", quiet)
    kept(tiny, withdrawn(sharing_page()))
    restore(tmp_path / "b.tar", tmp_path / "new", source, quiet)
    assert shown_after(tmp_path / "new", source) == ()
    assert [piece.text for piece in shown_after(tmp_path / "new", source, OTHER)] == ["Kanarie."]


def test_avg_2_notices_a_restore_that_does_not_look_at_the_ledger(tiny, tmp_path, monkeypatch):
    kept(tiny, sharing_page())
    source = KeySource(tiny.keys)
    back_up(tiny.folder, source, tmp_path / "b.tar", quiet)
    kept(tiny, withdrawn(sharing_page()))

    async def nothing(_keeper, _now):
        pass

    monkeypatch.setattr(TinyDbKeeper, "take_back", nothing)
    restore(tmp_path / "b.tar", tmp_path / "new", source, quiet)
    assert [piece.text for piece in shown_after(tmp_path / "new", source)] == ["Kanarie."]


def test_a_grant_that_has_the_number_of_one_withdrawn_before_the_backup_was_put_back_stays(tiny, tmp_path):
    kept(tiny, sharing_page())
    kept(tiny, withdrawn(sharing_page()))
    again = sharing_page(since=NOW + timedelta(days=2))
    kept(tiny, again)
    source = KeySource(tiny.keys)
    back_up(tiny.folder, source, tmp_path / "b.tar", quiet)
    restore(tmp_path / "b.tar", tmp_path / "new", source, quiet)
    assert [piece.text for piece in shown_after(tmp_path / "new", source)] == ["Kanarie."]


def test_the_ledger_is_written_before_the_page(tiny, monkeypatch):
    kept(tiny, sharing_page())
    keeper = tiny.open()
    order = []
    note, write = Withdrawals.note, tiny.opened(LEADER).__class__.write
    monkeypatch.setattr(Withdrawals, "note", lambda *given: (order.append("ledger"), note(*given))[1])
    monkeypatch.setattr(tiny.opened(LEADER).__class__, "write", lambda *given: (order.append("page"), write(*given))[1])

    async def withdraw():
        await keeper.write(Entry(withdrawn(sharing_page()), at=NOW))
        await keeper.close()

    asyncio.run(withdraw())
    assert order == ["ledger", "page"]


@pytest.mark.parametrize("word", [LEADER, "anna", "g1", "r1"])
def test_the_ledger_names_nobody(tiny, word):
    kept(tiny, sharing_page())
    kept(tiny, withdrawn(sharing_page()))
    entries = list((tiny.keys / "withdrawn").iterdir())
    assert len(entries) == 1
    assert word not in entries[0].name
    assert entries[0].read_bytes() == b""
