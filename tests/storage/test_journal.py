"""Every value becomes a document and comes back equal; what is no document is refused, and old ones are upgraded."""

import json
import re
from dataclasses import fields, replace
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dialogues.conversation import Choice, Journey, Phase, Plan, Reflection, Step
from dialogues.errors import PageUnreadable
from dialogues.ports import Entry, Page
from storage import journal
from storage.codec import document_of, value_of
from storage.json_bytes import read_json, write_json
from tests.storage.examples import (
    NOW,
    ODD_TEXTS,
    STORED_KINDS,
    TEXTS,
    any_of,
    conversation,
    filled,
    letter,
    reflection,
)

PAGES = Path(__file__).parent / "pages"


def through_json(document):
    """What a store does: text out, bytes down, and back."""
    return read_json(write_json(document))


def assert_same(one, other):
    assert one == other
    # True equals 1 and a date equals no time: the types have to come back too.
    assert repr(one) == repr(other)


@pytest.mark.parametrize("kind", STORED_KINDS, ids=lambda kind: kind.__name__)
def test_every_value_comes_back_equal(kind):
    @settings(max_examples=30, deadline=None, database=None)
    @given(any_of(kind))
    def comes_back(value):
        assert_same(value_of(kind, through_json(document_of(value))), value)

    comes_back()


@settings(max_examples=40, deadline=None, database=None)
@given(any_of(Page))
def test_a_whole_page_comes_back_equal(page):
    assert_same(journal.read_page(through_json(journal.write_page(page))), page)


@settings(max_examples=200, deadline=None, database=None)
@given(TEXTS)
def test_a_document_holds_nothing_that_a_store_refuses(text):
    written = document_of(reflection(1, text))["text"]
    assert "\0" not in written
    written.encode("utf-8")


@pytest.mark.parametrize("text", ODD_TEXTS, ids=range(len(ODD_TEXTS)))
def test_odd_text_is_kept_verbatim(text):
    kept = value_of(Reflection, through_json(document_of(reflection(1, text))))
    assert [ord(character) for character in kept.text] == [ord(character) for character in text]


def test_a_time_in_another_zone_is_kept_as_the_same_moment_in_utc():
    amsterdam = NOW.astimezone(timezone(timedelta(hours=1)))
    kept = value_of(Reflection, document_of(reflection(1, said=amsterdam)))
    assert_same(kept.said, NOW)


@pytest.mark.parametrize(
    "broken",
    [
        lambda: reflection(1, said=NOW.replace(tzinfo=None)),
        lambda: reflection(1, text=None),
        lambda: reflection(1, phase=4),
        lambda: reflection(1, number=True),
        lambda: reflection(1, number="3"),
        lambda: reflection(1, history=[]),
        lambda: Plan("p1", "j1", NOW, ask_on=NOW),
        lambda: Step("r", "s", {"score": 0.5}),
        lambda: Step("r", "s", {"list": ["a"]}),
        lambda: Step("r", "s", {"choice": Choice("a", "b")}),
        lambda: Step("r", "s", {1: "a"}),
        lambda: Step("r", "s", {"count": 2**53}),
        lambda: Step("r", "s", {"count": -(2**53)}),
    ],
)
def test_a_value_that_could_not_be_read_back_is_refused_when_it_is_written(broken):
    with pytest.raises(TypeError):
        document_of(broken())


@pytest.mark.parametrize("number", [2**53, -(2**53), 2**64, 10**30])
def test_a_number_that_is_never_written_is_not_read_either(number):
    document = document_of(reflection(1))
    with pytest.raises(PageUnreadable):
        value_of(Reflection, {**document, "number": number})
    with pytest.raises(PageUnreadable):
        value_of(Step, {**document_of(Step("r", "s", {"count": 1})), "sets": {"count": number}})


@pytest.mark.parametrize("odd", [NOW, NOW.date(), reflection(1), b"", 1j, {1: 2}, type("Text", (str,), {})("a")])
def test_what_is_no_json_is_not_made_into_it(odd):
    with pytest.raises(TypeError):
        write_json({"odd": odd})


def spoilt(document):
    """Every way to spoil one field of *document*: gone, one too many, or of another type."""
    for name in document:
        yield {key: part for key, part in document.items() if key != name}
        for other in (None, True, 7, -0.5, "\x10", [[]], {"": {}}, {"time": "gisteren"}):
            if type(other) is not type(document[name]):
                yield {**document, name: other}
    yield {**document, "extra": ""}


@pytest.mark.parametrize("kind", STORED_KINDS, ids=lambda kind: kind.__name__)
def test_a_field_too_many_too_few_or_of_another_type_makes_it_unreadable(kind):
    document = document_of(filled(kind))
    optional = {part.name for part in fields(kind) if "None" in str(part.type)}
    tried = 0
    for broken in spoilt(document):
        spoilt_field = [name for name in document if broken.get(name, ...) != document[name]]
        if spoilt_field and spoilt_field[0] in optional and broken.get(spoilt_field[0], ...) is None:
            continue
        with pytest.raises(PageUnreadable):
            value_of(kind, broken)
        tried += 1
    assert tried > len(document)


