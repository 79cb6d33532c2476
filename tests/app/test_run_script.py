"""`./run` on machines that lack something. That it sets up a fresh machine is shown by every run of CI."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
BELONGINGS = ("dirname", "cmp", "cp", "rm", "sh")


@pytest.fixture
def machine(tmp_path):
    """A checkout on a machine with the barest of tools."""
    (tmp_path / "bin").mkdir()
    (tmp_path / "checkout").mkdir()
    for name in BELONGINGS:
        (tmp_path / "bin" / name).symlink_to(shutil.which(name))
    for name in ("run", "requirements.txt", "requirements-test.txt", "requirements-uv.txt", "requirements-supply.txt"):
        shutil.copy(ROOT / name, tmp_path / "checkout" / name)
    return tmp_path


def with_program(machine, path, script):
    file = machine / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(f"#!/bin/sh\n{script}\n")
    file.chmod(0o755)


def run(machine, *words):
    place = {"PATH": str(machine / "bin"), "HOME": str(machine)}
    command = [machine / "checkout" / "run", *words]
    return subprocess.run(command, cwd=machine, env=place, text=True, capture_output=True, timeout=20, check=False)


@pytest.mark.parametrize(("shell", "script"), [("sh", "run"), ("bash", ".ci/run")])
def test_the_scripts_can_be_read_and_run(shell, script):
    assert subprocess.run([shell, "-n", ROOT / script], check=False).returncode == 0
    assert os.access(ROOT / script, os.X_OK)


def test_without_python_it_says_what_to_install(machine):
    done = run(machine)
    assert done.returncode == 1
    assert "Python 3.11 or newer was not found" in done.stderr


def test_an_old_python_does_not_count(machine):
    with_program(machine, "bin/python3", "exit 1")
    assert "Python 3.11 or newer was not found" in run(machine).stderr


def test_a_newer_python_under_another_name_is_found_and_a_missing_venv_explained(machine):
    with_program(machine, "bin/python3", "exit 1")
    with_program(machine, "bin/python3.12", '[ "$1" = -c ]')
    done = run(machine)
    assert done.returncode == 1
    assert "apt install python3-venv" in done.stderr


def test_a_folder_that_is_set_up_starts_at_once_and_passes_everything_on(machine):
    with_program(machine, "checkout/.venv/bin/python", 'echo "$PYTHONPATH|$*"')
    shutil.copy(machine / "checkout" / "requirements.txt", machine / "checkout" / ".venv" / "installed")
    done = run(machine, "chat", "--language", "a b")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == f"{machine / 'checkout'}|-m app chat --language a b\n"


def test_whoever_has_the_test_requirements_needs_no_others(machine):
    with_program(machine, "checkout/.venv/bin/python", 'echo "$*"')
    shutil.copy(machine / "checkout" / "requirements-test.txt", machine / "checkout" / ".venv" / "installed")
    assert run(machine).stdout == "-m app\n"
    assert run(machine, "test", "tests/app").stdout == "-m pytest tests/app\n"


def test_changed_requirements_are_installed_again(machine):
    with_program(machine, "bin/uv", 'echo "$*" >&2')
    with_program(machine, "checkout/.venv/bin/python", "echo started")
    (machine / "checkout" / ".venv" / "installed").write_text("older")
    first, second = run(machine), run(machine)
    assert "pip sync -q --python" in first.stderr
    assert "--require-hashes" in first.stderr
    assert (first.stdout, second.stdout, second.stderr) == ("started\n", "started\n", "")


def test_an_interrupted_installation_is_done_again(machine):
    with_program(machine, "bin/uv", "exit 7")
    with_program(machine, "checkout/.venv/bin/python", "echo started")
    (machine / "checkout" / ".venv" / "installed").write_text("of an earlier version, to which somebody may return")
    assert run(machine).returncode == 7
    assert not (machine / "checkout" / ".venv" / "installed").exists()


@pytest.mark.parametrize(("word", "tool"), [("sbom", "cyclonedx-py"), ("audit", "pip-audit")])
def test_sec_4_what_it_depends_on_is_listed_and_audited_from_the_lock_by_tools_of_their_own(machine, word, tool):
    with_program(machine, "bin/uv", 'echo "$*" >&2')
    with_program(machine, f"checkout/.mindshift/supply/bin/{tool}", 'echo "$*"')
    first, second = run(machine, word), run(machine, word, "--more")
    assert "--require-hashes" in first.stderr
    assert "requirements.txt" in first.stdout.split()
    assert ("--more" in second.stdout.split(), second.stderr) == (True, "")


def test_no_requirements_file_names_an_address_or_a_place():
    for file in ROOT.glob("requirements*.txt"):
        lines = [line.strip() for line in file.read_text().splitlines() if not line.startswith("#")]
        assert all(line.startswith("--hash=sha256:") or "==" in line for line in lines)
        assert not [line for line in lines if "/" in line or " @ " in line]
