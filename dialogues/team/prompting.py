"""
Asks a team its question of the article: one in a session, of the theme it chose, or the next one of a series it began.

Which one comes is decided in `prompts.py`; here stands when it is asked, and what a team can choose. A session that was
made short has none.
"""

from __future__ import annotations

from dialogues.changing import replace
from dialogues.conversation import Phrase, Say
from dialogues.team import prompts
from dialogues.team.desk import Post, TeamDesk
from dialogues.team.part import is_new
from dialogues.team.prompts import ANY, Series

THEME, SERIES = "theme", "series"
"""What the number of the buttons under a question begins with."""

LESSON_STUDY = "lesson-study"
WHERE = ("goals", "lead")
"""Parts at which the question comes: the goals, and else the round-off."""


def ask_once(desk: TeamDesk) -> None:
    """Ask the question of this session, if it was not asked yet."""
    team, session = desk.team, desk.session
    if session.state not in WHERE or session.short or session.day in team.given.values():
        return
    found = prompts.next_prompt(desk.questions.supply, team.id, session.day, team.given, team.theme, team.series)
    if found is None:
        return
    desk.change(given={**team.given, found.id: session.day})
    desk.posts.append(Post(prompts.asked(found, desk.questions.models, new=is_new(desk))))


def offer_theme(desk: TeamDesk) -> None:
    """Ask which theme suits the team."""
    _offer(desk, THEME, prompts.choosing(desk.questions.supply, desk.team.theme))


def offer_series(desk: TeamDesk) -> None:
    """Ask whether to begin lesson study, or say from when that can be done again."""
    supply, models = desk.questions.supply, desk.questions.models
    _offer(desk, SERIES, prompts.beginning(supply, LESSON_STUDY, desk.today, desk.team.given, models))


def is_asked(nonce: str) -> bool:
    """Return whether *nonce* is that of a question about themes or a series."""
    return nonce.startswith((THEME, SERIES))


def tapped(desk: TeamDesk, nonce: str, choice: str) -> None:
    """Take the answer to the newest question of its sort; it is given once."""
    sort = THEME if nonce.startswith(THEME) else SERIES
    if nonce != f"{sort}{desk.team.numbers.get(sort, 0)}" or not _answers(desk, sort, choice):
        desk.tell("team.old_button")
        return
    desk.number(sort)
    if sort == THEME:
        theme = prompts.theme_of(desk.questions.supply, choice)
        desk.change(theme=theme)
        said = Say("team_prompts.theme_chosen", {"theme": Phrase(f"team_prompts.themes.{theme}") if theme else ""})
    elif choice == "begin":
        desk.change(series=Series(LESSON_STUDY, desk.today))
        said = Say("team_prompts.series_begun", {"title": desk.questions.models[LESSON_STUDY].words("title")})
    else:
        said = Say("team_prompts.series_later")
    desk.posts.append(Post(said, slot=nonce))


def _offer(desk: TeamDesk, sort: str, say: Say) -> None:
    nonce = desk.number(sort)
    desk.posts.append(Post(replace(say, nonce=nonce), slot=nonce))


def _answers(desk: TeamDesk, sort: str, choice: str) -> bool:
    if sort == SERIES:
        return choice in ("begin", "later")
    return choice == ANY or bool(prompts.theme_of(desk.questions.supply, choice))
