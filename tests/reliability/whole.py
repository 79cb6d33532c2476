"""The whole bot but its sockets: the real reception, postman, guide and words, through the air, in virtual time."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count
from typing import Any

from bot.hear import leader_of
from bot.line import Line
from bot.postman import Postman
from bot.reception import Reception
from content.catalogue import Catalogue
from content.matching import StemMatcher
from dialogues.conversation import Conversation
from dialogues.ports import Keeper, Page
from tests.bot.fake_bot_api import TOKEN, message, tap
from tests.reliability import virtual
from tests.reliability.air import Air
from tests.reliability.guides import guide_on

ANNE = 77_665_544_332


@dataclass
class Whole:
    """A bot at work. Make one with `working`."""

    air: Air
    keeper: Keeper
    catalogue: Catalogue
    matcher: StemMatcher
    start: datetime = virtual.TUESDAY
    numbers: Any = field(default_factory=lambda: count(1).__next__)

    def __post_init__(self) -> None:
        self.now = virtual.clock(self.start)
        self.guide = guide_on(self.keeper, self.catalogue, self.matcher)
        self.line = Line(TOKEN, "https://api.example.org")
        self.postman = Postman(self.line.bot, self.keeper, self.guide, self.now)
        self.reception = Reception(self.line.bot, self.guide, self.postman, "alleen privé {}".format, self.now)

    async def take(self, kind: str, content: dict[str, Any], number: int | None = None) -> None:
        """Take one update in; return when its turn is kept."""
        number = self.numbers() if number is None else number
        await self.reception.take({"update_id": number, kind: content}, insist=True)

    async def says(self, text: str, person: int = ANNE, **more: Any) -> int:
        """Have *person* say something, let the answer arrive, and return the number of the message."""
        number = self.air.ids()
        await self.take("message", message(number, person, text=text, **more))
        await self.rest()
        return number

    async def taps(self, label: str, person: int = ANNE) -> None:
        """Have *person* tap a button of the newest message that has it."""
        under, data = next((under, data) for under, words, data in reversed(self.buttons(person)) if words == label)
        await self.taps_data(data, under, person)

    async def taps_data(self, data: str, under: int, person: int = ANNE) -> str:
        """Have *person* send *data* as if it were a button under message *under*, and return the number of the tap."""
        query = f"q{self.air.ids()}"
        self.air.queries.add(query)
        await self.take("callback_query", tap(query, person, under, data))
        await self.rest()
        return query

    async def held(self, *lines: str, person: int = ANNE) -> None:
        """Hold a conversation: lines in brackets are tapped, others said."""
        for line in lines:
            await (self.taps(line[1:-1], person) if line.startswith("[") else self.says(line, person))

    async def rest(self) -> None:
        """Let everything that is on its way arrive."""
        await asyncio.sleep(3)

    def buttons(self, person: int = ANNE) -> list[tuple[int, str, str]]:
        """Return every button *person* was ever sent, as (message, words, data)."""
        return [
            (values["message_id"], button["text"], button["callback_data"])
            for values in self.air.sent(person)
            for row in values.get("reply_markup", {}).get("inline_keyboard", [])
            for button in row
        ]

    async def page(self, person: int = ANNE) -> Page:
        page = await self.keeper.read(leader_of(person))
        assert page is not None
        return page

    async def at(self, person: int = ANNE) -> str:
        conversation = (await self.page(person)).conversation
        return place(conversation)


def place(conversation: Conversation) -> str:
    return f"{conversation.frame.route}.{conversation.frame.state}"


TO_CONTACT = (
    "hallo",
    "[Nederlands]",
    "[Akkoord]",
    "Ik zie op tegen lesbezoek",
    "[Begin een traject]",
    "[Mijn eigen denken]",
    "zelf uitleggen",
    "eerst vragen",
    "[Ja, zo is het]",
    "[Ja, ik wil]",
    "[Ja]",
    "[Te spannend]",
    "[Klopt]",
)
"""From the first word to the first question of a phase, which is open and wants words."""


@asynccontextmanager
async def working(
    air: Air, keeper: Keeper, catalogue: Catalogue, matcher: StemMatcher, start: datetime = virtual.TUESDAY
) -> AsyncIterator[Whole]:
    whole = Whole(air, keeper, catalogue, matcher, start)
    await whole.line.bot.get_me()
    try:
        yield whole
    finally:
        await whole.postman.close(1)
        await whole.line.close()
