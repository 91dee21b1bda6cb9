"""/live as bare ASGI: the stream of facts, and which case it follows. Mounted beside Django by the app.

The process that serves it calls `hub.stop()` when it is told to end; it may do so from a signal handler.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, ClassVar

from django.conf import settings
from django.http.request import split_domain_port, validate_host

from offhold.kernel import jsons
from offhold.kernel.errors import Forbidden, Invalid, NotFound, OffholdError, SignedOut, Unavailable
from offhold.live import origin, request, wire
from offhold.live.direct import direct_of
from offhold.live.door import Viewer, cookies_of
from offhold.live.hub import Hub
from offhold.live.reader import News
from offhold.live.request import Scope, Wanted
from offhold.live.stream import Message, Send, Stream

Receive = Callable[[], Awaitable[Message]]

# A browser that was away longer fetches the snapshot again: that is less to send, and to read.
MOST_FACTS = 5_000
MOST_BYTES = 4 * 1024 * 1024
LONGEST_BODY = 4096

STREAM_HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store, no-transform"),
    (b"x-accel-buffering", b"no"),
    (b"x-content-type-options", b"nosniff"),
]


class MethodNotAllowed(OffholdError):
    """This address is not used in this way."""

    status: ClassVar[int] = 405
    code = "method_not_allowed"


class TooMany(OffholdError):
    """Too many windows of the desk are open under this sign-in; close some."""

    status: ClassVar[int] = 429
    code = "too_many_streams"


class Application:
    """The ASGI application over one hub."""

    def __init__(self, hub: Hub) -> None:
        self.hub = hub

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1000})
            return
        try:
            await self._route(scope, receive, send)
        except OffholdError as error:
            await answer(send, error.status, request.refusal(error))
        except asyncio.CancelledError:
            if not self.hub.stopping:
                raise
            # cut at the end of the process: nobody is left to tell

    async def _route(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope["path"]
        of_stream = request.of_stream(path)
        if path == "/live/stream":
            check_method(scope, "GET")
            await self._stream(scope, receive, send)
        elif of_stream is not None:
            check_method(scope, "POST")
            stream_id, asked = of_stream
            answers = self._follow if asked == "follow" else self._does
            await answers(stream_id, scope, receive, send)
        else:
            raise NotFound

    async def _stream(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = request.headers_of(scope)
        check_read(headers)
        wanted = request.wanted(scope["query_string"], headers.get("last-event-id"))
        viewer = await self._admitted(headers)
        last = await self.hub.asking(self.hub.source.last, viewer.workspace_id)
        if self.hub.full_for(viewer.sign_in):
            raise TooMany
        self._check_running()
        stream = Stream(send, viewer, wanted.case_id, direct=direct_of(scope))
        try:
            await self._open(stream, wanted, last, send)
            await gone(receive)
        finally:
            self.hub.leave(stream)

    async def _open(self, stream: Stream, wanted: Wanted, last: int, send: Send) -> None:
        """Say hello, send what the browser missed, and let the present follow."""
        if wanted.after is not None and wanted.after <= last:
            stream.after = wanted.after
        start = self.hub.join(stream, last)
        behind = wanted.strange or (wanted.after is not None and wanted.after > last)
        after = start if behind or wanted.after is None else wanted.after
        await send({"type": "http.response.start", "status": 200, "headers": STREAM_HEADERS})
        await send(body(wire.hello(stream.id, after)))
        if behind:
            await send(body(wire.resync("behind")))
        else:
            try:
                await self._catch_up(stream, after, start, send)
            except Unavailable:
                stream.end("failed")
        stream.release()

    async def _catch_up(self, stream: Stream, after: int, upto: int, send: Send) -> None:
        """Send the facts `after < seq <= upto`, a piece at a time, or ask for a new snapshot where that is too much."""
        size = 0
        while after < upto and stream.open:
            news = await self._past(stream.viewer, after, upto)
            size += sum(len(fact.payload) for fact in news.facts)
            if news.lost or size > MOST_BYTES:
                await send(body(wire.resync("behind")))
                return
            for frame in past_frames(news, stream, whole=news.last >= upto):
                await send(body(frame))
            after = news.last

    async def _past(self, viewer: Viewer, after: int, upto: int) -> News:
        if upto - after > MOST_FACTS:
            return News(viewer.workspace_id, after, upto, lost=True)
        return await self.hub.asking(self.hub.source.past, viewer.workspace_id, after, upto, viewer.membership_id)

    async def _follow(self, stream_id: str, scope: Scope, receive: Receive, send: Send) -> None:
        headers = request.headers_of(scope)
        check_change(headers)
        case_id = request.followed_case(await read_body(receive))
        viewer = await self._admitted(headers)
        seq = self.hub.follow(stream_id, viewer.sign_in, case_id)
        if seq is None:
            raise NotFound
        case = None if case_id is None else str(case_id)
        await answer(send, 200, jsons.encode({"case_id": case, "seq": str(seq)}))

    async def _does(self, stream_id: str, scope: Scope, receive: Receive, send: Send) -> None:
        headers = request.headers_of(scope)
        check_change(headers)
        does = request.done(await read_body(receive))
        viewer = await self._admitted(headers)
        if not self.hub.does(stream_id, viewer.sign_in, does.doing, take=does.take):
            raise NotFound
        await answer(send, 200, jsons.encode(does))

    async def _admitted(self, headers: dict[str, str]) -> Viewer:
        """Who asks. Raises `SignedOut`, or `Unavailable` while the process ends."""
        self._check_running()
        viewer = await self.hub.asking(self.hub.door.admit, cookies_of(headers.get("cookie", "")))
        if viewer is None:
            raise SignedOut
        return viewer

    def _check_running(self) -> None:
        if self.hub.stopping:
            raise Unavailable


def past_frames(news: News, stream: Stream, *, whole: bool) -> list[wire.Frame]:
    """The events of what a browser missed; with the last of them the figures as they are now."""
    counters = news.counters if whole else None
    batch = wire.Batch(news.facts, news.last, sees_private=stream.viewer.sees_private, counters=counters)
    own = news.mine.get(stream.viewer.membership_id) if whole else None
    told = wire.personal(news.facts).get(stream.viewer.membership_id)
    frames = [*([] if told is None else [told]), *batch.frames(stream.followed)]
    return frames if own is None else [*frames, wire.facts_event([wire.counted(wire.Mine(own))])]


def check_method(scope: Scope, method: str) -> None:
    """Raises `MethodNotAllowed`."""
    if scope["method"] != method:
        raise MethodNotAllowed


def check_read(headers: dict[str, str]) -> None:
    """Raises `Forbidden` when the browser says that another site's page asks."""
    if not origin.is_ours(**said_of_page(headers)):
        raise Forbidden


