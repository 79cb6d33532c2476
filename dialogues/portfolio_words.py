"""What stands in a portfolio, as values for the words: the same in the chat, on the page, in the PDF and in Markdown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from dialogues import scanning
from dialogues.conversation import Phrase, Picture, Scan, Value
from dialogues.portfolio import Agreed, Chapter, Part, Piece, Portfolio, Theme, Way
from dialogues.repertoire import Repertoire

PHASES = range(1, 8)


def portfolio_words(portfolio: Portfolio, known: Repertoire) -> dict[str, Value]:
    """Return *portfolio* as values: ``made`` and ``chapters``."""
    return {
        "made": portfolio.made,
        "chapters": tuple(chapter_words(chapter, known) for chapter in portfolio.chapters),
    }


def chapter_words(chapter: Chapter, known: Repertoire) -> dict[str, Value]:
    """Return *chapter* as values. Stops are numbered over all its journeys, as in the picture of the path."""
    numbers = iter(range(1, 1 + sum(len(way.stops) for way in chapter.ways)))
    parts = {str(part): tuple(_piece(piece, known) for piece in chapter.parts[part]) for part in Part}
    return {
        "id": chapter.id,
        "topic": chapter.topic,
        "first": chapter.first,
        "last": chapter.last,
        "ways": tuple(_way(way, numbers) for way in chapter.ways),
        **parts,
        "agreed": tuple(_agreed(one) for one in chapter.agreed),
        "others": chapter.others,
        "long": chapter.long,
        "empty": not any(parts.values()),
    }


def path_picture(chapter: Chapter, *, on_paper: bool = False) -> Picture | None:
    """
    Return the drawing of the path of *chapter*, or None when none of its journeys was placed in a phase. *on_paper* it
    stands under a heading, on white.
    """
    numbers = iter(range(1, 1 + sum(len(way.stops) for way in chapter.ways)))
    ways = tuple(_way(way, numbers) for way in chapter.ways if way.stops)
    if not ways:
        return None
    names = tuple(Phrase(f"phases.p{phase}.name") for phase in PHASES)
    return Picture(
        "path",
        {
            "title": Phrase("portfolio.path"),
            "ways": ways,
            "phases": names,
            "until": chapter.last,
            "on_paper": on_paper,
        },
    )


def piece_box(piece: Piece, known: Repertoire) -> Phrase:
    """Return the words of the box with which *piece* is chosen."""
    values: dict[str, Value] = {"id": piece.id, "text": piece.text, "on": piece.on, "named": piece.named}
    title: dict[str, Value] = {"title": scan_title(piece.scan, known)} if piece.scan else {}
    return Phrase(f"portfolio.boxes.{piece.part}", {**values, **title})


def scan_title(scan: Scan, known: Repertoire) -> Phrase:
    """Return what the model of *scan* is called, or that the content no longer holds it."""
    model = known.models.get(scan.model)
    return model.words("title") if model else Phrase("portfolio.scan_gone")


def theme_box(theme: Theme) -> Phrase:
    """Return the words of the box with which *theme* is chosen."""
    return Phrase("portfolio.boxes.theme", {"topic": theme.topic, "count": len(theme.journeys)})


def _way(way: Way, numbers: Iterator[int]) -> dict[str, Value]:
    journey = way.journey
    stops: tuple[Value, ...] = tuple(
        {
            "number": next(numbers),
            "on": stop.begun,
            "phase": Phrase(f"phases.p{stop.phase}.name"),
            "place": int(stop.phase),
        }
        for stop in way.stops
    )
    return {
        "whose": Phrase(f"journeys.whose.{journey.whose}"),
        "who": journey.who,
        "from_": journey.from_,
        "to": journey.to,
        "begun": journey.begun,
        "status": Phrase(f"journeys.status.{journey.status}"),
        "stops": stops,
    }


def _piece(piece: Piece, known: Repertoire) -> dict[str, Value]:
    words: dict[str, Value] = {
        "id": piece.id,
        "on": piece.on,
        "text": piece.text,
        "named": piece.named,
        "asked": piece.asked,
    }
    return {**words, **_plan(piece, known), **(_scan(piece.scan, known) if piece.scan else {})}


def _scan(scan: Scan, known: Repertoire) -> Mapping[str, Value]:
    """Return a scan as its title and what stands out in it. There is no total: a scan is no grade."""
    model = known.models.get(scan.model)
    highest, lowest = scanning.standing_out(model, scan.answers) if model else ((), ())
    return {
        "title": scan_title(scan, known),
        "slider": model is not None and model.scale == "slider",
        "highest": tuple(scanning.end(model, item, "right") for item in highest) if model else (),
        "lowest": tuple(scanning.end(model, item, "left") for item in lowest) if model else (),
    }


def _plan(piece: Piece, known: Repertoire) -> Mapping[str, Value]:
    plan = piece.plan
    if plan is None:
        return {}
    there = plan.card in (*known.cards, *known.extra)
    return {
        "card": Phrase(f"cards.{plan.card}.term") if there else "",
        "moment": plan.moment,
        "act": plan.act,
        "result": Phrase(f"portfolio.results.{plan.result}") if plan.result else "",
    }


def _agreed(agreed: Agreed) -> dict[str, Value]:
    statement = agreed.statement
    return {
        "text": statement.text,
        "name": agreed.name,
        "organisation": agreed.organisation,
        "on": statement.written,
    }
