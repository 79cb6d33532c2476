"""A leader's own page over real HTTP: her path, what she wrote, what she shares and who read it, export and erasing."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from html import unescape

import pytest

from app.importing import read
from content.exporting import PageExporter
from dialogues import sharing
from dialogues.boards import BoardAction, BoardLine, Hers
from dialogues.conversation import Kind, Reflection, Scan, Vision
from dialogues.ports import Entry
from storage.journal import current_format
from tests.dashboard import sample
from tests.dashboard.sample import ANNE, ANNES_HANDLE, CATO

pytestmark = pytest.mark.asyncio

PAGES = ("/journey", "/journey/one/j1", "/journey/reflections", "/journey/reflections/r1", "/journey/sharing",
         "/journey/portfolio", "/journey/data")  # fmt: skip


def text_of(answer):
    """What can be read on a page, on one line."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", answer.text)).split())


async def kept(running, person=ANNE):
    return await running.keeper.read(person)


async def test_every_page_of_hers_is_shown_to_her(running):
    anne = await running.leader()
    for page in PAGES:
        answer = await anne.get(page)
        assert answer.status_code == 200, page
        assert text_of(answer)


@pytest.mark.parametrize("page", PAGES)
async def test_nobody_else_comes_there(running, page):
    nobody = await running.browser()
    assert (await nobody.get(page)).headers["location"] == "/"
    cato = await running.coach()
    assert (await cato.get(page)).status_code == 404


async def test_she_sees_her_own_and_nothing_of_another_leader(running):
    bert = await running.leader(sample.BERT)
    for page in PAGES:
        answer = await bert.get(page)
        assert answer.status_code in (200, 404)
        assert "lesbezoek" not in answer.text
        assert "Het bestuur belde weer" not in answer.text
    assert (await bert.get("/journey/reflections/r5")).status_code == 404


async def test_her_path_stands_in_a_drawing_and_in_a_table(running):
    anne = await running.leader()
    answer = await anne.get("/journey/one/j1")
    assert '<svg class="path"' in answer.text
    assert "4, niet durven" in text_of(answer)
    assert "Ik vroeg, en vulde daarna toch in." in text_of(answer)
    assert "Deels gedaan" in text_of(answer)


async def test_what_she_wrote_comes_by_twenty_and_is_searched_without_words_in_an_address(running):
    page = sample.anne()
    more = tuple(Reflection(f"r{n}", Kind.THOUGHT, f"Losse gedachte nummer {n}", sample.day(18)) for n in range(20, 65))
    await running.keeper.write(Entry(page.conversation, (*page.journal, *more), at=sample.NOW))
    anne = await running.leader()
    first, last = await anne.get("/journey/reflections"), await anne.get("/journey/reflections?page=3")
    assert first.text.count("Losse gedachte") == 20
    assert "Bladzij 3 van 3" in text_of(last)
    for odd in ("0", "99", "-1", "9" * 400, "x", "%00", "١"):
        assert (await anne.get(f"/journey/reflections?page={odd}")).status_code == 200
    found = await anne.post("/journey/reflections", text="lesbezoeken")
    assert "1 stuk gevonden" in text_of(found)
    assert "Niets gevonden" in text_of(await anne.post("/journey/reflections", text="kwantummechanica"))
    assert "hooguit 200 tekens" in text_of(await anne.post("/journey/reflections", text="x" * 201))


async def test_avg_4_what_it_said_before_is_for_her_alone(running):
    await running.chat(ANNE, "/verbeter r3 Vandaag wachtte ik tien tellen.")
    anne, cato = await running.leader(), await running.coach()
    assert "De leraar vond zelf het antwoord" in (await anne.get("/journey/reflections/r3")).text
    shown = await running.parts.review.leader(CATO.id, ANNES_HANDLE, running.clock())
    assert shown.piece("r3").text == "Vandaag wachtte ik tien tellen."
    page = await cato.get(f"/coach/leaders/{ANNES_HANDLE}")
    assert "De leraar vond zelf het antwoord" not in page.text


# -- who read what -----------------------------------------------------------------------------------------------


