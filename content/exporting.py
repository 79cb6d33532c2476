"""
Writes out everything kept of one leader, for that leader: every field as JSON, or a document to read.

The words of the document stand in `export.yaml`. Nothing is left out and nothing is added: what is not here is not
kept.

What is hers on the boards of her teams comes along; it is kept there. The rest of the JSON can be read back without loss
(`app/importing.py`). Times are ISO 8601 in UTC. Where a field may hold anything,
a value says what it is: words of the content are ``{"key", "values", "words"}``, with the words as the leader read
them, and a time, a day or a mapping is ``{"time": …}``, ``{"date": …}`` or ``{"map": …}``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime

from content.catalogue import Catalogue
from dialogues import matrix, scanning
from dialogues.boards import Hers
from dialogues.coaching import Level
from dialogues.conversation import Journey, Phrase, Plan, Reflection, Say, Scan, Step, Value
from dialogues.errors import WordsMissing
from dialogues.models import Model
from dialogues.ports import Page
from dialogues.repertoire import Repertoire
from dialogues.ties import action_words, tied_words

_LEVELS = {Level.ONLY_ME: "nothing", Level.SUMMARY: "summary", Level.PIECE: "piece", Level.JOURNEY: "journey"}
_HALF_CHARACTERS = re.compile("[\ud800-\udfff]")


class PageExporter:
    """Implements the Exporter port over the words of a catalogue."""

    def __init__(self, catalogue: Catalogue, number: int = 1) -> None:
        """Take the words the document is written with, and the *number* of the format pages are stored in today."""
        self._catalogue = catalogue
        self._number = number

    def export(self, page: Page, language: str, form: str, boards: tuple[Hers, ...] = ()) -> str:
        """
        Return *page* and what is hers on *boards* as a document.

        Args:
            form: "json" for every field; "md" for a document to read.

        Raises:
            ValueError: *form* is neither.
        """
        if form == "json":
            parts = {part.name: self._plain(getattr(page, part.name), language) for part in fields(page)}
            whole = {"format": self._number, **parts, "boards": self._plain(boards, language)}
            text = json.dumps(whole, ensure_ascii=False, indent=2)
            return _HALF_CHARACTERS.sub(lambda half: f"\\u{ord(half[0]):04x}", text)
        if form == "md":
            return self._catalogue.render(_document(page, self._catalogue.repertoire, boards), language).text + "\n"
        message = f"an export is json or md, not {form}"
        raise ValueError(message)

    def _plain(self, value: object, language: str) -> object:
        """Return *value* as JSON holds it."""
        if isinstance(value, Phrase):
            return self._open(value, language)
        if isinstance(value, Step):
            sets = {name: self._open(item, language) for name, item in value.sets.items()}
            return {"route": value.route, "state": value.state, "sets": sets}
        if is_dataclass(value) and not isinstance(value, type):
            return {part.name: self._plain(getattr(value, part.name), language) for part in fields(value)}
        if isinstance(value, Mapping):
            return {str(name): self._plain(item, language) for name, item in value.items()}
        if isinstance(value, tuple):
            return [self._plain(item, language) for item in value]
        return value.isoformat() if isinstance(value, date) else value

    def _open(self, value: object, language: str) -> object:
        """Return a value that may be anything as JSON that says what it is."""
        if isinstance(value, Phrase):
            return {
                "key": value.key,
                "values": {name: self._open(item, language) for name, item in value.values.items()},
                "words": self._words(value, language),
            }
        if isinstance(value, datetime):
            return {"time": value.isoformat()}
        if isinstance(value, date):
            return {"date": value.isoformat()}
        if isinstance(value, Mapping):
            return {"map": {name: self._open(item, language) for name, item in value.items()}}
        return [self._open(item, language) for item in value] if isinstance(value, tuple) else value

    def _words(self, phrase: Phrase, language: str) -> str:
        """Return the words of *phrase*, or "" when today's content has none: what is kept comes out all the same."""
        try:
            return self._catalogue.render(Say(phrase.key, phrase.values), language).text
        except WordsMissing:
            return ""


def _document(page: Page, known: Repertoire, boards: tuple[Hers, ...]) -> Say:
    conversation = page.conversation
    journeys = tuple(_journey(journey, conversation.plans, boards) for journey in conversation.journeys)
    loose = tuple(_plan(plan) for plan in conversation.plans if not plan.journey)
    written = tuple(_reflection(kept) for kept in page.journal if kept.text)
    made = conversation.heard or conversation.consent
    return Say(
        "export.document",
        {
            "made": made or "",
            "journeys": journeys,
            "loose": loose,
            "vision": _vision(page),
            "scans": tuple(_scan(scan, known) for scan in conversation.scans if scan.answers),
            "reflections": written,
            "boards": tuple(_board(hers) for hers in boards),
            **_between(page),
        },
    )


