"""Connections that end badly. uvicorn keeps the transport to itself, so the protocol below hands it to the request."""

from __future__ import annotations

import asyncio
import socket
import struct
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

TRANSPORT = "sandbox.transport"


class CuttableProtocol(HttpToolsProtocol):
    def on_message_begin(self) -> None:
        super().on_message_begin()
        scope: dict[str, Any] = self.scope  # type: ignore[assignment]  # ASGI lets a server add its own keys
        scope[TRANSPORT] = self.transport


async def lost(request: Request) -> Response:
    """Not one byte of an answer."""
    await _abort(request.scope)
    return Response()


class Reset(Response):
    """The head and half of the body, then a TCP reset."""

    def __init__(self, content: bytes, request: Request) -> None:
        super().__init__(content, 200, media_type="application/json")
        self._scope = request.scope

    async def __call__(self, _scope: Scope, _receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        half = bytes(self.body)[: len(self.body) // 2]
        await send({"type": "http.response.body", "body": half, "more_body": True})
        await asyncio.sleep(0.05)  # let the half leave: a reset throws away what is still in the buffer
        await _abort(self._scope)


async def _abort(scope: Scope) -> None:
    transport: asyncio.Transport = scope[TRANSPORT]
    sock = transport.get_extra_info("socket")
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    transport.abort()
    await asyncio.sleep(0)
    await asyncio.sleep(0)  # the server notices; it then drops whatever is still sent
