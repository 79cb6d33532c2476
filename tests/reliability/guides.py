"""The real guide over the real words, made as `app/compose.py` makes it, on any keeper."""

from __future__ import annotations

from collections.abc import Callable
from zoneinfo import ZoneInfo

from content.catalogue import Catalogue
from content.exporting import PageExporter
from content.matching import StemMatcher
from dialogues.conversation import Turn
from dialogues.guide import Guide
from dialogues.ports import Keeper
from storage.journal import current_format

ZONE = ZoneInfo("Europe/Amsterdam")


def guide_on(
    keeper: Keeper,
    catalogue: Catalogue,
    matcher: StemMatcher,
    witness: Callable[[Turn], None] = lambda _turn: None,
    months: int = 0,
) -> Guide:
    return Guide(
        repertoire=catalogue.repertoire,
        care=catalogue.care,
        keeper=keeper,
        words=catalogue,
        matcher=matcher,
        exporter=PageExporter(catalogue, current_format()),
        zone=ZONE,
        months=months,
        witness=witness,
    )
