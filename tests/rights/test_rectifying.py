"""AVG-4: a leader corrects what she wrote; what it said before is kept for her alone."""

from __future__ import annotations

import json

import pytest

from content.exporting import PageExporter
from dialogues.conversation import LeaderId
from tests.rights.conftest import ANNE

OLD, NEW = "Ik zie op tegen lesbezoek bij oudwoord.", "Ik zie uit naar lesbezoek bij nieuwwoord."
OTHER = LeaderId("berend")


async def corrected(talk, how):
    await talk.met()
    await talk.say(f"/gedachte {OLD}", "Bewaren")
    if how == "command":
        return await talk.say(f"/verbeter r1 {NEW}")
    return await talk.edit(talk.said - 1, f"/gedachte {NEW}" if how == "edited command" else NEW)


@pytest.mark.asyncio
@pytest.mark.parametrize("how", ["command", "edit"])
async def test_avg_4_the_new_text_counts_everywhere_and_the_old_one_is_history(talking, how):
    talk = talking()
    await corrected(talk, how)
    (kept,) = [kept for kept in (await talk.page()).journal if kept.id == "r1"]
    assert (kept.text, [before.text for before in kept.history]) == (NEW, [OLD])
    assert kept.history[0].until == talk.now
    # The old words stand in the history of this reflection, and nowhere else in the store.
    assert talk.pages[ANNE].count("oudwoord") == 1
    assert OLD not in "".join(letter.message.text for letter in (await talk.say("/zoek oudwoord")).letters)
    assert NEW in "".join(letter.message.text for letter in (await talk.say("/laatste")).letters)


@pytest.mark.asyncio
async def test_avg_4_she_sees_what_it_said_before_and_takes_it_along(talking):
    talk = talking()
    await corrected(talk, "command")
    assert OLD in "".join(letter.message.text for letter in (await talk.say("/toon r1")).letters)
    exporter, page = PageExporter(talk.catalogue), await talk.page()
    (kept,) = [kept for kept in json.loads(exporter.export(page, "nl", "json"))["journal"] if kept["id"] == "r1"]
    assert [before["text"] for before in kept["history"]] == [OLD]
    assert f"Eerder: {OLD}" in exporter.export(page, "nl", "md")


@pytest.mark.asyncio
async def test_avg_4_nobody_else_sees_old_or_new(talking):
    talk = talking()
    await corrected(talk, "command")
    await talk.met(OTHER)
    for words in ("/toon r1", "/laatste", "/zoek lesbezoek", "/overzicht", "/mijndata", "/delen", "/verbeter r1 iets"):
        reply = await talk.say(words, leader=OTHER)
        shown = "".join(letter.message.text + letter.body for letter in reply.letters)
        assert "oudwoord" not in shown
        assert "nieuwwoord" not in shown
    assert "woord" not in talk.pages[OTHER]
    (kept,) = [kept for kept in (await talk.page()).journal if kept.id == "r1"]
    assert kept.text == NEW


@pytest.mark.asyncio
async def test_avg_4_a_marked_sentence_and_the_journey_it_began_follow(talking):
    talk = talking()
    await talk.met()
    await talk.say("/nieuw", "Mijn eigen denken", "oudwoord")
    await talk.edit(talk.said, "nieuwwoord")
    assert "oudwoord" not in str((await talk.page()).conversation)
    await talk.say("/gedachte oudwoord als reden", "Bewaren", "/reden")
    number = (await talk.page()).journal[-1].id
    await talk.say(f"/verbeter {number} nieuwwoord als reden")
    (quote,) = (await talk.page()).conversation.quotes
    assert quote.text == "nieuwwoord als reden"
