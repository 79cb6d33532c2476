"""HTTP to the Bot API as python-telegram-bot asks for it: answers, uploads, timeouts, faults, and no token anywhere."""

from __future__ import annotations

import asyncio
import json
import logging
import traceback
from contextlib import asynccontextmanager
from io import BytesIO

import pytest
import pytest_asyncio
from telegram import Bot, InputFile
from telegram.error import BadRequest, Forbidden, InvalidToken, NetworkError, TimedOut
from telegram.request import HTTPXRequest

from bot.request import PooledRequest, proxy_for
from tests.bot.fake_bot_api import TOKEN, FakeBotApi, Fault

ANNE = 101
ANSWER = b'{"ok":true,"result":true}'
WHOLE = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%b" % (len(ANSWER), ANSWER)


@pytest.fixture(autouse=True)
def _no_proxy_from_outside(monkeypatch):
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


@pytest_asyncio.fixture
async def api():
    fake = FakeBotApi()
    async with fake.opened():
        yield fake
    assert not fake.violations


@pytest_asyncio.fixture
async def request_():
    request = PooledRequest(connection_pool_size=4)
    yield request
    await request.shutdown()


def bot_on(address: str, request: PooledRequest) -> Bot:
    return Bot(TOKEN, base_url=f"{address}/bot", request=request, get_updates_request=HTTPXRequest())


@asynccontextmanager
async def server(*answers):
    """
    Give the address of a server that treats each new connection as the next of *answers* says (the last for all
    others), and the list of what was asked on each connection.
    """
    asked: list[bytes] = []
    treatments = list(answers)

    async def treat(reader, writer):
        treatment = treatments.pop(0) if len(treatments) > 1 else treatments[0]
        number = len(asked)
        asked.append(b"")
        while head := await reader.readuntil(b"\r\n\r\n"):
            asked[number] += head
            await treatment(reader, writer)
            if writer.is_closing():
                break

    async def held(reader, writer):
        try:
            await treat(reader, writer)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    listening = await asyncio.start_server(held, "127.0.0.1", 0)
    async with listening:
        yield f"http://127.0.0.1:{listening.sockets[0].getsockname()[1]}", asked
        listening.close()


def says(content: bytes):
    async def answer(_, writer):
        writer.write(content)

    return answer


async def silent(reader, _):
    await reader.read()


async def deaf(_reader, _writer):
    await asyncio.Event().wait()


async def slams(_, writer):
    writer.transport.abort()


async def breaks_off(_, writer):
    writer.write(WHOLE[:-5])
    await writer.drain()
    writer.transport.abort()


# -- what arrives and what comes back ----------------------------------------------------------------------------


@pytest.mark.asyncio
async def test_a_message_arrives_to_the_letter_and_its_answer_comes_back(api, request_):
    text = "Eén regel & nog één: 100% = “ja” \u2028🙂 <b>+"
    sent = await bot_on(api.address, request_).send_message(ANNE, text)
    assert api.sent(ANNE)[0]["text"] == text
    assert (sent.chat.id, sent.text) == (ANNE, text)


@pytest.mark.asyncio
@pytest.mark.parametrize("handle", [False, True], ids=["bytes", "file handle"])
async def test_a_document_arrives_whole_with_its_name_and_caption(api, request_, handle):
    content = bytes(range(256)) * 1000
    file = InputFile(BytesIO(content), "mijn gesprek.md", read_file_handle=False) if handle else content
    await bot_on(api.address, request_).send_document(ANNE, file, caption="Hier is álles.", filename="mijn gesprek.md")
    (sent,) = api.sent(ANNE)
    assert (sent["document"], sent["document"].name) == (content, "mijn gesprek.md")
    assert sent["caption"] == "Hier is álles."


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("code", "error"),
    [
        (400, BadRequest),
        (401, InvalidToken),
        (403, Forbidden),
        (500, NetworkError),
        (502, NetworkError),
        (302, NetworkError),
    ],
)
async def test_a_refusal_is_the_error_the_library_has_for_it(api, request_, code, error):
    api.faults.append(Fault("sendMessage", code=code, description="No"))
    with pytest.raises(error, match="No"):
        await bot_on(api.address, request_).send_message(ANNE, "hallo")
    assert api.asked == ["sendmessage"]


