"""A shorter way to the connection than the server's `send`: the same bytes written to every browser without a copy, and
a short answer in one write.

uvicorn's `send` frames each write as an HTTP chunk of its own, which copies it; for a thousand screens and a storm of
facts that is most of the work. Here the protocol hands its connection to the application as an ASGI extension, so that
chunks framed once can be written as they are. Where the server has no such extension, streams use `send`.

`send` also writes head and body apart: two system calls and two packets for each of a thousand webhooks a second.
"""

from __future__ import annotations

import asyncio
from functools import partial
from typing import Any

from uvicorn.protocols.http.flow_control import FlowControl
from uvicorn.protocols.http.httptools_impl import RequestResponseCycle

from offhold.intake.webhooks import WHOLE, Head
from offhold.live.prompt import PromptHttp, whole

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


class DirectHttp(PromptHttp):
    """uvicorn's protocol, with the extensions in every request's scope."""

    def scoped(self) -> None:
        self.scope["extensions"] = {EXTENSION: {"transport": self.transport, "flow": self.flow}}

    def begin(self) -> None:
        super().begin()  # begins the request's task, which runs when this is done
        if self.cycle is not None:
            extensions: dict[str, Any] = self.scope["extensions"]
            extensions[WHOLE] = partial(write_whole, self.cycle)


def write_whole(cycle: RequestResponseCycle, status: int, head: Head, body: bytes) -> bool:
    """Send a whole response, and be done with the request. False, and nothing is done, where `send` must be used: the
    connection is to be closed after it, takes no more right now, or is gone."""
    if cycle.flow.write_paused or cycle.disconnected or not cycle.keep_alive or cycle.scope["method"] == "HEAD":
        return False
    cycle.response_started = cycle.response_complete = True
    cycle.waiting_for_100_continue = False
    cycle.transport.write(whole(cycle.default_headers, status, head, body))
    cycle.message_event.set()
    cycle.on_response()
    return True


def direct_of(scope: Any) -> Direct | None:
    """The connection behind a request, if the server hands it out."""
    offered = scope.get("extensions", {}).get(EXTENSION)
    return None if offered is None else Direct(**offered)
