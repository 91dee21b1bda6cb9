"""Deliveries taken by the protocol itself: the same answers in the same order, and all else as ever."""

from __future__ import annotations

import asyncio
import re
import socket
import threading
from collections.abc import Iterator
from typing import Any

import pytest
import uvicorn

from offhold.intake.group import NotStored
from offhold.intake.webhooks import ANSWER, Head
from offhold.live.direct import DirectHttp

OK = ANSWER[True][2]


class Desk:
    """Takes deliveries by what their address says, and answers all else as an application: with the body it read."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.taken: list[tuple[str, Head, bytes]] = []
        self.stored: dict[str, asyncio.Future[None]] = {}
        self.loop: asyncio.AbstractEventLoop | None = None

    def take(self, path: str, head: Head, body: bytes) -> asyncio.Future[None] | None:
        if path.endswith("unknown"):
            return None
        self.loop = asyncio.get_running_loop()
        self.taken.append((path, head, body))
        future = self.stored[path] = self.loop.create_future()
        if path.endswith("lost"):
            future.set_exception(NotStored("no room"))
        elif not path.endswith("slow"):
            future.set_result(None)
        return future

    def finish(self, path: str) -> None:
        assert self.loop is not None
        self.loop.call_soon_threadsafe(self.stored[path].set_result, None)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        body, more = b"", True
        while more:
            message = await receive()
            body, more = body + message.get("body", b""), message.get("more_body", False)
        self.asked.append(scope["path"])
        head = [(b"content-type", b"text/plain"), (b"content-length", b"%d" % len(body))]
        await send({"type": "http.response.start", "status": 200, "headers": head})
        await send({"type": "http.response.body", "body": body})


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.fixture
def server(desk: Desk) -> uvicorn.Server:
    http = type("Http", (DirectHttp,), {"take": staticmethod(desk.take)})
    options = uvicorn.Config(desk, loop="uvloop", http=http, log_config=None, lifespan="off")
    return uvicorn.Server(options)


@pytest.fixture
def port(server: uvicorn.Server) -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as sock:
        thread = threading.Thread(target=server.run, kwargs={"sockets": [sock]})
        thread.start()
        yield sock.getsockname()[1]
        server.should_exit = True
        thread.join(10)
        assert not thread.is_alive()


@pytest.fixture
def connection(port: int) -> Iterator[socket.socket]:
    with socket.create_connection(("127.0.0.1", port), timeout=10) as made:
        yield made


def post(path: str, body: str = "x", *headers: str) -> bytes:
    lines = [f"POST {path} HTTP/1.1", "Host: desk", f"Content-Length: {len(body)}", *headers, "", body]
    return "\r\n".join(lines).encode()


def answers(connection: socket.socket, count: int) -> list[tuple[int, bytes]]:
    """The next so many answers, as (status, body)."""
    found: list[tuple[int, bytes]] = []
    read = b""
    while len(found) < count:
        head = re.match(rb"HTTP/1.1 (\d+) [^\r]*\r\n(?:[^\r]+\r\n)*?content-length: (\d+)\r\n(?:[^\r]+\r\n)*\r\n", read)
        if head is not None and len(read) >= head.end() + int(head[2]):
            end = head.end() + int(head[2])
            found.append((int(head[1]), read[head.end() : end]))
            read = read[end:]
            continue
        data = connection.recv(4096)
        assert data, f"cut off after {found}, {read!r}"
        read += data
    return found


def test_deliveries_are_taken_and_the_connection_stays(desk: Desk, connection: socket.socket) -> None:
    for number in range(3):
        connection.sendall(post("/hooks/a", f"body {number}", "X-Sign: 1"))
        assert answers(connection, 1) == [(200, OK)]
    assert [(path, body) for path, _, body in desk.taken] == [("/hooks/a", b"body %d" % n) for n in range(3)]
    assert (b"x-sign", b"1") in desk.taken[0][1]
    assert desk.asked == []


@pytest.mark.parametrize(
    "request_",
    [
        post("/hooks/unknown", "said"),
        post("/other/a", "said"),
        post("/hooks/a", "said", "Connection: close"),
        post("/hooks/a", "said").replace(b"HTTP/1.1", b"HTTP/1.0", 1),
        post("/hooks/a", "said").replace(b"POST", b"PUT", 1),
    ],
    ids=["not taken", "another path", "the last of its connection", "HTTP/1.0", "no POST"],
)
def test_what_is_not_plain_goes_the_usual_way(desk: Desk, connection: socket.socket, request_: bytes) -> None:
    connection.sendall(request_)
    assert answers(connection, 1) == [(200, b"said")]
    assert desk.taken == []
    assert len(desk.asked) == 1


def test_a_delivery_in_pieces_goes_the_usual_way_and_loses_nothing(desk: Desk, connection: socket.socket) -> None:
    whole = post("/hooks/a", "begun and ended")
    connection.sendall(whole[:-5])
    while not desk.asked and not desk.taken:  # the server has read the first piece once it answers another
        with socket.create_connection(connection.getpeername(), timeout=10) as other:
            other.sendall(post("/other", "y"))
            answers(other, 1)
    connection.sendall(whole[-5:])
    assert answers(connection, 1) == [(200, b"begun and ended")]
    assert desk.taken == []


def test_what_could_not_be_stored_is_503_and_the_next_is_taken(desk: Desk, connection: socket.socket) -> None:
    connection.sendall(post("/hooks/lost"))
    assert answers(connection, 1) == [(ANSWER[False][0], ANSWER[False][2])] == [(503, b"not stored, try again later")]
    connection.sendall(post("/hooks/a"))
    assert answers(connection, 1) == [(200, OK)]


def test_requests_sent_ahead_are_answered_in_turn(desk: Desk, connection: socket.socket) -> None:
    connection.sendall(post("/hooks/a", "1") + post("/other", "2") + post("/hooks/a", "3"))
    assert [body for _, body in answers(connection, 3)] == [b"1", b"2", b"3"]


def test_what_comes_while_a_delivery_is_stored_waits_for_it(desk: Desk, connection: socket.socket) -> None:
    connection.sendall(post("/hooks/slow", "1"))
    _until(lambda: bool(desk.stored))
    connection.sendall(post("/other", "2") + post("/other", "3"))
    connection.settimeout(0.2)
    with pytest.raises(TimeoutError):
        connection.recv(1)  # nothing is answered out of turn
    assert desk.asked == []
    connection.settimeout(10)
    desk.finish("/hooks/slow")
    assert answers(connection, 3) == [(200, OK), (200, b"2"), (200, b"3")]


def test_a_stop_answers_what_is_being_stored(desk: Desk, server: uvicorn.Server, connection: socket.socket) -> None:
    connection.sendall(post("/hooks/slow"))
    _until(lambda: bool(desk.stored))
    server.should_exit = True
    _until(lambda: any(getattr(one, "_last", False) for one in tuple(server.server_state.connections)))
    desk.finish("/hooks/slow")
    assert answers(connection, 1) == [(200, OK)]
    assert connection.recv(1) == b""


def test_a_sender_that_hangs_up_harms_nobody(desk: Desk, port: int, connection: socket.socket) -> None:
    with socket.create_connection(("127.0.0.1", port), timeout=10) as gone:
        gone.sendall(post("/hooks/slow"))
        _until(lambda: bool(desk.stored))
    desk.finish("/hooks/slow")
    connection.sendall(post("/hooks/a"))
    assert answers(connection, 1) == [(200, OK)]


def test_bad_form_after_the_head_is_400(desk: Desk, connection: socket.socket) -> None:
    connection.sendall(b"POST /hooks/a HTTP/1.1\r\nHost: desk\r\nTransfer-Encoding: chunked\r\n\r\nnot a chunk\r\n")
    assert connection.recv(4096).startswith(b"HTTP/1.1 400")
    assert not desk.taken
    assert not desk.asked


def _until(true: Any) -> None:
    waited = threading.Event()
    for _ in range(500):
        if true():
            return
        waited.wait(0.01)
    raise AssertionError("it did not come to that within five seconds")
