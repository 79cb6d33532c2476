"""What tests of the core can ask for."""

from __future__ import annotations

import pytest

from content.catalogue import Catalogue
from content.matching import StemMatcher
from tests.dialogues.held import Held
from tests.dialogues.talk import Talk


@pytest.fixture
def held(catalogue: Catalogue) -> Held:
    """Return a conversation at its very beginning."""
    return Held(catalogue.repertoire)


@pytest.fixture
def talk(catalogue: Catalogue, matcher: StemMatcher) -> Talk:
    """Return a conversation with the guide that has not begun."""
    return Talk(catalogue, matcher)
