"""What a leader shares with her coaches now, who read it, and taking it back: the states of the list and of one grant."""

from __future__ import annotations

from dialogues import sharing
from dialogues.coaching import Grant, Level
from dialogues.conversation import Choice, Phrase, Say, Value
from dialogues.desk import Desk
from dialogues.routes.asking import choose
from dialogues.table import Reply

PER_PAGE = 5


def given(desk: Desk) -> list[Grant]:
    """Return the grants that hold, of coaches that still are hers, the newest first."""
    return list(sharing.given(desk.conversation, desk.now))


def grant_words(desk: Desk, grant: Grant) -> dict[str, Value]:
    """Return a grant as values for the words, with who looked and when."""
    kept = desk.find(grant.about)
    journey = desk.find_journey(grant.about)
    link = sharing.link_of(desk.conversation, grant.coach)
    looks = [
        look
        for look in desk.conversation.looks
        if look.coach == grant.coach and look.last >= grant.since and _is_about(desk, look.about, grant)
    ]
    return {
        "id": grant.id,
        "name": link.name if link else "",
        "level": Phrase(f"coach.levels.{_LEVEL_WORDS[grant.level] if not grant.sentence else 'sentence'}"),
        "text": grant.sentence or (journey.to if journey else "") or (kept.text if kept else ""),
        "since": grant.since,
        "until": grant.until or "",
        "times": sum(look.times for look in looks),
        "last": max((look.last for look in looks), default=""),
    }


_LEVEL_WORDS = {Level.SUMMARY: "summary", Level.PIECE: "piece", Level.JOURNEY: "journey", Level.ONLY_ME: "nothing"}


def _is_about(desk: Desk, about: str, grant: Grant) -> bool:
    if grant.level is not Level.JOURNEY:
        return about == grant.about
    kept = desk.find(about)
    return about == grant.about or (kept is not None and kept.journey == grant.about)


def _page(desk: Desk) -> list[Grant]:
    start = desk.number("page") or 0
    return given(desk)[start : start + PER_PAGE] or given(desk)[:PER_PAGE]


def _say_list(desk: Desk) -> Say:
    return Say("coach.list", {"grants": tuple(grant_words(desk, grant) for grant in _page(desk))})


def _list_buttons(desk: Desk) -> tuple[Choice, ...]:
    picks = tuple(Choice(one.id, "pick", Phrase("compass.number", {"number": one.id})) for one in _page(desk))
    return (*picks, *((Choice("more", "more"),) if len(given(desk)) > PER_PAGE else ()))


def _list(desk: Desk, reply: Reply) -> str:
    if reply.choice == "more":
        start = (desk.number("page") or 0) + PER_PAGE
        desk.sets["page"] = start if start < len(given(desk)) else 0
        return "more"
    desk.sets["grant"] = reply.choice
    return "pick"


def _grant(desk: Desk) -> Grant | None:
    return next((one for one in desk.conversation.grants if one.id == desk.get("grant")), None)


def _say_one(desk: Desk) -> Say:
    grant = _grant(desk)
    return Say("coach.one", grant_words(desk, grant) if grant else {})


def _one(desk: Desk, reply: Reply) -> str:
    grant = _grant(desk)
    if reply.choice == "withdraw" and grant:
        withdraw(desk, grant)
    return reply.choice


def withdraw(desk: Desk, grant: Grant) -> None:
    """Take *grant* back: it holds no more from the coach's next request on."""
    desk.conversation = sharing.withdrawn(desk.conversation, grant.id, desk.now)
    desk.say("coach.withdrawn", id=grant.id)


STATES = {
    "list": choose("coach.list", (), _list, saying=_say_list, offer=_list_buttons, echo=False, row=True),
    "one": choose("coach.one", ("withdraw", "stays"), _one, saying=_say_one, echo=False),
}
