"""Help comes first whatever is going on: in every state, with the store away, and without telling anybody."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from content.catalogue import Catalogue
from content.exporting import PageExporter
from content.matching import StemMatcher
from dialogues import care
from dialogues.conversation import Conversation, Frame, Kind, LeaderId
from dialogues.errors import KeeperUnavailable
from dialogues.guide import Guide
from dialogues.map import ROUTES
from dialogues.ports import Entry, Keeper, Page
from storage.in_memory import InMemoryKeeper

LEADER = LeaderId("leader")
NOW = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)
STATES = [f"{route.name}.{name}" for route in ROUTES.values() for name in route.states]
SIGNALS = {
    care.DANGER: "Er loopt iemand met een mes door de school",
    care.SELF: "Ik wil niet meer leven",
    care.PUPIL: "Een leerling zegt dat ze dood wil",
    care.OTHER_ADULT: "Een collega zegt dat hij zelfmoord wil plegen",
    care.STAFF: "Een leraar heeft een leerling aangerand",
    care.HOME: "Een kind wordt thuis geslagen",
    care.DISTRESS: "Ik kan niet meer, ik stort in",
}


class Away(InMemoryKeeper):
    """A store that neither reads nor writes."""

    async def read(self, leader: LeaderId) -> Page | None:
        raise KeeperUnavailable("away")

    async def write(self, entry: Entry) -> None:
        raise KeeperUnavailable("away")


def guide_of(keeper: Keeper, catalogue: Catalogue, matcher: StemMatcher) -> Guide:
    return Guide(
        repertoire=catalogue.repertoire,
        care=catalogue.care,
        keeper=keeper,
        words=catalogue,
        matcher=matcher,
        exporter=PageExporter(catalogue),
        zone=ZoneInfo("Europe/Amsterdam"),
    )


def at(place: str) -> Conversation:
    route, _, name = place.partition(".")
    frame = Frame(route, name, "7", contact=1)
    begun = Conversation(LEADER, "here", "nl", frame, counted={"nonce": 7, "contact": 1})
    return begun if route == "meeting" else replace(begun, consent=NOW)


def card_of(kind: str, catalogue: Catalogue) -> str:
    return catalogue.render(care.card(kind, catalogue.care), "nl").text


@pytest.mark.asyncio
@pytest.mark.parametrize("place", STATES)
async def test_care_3_in_every_state_each_signal_brings_its_card_and_the_step_stays(
    place: str, catalogue: Catalogue, matcher: StemMatcher
) -> None:
    for kind, text in SIGNALS.items():
        keeper = InMemoryKeeper()
        await keeper.write(Entry(at(place), at=NOW))
        guide = guide_of(keeper, catalogue, matcher)
        reply = await guide.hear(LEADER, "here", guide.read(text, "1"), NOW)
        assert [letter.message.text for letter in reply.letters] == [card_of(kind, catalogue)]
        page = await keeper.read(LEADER)
        assert page
        assert page.conversation.frame == at(place).frame


@pytest.mark.asyncio
@pytest.mark.parametrize("kind", SIGNALS)
async def test_care_5_the_text_is_saved_for_the_leader_alone(
    kind: str, catalogue: Catalogue, matcher: StemMatcher
) -> None:
    keeper = InMemoryKeeper()
    await keeper.write(Entry(at("contact.question"), at=NOW))
    guide = guide_of(keeper, catalogue, matcher)
    reply = await guide.hear(LEADER, "here", guide.read(SIGNALS[kind], "1"), NOW)
    page = await keeper.read(LEADER)
    assert page
    assert [(kept.kind, kept.text) for kept in page.journal] == [(Kind.CARE, SIGNALS[kind])]
    assert {letter.address for letter in reply.letters} == {"here"}
    assert not page.conversation.moments


@pytest.mark.asyncio
@pytest.mark.parametrize("kind", SIGNALS)
async def test_care_7_with_the_store_away_the_card_still_comes(
    kind: str, catalogue: Catalogue, matcher: StemMatcher
) -> None:
    guide = guide_of(Away(), catalogue, matcher)
    reply = await guide.hear(LEADER, "here", guide.read(SIGNALS[kind], "1"), NOW, language="nl")
    assert [letter.message.text for letter in reply.letters] == [card_of(kind, catalogue)]
    assert not reply.kept


@pytest.mark.asyncio
async def test_care_7_known_bad_an_ordinary_text_is_not_answered_with_the_store_away(
    catalogue: Catalogue, matcher: StemMatcher
) -> None:
    guide = guide_of(Away(), catalogue, matcher)
    with pytest.raises(KeeperUnavailable):
        await guide.hear(LEADER, "here", guide.read("Ik zie op tegen lesbezoek", "1"), NOW, language="nl")
