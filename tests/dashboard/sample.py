"""
Two leaders and two coaches, for the tests of the pages: made as values, so that each test can say what it changes.

Anne shares with Cato: one reflection whole, one as a summary, one sentence, and a journey. Bert shares one reflection with
Cato. Dirk is a coach with whom nobody shares. Every text that is not shared holds the word of `PRIVATE`.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from dialogues.coaching import Book, Coach, CoachId, Grant, Level, Link, Look, Note
from dialogues.conversation import (
    Conversation,
    Frame,
    Journey,
    Kind,
    LeaderId,
    Mark,
    Phase,
    Plan,
    Quote,
    Reflection,
    Result,
    Whose,
)
from dialogues.ports import Entry, Page

NOW = datetime(2026, 12, 3, 9, 0, tzinfo=UTC)
PRIVATE = "geheimwoord"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
"""Of Cato's second factor."""


def coach(id_: str, name: str, organisation: str, **more) -> Coach:
    """Return a coach, who took the account and speaks Dutch."""
    person = f"telegram-{name.split(maxsplit=1)[0].lower()}"
    known = {"inside": False, "language": "nl", "person": person, "secret": SECRET, **more}
    return Coach(CoachId(id_ * 16), name, organisation, added=NOW - timedelta(days=40), **known)


CATO = coach("c0", "Cato Meijer", "Kompas Coaching")
DIRK = coach("d1", "Dirk Vos", "De Brug", inside=True)
NEW_COACH = coach("e2", "Els Bos", "De Brug", language="en", secret="")
CLOSED_COACH = coach("f3", "Freek Dam", "De Brug", active=False)
ANNE, BERT = LeaderId("telegram-anne"), LeaderId("telegram-bert")
ANNES_HANDLE, BERTS_HANDLE = "a1" * 16, "b2" * 16


def day(number: int, hour: int = 9) -> datetime:
    """Return a moment in November 2026."""
    return datetime(2026, 11, number, hour, 0, tzinfo=UTC)


def link(handle: str, since: datetime, known_as: str) -> Link:
    """Return a link with Cato."""
    return Link(CATO.id, handle, CATO.name, CATO.organisation, inside=CATO.inside, since=since, known_as=known_as)


def book() -> Book:
    """Return the four coaches."""
    return Book((CATO, DIRK, NEW_COACH, CLOSED_COACH))


