"""What the tests of the promises share. Figures that are measured are printed at the end of a run."""

from __future__ import annotations

import pytest

from tests.bot.conftest import _eventually, scene
from tests.reliability.air import Air
from tests.reliability.nursery import Nursery

__all__ = ["_eventually", "scene"]

SEEDS = (20261125, 113, 7)
"""Randomised tests run with each of these; the seed stands in the name of the test."""


@pytest.fixture
def air(monkeypatch) -> Air:
    """Every line of the bot leads through the air."""
    return Air().reached(monkeypatch)


@pytest.fixture(scope="session")
def nursery():
    """Where bots in processes of their own are born."""
    nursery = Nursery()
    yield nursery
    nursery.close()


@pytest.fixture(params=SEEDS, ids=lambda seed: f"seed {seed}")
def seed(request) -> int:
    return request.param


@pytest.fixture
def measured(record_property):
    """Note a figure, to be printed at the end of the run and copied into docs/reliability.md."""

    def note(promise: str, **figures: object) -> None:
        record_property("measured", f"{promise}: " + ", ".join(f"{name} {value}" for name, value in figures.items()))

    return note


@pytest.fixture
def progress(request):
    """Show how far a long test is: a line for each tenth, also when output is captured."""
    reporter = request.config.pluginmanager.getplugin("terminalreporter")
    capture = request.config.pluginmanager.getplugin("capturemanager")
    shown = 0

    def show(done: int, total: int) -> None:
        nonlocal shown
        tenth = done * 10 // total
        if tenth > shown and reporter and capture:
            shown = tenth
            with capture.global_and_fixture_disabled():
                reporter.write_line(f"{request.node.name}: {done} of {total}")

    return show
