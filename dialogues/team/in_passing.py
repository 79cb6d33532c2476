"""
What is said in passing and kept nowhere: a word under an old button, a kind word about trouble, and the answer to a signal
of crisis, which gets one neutral line in the group whatever the store does.
"""

from __future__ import annotations

from datetime import datetime

from dialogues import care
from dialogues.care import CareRules
from dialogues.conversation import Say
from dialogues.errors import DialogueError
from dialogues.team.heard import Commanded, InGroup, Replied, Who
from dialogues.team.ports import Reach, TeamLetter, TeamWords
from dialogues.team.turns import TeamReply


class InPassing:
    """
    Says what no outbox holds.

    Args:
        language: spoken to whoever speaks none of ours.
    """

    def __init__(self, words: TeamWords, rules: CareRules, reach: Reach, language: str) -> None:
        self._words = words
        self._care = rules
        self._reach = reach
        self._fallback = language

    def letter(self, say: Say, address: str, now: datetime, language: str) -> TeamLetter:
        """Return *say* as a letter to *address*."""
        return TeamLetter(0, self._words.render(say, self.spoken(language)), now, address)

    def text(self, key: str, language: str) -> str:
        """Return the words of *key*, which needs no values."""
        return self._words.render(Say(key), self.spoken(language)).text

    def spoken(self, language: str) -> str:
        """Return the language of ours to speak to somebody who speaks *language*."""
        return language if language in ("nl", "en") else self._fallback

    def signals(self, heard: InGroup) -> bool:
        """Return whether *heard* may be a signal of crisis, or asks for help."""
        if isinstance(heard, Commanded):
            return heard.command == "care" or bool(care.notice(heard.argument, self._care))
        return isinstance(heard, Replied) and bool(care.notice(heard.text, self._care))

    async def neutral(self, address: str, heard: InGroup, who: Who, now: datetime, language: str) -> TeamReply:
        """Give the neutral line, and the card privately where that chat exists; nothing is kept, quoted or named."""
        text = heard.argument if isinstance(heard, Commanded) else heard.text if isinstance(heard, Replied) else ""
        notes = [self.letter(care.follow_up("group", self._care), address, now, language)]
        try:
            private_chat = await self._reach(who.id) if who.id else ""
        except DialogueError:
            private_chat = ""  # the line in the group does not wait for the store
        if private_chat:
            signal = care.notice(text, self._care) or care.GENERAL
            notes.append(self.letter(care.card(signal, self._care), private_chat, now, language))
        return TeamReply(None, tuple(notes), kept=False)
