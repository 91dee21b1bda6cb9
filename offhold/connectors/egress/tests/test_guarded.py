"""The whole way out, against a server that answers exactly what a test scripts: every nasty form, every way to fail."""

from __future__ import annotations

import asyncio
import datetime as dt
import gzip
import ipaddress
import logging
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from websockets.asyncio.server import ServerConnection, serve

from offhold.connectors.contract import (
    ForbiddenAddress,
    LoginExpired,
    NotSent,
    OutcomeUnknown,
    RateLimited,
    Refused,
)
from offhold.connectors.egress import GuardedEgress

Script = Callable[[bytes, asyncio.StreamWriter], Awaitable[None]]
SECRET = "hunter2"


class Site:
    """A server on loopback under the name `net.test`. Keeps the head and body of each request it was sent."""

    def __init__(self, script: Script) -> None:
        self.script = script
        self.requests: list[bytes] = []
        self.connections = 0
        self.port = 0
        self.open: dict[asyncio.Task[None], asyncio.StreamWriter] = {}

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        task = asyncio.current_task()
        assert task is not None
        self.open[task] = writer
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                length = next((int(h[15:]) for h in head.lower().split(b"\r\n") if h.startswith(b"content-length:")), 0)
                request = head + await reader.readexactly(length)
                self.requests.append(request)
                await self.script(request, writer)
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()


async def to_loopback(host: str, port: int) -> list[str]:
    return ["127.0.0.1"]


@asynccontextmanager
async def site(script: Script, tls: ssl.SSLContext | None = None) -> AsyncIterator[Site]:
    made = Site(script)
    server = await asyncio.start_server(made.serve, "127.0.0.1", 0, ssl=tls)
    made.port = server.sockets[0].getsockname()[1]
    try:
        yield made
    finally:
        server.close()
        for writer in made.open.values():
            writer.transport.abort()
        await asyncio.gather(*made.open)


@asynccontextmanager
async def door(*ports: int, host: str = "net.test", tls: ssl.SSLContext | None = None) -> AsyncIterator[GuardedEgress]:
    egress = GuardedEgress([f"{host}:{port}" for port in ports], resolve=to_loopback, tls=tls)
    try:
        yield egress
    finally:
        await egress.aclose()


def answer(body: bytes = b"ok", head: bytes = b"200 OK", **headers: str) -> Script:
    async def script(_: bytes, writer: asyncio.StreamWriter) -> None:
        lines = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in headers.items()).encode()
        writer.write(b"HTTP/1.1 " + head + b"\r\n" + lines + b"content-length: %d\r\n\r\n" % len(body) + body)

    return script


def raw(content: bytes, *, end: str = "close") -> Script:
    """Answers these bytes and then closes, resets or keeps silent."""

    async def script(_: bytes, writer: asyncio.StreamWriter) -> None:
        writer.write(content)
        await writer.drain()
        if end == "close":
            writer.close()
        elif end == "reset":
            writer.transport.abort()

    return script


# --- what goes through ---------------------------------------------------------------------------------------


async def test_a_request_arrives_as_it_was_meant() -> None:
    async with site(answer(b'{"a":1}', X_Thing="a")) as net, door(net.port) as egress:
        got = await egress.request(
            "POST", f"http://net.test:{net.port}/x?a=1", headers={"X-Key": "k"}, content=b"body", params={"b": "2 3"}
        )
    assert (got.status, got.body, got.headers["x-thing"]) == (200, b'{"a":1}', "a")
    head, _, body = net.requests[0].partition(b"\r\n\r\n")
    lines = head.split(b"\r\n")
    assert lines[0] in {b"POST /x?a=1&b=2+3 HTTP/1.1", b"POST /x?a=1&b=2%203 HTTP/1.1"}
    assert b"host: net.test:%d" % net.port in [line.lower() for line in lines]
    assert b"x-key: k" in lines
    assert body == b"body"


async def test_an_error_status_is_an_answer() -> None:
    async with site(answer(b"no", b"503 Busy")) as net, door(net.port) as egress:
        assert (await egress.request("POST", f"http://net.test:{net.port}/")).status == 503


async def test_connections_are_kept_and_cookies_are_not() -> None:
    async with site(answer(Set_Cookie="a=b")) as net, door(net.port) as egress:
        for _ in range(3):
            await egress.request("GET", f"http://net.test:{net.port}/")
    assert net.connections == 1
    assert not any(b"cookie" in request.lower() for request in net.requests)


