"""
All gates of `./run check` in one list: format, lint, types, imports, dead code, content, diagrams, documents and more.

Every gate runs, also after one has failed, so that one run shows everything. Tests are not among them: `./run test`.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
_PYTHON = sys.executable
_BIN = Path(_PYTHON).parent

GATES: dict[str, list[str]] = {
    "format": [_PYTHON, "-m", "ruff", "format", "--check", "--quiet", "."],
    "lint": [_PYTHON, "-m", "ruff", "check", "--quiet", "."],
    "types": [_PYTHON, "-m", "mypy"],
    "imports": [str(_BIN / "lint-imports"), "--no-cache"],
    "dead code": [_PYTHON, "-m", "vulture"],
    "content": [_PYTHON, "-m", "app", "check"],
    "drawings": [_PYTHON, "-m", "app", "graph", "--check"],
    "data map": [_PYTHON, "-m", "app", "map", "--check"],
    "documents": [_PYTHON, "-m", "app.docs"],
    "shell": ["sh", "-n", "run"],
    "container": [str(_BIN / "hadolint"), "Dockerfile"],
}


def passes(name: str) -> bool:
    """Run the gate called *name* and return whether it is satisfied; print what it said when it is not."""
    done = subprocess.run(GATES[name], cwd=ROOT, text=True, capture_output=True, check=False)  # noqa: S603 - our own list
    if done.returncode:
        print(done.stdout + done.stderr, end="", flush=True)
    print(f"{name:<10} {'FAILED' if done.returncode else 'ok'}", flush=True)
    return done.returncode == 0


def main() -> int:
    """Run all gates and return 1 when any fails."""
    failed = [name for name in GATES if not passes(name)]
    print(f"{len(failed)} of {len(GATES)} gates failed: {', '.join(failed)}" if failed else "all gates ok")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
