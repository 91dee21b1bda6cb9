"""The one way out over HTTP, as connectors see it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from typing import Protocol

import msgspec

from offhold.connectors.sending import NotSent


class Answer(msgspec.Struct, frozen=True):
    """An HTTP answer, read whole within the limits. Header names are lower-case."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    url: str


class Stream(Protocol):
    """An open stream of text frames (server-sent data lines or WebSocket messages)."""

    def __aiter__(self) -> AsyncIterator[bytes]: ...


class Egress(Protocol):
    """The only way out over HTTP. Raises `NotSent` when no connection was made, `OutcomeUnknown` when one was and no
    whole answer came, `ForbiddenAddress` (a `NotSent`) when the address is on the deny list."""

    async def request(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        content: bytes | None = None,
        params: Mapping[str, str] | None = None,
        timeout: float = 10.0,  # noqa: ASYNC109 - it bounds the whole, body included
        max_bytes: int = 10_000_000,
        redirects: int = 0,
    ) -> Answer: ...

    def stream(
        self, url: str, *, headers: Mapping[str, str] | None = None, idle_timeout: float = 60.0
    ) -> AsyncIterator[bytes]:
        """Lines of a streaming GET (`text/event-stream` data or newline-delimited JSON), without the line end."""
        ...

    def websocket(
        self, url: str, *, headers: Mapping[str, str] | None = None, idle_timeout: float = 60.0
    ) -> AsyncIterator[bytes]: ...


class ForbiddenAddress(NotSent):
    """The address is private, local or reserved, and no setting allows it."""
