"""Phones ring: against a push service of our own that opens what it is sent, as a browser would, and one that fails."""

from __future__ import annotations

import asyncio
import base64
import os
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

import http_ece
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from django.db import connection
from py_vapid import Vapid02

from offhold.app import pushing
from offhold.connectors.egress.tests.scripted import Site, answer, door, site
from offhold.connectors.egress.tests.test_tls import authority  # noqa: F401 - a fixture
from offhold.kernel import jsons
from offhold.kernel.db.tx import Tx, transaction
from offhold.kernel.errors import Invalid
from offhold.people import notices, preferences, push
from offhold.people.actors import Actor
from offhold.people.preferences import Preferences
from offhold.people.quiet import NoticeSettings, Quiet, Ring
from tests.support.builders import Workspace
from tests.support.database import acting
from tests.support.site import Member

Tls = tuple[ssl.SSLContext, ssl.SSLContext]
Move = Callable[[float], None]


class Phone(NamedTuple):
    """A browser's half of a subscription."""

    key: ec.EllipticCurvePrivateKey
    auth: bytes

    def asks(self, endpoint: str) -> push.Asked:
        point = self.key.public_key().public_bytes(
            serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
        )
        return push.Asked(endpoint, text(point), text(self.auth), "Firefox, Android")

    def opens(self, request: bytes) -> Any:
        """What a browser reads in what the push service got."""
        body = request.partition(b"\r\n\r\n")[2]
        plain = http_ece.decrypt(body, private_key=self.key, auth_secret=self.auth, version="aes128gcm")
        return jsons.decode(plain)


def text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def phone() -> Phone:
    return Phone(ec.generate_private_key(ec.SECP256R1()), os.urandom(16))


@pytest.fixture(autouse=True)
def _threads_are_the_workers(monkeypatch: pytest.MonkeyPatch) -> None:
    """What runs in a thread acts as the worker does."""
    plain = asyncio.to_thread

    async def acting_there(job: Callable[..., Any], *args: Any) -> Any:
        def run() -> Any:
            try:
                with acting("pipeline"):
                    return job(*args)
            finally:
                connection.close()  # the thread ends with this test's loop, and would keep it

        return await plain(run)

    monkeypatch.setattr(asyncio, "to_thread", acting_there)
    # the test itself speaks to the database between its awaits, and nothing else runs meanwhile
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")


@pytest.fixture
def mia(workspace: Workspace, clock_offset: Move) -> Actor:
    member = Member(workspace, "lead")
    clock_offset(0)
    return Actor(1, member.id, workspace.id, "lead", "Mia", "M", member.email)


@contextmanager
def at_once(workspace_id: int) -> Iterator[Tx]:
    """A transaction in between: what a test's task opens, nobody else could give back."""
    try:
        with transaction(workspace_id) as tx:
            yield tx
    finally:
        connection.close()


def subscribed(mia: Actor, port: int, one: Phone | None = None) -> Phone:
    made = one or phone()
    with at_once(mia.workspace_id) as tx:
        push.public_key(tx, mia.workspace_id)
        push.do_subscribe(tx, mia, made.asks(f"https://net.test:{port}/push/secret-path"))
    return made


def told(mia: Actor, kind: Any = "mention") -> None:
    with at_once(mia.workspace_id) as tx:
        notices.do_notice(tx, mia.workspace_id, mia.membership_id, kind, None, by="Bob")


def devices(mia: Actor) -> int:
    with at_once(mia.workspace_id) as tx:
        return len(push.devices(tx, mia))


async def rung(net: Site, tls: Tls, times: int = 1) -> list[bytes]:
    async with door(net.port, tls=tls[1]) as egress:
        for _ in range(times):
            await pushing.ring(egress)
    return net.requests


async def test_a_phone_rings_sealed_and_signed(mia: Actor, clock_offset: Move, authority: Tls) -> None:  # noqa: F811
    async with site(answer(head=b"201 Created"), tls=authority[0]) as net:
        mine = subscribed(mia, net.port)
        told(mia)
        assert await rung(net, authority) == [], "a screen has a moment to be quicker"
        clock_offset(16)
        (request,) = await rung(net, authority, times=2)
        said = mine.opens(request)
        assert {name: said[name] for name in ("kind", "case_id", "reference", "language")} == {
            "kind": "mention", "case_id": None, "reference": None, "language": "system",
        }  # fmt: skip
        head = request.partition(b"\r\n\r\n")[0].decode().lower()
        assert "bob" not in str(said)
        assert "content-encoding: aes128gcm" in head
        assert "ttl: 14400" in head
        signed = next(
            line for line in request.partition(b"\r\n\r\n")[0].decode().split("\r\n") if line.lower().startswith("auth")
        )
        assert Vapid02.verify(signed.split(": ", 1)[1])
        with at_once(mia.workspace_id) as tx:
            assert f"k={push.public_key(tx, mia.workspace_id)}" in signed