def wrote(page):
    """Everything that only the page of a piece may show: the texts of reflections and what stands in plans."""
    texts = {piece.id: piece.text for piece in page.journal if piece.text}
    plans = {plan.journey: plan.happened for plan in page.conversation.plans if plan.happened}
    return {**texts, **plans}


async def test_avg_9_whoever_got_her_words_on_a_page_stands_on_her_list(running):
    anne, cato = await running.leader(), await running.coach()
    before = wrote(await kept(running))
    to_do, done, got = ["/coach", "/coach/search"], set(), set()
    while to_do:
        page = to_do.pop()
        done.add(page)
        answer = await cato.get(page)
        shown = text_of(answer)
        got |= {id_ for id_, text in before.items() if " ".join(text.split()) in shown}
        links = {unescape(link).partition("#")[0] for link in re.findall(r'href="(/coach[^"]*)"', answer.text)}
        to_do += sorted(links - done - set(to_do))
    answer = await cato.post("/coach/search", text="lesbezoek stil leraar")
    got |= {id_ for id_, text in before.items() if " ".join(text.split()) in text_of(answer)}
    assert {"r1", "r2", "r3", "j1"} <= got
    told = {one.look.about for one in sharing.seen(await kept(running), running.clock())}
    assert got <= told
    page = text_of(await anne.get("/journey/sharing"))
    assert page.count("Cato Meijer, Kompas Coaching") >= len(got) + 1


async def test_avg_9_the_answer_is_complete_when_all_was_taken_back_and_the_coach_is_gone(running):
    anne, cato = await running.leader(), await running.coach()
    view = await running.parts.review.leader(CATO.id, ANNES_HANDLE, running.clock())
    for piece in ("r1", "r3", "r6"):
        assert view.piece(piece)
        await running.parts.review.open(CATO.id, ANNES_HANDLE, piece, running.clock())
    looks = {look.about: look.times for look in (await kept(running)).conversation.looks}
    assert looks == {"r1": 1, "r3": 3, "r6": 1}
    for grant in ("g1", "g2", "g3", "g4"):
        await anne.get("/journey/sharing")
        assert (await anne.post("/journey/sharing/withdraw", grant=grant)).status_code == 200
    await anne.get("/journey/sharing")
    answer = await anne.post("/journey/sharing/ended", link=ANNES_HANDLE)
    assert "Gestopt. Deze coach ziet vanaf nu niets meer van je." in text_of(answer)
    assert (await cato.get(f"/coach/leaders/{ANNES_HANDLE}")).status_code == 404
    page = await anne.get("/journey/sharing")
    listed = text_of(page).partition("Wie wat las")[2]
    assert listed.count("Cato Meijer, Kompas Coaching") == 3
    assert listed.count("Niet meer te lezen") == 3
    assert "Hoe vaak 3" in listed
    for piece in ("r1", "r3", "r6"):
        assert f'href="/journey/reflections/{piece}"' in page.text


async def test_avg_9_bad_variant_a_list_of_what_is_shared_now_forgets_what_was_read(running):
    def of_grants_that_hold(page, now):
        held = {grant.about for grant in sharing.given(page.conversation, now)}
        return [look for look in page.conversation.looks if look.about in held]

    page, now = await kept(running), running.clock()
    taken_back = replace(page, conversation=sharing.withdrawn(page.conversation, "g1", now))
    assert [one.look.about for one in sharing.seen(taken_back, now)] == ["r3"]
    assert of_grants_that_hold(taken_back, now) == []


# -- taking back -------------------------------------------------------------------------------------------------


async def test_prv_2_taking_back_holds_at_the_next_request_of_the_coach(running):
    anne, cato = await running.leader(), await running.coach()
    page = await cato.get(f"/coach/leaders/{ANNES_HANDLE}")
    name = running.parts.handles.of(ANNES_HANDLE, "r3")
    assert name in page.text
    await anne.get("/journey/sharing")
    answer = await anne.post("/journey/sharing/withdraw", grant="g1")
    assert "g1 is ingetrokken." in text_of(answer)
    assert (await cato.get(f"/coach/leaders/{ANNES_HANDLE}/pieces/{name}")).status_code == 404


