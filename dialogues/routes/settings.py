"""
What a leader decides about the guide itself: the language, the region of her school, forgetting everything, and taking up
an old question.
"""

from __future__ import annotations

from dialogues import dating
from dialogues.changing import replace
from dialogues.conversation import Frame, Phrase, Say
from dialogues.desk import Desk
from dialogues.free_days import NOWHERE, REGIONS
from dialogues.routes.asking import choose
from dialogues.table import Reply, Route, table

ARROWS_OF_LANGUAGE = table("""
    # from    move   to
    choose    nl     return
    choose    en     return
""")
ARROWS_OF_REGION = table("""
    # from    move    to
    choose    north   return
    choose    middle  return
    choose    south   return
    choose    none    return     # only weekends and public holidays
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


def _say_region(desk: Desk) -> Say:
    region = desk.conversation.region
    return Say("region.choose", {"now": _named(region) if region in REGIONS else ""})


def _region(desk: Desk, reply: Reply) -> str:
    """Keep the region; check-ins that fall on its free days move, and it is said which day they get."""
    desk.conversation = replace(desk.conversation, region=reply.choice)
    name = _named(reply.choice) if reply.choice in REGIONS else ""
    desk.say("region.changed", name=name, moved=dating.redate(desk))
    return reply.choice


def _named(region: str) -> Phrase:
    return Phrase(f"region.choose.choices.{region}")


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
REGION = Route(
    name="region",
    states={"choose": choose("region.choose", (*REGIONS, NOWHERE), _region, saying=_say_region)},
    arrows=ARROWS_OF_REGION,
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
