"""What every keeper of teams promises, run on each of them, and what the sealed one promises more."""

from __future__ import annotations

import asyncio
from dataclasses import fields, is_dataclass, replace
from datetime import UTC, date, datetime, timedelta
from enum import Enum
from pathlib import Path

import pytest

from dialogues.conversation import LeaderId
from dialogues.errors import KeeperUnavailable, PageUnreadable
from dialogues.free_days import Holiday
from dialogues.ports import Button, Message
from dialogues.team.ports import TeamEntry, TeamLetter, TeamPage, TurnOvertaken
from dialogues.team.prompts import Series
from dialogues.team.rotation import forgotten
from dialogues.team.values import (
    Action,
    Board,
    Course,
    Fate,
    Goal,
    Kind,
    Line,
    Member,
    Mood,
    Private,
    Rotation,
    Session,
    Settings,
    Team,
    TeamId,
)
from storage import disk
from storage.atomic_file import NotFlushed
from storage.backup import back_up
from storage.in_memory_teams import InMemoryTeams
from storage.in_tinydb import TinyDbKeeper
from storage.leavings import Leavings
from storage.master_keys import KeySource, beside
from storage.restoring import restore
from storage.team_file import ENDING
from storage.team_page import read_page, with_entry, write_page
from storage.teams import SealedTeams
from storage.verifying import Verdict, verify

pytestmark = pytest.mark.asyncio

NOW = datetime(2026, 10, 6, 6, 30, tzinfo=UTC)
TODAY = date(2026, 10, 6)
ONE, OTHER = TeamId("one"), TeamId("other")
SANNE = LeaderId("sanne")
ODD = "canary-text \x00 \ud800 \u202e 🙂 {{7*7}} =1+1"


def full_team(id_: TeamId = ONE, turns: int = 1) -> Team:
    """A team in which no field has its default."""
    goal = Goal("g1", ODD, TODAY, NOW, Course.STUCK, NOW, reached=True)
    action = Action("a1", ODD, "S.", "2026-W41", NOW, "sanne", "do", Fate.SMALLER, NOW, kept=True, cut="a0")
    line = Line("l1", Kind.WORRY, ODD, NOW, "sanne", "S.")
    session = Session(
        "2026-W41", TODAY, "goals", "n9", SANNE, NOW, NOW, SANNE, {"sanne": Mood.LOW}, {"low": 5}, {"S.": Mood.GOOD},
        (line,), ("a1",), short=True,
    )  # fmt: skip
    settings = Settings(
        "en", 3, "15:30", "north", (Holiday("x", TODAY, TODAY),), Rotation.TURNS, 8, ("checkin",), ("lead",)
    )
    return Team(
        id_, f"telegram:{id_}", NOW, ODD, settings, (Member(SANNE, "S.", NOW, "telegram:1", "worry", NOW),), (goal,),
        (action,), (line,), (line,), (Private("p1", SANNE, Kind.WORRY, ODD, NOW),), session, "day", "n3", ("success",),
        ODD, SANNE, ("2026-W41.session",), ("asked.2027-05-01",), {"2026-W41": TODAY}, TODAY, due=NOW,
        given={"learned": TODAY}, theme="feedback", series=Series("lesson-study", TODAY),
        offered=(Holiday("x", TODAY, TODAY),), unfinished=2, brief=True, heard=NOW, expiry=NOW, numbers={"a": 1},
        turns=turns, paused=True,
    )  # fmt: skip


def board(week: str = "2026-W41", text: str = ODD) -> Board:
    team = full_team()
    line = replace(team.waiting[0], text=text)
    return Board(week, TODAY, "S.", {"good": 5}, {"S.": Mood.LOW}, team.goals, team.actions, (line,))


def note(number: int, text: str = "Dag.", slot: str = "", to: str = "") -> TeamLetter:
    return TeamLetter(number, Message(text, ((Button("b", "n:b"),),)), NOW, to, slot, "cGlj", "bord.pdf", "x")


def entry(turns: int = 1, **more) -> TeamEntry:
    return TeamEntry(full_team(turns=turns), NOW, **more)


class Memory:
    def __init__(self, _folder: Path) -> None:
        self.pages: dict = {}

    async def open(self) -> InMemoryTeams:
        return InMemoryTeams(self.pages)

    async def close(self, keeper) -> None:
        await keeper.close()


class Sealed:
    def __init__(self, folder: Path) -> None:
        self.folder = folder / "store"

    async def open(self) -> SealedTeams:
        self.leaders = TinyDbKeeper(self.folder)
        return SealedTeams(self.leaders.shelf)

    async def close(self, keeper) -> None:
        await keeper.close()
        await self.leaders.close()

    def files(self) -> list[Path]:
        return sorted((self.folder / "leaders").glob(f"*{ENDING}"))