@pytest.mark.parametrize("grant", ["g99", "", "g1 g2", "r3", "' or 1=1"])
async def test_a_grant_that_does_not_exist_changes_nothing(running, grant):
    anne = await running.leader()
    await anne.get("/journey/sharing")
    before = await kept(running)
    assert (await anne.post("/journey/sharing/withdraw", grant=grant)).status_code == 404
    assert (await kept(running)).conversation.grants == before.conversation.grants


async def test_web_3_nothing_changes_without_the_key_of_the_form(running):
    anne = await running.leader()
    before = await kept(running)
    for path, fields in (
        ("/journey/sharing/withdraw", {"grant": "g1"}),
        ("/journey/sharing/ended", {"link": ANNES_HANDLE}),
        ("/journey/data/erase", {"word": "wissen"}),
        ("/journey/data/language", {"language": "en"}),
    ):
        assert (await anne.post(path, **{**fields, "form_key": "x"})).status_code == 403
        assert (await anne.get(path)).status_code in (404, 405)
    assert (await kept(running)).conversation == before.conversation


async def test_a_link_of_another_leader_cannot_be_ended_from_here(running):
    bert = await running.leader(sample.BERT)
    await bert.get("/journey/sharing")
    assert (await bert.post("/journey/sharing/ended", link=ANNES_HANDLE)).status_code == 404
    assert sharing.link_of((await kept(running)).conversation, CATO.id)


# -- her data ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("form", "type_"), [("json", "application/json"), ("md", "text/markdown")])
async def test_she_takes_along_what_the_command_gives(running, catalogue, form, type_):
    anne = await running.leader()
    await anne.get("/journey/data")
    answer = await anne.post("/journey/data/export", file=form)
    assert answer.headers["content-type"].startswith(type_)
    assert answer.headers["content-disposition"] == f'attachment; filename="mindshift.{form}"'
    assert answer.headers["cache-control"] == "no-store"
    assert answer.text == running.parts.exporter.export(await kept(running), "nl", form)
    assert (await anne.post("/journey/data/export", file="exe")).status_code == 404


async def test_avg_3_what_is_hers_on_boards_of_teams_comes_along_and_is_passed_over_when_it_is_read_back(
    serving, catalogue
):
    running = await serving(exporter=PageExporter(catalogue, current_format()))
    anne = await running.leader()
    await anne.get("/journey/data")
    page = await kept(running)
    made = page.conversation.consent

    class Boards:
        async def hers(self, leader):
            lines = (BoardLine("success", f"een regel van {leader}", made),)
            return (Hers("t1", "Onderbouw", "A.", made, (BoardAction("t1", ("a1",), "een actie", made),), lines),)

    running.parts.guide.boards = Boards()
    given = (await anne.post("/journey/data/export", file="json")).text
    (board,) = json.loads(given)["boards"]
    assert (board["actions"][0]["text"], board["lines"][0]["text"]) == ("een actie", f"een regel van {ANNE}")
    assert read(given, page.conversation.leader, page.conversation.address).conversation == page.conversation
    assert "een actie: loopt" in (await anne.post("/journey/data/export", file="md")).text


async def test_avg_3_what_her_page_gives_can_be_read_back(serving, catalogue):
    running = await serving(exporter=PageExporter(catalogue, current_format()))
    anne = await running.leader()
    await anne.get("/journey/data")
    answer = await anne.post("/journey/data/export", file="json")
    page = await kept(running)
    back = read(answer.text, ANNE, page.conversation.address)
    assert back.conversation == page.conversation
    assert back.journal == page.journal
    assert json.loads(answer.text)["conversation"]["looks"]


async def test_erasing_takes_the_typed_word_and_then_all_is_gone(running):
    anne, cato = await running.leader(), await running.coach()
    other = await running.leader()
    await anne.get("/journey/data")
    answer = await anne.post("/journey/data/erase", word="ja")
    assert answer.status_code == 422
    assert "Er is niets gewist." in text_of(answer)
    assert await kept(running)
    answer = await anne.post("/journey/data/erase", word=" Wissen ")
    assert "Alles is gewist" in text_of(answer)
    assert await kept(running) is None
    assert (await anne.get("/journey")).status_code == 303
    assert (await other.get("/journey")).status_code == 303
    assert (await cato.get(f"/coach/leaders/{ANNES_HANDLE}")).status_code == 404
    assert await kept(running, sample.BERT)


