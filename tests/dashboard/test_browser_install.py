"""Chromium is installed where it is missing and can be, quietly; elsewhere the tests in a browser say what they miss."""

import os
import subprocess
from pathlib import Path

import pytest
from _pytest.outcomes import Failed, Skipped

from tests.dashboard import browser

SCRIPT = Path(__file__).parents[2] / ".ci" / "browser"
TOOLS = ("bash", "env", "id")


@pytest.fixture
def machine(tmp_path):
    """A machine with hardly anything on it; `give` puts a program there, which notes how it was called."""

    def give(name: str, body: str = "exit 0") -> None:
        (tmp_path / name).write_text(f'#!/bin/bash\necho "$0 $*" >> {tmp_path}/called\n{body}\n')
        (tmp_path / name).chmod(0o755)

    for tool in TOOLS:
        (tmp_path / tool).symlink_to(Path("/usr/bin") / tool)
    give("sudo", 'shift; exec "$@"')
    return tmp_path, give


def run(folder):
    done = subprocess.run([SCRIPT], env={"PATH": str(folder)}, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "")
    called = folder / "called"
    lines = called.read_text().splitlines() if called.exists() else []
    return [line.removeprefix(f"{folder}/") for line in lines if "/apt-get" in line], done.stderr


def test_nothing_is_installed_where_chromium_is(machine):
    folder, give = machine
    give("chromium")
    give("apt-get")
    assert run(folder) == ([], "")


def test_chromium_is_installed_by_apt_get_and_lists_are_fetched_only_when_needed(machine):
    folder, give = machine
    give("apt-get")
    assert run(folder) == (["apt-get install -y -qq --no-install-recommends chromium"], "")
    (folder / "called").unlink()
    give("apt-get", f'[ "$1" = update ] && touch {folder}/fetched && exit 0; [ -e {folder}/fetched ]')
    (folder / "touch").symlink_to("/usr/bin/touch")
    called, said = run(folder)
    assert [line.split()[1] for line in called] == ["install", "update", "install"]
    assert said == ""


def test_a_failed_installation_is_said_in_one_line_and_stops_nothing(machine):
    folder, give = machine
    give("apt-get", "echo noise; exit 100")
    assert run(folder)[1] == "chromium could not be installed; the tests in a browser will say so\n"


def test_without_apt_get_nothing_is_said(machine):
    assert run(machine[0]) == ([], "")


def test_without_chromium_a_test_skips_and_names_it_and_in_ci_it_fails(monkeypatch):
    monkeypatch.setattr(browser, "program", lambda: "")
    monkeypatch.delenv("CI", raising=False)
    with pytest.raises(Skipped, match="the package chromium"):
        browser.needed()
    monkeypatch.setitem(os.environ, "CI", "true")
    with pytest.raises(Failed, match="the package chromium"):
        browser.needed()
