"""The log: one line of JSON per event, and never what somebody wrote."""

import io
import json
import logging
import sys

import pytest
import structlog

from app.logs import OURS, kinds, set_up

TOKEN = "123456789:AAcanary-canary-canary-canary-canary"
OTHERS = ("httpx", "telegram.ext", "asyncio", "some.library")


@pytest.fixture
def lines(monkeypatch):
    root = logging.getLogger()
    handlers, level, raising = root.handlers[:], root.level, logging.raiseExceptions
    levels = {name: logging.getLogger(name).level for name in (*OURS, *OTHERS, "telegram", "httpcore", "uvicorn")}
    written = io.StringIO()
    monkeypatch.setattr(sys, "stderr", written)
    set_up("DEBUG", [TOKEN, "hook-secret"])
    yield lambda: [json.loads(line) for line in written.getvalue().splitlines()]
    root.handlers[:] = handlers
    root.setLevel(level)
    logging.raiseExceptions = raising
    for name, before in levels.items():
        logging.getLogger(name).setLevel(before)
    structlog.reset_defaults()


def test_our_lines_are_json_with_level_logger_and_time(lines):
    logging.getLogger("bot.polling").info("update %s set aside", 42)
    structlog.get_logger("storage.in_tinydb").debug("opened", leaders=3)
    first, second = lines()
    assert (first["event"], first["level"], first["logger"]) == ("update 42 set aside", "info", "bot.polling")
    assert (second["event"], second["leaders"], second["timestamp"][-1]) == ("opened", 3, "Z")


def test_the_token_and_the_secret_never_reach_a_line(lines):
    logging.getLogger("bot").warning("GET /bot%s/getMe with %s", TOKEN, "hook-secret")
    logging.getLogger("bot").warning("another bot 987654321:%s", "B" * 35)
    assert "canary" not in str(lines())
    assert "hook-secret" not in str(lines())
    assert "BBB" not in str(lines())


@pytest.mark.parametrize("name", OTHERS)
def test_others_are_silent_below_warning_and_lose_their_values_above(lines, name):
    logging.getLogger(name).info("canary %s", TOKEN)
    logging.getLogger(name).debug("canary")
    assert lines() == []
    logging.getLogger(name).error("could not send %r\ncanary of a second line", "canary", extra={"more": "canary"})
    assert [line["event"] for line in lines()] == ["could not send %r"]
    assert "canary" not in str(lines())


def test_an_error_is_logged_as_its_kind_and_place_without_its_message(lines):
    try:
        try:
            raise OSError(28, "canary")
        except OSError as error:
            raise ValueError("canary") from error
    except ValueError:
        logging.getLogger("bot").exception("a turn failed")
        structlog.get_logger("bot").error("and again", exc_info=True)
    for line in lines():
        assert line["error"] == "ValueError < OSError 28"
        assert line["at"][-1].startswith("test_logs.py:")
    assert len(lines()) == 2
    assert "canary" not in str(lines())


def test_a_line_that_cannot_be_written_is_dropped_without_its_values(lines):
    logging.getLogger("bot").warning("%d", "canary")
    assert lines() == []


def test_the_kinds_of_a_circular_chain_come_to_an_end():
    first, second = ValueError(), KeyError()
    first.__cause__, second.__cause__ = second, first
    assert kinds(first).count("<") == 7
