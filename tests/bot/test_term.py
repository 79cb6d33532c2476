"""
A school term and a half in time that is only told: two groups in different regions and languages, over the fake Bot API.

From October to April: both clock changes, the holidays, two outages, a group that becomes a supergroup, and a session
every week. The bot is looked at four times on every day, free or not. Every message stands in `tests/transcripts/team/`.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from bot.hear import leader_of
from tests.bot.group_scene import BO, GROUP, JAN, NAMES, RIK, SAAR, SANNE, SUPERGROUP, Group
from tests.bot.team_parts import ZONE, Clock, with_teams

FOLDER = Path(__file__).parents[1] / "transcripts" / "team"
FIRST, LAST = date(2026, 10, 5), date(2027, 4, 9)
LOOKS = ("07:30", "08:30", "15:00", "18:00")
AWAY = {date(2026, 11, 10): ("08:30", "15:00", "18:00"), date(2026, 11, 11): ("07:30",), date(2027, 1, 14): ("15:00",)}
"""Looks that do not happen, because the bot is down: one session is skipped for it, the other is late."""

BACK = {date(2027, 1, 14): ("16:30",)}
"""A look more, on the day on which the bot is back before six."""

MOVED_ON = date(2027, 2, 2)
NORTH = {"id": GROUP["id"], "type": "group", "title": "Team Noord"}
SOUTH = {"id": -700, "type": "supergroup", "title": "Team South"}
NORTH_NEW = {**SUPERGROUP, "title": "Team Noord"}

WORDS = {
    "nl": {
        "set_up": ("Nederlands", "di", "8.30 uur", "Noord", "Verder", "Wie wil, anders om de beurt", "6", "Verder"),
        "join": "Ik doe mee",
        "begin": "Beginnen",
        "next": "Verder",
        "done": "Gedaan",
        "keep": "Nog één week",
        "course": "Spannend",
        "right": "Klopt",
        "following": ", de volgende",
        "goal": "/doel elke leerling kan zeggen wat hij nog moet leren tot 9 april",
        "success": "Groep {n} legde elkaar iets uit.",
        "action": "/actie {n} leerlingen vragen – donderdag",
        "voice": "Ik snap het als ik het zelf vertel, keer {n}.",
    },
    "en": {
        "set_up": ("English", "Thu", "15:00", "South", "Go on", "Everybody in turn", "6", "Go on"),
        "join": "I join",
        "begin": "Begin",
        "next": "Go on",
        "done": "Done",
        "keep": "One more week",
        "course": "At risk",
        "right": "Right",
        "following": ", next in line",
        "goal": "/goal every pupil can say what is still to be learned until 9 April",
        "success": "Group {n} explained something to each other.",
        "action": "/action ask {n} pupils – Thursday",
        "voice": "I get it when I tell it myself, time {n}.",
    },
}


@dataclass
class Term:
    """The whole of it, being held; *written* per group."""

    scene: object
    clock: Clock
    groups: dict[str, Group]
    written: dict[str, list[str]] = field(default_factory=lambda: {"nl": [], "en": []})
    seen: int = 0
    offers: dict[str, list[datetime]] = field(default_factory=lambda: {"nl": [], "en": []})

    @property
    def api(self):
        return self.scene.api

    async def settle(self) -> None:
        """Wait until nothing is under way, then write down what the bot did."""
        keeper = self.scene.team_keeper
        async with asyncio.timeout(20):
            while self.api.queries or self.api.updates or keeper.waiting():  # noqa: ASYNC110 (no event)
                await asyncio.sleep(0.003)
        new, self.seen = self.api.calls[self.seen :], len(self.api.calls)
        for call in sorted(new, key=lambda call: call.method == "answercallbackquery"):
            self._write(call.method, call.values)

    def _write(self, method: str, values: dict) -> None:
        if method == "answercallbackquery":
            if values.get("text"):
                self.written[self.acting].append(f"= {values['text']}")
            return
        chat, text = values.get("chat_id"), values.get("text", values.get("caption", ""))
        language = next((name for name, group in self.groups.items() if group.chat["id"] == chat), "")
        if chat == SANNE:
            language = "en" if "Team South" in text else "nl"
        if not language:
            return
        mark = "~" if method == "editmessagetext" else "<Sanne" if chat == SANNE else "<"
        first, *others = text.split("\n")
        self.written[language] += [f"{mark} {first}", *(f"  {line}".rstrip() for line in others)]
        self.written[language] += ["  (with the board as a picture)"] if "photo" in values else []
        rows = (values.get("reply_markup") or {}).get("inline_keyboard", [])
        if rows:
            self.written[language].append("  " + " ".join(f"[{one['text']}]" for row in rows for one in row))
        if any(one["text"] == WORDS[language]["begin"] for row in rows for one in row) and mark == "<":
            self.offers[language].append(self.clock.now)

    async def look(self) -> None:
        naps = self.scene.naps
        before = naps.rounds
        stamp = f"@ {self.clock.now.astimezone(ZONE):%Y-%m-%d %H:%M}"
        counts = {name: len(lines) for name, lines in self.written.items()}
        naps.look_again()
        async with asyncio.timeout(20):
            while naps.rounds == before:  # noqa: ASYNC110 (no event)
                await asyncio.sleep(0.002)
        await self.settle()
        for name, count in counts.items():
            if len(self.written[name]) > count:
                self.written[name][count:count] = ["", stamp]

    async def act(self, language: str, person: int, said: str, part: str = "") -> None:
        """Tap *said* when it stands in brackets, else type it; an answer goes to the message that holds *part*."""
        self.acting = language
        group = self.groups[language]
        self.written[language].append(f"{NAMES[person]}: {said}")
        if said.startswith("["):
            await group.taps(person, said[1:-1])
        elif said.startswith("/"):
            await group.says(person, said)
        else:
            await group.answers(person, said, part)
        await self.settle()

    def has(self, language: str, label: str) -> bool:
        try:
            self.groups[language].button(label)
        except AssertionError:
            return False
        return True

    async def set_up(self, language: str) -> None:
        group, words = self.groups[language], WORDS[language]
        self.written[language] += ["", "@ 2026-10-01 08:00", "! Sanne adds the guide"]
        await group.adds_the_bot(SANNE)
        await self.settle()
        for label in words["set_up"]:
            await self.act(language, SANNE, f"[{label}]")
        for person in (JAN, RIK, BO, SAAR):
            await self.act(language, person, f"[{words['join']}]")
        await self.act(language, SANNE, words["goal"])

    async def hold(self, language: str, number: int) -> None:
        """Hold the session that is on offer."""
        words = WORDS[language]
        await self.act(language, SANNE, f"[{words['begin']}]")
        for person in (SANNE, JAN, RIK, BO, SAAR)[: 5 if number % 2 else 3]:
            await self.act(language, person, "[🙂]" if person != BO else "[😐]")
        await self.act(language, SANNE, f"[{words['next']}]")
        while self.open_state(await self.page(language)) == "promises":
            kept = number % 3 == 0 and self.newest_has(language, words["keep"])
            await self.act(language, JAN, f"[{words['keep'] if kept else words['done']}]")
        await self.act(language, RIK, words["success"].format(n=number), self.newest(language))
        await self.act(language, SANNE, f"[{words['next']}]")
        if self.open_state(await self.page(language)) == "goals":
            await self.act(language, BO, f"[{words['course']}]")
        await self.act(language, RIK, words["action"].format(n=number))
        await self.act(language, SANNE, f"[{words['next']}]")
        await self.act(language, BO, words["voice"].format(n=number), self.newest(language))
        await self.act(language, SANNE, f"[{words['next']}]")
        await self.act(language, SANNE, f"[{self.following(language)}]")
        page = await self.page(language)
        lead = next(one for one in (SANNE, JAN, RIK, BO, SAAR) if leader_of(one) == page.team.session.lead)
        await self.act(language, lead, f"[{words['right']}]")

    async def page(self, language: str):
        keeper = self.scene.team_keeper
        return await keeper.read(keeper.at(f"telegram:{self.groups[language].chat['id']}"))

    @staticmethod
    def open_state(page) -> str:
        return page.team.session.state

    def newest(self, language: str) -> str:
        return self.groups[language].texts()[-1]

    def newest_has(self, language: str, label: str) -> bool:
        rows = (self.groups[language].shown()[-1].get("reply_markup") or {}).get("inline_keyboard", [])
        return any(one["text"] == label for row in rows for one in row)

    def following(self, language: str) -> str:
        rows = self.groups[language].shown()[-1]["reply_markup"]["inline_keyboard"]
        return next(one["text"] for row in rows for one in row if one["text"].endswith(WORDS[language]["following"]))

    async def day(self, day: date) -> None:
        for at in sorted((*LOOKS, *BACK.get(day, ()))):
            if at in AWAY.get(day, ()):
                continue
            self.clock.at(f"{day} {at}")
            counts = {name: len(offers) for name, offers in self.offers.items()}
            await self.look()
            for name, count in counts.items():
                if len(self.offers[name]) > count:
                    await self.hold(name, len(self.offers[name]))

    async def move(self) -> None:
        """The group in the north becomes a supergroup."""
        old = self.groups["nl"]
        self.written["nl"] += ["", "! the group becomes a supergroup"]
        await old.happens(migrate_to_chat_id=NORTH_NEW["id"])
        self.api.moved[NORTH["id"]] = NORTH_NEW["id"]
        self.groups["nl"] = Group(self.api, dict(NORTH_NEW), "nl")
        await self.groups["nl"].happens(migrate_from_chat_id=NORTH["id"])
        await self.settle()


@pytest.mark.asyncio
async def test_a_whole_term_of_two_groups_is_one_session_a_week_whatever_happens(
    scene, tmp_path, catalogue, matcher, monkeypatch, request
):
    monkeypatch.setattr("bot.courier.BURST", 100_000)
    scene.at_once = 100_000
    clock = Clock()
    async with with_teams(scene, tmp_path, catalogue, matcher, clock):
        groups = {"nl": Group(scene.api, dict(NORTH), "nl"), "en": Group(scene.api, dict(SOUTH), "en")}
        term = Term(scene, clock, groups)
        scene.reachable[leader_of(SANNE)] = f"telegram:{SANNE}"
        days = [FIRST + timedelta(days=number) for number in range((LAST - FIRST).days + 1)]
        down = [day for day in days if day in AWAY]
        spans = _between(days, down)
        for place, span in enumerate(spans):
            async with scene.bot():
                await term.settle()
                if place == 0:
                    await term.set_up("nl")
                    await term.set_up("en")
                for day in span:
                    if day == MOVED_ON:
                        await term.move()
                    await term.day(day)
        _check(term, catalogue)
        boards = {name: (await term.page(name)).boards for name in groups}
    for name, lines in term.written.items():
        path, text = FOLDER / f"term_{name}.txt", "\n".join(lines).strip() + "\n"
        if request.config.getoption("--rewrite-transcripts"):
            path.write_text(text, encoding="utf-8")
        assert text == path.read_text(encoding="utf-8")
        assert len(boards[name]) == len(term.offers[name])


def _between(days: list[date], down: list[date]) -> list[list[date]]:
    """Return *days* in parts, each beginning on a day on which the bot is away for a while."""
    parts: list[list[date]] = [[]]
    for day in days:
        if day in down:
            parts.append([])
        parts[-1].append(day)
    return parts


def _check(term: Term, catalogue) -> None:
    weekdays, skipped = {"nl": 1, "en": 3}, {"nl": {date(2026, 11, 10)}, "en": set()}
    for name, region in (("nl", "north"), ("en", "south")):
        free = catalogue.repertoire.school_year.of(region)
        days = [FIRST + timedelta(days=number) for number in range((LAST - FIRST).days + 1)]
        wanted = [day for day in days if day.weekday() == weekdays[name] and not free.frees(day)]
        held = [at.astimezone(ZONE).date() for at in term.offers[name]]
        assert held == [day for day in wanted if day not in skipped[name]]
        assert max(Counter(day.isocalendar()[:2] for day in held).values()) == 1
        stamps = [datetime.fromisoformat(line[2:]) for line in term.written[name] if line.startswith("@ ")]
        for at in stamps[1:]:
            assert not free.frees(at.date())
            assert (7, 30) <= (at.hour, at.minute) < (18, 0)
