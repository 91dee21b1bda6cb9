"""The hub behind the real server, over sockets: many streams, the end of the process, a reader that stands still."""

from __future__ import annotations

import logging
import signal
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Literal

import pytest
import uvicorn

from offhold.app.web import Server
from offhold.live import hub as hubs
from offhold.live.asgi import Application
from offhold.live.direct import DirectHttp
from offhold.live.hub import Hub
from offhold.live.tests.browser import EventSource, Guests, Log

Http = Literal["httptools"] | type[DirectHttp]


class Page(EventSource):
    """A stream over a socket."""

    def __init__(self, port: int, buffer: int | None = None) -> None:
        super().__init__()
        self.socket = socket.socket()
        if buffer is not None:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer)
        self.socket.settimeout(10)
        self.socket.connect(("127.0.0.1", port))
        self.socket.sendall(b"GET /live/stream HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: offhold=bob\r\n\r\n")
        self._lines = self.socket.makefile("rb")
        assert self._lines.readline() == b"HTTP/1.1 200 OK\r\n"
        while self._lines.readline() != b"\r\n":
            pass

    def read(self) -> bool:
        """One chunk; False at the end of the response."""
        length = int(self._lines.readline(), 16)
        self.feed(self._lines.read(length + 2)[:length])
        return length > 0

    def read_to_end(self) -> None:
        while self.read():
            pass


class Serving:
    """A server in a thread of this process."""

    def __init__(self, application: Application, http: Http) -> None:
        options = uvicorn.Config(
            application, loop="uvloop", http=http, log_config=None, lifespan="off", timeout_graceful_shutdown=1
        )
        ready = threading.Event()
        self._server = Server(options, ready.set, application.hub.stop)
        listening = socket.create_server(("127.0.0.1", 0), backlog=2048)
        self.port: int = listening.getsockname()[1]
        self.thread = threading.Thread(target=self._server.run, args=([listening],))
        self.thread.start()
        assert ready.wait(10)

    def end(self) -> float:
        """Stop as a signal would; returns how long it took, in seconds."""
        began = time.monotonic()
        self._server.handle_exit(signal.SIGTERM, None)
        self.thread.join(20)
        assert not self.thread.is_alive()
        return time.monotonic() - began


@contextmanager
def serving(log: Log, guests: Guests, http: Http) -> Iterator[Serving]:
    server = Serving(Application(Hub(log, guests, log)), http)
    try:
        yield server
    finally:
        server.end()


@pytest.fixture(params=["httptools", DirectHttp], ids=["any server", "our server"])
def http(request: pytest.FixtureRequest) -> Http:
    """uvicorn's protocol as it is, and ours that hands out its connection."""
    return request.param  # type: ignore[no-any-return]


def test_the_process_ends_at_once_and_every_page_has_a_whole_response(
    log: Log, guests: Guests, http: Http, caplog: pytest.LogCaptureFixture
) -> None:
    with serving(log, guests, http) as server:
        pages = [Page(server.port) for _ in range(hubs.MOST_PER_SIGN_IN)]
        for page in pages:
            assert page.read()
        assert server.end() < 1.0
    for page in pages:
        page.read_to_end()
        assert page.named("bye") == [{"reason": "stopping"}]
        page.socket.close()
    assert "Traceback" not in caplog.text


def test_a_page_that_reads_nothing_delays_neither_others_nor_the_end(
    log: Log, guests: Guests, http: Http, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hubs, "LAST_CALL", 0.3)
    caplog.set_level(logging.INFO)
    with serving(log, guests, http) as server:
        stuck, quick = Page(server.port, buffer=2048), Page(server.port)
        with closing(stuck.socket), closing(quick.socket):
            for _ in range(12):  # 12 MB, more than sockets and buffers hold
                log.add(10, *["channel.changed"] * 10, text="x" * 100_000)
                while log.last(10) not in quick.seqs[-1:]:
                    assert quick.read()
            assert quick.seqs == list(range(1, log.last(10) + 1))
            assert server.end() < 3
            quick.read_to_end()
            assert quick.named("bye")
    assert "Traceback" not in caplog.text


def test_facts_arrive_whole_and_in_order_and_streams_leave_no_trace(log: Log, guests: Guests, http: Http) -> None:
    with serving(log, guests, http) as server:
        pages = [Page(server.port) for _ in range(20)]
        for page in pages:
            assert page.read()  # hello
        for size in (10, 30_000, 200_000, 10):
            log.add(10, *["channel.changed"] * 5, text="x" * size)
        for page in pages:
            while page.seqs[-1:] != [20]:
                assert page.read()
            assert page.seqs == list(range(1, 21))
            page.socket.close()
