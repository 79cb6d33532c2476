"""A coach's review, through the guide: reading, being seen to read, searching and writing back."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import pytest
import pytest_asyncio

from content.catalogue import Catalogue
from content.matching import StemMatcher
from content.searching import Index
from dialogues import sharing
from dialogues.coach_chat import CoachChat, Whereabouts
from dialogues.coaching import Coach, CoachId, invite
from dialogues.conversation import Kind, LeaderId
from dialogues.errors import KeeperUnavailable, PageUnreadable
from dialogues.ports import Linked, Page
from dialogues.review import NOTE_LENGTH, Review
from storage.in_memory import InMemoryCoachBook, InMemoryKeeper
from tests.dialogues.held import LEADER, TUESDAY, ZONE
from tests.dialogues.talk import Talk
from tests.play import NoDoors

pytestmark = pytest.mark.asyncio

ANNA, BERT = CoachId("anna"), CoachId("bert")


def account(coach: CoachId) -> Coach:
    return Coach(coach, coach.title(), "De Praktijk", inside=False, language="nl", added=TUESDAY)


@dataclass
class Pair:
    """A leader who talks, with coaches who read along what she shares."""

    talk: Talk
    keeper: InMemoryKeeper
    book: InMemoryCoachBook
    matcher: StemMatcher

    def __post_init__(self) -> None:
        self.review: Review[Index] = self.fresh()

    def fresh(self) -> Review[Index]:
        """A review that knows nothing yet, as after a restart."""
        return Review(guide=self.talk.guide, keeper=self.keeper, book=self.book, searcher=self.matcher)

    async def link(self, coach: CoachId, known_as: str) -> None:
        token = f"token-{coach}"
        await self.book.change(lambda book: invite(book.with_coach(account(coach)), coach, token, self.talk.now))
        await self.talk.say(f"/koppel {token}")
        await self.talk.tap("Ja, koppel")
        await self.talk.say(known_as)

    async def thought(self, text: str) -> str:
        """Keep a thought, and return its id."""
        await self.talk.say(f"/gedachte {text}")
        await self.talk.tap("Bewaren")
        kept = (await self.talk.page()).journal[-1].id
        await self.talk.tap("Nee, klaar")
        return kept

    async def share(self, id_: str, how: str = "Deze reflectie", coach: str = "") -> str:
        """Share a reflection, and return the id of the grant."""
        await self.talk.say(f"/delen {id_}")
        await self.talk.tap(*([coach] if coach else []), how, "Ja, deel dit")
        return (await self.talk.page()).conversation.grants[-1].id

    async def handle(self, coach: CoachId = ANNA) -> str:
        [handle] = await self.keeper.linked(coach)
        return handle

    async def seen(self, coach: CoachId = ANNA) -> dict[str, str]:
        """What the coach sees, on the page of the leader."""
        shown = await self.review.leader(coach, await self.handle(coach), self.talk.now)
        return {piece.id: piece.text for piece in shown.pieces} if shown else {}


@pytest_asyncio.fixture
async def pair(catalogue: Catalogue, matcher: StemMatcher) -> Pair:
    keeper, book = InMemoryKeeper(), InMemoryCoachBook()
    coaches = CoachChat(book, NoDoors(), Whereabouts("https://gids.example"), ZONE, lambda: "token")
    talk = Talk(catalogue, matcher, keeper, coaches=coaches)
    await talk.met()
    found = Pair(talk, keeper, book, matcher)
    await found.link(ANNA, "Marijke")
    return found


async def coach_of(pair: Pair, coach: CoachId = ANNA) -> Coach:
    found = (await pair.book.read()).find(coach)
    assert found is not None
    return found


async def test_prv_3_a_coach_sees_what_was_shared_and_nothing_before_it(pair: Pair) -> None:
    first, second = await pair.thought("Kanarie een."), await pair.thought("Kanarie twee.")
    assert await pair.seen() == {}
    await pair.share(second)
    assert await pair.seen() == {second: "Kanarie twee."}
    assert first not in await pair.seen()


async def test_prv_3_a_new_coach_needs_a_grant_of_her_own(pair: Pair) -> None:
    kept = await pair.thought("Kanarie.")
    await pair.share(kept)
    await pair.link(BERT, "M.")
    assert await pair.seen(BERT) == {}
    assert await pair.seen(ANNA) == {kept: "Kanarie."}


async def test_prv_3_withdrawing_takes_fewer_taps_than_giving(pair: Pair) -> None:
    grant = await pair.share(await pair.thought("Kanarie."))
    await pair.talk.say(f"/intrek {grant}")
    assert await pair.seen() == {}


async def test_prv_2_a_withdrawal_holds_at_the_very_next_request_everywhere(pair: Pair) -> None:
    kept = await pair.thought("Kanarie.")
    grant = await pair.share(kept)
    handle = await pair.handle()
    assert await pair.review.search(ANNA, "kanarie", "nl", pair.talk.now)
    assert await pair.review.open(ANNA, handle, kept, pair.talk.now)
    await pair.talk.say(f"/intrek {grant}")
    assert await everything(pair, handle, kept) == NOTHING


class IgnoringVersions(InMemoryKeeper):
    """A keeper that does not say when a page changed."""

    async def linked(self, coach: CoachId) -> dict[str, Linked]:
        return {handle: replace(one, version=0) for handle, one in (await super().linked(coach)).items()}


async def test_prv_2_notices_a_review_that_does_not_hear_of_changes(catalogue: Catalogue, matcher: StemMatcher) -> None:
    keeper, book = IgnoringVersions(), InMemoryCoachBook()
    coaches = CoachChat(book, NoDoors(), Whereabouts(), ZONE, lambda: "token")
    careless = Pair(Talk(catalogue, matcher, keeper, coaches=coaches), keeper, book, matcher)
    await careless.talk.met()
    await careless.link(ANNA, "Marijke")
    kept = await careless.thought("Kanarie.")
    grant = await careless.share(kept)
    handle = await careless.handle()
    await careless.review.search(ANNA, "kanarie", "nl", careless.talk.now)
    await careless.talk.say(f"/intrek {grant}")
    assert await everything(careless, handle, kept) != NOTHING


NOTHING = ([], [], None, None)


async def everything(pair: Pair, handle: str, piece: str) -> tuple[Sequence[object], Sequence[object], object, object]:
    """All that a coach can ask about one piece."""
    now, review = pair.talk.now, pair.review
    shown = await review.leader(ANNA, handle, now)
    hits = await review.search(ANNA, "kanarie", "nl", now)
    opened = await review.open(ANNA, handle, piece, now)
    note = await review.write(ANNA, handle, piece, "Wat maakt dat?", now, send=True)
    return list(shown.pieces if shown else ()), list(hits), opened, note


async def test_prv_2_so_does_ending_the_link(pair: Pair) -> None:
    kept = await pair.thought("Kanarie.")
    await pair.share(kept)
    handle = await pair.handle()
    await pair.seen()
    await pair.talk.say("/coach")
    await pair.talk.tap("Anna", "Ja, stop ermee")
    assert await everything(pair, handle, kept) == NOTHING
    assert list(await pair.review.leaders(await coach_of(pair), pair.talk.now)) == []


async def test_prv_2_so_does_the_day_until_which_a_journey_was_shared(pair: Pair) -> None:
    await pair.talk.tap("Nieuw traject", "Mijn eigen denken")
    await pair.talk.say("lesbezoek", "kanarie", "vragen")
    await pair.talk.tap("Ja, zo is het")
    kept = (await pair.talk.page()).journal[-1].id
    await pair.talk.say(f"/delen {kept}")
    await pair.talk.tap("Heel dit traject", "Een maand", "Ja, deel dit")
    assert "kanarie" in (await pair.seen()).values()
    pair.talk.now += timedelta(days=32)
    assert await pair.seen() == {}


async def test_avg_9_she_sees_who_read_what_and_when(pair: Pair) -> None:
    kept, other = await pair.thought("Kanarie."), await pair.thought("Mus.")
    await pair.share(kept)
    await pair.share(other)
    handle = await pair.handle()
    pair.talk.now += timedelta(hours=1)
    await pair.review.open(ANNA, handle, kept, pair.talk.now)
    pair.talk.now += timedelta(hours=1)
    await pair.review.open(ANNA, handle, kept, pair.talk.now)
    looks = (await pair.talk.page()).conversation.looks
    assert [(look.coach, look.about, look.times) for look in looks] == [(ANNA, kept, 2)]
    assert looks[0].last - looks[0].first == timedelta(hours=1)
    await pair.talk.say("/gezien")
    assert "2 keer gelezen, het laatst dinsdag 1 december om 10.00" in pair.talk.text
    assert "Nog niet gelezen" in pair.talk.text


async def test_avg_9_notices_a_review_that_does_not_write_down_that_it_was_opened(
    pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dialogues.review.with_look", lambda conversation, *_: conversation)
    kept = await pair.thought("Kanarie.")
    await pair.share(kept)
    await pair.review.open(ANNA, await pair.handle(), kept, pair.talk.now)
    await pair.talk.say("/gezien")
    assert "keer gelezen" not in pair.talk.text


async def test_prv_7_what_is_not_there_and_what_is_not_hers_get_the_same_answer(pair: Pair) -> None:
    secret, shared = await pair.thought("Kanarie."), await pair.thought("Mus.")
    await pair.share(shared)
    handle, now = await pair.handle(), pair.talk.now
    assert await pair.review.open(ANNA, handle, secret, now) is None
    assert await pair.review.open(ANNA, handle, "r99", now) is None
    assert await pair.review.open(ANNA, "0" * 32, shared, now) is None
    assert await pair.review.open(BERT, handle, shared, now) is None
    assert await pair.review.leader(BERT, handle, now) is None
    assert (await pair.talk.page()).conversation.looks == ()


async def test_fsm_7_an_edited_message_is_shown_as_it_is_now_and_marked(pair: Pair) -> None:
    await pair.talk.say("/gedachte Kanarie.")
    await pair.talk.tap("Bewaren", "Nee, klaar")
    kept = (await pair.talk.page()).journal[-1]
    await pair.share(kept.id)
    before = await pair.talk.at()
    await pair.talk.edit(int(kept.source[1:]), "Mus.")
    assert await pair.seen() == {kept.id: "Mus."}
    shown = await pair.review.leader(ANNA, await pair.handle(), pair.talk.now)
    assert shown is not None
    assert shown.pieces[0].corrected
    assert "Kanarie" not in repr(shown)
    assert await pair.talk.at() == before


async def test_the_list_says_what_is_new_since_the_last_visit(pair: Pair) -> None:
    await pair.share(await pair.thought("Kanarie."))
    [glimpse] = await pair.review.leaders(await coach_of(pair), pair.talk.now)
    assert (glimpse.new, glimpse.shown.link.known_as) == (1, "Marijke")
    await pair.review.visit(ANNA, glimpse.handle, pair.talk.now)
    assert await pair.review.count_new(await coach_of(pair), pair.talk.now) == 0
    pair.talk.now += timedelta(minutes=1)
    await pair.share(await pair.thought("Mus."))
    assert await pair.review.count_new(await coach_of(pair), pair.talk.now) == 1


async def test_a_search_finds_words_in_other_forms_only_in_what_is_shared(pair: Pair) -> None:
    kept, secret = await pair.thought("De kanaries zingen. En een mus."), await pair.thought("Een kanarie.")
    await pair.share(kept)
    hits = await pair.review.search(ANNA, "kanarie", "nl", pair.talk.now)
    assert [hit.piece.id for hit in hits] == [kept]
    assert secret not in {hit.piece.id for hit in hits}
    assert not await pair.review.search(ANNA, "", "nl", pair.talk.now)


async def test_a_first_search_gives_everybody_else_a_turn_in_between(pair: Pair) -> None:
    await pair.share(await pair.thought("Ik zie op tegen lesbezoek."))
    turns: list[int] = []
    asyncio.get_running_loop().call_soon(turns.append, 1)
    assert await pair.fresh().search(ANNA, "lesbezoek", "nl", pair.talk.now)
    assert turns


async def test_prepared_ahead_a_list_and_a_search_read_no_page_again(
    pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    await pair.share(await pair.thought("Ik zie op tegen lesbezoek."))
    review, read = pair.fresh(), []

    async def counted(leader: LeaderId, of: Callable[[LeaderId], Awaitable[Page | None]] = pair.keeper.read) -> object:
        read.append(leader)
        return await of(leader)

    monkeypatch.setattr(pair.keeper, "read", counted)
    now = pair.talk.now
    both = await asyncio.gather(review.prepare(ANNA, now), review.leaders(await coach_of(pair), now))
    assert len(both[1]) == 1
    assert await review.search(ANNA, "lesbezoek", "nl", now)
    assert len(read) == 1


async def test_a_search_looks_in_the_shared_sentence_and_not_in_the_rest(pair: Pair) -> None:
    kept = await pair.thought("De kanaries zingen. En een mus kijkt.")
    await pair.talk.say(f"/delen {kept}")
    await pair.talk.tap("Eén zin", "2", "Ja, deel dit")
    assert not await pair.review.search(ANNA, "kanarie", "nl", pair.talk.now)
    assert await pair.review.search(ANNA, "mus", "nl", pair.talk.now)


async def test_a_note_is_drafted_sent_told_read_and_answered(pair: Pair) -> None:
    kept = await pair.thought("Kanarie.")
    await pair.share(kept)
    handle = await pair.handle()
    draft = await pair.review.write(ANNA, handle, kept, "Wat maakt", pair.talk.now, send=False)
    assert draft is not None
    assert draft.sent is None
    await pair.talk.say("/brief")
    assert "geen briefje" in pair.talk.text
    sent = await pair.review.write(ANNA, handle, kept, "Wat maakt dat zo?", pair.talk.now, send=True)
    assert sent is not None
    assert (sent.id, sent.text) == (draft.id, "Wat maakt dat zo?")
    await pair.talk.come_due(days=1)
    assert "Anna schreef iets terug" in pair.talk.text
    await pair.talk.tap("Lezen")
    assert "Wat maakt dat zo?" in pair.talk.text
    await pair.talk.say("Haar rust.")
    shown = await pair.review.leader(ANNA, handle, pair.talk.now)
    assert shown is not None
    [note] = shown.notes
    assert note.read
    assert shown.piece(note.answer).text == "Haar rust."


async def test_a_crisis_in_answer_to_a_note_is_not_shared(pair: Pair) -> None:
    kept = await pair.thought("Kanarie.")
    await pair.share(kept)
    await pair.review.write(ANNA, await pair.handle(), kept, "Wat maakt dat zo?", pair.talk.now, send=True)
    await pair.talk.come_due(days=1)
    await pair.talk.tap("Lezen")
    await pair.talk.say("Ik wil niet meer leven.")
    assert "113" in pair.talk.text
    assert [one.kind for one in (await pair.talk.page()).journal][-1] is Kind.CARE
    assert list(await pair.seen()) == [kept]


async def test_the_guide_tells_of_a_note_at_an_hour_at_which_it_may_write(pair: Pair) -> None:
    kept = await pair.thought("Kanarie.")
    await pair.share(kept)
    pair.talk.now += timedelta(hours=13)  # in the evening
    await pair.review.write(ANNA, await pair.handle(), kept, "Wat maakt dat zo?", pair.talk.now, send=True)
    assert await pair.talk.come_due(minutes=1) == 0
    assert await pair.talk.come_due(hours=12) == 1
    assert await pair.talk.come_due(hours=1) == 0


@pytest.mark.parametrize("text", ["", "   ", "x" * (NOTE_LENGTH + 1), "x" * 10_000])
async def test_a_note_that_is_empty_or_too_long_is_refused_and_nothing_is_kept(pair: Pair, text: str) -> None:
    kept = await pair.thought("Kanarie.")
    await pair.share(kept)
    with pytest.raises(ValueError, match="400"):
        await pair.review.write(ANNA, await pair.handle(), kept, text, pair.talk.now, send=True)
    assert (await pair.talk.page()).conversation.notes == ()


async def test_nothing_of_one_coach_is_visible_to_another(pair: Pair) -> None:
    await pair.link(BERT, "M.")
    kept = await pair.thought("Kanarie.")
    await pair.share(kept, coach="Anna")
    await pair.share(kept, coach="Bert")
    await pair.review.write(ANNA, await pair.handle(), kept, "Van Anna.", pair.talk.now, send=True)
    shown = await pair.review.leader(BERT, await pair.handle(BERT), pair.talk.now)
    assert shown is not None
    assert "anna" not in repr(shown).lower()
    assert await pair.handle(ANNA) != await pair.handle(BERT)


async def test_one_damaged_page_does_not_close_the_list(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    async def unreadable(_leader: object) -> None:
        raise PageUnreadable("damaged")

    monkeypatch.setattr(pair.keeper, "read", unreadable)
    assert list(await pair.review.leaders(await coach_of(pair), pair.talk.now)) == []


async def test_a_store_that_is_away_is_said_and_not_taken_for_nothing_shared(pair: Pair) -> None:
    await pair.keeper.close()
    with pytest.raises(KeeperUnavailable):
        await pair.review.leaders(await coach_of(pair), pair.talk.now)


async def test_sharing_shown_is_asked_once_per_version_and_anew_after_each_change(
    pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[datetime] = []
    real = sharing.shown
    monkeypatch.setattr(sharing, "shown", lambda page, coach, now: (asked.append(now), real(page, coach, now))[1])
    for _ in range(5):
        await pair.seen()
    assert len(asked) == 1
    await pair.thought("Mus.")
    await pair.seen()
    assert len(asked) == 2


async def test_the_leader_is_known_by_her_page(pair: Pair) -> None:
    [linked] = (await pair.keeper.linked(ANNA)).values()
    assert linked.leader == LEADER