async def test_the_language_changes_here_and_in_the_conversation(running):
    anne = await running.leader()
    await anne.get("/journey/data")
    assert (await anne.post("/journey/data/language", language="en")).status_code == 303
    assert "My data" in text_of(await anne.get("/journey/data"))
    assert (await kept(running)).conversation.language == "en"
    assert (await anne.post("/journey/data/language", language="xx")).status_code == 404


async def test_when_the_store_is_away_it_is_said_and_nothing_is_shown(running):
    anne = await running.leader()
    await anne.get("/journey/sharing")
    running.keeper.away = True
    for page in PAGES:
        answer = await anne.get(page)
        assert answer.status_code == 503
        assert "Even niet bereikbaar" in text_of(answer)
    assert (await anne.post("/journey/sharing/withdraw", grant="g1")).status_code == 503
    running.keeper.away = False
    assert any(grant.id == "g1" and grant.withdrawn is None for grant in (await kept(running)).conversation.grants)


# -- the portfolio -----------------------------------------------------------------------------------------------


async def test_a_portfolio_is_chosen_seen_and_then_made(running):
    anne = await running.leader()
    before = await kept(running)
    page = await anne.get("/journey/portfolio")
    assert 'id="piece-p1" name="piece" value="p1" checked' in page.text
    assert 'id="piece-r1" name="piece" value="r1">' in page.text
    assert "Soms wil ik niet meer" not in page.text
    answer = await anne.post("/journey/portfolio/look", theme="j1", piece=["p1", "r1", "r8", "r5"])
    seen = text_of(answer)
    assert "Ik zie op tegen lesbezoek, omdat" in seen
    assert "stel ik eerst één open vraag" in seen
    assert "Soms wil ik niet meer" not in seen
    assert "Het team is moe" not in seen
    fields = {"theme": "j1", "piece": ["p1", "r1"]}
    printed = await anne.post("/journey/portfolio/make", file="pdf", **fields)
    assert printed.headers["content-type"] == "application/pdf"
    assert printed.headers["content-disposition"] == 'attachment; filename="portfolio.pdf"'
    assert printed.content.startswith(b"%PDF")
    text = await anne.post("/journey/portfolio/make", file="md", **fields)
    assert "Ik zie op tegen lesbezoek, omdat" in text.text
    again = await anne.post("/journey/portfolio", **fields)
    assert 'id="piece-r1" name="piece" value="r1" checked' in again.text
    assert 'id="take-j1" name="theme" value="j1" checked' in again.text
    assert await kept(running) == before  # what was chosen is kept nowhere


async def test_without_a_theme_nothing_is_made_and_the_page_says_what_to_do(running):
    anne = await running.leader()
    await anne.get("/journey/portfolio")
    answer = await anne.post("/journey/portfolio/look", piece="p1")
    assert answer.status_code == 422
    assert "Kies eerst een thema." in text_of(answer)
    assert (await anne.post("/journey/portfolio/make", theme="j9", file="pdf")).status_code == 404
    assert (await anne.post("/journey/portfolio/make", theme="j1", file="exe")).status_code == 404


async def test_her_vision_her_scans_and_loose_thoughts_are_chosen_and_seen_on_her_page_too(running):
    page, when = await kept(running), sample.day(18)
    written = (
        Reflection(
            "r20", Kind.VISION, "Leren is hier van iedereen.", when, "Hoe klinkt jullie visie nu?", model="draft"
        ),
        Reflection("r21", Kind.SCAN, "Dat wij weinig delen.", when, "Wat valt je op?", model="senge-disciplines"),
    )
    scan = Scan("s9", "senge-disciplines", when, {"mastery": 2, "mental_models": 4, "systems": 3}, when)
    now = replace(page.conversation, vision=Vision(when, draft="r20"), scans=(scan,))
    await running.keeper.write(Entry(now, (*page.journal, *written), at=sample.NOW))
    anne = await running.leader()
    shown = await anne.get("/journey/portfolio")
    assert 'id="piece-r20" name="piece" value="r20" checked' in shown.text
    assert 'id="piece-s9" name="piece" value="s9">' in shown.text
    assert "Zelfscan, 18 november 2026 Vijf disciplines" in text_of(shown)
    assert "Wat valt je op? Dat wij weinig delen." in text_of(shown)
    fields = {"theme": ["vision", "scans", "loose"], "piece": ["r20", "s9", "r21", "r3"]}
    seen = text_of(await anne.post("/journey/portfolio/look", **fields))
    assert "Mijn visie 18 november 2026 In mijn woorden Leren is hier van iedereen." in seen
    assert "Vijf disciplines. Het hoogst: Mentale modellen. Het laagst: Persoonlijk meesterschap." in seen
    assert "Vandaag bleef ik stil" in seen
    assert "Startpunt" not in seen
    made = await anne.post("/journey/portfolio/make", file="md", **fields)
    assert "Het hoogst: Mentale modellen" in made.text
    assert "Het bestuur belde weer" not in made.text


