"""
A bot in a process of its own, on the real store, with the small guide of `tests/bot/fake_guide.py`.

    python -m tests.reliability.child FOLDER API HOW

HOW is ``ours``, ``abrupt`` (ours, but stopping without any patience) or ``stock`` (python-telegram-bot's own loop, with
a handler that keeps and answers in the same way). Each turn takes a moment, so that updates have to wait.
"""

from __future__ import annotations

import asyncio
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from telegram import Update
from telegram.ext import ApplicationBuilder, ContextTypes, MessageHandler, filters

import bot.run
from bot.hear import address_of, leader_of
from bot.run import Parts, run_bot
from storage.in_tinydb import TinyDbKeeper
from tests.bot.fake_bot_api import TOKEN
from tests.bot.fake_guide import FakeGuide, FakeReply

MOMENT = 0.03


@dataclass
class SlowGuide(FakeGuide):
    """A guide that takes a moment for each turn."""

    async def hear(self, *given, **more) -> FakeReply:
        await asyncio.sleep(MOMENT)
        return await super().hear(*given, **more)


async def ours(keeper: TinyDbKeeper, api: str) -> None:
    async def well() -> bool:
        return True

    parts = Parts(SlowGuide(keeper), keeper, lambda: datetime.now(UTC), str, {}, well)
    await run_bot(parts, token=TOKEN, api=api)
    await keeper.close()


def stock(keeper: TinyDbKeeper, api: str) -> None:
    guide = SlowGuide(keeper)

    async def handle(update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        person, message = update.effective_user.id, update.effective_message
        heard = guide.read(message.text, str(message.message_id))
        reply = await guide.hear(leader_of(person), address_of(person), heard, datetime.now(UTC), str(update.update_id))
        for letter in reply.letters:
            await message.reply_text(letter.message.text)

    application = ApplicationBuilder().token(TOKEN).base_url(f"{api}/bot").build()
    application.add_handler(MessageHandler(filters.TEXT, handle))
    application.run_polling(timeout=1, bootstrap_retries=0)


def main() -> None:
    folder, api, how = sys.argv[1:]
    keeper = TinyDbKeeper(Path(folder))
    if how == "stock":
        stock(keeper, api)
        return
    if how == "abrupt":
        bot.run.GRACE = 0.0
    asyncio.run(ours(keeper, api))


if __name__ == "__main__":
    main()
