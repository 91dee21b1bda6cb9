"""Whose path it is, and whose word about a request is believed."""

from __future__ import annotations

from typing import Any

import pytest

from offhold.app import asgi
from offhold.app.django_asgi import Message, Receive, Scope, Send


async def seen(app: Any, headers: list[tuple[bytes, bytes]], client: str = "10.0.0.9") -> Scope:
    """The scope the innermost application gets."""
    scope: Scope = {"type": "http", "headers": headers, "client": (client, 5), "scheme": "http", "path": "/"}
    await app(scope, None, None)
    return scope


FORGED = [
    (b"x-forwarded-for", b"203.0.113.9"),
    (b"x-forwarded-proto", b"https"),
    (b"forwarded", b"for=1"),
    (b"a", b"b"),
]


def kept() -> tuple[Any, list[Scope]]:
    """An application that keeps what it is given."""
    given: list[Scope] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        given.append(dict(scope))

    return app, given


async def test_without_a_proxy_nobody_is_believed() -> None:
    app, given = kept()
    await seen(asgi.behind_proxies(app, ()), FORGED)
    assert given[0]["headers"] == [(b"a", b"b")]
    assert (given[0]["client"][0], given[0]["scheme"]) == ("10.0.0.9", "http")


@pytest.mark.parametrize(
    ("client", "expected"), [("10.0.0.9", ("203.0.113.9", "https")), ("192.0.2.7", ("192.0.2.7", "http"))]
)
async def test_only_a_trusted_proxy_is_believed(client: str, expected: tuple[str, str]) -> None:
    app, given = kept()
    await seen(asgi.behind_proxies(app, ("10.0.0.0/8",)), FORGED, client)
    assert (given[0]["client"][0], given[0]["scheme"]) == expected
    assert given[0]["headers"] == [(b"a", b"b")]


async def test_what_a_client_says_before_the_proxy_is_not_believed() -> None:
    app, given = kept()
    forged = [(b"x-forwarded-for", b"127.0.0.1, 203.0.113.9")]
    await seen(asgi.behind_proxies(app, ("10.0.0.0/8",)), forged)
    assert given[0]["client"][0] == "203.0.113.9", "the last address is the one the proxy saw"


async def test_websockets_are_not_spoken() -> None:
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    await asgi.dispatch({"type": "websocket", "path": "/live/stream"}, None, send)  # type: ignore[arg-type]
    assert sent == [{"type": "websocket.close", "code": 1000}]
