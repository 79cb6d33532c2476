"""
What stands around every page: headers, cookies, where a form came from, and how much and how slowly may be sent.

The headers follow ASVS 5.0 (3.4 and 14.3.2): nothing of others is loaded, nothing is framed, nothing is kept by a
browser or a proxy on the way. A form must carry the key of its session and come from a page of ours: two locks, of
which each is enough by itself.
"""

from __future__ import annotations

import asyncio
import hmac
import ipaddress
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import urlsplit

from secure import Secure
from secure.headers import (
    CacheControl,
    ContentSecurityPolicy,
    CrossOriginOpenerPolicy,
    CrossOriginResourcePolicy,
    PermissionsPolicy,
    ReferrerPolicy,
    StrictTransportSecurity,
    XContentTypeOptions,
    XFrameOptions,
)
from starlette.datastructures import MutableHeaders
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LARGEST = 64 * 1024
"""Bytes of the largest form that is taken in."""

HEARD_OUT = 1024 * 1024
"""Bytes that are read, and thrown away, of a form that is too large: a browser shows no answer before it has sent all."""

PATIENCE = 10.0
"""Seconds within which a form must have come in."""

_FORM = "application/x-www-form-urlencoded"
_OURS = frozenset({"same-origin", "none"})
_NETWORK = 64
"""Bits of an IPv6 address that are one household or school."""


class Refused(Exception):
    """A request that is not answered with a page; *status* says why, in the words of HTTP."""

    def __init__(self, status: HTTPStatus) -> None:
        """Take the *status* to answer with."""
        super().__init__(status.phrase)
        self.status = status


def headers(site: str) -> Secure:
    """Return the headers of every answer; over https also that it must stay so."""
    policy = (
        ContentSecurityPolicy()
        .default_src("'none'")
        .style_src("'self'")
        .img_src("'self'", "data:")
        .form_action("'self'")
        .frame_ancestors("'none'")
        .base_uri("'none'")
    )
    return Secure(
        cache=CacheControl().no_store(),
        coop=CrossOriginOpenerPolicy().same_origin(),
        corp=CrossOriginResourcePolicy().same_origin(),
        csp=policy,
        hsts=StrictTransportSecurity().max_age(63_072_000).include_subdomains() if is_secure(site) else None,
        permissions=PermissionsPolicy().camera("()").geolocation("()").microphone("()"),
        # With no-referrer a browser would not say either that a form is ours (Fetch, "append a request Origin header").
        referrer=ReferrerPolicy().same_origin(),
        xcto=XContentTypeOptions().nosniff(),
        xfo=XFrameOptions().deny(),
    )


def with_headers(pages: ASGIApp, site: str) -> ASGIApp:
    """Return *pages* with those headers on every answer, also on one about a fault."""
    fixed = headers(site).headers

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        async def sent(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(fixed)
            await send(message)

        await pages(scope, receive, sent)

    return answer


def is_secure(site: str) -> bool:
    """Return whether the address *site* is one of https."""
    return urlsplit(site).scheme == "https"


@dataclass(frozen=True, slots=True)
class Cookies:
    """
    The two cookies: who is logged in, and which browser asks to be. Neither can be read by a script or set by another
    host. On one's own machine, without https, the prefix and the mark that demand it are left out.
    """

    secure: bool

    @property
    def session(self) -> str:
        """The name of the cookie of a session."""
        return "__Host-session" if self.secure else "session"

    @property
    def asking(self) -> str:
        """The name of the cookie of a login page."""
        return "__Host-asking" if self.secure else "asking"

    def keep_session(self, response: Response, token: str) -> None:
        """Let the browser keep a session until it closes; no other site's link or form brings it along."""
        response.set_cookie(self.session, token, path="/", secure=self.secure, httponly=True, samesite="strict")

    def keep_asking(self, response: Response, token: str, seconds: int) -> None:
        """Let the browser know for *seconds* that it asked. A link in the chat, from another site, brings it along."""
        response.set_cookie(self.asking, token, seconds, path="/", secure=self.secure, httponly=True, samesite="lax")

    def drop(self, response: Response, name: str) -> None:
        """Let the browser forget the cookie *name*."""
        response.delete_cookie(name, path="/", secure=self.secure, httponly=True, samesite="strict")


def caller(request: Request) -> str:
    """Return the network address that *request* came from; of IPv6 the part that one household shares."""
    host = request.client.host if request.client else ""
    try:
        address = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return host
    return str(ipaddress.ip_network((address, _NETWORK), strict=False)) if address.version == 6 else host  # noqa: PLR2004


def is_ours(request: Request, site: str) -> bool:
    """
    Return whether a form was sent from a page of ours, as far as the browser says so.

    Sec-Fetch-Site tells (W3C, Fetch Metadata); older browsers send Origin with every form. One that sends neither is
    left to the key of the form.
    """
    relation = request.headers.get("sec-fetch-site")
    if relation is not None:
        return relation in _OURS
    origin = request.headers.get("origin")
    return origin is None or origin == site


async def with_form(request: Request) -> Request:
    """
    Return *request* with its form already in, so that reading it takes no time any more.

    Raises:
        Refused: it is no form, it is larger than `LARGEST`, or it comes in too slowly.
    """
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != _FORM:
        raise Refused(HTTPStatus.UNSUPPORTED_MEDIA_TYPE)
    body, size = b"", 0
    try:
        async with asyncio.timeout(PATIENCE):
            async for part in request.stream():
                size += len(part)
                body = body + part if size <= LARGEST else b""
                if size > HEARD_OUT:
                    break
    except TimeoutError:
        raise Refused(HTTPStatus.REQUEST_TIMEOUT) from None
    except ClientDisconnect:
        raise Refused(HTTPStatus.BAD_REQUEST) from None
    if size > LARGEST:
        raise Refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)

    async def again() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    return Request(request.scope, again)


def is_key(given: object, key: str) -> bool:
    """Return whether the field *given* is the *key* of the form; "" is never one."""
    return isinstance(given, str) and bool(key) and hmac.compare_digest(given.encode("utf-8", "replace"), key.encode())
