"""A leader who talks with the real guide, in its real words, on a store that can be looked into."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from content.catalogue import Catalogue
from content.exporting import PageExporter
from content.matching import StemMatcher
from dialogues.conversation import Edited, Heard, LeaderId, Tapped
from dialogues.guide import Guide
from dialogues.keeping import Reply
from dialogues.ports import Keeper, Letter, Page
from storage.in_memory import InMemoryKeeper

ZONE = ZoneInfo("Europe/Amsterdam")
BEGIN = datetime(2026, 12, 1, 7, 0, tzinfo=UTC)
ANNE = LeaderId("anne")


@dataclass
class Talk:
    """The guide, one clock, and any number of leaders. *pages* is what the store holds, as text."""

    catalogue: Catalogue
    matcher: StemMatcher
    months: int
    now: datetime = BEGIN
    pages: dict[LeaderId, str] = field(default_factory=dict)
    said: int = 0

    def __post_init__(self) -> None:
        self.keeper: Keeper = InMemoryKeeper(self.pages)
        self.guide = self.new_guide()

    def new_guide(self) -> Guide:
        """Return a guide as after a restart."""
        return Guide(
            repertoire=self.catalogue.repertoire,
            care=self.catalogue.care,
            keeper=self.keeper,
            words=self.catalogue,
            matcher=self.matcher,
            exporter=PageExporter(self.catalogue),
            zone=ZONE,
            months=self.months,
        )

    async def hear(self, heard: Heard, leader: LeaderId = ANNE) -> Reply:
        """Take one turn, and send what it gave."""
        reply = await self.guide.hear(leader, f"telegram:{leader}", heard, self.now, language="nl")
        await self.send(leader)
        return reply

    async def say(self, *texts: str, leader: LeaderId = ANNE) -> Reply:
        """Type texts, one after another; the nth message is called ``mn``."""
        reply = Reply()
        for text in texts:
            self.said += 1
            reply = await self.hear(self.guide.read(text, f"m{self.said}"), leader)
        return reply

    async def tap(self, choice: str, leader: LeaderId = ANNE) -> Reply:
        """Tap a button of the open question."""
        page = await self.page(leader)
        return await self.hear(Tapped(page.conversation.frame.nonce, choice), leader)

    async def edit(self, number: int, text: str) -> Reply:
        """Edit the nth text."""
        return await self.hear(Edited(text, f"m{number}"))

    async def met(self, leader: LeaderId = ANNE) -> None:
        """Meet the guide and agree."""
        await self.say("hallo", "Nederlands", "akkoord", leader=leader)

    async def page(self, leader: LeaderId = ANNE) -> Page:
        """Return what is kept, which must be something."""
        page = await self.keeper.read(leader)
        assert page is not None
        return page

    async def letters(self, leader: LeaderId = ANNE) -> tuple[Letter, ...]:
        """Return what waits to be sent."""
        page = await self.keeper.read(leader)
        return page.letters if page else ()

    async def send(self, leader: LeaderId = ANNE) -> None:
        """Have every waiting letter arrive."""
        for letter in await self.letters(leader):
            await self.keeper.delivered(leader, letter.number)

    def wait(self, **time: float) -> None:
        """Let time pass; nothing comes due by itself."""
        self.now += timedelta(**time)


@pytest.fixture
def talking(catalogue: Catalogue, matcher: StemMatcher) -> Callable[..., Talk]:
    """Return how to begin to talk with a guide that keeps pages for so many months."""
    return lambda months=24: Talk(catalogue, matcher, months)
