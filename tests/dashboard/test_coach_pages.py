"""What a coach can do on the pages, over real HTTP: find leaders, read in context, and write back with no word lost."""

import asyncio
import re
from dataclasses import replace
from html import unescape

import pytest

from dialogues.coaching import Grant, Level
from dialogues.ports import Entry
from dialogues.review import NOTE_LENGTH
from tests.dashboard import full_sample, sample

ANNE = f"/coach/leaders/{sample.ANNES_HANDLE}"


def piece(running, id_, handle=sample.ANNES_HANDLE):
    return f"/coach/leaders/{handle}/pieces/{running.parts.handles.of(handle, id_)}"


def journey(running, id_="j1", handle=sample.ANNES_HANDLE):
    return f"/coach/leaders/{handle}/journeys/{running.parts.handles.of(handle, id_)}"


def typed(page):
    return unescape(re.search(r"<textarea id=\"(?:text|kept1)\"[^>]*>\n?(.*?)</textarea>", page.text, re.DOTALL)[1])


async def conversation(running, leader=sample.ANNE):
    page = await running.keeper.read(leader)
    return page.conversation


async def notes(running, about="r3"):
    return [note for note in (await conversation(running)).notes if note.about == about]


async def withdraw(running, id_):
    """Take the grant *id_* back in the chat, as Anne does it."""
    page = await running.keeper.read(sample.ANNE)
    grants = tuple(
        replace(one, withdrawn=running.clock()) if one.id == id_ else one for one in page.conversation.grants
    )
    await running.keeper.write(Entry(replace(page.conversation, grants=grants)))


@pytest.mark.asyncio
async def test_the_list_says_who_shares_and_what_is_new(running):
    page = await (await running.coach()).get("/coach")
    assert re.findall(r"<bdi>(.*?)</bdi>", page.text) == ["Anne", "B."]
    assert "5 nieuwe stukken" in page.text
    assert "1 nieuw stuk" in page.text


@pytest.mark.asyncio
async def test_what_was_seen_in_an_earlier_session_is_no_longer_new_and_stays_new_within_this_one(running):
    browser = await running.coach()
    assert "eerste bezoek" in (await browser.get(ANNE)).text
    assert "eerste bezoek" in (await browser.get(ANNE)).text
    assert "Niets nieuws" in (await browser.get("/coach")).text
    running.clock.on(hours=1)
    page = await running.keeper.read(sample.ANNE)
    grant = Grant("g9", sample.CATO.id, Level.PIECE, "r4", running.clock(), "1")
    await running.keeper.write(Entry(replace(page.conversation, grants=(*page.conversation.grants, grant))))
    again = await running.coach()
    for _ in range(2):
        new = (await again.get(ANNE)).text.partition('id="new"')[2].partition("</section>")[0]
        assert new.count("<li>") == 1
        assert piece(running, "r4") in new


@pytest.mark.asyncio
async def test_an_invitation_is_shown_once_and_works(running):
    browser = await running.coach()
    await browser.get("/coach")
    page = await browser.post("/coach/invite")
    token = re.search(r"<code>([\w-]{43})</code>", page.text)[1]
    assert f"https://t.me/mindshift_bot?start={token}" in page.text
    book = await running.book.read()
    assert book.invitation(token, running.clock())[1].id == sample.CATO.id
    assert token not in repr(book)
    await running.chat(sample.BERT, "/verder")
    assert "Cato Meijer" in await running.chat(sample.BERT, f"/koppel {token}")


@pytest.mark.asyncio
async def test_a_list_of_pieces_shows_no_word_of_the_leader(running):
    browser = await running.coach()
    await browser.get("/search")
    pages = [await browser.get("/coach"), await browser.get(ANNE), await browser.get("/coach/search")]
    pages.append(await browser.post("/coach/search", text="stil"))
    for page in pages:
        assert page.status_code == 200
        for kept in sample.anne().journal:
            assert kept.text[:20] not in page.text
    assert (await conversation(running)).looks == sample.anne().conversation.looks


@pytest.mark.asyncio
async def test_opening_a_piece_or_a_journey_is_remembered_with_the_leader(running):
    browser = await running.coach()
    assert (await browser.get(piece(running, "r3"))).status_code == 200
    assert (await browser.get(journey(running))).status_code == 200
    looks = {look.about: look for look in (await conversation(running)).looks}
    assert (looks["r3"].times, looks["r3"].last) == (3, running.clock())
    assert looks["j1"].times == 1
    told = await running.chat(sample.ANNE, "/gezien")
    assert "1 keer gelezen" in told


@pytest.mark.asyncio
async def test_a_piece_stands_in_its_context(running):
    browser = await running.coach()
    page = (await browser.get(piece(running, "r1"))).text
    assert "Wat houdt je bezig?" in page
    assert "Van “zelf uitleggen” naar “eerst vragen”" in page
    assert "4, niet durven" in page
    assert "Zeven fasen van een mindshift, Simons (2013)" in page
    assert piece(running, "r2") in page


