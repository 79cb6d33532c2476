"""What school leaders ordinarily write brings no help card: sentences from transcripts and readers that once did."""

from __future__ import annotations

from pathlib import Path

import pytest

from content.catalogue import Catalogue
from dialogues.care import notice

LINES = (Path(__file__).parent / "corpus" / "ordinary.txt").read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize("sentence", [line for line in LINES if line and not line.startswith("#")])
def test_an_ordinary_sentence_brings_no_card(sentence: str, catalogue: Catalogue) -> None:
    assert notice(sentence, catalogue.care) == ""
