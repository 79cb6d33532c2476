"""Bots in processes of their own, born quickly: each is a fork of one process that has everything read already."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from multiprocessing import get_context
from pathlib import Path
from socket import create_server

from tests.bot.fake_bot_api import TOKEN

NURSERY = get_context("forkserver")
NURSERY.set_forkserver_preload(["tests.reliability.newborn"])


class Life:
    """A process that runs the bot; *ended* is set when it is gone."""

    def __init__(self, process) -> None:
        self._process = process
        self.ended = asyncio.Event()
        asyncio.get_running_loop().add_reader(process.sentinel, self._end)

    def _end(self) -> None:
        asyncio.get_running_loop().remove_reader(self._process.sentinel)
        self.ended.set()

    async def end(self, *, kindly: bool = False) -> int:
        """End it by SIGKILL, or by SIGTERM when *kindly*, and return its exit code."""
        (self._process.terminate if kindly else self._process.kill)()
        await self.ended.wait()
        self._process.join()
        return self._process.exitcode


@asynccontextmanager
async def life(folder: Path, api: str, how: str = ""):
    """Have a bot live on the store in *folder*, careless in the way *how*; it is killed at the end if it still lives."""
    with create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    place = {
        "MINDSHIFT_DATA": str(folder),
        "MINDSHIFT_TELEGRAM_TOKEN": TOKEN,
        "MINDSHIFT_TELEGRAM_API": api,
        "MINDSHIFT_LISTEN": f"127.0.0.1:{port}",
    }
    process = NURSERY.Process(target=_live, args=(place, folder.parent / "log", how))
    process.start()
    lives = Life(process)
    try:
        yield lives
    finally:
        if not lives.ended.is_set():
            await lives.end()
        process.close()


def _live(*given) -> None:
    from tests.reliability import newborn  # noqa: PLC0415 (only the nursery has it read)

    newborn.live(*given)
