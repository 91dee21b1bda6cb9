"""A process full of browsers: opens streams, checks that every fact came once and in order, and tells when."""

from __future__ import annotations

import multiprocessing
import re
import selectors
import socket
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from multiprocessing.connection import Connection
from typing import NamedTuple

_FACT = re.compile(rb'\{"seq":"([0-9]+)"')
_SENT = re.compile(rb'"sent":"([0-9]+)"')


class Counted(NamedTuple):
    """What all streams together received. `seconds`: from commit to arrival, of the last fact of each write."""

    facts: int
    events: int
    lost: int
    double: int
    seconds: list[float]
    slowest: int  # the number that every stream has reached


class Stream:
    def __init__(self, port: int, request: bytes) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.sendall(request)
        self.rest = b""
        self.last = -1

    def start(self) -> None:
        """Wait for the first event."""
        self.socket.settimeout(60)
        while b"\n\n" not in self.rest.partition(b"\r\n\r\n")[2]:
            data = self.socket.recv(4096)
            if not data or not self.rest.startswith(b"HTTP/1.1 200"[: len(self.rest)]):
                raise RuntimeError(f"a stream was refused: {self.rest!r}")
            self.rest += data
        named = re.search(rb'"seq":"([0-9]+)"', self.rest)
        self.last = int(named[1]) if named else 0
        self.rest = b""
        self.socket.setblocking(False)


class Readers:
    """The streams of one process. Everything happens in `serve`, told through a pipe."""

    def __init__(self, pipe: Connection) -> None:
        self._pipe = pipe
        self._selector = selectors.DefaultSelector()
        self._selector.register(pipe.fileno(), selectors.EVENT_READ)
        self._streams: list[Stream] = []
        self._facts = self._events = self._lost = self._double = 0
        self._seconds: list[float] = []

    def serve(self) -> None:
        """Read until told to end."""
        while True:
            for key, _ in self._selector.select():
                if key.data is not None:
                    self._read(key.data)
                elif not self._told(*self._pipe.recv()):
                    return

    def _told(self, what: str, *arguments: object) -> bool:
        if what == "open":
            port, requests = arguments
            self._open(port, requests)  # type: ignore[arg-type]
        elif what == "end":
            return False
        self._pipe.send(self._counted())
        return True

    def _open(self, port: int, requests: Sequence[bytes]) -> None:
        for begin in range(0, len(requests), 50):  # so many pages at a time
            opened = [Stream(port, request) for request in requests[begin : begin + 50]]
            for stream in opened:
                stream.start()
                self._selector.register(stream.socket, selectors.EVENT_READ, stream)
            self._streams += opened

    def _read(self, stream: Stream) -> None:
        data = stream.socket.recv(1 << 20)
        now = time.monotonic_ns()
        if not data:
            self._selector.unregister(stream.socket)
            self._lost += 1
            return
        whole, found, rest = (stream.rest + data).rpartition(b"\n\n")
        stream.rest = rest if found else whole + rest
        numbers = _FACT.findall(whole)
        if not numbers:
            return
        self._check(stream, [int(number) for number in numbers])
        self._events += whole.count(b"event: facts")
        sent = _SENT.findall(whole, len(whole) - 2000 if len(whole) > 2000 else 0)
        if sent:
            self._seconds.append((now - int(sent[-1])) / 1e9)

    def _check(self, stream: Stream, numbers: list[int]) -> None:
        expected = range(stream.last + 1, stream.last + 1 + len(numbers))
        if numbers != list(expected):
            self._double += sum(number <= stream.last for number in numbers) + len(numbers) - len(set(numbers))
            self._lost += max(0, numbers[-1] - stream.last - len(set(numbers)))
        stream.last = max(stream.last, numbers[-1])
        self._facts += len(numbers)

    def _counted(self) -> Counted:
        slowest = min((stream.last for stream in self._streams), default=0)
        counted = Counted(self._facts, self._events, self._lost, self._double, self._seconds, slowest)
        self._facts = self._events = 0
        self._seconds = []
        return counted


class Remote:
    """The readers as the bench steers them."""

    def __init__(self, pipe: Connection) -> None:
        self._pipe = pipe

    def open(self, port: int, requests: Sequence[bytes]) -> Counted:
        """Open streams with these requests, and wait until each has said hello."""
        return self._ask("open", port, requests)

    def count(self) -> Counted:
        """What was received since the last count; lost and double since the beginning."""
        return self._ask("count")

    def _ask(self, *words: object) -> Counted:
        self._pipe.send(words)
        counted: Counted = self._pipe.recv()
        return counted


def _child(pipe: Connection) -> None:
    Readers(pipe).serve()


@contextmanager
def readers() -> Iterator[Remote]:
    """A process of readers for the length of a block."""
    ours, theirs = multiprocessing.get_context("spawn").Pipe()
    process = multiprocessing.get_context("spawn").Process(target=_child, args=(theirs,), daemon=True)
    process.start()
    theirs.close()
    try:
        yield Remote(ours)
        ours.send(("end",))
        process.join(10)
    finally:
        if process.is_alive():
            process.terminate()
        process.join()
        ours.close()
