"""What a leader decides about the guide itself: the language, forgetting everything, and taking up an old question."""

from __future__ import annotations

from dataclasses import replace

from dialogues.conversation import Frame, Say
from dialogues.desk import Desk
from dialogues.routes.asking import choose
from dialogues.table import Reply, Route, table

ARROWS_OF_LANGUAGE = table("""
    # from    move   to
    choose    nl     return
    choose    en     return
""")
ARROWS_OF_ERASE = table("""
    # from    move   to
    confirm   yes    return     # everything is forgotten; the next word is a first word
    confirm   no     return
""")
ARROWS_OF_RESUME = table("""
    # from    move    to
    ask       on      return
    ask       again   return    # from the first question of that contact
    ask       rest    return    # it waits until the leader asks for it
    ask       said    return    # the text answers the question that was open
""")


def _language(desk: Desk, reply: Reply) -> str:
    desk.conversation = replace(desk.conversation, language=reply.choice)
    desk.say("language.changed")
    return reply.choice


def _erase(desk: Desk, reply: Reply) -> str:
    if reply.choice == "no":
        desk.say("erase.kept")
    return reply.choice


def _say_resume(desk: Desk) -> Say:
    waiting = desk.conversation.waiting
    return Say("resume.ask", {"echo": waiting[-1].echo if waiting else ""})


def _resume(desk: Desk, reply: Reply) -> str:
    if not reply.choice:
        return "said"
    if desk.conversation.waiting:
        *others, frame = desk.conversation.waiting
        if reply.choice == "rest":
            frame = replace(frame, parked=True)
            desk.say("resume.resting")
        if reply.choice == "again":
            frame = _from_the_start(desk, frame)
            desk.quiet = True
        desk.conversation = replace(desk.conversation, waiting=(*others, frame))
    return reply.choice


def _from_the_start(desk: Desk, frame: Frame) -> Frame:
    """Return *frame* at the first question of its contact, under buttons of its own; what the menu laid ready stays."""
    first = next((place for place, step in enumerate(frame.steps) if step.route != "home"), None)
    if first is None:
        return frame
    step = frame.steps[first]
    nonce = str(desk.count("nonce"))
    return Frame(step.route, step.state, nonce, frame.contact, frame.steps[:first], frame.kept)


LANGUAGE = Route(
    name="language",
    states={"choose": choose("language.choose", ("nl", "en"), _language, later=False)},
    arrows=ARROWS_OF_LANGUAGE,
)
ERASE = Route(
    name="erase",
    states={"confirm": choose("erase.confirm", ("yes", "no"), _erase, later=False)},
    arrows=ARROWS_OF_ERASE,
)
RESUME = Route(
    name="resume",
    states={"ask": choose("resume.ask", ("on", "again", "rest"), _resume, saying=_say_resume, text=True, later=False)},
    arrows=ARROWS_OF_RESUME,
)
