"""The one ASGI application: hooks and the live stream bare, files bare, everything else Django.

Webhooks and streams are counted in thousands a second and thousands at once; Django's request costs more than the rest
of their work, so they never enter it.
"""

from __future__ import annotations

import asyncio
import os

from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from offhold.app import config
from offhold.app.django_asgi import App, Bounded, Receive, Scope, Send

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "offhold.app.settings")
django = Bounded()  # before the imports below: it loads the models they use

from offhold.app.files import assets, docs  # noqa: E402
from offhold.intake.webhooks import Head  # noqa: E402
from offhold.intake.webhooks import application as hooks  # noqa: E402
from offhold.live.asgi import application as live  # noqa: E402

# How a proxy speaks of the request before it; names are lower-case in ASGI.
FORWARDED = (b"x-forwarded-", b"forwarded")
# None is the beginning of another.
BARE: tuple[tuple[str, App], ...] = (
    ("/hooks/", hooks),
    ("/live/", live),
    ("/assets/", assets),
    ("/api/docs/", docs),
)


async def dispatch(scope: Scope, receive: Receive, send: Send) -> None:
    """Send a request to whom its path belongs. WebSockets are not spoken."""
    if scope["type"] == "lifespan":
        return await lifespan(receive, send)
    if scope["type"] == "websocket":
        return await send({"type": "websocket.close", "code": 1000})
    path = scope["path"]
    for prefix, app in BARE:
        if path.startswith(prefix):
            return await app(scope, receive, send)
    return await django(scope, receive, send)


async def lifespan(receive: Receive, send: Send) -> None:
    """Nothing to do at start; at the end the streams have already been told (`app.web`), and what waits is stored."""
    while True:
        message = await receive()
        if message["type"] == "lifespan.shutdown":
            await hooks.stop()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return


def not_forwarded(head: Head) -> Head:
    """What is left for those who do not believe proxies."""
    return [pair for pair in head if not pair[0].startswith(FORWARDED)]


def take(path: str, head: Head, body: bytes) -> asyncio.Future[None] | None:
    """A delivery of a network on the shortest way; None: `application` must be asked."""
    return hooks.at_once(path, not_forwarded(head), body)


def behind_proxies(app: App, trusted: tuple[str, ...]) -> App:
    """Believe X-Forwarded-For and -Proto from these addresses only; from anybody else nothing of them is seen."""

    async def without_forwarded(scope: Scope, receive: Receive, send: Send) -> None:
        if "headers" in scope:
            scope["headers"] = not_forwarded(scope["headers"])
        await app(scope, receive, send)

    if not trusted:
        return without_forwarded
    return ProxyHeadersMiddleware(without_forwarded, trusted_hosts=list(trusted))  # type: ignore[arg-type, return-value]


application = behind_proxies(dispatch, config.current().trusted_proxies)
