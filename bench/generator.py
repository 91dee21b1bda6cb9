"""A process that delivers webhooks on connections that stay open: at a rate (open loop), or as fast as they are taken.

At a rate, latency counts from the moment a webhook was due, so a server that stalls cannot hide what waits behind it.
"""

from __future__ import annotations

import asyncio
import re
import time
from array import array
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from multiprocessing.connection import Connection
from typing import NamedTuple, cast

import uvloop

from bench.processes import beside

TICK = 0.001  # seconds between looks at what is due
HEAD_START = 0.05
_LENGTH = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)
ACKED = 200


class Delivered(NamedTuple):
    """By webhook, in order: when it was due and when it was answered (monotonic nanoseconds), and with which status."""

    due: Sequence[int]
    answered: Sequence[int]
    status: Sequence[int]

    def latencies(self) -> list[float]:
        """Seconds, of those acknowledged."""
        both = zip(self.due, self.answered, self.status, strict=True)
        return [(answered - due) / 1e9 for due, answered, status in both if status == ACKED]

    @property
    def acked(self) -> list[bool]:
        return [status == ACKED for status in self.status]


class _Connection(asyncio.Protocol):
    def __init__(self, run: _Run) -> None:
        self._run = run
        self._rest = b""
        self.index = -1

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        self._rest += data
        head, found, body = self._rest.partition(b"\r\n\r\n")
        length = _LENGTH.search(head)
        if not found or length is None or len(body) < int(length[1]):
            return
        self._rest = b""
        self._run.answered(self, int(head[9:12]))

    def connection_lost(self, exc: Exception | None) -> None:
        del exc
        if self.index >= 0:  # not answered: nobody may count on it
            self._run.lost(self)


class _Run:
    """One stretch of deliveries on these connections."""

    def __init__(self) -> None:
        self.idle: list[_Connection] = []
        self._waiting: deque[int] = deque()
        self._requests: list[bytes] = []

    async def deliver(self, requests: list[bytes], rate: float | None) -> Delivered:
        """All of them, until each is answered or its connection lost."""
        self._requests, self._left = requests, len(requests)
        self._answered, self._status = array("q", [0]) * len(requests), array("h", [0]) * len(requests)
        self._all = asyncio.get_running_loop().create_future()
        begin = time.monotonic_ns() + int(HEAD_START * 1e9)
        step = 1e9 / rate if rate else 0.0
        self._due = array("q", (begin + int(n * step) for n in range(len(requests))))
        number = 0
        while number < len(requests):
            now = time.monotonic_ns()
            while number < len(requests) and self._due[number] <= now:
                self._waiting.append(number)
                number += 1
            self._send()
            await asyncio.sleep(TICK)
        await self._all
        return Delivered(self._due, self._answered, self._status)

    def _send(self) -> None:
        while self._waiting and self.idle:
            connection = self.idle.pop()
            connection.index = self._waiting.popleft()
            connection.transport.write(self._requests[connection.index])

    def answered(self, connection: _Connection, status: int) -> None:
        self._note(connection, status)
        self.idle.append(connection)
        self._send()

    def lost(self, connection: _Connection) -> None:
        self._note(connection, 0)

    def _note(self, connection: _Connection, status: int) -> None:
        self._answered[connection.index], self._status[connection.index] = time.monotonic_ns(), status
        connection.index = -1
        self._left -= 1
        if not self._left:
            self._all.set_result(None)


async def _serve(pipe: Connection) -> None:
    loop, run = asyncio.get_running_loop(), _Run()
    while True:
        what, *arguments = await loop.run_in_executor(None, pipe.recv)
        if what == "open":
            port, connections = arguments
            for _ in range(connections):
                _, protocol = await loop.create_connection(lambda: _Connection(run), "127.0.0.1", port)
                run.idle.append(protocol)
            pipe.send(None)
        else:
            pipe.send(await run.deliver(*arguments))


def _child(pipe: Connection) -> None:
    uvloop.run(_serve(pipe))


class Generator:
    """The process as the bench steers it."""

    def __init__(self, pipe: Connection) -> None:
        self._pipe = pipe

    def open(self, port: int, connections: int) -> None:
        """Open connections to the web on this port of loopback."""
        self._pipe.send(("open", port, connections))
        self._pipe.recv()

    def start(self, requests: list[bytes], rate: float | None) -> None:
        """Begin to deliver: at a rate per second, or as fast as they are answered. Returns at once."""
        self._pipe.send(("deliver", requests, rate))

    def finish(self) -> Delivered:
        """Wait for the last answer."""
        delivered: Delivered = self._pipe.recv()
        return delivered

    def deliver(self, requests: list[bytes], rate: float | None) -> Delivered:
        """Start, and wait for the last answer."""
        self.start(requests, rate)
        return self.finish()


@contextmanager
def generator() -> Iterator[Generator]:
    """The process, for the length of a block."""
    with beside(_child) as pipe:
        yield Generator(pipe)