async def test_a_statement_goes_from_the_coach_to_her_portfolio_with_her_yes_alone(running):
    anne, cato = await running.leader(), await running.coach()
    journey = running.parts.handles.of(ANNES_HANDLE, "j1")
    place = f"/coach/leaders/{ANNES_HANDLE}/journeys/{journey}/statement"
    assert (await cato.get(place)).status_code == 200
    assert "Er staat nog niets." in text_of(await cato.post(place, text="  "))
    long = await cato.post(place, text="x" * 803)
    assert long.status_code == 422
    assert "3 tekens te lang" in text_of(long)
    assert "x" * 803 in long.text
    answer = await cato.post(place, text="Zij oefende eerst klein.")
    assert "De leider heeft nog niet geantwoord." in text_of(answer)
    assert "Met /portfolio lees je die." in await running.chat(ANNE, "/start")
    page = await anne.get("/journey/portfolio")
    assert "Zij oefende eerst klein." in page.text
    looked = await anne.post("/journey/portfolio/look", theme="j1", piece="p1")
    assert "Zij oefende eerst klein." not in looked.text
    await anne.get("/journey/portfolio")
    answer = await anne.post("/journey/portfolio/statement", statement="s1", answer="yes")
    assert "Deze verklaring komt in je portfolio." in text_of(answer)
    looked = await anne.post("/journey/portfolio/look", theme="j1", piece="p1")
    assert "Zij oefende eerst klein." in looked.text
    assert "De leider nam dit op." in text_of(await cato.get(place))
    assert (await anne.post("/journey/portfolio/statement", statement="s1", answer="no")).status_code == 404


async def test_a_coach_states_nothing_about_what_is_not_shared_whole(running):
    cato = await running.coach()
    for id_ in ("j2", "r3", "j9"):
        name = running.parts.handles.of(ANNES_HANDLE, id_)
        assert (await cato.get(f"/coach/leaders/{ANNES_HANDLE}/journeys/{name}/statement")).status_code == 404
    page = await kept(running)
    name = running.parts.handles.of(ANNES_HANDLE, "j1")
    place = f"/coach/leaders/{ANNES_HANDLE}/journeys/{name}/statement"
    await cato.get(place)
    await running.chat(ANNE, "/intrek g2")
    answer = await cato.post(place, text="Te laat.")
    assert answer.status_code == 404
    assert "Te laat." in answer.text  # what was typed can still be copied
    assert (await kept(running)).conversation.statements == page.conversation.statements == ()


async def test_a_journey_that_was_never_placed_and_an_empty_page_are_shown_without_a_path(running):
    page = sample.anne()
    bare = replace(page.conversation, journeys=(), plans=(), links=(), grants=(), looks=(), notes=(), current="")
    await running.keeper.erase(ANNE)
    await running.keeper.write(Entry(bare, at=sample.NOW))
    anne = await running.leader()
    assert "Je hebt nog geen traject." in text_of(await anne.get("/journey"))
    assert "Je hebt nog niets geschreven." in text_of(await anne.get("/journey/reflections"))
    assert "Niemand leest mee." in text_of(await anne.get("/journey/sharing"))
    assert "nog niets geschreven om in een portfolio" in text_of(await anne.get("/journey/portfolio"))