def test_no_error_repeats_what_somebody_wrote():
    document = document_of(reflection(1, "GEHEIM"))
    for name in ("said", "kind", "mark", "history", "share", "GEHEIM"):
        with pytest.raises(PageUnreadable) as unreadable:
            value_of(Reflection, {**document, name: "GEHEIM"})
        assert "GEHEIM" not in str(unreadable.value)
    with pytest.raises(TypeError) as refused:
        document_of(reflection(1, history=["GEHEIM"]))
    assert "GEHEIM" not in str(refused.value)


def test_the_error_says_where_the_page_is_broken():
    document = journal.write_page(filled(Page))
    del document["conversation"]["journeys"][0]["phase"]
    document["conversation"]["journeys"][0]["fase"] = 4
    with pytest.raises(PageUnreadable, match=r"^Page\.conversation: Conversation\.journeys: Journey\.phase: missing$"):
        journal.read_page(document)


@pytest.mark.parametrize("number", [None, 0, -1, journal.current_format() + 1, "1", True, 1.0])
def test_a_page_without_a_known_format_is_unreadable(number):
    with pytest.raises(PageUnreadable):
        journal.read_page({**journal.write_page(filled(Page)), "format": number})


def v1_called_topics_subjects(document):
    for journey in document["conversation"]["journeys"]:
        journey["topic"] = journey.pop("subject")
    return document


def v2_had_no_address(document):
    return {**document, "conversation": {**document["conversation"], "address": "nergens"}}


def page_of_format_1():
    document = journal.write_page(Page(conversation(journeys=(filled(Journey),))))
    document["format"] = 1
    document["conversation"]["journeys"][0]["subject"] = document["conversation"]["journeys"][0].pop("topic")
    del document["conversation"]["address"]
    return document


def test_old_pages_are_upgraded_step_by_step(monkeypatch):
    monkeypatch.setattr(journal, "UPGRADES", [v1_called_topics_subjects, v2_had_no_address])
    page = journal.read_page(page_of_format_1())
    assert page.conversation.journeys[0].topic == filled(Journey).topic
    assert page.conversation.address == "nergens"
    assert journal.write_page(page)["format"] == 3


def test_a_page_that_does_not_fit_its_upgrades_is_unreadable(monkeypatch):
    monkeypatch.setattr(journal, "UPGRADES", [v1_called_topics_subjects])
    with pytest.raises(PageUnreadable, match="v1_called_topics_subjects"):
        journal.read_page({**journal.write_page(filled(Page)), "format": 1})


@pytest.mark.parametrize("path", sorted(PAGES.glob("format_*.json")), ids=lambda path: path.stem)
def test_pages_of_every_format_so_far_are_readable(path):
    journal.read_page(json.loads(path.read_bytes()))


def test_a_value_that_changed_has_a_format_of_its_own():
    """
    When this fails, a dataclass that is stored has changed, and pages of today would become unreadable.

    Add an upgrade to `storage/journal.py`, then keep a page of the new format:
    `python -m tests.storage.examples > tests/storage/pages/format_<n>.json`.
    """
    kept = json.loads((PAGES / f"format_{journal.current_format()}.json").read_bytes())
    assert kept == through_json(journal.write_page(filled(Page)))
    assert len(list(PAGES.iterdir())) == journal.current_format()


def test_an_entry_changes_only_what_it_names():
    before = Page(conversation(), (reflection(1), reflection(2)), (letter(2),), {"u1": NOW})
    after = journal.with_entry(before, Entry(conversation(language="en"), (reflection(1, "Beter."),), (letter(1),)))
    assert after.conversation.language == "en"
    assert [kept.text for kept in after.journal] == ["Beter.", before.journal[1].text]
    assert [waiting.number for waiting in after.letters] == [1, 2]
    assert after.updates == before.updates


@given(st.timedeltas(timedelta(0), timedelta(hours=96)))
@settings(deadline=None, database=None)
def test_an_update_is_remembered_for_48_hours_and_no_longer(age):
    before = Page(conversation(), updates={"u1": NOW - age})
    after = journal.with_entry(before, Entry(conversation(), update="u2", at=NOW))
    assert after.updates["u2"] == NOW
    assert ("u1" in after.updates) == (age <= timedelta(hours=48))


def test_a_glance_tells_the_same_as_the_whole_page():
    page = filled(Page)
    assert journal.glance(journal.write_page(page)) == (page.conversation, True)
    assert journal.glance(journal.write_page(replace(page, letters=()))) == (page.conversation, False)


def test_times_are_written_so_that_a_person_can_read_them():
    written = document_of(reflection(1, phase=Phase.ACTING))
    assert re.fullmatch(r"2026-11-25T08:30:00\+00:00", written["said"])
    assert written["phase"] == 6
    assert datetime.fromisoformat(written["said"]) == NOW
