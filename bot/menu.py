"""
Commands and descriptions as Telegram shows them, per language.

The words come from the content, ready to show. Only what differs is set: Telegram allows such changes sparingly.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import dataclass

from telegram import Bot, BotCommand, BotCommandScopeAllGroupChats
from telegram.error import TelegramError

from bot.line import SlowDown
from bot.patience import pause
from bot.ports import Sleep

log = logging.getLogger(__name__)

TRIES = 5


@dataclass(frozen=True, slots=True)
class Menu:
    """
    What Telegram shows in one language: *commands* with what they do, the text on an empty chat (*about*, at most 512
    characters) and the text on the bot's page (*short*, at most 120).
    """

    commands: tuple[tuple[str, str], ...]
    about: str = ""
    short: str = ""


async def set_menu(bot: Bot, menus: Mapping[str, Menu], sleep: Sleep = asyncio.sleep, *, groups: bool = False) -> None:
    """Show *menus*, by language code ("" for all others), or commands in *groups*. Never raises: the bot works without."""
    for language, menu in menus.items():
        for tries in range(1, TRIES + 1):
            try:
                await (_show_in_groups(bot, language, menu) if groups else _show(bot, language, menu))
                break
            except SlowDown as asked:
                await sleep(asked.seconds)
            except TelegramError as trouble:
                log.warning("The menu could not be set: %s", type(trouble).__name__)
                await sleep(pause(tries))


async def _show_in_groups(bot: Bot, language: str, menu: Menu) -> None:
    wanted, scope = (
        tuple(BotCommand(command, words) for command, words in menu.commands),
        BotCommandScopeAllGroupChats(),
    )
    if await bot.get_my_commands(scope, language_code=language) != wanted:
        await bot.set_my_commands(wanted, scope, language_code=language)


async def _show(bot: Bot, language: str, menu: Menu) -> None:
    wanted = tuple(BotCommand(command, words) for command, words in menu.commands)
    if await bot.get_my_commands(language_code=language) != wanted:
        await bot.set_my_commands(wanted, language_code=language)
    if (await bot.get_my_description(language_code=language)).description != menu.about:
        await bot.set_my_description(menu.about, language_code=language)
    if (await bot.get_my_short_description(language_code=language)).short_description != menu.short:
        await bot.set_my_short_description(menu.short, language_code=language)