def check_change(headers: dict[str, str]) -> None:
    """Raises `Forbidden` unless the browser says that our own page asks, and in a form no plain form can send."""
    is_json = headers.get("content-type", "").startswith("application/json")
    if not is_json or not origin.is_surely_ours(**said_of_page(headers)):
        raise Forbidden


def said_of_page(headers: dict[str, str]) -> dict[str, Any]:
    """What the browser says of the page that asks. Raises `Forbidden` for a host that is not ours."""
    host = headers.get("host", "")
    domain, _port = split_domain_port(host)
    if not domain or not validate_host(domain, settings.ALLOWED_HOSTS):
        raise Forbidden
    return {
        "host": host,
        "origin": headers.get("origin"),
        "fetch_site": headers.get("sec-fetch-site"),
        "https": settings.SESSION_COOKIE_SECURE,
    }


async def gone(receive: Receive) -> None:
    """Until the browser is gone, or the response complete."""
    while (await receive())["type"] != "http.disconnect":
        pass


async def read_body(receive: Receive) -> bytes:
    """The whole body. Raises `Invalid` when it is longer than any that is meant."""
    parts = b""
    more = True
    while more:
        message = await receive()
        parts += message.get("body", b"")
        more = message.get("more_body", False)
        if len(parts) > LONGEST_BODY:
            raise Invalid("This is too long.")
    return parts


def body(frame: wire.Frame) -> Message:
    return {"type": "http.response.body", "body": frame.body, "more_body": True}


async def answer(send: Send, status: int, content: bytes) -> None:
    """A short JSON response."""
    headers = [
        (b"content-type", b"application/json"),
        (b"content-length", b"%d" % len(content)),
        (b"cache-control", b"no-store"),
        (b"x-content-type-options", b"nosniff"),
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": content})


hub = Hub()
application = Application(hub)
