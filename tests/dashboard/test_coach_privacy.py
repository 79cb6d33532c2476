"""
What a coach gets to see, over real HTTP: nothing that is not shared, nothing any more once it is withdrawn, and no trace.

Beside each promise stands a variant that breaks it, to show that the test would notice.
"""

from dataclasses import replace

import pytest

from dialogues import sharing
from dialogues.coaching import Grant, Level, Link
from dialogues.conversation import Journey, Kind, Phase, Plan, Reflection, Whose
from dialogues.ports import Entry
from dialogues.review import Review
from tests.dashboard import sample
from tests.dashboard.test_coach_pages import ANNE, conversation, journey, notes, piece, withdraw


async def everything(running, browser) -> dict[str, str]:
    """Return the body of every page that this coach has about Anne, a search and the sessions left out of it."""
    paths = ["/coach", ANNE, f"{ANNE}?page=2", journey(running)]
    paths += [piece(running, kept.id) for kept in sample.anne().journal]
    found = {path: (await browser.get(path)).text for path in paths}
    found["search"] = (await browser.post("/coach/search", text="stil")).text
    return found


class Forgetful(Review):
    """Known-bad: what was seen once is shown again, whatever happened to the page since."""

    async def _at(self, coach, handle, linked, now):
        known = self._seen.get((coach, handle))
        return known or await super()._at(coach, handle, linked, now)

    async def _open(self, coach, handle, find, now):
        shown = self._seen[(coach, handle)].shown
        found = find(shown)
        return (shown, found) if found else None


async def after_withdrawal(running) -> tuple[bool, list[str]]:
    """Read, withdraw, and return whether the note was refused, and where the text of the piece is still to be seen."""
    browser = await running.coach()
    text, at = "Vandaag bleef ik stil", piece(running, "r3")
    assert text in (await browser.get(at)).text
    assert at in (await browser.get(ANNE)).text
    assert at in (await browser.post("/coach/search", text="stil")).text
    await withdraw(running, "g1")
    still = []
    for name, page in (
        ("page", await browser.get(at)),
        ("list", await browser.get(ANNE)),
        ("search", await browser.post("/coach/search", text="stil")),
        ("open tab", await browser.post(f"{at}/note", text="Een briefje", over="", act="draft")),
    ):
        if text in page.text or at in page.text or page.status_code == 303:
            still.append(name)
    refused = all(note.text != "Een briefje" for note in await notes(running))
    return refused, still


@pytest.mark.asyncio
async def test_prv_2_a_withdrawal_holds_at_the_next_request_everywhere(running):
    assert await after_withdrawal(running) == (True, [])


@pytest.mark.asyncio
async def test_prv_2_a_review_that_remembers_too_long_would_be_noticed(serving, monkeypatch):
    monkeypatch.setattr("tests.dashboard.conftest.Review", Forgetful)
    _, still = await after_withdrawal(await serving())
    assert still == ["page", "list", "search"]


@pytest.mark.asyncio
async def test_prv_2_a_link_that_ended_and_a_day_that_passed_hold_as_well(running):
    browser = await running.coach()
    assert (await browser.get(journey(running))).status_code == 200
    running.clock.on(days=61)
    browser = await running.coach()
    assert (await browser.get(journey(running))).status_code == 404
    assert (await browser.get(piece(running, "r1"))).status_code == 404
    assert (await browser.get(piece(running, "r3"))).status_code == 200
    for said in ("/verder", "/coach", "1", "ja, stop ermee"):
        await running.chat(sample.ANNE, said)
    assert (await browser.get(ANNE)).status_code == 404
    assert "Anne" not in (await browser.get("/coach")).text


async def opens(running, coach, handle=sample.ANNES_HANDLE) -> set[str]:
    """Return which of Anne's reflections open for *coach*, who knows her by *handle*."""
    browser = await running.coach(coach)
    pages = {kept.id: await browser.get(piece(running, kept.id, handle)) for kept in sample.anne().journal}
    assert {page.status_code for page in pages.values()} <= {200, 404}
    return {id_ for id_, page in pages.items() if page.status_code == 200}


