"""
Where the program listens: sockets whose connections send what they have at once.

An answer goes out as head and body. By Nagle's rule (RFC 896) the body waits until the other side has confirmed the head,
which that side puts off for some 40 ms in turn. asyncio switches the rule off, but only on sockets that name TCP by its
number, as those of `socket.create_server` do not; accepted connections inherit it from the socket they came by.
"""

from __future__ import annotations

import socket


def open_door(
    host: str, port: int, *, family: socket.AddressFamily = socket.AF_INET, backlog: int = 512
) -> socket.socket:
    """Return a socket that listens at *host* and *port*, 0 for any free one. Raises OSError when it is taken."""
    door = socket.create_server((host, port), family=family, backlog=backlog)
    door.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return door
