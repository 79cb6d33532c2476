"""
A leader who worked for three months and shares a whole journey with Cato, for screenshots and for reading in a browser.

Every lens has something to say, there is more than one page of pieces, and a note was answered.
"""

from __future__ import annotations

from datetime import timedelta

from dialogues.coaching import Grant, Level, Link, Note
from dialogues.conversation import (
    Conversation,
    Correction,
    Frame,
    Journey,
    Kind,
    LeaderId,
    Phase,
    Plan,
    Reflection,
    Result,
    Whose,
)
from dialogues.ports import Page
from tests.dashboard.sample import CATO, NOW

EVA = LeaderId("telegram-eva")
EVAS_HANDLE = "e5" * 16
BEGIN = NOW - timedelta(days=91)

TOLD = (
    (0, Phase.NOT_YET_WANTING, Kind.ANSWER, "Wat trekt je aan in het nieuwe?", "Dat leraren zelf gaan zoeken."),
    (2, Phase.NOT_YET_WANTING, Kind.ANSWER, "Wat zou je missen van nu?", "Het gevoel dat ik nodig ben."),
    (9, Phase.NOT_KNOWING_HOW, Kind.ANSWER, "Wie doet dit al, en wat doet die precies?", "Onze ib'er. Zij wacht."),
    (16, Phase.NOT_DARING, Kind.ANSWER, "Wat verwacht je dat er misgaat?", "Dat ze denken dat ik het niet weet."),
    (
        18,
        Phase.NOT_DARING,
        Kind.ANSWER,
        "Wat neem je daarbij voor waar aan?",
        "Dat vragen stellen zwak is.\n\nOf lijkt.",
    ),
    (30, Phase.PREPARING, Kind.PLAN, "Wat ga je precies doen?", "Drie openingsvragen oefenen zonder uitleg."),
    (38, Phase.ACTING, Kind.CHECKIN, "Wat is er gebeurd?", "Ik vroeg twee keer door en zij vond het zelf."),
    (38, Phase.ACTING, Kind.CHECKIN, "Wat was hierin het belangrijkste?", "Met haar mag het fout gaan."),
    (45, Phase.ACTING, Kind.CHECKIN, "Wat is er gebeurd?", "Het rooster liep uit en ik deed het toch zelf."),
    (52, Phase.ACTING, Kind.CHECKIN, "Wat is er gebeurd?", "Er kwam een invaller en de les ging niet door."),
    (59, Phase.NOT_DARING, Kind.CHECKIN, "Wat is er gebeurd?", "Niet gedaan, er kwam weer een ouder tussendoor."),
    (60, Phase.NOT_DARING, Kind.THOUGHT, "", "Ik ben doodmoe van deze weken. Ik twijfel of het zin heeft."),
    (66, Phase.ACTING, Kind.ANSWER, "Welke afspraak hielp je op weg?", "M. bewaakt de tijd. Het was te veel alleen."),
    (80, Phase.MAINTAINING, Kind.ANSWER, "Waaraan merk je dat?", "Leraren beginnen zelf over leren."),
)


def eva() -> Page:
    """Return her page."""
    journal = [
        Reflection(
            f"r{number}",
            kind,
            text,
            BEGIN + timedelta(days=day, minutes=number),
            question,
            "j1",
            number // 3,
            phase,
            card="safe_practice" if kind is Kind.PLAN else "",
            plan="p1",
        )
        for number, (day, phase, kind, question, text) in enumerate(TOLD, 1)
    ]
    journal += [
        Reflection(
            f"r{number}",
            Kind.RULER,
            str(number % 11),
            BEGIN + timedelta(days=number),
            "Hoeveel vertrouwen heb je dat dit lukt?",
            "j1",
            phase=Phase.ACTING,
            number=number % 11,
        )
        for number in range(38, 50)
    ]
    journal.append(
        Reflection(
            "r60",
            Kind.ANSWER,
            "De collega's zeggen er vast iets van als ze het zien.",
            BEGIN + timedelta(days=82),
            "Wat doe je met deze kaart?",
            "j1",
            phase=Phase.MAINTAINING,
            card="group_pressure",
            label="pressure",
            history=(Correction("De collega's zeggen er iets van.", BEGIN + timedelta(days=83)),),
        )
    )
    journal.append(
        Reflection(
            "r61", Kind.ANSWER, "De voorbereiding kan naar twee leraren.", NOW - timedelta(days=2), "Wat kun je laten?"
        )
    )
    plans = [
        Plan(
            f"p{number}",
            "j1",
            BEGIN + timedelta(days=24 + 7 * number),
            card="safe_practice",
            moment="donderdag na school in mijn kamer" if number < 5 else "",
            act="drie openingsvragen oefenen zonder uitleg",
            sign="Dat zij terugpraat",
            commitment=8,
            confidence=7 if number == 1 else None,
            result=result,
            happened="Ik vroeg twee keer door en zij vond het zelf." if result is Result.DONE else "",
            meaning="Met haar mag het fout gaan." if result is Result.DONE else "",
        )
        for number, result in enumerate((Result.DONE, Result.PARTLY, Result.NOT, Result.NOT, None), 1)
    ]
    return Page(
        Conversation(
            EVA,
            "105",
            "nl",
            Frame("home", "choose", "n1"),
            consent=BEGIN,
            journeys=(
                Journey("j1", Whose.OWN, "vragen", "zelf uitleggen", "eerst vragen", BEGIN, phase=Phase.MAINTAINING),
            ),
            plans=tuple(plans),
            current="j1",
            counted={"r": 61, "j": 1, "p": 5, "g": 2, "n": 2},
            links=(
                Link(CATO.id, EVAS_HANDLE, CATO.name, CATO.organisation, inside=False, since=BEGIN, known_as="Eva"),
            ),
            grants=(
                Grant(
                    "g1", CATO.id, Level.JOURNEY, "j1", BEGIN + timedelta(days=5), "1", until=NOW + timedelta(days=30)
                ),
                Grant("g2", CATO.id, Level.PIECE, "r61", NOW - timedelta(days=2), "1"),
            ),
            notes=(
                Note(
                    "n1",
                    CATO.id,
                    "r14",
                    "Je ziet het aan wat anderen doen. Dat vind ik sterk. Je stapte van leiden naar ruimte laten."
                    " Wat kun jij nu laten, zodat dit ook blijft als jij er niet bij bent?",
                    NOW - timedelta(days=5),
                    sent=NOW - timedelta(days=5),
                    offered=NOW - timedelta(days=3),
                    read=NOW - timedelta(days=3),
                    answer="r61",
                ),
            ),
        ),
        tuple(sorted(journal, key=lambda kept: kept.said)),
    )
