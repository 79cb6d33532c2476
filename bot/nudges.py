"""
Looks every so often whether a moment came due, such as asking what became of a plan.

When something is due is the guide's business, and so is silence in the evening. This loop only asks, and sends the
postman round; it goes on whatever happens, since reminders that stop unnoticed are missed by nobody.
"""

from __future__ import annotations

import asyncio
import logging

from bot.groups import Groups
from bot.ports import Clock, Guide, Sleep
from bot.postman import Postman
from bot.pulse import Pulse
from dialogues.coach_chat import Count

log = logging.getLogger(__name__)

EVERY = 20.0
"""Seconds between two looks."""


async def nudge(
    guide: Guide,
    postman: Postman,
    now: Clock,
    sleep: Sleep = asyncio.sleep,
    pulse: Pulse | None = None,
    count: Count | None = None,
    groups: Groups | None = None,
) -> None:
    """
    Look for ever; the first time at once, which also sends what was waiting when the bot last stopped.

    With *count*, which gives how many pieces are new to a coach, coaches are told too when their moment came.
    """
    pulse = pulse or Pulse()

    async def tell() -> None:
        if count:
            await guide.tell_coaches(count, now())

    while True:
        for look in (lambda: guide.come_due(now()), tell, postman.wake_waiting, *((groups.look,) if groups else ())):
            pulse.beat("moments")
            try:
                await look()
            except Exception as fault:  # noqa: BLE001 (the loop has to go on)
                log.error("Looking for what is due failed: %s", type(fault).__name__)  # noqa: TRY400 (content-free)
        await sleep(EVERY)
