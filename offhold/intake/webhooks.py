"""The webhook route: verify, append raw, commit, answer 200. A bare ASGI application; it does nothing else.

200 only after the COMMIT; 401 for what is not from the network; 413 over 4 MB; 415 for packed bodies; 503 when it
cannot be stored within two seconds, so that the network tries again. Never a false 200.
"""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any
from urllib.parse import parse_qsl

import psycopg
from django.db import Error as DatabaseError
from django.db import connection

from offhold.connectors import registry
from offhold.connectors.contract import Accepted, Answered, Channel, Connector, Forged, WebhookRequest
from offhold.intake.group import GroupCommit, NotStored
from offhold.intake.hooks import Hooks
from offhold.intake.log import Arrival
from offhold.intake.pulse import FLUSH_SECONDS, Pulse
from offhold.kernel import clock
from offhold.kernel.steps import rest

log = logging.getLogger(__name__)

MOST_BYTES = 4_000_000
READ_SECONDS = 10.0
STORE_SECONDS = 2.0
PREFIX = "/hooks/"
_token = re.compile(r"[A-Za-z0-9_-]{1,100}")

# A server's ASGI extension: `(status, head, body) -> bool` sends a whole response at once, or says that it cannot.
WHOLE = "offhold.whole"
Head = list[tuple[bytes, bytes]]

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]


PLAIN, TAKEN, NOT_STORED = b"text/plain", b"ok", b"not stored, try again later"


def _head(body: bytes, kind: bytes) -> Head:
    return [(b"content-type", kind), (b"content-length", b"%d" % len(body)), (b"cache-control", b"no-store")]


# Status, head and body by whether it is stored.
ANSWER = {True: (200, _head(TAKEN, PLAIN), TAKEN), False: (503, _head(NOT_STORED, PLAIN), NOT_STORED)}


class Answer(Exception):
    """Ends a request with this status; `reason` is for whoever reads the answer."""

    def __init__(self, status: int, reason: bytes) -> None:
        super().__init__(status)
        self.status, self.reason = status, reason


class Webhooks:
    """One per process. Deliveries that were not from the network are counted for the channel's health."""

    def __init__(self) -> None:
        self.hooks = Hooks()
        self.pulse = Pulse()
        self._telling: asyncio.Task[None] | None = None
        self._commit: GroupCommit | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            status, body, kind = await self._handle(scope, receive)
        except Answer as answer:
            status, body, kind = answer.status, answer.reason, PLAIN
        head = _head(body, kind)
        whole = scope.get("extensions", {}).get(WHOLE)
        if whole is not None and whole(status, head, body):
            return
        await send({"type": "http.response.start", "status": status, "headers": head})
        await send({"type": "http.response.body", "body": body})

    async def _handle(self, scope: Scope, receive: Receive) -> tuple[int, bytes, bytes]:
        token = scope["path"].removeprefix(PREFIX)
        known = self.hooks.remembered(token)
        channel = known.channel if known else await self._look_up(token)
        if channel is None:
            raise Answer(404, b"no such address")
        connector = _connector(channel.network)
        request = await read(scope, receive)
        verdict = connector.verify(channel, request)
        if isinstance(verdict, Answered):
            return 200, verdict.body, verdict.content_type.encode()
        if isinstance(verdict, Forged):
            self.pulse.refused(channel.workspace_id, channel.id, 1)
            if self._telling is None or self._telling.done():
                self._telling = asyncio.create_task(self._tell())
            log.warning("a delivery for channel %s was refused: %s", channel.id, verdict.reason)
            raise Answer(401, b"not from the network")
        assert isinstance(verdict, Accepted)
        await self._store(channel, request.body)
        return 200, TAKEN, PLAIN

    async def _look_up(self, token: str) -> Channel | None:
        """A database that hangs must not keep the network waiting either."""
        if _token.fullmatch(token) is None:
            return None
        try:
            return await asyncio.wait_for(self.hooks.find(token), STORE_SECONDS)
        except (psycopg.Error, TimeoutError) as error:
            raise Answer(503, b"try again later") from error

    async def _store(self, channel: Channel, body: bytes) -> None:
        try:
            await self._submit(channel, body)
        except NotStored as error:
            raise Answer(503, NOT_STORED) from error

    def _submit(self, channel: Channel, body: bytes) -> asyncio.Future[None]:
        if self._commit is None:
            self._commit = GroupCommit()
        arrival = Arrival(channel.workspace_id, channel.id, channel.network, "webhook", body, clock.now())
        return self._commit.submit(arrival, STORE_SECONDS)

    def at_once(self, path: str, head: Head, body: bytes) -> asyncio.Future[None] | None:
        """A whole POST, without a request of the application: the future of its COMMIT, answered as `ANSWER` says. None
        where more than that is to be done or to be said: whatever it is, the usual way meets it again."""
        known = self.hooks.remembered(path.removeprefix(PREFIX))
        if known is None or known.channel is None or len(body) > MOST_BYTES:
            return None
        try:
            request = WebhookRequest(method="POST", headers=_readable(head), query={}, body=body)
            if isinstance(_connector(known.channel.network).verify(known.channel, request), Accepted):
                return self._submit(known.channel, body)
        except Exception:  # noqa: BLE001 - the usual way says of any failure what it was
            return None
        return None

    async def _tell(self) -> None:
        """Write down what was refused, soon: a flood of forgeries is one statement."""
        await asyncio.sleep(FLUSH_SECONDS)
        try:
            await asyncio.to_thread(_flush, self.pulse)
        except (psycopg.Error, DatabaseError) as error:
            log.warning("refused deliveries could not be counted: %s", type(error).__name__)

    async def stop(self) -> None:
        """Commit what waits; called when the server stops."""
        if self._commit is not None:
            await self._commit.stop()


