"""What an answer consists of leaves at once, whatever came before it."""

import asyncio
import socket

import pytest

from bot.doors import open_door

HERE = "127.0.0.1"
NO_DELAY = (socket.IPPROTO_TCP, socket.TCP_NODELAY)


async def accepted(door):
    """Return whether a connection that comes by *door* sends what it has at once."""
    found = asyncio.get_running_loop().create_future()

    async def heard(_reader, writer):
        found.set_result(bool(writer.get_extra_info("socket").getsockopt(*NO_DELAY)))
        writer.close()

    async with await asyncio.start_server(heard, sock=door):
        _, writer = await asyncio.open_connection(*door.getsockname()[:2])
        told = await found
        writer.close()
    return told


@pytest.mark.asyncio
async def test_a_connection_by_our_door_sends_what_it_has_at_once():
    assert await accepted(open_door(HERE, 0))


@pytest.mark.asyncio
async def test_known_bad_one_by_a_stock_socket_would_wait_for_the_other_side():
    assert not await accepted(socket.create_server((HERE, 0)))


def test_a_door_that_is_taken_cannot_be_had():
    with open_door(HERE, 0) as door, pytest.raises(OSError, match="in use"):
        open_door(HERE, door.getsockname()[1])
