"""Bots in processes of their own, one after another, each a fork of one process that has everything read already."""

from __future__ import annotations

import asyncio
import json
import os
import signal
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from socket import create_server
from subprocess import PIPE, Popen
from sys import executable

from tests.bot.fake_bot_api import TOKEN

ROOT = Path(__file__).parents[2]


@dataclass
class Life:
    """A process that runs the bot. *code* is its exit code, once it is gone."""

    number: int
    code: asyncio.Task[int]

    async def end(self, *, kindly: bool = False) -> int:
        """End it by SIGKILL, or by SIGTERM when *kindly*, and return its exit code."""
        os.kill(self.number, signal.SIGTERM if kindly else signal.SIGKILL)
        return await self.code


class Nursery:
    """Where bots are born. Close it when done."""

    def __init__(self) -> None:
        self._nurse = Popen([executable, "-m", "tests.reliability.newborn"], cwd=ROOT, stdin=PIPE, stdout=PIPE)
        self._nurse.stdout.readline()

    def close(self) -> None:
        self._nurse.communicate()

    @asynccontextmanager
    async def life(self, folder: Path, api: str, how: str = "", token: str = TOKEN):
        """Have a bot live on the store in *folder*, careless in the way *how*; at the end it is killed if it lives."""
        with create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        place = {
            "MINDSHIFT_DATA": str(folder),
            "MINDSHIFT_TELEGRAM_TOKEN": token,
            "MINDSHIFT_TELEGRAM_API": api,
            "MINDSHIFT_LISTEN": f"127.0.0.1:{port}",
        }
        self._nurse.stdin.write(json.dumps([place, str(folder.parent / "log"), how]).encode() + b"\n")
        self._nurse.stdin.flush()
        life = Life(await self._number(), asyncio.create_task(self._number()))
        try:
            yield life
        finally:
            if not life.code.done():
                await life.end()

    async def _number(self) -> int:
        return int(await asyncio.to_thread(self._nurse.stdout.readline))
