"""
Random walks over everything at once: buttons, words, numbers, commands, edits, media, waiting, and texts meant to hurt.

Whatever happens, no turn fails, each gives a message or a toast in both languages, what was written is found again, and
there is a way home. ``HYPOTHESIS_PROFILE=long`` walks much further.
"""

from __future__ import annotations

import asyncio
import os
import re
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from content.catalogue import Catalogue
from content.matching import StemMatcher
from dialogues import replies
from dialogues.conversation import SentOther, Tapped
from dialogues.map import ROUTES
from dialogues.ports import Button, Page
from dialogues.table import Ask
from storage.in_memory import InMemoryKeeper
from tests.dialogues.held import LEADER
from tests.dialogues.talk import Talk

_PHASES = (Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink)
_QUIET = {"deadline": None, "suppress_health_check": list(HealthCheck), "phases": _PHASES}
settings.register_profile("ordinary", max_examples=25, **_QUIET)  # type: ignore[arg-type]
settings.register_profile("long", max_examples=500, **_QUIET)  # type: ignore[arg-type]
PROFILE = settings.get_profile("long" if os.environ.get("HYPOTHESIS_PROFILE") == "long" else "ordinary")

LONGEST_MESSAGE = 4096
FEWEST, STEPS = 10, 50
WHOLE = ("find.one", "journeys.story")  # these show all that was written; the shell sends them in parts
LANGUAGES = ("nl", "en")

ORDINARY = (
    "dat ze denken dat ik het zelf niet weet",
    "Ik zie op tegen lesbezoek",
    "dinsdag na school, mijn kamer, met de ib'er",
    "Dan vraag ik eerst drie dingen.",
    "K.",
    "5 dagen 16.00",
    "1 3 5",
    "ja",
    "nee",
    "geen idee",
    "ik twijfel",
    "terug",
    "straks",
    "hulp",
    "het lerarentekort, we plannen ons suf",
    "with the head of year, on Thursday",
)
HOSTILE = (
    "",
    " ",
    "🙂",
    "🙂 met woorden",
    "nul \x00 en \x07 en \x1b[31m",
    "\u202eomgekeerd\u202c en \u05e9\u05dc\u05d5\u05dd",
    "\u200bbreed\u200bteloos\ufeff",
    "half \ud83d teken",
    "<b>vet</b> & <script>alert(1)</script>",
    "{{ 991*997 }} {% raw %} {{ config }} {# niets #}",
    "%s %d {0} {naam} $HOME `ls`",
    "*vet* _schuin_ [link](http://voorbeeld.nl)",
    "lang en breed " * 2857,
    "aaneengeschreven" * 2500,
    "9" * 5000,
    "-1",
    "11",
    "3,5",
    "٣",
    "½",
    "1\n2\n3",
    "/onbekend iets",
    "/zoek",
    "/zoek lesbezoek",
    "/toon r1",
    "/toon {{ 991*997 }}",
    "/verbeter r1 iets beters",
    "/verbeter",
    "/tijd 25:99",
    "/tijd 9:15",
    "/gedachte vandaag ging het goed",
    "/taai het rooster",
    "/nieuw",
    "/reden",
    "/zorg r1",
    "/taal",
    "/regio",
    "zuid",
    "/trajecten",
    "/laatste",
    "/overzicht",
    "/waarom",
    "/delen",
    "/mijndata",
    "/rust",
    "/wissen",
    "/verder",
    "/later",
    "/terug",
    "/overslaan",
    "/stop",
    "/start",
    "/help",
    "/hulp",
    "/",
    "ik wil niet meer leven",
)
TEXTS = (*ORDINARY, *HOSTILE)
OTHERS = ("voice", "photo", "sticker", "poll", "location", "")

Action = tuple[str, int]
ACTIONS = (
    *("tap",) * 10,
    *("label", "number", "ordinary", "ordinary", "ordinary", "hostile", "hostile"),
    *("old", "twice", "forged", "edit", "other", "wait", "arrive"),
)
walks = st.lists(st.tuples(st.sampled_from(ACTIONS), st.integers(0, 10_000)), min_size=FEWEST, max_size=STEPS)


