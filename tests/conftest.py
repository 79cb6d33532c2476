"""What every test can ask for: the real words, and the flag that writes transcripts anew."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from ruamel.yaml import YAML

from content.catalogue import Catalogue, load
from content.matching import StemMatcher

# How fast a machine makes up examples says nothing about what is tested with them.
settings.register_profile(
    "whatever the machine", deadline=None, suppress_health_check=[HealthCheck.too_slow], database=None
)
settings.load_profile("whatever the machine")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the flag for writers."""
    parser.addoption(
        "--rewrite-transcripts", action="store_true", help="write the guide's part of all transcripts anew"
    )


@pytest.fixture(scope="session", autouse=True)
def read_once() -> Iterator[None]:
    """Read each text of the content once: hundreds of tests load all words, or a copy in which one thing is different."""
    compose, known = YAML.compose, dict[str, Any]()

    def remembering(reader: YAML, text: str) -> Any:
        if text not in known:
            known[text] = compose(reader, text)
        return known[text]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(YAML, "compose", remembering)
        yield


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    """Return the real words."""
    return load()


@pytest.fixture(scope="session")
def matcher(catalogue: Catalogue) -> StemMatcher:
    """Return the real matcher."""
    return StemMatcher(catalogue)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print which share of the arrows the transcripts walk, per language, and the arrows they leave out."""
    for reports in terminalreporter.stats.values():
        for report in reports:
            if getattr(report, "when", "") != "call":
                continue
            for name, value in getattr(report, "user_properties", ()):
                if name == "arrows" or (name == "measured" and terminalreporter.config.get_verbosity() >= 0):
                    terminalreporter.write_line(str(value))
