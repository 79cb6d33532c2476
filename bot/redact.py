"""
Keeps secrets out of the log.

The token stands in every address of the Bot API, so any library that logs an address logs the token. What we log
ourselves has no names, texts or chat ids to begin with.
"""

from __future__ import annotations

import logging
import re

TALKATIVE = ("telegram", "httpx", "httpcore", "uvicorn", "starlette", "asyncio")
"""Libraries that would log addresses, or what somebody wrote, below WARNING."""

_TOKEN = re.compile(r"\d{5,}(?::|%3A)[A-Za-z0-9_-]{20,}")
_INSTEAD = "[token]"
_plain = logging.Formatter()


class Redacting(logging.Filter):
    """
    Replaces anything that looks like a bot token. Put it on handlers: a filter on a logger does not see what its
    children log.

    A traceback is made into text here, so that nothing after this filter can print it unredacted.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        """Return True, always: the record stays, the token goes."""
        record.msg, record.args = redacted(record.getMessage()), None
        if record.exc_info:
            record.exc_text = record.exc_text or _plain.formatException(record.exc_info)
            record.exc_info = None
        if record.exc_text:
            record.exc_text = redacted(record.exc_text)
        if record.stack_info:
            record.stack_info = redacted(record.stack_info)
        return True


def redacted(text: str) -> str:
    """Return *text* without anything that looks like a bot token."""
    return _TOKEN.sub(_INSTEAD, text)


def quieten() -> None:
    """Let libraries log warnings and worse only, whatever the level of our own log."""
    for name in TALKATIVE:
        logging.getLogger(name).setLevel(logging.WARNING)
