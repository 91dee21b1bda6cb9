"""A shorter way to the connection than the server's `send`: the same bytes written to every browser without a copy.

uvicorn's `send` frames each write as an HTTP chunk of its own, which copies it; for a thousand screens and a storm of
facts that is most of the work. Here the protocol hands its connection to the application as an ASGI extension, so that
chunks framed once can be written as they are. Where the server has no such extension, streams use `send`.
"""

from __future__ import annotations

import asyncio
from typing import Any

from uvicorn.protocols.http.flow_control import FlowControl
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

EXTENSION = "offhold.direct"


class Direct:
    """The connection of a response that has begun, in chunks."""

    __slots__ = ("_flow", "_transport")

    def __init__(self, transport: asyncio.Transport, flow: FlowControl) -> None:
        self._transport = transport
        self._flow = flow

    def write(self, chunk: bytes) -> bool:
        """Write, unless the connection takes no more right now; then the server's `send` knows how to wait."""
        if self._flow.write_paused or self._transport.is_closing():
            return False
        self._transport.write(chunk)
        return True


class DirectHttp(HttpToolsProtocol):
    """uvicorn's protocol, with the extension in every request's scope."""

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self.scope["extensions"] = {EXTENSION: {"transport": self.transport, "flow": self.flow}}


def direct_of(scope: Any) -> Direct | None:
    """The connection behind a request, if the server hands it out."""
    offered = scope.get("extensions", {}).get(EXTENSION)
    return None if offered is None else Direct(**offered)
