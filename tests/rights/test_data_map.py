"""AVG-6 and AVG-7: every stored field is described, and the documents that rest on the map know which one."""

from __future__ import annotations

import re
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, fields

import pytest

from app import data_map
from app.gates import GATES
from dialogues.conversation import LeaderId
from dialogues.ports import Entry
from dialogues.team.ports import TeamPage
from storage.journal import UPDATES_KEPT, with_entry
from tests.rights.conftest import BEGIN
from tests.storage.examples import STORED_KINDS, conversation, hints_of


@dataclass
class Mood:
    colour: str


@dataclass
class Fuller:
    moods: Mapping[str, tuple[Mood, ...]]


@pytest.fixture
def copy(tmp_path):
    """A checkout with only what the map is about."""
    for path in (data_map.FIELDS, data_map.MAP, *data_map.RESTING_ON_IT):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(data_map.ROOT / path, tmp_path / path)
    return tmp_path


def change(root, path, old, new):
    text = (root / path).read_text(encoding="utf-8")
    assert old in text
    (root / path).write_text(text.replace(old, new), encoding="utf-8")


def test_avg_6_the_map_and_the_stored_fields_are_the_same():
    assert data_map.faults() == []


def test_avg_6_the_map_knows_every_kind_of_value_the_store_writes():
    kinds = {kind.__name__: tuple(hints_of(kind)) for kind in STORED_KINDS if kind is not Entry}
    # What a team is made of is written and read back whole in tests/storage/test_team_promises.py.
    of_teams: dict[type, None] = {}
    data_map._collect(TeamPage, of_teams)
    kinds |= {kind.__name__: tuple(part.name for part in fields(kind)) for kind in of_teams}
    assert data_map.stored() == {name: kinds[name] for name in data_map.stored()}
    assert data_map.stored().keys() == kinds.keys()
    assert sum(map(len, kinds.values())) > 100


def test_avg_6_a_field_that_nobody_described_is_a_fault(copy, monkeypatch):
    fields = data_map.stored()
    monkeypatch.setattr(data_map, "stored", lambda: {**fields, "Journey": (*fields["Journey"], "mood")})
    assert data_map.faults(copy) == ["docs/privacy/fields.yaml: Journey.mood is kept and not described"]
    before = (copy / data_map.MAP).read_text(encoding="utf-8")
    assert data_map.write(copy)
    assert (copy / data_map.MAP).read_text(encoding="utf-8") == before


def test_avg_6_a_new_dataclass_inside_a_page_is_found(monkeypatch):
    monkeypatch.setattr(data_map, "Page", Fuller)
    monkeypatch.setattr(data_map, "TeamPage", Fuller)
    assert data_map.stored() == {"Fuller": ("moods",), "Mood": ("colour",)}


def test_avg_6_a_description_of_a_field_that_is_gone_is_a_fault(copy):
    change(copy, data_map.FIELDS, "  Quote:\n", '  Quote:\n    mood: [woorden, "hoe het ging"]\n')
    assert data_map.faults(copy) == ["docs/privacy/fields.yaml: Quote.mood is described and no longer kept"]


def test_avg_6_a_field_of_no_known_kind_or_without_words_is_a_fault(copy):
    change(copy, data_map.FIELDS, 'mark: [oordeel, "reden, zorg of bewijs"]', 'mark: [onzin, "reden"]')
    change(copy, data_map.FIELDS, 'about: [stand, "', 'about: [stand, ""] # "')
    assert data_map.faults(copy) == [
        "docs/privacy/fields.yaml: Quote.mark has no known kind, or no words",
        "docs/privacy/fields.yaml: Moment.about has no known kind, or no words",
        "docs/privacy/fields.yaml: Reflection.mark has no known kind, or no words",
    ]


def test_avg_6_a_kind_that_does_not_say_how_long_is_a_fault(copy):
    change(copy, data_map.FIELDS, "    how_long: tot het bericht is aangekomen\n", "")
    assert data_map.faults(copy) == ["docs/privacy/fields.yaml: kind verzending does not say how_long"]


def test_avg_6_there_is_no_field_for_who_somebody_is():
    names = [field for fields in data_map.stored().values() for field in fields]
    assert not [
        name for name in names if re.search(r"phone|mail|username|first_name|last_name|birth|school|photo", name)
    ]


def test_avg_6_of_an_update_only_the_number_is_kept_and_not_longer_than_the_map_says():
    assert UPDATES_KEPT.total_seconds() == 48 * 3600
    assert "hooguit 48 uur" in data_map.described().kinds["ontvangst"]["how_long"]
    first = with_entry(None, Entry(conversation(LeaderId("a")), update="1", at=BEGIN))
    later = with_entry(first, Entry(first.conversation, update="2", at=BEGIN + UPDATES_KEPT * 1.01))
    assert (list(first.updates), list(later.updates)) == (["1"], ["2"])


@pytest.mark.parametrize("path", data_map.RESTING_ON_IT, ids=lambda path: path.as_posix())
def test_avg_7_a_document_that_rests_on_an_older_map_is_a_fault(copy, path):
    mark = data_map.mark(data_map.described())
    change(copy, path, mark, "0123456789ab")
    (fault,) = data_map.faults(copy)
    assert fault.startswith(f"{path}: carries mark 0123456789ab, the data map has {mark};")
    change(copy, path, "0123456789ab", "none")
    (fault,) = data_map.faults(copy)
    assert fault.startswith(f"{path}: carries no mark")


def test_avg_7_one_other_word_in_the_map_makes_every_document_be_read_again(copy):
    change(copy, data_map.FIELDS, "hoe zeker de leider is van het beeld", "hoe zeker de leider van het beeld is")
    assert len(data_map.faults(copy)) == 1 + len(data_map.RESTING_ON_IT)
    assert len(data_map.write(copy)) == len(data_map.RESTING_ON_IT)
    assert len(data_map.faults(copy)) == len(data_map.RESTING_ON_IT)


def test_avg_7_the_build_looks_at_the_map():
    assert GATES["data map"][-3:] == ["app", "map", "--check"]