async def linked_with_dirk(running) -> str:
    """Let Anne accept Dirk too, who is given nothing yet, and return the handle by which he knows her."""
    page, handle = await running.keeper.read(sample.ANNE), "d7" * 16
    link = Link(sample.DIRK.id, handle, "Dirk Vos", "De Brug", inside=True, since=running.clock(), known_as="A.")
    await running.keeper.write(Entry(replace(page.conversation, links=(*page.conversation.links, link))))
    return handle


async def taps(running, *said: str) -> int:
    """Say each of *said* to the guide as Bert until a grant is made or taken back, and return how many it took."""

    async def held() -> list[str]:
        return [one.id for one in (await conversation(running, sample.BERT)).grants if one.withdrawn is None]

    before, taken = await held(), 0
    while await held() == before and taken < MOST_TAPS:
        await running.chat(sample.BERT, said[min(taken, len(said) - 1)])
        taken += 1
    return taken


async def given_and_taken(running, giving: tuple[str, ...], taking: tuple[str, ...]) -> tuple[int, int]:
    """Return how many taps it takes to share a reflection, and to take it back."""
    await running.chat(sample.BERT, "/verder")
    given = await taps(running, *giving)
    grant = (await conversation(running, sample.BERT)).grants[-1]
    assert (grant.about, grant.level, grant.withdrawn) == ("r2", Level.PIECE, None)
    assert (grant.since, grant.wording) == (running.clock(), running.parts.repertoire.version)
    return given, await taps(running, *(words.format(grant=grant.id) for words in taking))


@pytest.mark.asyncio
async def test_prv_3_sharing_is_per_reflection_and_per_coach_and_nothing_by_default(running):
    assert await opens(running, sample.CATO) == {"r1", "r2", "r3", "r6", "r7"}
    assert await opens(running, sample.DIRK) == set()
    dirk = await running.coach(sample.DIRK)
    assert (await dirk.get(ANNE)).status_code == 404
    assert (await dirk.get("/coach")).text.count("/coach/leaders/") == 0


@pytest.mark.asyncio
async def test_prv_3_a_reading_that_shares_the_whole_page_by_default_would_be_noticed(running, monkeypatch):
    monkeypatch.setattr(sharing, "grants", all_of_it)
    assert await opens(running, sample.CATO) > {"r1", "r2", "r3", "r6", "r7"}


def all_of_it(conversation, coach, now):
    """Known-bad: who is her coach may read everything, whatever she chose."""
    return tuple(Grant(f"g{n}", coach, Level.PIECE, f"r{n}", now, "1") for n in range(1, conversation.counted["r"] + 1))


BY_WORDS = ("/delen r2", "deze reflectie", "ja, deel dit"), ("/intrek {grant}",)
BY_BUTTONS = ("/delen", "r2", "deze reflectie", "ja, deel dit"), ("/gezien", "{grant}", "intrekken")
MOST_TAPS = 12


@pytest.mark.asyncio
@pytest.mark.parametrize("ways", [BY_WORDS, BY_BUTTONS], ids=["words", "buttons"])
async def test_prv_3_taking_back_takes_fewer_taps_than_giving(running, ways):
    given, taken = await given_and_taken(running, *ways)
    assert (given, taken) == tuple(map(len, ways))
    assert taken < given


@pytest.mark.asyncio
async def test_prv_3_taking_back_that_has_to_be_asked_again_and_again_would_be_noticed(running, monkeypatch):
    honest, asked = sharing.withdrawn, iter(range(100))

    def reluctant(known, id_, now):
        return honest(known, id_, now) if next(asked) > 2 else known

    monkeypatch.setattr(sharing, "withdrawn", reluctant)
    given, taken = await given_and_taken(running, *BY_WORDS)
    assert taken > given


