"""The health check of the container."""

import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from app.health import is_well
from app.settings import Listen


@pytest.fixture
def answering():
    servers = []

    def start(status):
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                self.send_response(status if self.path == "/healthz" else 404)
                self.end_headers()

            def log_message(self, *_):
                pass

        server = HTTPServer(("127.0.0.1", 0), Handler)
        servers.append(server)
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        return server.server_port

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


def test_a_bot_that_says_so_is_well_also_when_it_listens_everywhere(answering):
    port = answering(200)
    assert is_well(Listen("127.0.0.1", port))
    assert is_well(Listen("0.0.0.0", port))


def test_a_bot_that_is_not_well_is_not_well(answering):
    assert not is_well(Listen("127.0.0.1", answering(503)))


def test_where_nobody_listens_nobody_is_well(answering):
    port = answering(200)
    assert not is_well(Listen("127.0.0.1", 1))
    assert not is_well(Listen("does.not.exist.invalid", port))
