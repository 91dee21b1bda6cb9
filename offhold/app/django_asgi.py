"""Django under ASGI as we use it: wholly synchronous, one hop into a lasting thread for a request, bounded bodies.

Django's own handler starts a thread for each request, hops into it for every middleware, signal and close, and spools a
body of any length to disk before anybody is asked who sent it. Together that cost three times what a view of ours does.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from typing import IO, Any, NamedTuple

import django
from django.core import signals
from django.core.exceptions import RequestAborted
from django.core.handlers.asgi import ASGIHandler, get_script_prefix
from django.http import HttpResponse
from django.urls import set_script_prefix

from offhold.kernel import jsons

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

# Requests worked on at once; most of their time they wait for the database, whose pool is about as large.
THREADS = 16
LARGEST_BODY = 1_000_000
# A picture and the form around it.
LARGEST_UPLOAD = 11_000_000
UPLOADS = "/api/media"
_TOO_BIG = jsons.encode({"code": "too_big", "params": {}, "message": "That is too large."})


class Answered(NamedTuple):
    """A whole response, ready to be sent."""

    status: int
    headers: list[tuple[bytes, bytes]]
    content: bytes


class Handler(ASGIHandler):
    """Middleware, view and the signals around them, in one thread. Responses are whole, never streams."""

    def load_middleware(self, is_async: bool = False) -> None:  # noqa: ARG002 - Django's signature
        super().load_middleware(is_async=False)

    def answer(self, scope: Scope, body: IO[bytes]) -> Answered:
        """Answer a request whose body was read, and close that."""
        set_script_prefix(get_script_prefix(scope))
        signals.request_started.send(sender=type(self), scope=scope)
        request, refusal = self.create_request(dict(scope), body)
        response = refusal if request is None else self.get_response(request)
        assert isinstance(response, HttpResponse), type(response)
        try:
            return Answered(response.status_code, encoded_headers(response), response.content)
        finally:
            response.close()  # sends request_finished, which gives the connection back
            body.close()


def encoded_headers(response: HttpResponse) -> list[tuple[bytes, bytes]]:
    """Headers and cookies as ASGI wants them."""
    plain = [(name.encode("ascii"), value.encode("latin1")) for name, value in response.items()]
    cookies = [
        (b"Set-Cookie", cookie.output(header="").strip().encode("ascii")) for cookie in response.cookies.values()
    ]
    return plain + cookies


class Bounded:
    """The Django application, refusing bodies that are longer than any screen sends (413), told or not."""

    def __init__(self) -> None:
        django.setup(set_prefix=False)
        self._handler = Handler()
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="django")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        limit = LARGEST_UPLOAD if scope["path"] == UPLOADS else LARGEST_BODY
        if _announced(scope) > limit:
            return await _refuse(send)
        try:
            body = await self._handler.read_body(_counting(receive, send, limit))
        except RequestAborted:
            return None
        loop = asyncio.get_running_loop()
        answered = await loop.run_in_executor(self._threads, self._handler.answer, scope, body)
        await send({"type": "http.response.start", "status": answered.status, "headers": answered.headers})
        await send({"type": "http.response.body", "body": answered.content})
        return None


def _announced(scope: Scope) -> int:
    for name, value in scope["headers"]:
        if name == b"content-length" and value.isdigit():
            return int(value[:18])
    return 0


def _counting(receive: Receive, send: Send, limit: int) -> Receive:
    size = 0

    async def counted() -> Message:
        nonlocal size
        message = await receive()
        before, size = size, size + len(message.get("body", b""))
        if before <= limit < size:
            await _refuse(send)
        return message if size <= limit else {"type": "http.disconnect"}

    return counted


async def _refuse(send: Send) -> None:
    headers = [(b"content-type", b"application/json"), (b"connection", b"close"), (b"cache-control", b"no-store")]
    await send({"type": "http.response.start", "status": 413, "headers": headers})
    await send({"type": "http.response.body", "body": _TOO_BIG})
