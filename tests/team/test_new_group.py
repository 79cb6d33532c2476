"""
A group that never saw the guide reaches its first finished session by doing only what the messages name.

Every button that is tapped and every command that is typed must be named in what stands in the group at that moment, and a
question that goes on by a button says so in words.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest

from tests.team.play import TeamPlay

SET_UP = {
    "nl": ("Nederlands", "di", "8.30 uur", "Noord", "Verder", "Om de beurt", "6"),
    "en": ("English", "Tue", "8:30", "North", "Go on", "Everybody in turn", "6"),
}
WORDS = {
    "nl": {
        "next": "Verder", "join": "Ik doe mee", "begin": "Beginnen", "right": "Klopt", "course": "Spannend",
        "following": "J., de volgende", "goal": "elke leerling kan uitleggen wat hij leerde tot 18 december",
        "success": "Groep 6 hielp elkaar.", "action": "/actie J. – drie leerlingen vragen – donderdag",
        "voice": "/stem ik snap het pas als ik het uitleg", "done": "De bordsessie is klaar", "setup": "/instellingen",
    },
    "en": {
        "next": "Go on", "join": "I join", "begin": "Begin", "right": "Right", "course": "At risk",
        "following": "J., next in line", "goal": "every pupil can explain what was learned until 18 December",
        "success": "Group 6 helped each other.", "action": "/action J. – ask three pupils – Thursday",
        "voice": "/voice I only get it when I explain it", "done": "The board session is done", "setup": "/settings",
    },
}  # fmt: skip
REPLY = {"nl": "Antwoord op dit bericht", "en": "nswer this message"}


class Newcomers:
    """People who do only what the group's messages tell them."""

    def __init__(self, play: TeamPlay) -> None:
        self.play, self.words = play, WORDS[play.language]

    def stands(self) -> str:
        """Return the text of everything that stands in the group now."""
        return "\n".join(one.note.message.text for one in self.play.shown if not one.chat)

    def newest(self) -> str:
        return next(
            one.note.message.text for one in reversed(self.play.shown) if not one.chat and one.note.message.rows
        )

    async def tap(self, who: str, label: str) -> None:
        await self.play.play([f"{who}: [{label}]"])

    async def goes_on(self, who: str) -> None:
        """Tap the button that goes on, which the message names in its text."""
        label = self.words["next"]
        assert label in self.newest(), f"nothing says to tap {label}: {self.newest()}"
        await self.tap(who, label)

    async def answers(self, who: str, text: str) -> None:
        """Answer a message that asks for it."""
        assert REPLY[self.play.language] in self.newest(), self.newest()
        await self.play.play([f"{who}: {text}"])

    async def types(self, who: str, text: str) -> None:
        """Type a command that some message in the group names."""
        command = text.split(maxsplit=1)[0]
        assert re.search(rf"{command}\b", self.stands()), f"no message names {command}"
        await self.play.play([f"{who}: {text}"])


async def until_the_first_session_is_done(play: TeamPlay) -> Newcomers:
    group, words = Newcomers(play), WORDS[play.language]
    play.now = datetime(2026, 10, 1, 7, 0, tzinfo=UTC)
    await play.play(["! added Sanne"])
    for label in SET_UP[play.language]:
        await group.tap("Sanne", label)
    await group.answers("Sanne", words["goal"])
    await group.goes_on("Sanne")
    await group.tap("Jan", words["join"])
    await play.play(["@ 2026-10-05 15:00", "@ 2026-10-06 08:30"])
    await group.tap("Sanne", words["begin"])
    await group.tap("Jan", "🙂")
    await group.goes_on("Sanne")
    await group.answers("Jan", words["success"])
    await group.goes_on("Sanne")
    await group.tap("Sanne", words["course"])
    await group.types("Sanne", words["action"])
    await group.goes_on("Sanne")
    await group.types("Jan", words["voice"])
    await group.goes_on("Sanne")
    await group.tap("Sanne", words["following"])
    await group.tap("Sanne", words["right"])
    return group


@pytest.mark.asyncio
@pytest.mark.parametrize("language", ["nl", "en"])
async def test_a_new_group_reaches_its_first_finished_session_by_what_the_messages_say(language, catalogue, matcher):
    play = TeamPlay(catalogue, matcher, language)
    group = await until_the_first_session_is_done(play)
    assert WORDS[language]["done"] in group.stands()
    assert len((await play.keeper.read(next(iter(play.pages)))).boards) == 1


@pytest.mark.asyncio
@pytest.mark.parametrize("language", ["nl", "en"])
async def test_known_bad_a_part_that_does_not_say_how_to_go_on_is_noticed(language, catalogue, matcher):
    play = TeamPlay(catalogue, matcher, language)
    real = play.voice.render

    def silent(say, spoken):
        message = real(say, spoken)
        if say.key != "team.successes":
            return message
        return type(message)(message.text.replace(WORDS[language]["next"], "…"), message.rows)

    play.voice.render = silent
    with pytest.raises(AssertionError, match="nothing says to tap"):
        await until_the_first_session_is_done(play)


@pytest.mark.asyncio
@pytest.mark.parametrize("language", ["nl", "en"])
async def test_what_is_explained_the_first_time_is_not_explained_again(language, catalogue, matcher):
    play = TeamPlay(catalogue, matcher, language)
    await until_the_first_session_is_done(play)
    explained = {"nl": "Ga samen bij het bord staan", "en": "Stand at the board together"}[language]
    before = "\n".join(play.written).count(explained)
    await play.play(["@ 2026-10-19 15:00", "@ 2026-10-20 08:30"])
    assert before == 1
    assert "\n".join(play.written).count(explained) == 1
    assert WORDS[language]["begin"] in [b.label for one in play.shown for row in one.note.message.rows for b in row]
