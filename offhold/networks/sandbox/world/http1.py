"""The few lines of HTTP/1.1 a webhook needs: POST over one kept connection, and the status of the answer."""

from __future__ import annotations

import asyncio
from urllib.parse import urlsplit

TIMEOUT = 10.0


class Unreachable(Exception):
    """No whole answer came, for whatever reason."""


class Client:
    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._host, self._port = parts.hostname or "127.0.0.1", parts.port or 80
        self._path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        self._reader: asyncio.StreamReader | None = None
        self._writer: asyncio.StreamWriter | None = None

    async def post(self, body: bytes, headers: dict[str, str]) -> int:
        """The status. Raises Unreachable."""
        try:
            async with asyncio.timeout(TIMEOUT):
                return await self._exchange(body, headers)
        except (OSError, TimeoutError, ValueError, asyncio.IncompleteReadError, asyncio.LimitOverrunError) as error:
            self.close()
            raise Unreachable(str(error)) from error

    def close(self) -> None:
        if self._writer is not None:
            self._writer.close()
        self._reader = self._writer = None

    async def _exchange(self, body: bytes, headers: dict[str, str]) -> int:
        if self._writer is None or self._writer.is_closing() or (self._reader and self._reader.at_eof()):
            self._reader, self._writer = await asyncio.open_connection(self._host, self._port)
        assert self._reader is not None
        self._writer.write(self._head(len(body), headers) + body)
        await self._writer.drain()
        return await self._read(self._reader)

    def _head(self, length: int, headers: dict[str, str]) -> bytes:
        named = {
            "host": f"{self._host}:{self._port}",
            "user-agent": "offhold-sandbox",
            "content-type": "application/json",
            "content-length": str(length),
            **headers,
        }
        lines = [f"POST {self._path} HTTP/1.1", *(f"{k}: {v}" for k, v in named.items()), "", ""]
        return "\r\n".join(lines).encode()

    async def _read(self, reader: asyncio.StreamReader) -> int:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
        first, *lines = head.split("\r\n")
        named = dict(line.split(":", 1) for line in lines if ":" in line)
        await self._skip_body(reader, {k: v.strip() for k, v in named.items()})
        if named.get("connection", "").strip() == "close":
            self.close()
        return int(first.split(" ")[1])

    async def _skip_body(self, reader: asyncio.StreamReader, named: dict[str, str]) -> None:
        if "content-length" in named:
            await reader.readexactly(int(named["content-length"]))
        elif named.get("transfer-encoding") == "chunked":
            while length := int((await reader.readuntil(b"\r\n")).split(b";")[0], 16):
                await reader.readexactly(length + 2)
            await reader.readuntil(b"\r\n")
        else:
            self.close()
