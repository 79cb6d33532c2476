"""What tests of the core can ask for."""

from __future__ import annotations

import pytest

from content.catalogue import Catalogue
from tests.dialogues.held import Held


@pytest.fixture
def held(catalogue: Catalogue) -> Held:
    """Return a conversation at its very beginning."""
    return Held(catalogue.repertoire)
