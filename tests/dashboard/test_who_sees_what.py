"""
PRV-1: who sees what, tried over every page, command and button, for everybody there is, in every state of consent.

The pages come from the table of the site, the commands from the content: whatever is added there is tried here, and what
this file does not know how to ask for makes it fail. An employer, a board, a member of a team or of a group, and the
operator have no role that could log in; they are whoever has no session, and strangers in the chat.
"""

import re
from dataclasses import dataclass, replace
from datetime import timedelta

import httpx
import pytest
import pytest_asyncio

from dashboard.places import Who
from dashboard.sessions import Role
from dashboard.site import ROUTES
from dialogues import sharing
from dialogues.conversation import Commanded, LeaderId
from dialogues.ports import Entry
from tests.dashboard import sample

pytestmark = pytest.mark.asyncio

HERS = {
    "r1": "altijd beter lijk te weten",
    "r2": "bang dat het stil valt",
    "r3": "De leraar vond zelf het antwoord",
    "r4": "Het bestuur belde weer",
    "r5": "Het team is moe",
    "r6": "Eén zin mag gelezen worden",
    "r7": "Een samenvatting is genoeg",
    "r8": "Soms wil ik niet meer",
    "topic": "lesbezoek",
    "from": "zelf uitleggen",
    "plan": "stel ik eerst één open vraag",
    "happened": "vulde daarna toch in",
    "note": "Wat maakte dat je stil kon blijven",
    "draft": "Een begin van een briefje",
    "private": sample.PRIVATE,
}
"""What stands on Anne's page, by a piece of it that stands nowhere else."""

SHARED = frozenset({"r1", "r2", "r3", "r6", "topic", "from", "plan", "happened", "note", "draft"})
"""What of it Cato may see as long as Anne's grants hold; the notes are Cato's own."""

BERTS = {"shared": "anders luisteren naar ouders", "alone": "Alleen voor mij"}

STATES = ("given", "withdrawn", "expired", "ended", "nothing")


def in_state(state):
    """Anne's page, with her consent for Cato in *state*."""
    page = sample.anne()
    then = sample.NOW - timedelta(days=1)
    known = page.conversation
    if state == "withdrawn":
        return sample.changed(page, grants=tuple(replace(one, withdrawn=then) for one in known.grants))
    if state == "expired":
        return sample.changed(page, grants=tuple(replace(one, until=then) for one in known.grants))
    if state == "ended":
        return sample.changed(page, links=tuple(replace(one, ended=then) for one in known.links))
    return sample.changed(page, grants=(), notes=()) if state == "nothing" else page


@dataclass
class Asked:
    """One request: the *place*, whose things it names, and the address."""

    place: object
    owner: LeaderId
    path: str


async def every_request(running, among=("r1", "r4", "r8")):
    """
    Every page there is, with names of things of Anne or Bert in every place for a name.

    Of the reflections those *among*: by default one that is shared, one that is not, and a crisis.
    """
    names = {}
    for owner, handle in ((sample.ANNE, sample.ANNES_HANDLE), (sample.BERT, sample.BERTS_HANDLE)):
        page = await running.keeper.read(owner)
        pieces = [kept.id for kept in page.journal if kept.id in among]
        journeys = [journey.id for journey in page.conversation.journeys] or ["j1"]
        behind = running.parts.handles
        names[owner] = {
            "{leader}": [handle],
            "{piece}": [behind.of(handle, id_) for id_ in pieces] + pieces[:1],
            "{journey}": [behind.of(handle, id_) for id_ in journeys] + journeys,
            "{reflection}": pieces,
            "{token}": ["x" * 43],
            "{role}": ["coach", "leader"],
        }
    for place in ROUTES:
        if place.who is Who.DEMO:
            continue
        for owner, known in names.items():
            paths = [place.path]
            for part in re.findall(r"{\w+}", place.path):
                paths = [path.replace(part, name) for path in paths for name in known[part]]
            for path in paths:
                if "{" in place.path or owner == sample.ANNE:
                    yield Asked(place, owner, path)


FIELDS = {
    "invite": {},
    "find": {"text": "stil"},
    "note": {"text": "Wat zie je nu?", "do": "send"},
    "state": {"text": "Ik zag dit gebeuren."},
    "end_session": {"name": "0" * 32},
    "export": {"form": "json"},
    "language": {"language": "en"},
    "erase": {"text": "wissen", "typed": "wissen", "word": "wissen"},
    "look_for": {"text": "stil"},
    "portfolio_again": {"theme": "j1"},
    "portfolio_look": {"theme": "j1"},
    "portfolio_make": {"theme": "j1", "form": "md"},
    "portfolio_answer": {"statement": "s1", "answer": "yes"},
    "withdraw": {"grant": "g1"},
    "ask_end": {"coach": sample.CATO.id},
    "end_link": {"coach": sample.CATO.id},
    "typed": {"code": "ABCD-EFGH-JKLM"},
    "spend": {},
    "logout": {},
    "second_check": {"code": "000000"},
}
"""What is sent with a form, by the name of the page that takes it."""


