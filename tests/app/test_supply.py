"""SEC-4: everything that is installed is pinned by version and checksum, and nothing is installed without checking."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LOCKS = sorted(path.name for path in ROOT.glob("requirements*.txt"))
_PIN = re.compile(r"([A-Za-z0-9._-]+)==(\S+)( ; .+)?")
_HASH = re.compile(r"--hash=sha256:[0-9a-f]{64}")


def entries(lock: str) -> list[list[str]]:
    """Return what *lock* asks for: the line of each package, then those of its checksums."""
    lines = [line for line in lock.replace("\\\n", "").splitlines() if line and not line.startswith("#")]
    return [re.split(r"\s+(?=--)", line.strip()) for line in lines]


def pins(lock: str) -> dict[str, str]:
    """Return the version of each package in *lock*, by its name as it is compared."""
    found = [_PIN.fullmatch(first.strip()) for first, *_ in entries(lock)]
    return {normal(pin[1]): pin[2] for pin in found if pin}


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def faults(lock: str, asked: list[str]) -> list[str]:
    """Return what is wrong with *lock*, which must hold all that is *asked* for, in the versions that were asked."""
    found = []
    for first, *hashes in entries(lock):
        if not _PIN.fullmatch(first.strip()):
            found.append(f"{first} has no version")
        if not hashes or not all(_HASH.fullmatch(each.strip()) for each in hashes):
            found.append(f"{first} has no checksum")
    for one in asked:
        name, _, version = one.partition("==")
        if pins(lock).get(normal(name.partition("[")[0])) != version:
            found.append(f"{one} is not in it")
    return found


def asked_for(lock: str) -> list[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    groups = project["dependency-groups"]
    ours = project["project"]["dependencies"]
    test = [*ours, *project["project"]["optional-dependencies"]["test"]]
    return {"requirements.txt": ours, "requirements-test.txt": test}.get(lock) or groups[lock[13:-4]]


@pytest.mark.parametrize("lock", LOCKS)
def test_sec_4_each_lock_pins_everything_by_version_and_checksum(lock):
    assert faults((ROOT / lock).read_text(), asked_for(lock)) == []


def test_sec_4_the_tests_run_on_what_the_product_runs_on():
    product, tests = (pins((ROOT / name).read_text()) for name in ("requirements.txt", "requirements-test.txt"))
    assert {name: tests.get(name) for name in product} == product


@pytest.mark.parametrize("file", ["run", "Dockerfile"])
def test_sec_4_nothing_is_installed_without_its_checksum(file):
    installs = re.findall(r"pip (?:install|sync)\b[^\n]*", (ROOT / file).read_text())
    assert installs
    assert [line for line in installs if "--require-hashes" not in line] == []


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (lambda lock: re.sub(r" \\\n    --hash=\S+", "", lock, count=1000), "no checksum"),
        (lambda lock: lock.replace("jinja2==", "jinja2>="), "no version"),
        (lambda lock: re.sub(r"jinja2==\S+", "jinja2==1.0", lock), "not in it"),
        (lambda lock: lock.replace("sha256:", "md5:", 1), "no checksum"),
    ],
)
def test_sec_4_known_bad_a_lock_that_leaves_something_open_is_noticed(change, fault):
    lock = change((ROOT / "requirements.txt").read_text())
    assert any(fault in found for found in faults(lock, asked_for("requirements.txt")))
