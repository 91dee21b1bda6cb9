"""Trouble on the way out, for tests against any network: an `Egress` around another one that spoils chosen writes.

What it does to a request is what networks and wires really do: the connection is never made, the answer is lost after
the effect, a 500 comes after the effect, the answer is not what was promised, or another answer comes in its place.
"""

from __future__ import annotations

from collections import deque
from collections.abc import AsyncIterator, Callable, Mapping
from typing import Literal

from offhold.connectors.contract import Answer, Egress, NotSent, OutcomeUnknown

Fault = Literal["unreachable", "lost_answer", "error_after_effect", "garbled_answer"]


def any_write(method: str, url: str) -> bool:  # noqa: ARG001 - networks that POST to read need the URL
    return method not in ("GET", "HEAD")


class FaultyEgress:
    """Implements `contract.Egress` over `inner`. `is_write` says which requests are the ones that publish."""

    def __init__(self, inner: Egress, is_write: Callable[[str, str], bool] = any_write) -> None:
        self._inner = inner
        self._is_write = is_write
        self._faults: deque[Fault | Answer] = deque()
        self.writes = 0

    def spoil(self, *faults: Fault | Answer) -> None:
        """The next writes meet these, in this order; an `Answer` is given without asking the network."""
        self._faults.extend(faults)

    async def request(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        content: bytes | None = None,
        params: Mapping[str, str] | None = None,
        timeout: float = 10.0,  # noqa: ASYNC109 - the signature is the contract's
        max_bytes: int = 10_000_000,
        redirects: int = 0,
    ) -> Answer:
        async def really() -> Answer:
            return await self._inner.request(
                method,
                url,
                headers=headers,
                content=content,
                params=params,
                timeout=timeout,
                max_bytes=max_bytes,
                redirects=redirects,
            )

        if not self._is_write(method, url):
            return await really()
        self.writes += 1
        if not self._faults:
            return await really()
        fault = self._faults.popleft()
        if isinstance(fault, Answer):
            return fault
        if fault == "unreachable":
            raise NotSent("no connection was made (a fault put in by a test)")
        return _spoilt(await really(), fault)

    def stream(
        self, url: str, *, headers: Mapping[str, str] | None = None, idle_timeout: float = 60.0
    ) -> AsyncIterator[bytes]:
        return self._inner.stream(url, headers=headers, idle_timeout=idle_timeout)

    def websocket(
        self, url: str, *, headers: Mapping[str, str] | None = None, idle_timeout: float = 60.0
    ) -> AsyncIterator[bytes]:
        return self._inner.websocket(url, headers=headers, idle_timeout=idle_timeout)


def _spoilt(answer: Answer, fault: Fault) -> Answer:
    match fault:
        case "error_after_effect":
            return Answer(500, {"content-type": "text/plain"}, b"Internal Server Error", answer.url)
        case "garbled_answer":
            return Answer(answer.status, {"content-type": "text/html"}, b"<html>It works!", answer.url)
        case _:
            raise OutcomeUnknown("the answer was lost (a fault put in by a test)")
