"""A sandbox network on which nothing happens: it answers every look with an empty page and keeps its streams open."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from multiprocessing.connection import Connection

from bench.processes import beside

QUIET_SECONDS = 15.0  # between two signs of life of a stream
HEAD = "HTTP/1.1 200 OK\r\nContent-Type: {}\r\nConnection: close\r\n{}\r\n"


async def _answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        path = (await reader.readuntil(b"\r\n\r\n")).split(b" ", 2)[1].decode()
        account = path.split("/")[1]
        if "/api/stream" in path:
            await _stream(writer, account)
        else:
            page = _page(account, ids=[]) if "/api/me/" in path else _page(account)
            writer.write(HEAD.format("application/json", f"Content-Length: {len(page)}\r\n").encode() + page)
    except (ConnectionError, asyncio.IncompleteReadError):
        return  # it went away
    finally:
        writer.close()


async def _stream(writer: asyncio.StreamWriter, account: str) -> None:
    writer.write(HEAD.format("text/event-stream", "").encode())
    while True:
        writer.write(b"data: " + _page(account) + b"\n\n")
        await writer.drain()
        await asyncio.sleep(QUIET_SECONDS)


def _page(account: str, **more: object) -> bytes:
    told = {"account": account, "events": [], "cursor": "0", "more": False, "as_of": datetime.now(UTC).isoformat()}
    return json.dumps(told | more).encode()


async def _serve(pipe: Connection) -> None:
    server = await asyncio.start_server(_answer, "127.0.0.1", 0)
    pipe.send(server.sockets[0].getsockname()[1])
    await server.serve_forever()


def _child(pipe: Connection) -> None:
    asyncio.run(_serve(pipe))


@contextmanager
def quiet_network() -> Iterator[str]:
    """Its host and port, for the length of a block."""
    with beside(_child) as pipe:
        yield f"127.0.0.1:{pipe.recv()}"
