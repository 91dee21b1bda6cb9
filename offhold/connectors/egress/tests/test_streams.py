"""Streams and WebSockets over the way out."""

from __future__ import annotations

import asyncio
import ipaddress

import pytest
from websockets.asyncio.server import ServerConnection, serve

from offhold.connectors.contract import (
    LoginExpired,
    OutcomeUnknown,
    RateLimited,
    Refused,
)
from offhold.connectors.egress import GuardedEgress
from offhold.connectors.egress.tests.scripted import SECRET, answer, door, raw, site


async def test_a_stream_yields_frames_and_ends() -> None:
    body = b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\r\n: hi\n\ndata: 1\n\ndata: 2\n\n"
    async with site(raw(body)) as net, door(net.port) as egress:
        assert [frame async for frame in egress.stream(f"http://net.test:{net.port}/")] == [b"1", b"2"]
    lines = b'HTTP/1.1 200 OK\r\ncontent-type: application/x-ndjson\r\n\r\n{"a":1}\n\n{"b":2}\n'
    async with site(raw(lines)) as net, door(net.port) as egress:
        assert [frame async for frame in egress.stream(f"http://net.test:{net.port}/")] == [b'{"a":1}', b'{"b":2}']


async def test_a_silent_stream_is_given_up() -> None:
    head = b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\r\ndata: 1\n\n"
    async with site(raw(head, end="silence")) as net, door(net.port) as egress:
        frames = aiter(egress.stream(f"http://net.test:{net.port}/", idle_timeout=0.1))
        assert await anext(frames) == b"1"
        with pytest.raises(OutcomeUnknown):
            await anext(frames)


@pytest.mark.parametrize(
    ("status", "expected"),
    [(b"401 No", LoginExpired), (b"403 No", LoginExpired), (b"429 Slow", RateLimited), (b"404 No", Refused),
     (b"302 There", Refused), (b"500 Oh", OutcomeUnknown)],
)  # fmt: skip
async def test_a_stream_that_is_not_opened_says_why(status: bytes, expected: type[Exception]) -> None:
    async with site(answer(b"", status, Retry_After="7")) as net, door(net.port) as egress:
        for frames in (
            egress.stream(f"http://net.test:{net.port}/"),
            egress.websocket(f"ws://net.test:{net.port}/"),
        ):
            with pytest.raises(expected) as failed:
                await anext(aiter(frames))
            if isinstance(failed.value, RateLimited):
                assert failed.value.retry_after == 7.0


async def test_a_websocket_yields_messages_and_ends() -> None:
    asked: list[str] = []

    async def talk(connection: ServerConnection) -> None:
        assert connection.request is not None
        asked.append(connection.request.headers["x-key"])
        await connection.send("eins")
        await connection.send(b"zwei")

    async with serve(talk, "127.0.0.1", 0) as server:
        port = next(iter(server.sockets)).getsockname()[1]
        async with door(port) as egress:
            url = f"ws://net.test:{port}/stream"
            assert [frame async for frame in egress.websocket(url, headers={"x-key": "k"})] == [b"eins", b"zwei"]
    assert asked == ["k"]


async def test_a_dead_websocket_is_given_up() -> None:
    """A peer that shook hands and then neither speaks nor answers pings."""
    import base64
    import hashlib

    async def shake(request: bytes, writer: asyncio.StreamWriter) -> None:
        key = next(h[19:] for h in request.split(b"\r\n") if h.lower().startswith(b"sec-websocket-key: "))
        accept = base64.b64encode(hashlib.sha1(key + b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11").digest())
        writer.write(b"HTTP/1.1 101 Go\r\nupgrade: websocket\r\nconnection: upgrade\r\nsec-websocket-accept: ")
        writer.write(accept + b"\r\n\r\n")
        await asyncio.sleep(0)

    async with site(shake) as net, door(net.port) as egress:
        with pytest.raises(OutcomeUnknown):
            await asyncio.wait_for(anext(aiter(egress.websocket(f"ws://net.test:{net.port}/", idle_timeout=0.1))), 15)


async def test_a_websocket_follows_no_redirect() -> None:
    async with site(answer(b"", b"302 Found", Location="ws://127.0.0.1:9/" + SECRET)) as net, door(net.port) as egress:
        with pytest.raises((Refused, OutcomeUnknown)) as failed:
            await anext(aiter(egress.websocket(f"ws://net.test:{net.port}/")))
        assert SECRET not in str(failed.value)


def test_the_allow_list_knows_ipv6() -> None:
    assert GuardedEgress(["[::1]:8080"])._allowed == {("::1", 8080)}
    assert ipaddress.ip_address("::1").is_loopback