@dataclass
class Walk:
    """One random walk. *accepted* are the texts that answered a question; *seen* how many turns were looked at."""

    talk: Talk
    accepted: list[str] = field(default_factory=list)
    seen: int = 0

    async def go(self, actions: list[Action]) -> None:
        """Take all steps, and look at each."""
        await self.talk.arrive()
        for kind, pick in actions:
            await self.step(kind, pick)

    async def step(self, kind: str, pick: int) -> None:
        """Do one thing, and hold what it gave against the promises."""
        text = self.words(kind, pick)
        if text is None:
            await self.deed(kind, pick)
        else:
            await self.talk.say(text)
            if kind in ("ordinary", "hostile"):
                self.note(text)
        self.look(silent=kind in ("tap", "twice", "wait", "old"))
        await self.post()

    def words(self, kind: str, pick: int) -> str | None:
        """Return what is typed, or None when nothing is."""
        labels = [button.label for button in self.buttons()] or ["ja"]
        texts = {"label": labels, "ordinary": ORDINARY, "hostile": HOSTILE, "number": [str(n) for n in range(13)]}
        return texts[kind][pick % len(texts[kind])] if kind in texts else None

    async def deed(self, kind: str, pick: int) -> None:
        """Do what is not typing."""
        talk = self.talk
        every = [button for letter in talk.letters for row in letter.message.rows for button in row]
        deeds: Mapping[str, Callable[[], Awaitable[object]]] = {
            "tap": lambda: self.press(self.buttons(), pick, times=1),
            "twice": lambda: self.press(self.buttons(), pick, times=2),
            "old": lambda: self.press(every, pick, times=1),
            "forged": lambda: talk.hear(Tapped(str(pick), TEXTS[pick % len(TEXTS)])),
            "edit": lambda: talk.edit(pick % 20, TEXTS[pick % len(TEXTS)]),
            "other": lambda: talk.hear(SentOther(OTHERS[pick % len(OTHERS)])),
            "arrive": talk.arrive,
            "wait": lambda: talk.come_due(hours=pick % 200),
        }
        await deeds[kind]()

    async def press(self, buttons: list[Button], pick: int, *, times: int) -> None:
        """Tap one of *buttons*, or open the chat when there are none."""
        if not buttons:
            await self.talk.arrive()
            return
        for _ in range(times):
            await self.talk.press(buttons[pick % len(buttons)])
            self.look(silent=True)

    async def post(self) -> None:
        """Have all letters delivered, so that pages stay small."""
        keeper, page = self.talk.keeper, await self.open()
        if page and isinstance(keeper, InMemoryKeeper):
            keeper._keep(LEADER, replace(page, letters=()))

    def note(self, text: str) -> None:
        """Remember a text that answered a question, so that it can be looked for."""
        turn = self.talk.turns[-1] if self.talk.turns else None
        if turn is None:
            return
        if turn.erase:
            self.accepted.clear()
        answered = [step for step in turn.walked if step[2] == "said" and step[0] not in ("thought", "home", "resume")]
        cleaned = replies.clean(text).partition(" ")[2] if text.startswith("/") else replies.clean(text)
        passed_over = cleaned in self.talk.catalogue.typed("skip", turn.conversation.language)
        if answered and not passed_over and not cleaned.isdecimal():
            self.accepted.append(cleaned)

    def look(self, *, silent: bool) -> None:
        """Check every message and toast of the last turns."""
        reply = self.talk.reply
        assert reply.letters or reply.toast or silent, "neither a message nor a toast"
        for letter in reply.letters:
            assert letter.file or letter.message.text.strip(), "an empty message"
            assert "988027" not in letter.message.text, "a template was carried out"
        for turn in self.talk.turns[self.seen :]:
            for say in (*turn.say, *([turn.toast] if turn.toast else [])):
                for language in LANGUAGES:
                    message = self.talk.catalogue.render(say, language)
                    assert message.text.strip()
                    if say.key not in WHOLE:
                        assert len(message.text) <= LONGEST_MESSAGE, say.key
                        assert unquoted(message.text).count("?") <= 1, (say.key, message.text)
                    for row in message.rows:
                        assert all(len(button.data.encode()) <= 64 for button in row)
        self.seen = len(self.talk.turns)

    def buttons(self) -> list[Button]:
        """Return the buttons of the newest message that has any."""
        for letter in reversed(self.talk.letters):
            if letter.message.rows:
                return [button for row in letter.message.rows for button in row]
        return []

    async def open(self) -> Page | None:
        """Return the page, or None when nothing is kept of this leader (now, or since an erasure)."""
        return await self.talk.keeper.read(LEADER)


def unquoted(text: str) -> str:
    """Return *text* without what stands between quotation marks."""
    return re.sub(r"“[^”]*”", "", text)


def kept_texts(page: Page) -> str:
    """Return everything a page keeps of what was written, as one text to search in."""
    journal = [kept.text for kept in page.journal]
    history = [correction.text for kept in page.journal for correction in kept.history]
    conversation = page.conversation
    plans = [getattr(plan, name) for plan in conversation.plans for name in ("moment", "act", "sign", "helper")]
    journeys = [str(value) for one in conversation.journeys for value in (one.who, one.topic, one.from_, one.to)]
    return "\n".join([*journal, *history, *plans, *journeys])


