"""AVG-8, AVG-6: before "akkoord" only an id, the language and the place are kept; no name or phone number, ever."""

from __future__ import annotations

import pytest
from telegram import Update

from bot.hear import Spoken, meaning
from dialogues.conversation import LeaderId, SentOther
from storage.in_tinydb import TinyDbKeeper
from tests.rights.conftest import ANNE

CANARY = "kanarie"
BEFORE = (
    f"hallo, ik ben {CANARY}",
    "Nederlands",
    f"akkoord denk ik, zegt {CANARY}",
    f"wat is dit, {CANARY}",
    f"/gedachte {CANARY}",
    f"/zoek {CANARY}",
    f"/verbeter r1 {CANARY}",
    f"/onbekend {CANARY}",
    f"/nieuw {CANARY}",
    f"/taal {CANARY}",
    f"/regio {CANARY}",
    f"meer weten {CANARY}",
    "/wissen",
    f"nee {CANARY}",
    f"Ik wil dood, {CANARY}.",
    f"/hulp {CANARY}",
    f"later {CANARY}",
    f"{CANARY} " * 2000,
)


async def before_consent(talk):
    """Everything somebody may send before she agrees, none of it an agreement."""
    for words in BEFORE:
        await talk.say(words)
    await talk.edit(1, f"bewerkt door {CANARY}")
    await talk.hear(SentOther("voice"))
    page = await talk.keeper.read(ANNE)
    assert page is None or page.conversation.consent is None


@pytest.mark.asyncio
async def test_avg_8_nothing_that_was_written_before_akkoord_is_in_the_store(talking):
    talk = talking()
    await before_consent(talk)
    assert ANNE in talk.pages
    assert CANARY not in talk.pages[ANNE]
    page = await talk.page()
    conversation = page.conversation
    assert (page.journal, page.letters) == ((), ())
    assert conversation.moments == ()
    for empty in ("journeys", "plans", "quotes", "unasked"):
        assert getattr(conversation, empty) == ()
    assert (conversation.care_until, conversation.current) == (None, "")
    for frame in (conversation.frame, *conversation.waiting):
        assert frame.route in ("meeting", "language", "erase")
        assert (frame.echo, frame.proposal, frame.kept) == ("", "", {})


@pytest.mark.asyncio
async def test_avg_8_nothing_is_in_any_letter_that_waits_either(talking):
    talk = talking()
    for words in BEFORE:
        talk.said += 1
        await talk.guide.hear(ANNE, "telegram:anne", talk.guide.read(words, f"m{talk.said}"), talk.now)
        assert CANARY not in talk.pages.get(ANNE, "")


@pytest.mark.asyncio
async def test_avg_8_nor_in_the_bytes_on_the_disk(talking, tmp_path):
    talk = talking()
    talk.keeper = TinyDbKeeper(tmp_path / "data")
    talk.guide = talk.new_guide()
    await before_consent(talk)
    await talk.keeper.close()
    for path in tmp_path.rglob("*"):
        if path.is_file():
            raw = path.read_bytes()
            for code in ("utf-8", "utf-16-le", "utf-16-be"):
                assert CANARY.encode(code) not in raw


@pytest.mark.asyncio
async def test_avg_8_known_bad_the_same_search_finds_what_is_written_after_akkoord(talking):
    talk = talking()
    await talk.met()
    await talk.say(f"/gedachte {CANARY}")
    assert CANARY in talk.pages[ANNE]


@pytest.mark.asyncio
async def test_avg_8_no_silence_makes_the_guide_write_to_who_did_not_agree(talking):
    talk = talking()
    await before_consent(talk)
    talk.wait(days=700)
    assert await talk.guide.come_due(talk.now) == 0
    assert await talk.letters() == ()


PERSON = {
    "id": 4711471147,
    "is_bot": False,
    "first_name": "Voornaamkanarie",
    "last_name": "Achternaamkanarie",
    "username": "gebruikerkanarie",
    "language_code": "nl",
}
CONTACT = {"phone_number": "+31612345678", "first_name": "Voornaamkanarie", "user_id": 4711471147}
PLACE = {"latitude": 52.0907374, "longitude": 5.1214201}


def update(number, **more):
    chat = {"id": PERSON["id"], "type": "private", "first_name": PERSON["first_name"], "username": PERSON["username"]}
    message = {"message_id": number, "date": 1_790_000_000, "chat": chat, "from": PERSON, **more}
    return Update.de_json({"update_id": number, "message": message}, None)


@pytest.mark.asyncio
async def test_avg_6_no_phone_number_name_or_place_that_telegram_sends_along_is_kept(talking):
    talk = talking()
    said = [{"text": "hallo"}, {"text": "Nederlands"}, {"text": "akkoord"}, {"contact": CONTACT}, {"location": PLACE}]
    said += [{"text": "/gedachte Ik zie op tegen lesbezoek."}, {"contact": CONTACT, "caption": "mijn nummer"}]
    leader = LeaderId("")
    for number, more in enumerate(said, 1):
        meant = meaning(update(number, **more), talk.guide, "gids_bot")
        assert isinstance(meant, Spoken)
        leader = meant.leader
        await talk.guide.hear(leader, meant.address, meant.heard, talk.now, str(number), meant.language)
        await talk.send(leader)
    kept = talk.pages[leader]
    assert "lesbezoek" in kept
    for canary in ("kanarie", "31612345678", "612345678", "52.09", "5.12"):
        assert canary not in kept
    # The number of the chat is the one thing needed to answer, and stands there once; the leader's id is a digest.
    assert kept.count(str(PERSON["id"])) == 1
    assert str(PERSON["id"]) not in leader