async def test_prv_1_every_form_is_known_here():
    assert {place.name for place in ROUTES if place.method == "POST" and place.who is not Who.DEMO} == set(FIELDS)


async def test_prv_1_there_are_no_other_roles():
    assert {*Role} == {Role.COACH, Role.LEADER}
    assert {*Who} == {Who.ANYONE, Who.HALF, Who.COACH, Who.LEADER, Who.EITHER, Who.DEMO}


async def visitors(running):
    """Everybody who can ask, by what they are to Anne, each in a browser of their own."""
    half = await running.browser()
    await half.in_by_link("coach", sample.NEW_COACH.person)
    closing = await running.coach(sample.DIRK)
    found = {
        "no session": await running.browser(),
        "her coach": await running.coach(),
        "a coach without second factor": half,
        "a coach whose account was closed": closing,
        "herself": await running.leader(),
        "another leader": await running.leader(sample.BERT),
    }
    await running.book.change(lambda book: book.with_coach(replace(sample.DIRK, active=False)))
    other = replace(sample.DIRK, id=sample.CLOSED_COACH.id, person="telegram-other", name="Olga")
    await running.book.change(lambda book: book.with_coach(other))
    return found | {"another coach": await running.coach(other)}


def allowed(visitor, state):
    """What of Anne's page *visitor* may see."""
    if visitor == "herself":
        return set(HERS)
    return set(SHARED) if visitor == "her coach" and state == "given" else set()


async def ask(browser, asked) -> httpx.Response:
    if asked.place.method == "GET":
        return await browser.get(asked.path)
    return await browser.post(asked.path, **FIELDS[asked.place.name])


def leaks(text, visitor, state):
    """What stands in *text* that *visitor* may not see."""
    seen = {name for name, part in HERS.items() if part in text} - allowed(visitor, state)
    theirs = {name for name, part in BERTS.items() if part in text}
    if visitor == "another leader":
        theirs = set()
        seen -= {"private"}  # the same word stands on his own page
    elif visitor == "her coach":
        theirs -= {"shared"}
    return seen | theirs


MAY_CHANGE = {"herself": {sample.ANNE}, "another leader": {sample.BERT}}


async def tried(running, state, only=""):
    """Ask everything as everybody, or as *only* one of them, and return the leaks, and how much was asked."""
    found, count = [], 0
    browsers = await visitors(running)
    before = {owner: await running.keeper.read(owner) for owner in (sample.ANNE, sample.BERT)}
    for visitor, browser in browsers.items():
        if only not in ("", visitor):
            continue
        async for asked in every_request(running):
            if asked.place.changes and visitor in ("herself", "another leader", "her coach"):
                continue  # what these may change is tried by the tests of those pages
            if asked.place.name in ("logout", "login", "typed", "spend", "passage"):
                continue  # these open and close sessions, and are tried below
            answer = await ask(browser, asked)
            count += 1
            assert answer.status_code in (200, 303, 400, 403, 404, 422, 429), (visitor, asked.path, answer.status_code)
            found += [(visitor, asked.place.name, what) for what in leaks(answer.text, visitor, state)]
            found += [(visitor, asked.place.name, what) for what in leaks(str(answer.headers), visitor, state)]
        await browser.client.aclose()
    for owner, page in before.items():
        now = await running.keeper.read(owner)
        # Reading is remembered; nothing else may have happened to anybody's page.
        assert replace(now.conversation, looks=()) == replace(page.conversation, looks=())
        assert now.journal == page.journal
    return sorted(set(found)), count


@pytest_asyncio.fixture
async def place_of(serving):
    """Return a function that starts a site in which Anne's consent is in a state."""

    async def start(state):
        running = await serving()
        page = in_state(state)
        await running.keeper.erase(sample.ANNE)
        await running.keeper.write(Entry(page.conversation, page.journal, at=sample.NOW))
        return running

    return start


@pytest.mark.parametrize(
    "state", [state if state == "given" else pytest.param(state, marks=pytest.mark.long) for state in STATES]
)
async def test_prv_1_nobody_sees_on_any_page_what_is_not_theirs(place_of, state, record_property):
    found, count = await tried(await place_of(state), state)
    record_property("figure", f"PRV-1, {state}: {count} requests")
    assert found == []
    assert count > 200


