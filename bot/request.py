"""
How a request to the Bot API travels: over connections that stay open, with aiohttp, as python-telegram-bot asks for it.

Its own way, over httpx, takes most of the time of an update: the pool looks at every connection for every request
(docs/performance.md). What an answer means is not decided here; that stands in `bot/line.py` and in the library. An
address holds the token, so no address is logged here, and none travels along in an error.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from io import BytesIO
from typing import TypeAlias
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import aiohttp
import httpx
from telegram.error import NetworkError, TimedOut
from telegram.request import BaseRequest, RequestData
from telegram.request._requestparameter import RequestParameter
from yarl import URL

from bot.json_text import write_json

Seconds: TypeAlias = float | None
"""How long something may take; None for as long as it takes."""

_UNSET = BaseRequest.DEFAULT_NONE
_trust = cache(httpx.create_ssl_context)
"""Whom to trust: what httpx trusts, which is what the library trusts where it calls itself. Made once."""


class PooledRequest(BaseRequest):
    """
    Requests over a pool of open connections, for one event loop.

    The four timeouts hold for a request that names none of its own, and *media_write_timeout* for one that uploads a
    file. Waiting for a free connection, connecting and waiting for the next bytes of the answer are each timed apart;
    writing is not, so a request as a whole may take no longer than the four together.

    HTTP proxies are taken from the environment, as HTTP_PROXY, HTTPS_PROXY, ALL_PROXY and NO_PROXY say. A proxy of
    another kind, such as SOCKS, makes every request a NetworkError.
    """

    def __init__(
        self,
        *,
        connection_pool_size: int,
        read_timeout: Seconds = 5.0,
        write_timeout: Seconds = 5.0,
        connect_timeout: Seconds = 5.0,
        pool_timeout: Seconds = 1.0,
        media_write_timeout: Seconds = 20.0,
    ) -> None:
        self._size = connection_pool_size
        self._read = read_timeout
        self._write = write_timeout
        self._connect = connect_timeout
        self._pool = pool_timeout
        self._media_write = media_write_timeout
        self._session: aiohttp.ClientSession | None = None
        self._over = False
        self._proxies: dict[str, str | None] = {}

    @property
    def read_timeout(self) -> Seconds:
        """How long to wait for bytes of an answer, when a request does not say."""
        return self._read

    async def initialize(self) -> None:
        """Be ready for requests, also again after `shutdown`. The first request does this by itself."""
        self._over = False

    async def shutdown(self) -> None:
        """Let go of all connections. Doing so twice is no error."""
        self._over = True
        if self._session:
            await self._session.close()
        self._session = None

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: object = _UNSET,
        write_timeout: object = _UNSET,
        connect_timeout: object = _UNSET,
        pool_timeout: object = _UNSET,
    ) -> tuple[int, bytes]:
        """
        Return status and body of the answer.

        Raises:
            TimedOut: one of the timeouts passed. Whether the call took effect is not known.
            NetworkError: there is no connection, it broke, or the request cannot be written down.
            RuntimeError: after `shutdown`.
        """
        writing = self._media_write if request_data and request_data.contains_files else self._write
        timeout = _limits(
            _given(read_timeout, self._read),
            _given(write_timeout, writing),
            _given(connect_timeout, self._connect),
            _given(pool_timeout, self._pool),
        )
        session = self._opened()
        try:
            body = _body(request_data) if request_data else None
            async with session.request(
                method,
                URL(url, encoded=True),
                data=body,
                headers=_headers(body),
                timeout=timeout,
                proxy=self._proxy(url),
                allow_redirects=False,
            ) as answer:
                return answer.status, await answer.read()
        # The causes hold the address, and with it the token, or what is sent: they must not travel along.
        except TimeoutError:
            raise TimedOut from None
        except (aiohttp.ClientError, OSError, TypeError, ValueError) as trouble:
            raise NetworkError(f"aiohttp: {type(trouble).__name__}") from None

    def _opened(self) -> aiohttp.ClientSession:
        if self._over:
            raise RuntimeError("This request was shut down.")
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=self._size, ssl=_trust()),
                cookie_jar=aiohttp.DummyCookieJar(),
                headers={"User-Agent": self.USER_AGENT},
            )
        return self._session

    def _proxy(self, url: str) -> str | None:
        """Return the proxy to reach *url*. Looked up once per server: reading the environment takes a while."""
        server = urlsplit(url).netloc
        if server not in self._proxies:
            self._proxies[server] = proxy_for(url)
        return self._proxies[server]


def parameters(values: Mapping[str, object]) -> RequestData:
    """Return *values*, each of which can be written as JSON, as the parameters of a call; None is left out."""
    # The library makes these out of its own objects, and has no public way to make them out of plain values.
    return RequestData([RequestParameter(name, value, None) for name, value in values.items()])


def proxy_for(url: str) -> str | None:
    """Return the proxy that the environment names for *url*, None for none."""
    parts = urlsplit(url)
    if proxy_bypass(parts.hostname or ""):
        return None
    proxies = getproxies()
    proxy = proxies.get(parts.scheme) or proxies.get("all")
    return f"http://{proxy}" if proxy and "://" not in proxy else proxy


def _given(timeout: object, default: Seconds) -> Seconds:
    if timeout is _UNSET:
        return default
    return float(timeout) if isinstance(timeout, int | float) else None


@cache
def _limits(reading: Seconds, writing: Seconds, connecting: Seconds, waiting: Seconds) -> aiohttp.ClientTimeout:
    return aiohttp.ClientTimeout(
        total=_sum(reading, writing, connecting, waiting),
        connect=_sum(connecting, waiting),
        sock_connect=connecting,
        sock_read=reading,
    )


def _sum(*parts: Seconds) -> Seconds:
    """Return all *parts* together; without an end when one of them has none."""
    known = [part for part in parts if part is not None]
    return sum(known) if len(known) == len(parts) else None


def _body(request_data: RequestData) -> aiohttp.FormData | bytes:
    """Return the parameters as JSON, which is written in one step; with files as a form, of which they are parts."""
    if not request_data.contains_files:
        return write_json(request_data.parameters)
    form = aiohttp.FormData(quote_fields=False)
    for name, value in request_data.json_parameters.items():
        form.add_field(name, value)
    for name, (filename, content, kind) in request_data.multipart_data.items():
        # A stream goes out piece by piece; bytes would go in one, and hold up everything else meanwhile.
        stream = BytesIO(content) if isinstance(content, bytes) else content
        form.add_field(name, stream, filename=filename, content_type=kind)
    return form


def _headers(body: aiohttp.FormData | bytes | None) -> dict[str, str] | None:
    """Return what must be said of *body*; a form says it itself."""
    return {"Content-Type": "application/json"} if isinstance(body, bytes) else None
