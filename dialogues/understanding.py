"""
What only the words can tell of what was heard: the question as it was read, the button it names, and what it resembles.

The engine takes turns with keys alone. Before each turn this gives it what somebody who reads the words would know. A
resemblance is only ever proposed.
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import TypeVar

from dialogues import early, replies, walking
from dialogues.boards import Hers
from dialogues.changing import replace
from dialogues.conversation import Commanded, Conversation, Heard, Reflection, Said, Say, Shape, Status, Tapped
from dialogues.engine import Engine
from dialogues.map import state
from dialogues.ports import Matcher, Words
from dialogues.table import Ask

Spoken = TypeVar("Spoken", Said, Tapped)
LISTENING = frozenset({"home", "thought"})  # here any text may point to a phase or a card
THINGS_FOUND, OWN_FOUND = 5, 3
"""How many things of the compass, and how many sentences of the leader's own, a search shows."""
QUESTIONS_FOUND = 20
"""How many questions about a word come before the others."""
BROWSING = frozenset({"home", "compass"})
CODE = re.compile(r"[mcr]\d{1,3}")
"""Where it is no answer, m17, c12 or r3 typed by itself shows what it names."""
BARE_WORDS = frozenset({"back", "skip", "later", "stop", "help", "care", "go_on"})


class Understanding:
    """Reads what was heard, with the words and the matcher, against the question that is open."""

    def __init__(self, engine: Engine, words: Words, matcher: Matcher) -> None:
        """Take the *engine*, which knows what is open, and the ports."""
        self._engine = engine
        self._words = words
        self._matcher = matcher

    def meant(self, conversation: Conversation, heard: Heard) -> Conversation:
        """Return *conversation* with the question open that a tap is about: under a reminder, perhaps an older one."""
        beneath = walking.beneath(conversation)
        old = isinstance(heard, Tapped) and beneath and beneath.frame.nonce == heard.nonce
        return beneath if beneath and old and conversation.frame.route == "resume" else conversation

    def prepared(
        self,
        conversation: Conversation,
        journal: tuple[Reflection, ...],
        heard: Heard,
        now: datetime,
        boards: tuple[Hers, ...] = (),
    ) -> Heard:
        """Return *heard* with what only the words can tell: the question as it was read, and the button it names."""
        question = self._engine.open_question(conversation, journal, now, boards)
        if question is None:
            return heard
        language = conversation.language
        if isinstance(heard, Tapped):
            return self._worded(conversation, journal, question, heard, now, boards)
        if not isinstance(heard, Said):
            return heard
        if heard.early:
            heard = replace(heard, early=early.joins(conversation))
        choice = "" if heard.early else self._named(heard.text, question, language)
        if choice:
            return self._worded(conversation, journal, question, replace(heard, choice=choice), now, boards)
        if CODE.fullmatch(heard.text.strip().lower()) and _no_answer(conversation):
            return Commanded("show", heard.text.strip(), source=heard.source)
        bare = self._words.shortcut(heard.text, language)
        if bare in BARE_WORDS:
            return Commanded(bare, source=heard.source)
        if heard.early:
            return heard
        beneath = walking.beneath(conversation)
        if beneath and conversation.frame.route == "resume":
            return self.prepared(beneath, journal, heard, now, boards)
        guesses = self._matcher.guess(heard.text, language, _among(conversation, question))
        heard = replace(heard, guesses=guesses) if guesses else heard
        return self._worded(conversation, journal, question, heard, now, boards)

    def _worded(
        self,
        conversation: Conversation,
        journal: tuple[Reflection, ...],
        question: Say | None,
        heard: Spoken,
        now: datetime,
        boards: tuple[Hers, ...],
    ) -> Spoken:
        """
        Return *heard* with what was asked and the words on the button, which a yes to a proposal means as well. What is
        asked is the open *question*, or the one that a proposal stands before.
        """
        frame = conversation.frame
        choice = frame.proposed if heard.choice == "propose_yes" else heard.choice
        if frame.proposed:
            unproposed = replace(conversation, frame=replace(frame, proposed=""))
            question = self._engine.open_question(unproposed, journal, now, boards)
        if question is None:
            return heard
        label = self._words.labels(question, conversation.language).get(choice, "") if choice else ""
        asked = self._words.render(replace(question, echo="", choices=()), conversation.language).text
        return replace(heard, asked=asked, label=label)

    def _named(self, text: str, question: Say, language: str) -> str:
        """Return the choice that *text* names exactly: by its number in the list, its words, or a typed word for it."""
        labels = self._words.labels(question, language)
        ids = (*labels, "none") if question.shape is Shape.TICKS else tuple(labels)
        return replies.named(text, question, labels, {id_: self._words.typed(id_, language) for id_ in ids})

    def looked_up(self, conversation: Conversation, journal: tuple[Reflection, ...], heard: Commanded) -> Commanded:
        """Return a search with the ids of what was found, and a thought with what it resembles."""
        language = conversation.language
        if heard.command == "question":
            about = heard.argument or self._topic(conversation)
            found = self._matcher.questions(about, language)[:QUESTIONS_FOUND] if about else ()
            return replace(heard, guesses=replies.as_guesses(found))
        if not heard.argument:
            return heard
        if heard.command in ("search", "find"):
            texts = [(kept.id, kept.text) for kept in journal if kept.text]
            own = replies.as_guesses(self._matcher.find(texts, heard.argument, language))
            if heard.command == "search":
                return replace(heard, guesses=own)
            things = self._matcher.look(heard.argument, language)[:THINGS_FOUND]
            return replace(heard, guesses=(*things, *own[:OWN_FOUND]))
        guesses = self._matcher.guess(heard.argument, language, ("phases", "cards"))
        return replace(heard, guesses=guesses)

    def _topic(self, conversation: Conversation) -> str:
        """Return what the journey under way is about, in words, or "" when there is none."""
        journey = next((one for one in conversation.journeys if one.id == conversation.current), None)
        if journey is None or journey.status != Status.OPEN:
            return ""
        if isinstance(journey.topic, str):
            return journey.topic
        return self._words.render(Say(journey.topic.key, journey.topic.values), conversation.language).text


def _no_answer(conversation: Conversation) -> bool:
    """Return whether a code typed here cannot be meant as an answer: while browsing, and where only buttons count."""
    at = state(conversation.frame.route, conversation.frame.state)
    return conversation.frame.route in BROWSING or (at is not None and at.ask == Ask.CHOICE and not at.text)


def _among(conversation: Conversation, question: Say) -> tuple[str, ...]:
    """Return what a free text may resemble at this point."""
    if conversation.frame.route in LISTENING:
        return ("phases", "cards")
    at = state(conversation.frame.route, conversation.frame.state)
    if at is None or at.ask != Ask.CHOICE:
        return ()
    return (f"{question.key}:{','.join(choice.id for choice in question.choices)}",)