async def test_prv_1_her_coach_sees_nothing_any_more_when_all_is_withdrawn(place_of):
    found, count = await tried(await place_of("withdrawn"), "withdrawn", "her coach")
    assert found == []
    assert count > 30


async def test_prv_1_her_coach_does_see_what_is_shared(place_of):
    running = await place_of("given")
    browser = await running.coach()
    seen = ""
    async for asked in every_request(running, tuple(HERS)):
        if asked.place.who is Who.COACH and asked.place.method == "GET":
            seen += (await browser.get(asked.path)).text
    assert {name for name, part in HERS.items() if part in seen} == SHARED


async def test_prv_1_notices_a_reading_that_forgets_the_grants(place_of, monkeypatch):
    monkeypatch.setattr(sharing, "holds", lambda _grant, _now: True)
    found, _ = await tried(await place_of("withdrawn"), "withdrawn", "her coach")
    assert {visitor for visitor, *_ in found} == {"her coach"}


async def test_prv_1_notices_a_page_that_shows_everybody_the_same_leader(place_of, monkeypatch):
    running = await place_of("nothing")

    async def always_hers(_request, _visitor):
        return await running.keeper.read(sample.ANNE)

    monkeypatch.setattr("dashboard.leader_pages.own_page", always_hers)
    found, _ = await tried(running, "nothing", "another leader")
    assert {visitor for visitor, *_ in found} == {"another leader"}


async def test_prv_1_sessions_open_for_nobody_but_who_confirmed_them(place_of):
    running = await place_of("given")
    browser, thief = await running.browser(), await running.browser()
    path, code = await browser.passage("leader", sample.ANNE)
    for attempt in (await thief.get(path), await thief.post(path), await thief.post("/login", code=code)):
        assert not leaks(attempt.text, "no session", "given")
    assert (await thief.get("/journey")).status_code == 303


# -- the chat --------------------------------------------------------------------------------------------------------

STRANGERS = {
    "another leader": sample.BERT,
    "her coach": sample.CATO.person,
    "another coach": sample.DIRK.person,
    "a stranger": "telegram-stranger",
}


def commands(catalogue):
    """Every command there is in Dutch, by what is typed."""
    return sorted({name for name, _ in catalogue.commands("nl")} | {"uitnodigen", "weekbericht"})


@pytest.mark.parametrize(
    ("people", "arguments"),
    [
        (("another leader",), ("r4",)),
        pytest.param(
            tuple(STRANGERS), ("", "r1", "r4", "g1", "n1", "j1", sample.ANNES_HANDLE, "stil"), marks=pytest.mark.long
        ),
    ],
    ids=["one", "everybody"],
)
async def test_prv_1_no_command_gives_anybody_a_word_of_her(place_of, catalogue, people, arguments):
    running = await place_of("given")
    found = []
    for who, person in ((name, STRANGERS[name]) for name in people):
        for command in commands(catalogue):
            for argument in arguments:
                said = await running.chat(person, f"/{command} {argument}".strip())
                own = set() if who != "another leader" else {"shared", "alone", "private"}
                own |= {"topic"}  # the guide says that word in examples
                seen = {name for name, part in HERS.items() if part in said} - own
                seen |= {name for name, part in BERTS.items() if part in said and name not in own}
                found += [(who, command, argument, what) for what in seen]
    assert found == []


async def test_prv_1_no_button_of_hers_does_anything_for_another(place_of):
    running = await place_of("given")
    payloads = set()
    for text in ("/delen", "/gezien", "/coach", "/trajecten", "/kompas", "/wissen"):
        reply = await running.guide.hear(
            sample.ANNE, "101", running.guide.read(text, ""), running.clock(), language="nl"
        )
        payloads |= {button.data for letter in reply.letters for row in letter.message.rows for button in row}
    assert len(payloads) > 10
    before = await running.keeper.read(sample.ANNE)
    for person in STRANGERS.values():
        for payload in payloads:
            heard = running.guide.tap(payload, "1")
            reply = await running.guide.hear(LeaderId(person), person, heard, running.clock())
            said = " ".join(letter.message.text for letter in reply.letters)
            assert not [name for name, part in HERS.items() if part in said]
    assert await running.keeper.read(sample.ANNE) == before


async def test_prv_1_every_command_of_the_content_is_tried(catalogue):
    for command in commands(catalogue):
        assert catalogue.command(f"/{command}")[0] != "unknown"
    assert Commanded("share").command in {catalogue.command(f"/{name}")[0] for name in commands(catalogue)}
