"""DUR-1 for teams: whatever moment the machine stops at, a team's page is the old one or the new one and never half."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from dialogues.errors import DialogueError
from dialogues.team.ports import TeamEntry
from dialogues.team.rotation import forgotten
from dialogues.team.values import TeamId
from storage.in_tinydb import TinyDbKeeper
from storage.rotation import rotate
from storage.shelf import Shelf
from storage.team_file import ENDING, TeamFile, owner_of
from storage.team_page import with_entry, without_note
from storage.teams import SealedTeams
from tests.storage import crash_sweep
from tests.storage.crash_sweep import every_nth_of, every_state_recovered, recovered, source, without
from tests.storage.test_team_promises import NOW, SANNE, board, full_team, note

TEAMS = [TeamId("one"), TeamId("two")]
ACTS, SOME_ACTS = 120, 30
QUICK = 150


class Store:
    """The store under *root*, as the bot holds it: leaders and teams in one folder."""

    def __init__(self, root) -> None:
        self.leaders = TinyDbKeeper(root / "data", source(root))
        self.teams = SealedTeams(self.leaders.shelf)

    async def close(self) -> None:
        await self.teams.close()
        await self.leaders.close()


async def act(store, root, chance, pages):
    """Do one thing to the store and return (the store, the pages it should hold now, of which team that is promised)."""
    team = chance.choice(TEAMS)
    page = pages[team]
    kind = chance.choices(["write", "arrive", "leave", "erase", "rotate", "restart"], [55, 20, 10, 7, 3, 5])[0]
    if kind == "restart":
        await store.close()
        return Store(root), pages, None
    if kind == "rotate":
        rotate(root / "data", source(root), lambda *_: None)
        return store, pages, None
    if kind == "erase":
        await store.teams.erase(team)
        return store, {**pages, team: None}, team
    if kind == "arrive" and page and page.notes:
        number = chance.randrange(10**6)
        await store.teams.delivered(team, page.notes[0], number)
        return store, {**pages, team: without_note(page, page.notes[0], number)}, team
    turns = page.team.turns + 1 if page else 1
    if kind == "leave" and page and page.team.members:
        left, boards = forgotten(page.team, page.boards, SANNE)
        entry = TeamEntry(replace(left, turns=turns), NOW, boards, anew=True)
    else:
        text = chance.choice(["Kort.", "woorden " * 700])
        notes = (note(turns, text, chance.choice(["", "board.1"])),)
        entry = TeamEntry(full_team(team, turns), NOW, (board(f"2026-W{turns % 9 + 1:02}", text),), notes, f"u{turns}")
    await store.teams.write(entry)
    return store, {**pages, team: with_entry(page, entry)}, team


def lived(root, seed, monkeypatch, acts=ACTS):
    return crash_sweep.lived(root, seed, monkeypatch, TEAMS, Store, act, acts)


def fault_in(root, life, taken):
    """Open what is under *root* after *taken* steps of *life*, and return what is wrong with it, or None."""
    try:
        shelf = Shelf(root / "data", source(root))
        try:
            list(shelf.look())
            teams = SealedTeams(shelf)
            asyncio.run(teams.close())
            if teams.damaged:
                return "damaged"
            folder, keys = shelf.folder.leaders, shelf.keys
            for team in TEAMS:
                name = keys.name_of(owner_of(team))
                if TeamFile(folder, keys, name, expected=False).page not in life.may_be(taken, team):
                    return "lost or come back"
            standing = {keys.name_of(owner_of(team)) + ENDING for team in TEAMS}
            return "left over" if set(folder.names(ENDING)) - standing else None
        finally:
            shelf.close()
    except DialogueError as error:
        return type(error).__name__


def test_dur_1_some_states_of_the_life_of_teams_are_all_recovered(tmp_path, monkeypatch):
    life = lived(tmp_path, 1, monkeypatch, SOME_ACTS)
    count, faults = recovered(life, every_nth_of(life, QUICK), fault_in)
    assert count >= QUICK
    assert faults == {}


@pytest.mark.long
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_dur_1_every_state_of_the_life_of_teams_is_recovered(tmp_path, monkeypatch, capsys, seed):
    life = lived(tmp_path, seed, monkeypatch)
    count, faults = every_state_recovered(life, fault_in, f"teams, seed {seed}", capsys)
    assert count >= 1_000
    assert faults == {}


def test_dur_1_known_bad_without_flushing_the_file_of_a_team_the_same_states_are_damaged(tmp_path, monkeypatch):
    life = lived(tmp_path, 1, monkeypatch, SOME_ACTS)
    careless = without(life, lambda step: step[0] == "flush" and ENDING in step[1])
    _, faults = recovered(careless, every_nth_of(careless, QUICK), fault_in)
    assert sum(faults.values()) > QUICK // 10


def test_dur_1_known_bad_without_flushing_folders_the_same_states_lose_turns_of_teams(tmp_path, monkeypatch):
    life = lived(tmp_path, 1, monkeypatch, SOME_ACTS)
    careless = without(life, lambda step: step[0] == "flush" and (tmp_path / step[1]).is_dir())
    del careless.steps[120:]
    _, faults = recovered(careless, every_nth_of(careless, QUICK), fault_in)
    assert sum(faults.values()) > QUICK // 10
