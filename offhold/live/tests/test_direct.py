"""A whole answer in one write: the same bytes as by the server's `send`, and a connection that goes on as before."""

from __future__ import annotations

import re
import socket
import threading
from collections.abc import Iterator
from typing import Any

import pytest
import uvicorn

from offhold.intake.webhooks import WHOLE
from offhold.live.direct import DirectHttp

HEAD = [(b"content-type", b"text/plain"), (b"content-length", b"2")]


class Answering:
    """An application that answers "ok", in one piece where the path and the server let it."""

    def __init__(self) -> None:
        self.whole: list[bool] = []

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        await receive()
        done = scope["path"] == "/whole" and scope["extensions"][WHOLE](200, HEAD, b"ok")
        self.whole.append(done)
        if not done:
            await send({"type": "http.response.start", "status": 200, "headers": HEAD})
            await send({"type": "http.response.body", "body": b"ok"})


@pytest.fixture
def application() -> Answering:
    return Answering()


@pytest.fixture
def port(application: Answering) -> Iterator[int]:
    options = uvicorn.Config(application, loop="uvloop", http=DirectHttp, log_config=None, lifespan="off")
    server = uvicorn.Server(options)
    with socket.create_server(("127.0.0.1", 0)) as sock:
        thread = threading.Thread(target=server.run, kwargs={"sockets": [sock]})
        thread.start()
        yield sock.getsockname()[1]
        server.should_exit = True
        thread.join(10)


def asked(connection: socket.socket, request: str) -> bytes:
    """The answer to a request, without its date."""
    connection.sendall(request.encode())
    answer = b""
    while not answer.endswith(b"\r\n\r\nok") and (data := connection.recv(4096)):
        answer += data
    return re.sub(rb"date: [^\r]+\r\n", b"", answer)


def post(path: str, *headers: str) -> str:
    return "\r\n".join([f"POST {path} HTTP/1.1", "Host: desk", "Content-Length: 1", *headers, "", "x"])


def test_a_whole_answer_is_the_same_and_the_connection_stays(application: Answering, port: int) -> None:
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        answers = [asked(connection, post(path)) for path in ("/pieces", "/whole", "/whole", "/pieces")]
    assert len(set(answers)) == 1
    assert answers[0].startswith(b"HTTP/1.1 200 OK\r\n")
    assert application.whole == [False, True, True, False]


def test_requests_sent_ahead_are_answered_in_turn(application: Answering, port: int) -> None:
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        connection.sendall((post("/whole") * 3).encode())
        answers = b""
        while answers.count(b"\r\n\r\nok") < 3 and (data := connection.recv(4096)):
            answers += data
    assert answers.count(b"HTTP/1.1 200 OK") == 3
    assert application.whole == [True] * 3


def test_the_last_answer_of_a_connection_is_left_to_the_server(application: Answering, port: int) -> None:
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        assert b"connection: close" in asked(connection, post("/whole", "Connection: close"))
        assert connection.recv(1) == b""
    assert application.whole == [False]
