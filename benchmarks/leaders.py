"""
Leaders in the middle of a conversation, and what they say next, as they would stand in a store after months of use.

One conversation is held for real, with the guide; all other leaders are copies of it under ids of their own, with
older reflections behind them.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.people import address_of, leader_of
from content.catalogue import Catalogue, load
from content.exporting import PageExporter
from content.matching import StemMatcher
from dialogues.conversation import Kind, LeaderId, Reflection
from dialogues.guide import Guide
from dialogues.ports import Entry, Keeper, Page
from storage.in_memory import InMemoryKeeper

FIRST_PERSON = 100_000
"""The lowest Telegram id of a made-up person; the others count on from there."""

STORE = "data"
"""The data folder inside a folder of ours; the keys of the store come beside it."""

_AT_ONCE = 32
ZONE = ZoneInfo("Europe/Amsterdam")
"""Where the made-up leaders live."""

_LINES = Path(__file__).with_name("conversation.txt")
_THOUGHT = (
    "Vandaag bij de koffie zei de intern begeleider dat de bouwen elkaar te weinig zien. Ik wilde meteen iets regelen, "
    "en heb dat niet gedaan. Het bleef even stil, en daarna kwam iemand zelf met een voorstel. Dat wil ik onthouden: "
    "wachten kost een minuut en levert soms een week op. Morgen vraag ik of ze het ook zo zag."
)


@dataclass(frozen=True, slots=True)
class Script:
    """What leads to the first question of a contact, and the answers after that."""

    opening: tuple[str, ...]
    answers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Update:
    """One answer of one person: *body* is the update as Telegram would bring it."""

    person: int
    body: bytes


def script() -> Script:
    """Return the conversation that everything here is measured with."""
    opening, answers = (
        tuple(line for line in part.splitlines() if line and not line.startswith("#"))
        for part in _LINES.read_text(encoding="utf-8").split("\n\n")
    )
    return Script(opening, answers)


def guide_on(keeper: Keeper, catalogue: Catalogue | None = None) -> Guide:
    """Return a guide with the real words and the real matching, that keeps its pages in *keeper*."""
    catalogue = catalogue or load(zone=ZONE)
    return Guide(
        repertoire=catalogue.repertoire,
        care=catalogue.care,
        keeper=keeper,
        words=catalogue,
        matcher=StemMatcher(catalogue),
        exporter=PageExporter(catalogue),
        zone=ZONE,
    )


async def hold_opening(reflections: int) -> Page:
    """
    Return the page of somebody who stands at the first question of a contact, with *reflections* older ones.

    Raises:
        RuntimeError: the words changed, and an answer of the script is not met with one message any more.
    """
    keeper, person, now = InMemoryKeeper(), FIRST_PERSON, datetime.now(UTC)
    guide, leader = guide_on(keeper), leader_of(FIRST_PERSON)
    lines = script()

    async def hear(text: str) -> int:
        reply = await guide.hear(leader, address_of(person), guide.read(text, "1"), now)
        for letter in reply.letters:
            await keeper.delivered(leader, letter.number)
        return len(reply.letters)

    for text in lines.opening:
        await hear(text)
    page = await keeper.read(leader)
    for text in lines.answers:
        if await hear(text) != 1:
            raise RuntimeError(
                f"not one message in answer to {text!r}; benchmarks/conversation.txt must follow the words"
            )
    if page is None:
        raise RuntimeError("nothing was kept of the conversation")
    return with_journal(page, reflections)


def with_journal(page: Page, reflections: int) -> Page:
    """Return *page* with this many reflections of about 500 bytes in its journal."""
    now = datetime.now(UTC)
    journal = tuple(
        Reflection(f"r{n}", Kind.THOUGHT, _THOUGHT, now - timedelta(days=reflections - n), source=str(n))
        for n in range(1, reflections + 1)
    )
    counted = {**page.conversation.counted, "r": reflections}
    return replace(page, conversation=replace(page.conversation, counted=counted), journal=journal)


def entry_of(page: Page, person: int) -> Entry:
    """Return what makes *page* the page of *person* when it is written."""
    conversation = replace(page.conversation, leader=LeaderId(leader_of(person)), address=address_of(person))
    return Entry(conversation, page.journal, at=datetime.now(UTC))


async def fill(keeper: Keeper, page: Page, persons: Sequence[int]) -> None:
    """Keep a copy of *page* for each of *persons*."""
    waiting = iter(persons)

    async def work() -> None:
        for person in waiting:
            await keeper.write(entry_of(page, person))

    await asyncio.gather(*(work() for _ in range(_AT_ONCE)))


def updates(persons: Sequence[int], first: int, answers: int | None = None) -> Iterator[Update]:
    """
    Return the answers of *persons*, all first ones, then all second ones and so on, as updates from number *first* on.

    Args:
        answers: how many of each person; by default all there are.
    """
    number = first
    for text in script().answers[:answers]:
        for person in persons:
            yield Update(person, _body(number, person, text))
            number += 1


def _body(number: int, person: int, text: str) -> bytes:
    chat = {"id": person, "type": "private", "first_name": "Anne", "username": "anne"}
    sender = {"id": person, "is_bot": False, "first_name": "Anne", "username": "anne", "language_code": "nl"}
    message = {"message_id": number, "date": 1_790_000_000, "chat": chat, "from": sender, "text": text}
    return json.dumps({"update_id": number, "message": message}, ensure_ascii=False).encode()