async def go_home(walk: Walk) -> None:
    """Whatever happened: help keeps the step, stop leads home, and nothing that was written is lost."""
    talk = walk.talk
    page = await walk.open()
    if page is None:
        return
    before = page.conversation.frame
    await talk.say("/help")
    walk.look(silent=False)
    page = await walk.open()
    assert page is not None
    assert page.conversation.frame == before
    if page.conversation.consent is None:
        await talk.say("/stop")
        assert (await talk.at()).startswith("meeting")
        assert page.journal == ()
        return
    text = kept_texts(page)
    lost = [said for said in walk.accepted if said not in text]
    assert lost == [], f"lost: {[said[:60] for said in lost]}"
    await talk.say("/stop")
    walk.look(silent=False)
    assert await talk.at() == "home.menu"


async def try_every_button(walk: Walk) -> None:
    """From where the walk ended, some button or word leads on, and no button of this question fails."""
    page = await walk.open()
    if page is None or page.conversation.frame.route == "home":
        return
    frame = page.conversation.frame
    await walk.talk.arrive()
    moved = ROUTES[frame.route].states[frame.state].ask is Ask.TEXT
    kept = walk.talk.keeper
    for button in walk.buttons():
        alone = replace(walk.talk, keeper=copy_of(kept))
        await alone.press(button)
        assert alone.reply.letters or alone.reply.toast
        after = await alone.keeper.read(LEADER)
        moved = moved or after is None or after.conversation.frame.nonce != frame.nonce
    assert moved, f"no way on from {frame.route}.{frame.state}"


def copy_of(keeper: Any) -> InMemoryKeeper:
    """Return a keeper with the same pages."""
    return InMemoryKeeper(dict(keeper._pages.texts))


def run(catalogue: Catalogue, matcher: StemMatcher, *acts: Callable[[Walk], Coroutine[Any, Any, None]]) -> Walk:
    """Begin a walk and do *acts* one after another."""
    walk = Walk(Talk(catalogue, matcher))

    async def every() -> None:
        for act in acts:
            await act(walk)

    asyncio.run(every())
    return walk


def meeting(walk: Walk) -> Coroutine[Any, Any, None]:
    """Meet the guide and agree, as most walks begin."""

    async def met() -> None:
        await walk.talk.met()
        walk.look(silent=False)

    return met()


@PROFILE
@given(actions=walks)
@example(actions=[("hostile", HOSTILE.index("/wissen")), ("hostile", HOSTILE.index("/stop")), ("ordinary", 0)])
def test_a_walk_before_any_consent_keeps_every_promise(
    catalogue: Catalogue, matcher: StemMatcher, actions: list[Action]
) -> None:
    run(catalogue, matcher, lambda walk: walk.go(actions), try_every_button, go_home)


@PROFILE
@given(actions=walks)
@example(actions=[("tap", 1), ("hostile", HOSTILE.index("9" * 5000))])
def test_a_walk_after_the_meeting_keeps_every_promise(
    catalogue: Catalogue, matcher: StemMatcher, actions: list[Action]
) -> None:
    run(catalogue, matcher, meeting, lambda walk: walk.go(actions), try_every_button, go_home)


@PROFILE
@given(actions=walks, start=st.integers(0, 10_000))
def test_a_walk_in_the_middle_of_a_journey_keeps_every_promise(
    catalogue: Catalogue, matcher: StemMatcher, actions: list[Action], start: int
) -> None:
    async def begun(walk: Walk) -> None:
        await (walk.talk.planned() if start % 2 else walk.talk.asked())
        walk.look(silent=False)

    run(catalogue, matcher, begun, lambda walk: walk.go(actions), try_every_button, go_home)


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_every_hostile_text_is_heard_at_every_kind_of_question(
    catalogue: Catalogue, matcher: StemMatcher, text: str
) -> None:
    """A button, a text, a ruler, a tick list and the menu each get it once; the question stays or goes on, in words."""

    async def everywhere(walk: Walk) -> None:
        talk = walk.talk
        await talk.met()
        for beginning in ("/nieuw", "/taai", "/gedachte"):
            for before in ((), ("Het rooster",), ("Het rooster", "1 2 3 4 5")):
                await talk.say("/stop", beginning, *before)
                await talk.say(text)
                walk.look(silent=False)
                await walk.post()
        await talk.say("/stop", "/wissen")
        await talk.say(text)
        walk.look(silent=False)

    run(catalogue, matcher, everywhere)