@pytest.mark.asyncio
async def test_a_summary_and_a_single_sentence_show_no_more_than_that(running):
    browser = await running.coach()
    summary, sentence = (await browser.get(piece(running, "r7"))).text, (await browser.get(piece(running, "r6"))).text
    assert "6, actie" in summary
    assert "7 van 10" in summary
    assert "Eén zin mag gelezen worden." in sentence
    for page in (summary, sentence):
        assert sample.PRIVATE not in page
        assert "Ik moet dit" not in page


@pytest.mark.asyncio
async def test_a_journey_shows_its_path_as_a_line_and_as_a_table_and_what_became_of_the_plans(running):
    page = (await (await running.coach()).get(journey(running))).text
    assert "<polyline" in page
    assert re.search(r"<td>2 november 2026</td><td>4, niet durven</td><td class=\"amount\">2</td>", page)
    assert "Deels gedaan" in page
    assert "Stil zijn is het moeilijkst." in page
    assert "Nog niets over bekend" in page


@pytest.mark.asyncio
async def test_pieces_come_by_twenty_and_any_page_number_is_answered(running):
    page = full_sample.eva()
    await running.keeper.write(Entry(page.conversation, page.journal, at=running.clock()))
    browser = await running.coach()
    leader = f"/coach/leaders/{full_sample.EVAS_HANDLE}"
    counts = {}
    for asked in ("1", "2", "3", "0", "-1", "x", "9" * 40, "²"):
        page = await browser.get(leader, params={"page": asked})
        assert page.status_code == 200
        counts[asked] = page.text.partition('id="pieces"')[2].count("<li>")
    assert counts == {"1": 20, "2": 8, "3": 8, "0": 20, "-1": 20, "x": 20, "9" * 40: 20, "²": 20}


@pytest.mark.asyncio
async def test_hints_name_their_rule_and_link_to_what_they_rest_on(running):
    page = full_sample.eva()
    await running.keeper.write(Entry(page.conversation, page.journal, at=running.clock()))
    browser = await running.coach()
    handle = full_sample.EVAS_HANDLE
    hints = (
        (await browser.get(f"/coach/leaders/{handle}")).text.partition('class="hints"')[2].partition("</details>")[0]
    )
    assert "De kaart “Oefenen in veilige situatie” is 5 keer gekozen." in hints
    assert "Plan zonder wanneer" in hints
    assert piece(running, "r12", handle) in hints
    assert journey(running, "j1", handle) in hints
    assert "Tekenen van te veel" in (await browser.get(piece(running, "r12", handle))).text


@pytest.mark.asyncio
async def test_a_note_goes_from_draft_to_sent_to_read_to_answered(running):
    browser = await running.coach()
    at = piece(running, "r6")
    await browser.get(at)
    kept = await browser.post(f"{at}/note", text="Eén zin, en wat een zin.\r\nWat nu?", over="", act="draft")
    assert kept.status_code == 303
    page = await browser.get(kept.headers["location"])
    assert typed(page) == "Eén zin, en wat een zin.\nWat nu?"
    assert "Concept bewaard" in page.text
    assert (await notes(running, "r6"))[0].sent is None
    sent = await browser.post(f"{at}/note", text=typed(page), over=typed(page), act="send")
    page = await browser.get(sent.headers["location"])
    assert typed(page) == ""
    assert "Nog niet gelezen" in page.text
    for said in ("/brief", "lezen", "Dat ik vaker een zin deel."):
        await running.chat(sample.ANNE, said)
    note = (await notes(running, "r6"))[0]
    assert note.read
    assert note.answer
    page = await browser.get(at)
    assert "Beantwoord" in page.text
    assert piece(running, note.answer) in page.text
    assert "Dat ik vaker een zin deel." in (await browser.get(piece(running, note.answer))).text


@pytest.mark.asyncio
@pytest.mark.parametrize("length", [NOTE_LENGTH + 1, 10_000])
async def test_a_note_that_is_too_long_comes_back_whole_and_says_how_much_too_long(running, length):
    browser = await running.coach()
    await browser.get(piece(running, "r3"))
    text = "é" * length
    page = await browser.post(f"{piece(running, 'r3')}/note", text=text, over="", act="send")
    assert page.status_code == 422
    assert typed(page) == text
    assert f"{length - NOTE_LENGTH} teken" in page.text
    assert len(await notes(running)) == 1


@pytest.mark.asyncio
async def test_a_note_of_exactly_400_characters_is_sent_and_an_empty_one_is_not(running):
    browser = await running.coach()
    at = piece(running, "r3")
    await browser.get(at)
    empty = await browser.post(f"{at}/note", text=" \r\n ", over="", act="send")
    assert empty.status_code == 422
    assert "Er staat nog niets in het briefje." in empty.text
    full = await browser.post(f"{at}/note", text="\r\n".join(["a" * 199, "b" * 200]), over="", act="send")
    assert full.status_code == 303


