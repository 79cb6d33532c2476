"""Anything, by anybody, in any order: nothing breaks, nothing is doubled, and a team can always go on."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

import pytest

from content.team_words import TeamVoice
from dialogues import conversation
from dialogues.conversation import LeaderId
from dialogues.team import session
from dialogues.team.guide import TeamGuide
from dialogues.team.heard import Added, Commanded, Gone, MadeAdmin, MovedTo, Removed, Replied, Tapped, Unreadable, Who
from dialogues.team.weeks import FINISHED
from storage.in_memory_teams import InMemoryTeams
from tests.team.play import ZONE, questions_of

TEXTS = (
    "", " ", "\x00\ud800", "{{7*7}} {% x %} ${y}", "\u202edraai", "🙂" * 400, "R. – iets – donderdag", "– –", "1 klaar",
    "99999999999999999999 weg", "=1+1", "zoek x", "zoek", "vorige", "\n\n", "actie a\ndoel b tot 3 mei\nniets", "8:45",
    "1 t/m 5 maart", "x" * 5000, "%s %d", "2", "tot 18 december", "leave", "succes zomaar", "plaatje", "leeg", "zorg iets",
)  # fmt: skip
COMMANDS = (
    "action", "goal", "success", "voice", "board", "session", "join", "leave", "remove", "settings", "start", "help",
    "worry", "care", "erase", "sheet", "theme", "lesson_study", *("session",) * 6, *("action",) * 4,
)  # fmt: skip
PEOPLE = ("s", "s", "s", "s", "j", "j", "r", "b", "x", "")
STEPS = 500


class Walk:
    def __init__(self, catalogue, voice, seed: int) -> None:
        self.chance = random.Random(seed)
        self.catalogue, self.voice = catalogue, voice
        self.pages: dict = {}
        self.now = datetime(2026, 9, 1, 6, 0, tzinfo=UTC)
        self.address = 0
        self.turns = 0
        self.walked: set[tuple[str, str, str]] = set()
        self.buttons: list[str] = ["join:join", "n1:begin", ":", "erasee1:erase_no"]

    def guide(self) -> TeamGuide:
        async def reach(member):
            return f"private:{member}" if member in ("s", "j") else ""

        return TeamGuide(
            keeper=InMemoryTeams(self.pages),
            words=self.voice,
            care=self.catalogue.care,
            school_year=self.catalogue.repertoire.school_year,
            zone=ZONE,
            questions=questions_of(self.catalogue),
            reach=reach,
            new_id=lambda: f"t{self.turns}",
            witness=lambda turn: self.walked.update(turn.walked),
        )

    async def set_up(self) -> None:
        """Have a team of four that agreed on everything, by the first button of every question."""
        await self.guide().hear("g0", Added(), Who(LeaderId("s"), "s"), self.now)
        for _ in range(9):
            await self.deliver(None)
            nonce, _, choice = self.buttons[-1].partition(":")
            await self.guide().hear("g0", Tapped(nonce, choice), Who(LeaderId("s"), "s"), self.now)
        await self.deliver(None)
        for who in ("j", "r", "b"):
            await self.guide().hear("g0", Tapped("join", "join"), Who(LeaderId(who), who), self.now)

    def anything(self):
        pick = self.chance.random()
        if pick < 0.6:
            nonce, _, choice = self.chance.choice(self.buttons[-self.chance.choice((4, 4, 4, 40)) :]).partition(":")
            return Tapped(nonce, "erase_no" if choice == "erase_yes" and self.turns % 4 else choice)
        if pick < 0.75:
            return Commanded(self.chance.choice(COMMANDS), self.chance.choice(TEXTS))
        if pick < 0.97:
            return Replied(self.chance.choice(TEXTS), str(self.chance.randrange(30)))
        return self.chance.choice(
            (
                Added(),
                Added(admin=True),
                Removed(),
                MadeAdmin(),
                Unreadable(),
                Gone(LeaderId(self.chance.choice(("x", "v", "b")))),
            )
        )

    async def step(self) -> None:
        self.turns += 1
        guide, keeper = self.guide(), InMemoryTeams(self.pages)
        pick, who = self.chance.random(), self.chance.choice(PEOPLE)
        replies = []
        if pick < 0.08:
            self.now += timedelta(hours=self.chance.choice((0.2, 0.2, 1, 3, 14, 40, 170)))
            await guide.come_due(self.now)
        elif pick < 0.2 and who:
            heard = self.privately()
            meant = guide.meant(LeaderId(who), heard, self.now)
            if meant is None:
                await guide.went_on(LeaderId(who), self.now)
            else:
                replies = await guide.hear_privately(LeaderId(who), f"private:{who}", meant, self.now)
        elif pick < 0.22:
            old, self.address = self.address, self.address + 1
            await guide.hear(f"g{old}", MovedTo(f"g{self.address}"), Who(LeaderId("")), self.now)
        else:
            heard = self.anything()
            replies = [await guide.hear(f"g{self.address}", heard, Who(LeaderId(who), who), self.now, language="nl")]
        for reply in replies:
            self.seen(() if reply.kept else reply.notes)
        await self.deliver(keeper)

    def privately(self) -> conversation.Heard:
        pick = self.chance.random()
        if pick < 0.4:
            nonce, _, choice = self.chance.choice(self.buttons[-12:]).partition(":")
            return conversation.Tapped(nonce, choice, "m")
        if pick < 0.7:
            return conversation.Commanded("board", self.chance.choice(TEXTS))
        return conversation.Said(self.chance.choice(TEXTS))

    async def deliver(self, _keeper) -> None:
        keeper = InMemoryTeams(self.pages)
        for team in keeper.waiting():
            page = await keeper.read(team)
            self.seen(page.notes)
            for number, note in enumerate(page.notes):
                await keeper.delivered(team, note, self.turns * 100 + number)

    def seen(self, notes) -> None:
        for note in notes:
            assert note.message.text.strip()
            assert "{{7*7}}" not in note.message.text or "49" not in note.message.text
            self.buttons += [one.data for row in note.message.rows for one in row]

    async def check(self) -> None:
        keeper = InMemoryTeams(self.pages)
        assert len(self.pages) <= 1
        for team in self.pages:
            page = await keeper.read(team)
            state = page.team.session.state if page.team.session else "closed"
            assert state in FINISHED or state in {arrow.source for arrow in session.ROUTE.arrows}
            assert len({member.name.casefold() for member in page.team.members}) == len(page.team.members)
            assert sum(goal.ended is None for goal in page.team.goals) <= 3
            weeks = [board.week for board in page.boards]
            assert len(weeks) == len(set(weeks))
            ids = [one.id for one in (*page.team.actions, *page.team.goals)]
            assert len(ids) == len(set(ids))


@pytest.mark.asyncio
@pytest.mark.parametrize("seed", [1, 2, 3])
async def test_whatever_is_done_in_whatever_order_nothing_breaks(catalogue, matcher, seed):
    walk = Walk(catalogue, TeamVoice(catalogue, matcher), seed)
    await walk.set_up()
    for _ in range(STEPS):
        await walk.step()
        await walk.check()
    assert {"set", "cancel"} & {move for _, _, move in walk.walked}
