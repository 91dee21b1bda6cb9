"""A network of our own that answers at once, in a process of its own, and knows by its own clock what came when.

It speaks as the sandbox network does where a reply is said and read back. Each reply that is said to it takes a socket
of its own: it hangs up after its answer.
"""

from __future__ import annotations

import asyncio
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from multiprocessing.connection import Connection
from typing import Any, NamedTuple, cast
from urllib.parse import parse_qs, urlsplit

import msgspec
import uvloop

from bench.processes import beside

PAGE = 40
SAYS, LOOKS = "POST", "GET"


class Came(NamedTuple):
    """What the network saw, in seconds of the machine's clock. `said`: when the first byte of each reply was here, and
    the key it bore; `sockets`: when each was opened, and the method of its first request ("" without any)."""

    said: list[tuple[float, str]]
    sockets: list[tuple[float, str]]


class _Network:
    """The statuses of each account, oldest first."""

    def __init__(self) -> None:
        self.said: list[tuple[float, str]] = []
        self.sockets: list[list[Any]] = []
        self._statuses: dict[str, list[dict[str, Any]]] = defaultdict(list)

    def answer(self, method: str, target: str, headers: dict[str, str], at: float) -> tuple[int, dict[str, Any]]:
        asked = urlsplit(target)
        account, now = asked.path.split("/")[1], datetime.now(UTC).isoformat()
        own = self._statuses[account]
        if method == SAYS:
            key = headers["idempotency-key"]
            self.said.append((at, key))
            status = {"id": f"{account}-{len(own)}", "created_at": now, "visibility": "public", "client_key": key}
            own.append(status)
            return 201, status
        begin = int(parse_qs(asked.query).get("cursor", ["0"])[0])
        page = own[::-1][begin : begin + PAGE]
        listed = {"as_of": now, "now": now, "cursor": str(begin + PAGE), "more": begin + PAGE < len(own)}
        return 200, {**listed, "statuses": page}


class _Connection(asyncio.Protocol):
    def __init__(self, network: _Network) -> None:
        self._network = network
        self._rest = b""
        self._began = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        self._socket = [time.time(), ""]
        self._network.sockets.append(self._socket)

    def data_received(self, data: bytes) -> None:
        self._began = self._began if self._rest else time.time()
        self._rest += data
        head, found, body = self._rest.partition(b"\r\n\r\n")
        if not found:
            return
        first, *lines = head.decode("latin-1").split("\r\n")
        headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
        if len(body) < int(headers.get("content-length", "0")):
            return
        self._rest = b""
        method, target, _ = first.split(" ")
        self._socket[1] = self._socket[1] or method
        status, value = self._network.answer(method, target, headers, self._began)
        self._say(status, msgspec.json.encode(value), hang_up=method == SAYS)

    def _say(self, status: int, content: bytes, *, hang_up: bool) -> None:
        close = "connection: close\r\n" if hang_up else ""
        head = (
            f"HTTP/1.1 {status} OK\r\ncontent-type: application/json\r\n{close}content-length: {len(content)}\r\n\r\n"
        )
        self._transport.write(head.encode() + content)
        if hang_up:
            self._transport.close()


async def _serve(pipe: Connection) -> None:
    loop, network = asyncio.get_running_loop(), _Network()
    server = await loop.create_server(lambda: _Connection(network), "127.0.0.1", 0)
    pipe.send(server.sockets[0].getsockname()[1])
    while True:
        await loop.run_in_executor(None, pipe.recv)
        pipe.send(Came(list(network.said), [(at, method) for at, method in network.sockets]))


def _child(pipe: Connection) -> None:
    uvloop.run(_serve(pipe))


class Answering:
    """The network as a bench asks it. `place`: its host and port."""

    def __init__(self, pipe: Connection) -> None:
        self._pipe = pipe
        self.place = f"127.0.0.1:{pipe.recv()}"

    def came(self) -> Came:
        """All that has come so far."""
        self._pipe.send(None)
        told: Came = self._pipe.recv()
        return told


@contextmanager
def answering() -> Iterator[Answering]:
    """The network, for the length of a block."""
    with beside(_child) as pipe:
        yield Answering(pipe)