@pytest.mark.asyncio
async def test_pressing_send_twice_sends_one_note(running):
    browser = await running.coach()
    at = piece(running, "r3")
    await browser.get(at)
    fields = {"text": "Wat hielp je daarbij?", "over": "", "act": "send"}
    answers = await asyncio.gather(*(browser.post(f"{at}/note", **fields) for _ in range(5)))
    assert {answer.status_code for answer in answers} == {303}
    assert [note.text for note in await notes(running)].count("Wat hielp je daarbij?") == 1


@pytest.mark.asyncio
async def test_two_windows_lose_no_draft(running):
    browser = await running.coach()
    at = piece(running, "r3")
    await browser.get(at)
    await browser.post(f"{at}/note", text="Uit het ene venster", over="", act="draft")
    page = await browser.post(f"{at}/note", text="Uit het andere venster", over="", act="draft")
    assert page.status_code == 409
    assert typed(page) == "Uit het andere venster"
    assert "Uit het ene venster" in page.text
    assert [note.text for note in await notes(running) if not note.sent] == ["Uit het ene venster"]
    over = unescape(re.search(r'name="over" value="([^"]*)"', page.text)[1])
    assert (await browser.post(f"{at}/note", text="Van beide iets", over=over, act="draft")).status_code == 303
    assert [note.text for note in await notes(running) if not note.sent] == ["Van beide iets"]


@pytest.mark.asyncio
async def test_two_coaches_write_at_once_and_see_only_their_own(running):
    page = await running.keeper.read(sample.ANNE)
    link = replace(page.conversation.links[0], coach=sample.DIRK.id, handle="d7" * 16, name=sample.DIRK.name)
    grant = Grant("g9", sample.DIRK.id, Level.PIECE, "r3", running.clock(), "1")
    both = replace(page.conversation, links=(*page.conversation.links, link), grants=(*page.conversation.grants, grant))
    await running.keeper.write(Entry(both))
    cato, dirk = await running.coach(), await running.coach(sample.DIRK)
    writers = [
        (cato, piece(running, "r3"), "Van Cato, wat zag je?"),
        (dirk, piece(running, "r3", "d7" * 16), "Van Dirk, wat hoorde je?"),
    ]
    for browser, at, _ in writers:
        await browser.get(at)
    for _ in range(5):
        await asyncio.gather(
            *(browser.post(f"{at}/note", text=text, over="", act="draft") for browser, at, text in writers)
        )
    assert {note.text for note in await notes(running) if not note.sent} == {text for _, _, text in writers}
    for (browser, at, mine), (_, _, other) in (writers, writers[::-1]):
        page = (await browser.get(at)).text
        assert mine in page
        assert other not in page


@pytest.mark.asyncio
async def test_when_the_store_is_away_the_note_comes_back_and_can_be_sent_later(running):
    browser = await running.coach()
    at = piece(running, "r3")
    await browser.get(at)
    running.keeper.away = True
    page = await browser.post(f"{at}/note", text="Niet weg te krijgen <b>", over="", act="send")
    assert page.status_code == 503
    assert typed(page) == "Niet weg te krijgen <b>"
    running.keeper.away = False
    assert len(await notes(running)) == 1
    assert (await browser.post(f"{at}/note", text=typed(page), over="", act="send")).status_code == 303
    assert len(await notes(running)) == 2


@pytest.mark.asyncio
async def test_a_piece_withdrawn_while_it_stood_open_gives_the_typed_note_back(running):
    browser = await running.coach()
    at = piece(running, "r3")
    await browser.get(at)
    await withdraw(running, "g1")
    page = await browser.post(f"{at}/note", text="Wat ik net schreef", over="", act="send")
    assert page.status_code == 404
    assert typed(page) == "Wat ik net schreef"
    assert len(await notes(running)) == 1


@pytest.mark.asyncio
async def test_a_session_that_ended_gives_the_typed_note_back(running):
    browser = await running.coach()
    await browser.get(piece(running, "r3"))
    running.clock.on(minutes=31)
    page = await browser.post(f"{piece(running, 'r3')}/note", text="Lang over nagedacht", over="", act="send")
    assert page.status_code == 403
    assert typed(page) == "Lang over nagedacht"


@pytest.mark.asyncio
async def test_the_pages_speak_the_language_of_the_coach(running):
    await running.book.change(lambda book: book.with_coach(replace(sample.CATO, language="en")))
    browser = await running.coach()
    for path, words in {"/coach": "My leaders", ANNE: "Everything that is shared", "/coach/search": "Search"}.items():
        page = await browser.get(path)
        assert words in page.text
        assert '<html lang="en">' in page.text
    assert "The question of the guide" in (await browser.get(piece(running, "r1"))).text


@pytest.mark.asyncio
async def test_half_a_character_breaks_no_page(running):
    page = await running.keeper.read(sample.ANNE)
    odd = replace(page.journal[2], text="half \ud83d en \x00 nul \u202e om")
    await running.keeper.write(Entry(page.conversation, (odd,)))
    browser = await running.coach()
    assert (await browser.get(ANNE)).status_code == 200
    assert "nul" in (await browser.get(piece(running, "r3"))).text
