"""Whole conversations, word for word, and every arrow of every route walked by one of them in each language."""

from __future__ import annotations

from pathlib import Path

import pytest

from content.catalogue import Catalogue
from content.matching import StemMatcher
from dialogues.map import ROUTES
from tests.play import FOLDER, Play, held_by, transcripts

LANGUAGES = ("nl", "en")
EVERY = [path for language in LANGUAGES for path in transcripts(language)]


HELD: dict[Path, tuple[str, Play]] = {}  # each conversation is held once per run


async def _held(path: Path, catalogue: Catalogue, matcher: StemMatcher) -> tuple[str, Play]:
    if path not in HELD:
        play = Play(catalogue, matcher, path.parent.name)
        HELD[path] = await play.play(held_by(path)), play
    return HELD[path]


@pytest.mark.asyncio
@pytest.mark.parametrize("path", EVERY, ids=lambda path: f"{path.parent.name}/{path.stem}")
async def test_the_conversation_goes_as_written(
    path: Path, catalogue: Catalogue, matcher: StemMatcher, request: pytest.FixtureRequest
) -> None:
    went, _play = await _held(path, catalogue, matcher)
    if request.config.getoption("--rewrite-transcripts"):
        path.write_text(went, encoding="utf-8")
    assert went == path.read_text(encoding="utf-8")


@pytest.mark.asyncio
@pytest.mark.parametrize("language", LANGUAGES)
async def test_every_arrow_of_every_route_is_walked(
    language: str, catalogue: Catalogue, matcher: StemMatcher, record_property: pytest.RecordProperty
) -> None:
    walked: set[tuple[str, str, str]] = set()
    for path in transcripts(language):
        walked |= (await _held(path, catalogue, matcher))[1].walked
    every = {(route.name, arrow.source, arrow.move) for route in ROUTES.values() for arrow in route.arrows}
    left = sorted(every - walked)
    share = 100 * len(every & walked) // len(every)
    record_property("arrows", f"arrows walked, {language}: {len(every & walked)} of {len(every)} ({share} %)")
    assert walked <= every
    assert not left, "not walked: " + ", ".join(".".join(arrow) for arrow in left)


def test_both_languages_tell_the_same_stories() -> None:
    assert [path.name for path in transcripts("nl")] == [path.name for path in transcripts("en")]
    assert FOLDER.is_dir()