@pytest.fixture(params=[Memory, Sealed])
def place(request, tmp_path):
    return request.param(tmp_path)


@pytest.fixture
def sealed(tmp_path):
    return Sealed(tmp_path)


def without_defaults(value: object) -> list[str]:
    """Return the fields of a stored value, deep down, that are empty."""
    empty = []
    for part in fields(value):
        inner = getattr(value, part.name)
        if not inner:
            empty.append(f"{type(value).__name__}.{part.name}")
        for one in inner if isinstance(inner, tuple) else (inner,):
            empty += without_defaults(one) if is_dataclass(one) and not isinstance(one, Enum) else []
    return empty


async def test_everything_of_an_entry_is_there_after_a_restart(place):
    keeper = await place.open()
    wanted = entry(boards=(board(),), notes=(note(1, slot="board.1", to="telegram:1"),), update="u1")
    assert without_defaults(wanted.team) == []
    await keeper.write(wanted)
    page = TeamPage(wanted.team, wanted.boards, wanted.notes, {"u1": NOW})
    assert await keeper.read(ONE) == page
    await place.close(keeper)
    keeper = await place.open()
    assert await keeper.read(ONE) == page
    assert keeper.at("telegram:one") == ONE
    assert list(keeper.of(SANNE)) == [ONE]
    assert list(keeper.due(NOW)) == [ONE]
    assert list(keeper.due(NOW - timedelta(seconds=1))) == []
    assert list(keeper.waiting()) == [ONE]
    assert keeper.writing(SANNE) == (ONE, NOW)
    await place.close(keeper)


async def test_of_an_unknown_team_nothing_is_kept(place):
    keeper = await place.open()
    assert await keeper.read(ONE) is None
    assert (keeper.at("telegram:one"), list(keeper.of(SANNE)), keeper.writing(SANNE)) == (None, [], None)
    await keeper.erase(ONE)
    await keeper.delivered(ONE, note(1))
    await place.close(keeper)


async def test_a_turn_that_does_not_follow_on_what_is_kept_is_refused_and_changes_nothing(place):
    keeper = await place.open()
    await keeper.write(entry())
    for turns in (1, 3):
        with pytest.raises(TurnOvertaken):
            await keeper.write(entry(turns=turns, boards=(board(),)))
    assert (await keeper.read(ONE)).boards == ()
    await keeper.write(entry(turns=2, boards=(board(),)))
    assert len((await keeper.read(ONE)).boards) == 1
    await place.close(keeper)


async def test_a_board_of_the_same_week_takes_the_place_of_the_older_one_and_order_is_kept(place):
    keeper = await place.open()
    await keeper.write(entry(boards=(board("2026-W40"), board("2026-W41"))))
    await keeper.write(entry(turns=2, boards=(board("2026-W40", "anders"),)))
    assert [(one.week, one.lines[0].text) for one in (await keeper.read(ONE)).boards] == [
        ("2026-W40", "anders"),
        ("2026-W41", ODD),
    ]
    await keeper.write(entry(turns=3, boards=(board("2026-W42"),), anew=True))
    assert [one.week for one in (await keeper.read(ONE)).boards] == ["2026-W42"]
    await place.close(keeper)


async def test_of_notes_with_one_slot_the_newest_waits_in_the_place_of_the_first(place):
    keeper = await place.open()
    await keeper.write(entry(notes=(note(1, "bord", "b"), note(2, "vraag"))))
    await keeper.write(entry(turns=2, notes=(note(3, "bord nieuw", "b"), note(4, "privé", "b", "telegram:1"))))
    waiting = (await keeper.read(ONE)).notes
    assert [(one.number, one.message.text) for one in waiting] == [(1, "bord nieuw"), (2, "vraag"), (4, "privé")]
    await keeper.delivered(ONE, note(1, "bord", "b"), 77)
    page = await keeper.read(ONE)
    assert page.notes == waiting
    assert page.placed == {"b": "77"}
    await keeper.delivered(ONE, waiting[0], 77)
    assert len((await keeper.read(ONE)).notes) == 2
    await place.close(keeper)


async def test_the_id_of_an_update_is_remembered_for_two_days(place):
    keeper = await place.open()
    await keeper.write(entry(update="u1"))
    later = TeamEntry(full_team(turns=2), NOW + timedelta(hours=48), update="u2")
    await keeper.write(later)
    assert set((await keeper.read(ONE)).updates) == {"u1", "u2"}
    await keeper.write(TeamEntry(full_team(turns=3), NOW + timedelta(hours=49)))
    assert set((await keeper.read(ONE)).updates) == {"u2"}
    await place.close(keeper)


