"""
Keeps secrets out of the log.

The token stands in every address of the Bot API, so any library that logs an address logs the token. What we log
ourselves has no names, texts or chat ids to begin with. How lines are written, and that they pass through here, is the
business of `app/logs.py`.
"""

from __future__ import annotations

import logging
import re

TALKATIVE = ("telegram", "httpx", "httpcore", "uvicorn", "starlette", "asyncio")
"""Libraries that would log addresses, or what somebody wrote, below WARNING."""

_TOKEN = re.compile(r"\d{5,}(?::|%3A)[A-Za-z0-9_-]{20,}")


def redacted(text: str) -> str:
    """Return *text* without anything that looks like a bot token."""
    return _TOKEN.sub("[token]", text)


def quieten() -> None:
    """Let libraries log warnings and worse only, whatever the level of our own log."""
    for name in TALKATIVE:
        logging.getLogger(name).setLevel(logging.WARNING)