async def test_the_environment_is_not_asked_for_a_proxy(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    netrc = tmp_path / "netrc"
    netrc.write_text(f"machine net.test login u password {SECRET}\n")
    monkeypatch.setenv("NETRC", str(netrc))
    async with site(answer()) as net, door(net.port) as egress:
        assert (await egress.request("GET", f"http://net.test:{net.port}/")).status == 200
    assert b"authorization" not in net.requests[0].lower()


async def test_a_gzip_answer_is_read() -> None:
    packed = gzip.compress(b"hello")
    async with site(answer(packed, Content_Encoding="gzip")) as net, door(net.port) as egress:
        assert (await egress.request("GET", f"http://net.test:{net.port}/", max_bytes=1000)).body == b"hello"


def test_one_instance_serves_one_loop_after_another() -> None:
    egress: GuardedEgress | None = None

    async def once() -> int:
        nonlocal egress
        async with site(answer()) as net:
            egress = egress or GuardedEgress(["net.test:80"], resolve=to_loopback)
            egress._allowed = egress._dialer._allowed = frozenset({("net.test", net.port)})
            status = (await egress.request("GET", f"http://net.test:{net.port}/")).status
            await egress.aclose()
            return status

    assert [asyncio.run(once()) for _ in range(2)] == [200, 200]


# --- where it never goes -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/", "http://127.1/", "http://0x7f000001/", "http://2130706433/", "http://017700000001/",
        "http://127。0。0。1/", "http://①②⑦.0.0.1/", "http://[::1]/", "http://[::ffff:127.0.0.1]/",
        "http://[::ffff:7f00:1]/", "http://[64:ff9b::7f00:1]/", "http://[2002:7f00:1::]/", "http://[::]/",
        "http://0.0.0.0/", "http://0/", "http://169.254.169.254/latest/meta-data/", "http://localhost/",
        "http://localhost./", "http://LOCALHOST/", "http://127.0.0.1:80#@x", "http://a@b", "http://a@127.0.0.1/",
        "gopher://127.0.0.1:80/", "file:///etc/passwd", "http://", "http://127.0.0.1:0/", "http://255.255.255.255/",
    ],
)  # fmt: skip
async def test_every_spelling_of_here_is_refused(url: str) -> None:
    egress = GuardedEgress()  # the machine's own resolver: these need no network
    with pytest.raises(ForbiddenAddress):
        await egress.request("GET", url)
    with pytest.raises(ForbiddenAddress):
        await anext(aiter(egress.stream(url)))
    with pytest.raises(ForbiddenAddress):
        await anext(aiter(egress.websocket(url.replace("http", "ws", 1))))


@pytest.mark.parametrize("addresses", [["93.184.215.14", "10.0.0.1"], ["::1", "93.184.215.14"], ["fe80::1%eth0"]])
async def test_one_bad_address_among_several_refuses_the_name(addresses: list[str]) -> None:
    async def resolve(host: str, port: int) -> list[str]:
        return addresses

    with pytest.raises(ForbiddenAddress):
        await GuardedEgress(resolve=resolve).request("GET", "http://rebind.test/")


