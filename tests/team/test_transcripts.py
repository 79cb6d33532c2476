"""What teams and the guide say to each other, written down, in both languages; together the stories walk every arrow."""

from __future__ import annotations

import pytest

from dialogues.team.engine import ROUTES
from tests.team.play import FOLDER, TeamPlay, held_by, transcripts

EVERY = [path for language in ("nl", "en") for path in transcripts(language)]


def play_of(path, catalogue, matcher) -> TeamPlay:
    lines = path.read_text(encoding="utf-8").splitlines()
    private = next((line.removeprefix("# private:").split() for line in lines if line.startswith("# private:")), [])
    return TeamPlay(catalogue, matcher, path.parent.name, private=set(private))


@pytest.mark.asyncio
@pytest.mark.parametrize("path", EVERY, ids=lambda path: f"{path.parent.name}-{path.stem}")
async def test_a_story_goes_as_it_is_written(path, catalogue, matcher, request):
    written = await play_of(path, catalogue, matcher).play(held_by(path))
    if request.config.getoption("--rewrite-transcripts"):
        path.write_text(written, encoding="utf-8")
    assert written == path.read_text(encoding="utf-8")


def test_both_languages_tell_the_same_stories():
    assert [path.name for path in transcripts("nl")] == [path.name for path in transcripts("en")]
    assert len(list(FOLDER.glob("*/*.txt"))) == len(EVERY)


@pytest.mark.asyncio
@pytest.mark.parametrize("language", ["nl", "en"])
async def test_the_stories_walk_every_arrow_of_a_team(language, catalogue, matcher):
    walked: set[tuple[str, str, str]] = set()
    for path in transcripts(language):
        play = play_of(path, catalogue, matcher)
        await play.play(held_by(path))
        walked |= play.walked
    arrows = {(route.name, arrow.source, arrow.move) for route in ROUTES for arrow in route.arrows}
    assert arrows - walked == set()
    assert walked - arrows == set()