@pytest.mark.asyncio
async def test_prv_3_a_new_coach_sees_nothing_until_asked_anew(running):
    handle = await linked_with_dirk(running)
    assert await opens(running, sample.DIRK, handle) == set()
    browser = await running.coach(sample.DIRK)
    assert "Er is nu niets gedeeld" in (await browser.get("/coach")).text


@pytest.mark.asyncio
async def test_prv_3_a_grant_for_all_coaches_at_once_would_be_noticed(running, monkeypatch):
    def for_whoever_comes(known, _coach, now):
        return tuple(grant for grant in known.grants if sharing.holds(grant, now))

    monkeypatch.setattr(sharing, "grants", for_whoever_comes)
    handle = await linked_with_dirk(running)
    assert await opens(running, sample.DIRK, handle) == {"r1", "r2", "r3", "r6", "r7"}


def with_unshared(page):
    """Return *page* with much more on it, of which nothing is shared."""
    more = tuple(
        Reflection(
            f"r{number}",
            kind,
            f"stil en doodmoe, het moet {sample.PRIVATE}",
            sample.NOW,
            "Wat zie je?",
            "" if kind is Kind.THOUGHT else "j2",
            phase=Phase.ACTING,
            number=3,
            card="group_pressure",
            label="pressure",
        )
        for number, kind in enumerate((Kind.ANSWER, Kind.THOUGHT, Kind.CHECKIN, Kind.RULER) * 10, 100)
    )
    conversation = replace(
        page.conversation,
        journeys=(
            *page.conversation.journeys,
            Journey("j3", Whose.TEAM, "rust", "druk", "kalm", sample.NOW, phase=Phase.ACTING),
        ),
        plans=(*page.conversation.plans, Plan("p9", "j3", sample.NOW, act=sample.PRIVATE)),
        heard=sample.NOW,
        current="j3",
        counted={**page.conversation.counted, "r": 140, "j": 3, "p": 9},
    )
    return Entry(conversation, more)


async def before_and_after(running) -> list[str]:
    """Return which pages change when much is written that is not shared."""
    browser = await running.coach()
    for path in ("/coach", ANNE):
        await browser.get(path)
    before = await everything(running, browser)
    page = await running.keeper.read(sample.ANNE)
    await running.keeper.write(with_unshared(page))
    after = await everything(running, browser)
    return [name for name, body in before.items() if body.encode() != after[name].encode()]


@pytest.mark.asyncio
async def test_prv_6_what_is_not_shared_changes_no_byte_of_any_page(running):
    assert await before_and_after(running) == []


@pytest.mark.asyncio
async def test_prv_6_a_page_that_counts_what_is_not_shared_would_be_noticed(serving, monkeypatch):
    honest = sharing.shown

    def telling(page, coach, now):
        seen = honest(page, coach, now)
        called = f"Anne, {len(page.journal)} stukken"
        return replace(seen, link=replace(seen.link, known_as=called)) if seen else None

    monkeypatch.setattr("dialogues.review.sharing.shown", telling)
    assert len(await before_and_after(await serving())) > 3


@pytest.mark.asyncio
async def test_prv_6_no_id_of_a_leaders_own_page_stands_in_any_page(running):
    browser = await running.coach()
    await browser.get("/coach")
    for name, body in (await everything(running, browser)).items():
        for id_ in ("r1", "r3", "j1", "p1", "n1", "g1"):
            assert f'"{id_}"' not in body, name
            assert f"/{id_}" not in body, name


@pytest.mark.asyncio
async def test_of_two_leaders_one_that_cannot_be_read_closes_no_list(running):
    grant = Grant("g8", sample.CATO.id, Level.PIECE, "r2", running.clock(), "1")
    page = await running.keeper.read(sample.BERT)
    await running.keeper.write(Entry(replace(page.conversation, grants=(*page.conversation.grants, grant))))
    running.keeper._pages.texts[sample.ANNE] = "geen bladzij"
    listed = await (await running.coach()).get("/coach")
    assert "B." in listed.text
    assert "Anne" not in listed.text
