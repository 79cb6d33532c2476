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
from dialogues.ports import Page
from storage.in_memory import InMemoryKeeper
from storage.journal import current_format
from tests.app.test_commands import BEGIN, THOUGHT, place, run  # noqa: F401 - place is a fixture
from tests.play import FOLDER, LEADER, Play, held_by
from tests.storage.examples import any_of, filled

TERMINAL = LeaderId("terminal")
STORIES = ("own_not_daring", "colleague_flies_solo", "four_journeys", "no_more_pilots", "edits_and_media", "ways_out")


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


CHANGES = {
    "a field is gone": lambda page: page["conversation"].pop("consent"),
    "a field is new": lambda page: page["conversation"].update(canary="canary"),
    "another kind of thing": lambda page: page["journal"][0].update(kind="canary"),
    "a number as text": lambda page: page["journal"][0].update(number="canary"),
    "a broken number": lambda page: page["journal"][0].update(number=7.5),
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
