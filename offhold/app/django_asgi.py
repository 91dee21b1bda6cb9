"""Django under ASGI as we use it: wholly synchronous, so one hop into a thread for a request; and with bounded bodies.

Django's own handler mixes both worlds: each middleware becomes two hops of its own, which cost ten times what a view of
ours does. And it spools a body of any length to disk before anybody is asked who sent it.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

import django
from asgiref.sync import sync_to_async
from django.core.handlers.asgi import ASGIHandler
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from offhold.kernel import jsons

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

LARGEST_BODY = 1_000_000
# A picture and the form around it.
LARGEST_UPLOAD = 11_000_000
UPLOADS = "/api/media"
_TOO_BIG = jsons.encode({"code": "too_big", "params": {}, "message": "That is too large."})


class Handler(ASGIHandler):
    """Runs middleware and view together in one thread, which is the request's own until it ends."""

    def load_middleware(self, is_async: bool = False) -> None:  # noqa: ARG002 - Django's signature
        super().load_middleware(is_async=False)

    async def get_response_async(self, request: HttpRequest) -> HttpResponseBase:
        response: HttpResponseBase = await sync_to_async(self.get_response, thread_sensitive=True)(request)
        return response


class Bounded:
    """The Django application, refusing bodies that are longer than any screen sends (413), told or not."""

    def __init__(self) -> None:
        django.setup(set_prefix=False)
        self._handler = Handler()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        limit = LARGEST_UPLOAD if scope["path"] == UPLOADS else LARGEST_BODY
        if _announced(scope) > limit:
            return await _refuse(send)
        await self._handler(dict(scope), _counting(receive, send, limit), send)  # type: ignore[arg-type]
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
