"""
What the bot counts, for whoever keeps it running: how much it does, how fast, and whether its loops go round.

Totals only. Nothing is counted by person, chat, language, route or signal, since a figure that only one leader can
have caused tells about that leader; and no figure says how many leaders there are.
"""

from __future__ import annotations

from functools import partial

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
    disable_created_metrics,
    generate_latest,
)

from bot.pulse import Pulse

KIND = "text/plain; version=0.0.4; charset=utf-8"
"""The content type of the page."""

_TURN_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
_LOOPS = ("updates", "moments")


class Metrics:
    """
    The figures since the start. *updates* are counted by outcome (``kept``, ``again``, ``set_aside``), *calls* that
    carry a letter by fate, and *turns* are the seconds from an update's arrival until it is kept.
    """

    def __init__(self, pulse: Pulse) -> None:
        # When something happened for the first time is nobody's business either.
        disable_created_metrics()  # type: ignore[no-untyped-call]
        self._registry = CollectorRegistry()
        ProcessCollector(registry=self._registry)
        self.updates = Counter("mindshift_updates", "Updates taken in", ["outcome"], registry=self._registry)
        self.calls = Counter("mindshift_calls", "Calls that carry a letter", ["fate"], registry=self._registry)
        self.turns = Histogram(
            "mindshift_turn_seconds", "Seconds until kept", buckets=_TURN_SECONDS, registry=self._registry
        )
        ages = Gauge("mindshift_loop_age_seconds", "Since the last round", ["loop"], registry=self._registry)
        for loop in _LOOPS:
            ages.labels(loop).set_function(partial(pulse.age, loop))

    def page(self) -> bytes:
        """Return the figures in the text format of Prometheus."""
        return generate_latest(self._registry)