async def test_nothing_crosses_over_from_one_team_to_another(place):
    keeper = await place.open()
    await keeper.write(entry(boards=(board(),)))
    await keeper.write(TeamEntry(replace(full_team(OTHER), address="telegram:other"), NOW))
    await keeper.erase(ONE)
    assert await keeper.read(ONE) is None
    assert (await keeper.read(OTHER)).boards == ()
    assert list(keeper.of(SANNE)) == [OTHER]
    await place.close(keeper)
    keeper = await place.open()
    assert await keeper.read(ONE) is None
    assert keeper.at("telegram:one") is None
    await place.close(keeper)


async def test_turns_of_one_team_that_come_together_are_all_kept_one_after_another(place):
    keeper = await place.open()
    await keeper.write(entry(notes=tuple(note(n) for n in range(1, 21))))
    waiting = (await keeper.read(ONE)).notes
    await asyncio.gather(*(keeper.delivered(ONE, one) for one in waiting))
    assert (await keeper.read(ONE)).notes == ()
    await place.close(keeper)


async def test_a_closed_keeper_keeps_nothing(place):
    keeper = await place.open()
    await place.close(keeper)
    with pytest.raises(KeeperUnavailable):
        await keeper.write(entry())


# -- on the disk ----------------------------------------------------------------------------------------------------


async def test_no_word_of_a_team_can_be_read_on_the_disk(sealed):
    keeper = await sealed.open()
    await keeper.write(entry(boards=(board(),), notes=(note(1, "canary-text"),)))
    await sealed.close(keeper)
    for file in sealed.folder.rglob("*"):
        if file.is_file():
            content = file.read_bytes()
            assert b"canary" not in content
            assert b"telegram" not in content


async def test_a_file_changed_in_one_bit_is_set_aside_and_others_work(sealed):
    keeper = await sealed.open()
    await keeper.write(entry())
    (file,) = sealed.files()
    await keeper.write(TeamEntry(full_team(OTHER), NOW))
    await sealed.close(keeper)
    content = bytearray(file.read_bytes())
    content[-3] ^= 1
    file.write_bytes(content)
    findings = {finding.verdict for finding in verify(sealed.folder, KeySource(beside(sealed.folder)))}
    assert findings == {Verdict.OK, Verdict.DAMAGED}
    keeper = await sealed.open()
    with pytest.raises(PageUnreadable):
        await keeper.read(ONE)
    with pytest.raises(PageUnreadable):
        await keeper.write(entry(turns=1))
    assert await keeper.read(OTHER)
    assert keeper.damaged == 1
    assert file.read_bytes() == bytes(content)
    await sealed.close(keeper)


async def test_a_file_that_is_gone_is_a_loss_and_never_an_empty_team(sealed):
    keeper = await sealed.open()
    await keeper.write(entry())
    sealed.files()[0].unlink()
    keeper._files.clear()
    with pytest.raises(PageUnreadable):
        await keeper.read(ONE)
    await sealed.close(keeper)


async def test_a_file_under_the_name_of_another_team_does_not_open(sealed):
    keeper = await sealed.open()
    await keeper.write(entry())
    (one,) = sealed.files()
    await keeper.write(TeamEntry(full_team(OTHER), NOW))
    await sealed.close(keeper)
    (other,) = set(sealed.files()) - {one}
    other.write_bytes(one.read_bytes())
    keeper = await sealed.open()
    with pytest.raises(PageUnreadable):
        await keeper.read(OTHER)
    await sealed.close(keeper)


@pytest.mark.parametrize("step", ["write", "rename", "flush_folder"])
async def test_a_write_that_fails_leaves_the_old_page_and_the_next_one_works(sealed, monkeypatch, step):
    keeper = await sealed.open()
    await keeper.write(entry())

    def broken(*_args, **_more):
        raise disk.FlushFailed(5, "broken") if step == "flush_folder" else OSError(28, "full")

    with monkeypatch.context() as patched:
        patched.setattr(disk, step, broken)
        with pytest.raises(NotFlushed if step == "flush_folder" else KeeperUnavailable):
            await keeper.write(entry(turns=2, boards=(board(),)))
    page = await keeper.read(ONE)
    await keeper.write(TeamEntry(replace(page.team, turns=page.team.turns + 1), NOW, notes=(note(9),)))
    await sealed.close(keeper)
    keeper = await sealed.open()
    assert [one.number for one in (await keeper.read(ONE)).notes] == [9]
    await sealed.close(keeper)


