"""The real guide of teams with its real words and store, for tests over the fake Bot API."""

from __future__ import annotations

from contextlib import asynccontextmanager
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from bot.run import Teams
from content.boards import PaperBoards
from content.calendar_files import free_words, read_calendar
from content.drawing import SvgPainter
from content.team_words import TeamVoice
from dialogues.team.guide import TeamGuide
from storage.in_tinydb import TinyDbKeeper
from storage.teams import SealedTeams
from tests.team.play import questions_of

ZONE = ZoneInfo("Europe/Amsterdam")
BEGIN = datetime(2026, 10, 1, 6, 0, tzinfo=UTC)  # a Thursday


class Clock:
    def __init__(self) -> None:
        self.now = BEGIN

    def __call__(self) -> datetime:
        return self.now

    def at(self, local: str) -> None:
        self.now = datetime.fromisoformat(local).replace(tzinfo=ZONE).astimezone(UTC)


@asynccontextmanager
async def with_teams(scene, folder, catalogue, matcher, clock):
    """Give *scene* teams; who can be reached privately stands in its *reachable*."""
    leaders = TinyDbKeeper(folder / "store")
    keeper = SealedTeams(leaders.shelf)
    voice = TeamVoice(catalogue, matcher)
    reachable: dict[str, str] = {}
    ids = iter(range(100))

    async def reach(member):
        return reachable.get(member, "")

    guide = TeamGuide(
        keeper=keeper,
        words=voice,
        care=catalogue.care,
        school_year=catalogue.repertoire.school_year,
        zone=ZONE,
        questions=questions_of(catalogue),
        reach=reach,
        new_id=lambda: f"team{next(ids)}",
        read_calendar=lambda data, today: read_calendar(data, today, ZONE, free_words()),
        painter=SvgPainter(catalogue),
        printer=PaperBoards(catalogue),
    )
    scene.teams = Teams(guide, keeper, {})
    scene.now = clock
    scene.team_keeper, scene.reachable = keeper, reachable
    yield scene
    await keeper.close()
    await leaders.close()
