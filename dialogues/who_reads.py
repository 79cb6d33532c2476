"""Who can read what a leader writes now, as it is said to her: only she, or also a coach with whom she shares a journey."""

from __future__ import annotations

from dialogues import sharing
from dialogues.coaching import Level
from dialogues.conversation import Phrase
from dialogues.desk import Desk


def who_reads(desk: Desk) -> Phrase:
    """Return the words for who can read what is written in the journey at hand."""
    journey = desk.journey
    about = journey.id if journey else ""
    held = [
        link.name
        for link in sharing.links(desk.conversation)
        for grant in sharing.grants(desk.conversation, link.coach, desk.now)
        if about and grant.level is Level.JOURNEY and grant.about == about
    ]
    return Phrase("common.coach_reads", {"names": tuple(dict.fromkeys(held))}) if held else Phrase("common.only_you")


def shares_anything(desk: Desk) -> bool:
    """Return whether anything of hers can be read by a coach now."""
    linked = sharing.links(desk.conversation)
    return any(sharing.grants(desk.conversation, link.coach, desk.now) for link in linked)
