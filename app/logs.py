"""
The log: one line of JSON per event on standard error, and never a word that somebody wrote.

Our own modules log ids, phases and keys through `structlog` or `logging`. Of anybody else's line only the fixed part
is kept, since the values in it may be a text, a chat or an address with the bot token. An error is logged as its kind
and its place, without its message.
"""

from __future__ import annotations

import logging
import sys
import traceback
from collections.abc import Iterable, MutableMapping
from types import TracebackType
from typing import Any

import structlog

from bot.redact import quieten, redacted

OURS = ("app", "bot", "content", "dashboard", "dialogues", "storage", "terminal")
_KEPT_OF_OTHERS = {"level", "logger", "timestamp", "exc_info", "_record", "_from_structlog"}
_REDACTED = "[redacted]"

Event = MutableMapping[str, Any]


def set_up(level: str, secrets: Iterable[str] = ()) -> None:
    """
    Send the log to standard error, from now on.

    Args:
        level: the least important level of our own lines, such as "INFO". Others' lines begin at "WARNING".
        secrets: what must never be in a line, such as the bot token.
    """
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.ExtraAdder(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[structlog.stdlib.filter_by_level, *shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                _only_the_fixed_part,
                _kind_and_place,
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                _Json(secrets),
            ],
        )
    )
    # A line that cannot be written would otherwise be printed with all its values.
    logging.raiseExceptions = False
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
    for name in OURS:
        logging.getLogger(name).setLevel(level)
    quieten()


class _Json:
    """Writes an event as one line, without the secrets."""

    def __init__(self, secrets: Iterable[str]) -> None:
        self._secrets = tuple(secret for secret in secrets if secret)
        self._write = structlog.processors.JSONRenderer(ensure_ascii=False)

    def __call__(self, logger: object, method: str, event: Event) -> str:
        line = str(self._write(logger, method, event))
        for secret in self._secrets:
            line = line.replace(secret, _REDACTED)
        return redacted(line)


def _only_the_fixed_part(_logger: object, _method: str, event: Event) -> Event:
    record: logging.LogRecord = event["_record"]
    if record.name.partition(".")[0] not in OURS:
        plain = {name: value for name, value in event.items() if name in _KEPT_OF_OTHERS}
        return plain | {"event": str(record.msg).partition("\n")[0]}
    return event


def _kind_and_place(_logger: object, _method: str, event: Event) -> Event:
    """Replace an exception by its kind, the kinds that caused it, and where it was raised."""
    given = event.pop("exc_info", None)
    event.pop("exception", None)
    event.pop("stack_info", None)
    error = sys.exc_info()[1] if given is True else given[1] if isinstance(given, tuple) else given
    if isinstance(error, BaseException):
        event["error"] = kinds(error)
        event["at"] = _place(error.__traceback__)
    return event


def kinds(error: BaseException) -> str:
    """Return what sort of error this is and what caused it, such as "KeeperUnavailable < OSError 28"."""
    found: list[str] = []
    current: BaseException | None = error
    while current is not None and len(found) < 8:  # noqa: PLR2004 - longer chains tell an operator nothing more
        number = f" {current.errno}" if isinstance(current, OSError) and current.errno else ""
        found.append(type(current).__name__ + number)
        current = current.__cause__ or current.__context__
    return " < ".join(found)


def _place(trace: TracebackType | None) -> list[str]:
    frames = traceback.extract_tb(trace)
    return [f"{frame.filename.rpartition('/')[2]}:{frame.lineno} {frame.name}" for frame in frames[-6:]]