def _connector(network: str) -> Connector:
    """A network whose folder was taken away is asked to keep what it has: it may come back with the next start."""
    try:
        return registry.get(network)
    except registry.UnknownNetwork as error:
        raise Answer(503, b"try again later") from error


def _flush(pulse: Pulse) -> None:
    try:
        pulse.flush()
    finally:
        connection.close()  # this thread is anybody's


async def read(scope: Scope, receive: Receive) -> WebhookRequest:
    """The whole request within the limits. Raises `Answer` 413, 415, 408 or 400."""
    headers = _readable(scope["headers"])
    body = await _in_time(_body(receive))
    asked = scope["query_string"].decode("latin-1")
    query = dict(parse_qsl(asked, keep_blank_values=True)) if asked else {}
    return WebhookRequest(method=scope["method"], headers=headers, query=query, body=body)


def _readable(head: Head) -> tuple[tuple[str, str], ...]:
    headers = tuple([(k.decode("latin-1").lower(), v.decode("latin-1")) for k, v in head])
    for name, value in headers:
        if name == "content-encoding" and value.strip().lower() != "identity":
            raise Answer(415, b"packed bodies are not accepted")
        if name == "content-length" and (not value.isdigit() or int(value) > MOST_BYTES):
            raise Answer(413, b"over 4 MB")
    return headers


async def _in_time(reading: Awaitable[bytes]) -> bytes:
    """The body. Nearly always it came with its head, so the first step is the last and no timer is set for it."""
    steps = reading.__await__()
    try:
        awaited = next(steps)
    except StopIteration as read_whole:
        whole: bytes = read_whole.value
        return whole
    try:
        async with asyncio.timeout(READ_SECONDS):
            return await rest(awaited, steps)
    except TimeoutError as error:
        raise Answer(408, b"too slow") from error


async def _body(receive: Receive) -> bytes:
    parts, size, more = [], 0, True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise Answer(400, b"cut off")
        parts.append(message.get("body", b""))
        size += len(parts[-1])
        if size > MOST_BYTES:
            raise Answer(413, b"over 4 MB")
        more = message.get("more_body", False)
    return b"".join(parts)


application = Webhooks()