def anne() -> Page:
    """Return Anne's page: two journeys, of which the first is shared, and reflections at every level."""
    journeys = (
        Journey(
            "j1", Whose.OWN, "lesbezoek", "zelf uitleggen", "eerst vragen", day(2), phase=Phase.NOT_DARING, certainty=6
        ),
        Journey(
            "j2",
            Whose.TEAM,
            f"rust {PRIVATE}",
            f"haast {PRIVATE}",
            f"ritme {PRIVATE}",
            day(9),
            phase=Phase.NOT_YET_WANTING,
        ),
    )
    plans = (
        Plan(
            "p1",
            "j1",
            day(4),
            card="safe_practice",
            moment="Dinsdag na het lesbezoek bij groep 5",
            act="stel ik eerst één open vraag",
            sign="De leraar praat langer dan ik",
            commitment=8,
            confidence=6,
            ask_on=date(2026, 11, 11),
            result=Result.PARTLY,
            happened="Ik vroeg, en vulde daarna toch in.",
            meaning="Stil zijn is het moeilijkst.",
        ),
        Plan("p2", "j1", day(12), act="wacht ik vijf tellen na mijn vraag"),
    )
    journal = (
        Reflection(
            "r1",
            Kind.ANSWER,
            "Ik zie op tegen lesbezoek, omdat ik het altijd beter lijk te weten.",
            day(2),
            "Wat houdt je bezig?",
            "j1",
            1,
            Phase.NOT_DARING,
        ),
        Reflection(
            "r2",
            Kind.ANSWER,
            "Ik ben bang dat het stil valt. Dan vul ik het in.",
            day(3),
            "Wat verwacht je dat er misgaat?",
            "j1",
            1,
            Phase.NOT_DARING,
        ),
        Reflection("r3", Kind.THOUGHT, "Vandaag bleef ik stil. De leraar vond zelf het antwoord.", day(12)),
        Reflection("r4", Kind.THOUGHT, f"Het bestuur belde weer. {PRIVATE}", day(13)),
        Reflection(
            "r5", Kind.ANSWER, f"Het team is moe {PRIVATE}", day(14), "Wat zie je?", "j2", 3, Phase.NOT_YET_WANTING
        ),
        Reflection("r6", Kind.THOUGHT, f"Ik moet dit. Eén zin mag gelezen worden. {PRIVATE}", day(15)),
        Reflection("r7", Kind.THOUGHT, f"Een samenvatting is genoeg {PRIVATE}", day(16), number=7, phase=Phase.ACTING),
        Reflection("r8", Kind.CARE, f"Soms wil ik niet meer {PRIVATE}", day(17), journey="j1"),
    )
    return Page(
        Conversation(
            ANNE,
            "101",
            "nl",
            Frame("home", "choose", "n1"),
            consent=day(1),
            journeys=journeys,
            plans=plans,
            current="j1",
            quotes=(Quote(Mark.REASON, "Omdat leraren het zelf kunnen", day(12), "j1", "r3"),),
            counted={"r": 8, "j": 2, "p": 2, "g": 4, "n": 2, "letters": 9},
            heard=day(17),
            links=(link(ANNES_HANDLE, day(10), "Anne"),),
            grants=(
                Grant("g1", CATO.id, Level.PIECE, "r3", day(12, 10), "1"),
                Grant("g2", CATO.id, Level.JOURNEY, "j1", day(12, 11), "1", until=NOW + timedelta(days=60)),
                Grant("g3", CATO.id, Level.PIECE, "r6", day(15, 10), "1", sentence="Eén zin mag gelezen worden."),
                Grant("g4", CATO.id, Level.SUMMARY, "r7", day(16, 10), "1"),
            ),
            looks=(Look(CATO.id, "r3", day(13, 8), day(14, 8), 2),),
            notes=(
                Note(
                    "n1",
                    CATO.id,
                    "r3",
                    "Je wachtte, en er kwam iets. Wat maakte dat je stil kon blijven?",
                    day(14),
                    sent=day(14, 9),
                    offered=day(15),
                    read=day(15),
                ),
                Note("n2", CATO.id, "r1", "Een begin van een briefje", day(15)),
            ),
        ),
        journal,
    )


def bert() -> Page:
    """Return Bert's page: one reflection of two is shared."""
    return Page(
        Conversation(
            BERT,
            "102",
            "nl",
            Frame("home", "choose", "n1"),
            consent=day(1),
            counted={"r": 2, "g": 1},
            links=(link(BERTS_HANDLE, day(11), "B."),),
            grants=(Grant("g1", CATO.id, Level.PIECE, "r1", day(20), "1"),),
        ),
        (
            Reflection("r1", Kind.THOUGHT, "Ik ga anders luisteren naar ouders.", day(19)),
            Reflection("r2", Kind.THOUGHT, f"Alleen voor mij {PRIVATE}", day(20)),
        ),
    )


async def fill(keeper) -> None:
    """Keep both pages."""
    for page in (anne(), bert()):
        await keeper.write(Entry(page.conversation, page.journal, at=NOW))


def changed(page: Page, **fields) -> Page:
    """Return *page* with other *fields* of its conversation."""
    return replace(page, conversation=replace(page.conversation, **fields))


def speaking(coach: Coach, language: str) -> Coach:
    """Return *coach* with pages in *language*."""
    return replace(coach, language=language)


IDS = {
    "role": "coach",
    "token": "x" * 43,
    "leader": ANNES_HANDLE,
    "piece": "0" * 32,
    "journey": "0" * 32,
    "reflection": "r3",
}
"""What stands in the addresses of pages, by its name in the table; a page with another name there has to add it."""


def path_of(place) -> str:
    """Return the address of *place* with the ids of the sample in it."""
    return place.path.format_map(IDS)