async def test_a_name_is_asked_once_and_the_checked_address_is_dialled() -> None:
    """Rebinding: the second answer would be another place; nobody asks a second time."""
    answers = [["127.0.0.1"], ["169.254.169.254"], ["169.254.169.254"]]

    async def resolve(host: str, port: int) -> list[str]:
        return answers.pop(0)

    async def closing(_: bytes, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 0\r\n\r\n")
        writer.close()

    async with site(closing) as net:
        egress = GuardedEgress([f"net.test:{net.port}"], resolve=resolve)
        assert (await egress.request("GET", f"http://net.test:{net.port}/")).status == 200
        assert len(answers) == 2
        with pytest.raises(ForbiddenAddress):  # a new connection is checked anew, and link-local is never opened
            await egress.request("GET", f"http://net.test:{net.port}/")
        assert len(net.requests) == 1


async def test_an_allowed_place_is_that_name_on_that_port_only() -> None:
    async with site(answer()) as net, door(net.port) as egress:
        for url in (f"http://other.test:{net.port}/", f"http://127.0.0.1:{net.port}/", "http://net.test/"):
            with pytest.raises(ForbiddenAddress):
                await egress.request("GET", url)
    assert net.requests == []


@pytest.mark.parametrize("header", ["a\r\nHost: evil", "a\nb", "a\0b"])
async def test_a_header_cannot_smuggle(header: str) -> None:
    async with site(answer()) as net, door(net.port) as egress:
        with pytest.raises(NotSent):
            await egress.request("GET", f"http://net.test:{net.port}/", headers={"x": header})
        assert net.requests == []


# --- redirects -----------------------------------------------------------------------------------------------


async def test_a_redirect_is_not_followed_unless_asked() -> None:
    async with site(answer(b"", b"302 Found", Location="/next")) as net, door(net.port) as egress:
        got = await egress.request("GET", f"http://net.test:{net.port}/")
        posted = await egress.request("POST", f"http://net.test:{net.port}/", redirects=3)
    assert (got.status, got.headers["location"], posted.status) == (302, "/next", 302)
    assert len(net.requests) == 2


@pytest.mark.parametrize(
    "location",
    ["http://169.254.169.254/", "//127.0.0.1/", "http://[::ffff:127.0.0.1]/", "gopher://net.test/", "file:///etc/passwd",
     "http://a@net.test/", "http://net.test:22/", "http://\\127.0.0.1/"],
)  # fmt: skip
async def test_each_hop_is_checked(location: str) -> None:
    async with site(answer(b"", b"302 Found", Location=location)) as net, door(net.port) as egress:
        with pytest.raises(ForbiddenAddress):
            await egress.request("GET", f"http://net.test:{net.port}/", redirects=3)
        assert len(net.requests) == 1


async def test_three_redirects_and_no_more() -> None:
    async with site(answer(b"", b"307 Again", Location="/again")) as net, door(net.port) as egress:
        with pytest.raises(OutcomeUnknown, match="more than 3"):
            await egress.request("GET", f"http://net.test:{net.port}/", redirects=99)
        assert len(net.requests) == 4


async def test_another_origin_gets_no_credentials() -> None:
    async with site(answer()) as far, site(answer()) as near, door(near.port, far.port) as egress:
        near.script = answer(b"", b"302 Found", Location=f"http://net.test:{far.port}/x")
        secrets = {"Authorization": SECRET, "X-Api-Key": SECRET, "Accept": "text/html"}
        got = await egress.request("GET", f"http://net.test:{near.port}/", headers=secrets, redirects=1)
    assert got.url == f"http://net.test:{far.port}/x"
    assert near.requests[0].count(SECRET.encode()) == 2
    assert SECRET.encode() not in far.requests[0]
    assert b"text/html" in far.requests[0]


# --- not sent, or perhaps sent -------------------------------------------------------------------------------


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


# --- TLS -----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """A server's context with a certificate for `net.test` (and for no address), and a client's that trusts it."""
    folder = tmp_path_factory.mktemp("tls")
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "net.test")])
    now = dt.datetime.now(dt.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("net.test")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = folder / "net.pem"
    pem.write_bytes(
        certificate.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(pem)
    return server, ssl.create_default_context(cafile=str(pem))


async def test_tls_checks_the_name_and_not_the_address(authority: tuple[ssl.SSLContext, ssl.SSLContext]) -> None:
    server, client = authority
    async with site(answer(), tls=server) as net:
        async with door(net.port, tls=client) as egress:
            assert (await egress.request("GET", f"https://net.test:{net.port}/")).status == 200
        async with door(net.port, host="other.test", tls=client) as egress:
            with pytest.raises(NotSent):
                await egress.request("POST", f"https://other.test:{net.port}/", content=b"x")
        async with door(net.port) as egress:  # the public authorities do not know this one
            with pytest.raises(NotSent):
                await egress.request("POST", f"https://net.test:{net.port}/", content=b"x")
            with pytest.raises(NotSent):
                await anext(aiter(egress.websocket(f"wss://net.test:{net.port}/")))
    assert len(net.requests) == 1


async def test_a_redirect_never_leaves_tls(authority: tuple[ssl.SSLContext, ssl.SSLContext]) -> None:
    server, client = authority
    onward = answer(b"", b"301 Moved", Location="http://net.test/")
    async with site(onward, tls=server) as net, door(net.port, tls=client) as egress:
        with pytest.raises(ForbiddenAddress, match="https to http"):
            await egress.request("GET", f"https://net.test:{net.port}/", redirects=1)


# --- streams -------------------------------------------------------------------------------------------------


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
