"""`GuardedEgress`: requests, streams and WebSockets to hosts we did not choose, without being used against our own.

Never logs or quotes a header, a body, a path or a query. No environment proxies, no cookies, no netrc, no retries,
no redirects unless asked. One instance serves a process; connections are kept per event loop.
"""

from __future__ import annotations

import asyncio
import logging
import ssl
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import AbstractAsyncContextManager
from importlib import import_module
from typing import NamedTuple

import httpcore
import httpx

from offhold.connectors.contract import Answer, OutcomeUnknown
from offhold.connectors.egress import websocket
from offhold.connectors.egress.bodies import TooLarge, read_body
from offhold.connectors.egress.dialer import Dialer, GuardedBackend, Resolve, system_resolve
from offhold.connectors.egress.framing import framer
from offhold.connectors.egress.outcome import Progress, refused_stream, told_apart
from offhold.connectors.egress.urls import Unfetchable, checked, checked_headers, parse_allowed, place, shown

Headers = list[tuple[bytes, bytes]]

_REDIRECTS = {301, 302, 303, 307, 308}
_MOST_REDIRECTS = 3
_CONNECT_SECONDS = 5.0
_IDLE_SECONDS = 15.0  # shorter than the usual server's keep-alive, so that a pooled connection is rarely stale
_CROSS_ORIGIN = {b"accept", b"accept-language", b"user-agent", b"range"}  # all that may follow to another origin


class _Asked(NamedTuple):
    method: str
    lines: Headers
    content: bytes | None = None
    max_bytes: int = 0
    encoding: bytes = b"gzip"
    idle: float | None = None  # seconds between two reads; None where a deadline holds the whole

    def fit_for_strangers(self) -> _Asked:
        return self._replace(lines=[(name, value) for name, value in self.lines if name in _CROSS_ORIGIN])


