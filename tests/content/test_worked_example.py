"""The worked example for coaches is true: its file works as it stands there, and the mistakes give what is shown."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from textwrap import dedent

import pytest

from content.catalogue import FOLDER, Catalogue, load
from content.checks import check
from content.matching import StemMatcher
from content.yaml_files import LANGUAGES
from dialogues.errors import WordsMissing
from dialogues.models import Form
from tests.dialogues.talk import Talk

DOCUMENT = Path(__file__).parents[2] / "docs" / "write-content.md"
SECTION = "An example: adding a scan"
CODE, NAME = "m201", "goed-overleg"


def section() -> str:
    """Return the text of the worked example."""
    text = DOCUMENT.read_text(encoding="utf-8")
    return text.partition(f"\n## {SECTION}\n")[2].partition("\n## ")[0]


def fences(kind: str) -> list[str]:
    """Return what stands between fences of this *kind*, without the indent of the list around them."""
    found = re.findall(rf"^( *)```{kind}\n(.*?)^\1```$", section(), re.MULTILINE | re.DOTALL)
    return [dedent(text) for _, text in found]


def example() -> str:
    """Return the file as it stands in the document."""
    files = fences("yaml")
    assert len(files) == 1
    return files[0]


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """Return a copy of the real content with the example in it."""
    shutil.copytree(FOLDER, tmp_path / "content", ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    return written(tmp_path / "content", example())


def written(folder: Path, text: str) -> Path:
    """Write the file of the example in *folder*, and return the folder."""
    (folder / "models" / f"{NAME}.yaml").write_text(text, encoding="utf-8")
    return folder


def faults(folder: Path) -> list[str]:
    """Return what the checker says about the file of the example."""
    return [str(fault) for fault in check(folder) if fault.file.endswith(f"/{NAME}.yaml")]


def test_the_document_says_where_the_file_goes() -> None:
    assert f"`content/models/{NAME}.yaml`" in section()
    assert not (FOLDER / "models" / f"{NAME}.yaml").exists()


def test_the_example_has_no_faults_and_the_guide_starts_with_it(copied: Path) -> None:
    assert faults(copied) == []
    model = load(copied).repertoire.models[NAME]
    assert (model.code, model.forms, len(model.items)) == (CODE, {Form.SCAN, Form.SET}, 4)


MISTAKES = {
    "scale": (r"You wrote `(.+?)` instead of `(.+?)`:", 0),
    "english": (r"You forgot the English line `(.+?)`:", 1),
}


@pytest.mark.parametrize(("said", "place"), MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_gives_exactly_the_message_that_is_shown(copied: Path, said: str, place: int) -> None:
    found = re.search(said, section())
    assert found
    wrong, right = (found[1], found[2]) if found.re.groups > 1 else ("", found[1])
    lines = [line for line in example().splitlines(keepends=True) if right in line]
    assert len(lines) == 1
    broken = example().replace(lines[0], lines[0].replace(right, wrong) if wrong else "")
    assert faults(written(copied, broken)) == [fences("")[place].strip()]


def test_with_the_first_mistake_the_guide_does_not_start(copied: Path) -> None:
    written(copied, example().replace("scale: often", "scale: vaak"))
    with pytest.raises(WordsMissing) as refusal:
        load(copied)
    assert str(refusal.value) == fences("")[0].strip()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("searched", ["goed overleg", "good meeting", "goed overlge"])
def test_it_is_found_by_its_title_in_either_language_and_mistyped(copied: Path, language: str, searched: str) -> None:
    found = StemMatcher(load(copied)).look(searched, language)
    assert found[0].target == f"model:{NAME}"


async def scanned(catalogue: Catalogue) -> Talk:
    """Find the scan as the document says, start it, and answer all of it."""
    talk = await Talk(catalogue, StemMatcher(catalogue)).met()
    search = re.search(r"type `(/\w+ .+?)`", section())
    shown = re.search(rf"comes first, as `({CODE} .+?)`", section())
    assert search
    assert shown
    await talk.say(search[1])
    assert shown[1] in talk.text.splitlines()[2]
    await talk.say(CODE)
    await talk.tap("De scan doen", "Begin")
    for point in ("2", "5", "3", "3"):
        assert await talk.at() == "scan.item"
        await talk.tap(point)
    return talk


@pytest.mark.asyncio
async def test_it_is_found_started_and_answered_and_gives_a_profile(copied: Path) -> None:
    talk = await scanned(load(copied))
    assert await talk.at() == "scan.meaning"
    rows = ("Weten waarvoor je komt: 2", "Iedereen gehoord: 5", "Een afspraak die blijft: 3")
    for row in rows:
        assert row in talk.text
    assert "Welke van de vier wil je de volgende keer als eerste proberen?" in talk.text
    assert dict((await talk.page()).conversation.scans[-1].answers) == {
        "purpose": 2,
        "voices": 5,
        "pause": 3,
        "agreement": 3,
    }


@pytest.mark.asyncio
async def test_without_the_file_its_answers_stay_and_nobody_is_stuck(copied: Path) -> None:
    talk = await scanned(load(copied))
    (copied / "models" / f"{NAME}.yaml").unlink()
    talk.catalogue = load(copied)
    talk.matcher = StemMatcher(talk.catalogue)
    await talk.say("hallo")
    assert await talk.at() == "home.menu"
    await talk.say("/mijndata")
    assert len((await talk.page()).conversation.scans[-1].answers) == 4
    assert any(letter.file == "mindshift.md" for letter in talk.letters)


@pytest.mark.asyncio
async def test_its_questions_come_with_the_word_for_question(copied: Path) -> None:
    catalogue = load(copied)
    talk = await Talk(catalogue, StemMatcher(catalogue)).met()
    await talk.say("/vind goed overleg", CODE)
    await talk.tap("Eén vraag")
    assert "Wat is er na het volgende overleg anders dan ervoor?" in talk.text


def test_only_questions_need_no_scale_scope_or_items(copied: Path) -> None:
    text = example().replace("forms: [scan, set]", "forms: [set]")
    kept = [line for line in text.splitlines() if not re.match(r"\s*(scope|scale|item):", line)]
    assert faults(written(copied, "\n".join(kept))) == []


_ROW = re.compile(r"^\| (.+?) \| .+ \|$", re.MULTILINE)
_GAP = re.compile(r"\{[^{}]*(?:\{[^{}]*\}[^{}]*)*\}")


def unsaid(document: str) -> list[str]:
    """Return the sayings in the table of the document of which no part stands in the code of the checker."""
    table = document.partition("\n## What the checker says\n")[2].partition("\n## ")[0]
    said = [row for row in _ROW.findall(table) if row not in ("It says", "---")]
    assert said
    sources = "".join(path.read_text(encoding="utf-8") for path in sorted(FOLDER.glob("check*.py")) + _READERS)
    # What differs from case to case, numbers and names, stands between braces in the code.
    texts = [part for text in re.findall(r'"([^"\n]+)"', sources) for part in _GAP.split(text)]
    parts = {part.strip(" (,.;:“”{}") for part in texts if " " in part}
    parts = {part for part in parts if len(part) >= _TELLING}
    return [row for row in said if not any(part in row or row in part for part in parts)]


_TELLING = 4
_READERS = [FOLDER / "yaml_files.py", FOLDER / "model_files.py"]


def test_every_saying_in_the_table_is_one_that_the_checker_has() -> None:
    assert unsaid(DOCUMENT.read_text(encoding="utf-8")) == []


def test_known_bad_a_saying_that_the_checker_does_not_have_is_found() -> None:
    text = DOCUMENT.read_text(encoding="utf-8")
    made_up = text.replace("| has no file |", "| was quite unexpected | x |\n| has no file |")
    assert unsaid(made_up) == ["was quite unexpected"]
