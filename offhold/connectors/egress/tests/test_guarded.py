"""The whole way out: what goes through, where it never goes, where redirects lead."""

from __future__ import annotations

import asyncio
import gzip
import subprocess
import sys
from pathlib import Path

import pytest

from offhold.connectors.contract import (
    ForbiddenAddress,
    NotSent,
    OutcomeUnknown,
)
from offhold.connectors.egress import GuardedEgress
from offhold.connectors.egress.tests.scripted import SECRET, answer, door, site, to_loopback

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


_WHAT_THE_FIRST_IMPORTS = """
import asyncio, sys
from offhold.connectors.egress.tests.scripted import answer, door, site

async def work():
    async with site(answer()) as net, door(net.port) as egress:
        before = {*sys.modules}
        await egress.request("GET", f"http://net.test:{net.port}/")
        print(sorted({*sys.modules} - before))

asyncio.run(work())
"""


def test_the_first_request_of_a_process_imports_nothing() -> None:
    """The event loop would wait for it, and every reply on its way with it."""
    told = subprocess.run([sys.executable, "-c", _WHAT_THE_FIRST_IMPORTS], capture_output=True, text=True, check=True)
    assert told.stdout == "[]\n"


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