async def test_a_backup_holds_the_teams_and_a_team_erased_since_does_not_come_back(sealed, tmp_path):
    keeper = await sealed.open()
    await keeper.write(entry())
    await keeper.write(TeamEntry(full_team(OTHER), NOW))
    source = KeySource(beside(sealed.folder))
    back_up(sealed.folder, source, tmp_path / "backup.tar", lambda *_: None)
    await keeper.erase(OTHER)
    await sealed.close(keeper)
    restored = tmp_path / "restored"
    await asyncio.to_thread(restore, tmp_path / "backup.tar", restored, source, lambda *_: None)
    leaders = TinyDbKeeper(restored, source)
    again = SealedTeams(leaders.shelf)
    assert (await again.read(ONE)).team == full_team()
    assert await again.read(OTHER) is None
    await again.close()
    await leaders.close()


async def test_an_erased_team_whose_file_was_put_back_is_removed_at_the_next_start(sealed):
    keeper = await sealed.open()
    await keeper.write(entry())
    (file,) = sealed.files()
    content = file.read_bytes()
    await keeper.erase(ONE)
    file.write_bytes(content)
    await sealed.close(keeper)
    keeper = await sealed.open()
    assert await keeper.read(ONE) is None
    assert not file.exists()
    await sealed.close(keeper)


async def test_pages_of_the_formats_before_are_readable_and_a_team_nobody_looked_at_is_looked_at():
    document = write_page(with_entry(None, TeamEntry(replace(full_team(), due=None), NOW)))
    for name in ("unfinished", "brief", "heard", "expiry"):
        del document["team"][name]
    page = read_page({**document, "format": 2})
    assert (page.team.heard, page.team.expiry, page.team.unfinished, page.team.due) == (None, None, 0, page.team.begun)
    for name in ("told", "typed", "given", "theme", "series", "offered"):
        del document["team"][name]
    assert read_page({**document, "format": 1}).team.offered == ()


def left(team: Team) -> Team:
    return replace(forgotten(team, (), SANNE)[0], turns=team.turns + 1)


def everybody_restored(folder: Path, source: KeySource, backup: Path) -> TeamPage:
    restore(backup, folder, source, lambda *_: None)

    async def look() -> TeamPage:
        leaders = TinyDbKeeper(folder, source)
        keeper = SealedTeams(leaders.shelf)
        page = await keeper.read(ONE)
        await keeper.close()
        await leaders.close()
        return page

    return asyncio.run(look())


async def backed_up_and_left(sealed, tmp_path: Path) -> tuple[KeySource, Path]:
    """A backup of a team from before Sanne left it; she is on a closed board too."""
    keeper = await sealed.open()
    await keeper.write(entry(boards=(board(),)))
    source, backup = KeySource(beside(sealed.folder)), tmp_path / "backup.tar"
    back_up(sealed.folder, source, backup, lambda *_: None)
    team, boards = forgotten(full_team(turns=2), (board(),), SANNE)
    await keeper.write(TeamEntry(team, NOW, boards, anew=True))
    await sealed.close(keeper)
    return source, backup


async def test_avg_2_a_backup_from_before_somebody_left_does_not_bring_her_name_back(sealed, tmp_path):
    source, backup = await backed_up_and_left(sealed, tmp_path)
    page = await asyncio.to_thread(everybody_restored, tmp_path / "restored", source, backup)
    assert page.team.members == ()
    assert [one.name for one in (*page.team.actions, *page.team.waiting, *page.boards[0].lines)] == ["", "", ""]
    assert page.team.privates == ()
    assert page.boards[0].lead == ""


async def test_avg_2_known_bad_without_the_ledger_of_leavings_her_name_is_back(sealed, tmp_path, monkeypatch):
    source, backup = await backed_up_and_left(sealed, tmp_path)
    monkeypatch.setattr(Leavings, "applied", lambda *_: None)
    page = await asyncio.to_thread(everybody_restored, tmp_path / "restored", source, backup)
    assert [one.name for one in page.team.members] == ["S."]


async def test_whoever_left_and_joined_again_stays_after_a_restore(sealed, tmp_path):
    keeper = await sealed.open()
    await keeper.write(entry())
    await keeper.write(TeamEntry(left(full_team()), NOW))
    again = replace(full_team(turns=3), members=(replace(full_team().members[0], joined=NOW + timedelta(days=1)),))
    await keeper.write(TeamEntry(again, NOW))
    source, backup = KeySource(beside(sealed.folder)), tmp_path / "backup.tar"
    back_up(sealed.folder, source, backup, lambda *_: None)
    await sealed.close(keeper)
    page = await asyncio.to_thread(everybody_restored, tmp_path / "restored", source, backup)
    assert [one.name for one in page.team.members] == ["S."]


async def test_the_ledger_of_leavings_names_nobody(sealed, tmp_path):
    await backed_up_and_left(sealed, tmp_path)
    (file,) = (beside(sealed.folder) / "left").iterdir()
    assert file.read_bytes() == b""
    assert len(file.name) == 32
