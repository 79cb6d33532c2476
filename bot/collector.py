"""How Python's collector works here: rarely, and in the bot never over what stays anyway."""

from __future__ import annotations

import gc

YOUNG = 20_000
"""How many more values are made than gone before the collector looks for young ones; Python's own is 700 or 2,000."""


def collect_rarely() -> None:
    """
    Have the collector leave alone what stands now, and look for the rest less often.

    What stands at the start stands until the end: looked at again and again it stalls the event loop for nothing. And a
    turn makes thousands of small values, nearly all gone at its end.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG, *gc.get_threshold()[1:])
