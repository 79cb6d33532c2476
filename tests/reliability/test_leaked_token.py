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


async def says(api: FakeBotApi, *texts: str) -> None:
    """Have Anne say *texts*, each when the one before is answered."""
    for text in texts:
        count = len(api.texts(ANNE))
        await api.says(ANNE, text)
        await api.until(lambda count=count: len(api.texts(ANNE)) > count, within=HANGING)


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
            await says(api, "hallo", "Nederlands", "akkoord", f"/gedachte {THOUGHT}", "Bewaren")
            back_up(folder, KeySource(beside(folder)), tmp_path / "backup.tar", lambda done, total: None)
            monkeypatch.setattr(fake_bot_api, "TOKEN", NEW)
            answers = len(api.texts(ANNE))
            # This one is still brought by the poll that is open, kept, and can no longer be answered.
            await api.says(ANNE, "/gedachte net voor het nieuwe token")
            assert await lives.code == 1
            assert len(api.texts(ANNE)) == answers
        await api.says(ANNE, "/gedachte net daarna")
        begun = asyncio.get_running_loop().time()
        async with nursery.life(folder, api.address, token=NEW) as lives:
            await api.until(lambda: len(api.texts(ANNE)) >= answers + 2, within=HANGING)
            took = asyncio.get_running_loop().time() - begun
            before, after = api.texts(ANNE)[-2:]
            assert "net voor het nieuwe token" in before
            assert "net daarna" in after
            await api.says(ANNE, "/toon r1")
            await api.until(lambda: any(THOUGHT in text for text in api.texts(ANNE)[answers:]), within=HANGING)
            assert await lives.end(kindly=True) == 0
    assert "Telegram refused the bot token." in (tmp_path / "log").read_text()
    assert held(tmp_path) == []
    measured("SEC-8", lost=0, seconds_until_answered=round(took, 1), old_token_found=0)


def test_sec_8_known_bad_a_bot_that_keeps_its_token_beside_its_data_is_noticed(tmp_path):
    (tmp_path / "settings.json").write_text(f'{{"token": "{TOKEN}"}}')
    assert held(tmp_path)
