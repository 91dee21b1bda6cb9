"""The limit of fan-out: a process that does nothing but write the same bytes to every connection, as often as the hub.

No HTTP, no facts to read, no encoding: what is written was made beforehand. The event loop is the web's.
"""

from __future__ import annotations

import asyncio
import multiprocessing
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from multiprocessing.connection import Connection
from typing import Any, cast

import uvloop

from bench.installation import Running

HELLO = b'HTTP/1.1 200 OK\r\n\r\nevent: hello\ndata: {"seq":"0"}\n\n'


class _Client(asyncio.Protocol):
    def __init__(self, transports: list[asyncio.Transport]) -> None:
        self._transports = transports

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)  # uvloop's are none by name
        self._transports.append(self._transport)

    def data_received(self, data: bytes) -> None:
        del data  # a request; all get the same
        self._transport.write(HELLO)


async def _serve(pipe: Connection) -> None:
    loop = asyncio.get_running_loop()
    transports: list[asyncio.Transport] = []
    server = await loop.create_server(lambda: _Client(transports), "127.0.0.1", 0, backlog=2048)
    pipe.send(server.sockets[0].getsockname()[1])
    frames, period = await loop.run_in_executor(None, pipe.recv)
    for frame in frames:
        due = loop.time() + period
        for transport in transports:
            transport.write(frame)
        await asyncio.sleep(due - loop.time())
    await loop.run_in_executor(None, pipe.recv)  # until the bench has counted


def _child(pipe: Connection) -> None:
    uvloop.run(_serve(pipe))


class Raw:
    """The writing process as the bench steers it."""

    def __init__(self, process: Any, pipe: Connection) -> None:
        self._pipe = pipe
        port: int = pipe.recv()
        self.at = Running(process.pid, port)

    def write(self, frames: Sequence[bytes], period: float) -> None:
        """Write each of these to every connection, one per period (seconds). Returns at once."""
        self._pipe.send((frames, period))


@contextmanager
def raw() -> Iterator[Raw]:
    """The process, for the length of a block."""
    ours, theirs = multiprocessing.get_context("spawn").Pipe()
    process = multiprocessing.get_context("spawn").Process(target=_child, args=(theirs,), daemon=True)
    process.start()
    theirs.close()
    try:
        yield Raw(process, ours)
    finally:
        process.terminate()
        process.join()
        ours.close()
