"""
Ends connections that do not come to the point: the head of a request has to be in within ten seconds.

The web server itself waits for ever, and a few thousand silent connections would take all there are. How long the rest
of a request may take is decided where it is read.
"""

from __future__ import annotations

import asyncio

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

PATIENCE = 10.0
"""Seconds from the first sign of a connection, or of a further request on it, to the end of its head."""


class Prompt(HttpToolsProtocol):
    """The web server's way to speak HTTP, with an end to waiting."""

    _deadline: asyncio.TimerHandle | None = None
    _in_head = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override] # as its parent does
        """Begin to wait for the first request."""
        super().connection_made(transport)
        self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop waiting."""
        self._stop_waiting()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Begin to wait when the head of a further request is not wholly in *data*, as it nearly always is."""
        super().data_received(data)
        if self._in_head and not self._deadline:
            self._wait()

    def on_message_begin(self) -> None:
        """Note that the head of a request begins."""
        super().on_message_begin()
        self._in_head = True

    def on_headers_complete(self) -> None:
        """Stop waiting: the head is in."""
        self._in_head = False
        self._stop_waiting()
        super().on_headers_complete()

    def _wait(self) -> None:
        self._deadline = self.loop.call_later(PATIENCE, self.transport.close)

    def _stop_waiting(self) -> None:
        if self._deadline:
            self._deadline.cancel()
        self._deadline = None