@pytest.mark.asyncio
async def test_being_asked_to_slow_down_comes_back_with_all_it_says(api, request_):
    api.faults.append(Fault("getMe", code=429, description="Too Many Requests", retry_after=7))
    status, answer = await request_.do_request(f"{api.address}/bot{TOKEN}/getMe", "POST")
    assert (status, json.loads(answer)["parameters"]) == (429, {"retry_after": 7})


@pytest.mark.asyncio
async def test_calls_one_after_another_share_a_connection_and_calls_at_once_stay_within_the_pool(request_):
    async with server(says(WHOLE)) as (address, asked):
        for _ in range(5):
            assert await request_.do_request(address, "POST") == (200, ANSWER)
        assert len(asked) == 1
        await asyncio.gather(*(request_.do_request(address, "POST", pool_timeout=5) for _ in range(40)))
        assert len(asked) <= 4


# -- what goes wrong ---------------------------------------------------------------------------------------------


@pytest.mark.asyncio
@pytest.mark.parametrize("fault", [slams, breaks_off, says(b"SSH-2.0-x\r\n\r\n")], ids=["reset", "half", "no HTTP"])
async def test_a_connection_that_breaks_is_trouble_on_the_line_and_the_next_call_gets_a_new_one(request_, fault):
    async with server(fault, says(WHOLE)) as (address, asked):
        with pytest.raises(NetworkError) as trouble:
            await request_.do_request(address, "POST")
        assert not isinstance(trouble.value, TimedOut)
        assert await request_.do_request(address, "POST") == (200, ANSWER)
        assert len(asked) == 2


@pytest.mark.asyncio
async def test_nobody_listening_is_trouble_on_the_line(request_):
    async with server(silent) as (address, _):
        pass
    with pytest.raises(NetworkError):
        await request_.do_request(address, "POST")


@pytest.mark.asyncio
@pytest.mark.parametrize("own", [True, False], ids=["named by the call", "the default"])
async def test_an_answer_that_does_not_come_in_time_is_timed_out(own):
    request = PooledRequest(connection_pool_size=1, read_timeout=5.0 if own else 0.05)
    async with server(silent) as (address, _):
        with pytest.raises(TimedOut):
            async with asyncio.timeout(2):
                await request.do_request(address, "POST", **({"read_timeout": 0.05} if own else {}))
        await request.shutdown()


@pytest.mark.asyncio
async def test_without_a_limit_an_answer_may_take_longer_than_the_default_allows():
    async def slow(_, writer):
        asyncio.get_running_loop().call_later(0.1, writer.write, WHOLE)

    request = PooledRequest(connection_pool_size=1, read_timeout=0.02)
    async with server(slow) as (address, _):
        assert await request.do_request(address, "POST", read_timeout=None) == (200, ANSWER)
        assert await request.do_request(address, "POST", read_timeout=5) == (200, ANSWER)
        with pytest.raises(TimedOut):
            await request.do_request(address, "POST")
        await request.shutdown()


@pytest.mark.asyncio
async def test_waiting_for_a_free_connection_ends_in_time_and_the_call_that_holds_it_goes_on(eventually):
    gate = asyncio.Event()

    async def hold(_, writer):
        await gate.wait()
        writer.write(WHOLE)

    request = PooledRequest(connection_pool_size=1, connect_timeout=0.02, pool_timeout=0.02)
    async with server(hold) as (address, asked):
        first = asyncio.create_task(request.do_request(address, "POST"))
        await eventually(lambda: asked)
        with pytest.raises(TimedOut):
            await request.do_request(address, "POST")
        gate.set()
        assert await first == (200, ANSWER)
        assert len(asked) == 1
        await request.shutdown()


@pytest.mark.asyncio
async def test_an_upload_that_nobody_takes_in_is_timed_out_within_the_time_for_files():
    request = PooledRequest(
        connection_pool_size=1, read_timeout=0.05, connect_timeout=0.05, pool_timeout=0.05, media_write_timeout=0.1
    )
    async with server(deaf) as (address, _):
        with pytest.raises(TimedOut):
            async with asyncio.timeout(2):
                await bot_on(address, request).send_document(ANNE, b"x" * 50_000_000)
        await request.shutdown()