def _between(page: Page) -> dict[str, Value]:
    """Return what stands between a leader and her coaches: whom she has or had, what they may read and read, and wrote."""
    conversation = page.conversation
    names = {link.coach: link.name for link in conversation.links}
    whose = {journey.id: journey.to for journey in conversation.journeys}
    return {
        "links": tuple(
            {"name": link.name, "organisation": link.organisation, "since": link.since, "ended": link.ended or ""}
            for link in conversation.links
        ),
        "grants": tuple(
            {
                "id": grant.id,
                "name": names.get(grant.coach, ""),
                "level": Phrase(f"coach.levels.{'sentence' if grant.sentence else _LEVELS[grant.level]}"),
                "about": grant.about,
                "sentence": grant.sentence,
                "to": whose.get(grant.about, ""),
                "since": grant.since,
                "until": grant.until or "",
                "withdrawn": grant.withdrawn or "",
            }
            for grant in conversation.grants
        ),
        "looks": tuple(
            {
                "name": names.get(look.coach, ""),
                "about": look.about,
                "first": look.first,
                "last": look.last,
                "times": look.times,
            }
            for look in conversation.looks
        ),
        "notes": tuple(
            {
                "name": names.get(note.coach, ""),
                "about": note.about,
                "on": note.sent or note.written,
                "text": note.text,
                "draft": note.sent is None,
            }
            for note in conversation.notes
        ),
        "statements": tuple(
            {
                "name": names.get(one.coach, ""),
                "about": one.about,
                "on": one.written,
                "text": one.text,
                "accepted": one.accepted,
                "answered": one.answered or "",
            }
            for one in conversation.statements
        ),
    }


def _vision(page: Page) -> dict[str, Value]:
    vision = page.conversation.vision
    if vision is None:
        return {}
    journal = {kept.id: kept for kept in page.journal}
    draft = journal.get(vision.draft)
    written = matrix.texts(vision.cells, journal.get)
    return {
        "station": vision.station,
        "draft": draft.text if draft else "",
        "versions": tuple(correction.text for correction in draft.history) if draft else (),
        **(matrix.overview(written) if written else {"rows": ()}),
    }


def _scan(scan: Scan, known: Repertoire) -> dict[str, Value]:
    """Return a scan as values; statements that the content no longer holds come under their id."""
    model = known.models.get(scan.model)
    return {
        "title": model.words("title") if model else scan.model,
        "on": scan.finished or scan.begun,
        "finished": scan.finished is not None,
        "low": Phrase(f"scan.scales.{model.scale}.low") if model and model.scale != "slider" else "",
        "high": Phrase(f"scan.scales.{model.scale}.high") if model and model.scale != "slider" else "",
        "rows": tuple(_answer(item, answer, model) for item, answer in scan.answers.items()),
    }


def _answer(item: str, answer: int, model: Model | None) -> dict[str, Value]:
    known = model is not None and item in model.items
    slider = model is not None and known and model.scale == "slider"
    return {
        "label": scanning.label(model, item) if model and known else item,
        "left": model.of_item(item, "left") if model and slider else "",
        "right": model.of_item(item, "right") if model and slider else "",
        "answer": answer,
    }


def _journey(journey: Journey, plans: tuple[Plan, ...], boards: tuple[Hers, ...]) -> dict[str, Value]:
    return {
        "id": journey.id,
        "from_": journey.from_,
        "to": journey.to,
        "whose": Phrase(f"journeys.whose.{journey.whose}"),
        "who": journey.who,
        "begun": journey.begun,
        "status": Phrase(f"journeys.status.{journey.status}"),
        "phase": Phrase(f"phases.p{journey.phase}.name") if journey.phase else "",
        "computed": Phrase(f"phases.p{journey.computed}.name") if journey.computed else "",
        "corrected": journey.computed is not None and journey.computed != journey.phase,
        "remember": journey.remember,
        "plans": tuple(_plan(plan) for plan in plans if plan.journey == journey.id),
        "ties": tied_words(journey, boards),
    }


def _board(hers: Hers) -> dict[str, Value]:
    return {
        "title": hers.title,
        "name": hers.name,
        "joined": hers.joined,
        "actions": tuple({**action_words(action), "made": action.made} for action in hers.actions),
        "lines": tuple(
            {"kind": Phrase(f"export.lines.{line.kind}"), "text": line.text, "at": line.at, "private": line.private}
            for line in hers.lines
        ),
    }


def _plan(plan: Plan) -> dict[str, Value]:
    return {
        "id": plan.id,
        "made": plan.made,
        "card": Phrase(f"cards.{plan.card}.term") if plan.card else "",
        "moment": plan.moment,
        "act": plan.act,
        "sign": plan.sign,
        "helper": plan.helper,
        "trace": plan.trace,
        "stop": plan.stop,
        "commitment": "" if plan.commitment is None else str(plan.commitment),
        "confidence": "" if plan.confidence is None else str(plan.confidence),
        "day": plan.ask_on or "",
        "result": Phrase(f"checkin.results.{plan.result}") if plan.result else "",
        "happened": plan.happened,
        "meaning": plan.meaning,
    }


def _reflection(kept: Reflection) -> dict[str, Value]:
    return {
        "id": kept.id,
        "said": kept.said,
        "mark": Phrase(f"mark.names.{kept.mark}") if kept.mark else "",
        "question": kept.question,
        "text": kept.text,
        "history": tuple(correction.text for correction in kept.history),
    }
