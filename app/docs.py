"""
Holds the documents against the program: every setting and command is in the README, and every link leads somewhere.

Whether a document is well written, no program can tell. Part of `./run check`.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
_SETTING = re.compile(r"MINDSHIFT_[A-Z_]*[A-Z]")
_FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
_FOLDERS = ("", ".ci", "docs", "docs/decisions", "docs/privacy", "content")


def faults(root: Path, settings: Sequence[str], commands: Sequence[str]) -> list[str]:
    """
    Return what is wrong with the documents under *root*, one line each.

    Args:
        settings: the names of all environment variables.
        commands: the names of all commands.
    """
    readme = root / "README.md"
    text = readme.read_text(encoding="utf-8") if readme.exists() else ""
    found = [f"README.md: setting {name} is not explained" for name in settings if name not in _SETTING.findall(text)]
    found += [f"README.md: command ./run {name} is not explained" for name in commands if f"./run {name}" not in text]
    for document in documents(root):
        found += _in_document(document, root, settings)
    return found


def documents(root: Path) -> list[Path]:
    """Return the Markdown files under *root* that people read, and nothing of what tools put there."""
    return sorted(path for folder in _FOLDERS for path in (root / folder).glob("*.md"))


def _in_document(document: Path, root: Path, settings: Sequence[str]) -> Iterator[str]:
    text = document.read_text(encoding="utf-8")
    name = document.relative_to(root)
    for setting in sorted(set(_SETTING.findall(text)) - set(settings)):
        yield f"{name}: {setting} is not a setting"
    for link in _LINK.findall(_FENCE.sub("", text)):
        if re.match(r"[a-z]+:", link):
            continue
        path, _, anchor = link.partition("#")
        target = (document.parent / path) if path else document
        if not target.exists():
            yield f"{name}: the link to {link} leads nowhere"
        elif anchor and anchor not in _anchors(target):
            yield f"{name}: the link to {link} leads to a heading that is not there"


def _anchors(document: Path) -> set[str]:
    headings = re.findall(r"^#+ +(.+?) *$", _FENCE.sub("", document.read_text(encoding="utf-8")), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def main() -> int:
    """Print the faults in the documents of this checkout; return 1 when there are any."""
    # Imported here so that the commands are known without this module being part of them.
    from app.__main__ import COMMANDS  # noqa: PLC0415
    from app.settings import NAMES  # noqa: PLC0415

    found = faults(Path(__file__).parents[1], NAMES, COMMANDS)
    print(*found, sep="\n", file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
