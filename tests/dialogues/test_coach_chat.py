"""What a coach does in the chat: taking the account, inviting, logging in, and the weekly count."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import pytest
import pytest_asyncio

from content.catalogue import Catalogue
from content.matching import StemMatcher
from dialogues.coach_chat import CoachChat, Whereabouts
from dialogues.coaching import Coach, CoachId, Tell, Weekly, invite
from dialogues.conversation import LeaderId
from dialogues.errors import KeeperUnavailable
from dialogues.ports import Entry, Passage
from storage.in_memory import InMemoryCoachBook, InMemoryKeeper
from tests.dialogues.held import LEADER, TUESDAY, ZONE
from tests.dialogues.talk import Talk

pytestmark = pytest.mark.asyncio

ANNA = Coach(CoachId("anna"), "Anna", "De Praktijk", inside=False, language="nl", added=TUESDAY)
SITE = "https://gids.example"


class OneDoor:
    """A login page that shows the code GOED for one person."""

    async def confirm(self, code: str, person: LeaderId, _now: datetime) -> Passage | None:
        return Passage(f"{SITE}/in/geheim", "WOORD") if code == "GOED" and person == LEADER else None


@dataclass
class Desk:
    """Somebody who may be a coach, in the chat."""

    talk: Talk
    book: InMemoryCoachBook
    where: Whereabouts = field(default_factory=lambda: Whereabouts(SITE, "gids_bot"))

    async def account(self, **changed: object) -> None:
        """Make this person a coach."""
        await self.book.change(lambda book: book.with_coach(replace(ANNA, person=LEADER, **changed)))

    async def coach(self) -> Coach:
        return (await self.book.read()).coaches[0]


@pytest_asyncio.fixture
async def desk(catalogue: Catalogue, matcher: StemMatcher) -> Desk:
    book, keeper = InMemoryCoachBook(), InMemoryKeeper()
    found = Desk(Talk(catalogue, matcher, keeper), book)
    tokens = iter(f"token-{number}" for number in range(9))
    found.talk.coaches = CoachChat(book, OneDoor(), found.where, ZONE, lambda: next(tokens))
    return found


async def test_the_invitation_of_the_operator_makes_the_account_this_persons(desk: Desk) -> None:
    await desk.book.change(lambda book: invite(book.with_coach(ANNA), ANNA.id, "sleutel", TUESDAY, operator=True))
    await desk.talk.say("/start sleutel")
    assert (await desk.coach()).person == LEADER
    assert SITE in desk.talk.text
    assert "Dag Anna" in desk.talk.text


async def test_nothing_is_kept_of_a_coach_but_where_the_chat_is(desk: Desk) -> None:
    await desk.book.change(lambda book: invite(book.with_coach(ANNA), ANNA.id, "sleutel", TUESDAY, operator=True))
    await desk.talk.say("/koppel sleutel")
    page = await desk.talk.page()
    assert page.conversation.consent is None
    assert page.journal == ()


async def test_opened_twice_by_the_same_person_it_says_the_same_and_by_another_it_is_gone(desk: Desk) -> None:
    await desk.book.change(lambda book: invite(book.with_coach(ANNA), ANNA.id, "sleutel", TUESDAY, operator=True))
    await desk.talk.say("/start sleutel", "/start sleutel")
    assert "Dag Anna" in desk.talk.text
    other = await desk.talk.guide.hear(
        LeaderId("other"), "there", desk.talk.guide.read("/start sleutel", "1"), desk.talk.now, language="nl"
    )
    assert "werkt niet meer" in other.letters[0].message.text
    assert (await desk.coach()).person == LEADER


async def test_one_person_has_one_account(desk: Desk) -> None:
    await desk.account()
    other = replace(ANNA, id=CoachId("bert"))
    await desk.book.change(lambda book: invite(book.with_coach(other), other.id, "sleutel", TUESDAY, operator=True))
    await desk.talk.say("/start sleutel")
    assert "al een account" in desk.talk.text
    assert (await desk.book.read()).find("bert").person == ""


@pytest.mark.parametrize("command", ["/uitnodigen", "/weekbericht 1 8"])
async def test_who_is_no_coach_hears_that_this_is_for_coaches(desk: Desk, command: str) -> None:
    await desk.talk.say(command)
    assert "voor coaches" in desk.talk.text
    assert await desk.book.read() == InMemoryCoachBook()._book


@pytest.mark.parametrize("command", ["/uitnodigen", "/weekbericht 1 8"])
async def test_nor_does_a_closed_account_do_anything(desk: Desk, command: str) -> None:
    await desk.account(active=False)
    await desk.talk.say(command)
    assert "voor coaches" in desk.talk.text


@pytest.mark.parametrize("asked", ["/help", "help"])
async def test_a_coach_who_asks_for_help_reads_what_a_coach_can_type_and_a_leader_does_not(
    desk: Desk, asked: str
) -> None:
    await desk.talk.say(asked)
    assert "/uitnodigen" not in desk.talk.text
    await desk.account(active=False)
    await desk.talk.say(asked)
    assert "/uitnodigen" not in desk.talk.text
    await desk.account()
    await desk.talk.say(asked)
    mine, ordinary, *_ = (letter.message.text for letter in desk.talk.reply.letters)
    assert all(command in mine for command in ("/uitnodigen", "/inloggen", "/weekbericht"))
    assert "/wissen" in ordinary


async def test_an_invitation_comes_as_a_message_to_pass_on(desk: Desk) -> None:
    await desk.account()
    await desk.talk.say("/uitnodigen")
    assert "https://t.me/gids_bot?start=token-0" in desk.talk.reply.letters[-1].message.text
    assert "/koppel token-0" in desk.talk.reply.letters[-1].message.text
    assert (await desk.book.read()).invitation("token-0", desk.talk.now)


async def test_without_the_name_of_the_bot_there_is_only_the_code(desk: Desk) -> None:
    await desk.account()
    desk.where.bot = ""
    await desk.talk.say("/uitnodigen")
    assert "t.me" not in desk.talk.text
    assert "/koppel token-0" in desk.talk.text


async def test_fuz_7_a_token_is_kept_nowhere(desk: Desk) -> None:
    await desk.account()
    await desk.talk.say("/uitnodigen")
    assert "token-0" not in repr(await desk.book.read())


async def test_a_code_of_a_login_page_is_answered_with_the_way_in(desk: Desk) -> None:
    for said in ("/inloggen GOED", "/start in_GOED"):
        await desk.talk.say(said)
        assert f"{SITE}/in/geheim" in desk.talk.text
        assert "WOORD" in desk.talk.text


@pytest.mark.parametrize(("said", "answer"), [("/inloggen", "Daar staat een code"), ("/inloggen FOUT", "tien minuten")])
async def test_without_a_code_and_with_a_wrong_one_it_says_what_to_do(desk: Desk, said: str, answer: str) -> None:
    await desk.talk.say(said)
    assert answer in desk.talk.text


async def test_without_pages_it_says_so(desk: Desk) -> None:
    desk.where.site = ""
    await desk.talk.say("/inloggen GOED")
    assert "geen pagina" in desk.talk.text


async def test_logging_in_leaves_the_open_question_open(desk: Desk) -> None:
    await desk.talk.asked()
    before = await desk.talk.at()
    await desk.talk.say("/inloggen GOED")
    assert await desk.talk.at() == before


@pytest.mark.parametrize(
    ("said", "moment"),
    [("1 8", Weekly(1, 8)), ("7 23:00", Weekly(7, 23)), ("5 08.00", Weekly(5, 8)), ("0", None)],
)
async def test_the_weekly_moment_is_set_and_taken_away(desk: Desk, said: str, moment: Weekly | None) -> None:
    await desk.account(digest=Weekly(2, 9))
    await desk.talk.say(f"/weekbericht {said}")
    assert (await desk.coach()).digest == moment


@pytest.mark.parametrize("said", ["", "8 8", "0 8", "1 24", "maandag", "1 8 9", "x" * 4000])
async def test_anything_else_changes_nothing_and_says_how(desk: Desk, said: str) -> None:
    await desk.account(digest=Weekly(2, 9))
    await desk.talk.say(f"/weekbericht {said}")
    assert "met 1 voor maandag" in desk.talk.text
    assert "dinsdag om 9.00" in desk.talk.text
    assert (await desk.coach()).digest == Weekly(2, 9)


# -- what the guide says to a coach by itself ----------------------------------------------------------------------


async def told(desk: Desk, now: datetime, new: int = 3) -> list[str]:
    """What the coach is sent at *now*, when so many pieces are new."""

    async def count(_coach: Coach, _now: datetime) -> int:
        return new

    page = await desk.talk.keeper.read(LEADER)
    before = len(page.letters) if page else 0
    await desk.talk.guide.tell_coaches(count, now)
    page = await desk.talk.keeper.read(LEADER)
    return [letter.message.text for letter in page.letters[before:]] if page else []


MONDAY = datetime(2026, 12, 7, 7, 0, tzinfo=UTC)  # 8.00 in Amsterdam


async def test_the_count_comes_once_a_week_and_holds_no_word_of_anyone(desk: Desk) -> None:
    await desk.account(digest=Weekly(1, 8))
    await desk.talk.met()
    assert await told(desk, MONDAY - timedelta(minutes=1)) == []
    [message] = await told(desk, MONDAY)
    assert message.startswith("Er zijn 3 nieuwe stukken met je gedeeld.")
    assert await told(desk, MONDAY + timedelta(minutes=1)) == []
    assert await told(desk, MONDAY + timedelta(days=1)) == []
    assert len(await told(desk, MONDAY + timedelta(days=7))) == 1


async def test_nothing_new_is_no_message(desk: Desk) -> None:
    await desk.account(digest=Weekly(1, 8))
    await desk.talk.met()
    assert await told(desk, MONDAY, new=0) == []
    assert await told(desk, MONDAY + timedelta(hours=1), new=5) == []


@pytest.mark.parametrize(("late", "messages"), [(timedelta(hours=23), 1), (timedelta(hours=24), 0)])
async def test_a_missed_moment_is_made_up_for_within_a_day(desk: Desk, late: timedelta, messages: int) -> None:
    await desk.account(digest=Weekly(1, 8))
    await desk.talk.met()
    assert len(await told(desk, MONDAY + late)) == messages


@pytest.mark.parametrize("day", [datetime(2026, 10, 25, tzinfo=UTC), datetime(2027, 3, 28, tzinfo=UTC)])
async def test_sch_1_on_the_days_that_clocks_change_it_comes_once(desk: Desk, day: datetime) -> None:
    await desk.account(digest=Weekly(7, 2))
    await desk.talk.met()
    quarters = [await told(desk, day - timedelta(hours=3) + timedelta(minutes=15 * step)) for step in range(120)]
    assert sum(map(len, quarters)) == 1


async def test_what_the_operator_changed_is_told_once(desk: Desk) -> None:
    await desk.account(tell=Tell.RESET)
    await desk.talk.met()
    [message] = await told(desk, MONDAY)
    assert "tweede stap gewist" in message
    assert await told(desk, MONDAY) == []


async def test_a_closed_account_gets_no_count_but_hears_that_it_was_closed(desk: Desk) -> None:
    await desk.account(active=False, digest=Weekly(1, 8), tell=Tell.CLOSED)
    await desk.talk.met()
    [message] = await told(desk, MONDAY)
    assert "gesloten" in message


async def test_who_blocked_the_bot_is_not_written_to(desk: Desk) -> None:
    await desk.account(digest=Weekly(1, 8))
    await desk.talk.met()
    await desk.talk.guide.left(LEADER, desk.talk.now)
    assert await told(desk, MONDAY) == []


async def test_an_invitation_that_a_turn_could_not_keep_can_be_used_again(desk: Desk) -> None:
    await desk.talk.met()
    await desk.book.change(lambda book: invite(book.with_coach(ANNA), ANNA.id, "sleutel", desk.talk.now))
    await desk.talk.say("/koppel sleutel")
    await desk.talk.tap("Ja, koppel")
    keeper = desk.talk.keeper
    write = keeper.write

    async def away(_entry: Entry) -> None:
        raise KeeperUnavailable

    keeper.write = away
    with pytest.raises(KeeperUnavailable):
        await desk.talk.say("Marijke")
    keeper.write = write
    await desk.talk.say("Marijke")
    [link] = (await desk.talk.page()).conversation.links
    assert link.known_as == "Marijke"


async def test_of_two_leaders_who_accept_at_once_one_is_linked(desk: Desk) -> None:
    await desk.talk.met()
    await desk.book.change(lambda book: invite(book.with_coach(ANNA), ANNA.id, "sleutel", desk.talk.now))
    await desk.talk.say("/koppel sleutel")
    await desk.talk.tap("Ja, koppel")
    [invitation] = (await desk.book.read()).invitations
    await desk.book.change(lambda book: book.spending(invitation.digest, desk.talk.now))  # the other was first
    await desk.talk.say("Marijke")
    assert "werkt niet meer" in desk.talk.text
    assert (await desk.talk.page()).conversation.links == ()
