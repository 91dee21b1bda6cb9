"""A server that answers exactly what a test scripts, and the way out to it."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from offhold.connectors.egress import GuardedEgress

Script = Callable[[bytes, asyncio.StreamWriter], Awaitable[None]]
SECRET = "hunter2"


class Site:
    """A server on loopback under the name `net.test`. Keeps the head and body of each request it was sent."""

    def __init__(self, script: Script) -> None:
        self.script = script
        self.requests: list[bytes] = []
        self.connections = 0
        self.port = 0
        self.open: dict[asyncio.Task[None], asyncio.StreamWriter] = {}

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        task = asyncio.current_task()
        assert task is not None
        self.open[task] = writer
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                length = next((int(h[15:]) for h in head.lower().split(b"\r\n") if h.startswith(b"content-length:")), 0)
                request = head + await reader.readexactly(length)
                self.requests.append(request)
                await self.script(request, writer)
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()


async def to_loopback(host: str, port: int) -> list[str]:
    return ["127.0.0.1"]


@asynccontextmanager
async def site(script: Script, tls: ssl.SSLContext | None = None) -> AsyncIterator[Site]:
    made = Site(script)
    server = await asyncio.start_server(made.serve, "127.0.0.1", 0, ssl=tls)
    made.port = server.sockets[0].getsockname()[1]
    try:
        yield made
    finally:
        server.close()
        for writer in made.open.values():
            writer.transport.abort()
        await asyncio.gather(*made.open)


@asynccontextmanager
async def door(*ports: int, host: str = "net.test", tls: ssl.SSLContext | None = None) -> AsyncIterator[GuardedEgress]:
    egress = GuardedEgress([f"{host}:{port}" for port in ports], resolve=to_loopback, tls=tls)
    try:
        yield egress
    finally:
        await egress.aclose()


def answer(body: bytes = b"ok", head: bytes = b"200 OK", **headers: str) -> Script:
    async def script(_: bytes, writer: asyncio.StreamWriter) -> None:
        lines = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in headers.items()).encode()
        writer.write(b"HTTP/1.1 " + head + b"\r\n" + lines + b"content-length: %d\r\n\r\n" % len(body) + body)

    return script


def raw(content: bytes, *, end: str = "close") -> Script:
    """Answers these bytes and then closes, resets or keeps silent."""

    async def script(_: bytes, writer: asyncio.StreamWriter) -> None:
        writer.write(content)
        await writer.drain()
        if end == "close":
            writer.close()
        elif end == "reset":
            writer.transport.abort()

    return script
