"""AVG-3: what a leader takes along can be brought back, with nothing lost and nothing made up."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from enum import Enum

import pytest
from hypothesis import HealthCheck, given, settings

from app.importing import ImportRefused, keep, read
from content.exporting import PageExporter
from dialogues.conversation import LeaderId, Phrase
from dialogues.ports import Entry, Page
from storage.in_memory import InMemoryKeeper
from storage.journal import current_format
from tests.app.test_commands import BEGIN, THOUGHT, place, run  # noqa: F401 - place is a fixture
from tests.play import FOLDER, LEADER, Play, held_by
from tests.storage.examples import any_of, filled

TERMINAL = LeaderId("terminal")
WITH_A_COACH = ("shared_with_a_coach", "two_coaches", "portfolio_of_two_themes")
STORIES = (
    "own_not_daring",
    "colleague_flies_solo",
    "four_journeys",
    "no_more_pilots",
    "edits_and_media",
    "ways_out",
    *WITH_A_COACH,
)
BETWEEN = ("links", "grants", "looks", "notes", "statements")
"""What stands between a leader and her coaches: whom she accepted, what she consented to, who read it, what came back."""


@pytest.fixture(scope="session")
def exporter(catalogue):
    return PageExporter(catalogue, current_format())


def moved(page):
    """The page as it may stand after it was brought to the terminal."""
    letters = tuple(replace(letter, address="terminal") for letter in page.letters)
    conversation = replace(page.conversation, leader=TERMINAL, address="terminal")
    return replace(page, conversation=conversation, letters=letters, updates={})


def test_avg_3_export_erase_import_export_are_equal(place, tmp_path):  # noqa: F811
    journey = ["/nieuw", "Mijn eigen denken", "lesbezoek", "zelf uitleggen", "eerst vragen", "Ja, zo is het"]
    said = [*BEGIN, THOUGHT, "Bewaren", *journey, "/verbeter r1 Ik zie uit naar lesbezoek bij canary."]
    assert run(place, "chat", said="\n".join(said))[0] == 0
    assert run(place, "export", "--format", "json", "--to", "mine.json")[0] == 0
    before = (tmp_path / "mine.json").read_text(encoding="utf-8")
    assert run(place, "import", "mine.json") == (
        1,
        "",
        "Error: Something is kept of this leader already. Export and erase that first.\n",
    )
    assert run(place, "erase", "--yes")[0] == 0
    code, shown, trouble = run(place, "import", "mine.json")
    kept = json.loads(before)
    assert (code, trouble) == (0, "")
    reflections, journeys = len(kept["journal"]), len(kept["conversation"]["journeys"])
    assert shown == f"taken over: {reflections} reflections, {journeys} journeys\n"
    assert (reflections > 1, journeys) == (True, 1)
    assert run(place, "export", "--format", "json")[1] == before
    assert run(place, "export")[1].count("canary") == 2  # the reflection, and what it said before
    assert "canary" in run(place, "chat", said="/zoek lesbezoek\n")[1]


@pytest.mark.asyncio
@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("story", STORIES)
async def test_avg_3_whole_conversations_come_back_as_they_were(story, language, catalogue, matcher, exporter):
    play = Play(catalogue, matcher, language)
    await play.play([line for line in held_by(FOLDER / language / f"{story}.txt") if not line.startswith("> /wis")])
    page = await play.keeper.read(LEADER)
    assert page.journal
    assert page.conversation.consent
    written = exporter.export(page, language, "json")
    keeper = InMemoryKeeper()
    await keep(read(written, TERMINAL, "terminal"), keeper)
    back = await keeper.read(TERMINAL)
    assert back == moved(page)
    assert exporter.export(back, language, "json") == exporter.export(moved(page), language, "json")


async def shared(language, catalogue, matcher):
    """The page of a leader after stories in which she shares, is read, gets a note and a statement, and takes back."""
    merged = {}
    for story in WITH_A_COACH:
        play = Play(catalogue, matcher, language)
        await play.play(held_by(FOLDER / language / f"{story}.txt"))
        page = await play.keeper.read(LEADER)
        for name in BETWEEN:
            merged[name] = (*merged.get(name, ()), *getattr(page.conversation, name))
    return replace(page, conversation=replace(page.conversation, **merged))


@pytest.mark.asyncio
@pytest.mark.parametrize("language", ["nl", "en"])
async def test_avg_3_export_erase_import_export_are_equal_with_consents_and_views(
    language, catalogue, matcher, exporter, tmp_path
):
    page = await shared(language, catalogue, matcher)
    conversation = page.conversation
    assert all(getattr(conversation, name) for name in BETWEEN)
    assert any(grant.withdrawn for grant in conversation.grants)
    assert any(grant.sentence for grant in conversation.grants)
    assert any(grant.until for grant in conversation.grants)
    assert any(note.read for note in conversation.notes)
    assert {one.accepted for one in conversation.statements} == {True, False}
    keeper = InMemoryKeeper()
    await keeper.write(Entry(page.conversation, page.journal, page.letters))
    before = exporter.export(await keeper.read(LEADER), language, "json")
    await keeper.erase(LEADER)
    assert await keeper.read(LEADER) is None
    await keep(read(before, LEADER, conversation.address), keeper)
    back = await keeper.read(LEADER)
    assert exporter.export(back, language, "json") == before
    for name in BETWEEN:
        assert getattr(back.conversation, name) == getattr(conversation, name)


@pytest.mark.asyncio
async def test_avg_3_what_is_shared_and_who_read_it_stands_in_the_text_to_read_as_well(catalogue, matcher, exporter):
    page = await shared("nl", catalogue, matcher)
    text = exporter.export(page, "nl", "md")
    for link in page.conversation.links:
        assert f"{link.name}, {link.organisation}" in text
    for grant in page.conversation.grants:
        assert f"- {grant.id}, " in text
    assert text.count("keer geopend") == len(page.conversation.looks)
    for note in page.conversation.notes:
        assert note.text in text
    for statement in page.conversation.statements:
        assert statement.text in text


@pytest.mark.asyncio
@pytest.mark.parametrize("left_out", BETWEEN)
async def test_avg_3_bad_variant_an_export_without_one_of_them_cannot_be_brought_back(
    left_out, catalogue, matcher, exporter
):
    class Forgetful(PageExporter):
        def export(self, page, language, form):
            document = json.loads(super().export(page, language, form))
            document["conversation"][left_out] = []
            return json.dumps(document, ensure_ascii=False, indent=2)

    page = await shared("nl", catalogue, matcher)
    before = Forgetful(catalogue, current_format()).export(page, "nl", "json")
    back = read(before, LEADER, page.conversation.address)
    assert back.conversation != page.conversation
    assert exporter.export(back, "nl", "json") != exporter.export(page, "nl", "json")


def test_avg_3_every_field_there_is_comes_back(exporter):
    page = filled(Page)
    assert read(exporter.export(page, "nl", "json"), TERMINAL, "terminal") == moved(page)


def joined(value):
    """The value as JSON has it: two halves of a character side by side are that character."""
    if isinstance(value, str) and not isinstance(value, Enum):
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "surrogatepass")
    if is_dataclass(value):
        return type(value)(*(joined(getattr(value, part.name)) for part in fields(value)))
    if isinstance(value, Mapping):
        return {joined(name): joined(item) for name, item in value.items()}
    return tuple(joined(item) for item in value) if isinstance(value, tuple) else value


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(page=any_of(Page))
def test_avg_3_any_page_at_all_comes_back(exporter, page):
    assert read(exporter.export(page, "nl", "json"), TERMINAL, "terminal") == joined(moved(page))


def test_avg_3_words_of_the_content_come_with_the_words_she_read(exporter, catalogue):
    phrase = Phrase("checkin.results.done")
    page = filled(Page)
    journey = replace(page.conversation.journeys[0], topic=phrase)
    page = replace(page, conversation=replace(page.conversation, journeys=(journey,)))
    [kept] = json.loads(exporter.export(page, "nl", "json"))["conversation"]["journeys"]
    assert kept["topic"] == {"key": "checkin.results.done", "values": {}, "words": "Gedaan"}


def test_avg_3_known_bad_words_alone_cannot_be_brought_back(exporter):
    document = json.loads(exporter.export(filled(Page), "nl", "json"))
    [step] = document["conversation"]["frame"]["steps"]
    [name] = step["sets"]
    phrase = next(value for value in step["sets"][name] if isinstance(value, dict) and "words" in value)
    step["sets"][name][step["sets"][name].index(phrase)] = phrase["words"]
    assert read(json.dumps(document), TERMINAL, "terminal") != moved(filled(Page))


def broken(exporter, change):
    document = json.loads(exporter.export(filled(Page, "canary"), "nl", "json"))
    change(document)
    return json.dumps(document)


def nested(levels):
    return {"map": {"canary": nested(levels - 1)}} if levels else 1


CHANGES = {
    "a field is gone": lambda page: page["conversation"].pop("consent"),
    "a field is new": lambda page: page["conversation"].update(canary="canary"),
    "another kind of thing": lambda page: page["journal"][0].update(kind="canary"),
    "a number as text": lambda page: page["journal"][0].update(number="canary"),
    "a broken number": lambda page: page["journal"][0].update(number=7.5),
    "a number beyond all": lambda page: page["conversation"]["counted"].update(nonce=2**60),
    "values within values without end": lambda page: page["conversation"]["frame"]["steps"][0]["sets"].update(
        deep=nested(130)
    ),
    "no time": lambda page: page["journal"][0].update(said="canary"),
    "a time without a zone": lambda page: page["journal"][0].update(said="2026-12-01T08:00:00"),
    "no journal": lambda page: page.update(journal="canary"),
    "an older format than there ever was": lambda page: page.update(format=0),
    "a newer format": lambda page: page.update(format=current_format() + 1),
    "no number of a format": lambda page: page.update(format="canary"),
    "a half word": lambda page: page["conversation"]["journeys"][0].update(topic={"key": "canary"}),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_avg_3_what_was_changed_is_refused_without_repeating_it(change, exporter):
    with pytest.raises(ImportRefused) as refused:
        read(broken(exporter, change), TERMINAL, "terminal")
    assert "canary" not in str(refused.value)
    assert refused.value.__cause__ is None


@pytest.mark.parametrize(
    "text", ["", "canary", "[]", "{}", '{"format": 1}', "[" * 100_000, "9" * 5000, '"\\ud800"', "\x00"]
)
def test_avg_3_what_is_no_export_is_refused(text):
    with pytest.raises(ImportRefused) as refused:
        read(text, TERMINAL, "terminal")
    assert "canary" not in str(refused.value)


def test_avg_3_a_file_that_is_no_export_ends_with_one_line(place, tmp_path):  # noqa: F811
    (tmp_path / "picture.json").write_bytes(b"\x89PNG\xff\xfe")
    (tmp_path / "other.json").write_text('{"canary": 1}', encoding="utf-8")
    for name in ("picture.json", "other.json"):
        code, shown, trouble = run(place, "import", name)
        assert (code, shown) == (1, "")
        assert trouble.startswith("Error: ")
        assert len(trouble.splitlines()) == 1
        assert "canary" not in trouble
    assert run(place, "export")[0] == 1