class GuardedEgress:
    """Implements `contract.Egress`.

    `allow`: `host:port` entries that may be private (see `urls.py`); raises `ValueError` on a bad one.
    `tls` and `resolve` are for tests with their own authority and names.
    """

    def __init__(
        self,
        allow: Iterable[str] = (),
        *,
        user_agent: str = "Offhold",
        tls: ssl.SSLContext | None = None,
        resolve: Resolve = system_resolve,
    ) -> None:
        self._allowed = parse_allowed(allow)
        self._dialer = Dialer(self._allowed, resolve)
        self._tls = tls or httpx.create_ssl_context(trust_env=False)
        self._agent = (b"user-agent", user_agent.encode("ascii"))
        self._pool: httpcore.AsyncConnectionPool | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        # Else the first request imports it, for a tenth of a second in which the event loop does nothing else.
        import_module("anyio._backends._asyncio")
        # At DEBUG this library writes whole header lists to the log.
        logging.getLogger("httpcore").setLevel(logging.WARNING)

    async def request(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        content: bytes | None = None,
        params: Mapping[str, str] | None = None,
        timeout: float = 10.0,  # noqa: ASYNC109 - the contract's name; it bounds the whole, body included
        max_bytes: int = 10_000_000,
        redirects: int = 0,
    ) -> Answer:
        """`timeout` is the whole of it: name, connection, answer and body. Only GET and HEAD follow redirects."""
        target = checked(url, self._allowed)
        if params:
            target = checked(str(target.copy_merge_params(params)), self._allowed)
        asked = _Asked(method, self._lines(headers), content, max_bytes)
        hops = min(redirects, _MOST_REDIRECTS) if method in ("GET", "HEAD") else 0
        progress = Progress()
        with told_apart(progress, shown(target)):
            async with asyncio.timeout(timeout):
                if hops == 0:
                    return await self._once(target, asked, progress)
                return await self._follow(target, asked, hops, progress)

    async def _follow(self, target: httpx.URL, asked: _Asked, hops: int, progress: Progress) -> Answer:
        for _ in range(hops + 1):
            answer = await self._once(target, asked, progress)
            if answer.status not in _REDIRECTS or "location" not in answer.headers:
                return answer
            onward = self._onward(target, answer.headers["location"])
            asked = asked if _origin(onward) == _origin(target) else asked.fit_for_strangers()
            target = onward
        raise OutcomeUnknown(f"{shown(target)}: more than {hops} redirects")

    def _onward(self, target: httpx.URL, location: str) -> httpx.URL:
        checked("http://host/" + location, self._allowed)  # its characters, before it is joined and escaped
        try:
            joined = target.join(location)
        except (httpx.InvalidURL, ValueError):
            raise Unfetchable(f"{shown(target)} redirects to something that is not a URL") from None
        onward = checked(str(joined), self._allowed)
        if target.scheme == "https" and onward.scheme == "http":
            raise Unfetchable(f"{shown(target)} redirects from https to http")
        return onward

    async def _once(self, target: httpx.URL, asked: _Asked, progress: Progress) -> Answer:
        async with self._opened(target, asked, progress) as response:
            headers = _readable(response.headers)
            if asked.method != "HEAD":
                _check_announced(headers, asked.max_bytes)
            chunks = response.aiter_stream()
            body = await read_body(chunks, headers.get("content-encoding", ""), asked.max_bytes)
            return Answer(status=response.status, headers=headers, body=body, url=str(target))

    async def stream(
        self, url: str, *, headers: Mapping[str, str] | None = None, idle_timeout: float = 60.0
    ) -> AsyncIterator[bytes]:
        """Frames of a streaming GET. Ends when the server ends it; raises `OutcomeUnknown` when it breaks or goes
        silent, `LoginExpired`, `RateLimited` or `Refused` when the server answers with something else than 200."""
        target = checked(url, self._allowed)
        asked = _Asked("GET", self._lines(headers), encoding=b"identity", idle=idle_timeout)
        progress = Progress()
        with told_apart(progress, shown(target)):
            async with self._opened(target, asked, progress) as response:
                answered = _readable(response.headers)
                if response.status != 200:
                    raise refused_stream(shown(target), response.status, answered)
                cut = framer(answered.get("content-type", ""))
                async for chunk in response.aiter_stream():
                    for frame in cut.feed(chunk):
                        yield frame

    def websocket(
        self, url: str, *, headers: Mapping[str, str] | None = None, idle_timeout: float = 60.0
    ) -> AsyncIterator[bytes]:
        """Messages of a WebSocket (`ws:` or `wss:`); ends and fails as `stream` does."""
        target = checked(url, self._allowed, schemes=("ws", "wss"))
        return websocket.frames(self._dialer, target, self._lines(headers), self._tls, idle_timeout)

    async def aclose(self) -> None:
        if self._pool is not None and self._loop is asyncio.get_running_loop():
            await self._pool.aclose()
        self._pool = None

    def _lines(self, headers: Mapping[str, str] | None) -> Headers:
        lines = checked_headers(headers)
        return lines if any(name == b"user-agent" for name, _ in lines) else [self._agent, *lines]

    def _opened(
        self, target: httpx.URL, asked: _Asked, progress: Progress
    ) -> AbstractAsyncContextManager[httpcore.Response]:
        host, port = place(target)
        return self._connections().stream(
            asked.method,
            httpcore.URL(scheme=target.scheme, host=host, port=port, target=target.raw_path),
            headers=[(b"host", target.netloc), *asked.lines, (b"accept-encoding", asked.encoding)],
            content=asked.content,
            extensions={
                "trace": progress.trace,
                "timeout": {"connect": _CONNECT_SECONDS, "read": asked.idle},
            },
        )

    def _connections(self) -> httpcore.AsyncConnectionPool:
        """The pool of the running loop: connections of another, perhaps ended, loop cannot be used in this one."""
        loop = asyncio.get_running_loop()
        if self._pool is None or self._loop is not loop:
            self._loop = loop
            self._pool = httpcore.AsyncConnectionPool(
                ssl_context=self._tls,
                max_connections=1000,
                max_keepalive_connections=50,
                keepalive_expiry=_IDLE_SECONDS,
                http1=True,
                http2=False,
                retries=0,
                network_backend=GuardedBackend(self._dialer),
            )
        return self._pool


def _origin(url: httpx.URL) -> tuple[str, str, int]:
    return url.scheme, *place(url)


def _readable(headers: Headers) -> dict[str, str]:
    found: dict[str, str] = {}
    for raw_name, raw_value in headers:
        name, value = raw_name.decode("latin-1").lower(), raw_value.decode("latin-1")
        found[name] = f"{found[name]}, {value}" if name in found else value
    return found


def _check_announced(headers: Mapping[str, str], max_bytes: int) -> None:
    announced = headers.get("content-length", "0")
    if announced.isdigit() and int(announced[:18]) > max_bytes:
        raise TooLarge(f"the answer is larger than {max_bytes} bytes")
