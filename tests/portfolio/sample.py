"""A sample leader with two years of work, made up for tests: an own theme with two journeys, and one about a colleague."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

from dialogues.coaching import CoachId, Grant, Level, Link, Look, Note, Statement
from dialogues.conversation import (
    Conversation,
    Frame,
    Journey,
    Kind,
    LeaderId,
    Mark,
    Phase,
    Phrase,
    Plan,
    Reflection,
    Result,
    Status,
    Whose,
)
from dialogues.ports import Page

LEADER = LeaderId("leader")
COACH = CoachId("c1")
FORMER = CoachId("c2")


def at(year: int, month: int, day: int, hour: int = 15) -> datetime:
    return datetime(year, month, day, hour, 10, tzinfo=UTC)


NOW = at(2026, 11, 30)


def _written(id_, kind, text, said, journey="j1", phase=None, **more):
    return Reflection(id_, kind, text, said, journey=journey, phase=phase, **more)


JOURNAL = (
    _written("r1", Kind.ANSWER, "Ik kom met oplossingen, en het team wacht dan af.", at(2025, 9, 3), mark=Mark.REASON),
    _written("r2", Kind.PHASE, "", at(2025, 9, 3), phase=Phase.NOT_DARING),
    _written(
        "r3", Kind.ANSWER, "Als ik niets zeg, denken ze dat ik het niet weet.", at(2025, 9, 3), phase=Phase.NOT_DARING,
        mark=Mark.WORRY,
    ),
    _written(
        "r4", Kind.CHECKIN, "Ik stelde twee vragen en hield daarna mijn mond. Toen kwam groep 7 met een plan.",
        at(2025, 9, 19), phase=Phase.NOT_DARING, plan="p1",
    ),
    _written(
        "r5", Kind.CHECKIN, "De stilte was van mij, niet van hen. Zij hadden die tijd nodig.", at(2025, 9, 19),
        phase=Phase.NOT_DARING, plan="p1",
    ),
    _written("r6", Kind.PHASE, "", at(2025, 9, 19), phase=Phase.PREPARING),
    _written("r7", Kind.PHASE, "", at(2025, 11, 6), phase=Phase.ACTING),
    _written(
        "r8", Kind.CHECKIN, "In de drukke week voor kerst gaf ik weer meteen antwoord.", at(2025, 12, 18),
        phase=Phase.ACTING, plan="p2",
    ),
    _written(
        "r9", Kind.CHECKIN, "Haast maakt dat ik terugval. Een vraag op een kaartje helpt.", at(2025, 12, 18),
        phase=Phase.ACTING, plan="p2",
    ),
    _written("r10", Kind.PHASE, "", at(2025, 12, 18), phase=Phase.PREPARING),
    _written("r11", Kind.PHASE, "", at(2026, 2, 10), phase=Phase.ACTING),
    _written(
        "r12", Kind.CHECKIN, "Drie vergaderingen achter elkaar begon een leraar met een vraag.", at(2026, 4, 21),
        phase=Phase.ACTING, plan="p3", mark=Mark.PROOF,
    ),
    _written(
        "r13", Kind.CHECKIN, "Ik hoef minder voor te bereiden, en er gebeurt meer.", at(2026, 4, 21), phase=Phase.ACTING,
        plan="p3",
    ),
    _written("r14", Kind.PHASE, "", at(2026, 4, 21), phase=Phase.MAINTAINING),
    _written("r15", Kind.ANSWER, "Wachten is ook leidinggeven.", at(2026, 6, 16), phase=Phase.MAINTAINING),
    _written(
        "r16", Kind.EFFECT, "Leraren bezoeken nu elkaars les en bespreken daarna één vraag van de leerlingen.",
        at(2026, 6, 16), phase=Phase.MAINTAINING,
    ),
    _written("r17", Kind.CARE, "Ik zie het leven niet meer zitten.", at(2026, 6, 17), phase=Phase.MAINTAINING),
    _written("r18", Kind.PHASE, "", at(2026, 9, 8), "j2", Phase.NOT_YET_WANTING),
    _written(
        "r19", Kind.CHECKIN, "De leraar van groep 5 zei: laat me eerst bij een ander kijken.", at(2026, 10, 2), "j2",
        Phase.NOT_YET_WANTING, plan="p4",
    ),
    _written(
        "r20", Kind.CHECKIN, "Ik hoorde geen nee, ik hoorde een voorwaarde.", at(2026, 10, 2), "j2", Phase.NOT_YET_WANTING,
        plan="p4",
    ),
    _written("r21", Kind.ANSWER, "Ik sprak ook Karin de Vries van de Regenboog hierover.", at(2026, 10, 2), "j2"),
    _written("r22", Kind.THOUGHT, "Los hiervan: de verbouwing vreet tijd.", at(2026, 10, 5), ""),
)  # fmt: skip

JOURNEYS = (
    Journey(
        "j1", Whose.OWN, Phrase("topics.mindsets.leading.label"), Phrase("topics.mindsets.leading.from"),
        Phrase("topics.mindsets.leading.to"), at(2025, 9, 3, 13), phase=Phase.MAINTAINING, computed=Phase.MAINTAINING,
        status=Status.CLOSED, remember="Wachten is ook leidinggeven.", changed=at(2026, 6, 16),
    ),
    Journey(
        "j2", Whose.COLLEAGUE, "lesbezoek", "iemand kijkt mij na", "iemand kijkt met mij mee", at(2026, 9, 8, 13),
        who="leraar groep 5", phase=Phase.NOT_YET_WANTING, computed=Phase.NOT_YET_WANTING, changed=at(2026, 10, 2),
    ),
)  # fmt: skip

PLANS = (
    Plan(
        "p1", "j1", at(2025, 9, 5), card="", moment="Dinsdag in de bouwvergadering, als het stil valt",
        act="stel ik één open vraag en tel ik tot tien", sign="iemand anders praat als eerste", commitment=7, confidence=6,
        ask_on=date(2025, 9, 19), result=Result.DONE, happened=JOURNAL[3].text, meaning=JOURNAL[4].text,
    ),
    Plan(
        "p2", "j1", at(2025, 11, 6), moment="Bij elk MT", act="laat ik iemand anders de agenda leiden",
        result=Result.NOT, happened=JOURNAL[7].text, meaning=JOURNAL[8].text,
    ),
    Plan(
        "p3", "j1", at(2026, 2, 10), moment="Elke donderdag aan het bord", act="leg ik een kaartje neer met één vraag",
        result=Result.DONE, happened=JOURNAL[11].text, meaning=JOURNAL[12].text,
    ),
    Plan(
        "p4", "j2", at(2026, 9, 10), kind="ask", act="Vragen wat lesbezoek veilig zou maken", result=Result.DONE,
        happened=JOURNAL[18].text, meaning=JOURNAL[19].text,
    ),
)  # fmt: skip

LINKS = (
    Link(COACH, "a" * 32, "Marjan", "De Leerkring", inside=False, since=at(2025, 10, 1), known_as="M."),
    Link(
        FORMER,
        "b" * 32,
        "Pieter",
        "Bureau Zuid",
        inside=False,
        since=at(2025, 10, 1),
        known_as="M.",
        ended=at(2026, 3, 1),
    ),
)
STATEMENT = Statement(
    "s1", COACH, "j1",
    "In dit jaar zag ik in haar reflecties een verschuiving van zelf oplossen naar ruimte geven. Zij benoemt haar terugval "
    "in december precies en trekt er een bruikbare conclusie uit.",
    at(2026, 6, 20), told=at(2026, 6, 21), answered=at(2026, 6, 21), accepted=True,
)  # fmt: skip
GRANTS = (
    Grant("g1", COACH, Level.JOURNEY, "j1", at(2025, 10, 2), "v1", until=at(2027, 1, 1)),
    Grant("g2", FORMER, Level.PIECE, "r4", at(2025, 10, 2), "v1", withdrawn=at(2026, 3, 1)),
    Grant("g3", COACH, Level.PIECE, "r20", at(2026, 10, 3), "v1", withdrawn=at(2026, 10, 20)),
)
LOOKS = (
    Look(COACH, "r4", at(2025, 10, 3), at(2026, 1, 8), 3),
    Look(FORMER, "r4", at(2025, 10, 9), at(2025, 10, 9)),
    Look(COACH, "r20", at(2026, 10, 4), at(2026, 10, 4)),
)
NOTES = (
    Note("n1", COACH, "r4", "Je hield het vol. Wat hielp je om te wachten?", at(2025, 10, 3), sent=at(2025, 10, 3)),
)

PAGE = Page(
    Conversation(
        LEADER, "play", "nl", Frame("home", "menu", "100", contact=9), consent=at(2025, 9, 1),
        journeys=JOURNEYS, plans=PLANS,
        counted={"r": 22, "p": 4, "j": 2, "g": 3, "n": 1, "s": 1, "nonce": 100, "contact": 9}, heard=at(2026, 10, 5),
        links=LINKS, grants=GRANTS, looks=LOOKS, notes=NOTES, statements=(STATEMENT,),
    ),
    JOURNAL,
)  # fmt: skip


def page(**changes) -> Page:
    """The page with other things in its conversation."""
    return replace(PAGE, conversation=replace(PAGE.conversation, **changes))
