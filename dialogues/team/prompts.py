"""
Which question of the article a team gets at its session: one a session, and never the same within half a school year.

In this order: the next step of a series the team began, the critical question of the quarter, the learning question of the
month, and else a question of the theme the team chose, or of any theme. The choice follows from the team, the day and what
was given before, and from nothing else: after a restart it is the same.

Groups plan their work, and seldom their learning (P.R.J. Simons, *Leidinggeven aan leren*, 7.1). The four critical
questions about lesson study and leerKRACHT, and the six phases of lesson study (De Vries, Verhoeven & Goei, 2016), are from
8.1.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

from dialogues.conversation import Choice, Phrase, Say, Shape, Value
from dialogues.models import Model

TERM = timedelta(weeks=26)
"""How long a question rests after it was given: longer than any term, holidays included."""

QUARTER, MONTH = timedelta(weeks=12), timedelta(weeks=4)
SETTLED_FOR_QUARTER, SETTLED_FOR_MONTH = 6, 3
"""Sessions with a question before the first critical one, and before the first about learning: there must be something."""

ANY = "any"
"""The choice of no theme."""

LEARNED = "learned"
"""The learning question of our own, which comes before those of the model."""


class Occasion(StrEnum):
    """Why a question comes now."""

    SERIES = "series"
    QUARTERLY = "quarterly"
    MONTHLY = "monthly"
    THEME = "theme"


@dataclass(frozen=True, slots=True)
class Supply:
    """
    All questions for the board, as ``model.element`` in the order of the article. *series* and *themes* are by name;
    themes in *chosen* come only to a team that asks for them.
    """

    monthly: tuple[str, ...] = ()
    quarterly: tuple[str, ...] = ()
    series: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    themes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    chosen: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Questions:
    """The questions of the article, and the *models* they are from, by id; without any, a session has none."""

    supply: Supply = field(default_factory=Supply)
    models: Mapping[str, Model] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Series:
    """A series that a team began on a day: *name* is one of `Supply.series`."""

    name: str
    begun: date


@dataclass(frozen=True, slots=True)
class Prompt:
    """The question *id* for a session; in a series it is *step* of *steps*."""

    id: str
    occasion: Occasion
    step: int = 0
    steps: int = 0


def next_prompt(
    supply: Supply, seed: str, day: date, given: Mapping[str, date], theme: str = "", series: Series | None = None
) -> Prompt | None:
    """
    Return the question for the session of *day*, or None when every question was given within half a school year.

    Args:
        seed: what tells this team from others, so that two teams of a school get different questions.
        given: the questions that were given, by id, each with the last day. What was given on *day* itself does not count,
            so that asking again gives the same question.
        theme: the theme the team chose, "" for any. When its questions have all been given, others come.
        series: the series the team began; once it is through, the others come again.
    """
    before = {id_: on for id_, on in given.items() if on < day}
    rested = {id_ for id_, on in before.items() if day - on < TERM}
    return (
        _series(supply, series, before)
        or _quarterly(supply, seed, day, before)
        or _monthly(supply, day, before, rested)
        or _by_theme(supply, seed, day, before, theme)
    )


def choosing(supply: Supply, theme: str) -> Say:
    """Return the question which theme suits the team; *theme* is the one it has, "" for any. Answers: `theme_of`."""
    names: tuple[Value, ...] = tuple(
        {"number": number, "name": Phrase(f"team_prompts.themes.{name}")}
        for number, name in enumerate(supply.themes, 1)
    )
    now = Phrase(f"team_prompts.themes.{theme}") if theme else ""
    numbers = (Choice(str(number), "choose") for number in range(1, len(names) + 1))
    choices = (*numbers, Choice(ANY, "choose"))
    return Say("team_prompts.theme", {"themes": names, "theme": now}, choices, Shape.ROW)


def theme_of(supply: Supply, choice: str) -> str:
    """Return the theme that a *choice* of `choosing` stands for, "" for any, or for a number that is not there."""
    names = list(supply.themes)
    return names[int(choice) - 1] if choice in map(str, range(1, len(names) + 1)) else ""


def beginning(supply: Supply, name: str, day: date, given: Mapping[str, date], models: Mapping[str, Model]) -> Say:
    """Return the question whether to begin the series *name*, or from when that can be done again."""
    title = models[name].words("title")
    again = max((given[id_] + TERM for id_ in supply.series[name] if id_ in given), default=day)
    if again > day:
        return Say("team_prompts.series_again", {"day": again})
    return Say("team_prompts.series", {"title": title}, (Choice("begin", "begin"), Choice("later", "later")))


def asked(prompt: Prompt, models: Mapping[str, Model], *, new: bool = False) -> Say:
    """Return *prompt* as a message, with where it comes from; to a *new* team with what to do with it."""
    id_, _, element = prompt.id.partition(".")
    model = models.get(id_)
    values: dict[str, Value] = {"step": prompt.step, "steps": prompt.steps, "new": new}
    if model is None:
        values |= {"question": Phrase(f"team_prompts.own.{prompt.id}"), "title": "", "authors": ""}
    else:
        values |= {
            "question": model.of(element, "board"),
            "title": model.words("title"),
            "authors": model.words("authors"),
        }
    return Say(f"team_prompts.asked.{prompt.occasion}", values)


def _series(supply: Supply, series: Series | None, before: Mapping[str, date]) -> Prompt | None:
    steps = supply.series.get(series.name, ()) if series else ()
    for number, id_ in enumerate(steps, 1):
        if series and not (id_ in before and before[id_] >= series.begun):
            return Prompt(id_, Occasion.SERIES, number, len(steps))
    return None


def _quarterly(supply: Supply, seed: str, day: date, before: Mapping[str, date]) -> Prompt | None:
    last = _last(supply.quarterly, before)
    if not (day - last >= QUARTER if last else len(before) >= SETTLED_FOR_QUARTER):
        return None
    resting = [id_ for id_ in supply.quarterly if id_ not in before or day - before[id_] >= TERM]
    # The four in turn, so that a school year holds each of them once; which one is first differs between teams.
    first = min(resting, key=lambda id_: (before.get(id_, date.min), _place(seed, id_)), default="")
    return Prompt(first, Occasion.QUARTERLY) if first else None


def _monthly(supply: Supply, day: date, before: Mapping[str, date], rested: set[str]) -> Prompt | None:
    last = _last(supply.monthly, before)
    if not (day - last >= MONTH if last else len(before) >= SETTLED_FOR_MONTH):
        return None
    first = min(
        (id_ for id_ in supply.monthly if id_ not in rested), key=lambda id_: before.get(id_, date.min), default=""
    )
    return Prompt(first, Occasion.MONTHLY) if first else None


def _by_theme(supply: Supply, seed: str, day: date, before: Mapping[str, date], theme: str) -> Prompt | None:
    """Return a question of *theme*, else of any: of a model that was not heard for a month, when there is one."""
    any_theme = [id_ for name, ids in supply.themes.items() if name not in supply.chosen for id_ in ids]
    heard = {id_.partition(".")[0] for id_, on in before.items() if day - on < MONTH}

    def rank(id_: str) -> tuple[bool, str]:
        return id_.partition(".")[0] in heard, _place(seed, id_)

    for ids in (supply.themes.get(theme, ()), any_theme):
        first = min((id_ for id_ in ids if id_ not in before or day - before[id_] >= TERM), key=rank, default="")
        if first:
            return Prompt(first, Occasion.THEME)
    return None


def _last(ids: Sequence[str], before: Mapping[str, date]) -> date | None:
    return max((before[id_] for id_ in ids if id_ in before), default=None)


def _place(seed: str, id_: str) -> str:
    """Return where *id_* stands in the order of one team: the same always, and another for another team."""
    return hashlib.sha256(f"{seed}\n{id_}".encode()).hexdigest()