async def test_what_was_seen_on_a_screen_rings_no_phone(mia: Actor, clock_offset: Move, authority: Tls) -> None:  # noqa: F811
    async with site(answer(), tls=authority[0]) as net:
        subscribed(mia, net.port)
        told(mia)
        with at_once(mia.workspace_id) as tx:
            notices.do_read_upto(tx, mia, int(notices.page_of(tx, mia, None)[0].id))
        clock_offset(16)
        assert await rung(net, authority) == []


@pytest.mark.parametrize(
    ("wanted", "kind", "rings"),
    [
        (NoticeSettings(kinds={"mention": Ring(push=False)}), "mention", False),
        (NoticeSettings(kinds={"mention": Ring(push=False)}), "assigned", True),
        (NoticeSettings(quiet=Quiet(on=True, begin="00:00", end="23:59")), "mention", False),
        (NoticeSettings(quiet=Quiet(on=True, begin="00:00", end="23:59")), "page", True),
    ],
)
async def test_it_rings_as_its_person_wants(
    mia: Actor, clock_offset: Move, authority: Tls, wanted: NoticeSettings, kind: str, rings: bool  # noqa: F811
) -> None:  # fmt: skip
    async with site(answer(), tls=authority[0]) as net:
        subscribed(mia, net.port)
        with at_once(mia.workspace_id) as tx:
            preferences.do_keep(tx, mia, Preferences(notices=wanted))
        told(mia, kind)
        clock_offset(16)
        assert len(await rung(net, authority)) == rings


@pytest.mark.parametrize("status", [b"404 Not Found", b"410 Gone"])
async def test_a_browser_that_is_gone_is_forgotten(
    mia: Actor, clock_offset: Move, authority: Tls, status: bytes  # noqa: F811
) -> None:  # fmt: skip
    async with site(answer(head=status), tls=authority[0]) as net:
        subscribed(mia, net.port)
        told(mia)
        clock_offset(16)
        assert len(await rung(net, authority)) == 1
        assert devices(mia) == 0


async def test_a_busy_service_is_asked_again_a_few_times(mia: Actor, clock_offset: Move, authority: Tls) -> None:  # noqa: F811
    async with site(answer(head=b"503 Busy"), tls=authority[0]) as net:
        subscribed(mia, net.port)
        told(mia)
        for hour in range(8):
            clock_offset(16 + hour * 3600)
            await rung(net, authority)
        assert len(net.requests) == push.MOST_TRIES
        assert devices(mia) == 1


async def test_an_address_in_the_building_is_asked_nothing(mia: Actor, clock_offset: Move, authority: Tls) -> None:  # noqa: F811
    async with site(answer(), tls=authority[0]) as net:
        subscribed(mia, net.port)
        told(mia)
        clock_offset(16)
        async with door(tls=authority[1]) as egress:  # which allows no private address
            await pushing.ring(egress)
        assert net.requests == []
        assert devices(mia) == 0


@pytest.mark.parametrize(
    "address",
    [
        "http://push.example/x", "ftp://push.example/x", "https://", "https://a@push.example/x", "x",
        "https://push.example/\n", "https://push.example/ä", "https://push.example/" + "x" * 2000, "https://[::1",
    ],
)  # fmt: skip
def test_what_is_no_push_service_is_refused(mia: Actor, address: str) -> None:
    with pytest.raises(Invalid), transaction(mia.workspace_id) as tx:
        push.do_subscribe(tx, mia, phone().asks(address))


def test_keys_that_are_none_are_refused(mia: Actor) -> None:
    for asked in (
        phone().asks("https://push.example/x")._replace(p256dh="AAAA"),
        phone().asks("https://push.example/x")._replace(auth="AAAA"),
        phone().asks("https://push.example/x")._replace(auth="ä"),
    ):
        with pytest.raises(Invalid), transaction(mia.workspace_id) as tx:
            push.do_subscribe(tx, mia, asked)


async def test_a_browser_two_people_share_rings_for_the_later_one(
    mia: Actor, workspace: Workspace, clock_offset: Move, authority: Tls  # noqa: F811
) -> None:  # fmt: skip
    member = Member(workspace, "agent")
    bob = Actor(2, member.id, workspace.id, "agent", "Bob", "B", member.email)
    async with site(answer(), tls=authority[0]) as net:
        shared = subscribed(mia, net.port)
        told(mia)
        subscribed(bob, net.port, shared)
        clock_offset(16)
        assert await rung(net, authority) == [], "what was told to mia is none of bob's business"
        assert (devices(mia), devices(bob)) == (0, 1)
