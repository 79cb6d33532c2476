"""
SEC-8: the token of the bot leaked, and the operator gets a new one. The drill stands in docs/leaked-token.md.

The bot is the real process over real HTTP; what @BotFather does is that the Bot API knows only the new token.
"""

from __future__ import annotations

import asyncio

import pytest

from storage.backup import back_up
from storage.master_keys import KeySource, beside
from tests.bot import fake_bot_api
from tests.bot.fake_bot_api import TOKEN, FakeBotApi
from tests.reliability.street import HANGING
from tests.storage.canaries import found_in

NEW = "987654321:NEWnewNEWnewNEWnewNEWnewNEWnewNEWnew"
ANNE = 4711
THOUGHT = "Ik zie op tegen lesbezoek"
TALK = (
    ("hallo", "English"),
    ("Nederlands", "akkoord"),
    ("akkoord", "kies hieronder"),
    (f"/gedachte {THOUGHT}", "Wat wil je ermee"),
    ("Bewaren", "Bewaard als r1"),
)
"""What Anne says, and what she waits for."""


async def reads(api: FakeBotApi, words: str, after: int = 0) -> None:
    """Wait until Anne reads *words* in a message *after* the first so many."""
    await api.until(lambda: any(words in text for text in api.texts(ANNE)[after:]), within=HANGING)


def held(folder) -> list[str]:
    """Return which parts of a token, old or new, stand in the files under *folder*, in any form."""
    return found_in([folder], [part for token in (TOKEN, NEW) for part in (token, token.partition(":")[2])])


@pytest.mark.asyncio
async def test_sec_8_with_a_new_token_the_bot_goes_on_with_everything_and_the_old_one_stands_nowhere(
    nursery, tmp_path, monkeypatch, measured
):
    folder, api = tmp_path / "store", FakeBotApi()
    async with api.opened():
        async with nursery.life(folder, api.address) as lives:
            for text, answer in TALK:
                await api.says(ANNE, text)
                await reads(api, answer)
            back_up(folder, KeySource(beside(folder)), tmp_path / "backup.tar", lambda done, total: None)
            monkeypatch.setattr(fake_bot_api, "TOKEN", NEW)
            # This one is still brought by the poll that is open, kept, and can no longer be answered.
            await api.says(ANNE, "/gedachte net ervoor")
            assert await lives.code == 1
        read = len(api.texts(ANNE))
        assert "net ervoor" not in api.texts(ANNE)[-1]
        await api.says(ANNE, "/gedachte net erna")
        begun = asyncio.get_running_loop().time()
        async with nursery.life(folder, api.address, token=NEW) as lives:
            await reads(api, "net ervoor", read)
            await reads(api, "net erna", read)
            took = asyncio.get_running_loop().time() - begun
            await api.says(ANNE, "/toon r1")
            await reads(api, THOUGHT, read)
            assert await lives.end(kindly=True) == 0
    assert "Telegram refused the bot token." in (tmp_path / "log").read_text()
    assert held(tmp_path) == []
    measured("SEC-8", lost=0, seconds_until_answered=round(took, 1), old_token_found=0)


def test_sec_8_known_bad_a_bot_that_keeps_its_token_beside_its_data_is_noticed(tmp_path):
    (tmp_path / "settings.json").write_text(f'{{"token": "{TOKEN}"}}')
    assert held(tmp_path)
