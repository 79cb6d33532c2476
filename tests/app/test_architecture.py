"""What the import checker cannot say: the core has no clock, no chance, no input and no output."""

import ast
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CORE = sorted((ROOT / "dialogues").rglob("*.py"))
# What would let the outside in, or make the same turn come out differently twice.
OUTSIDE = {
    "io",
    "os",
    "pathlib",
    "random",
    "secrets",
    "shutil",
    "socket",
    "subprocess",
    "sys",
    "tempfile",
    "time",
    "uuid",
}
CLOCKS = {"now", "today", "utcnow", "fromtimestamp"}


def imported(file):
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        if isinstance(node, ast.ImportFrom):
            yield node.module.partition(".")[0]


@pytest.mark.parametrize("file", CORE, ids=lambda file: file.stem)
def test_the_core_imports_the_standard_library_and_one_module_the_machine(file):
    allowed = set(sys.stdlib_module_names) | {"dialogues"} | ({"transitions"} if file.stem == "machine" else set())
    assert set(imported(file)) <= allowed - OUTSIDE


@pytest.mark.parametrize("file", CORE, ids=lambda file: file.stem)
def test_the_core_reads_no_clock_and_opens_no_file(file):
    calls = [node.func for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))) if isinstance(node, ast.Call)]
    clocks = [call for call in calls if isinstance(call, ast.Attribute) and call.attr in CLOCKS]
    of_datetime = [
        call for call in clocks if isinstance(call.value, ast.Name) and call.value.id in {"datetime", "date"}
    ]
    outside = [call.id for call in calls if isinstance(call, ast.Name) and call.id in {"open", "print", "input"}]
    assert (of_datetime, outside) == ([], [])
