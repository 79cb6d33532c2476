"""The demonstration: one command, no token, and two buttons to be the coach or the leader."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from zoneinfo import ZoneInfo

import httpx
import pytest

from app.demo import STORIES, demonstration
from app.playing import StoryBroken
from tests.dashboard.conftest import Browser, served

ROOT = Path(__file__).parents[2]
ZONE = ZoneInfo("Europe/Amsterdam")


async def entered(client: httpx.AsyncClient, role: str) -> httpx.Response:
    browser = Browser(client, None)
    entrance = await browser.get("/")
    assert re.search(r"proefversie|demonstration", entrance.text)
    done = await browser.post(f"/demo/{role}")
    assert done.status_code == 303
    return await browser.get(done.headers["location"])


@pytest.mark.asyncio
@pytest.mark.parametrize("language", ["nl", "en"])
async def test_the_story_can_be_played_and_both_people_of_it_be_visited(language):
    headers = {"accept-language": language}
    async with (
        served(await demonstration("http://127.0.0.1:1", ZONE, language)) as address,
        httpx.AsyncClient(base_url=address, headers=headers, timeout=20) as client,
    ):
        coach = await entered(client, "coach")
        assert (coach.status_code, coach.request.url.path) == (200, "/coach")
        assert "Anne" in coach.text
        leader = await entered(client, "leader")
        assert (leader.status_code, leader.request.url.path) == (200, "/journey")
        assert all(f'lang="{language}"' in page.text for page in (coach, leader))


@pytest.mark.asyncio
async def test_a_story_that_does_not_fit_the_guide_any_more_says_which_line(tmp_path, monkeypatch):
    story = (STORIES / "nl.txt").read_text(encoding="utf-8").replace("> [Veilig oefenen]", "> [Een andere knop]")
    (tmp_path / "nl.txt").write_text(story, encoding="utf-8")
    monkeypatch.setattr("app.demo.STORIES", tmp_path)
    with pytest.raises(StoryBroken, match="Een andere knop"):
        await demonstration("http://127.0.0.1:1", ZONE, "nl")


def test_both_languages_tell_the_same_story():
    kinds = [
        [
            re.match(r"[\w>@]+|", line)[0]
            for line in (STORIES / f"{language}.txt").read_text(encoding="utf-8").splitlines()
        ]
        for language in ("nl", "en")
    ]
    assert kinds[0] == kinds[1]


@pytest.mark.asyncio
async def test_outside_a_demonstration_its_door_is_not_there(running):
    browser = await running.browser()
    await browser.get("/login/coach")
    answer = await browser.post("/demo/coach")
    assert (answer.status_code, "session" in browser.client.cookies) == (404, False)


def test_one_command_opens_it_without_a_token_and_ends_when_told():
    env = {name: value for name, value in os.environ.items() if not name.startswith("MINDSHIFT_")}
    command = [sys.executable, "-m", "app", "dashboard", "--demo"]
    with subprocess.Popen(command, cwd=ROOT, env=env, stdout=subprocess.PIPE, text=True, bufsize=1) as running:
        said = running.stdout.readline()
        address = re.search(r"http://127\.0\.0\.1:\d+/", said)[0]
        assert httpx.get(address, timeout=20).status_code == 200
        running.terminate()
    assert running.returncode is not None


def test_without_the_word_demo_the_command_says_where_the_real_pages_are():
    done = subprocess.run(
        [sys.executable, "-m", "app", "dashboard"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (done.returncode, "MINDSHIFT_PUBLIC_URL" in done.stderr) == (2, True)
