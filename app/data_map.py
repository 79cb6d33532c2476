"""
The data map: every field that is stored, with what it holds, whose it is, why, for how long and who can see it.

Which fields there are follows from the stored dataclasses; what they mean is written by people, in
`docs/privacy/fields.yaml`. `docs/privacy/data-map.md` is made of the two. Documents that rest on the map carry its
mark, twelve digits that change when anything in it changes, so that nobody can add a field without somebody reading
those documents again (AVG articles 5 and 30).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, get_args, get_type_hints

from ruamel.yaml import YAML

from dialogues.conversation import Phrase
from dialogues.ports import Page
from dialogues.team.ports import TeamPage

ROOT = Path(__file__).parents[1]
FOLDER = Path("docs/privacy")
FIELDS, MAP = FOLDER / "fields.yaml", FOLDER / "data-map.md"
RESTING_ON_IT = (
    FOLDER / "verwerkingsregister.md",
    FOLDER / "dpia.md",
    Path("content/nl/meeting.yaml"),  # what a leader reads before she agrees
    Path("content/en/meeting.yaml"),
)
COLUMNS = ("whose", "why", "how_long", "who")
_MARK = re.compile(r"(?:kenmerk|mark):? `?([0-9a-f]{12})", re.IGNORECASE)


class _Anything:
    """Stands for `Value` while hints are resolved: that alias names itself, which no resolver can finish."""


@dataclass(frozen=True, slots=True)
class Described:
    """What people wrote: *kinds* of data with four columns, *rows* per class and field, and what lies *elsewhere*."""

    kinds: Mapping[str, Mapping[str, str]]
    rows: Mapping[str, Mapping[str, tuple[str, str]]]
    elsewhere: tuple[Mapping[str, str], ...]


def stored() -> dict[str, tuple[str, ...]]:
    """Return the fields of every dataclass that can be part of a stored page of a leader or team, by its name."""
    found: dict[type, None] = {}
    _collect(Page, found)
    _collect(TeamPage, found)
    return {kind.__name__: tuple(part.name for part in fields(kind)) for kind in found}


def _collect(hint: Any, found: dict[type, None]) -> None:  # noqa: ANN401 - a type hint can be anything
    if hint is _Anything:
        _collect(Phrase, found)
    elif isinstance(hint, type) and is_dataclass(hint):
        if hint not in found:
            found[hint] = None
            hints = get_type_hints(hint, localns={"Value": _Anything})
            for part in fields(hint):
                _collect(hints[part.name], found)
    else:
        for argument in get_args(hint):
            _collect(argument, found)


def described(root: Path = ROOT) -> Described:
    """Return what is written in the file of descriptions under *root*."""
    read = YAML(typ="safe").load((root / FIELDS).read_text(encoding="utf-8"))
    rows = {name: {field: (row[0], row[1]) for field, row in row_of.items()} for name, row_of in read["fields"].items()}
    return Described(read["kinds"], rows, tuple(read["elsewhere"]))


def faults(root: Path = ROOT) -> list[str]:
    """Return what is not as it should be, one line each: descriptions, the map, and the documents resting on it."""
    written = described(root)
    wrong = list(_in_descriptions(written, stored()))
    if wrong:
        return wrong
    drawn = page(written)
    path = root / MAP
    if not path.exists() or path.read_text(encoding="utf-8") != drawn:
        wrong.append(f"{MAP}: is not current; run ./run map")
    return wrong + list(_in_documents(root, mark(written)))


def write(root: Path = ROOT) -> list[str]:
    """Write the map, when the descriptions allow it, and return the faults that are left for people."""
    written = described(root)
    if not list(_in_descriptions(written, stored())):
        (root / MAP).write_text(page(written), encoding="utf-8")
    return faults(root)


def _in_descriptions(written: Described, kept: Mapping[str, tuple[str, ...]]) -> Iterator[str]:
    have = {f"{kind}.{field}" for kind, names in kept.items() for field in names}
    said = {f"{kind}.{field}" for kind, row in written.rows.items() for field in row}
    yield from (f"{FIELDS}: {name} is kept and not described" for name in sorted(have - said))
    yield from (f"{FIELDS}: {name} is described and no longer kept" for name in sorted(said - have))
    for kind, columns in written.kinds.items():
        yield from (f"{FIELDS}: kind {kind} does not say {column}" for column in COLUMNS if not columns.get(column))
    for kind, row in written.rows.items():
        for field, (sort, what) in row.items():
            if sort not in written.kinds or not what:
                yield f"{FIELDS}: {kind}.{field} has no known kind, or no words"


def _in_documents(root: Path, current: str) -> Iterator[str]:
    for path in RESTING_ON_IT:
        found = _MARK.search((root / path).read_text(encoding="utf-8")) if (root / path).exists() else None
        if found is None or found[1] != current:
            has = f"carries mark {found[1]}" if found else "carries no mark"
            yield f"{path}: {has}, the data map has {current}; read it again, then write {current} in it"


def mark(written: Described) -> str:
    """Return twelve hexadecimal digits that change when anything in the map changes."""
    return sha256(_tables(written).encode()).hexdigest()[:12]


def page(written: Described) -> str:
    """Return the whole map as Markdown."""
    return _HEAD.format(mark=mark(written)) + _tables(written)


def _tables(written: Described) -> str:
    parts = []
    for kind in stored():
        rows = [_row(f"`{field}`", what, written.kinds[sort]) for field, (sort, what) in _ordered(written, kind)]
        parts.append("\n".join([f"## {kind}\n", *_TITLES, *rows]))
    outside = [_row(place["where"], place["what"], place) for place in written.elsewhere]
    parts.append("\n".join(["## Buiten de bladzijde van een leider\n", *_TITLES, *outside]))
    return "\n\n".join(parts) + "\n"


def _ordered(written: Described, kind: str) -> list[tuple[str, tuple[str, str]]]:
    return [(field, written.rows[kind][field]) for field in stored()[kind]]


def _row(field: str, what: str, columns: Mapping[str, str]) -> str:
    return f"| {field} | {what} | " + " | ".join(columns[column] for column in COLUMNS) + " |"


_TITLES = ("| veld | wat het bevat | van wie, welke soort | waarom | hoe lang | wie kan het zien |", "| --- " * 6 + "|")
_HEAD = """\
# De gegevenskaart

Elk veld dat de gids bewaart. Deze bladzijde wordt gemaakt door `./run map`, uit de opgeslagen velden zelf en uit
`fields.yaml`; verander haar daar. Komt er een veld bij dat niet beschreven is, dan slaagt de controle niet.

Kenmerk: `{mark}`.
Het [register](verwerkingsregister.md), de [DPIA](dpia.md) en de kennismaking in de chat dragen hetzelfde kenmerk.

"Tot wissen" betekent: tot de leider wist, of tot de bewaartermijn na stilte.
Een telefoonnummer, naam of e-mailadres wordt niet gevraagd; er is geen veld voor.

"""
