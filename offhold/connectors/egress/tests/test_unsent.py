"""Not sent, or perhaps sent: every nasty form of an answer, and every way to fail."""

from __future__ import annotations

import asyncio
import gzip
import logging

import pytest

from offhold.connectors.contract import (
    NotSent,
    OutcomeUnknown,
)
from offhold.connectors.egress import GuardedEgress
from offhold.connectors.egress.tests.scripted import SECRET, Script, answer, door, raw, site


async def test_nobody_listens_is_not_sent() -> None:
    async with site(answer()) as net:
        pass
    async with door(net.port) as egress:
        with pytest.raises(NotSent):
            await egress.request("POST", f"http://net.test:{net.port}/", content=b"x")


@pytest.mark.parametrize("failure", [OSError("no such name"), UnicodeError("label too long"), None])
async def test_a_name_without_address_is_not_sent(failure: Exception | None) -> None:
    async def resolve(host: str, port: int) -> list[str]:
        if failure:
            raise failure
        return []

    with pytest.raises(NotSent):
        await GuardedEgress(resolve=resolve).request("POST", "http://nowhere.test/")


async def test_a_resolver_that_never_answers_is_not_sent() -> None:
    async def resolve(host: str, port: int) -> list[str]:
        await asyncio.Event().wait()
        return []

    with pytest.raises(NotSent):
        await GuardedEgress(resolve=resolve).request("POST", "http://slow.test/", timeout=0.05)


@pytest.mark.parametrize(
    "script",
    [
        raw(b""),
        raw(b"", end="reset"),
        raw(b"", end="silence"),
        raw(b"HTTP/1.1 200 OK\r\ncontent-le", end="close"),
        raw(b"HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhalf", end="close"),
        raw(b"HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhalf", end="reset"),
        raw(b"HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhalf", end="silence"),
        raw(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nZZ\r\n"),
        raw(b"SSH-2.0-OpenSSH_9.2\r\n"),
        raw(b"HTTP/1.1 200 OK\r\nbad header line\r\n\r\n"),
        raw(b"HTTP/1.1 200 OK\r\nx: " + b"a" * 200_000),
        answer(b"x" * 2000),
        raw(b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 2000),
        answer(gzip.compress(b"\0" * 20_000_000), Content_Encoding="gzip"),
        answer(gzip.compress(b"x")[:-4], Content_Encoding="gzip"),
        answer(b"x", Content_Encoding="br"),
    ],
    ids=["closed", "reset", "silent", "half a head", "half a body", "reset in the body", "slow body", "bad chunk",
         "not HTTP", "bad header", "endless head", "too large", "too large, unannounced", "bomb", "torn", "encoded"],
)  # fmt: skip
async def test_once_a_byte_may_have_left_the_outcome_is_unknown(script: Script) -> None:
    async with site(script) as net, door(net.port) as egress:
        with pytest.raises(OutcomeUnknown) as failed:
            await egress.request(
                "POST",
                f"http://net.test:{net.port}/{SECRET}?{SECRET}",
                headers={"authorization": SECRET},
                content=SECRET.encode(),
                timeout=0.2,
                max_bytes=1000,
            )
        assert len(net.requests) == 1  # never a second try
        assert SECRET not in str(failed.value)
        assert failed.value.__cause__ is None
        assert failed.value.__suppress_context__ or failed.value.__context__ is None


async def test_a_body_that_trickles_meets_the_deadline() -> None:
    async def trickle(_: bytes, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n")
        while not writer.is_closing():
            writer.write(b"x")
            await writer.drain()
            await asyncio.sleep(0.01)

    async with site(trickle) as net, door(net.port) as egress:
        with pytest.raises(OutcomeUnknown, match="in time"):
            await egress.request("GET", f"http://net.test:{net.port}/", timeout=0.15)


async def test_a_pooled_connection_that_dies_under_a_post_is_not_called_unsent() -> None:
    """The server took the second request and closed without a word: it may well have acted on it."""
    seen = 0

    async def once_then_drop(request: bytes, writer: asyncio.StreamWriter) -> None:
        nonlocal seen
        seen += 1
        if seen == 1:
            await answer()(request, writer)
        else:
            writer.transport.abort()

    async with site(once_then_drop) as net, door(net.port) as egress:
        await egress.request("POST", f"http://net.test:{net.port}/", content=b"1")
        with pytest.raises(OutcomeUnknown):
            await egress.request("POST", f"http://net.test:{net.port}/", content=b"2")
    assert net.connections == 1
    assert len(net.requests) == 2


async def test_a_pooled_connection_found_closed_is_replaced_before_anything_is_written() -> None:
    closed = asyncio.Event()

    async def answer_and_close(request: bytes, writer: asyncio.StreamWriter) -> None:
        await answer()(request, writer)
        await writer.drain()
        writer.close()
        await writer.wait_closed()
        closed.set()

    async with site(answer_and_close) as net, door(net.port) as egress:
        for content in (b"1", b"2"):
            closed.clear()
            assert (await egress.request("POST", f"http://net.test:{net.port}/", content=content)).status == 200
            await closed.wait()
            await asyncio.sleep(0)  # let our side see the end
    assert [r[-1:] for r in net.requests] == [b"1", b"2"]


async def test_nothing_of_a_request_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    logging.getLogger("httpcore.http11").setLevel(logging.NOTSET)
    with caplog.at_level(logging.DEBUG):
        async with site(answer(SECRET.encode(), X_Secret=SECRET)) as net, door(net.port) as egress:
            url = f"http://net.test:{net.port}/?{SECRET}"
            await egress.request("POST", url, headers={"x": SECRET}, content=SECRET.encode())
            with pytest.raises(OutcomeUnknown):
                await anext(aiter(egress.websocket(url.replace("http", "ws"), headers={"x": SECRET})))
    assert SECRET not in caplog.text
