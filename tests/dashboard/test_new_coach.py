"""
From the operator's command to a note that is read, by a coach and a leader who are both new and follow what screens say.

Done when of issue 5: a coach goes from the invitation to a sent note within five minutes.
"""

from __future__ import annotations

import asyncio
import re
from dataclasses import replace

import pyotp
import pytest
from click.testing import CliRunner

from app.__main__ import mindshift
from dialogues.conversation import Say
from dialogues.ports import Entry
from storage.coach_book import SealedCoachBook
from storage.keys import keys_of
from storage.master_keys import KeySource, beside
from tests.dashboard import sample
from tests.dashboard.newcomer import Newcomer, NotSaid

MINUTES = 5
AN_ACCOUNT_IN_THE_APP = 15.0
"""Seconds to put a new account into an app that is there; somebody who has none needs longer, and is told beforehand."""

COACH, LEADER = "telegram-iris", "telegram-nora"

WORDS = {
    "nl": {
        "invite": "/uitnodigen",
        "agree": "Akkoord",
        "keep": "Bewaren",
        "done": "Nee, klaar",
        "link": "Ja, koppel",
        "share": "/delen",
        "level": "Deze reflectie",
        "yes": "Ja, deel dit",
        "coach": "Ik ben coach",
        "open_chat": "Of open de gids met deze code, en druk op Start",
        "log_in": "Inloggen",
        "six": "Code van zes cijfers",
        "go_on": "Verder",
        "piece": "Gedachte van 3 december 2026",
        "note": "Jouw briefje",
        "send": "Versturen",
        "sent": "Hier zie je of het gelezen is.",
        "read": "Lezen",
        "thought": "Ik praat te veel in gesprekken. Gisteren wachtte ik, en toen kwam er iets.",
        "back": "Je merkte dat wachten iets opleverde. Wat hielp je om stil te blijven?",
        "answer": "Dat ik mijn koffie vasthield.",
    },
    "en": {
        "invite": "/invite",
        "agree": "I agree",
        "keep": "Keep it",
        "done": "No, that is all",
        "link": "Yes, link",
        "share": "/share",
        "level": "This reflection",
        "yes": "Yes, share this",
        "coach": "I am a coach",
        "open_chat": "Or open the guide with this code, and press Start",
        "log_in": "Log in",
        "six": "Code of six digits",
        "go_on": "Continue",
        "piece": "Thought of 3 December 2026",
        "note": "Your note",
        "send": "Send",
        "sent": "Here you see whether it was read.",
        "read": "Read",
        "thought": "I talk too much in meetings. Yesterday I waited, and something came.",
        "back": "You noticed that waiting gave something. What helped you stay silent?",
        "answer": "That I held on to my coffee.",
    },
}


def made_by_the_operator(folder, language: str) -> tuple[SealedCoachBook, str]:
    """Make an account as the operator does, and return the book of coaches and what was printed."""
    typed = ["coach", "add", "--name", "Iris de Wit", "--organisation", "Kompas", "--language", language]
    done = CliRunner().invoke(mindshift, [*typed, "--data", str(folder)])
    assert done.exit_code == 0, done.stdout
    return SealedCoachBook(folder, keys_of(folder, KeySource(beside(folder)))[1]), done.stdout


@pytest.mark.asyncio
@pytest.mark.parametrize("language", ["nl", "en"])
async def test_a_new_coach_sends_a_note_within_five_minutes_by_what_the_screens_say(
    serving, chrome, tmp_path, language, record_property
):
    say = WORDS[language]
    book, printed = await asyncio.to_thread(made_by_the_operator, tmp_path / "data", language)
    running = await serving(book=book, language=language)
    coach, leader = Newcomer(running, COACH, chrome, language), Newcomer(running, LEADER, chrome, language)

    # The operator passes on the line with the link.
    coach.see(next(line for line in printed.splitlines() if "?start=" in line))
    await coach.open_chat(re.search(r"start=(\S+)", printed)[1])
    await coach.command(say["invite"])
    passed_on = coach.letters[-1].message.text
    before = coach.seconds

    # The coach passes the invitation on; the leader has never met the guide.
    leader.see(passed_on)
    link = re.search(r"start=(\S+)", passed_on)[1]
    await leader.open_chat(link)
    await leader.tap(say["agree"])
    await leader.open_chat(link)
    await leader.tap(say["link"])
    await leader.write("Nora")
    await leader.write(say["thought"])
    await leader.tap(say["keep"])
    await leader.tap(say["done"])
    await leader.command(say["share"])
    await leader.tap("r1")
    await leader.tap(say["level"])
    await leader.tap(say["yes"])

    # The coach reads it, and writes back.
    assert coach.seconds == before
    await coach.open_page(running.address)
    await coach.click(say["coach"])
    await coach.follow_to_chat(say["open_chat"])
    await coach.open_page(re.search(rf"{running.address}/in/\S+", coach.shown)[0])
    await coach.click(say["log_in"])
    secret = (await coach.page.inner_text(".code")).replace(" ", "").strip()
    coach.does("puts it into the app that makes codes", AN_ACCOUNT_IN_THE_APP)
    await coach.fill(say["six"], pyotp.TOTP(secret).at(running.clock()))
    await coach.click(say["go_on"])
    await coach.click("Nora")
    await coach.click(say["piece"])
    await coach.fill(say["note"], say["back"])
    await coach.click(say["send"])
    assert say["sent"] in coach.shown

    # The leader hears of it, reads it and answers; the coach sees that.
    running.clock.on(days=1)
    await leader.is_written_to()
    await leader.tap(say["read"])
    assert say["back"] in leader.shown
    await leader.write(say["answer"])
    record_property(
        "measured",
        f"new, {language}: coach {coach.steps} steps, {coach.seconds:.0f} s; leader {leader.steps}, {leader.seconds:.0f} s",
    )
    assert coach.seconds <= MINUTES * 60


@pytest.mark.asyncio
async def test_a_screen_that_does_not_say_what_comes_next_would_be_noticed(serving, chrome, tmp_path, monkeypatch):
    book, printed = await asyncio.to_thread(made_by_the_operator, tmp_path / "data", "nl")
    running = await serving(book=book)
    monkeypatch.setattr("dialogues.coach_chat.CoachChat._welcome", lambda *_: Say("coach.nothing_shared"))
    coach = Newcomer(running, COACH, chrome, "nl")
    coach.see(printed)
    await coach.open_chat(re.search(r"start=(\S+)", printed)[1])
    with pytest.raises(NotSaid):
        await coach.command(WORDS["nl"]["invite"])


@pytest.mark.asyncio
async def test_who_has_written_nothing_yet_is_told_what_to_do_first(running):
    await running.keeper.erase(sample.BERT)
    await running.keeper.write(Entry(replace(sample.bert().conversation, grants=(), counted={})))
    assert "Schrijf eerst op wat je bezighoudt" in await running.chat(sample.BERT, "/delen")
