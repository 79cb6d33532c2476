"""A team that sets itself up over the fake Bot API, and looks at what became of it."""

from __future__ import annotations

import asyncio

from tests.bot.group_scene import SANNE, Group


async def set_up(group: Group, language: str = "Nederlands") -> None:
    await group.adds_the_bot(SANNE)
    nl = language == "Nederlands"
    for label in (
        language,
        "di" if nl else "Tue",
        "8.30 uur" if nl else "8:30",
        "Zuid" if nl else "South",
        "Verder" if nl else "Go on",
        "Wie wil, anders om de beurt" if nl else "Who wants to, else in turn",
        "6",
        "Verder" if nl else "Go on",
    ):
        await group.has_button(label)
        await group.taps(SANNE, label)
    await group.has_button("Ik doe mee" if nl else "I join")


async def joined(group: Group, *people: int) -> None:
    for person in people:
        await group.api.until(lambda: not group.api.queries)
        query = await group.taps(person, "Ik doe mee")
        await group.api.until(lambda query=query: query in group.api.answered())


async def settled(teams) -> None:
    """Wait until every update is taken in, every tap answered and every outbox empty."""
    for _ in range(2):
        await teams.api.until(lambda: not teams.api.queries and not teams.api.updates)
        async with asyncio.timeout(6):
            while teams.team_keeper.waiting():  # noqa: ASYNC110 (no event)
                await asyncio.sleep(0.005)


async def began(teams, group, team_clock, at: str = "2026-10-06 08:30") -> None:
    team_clock.at(at)
    teams.naps.look_again()
    await group.has_button("Beginnen")


async def kept(teams):
    return await teams.team_keeper.read("team0")


def button(api, person: int, label: str) -> tuple[int, str]:
    return next(
        (values["message_id"], one["callback_data"])
        for values in reversed(api.sent(person))
        for row in values.get("reply_markup", {}).get("inline_keyboard", [])
        for one in row
        if one["text"] == label
    )


async def ended(teams) -> None:
    """Wait until a look is over, and what it gave is sent or refused."""
    rounds = teams.naps.rounds
    async with asyncio.timeout(10):
        while teams.naps.rounds == rounds:  # noqa: ASYNC110 (no event)
            await asyncio.sleep(0.002)
    await settled(teams)