@pytest.mark.asyncio
async def test_an_error_holds_no_token_and_neither_does_the_log(request_, caplog):
    caplog.set_level(logging.DEBUG)
    for fault in (slams, breaks_off, says(b"nonsense\r\n\r\n"), silent):
        async with server(fault) as (address, _):
            with pytest.raises(NetworkError) as trouble:
                await request_.do_request(f"{address}/bot{TOKEN}/sendMessage", "POST", read_timeout=0.05)
            assert TOKEN not in "".join(traceback.format_exception(trouble.value))
    with pytest.raises(NetworkError) as trouble:
        await request_.do_request(f"ftp://nowhere/bot{TOKEN}/sendMessage", "POST")
    assert TOKEN not in "".join(traceback.format_exception(trouble.value))
    assert TOKEN not in caplog.text


@pytest.mark.asyncio
async def test_a_call_that_cannot_be_written_down_is_an_error_without_what_was_in_it(api, request_):
    with pytest.raises(NetworkError) as trouble:
        await bot_on(api.address, request_).send_message(ANNE, f"{TOKEN} \ud800")
    assert TOKEN not in "".join(traceback.format_exception(trouble.value))


# -- proxies -----------------------------------------------------------------------------------------------------


@pytest.mark.asyncio
async def test_a_call_goes_by_the_proxy_that_the_environment_names_with_its_password(monkeypatch, request_):
    async with server(says(WHOLE)) as (proxy, asked):
        monkeypatch.setenv("http_proxy", proxy.replace("//", "//anne:geheim@"))
        assert await request_.do_request("http://botapi.example.org/bot1:x/getMe", "POST") == (200, ANSWER)
    assert asked[0].startswith(b"POST http://botapi.example.org/bot1:x/getMe HTTP/1.1")
    assert b"Proxy-Authorization: Basic YW5uZTpnZWhlaW0=" in asked[0]


@pytest.mark.parametrize(
    ("environment", "proxy"),
    [
        ({}, None),
        ({"HTTPS_PROXY": "http://one:1"}, "http://one:1"),
        ({"HTTP_PROXY": "http://one:1"}, None),
        ({"ALL_PROXY": "two:2"}, "http://two:2"),
        ({"HTTPS_PROXY": "http://one:1", "ALL_PROXY": "http://two:2"}, "http://one:1"),
        ({"HTTPS_PROXY": "http://one:1", "NO_PROXY": "localhost,telegram.org"}, None),
        ({"HTTPS_PROXY": "http://one:1", "NO_PROXY": "*"}, None),
        ({"HTTPS_PROXY": "http://one:1", "NO_PROXY": "example.org"}, "http://one:1"),
    ],
)
def test_the_proxy_is_the_one_httpx_would_take(monkeypatch, environment, proxy):
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert proxy_for("https://api.telegram.org/bot1:x/getMe") == proxy


@pytest.mark.asyncio
async def test_a_proxy_of_a_kind_that_is_not_supported_is_trouble_on_the_line(monkeypatch, request_):
    monkeypatch.setenv("all_proxy", "socks5://localhost:1")
    with pytest.raises(NetworkError):
        await request_.do_request("http://botapi.example.org/bot1:x/getMe", "POST")


# -- the end -----------------------------------------------------------------------------------------------------


@pytest.mark.asyncio
async def test_shutting_down_closes_the_connections_and_refuses_calls_until_initialized_again():
    closed = asyncio.Event()

    async def until_closed(reader, writer):
        writer.write(WHOLE)
        await reader.read()
        closed.set()
        writer.close()

    request = PooledRequest(connection_pool_size=1)
    async with server(until_closed) as (address, _):
        await request.do_request(address, "POST")
        await request.shutdown()
        await request.shutdown()
        async with asyncio.timeout(2):
            await closed.wait()
        with pytest.raises(RuntimeError, match="shut down"):
            await request.do_request(address, "POST")
        await request.initialize()
        assert await request.do_request(address, "POST") == (200, ANSWER)
        await request.shutdown()


def test_what_the_library_is_told_about_the_time_for_reading_is_the_default():
    assert PooledRequest(connection_pool_size=1, read_timeout=3.0).read_timeout == 3.0
