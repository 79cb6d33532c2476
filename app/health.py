"""Asks a running bot whether it is well, for the container's health check. What "well" means is decided in `bot/`."""

from __future__ import annotations

import http.client

from app.settings import Listen

_SECONDS = 4
_EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1", "*": "127.0.0.1"}  # noqa: S104 - read, not bound


def is_well(listen: Listen) -> bool:
    """Return whether ``/healthz`` at *listen* answers that all is well."""
    host = _EVERYWHERE.get(listen.host, listen.host)
    connection = http.client.HTTPConnection(host, listen.port, timeout=_SECONDS)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == http.client.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
