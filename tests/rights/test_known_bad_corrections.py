"""Careless corrections, on which the tests of AVG-4 must fail."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dialogues.desk import Desk
from storage.in_memory import InMemoryKeeper
from tests.rights import test_rectifying as promises
from tests.rights.conftest import ANNE

pytestmark = pytest.mark.asyncio


def overwrite(desk, reflection, text):
    """Put the new text over the old."""
    desk.kept[reflection.id] = replace(reflection, text=text)


def add(desk, reflection, text):
    """Put the new text beside the old."""
    desk.kept[f"{reflection.id}0"] = replace(reflection, id=f"{reflection.id}0", text=text)


@pytest.mark.parametrize("careless", [overwrite, add])
async def test_avg_4_known_bad_a_correction_that_forgets_or_keeps_the_old_text_is_noticed(
    talking, monkeypatch, careless
):
    monkeypatch.setattr(Desk, "correct", careless)
    with pytest.raises((AssertionError, ValueError)):
        await promises.test_avg_4_the_new_text_counts_everywhere_and_the_old_one_is_history(talking, "command")


async def test_avg_4_known_bad_a_marked_sentence_that_stays_as_it_was_is_noticed(talking, monkeypatch):
    monkeypatch.setattr(Desk, "_requote", lambda desk, reflection: None)
    with pytest.raises(AssertionError):
        await promises.test_avg_4_a_marked_sentence_and_the_journey_it_began_follow(talking)


class OneForAll(InMemoryKeeper):
    """Gives everybody the journal of Anne."""

    async def read(self, leader):
        page, anne = await super().read(leader), await super().read(ANNE)
        return replace(page, journal=anne.journal) if page and anne else page


async def test_avg_4_known_bad_a_store_that_shows_somebody_else_what_was_corrected_is_noticed(talking):
    def careless():
        talk = talking()
        talk.keeper = OneForAll(talk.pages)
        talk.guide = talk.new_guide()
        return talk

    with pytest.raises(AssertionError):
        await promises.test_avg_4_nobody_else_sees_old_or_new(careless)
