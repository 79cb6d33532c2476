"""The measurements measure what they say: real answers, real replies, and tables that end up in their place."""

from __future__ import annotations

import pytest

from benchmarks import path
from benchmarks.__main__ import DOCUMENT, MEASUREMENTS
from benchmarks.contestants import NAMES
from benchmarks.figures import Table, ratio, spread, write
from benchmarks.leaders import FIRST_PERSON, entry_of, hold_opening, script, updates
from benchmarks.path import Size
from dialogues.conversation import LeaderId


@pytest.mark.asyncio
async def test_every_answer_of_the_script_still_moves_the_conversation_and_gets_one_message():
    page = await hold_opening(20)  # raises when it does not
    assert (page.conversation.frame.route, page.conversation.frame.state) == ("contact", "question")
    assert len(page.journal) == 20


@pytest.mark.asyncio
async def test_every_made_up_leader_has_a_page_and_an_address_of_her_own():
    page = await hold_opening(1)
    entries = [entry_of(page, FIRST_PERSON + n) for n in range(3)]
    assert len({entry.conversation.leader for entry in entries}) == 3
    assert len({entry.conversation.address for entry in entries}) == 3
    assert all(entry.conversation.leader != LeaderId("") for entry in entries)


def test_all_leaders_answer_in_turn_and_no_update_has_the_number_of_another():
    brought = list(updates([7, 8], 100))
    assert [update.person for update in brought[:4]] == [7, 8, 7, 8]
    assert len({update.body for update in brought}) == len(brought) == 2 * len(script().answers)


@pytest.mark.parametrize("name", NAMES)
def test_each_bot_runs_confirms_and_answers_every_update(name, monkeypatch):
    monkeypatch.setattr(path, "NAMES", (name,))
    monkeypatch.setattr(path, "_BASE", name)
    monkeypatch.setattr(path, "QUICK", Size(leaders=12, warm_up=2, alone=2, together=8))
    alone, together = path.measure(1, lambda _: None, quick=True)
    for table in (alone, together):
        ((bot, rate, *_),) = table.rows
        assert bot == name
        assert float(rate.split()[0].replace(",", "")) > 0


def test_a_ratio_is_taken_within_each_round_and_not_between_medians():
    assert ratio([1.0, 20.0, 4.0], [1.0, 10.0, 1.0]) == "×2.00 [1.00..4.00]"
    assert spread([0.001, 0.003, 0.002], 1e3) == "2.00 [1.00..3.00]"


def test_a_table_takes_its_place_in_the_document_and_leaves_the_rest(tmp_path):
    document = tmp_path / "performance.md"
    document.write_text("before\n<!-- save -->\nold\n<!-- end of save -->\nafter\n")
    table = Table("save", ("a", "b"), [("1", "2")], "a note")
    for _ in range(2):
        write(table, document)
        assert document.read_text() == (
            "before\n<!-- save -->\n| a | b |\n| --- | --- |\n| 1 | 2 |\n\na note\n<!-- end of save -->\nafter\n"
        )
    with pytest.raises(ValueError, match="no place for turn"):
        write(Table("turn", (), (), ""), document)


def test_the_document_has_a_place_for_every_table_and_the_command_measures_what_is_named():
    text = DOCUMENT.read_text(encoding="utf-8")
    for name in ("path-1", "path-64", "stall", "save", "turn", "start", "dashboard"):
        assert f"<!-- {name} -->\n" in text
        assert f"<!-- end of {name} -->" in text
    assert set(MEASUREMENTS) == {"path", "stall", "save", "turn", "dashboard"}
